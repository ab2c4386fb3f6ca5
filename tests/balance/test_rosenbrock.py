"""One step of Rosenbrock's method: its order, that of its interpolant and of its estimate, and a step that overflows."""

from typing import Any

import diffrax
import jax.numpy as jnp
import numpy as np

from subkelvin.numerics.rosenbrock import Interpolant, Rosenbrock

START = 0.3


def slope(time: Any, state: tuple, _: Any) -> tuple:
    """x' = cos t (1 + x²) and e' = x x': x = tan(sin t + c), e = x²/2. Explicit in time, not linear."""
    rate = jnp.cos(time) * (1.0 + state[0] ** 2)
    return rate, state[0] * rate


def exact(time: float) -> np.ndarray:
    x = np.tan(np.sin(time) - np.sin(START) + np.arctan(0.5))
    return np.array([x, 0.5 * (x**2 - 0.25)])


def step(width: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Errors at the end and within the step, and the estimate."""
    begin, end = jnp.asarray(START), jnp.asarray(START + width)
    initial = (jnp.array([0.5]), jnp.array([0.0]))
    final, error, dense, _, _ = Rosenbrock().step(diffrax.ODETerm(slope), begin, end, initial, None, None, False)
    inside = Interpolant(t0=begin, t1=end, **dense).evaluate(begin + 0.4 * width)
    return (
        np.concatenate(final) - exact(START + width),
        np.concatenate(inside) - exact(START + 0.4 * width),
        np.concatenate(error),
    )


def test_a_step_is_of_order_five_its_interpolant_and_estimate_of_order_four() -> None:
    (end, inside, estimate), (half_end, half_inside, half_estimate) = step(0.04), step(0.02)
    # Local errors fall with the order plus one: 2⁶ and 2⁵, to within the next power of the step.
    assert np.all(np.abs(np.log2(np.abs(end / half_end)) - 6.0) < 0.5)
    assert np.all(np.log2(np.abs(inside / half_inside)) > 4.5)
    assert np.all(np.abs(np.log2(np.abs(estimate / half_estimate)) - 5.0) < 0.5)
    assert np.all(np.abs(end) < np.abs(estimate))


def test_a_step_that_overflows_has_an_infinite_error_and_a_finite_end() -> None:
    def steep(time: Any, state: tuple, _: Any) -> tuple:
        return (jnp.exp(state[0] ** 2),)

    initial = (jnp.array([5.0]),)
    final, error, *_ = Rosenbrock().step(
        diffrax.ODETerm(steep), jnp.zeros(()), jnp.ones(()), initial, None, None, False
    )
    # NaN here would make the next step NaN, and the trajectory would never end.
    assert np.isinf(error[0]).all()
    assert np.isfinite(final[0]).all()
