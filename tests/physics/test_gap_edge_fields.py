"""Admittance of a junction and conductivity of a superconductor at frequencies just below, at and above Δ and 2Δ.

Temperatures from a hundredth of T_c to a millionth below it.
"""

import itertools

import jax
import numpy as np
from tests.physics.breakpoints import between, distances, dynes, full

from subkelvin.constants import BOLTZMANN, REDUCED_PLANCK
from subkelvin.physics.mattis_bardeen import conductivity_ratio
from subkelvin.physics.superconductor import bcs_gap
from subkelvin.physics.tunnel_admittance import admittance_ratio

CRITICAL_TEMPERATURE = 1.2
COLDNESS = (0.01, 0.05, 0.2, 0.5, 0.9, 0.999, 1.0 - 1e-6)
FAR = 80.0
"""k_BT beyond an edge."""
SHIFTS = (-1e-3, -1e-9, 0.0, 1e-9, 1e-3)
"""From Δ and from 2Δ, in units of Δ."""


def gap_at(coldness: float) -> tuple[float, float]:
    """T [K] and Δ [J]."""
    temperature = coldness * CRITICAL_TEMPERATURE
    return temperature, float(bcs_gap(temperature, CRITICAL_TEMPERATURE))


def dissipation(x: float, u: float, below: float, w: float) -> float:
    """Re y = ∫_0^∞ dε N (f(ε − u) − f(ε + u))/u, with x − u given because rounding of x and u counts at the edge."""
    places = {"gap": x, "photon": u}
    order = ["photon", "gap"] if below > 0.0 else ["gap", "photon"]
    if below == 0.0:
        order, places = ["gap"], {"gap": x}
    offset = {("gap", "photon"): below, ("photon", "gap"): -below}
    top = max(x, u) + FAR
    names = ["origin", *order, "top"]
    places |= {"origin": 0.0, "top": top}
    breaks = [
        (places[one], [offset.get((one, other), places[one] - places[other]) for other in names]) for one in names
    ]
    energy, weight, away = between(breaks)
    beyond = away[names.index("gap")]
    from_photon = beyond + below
    if "photon" in names:
        from_photon = away[names.index("photon")]
    density, _ = dynes(energy, beyond, x, w)
    window = full(from_photon) * full(-energy - u) * -np.expm1(-2.0 * u)
    return float(np.sum(weight * density * window) / u)


def test_dissipation_of_a_junction_at_the_gap_edge() -> None:
    rows = []
    for coldness, broadening, ratio in itertools.product(
        COLDNESS, (0.0, 1e-9, 1e-4, 0.1), (1e-9, 0.5, 0.9, *(1.0 + s for s in SHIFTS), *(2.0 + s for s in SHIFTS), 10.0)
    ):
        temperature, gap = gap_at(coldness)
        rows.append((temperature, ratio * gap / REDUCED_PLANCK, gap, broadening * gap))
    points = np.array(rows).T
    found = np.real(jax.jit(admittance_ratio)(*points))
    thermal, quantum = BOLTZMANN * points[0], REDUCED_PLANCK * points[1]
    below = (points[2] - quantum) / thermal
    arguments = np.stack([points[2] / thermal, quantum / thermal, below, points[3] / thermal])
    expected = np.array([dissipation(*point) for point in arguments.T])
    # The docstring's 1e-12, and the rounding of e^{−(Δ − ħω)/k_BT}.
    allowed = 1e-12 + np.finfo(float).eps * np.abs(below)
    np.testing.assert_array_less(np.abs(found / expected - 1.0), allowed)


def conductivity(x: float, u: float) -> tuple[float, float]:
    """σ1/σ_N and σ2/σ_N, distances to the edges being the variables: δ, e' and e'' from the module's page."""
    above, weight = distances(FAR, closest=1e-44)
    energy = x + above
    window = full(energy) * full(-energy - u) * -np.expm1(-u)
    roots = np.sqrt(above * (energy + x)) * np.sqrt((above + u) * (above + u + 2.0 * x))
    absorbed = 2.0 * np.sum(weight * window * (energy**2 + x**2 + u * energy) / roots)
    excess = u - 2.0 * x
    if excess > 0.0:
        near, weight = distances(excess / 2.0, closest=1e-44)
        far = excess - near
        coherence = (near * far + x * excess) / np.sqrt(near * (near + 2.0 * x) * far * (far + 2.0 * x))
        absorbed += np.sum(weight * coherence * (np.tanh((x + near) / 2.0) + np.tanh((x + far) / 2.0)))
    length = min(u, 2.0 * x)
    distance, weight = distances(length / 2.0, closest=1e-44)
    stored = 0.0
    # From the lower end of the supercurrent's energies, then from Δ down.
    for low, high in ((distance, length - distance), (length - distance, distance)):
        first, second = low + max(-excess, 0.0), low + max(excess, 0.0)
        coherence = (first * second - x * excess) / np.sqrt(high * first * second * (second + 2.0 * x))
        stored += float(np.sum(weight * np.tanh((x + second) / 2.0) * coherence))
    return float(absorbed) / u, stored / u


def test_conductivity_where_pairs_begin_to_break() -> None:
    rows = []
    for coldness, ratio in itertools.product(
        COLDNESS, (1e-5, 0.01, 0.5, *(1.0 + s for s in SHIFTS), *(2.0 + 2.0 * s for s in SHIFTS), 3.0, 30.0, 1000.0)
    ):
        temperature, gap = gap_at(coldness)
        rows.append((temperature, ratio * gap / REDUCED_PLANCK, gap))
    points = np.array(rows).T
    found = np.asarray(jax.jit(conductivity_ratio)(*points))
    thermal = BOLTZMANN * points[0]
    arguments = np.stack([points[2] / thermal, REDUCED_PLANCK * points[1] / thermal])
    expected = np.array([conductivity(*point) for point in arguments.T])
    # What the docstring promises.
    np.testing.assert_allclose(found.real, expected[:, 0], rtol=1e-9)
    np.testing.assert_allclose(-found.imag, expected[:, 1], rtol=1e-9)
