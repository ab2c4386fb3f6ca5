"""Roots of many functions at once, by Newton's method in brackets; each function rises through zero in its bracket."""

from collections.abc import Callable

import numpy as np

LAST_BITS = 4.0 * float(np.finfo(np.float64).eps)
PATIENCE = 8
"""Newton steps after which every other step halves the bracket: at a double root Newton's method alone creeps."""
MOST_STEPS = 140
"""Twice the 64 halvings that separate any two floats of one sign, and then some."""


def rising_roots(
    function: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]],
    low: np.ndarray,
    high: np.ndarray,
    start: np.ndarray,
) -> np.ndarray:
    """The root between ``low``, where the function is negative, and ``high``, where it is not, to the last bits.

    Args:
        function: of the places of some of the functions in the arrays and a point for each: their values and slopes there.
        low, high: brackets, shape (n,).
        start: where to begin, shape (n,).

    Returns:
        Roots, shape (n,); NaN where a value is NaN.
    """
    low, high, point = low.copy(), high.copy(), np.clip(start, low, high)
    open_ones = np.arange(point.size)
    for step in range(MOST_STEPS):
        if not open_ones.size:
            break
        at = point[open_ones]
        value, slope = function(open_ones, at)
        above = value >= 0.0
        high[open_ones] = np.where(above, at, high[open_ones])
        low[open_ones] = np.where(above, low[open_ones], at)
        with np.errstate(divide="ignore", invalid="ignore"):
            newton = at - value / slope
        inside = (newton >= low[open_ones]) & (newton <= high[open_ones])
        taken = inside & (step < PATIENCE or step % 2 == 0)
        middle = 0.5 * (low[open_ones] + high[open_ones])
        following = np.where(taken, newton, middle)
        settled = (value == 0.0) | (taken & (np.abs(following - at) <= LAST_BITS * at))
        settled |= high[open_ones] - low[open_ones] <= LAST_BITS * at
        point[open_ones] = np.where(np.isnan(value), np.nan, np.where(value == 0.0, at, following))
        open_ones = open_ones[~settled & ~np.isnan(value)]
    return point
