"""Curves of solutions x(λ) of F(x, λ) = 0, followed by arclength, so that they may turn back.

With z = (x, λ), the curve F(z) = 0 has the tangent t with F_z t = 0, |t| = 1. A step of length s along it is brought back to the
curve by Newton's method on

    F(z) = 0,     t·(z − z_before) = s,

whose bordered matrix is regular also where F_x is not (H. B. Keller, in Applications of bifurcation theory, edited by
P. H. Rabinowitz (Academic Press, 1977), p. 359). At a fold λ turns: det F_x changes its sign together with dλ/ds, and `folds`
locates it. Variables should be of like size: logarithms of temperatures, and λ in units of its range. A change of sign of
det F_x with dλ/ds ≠ 0 is a branch point: noted, and passed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from subkelvin.numerics.folds import Evaluate, locate_fold, rows, solved
from subkelvin.progress import INTERRUPTIONS


class End(Enum):
    """Why a curve was followed no further."""

    RANGE = "the end of the range was reached"
    BOUND = "an unknown reached its bound"
    CLOSED = "the curve closed on itself"
    STEP = "the steps became too short: the curve is not smooth here, or cannot be computed"
    COUNT = "the largest number of points was reached"
    INTERRUPTED = "the run was stopped"


@dataclass
class Curve:
    """Points along one curve in the order in which they were met."""

    unknowns: np.ndarray
    """x, shape (points, n)."""
    parameter: np.ndarray
    """λ, shape (points,)."""
    folds: list[int] = field(default_factory=list)
    """Positions of points that are folds."""
    branch_points: list[int] = field(default_factory=list)
    """Positions of the points before which det F_x changed its sign without a fold."""
    beginning: End = End.RANGE
    end: End = End.RANGE


@dataclass(frozen=True)
class Steps:
    """How a curve is stepped along."""

    first: float = 0.02
    longest: float = 0.05
    shortest: float = 1e-7
    most: int = 4000
    tolerance: float = 1e-13
    """Newton's last correction."""
    largest_angle: float = 0.25
    """Between the tangents of neighbouring points [rad]."""


def follow(
    evaluate: Evaluate,
    unknowns: np.ndarray,
    parameter: float,
    direction: float,
    parameter_range: tuple[float, float],
    unknown_range: tuple[np.ndarray, np.ndarray],
    steps: Steps = Steps(),
    progress: Callable[[int, float], None] | None = None,
) -> Curve:
    """Follow a curve of solutions from one of its points, one way.

    Args:
        evaluate: F and its derivatives.
        unknowns, parameter: a point on the curve to Newton's reach; it is brought onto the curve at fixed λ.
        direction: the sign of dλ/ds at the start.
        parameter_range, unknown_range: the curve ends where it leaves them; ends in λ are met exactly.
        steps: how far to step.
        progress: called with the number of points and λ after each point. If it raises `Cancelled`, or the user interrupts, the
            points found so far are returned.

    Returns:
        Curve, with ``end`` saying why it ends. No points if the start is not near a solution.
    """
    point = solve_at(evaluate, unknowns, parameter, steps.tolerance)
    if point is None:
        return Curve(np.zeros((0, len(unknowns))), np.zeros(0), beginning=End.STEP, end=End.STEP)
    z = np.append(point, parameter)
    _, jacobian, slope = rows(evaluate, z)
    tangent = _tangent(jacobian, slope, None)
    # At a fold the sign of dλ/ds is that of rounding; the curve is then followed both ways by two calls all the same.
    tangent = tangent if tangent[-1] * direction >= 0.0 else -tangent
    points, turns = [z], [_orientation(jacobian)]
    curve = Curve(z[None, :-1], z[-1:])
    length = steps.first
    try:
        while True:
            stepped = _step(evaluate, points[-1], tangent, length, steps)
            if stepped is None:
                length *= 0.5
                if length < steps.shortest:
                    curve.end = End.STEP
                    break
                continue
            z, following, turn, effort = stepped
            outside = _outside(z, parameter_range, unknown_range)
            if outside is None:
                if turn * turns[-1] < 0.0:
                    if tangent[-1] * following[-1] < 0.0:
                        fold = locate_fold(evaluate, points[-1], z, steps.tolerance)
                        if fold is None and length > steps.shortest:
                            # No turn is passed without its fold: come nearer.
                            length *= 0.5
                            continue
                        if fold is not None:
                            curve.folds.append(len(points))
                            points.append(fold)
                            turns.append(turn)
                    else:
                        curve.branch_points.append(len(points))
                if len(points) > 4 and _closes(points, z):
                    points.append(points[0])
                    curve.end = End.CLOSED
                    break
                points.append(z)
                turns.append(turn)
                tangent = following
                length = min(steps.longest, length * (1.6 if effort <= 3 else 1.0 if effort <= 5 else 0.6))
                if progress is not None:
                    progress(len(points), float(z[-1]))
                if len(points) >= steps.most:
                    curve.end = End.COUNT
                    break
                continue
            last = _last_point(
                evaluate, points[-1], z, tangent, outside, parameter_range, unknown_range, steps.tolerance
            )
            if last is None and length > steps.shortest:
                length *= 0.5
                continue
            if last is not None:
                points.append(last)
            curve.end = End.RANGE if outside == len(z) - 1 else End.BOUND
            break
    except INTERRUPTIONS:
        curve.end = End.INTERRUPTED
    curve.unknowns, curve.parameter = np.array(points)[:, :-1], np.array(points)[:, -1]
    return curve


