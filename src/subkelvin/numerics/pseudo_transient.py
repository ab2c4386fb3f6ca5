"""One stable steady state of several floating islands, by pseudo-transient continuation.

From the start the islands warm up (or cool down) in artificial time,

    d(ln T_i)/dτ = −F_i(T)/S_i,     F_i = outflow_i − load_i,     S_i = Σ_paths |P_path| + |load_i|,

so that all of them move at like rates however different their powers. The steps are implicit,

    [1/δ + S⁻¹ ∂F/∂ln T] Δ = −S⁻¹ F,

and δ grows from step to step until they are Newton's (C. T. Kelley and D. E. Keyes, SIAM J. Numer. Anal. 35, 508 (1998)). Three
rules keep them on the way that heating takes:

- no temperature changes by more than a fifth in a step;
- F must come out near its linear prediction, or the step is taken back and shortened;
- δ stays so small that elimination without exchange of rows meets positive pivots only. Where a warmer island never draws less
  heat from its neighbours, positive pivots mean that the step decays in every direction: an unstable state cannot attract it.

An island that reaches an end of the range stays there as long as its imbalance pushes outwards.
"""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

MOST_STEPS = 1000
LONGEST_STEP = 0.2
"""Largest change of ln T in one step."""
WORST_PREDICTION = 0.3
"""Largest deviation of F from its linear prediction, in units of S, with which a step counts."""
FIRST_TIME_STEP = 1.0
GROWTH = 10.0
WRITTEN_OUT = 8
"""Most islands whose elimination is compiled without a loop."""
SHORTEST_TIME_STEP = 1e-9
LAST_BITS = 4.0 * float(np.finfo(np.float64).eps)
NEARLY_SETTLED = 1e-9
"""A step in ln T below which the first one that is not shorter than the one before is rounding, and the last."""


class Settled(NamedTuple):
    """Where pseudo-transient continuation ended."""

    temperatures: jax.Array
    """The last state of the islands [K], settled or not, shape (floating,)."""
    movement: jax.Array
    """Σ_j |∂F_i/∂ln T_j| there [W], shape (floating,): what an imbalance owes to rounded temperatures."""
    settled: jax.Array
    """Whether the steps ended."""
    steps: jax.Array


