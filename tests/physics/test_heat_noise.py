"""Noise of heat currents: fluctuation and dissipation in equilibrium, and independent integrals away from it."""

import itertools

import jax
import mpmath
import numpy as np
import pytest

from subkelvin.constants import BOLTZMANN, ELEMENTARY_CHARGE
from subkelvin.physics.electron_phonon import superconducting_electron_phonon_power_integral
from subkelvin.physics.heat_noise import (
    equilibrium_heat_noise,
    normal_electron_phonon_noise,
    superconducting_electron_phonon_noise,
    tunnel_heat_noise,
)
from subkelvin.physics.tunnel_current import thermal_conductance

COUPLING, TEMPERATURE, RESISTANCE = 1e-12, 0.2, 1e3
GAP = 1.764 * BOLTZMANN * 1.2


@pytest.mark.parametrize("exponent", [2.0, 3.0, 4.0, 5.0, 6.0, 10.0])
def test_normal_electrons_and_phonons_obey_fluctuation_and_dissipation(exponent: float) -> None:
    noise = normal_electron_phonon_noise(TEMPERATURE, TEMPERATURE, COUPLING, exponent)
    conductance = exponent * COUPLING * TEMPERATURE ** (exponent - 1.0)
    np.testing.assert_allclose(noise, equilibrium_heat_noise(TEMPERATURE, conductance), rtol=1e-13)


def test_cold_phonons_leave_the_spontaneous_emission_of_closed_form() -> None:
    # 2 k_B ΣV T^{n+1} Γ(n+1)ζ(n+1)/[Γ(n)ζ(n)]; phonons at T/300 change it by less than (1/300)^6.
    expected = 2.0 * BOLTZMANN * COUPLING * 0.3**6 * 5.0 * float(mpmath.zeta(6) / mpmath.zeta(5))
    np.testing.assert_allclose(normal_electron_phonon_noise(0.3, 1e-3, COUPLING, 5.0), expected, rtol=1e-12)


@pytest.mark.parametrize("reduced_gap", [0.01, 1.0, 3.0, 8.0, 20.0])
def test_superconducting_electrons_and_phonons_obey_fluctuation_and_dissipation(reduced_gap: float) -> None:
    gap = reduced_gap * BOLTZMANN * TEMPERATURE
    # By the temperature of the phonons: that of the electrons changes the kernel as well, but not where P vanishes.
    conductance = -jax.grad(
        lambda phonon: superconducting_electron_phonon_power_integral(TEMPERATURE, phonon, COUPLING, gap)
    )(TEMPERATURE)
    noise = superconducting_electron_phonon_noise(TEMPERATURE, TEMPERATURE, COUPLING, gap)
    np.testing.assert_allclose(noise, equilibrium_heat_noise(TEMPERATURE, conductance), rtol=1e-11)


def test_without_a_gap_the_superconductor_is_a_normal_metal() -> None:
    pair = (0.3, 0.1, COUPLING)
    np.testing.assert_allclose(
        superconducting_electron_phonon_noise(*pair, 1e-6 * BOLTZMANN),
        normal_electron_phonon_noise(*pair, 5.0),
        rtol=1e-9,
    )


@pytest.mark.parametrize("temperature", [0.05, 0.3, 0.9])
@pytest.mark.parametrize("dynes", [1e-4, 1e-2])
def test_a_tunnel_junction_obeys_fluctuation_and_dissipation(temperature: float, dynes: float) -> None:
    junction = (GAP, dynes * GAP, RESISTANCE)
    normal, superconductor, cross = tunnel_heat_noise(temperature, temperature, 0.0, *junction)
    expected = equilibrium_heat_noise(temperature, thermal_conductance(temperature, *junction))
    np.testing.assert_allclose(normal, expected, rtol=1e-11)
    np.testing.assert_allclose(superconductor, expected, rtol=1e-11)
    np.testing.assert_allclose(cross, -expected, rtol=1e-11)


