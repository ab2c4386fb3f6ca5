"""The heat that leaves a floating island, over its own and another island's temperature.

With F(T_L, T_R) the outflow of the floating island, its steady states under a heater power P are the contour lines F(T_L, T_R) = P:
one table of F answers for every power at once,

    𝓡 = dT_L/dT_R = −F_R/F_L,        max_{T_R} F(T_L, T_R) = P at the lowest T_L that P allows.

Only F itself is compiled, which takes a fraction of the time that a whole solver takes; the contour lines are found here, by
Newton's method in brackets. They follow the same rule as `steady_state`: of several states the one reached by heating. Docs:
docs/physics.md, section 8.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from scipy.interpolate import CubicSpline

from subkelvin.analysis.conductance import over_points
from subkelvin.analysis.performance import Drop, Response
from subkelvin.balance.network import Network, heat_flows, lower
from subkelvin.balance.route import prepare
from subkelvin.model import Device
from subkelvin.model.arguments import require_count, require_kind, require_numbers
from subkelvin.model.device import check_range
from subkelvin.model.device_arguments import require_device, require_held, require_one_floating_island
from subkelvin.model.status import Status
from subkelvin.numerics.differences import value_and_slope
from subkelvin.numerics.precision import require_double_precision

BLOCK = 2048
"""Points evaluated at once, whatever the size of the table: one compilation for each structure of device."""
NEWTON_STEPS = 7
HIGHEST_TEMPERATURE = 10.0
"""End of the table for an island without a superconductor [K]."""
SETTLED = 1e-12
"""Largest imbalance that counts as balanced, relative to the power; `steady_state` uses the same."""


class Surface(NamedTuple):
    """F(T_L, T_R) and its slopes; arrays of shape (floating, swept)."""

    floating_temperature: np.ndarray
    """T_L [K], rising."""
    swept_temperature: np.ndarray
    """T_R [K], rising."""
    outflow: np.ndarray
    """Heat that leaves the floating island, less its parasitic load [W]."""
    by_floating: np.ndarray
    """∂F/∂T_L [W/K]."""
    by_swept: np.ndarray
    """∂F/∂T_R [W/K]."""


def outflow_surface(device: Device, swept: str, swept_temperatures: np.ndarray, floating_points: int = 224) -> Surface:
    """F on a grid from the coldest swept temperature to the critical temperature of the floating island.

    Args:
        device: a device with one floating island.
        swept: name of the held island whose temperature is swept.
        swept_temperatures: T_R, rising [K].
        floating_points: number of T_L, evenly spaced in ln T.

    Raises:
        DeviceError: unless exactly one island floats and the other is held.
    """
    network, place = _one_floating_island(device, swept)
    temperatures = require_numbers("swept_temperatures", swept_temperatures, "K", above=0.0, ascending=True, fewest=2)
    check_range(f"islands.{swept}.temperature", temperatures)
    require_count("floating_points", floating_points, 4, example="224")
    top = min(float(network.ceiling[0]), HIGHEST_TEMPERATURE)
    bottom = min(float(np.min(network.held_temperatures)), float(temperatures[0]))
    floating = np.geomspace(bottom, top, floating_points)
    grid = np.meshgrid(floating, temperatures, indexing="ij")
    outflow, _, by_floating, by_swept = _evaluate(network, place, *grid)
    return Surface(floating, temperatures, outflow, by_floating, by_swept)


def outflow_at(device: Device, swept: str, floating_temperature: np.ndarray, swept_temperature: float) -> np.ndarray:
    """F at given temperatures: the heater power that keeps the floating island at each of them [W].

    Args:
        device: a device with one floating island.
        swept: name of the held island at ``swept_temperature``.
        floating_temperature: T_L, any shape [K].
        swept_temperature: T_R [K].
    """
    network, place = _one_floating_island(device, swept)
    temperatures = np.asarray(floating_temperature, dtype=float)
    return _evaluate(network, place, temperatures, np.full(temperatures.shape, swept_temperature))[0]


def contour_response(device: Device, surface: Surface, swept: str, powers: np.ndarray) -> Response:
    """What `response` gives, from a table of F: T_L to the last bits, 𝓡 and holding power.

    Args:
        device: the one of the surface.
        surface: its F.
        swept: the island swept there.
        powers: into the floating island [W], shape (p,).

    Returns:
        Response with arrays of shape (p, swept); NaN and a status where the power has no steady state on the table:
        `Status.OFF_TABLE` where it lies beyond the coldest or hottest temperature of the table, `ABOVE_CRITICAL_TEMPERATURE` where
        the table ends because the island's superconductor does.
    """
    network, place = _one_floating_island(device, swept)
    require_kind("surface", surface, Surface, "`outflow_surface(device, swept, temperatures)`")
    powers = require_numbers("powers", powers, "W", example="np.geomspace(1e-15, 1e-12, 20)")
    # The first point of the table where the running maximum of F reaches P ends the bracket of the state reached by heating.
    running = np.maximum.accumulate(surface.outflow, axis=0)
    upper = np.sum(running[None] < powers[:, None, None], axis=1)
    hotter = upper == surface.floating_temperature.size
    inside = (upper > 0) & ~hotter
    upper = np.where(inside, upper, 1)
    column = np.arange(surface.swept_temperature.size)
    low, high = surface.floating_temperature[upper - 1], surface.floating_temperature[upper]
    below, above = surface.outflow[upper - 1, column], surface.outflow[upper, column]
    wanted = np.broadcast_to(powers[:, None], low.shape)
    position = np.broadcast_to(surface.swept_temperature, low.shape)
    point = low + (wanted - below) / (above - below) * (high - low)
    value, held, by_floating, by_swept = _evaluate(network, place, point, position)
    for _ in range(NEWTON_STEPS):
        is_above = value >= wanted
        low, high = np.where(is_above, low, point), np.where(is_above, point, high)
        newton = point - (value - wanted) / by_floating
        following = np.where((newton >= low) & (newton <= high), newton, 0.5 * (low + high))
        settled = np.abs(following - point) <= 4.0 * np.finfo(float).eps * point
        point = following
        value, held, by_floating, by_swept = _evaluate(network, place, point, position)
        if np.all(settled | ~inside):
            break
    # An imbalance that the last bits of T_L explain is no imbalance.
    rounding = 8.0 * np.finfo(float).eps * np.abs(by_floating) * point
    good = inside & (np.abs(value - wanted) <= np.maximum(SETTLED * np.abs(wanted), rounding)) & (by_floating > 0.0)
    # The hottest temperature of the table is the critical one, unless the table was cut off below it.
    critical = surface.floating_temperature[-1] >= float(network.ceiling[0])
    beyond = np.where(hotter & critical, Status.ABOVE_CRITICAL_TEMPERATURE, Status.OFF_TABLE)
    status = np.where(good, Status.CONVERGED, np.where(inside, Status.NOT_CONVERGED, beyond))
    return Response(
        surface.swept_temperature,
        np.where(good, point, np.nan),
        np.where(good, -by_swept / by_floating, np.nan),
        np.where(good, held, np.nan),
        status,
    )


def contour_drop(surface: Surface, powers: np.ndarray) -> Drop:
    """δT(P) from a table of F alone, without solving anything.

    With P_0(T_L) = F at the lowest T_R and P_*(T_L) = max_{T_R} F, both rising, δT(P) is the distance between their
    inverses. Where they do not rise, the lowest T_L counts. Splines through ln P make it good to 1e-6 of δT on the default
    grid for the reference devices.

    Args:
        surface: F.
        powers: [W], shape (p,).
    """
    best, best_at = _row_maximum(surface)
    start, minimum = (_inverse(surface.floating_temperature, power, powers) for power in (surface.outflow[:, 0], best))
    at = np.interp(minimum, surface.floating_temperature, best_at)
    return Drop(start - minimum, minimum, np.where(np.isnan(minimum), np.nan, at), start)


def _row_maximum(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """The largest F over T_R for every T_L, and where: between points, that of the cubic with the same values and slopes."""
    step = np.diff(surface.swept_temperature)
    left, right = surface.outflow[:, :-1], surface.outflow[:, 1:]
    slope_left, slope_right = surface.by_swept[:, :-1] * step, surface.by_swept[:, 1:] * step
    b = 3.0 * (right - left) - 2.0 * slope_left - slope_right
    c = slope_left + slope_right - 2.0 * (right - left)
    peaked = (slope_left > 0.0) & (slope_right <= 0.0)
    root = np.sqrt(np.where(peaked, b * b - 3.0 * c * slope_left, 0.0))
    fraction = np.where(peaked, slope_left / np.where(peaked, root - b, 1.0), 0.0)
    value = np.concatenate([left + fraction * (slope_left + fraction * (b + fraction * c)), right[:, -1:]], axis=1)
    ends = np.broadcast_to(surface.swept_temperature[-1:], (value.shape[0], 1))
    place = np.concatenate([surface.swept_temperature[:-1] + fraction * step, ends], axis=1)
    highest = np.argmax(value, axis=1)[:, None]
    return np.take_along_axis(value, highest, 1)[:, 0], np.take_along_axis(place, highest, 1)[:, 0]


def _inverse(temperature: np.ndarray, power: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """The lowest temperature at which a sampled power reaches the wanted ones; NaN outside."""
    # Strictly rising samples only: the running maximum without its flat stretches.
    running = np.maximum.accumulate(power)
    rising = (power > 0.0) & np.concatenate([[True], power[1:] > running[:-1]])
    x, y = np.log(power[rising]), np.log(temperature[rising])
    if x.size < 4:
        return np.full(wanted.shape, np.nan)
    target = np.log(wanted)
    return np.where((target >= x[0]) & (target <= x[-1]), np.exp(CubicSpline(x, y)(target)), np.nan)


def _one_floating_island(device: Device, swept: str) -> tuple[Network, np.ndarray]:
    require_double_precision()
    require_device(device)
    require_one_floating_island(device)
    require_held(device, "swept", swept)
    held = [island.name for island in device.structure.held_islands]
    return lower(prepare(device)), np.array(held.index(swept))


def _evaluate(
    network: Network, place: np.ndarray, floating: np.ndarray, swept: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """F, what holds the swept island [W], ∂F/∂T_L and ∂F/∂T_R at any points, in blocks of one size."""
    flat = np.ravel(floating), np.ravel(swept)
    results = np.empty((4, flat[0].size))
    for start in range(0, flat[0].size, BLOCK):
        # The last block is filled up with its last point.
        rows = np.minimum(np.arange(start, start + BLOCK), flat[0].size - 1)
        values = jax.device_get(_outflow(network, place, flat[0][rows], flat[1][rows]))
        stop = min(start + BLOCK, flat[0].size)
        results[:, start:stop] = np.stack(values)[:, : stop - start]
    return tuple(result.reshape(np.shape(floating)) for result in results)  # type: ignore[return-value]


@jax.jit
def _outflow(
    network: Network, place: jax.Array, floating: jax.Array, swept: jax.Array
) -> tuple[jax.Array, jax.Array, jax.Array, jax.Array]:
    def one(floating: jax.Array, swept: jax.Array) -> tuple[jax.Array, jax.Array]:
        held = jnp.asarray(network.held_temperatures).at[place].set(swept)
        watts, _ = heat_flows(network, jnp.concatenate([floating[None], held]))
        outflow = network.incidence @ watts - network.parasitic_power
        return outflow[0], outflow[1 + place]

    def slopes(point: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array, jax.Array, jax.Array]:
        if network.circuit.one_pole:
            (value, held), (by_floating, by_swept) = jax.value_and_grad(one, (0, 1), has_aux=True)(*point)
            return value, held, by_floating, by_swept
        floating, swept = point
        value, held = one(floating, swept)
        _, by_floating = value_and_slope(lambda t: one(t, swept)[0], floating)
        _, by_swept = value_and_slope(lambda t: one(floating, t)[0], swept)
        return value, held, by_floating, by_swept

    return over_points(network.circuit, slopes, (floating, swept))
