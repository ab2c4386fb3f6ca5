"""Folds of curves of solutions F(x, λ) = 0, where λ turns, located by equations of their own.

A fold is a regular root of the system for (x, λ, v)

    F = 0,     F_x v = 0,     l·v = 1,

(G. Moore and A. Spence, SIAM J. Numer. Anal. 17, 567 (1980), doi:10.1137/0717048), found by Newton's method from two points of
the curve on either side. What is shared with following curves stands here too: F in units of its rows, and linear systems that
may be singular.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

Evaluate: TypeAlias = Callable[[np.ndarray, float], tuple[np.ndarray, np.ndarray, np.ndarray]]
"""F, F_x and F_λ at (x, λ): arrays of shape (n,), (n, n), (n,). Rows may have any scale of their own."""


def locate_fold(evaluate: Evaluate, before: np.ndarray, after: np.ndarray, tolerance: float) -> np.ndarray | None:
    """The fold between two points (x, λ) of a curve; None if none is found there.

    Newton's method on Moore and Spence's system. Its second derivatives F_xx v are central differences of F_x: they steer
    the iteration, and are not part of the condition that it solves.
    """
    z = 0.5 * (before + after)
    distance = float(np.linalg.norm(after - before))
    # The null vector to begin with: the chord without its part in λ.
    count = len(z) - 1
    _, jacobian, _ = rows(evaluate, z)
    if not np.all(np.isfinite(jacobian)):
        return None
    v = np.linalg.svd(jacobian)[2][-1]
    normal = v.copy()
    previous = np.inf
    for _ in range(30):
        value, jacobian, slope = rows(evaluate, z)
        step = 1e-5
        shifted = []
        for direction in [np.append(v, 0.0), np.append(np.zeros(count), 1.0)]:
            there = [_scaled(evaluate, z + sign * step * direction, z) for sign in (1.0, -1.0)]
            shifted.append((there[0] - there[1]) / (2.0 * step))
        along, by_parameter = shifted
        system = np.zeros((2 * count + 1, 2 * count + 1))
        system[:count, :count], system[:count, count] = jacobian, slope
        system[count : 2 * count, :count] = along
        system[count : 2 * count, count] = by_parameter @ v
        system[count : 2 * count, count + 1 :] = jacobian
        system[-1, count + 1 :] = normal
        right = -np.concatenate([value, jacobian @ v, [normal @ v - 1.0]])
        change = solved(system, right)
        if change is None:
            return None
        z, v = z + change[: count + 1], v + change[count + 1 :]
        size = float(np.max(np.abs(change[: count + 1])))
        if np.linalg.norm(z - 0.5 * (before + after)) > 2.0 * distance:
            return None
        # The central differences leave linear convergence with a small factor; the last steps end in rounding.
        if size <= tolerance or (size < 1e-9 and size >= 0.5 * previous):
            return z
        previous = size
    return None


def rows(evaluate: Evaluate, z: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """F, F_x and F_λ, each row in units of its largest element."""
    value, jacobian, slope = evaluate(z[:-1], float(z[-1]))
    scale = _scales(jacobian, slope)
    return value / scale, jacobian / scale[:, None], slope / scale


def solved(matrix: np.ndarray, right: np.ndarray) -> np.ndarray | None:
    """The solution of a linear system; None if there is none."""
    if not (np.all(np.isfinite(matrix)) and np.all(np.isfinite(right))):
        return None
    try:
        solution = np.linalg.solve(matrix, right)
    except np.linalg.LinAlgError:
        return None
    return solution if np.all(np.isfinite(solution)) else None


def _scales(jacobian: np.ndarray, slope: np.ndarray) -> np.ndarray:
    """The largest element of each row of (F_x, F_λ): flows of different rows may differ by many orders."""
    scale = np.max(np.abs(np.column_stack([jacobian, slope])), axis=1)
    return np.where(scale > 0.0, scale, 1.0)


def _scaled(evaluate: Evaluate, z: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """F_x at z, in the units of the rows at another point."""
    _, jacobian, slope = evaluate(reference[:-1], float(reference[-1]))
    return evaluate(z[:-1], float(z[-1]))[1] / _scales(jacobian, slope)[:, None]
