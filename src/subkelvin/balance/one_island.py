"""All steady states of a single floating island.

The heat that leaves the island, G(T), is scanned on a fine grid in ln T and its extrema between grid points are added, so that
two states cannot hide between neighbours. The island settles where G(T) equals the power P it has to get rid of:

    stable where G crosses P from below,   unstable where from above.

Heated from the coldest temperature around, it stops at the lowest stable state. That state is found through the running maximum
of G, which is monotonic: the first grid point where it reaches P ends the bracket. G does not contain P, so that a sweep over the
power scans once. Docs: docs/physics.md, section 7.
"""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.numerics.roots import bracketed_root

GRID_POINTS = 2048
"""Points in ln T from the coldest held temperature to the critical temperature."""
COLD_POINTS = 512
"""Points below the coldest held temperature, reached only if the island is cooled (negative power)."""
COLDEST_FRACTION = 1e-3
HIGHEST_TEMPERATURE = 100.0
"""Where the search ends for an island without a superconductor [K]."""
ROUNDING = 16.0 * float(np.finfo(np.float64).eps)
MOST_EXTREMA = 8
MOST_STATES = 8
EXTREMUM_ROUNDS = 6


class Scan(NamedTuple):
    """G(T) on a rising grid that contains its own extrema."""

    temperature: jax.Array
    outflow: jax.Array


def scan(outflow: Callable[[jax.Array], jax.Array], coldest: jax.Array, ceiling: jax.Array) -> Scan:
    """Tabulate the outflow from far below the coldest held temperature up to the ceiling.

    Args:
        outflow: heat leaving the island [W] at a temperature [K], both 0-dimensional.
        coldest: lowest held temperature [K].
        ceiling: critical temperature of the island's superconductor [K], infinite if there is none.
    """
    top = jnp.minimum(ceiling, HIGHEST_TEMPERATURE)
    start = jnp.minimum(coldest, top)
    cold = start * jnp.asarray(np.geomspace(COLDEST_FRACTION, 1.0, COLD_POINTS, endpoint=False))
    warm = start * jnp.exp(jnp.asarray(np.linspace(0.0, 1.0, GRID_POINTS)) * jnp.log(top / start))
    # Both ends exactly: at equal held temperatures and no power the answer is that temperature to the last bit.
    temperature = jnp.concatenate([cold, start[None], warm[1:-1], top[None]])
    value = jax.vmap(outflow)(temperature)
    step = jnp.diff(value)
    # A step of a few last bits has no sign: on a flat stretch such noise would use up the places of true extrema.
    direction = jnp.where(jnp.abs(step) > ROUNDING * jnp.abs(value[1:]), jnp.sign(step), 0.0)
    (turning,) = jnp.nonzero(direction[:-1] * direction[1:] < 0.0, size=MOST_EXTREMA, fill_value=0)
    extremum, extreme_value = jax.vmap(
        lambda index: _extremum(outflow, temperature[index + 1], temperature[index + 2] - temperature[index])
    )(turning)
    all_temperature = jnp.concatenate([temperature, extremum])
    all_value = jnp.concatenate([value, extreme_value])
    order = jnp.argsort(all_temperature)
    return Scan(all_temperature[order], all_value[order])


def _extremum(
    outflow: Callable[[jax.Array], jax.Array], point: jax.Array, width: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """The turning point of the outflow near a grid point, and its value, by parabolas through three ever closer points."""

    def approach(_: int, state: tuple) -> tuple:
        middle, _, spacing = state
        low, centre, high = jax.vmap(outflow)(middle + spacing * np.array([-1.0, 0.0, 1.0]))
        curvature = low - 2.0 * centre + high
        shift = jnp.where(curvature == 0.0, 0.0, 0.5 * (low - high) / jnp.where(curvature == 0.0, 1.0, curvature))
        within = jnp.abs(shift) <= 1.0
        return jnp.where(within, middle + shift * spacing, middle), centre, spacing / 8.0

    # Neighbours on the grid differ by some 1e-3; six rounds end where rounding hides the curvature, at a flat extreme value.
    middle, value, _ = jax.lax.fori_loop(0, EXTREMUM_ROUNDS, approach, (point, jnp.zeros(()), 0.5 * width))
    return middle, value


def lowest_state(outflow: Callable[[jax.Array], jax.Array], table: Scan, load: jax.Array) -> jax.Array:
    """The stable state reached by heating up from the cold [K]; NaN if there is none.

    Args:
        outflow: heat leaving the island [W] at a temperature [K].
        table: its scan.
        load: power to get rid of [W].
    """
    running_maximum = jax.lax.cummax(table.outflow)
    index = jnp.searchsorted(running_maximum, load, side="left")
    inside = (index > 0) & (index < running_maximum.shape[0])
    upper = jnp.where(inside, index, 1)
    state = bracketed_root(
        lambda temperature: outflow(temperature) - load,
        table.temperature[upper - 1],
        table.temperature[upper],
        table.outflow[upper - 1] - load,
        table.outflow[upper] - load,
        _inverse_interpolation(table, upper, load),
    )
    return jnp.where(inside, state, jnp.nan)


def _inverse_interpolation(table: Scan, upper: jax.Array, load: jax.Array) -> jax.Array:
    """T(G) through the four grid points around a crossing: on this fine grid Newton then needs one or two steps."""
    indices = jnp.minimum(jnp.maximum(upper - 2, 0), table.outflow.shape[0] - 4) + np.arange(4)
    temperature, outflow = table.temperature[indices], table.outflow[indices]
    distance = load - outflow
    difference = outflow[:, None] - outflow[None, :] + np.eye(4)
    # Lagrange's basis; where two values coincide the result is not finite, and the caller's bracket rejects it.
    basis = jnp.prod(jnp.where(np.eye(4, dtype=bool), 1.0, distance[None, :] / difference), axis=1)
    return jnp.sum(basis * temperature)


def all_states(
    outflow: Callable[[jax.Array], jax.Array], table: Scan, load: jax.Array
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Every steady state on the scan, lowest first.

    Returns:
        Temperatures [K] of shape (MOST_STATES,), padded with NaN; whether each is stable; how many there are.
    """
    above = table.outflow - load >= 0.0
    crossing = above[1:] != above[:-1]
    (left,) = jnp.nonzero(crossing, size=MOST_STATES, fill_value=0)
    count = jnp.sum(crossing)

    def root(index: jax.Array) -> jax.Array:
        return bracketed_root(
            lambda temperature: outflow(temperature) - load,
            table.temperature[index],
            table.temperature[index + 1],
            table.outflow[index] - load,
            table.outflow[index + 1] - load,
        )

    exists = jnp.arange(MOST_STATES) < count
    return jnp.where(exists, jax.vmap(root)(left), jnp.nan), above[left + 1] & exists, count
