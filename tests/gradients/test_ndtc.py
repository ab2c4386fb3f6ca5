"""`response` and `conductance` inside `jax.jit`, `jax.vmap` and `jax.grad` are the answers for plain numbers, and their slopes."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.analysis.test_response import FOLD, named_device

from subkelvin import Device, Status, prepare
from subkelvin.ndtc import ConductanceCurve, Response, conductance, response

POWER, BATH, AREA = "islands.left.power", "islands.bath.temperature", "elements.right.area"


@pytest.mark.parametrize("name", ["silver-setup-1", "bistable", "normal"])
def test_a_traced_response_is_that_of_the_table(name: str) -> None:
    device = prepare(named_device(name))
    # Colder than the bath and hotter; cooled, unheated, below and above the fold of the bistable device, and beyond T_c.
    temperatures = np.array([0.03, 0.2, 0.5])
    powers = np.array([-1e-17, 0.0, 0.9 * FOLD, 1.1 * FOLD, 1e-14, 1e-8])

    @jax.jit
    def traced(bath: jax.Array, temperatures: jax.Array, powers: jax.Array) -> Response:
        return response(device.replace({BATH: bath}), "right", temperatures, powers=powers)

    found = traced(jnp.asarray(device.values[BATH]), jnp.asarray(temperatures), jnp.asarray(powers))
    table = response(device, "right", temperatures, powers=powers)
    np.testing.assert_array_equal(found.status, table.status)
    assert np.sum(table.status == Status.CONVERGED) >= 10
    assert (name == "normal") == (Status.ABOVE_CRITICAL_TEMPERATURE not in table.status)
    # Both end at the last bits of T_L; slopes there are exact, and lose the digits of flows that nearly cancel.
    np.testing.assert_allclose(found.temperature, table.temperature, rtol=1e-12)
    np.testing.assert_allclose(found.responsivity, table.responsivity, rtol=1e-8, atol=1e-9)
    scale = np.nanmax(np.abs(table.holding_power))
    np.testing.assert_allclose(found.holding_power, table.holding_power, rtol=1e-9, atol=1e-12 * scale)


def central_difference(function: Callable[[float], float], at: float) -> float:
    """Of fourth order, 1e-3 of the value apart: good to about 1e-9 where the function is known to 1e-12."""
    h = 1e-3 * at
    return (8.0 * (function(at + h) - function(at - h)) - function(at + 2 * h) + function(at - 2 * h)) / (12.0 * h)


@pytest.mark.parametrize("quantity", ["temperature", "responsivity", "holding_power"])
def test_a_response_is_differentiated_by_a_value_of_the_device(quantity: str) -> None:
    device = prepare(named_device("silver-setup-1"))

    def number(area: float | jax.Array) -> jax.Array:
        curve = response(device.replace({AREA: area}), "right", np.array([0.3]), powers=np.array([1e-13]))
        return jnp.asarray(getattr(curve, quantity))[0, 0]

    area = float(device.values[AREA])
    # The difference is that of the table's answers, which know 𝓡 to some 1e-10.
    expected = central_difference(lambda a: float(number(a)), area)
    assert float(jax.grad(number)(area)) == pytest.approx(expected, rel=1e-6)


def test_a_response_by_power_is_mapped_and_differentiated() -> None:
    device = prepare(named_device("normal"))

    def left(power: jax.Array) -> jax.Array:
        return response(device, "right", np.array([0.2]), powers=power[None]).temperature[0, 0]

    powers = jnp.array([1e-14, 1e-13])
    by_power = jax.vmap(jax.grad(left))(powers)
    for power, slope in zip(powers, by_power, strict=True):
        # The difference above.
        assert float(slope) == pytest.approx(
            central_difference(lambda p: float(left(jnp.asarray(p))), float(power)), rel=1e-7
        )


def curve_of(device: Device, source_temperature: float | jax.Array) -> ConductanceCurve:
    return conductance(device, "right", np.array([0.1, 0.3]), source="left", source_temperature=source_temperature)


def test_a_conductance_is_mapped_and_differentiated() -> None:
    device = prepare(named_device("silver-setup-1"))
    area = float(device.values[AREA])
    mapped = jax.jit(jax.vmap(lambda a: curve_of(device.replace({AREA: a}), 0.5).conductance))(
        jnp.array([area, 2.0 * area])
    )
    for row, factor in zip(mapped, (1.0, 2.0), strict=True):
        plain = curve_of(device.replace({AREA: factor * area}), 0.5)
        np.testing.assert_allclose(row, plain.conductance, rtol=1e-12)
        assert np.all(plain.status == Status.CONVERGED)
    questions: dict[float, Callable[[jax.Array], ConductanceCurve]] = {
        area: lambda x: curve_of(device.replace({AREA: x}), 0.5),
        0.5: lambda x: curve_of(device, x),
    }
    for at, by in questions.items():

        def last(x: float | jax.Array, by: Callable[..., ConductanceCurve] = by) -> jax.Array:
            return by(x).conductance[1]

        # The difference above.
        expected = central_difference(lambda x, last=last: float(last(x)), at)  # type: ignore[misc]
        assert float(jax.grad(last)(at)) == pytest.approx(expected, rel=1e-7)
