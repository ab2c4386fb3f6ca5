"""Curves of solutions whose folds and shapes are known exactly."""

import math

import numpy as np
import pytest

from subkelvin.numerics.arclength import End, Steps, follow
from subkelvin.numerics.folds import locate_fold

UNBOUNDED = (np.array([-10.0]), np.array([10.0]))
FOLD = 2.0 / (3.0 * math.sqrt(3.0))
"""Of x³ − x + λ = 0, at x = ±1/√3."""
DIGITS = 1e-12
"""A fold is a regular root of the extended system: it comes out to rounding times the size of its inverse, some 1e2."""


def cubic(x: np.ndarray, parameter: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x³ − x + λ in femtounits, as flows of heat are."""
    return 1e-15 * (x**3 - x + parameter), 1e-15 * (3.0 * x[:, None] ** 2 - 1.0), np.array([1e-15])


def circle(x: np.ndarray, parameter: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x² + λ² = 1: an isola, closed in itself, with folds at λ = ±1."""
    return x**2 + parameter**2 - 1.0, 2.0 * x[:, None], np.array([2.0 * parameter])


def two_unknowns(x: np.ndarray, parameter: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """u³ − u + λ = 0 and 1e9 (w − e^u) = 0: the fold of the cubic, with rows of different scale."""
    u, w = x
    value = np.array([u**3 - u + parameter, 1e9 * (w - math.exp(u))])
    return value, np.array([[3.0 * u**2 - 1.0, 0.0], [-1e9 * math.exp(u), 1e9]]), np.array([1.0, 0.0])


def test_both_folds_of_the_cubic_are_found_and_passed() -> None:
    curve = follow(cubic, np.array([1.5]), -1.875, 1.0, (-2.0, 2.0), UNBOUNDED)
    assert curve.end is End.RANGE
    assert curve.parameter[-1] == 2.0
    np.testing.assert_allclose(curve.parameter[curve.folds], [FOLD, -FOLD], rtol=DIGITS)
    np.testing.assert_allclose(
        curve.unknowns[curve.folds, 0], [1.0 / math.sqrt(3.0), -1.0 / math.sqrt(3.0)], rtol=DIGITS
    )
    residual = curve.unknowns[:, 0] ** 3 - curve.unknowns[:, 0] + curve.parameter
    # Every point is on the curve, to the rounding of numbers of order two.
    np.testing.assert_allclose(residual, 0.0, atol=1e-13)


def test_a_closed_curve_closes_after_both_its_folds() -> None:
    curve = follow(circle, np.array([0.8]), 0.6, 1.0, (-2.0, 2.0), UNBOUNDED)
    assert curve.end is End.CLOSED
    np.testing.assert_allclose(curve.parameter[curve.folds], [1.0, -1.0], rtol=DIGITS)
    # The last point is the first one.
    np.testing.assert_array_equal(curve.unknowns[0], curve.unknowns[-1])
    lengths = np.hypot(np.diff(curve.unknowns[:, 0]), np.diff(curve.parameter))
    # A polygon of steps h inscribed in a circle is shorter by h²/24.
    assert np.sum(lengths) == pytest.approx(2.0 * math.pi, rel=1.5 * 0.05**2 / 24.0)


def test_two_unknowns_of_different_scale_fold_where_one_does() -> None:
    unknown_range = (np.array([-10.0, -10.0]), np.array([10.0, 10.0]))
    curve = follow(two_unknowns, np.array([1.5, math.exp(1.5)]), -1.875, 1.0, (-2.0, 2.0), unknown_range)
    np.testing.assert_allclose(curve.parameter[curve.folds], [FOLD, -FOLD], rtol=DIGITS)
    np.testing.assert_allclose(curve.unknowns[:, 1], np.exp(curve.unknowns[:, 0]), rtol=1e-12)


def test_a_curve_ends_on_the_bound_of_an_unknown() -> None:
    curve = follow(cubic, np.array([1.5]), -1.875, 1.0, (-2.0, 2.0), (np.array([0.9]), np.array([10.0])))
    assert curve.end is End.BOUND
    assert curve.unknowns[-1, 0] == 0.9
    assert curve.parameter[-1] == pytest.approx(0.9 - 0.9**3, rel=1e-13)


def test_an_interrupted_curve_keeps_its_points() -> None:
    def stop(points: int, parameter: float) -> None:
        if points == 7:
            raise KeyboardInterrupt

    curve = follow(cubic, np.array([1.5]), -1.875, 1.0, (-2.0, 2.0), UNBOUNDED, progress=stop)
    assert curve.end is End.INTERRUPTED
    assert len(curve.parameter) == 7


def test_what_is_no_solution_gives_no_points_and_no_fold() -> None:
    def nothing(x: np.ndarray, parameter: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return x**2 + 1.0, 2.0 * x[:, None], np.array([0.0])

    curve = follow(nothing, np.array([0.3]), 0.0, 1.0, (-1.0, 1.0), UNBOUNDED)
    assert len(curve.parameter) == 0
    assert curve.end is End.STEP
    straight = locate_fold(cubic, np.array([2.0, -6.0]), np.array([1.99, -5.89]), 1e-13)
    assert straight is None


def test_a_transcritical_point_is_passed_and_noted() -> None:
    # x (x − λ) = 0 along x = 0: det F_x = −λ changes its sign at λ = 0, but λ does not turn.
    def crossing(x: np.ndarray, parameter: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return x * (x - parameter), 2.0 * x[:, None] - parameter, -x

    curve = follow(crossing, np.array([0.0]), -0.9, 1.0, (-1.0, 1.0), UNBOUNDED, Steps(longest=0.04))
    assert curve.end is End.RANGE
    assert not curve.folds
    assert len(curve.branch_points) == 1
