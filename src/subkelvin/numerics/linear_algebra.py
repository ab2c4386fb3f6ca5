"""Linear equations, determinants and eigenvalues of small matrices, safe inside any compiled program.

On the CPU, XLA runs LAPACK's routines on the threads of one pool. A routine that is given many matrices divides them among the
same pool and waits for its parts. Where a program has as many independent routines as the pool has threads, all threads wait and
none is left to do the parts: the program stops for ever. The smallest one that does so on two cores (jaxlib 0.10.2):

    many = jnp.ones((200, 30, 30)) + 30.0 * jnp.eye(30)
    jax.jit(lambda a: [jnp.linalg.solve(k * a, a) for k in (1.0, 2.0, 3.0)])(many)

Therefore equations are solved here by elimination in plain arithmetic, which calls no library and runs on any device, and
eigenvalues, which need the library, one matrix at a time: a single matrix is never divided. Nothing else in the package calls a
library of linear algebra inside compiled code.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

WRITTEN_OUT = 4
"""Unknowns up to which the elimination is one piece of arithmetic without a loop: faster to run, slower to compile."""

State = TypeVar("State")


class Factors(NamedTuple):
    """P A = L U, with ones on the diagonal of L."""

    table: jax.Array
    """L below the diagonal and U on and above it, shape (..., n, n)."""
    order: jax.Array
    """Which row of A is which row of P A, shape (..., n)."""


def solve(matrix: jax.Array, right: jax.Array) -> jax.Array:
    """X of A X = B, differentiable in both.

    Args:
        matrix: A, real or complex, shape (..., n, n).
        right: B, shape (..., n, m) with the same leading axes.

    Returns:
        Array of the shape of B; not finite where A is singular or not finite.

    Example:
        >>> solve(jnp.array([[0.0, 2.0], [4.0, 0.0]]), jnp.array([[2.0], [4.0]])).ravel().tolist()
        [1.0, 1.0]
    """
    kind = jnp.result_type(matrix, right)
    matrix, right = jnp.asarray(matrix, kind), jnp.asarray(right, kind)
    factors = factorise(jax.lax.stop_gradient(matrix))
    return jax.lax.custom_linear_solve(
        lambda x: matrix @ x,
        right,
        solve=lambda _, b: substitute(factors, b),
        transpose_solve=lambda _, b: _substitute_transposed(factors, b),
    )


def inverse(matrix: jax.Array) -> jax.Array:
    """A⁻¹, shape (..., n, n)."""
    matrix = jnp.asarray(matrix)
    return solve(matrix, jnp.broadcast_to(jnp.eye(matrix.shape[-1], dtype=matrix.dtype), matrix.shape))


def determinant_phase(matrix: jax.Array) -> jax.Array:
    """det A/|det A| of matrices of shape (..., n, n): the sign if they are real, 0 where they are singular."""
    table, order = factorise(matrix)
    pivots = jnp.diagonal(table, axis1=-2, axis2=-1)
    size = jnp.abs(pivots)
    # Every pair of rows that changed its order changes the sign.
    changed = (order[..., :, None] > order[..., None, :]) & np.tri(order.shape[-1], k=-1, dtype=bool).T
    parity = 1.0 - 2.0 * (jnp.sum(changed, axis=(-2, -1)) % 2)
    return parity * jnp.prod(pivots / jnp.where(size == 0.0, 1.0, size), axis=-1)


def inverse_cholesky_factor(matrix: jax.Array) -> jax.Array:
    """K⁻¹ with K Kᵀ = A and K lower triangular, of a real symmetric matrix; NaN unless A is positive definite.

    A = L D Lᵀ by elimination without exchanging rows, and K = L √D. What turns A into an upper triangle turns the unit matrix
    into L⁻¹.
    """
    matrix = jnp.asarray(matrix)
    rows = np.arange(matrix.shape[-1])

    def eliminate(k: int | jax.Array, state: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        table, reduced = state
        multiplier = jnp.where(rows > k, table[:, k] / table[k, k], 0.0)[:, None]
        return table - multiplier * table[k], reduced - multiplier * reduced[k]

    table, reduced = _repeat(len(rows), eliminate, (matrix, jnp.eye(len(rows))))
    return reduced / jnp.sqrt(jnp.diagonal(table))[:, None]


@jax.custom_jvp
def eigenvalues(matrix: jax.Array) -> jax.Array:
    """Eigenvalues of one real or complex matrix or, under `jax.vmap`, of one after the other, shape (n,), complex.

    Derivatives are those of simple eigenvalues: dλ_k = (V⁻¹ dA V)_kk, V the right eigenvectors.
    """
    return _eigenvalues(jnp.asarray(matrix))


@eigenvalues.defjvp
def _eigenvalues_and_change(primals: tuple[jax.Array], tangents: tuple[jax.Array]) -> tuple[jax.Array, jax.Array]:
    (matrix,), (change,) = primals, tangents
    found, vectors = eigenvectors(matrix)
    return found, jnp.diagonal(solve(vectors, change @ vectors))


def eigenvectors(matrix: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Eigenvalues, shape (n,), and right eigenvectors in columns, shape (n, n), likewise; neither is differentiable."""
    return _eigenvectors(jax.lax.stop_gradient(jnp.asarray(matrix)))


