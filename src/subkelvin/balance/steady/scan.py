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
COSTLY_GRID_POINTS = 448
"""The same where photonic heat has no closed form with one pole: every point costs a thousand times as much."""
COLD_POINTS = 128
"""Points below the coldest held temperature, reached only if the island is cooled (negative power)."""
COLDEST_FRACTION = 1e-3
HIGHEST_TEMPERATURE = 100.0
"""Where the search ends for an island without a superconductor [K]."""
ROUNDING = 16.0 * float(np.finfo(np.float64).eps)
MOST_EXTREMA = 16
MOST_STATES = 8
EXTREMUM_STEPS = 5
DIFFERENCE = 1e-3
BLOCK = 64


class Scan(NamedTuple):
    """G(T) on a rising grid that contains its own extrema."""

    temperature: jax.Array
    outflow: jax.Array


def scan(
    outflow: Callable[[jax.Array], jax.Array], coldest: jax.Array, ceiling: jax.Array, points: int = GRID_POINTS
) -> Scan:
    """Tabulate the outflow from far below the coldest held temperature up to the ceiling.

    Args:
        outflow: heat leaving the island [W] at a temperature [K], both 0-dimensional.
        coldest: lowest held temperature [K].
        ceiling: critical temperature of the island's superconductor [K], infinite if there is none.
        points: from the coldest held temperature on; with COLD_POINTS a multiple of BLOCK.
    """
    top = jnp.minimum(ceiling, HIGHEST_TEMPERATURE)
    start = jnp.minimum(coldest, top)
    cold = start * jnp.asarray(np.geomspace(COLDEST_FRACTION, 1.0, COLD_POINTS, endpoint=False))
    warm = start * jnp.exp(jnp.asarray(np.linspace(0.0, 1.0, points)) * jnp.log(top / start))
    # Both ends exactly: at equal held temperatures and no power the answer is that temperature to the last bit.
    grid = jnp.concatenate([cold, start[None], warm[1:-1], top[None]])
    # Blocks, the last of which holds the extrema of all others: one loop body, so that the outflow is compiled once.
    blocks = jnp.concatenate([grid.reshape(-1, BLOCK), jnp.broadcast_to(top, (1, BLOCK))])

    def evaluate(index: jax.Array, state: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        temperatures, values = state
        points = jax.lax.cond(
            index == blocks.shape[0] - 1,
            lambda: _extrema(temperatures[:-1].ravel(), values[:-1].ravel()),
            lambda: temperatures[index],
        )
        return temperatures.at[index].set(points), values.at[index].set(jax.vmap(outflow)(points))

    temperatures, values = jax.lax.fori_loop(0, blocks.shape[0], evaluate, (blocks, jnp.zeros_like(blocks)))
    temperature, value = temperatures.ravel()[: grid.size + MOST_EXTREMA], values.ravel()[: grid.size + MOST_EXTREMA]
    order = jnp.argsort(temperature)
    return Scan(temperature[order], value[order])


def _extrema(temperature: jax.Array, outflow: jax.Array) -> jax.Array:
    """Where a tabulated outflow turns, shape (BLOCK,), filled up with grid points.

    The polynomial through the five points around a turning one has its own turning point, to 1e-8 of the temperature on this grid;
    the outflow is flat there, so that its extreme value comes out to rounding.
    """
    step = jnp.diff(outflow)
    # A step of a few last bits has no sign: on a flat stretch such noise would use up the places of true extrema.
    direction = jnp.where(jnp.abs(step) > ROUNDING * jnp.abs(outflow[1:]), jnp.sign(step), 0.0)
    (turning,) = jnp.nonzero(direction[:-1] * direction[1:] < 0.0, size=BLOCK, fill_value=1)
    centre = jnp.minimum(jnp.maximum(turning + 1, 2), temperature.size - 3)[:, None]
    nodes = jnp.log(temperature[centre + np.arange(-2, 3)] / temperature[centre])
    values = outflow[centre + np.arange(-2, 3)] - outflow[centre]
    spacing = 0.25 * (nodes[:, 4] - nodes[:, 0])
    position, scale = nodes / spacing[:, None], jnp.max(jnp.abs(values), axis=1, keepdims=True)
    # Newton's divided differences, turned into the slope of the quartic and its root near the middle.
    table = values / jnp.where(scale == 0.0, 1.0, scale)
    coefficients = [table[:, 0]]
    for level in range(1, 5):
        table = (table[:, 1:] - table[:, :-1]) / (position[:, level:] - position[:, :-level])
        coefficients.append(table[:, 0])

    def quartic(at: jax.Array) -> jax.Array:
        result = coefficients[4]
        for level in range(3, -1, -1):
            result = result * (at - position[:, level]) + coefficients[level]
        return result

    at = jnp.zeros(BLOCK)
    for _ in range(EXTREMUM_STEPS):
        low, middle, high = quartic(at - DIFFERENCE), quartic(at), quartic(at + DIFFERENCE)
        curvature = low - 2.0 * middle + high
        at = at - DIFFERENCE * 0.5 * (high - low) / jnp.where(curvature == 0.0, jnp.inf, curvature)
    # A quartic without a turning point in the middle is no extremum: any grid point may stand in its place.
    at = jnp.where(jnp.abs(at) <= 1.5, at, 0.0)
    return temperature[centre[:, 0]] * jnp.exp(at * spacing)


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


def _inverse_interpolation(table: Scan, upper: jax.Array, load: jax.Array) -> tuple[jax.Array, jax.Array]:
    """T(G) and dT/dG through the six grid points around a crossing: on this fine grid one step from there is enough.

    Where two values coincide the result is not finite, and is not used.
    """
    first = jnp.minimum(jnp.maximum(upper - 3, 0), table.outflow.shape[0] - 6)
    outflow = jax.lax.dynamic_slice(table.outflow, (first,), (6,)) - load
    row = jax.lax.dynamic_slice(table.temperature, (first,), (6,))
    # Newton's divided differences of T as a function of G, and Horner's rule for the value and the slope at G = load.
    coefficients = [row[0]]
    for level in range(1, 6):
        row = (row[1:] - row[:-1]) / (outflow[level:] - outflow[:-level])
        coefficients.append(row[0])
    value, slope = coefficients[5], jnp.zeros(())
    for level in range(4, -1, -1):
        value, slope = coefficients[level] - value * outflow[level], value - slope * outflow[level]
    return value, slope


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


def nearest_state(
    outflow: Callable[[jax.Array], jax.Array], table: Scan, load: jax.Array, start: jax.Array
) -> jax.Array:
    """The stable state that an island released at ``start`` [K] goes to [K]; NaN if there is none on that side.

    It warms up while its outflow is below the load, and then meets the next crossing from below; otherwise it cools down.
    """
    temperature, stable, _ = all_states(outflow, table, load)
    warms = outflow(start) < load
    above = jnp.min(jnp.where(stable & (temperature >= start), temperature, jnp.inf))
    below = jnp.max(jnp.where(stable & (temperature <= start), temperature, -jnp.inf))
    reached = jnp.where(warms, above, below)
    return jnp.where(jnp.isfinite(reached), reached, jnp.nan)
