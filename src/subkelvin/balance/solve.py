"""The steady state of a network, in compiled code: temperatures, flows, residual, status."""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.balance.network import Network, heat_flows
from subkelvin.balance.one_island import MOST_STATES, all_states, lowest_state, scan
from subkelvin.balance.several_islands import heated_state
from subkelvin.balance.status import Status
from subkelvin.numerics.roots import implicit_root

BALANCE_TOLERANCE = 1e-12
"""Largest imbalance of a floating island that counts as balanced, relative to its largest heat flow."""
INTEGRAL_TOLERANCE = 1e-9
"""The same where photon heat comes from the adaptive integral; its error estimate has to be as small."""
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
    count: jax.Array


def imbalance(network: Network, floating: jax.Array) -> jax.Array:
    """Outflow minus load of every floating island [W] at their temperatures [K]."""
    watts, _ = heat_flows(network, network.all_temperatures(floating))
    count = network.power.shape[0]
    return network.incidence[:count] @ watts - network.load


def flows_at(network: Network, floating: jax.Array) -> Solution:
    """Everything that is known once the floating temperatures are; the status only says whether they balance."""
    temperatures = network.all_temperatures(floating)

    def flows(floating: jax.Array) -> tuple[jax.Array, jax.Array]:
        return heat_flows(network, network.all_temperatures(floating))

    # The tangent says how far the flows move when every temperature moves by its last bits.
    watts, movement, error = jax.jvp(flows, (floating,), (floating,), has_aux=True)
    outflow = network.incidence @ watts
    count = network.power.shape[0]
    connected = jnp.abs(network.incidence[:count])
    largest = jnp.maximum(jnp.max(connected * jnp.abs(watts), axis=1, initial=0.0), jnp.abs(network.load))
    residual = jnp.abs(outflow[:count] - network.load)
    relative = BALANCE_TOLERANCE if network.circuit.one_pole else INTEGRAL_TOLERANCE
    tolerance = jnp.maximum(relative * largest, LAST_BITS * (connected @ jnp.abs(movement)))
    balanced = jnp.all(residual <= tolerance) & jnp.all(error <= INTEGRAL_TOLERANCE * jnp.abs(watts))
    status = jnp.where(balanced & jnp.all(jnp.isfinite(watts)), Status.CONVERGED, Status.NOT_CONVERGED)
    return Solution(
        temperatures, watts, error, outflow, jnp.max(residual, initial=0.0), jnp.max(tolerance, initial=0.0), status
    )


def solve(network: Network) -> Solution:
    """The steady state reached by heating from the coldest held temperature.

    Any output may be differentiated by any number of the network, by the implicit function theorem.
    """
    count = network.power.shape[0]
    coldest = jnp.min(network.held_temperatures)
    frozen = jax.lax.stop_gradient(network)
    frozen_coldest = jax.lax.stop_gradient(coldest)
    if count == 0:
        return flows_at(network, jnp.zeros(0))
    if count == 1:

        def outflow(temperature: jax.Array) -> jax.Array:
            return imbalance(frozen, temperature[None])[0] + frozen.load[0]

        table = scan(outflow, frozen_coldest, frozen.ceiling[0])
        floating = implicit_root(
            lambda temperature: imbalance(network, temperature[None])[0],
            lambda: lowest_state(outflow, table, frozen.load[0]),
            frozen_coldest,
        )[None]
        too_hot = jnp.isnan(floating[0]) & (frozen.load[0] > jnp.max(table.outflow))
        computable = jnp.all(jnp.isfinite(table.outflow)) & jnp.isfinite(frozen.load[0])
    else:
        floating = implicit_root(
            lambda temperatures: imbalance(network, temperatures),
            lambda: heated_state(lambda t: imbalance(frozen, t), frozen_coldest, frozen.ceiling, count),
            jnp.broadcast_to(frozen_coldest, (count,)),
        )
        too_hot = jnp.any(floating >= frozen.ceiling)
        computable = jnp.asarray(True)
    solution = flows_at(network, floating)
    missing = jnp.where(
        too_hot & jnp.any(jnp.isfinite(frozen.ceiling)), Status.ABOVE_CRITICAL_TEMPERATURE, Status.NO_STEADY_STATE
    )
    status = jnp.where(
        (jnp.any(jnp.isnan(floating)) & computable & (count == 1)) | (too_hot & (solution.status != Status.CONVERGED)),
        missing,
        solution.status,
    )
    return solution._replace(status=status)


def states_of_one_island(network: Network) -> States:
    """Every steady state of a network with one floating island."""

    def outflow(temperature: jax.Array) -> jax.Array:
        return imbalance(network, temperature[None])[0] + network.load[0]

    table = scan(outflow, jnp.min(network.held_temperatures), network.ceiling[0])
    return States(*all_states(outflow, table, network.load[0]))


NO_STATES = States(np.full(MOST_STATES, np.nan), np.zeros(MOST_STATES, dtype=bool), np.zeros((), dtype=np.int64))

compiled_solve = jax.jit(solve)
compiled_states = jax.jit(states_of_one_island)
compiled_flows = jax.jit(flows_at)
