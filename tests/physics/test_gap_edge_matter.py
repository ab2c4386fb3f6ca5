"""Heat capacity, entropy and the coupling to phonons from a thousandth of T_c to the last float below it.

Phonons nearly at the temperature of the electrons, a thousand times colder and fifty times hotter.
"""

import jax
import numpy as np
import pytest
from scipy.special import zeta
from tests.physics.breakpoints import distances, full

from subkelvin.constants import BOLTZMANN
from subkelvin.physics.electron_phonon import (
    superconducting_electron_phonon_power,
    superconducting_electron_phonon_power_integral,
)
from subkelvin.physics.heat_capacity import superconducting_entropy, superconducting_heat_capacity
from subkelvin.physics.heat_noise import superconducting_electron_phonon_noise
from subkelvin.physics.superconductor import bcs_gap

CRITICAL_TEMPERATURE = 1.2
FAR = 75.0
"""k_BT beyond an edge, where e^−75 of the electrons or phonons are left."""


def test_entropy_and_heat_capacity_up_to_the_last_float_below_the_transition() -> None:
    coldness = np.array([0.003, 0.01, 0.02, 0.05, 0.1, 0.3, 0.6, 0.9, 0.99, 0.999, 1.0 - 1e-9, np.nextafter(1.0, 0.0)])
    temperature = coldness * CRITICAL_TEMPERATURE
    found = [
        np.asarray(jax.jit(function)(temperature, CRITICAL_TEMPERATURE, 1.0, 1.0)) / temperature
        for function in (superconducting_entropy, superconducting_heat_capacity)
    ]
    reduced_gaps = np.asarray(bcs_gap(temperature, CRITICAL_TEMPERATURE)) / (BOLTZMANN * temperature)
    expected = np.array([entropy_and_heat_capacity(float(x)) for x in reduced_gaps]).T
    # 1e-11 is promised; the rounding of e^{−588} at 0.003 T_c is 1e-13.
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def entropy_and_heat_capacity(x: float) -> tuple[float, float]:
    """Both over γVT: Gauss's rule in η, and P = ∫dη [w(η) − w(y)]/(x²/2) as the mean of w'(y)/y over the square of the gap."""
    eta, weight = distances(np.sqrt(FAR * (FAR + 2.0 * x)), closest=1e-6)
    y = np.hypot(eta, x)
    window = full(y) * full(-y)
    disorder = np.log1p(np.exp(-y)) + y * full(y)
    # w(η) − w(y) = ∫_0^x² ds tanh(e/2) w(e)/2e with e = √(η² + s); Gauss's rule in √s, on which it is even and smooth.
    depth, share = distances(x, closest=1e-3)
    inner = np.hypot(eta[:, None], depth)
    slope = np.tanh(inner / 2.0) * full(inner) * full(-inner) / inner
    stiffness = (2.0 / x**2) * np.sum(weight[:, None] * share * depth * slope)
    closing, fixed = np.sum(weight * window), np.sum(weight * window * y**2)
    scale = 6.0 / np.pi**2
    return float(scale * np.sum(weight * disorder)), float(scale * (fixed + 2.0 * closing**2 / stiffness))


def phonon_moments(electron: float, phonon: float, x: float) -> tuple[float, float]:
    """P/ΣV [K⁵] and S/ΣV [K⁶ k_B], by Gauss's rule in the roots of the distances to the thresholds."""
    tau = phonon / electron
    farthest, nearest = FAR * max(1.0, tau), 1e-9 * min(1.0, tau)
    root, share = distances(np.sqrt(FAR), closest=1e-10)
    lower, spacing = root**2, 2.0 * root * share
    energy, weight = distances(farthest, closest=nearest / farthest)
    upper = lower + energy[:, None]
    coherence = (lower * upper + x * (lower + upper)) / np.sqrt(lower * (2 * x + lower) * upper * (2 * x + upper))
    window = full(x + lower) * full(-x - upper) * -np.expm1(-energy)[:, None]
    scattering = weight * 2.0 * np.sum(spacing * coherence * window, axis=1)

    above, weight = distances(farthest, closest=nearest / farthest)
    root, share = distances(np.sqrt(0.5), closest=1e-10)
    part, spacing = root**2, 2.0 * root * share
    first, second = above[:, None] * part, above[:, None] * (1.0 - part)
    coherence = (x * x + (x + first) * (x + second)) / np.sqrt((2 * x + first) * (2 * x + second) * part * (1.0 - part))
    window = -np.expm1(-2.0 * x - above)[:, None] * full(-x - first) * full(-x - second)
    breaking = weight * 2.0 * np.sum(spacing * coherence * window, axis=1)

    phonons, rates = np.concatenate([energy, 2.0 * x + above]), np.concatenate([scattering, breaking])
    difference, crossing = occupations(phonons, tau, (electron - phonon) / phonon)
    norm = 24.0 * zeta(5)
    power = np.sum(rates * phonons**3 * difference) * electron**5 / norm
    return float(power), float(2.0 * np.sum(rates * phonons**4 * crossing) * electron**6 / norm)


def occupations(energy: np.ndarray, tau: float, excess: float) -> tuple[np.ndarray, np.ndarray]:
    """n_e − n_ph and n_e(1 + n_ph) + n_ph(1 + n_e), n_e at ε and n_ph at ε/τ, with 1/τ − 1 given."""
    hot, cold = np.exp(-energy), np.exp(-energy / tau)
    below = np.expm1(-energy) * np.expm1(-energy / tau)
    larger = hot if excess >= 0.0 else cold
    return np.sign(excess) * larger * -np.expm1(-energy * abs(excess)) / below, (hot + cold) / below


@pytest.mark.parametrize("coldness", [0.01, 0.3, 0.6, 1.0 - 1e-8])
def test_power_and_noise_of_a_superconductor_and_its_phonons(coldness: float) -> None:
    electron = coldness * CRITICAL_TEMPERATURE
    phonon = electron * np.array([1.0 + 1e-9, 0.5, 1e-3, 5.0, 50.0])
    gap = float(bcs_gap(electron, CRITICAL_TEMPERATURE))
    arguments = (np.full(phonon.size, electron), phonon, 1.0, np.full(phonon.size, gap))
    table, integral, noise = (
        np.asarray(jax.jit(function)(*arguments))
        for function in (
            superconducting_electron_phonon_power,
            superconducting_electron_phonon_power_integral,
            superconducting_electron_phonon_noise,
        )
    )
    power, spectrum = np.array([phonon_moments(electron, float(p), gap / BOLTZMANN / electron) for p in phonon]).T
    # What the docstrings promise; of the noise, what fluctuation and dissipation are tested to.
    np.testing.assert_allclose(integral, power, rtol=1e-11)
    np.testing.assert_allclose(table, power, rtol=1e-7)
    np.testing.assert_allclose(noise, BOLTZMANN * spectrum, rtol=1e-11)
