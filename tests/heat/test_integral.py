"""The adaptive integral: the closed form's independent twin, and exact results for circuits with no closed form."""

import itertools
import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import mpmath as mp
import numpy as np
import pytest
from jax.typing import ArrayLike

from subkelvin.constants import BOLTZMANN, HEAT_QUANTUM, REDUCED_PLANCK
from subkelvin.heat.integral import integrated_heat_current
from subkelvin.heat.one_pole import one_pole_heat_current
from subkelvin.physics.statistics import bose_difference

TEMPERATURES = [1e-3, 0.01, 0.1, 1.0, 10.0, 100.0]
CUTOFFS = np.logspace(6.0, 18.0, 13)
Twins = tuple[np.ndarray, np.ndarray, np.ndarray, jax.Array]
"""Grid, integral, its estimated error, closed form."""


def single_pole(
    temperature_1: ArrayLike, temperature_2: ArrayLike, static: float | jax.Array, time_constant: float | jax.Array
) -> tuple[jax.Array, jax.Array]:
    """The integral for the transmission of the closed form."""
    return integrated_heat_current(lambda w: static / (1.0 + (w * time_constant) ** 2), temperature_1, temperature_2)


def series_circuit(
    resistance_1: float, resistance_2: float, inductance: float, inverse_capacitance: float
) -> Callable[[jax.Array], jax.Array]:
    """𝒯(ω) = 4R_1R_2/|R_1 + R_2 + iωL + 1/(iωC)|²."""

    def transmission(frequency: jax.Array) -> jax.Array:
        reactance = frequency * inductance - inverse_capacitance / frequency
        return 4.0 * resistance_1 * resistance_2 / ((resistance_1 + resistance_2) ** 2 + reactance**2)

    return transmission