@pytest.mark.parametrize(("normal", "superconductor", "voltage"), [(0.3, 0.1, 1.5e-4), (0.1, 0.4, 2.5e-4)])
def test_a_biased_junction_has_the_noise_of_the_integral_as_it_stands(
    normal: float, superconductor: float, voltage: float
) -> None:
    bias, width = ELEMENTARY_CHARGE * voltage, 1e-3 * GAP
    edges = np.array(sorted((-GAP, -bias, 0.0, bias, GAP)))
    reach = 60.0 * BOLTZMANN * max(normal, superconductor)
    edges = np.concatenate([[edges[0] - reach], edges, [edges[-1] + reach]])
    nodes, weights = np.polynomial.legendre.leggauss(24)
    shares = np.concatenate([[0.0], np.geomspace(1e-10, 1.0, 40)])
    totals = np.zeros(3)
    for a, b in itertools.pairwise(edges):
        for edge, middle in ((a, 0.5 * (a + b)), (b, 0.5 * (a + b))):
            low, high = shares[:-1, None], shares[1:, None]
            energy = edge + (middle - edge) * (low + 0.5 * (high - low) * (1.0 + nodes))
            measure = abs(middle - edge) * 0.5 * (high - low) * weights
            z = energy + 1j * width
            density = np.abs((z / (np.sqrt(z - GAP) * np.sqrt(z + GAP))).real)
            first = 1.0 / (1.0 + np.exp((energy - bias) / (BOLTZMANN * normal)))
            second = 1.0 / (1.0 + np.exp(energy / (BOLTZMANN * superconductor)))
            rate = measure * density * (first * (1.0 - second) + second * (1.0 - first))
            totals += [
                np.sum(rate * (energy - bias) ** 2),
                np.sum(rate * energy**2),
                -np.sum(rate * (energy - bias) * energy),
            ]
    expected = 2.0 * totals / (ELEMENTARY_CHARGE**2 * RESISTANCE)
    ours = np.array(tunnel_heat_noise(normal, superconductor, voltage, GAP, width, RESISTANCE))
    np.testing.assert_allclose(ours, expected, rtol=1e-11)


@pytest.mark.parametrize("voltage", [0.0, 1e-9, 2e-4])
@pytest.mark.parametrize("broadening", [0.0, 1e-3 * GAP])
def test_above_the_critical_temperature_the_junction_is_one_between_normal_metals(
    voltage: float, broadening: float
) -> None:
    temperature = 1.3
    bias = mpmath.mpf(ELEMENTARY_CHARGE) * voltage / (mpmath.mpf(BOLTZMANN) * temperature)
    unit = 2.0 * (BOLTZMANN * temperature) ** 3 / (ELEMENTARY_CHARGE**2 * RESISTANCE)

    def moment(first: mpmath.mpf, second: mpmath.mpf) -> float:
        """∫dε (ε − first)(ε − second) {f_N(1 − f_S) + f_S(1 − f_N)}, energies in k_BT."""

        def integrand(energy: mpmath.mpf) -> mpmath.mpf:
            occupied, other = (1 / (1 + mpmath.exp(energy - level)) for level in (bias, 0))
            rate = occupied * (1 - other) + other * (1 - occupied)
            return (energy - first) * (energy - second) * rate

        return unit * float(mpmath.quad(integrand, [-80, -20, -5, 0, 5, 20, 80]))

    expected = [moment(bias, bias), moment(0, 0), -moment(bias, 0)]
    found = tunnel_heat_noise(temperature, temperature, voltage, 0.0, broadening, RESISTANCE)
    # The docstring's 1e-9.
    np.testing.assert_allclose(np.array(found), expected, rtol=1e-9)


def test_invalid_arguments_give_nan() -> None:
    # Towards n = 1 the energies below the lowest node count: 5 % at 1.05.
    assert np.isnan(normal_electron_phonon_noise(0.1, 0.1, COUPLING, 1.05))
    assert np.isnan(normal_electron_phonon_noise(-0.1, 0.1, COUPLING, 5.0))
    assert np.isnan(superconducting_electron_phonon_noise(0.1, 0.1, COUPLING, -GAP))
    assert np.all(np.isnan(np.array(tunnel_heat_noise(0.1, 0.1, 0.0, GAP, 0.0, RESISTANCE))))
