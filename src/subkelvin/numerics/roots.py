"""Roots of functions of one variable that are bracketed by a change of sign.

A secant step through the two latest points is taken whenever it stays inside the bracket and the bracket keeps
shrinking; otherwise the bracket is halved. The iteration therefore ends at the root to the last bits of the argument for
any continuous function, and takes one to four values of a smooth one from a good guess. It needs no derivative,
which keeps compiled code small. A NaN anywhere ends it with a NaN.
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.numerics.linear_algebra import solve as solve_linear_equations

LAST_BITS = 2.0 * float(np.finfo(np.float64).eps)
SETTLED = 1e-18
"""Product of the last two steps, relative to the point squared, after which the next step is below the last bits."""
KNOWN_SLOPE = 1e-7
"""A step with a given slope counts like a secant through a point at this relative distance: it is as accurate."""
MOST_STEPS = 200
"""Far more than the 64 halvings that separate any two floats of one sign: every third step at least halves."""


def bracketed_root(
    function: Callable[[jax.Array], jax.Array],
    lower: jax.Array,
    upper: jax.Array,
    value_at_lower: jax.Array,
    value_at_upper: jax.Array,
    guess: tuple[jax.Array, jax.Array] | None = None,
) -> jax.Array:
    """The root of ``function`` between ``lower`` and ``upper``, without derivatives of the result.

    Args:
        function: scalar to scalar.
        lower, upper: the bracket; 0-dimensional.
        value_at_lower, value_at_upper: what the function is there (the caller knows: it found the bracket by them);
            they must differ in sign, or one be zero.
        guess: where to start, and dx/df there to some six digits, if better than the straight line between the ends;
            ignored outside the bracket.

    Returns:
        The root; NaN where the function gives NaN or the ends have the same sign.
    """

    lower, upper = jnp.asarray(lower), jnp.asarray(upper)
    rising = value_at_upper >= 0.0
    bracketed = jnp.where(rising, value_at_lower <= 0.0, (value_at_upper < 0.0) & (value_at_lower >= 0.0))
    # Where the straight line between the ends crosses zero; a bracket found on a fine grid makes that a good guess.
    difference = value_at_upper - value_at_lower
    fraction = jnp.where(difference == 0.0, 0.5, -value_at_lower / jnp.where(difference == 0.0, 1.0, difference))
    start_point = lower + fraction * (upper - lower)
    guessed = jnp.asarray(False)
    inverse_slope = jnp.zeros(())
    if guess is not None:
        guessed = (guess[0] > lower) & (guess[0] < upper) & jnp.isfinite(guess[1])
        start_point = jnp.where(guessed, guess[0], start_point)
        inverse_slope = jnp.where(guessed, guess[1], 0.0)

    def unfinished(state: tuple) -> jax.Array:
        step, *_, finished = state
        return ~finished & (step < MOST_STEPS)

    def advance(state: tuple) -> tuple:
        step, below, above, point, previous, previous_value, widths, _ = state
        value = function(point)
        is_above = jnp.where(rising, value >= 0.0, value < 0.0)
        below, above = jnp.where(is_above, below, point), jnp.where(is_above, point, above)
        rise = value - previous_value
        known = guessed & (step == 0)
        quotient = jnp.where(known, inverse_slope, (point - previous) / jnp.where(rise == 0.0, 1.0, rise))
        secant = point - value * quotient
        width = jnp.abs(above - below)
        # The secant must end inside the bracket, and the bracket of three steps ago must have halved.
        inside = (known | (rise != 0.0)) & (secant >= jnp.minimum(below, above)) & (secant <= jnp.maximum(below, above))
        slow = (width > 0.5 * widths[2]) & (step % 3 == 2)
        taken = inside & ~slow
        following = jnp.where(taken, secant, 0.5 * (below + above))
        moved = jnp.abs(following - point)
        # A secant step from a point at distance d, with the previous one at distance D, ends at a distance of order dD.
        distance = jnp.where(known, KNOWN_SLOPE * jnp.abs(point), jnp.abs(point - previous))
        settled = taken & (moved * distance <= SETTLED * point * point)
        finished = (value == 0.0) | settled | (width <= LAST_BITS * jnp.abs(point)) | jnp.isnan(value)
        result = jnp.where(value == 0.0, point, jnp.where(jnp.isnan(value), jnp.nan, following))
        return step + 1, below, above, result, point, value, jnp.stack([width, widths[0], widths[1]]), finished

    # The secant starts from the end that is nearer to the guess.
    near_lower = jnp.abs(start_point - lower) < jnp.abs(upper - start_point)
    nearest = jnp.where(near_lower, lower, upper)
    nearest_value = jnp.where(near_lower, value_at_lower, value_at_upper)
    at_an_end = (value_at_lower == 0.0) | (value_at_upper == 0.0)
    start = (0, lower, upper, start_point, nearest, nearest_value, jnp.full(3, jnp.inf), ~bracketed | at_an_end)
    _, _, _, point, *_, finished = jax.lax.while_loop(unfinished, advance, start)
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
        return solve_linear_equations(jax.jacobian(linear)(jnp.zeros_like(right)), right[:, None])[:, 0]

    return jax.lax.custom_root(function, guess, solve, solve_linear)
