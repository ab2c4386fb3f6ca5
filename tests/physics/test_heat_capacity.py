"""Heat capacity: thermodynamics, the jump at the transition, and the freezing-out below it."""

import itertools

import jax
import mpmath as mp
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import kve

from subkelvin.constants import BOLTZMANN
from subkelvin.physics.heat_capacity import (
    normal_heat_capacity,
    superconducting_entropy,
    superconducting_heat_capacity,
)
from subkelvin.physics.superconductor import bcs_gap, bcs_zero_temperature_gap

SOMMERFELD = 135.0
VOLUME = 3e-21
CRITICAL_TEMPERATURE = 1.2
RIEMANN_ZETA_3 = 1.2020569031595942

REDUCED = np.array([0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.44, 0.6, 0.8, 0.9, 0.99, 0.9999, 1.0 - 1e-9])

heat_capacity = jax.jit(superconducting_heat_capacity)
entropy = jax.jit(superconducting_entropy)
slope_of_entropy = jax.jit(jax.vmap(jax.grad(superconducting_entropy), in_axes=(0, None, None, None)))
slope_of_heat_capacity = jax.jit(
    jax.vmap(jax.jacfwd(superconducting_heat_capacity, argnums=(0, 1)), in_axes=(0, 0, None, None))
)


def exact_ratio(temperature: float) -> tuple[float, float]:
    """S and C over γVT with 30 digits, dΔ²/dT from the gap equation differentiated under the integral over v."""
    with mp.workdps(30):
        x = mp.mpf(float(bcs_gap(temperature, CRITICAL_TEMPERATURE))) / (mp.mpf(BOLTZMANN) * mp.mpf(temperature))

        def full(y: mp.mpf) -> mp.mpf:
            return 1 / (mp.exp(y) + 1)

        def window(y: mp.mpf) -> mp.mpf:
            return full(y) * (1 - full(y))

        panels = [0, 1, 3, 8, 20, 50, 120]
        energy = lambda eta: mp.sqrt(eta**2 + x**2)  # noqa: E731
        disorder = mp.quad(lambda eta: mp.log1p(mp.exp(-energy(eta))) + energy(eta) * full(energy(eta)), panels)
        closing = mp.quad(lambda eta: window(energy(eta)), panels)
        fixed_gap = mp.quad(lambda eta: energy(eta) ** 2 * window(energy(eta)), panels)
        # d ln Δ/d ln T = −2M/(1 − 2M)
        total = fixed_gap + x**2 * 2 * closing / (1 - 2 * closing) * closing
        return float(6 / mp.pi**2 * disorder), float(6 / mp.pi**2 * total)


@pytest.mark.parametrize("reduced", [0.05, 0.1, 0.3, 0.6, 0.9, 0.99])
def test_entropy_and_heat_capacity_agree_with_high_precision(reduced: float) -> None:
    temperature = reduced * CRITICAL_TEMPERATURE
    normal = SOMMERFELD * VOLUME * temperature
    disorder, capacity = exact_ratio(temperature)
    # Rounding of x in e^{−x}, here up to 35 · 1e-16; 1 − 2M of the reference needs Δ to 1e-13 times 50 at 0.99 T_c.
    assert abs(entropy(temperature, CRITICAL_TEMPERATURE, SOMMERFELD, VOLUME) / (normal * disorder) - 1) < 2e-13
    assert abs(heat_capacity(temperature, CRITICAL_TEMPERATURE, SOMMERFELD, VOLUME) / (normal * capacity) - 1) < 1e-11


def test_heat_capacity_is_the_slope_of_the_entropy() -> None:
    temperature = REDUCED * CRITICAL_TEMPERATURE
    slope = slope_of_entropy(temperature, CRITICAL_TEMPERATURE, SOMMERFELD, VOLUME)
    capacity = heat_capacity(temperature, CRITICAL_TEMPERATURE, SOMMERFELD, VOLUME)
    # The slope goes through the tabulated gap, whose derivative is good to 1e-11; the heat capacity does not.
    np.testing.assert_allclose(temperature * slope, capacity, rtol=1e-10)


def test_entropy_is_the_integral_of_heat_capacity_over_temperature() -> None:
    def density(temperature: float) -> float:
        return float(heat_capacity(temperature, CRITICAL_TEMPERATURE, SOMMERFELD, VOLUME)) / temperature / VOLUME

    points = np.array([0.02, 0.1, 0.4, 0.999]) * CRITICAL_TEMPERATURE
    gained = [quad(density, *ends, epsabs=0.0, epsrel=1e-10, limit=20)[0] for ends in itertools.pairwise(points)]
    # quadrature to 1e-10
    steps = np.diff(entropy(points, CRITICAL_TEMPERATURE, SOMMERFELD, VOLUME)) / VOLUME
    np.testing.assert_allclose(gained, steps, rtol=1e-9)


def test_entropy_is_continuous_and_heat_capacity_jumps_at_the_transition() -> None:
    below, at = np.nextafter(CRITICAL_TEMPERATURE, 0.0), CRITICAL_TEMPERATURE
    normal = SOMMERFELD * VOLUME * CRITICAL_TEMPERATURE
    # the gap is 3e-8 of its value at 0 K there, its square 1e-15
    assert abs(entropy(below, CRITICAL_TEMPERATURE, SOMMERFELD, VOLUME) / normal - 1.0) < 1e-14
    assert entropy(at, CRITICAL_TEMPERATURE, SOMMERFELD, VOLUME) == normal
    jump = heat_capacity(below, CRITICAL_TEMPERATURE, SOMMERFELD, VOLUME) - heat_capacity(
        at, CRITICAL_TEMPERATURE, SOMMERFELD, VOLUME
    )
    assert abs(jump / normal - 12.0 / (7.0 * RIEMANN_ZETA_3)) < 1e-13
    # Three decimals are published.
    assert abs(12.0 / (7.0 * RIEMANN_ZETA_3) - 1.426) < 5e-4


