"""Differential thermal conductance between two islands, and where it is negative (NDTC).

With both islands held, J(T_L, T_R) is the photonic heat from the source (left) to the target (right), and

    κ = ∂J/∂(T_L − T_R) at fixed T_L = −∂J/∂T_R.

NDTC is the range of T_R in which κ < 0: warming the target draws more heat from the source. Docs: docs/physics.md, section 8.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TypeVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.balance.network.network import Network, lower
from subkelvin.balance.network.route import BALANCED_ACCURACY, meaning_of_routes, other_networks, prepare, routes_from
from subkelvin.circuit.circuit import Circuit
from subkelvin.heat.photonic import known_photonic_heat
from subkelvin.model import ArgumentError, Device
from subkelvin.model.arguments import is_traced, require_island, require_number, require_numbers, require_range
from subkelvin.model.device import check_range, number_at
from subkelvin.model.device_arguments import require_device
from subkelvin.model.result import About, Quantity, Result, shown_number
from subkelvin.model.status import Status
from subkelvin.numerics.differences import value_and_slope
from subkelvin.numerics.precision import require_double_precision
from subkelvin.numerics.roots import bracketed_root

if TYPE_CHECKING:
    import xarray as xr

T = TypeVar("T")
GRID_POINTS, COSTLY_GRID_POINTS = 2048, 256
"""Points on which sign changes of κ are sought: with a closed form for the heat, and without."""
MOST_EDGES = 8


class ConductanceCurve(Result):
    """Heat and differential conductance between two islands against the target's temperature."""

    source: str = eqx.field(static=True)
    """The island that gives heat."""
    target: str = eqx.field(static=True)
    """The island that takes it."""
    source_temperature: Annotated[float, Quantity("K", "temperature of the source")]
    """T_L [K]."""
    target_temperature: Annotated[Any, Quantity("K", "temperature of the target", ("target_temperature",))]
    """T_R [K], shape (n,)."""
    heat: Annotated[Any, Quantity("W", "photonic heat from source to target", ("target_temperature",))]
    """J from source to target [W], shape (n,)."""
    conductance: Annotated[Any, Quantity("W/K", "differential thermal conductance", ("target_temperature",))]
    """κ = −∂J/∂T_target [W/K], shape (n,)."""

    photon_route: Annotated[np.ndarray, Quantity("", "how photonic heat was computed", ("target_temperature",))]
    """Which of ``routes`` computed it, as integers of shape (n,)."""
    routes: tuple[str, ...] = eqx.field(static=True)
    """The device's own route, and those that take over where it does not know a heat."""

    @property
    def status(self) -> Any:
        """`Status.CONVERGED` where J and κ are known, `Status.NOT_CONVERGED` elsewhere, as integers of shape (n,)."""
        if is_traced(self.heat):
            known = jnp.isfinite(self.heat) & jnp.isfinite(self.conductance)
            return jnp.where(known, Status.CONVERGED, Status.NOT_CONVERGED)
        known = np.isfinite(np.asarray(self.heat)) & np.isfinite(np.asarray(self.conductance))
        return np.where(known, Status.CONVERGED, Status.NOT_CONVERGED)

    def _codes(self) -> Mapping[str, str]:
        return {"photon_route": meaning_of_routes(self.routes)}

    def _status_axes(self) -> tuple[str, ...]:
        return ("target_temperature",)

    def _attributes(self) -> dict[str, Any]:
        return {"source": self.source, "target": self.target}


class Interval(NamedTuple):
    """A range of target temperatures with κ < 0."""

    lower: float
    """[K]; an edge where κ = 0, or the end of the range searched."""
    upper: float
    """[K]; an edge where κ = 0, or the end of the range searched."""
    opens: bool
    """Whether κ changes sign at the lower edge (rather than the range beginning there)."""
    closes: bool
    """Whether κ changes sign at the upper edge."""


class NegativeConductance(Result):
    """The ranges of a target's temperature with κ < 0 (NDTC)."""

    source: str = eqx.field(static=True)
    """The island that gives heat."""
    target: str = eqx.field(static=True)
    """The island that takes it."""
    source_temperature: Annotated[float, Quantity("K", "temperature of the source")]
    """T_L [K]."""
    searched: tuple[float, float] = eqx.field(static=True)
    """The range of T_R that was searched [K]."""
    intervals: tuple[Interval, ...] = eqx.field(static=True)
    """Coldest first."""
    status: Status
    """`Status.NOT_CONVERGED` where κ is not known in a part of the range."""

    def to_xarray(self) -> "xr.Dataset":
        """The edges of every interval [K], and whether κ changes its sign there."""
        dataset = super().to_xarray()
        for place, name in enumerate(Interval._fields):
            kelvin = {"units": "K"} if place < 2 else {}
            dataset[name] = ("interval", np.array([interval[place] for interval in self.intervals]), kelvin)
        return dataset

    def _attributes(self) -> dict[str, Any]:
        return {"source": self.source, "target": self.target, "searched": list(self.searched)}

    def _rows(self) -> Iterator[tuple[str, str]]:
        low, high = (shown_number(one, "K") for one in self.searched)
        yield (
            "searched",
            f"{self.target} from {low} to {high}, {self.source} at {shown_number(self.source_temperature, 'K')}",
        )
        for one in self.intervals:
            yield "κ < 0", f"{shown_number(one.lower, 'K')} … {shown_number(one.upper, 'K')}"
        if not self.intervals:
            yield "κ < 0", "nowhere in this range"


