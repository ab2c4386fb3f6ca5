"""The gap against the gap equation itself, and the density of states against 30 digits and its sum rule."""

from collections.abc import Callable

import jax
import mpmath as mp
import numpy as np
import pytest
from jax.typing import ArrayLike
from scipy.integrate import quad

import subkelvin  # noqa: F401  (turns on double precision)
from subkelvin.constants import BOLTZMANN
from subkelvin.physics.superconductor import (
    BCS_GAP_RATIO,
    bcs_gap,
    bcs_zero_temperature_gap,
    density_of_states,
    gap,
    interpolated_gap,
    interpolated_zero_temperature_gap,
    zero_temperature_gap,
)

CRITICAL = 1.2
GAP = 1.764 * BOLTZMANN * CRITICAL
CLOSE_TO_CRITICAL = 1.0 - np.array([1e-2, 1e-4, 1e-6, 1e-9, 1e-12, 2.0**-52])

GapModel = Callable[[ArrayLike, ArrayLike], jax.Array]


def gap_equation_error(temperature: float) -> float:
    """Relative error of the gap as a root of ln(Δ/Δ0) + 2 ∫ dv f(Δ cosh v) = 0, by one Newton step at 30 digits."""
    with mp.workdps(30):
        zero = mp.pi * mp.exp(-mp.euler) * mp.mpf(CRITICAL)
        delta = mp.mpf(float(bcs_gap(temperature, CRITICAL))) / mp.mpf(BOLTZMANN)
        x = delta / mp.mpf(temperature)
        reach = mp.acosh(1 + 80 / x)
        pieces = mp.linspace(0, reach, 9)
        suppression = 2 * mp.quad(lambda v: 1 / (mp.exp(x * mp.cosh(v)) + 1), pieces)
        slope = 1 - 2 * mp.quad(lambda v: x * mp.cosh(v) / (4 * mp.cosh(x * mp.cosh(v) / 2) ** 2), pieces)
        return float(abs((mp.log(delta / zero) + suppression) / slope))


@pytest.mark.parametrize(
    "reduced", [0.02, 0.0625, 0.09, 0.125, 0.17, 0.25, 0.4, 0.6, 0.8, 0.9375, 0.99, 1 - 1e-5, 1 - 1e-8]
)
def test_bcs_gap_solves_the_gap_equation(reduced: float) -> None:
    # The table is good to 1e-14; a temperature that close to T_c is itself only known to 1e-16/(1 − t).
    assert gap_equation_error(reduced * CRITICAL) < 2e-13 + 2e-16 / (1.0 - reduced)


def test_bcs_gap_has_no_seams_between_its_pieces() -> None:
    seams = np.arange(1, 16) / 16.0 * CRITICAL
    below, above = bcs_gap(np.nextafter(seams, 0.0), CRITICAL), bcs_gap(seams, CRITICAL)
    np.testing.assert_allclose(below, above, rtol=1e-13)  # twice the error of the table
    slope = jax.jit(jax.vmap(jax.grad(bcs_gap), (0, None)))
    # A derivative at the end of a piece is the table's error times pieces · count².
    np.testing.assert_allclose(
        slope(np.nextafter(seams, 0.0), CRITICAL), slope(seams, CRITICAL), atol=1e-10 * BOLTZMANN
    )


def test_bcs_gap_closes_as_the_square_root_of_ginzburg_and_landau() -> None:
    temperature = CRITICAL * CLOSE_TO_CRITICAL[3:]
    distance = (CRITICAL - temperature) / CRITICAL
    coefficient = np.sqrt(8.0 * np.pi**2 / (7.0 * float(mp.zeta(3))))
    # The next term is of relative order 1 − t ≤ 1e-9.
    np.testing.assert_allclose(
        bcs_gap(temperature, CRITICAL), coefficient * BOLTZMANN * CRITICAL * np.sqrt(distance), rtol=2e-9
    )


def test_bcs_gap_opens_with_thermal_quasiparticles() -> None:
    for reduced in (0.09, 0.12, 0.15):
        x = BCS_GAP_RATIO / reduced
        missing = 1.0 - float(bcs_gap(reduced * CRITICAL, CRITICAL) / bcs_zero_temperature_gap(CRITICAL))
        # 1 − Δ/Δ0 = 2K_0(x): the correction is of order x e^{−x}, 1e-4 at most; below, the difference is near rounding.
        assert missing == pytest.approx(2.0 * float(mp.besselk(0, x)), rel=1e-3)


