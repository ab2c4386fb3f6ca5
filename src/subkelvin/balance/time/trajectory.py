"""One trajectory of a device in compiled code.

The unknowns are ln T/T(0) of every floating island, the heat that has gone along every path, and the work of every load, the
latter two in units of the energy that the islands hold at the start. Docs: docs/physics.md, section 14.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.balance.network.heat_capacities import HeatCapacities, lower_heat_capacities
from subkelvin.balance.network.network import Network, floating_flows, lower
from subkelvin.balance.time.integrate import InitialValueProblem
from subkelvin.model import Device
from subkelvin.model.status import TrajectoryStatus
from subkelvin.model.structure import Structure

FIRST_STEP = 1e-3
"""In units of the time in which the fastest temperature or energy would change by one unit of itself."""
QUADRATURE_POINTS = 64
NEVER = 2.0
"""A time that is not reached, in units of the duration. Times themselves are seconds: scaled ones would blur the edge of a jump."""


class RawTrajectory(NamedTuple):
    """A trajectory without names; floating islands in file order."""

    temperatures: jax.Array
    stored: jax.Array
    transferred: jax.Array
    supplied: jax.Array
    conservation: jax.Array
    status: jax.Array
    last_time: jax.Array
    last_temperatures: jax.Array
    steps: jax.Array


def follow(
    values: dict,
    drives: dict,
    begin: dict,
    goals: dict,
    duration: jax.Array,
    times: jax.Array,
    tolerance: jax.Array,
    structure: Structure,
) -> RawTrajectory:
    """One trajectory in compiled code."""
    names = [island.name for island in structure.floating_islands]

    def network_with(changed: dict) -> tuple[Network, HeatCapacities]:
        device = Device({**values, **changed}, structure)
        return lower(device), lower_heat_capacities(device)

    resting = network_with({path: drive.before for path, drive in drives.items()})
    undriven = network_with({})
    start = jnp.stack([begin[name] for name in names])

    def at(time: jax.Array) -> tuple[Network, HeatCapacities]:
        if not drives:
            return undriven
        return network_with({path: drive(time) for path, drive in drives.items()})

    # Heat capacities at the hottest temperature around give an energy that is never far too small.
    warm = jnp.maximum(start, jnp.max(resting[0].held_temperatures))
    unit = jax.lax.stop_gradient(jnp.sum(resting[1].at(warm) * warm))

    def slope(time: jax.Array, state: tuple, _: Any) -> tuple:
        network, capacities = at(time)
        temperatures = start * jnp.exp(state[0])
        watts, _ = floating_flows(network, temperatures)
        inflow = network.load - network.incidence[: start.shape[0], : watts.shape[0]] @ watts
        rate = 1.0 / (capacities.at(temperatures) * temperatures)
        return rate * inflow, watts / unit, network.load / unit

    network, capacities = at(jnp.zeros(()))
    incidence = network.incidence[: start.shape[0]]
    blank = jax.eval_shape(lambda t: floating_flows(network, t)[0], start).shape[0]
    initial = (jnp.zeros_like(start), jnp.zeros(blank), jnp.zeros_like(start))
    rates = jnp.concatenate(jax.tree.leaves(slope(jnp.zeros(()), initial, None)))
    finite = jnp.all(jnp.isfinite(rates))
    fastest = jax.lax.stop_gradient(jnp.max(jnp.abs(jnp.where(finite, rates, 1.0))))
    first = FIRST_STEP / jnp.maximum(fastest, 1.0 / duration)
    initial = jax.tree.map(lambda leaf: jnp.where(finite, leaf, jnp.nan), initial)
    margins = [lambda state: jnp.max(_above_ceiling(network.ceiling, start * jnp.exp(state[0])))] + [
        _distance_to(names.index(name), goal, start) for name, goal in goals.items()
    ]
    breaks = jnp.concatenate([jnp.zeros(0), *[drive.breaks for drive in drives.values()]])
    jumps = jnp.where((breaks > 0.0) & (breaks < duration), breaks, NEVER * duration) if breaks.size else None
    longest = duration
    for drive in drives.values():
        longest = jnp.minimum(longest, drive.longest_step)
    run = InitialValueProblem(slope, initial, margins, jumps, jnp.minimum(first, longest), longest, duration, tolerance)
    end = run.to(duration, times)
    status = jnp.where(finite, end.status, TrajectoryStatus.NOT_COMPUTABLE)
    # Already too hot at the start: nothing was computed that is valid.
    too_hot = jnp.any(start >= network.ceiling)
    status = jnp.where(finite & too_hot, TrajectoryStatus.ABOVE_CRITICAL_TEMPERATURE, status)
    last_time, last = end.last_time, end.last[0]
    if goals:
        # The event was located on an interpolant: go there by steps of full accuracy, and correct to first order.
        reached = status == TrajectoryStatus.REACHED
        exact = run.to(jnp.where(reached, last_time, duration), None)
        state = exact.last
        margin = jnp.stack([one(state) for one in margins[1:]])
        pace = slope(last_time, state, None)[0]
        which = jnp.argmin(jnp.abs(margin))
        islands = jnp.asarray([names.index(name) for name in goals])
        moving = pace[islands][which] != 0.0
        late = jnp.where(moving, margin[which] / jnp.where(moving, pace[islands][which], 1.0), 0.0)
        last_time = jnp.where(reached, jnp.maximum(last_time - late, 0.0), last_time)
        last = jnp.where(reached, state[0] - late * pace, last)
    logarithms, heat, work = end.saved or run.initial
    temperatures = start * jnp.exp(logarithms)
    stored = unit * (work - heat @ incidence[:, :blank].T)
    conservation = _mismatch(capacities, start, temperatures, stored, unit * heat, unit * work, incidence[:, :blank])
    bad = ~finite | too_hot

    def valid(numbers: jax.Array) -> jax.Array:
        return jnp.where(bad, jnp.nan, numbers)

    return RawTrajectory(
        valid(temperatures),
        valid(stored),
        valid(unit * heat),
        valid(unit * work),
        valid(conservation),
        status,
        jnp.where(bad, 0.0, last_time),
        jnp.where(bad, start, start * jnp.exp(last)),
        end.steps,
    )


def _distance_to(island: int, goal: jax.Array, start: jax.Array) -> Callable[[tuple], jax.Array]:
    """ln T/T_goal of one island as a function of the state."""
    return lambda state: state[0][island] + jnp.log(start[island] / goal)


def _above_ceiling(ceiling: jax.Array, temperatures: jax.Array) -> jax.Array:
    """ln T/T_c of every island; −1 where nothing superconducts."""
    exists = jnp.isfinite(ceiling)
    return jnp.where(exists, jnp.log(temperatures / jnp.where(exists, ceiling, 1.0)), -1.0)


def _mismatch(
    capacities: HeatCapacities,
    start: jax.Array,
    temperatures: jax.Array,
    stored: jax.Array,
    heat: jax.Array,
    work: jax.Array,
    incidence: jax.Array,
) -> jax.Array:
    """Largest |∫C dT − stored| of an island over the largest energy in its ledger."""
    nodes, weights = np.polynomial.legendre.leggauss(QUADRATURE_POINTS)
    logarithm = jnp.log(temperatures / start)

    def content(node: jax.Array) -> jax.Array:
        between = start * jnp.exp(0.5 * (1.0 + node) * logarithm)
        return jax.vmap(capacities.at)(between) * between

    gained = 0.5 * logarithm * jnp.einsum("k,kti->ti", weights, jax.lax.map(content, jnp.asarray(nodes)))
    ledger = jnp.maximum(
        jnp.maximum(jnp.abs(gained), jnp.abs(work)), jnp.max(jnp.abs(heat)[:, None, :] * jnp.abs(incidence), axis=-1)
    )
    largest = jnp.nanmax(ledger, axis=0)
    mismatch = jnp.nanmax(jnp.abs(gained - stored), axis=0)
    return jnp.max(jnp.where(largest > 0.0, mismatch / jnp.where(largest > 0.0, largest, 1.0), 0.0))