@jax.custom_batching.sequential_vmap
def _eigenvalues(matrix: jax.Array) -> jax.Array:
    return jnp.linalg.eigvals(matrix)


@jax.custom_batching.sequential_vmap
def _eigenvectors(matrix: jax.Array) -> tuple[jax.Array, jax.Array]:
    eigenvalue, vectors = jnp.linalg.eig(matrix)
    return eigenvalue, vectors


def factorise(matrix: jax.Array) -> Factors:
    """L, U and P of matrices of shape (..., n, n), the largest element of each column as its pivot.

    Rows stay where they are until the end; ``free`` are those that have not been pivots yet.
    """
    matrix = jnp.asarray(matrix)
    count = np.arange(matrix.shape[-1])

    def eliminate(
        k: int | jax.Array, state: tuple[jax.Array, jax.Array, jax.Array]
    ) -> tuple[jax.Array, jax.Array, jax.Array]:
        table, free, order = state
        column = table[..., k]
        chosen = jnp.argmax(jnp.where(free, jnp.abs(column), -1.0), axis=-1)[..., None]
        row = jnp.take_along_axis(table, chosen[..., None], axis=-2)
        free = free & (count != chosen)
        # A zero on the diagonal of U makes the solution infinite; its column needs no elimination.
        pivot = row[..., k]
        multiplier = jnp.where(free, column / jnp.where(pivot == 0.0, 1.0, pivot), 0.0)[..., None]
        reduced = table - multiplier * jnp.where(count > k, row, 0.0)
        return (
            jnp.where(free[..., None] & (count == k), multiplier, reduced),
            free,
            jnp.where(count == k, chosen, order),
        )

    lead = jnp.broadcast_to(count, matrix.shape[:-1])
    table, _, order = _repeat(len(count), eliminate, (matrix, lead >= 0, lead))
    return Factors(jnp.take_along_axis(table, order[..., None], axis=-2), order)


def substitute(factors: Factors, right: jax.Array) -> jax.Array:
    """X of A X = B from the factors of A, B of shape (..., n, m)."""
    table, order = factors
    ordered = jnp.take_along_axis(right, order[..., None], axis=-2)
    return _upwards(table, _downwards(table, ordered, unit=True), unit=False)


def _substitute_transposed(factors: Factors, right: jax.Array) -> jax.Array:
    """X of Aᵀ X = B: Aᵀ = Uᵀ Lᵀ P."""
    table = jnp.swapaxes(factors.table, -1, -2)
    ordered = _upwards(table, _downwards(table, right, unit=False), unit=True)
    return jnp.take_along_axis(ordered, jnp.argsort(factors.order, axis=-1)[..., None], axis=-2)


def _downwards(table: jax.Array, right: jax.Array, unit: bool) -> jax.Array:
    """X of a lower triangle, the first unknown first; ``unit`` if its diagonal is one."""
    rows = np.arange(table.shape[-1])

    def eliminate(k: int | jax.Array, rest: jax.Array) -> jax.Array:
        return _eliminated(table, rest, k, rows > k, unit)

    return _repeat(len(rows), eliminate, right)


def _upwards(table: jax.Array, right: jax.Array, unit: bool) -> jax.Array:
    """X of an upper triangle, the last unknown first; ``unit`` if its diagonal is one."""
    rows = np.arange(table.shape[-1])

    def eliminate(step: int | jax.Array, rest: jax.Array) -> jax.Array:
        k = len(rows) - 1 - step
        return _eliminated(table, rest, k, rows < k, unit)

    return _repeat(len(rows), eliminate, right)


def _eliminated(table: jax.Array, rest: jax.Array, k: int | jax.Array, later: ArrayLike, unit: bool) -> jax.Array:
    """The right side after unknown k has become known and its share has been taken from the ``later`` rows."""
    share = jnp.where(later, table[..., k], 0.0)[..., None]
    known = rest[..., k, :][..., None, :]
    if not unit:
        known = known / table[..., k, k][..., None, None]
    is_own = (np.arange(table.shape[-1]) == k)[:, None]
    return jnp.where(is_own, known, rest - share * known)


def _repeat(count: int, step: Callable[[int | jax.Array, State], State], start: State) -> State:
    """step(count − 1, … step(1, step(0, start)))."""
    return jax.lax.fori_loop(0, count, step, start, unroll=count <= WRITTEN_OUT)
