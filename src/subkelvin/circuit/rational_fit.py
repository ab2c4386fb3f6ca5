"""A circuit with lines or measured elements as one with poles: its transmissions fitted by rational functions of ω².

Poles come from the AAA algorithm, residues from a least-squares fit. Both weigh a deviation as thermal photons do that go between
two reservoirs of nearly equal temperature, x² e^{−x}/(1 − e^{−x})² with x = ħω/k_BT, at the hottest temperature that is asked
for; colder ones weigh high frequencies less.

𝒯 is real and even in ω, so that the fit is one of real data in ω². Its poles come in mirrored pairs by themselves. The
transfer amplitude would do with half as many, but turns with the delay of a line, which |amplitude|² does not: between matched ends
𝒯 = 1, and no pole is needed.

How far the fit is from the circuit is measured where it was not made: between all frequencies of the fit and around every pole it
has. det M(ω) of Kirchhoff's laws shows resonances that fall between two frequencies; the mesh is made finer until none
does. Docs: docs/physics.md, section 4.
"""

import dataclasses
import math

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.circuit.circuit import Circuit
from subkelvin.circuit.deviation import HIGHEST, LOWEST, band_edges, lost_heat, photon_weight, with_deviation
from subkelvin.circuit.partial_fractions import PartialFractions, fractions
from subkelvin.circuit.transmission import determinant_phase, transmission
from subkelvin.constants import THERMAL_FREQUENCY
from subkelvin.numerics.rational_approximation import adapted_support, poles_of

POINTS_PER_BAND = 4
POINTS_PER_RIPPLE = 8
"""Frequencies in one period π/τ of a line's transmission."""
MOST_RIPPLES = 96
"""Periods of all lines below the highest frequency; each takes two poles."""
MOST_POLES = 208
MOST_FREQUENCIES = 4096
LARGEST_TURN = 1.0
"""Radians that det M may turn between two frequencies."""
NARROWEST = 1e-12
"""Relative width below which an interval is not halved."""
COLDEST = 1e-2
"""In units of the hottest temperature: the fit aims at its accuracy down to here; below, the error says what is left of it."""
FIT_TOLERANCES = (1e-12, 3e-13, 1e-13)
"""Weighted deviations of the fit, relative to the heat, which are tried until the fit is good."""
GOOD_ERROR = 5e-11
"""Stated error, relative to the heat, with which the fit ends."""
REFINED = 4.0
"""In units of the fit's own deviation: where it is off by more, the next fit is made there too."""
HOPELESS = 1e-8
"""Weighted deviation beyond which poles do not describe the circuit, as at the many bends of a table: one round is enough."""
LARGEST_ERROR = 1e-9
"""Stated error above which a fit is worth nothing, relative to the heat."""
INDEPENDENT = 4
"""So many transmissions, or mixtures of them, determine the poles."""
AROUND_POLE = np.array([-8.0, -3.0, -1.2, -0.4, 0.0, 0.4, 1.2, 3.0, 8.0])
"""Where deviations are measured around a pole, in units of its distance from the real axis."""
ON_AXIS = 1e-13
"""|Im s|/|s| below which a pole counts as real."""
ALONE = 1e-6
"""Re s/|s| below which a pole is its own mirror image."""
ASIDE = 0.15
"""By this fraction of itself a real pole is moved away from the axis."""
CHUNK = 512


def with_rational_fit(circuit: Circuit, hottest: float) -> tuple[Circuit, str]:
    """The circuit with the route "rational" and its fit, or the circuit as it is and why there is no such fit.

    Args:
        circuit, hottest: as for `rational_fit`.
    """
    fit = rational_fit(circuit, hottest)
    if isinstance(fit, str):
        return circuit, f"The rational fit was not taken because {fit}."
    return dataclasses.replace(circuit, route="rational", fit=fit), ""


def rational_fit(circuit: Circuit, hottest: float) -> PartialFractions | str:
    """The transmissions of all pairs of radiators as sums over poles, or why there is no such fit that is good and cheap.

    Args:
        circuit: of plain numbers, whose admittances do not depend on temperature.
        hottest: the highest temperature of any island for which the fit is to hold [K].

    Returns:
        The fit, or the rest of a sentence that begins with "The rational fit was not taken because".

    Validity:
        0 ≤ T ≤ hottest. The deviation stated for a band is twice the largest that was measured in it, between the frequencies
        of the fit and on the flanks of its poles.
    """
    refused = refusal(circuit, hottest)
    if refused:
        return refused
    unit = THERMAL_FREQUENCY * hottest
    ripples = HIGHEST * unit * float(np.sum(circuit.lines.delay)) / math.pi
    if ripples > MOST_RIPPLES:
        return (
            f"{ripples:.0f} resonances of lines lie below {HIGHEST:g} k_BT/ħ at {hottest:g} K, more than {MOST_RIPPLES}"
        )
    with jax.ensure_compile_time_eval():
        mesh = _resolved(circuit, _starting_mesh(circuit, unit))
        if mesh is None:
            return f"its resonances need more than {MOST_FREQUENCIES} frequencies"
        return _fitted(circuit, mesh, hottest)


