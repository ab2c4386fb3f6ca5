"""A smooth function on [0, 1], held as Chebyshev series on pieces of equal length.

A smooth function on a piece is Σ_n c_n T_n with coefficients that fall off geometrically, so that a few of them hold it
to rounding.

Reference: L. N. Trefethen, Approximation Theory and Approximation Practice (SIAM, 2013).
"""

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike


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