def conductance(
    device: Device,
    target: str,
    temperatures: Any,
    *,
    source: str,
    source_temperature: float | str | jax.Array,
) -> ConductanceCurve:
    """J and κ between two islands with both held.

        κ = −∂J/∂T_target at fixed T_source

    Args:
        device: a device with photonic paths between the two; its values may be JAX tracers (`prepare` it before).
        target: the island whose temperature varies.
        temperatures: T_R of it [K], shape (n,); they may be traced.
        source: the other island.
        source_temperature: T_L [K], or text with a unit; it may be traced.

    Raises:
        DeviceError: if an island is unknown or a temperature is out of range.
        ValueError: if an argument is not what it must be.

    Example:
        >>> from subkelvin import preset
        >>> from subkelvin.ndtc import conductance
        >>> curve = conductance(preset("silver-setup-1"), "right", [0.1, 0.3], source="left", source_temperature="500 mK")
        >>> curve.conductance.shape
        (2,)
    """
    held, ends = held_between(device, source, target, source_temperature, traced=True)
    network = lower(held)
    kelvins = require_numbers("temperatures", temperatures, "K", above=0.0, text=True, traced=True)
    if not is_traced(kelvins):
        check_range(f"islands.{target}.temperature", kelvins)
    kelvins = jnp.asarray(kelvins)
    heat, slope, error = _curve(network.circuit, network.held_temperatures, ends, kelvins)
    taken = np.zeros(kelvins.shape, dtype=int)
    if not is_traced(heat):
        heat, slope, error = np.array(heat), np.array(slope), np.array(error)
        others = other_networks(held, network.circuit.route)
        while (lost := _unknown(kelvins, heat, slope, error)).size and (following := next(others, None)) is not None:
            taken[lost], other = following
            heat[lost], slope[lost], error[lost] = _curve(other.circuit, other.held_temperatures, ends, kelvins[lost])
    return ConductanceCurve(
        _about(device, source, target),
        source,
        target,
        _kelvin(source, source_temperature, True),
        kelvins,
        heat,
        -slope,
        photon_route=taken,
        routes=routes_from(network.circuit.route),
    )


def negative_conductance(
    device: Device,
    target: str,
    lowest: float | str,
    highest: float | str,
    *,
    source: str,
    source_temperature: float | str,
) -> NegativeConductance:
    """The ranges of T_R with κ < 0, their edges found as roots of κ to the last bits, not read off a grid.

        κ = −∂J/∂T_target = 0

    This is a search, which counts intervals, and takes plain numbers. An edge T moves with a value λ of the device by
    dT/dλ = −(∂κ/∂λ)/(∂κ/∂T), both of `conductance`.

    Args:
        device: a device with photonic paths between the two islands.
        target: the island whose temperature varies.
        lowest, highest: the range of T_R to search [K], or texts with units.
        source: the other island.
        source_temperature: T_L [K], or text with a unit.

    Raises:
        DeviceError: if an island is unknown or a temperature is out of range.
        ValueError: unless 0 < lowest < highest.

    Example:
        >>> from subkelvin import preset
        >>> from subkelvin.ndtc import negative_conductance
        >>> found = negative_conductance(
        ...     preset("silver-setup-1"), "right", "50 mK", "490 mK", source="left", source_temperature="500 mK"
        ... )
        >>> len(found.intervals)
        1
    """
    require_device(device)
    require_island("target", target, [island.name for island in device.structure.islands])
    key = f"islands.{target}.temperature"
    lowest, highest = require_range(
        number_at(key, lowest), number_at(key, highest), unit="K", above=0.0, example="0.05"
    )
    held, ends = held_between(device, source, target, source_temperature)
    network = lower(held)
    others = other_networks(held, network.circuit.route)
    while True:
        points = GRID_POINTS if network.circuit.one_pole else COSTLY_GRID_POINTS
        edges, rising, first, known = jax.device_get(
            _edges(network.circuit, network.held_temperatures, ends, np.geomspace(lowest, highest, points))
        )
        following = None if known else next(others, None)
        if following is None:
            break
        network = following[1]
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
    status = Status.CONVERGED if known else Status.NOT_CONVERGED
    return NegativeConductance(
        about=_about(device, source, target),
        source=source,
        target=target,
        source_temperature=_kelvin(source, source_temperature),
        searched=(lowest, highest),
        intervals=tuple(intervals),
        status=status,
    )


def _unknown(kelvins: jax.Array, heat: np.ndarray, slope: np.ndarray, error: np.ndarray) -> np.ndarray:
    """The places of heats that are not known to 1e-9 of themselves, or of what a change of temperature makes of them."""
    scale = np.maximum(np.abs(heat), np.abs(np.asarray(kelvins) * slope))
    # Not a number is not known either.
    return np.flatnonzero(~(error <= BALANCED_ACCURACY * scale))