def refusal(circuit: Circuit, hottest: float) -> str:
    """Why a circuit cannot have a rational fit at all, as the rest of a sentence; empty if it can."""
    branches = circuit.branches
    if any(isinstance(leaf, jax.core.Tracer) for leaf in jax.tree.leaves(circuit)):
        return "a derivative by values of the circuit is taken, which a fit does not have"
    if np.ndim(branches.normal_conductance) > 1 or np.ndim(circuit.lines.delay) > 1:
        return "values of the circuit are swept, and each needs a fit of its own"
    if branches.spectra or np.any(np.asarray(branches.critical_temperature) > 0.0):
        return "an admittance of the circuit depends on temperature"
    if not circuit.pairs.shape[0]:
        return "no two radiators are on different islands"
    if not (math.isfinite(hottest) and hottest > 0.0):
        return f"the highest temperature must be positive, but is {hottest:g} K"
    return ""


def _starting_mesh(circuit: Circuit, unit: float) -> np.ndarray:
    """Frequencies within every band, within every period of a line, and the rows of tables [rad/s]."""
    edges = band_edges()[1:]
    share = np.arange(POINTS_PER_BAND) / POINTS_PER_BAND
    parts = [(edges[:-1, None] * (edges[1:] / edges[:-1])[:, None] ** share).reshape(-1) * unit, [HIGHEST * unit]]
    delay = float(np.sum(circuit.lines.delay))
    if delay > 0.0:
        parts.append(
            np.arange(1, HIGHEST * unit * delay * POINTS_PER_RIPPLE / math.pi) * math.pi / (POINTS_PER_RIPPLE * delay)
        )
    for rows in (circuit.branches.table_frequency, circuit.two_ports.table_frequency):
        parts.append(np.asarray(rows).reshape(-1))
    mesh = np.unique(np.concatenate(parts))
    return mesh[(mesh >= LOWEST * unit) & (mesh <= HIGHEST * unit)]


def _resolved(circuit: Circuit, mesh: np.ndarray) -> np.ndarray | None:
    """The mesh with intervals halved in which det M turns far; None if it becomes too fine."""
    phase = _evaluated(circuit, mesh)[1]
    while mesh.size <= MOST_FREQUENCIES:
        turn = np.abs(np.angle(phase[1:] * np.conj(phase[:-1])))
        coarse = np.flatnonzero((turn > LARGEST_TURN) & (np.diff(mesh) > NARROWEST * mesh[1:]))
        if not coarse.size:
            return mesh
        middle = 0.5 * (mesh[coarse] + mesh[coarse + 1])
        mesh, phase = np.insert(mesh, coarse + 1, middle), np.insert(phase, coarse + 1, _evaluated(circuit, middle)[1])
    return None


def _fitted(circuit: Circuit, mesh: np.ndarray, hottest: float) -> PartialFractions | str:
    """Fit on a mesh, measure between, and take in what is missed, until the fit is good enough; the best one of all rounds."""
    unit = THERMAL_FREQUENCY * hottest
    values = _evaluated(circuit, mesh)[0]
    best, least = None, math.inf
    for tolerance in FIT_TOLERANCES:
        if not np.all(np.isfinite(values)):
            return "its transmission is not finite at some frequency"
        ratio = mesh / unit
        weight = photon_weight(ratio)
        heat = np.trapezoid(values * weight, ratio, axis=1)
        scale = np.where(heat > 0.0, heat, 1.0)
        scaled = values / scale[:, None]
        counted = weight / _allowed(ratio, scaled)
        support = adapted_support(ratio, _mixtures(scaled), counted, tolerance, MOST_POLES)
        poles = _off_axis(poles_of(support))
        decay, strength, limit = _residues(ratio, scaled, counted, poles)
        strength, limit = strength * scale[:, None] * unit**2, limit * scale
        between = _between(mesh, poles * unit)
        there = _evaluated(circuit, between)[0]
        order = np.argsort(np.concatenate([mesh, between]), kind="stable")
        mesh = np.concatenate([mesh, between])[order]
        values = np.concatenate([values, there], axis=1)[:, order]
        off = np.abs(fractions(decay * unit, strength, limit, mesh) - values)
        fit = with_deviation(hottest, decay * unit, strength, limit, mesh, off)
        seen = np.trapezoid(values * photon_weight(mesh / unit), mesh / unit, axis=1)
        worst = float(np.max(lost_heat(fit) / np.where(seen > 0.0, seen, 1.0)))
        if worst < least:
            best, least = fit, worst
        if least <= GOOD_ERROR or support.deviation > HOPELESS:
            break
        missed = np.max(off / scale[:, None], axis=0) * photon_weight(mesh / unit)
        allowed = _allowed(mesh / unit, values / scale[:, None])
        wrong = missed > REFINED * max(tolerance, support.deviation) * allowed
        keep = (order < ratio.size) | wrong
        keep[1:] &= np.diff(mesh) > NARROWEST * mesh[1:]
        mesh, values = mesh[keep], values[:, keep]
        if mesh.size > MOST_FREQUENCIES:
            break
    if best is None or least > LARGEST_ERROR:
        return f"with {poles.size} poles it would be off by {least:.1g} of the heat at {hottest:g} K"
    return best


