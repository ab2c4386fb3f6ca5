"""The steady state of a network, in compiled code: temperatures, flows, residual, status."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.balance.network import Network, floating_flows, held_flows
from subkelvin.balance.one_island import Scan, all_states, lowest_state, scan
from subkelvin.balance.several_islands import heated_state
from subkelvin.balance.status import Status
from subkelvin.numerics.roots import implicit_root

BALANCE_TOLERANCE = 1e-12
"""Largest imbalance of a floating island that counts as balanced, relative to its largest heat flow."""
INTEGRAL_TOLERANCE = 1e-9
"""The same where photon heat comes from the adaptive integral; its error estimate has to be as small."""
NEARBY = 1e-6
LAST_BITS = 8.0 * float(np.finfo(np.float64).eps)
"""Uncertainty of a temperature in units of itself: an imbalance it explains is no imbalance."""


class Solution(NamedTuple):
    """A steady state without names; islands floating first, paths in the order of `internal_paths`."""

    temperatures: jax.Array
    watts: jax.Array
    watts_error: jax.Array
    outflow: jax.Array
    residual: jax.Array
    tolerance: jax.Array
    status: jax.Array


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
    """Heat leaving every floating island [W]; it must not touch the load, so that a sweep of powers computes it once."""
    watts, _ = floating_flows(network, floating)
    return network.incidence[: network.power.shape[0], : watts.shape[0]] @ watts


def flows_at(network: Network, floating: jax.Array, table: Scan | None = None) -> Solution:
    """Everything that is known once the floating temperatures are; the status only says whether they balance.

    Args:
        network: the network.
        floating: temperatures of the floating islands [K].
        table: of the outflow of the one floating island, if it has been made.
    """
    temperatures = network.all_temperatures(floating)
    near, near_error = floating_flows(network, floating)
    held = held_flows(network)
    watts = jnp.concatenate([near, held])
    error = jnp.concatenate([near_error, jnp.zeros_like(held)])
    outflow = network.incidence @ watts
    count = network.power.shape[0]
    connected = jnp.abs(network.incidence[:count])
    largest = jnp.maximum(jnp.max(connected * jnp.abs(watts), axis=1, initial=0.0), jnp.abs(network.load))
    residual = jnp.abs(outflow[:count] - network.load)
    relative = BALANCE_TOLERANCE if network.circuit.one_pole else INTEGRAL_TOLERANCE
    tolerance = jnp.maximum(relative * largest, LAST_BITS * _movement(network, floating, table))
    balanced = jnp.all(residual <= tolerance) & jnp.all(error <= INTEGRAL_TOLERANCE * jnp.abs(watts))
    status = jnp.where(balanced & jnp.all(jnp.isfinite(watts)), Status.CONVERGED, Status.NOT_CONVERGED)
    return Solution(
        temperatures, watts, error, outflow, jnp.max(residual, initial=0.0), jnp.max(tolerance, initial=0.0), status
    )


def _movement(network: Network, floating: jax.Array, table: Scan | None) -> jax.Array:
    """How far each imbalance moves, in units of the relative change of all floating temperatures [W]."""
    if table is not None:
        last = table.temperature.shape[0] - 1
        upper = jnp.maximum(jnp.minimum(jnp.searchsorted(table.temperature, floating[0]), last), 1)
        rise = table.outflow[upper] - table.outflow[upper - 1]
        width = table.temperature[upper] - table.temperature[upper - 1]
        return jnp.abs(floating * jnp.where(width > 0.0, rise / jnp.where(width > 0.0, width, 1.0), 0.0))
    there = outflow_of_floating(network, floating * (1.0 + NEARBY))
    return jnp.abs(there - outflow_of_floating(network, floating)) / NEARBY


def solve(network: Network) -> Solution:
    """The steady state reached by heating from the coldest held temperature.

    Any output may be differentiated by any number of the network, by the implicit function theorem.
    """
    count = network.power.shape[0]
    frozen = jax.lax.stop_gradient(network)
    coldest = jnp.min(frozen.held_temperatures)
    if count == 0:
        return flows_at(network, jnp.zeros(0))
    if count == 1:
        outflow = _outflow_of_one_island(frozen)
        table = scan(outflow, coldest, frozen.ceiling[0])
        floating = implicit_root(
            lambda temperature: imbalance(network, temperature[None])[0],
            lambda: lowest_state(outflow, table, frozen.load[0]),
            coldest,
        )
        return _with_reason(frozen, flows_at(network, floating[None], table), table)
    floating = implicit_root(
        lambda temperatures: imbalance(network, temperatures),
        lambda: heated_state(lambda t: imbalance(frozen, t), coldest, frozen.ceiling, count),
        jnp.broadcast_to(coldest, (count,)),
    )
    solution = flows_at(network, floating)
    too_hot = jnp.any(floating >= frozen.ceiling) & (solution.status != Status.CONVERGED)
    return solution._replace(status=jnp.where(too_hot, Status.ABOVE_CRITICAL_TEMPERATURE, solution.status))


def solve_and_list(network: Network) -> tuple[Solution, States]:
    """The steady state of one floating island that is reached by heating, and all its steady states."""
    outflow = _outflow_of_one_island(network)
    table = scan(outflow, jnp.min(network.held_temperatures), network.ceiling[0])
    states = States(*all_states(outflow, table, network.load[0]))
    lowest = jnp.min(jnp.where(states.stable, states.temperature, jnp.inf))
    floating = jnp.where(jnp.isfinite(lowest), lowest, jnp.nan)
    return _with_reason(network, flows_at(network, floating[None], table), table), states


def _outflow_of_one_island(network: Network) -> Callable[[jax.Array], jax.Array]:
    """Heat leaving the one floating island [W] at its temperature [K]."""
    return lambda temperature: outflow_of_floating(network, temperature[None])[0]


def _with_reason(network: Network, solution: Solution, table: Scan) -> Solution:
    """The solution for one floating island, its status telling why there is no steady state if there is none."""
    computable = jnp.all(jnp.isfinite(table.outflow)) & jnp.isfinite(network.load[0])
    too_hot = (network.load[0] > jnp.max(table.outflow)) & jnp.isfinite(network.ceiling[0])
    reason = jnp.where(too_hot, Status.ABOVE_CRITICAL_TEMPERATURE, Status.NO_STEADY_STATE)
    missing = jnp.isnan(solution.temperatures[0]) & computable
    return solution._replace(status=jnp.where(missing, reason, solution.status))


compiled_solve = jax.jit(solve)
compiled_solve_and_list = jax.jit(solve_and_list)


def solution_of(network: Network) -> Solution:
    """The steady state of a network of plain numbers, by the compiled function that also lists all states.

    A report needs that function anyway; this one is not differentiable, `compiled_solve` is.
    """
    return compiled_solve_and_list(network)[0] if network.power.shape[-1] == 1 else compiled_solve(network)
