"""Outputs that a steady state holds: temperatures, heats, the powers that hold islands, the residual."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.balance.network.network import Network
from subkelvin.balance.steady.solve import Solution
from subkelvin.heat.paths import HeatPath, external_paths, internal_paths
from subkelvin.model import ArgumentError, Device
from subkelvin.model.arguments import require_choice, require_island
from subkelvin.model.device_arguments import require_held
from subkelvin.model.structure import WORLD
from subkelvin.sweeps.outputs.output import Output, OutputKind


@dataclass(frozen=True)
class Temperatures:
    """Of all islands, or of one by its place [K]."""

    place: int | None = None

    def __call__(self, network: Network, solution: Solution) -> jax.Array:
        """The output at one point."""
        return solution.temperatures if self.place is None else solution.temperatures[self.place]


@dataclass(frozen=True)
class Heats:
    """Along all paths, or summed over some of them with signs [W]."""

    signs: tuple[float, ...] = ()

    def __call__(self, network: Network, solution: Solution) -> jax.Array:
        """Internal paths, heater powers, parasitic powers, holding powers: the order of `paths_of`."""
        watts = jnp.concatenate(
            [solution.watts, network.power, network.parasitic_power, holding_powers(network, solution)]
        )
        # A heat that is not asked for does not spoil the sum where it is not a number.
        return (
            watts
            if not self.signs
            else jnp.sum(jnp.where(np.array(self.signs) == 0.0, 0.0, np.array(self.signs) * watts))
        )


@dataclass(frozen=True)
class HoldingPowers:
    """Of all held islands, or of one by its place among them [W]."""

    place: int | None = None

    def __call__(self, network: Network, solution: Solution) -> jax.Array:
        """The output at one point."""
        held = holding_powers(network, solution)
        return held if self.place is None else held[self.place]


@dataclass(frozen=True)
class Residual:
    """The largest imbalance of a floating island [W]."""

    def __call__(self, network: Network, solution: Solution) -> jax.Array:
        """The output at one point."""
        return solution.residual


def holding_powers(network: Network, solution: Solution) -> jax.Array:
    """What keeps every held island at its temperature, beyond its parasitic power [W]."""
    floating = network.power.shape[0]
    return solution.outflow[floating:] - network.parasitic_power[floating:]


def paths_of(device: Device) -> list[HeatPath]:
    """Every path of a device, in the order of `Heats`."""
    return internal_paths(device.structure) + external_paths(device.structure)


def temperature(device: Device, island: str = "") -> Output:
    """Temperatures of all islands, or of one."""
    order = [one.name for one in device.structure.ordered_islands]
    if not island:
        return Output("temperature", "K", "temperature", Temperatures(), (("island", len(order)),))
    require_island("outputs", island, order)
    return Output(f"temperature({island})", "K", f"temperature of {island}", Temperatures(order.index(island)))


def heat(device: Device, source: str = "", target: str = "", kind: str = "") -> Output:
    """Heat along all paths, or the net heat from one island to another, over all paths between them or those of a kind."""
    paths = paths_of(device)
    if not source:
        told = "heat from the source to the target of the path"
        return Output("heat", "W", told, Heats(), (("path", len(paths)),))
    islands = [one.name for one in device.structure.islands]
    for end in (source, target):
        if end != WORLD:
            require_island("outputs", end, islands)
    if source == target:
        raise ArgumentError("outputs", f"ask for heat from {source!r} to itself", "name two islands")
    if kind:
        require_choice("outputs", kind, dict.fromkeys(path.kind for path in paths))

    def sign(path: HeatPath) -> float:
        ends = (path.source or WORLD, path.target or WORLD)
        if kind not in ("", path.kind):
            return 0.0
        return float(ends == (source, target)) - float(ends == (target, source))

    signs = tuple(map(sign, paths))
    if not any(signs):
        pairs = dict.fromkeys(f"{path.source or WORLD},{path.target or WORLD}" for path in paths)
        raise ArgumentError(
            "outputs", f"ask for heat from {source!r} to {target!r}, between which no such path leads",
            f"there are {'; '.join(list(pairs)[:8])}",
        )  # fmt: skip
    name = ",".join(filter(None, (source, target, kind)))
    return Output(f"heat({name})", "W", f"{f'{kind} ' if kind else ''}heat from {source} to {target}", Heats(signs))


def holding_power(device: Device, island: str = "") -> Output:
    """The power that holds every held island, or one."""
    held = [one.name for one in device.structure.held_islands]
    if not island:
        return Output("holding_power", "W", "power that holds the island", HoldingPowers(), (("held", len(held)),))
    require_held(device, "outputs", island)
    name = f"holding_power({island})"
    return Output(name, "W", f"power that holds {island}", HoldingPowers(held.index(island)))


def residual(device: Device) -> Output:
    """The largest imbalance of a floating island."""
    return Output("residual", "W", "largest imbalance", Residual())


STATE_KINDS = (
    OutputKind("temperature", ("island",), 0, temperature, "of every island, or of one"),
    OutputKind("heat", ("source", "target", "kind"), 0, heat, "along every path, or net between two islands"),
    OutputKind("holding_power", ("island",), 0, holding_power, "of every held island, or of one"),
    OutputKind("residual", (), 0, residual, "largest imbalance of a floating island"),
)
