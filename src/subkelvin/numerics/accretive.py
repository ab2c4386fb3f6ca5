"""Products and linear equations of many small matrices at once, in plain arithmetic: indices first, points last.

A matrix A is accretive if Re x†Ax > 0 for every x, as the admittance matrix of anything that loses energy is, and 1 − W for any
contraction W. What elimination leaves of it after each step is accretive again, so that no pivot is zero and none has to be
sought. With the points along the last axis every step is one vector instruction after the other.
"""

import jax
import jax.numpy as jnp
import numpy as np

WRITTEN_OUT = 4
"""Unknowns up to which the elimination has no loop: faster to run, slower to compile."""


def product(left: jax.Array, right: jax.Array) -> jax.Array:
    """A B at every point.

    Args:
        left: A, shape (n, k, points), with a small k.
        right: B, shape (k, m, points).

    Returns:
        Array of shape (n, m, points).
    """
    terms = [left[:, k, None] * right[k] for k in range(left.shape[1])]
    return jnp.asarray(sum(terms[1:], terms[0]))


def solve_accretive(matrix: jax.Array, right: jax.Array) -> jax.Array:
    """X of A X = B at every point, differentiable in both.

    Args:
        matrix: A, accretive or accretive times a phase factor, shape (n, n, points).
        right: B, shape (n, m, points).

    Returns:
        Array of the shape of B; not finite where a pivot is 0.

    Example:
        >>> a, b = jnp.array([[2.0, 1.0], [-1.0, 2.0]]), jnp.array([[3.0], [1.0]])
        >>> solve_accretive(a[..., None], b[..., None]).ravel().tolist()
        [1.0, 1.0]
    """
    count = matrix.shape[0]
    rows = np.arange(count)[:, None, None]

    def eliminate(k: int | jax.Array, table: jax.Array) -> jax.Array:
        row = table[k] / table[k, k]
        return jnp.where(rows == k, row, table - table[:, k, None] * row)

    table = jnp.concatenate([matrix, right], axis=1)
    if count > WRITTEN_OUT:
        return jax.lax.fori_loop(0, count, eliminate, table)[:, count:]
    for k in range(count):
        # Columns to the left are those of the unit matrix already.
        row = table[k, 1:] / table[k, 0]
        others = table[:, 1:] - table[:, :1] * row
        table = jnp.concatenate([others[:k], row[None], others[k + 1 :]])
    return table
