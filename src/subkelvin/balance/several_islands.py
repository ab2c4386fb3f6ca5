"""One steady state of several floating islands, by pseudo-transient continuation.

All islands start at the coldest held temperature and warm up in artificial time,

    s_i d(ln T_i)/dτ = load_i − outflow_i(T),

with implicit Euler steps that grow as the imbalance falls and end as Newton's method (C. T. Kelley and D. E. Keyes, SIAM J. Numer.
Anal. 35, 508 (1998)). Like the device itself, this follows the branch that is reached by heating. Whether other states exist is not
searched.
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

MOST_STEPS = 400
LONGEST_STEP = 0.2
"""Largest change of ln T in one step."""
FIRST_TIME_STEP = 0.1
LAST_BITS = 4.0 * float(np.finfo(np.float64).eps)


def heated_state(
    imbalance: Callable[[jax.Array], jax.Array], coldest: jax.Array, ceiling: jax.Array, count: int
) -> jax.Array:
    """Temperatures at which every imbalance vanishes [K]; NaN if the search did not end there.

    Args:
        imbalance: outflow minus load of every floating island [W] at their temperatures [K].
        coldest: the lowest held temperature [K].
        ceiling: highest temperature of each island [K]; an island that reaches it stays there.
        count: number of floating islands.
    """

    def in_logarithms(logarithm: jax.Array) -> jax.Array:
        return imbalance(jnp.exp(logarithm))

    def unfinished(state: tuple) -> jax.Array:
        step, _, _, _, finished = state
        return ~finished & (step < MOST_STEPS)

    def advance(state: tuple) -> tuple:
        step, logarithm, time_step, previous, _ = state
        value = in_logarithms(logarithm)
        jacobian = jax.jacobian(in_logarithms)(logarithm)
        # Each row in units of its own largest entry: flows of different islands may differ by many orders.
        scale = jnp.max(jnp.abs(jacobian), axis=1)
        size = jnp.linalg.norm(value / scale)
        time_step = jnp.where(step == 0, time_step, time_step * previous / size)
        change = jnp.linalg.solve(jnp.eye(count) / time_step + jacobian / scale[:, None], -value / scale)
        longest = jnp.max(jnp.abs(change))
        change = jnp.where(longest > LONGEST_STEP, change * (LONGEST_STEP / longest), change)
        following = jnp.minimum(logarithm + change, jnp.log(ceiling))
        finished = ~(longest > LAST_BITS) | jnp.all(value == 0.0)
        return step + 1, following, time_step, size, finished

    start = jnp.full(count, jnp.log(coldest))
    start = jnp.minimum(start, jnp.log(ceiling))
    _, logarithm, _, _, finished = jax.lax.while_loop(
        unfinished, advance, (0, start, jnp.asarray(FIRST_TIME_STEP), jnp.asarray(1.0), jnp.asarray(False))
    )
    return jnp.where(finished, jnp.exp(logarithm), jnp.nan)
