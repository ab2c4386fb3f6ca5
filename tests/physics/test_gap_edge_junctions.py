"""Tunnel currents, their noise and heat between superconductors where it is hardest: voltages and gaps at each other's edges.

Temperatures from a hundredth of T_c to just below it, nearly equal and fifty times apart, Γ from 1e-9 to 0.1 Δ.
"""

import itertools

import jax
import numpy as np
from tests.physics.breakpoints import difference_of_occupations, dynes, full, rule

from subkelvin.constants import BOLTZMANN, ELEMENTARY_CHARGE
from subkelvin.physics.heat_noise import tunnel_heat_noise
from subkelvin.physics.quasiparticle_heat import interference_heat_current, quasiparticle_heat_current
from subkelvin.physics.superconductor import bcs_gap
from subkelvin.physics.tunnel_current import (
    charge_current,
    heat_current_from_normal,
    heat_current_into_superconductor,
    thermal_conductance,
)

CRITICAL_TEMPERATURE = 1.2
FAR = 70.0
"""k_BT beyond the last edge, where e^−70 of the electrons are left."""
COLDNESS = (0.01, 0.05, 0.3, 0.9, 0.999)
BROADENINGS = (1e-9, 1e-5, 0.1)
VOLTAGES = (0.0, 1e-9, 0.5, 1.0 - 1e-6, 1.0, 1.0 + 1e-6, 3.0)
KELVIN_PER_VOLT = ELEMENTARY_CHARGE / BOLTZMANN


def junctions() -> np.ndarray:
    """T_N, T_S, V, Δ and Γ [K, K, V, J, J] of every junction, shape (5, junctions)."""
    rows = []
    for coldness, ratio, width, bias in itertools.product(
        COLDNESS, (1.0, 1.0 + 1e-9, 1.0 / 50.0, 50.0), BROADENINGS, VOLTAGES
    ):
        temperature = coldness * CRITICAL_TEMPERATURE
        gap = float(bcs_gap(temperature, CRITICAL_TEMPERATURE))
        normal = min(ratio * temperature, 3.0)
        rows.append((normal, temperature, bias * gap / ELEMENTARY_CHARGE, gap, width * gap))
    return np.array(rows).T


def currents_and_noise(
    normal: float, other: float, voltage: float, gap: float, width: float
) -> tuple[np.ndarray, np.ndarray]:
    """I, Q̇_N, Q̇_S, S_NN, S_SS, S_NS with k_B = e = R = 1, energies in kelvin; and the same without any cancellation."""
    bias, gap, width = voltage * KELVIN_PER_VOLT, gap / BOLTZMANN, width / BOLTZMANN
    energy, weight, away = rule([0.0, bias, gap, max(bias, gap) + FAR * max(normal, other)])
    weight = weight * dynes(energy, away[gap], gap, width)[0]
    below, above, reduced = away[bias], energy + bias, energy / other
    moved = full(below / normal) * full(-above / normal) * -np.expm1(-2.0 * bias / normal)
    current = np.sum(weight * moved)
    heats = np.stack([
        below * difference_of_occupations(normal, other, energy, -bias),
        above * difference_of_occupations(normal, other, energy, bias),
    ])  # fmt: skip
    heat, size = np.sum(weight * heats), np.sum(weight * np.abs(heats))
    first, second = (
        full(e / normal) * full(-s * reduced) + full(-e / normal) * full(s * reduced)
        for e, s in ((below, 1), (above, 1))
    )
    noises = [
        2.0 * np.sum(weight * (below**2 * first + above**2 * second)),
        2.0 * np.sum(weight * energy**2 * (first + second)),
        -2.0 * np.sum(weight * energy * (below * first + above * second)),
    ]
    cross = 2.0 * np.sum(weight * energy * (np.abs(below) * first + above * second))
    values = np.array([current, heat, heat + bias * current, *noises])
    return values, np.array([current, size, size + bias * current, noises[0], noises[1], cross])


