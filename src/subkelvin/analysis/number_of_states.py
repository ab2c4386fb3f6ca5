"""How many steady states a device has, over its heater power and another value: a map of where it is bistable."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.balance.network.network import Network, lower
from subkelvin.balance.network.route import meaning_of_routes, prepare, routes_from
from subkelvin.balance.steady.scan import scan
from subkelvin.balance.steady.solve import outflow_of_floating, points_of_scan
from subkelvin.heat.matrix import fallbacks
from subkelvin.model import ArgumentError, Device
from subkelvin.model.arguments import require_mapping, require_progress
from subkelvin.model.device_arguments import require_device, require_one_floating_island
from subkelvin.model.result import About, Quantity, Result
from subkelvin.model.status import Status
from subkelvin.numerics.blocks import block_by_block
from subkelvin.numerics.precision import require_double_precision
from subkelvin.progress import INTERRUPTIONS, Progress

BLOCK = 16
"""Values whose outflows are scanned at once."""


class NumberOfStates(Result):
    """Counts of steady states over another value and the heater power."""

    key: str = eqx.field(static=True)
    """Of the other value."""
    unit: str = eqx.field(static=True)
    """Its SI unit."""
    value: Annotated[np.ndarray, Quantity("", "other value", ("value",))]
    """Of it [SI], shape (n,)."""
    power: Annotated[np.ndarray, Quantity("W", "heater power", ("power",))]
    """[W], shape (m,)."""
    count: Annotated[np.ndarray, Quantity("", "number of steady states", ("value", "power"))]
    """1 where there is one state, 3 where two of three are stable, 0 where there is none; NaN where ``status`` is not good."""
    status: np.ndarray
    """A `Status` of every point as an integer, shape (n, m)."""

    photon_route: Annotated[np.ndarray, Quantity("", "how photonic heat was computed", ("value",))]
    """Which of ``routes`` computed it, as integers of shape (n,)."""
    routes: tuple[str, ...] = eqx.field(static=True)
    """The device's own route, and those that take over where it does not know a heat."""

    def _units(self) -> Mapping[str, str]:
        return {"value": self.unit}

    def _codes(self) -> Mapping[str, str]:
        return {"photon_route": meaning_of_routes(self.routes)}

    def _status_axes(self) -> tuple[str, ...]:
        return ("value", "power")

    def _attributes(self) -> dict[str, Any]:
        return {"key": self.key}

    def _rows(self) -> Iterator[tuple[str, str]]:
        known = self.count[self.status == Status.CONVERGED]
        for number, points in zip(*np.unique(known, return_counts=True), strict=True):
            yield f"{int(number)} states", f"at {points} of {self.count.size} points"


def number_of_states(device: Device, axes: Mapping[str, Any], *, progress: Progress | None = None) -> NumberOfStates:
    """How many steady states one floating island has, over its heater power and another value: where it is bistable.

        number of solutions T of G(T) = P + parasitic power

    G is scanned once for each value, its extrema included, and serves all powers.

    Args:
        device: with one floating island.
        axes: two of them, by key: the power of that island, and another value, such as ``islands.right.temperature``. SI
            floats or texts with units, each along one axis.
        progress: told of every block of values.

    Returns:
        NumberOfStates. If somebody stops the run, the counts so far: the others are NaN with `Status.NOT_COMPUTED`.

    Raises:
        DeviceError: if there is no such value, a number is out of range, or not exactly one island floats.
        ValueError: if an argument is not what it must be.

    Example:
        >>> from subkelvin import number_of_states, preset
        >>> found = number_of_states(
        ...     preset("silver-setup-1"), {"islands.left.power": ["10 fW", "20 fW"], "islands.right.temperature": [0.1, 0.2]}
        ... )
        >>> found.count
        array([[1., 1.],
               [1., 1.]])
    """
    require_double_precision()
    require_device(device)
    power = f"islands.{require_one_floating_island(device)}.power"
    require_mapping("axes", axes, f'{{"{power}": ["10 fW"], "islands.right.temperature": [0.1]}}')
    others = [key for key in axes if key != power]
    if len(axes) != 2 or len(others) != 1:
        raise ArgumentError("axes", f"must name `{power}` and one other value, but name {', '.join(axes) or 'none'}")
    (key,) = others
    device.require(key)
    powers, values = device.numbers(power, axes[power]), device.numbers(key, axes[key])
    progress = require_progress(progress)
    device = prepare(device)
    own = lower(device).circuit.route
    count = np.full((len(values), len(powers)), np.nan)
    status = np.full(count.shape, int(Status.NOT_COMPUTED))
    taken = np.full(len(values), -1)
    lost = np.arange(len(values))
    try:
        for number, route in enumerate(routes_from(own)):
            if number:
                (lost,) = np.nonzero(status[:, 0] == Status.NOT_CONVERGED)
                lost = np.array(
                    [k for k in lost if route in fallbacks(device.replace({key: values[k]}), own)], dtype=int
                )
            if not lost.size:
                continue
            for rows, (counted, computable) in _counted(device, key, values[lost], powers, route):
                known = np.broadcast_to(computable[:, None], counted.shape)
                count[lost[rows]] = np.where(known, counted, np.nan)
                status[lost[rows]] = np.where(known, Status.CONVERGED, Status.NOT_CONVERGED)
                taken[lost[rows]] = number
                progress.step(rows.stop / lost.size, f"{rows.stop} of {lost.size} values by {route}")
    except INTERRUPTIONS:
        if np.all(status == Status.NOT_COMPUTED):
            raise
    unit = device.field(key).unit
    about = About.of(device, (power, key))
    return NumberOfStates(about, key, unit, values, powers, count, status, taken, routes_from(own))


def _counted(
    device: Device, key: str, values: np.ndarray, powers: np.ndarray, route: str
) -> Iterator[tuple[slice, tuple[np.ndarray, np.ndarray]]]:
    """Counts over values (rows) and powers by one route, and whether each row is known, block by block."""
    single, many = lower(device, route), lower(device.replace({key: values}), route)
    leaves, structure = jax.tree.flatten(single)
    swept = jax.tree.leaves(many)
    varies = [np.ndim(one) > np.ndim(leaf) for one, leaf in zip(swept, leaves, strict=True)]
    stacked = [
        np.asarray(one) if flag else np.broadcast_to(np.asarray(leaf), (len(values), *np.shape(leaf)))
        for one, leaf, flag in zip(swept, leaves, varies, strict=True)
    ]
    return block_by_block(lambda block: _count(jax.tree.unflatten(structure, block), powers), stacked, BLOCK)


@jax.jit
def _count(networks: Network, powers: jax.Array) -> tuple[jax.Array, jax.Array]:
    """The number of crossings of each power, for networks stacked along the first axis of every leaf, and whether it is known."""

    return jax.lax.map(lambda network: crossings(network, powers), networks)


def crossings(network: Network, powers: jax.Array) -> tuple[jax.Array, jax.Array]:
    """How often the outflow of the one floating island crosses each heater power, and whether all of it is known.

    Args:
        network: with one floating island.
        powers: [W], shape (n,).
    """
    table = scan(
        lambda temperature: outflow_of_floating(network, temperature[None])[0],
        jnp.min(network.held_temperatures),
        network.ceiling[0],
        points_of_scan(network),
    )
    load = powers[:, None] + network.parasitic_power[0]
    above = table.outflow >= load
    return jnp.sum(above[:, 1:] != above[:, :-1], axis=1), jnp.all(jnp.isfinite(table.outflow))
