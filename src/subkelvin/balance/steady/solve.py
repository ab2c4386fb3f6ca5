"""The steady state of a network, in compiled code: temperatures, flows, residual, status."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.balance.network.network import Network, floating_flows, held_flows
from subkelvin.balance.steady.scan import (
    COLDEST_FRACTION,
    COSTLY_GRID_POINTS,
    GRID_POINTS,
    HIGHEST_TEMPERATURE,
    Scan,
    all_states,
    lowest_state,
    nearest_state,
    scan,
)
from subkelvin.model.status import Limit, Status
from subkelvin.numerics.pseudo_transient import heated_state
from subkelvin.numerics.roots import implicit_root

BALANCE_TOLERANCE = 1e-12
"""Largest imbalance of a floating island that counts as balanced, relative to its largest heat flow."""
INTEGRAL_TOLERANCE = 1e-9
"""The same where photon heat comes from the adaptive integral; its error estimate has to be as small."""
LAST_BITS = 8.0 * float(np.finfo(np.float64).eps)
"""Uncertainty of a temperature in units of itself: an imbalance it explains is no imbalance."""

FLAT_POINTS = 3
"""Points of a table of outflows that balance to the last bit: so many make a stretch on which no temperature is singled out."""


class Solution(NamedTuple):
    """A steady state without names; islands floating first, paths in the order of `internal_paths`."""

    temperatures: jax.Array
    watts: jax.Array
    watts_error: jax.Array
    outflow: jax.Array
    residual: jax.Array
    tolerance: jax.Array
    status: jax.Array
    last_temperatures: jax.Array
    """Of the floating islands where the search ended, whatever came of it [K]; no derivatives."""
    limits: jax.Array
    """A `Limit` of each floating island there."""


class States(NamedTuple):
    """All steady states of one floating island, lowest first, padded with NaN."""

    temperature: jax.Array
    stable: jax.Array
    found: jax.Array
    """How many there are; more than the array is long if some did not fit."""


def imbalance(network: Network, floating: jax.Array) -> jax.Array:
    """Outflow minus load of every floating island [W] at their temperatures [K]."""
    return outflow_of_floating(network, floating) - network.load


def outflow_of_floating(network: Network, floating: jax.Array) -> jax.Array:
    """Heat leaving every floating island [W]; it must not depend on the load, so that a sweep of powers computes it once."""
    watts, _ = floating_flows(network, floating)
    return network.incidence[: network.power.shape[0], : watts.shape[0]] @ watts


def imbalance_and_size(network: Network, floating: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Imbalance of every floating island, and the sum of the magnitudes of all powers in it [W]."""
    watts, _ = floating_flows(network, floating)
    incidence = network.incidence[: network.power.shape[0], : watts.shape[0]]
    # The size only weighs equations, and is not differentiated.
    size = jnp.abs(incidence) @ jnp.abs(jax.lax.stop_gradient(watts)) + jnp.abs(network.load)
    return incidence @ watts - network.load, size


def flows_at(network: Network, floating: jax.Array, movement: jax.Array) -> Solution:
    """Everything that is known once the floating temperatures are; the status only says whether they balance.

    Args:
        network: the network.
        floating: temperatures of the floating islands [K].
        movement: how far each imbalance moves with the floating temperatures, in units of their relative change [W].
    """
    temperatures = network.all_temperatures(floating)
    near, near_error = floating_flows(network, floating)
    held = held_flows(network)
    watts = jnp.concatenate([near, held])
    error = jnp.concatenate([near_error, jnp.zeros_like(held)])
    outflow = network.incidence @ watts
    residual = jnp.abs(outflow[: network.power.shape[0]] - network.load)
    tolerance = allowed_imbalance(network, watts, movement)
    # A path that the circuit blocks carries rounding only: it has to be known against the largest flow, not against itself.
    known = error <= jnp.maximum(
        INTEGRAL_TOLERANCE * jnp.abs(watts), BALANCE_TOLERANCE * jnp.max(jnp.abs(watts), initial=0.0)
    )
    balanced = jnp.all(residual <= tolerance) & jnp.all(known)
    status = jnp.where(balanced & jnp.all(jnp.isfinite(watts)), Status.CONVERGED, Status.NOT_CONVERGED)
    return Solution(
        temperatures, watts, error, outflow, jnp.max(residual, initial=0.0), jnp.max(tolerance, initial=0.0), status,
        jax.lax.stop_gradient(floating), jnp.full(floating.shape, Limit.NONE),
    )  # fmt: skip