def heated_state(
    imbalance: Callable[[jax.Array], tuple[jax.Array, jax.Array]],
    start: jax.Array,
    lowest: jax.Array,
    highest: jax.Array,
) -> Settled:
    """Temperatures at which every imbalance vanishes.

    Args:
        imbalance: outflow minus load F and sum of all powers S of every floating island [W], at their temperatures [K].
        start: temperatures to begin at [K], shape (floating,).
        lowest, highest: range of each temperature [K], shape (floating,).
    """
    directions = jnp.eye(start.shape[0])

    def unfinished(state: tuple) -> jax.Array:
        step, *_, time_step, _, _, finished = state
        return ~finished & (step < MOST_STEPS) & (time_step > SHORTEST_TIME_STEP)

    def advance(state: tuple) -> tuple:
        step, temperatures, value, jacobian, size, time_step, reach, previous, _ = state
        stays = ((temperatures >= highest) & (value < 0.0)) | ((temperatures <= lowest) & (value > 0.0))
        matrix = jnp.where(stays[:, None], directions, jacobian / size[:, None])
        change, time_step = _decaying_step(matrix, jnp.where(stays, 0.0, -value / size), time_step)
        change = jnp.minimum(jnp.maximum(change, -reach), reach)
        candidate = jnp.minimum(jnp.maximum(temperatures * jnp.exp(change), lowest), highest)
        longest = jnp.max(jnp.abs(change))
        new_value, new_jacobian, powers = value_and_jacobian(imbalance, candidate)
        # At equal temperatures without power nothing flows: the island follows its neighbours at once.
        new_size = jnp.where(powers > 0.0, powers, jnp.max(jnp.abs(new_jacobian), axis=1))
        new_size = jnp.where(new_size > 0.0, new_size, 1.0)
        prediction = value + jacobian @ change
        deviation = jnp.max(jnp.where(stays, 0.0, jnp.abs(new_value - prediction) / jnp.maximum(size, new_size)))
        # The first pass only evaluates the start.
        first = step == 0
        accepted = first | (deviation <= WORST_PREDICTION)
        rounding = (longest < NEARLY_SETTLED) & (longest >= previous)
        at_rest = (longest <= LAST_BITS) | rounding | jnp.all(stays | (value == 0.0))
        finished = ~first & at_rest & (time_step > 1.0 / NEARLY_SETTLED)

        def chosen(new: jax.Array, old: jax.Array) -> jax.Array:
            return jnp.where(accepted, new, old)

        following_time_step = jnp.where(accepted, GROWTH * time_step, 0.25 * time_step)
        return (
            step + 1,
            chosen(candidate, temperatures),
            chosen(new_value, value),
            chosen(new_jacobian, jacobian),
            chosen(new_size, size),
            jnp.where(first, time_step, following_time_step),
            jnp.where(accepted, jnp.minimum(2.0 * reach, LONGEST_STEP), 0.25 * jnp.minimum(reach, longest)),
            jnp.where(accepted & ~first, longest, previous),
            finished | jnp.any(jnp.isnan(new_value) & first),
        )

    count = start.shape[0]
    begin: tuple = (
        0, jnp.minimum(jnp.maximum(start, lowest), highest), jnp.zeros(count), directions, jnp.ones(count),
        jnp.asarray(FIRST_TIME_STEP), jnp.asarray(LONGEST_STEP), jnp.asarray(jnp.inf), jnp.asarray(False),
    )  # fmt: skip
    steps, temperatures, value, jacobian, *_, finished = jax.lax.while_loop(unfinished, advance, begin)
    movement = jnp.sum(jnp.abs(jacobian), axis=1)
    return Settled(temperatures, movement, finished & jnp.all(jnp.isfinite(value)), steps)


def value_and_jacobian(
    imbalance: Callable[[jax.Array], tuple[jax.Array, jax.Array]], temperatures: jax.Array
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """F [W], ∂F_i/∂ln T_j [W] and S [W], the outflow traced once.

    Args:
        imbalance: F and S of every floating island [W] at their temperatures [K].
        temperatures: of the floating islands [K], shape (floating,).
    """

    def along(direction: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        return jax.jvp(imbalance, (temperatures,), (temperatures * direction,), has_aux=True)

    return jax.vmap(along, out_axes=(None, 1, None))(jnp.eye(temperatures.shape[0]))


def _decaying_step(matrix: jax.Array, right: jax.Array, time_step: jax.Array) -> tuple[jax.Array, jax.Array]:
    """The solution of (1/δ + matrix) Δ = right with the largest δ up to that given that leaves all pivots positive, and δ."""
    count = right.shape[0]

    def eliminated(time_step: jax.Array) -> tuple[jax.Array, jax.Array]:
        augmented = jnp.concatenate([matrix + jnp.eye(count) / time_step, right[:, None]], axis=1)

        def eliminate(k: int, state: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
            table, positive = state
            pivot = table[k, k]
            row = table[k] / jnp.where(pivot == 0.0, 1.0, pivot)
            reduced = (table - table[:, k, None] * row).at[k].set(row)
            return reduced, positive & (pivot > 0.0)

        start = (augmented, jnp.asarray(True))
        # Written out for few islands, the elimination of a whole block of networks becomes one piece of arithmetic.
        table, positive = jax.lax.fori_loop(0, count, eliminate, start, unroll=count <= WRITTEN_OUT)
        return table[:, count], positive

    def rejected(state: tuple) -> jax.Array:
        time_step, _, positive = state
        return ~positive & (time_step > SHORTEST_TIME_STEP)

    def shorten(state: tuple) -> tuple:
        time_step, *_ = state
        return 0.25 * time_step, *eliminated(0.25 * time_step)

    time_step, change, _ = jax.lax.while_loop(rejected, shorten, (time_step, *eliminated(time_step)))
    return change, time_step