def _mixtures(values: np.ndarray) -> np.ndarray:
    """All transmissions, or a few mixtures of them if they are many: their poles are the same."""
    if values.shape[0] <= INDEPENDENT:
        return values
    share = np.random.default_rng(0).uniform(0.0, 1.0, (INDEPENDENT, values.shape[0]))
    return np.asarray((share / np.sum(share, axis=1, keepdims=True)) @ values)


def _allowed(ratio: np.ndarray, scaled: np.ndarray) -> np.ndarray:
    """How much larger than elsewhere a deviation may be: close to a narrow resonance, which has only digits relative to its
    height, and in proportion to 1/ω where there are few photons at any temperature that matters.
    """
    return np.max(scaled, axis=0) + np.maximum(1.0, COLDEST / ratio)


def _off_axis(poles: np.ndarray) -> np.ndarray:
    """Poles on the real axis stand for what is not resolved there; moved aside, they do the same without a divergence."""
    poles = np.where(np.real(poles) <= ALONE * np.abs(poles), 1j * np.abs(poles), poles)
    real = np.imag(poles) <= ON_AXIS * np.abs(poles)
    return np.where(real, poles * (1.0 + 1j * ASIDE), poles)[np.abs(poles) > 0.0]


def _residues(
    ratio: np.ndarray, values: np.ndarray, weight: np.ndarray, poles: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """σ_p, r_p and d by least squares, the poles given."""
    decay = -1j * poles
    lorentz = np.abs(poles) ** 2 / ((ratio[:, None] + 1j * decay) * (ratio[:, None] - 1j * decay))
    paired = np.real(poles) > 0.0
    columns = (
        np.concatenate([np.ones((ratio.size, 1)), lorentz.real, -lorentz.imag[:, paired]], axis=1) * weight[:, None]
    )
    norm = np.linalg.norm(columns, axis=0)
    norm = np.where(norm > 0.0, norm, 1.0)
    found = np.linalg.lstsq(columns / norm, (values * weight).T, rcond=float(np.finfo(float).eps))[0] / norm[:, None]
    strength = found[1 : 1 + poles.size].T + 0j
    strength[:, paired] += 1j * found[1 + poles.size :].T
    return decay, strength * np.abs(poles) ** 2, found[0]


def _between(mesh: np.ndarray, poles: np.ndarray) -> np.ndarray:
    """Frequencies at which the fit was not made: two in every interval, and around the poles [rad/s]."""
    width = np.diff(mesh)
    around = (np.real(poles)[:, None] + np.imag(poles)[:, None] * AROUND_POLE).reshape(-1)
    around = around[(around > mesh[0]) & (around < mesh[-1])]
    return np.unique(np.concatenate([mesh[:-1] + 0.37 * width, mesh[:-1] + 0.71 * width, around]))


def _evaluated(circuit: Circuit, frequency: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """𝒯 of all pairs and the phase of det M, in chunks of one length so that they compile once."""
    temperatures = np.ones(int(np.max(circuit.islands)) + 1)
    padded = np.concatenate([frequency, np.repeat(frequency[-1:], -frequency.size % CHUNK)]).reshape(-1, CHUNK)
    found = [jax.device_get(_compiled(circuit, temperatures, chunk)) for chunk in padded]
    values = np.concatenate([one[0] for one in found], axis=1)
    return values[:, : frequency.size], np.concatenate([one[1] for one in found])[: frequency.size]


@jax.jit
def _compiled(circuit: Circuit, temperatures: jax.Array, frequency: jax.Array) -> tuple[jax.Array, jax.Array]:
    frequency = jnp.asarray(frequency)
    return transmission(circuit, temperatures, frequency), determinant_phase(circuit, temperatures, frequency)