def solve_at(evaluate: Evaluate, unknowns: np.ndarray, parameter: float, tolerance: float) -> np.ndarray | None:
    """Newton's method at fixed λ from nearby; None if it does not converge."""
    x, before = np.array(unknowns, dtype=float), np.inf
    for _ in range(30):
        value, jacobian, _ = rows(evaluate, np.append(x, parameter))
        change = solved(jacobian, -value)
        if change is None:
            return None
        x, size = x + change, float(np.max(np.abs(change)))
        # The steps of Newton's method square; one that does not is rounding.
        if size <= tolerance or (size < 1e-8 and size >= 0.5 * before):
            return x
        before = size
    return None


def _tangent(jacobian: np.ndarray, slope: np.ndarray, before: np.ndarray | None) -> np.ndarray:
    """The unit vector with F_z t = 0, turned the way of the tangent before."""
    tangent = np.linalg.svd(np.column_stack([jacobian, slope]))[2][-1]
    return -tangent if before is not None and tangent @ before < 0.0 else tangent


def _orientation(jacobian: np.ndarray) -> float:
    """Sign of det F_x."""
    return float(np.linalg.slogdet(jacobian)[0])


def _step(
    evaluate: Evaluate, z: np.ndarray, tangent: np.ndarray, length: float, steps: Steps
) -> tuple[np.ndarray, np.ndarray, float, int] | None:
    """The next point, its tangent, the sign of det F_x and how many corrections it took; None if the step was too long."""
    new, before = z + length * tangent, np.inf
    for effort in range(1, 9):
        value, jacobian, slope = rows(evaluate, new)
        bordered = np.vstack([np.column_stack([jacobian, slope]), tangent])
        change = solved(bordered, -np.append(value, tangent @ (new - z) - length))
        if change is None:
            return None
        size = float(np.max(np.abs(change)))
        if size > length:
            return None
        new = new + change
        if size <= steps.tolerance or (size < 1e-8 and size >= 0.5 * before):
            following = _tangent(jacobian, slope, tangent)
            # A sharper turn than this may be a jump to another curve.
            if following @ tangent < np.cos(steps.largest_angle):
                return None
            return new, following, _orientation(jacobian), effort
        before = size
    return None


def _outside(
    z: np.ndarray, parameter_range: tuple[float, float], unknown_range: tuple[np.ndarray, np.ndarray]
) -> int | None:
    """The position in z of a variable that has left its range, λ first; None if none has."""
    if not parameter_range[0] <= z[-1] <= parameter_range[1]:
        return len(z) - 1
    left = np.flatnonzero((z[:-1] < unknown_range[0]) | (z[:-1] > unknown_range[1]))
    return int(left[0]) if left.size else None


def _last_point(
    evaluate: Evaluate,
    before: np.ndarray,
    after: np.ndarray,
    tangent: np.ndarray,
    position: int,
    parameter_range: tuple[float, float],
    unknown_range: tuple[np.ndarray, np.ndarray],
    tolerance: float,
) -> np.ndarray | None:
    """Where the curve meets the end of the range that it left between two points, on that end exactly.

    Newton's method for F = 0 with one variable fixed, from the straight line between the points.
    """
    low, high = (
        parameter_range if position == len(after) - 1 else (unknown_range[0][position], unknown_range[1][position])
    )
    bound = low if after[position] < low else high
    share = (bound - before[position]) / (after[position] - before[position])
    z, previous = before + share * (after - before), np.inf
    z[position] = bound
    free = np.arange(len(z)) != position
    for _ in range(30):
        value, jacobian, slope = rows(evaluate, z)
        change = solved(np.column_stack([jacobian, slope])[:, free], -value)
        if change is None:
            return None
        z[free] += change
        size = float(np.max(np.abs(change)))
        if size <= tolerance or (size < 1e-8 and size >= 0.5 * previous):
            near = np.linalg.norm(z - before) <= 2.0 * np.linalg.norm(after - before)
            return z if near and (z - before) @ tangent >= 0.0 else None
        previous = size
    return None


def _closes(points: list[np.ndarray], z: np.ndarray) -> bool:
    """Whether the last step passed the first point, going the way the curve began."""
    first, last = points[0], points[-1]
    chord = z - last
    share = float((first - last) @ chord / (chord @ chord))
    if not 0.0 <= share <= 1.0 or (points[1] - first) @ chord <= 0.0:
        return False
    # The curve bends by less than its step: a curve that is not the same passes farther away.
    return bool(np.linalg.norm(first - (last + share * chord)) < 0.2 * np.linalg.norm(chord))
