"""The numbers behind the validity checks, in compiled code and without names.

A network says how heat flows; the checks also ask what the model leaves out of it: how many junctions share a voltage, and the
superconducting wires in series with them. Docs: docs/physics.md, section 9.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.analysis.validity.wires import Wires
from subkelvin.balance.network.network import Network, heat_flows
from subkelvin.circuit.circuit import Circuit
from subkelvin.circuit.transmission import one_pole, transmission
from subkelvin.constants import THERMAL_FREQUENCY
from subkelvin.heat.voltage_noise import voltage_noise
from subkelvin.physics.mattis_bardeen import wire_impedance
from subkelvin.physics.superconductor import gap, zero_temperature_gap
from subkelvin.physics.tunnel_current import thermal_conductance

LOWEST_CUTOFF, HIGHEST_CUTOFF = 1e-12, 1e6
"""Where the cut-off of a transmission without a closed form is sought, in units of k_BT/ħ of the hottest island."""
CUTOFF_POINTS = 2048
"""Two per cent apart, enough for a check."""
RELATIVE_STEP = 1e-5
"""Central differences compile in a third of the time of exact derivatives; here they are right to 1e-5."""


class Monitors(NamedTuple):
    """What the checks compare, at the temperatures of a state."""

    conductance: jax.Array
    """G of every dissipative branch [S]."""
    gap: jax.Array
    """Δ of every branch at its own temperature [J]; 0 without a superconductor."""
    noise: jax.Array
    """√⟨V²⟩ across every branch [V]."""
    noise_error: jax.Array
    """Estimated relative error of ⟨V²⟩."""
    cutoff: jax.Array
    """ω*, where the transmission to or from a branch has fallen to half [rad/s]; NaN if it exchanges no heat."""
    junction_heat_conductance: jax.Array
    """Thermal conductance between the normal and the superconducting side of every branch, its junctions in parallel [W/K]."""
    wire_impedance: jax.Array
    """|Z| of all superconducting wires of every branch at ω = k_BT/ħ [Ω]."""
    island_heat_conductance: jax.Array
    """Σ|∂P/∂T| over the paths on which the electrons of every island give off heat [W/K]."""


def monitors(network: Network, temperatures: jax.Array, junctions: jax.Array, wires: Wires) -> Monitors:
    """Every number that the checks of a state need.

    Args:
        network: the network.
        temperatures: of all islands [K], shape (islands,).
        junctions: junctions in series in every dissipative branch, shape (branches,).
        wires: superconducting wires in series with the branches.
    """
    circuit = network.circuit
    branches = circuit.branches
    temperature = temperatures[branches.islands]
    conductance = circuit.conductance(temperatures)
    branch_gap = gap(temperature, branches.critical_temperature, branches.gap_equation)
    square, square_error = voltage_noise(circuit, temperatures)
    # N junctions in parallel for heat, each with 1/N of the resistance of the branch.
    single_resistance = 1.0 / (branches.normal_conductance * junctions)
    broadening = branches.dynes * zero_temperature_gap(branches.critical_temperature, branches.gap_equation)
    wire_temperature = temperature[wires.branches]
    impedance = wire_impedance(
        wire_temperature,
        THERMAL_FREQUENCY * wire_temperature,
        gap(wire_temperature, wires.critical_temperature, wires.gap_equation),
        wires.normal_resistance,
    )
    along_branch = jnp.zeros(conductance.shape, complex).at[wires.branches].add(impedance)
    return Monitors(
        conductance=conductance,
        gap=branch_gap,
        noise=jnp.sqrt(square),
        noise_error=square_error / square,
        cutoff=_cutoff(circuit, conductance, temperatures),
        junction_heat_conductance=junctions
        * thermal_conductance(temperature, branch_gap, broadening, single_resistance),
        wire_impedance=jnp.abs(along_branch),
        island_heat_conductance=_island_heat_conductance(network, temperatures),
    )


compiled_monitors = jax.jit(monitors)


def _island_heat_conductance(network: Network, temperatures: jax.Array) -> jax.Array:
    """Σ|∂P/∂T_i| over photonic paths and links of an island and the electron-phonon paths of its own parts, shape (islands,).

    Magnitudes, because a negative conductance on one path does not help another to keep the island at one temperature.
    Heat that other islands give to the phonons of a bath does not pass through the bath's electrons and is left out.
    """
    step = RELATIVE_STEP * jnp.diag(temperatures)
    warmer, colder = jax.vmap(jax.vmap(lambda t: heat_flows(network, t)[0]))(temperatures + jnp.stack([step, -step]))
    slope = (warmer - colder) / (2.0 * RELATIVE_STEP * temperatures[:, None])
    electrons_only = network.electron_phonon_paths
    own = jnp.where(electrons_only, jnp.maximum(network.incidence, 0.0), jnp.abs(network.incidence))
    return jnp.sum(own * jnp.abs(slope), axis=1)


def _cutoff(circuit: Circuit, conductance: jax.Array, temperatures: jax.Array) -> jax.Array:
    """Highest frequency at which a transmission of a branch is half its largest value [rad/s], shape (branches,)."""
    count, pairs = circuit.branches.islands.shape[0], circuit.pairs.shape[0]
    if pairs == 0:
        return jnp.full(count, jnp.nan)
    if circuit.one_pole:
        cutoffs = jnp.broadcast_to(1.0 / one_pole(circuit, conductance)[1], (pairs,))
    else:
        scale = THERMAL_FREQUENCY * jnp.max(temperatures)
        frequency = scale * np.geomspace(LOWEST_CUTOFF, HIGHEST_CUTOFF, CUTOFF_POINTS)
        values = transmission(circuit, temperatures, frequency)
        above = values >= 0.5 * jnp.max(values, axis=-1, keepdims=True)
        # The last point above half, and never falling below it means no cut-off.
        last = CUTOFF_POINTS - 1 - jnp.argmax(above[:, ::-1], axis=-1)
        cutoffs = jnp.where(last == CUTOFF_POINTS - 1, jnp.inf, frequency[last])
    member = (circuit.pairs[:, :, None] == np.arange(count)).any(axis=1)
    highest = jnp.max(jnp.where(member, cutoffs[:, None], -jnp.inf), axis=0)
    return jnp.where(member.any(axis=0), highest, jnp.nan)
