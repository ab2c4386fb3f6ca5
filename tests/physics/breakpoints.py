"""Gauss's rule on panels that crowd towards every break of an integrand: the independent quadrature of the tests at the gap edge.

Distances to a break are formed without subtraction, so that inverse roots and Γ = 1e-9 Δ are met with all digits.
"""

from collections.abc import Sequence

import numpy as np

NODES, WEIGHTS = np.polynomial.legendre.leggauss(20)
"""On a panel twice as long as its distance to the break, an analytic integrand is off by some 3^−40 = 1e-19 of itself."""
RATIO = 2.0
CLOSEST = 1e-36
"""Of an interval: an inverse root leaves 1e-18 of itself there."""


def distances(length: float, closest: float = CLOSEST) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights on (0, length), in panels that halve towards 0 down to this share of it."""
    count = int(np.ceil(-np.log(closest) / np.log(RATIO)))
    ends = np.concatenate([[0.0], length * RATIO ** -np.arange(count, -1.0, -1.0)])
    half, middle = np.diff(ends) / 2.0, (ends[1:] + ends[:-1]) / 2.0
    return (middle[:, None] + half[:, None] * NODES).ravel(), (half[:, None] * WEIGHTS).ravel()


def between(
    breaks: Sequence[tuple[float, Sequence[float]]], closest: float = CLOSEST
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Nodes and weights from the first break to the last, and the distance of every node to each break.

    Args:
        breaks: in ascending order, each with its exact distance from all breaks; of no two the same place.
        closest: how near the nodes come to a break, as a share of an interval.

    Returns:
        Nodes and weights, shape (nodes,), and distances from each break, shape (breaks, nodes).
    """
    nodes, weights, away = [], [], []
    for k in range(len(breaks) - 1):
        length = breaks[k + 1][1][k]
        distance, weight = distances(length / 2.0, closest)
        for (place, offsets), signed in ((breaks[k], distance), (breaks[k + 1], -distance)):
            nodes.append(place + signed)
            weights.append(weight)
            away.append(np.array(offsets)[:, None] + signed)
    return np.concatenate(nodes), np.concatenate(weights), np.concatenate(away, axis=1)


def rule(places: Sequence[float], closest: float = CLOSEST) -> tuple[np.ndarray, np.ndarray, dict[float, np.ndarray]]:
    """The same for breaks whose differences are exact in floating point; distances by place."""
    order = sorted(set(places))
    nodes, weights, away = between([(place, [place - other for other in order]) for place in order], closest)
    return nodes, weights, dict(zip(order, away, strict=True))


def full(reduced_energy: np.ndarray) -> np.ndarray:
    """f = 1/(e^y + 1), without overflow."""
    decay = np.exp(-np.abs(reduced_energy))
    return np.where(reduced_energy >= 0.0, decay, 1.0) / (1.0 + decay)


def difference_of_occupations(normal: float, other: float, energy: np.ndarray, shift: float) -> np.ndarray:
    """f((E + shift)/T_N) − f(E/T_S), energies and temperatures in one unit, from the exact difference of temperatures."""
    first, second = (energy + shift) / normal, energy / other
    step = energy * ((normal - other) / other) / normal - shift / normal
    lower, upper = np.where(step >= 0.0, first, second), np.where(step >= 0.0, second, first)
    return np.sign(step) * -np.expm1(-np.abs(step)) * full(lower) * full(-upper)


def dynes(energy: np.ndarray, beyond: np.ndarray, gap: float, width: float) -> tuple[np.ndarray, np.ndarray]:
    """N = Re z/√(z² − Δ²) and F = Re Δ/√(z² − Δ²) at E ≥ 0, from E − Δ."""
    real, imaginary = beyond * (energy + gap) - width**2, 2.0 * energy * width
    modulus = np.hypot(real, imaginary)
    large = np.sqrt((modulus + np.abs(real)) / 2.0)
    small = imaginary / (2.0 * large)
    along, across = np.where(real >= 0.0, large, small), np.where(real >= 0.0, small, large)
    return (energy * along + width * across) / modulus, gap * along / modulus
