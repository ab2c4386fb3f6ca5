"""Chebyshev series against the functions they represent."""

import jax
import numpy as np
from numpy.polynomial import Chebyshev

import subkelvin  # noqa: F401  (turns on double precision)
from subkelvin.numerics.chebyshev import piecewise_chebyshev_series


def test_pieces_join_into_one_smooth_function() -> None:
    pieces, count = 5, 14
    coefficients = []
    for piece in range(pieces):

        def on_this_piece(z: np.ndarray, piece: int = piece) -> np.ndarray:
            return np.exp(np.sin(3.0 * (piece + 0.5 * (z + 1.0)) / pieces))

        coefficients.append(Chebyshev.interpolate(on_this_piece, 13).coef)
    table = np.array(coefficients)
    assert table.shape == (pieces, count)
    x = np.concatenate([np.arange(pieces + 1) / pieces, np.linspace(0.0, 1.0, 301)])
    # Fourteen terms leave the series at rounding; the derivative gains pieces · count².
    np.testing.assert_allclose(piecewise_chebyshev_series(table, x), np.exp(np.sin(3.0 * x)), rtol=1e-14)
    slope = jax.jit(jax.vmap(jax.grad(lambda x: piecewise_chebyshev_series(table, x))))(x)
    np.testing.assert_allclose(slope, 3.0 * np.cos(3.0 * x) * np.exp(np.sin(3.0 * x)), atol=1e-11)


def test_pieces_refuse_to_extrapolate() -> None:
    table = np.ones((4, 3))
    assert np.all(np.isnan(piecewise_chebyshev_series(table, np.array([-1e-9, 1.0 + 1e-9, np.nan]))))
