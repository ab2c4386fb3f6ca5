"""Chebyshev series in one and two variables, evaluated as small matrix products.

A smooth function on [−1, 1] is Σ_n c_n T_n(x) with coefficients that fall off geometrically, so a few dozen numbers
hold it to rounding. The basis is built by doubling, T_{m+n} = 2 T_m T_n − T_{|m−n|}, in a handful of array
operations, which keeps compiled graphs short and lets a batch become one matrix product.

Reference: L. N. Trefethen, Approximation Theory and Approximation Practice (SIAM, 2013).
"""

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike


def chebyshev_basis(x: ArrayLike, count: int) -> jax.Array:
    """T_0(x) … T_{count−1}(x) along a new last axis.

    Args:
        x: points in [−1, 1], any shape.
        count: number of polynomials, at least 1.

    Returns:
        Array of shape ``(*x.shape, count)``.
    """
    x = jnp.asarray(x)[..., None]
    basis = jnp.concatenate([jnp.ones_like(x), x], axis=-1)
    while basis.shape[-1] < count:
        highest = basis[..., -1:]
        # From T_0 … T_m the products with T_m give T_{m+1} … T_{2m}.
        basis = jnp.concatenate([basis, 2.0 * highest * basis[..., 1:] - basis[..., -2::-1]], axis=-1)
    return basis[..., :count]


def chebyshev_series(coefficients: ArrayLike, x: ArrayLike) -> jax.Array:
    """Σ_n c_n T_n(x) for ``coefficients`` of shape (n,) and any shape of x in [−1, 1]."""
    coefficients = jnp.asarray(coefficients)
    return chebyshev_basis(x, coefficients.shape[0]) @ coefficients


def chebyshev_series_2d(coefficients: ArrayLike, x: ArrayLike, y: ArrayLike) -> jax.Array:
    """Σ_mn c_mn T_m(x) T_n(y) for ``coefficients`` of shape (m, n); x and y broadcast against each other."""
    coefficients = jnp.asarray(coefficients)
    x, y = jnp.broadcast_arrays(jnp.asarray(x), jnp.asarray(y))
    rows = chebyshev_basis(x, coefficients.shape[0]) @ coefficients
    return jnp.sum(rows * chebyshev_basis(y, coefficients.shape[1]), axis=-1)


def piecewise_chebyshev_series(coefficients: ArrayLike, x: ArrayLike) -> jax.Array:
    """A smooth function on [0, 1], as one short Chebyshev series on each of equal pieces.

    Args:
        coefficients: shape (pieces, count); row p belongs to p/pieces ≤ x ≤ (p + 1)/pieces.
        x: points in [0, 1], any shape.

    Returns:
        Array of the shape of x; NaN outside [0, 1].
    """
    coefficients, x = jnp.asarray(coefficients), jnp.asarray(x)
    pieces, count = coefficients.shape
    inside = (x >= 0.0) & (x <= 1.0)
    scaled = pieces * jnp.where(inside, x, 0.0)
    # The end of the interval belongs to the last piece.
    piece = jnp.minimum(jax.lax.stop_gradient(scaled).astype(int), pieces - 1)
    local = 2.0 * (scaled - piece) - 1.0
    # Clenshaw's recursion, unrolled: a short series compiles and runs several times faster so than as a product of arrays.
    row = coefficients[piece]
    value, before = jnp.zeros_like(local), jnp.zeros_like(local)
    for order in range(count - 1, 0, -1):
        value, before = 2.0 * local * value - before + row[..., order], value
    value = local * value - before + row[..., 0]
    return jnp.where(inside, value, jnp.nan)
