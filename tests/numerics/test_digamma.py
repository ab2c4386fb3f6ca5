"""The digamma remainder against 60-digit arithmetic, over everything that its callers can ask."""

import jax
import jax.numpy as jnp
import mpmath as mp
import numpy as np
from tables.digamma_rule import rational_rule
from tables.reference_heat_current import digamma_remainder as exact_remainder

from subkelvin.numerics.digamma import (
    LOWEST_RATIONAL_ARGUMENT,
    RATIONAL_NODES,
    RATIONAL_WEIGHTS,
    digamma_remainder,
)

REAL_ARGUMENTS = np.concatenate(
    [10.0 ** np.linspace(-12.0, 12.0, 481), np.linspace(0.4, 3.0, 521), [1e-300, 1e-30, 1e30]]
)


def relative_errors(values: jax.Array, exact: list) -> np.ndarray:
    """|value/exact − 1| for every point."""
    return np.array(
        [float(abs(mp.mpmathify(complex(v)) / e - 1)) for v, e in zip(np.asarray(values), exact, strict=True)]
    )


def complex_arguments() -> np.ndarray:
    """The right half-plane: all moduli, all angles, with many points next to the imaginary axis and around |z| = 8."""
    modulus = np.concatenate([10.0 ** np.linspace(-6.0, 6.0, 13), np.linspace(0.1, 12.0, 35)])
    below_axis = 10.0 ** np.linspace(-9.0, -1.0, 5)
    angle = np.concatenate([np.linspace(0.0, 0.49 * np.pi, 12), 0.5 * np.pi - below_axis])
    return (modulus[:, None] * np.exp(1j * np.concatenate([angle, -angle])[None, :])).ravel()


def test_real_remainder_is_right_to_rounding_over_24_decades() -> None:
    with mp.workdps(40):
        exact = [exact_remainder(mp.mpf(z)) for z in REAL_ARGUMENTS]
        # Nine units of rounding: fourteen positive terms of a few roundings each, and one step.
        assert np.max(relative_errors(digamma_remainder(REAL_ARGUMENTS), exact)) < 2e-15


def test_real_derivative_is_right_to_rounding() -> None:
    arguments = REAL_ARGUMENTS[(REAL_ARGUMENTS > 1e-15) & (REAL_ARGUMENTS < 1e13)]
    slopes = jax.jit(jax.vmap(jax.grad(digamma_remainder)))(arguments)
    with mp.workdps(100):
        exact = [1 / mp.mpf(z) + 1 / (2 * mp.mpf(z) ** 2) - mp.polygamma(1, mp.mpf(z)) for z in arguments]
        # The same rounding as the value, squared denominators included.
        assert np.max(relative_errors(slopes, exact)) < 4e-15


def test_complex_remainder_is_right_to_rounding_up_to_the_imaginary_axis() -> None:
    arguments = complex_arguments()
    with mp.workdps(40):
        exact = [exact_remainder(mp.mpc(z)) for z in arguments]
        # Eighteen units of rounding: the first of eight complex steps loses up to ten of them.
        assert np.max(relative_errors(jax.jit(digamma_remainder)(arguments), exact)) < 2e-15


def test_complex_and_real_routes_agree() -> None:
    arguments = 10.0 ** np.linspace(-5.0, 5.0, 301)
    # They share no coefficient; each has its own rounding, 2e-15.
    np.testing.assert_allclose(jax.jit(digamma_remainder)(arguments + 0j), digamma_remainder(arguments), rtol=4e-15)


def test_complex_derivative_equals_the_recurrence_of_the_trigamma_function() -> None:
    arguments = np.array([0.3 + 0.2j, 1.5 - 2.0j, 7.9 + 1.0j, 0.01 + 9.0j, 40.0 + 30.0j])
    slopes = jax.jit(jax.vmap(jax.grad(digamma_remainder, holomorphic=True)))(arguments)
    with mp.workdps(40):
        exact = [1 / mp.mpc(z) + 1 / (2 * mp.mpc(z) ** 2) - mp.polygamma(1, mp.mpc(z)) for z in arguments]
        # The closed form of a step loses one digit in its derivative near |2z + 1| = 3.
        assert np.max(relative_errors(slopes, exact)) < 1e-13


def test_limits_at_both_ends() -> None:
    # The next terms are −ln z relative to 1/(2z), and 1/(10z²) relative to 1/(12z²).
    np.testing.assert_allclose(digamma_remainder(1e-18) * 2e-18, 1.0, rtol=1e-15)
    np.testing.assert_allclose(digamma_remainder(1e9) * 12e18, 1.0, rtol=1e-15)


def test_outside_the_right_half_plane_is_nan() -> None:
    assert np.all(jnp.isnan(digamma_remainder(np.array([0.0, -1.0, -np.inf, np.nan]))))
    assert np.all(jnp.isnan(jax.jit(digamma_remainder)(np.array([1.0j, -1.0 + 2.0j, complex(np.nan, 0.0)]))))


def test_integers_are_numbers_too() -> None:
    assert digamma_remainder(3) == digamma_remainder(3.0)


def test_coefficients_are_those_of_their_builder() -> None:
    nodes, weights = rational_rule()
    # Rounded to the nearest float, and nothing else.
    assert [float(x) for x in nodes] == list(RATIONAL_NODES)
    assert [float(w) for w in weights] == list(RATIONAL_WEIGHTS)


def test_rational_form_is_right_to_its_second_derivative() -> None:
    """The heat current differentiates the difference of two remainders."""
    with mp.workdps(60):
        rule = [(mp.mpf(x), mp.mpf(w)) for x, w in zip(RATIONAL_NODES, RATIONAL_WEIGHTS, strict=True)]
        for exponent in range(61):
            z = LOWEST_RATIONAL_ARGUMENT * mp.mpf(10) ** (mp.mpf(exponent) / 12)
            curvature = mp.fsum(w * (8 * z**2 / (z**2 + x) ** 3 - 2 / (z**2 + x) ** 2) for x, w in rule)
            exact = -(z**-2) - z**-3 - mp.polygamma(2, z)
            # What tables/digamma_rule.py aims at: 2e-14 of f″.
            assert abs(curvature / exact - 1) < 2e-14
