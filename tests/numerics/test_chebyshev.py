"""Chebyshev series against NumPy's Clenshaw recursion and against functions they represent."""

import jax
import numpy as np
import pytest
from numpy.polynomial import chebyshev

import subkelvin  # noqa: F401  (turns on double precision)
from subkelvin.numerics.chebyshev import (
    chebyshev_basis,
    chebyshev_series,
    chebyshev_series_2d,
    piecewise_chebyshev_series,
)

POINTS = np.concatenate([[-1.0, 0.0, 1.0], np.random.default_rng(1).uniform(-1.0, 1.0, 200)])


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 17, 40])
def test_basis_is_the_cosine_of_multiple_angles(count):
    expected = np.cos(np.arange(count) * np.arccos(POINTS)[:, None])
    # Doubling and arccos each lose a few roundings per order.
    np.testing.assert_allclose(chebyshev_basis(POINTS, count), expected, atol=2e-14)


def test_series_agrees_with_clenshaw_in_one_and_two_variables():
    rng = np.random.default_rng(2)
    line, plane = rng.normal(size=25), rng.normal(size=(25, 11))
    y = POINTS[::-1]
    # Sums of 25 and 275 terms of order 1, each good to some roundings.
    np.testing.assert_allclose(chebyshev_series(line, POINTS), chebyshev.chebval(POINTS, line), atol=1e-13)
    np.testing.assert_allclose(chebyshev_series_2d(plane, POINTS, y), chebyshev.chebval2d(POINTS, y, plane), atol=1e-12)


def test_derivative_of_a_series_is_the_derivative_series():
    coefficients = np.random.default_rng(3).normal(size=20) * 0.5 ** np.arange(20)
    slope = jax.jit(jax.vmap(jax.grad(lambda x: chebyshev_series(coefficients, x))))(POINTS)
    # The derivative of T_n grows as n², which multiplies rounding.
    np.testing.assert_allclose(slope, chebyshev.chebval(POINTS, chebyshev.chebder(coefficients)), atol=1e-12)


def test_pieces_join_into_one_smooth_function():
    pieces, count = 5, 14
    coefficients = []
    for piece in range(pieces):
        fit = chebyshev.chebinterpolate(
            lambda z, piece=piece: np.exp(np.sin(3.0 * (piece + 0.5 * (z + 1.0)) / pieces)), 13
        )
        coefficients.append(fit)
    table = np.array(coefficients)
    assert table.shape == (pieces, count)
    x = np.concatenate([np.arange(pieces + 1) / pieces, np.linspace(0.0, 1.0, 301)])
    # Fourteen terms leave the series at rounding; the derivative gains pieces · count².
    np.testing.assert_allclose(piecewise_chebyshev_series(table, x), np.exp(np.sin(3.0 * x)), rtol=1e-14)
    slope = jax.jit(jax.vmap(jax.grad(lambda x: piecewise_chebyshev_series(table, x))))(x)
    np.testing.assert_allclose(slope, 3.0 * np.cos(3.0 * x) * np.exp(np.sin(3.0 * x)), atol=1e-11)


def test_pieces_refuse_to_extrapolate():
    table = np.ones((4, 3))
    assert np.all(np.isnan(piecewise_chebyshev_series(table, np.array([-1e-9, 1.0 + 1e-9, np.nan]))))
