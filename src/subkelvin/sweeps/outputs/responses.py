"""Outputs that say how a state answers: κ between two islands, responsivity, exact derivatives, number of states.

κ = −∂J(T_L, T_R)/∂T_R at fixed T_L        responsivity = dT_i/dT_j, T_j held, everything else in balance
"""

from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp

from subkelvin.analysis.conductance import heat_and_slope, heat_between
from subkelvin.analysis.number_of_states import crossings
from subkelvin.balance.network.network import Network
from subkelvin.balance.steady.solve import Solution
from subkelvin.heat.paths import photon_paths
from subkelvin.model import ArgumentError, Device
from subkelvin.model.arguments import require_island
from subkelvin.model.device_arguments import require_held, require_one_floating_island
from subkelvin.sweeps.outputs.output import Output, OutputKind
from subkelvin.sweeps.outputs.state import temperature


@dataclass(frozen=True)
class Conductance:
    """κ of the photonic heat between two islands, by their places, at the temperatures of the state [W/K]."""

    source: int
    target: int

    def __call__(self, network: Network, solution: Solution) -> jax.Array:
        """The output at one point."""
        ends = jnp.array([self.source, self.target])

        def heat(kelvin: jax.Array) -> jax.Array:
            return heat_between(network.circuit, solution.temperatures.at[self.target].set(kelvin), ends)

        _, slope = heat_and_slope(network.circuit, heat, solution.temperatures[self.target])
        return -slope


@dataclass(frozen=True)
class NumberOfStates:
    """How many steady states the one floating island has; NaN where its outflow is not known."""

    def __call__(self, network: Network, solution: Solution) -> jax.Array:
        """The output at one point."""
        counted, known = crossings(network, network.power)
        return jnp.where(known, counted[0].astype(float), jnp.nan)


def conductance(device: Device, source: str, target: str) -> Output:
    """Differential thermal conductance between two islands."""
    order = [one.name for one in device.structure.ordered_islands]
    for end in (source, target):
        require_island("outputs", end, order)
    if source == target or not any(
        {path.source, path.target} == {source, target} for path in photon_paths(device.structure)
    ):
        raise ArgumentError(
            "outputs",
            f"ask for a conductance from {source!r} to {target!r}, which exchange no photons",
            "name two islands that do",
        )
    name, meaning = f"conductance({source},{target})", f"differential thermal conductance from {source} to {target}"
    return Output(name, "W/K", meaning, Conductance(order.index(source), order.index(target)))


def responsivity(device: Device, island: str, held: str) -> Output:
    """How the temperature of an island follows that of a held one."""
    require_held(device, "outputs", held)
    found = derivative_of(device, temperature(device, island), f"islands.{held}.temperature")
    meaning = f"change of the temperature of {island} with that of {held}"
    return replace(found, name=f"responsivity({island},{held})", unit="", meaning=meaning)


def derivative_of(device: Device, output: Output, key: str) -> Output:
    """The exact derivative of an output by a value of the device, everything else in balance."""
    device.require(key)
    field = device.field(key)
    if output.by or not output.smooth or output.kernel is None:
        raise ArgumentError(
            "outputs",
            f"ask for the derivative of {output.name!r}, which has none here",
            "try derivative(temperature,KEY)",
        )
    if field.whole:
        raise ArgumentError("outputs", f"differentiate by {key!r}, a whole number", "vary it along an axis")
    unit = output.unit if not field.unit else f"{output.unit or '1'}/({field.unit})"
    name, meaning = f"derivative({output.name},{key})", f"derivative of {output.meaning} by {key}"
    return replace(output, name=name, unit=unit, meaning=meaning, by=key)


def number_of_states(device: Device) -> Output:
    """How many steady states there are."""
    require_one_floating_island(device)
    return Output("number_of_states", "", "number of steady states", NumberOfStates(), smooth=False)


RESPONSE_KINDS = (
    OutputKind("conductance", ("source", "target"), 2, conductance, "κ = −∂J/∂T_target of photons at fixed T_source"),
    OutputKind("responsivity", ("island", "held"), 2, responsivity, "dT of an island over dT of a held one"),
    OutputKind("number_of_states", (), 0, number_of_states, "of the one floating island"),
)
