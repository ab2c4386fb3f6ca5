"""How far fitted transmissions are from those of the circuit, band by band of frequency.

A deviation is measured at many frequencies. Between two of them it counts as twice the largest of the four nearest; a band has the
mean of that. Where nothing was measured, below the lowest band and above the highest, both may be anything: the circuit what any
circuit can be, the fit what its poles allow. Docs: docs/physics.md, section 4.
"""

import itertools
import math

import numpy as np

from subkelvin.circuit.bucket import bucket_size
from subkelvin.circuit.partial_fractions import PartialFractions, fractions
from subkelvin.constants import THERMAL_FREQUENCY

LOWEST = 1e-22
"""Lower end of the bands that are measured, in units of k_B/ħ times the hottest temperature; below, any 𝒯 is allowed for."""
HIGHEST = 45.0
"""Upper end in the same units; above, where e^−45 of the photons are, any 𝒯 is allowed for."""
BANDS_PER_DECADE = ((LOWEST, 1), (1e-6, 6), (1e-2, 16), (1.0, 50), (HIGHEST, 0))
"""From which frequency on how many bands there are in each decade."""
SAFETY = 2.0
"""How much larger a deviation may be than the largest of the four measured nearest to it."""
MOST_CHANNELS = 2.0
"""No transmission between two radiators is larger: a line or a two-port has two channels."""

FEWEST_POLES = 24
"""Places for poles that every fit has: below, they cost next to nothing."""


def band_edges() -> np.ndarray:
    """Where the bands begin, in units of k_B/ħ times the hottest temperature: the first at 0, the last without end."""
    edges = [np.zeros(1)]
    for (low, per_decade), (high, _) in itertools.pairwise(BANDS_PER_DECADE):
        count = math.ceil(per_decade * math.log10(high / low))
        edges.append(np.geomspace(low, high, count + 1)[:-1])
    return np.concatenate([*edges, [HIGHEST]])


def photon_weight(ratio: np.ndarray) -> np.ndarray:
    """x² e^{−x}/(1 − e^{−x})², the derivative of x's photons and energy by temperature; 1 at x = 0."""
    safe = np.where(ratio > 0.0, ratio, 1.0)
    return np.where(ratio > 0.0, (safe / np.expm1(-safe)) ** 2 * np.exp(-safe), 1.0)


def lost_heat(fit: PartialFractions) -> np.ndarray:
    """What the deviations of a fit stand for between two reservoirs at nearly its hottest temperature, as ∫ δ(x) weight(x) dx."""
    edges = fit.band / (THERMAL_FREQUENCY * fit.hottest)
    return np.sum(fit.deviation[:, :-1] * photon_weight(edges[:-1]) * np.diff(edges), axis=1)


def with_deviation(
    hottest: float, decay: np.ndarray, strength: np.ndarray, limit: np.ndarray, frequency: np.ndarray, off: np.ndarray
) -> PartialFractions:
    """The fit with the mean deviation in every band, at most twice the largest of the four that are nearest.

    Args:
        hottest: temperature [K].
        decay, strength, limit: of the fit, in units of rad/s.
        frequency: where it was measured, rising [rad/s].
        off: |fit − 𝒯| there, shape (pairs, frequencies).
    """
    edges = band_edges() * THERMAL_FREQUENCY * hottest
    near = np.maximum(off[:, 1:], off[:, :-1])
    near[:, 1:] = np.maximum(near[:, 1:], off[:, :-2])
    near[:, :-1] = np.maximum(near[:, :-1], off[:, 2:])
    whole = np.concatenate([np.zeros((limit.size, 1)), np.cumsum(SAFETY * near * np.diff(frequency), axis=1)], axis=1)
    at_edges = np.array([np.interp(edges[1:], frequency, one) for one in whole])
    # Below and above what was measured the circuit may do anything, and the fit what its poles allow: |ω² + σ²| is at
    # least the distance of −σ² from the last edge on.
    square, top = -(decay**2), edges[-1] ** 2
    distance = np.where(square.real > top, np.abs(square.imag), np.abs(square - top))
    below = MOST_CHANNELS + np.abs(fractions(decay, strength, limit, np.zeros(1)))
    above = MOST_CHANNELS + np.abs(limit) + np.sum(np.abs(strength) / distance, axis=1)
    deviation = np.concatenate([below, np.diff(at_edges, axis=1) / np.diff(edges[1:]), above[:, None]], axis=1)
    # Filled up with poles of no strength, so that fits of like size compile once.
    more = bucket_size(max(decay.size, FEWEST_POLES)) - decay.size
    decay, strength = np.pad(decay, (0, more), constant_values=edges[-1]), np.pad(strength, ((0, 0), (0, more)))
    return PartialFractions(np.asarray(hottest), decay, strength, limit, edges, deviation)