def test_currents_heats_and_noise_of_a_junction_at_the_gap_edge() -> None:
    points = junctions()
    arguments = (*points, np.ones(points.shape[1]))
    found = np.stack([
        *(jax.jit(f)(*arguments) for f in (charge_current, heat_current_from_normal, heat_current_into_superconductor)),
        *jax.jit(tunnel_heat_noise)(*arguments),
    ])  # fmt: skip
    expected, size = (
        np.stack(part).T for part in zip(*(currents_and_noise(*point) for point in points.T), strict=True)
    )
    # From kelvin to SI units, with R = 1 Ω.
    unit = np.array(
        [[1.0 / KELVIN_PER_VOLT], *[[KELVIN_PER_VOLT**-2.0]] * 2, *[[BOLTZMANN * KELVIN_PER_VOLT**-2.0]] * 3]
    )
    # What the docstrings promise; heats against the larger of what compensates.
    promised = np.array([[1e-11]] * 3 + [[1e-9]] * 3)
    np.testing.assert_array_less(np.abs(found - unit * expected), promised * unit * size + 1e-290)


def test_thermal_conductance_at_the_gap_edge() -> None:
    points = junctions()[:, :: len(VOLTAGES)]
    temperature, gap, width = points[1], points[3], points[4]
    expected = []
    for kelvin, edge, broad in zip(temperature, gap / BOLTZMANN, width / BOLTZMANN, strict=True):
        energy, weight, away = rule([0.0, edge, edge + FAR * kelvin])
        window = full(energy / kelvin) * full(-energy / kelvin) * (energy / kelvin) ** 2
        expected.append(2.0 * np.sum(weight * dynes(energy, away[edge], edge, broad)[0] * window))
    found = jax.jit(thermal_conductance)(temperature, gap, width, np.ones(gap.size))
    # As the currents of the same rule.
    np.testing.assert_allclose(found, np.array(expected) / KELVIN_PER_VOLT**2, rtol=1e-11)


def heats_between_superconductors(
    first: float, second: float, gap_1: float, gap_2: float, width_1: float, width_2: float
) -> tuple[float, float]:
    """J at φ = 0, and J_int [W] with R = 1 Ω, in joules, because the difference of the gaps is exact there."""
    hottest = BOLTZMANN * max(first, second)
    energy, weight, away = rule([0.0, gap_1, gap_2, max(gap_1, gap_2) + FAR * hottest], closest=1e-60)
    (density, pairing), (other_density, other_pairing) = (
        dynes(energy, away[gap], gap, width) for gap, width in ((gap_1, width_1), (gap_2, width_2))
    )
    occupied = difference_of_occupations(first, second, energy / BOLTZMANN, 0.0)
    carried = 2.0 * (weight / ELEMENTARY_CHARGE) * (energy / ELEMENTARY_CHARGE) * occupied
    states, pairs = density * other_density, pairing * other_pairing
    return float(np.sum(carried * (states - pairs))), float(np.sum(carried * pairs))


def test_heat_between_superconductors_whose_gaps_nearly_agree() -> None:
    rows = []
    for coldness, ratio, apart, (broad, broader) in itertools.product(
        COLDNESS,
        (1.0 + 1e-9, 0.5, 1.0 / 30.0),
        (0.0, 1e-9, 0.3, -0.3),
        ((1e-9, 1e-9), (1e-5, 0.1), (0.0, 1e-9), (0.0, 0.0)),
    ):
        temperature = coldness * CRITICAL_TEMPERATURE
        gap = float(bcs_gap(temperature, CRITICAL_TEMPERATURE))
        other = gap * (1.0 + apart)
        if gap != other or broader:
            rows.append((temperature, temperature * ratio, gap, other, broad * gap, broader * other))
    points = np.array(rows).T
    phases = np.array([[0.0], [0.3], [np.pi]])
    at_rest, interference = np.array([heats_between_superconductors(*point) for point in points.T]).T
    expected = at_rest + interference * 2.0 * np.sin(phases / 2.0) ** 2
    # Rounding: of e^{−Δ/k_BT} up to 176 · 1e-16, of sums of some 10⁴ terms.
    np.testing.assert_allclose(jax.jit(quasiparticle_heat_current)(*points, phases, 1.0), expected, rtol=1e-11)
    np.testing.assert_allclose(jax.jit(interference_heat_current)(*points, 1.0), interference, rtol=1e-11)
