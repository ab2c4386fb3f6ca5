"""Differential thermal conductance between two islands, and where it is negative (NDTC).

With both islands held, J(T_L, T_R) is the photonic heat from the source (left) to the target (right), and

    κ = ∂J/∂(T_L − T_R) at fixed T_L = −∂J/∂T_R.

NDTC is the range of T_R in which κ < 0: warming the target draws more heat from the source. Docs: docs/physics.md, section 8.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.balance.network import Network, lower
from subkelvin.balance.route import on_a_good_route
from subkelvin.circuit.circuit import Circuit
from subkelvin.heat.photonic import known_photonic_heat
from subkelvin.model import ArgumentError, Device
from subkelvin.model.arguments import require_island, require_number, require_numbers, require_range
from subkelvin.model.device import check_range
from subkelvin.model.device_arguments import require_device
from subkelvin.numerics.differences import value_and_slope
from subkelvin.numerics.precision import require_double_precision
from subkelvin.numerics.roots import bracketed_root

GRID_POINTS, COSTLY_GRID_POINTS = 2048, 256
"""Points on which sign changes of κ are sought: with a closed form for the heat, and without."""
MOST_EDGES = 8


class ConductanceCurve(NamedTuple):
    """Heat and differential conductance against the target's temperature."""

    target_temperature: jax.Array
    """[K]"""
    heat: jax.Array
    """J from source to target [W]."""
    conductance: jax.Array
    """κ = −∂J/∂T_target [W/K]."""


class Interval(NamedTuple):
    """A range of target temperatures with κ < 0."""

    lower: float
    """[K]; an edge where κ = 0, or the end of the range searched."""
    upper: float
    """[K]; likewise."""
    opens: bool
    """Whether κ changes sign at the lower edge (rather than the range beginning there)."""
    closes: bool
    """Whether κ changes sign at the upper edge."""


def conductance_curve(
    device: Device, source: str, target: str, source_temperature: float, target_temperatures: np.ndarray
) -> ConductanceCurve:
    """J and κ between two islands with both held.

    Args:
        device: a device with photonic paths between the two.
        source, target: names of the islands.
        source_temperature: T_L [K].
        target_temperatures: T_R [K], shape (n,).

    Raises:
        DeviceError: if an island is unknown or a temperature is out of range.
        ValueError: if an argument is not what it must be.
    """
    network, ends = between(device, source, target, source_temperature)
    temperatures = jnp.asarray(require_numbers("target_temperatures", target_temperatures, "K", above=0.0))
    check_range(f"islands.{target}.temperature", temperatures)
    heat, slope = _curve(network.circuit, network.held_temperatures, ends, temperatures)
    return ConductanceCurve(temperatures, heat, -slope)


def negative_conductance_intervals(
    device: Device, source: str, target: str, source_temperature: float, lowest: float, highest: float
) -> list[Interval]:
    """The ranges of T_R with κ < 0, their edges found as roots of κ to the last bits, not read off a grid.

    Args:
        device: a device with photonic paths between the two islands.
        source, target: names of the islands.
        source_temperature: T_L [K].
        lowest, highest: the range of T_R to search [K].

    Raises:
        DeviceError: if an island is unknown or a temperature is out of range.
        ValueError: unless 0 < lowest < highest.
    """
    lowest, highest = require_range(lowest, highest, unit="K", above=0.0, example="0.05")
    require_device(device)
    require_island("target", target, [island.name for island in device.structure.islands])
    check_range(f"islands.{target}.temperature", np.array([lowest, highest]))
    network, ends = between(device, source, target, source_temperature)
    points = GRID_POINTS if network.circuit.one_pole else COSTLY_GRID_POINTS
    edges, rising, first = jax.device_get(
        _edges(network.circuit, network.held_temperatures, ends, np.geomspace(lowest, highest, points))
    )
    intervals: list[Interval] = []
    start, opens = (lowest, False) if first > 0.0 else (None, False)
    for edge, upward in zip(edges, rising, strict=True):
        if not np.isfinite(edge):
            break
        if upward:
            start, opens = float(edge), True
        elif start is not None:
            intervals.append(Interval(start, float(edge), opens, True))
            start = None
    if start is not None:
        intervals.append(Interval(start, highest, opens, False))
    return intervals


def between(device: Device, source: str, target: str, source_temperature: float) -> tuple[Network, np.ndarray]:
    """The network with every island held, and the positions of the two islands in it."""
    require_double_precision()
    require_device(device)
    islands = [island.name for island in device.structure.islands]
    require_island("source", source, islands)
    require_island("target", target, islands)
    if source == target:
        raise ArgumentError("target", f"must be another island than the source {source!r}", "name two islands")
    source_temperature = require_number("source_temperature", source_temperature, "K", above=0.0, example="0.5")
    floating = {island.name: source_temperature for island in device.structure.floating_islands}
    held = device.hold({**floating, source: source_temperature})
    order = [island.name for island in held.structure.ordered_islands]
    return lower(on_a_good_route(held)), np.array([order.index(source), order.index(target)])


def heat_between(circuit: Circuit, temperatures: jax.Array, ends: jax.Array) -> jax.Array:
    """Net photonic heat from island ends[0] to island ends[1] [W]."""
    heat, _ = known_photonic_heat(circuit, temperatures)
    first, second = circuit.islands[circuit.pairs[..., 0]], circuit.islands[circuit.pairs[..., 1]]
    forward = (first == ends[0]) & (second == ends[1])
    backward = (first == ends[1]) & (second == ends[0])
    return jnp.sum(heat * (forward.astype(float) - backward.astype(float)))


def _heat(circuit: Circuit, held: jax.Array, ends: jax.Array, target_temperature: jax.Array) -> jax.Array:
    return heat_between(circuit, jnp.asarray(held).at[ends[1]].set(target_temperature), ends)


def heat_and_slope(
    circuit: Circuit, heat: Callable[[jax.Array], jax.Array], temperature: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """A heat current and its derivative by a temperature: exact in closed form, by differences where it is an integral."""
    if circuit.one_pole:
        return jax.value_and_grad(heat)(temperature)
    return value_and_slope(heat, temperature)


def over_points(circuit: Circuit, function: Callable[[Any], Any], points: Any) -> Any:
    """A function at many points: all at once in closed form, one after the other where each fills the processor's caches."""
    return jax.vmap(function)(points) if circuit.one_pole else jax.lax.map(function, points)


@jax.jit
def _curve(circuit: Circuit, held: jax.Array, ends: jax.Array, temperatures: jax.Array) -> tuple[jax.Array, jax.Array]:
    return over_points(
        circuit, lambda t: heat_and_slope(circuit, lambda x: _heat(circuit, held, ends, x), t), temperatures
    )


@jax.jit
def _edges(
    circuit: Circuit, held: jax.Array, ends: jax.Array, grid: jax.Array
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Roots of ∂J/∂T_R (NaN-padded), whether it rises there, and its value at the lowest temperature."""

    def slope(temperature: jax.Array) -> jax.Array:
        return heat_and_slope(circuit, lambda t: _heat(circuit, held, ends, t), temperature)[1]

    value = over_points(circuit, slope, grid)
    above = value > 0.0
    crossing = above[1:] != above[:-1]
    (left,) = jnp.nonzero(crossing, size=MOST_EDGES, fill_value=0)
    roots = jax.vmap(lambda k: bracketed_root(slope, grid[k], grid[k + 1], value[k], value[k + 1]))(left)
    exists = jnp.arange(MOST_EDGES) < jnp.sum(crossing)
    return jnp.where(exists, roots, jnp.nan), above[left + 1], value[0]
