"""Electron-phonon power of a broadened superconductor, against the double integral by Gauss's rule with every edge resolved."""

from collections.abc import Sequence

import jax
import numpy as np
import pytest
from scipy.special import zeta

from subkelvin.constants import BOLTZMANN
from subkelvin.physics.electron_phonon import dynes_electron_phonon_power

NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
OFFSETS = np.geomspace(1e-2, 1e9, 45)
"""In units of the broadening: panels crowd towards an edge until it is smooth on them."""
CRITICAL_TEMPERATURE = 1.2
FAR = 60.0
"""k_BT beyond an edge, where e^−60 of the electrons or phonons are left."""

dynes_power = jax.jit(dynes_electron_phonon_power)


def rule_between(
    edges: Sequence[float], lowest: float, highest: float, broadening: float
) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights on panels that begin and end at every edge."""
    near = [edge + sign * broadening * offset for edge in edges for sign in (-1.0, 1.0) for offset in OFFSETS]
    points = np.unique([point for point in (lowest, highest, *edges, *near) if lowest <= point <= highest])
    half, middle = np.diff(points) / 2.0, (points[1:] + points[:-1]) / 2.0
    return (middle[:, None] + half[:, None] * NODES).ravel(), (half[:, None] * WEIGHTS).ravel()


def double_integral(electron: float, phonon: float, x: float, w: float) -> float:
    """P/ΣV = T_e⁵/(24ζ(5)) ∫dε ε³ [n(ε) − n(εT_e/T_ph)] ∫dE (NN' − FF')(f − f'), energies in k_BT_e."""

    def densities(energy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        z = energy + 1j * w
        root = np.sqrt(z - x) * np.sqrt(z + x)
        return (z / root).real, (x / root).real

    tau = phonon / electron
    total = 0.0
    for phonon_energy, weight in zip(
        *rule_between((0.0, x, 2.0 * x), 0.0, 2.0 * x + FAR * max(1.0, tau), w), strict=True
    ):
        edges = (-x, x, -x - phonon_energy, x - phonon_energy, 0.0, -phonon_energy)
        energy, width = rule_between(edges, -x - phonon_energy - FAR, x + FAR, w)
        (density, pairing), (final_density, final_pairing) = densities(energy), densities(energy + phonon_energy)
        window = -np.expm1(-phonon_energy) / ((1.0 + np.exp(-energy - phonon_energy)) * (1.0 + np.exp(energy)))
        kernel = np.sum(width * (density * final_density - pairing * final_pairing) * window)
        occupation = 1.0 / np.expm1(phonon_energy) - 1.0 / np.expm1(phonon_energy / tau)
        total += weight * phonon_energy**3 * occupation * kernel
    return float(total / (24.0 * zeta(5)) * electron**5)


@pytest.mark.parametrize(
    ("electron", "phonon", "dynes"),
    [(0.09, 0.05, 1e-4), (0.12, 0.05, 1e-5), (0.2, 0.05, 1e-3), (0.3, 0.1, 3e-2), (0.05, 0.3, 1e-6), (0.1, 0.02, 1e-2)],
)
def test_the_power_is_the_double_integral(electron: float, phonon: float, dynes: float) -> None:
    zero_gap = 1.764 * CRITICAL_TEMPERATURE
    gap = zero_gap * np.tanh(1.74 * np.sqrt(CRITICAL_TEMPERATURE / electron - 1.0))
    expected = double_integral(electron, phonon, gap / electron, dynes * zero_gap / electron)
    found = float(dynes_power(electron, phonon, 1.0, BOLTZMANN * gap, BOLTZMANN * dynes * zero_gap))
    # What the docstring promises; without a break at Δ the first two were off by 4e-4 and 6e-4.
    assert found == pytest.approx(expected, rel=1e-8, abs=0.0)
