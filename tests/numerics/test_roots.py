"""Bracketed roots on functions with known ones, hard cases included."""

import jax
import jax.numpy as jnp
import mpmath as mp
import numpy as np
import pytest

from subkelvin.numerics.roots import bracketed_root, implicit_root

FUNCTIONS = {
    "linear": (lambda x: x - 0.3, 0.3),
    "flat": (lambda x: (x - 0.3) ** 9, 0.3),
    "steep": (lambda x: jnp.tanh(1e6 * (x - 0.7)), 0.7),
    "falling": (lambda x: jnp.cos(x) - x - 0.1, float(mp.findroot(lambda x: mp.cos(x) - x - 0.1, 0.7))),
    "tiny": (lambda x: 1e-25 * (x**5 - 0.2), 0.2**0.2),
    "kinked": (lambda x: jnp.where(x < 0.9, 1e-6, 1.0) * (x - 0.9), 0.9),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_root_is_found(name: str) -> None:
    function, expected = FUNCTIONS[name]
    lower, upper = jnp.asarray(0.01), jnp.asarray(1.3)
    root = bracketed_root(function, lower, upper, function(lower), function(upper))
    # A ninth-order root is flat over eps^(1/9) of rounding only where the function underflows; here halving carries it on.
    tolerance = 1e-6 if name == "flat" else 1e-12
    np.testing.assert_allclose(root, expected, rtol=tolerance)


def test_without_a_change_of_sign_or_with_a_nan_there_is_no_root() -> None:
    one = jnp.asarray(1.0)
    assert np.isnan(bracketed_root(lambda x: x, one, 2 * one, one, 2 * one))
    assert np.isnan(bracketed_root(lambda x: jnp.nan * x, one, 2 * one, -one, one))
    assert np.isnan(bracketed_root(lambda x: x, one, 2 * one, jnp.nan * one, one))


def test_a_root_at_an_end_is_that_end_exactly() -> None:
    zero, one = jnp.asarray(0.0), jnp.asarray(1.0)
    assert float(bracketed_root(lambda x: x - 1.0, zero, one, -one, zero)) == 1.0
    assert float(bracketed_root(lambda x: x, zero, one, zero, one)) == 0.0


def test_derivatives_of_an_implicit_root_are_exact_to_second_order() -> None:
    def root(a: jax.Array) -> jax.Array:
        frozen = jax.lax.stop_gradient(a)
        return implicit_root(lambda x: x**3 - a, lambda: frozen ** (1.0 / 3.0), jnp.asarray(1.0))

    a = jnp.asarray(0.7)
    np.testing.assert_allclose(jax.grad(root)(a), a ** (-2.0 / 3.0) / 3.0, rtol=1e-14)
    np.testing.assert_allclose(jax.jvp(root, (a,), (1.0,))[1], a ** (-2.0 / 3.0) / 3.0, rtol=1e-14)
    np.testing.assert_allclose(jax.grad(jax.grad(root))(a), -2.0 / 9.0 * a ** (-5.0 / 3.0), rtol=1e-13)
