"""Occupation numbers against 40-digit arithmetic, and their differences down to neighbouring floats."""

import itertools

import jax
import jax.numpy as jnp
import mpmath as mp
import numpy as np

from subkelvin.constants import BOLTZMANN
from subkelvin.physics.statistics import (
    bose_difference,
    bose_function,
    bose_quotient,
    fermi_difference,
    fermi_function,
)

TEMPERATURES = [1e-3, 0.05, 0.3, 1.0, 100.0]
PAIRS = [
    *itertools.permutations(TEMPERATURES, 2),
    *((t, float(np.nextafter(t, np.inf))) for t in TEMPERATURES),
    *((t * 1.001, t) for t in TEMPERATURES),
]
# In units of k_B · 0.3 K, from far below to far above thermal; beyond 700 k_BT the result leaves the float range.
ENERGIES = [scale * 0.3 * BOLTZMANN for scale in (1e-12, 1e-6, 1e-2, 0.3, 1.0, 2.0, 10.0, 200.0)]


def reduced(temperature: float, energy: float) -> mp.mpf:
    return mp.mpf(energy) / (mp.mpf(BOLTZMANN) * mp.mpf(temperature))


def exact_fermi(temperature: float, energy: float) -> mp.mpf:
    return 1 / (mp.exp(reduced(temperature, energy)) + 1)


def exact_bose(temperature: float, energy: float) -> mp.mpf:
    return 1 / mp.expm1(reduced(temperature, energy))


def assert_close(value: jax.Array, exact: mp.mpf, size: mp.mpf) -> None:
    """To 8 roundings, and those of e^{−x} for an x that is itself rounded; below 1e-290 floats lose digits."""
    if abs(exact) > mp.mpf(10) ** -290:
        assert abs(mp.mpf(float(value)) / exact - 1) < 2e-15 + 4e-16 * float(size)
    else:
        assert abs(float(value)) <= 1e-289


def test_occupations_are_right_to_rounding() -> None:
    grid = list(itertools.product(TEMPERATURES, ENERGIES))
    temperature, energy = np.array(grid).T
    bose, fermi = jax.jit(bose_function)(temperature, energy), jax.jit(fermi_function)(temperature, energy)
    holes = jax.jit(fermi_function)(temperature, -energy)
    with mp.workdps(40):
        for index, point in enumerate(grid):
            size = reduced(*point)
            assert_close(bose[index], exact_bose(*point), size)
            assert_close(fermi[index], exact_fermi(*point), size)
            assert_close(holes[index], 1 - exact_fermi(*point), size)


def test_bose_difference_keeps_every_digit_for_neighbouring_temperatures() -> None:
    grid = [(hot, cold, energy) for hot, cold in PAIRS for energy in ENERGIES]
    values = np.asarray(jax.jit(bose_difference)(*np.array(grid).T))
    with mp.workdps(60):
        for value, (first, second, energy) in zip(values, grid, strict=True):
            exact = exact_bose(first, energy) - exact_bose(second, energy)
            assert_close(value, exact, reduced(max(first, second), energy))


def test_fermi_difference_keeps_every_digit_for_neighbouring_arguments() -> None:
    bias = 0.2 * 0.3 * BOLTZMANN
    grid = [(a, b, e, e) for a, b in PAIRS for e in [*ENERGIES, *(-e for e in ENERGIES)]]
    grid += [(t, t, e - shift, e) for t in TEMPERATURES for e in ENERGIES for shift in (bias, 1e-9 * e, -bias)]
    values = np.asarray(jax.jit(fermi_difference)(*np.array(grid).T))
    with mp.workdps(60):
        for value, (t_1, t_2, e_1, e_2) in zip(values, grid, strict=True):
            # f(−E) = 1 − f(E): differences of numbers near 1 would need thousands of digits.
            if max(e_1, e_2) < 0.0:
                t_1, e_1, t_2, e_2 = t_2, -e_2, t_1, -e_1
            exact = exact_fermi(t_1, e_1) - exact_fermi(t_2, e_2)
            if exact == 0:
                assert value == 0.0
            else:
                assert_close(value, exact, max(abs(reduced(t_1, e_1)), abs(reduced(t_2, e_2))))