def test_interpolation_is_two_percent_below_the_gap_equation() -> None:
    ratio = float(interpolated_gap(0.6 * CRITICAL, CRITICAL) / bcs_gap(0.6 * CRITICAL, CRITICAL))
    assert ratio == pytest.approx(1.0 - 0.019, abs=1e-3)  # the comparison is quoted to two digits


def test_interpolation_is_its_formula() -> None:
    temperature = CRITICAL * np.concatenate([np.linspace(0.01, 0.999, 100), CLOSE_TO_CRITICAL])
    with mp.workdps(40):
        critical, kelvins = mp.mpf(CRITICAL), [mp.mpf(float(kelvin)) for kelvin in temperature]
        expected = [float(mp.mpf(GAP) * mp.tanh(mp.mpf(1.74) * mp.sqrt(critical / kelvin - 1))) for kelvin in kelvins]
    np.testing.assert_allclose(interpolated_gap(temperature, CRITICAL), expected, rtol=1e-14)  # some roundings


@pytest.mark.parametrize("model", [bcs_gap, interpolated_gap])
def test_there_is_no_gap_from_the_critical_temperature_on(model: GapModel) -> None:
    np.testing.assert_array_equal(model(np.array([1.2, 1.2000001, 5.0, 1e6]), CRITICAL), 0.0)
    np.testing.assert_array_equal(model(np.array([0.0, 1e-3, 1.0]), 0.0), 0.0)


@pytest.mark.parametrize("model", [bcs_gap, interpolated_gap])
def test_gap_and_its_derivatives_are_finite_everywhere(model: GapModel) -> None:
    reduced = np.concatenate(
        [[0.0, 1e-300, 1e-12, 1e-3, 0.01], np.linspace(0.02, 0.98, 49), CLOSE_TO_CRITICAL, [1.0, 3.0]]
    )
    for critical in (CRITICAL, 9.2, 0.0):
        temperature = reduced * (critical or 1.0)
        derivatives = jax.jit(jax.vmap(jax.grad(model, (0, 1)), (0, None)))(temperature, critical)
        assert np.all(np.isfinite(model(temperature, critical)))
        assert np.all(np.isfinite(derivatives))


@pytest.mark.parametrize("model", [bcs_gap, interpolated_gap])
def test_gap_scales_with_the_critical_temperature(model: GapModel) -> None:
    temperature = CRITICAL * np.concatenate([np.linspace(0.05, 0.95, 19), CLOSE_TO_CRITICAL[:3]])
    by_temperature, by_critical = jax.jit(jax.vmap(jax.grad(model, (0, 1)), (0, None)))(temperature, CRITICAL)
    # Euler's theorem for Δ(λT, λT_c) = λΔ(T, T_c); close to T_c both terms are 1/(1 − t) times Δ.
    np.testing.assert_allclose(
        temperature * by_temperature + CRITICAL * by_critical, model(temperature, CRITICAL), rtol=1e-9
    )


@pytest.mark.parametrize("reduced", [0.15, 0.25, 0.4, 0.6, 0.8, 0.97, 1 - 1e-4])
def test_derivative_of_the_bcs_gap_is_that_of_the_gap_equation(reduced: float) -> None:
    temperature = reduced * CRITICAL
    delta, slope = jax.value_and_grad(bcs_gap)(temperature, CRITICAL)
    with mp.workdps(25):
        x = mp.mpf(float(delta)) / (mp.mpf(BOLTZMANN) * mp.mpf(temperature))
        # ln Δ = ln Δ0 − S(x) and x = Δ/k_BT give d ln Δ/d ln T = −I/(1 − I), I = −x dS/dx.
        pieces = mp.linspace(0, mp.acosh(1 + 70 / x), 9)
        closing = 2 * mp.quad(lambda v: x * mp.cosh(v) / (4 * mp.cosh(x * mp.cosh(v) / 2) ** 2), pieces)
        expected = float(-closing / (1 - closing) * mp.mpf(float(delta)) / mp.mpf(temperature))
    # 1 − I vanishes at T_c as 1 − t; at low temperature the slope is e^{−x} and the error that of the table.
    assert float(slope) == pytest.approx(expected, rel=1e-11 + 1e-14 / (1.0 - reduced), abs=3e-12 * BOLTZMANN)


