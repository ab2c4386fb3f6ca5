"""Roots of functions of one variable that are bracketed by a change of sign.

A Newton step is taken whenever it stays inside the bracket and the bracket keeps shrinking; otherwise the bracket is halved. The
iteration therefore ends at the root to the last bits of the argument for any continuous function, and its cost is that of
Newton's method for a smooth one. A NaN anywhere ends it with a NaN.
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

LAST_BITS = 2.0 * float(np.finfo(np.float64).eps)
SETTLED = 1e-9
"""A Newton step shorter than this, relative to the point, leaves an error of about its square."""
MOST_STEPS = 200
"""Far more than the 64 halvings that separate any two floats of one sign: every second step at least halves."""


def bracketed_root(
    function: Callable[[jax.Array], jax.Array],
    lower: jax.Array,
    upper: jax.Array,
    value_at_lower: jax.Array,
    value_at_upper: jax.Array,
    guess: jax.Array | None = None,
) -> jax.Array:
    """The root of ``function`` between ``lower`` and ``upper``, without derivatives of the result.

    Args:
        function: scalar to scalar.
        lower, upper: the bracket; 0-dimensional.
        value_at_lower, value_at_upper: what the function is there (the caller knows: it found the bracket by them);
            they must differ in sign, or one be zero.
        guess: where to start, if better than the straight line between the ends; ignored outside the bracket.

    Returns:
        The root; NaN where the function gives NaN or the ends have the same sign.
    """

    value_and_slope = jax.value_and_grad(function)
    rising = value_at_upper >= 0.0
    bracketed = jnp.where(rising, value_at_lower <= 0.0, (value_at_upper < 0.0) & (value_at_lower >= 0.0))
    # Where the straight line between the ends crosses zero; a bracket found on a fine grid makes that a good guess.
    difference = value_at_upper - value_at_lower
    fraction = jnp.where(difference == 0.0, 0.5, -value_at_lower / jnp.where(difference == 0.0, 1.0, difference))
    start_point = lower + fraction * (upper - lower)
    if guess is not None:
        start_point = jnp.where((guess > lower) & (guess < upper), guess, start_point)

    def unfinished(state: tuple) -> jax.Array:
        step, _, _, _, _, finished = state
        return ~finished & (step < MOST_STEPS)

    def advance(state: tuple) -> tuple:
        step, below, above, point, widths, _ = state
        value, slope = value_and_slope(point)
        is_above = jnp.where(rising, value >= 0.0, value < 0.0)
        below, above = jnp.where(is_above, below, point), jnp.where(is_above, point, above)
        newton = point - value / slope
        width = jnp.abs(above - below)
        # Newton must stay inside, and the bracket of two steps ago must have halved or be tiny next to the step taken.
        inside = (newton >= jnp.minimum(below, above)) & (newton <= jnp.maximum(below, above))
        slow = (width > 0.5 * widths[1]) & (step % 3 == 2)
        following = jnp.where(inside & ~slow, newton, 0.5 * (below + above))
        moved = jnp.abs(following - point)
        settled = inside & ~slow & (moved <= SETTLED * jnp.abs(point))
        finished = (value == 0.0) | settled | (width <= LAST_BITS * jnp.abs(point))
        result = jnp.where(value == 0.0, point, jnp.where(jnp.isnan(value), jnp.nan, following))
        return step + 1, below, above, result, jnp.stack([width, widths[0]]), finished | jnp.isnan(value)

    start = (0, lower, upper, start_point, jnp.full(2, jnp.inf), ~bracketed | (value_at_lower == 0.0) | (value_at_upper == 0.0))
    _, _, _, point, _, finished = jax.lax.while_loop(unfinished, advance, start)
    root = jnp.where(value_at_lower == 0.0, lower, jnp.where(value_at_upper == 0.0, upper, point))
    return jnp.where(bracketed & finished, root, jnp.nan)


def implicit_root(
    function: Callable[[jax.Array], jax.Array], solution: Callable[[], jax.Array], guess: jax.Array
) -> jax.Array:
    """A root with exact derivatives, by the implicit function theorem: dx = −f_θ dθ / f_x.

    Args:
        function: scalar or vector function whose root is sought; it may close over anything differentiable.
        solution: how to find the root; never differentiated.
        guess: array of the shape of the root.
    """

    def solve(_: Callable, __: jax.Array) -> jax.Array:
        return solution()

    def solve_linear(linear: Callable[[jax.Array], jax.Array], right: jax.Array) -> jax.Array:
        if right.ndim == 0:
            return right / linear(jnp.ones_like(right))
        return jnp.linalg.solve(jax.jacobian(linear)(jnp.zeros_like(right)), right)

    return jax.lax.custom_root(function, guess, solve, solve_linear)