def allowed_imbalance(network: Network, watts: jax.Array, movement: jax.Array) -> jax.Array:
    """Imbalance of every floating island that counts as none [W]: what the accuracy of flows and temperatures explains.

    Args:
        network: the network.
        watts: along its first paths, at least those of `floating_flows` [W].
        movement: how far each imbalance moves with the floating temperatures, in units of their relative change [W].
    """
    connected = jnp.abs(network.incidence[: network.power.shape[0], : watts.shape[0]])
    largest = jnp.maximum(jnp.max(connected * jnp.abs(watts), axis=1, initial=0.0), jnp.abs(network.load))
    relative = BALANCE_TOLERANCE if network.circuit.one_pole else INTEGRAL_TOLERANCE
    return jnp.maximum(relative * largest, LAST_BITS * movement)


def points_of_scan(network: Network) -> int:
    """Points of the table of the one floating island's outflow."""
    return GRID_POINTS if network.circuit.one_pole else COSTLY_GRID_POINTS


def _movement(table: Scan, temperature: jax.Array) -> jax.Array:
    """|dG/d ln T| of the one floating island between two points of its table [W], shape (1,)."""
    last = table.temperature.shape[0] - 1
    upper = jnp.maximum(jnp.minimum(jnp.searchsorted(table.temperature, temperature), last), 1)
    rise = table.outflow[upper] - table.outflow[upper - 1]
    width = table.temperature[upper] - table.temperature[upper - 1]
    return jnp.abs(temperature * jnp.where(width > 0.0, rise / jnp.where(width > 0.0, width, 1.0), 0.0))[None]


def solve(network: Network, start: jax.Array | None = None) -> Solution:
    """The stable steady state reached by heating from the coldest held temperature, or from other temperatures.

    Any output may be differentiated by any number of the network, by the implicit function theorem.

    Args:
        network: the network.
        start: temperatures of the floating islands to begin at [K], shape (floating,).
    """
    count = network.power.shape[0]
    frozen = jax.lax.stop_gradient(network)
    coldest = jnp.min(frozen.held_temperatures)
    if count == 0:
        return flows_at(network, jnp.zeros(0), jnp.zeros(0))
    if count == 1:
        outflow = _outflow_of_one_island(frozen)
        table = scan(outflow, coldest, frozen.ceiling[0], points_of_scan(network))
        floating = implicit_root(
            lambda temperature: imbalance(network, temperature[None])[0],
            lambda: (
                lowest_state(outflow, table, frozen.load[0])
                if start is None
                else nearest_state(outflow, table, frozen.load[0], start[0])
            ),
            coldest,
        )
        return _with_reason(frozen, flows_at(network, floating[None], _movement(table, floating)), table)
    return solve_without_scan(network, jnp.full(count, coldest) if start is None else jnp.asarray(start, dtype=float))


def solve_without_scan(network: Network, start: jax.Array) -> Solution:
    """The stable steady state that one or several floating islands reach from given temperatures.

    For one island `solve` scans its outflow instead, which cannot miss a state; this is a hundred times faster where there is one.

    Args:
        network: with at least one floating island.
        start: temperatures of the floating islands to begin at [K], shape (floating,).
    """
    frozen = jax.lax.stop_gradient(network)
    lowest = jnp.full(start.shape, COLDEST_FRACTION * jnp.min(frozen.held_temperatures))
    highest = jnp.minimum(frozen.ceiling, HIGHEST_TEMPERATURE)
    found = heated_state(lambda t: imbalance_and_size(frozen, t), jax.lax.stop_gradient(start), lowest, highest)
    temperatures = jnp.where(found.settled, found.temperatures, jnp.nan)
    floating = implicit_root(lambda t: imbalance(network, t), lambda: temperatures, start)
    solution = flows_at(network, floating, found.movement)
    undetermined = (solution.status == Status.CONVERGED) & jnp.any(found.movement == 0.0)
    failed = (solution.status != Status.CONVERGED) | undetermined
    too_hot = failed & jnp.any((floating >= highest) & jnp.isfinite(frozen.ceiling))
    beyond = failed & jnp.any((floating >= highest) | (floating <= lowest))
    reason = jnp.where(beyond, Status.NO_STEADY_STATE, solution.status)
    reason = jnp.where(undetermined, Status.UNDETERMINED, reason)
    return _without_temperatures(solution, failed)._replace(
        status=jnp.where(too_hot & ~undetermined, Status.ABOVE_CRITICAL_TEMPERATURE, reason),
        last_temperatures=found.temperatures,
        limits=jnp.where(failed, _limits(frozen, found.temperatures, lowest, highest), Limit.NONE),
    )