def between(device: Device, source: str, target: str, source_temperature: float | str) -> tuple[Network, np.ndarray]:
    """The network with every island held, and the positions of the two islands in it."""
    held, ends = held_between(device, source, target, source_temperature)
    return lower(held), ends


def held_between(
    device: Device, source: str, target: str, source_temperature: float | str | jax.Array, traced: bool = False
) -> tuple[Device, np.ndarray]:
    """The prepared device with every island held, and the positions of the two islands in its network."""
    require_double_precision()
    require_device(device, traced=traced)
    islands = [island.name for island in device.structure.islands]
    require_island("source", source, islands)
    require_island("target", target, islands)
    if source == target:
        raise ArgumentError("target", f"must be another island than the source {source!r}", "name two islands")
    source_temperature = _kelvin(source, source_temperature, traced)
    floating = {island.name: source_temperature for island in device.structure.floating_islands}
    held = device.hold({**floating, source: source_temperature})
    order = [island.name for island in held.structure.ordered_islands]
    return prepare(held), np.array([order.index(source), order.index(target)])


def _about(device: Device, source: str, target: str) -> About:
    """The device without the numbers that the question replaces."""
    return About.of(
        device, [f"islands.{island}.{key}" for island in (source, target) for key in ("temperature", "power")]
    )


def _kelvin(source: str, temperature: float | str | jax.Array, traced: bool = False) -> float:
    """The temperature of the source [K], from a float or a text with a unit; a traced one as it is, where that is allowed."""
    if isinstance(temperature, str):
        temperature = number_at(f"islands.{source}.temperature", temperature)
    return require_number("source_temperature", temperature, "K", above=0.0, example="0.5", traced=traced)


def heat_between(circuit: Circuit, temperatures: jax.Array, ends: jax.Array) -> jax.Array:
    """Net photonic heat from island ends[0] to island ends[1] [W]."""
    return heat_and_error_between(circuit, temperatures, ends)[0]


def heat_and_error_between(circuit: Circuit, temperatures: jax.Array, ends: jax.Array) -> tuple[jax.Array, jax.Array]:
    """The same with its estimated error [W]."""
    heat, error = known_photonic_heat(circuit, temperatures)
    first, second = circuit.islands[circuit.pairs[..., 0]], circuit.islands[circuit.pairs[..., 1]]
    forward = (first == ends[0]) & (second == ends[1])
    backward = (first == ends[1]) & (second == ends[0])
    either = forward | backward
    return jnp.sum(heat * (forward.astype(float) - backward.astype(float))), jnp.sum(jnp.where(either, error, 0.0))


def _heat(circuit: Circuit, held: jax.Array, ends: jax.Array, target_temperature: jax.Array) -> jax.Array:
    return heat_between(circuit, jnp.asarray(held).at[ends[1]].set(target_temperature), ends)


def heat_and_slope(circuit: Circuit, heat: Callable[[jax.Array], T], temperature: jax.Array) -> tuple[T, T]:
    """A heat current and its derivative by a temperature: exact in closed form, by differences where it is an integral."""
    if circuit.one_pole:
        return jax.jvp(heat, (temperature,), (jnp.ones_like(temperature),))
    return value_and_slope(heat, temperature)


def over_points(circuit: Circuit, function: Callable[[Any], Any], points: Any) -> Any:
    """A function at many points: all at once in closed form, one after the other where each fills the processor's caches."""
    return jax.vmap(function)(points) if circuit.one_pole else jax.lax.map(function, points)


@jax.jit
def _curve(circuit: Circuit, held: jax.Array, ends: jax.Array, temperatures: jax.Array) -> tuple[jax.Array, ...]:
    """J, ∂J/∂T_R and the estimated error of J."""

    def known(temperature: jax.Array) -> tuple[jax.Array, jax.Array]:
        return heat_and_error_between(circuit, jnp.asarray(held).at[ends[1]].set(temperature), ends)

    (heat, error), (slope, _) = over_points(circuit, lambda t: heat_and_slope(circuit, known, t), temperatures)
    return heat, slope, error


@jax.jit
def _edges(
    circuit: Circuit, held: jax.Array, ends: jax.Array, grid: jax.Array
) -> tuple[jax.Array, jax.Array, jax.Array, jax.Array]:
    """Roots of ∂J/∂T_R (NaN-padded), whether it rises there, its value at the lowest temperature, and whether all are known."""

    def slope(temperature: jax.Array) -> jax.Array:
        return heat_and_slope(circuit, lambda t: _heat(circuit, held, ends, t), temperature)[1]

    value = over_points(circuit, slope, grid)
    above = value > 0.0
    crossing = above[1:] != above[:-1]
    (left,) = jnp.nonzero(crossing, size=MOST_EDGES, fill_value=0)
    roots = jax.vmap(lambda k: bracketed_root(slope, grid[k], grid[k + 1], value[k], value[k + 1]))(left)
    exists = jnp.arange(MOST_EDGES) < jnp.sum(crossing)
    return jnp.where(exists, roots, jnp.nan), above[left + 1], value[0], jnp.all(jnp.isfinite(value))