def test_electrons_freeze_out_with_the_known_prefactor() -> None:
    temperature = CRITICAL_TEMPERATURE * np.array([0.01, 0.02, 0.04])
    x = np.asarray(bcs_zero_temperature_gap(CRITICAL_TEMPERATURE)) / (BOLTZMANN * temperature)
    ratio = np.asarray(heat_capacity(temperature, CRITICAL_TEMPERATURE, SOMMERFELD, VOLUME))
    ratio = ratio / (SOMMERFELD * VOLUME * temperature)
    # With f(1−f) = e^{−y} and a constant gap: ∫_0^∞ dη y² e^{−y} = x³ (K_3 + 3K_1)/4, up to terms e^{−x} = 1e-19 smaller;
    # what is left is the rounding of x, 176 · 1e-15.
    bessel = 6.0 / np.pi**2 * x**3 * (kve(3, x) + 3.0 * kve(1, x)) / 4.0 * np.exp(-x)
    np.testing.assert_allclose(ratio, bessel, rtol=1e-12)
    # Its limit is √(πx/2) x² e^{−x} [1 + 11/8x + 225/128x² + …].
    limit = 6.0 / np.pi**2 * np.sqrt(np.pi * x / 2.0) * x**2 * np.exp(-x)
    assert np.all(np.abs(ratio / limit - 1.0 - 11.0 / (8.0 * x)) < 2.0 / x**2)


def test_third_law() -> None:
    temperature = CRITICAL_TEMPERATURE * np.array([0.0, 1e-300, 1e-6, 1e-3, 0.01, 0.1])
    disorder = np.asarray(entropy(temperature, CRITICAL_TEMPERATURE, SOMMERFELD, VOLUME))
    assert disorder[0] == 0.0
    assert np.all(np.diff(disorder) >= 0.0)
    # e^{−Δ0/k_BT} falls by e^{−159} = 1e-69 from 0.1 to 0.01 T_c
    assert 1e-71 < disorder[4] / disorder[5] < 1e-67
    assert heat_capacity(0.0, CRITICAL_TEMPERATURE, SOMMERFELD, VOLUME) == 0.0


def test_entropy_rises_with_temperature_and_stays_below_the_normal_one() -> None:
    temperature = CRITICAL_TEMPERATURE * np.linspace(0.01, 1.5, 500)
    disorder = np.asarray(entropy(temperature, CRITICAL_TEMPERATURE, SOMMERFELD, VOLUME))
    assert np.all(np.diff(disorder) > 0.0)
    normal = SOMMERFELD * VOLUME * temperature
    assert np.all(disorder[temperature < CRITICAL_TEMPERATURE] < normal[temperature < CRITICAL_TEMPERATURE])


def test_above_the_transition_the_metal_is_normal() -> None:
    temperature = np.array([1.2, 1.3, 10.0])
    expected = SOMMERFELD * VOLUME * temperature
    # rounding of a product
    np.testing.assert_allclose(normal_heat_capacity(temperature, SOMMERFELD, VOLUME), expected, rtol=1e-15)
    np.testing.assert_allclose(heat_capacity(temperature, 1.2, SOMMERFELD, VOLUME), expected, rtol=1e-15)
    np.testing.assert_allclose(heat_capacity(temperature, 0.0, SOMMERFELD, VOLUME), expected, rtol=1e-15)


def test_derivatives_are_those_of_finite_differences() -> None:
    temperature = np.concatenate([CRITICAL_TEMPERATURE * np.array([0.05, 0.2, 0.5, 0.8, 0.95]), [0.7, 1.5]])
    critical = np.concatenate([np.full(5, CRITICAL_TEMPERATURE), [0.0, 1.2]])
    slopes = slope_of_heat_capacity(temperature, critical, SOMMERFELD, VOLUME)
    for argument, slope in enumerate(slopes):
        values = []
        for k in (-2, -1, 1, 2):
            shifted = [temperature, critical]
            shifted[argument] = shifted[argument] * (1.0 + 3e-5 * k)
            values.append(np.asarray(heat_capacity(*shifted, SOMMERFELD, VOLUME)))
        difference = (values[0] - 8.0 * values[1] + 8.0 * values[2] - values[3]) / (12.0 * 3e-5)
        # Five-point rule: (36 · 3e-5)⁴/30 and, of rounding, 1e-13/3e-5.
        size = np.abs(difference) + np.abs(values[0])
        assert np.all(np.abs(slope * (temperature, critical)[argument] - difference) < 2e-8 * size)


def test_derivatives_are_finite_from_absolute_zero_to_above_the_transition() -> None:
    temperature = np.concatenate([[0.0, 1e-300, 1e-4], REDUCED, [1.0, 1.1]]) * CRITICAL_TEMPERATURE
    critical = np.full(temperature.size, CRITICAL_TEMPERATURE)
    for slope in slope_of_heat_capacity(temperature, critical, SOMMERFELD, VOLUME):
        assert np.all(np.isfinite(slope))


@pytest.mark.parametrize(("temperature", "critical"), [(-0.1, 1.2), (np.nan, 1.2), (0.5, -1.0), (0.5, np.nan)])
def test_what_cannot_be_gives_nan(temperature: float, critical: float) -> None:
    assert np.isnan(heat_capacity(temperature, critical, SOMMERFELD, VOLUME))
    assert np.isnan(entropy(temperature, critical, SOMMERFELD, VOLUME))
    if not temperature > 0.0:
        assert np.isnan(normal_heat_capacity(temperature, SOMMERFELD, VOLUME))