@jax.jit
def series_heat(circuit: tuple, temperature_1: jax.Array, temperature_2: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Heat through R_1, R_2, L, 1/C in series, and its estimated error."""
    return integrated_heat_current(series_circuit(*circuit), temperature_1, temperature_2)


@jax.jit
def resonant_heat(
    circuit: tuple, temperature_1: jax.Array, temperature_2: jax.Array, resonance: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """The same, told where the resonance is."""
    transmission = series_circuit(*circuit)
    return integrated_heat_current(transmission, temperature_1, temperature_2, break_frequencies=[resonance])


@pytest.fixture(scope="module")
def twins() -> Twins:
    """Grid, integral, estimated error, closed form: all cut-offs and temperatures, near and far, either direction."""
    pairs = [*itertools.permutations(TEMPERATURES, 2)]
    pairs += [(t, s) for t in TEMPERATURES for s in (np.nextafter(t, np.inf), t * (1.0 + 1e-9), 1.01 * t, 0.0)]
    grid = np.array([(*pair, tau) for pair in pairs for tau in [0.0, *(1.0 / CUTOFFS)]])
    value, error = jax.jit(jax.vmap(lambda a, b, tau: single_pole(a, b, 0.7, tau)))(*grid.T)
    return grid, np.asarray(value), np.asarray(error), one_pole_heat_current(grid[:, 0], grid[:, 1], 0.7, grid[:, 2])


def test_integral_and_closed_form_agree_on_the_whole_grid(twins: Twins) -> None:
    _, value, _, closed = twins
    # 1e-10 is asked for; the tolerance of the quadrature is 1e-12 and its estimate cautious.
    np.testing.assert_allclose(value, closed, rtol=1e-13)


def test_estimated_error_is_within_the_tolerance(twins: Twins) -> None:
    _, value, error, _ = twins
    assert np.all(error <= 1e-12 * np.abs(value))


def test_derivatives_of_integral_and_closed_form_agree() -> None:
    grid = np.array(
        [(a, b, t) for a, b in ((0.1, 0.2), (0.1, 0.1), (0.3, 0.3 + 1e-9), (1.0, 0.0)) for t in (1e-9, 1e-12, 1e-15)]
    )
    static = np.full(len(grid), 0.7)
    arguments = (grid[:, 0], grid[:, 1], static, grid[:, 2])
    closed = jax.jit(jax.vmap(jax.grad(one_pole_heat_current, argnums=(0, 1, 2, 3))))(*arguments)
    for derivative in (jax.grad, jax.jacfwd):
        by_integral = derivative(lambda *a: single_pole(*a)[0], argnums=(0, 1, 2, 3))
        for numerical, exact in zip(jax.jit(jax.vmap(by_integral))(*arguments), closed, strict=True):
            # The mesh is made for the value: its derivatives keep a few digits less; at T = 0 a derivative is 0.
            np.testing.assert_allclose(numerical, exact, rtol=1e-10, atol=1e-25)


def test_perfect_transmission_gives_the_quantum_of_heat() -> None:
    hot, cold = np.array([0.5, 100.0, 0.3]), np.array([0.05, 1e-3, 0.0])
    heat, _ = jax.jit(jax.vmap(lambda a, b: integrated_heat_current(jnp.ones_like, a, b)))(hot, cold)
    # πk_B²/12ħ (T_1² − T_2²); the tolerance of the quadrature.
    np.testing.assert_allclose(heat, HEAT_QUANTUM * (hot - cold) * (hot + cold), rtol=1e-12)


def test_series_capacitor_at_low_temperature_follows_the_fourth_power() -> None:
    resistance_1, resistance_2, capacitance, hot, cold = 50.0, 80.0, 1e-15, 2e-3, 1e-3
    heat, _ = series_heat((resistance_1, resistance_2, 0.0, 1.0 / capacitance), hot, cold)
    expected = (
        (2.0 * math.pi**3 / 15.0) * (BOLTZMANN / REDUCED_PLANCK) ** 3 * BOLTZMANN
        * resistance_1 * resistance_2 * capacitance**2 * (hot**4 - cold**4)
    )  # fmt: skip
    # The next term is (k_BT(R_1 + R_2)C/ħ)² 4π²·(10/21) ~ 2e-8.
    np.testing.assert_allclose(heat, expected, rtol=1e-7)


def test_series_capacitor_is_perfect_transmission_less_one_pole() -> None:
    resistance_1, resistance_2, capacitance = 5e3, 8e3, 1e-14
    static = 4.0 * resistance_1 * resistance_2 / (resistance_1 + resistance_2) ** 2
    tau = (resistance_1 + resistance_2) * capacitance
    heat, _ = series_heat((resistance_1, resistance_2, 0.0, 1.0 / capacitance), 0.3, 0.1)
    expected = one_pole_heat_current(0.3, 0.1, static, 0.0) - one_pole_heat_current(0.3, 0.1, static, tau)
    # ω²τ²/(1 + ω²τ²) = 1 − 1/(1 + ω²τ²); the difference loses no digit at this τ.
    np.testing.assert_allclose(heat, expected, rtol=1e-12)


def test_series_inductor_at_high_temperature_is_classical() -> None:
    resistance_1, resistance_2, inductance, hot, cold = 5.0, 8.0, 1e-3, 1.0, 0.9
    heat, _ = series_heat((resistance_1, resistance_2, inductance, 0.0), hot, cold)
    expected = BOLTZMANN * (hot - cold) * resistance_1 * resistance_2 / ((resistance_1 + resistance_2) * inductance)
    # Quantum corrections are of order ħ(R_1 + R_2)/(L k_BT) ~ 1e-7 times a logarithm.
    np.testing.assert_allclose(heat, expected, rtol=2e-6)


@pytest.mark.parametrize(("quality", "resistance", "ratio"), [(151, 0.5, 0.997), (3.8, 20.0, 0.905)])
def test_heat_through_a_resonance_against_its_weak_damping_limit(
    quality: float, resistance: float, ratio: float
) -> None:
    """Series LC at 6 GHz, L = 2 nH, between equal resistors at 350 and 100 mK: weak damping overestimates the heat."""
    inductance, resonance = 2e-9, 2.0 * math.pi * 6e9
    assert abs(resonance * inductance / resistance / quality - 1.0) < 0.01
    half = resistance / 2.0
    circuit = (half, half, inductance, resonance**2 * inductance)
    # ħω_0 [n_1 − n_2] R_1R_2/[(R_1 + R_2)L].
    photon = REDUCED_PLANCK * resonance
    weak = photon * bose_difference(0.35, 0.1, photon) * half * half / (resistance * inductance)
    for heat, error in (series_heat(circuit, 0.35, 0.1), resonant_heat(circuit, 0.35, 0.1, resonance)):
        # Three digits are published.
        assert abs(heat / weak - ratio) < 5e-4
        assert error < 1e-12 * heat


def test_a_very_sharp_resonance_is_found_from_its_break_frequency() -> None:
    inductance, resonance = 2e-9, 2.0 * math.pi * 6e9
    for quality in (1e3, 1e5):
        resistance = resonance * inductance / quality
        half = resistance / 2.0
        heat, _ = resonant_heat((half, half, inductance, resonance**2 * inductance), 0.35, 0.1, resonance)
        photon = REDUCED_PLANCK * resonance
        weak = photon * bose_difference(0.35, 0.1, photon) * half * half / (resistance * inductance)
        # Weak damping is exact up to about ½/Q.
        np.testing.assert_allclose(heat, weak, rtol=1.0 / quality)


def test_integral_of_a_resonance_agrees_with_mpmath() -> None:
    circuit = (10.0, 10.0, 2e-9, (2.0 * math.pi * 6e9) ** 2 * 2e-9)
    transmission, hot, cold = series_circuit(*circuit), 0.35, 0.1
    heat, _ = series_heat(circuit, hot, cold)
    with mp.workdps(25):
        rate = mp.mpf(BOLTZMANN) / mp.mpf(REDUCED_PLANCK)

        def integrand(logarithm: mp.mpf) -> mp.mpf:
            frequency = mp.exp(logarithm)
            quanta = 1 / mp.expm1(frequency / (rate * hot)) - 1 / mp.expm1(frequency / (rate * cold))
            return transmission(frequency) * mp.mpf(REDUCED_PLANCK) * frequency**2 * quanta / (2 * mp.pi)

        exact = mp.quad(integrand, [mp.log(x) for x in (1, 1e8, 1e9, 6e9, 2e10, 3.8e10, 8e10, 2e11, 1e12, 1e13)])
        # Tolerance of the quadrature; what mpmath leaves out below 1 rad/s is 1e-30 of it.
        assert abs(mp.mpf(float(heat)) / exact - 1) < 1e-12


def test_several_transmissions_share_one_integral() -> None:
    statics = jnp.array([[0.1], [0.7]])
    heat, error = jax.jit(lambda t: integrated_heat_current(lambda w: statics / (1.0 + (w * 1e-12) ** 2), t, 0.1))(0.3)
    assert heat.shape == error.shape == (2,)
    # The tolerance of the quadrature.
    np.testing.assert_allclose(heat, one_pole_heat_current(0.3, 0.1, statics[:, 0], 1e-12), rtol=1e-12)


def test_equal_temperatures_exchange_nothing_and_invalid_ones_give_nan() -> None:
    flow = jax.jit(jax.vmap(lambda a, b: single_pole(a, b, 0.7, 1e-12)[0]))
    assert not np.any(flow(np.array([0.3, 1e-3, 0.0]), np.array([0.3, 1e-3, 0.0])))
    assert np.all(np.isnan(flow(np.array([-0.1, 0.3, np.nan, 0.3]), np.array([0.3, -0.1, 0.3, np.nan]))))
