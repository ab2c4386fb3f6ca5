"""Adaptive quadrature: exactness of the rule, honesty of the error estimate, derivatives of every kind."""

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.typing import ArrayLike

from subkelvin.numerics.quadrature import (
    GAUSS_WEIGHTS,
    KRONROD_NODES,
    KRONROD_WEIGHTS,
    Integrand,
    adaptive_quadrature,
)

Derivative = Callable[[Callable[[jax.Array], jax.Array]], Callable[[ArrayLike], jax.Array]]

# (name, integrand, break points, exact value)
KNOWN_INTEGRALS = [
    ("exponential", jnp.exp, [0.0, 1.0], math.e - 1.0),
    ("square root", jnp.sqrt, [0.0, 1.0], 2.0 / 3.0),
    ("logarithm", jnp.log, [0.0, 1.0], -1.0),
    ("corner", lambda x: jnp.abs(x - 1.0 / 3.0), [0.0, 1.0], 5.0 / 18.0),
    ("corner at a break point", lambda x: jnp.abs(x - 1.0 / 3.0), [0.0, 1.0 / 3.0, 1.0], 5.0 / 18.0),
    ("narrow line", lambda x: 1e-4 / (x**2 + 1e-8), [-1.0, 2.0], np.arctan(1e4) + np.arctan(2e4)),
    ("oscillation", lambda x: jnp.cos(200.0 * x), [0.0, 1.0], np.sin(200.0) / 200.0),
    ("downwards", jnp.exp, [1.0, 0.0], 1.0 - math.e),
]


def test_rules_integrate_polynomials_exactly() -> None:
    for degree in range(32):
        exact = 0.0 if degree % 2 else 2.0 / (degree + 1)
        # Kronrod's 21 points are exact to degree 31 and Gauss's 10 to degree 19; sums of 21 roundings.
        assert abs(KRONROD_WEIGHTS @ KRONROD_NODES**degree - exact) < 1e-15
        if degree < 20:
            assert abs(GAUSS_WEIGHTS @ KRONROD_NODES**degree - exact) < 1e-15


@pytest.mark.parametrize(("name", "integrand", "points", "exact"), KNOWN_INTEGRALS, ids=[k[0] for k in KNOWN_INTEGRALS])
def test_known_integrals(name: str, integrand: Integrand, points: list[float], exact: float) -> None:
    value, error = jax.jit(lambda: adaptive_quadrature(integrand, points, relative_tolerance=1e-11))()
    assert error <= 1e-11 * abs(value)
    # The tolerance asked for: the estimate must not be smaller than the truth, but for rounding (1e-15 of the largest
    # panel).
    assert abs(value - exact) <= error + 2e-15


def test_running_out_of_panels_shows_in_the_error() -> None:
    exact = np.arctan(1e4) + np.arctan(2e4)
    for max_panels in (8, 12):
        value, error = adaptive_quadrature(lambda x: 1e-4 / (x**2 + 1e-8), [-1.0, 2.0], max_panels=max_panels)
        # A line that is not resolved yet gives no bound, but an error of the right size.
        assert error > max(0.5 * abs(value - exact), 0.5 * value)


def test_vector_integrands_share_one_mesh() -> None:
    powers = jnp.arange(6.0).reshape(2, 3)
    value, error = jax.jit(lambda: adaptive_quadrature(lambda x: x ** powers[..., None], [0.0, 0.5, 2.0]))()
    assert value.shape == error.shape == (2, 3)
    # A polynomial of degree 5 needs no refinement: rounding only.
    np.testing.assert_allclose(value, 2.0 ** (powers + 1.0) / (powers + 1.0), rtol=1e-14)


def test_complex_integrands() -> None:
    value, _ = jax.jit(lambda: adaptive_quadrature(lambda x: jnp.exp(1j * x), [0.0, 3.0]))()
    # Entire function: rounding only.
    np.testing.assert_allclose(value, (np.exp(3j) - 1.0) / 1j, rtol=1e-14)