def test_gap_model_is_data() -> None:
    temperature, choice = np.array([0.3, 0.3, 2.0]), np.array([True, False, True])
    expected = [float(bcs_gap(0.3, CRITICAL)), float(interpolated_gap(0.3, CRITICAL)), 0.0]
    np.testing.assert_array_equal(gap(temperature, CRITICAL, choice), expected)
    assert float(zero_temperature_gap(CRITICAL, True)) == float(bcs_zero_temperature_gap(CRITICAL))
    assert float(zero_temperature_gap(CRITICAL, False)) == float(interpolated_zero_temperature_gap(CRITICAL))
    # 1.764 is the rounded value of πe^{−γ_E}.
    assert float(zero_temperature_gap(1.0, True)) == pytest.approx(1.763877 * BOLTZMANN, rel=1e-6)


@pytest.mark.parametrize(("temperature", "critical"), [(-0.1, 1.2), (np.nan, 1.2), (0.1, -1.2), (0.1, np.nan)])
def test_impossible_temperatures_have_no_gap_to_report(temperature: float, critical: float) -> None:
    assert np.isnan(bcs_gap(temperature, critical))
    assert np.isnan(interpolated_gap(temperature, critical))
    assert np.isnan(gap(temperature, critical, True))
    assert np.isnan(gap(temperature, critical, False))


def exact_density_of_states(energy: float, broadening: float) -> float:
    with mp.workdps(40):
        z = mp.mpc(mp.mpf(energy), mp.mpf(broadening))
        return float(abs(mp.re(z / (mp.sqrt(z - mp.mpf(GAP)) * mp.sqrt(z + mp.mpf(GAP))))))


@pytest.mark.parametrize("dynes", [0.0, 1e-15, 1e-6, 1e-4, 1e-2, 0.1, 1.0, 30.0])
def test_density_of_states_is_right_at_the_edge_and_far_from_it(dynes: float) -> None:
    offsets = np.concatenate([[0.0] if dynes else [], np.geomspace(1e-15, 0.9, 30)])
    energy = GAP * np.concatenate([1.0 + offsets, 1.0 - offsets, [0.0, 3.0, 100.0, 1e8]])
    energy = np.concatenate([energy, -energy])
    expected = [exact_density_of_states(float(e), dynes * GAP) for e in energy]
    # Some roundings of complex roots; inside the gap without broadening the value is exactly 0.
    np.testing.assert_allclose(density_of_states(energy, GAP, dynes * GAP), expected, rtol=1e-14)


def test_density_of_states_keeps_the_number_of_states() -> None:
    states = jax.jit(density_of_states)
    for dynes in (1e-3, 1e-1, 1.0):
        # ∫ (N − 1) dE = 0, because N − 1 falls off as Δ²/2E²; what lies beyond the reach is that tail.
        reach = 1e4
        excess = quad(
            lambda e, dynes=dynes: float(states(e * GAP, GAP, dynes * GAP)) - 1.0,
            0.0,
            reach,
            points=[0.9, 1.0, 1.1, 2.0, 10.0, 100.0],
            limit=400,
        )[0]
        assert excess == pytest.approx(-0.5 / reach, abs=1e-6)


def test_a_normal_metal_has_the_normal_density_of_states() -> None:
    np.testing.assert_array_equal(
        density_of_states(np.array([-1.0, 0.0, 1.0]) * GAP, 0.0, np.array([0.0, GAP, 0.0])), 1.0
    )


def test_density_of_states_refuses_impossible_arguments() -> None:
    assert np.isnan(density_of_states(GAP, -GAP, 0.0))
    assert np.isnan(density_of_states(GAP, GAP, -GAP))
    assert np.isnan(density_of_states(np.nan, GAP, GAP))
    assert np.isnan(density_of_states(GAP, np.nan, GAP))


def test_density_of_states_has_the_derivative_of_its_formula() -> None:
    for energy, dynes in ((0.0, 0.0), (0.3, 0.0), (0.3, 1e-3), (1.0, 1e-4), (1.2, 0.0), (-1.2, 0.1)):
        with mp.workdps(40):
            z, delta = mp.mpc(energy, dynes), mp.mpf(1)
            # dg/dz = −Δ²/(√(z − Δ)√(z + Δ))³: real part for energy, minus imaginary part for broadening.
            slope = -(delta**2) / (mp.sqrt(z - delta) * mp.sqrt(z + delta)) ** 3
            expected = [float(mp.re(slope)), float(-mp.im(slope))]
        unit = jax.grad(density_of_states, (0, 2))(energy * 1.0, 1.0, dynes * 1.0)
        np.testing.assert_allclose(unit, expected, rtol=1e-13, atol=1e-15)  # some roundings; 0 by symmetry
