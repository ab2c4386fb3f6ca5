"""Every public verb is either differentiable, in reverse and forward and as a difference says, or refuses with a sentence.

Which verbs are differentiable is found out by tracing them: a verb that learns it is tested without being listed.
"""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.architecture.test_face import verbs
from tests.hostile.calls import Call, right_calls, small_device

from subkelvin import Result

KEY = "islands.left.power"
REVERSE_ONLY = ("evolve",)
"""Steps in time are taken by a method whose derivatives run backwards; its docstring says so."""
NO_DEVICE_ASKED = ("save", "draw_circuit", "cite", "describe")
"""What answers no number."""


@pytest.fixture(scope="module")
def calls() -> dict[str, Call]:
    return right_calls(small_device())


def number(found: Any) -> jax.Array:
    """The first quantity of a result that depends on the device, summed: any number of the answer will do."""
    assert isinstance(found, Result)
    for field, told in found._quantities():
        value = getattr(found, field.name)
        if told.over != (field.name,) and field.name not in ("times", "frequency"):
            return jnp.sum(jnp.stack([jnp.sum(jnp.abs(jnp.asarray(leaf))) for leaf in jax.tree.leaves(value)]))
    raise AssertionError("no quantity")


def of_power(call: Call) -> Callable[[Any], jax.Array]:
    """That number as a function of a heater's power."""
    device = call.arguments["device"]
    others = {name: value for name, value in call.arguments.items() if name not in ("device", "state")}
    return lambda power: number(call.function(device.replace({KEY: power}), **others))


def is_traced_through(function: Callable[[Any], jax.Array]) -> bool:
    """Whether JAX can trace it; a refusal has to be a sentence."""
    try:
        jax.eval_shape(function, jnp.asarray(1e-14))
    except ValueError as refusal:
        if "being differentiated" not in str(refusal):
            raise
        return False
    return True


@pytest.mark.parametrize("name", sorted(set(verbs()) - set(NO_DEVICE_ASKED)))
def test_a_verb_is_differentiable_or_says_that_it_is_not(calls: dict[str, Call], name: str) -> None:
    if name in ("prepare", "sweep"):
        pytest.skip("gives no result")
    function = of_power(calls[name])
    if not is_traced_through(function):
        return
    power = float(small_device().values[KEY])
    step = 1e-3 * power
    value, reverse = jax.value_and_grad(function)(power)
    ends = [float(function(power + k * step)) for k in (-2, -1, 1, 2)]
    difference = (ends[0] - 8.0 * ends[1] + 8.0 * ends[2] - ends[3]) / (12.0 * step)
    # Of fourth order in 1e-3; what is computed by steps or balances has 1e-9 of its size, over the step 1e-6.
    np.testing.assert_allclose(float(reverse), difference, rtol=1e-5, atol=1e-5 * abs(float(value)) / power)
    if name not in REVERSE_ONLY:
        _, forward = jax.jvp(function, (power,), (1.0,))
        np.testing.assert_allclose(float(forward), float(reverse), rtol=1e-9)


def test_the_verbs_that_change_with_a_device_are_differentiable(calls: dict[str, Call]) -> None:
    found = {
        name
        for name in set(verbs()) - set(NO_DEVICE_ASKED) - {"prepare", "sweep"}
        if is_traced_through(of_power(calls[name]))
    }
    assert found == {
        "steady_state", "evolve", "small_signal", "fluctuations", "ndtc.conductance", "ndtc.response"
    }  # fmt: skip
