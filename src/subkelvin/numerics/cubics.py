"""Piecewise cubics with given values and slopes at their knots: where they peak, and where they first reach a value.

On 0 ≤ u ≤ 1 with ends f_0, f_1 and slopes s_0, s_1 by u:

    f(u) = f_0 + s_0 u + b u² + c u³,        b = 3(f_1 − f_0) − 2s_0 − s_1,        c = s_0 + s_1 − 2(f_1 − f_0).

Its error is u⁴ f''''/384 at most; values and slopes are exact at the knots.
"""

import numpy as np

HALVINGS = 52
"""Of a piece, to the last bits of u."""


def value_at(u: np.ndarray, left: np.ndarray, right: np.ndarray, rise: np.ndarray, fall: np.ndarray) -> np.ndarray:
    """f(u) from both ends, the slope ``rise`` at the left one and ``fall`` at the right one, both by u."""
    b = 3.0 * (right - left) - 2.0 * rise - fall
    c = rise + fall - 2.0 * (right - left)
    return left + u * (rise + u * (b + u * c))


def peak(left: np.ndarray, right: np.ndarray, rise: np.ndarray, fall: np.ndarray) -> np.ndarray:
    """u of the maximum inside a piece that rises at its left and falls at its right end; elsewhere u of its higher end."""
    b = 3.0 * (right - left) - 2.0 * rise - fall
    c = rise + fall - 2.0 * (right - left)
    inside = (rise > 0.0) & (fall < 0.0)
    root = np.sqrt(np.where(inside, b * b - 3.0 * c * rise, 0.0))
    return np.where(inside, rise / np.where(inside, root - b, 1.0), (right >= left).astype(float))


def first_reach(
    wanted: np.ndarray, left: np.ndarray, right: np.ndarray, rise: np.ndarray, fall: np.ndarray, end: np.ndarray
) -> np.ndarray:
    """u at which f passes ``wanted`` between 0, where it is lower, and ``end``; ``end`` itself where f stays below."""
    wanted, high = np.broadcast_arrays(wanted, end)
    low = np.zeros(high.shape)
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        above = value_at(middle, left, right, rise, fall) >= wanted
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return high