def test_a_batch_equals_one_at_a_time() -> None:
    widths = jnp.array([1.0, 1e-2, 1e-5, 30.0])

    def line(width: jax.Array) -> jax.Array:
        return adaptive_quadrature(lambda x: width / (x**2 + width**2), [-1.0, 0.3, 2.0])[0]

    one = jax.jit(line)
    # Rounding may decide differently which panel is the worst, so no closer than the tolerance of each.
    np.testing.assert_allclose(jax.jit(jax.vmap(line))(widths), [one(width) for width in widths], rtol=2e-12)


@pytest.mark.parametrize("derivative", [jax.grad, jax.jacfwd], ids=["reverse", "forward"])
def test_derivatives_of_a_closed_over_parameter(derivative: Derivative) -> None:
    def line(width: jax.Array) -> jax.Array:
        return adaptive_quadrature(lambda x: width / (x**2 + width**2), [0.0, 1.0])[0]

    for width in (3.0, 0.1, 1e-3):
        # d/dw arctan(1/w) = −1/(1 + w²); on a mesh made for the value, derivatives keep 1e-9.
        np.testing.assert_allclose(jax.jit(derivative(line))(width), -1.0 / (1.0 + width**2), rtol=1e-9)


def test_second_derivative_of_a_parameter() -> None:
    def gaussian(sharpness: jax.Array) -> jax.Array:
        return adaptive_quadrature(lambda x: jnp.exp(-sharpness * x**2), [-30.0, 30.0])[0]

    # d²/da² √(π/a) = ¾ √π a^{−5/2}; smooth integrand, so close to the tolerance of the value.
    np.testing.assert_allclose(
        jax.jit(jax.grad(jax.grad(gaussian)))(2.0), 0.75 * np.sqrt(np.pi) * 2.0**-2.5, rtol=1e-10
    )


@pytest.mark.parametrize("derivative", [jax.grad, jax.jacfwd], ids=["reverse", "forward"])
def test_derivatives_by_the_limits_are_the_integrand_there(derivative: Derivative) -> None:
    def moving(limits: jax.Array) -> jax.Array:
        return adaptive_quadrature(lambda x: jnp.exp(jnp.sin(x)), jnp.array([limits[0], 1.0, limits[1]]))[0]

    slopes = jax.jit(derivative(moving))(jnp.array([0.2, 2.5]))
    # Leibniz's rule; smooth integrand.
    np.testing.assert_allclose(slopes, [-np.exp(np.sin(0.2)), np.exp(np.sin(2.5))], rtol=1e-12)


def test_derivative_by_an_inner_break_point_is_zero() -> None:
    slope = jax.jit(jax.grad(lambda middle: adaptive_quadrature(jnp.exp, jnp.stack([0.0, middle, 1.0]))[0]))(0.3)
    # The integral does not depend on it; what is left is rounding against e.
    assert abs(slope) < 1e-13


def test_nan_in_gives_nan_out() -> None:
    assert jnp.isnan(adaptive_quadrature(lambda x: jnp.where(x > 0.9, jnp.nan, x), [0.0, 1.0])[0])
    assert jnp.isnan(adaptive_quadrature(jnp.exp, [0.0, jnp.nan])[0])


def test_zero_integrand_ends_at_once() -> None:
    value, error = adaptive_quadrature(jnp.zeros_like, [0.0, 1.0])
    assert float(value) == float(error) == 0.0


@pytest.mark.parametrize("points", [[1.0], [[0.0, 1.0]], np.linspace(0.0, 1.0, 6)], ids=["one", "matrix", "too many"])
def test_impossible_break_points_are_refused(points: list[float] | np.ndarray) -> None:
    with pytest.raises(ValueError, match="break_points"):
        adaptive_quadrature(jnp.exp, points, max_panels=8)
