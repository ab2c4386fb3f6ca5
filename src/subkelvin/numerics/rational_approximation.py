"""Poles of a rational function of ω² that follows real, even data: the AAA algorithm with weights.

The rational function is kept by its values at some of the given frequencies, its support,

    r(z) = Σ_j b_j f_j/(z − z_j) / Σ_j b_j/(z − z_j),        z = ω²,

which is real on the real axis for real weights b_j. The b_j make the linearised deviation Σ_j b_j [f(z) − f_j]/(z − z_j), times the
weight of each frequency, smallest over all other frequencies; the support grows where the deviation is worst. Several
functions share one support and so one set of poles, the zeros of Σ_j b_j/(z − z_j).

Differences of z are formed as (ω − ω_j)(ω + ω_j): poles keep their digits over many decades, and close to the real axis.

References: Y. Nakatsukasa, O. Sète and L. N. Trefethen, SIAM J. Sci. Comput. 40, A1494 (2018), doi:10.1137/16M1106122;
P. Lietaert, K. Meerbergen, J. Pérez and B. Vandereycken, IMA J. Numer. Anal. 42, 1087 (2022), doi:10.1093/imanum/draa098 (several
functions).
"""

from typing import NamedTuple

import numpy as np
import scipy.linalg

SUPPORT_PER_ROUND = 8
"""One frequency joins the support at a time, later one for every eight that are there."""
APART = 0.03
"""Frequencies that join in one round are apart by this fraction of themselves."""
NEWTON_STEPS = 6
LARGEST_STEP = 0.1
"""Of Newton's method, in units of the pole: beyond, the eigenvalue was not near a zero."""
SMALL = 1e-8
"""Weighted deviation below which it is rounding if it no longer falls."""
CLEARLY = 0.5
"""By this factor a deviation has to be smaller to count as smaller."""
PATIENCE = 1.2
"""By this factor the support may grow without a smaller deviation, and by `PATIENT` more."""
PATIENT = 6
FARTHEST = 1e6
"""In units of the highest frequency: poles beyond are at infinity."""


class Support(NamedTuple):
    """A rational function in barycentric form."""

    frequency: np.ndarray
    """ω_j, shape (support,)."""
    weight: np.ndarray
    """b_j"""
    deviation: float
    """The largest weighted deviation from any of the functions."""


def adapted_support(
    frequency: np.ndarray, values: np.ndarray, weight: np.ndarray, tolerance: float, largest: int
) -> Support:
    """The support on which a rational function follows all functions, as small as the algorithm finds it.

    Args:
        frequency: ω ≥ 0, rising, shape (n,).
        values: of every function, real, shape (functions, n).
        weight: what a deviation counts at each frequency, shape (n,).
        tolerance: weighted deviation at which to stop; the support also stops growing where rounding keeps it from falling.
        largest: support at which to stop in any case.
    """
    free = np.ones(frequency.size, dtype=bool)
    chosen = np.zeros(0, dtype=np.int64)
    barycentric = np.zeros(0)
    followed = np.repeat(np.mean(values, axis=1, keepdims=True), frequency.size, axis=1)
    best = Support(np.zeros(0), np.zeros(0), np.inf)
    while True:
        # Without a value where a pole lies exactly on a frequency.
        deviation = np.nan_to_num(np.max(np.abs(values - followed), axis=0) * weight, nan=np.inf)
        deviation = np.where(free, deviation, 0.0)
        worst = float(np.max(deviation))
        if worst < CLEARLY * best.deviation or worst <= tolerance:
            best = Support(frequency[chosen], barycentric, worst)
        is_rounding = best.deviation < SMALL and chosen.size > PATIENCE * best.frequency.size + PATIENT
        if worst <= tolerance or is_rounding or chosen.size >= min(largest, frequency.size // 2):
            return best
        chosen = np.concatenate([chosen, _worst(frequency, deviation, tolerance, 1 + chosen.size // SUPPORT_PER_ROUND)])
        free[chosen] = False
        ours, others = frequency[chosen], frequency[free][:, None]
        cauchy = 1.0 / ((others - ours) * (others + ours))
        change = values[:, free, None] - values[:, None, chosen]
        loewner = (change * cauchy * weight[free][:, None]).reshape(-1, chosen.size)
        norm = np.linalg.norm(loewner, axis=0)
        norm = np.where(norm > 0.0, norm, 1.0)
        triangle = np.linalg.qr(loewner / norm, mode="r")
        barycentric = np.linalg.svd(triangle)[2][-1] / norm
        followed = values.copy()
        with np.errstate(divide="ignore", invalid="ignore"):
            followed[:, free] = ((values[:, chosen] * barycentric) @ cauchy.T) / (cauchy @ barycentric)


def _worst(frequency: np.ndarray, deviation: np.ndarray, tolerance: float, count: int) -> np.ndarray:
    """Positions of the largest deviations that are not close to each other."""
    left = deviation.copy()
    found: list[int] = []
    while len(found) < count:
        index = int(np.argmax(left))
        if left[index] <= tolerance:
            break
        found.append(index)
        left[np.abs(frequency - frequency[index]) <= APART * frequency[index]] = 0.0
    return np.array(found, dtype=np.int64)


def poles_of(support: Support) -> np.ndarray:
    """Poles as complex frequencies s with Re s ≥ 0 and Im s ≥ 0; s and −s*, s* and −s belong to each.

    Returns:
        Shape (poles,): Im s = 0 is a pole on the axis of real frequencies, Re s = 0 one of real z < 0.
    """
    count = support.frequency.size
    if count < 2:
        return np.zeros(0, dtype=complex)
    unit = np.max(support.frequency)
    ours = support.frequency / unit
    # Σ b_j/(z − z_j) = 0 as a generalised eigenvalue problem, two of whose eigenvalues are infinite.
    arrow = np.zeros((count + 1, count + 1))
    arrow[0, 1:] = support.weight / np.max(np.abs(support.weight))
    arrow[1:, 0] = 1.0
    arrow[np.arange(1, count + 1), np.arange(1, count + 1)] = ours**2
    alpha, beta = scipy.linalg.eigvals(arrow, np.diag([0.0, *np.ones(count)]), homogeneous_eigvals=True)
    finite = np.abs(alpha) < FARTHEST**2 * np.abs(beta)
    z = alpha[finite] / beta[finite]
    poles = np.sqrt(z[np.imag(z) >= 0.0] + 0j)
    for _ in range(NEWTON_STEPS):
        poles = _newton_step(poles, ours, support.weight)
    return np.abs(np.real(poles)) * unit + 1j * np.abs(np.imag(poles)) * unit


def _newton_step(poles: np.ndarray, frequency: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """One step of Newton's method in s for Σ b_j/(s² − ω_j²) = 0; a pole that would jump stays."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        inverse = 1.0 / ((poles[:, None] - frequency) * (poles[:, None] + frequency))
        value = inverse @ weight
        slope = -2.0 * poles * (inverse**2 @ weight)
    stuck = (np.abs(value) >= LARGEST_STEP * np.abs(slope * poles)) | ~np.isfinite(value) | ~np.isfinite(slope)
    return poles - np.where(stuck, 0.0, value) / np.where(stuck, 1.0, slope)