def _limits(network: Network, floating: jax.Array, lowest: jax.Array, highest: jax.Array) -> jax.Array:
    """The ends of their ranges at which floating islands are."""
    top = jnp.where(jnp.isfinite(network.ceiling), Limit.CRITICAL_TEMPERATURE, Limit.HIGHEST)
    return jnp.where(floating >= highest, top, jnp.where(floating <= lowest, Limit.LOWEST, Limit.NONE))


def _without_temperatures(solution: Solution, failed: jax.Array) -> Solution:
    """NaN in place of the floating temperatures and of everything that follows from them, where the search failed."""
    return Solution(
        *[
            jnp.where(failed, jnp.nan, leaf) if jnp.issubdtype(leaf.dtype, jnp.floating) else leaf
            for leaf in map(jnp.asarray, solution)
        ]
    )


def solve_and_list(network: Network) -> tuple[Solution, States]:
    """The steady state of one floating island that is reached by heating, and all its steady states."""
    outflow = _outflow_of_one_island(network)
    table = scan(outflow, jnp.min(network.held_temperatures), network.ceiling[0], points_of_scan(network))
    states = States(*all_states(outflow, table, network.load[0]))
    lowest = jnp.min(jnp.where(states.stable, states.temperature, jnp.inf))
    floating = jnp.where(jnp.isfinite(lowest), lowest, jnp.nan)
    return _with_reason(network, flows_at(network, floating[None], _movement(table, floating)), table), states


def _outflow_of_one_island(network: Network) -> Callable[[jax.Array], jax.Array]:
    """Heat leaving the one floating island [W] at its temperature [K]."""
    return lambda temperature: outflow_of_floating(network, temperature[None])[0]


def _with_reason(network: Network, solution: Solution, table: Scan) -> Solution:
    """The solution for one floating island, its status telling why there is no steady state if there is none."""
    computable = jnp.all(jnp.isfinite(table.outflow)) & jnp.isfinite(network.load[0])
    too_hot = (network.load[0] > jnp.max(table.outflow)) & jnp.isfinite(network.ceiling[0])
    reason = jnp.where(too_hot, Status.ABOVE_CRITICAL_TEMPERATURE, Status.NO_STEADY_STATE)
    # One point may balance exactly, where all held temperatures are equal; a stretch of them settles nothing.
    undetermined = jnp.sum(table.outflow == network.load[0]) >= FLAT_POINTS
    reason = jnp.where(undetermined, Status.UNDETERMINED, reason)
    missing = jnp.isnan(solution.temperatures[0]) & computable
    # The temperature at which most heat leaves, or least. Neither contains the load, so that a sweep of powers shares them.
    most, least = table.temperature[jnp.argmax(table.outflow)], table.temperature[jnp.argmin(table.outflow)]
    last = jnp.where(network.load[0] > jnp.max(table.outflow), most, least)
    last = jnp.where(missing, last, solution.last_temperatures[0])[None]
    ends = table.temperature[0][None], table.temperature[-1][None]
    return solution._replace(
        status=jnp.where(missing, reason, solution.status),
        last_temperatures=last,
        limits=jnp.where(missing, _limits(network, last, *ends), Limit.NONE),
    )


compiled_solve = jax.jit(solve)
compiled_solve_and_list = jax.jit(solve_and_list)


def solution_of(network: Network) -> Solution:
    """The steady state of a network of plain numbers, by the compiled function that also lists all states.

    A report needs that function anyway; this one is not differentiable, `compiled_solve` is.
    """
    return compiled_solve_and_list(network)[0] if network.power.shape[-1] == 1 else compiled_solve(network)