def test_differences_vanish_exactly_at_equality() -> None:
    temperature, energy = np.array(list(itertools.product(TEMPERATURES, ENERGIES))).T
    assert not np.any(bose_difference(temperature, temperature, energy))
    assert not np.any(fermi_difference(temperature, temperature, energy, energy))


def test_derivatives_at_equality_are_those_of_one_occupation() -> None:
    temperature, energy = 0.3, 0.7 * 0.3 * BOLTZMANN
    for derivative in (jax.grad, jax.jacfwd):
        by_difference = jax.jit(derivative(bose_difference, argnums=(0, 1)))(temperature, temperature, energy)
        slope = jax.jit(derivative(bose_function))(temperature, energy)
        # Both sides are exact formulas: rounding only.
        np.testing.assert_allclose(by_difference, [slope, -slope], rtol=1e-14)
        by_difference = jax.jit(derivative(fermi_difference, argnums=(0, 1, 2, 3)))(*2 * [temperature], *2 * [energy])
        by_temperature, by_energy = jax.jit(derivative(fermi_function, argnums=(0, 1)))(temperature, energy)
        # The same.
        np.testing.assert_allclose(by_difference, [by_temperature, -by_temperature, by_energy, -by_energy], rtol=1e-14)


def test_quotient_is_smooth_through_equality_and_the_seam_of_its_series() -> None:
    energy, cold = 0.3 * BOLTZMANN, 0.3
    hot = jnp.array([0.3, 0.3 + 1e-12, 0.3001, 0.4, 0.59999999, 0.60000001, 1.0])
    slopes = jax.jit(jax.vmap(jax.grad(bose_quotient), (0, None, None)))(hot, cold, energy)

    def exact_slope(h: mp.mpf) -> mp.mpf:
        cold_occupation = exact_bose(cold, energy)
        if h == cold:
            return mp.diff(lambda t: exact_bose(t, energy), cold, 2) / 2
        slope = mp.diff(lambda t: exact_bose(t, energy), h)
        return (slope - (exact_bose(h, energy) - cold_occupation) / (h - cold)) / (h - cold)

    with mp.workdps(80):
        exact = [float(exact_slope(mp.mpf(float(h)))) for h in hot]
    # Above the seam a derivative is a difference of terms about ten times larger, divided by d ≥ ½.
    np.testing.assert_allclose(slopes, exact, rtol=3e-14)


def test_zero_temperature_is_the_frozen_limit() -> None:
    energy = 0.3 * BOLTZMANN
    assert bose_function(0.0, energy) == 0.0
    np.testing.assert_array_equal(fermi_function(0.0, jnp.array([-energy, 0.0, energy])), [1.0, 0.5, 0.0])
    # One occupation is all that is left; a few roundings.
    np.testing.assert_allclose(bose_difference(0.3, 0.0, energy), bose_function(0.3, energy), rtol=4e-16)
    assert bose_difference(0.0, 0.0, energy) == 0.0
    assert np.all(np.isfinite(jax.jit(jax.grad(bose_difference, argnums=(0, 1, 2)))(0.3, 0.0, energy)))


def test_invalid_arguments_give_nan() -> None:
    energy = BOLTZMANN
    invalid, valid = np.array([-0.1, np.nan]), np.array([0.3, 0.3])
    assert np.all(jnp.isnan(fermi_function(invalid, energy)))
    assert np.all(jnp.isnan(bose_function(invalid, energy)))
    assert np.all(jnp.isnan(bose_difference(invalid, valid, energy)))
    assert np.all(jnp.isnan(bose_difference(valid, invalid, energy)))
    assert np.all(jnp.isnan(fermi_difference(invalid, valid, energy, energy)))
    assert np.all(jnp.isnan(fermi_difference(valid, invalid, energy, energy)))
    bad_energies = np.array([0.0, -energy, np.nan])
    assert np.all(jnp.isnan(bose_function(0.3, bad_energies)))
    assert np.all(jnp.isnan(bose_difference(0.3, 0.2, bad_energies)))
