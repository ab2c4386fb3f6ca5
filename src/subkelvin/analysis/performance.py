"""How well a device does what it is for: the drop of a floating island's temperature, and its responsivity.

An island heated by a constant power first cools when another island warms up, because photons carry more heat away
(NDTC). With T_L(T_R) the steady state,

    𝓡 = dT_L/dT_R,        δT = T_L(T_R = T_b) − min_{T_R} T_L.

Docs: docs/physics.md, section 8.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.balance.network import Network, lower
from subkelvin.balance.route import prepare
from subkelvin.balance.solve import solve
from subkelvin.model import Device
from subkelvin.model.arguments import require_numbers, require_range
from subkelvin.model.device import check_range
from subkelvin.model.device_arguments import require_device, require_held, require_one_floating_island
from subkelvin.model.status import Status
from subkelvin.numerics.precision import require_double_precision

HALVINGS = 26
"""The minimum is flat: halving a grid interval this often leaves δT exact to rounding."""


class Response(NamedTuple):
    """A floating island's temperature against that of a held one; leading axes are those of the powers."""

    swept_temperature: np.ndarray
    """Temperature of the held island [K], shape (n,)."""
    temperature: np.ndarray
    """Temperature of the floating island [K], shape (..., n)."""
    responsivity: np.ndarray
    """𝓡, its derivative by the swept temperature, shape (..., n)."""
    holding_power: np.ndarray
    """Power that holds the swept island [W], shape (..., n); a heater can only give a positive one."""
    status: np.ndarray
    """`Status` of each steady state, shape (..., n)."""


class Drop(NamedTuple):
    """The drop δT of a floating island's temperature."""

    drop: np.ndarray
    """δT = T(lowest swept temperature) − minimum [K]; NaN if some steady state on the way is missing."""
    minimum: np.ndarray
    """The lowest temperature reached [K]."""
    swept_temperature: np.ndarray
    """Where it is reached [K]."""
    start: np.ndarray
    """The temperature at the beginning of the sweep [K]."""


def response(device: Device, swept: str, swept_temperatures: np.ndarray, powers: np.ndarray) -> Response:
    """T_L, 𝓡 and holding power for every combination of heater power and swept temperature.

    Args:
        device: a device with one floating island.
        swept: name of the held island whose temperature is swept.
        swept_temperatures: [K], shape (n,).
        powers: into the floating island [W], shape (p,).

    Returns:
        Response with arrays of shape (p, n).

    Raises:
        DeviceError: unless exactly one island floats and the other is held; if a number is out of its range.
        ValueError: if an argument is not what it must be.
    """
    temperatures, powers = _checked(device, swept, swept_temperatures, powers)
    network, position, row = _one_floating_island(device, swept)
    result = jax.device_get(_response(network, position, row, temperatures, powers))
    return Response(temperatures, *[np.moveaxis(array, 0, -1) for array in result])


def temperature_drop(device: Device, swept: str, swept_temperatures: np.ndarray, powers: np.ndarray) -> Drop:
    """δT(P): the drop between the first swept temperature and the minimum, which is found as a root of 𝓡.

    Args:
        device: a device with one floating island.
        swept: name of the held island whose temperature is swept.
        swept_temperatures: rising [K]; the first is where the sweep starts, the others bracket the minimum.
        powers: into the floating island [W], shape (p,).

    Raises:
        DeviceError: as `response`.
        ValueError: as `response`; if the swept temperatures do not rise.
    """
    temperatures, powers = _checked(device, swept, swept_temperatures, powers, rising=True)
    network, position, row = _one_floating_island(device, swept)
    temperature, responsivity, _, status = jax.device_get(_response(network, position, row, temperatures, powers))
    lowest = np.argmin(np.where(np.isnan(temperature), np.inf, temperature), axis=0)
    column = np.arange(powers.size)
    # The minimum lies on the side of the lowest grid point to which the temperature still falls.
    falling = responsivity[lowest, column] < 0.0
    left = np.clip(np.where(falling, lowest, lowest - 1), 0, temperatures.size - 2)
    at, minimum = jax.device_get(_minimum(network, position, temperatures[left], temperatures[left + 1], powers))
    on_grid = temperature[lowest, column]
    better = minimum < on_grid
    complete = np.all(status == Status.CONVERGED, axis=0)
    minimum = np.where(better, minimum, on_grid)
    at = np.where(better, at, temperatures[lowest])
    return Drop(
        np.where(complete, temperature[0] - minimum, np.nan),
        np.where(complete, minimum, np.nan),
        np.where(complete, at, np.nan),
        temperature[0],
    )


def drop_of(curve: Response) -> Drop:
    """δT read off a computed response, between whose points T_L is the cubic with the same values and slopes.

    Nothing is solved: where `temperature_drop` takes a second pass for the last digits, this takes none. With points 5 mK
    apart it agrees with it to about 1e-6 of δT for the reference devices.

    Args:
        curve: with rising swept temperatures; the first is where the sweep starts.
    """
    step = np.diff(curve.swept_temperature)
    left, right = curve.temperature[..., :-1], curve.temperature[..., 1:]
    slope_left, slope_right = curve.responsivity[..., :-1] * step, curve.responsivity[..., 1:] * step
    # T(u) = T_0 + s_0 u + b u² + c u³ on 0 ≤ u ≤ 1. A minimum inside: s_0 + 2bu + 3cu² = 0 where the slope rises.
    b = 3.0 * (right - left) - 2.0 * slope_left - slope_right
    c = slope_left + slope_right - 2.0 * (right - left)
    falls_then_rises = (slope_left < 0.0) & (slope_right >= 0.0)
    root = np.sqrt(np.where(falls_then_rises, b * b - 3.0 * c * slope_left, 0.0))
    fraction = np.where(falls_then_rises, -slope_left / np.where(falls_then_rises, b + root, 1.0), 0.0)
    interior = left + fraction * (slope_left + fraction * (b + fraction * c))
    # Every interval offers its interior minimum, or its left end; the last point is a candidate too.
    candidates = np.concatenate([interior, curve.temperature[..., -1:]], axis=-1)
    places = np.concatenate(
        [
            curve.swept_temperature[:-1] + fraction * step,
            np.broadcast_to(curve.swept_temperature[-1:], (*fraction.shape[:-1], 1)),
        ],
        axis=-1,
    )
    lowest = np.argmin(np.where(np.isnan(candidates), np.inf, candidates), axis=-1)[..., None]
    minimum = np.take_along_axis(candidates, lowest, axis=-1)[..., 0]
    at = np.take_along_axis(places, lowest, axis=-1)[..., 0]
    start = curve.temperature[..., 0]
    complete = np.all(curve.status == Status.CONVERGED, axis=-1)
    return Drop(
        np.where(complete, start - minimum, np.nan),
        np.where(complete, minimum, np.nan),
        np.where(complete, at, np.nan),
        start,
    )


def best_power(
    device: Device, swept: str, swept_temperatures: np.ndarray, lowest: float, highest: float
) -> tuple[float, float]:
    """The heater power with the largest δT, and that δT.

    Two nested logarithmic grids locate the maximum, a parabola through its three best points gives it to about 1e-4
    of the power (δT itself, being at its maximum, to 1e-8).

    Returns:
        Power [W] and δT [K].

    Raises:
        DeviceError: as `response`.
        ValueError: as `temperature_drop`; if the maximum lies at an end of the range, so that it is not one.
    """
    require_device(device)
    lowest, highest = require_range(lowest, highest, unit="W", above=0.0, example="1e-15")
    low, high = lowest, highest
    for _ in range(4):
        powers = np.geomspace(low, high, 33)
        drops = temperature_drop(device, swept, swept_temperatures, powers).drop
        drops = np.where(np.isnan(drops), -np.inf, drops)
        best = int(np.argmax(drops))
        if best in (0, powers.size - 1) or not np.isfinite(drops[best - 1 : best + 2]).all():
            raise ValueError(
                f"δT has no maximum between `lowest` {lowest:g} W and `highest` {highest:g} W (largest value at "
                f"{powers[best]:g} W); try another range."
            )
        low, high = powers[best - 1], powers[best + 1]
    return float(powers[best]), float(drops[best])


def _checked(
    device: Device, swept: str, swept_temperatures: np.ndarray, powers: np.ndarray, rising: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """The swept temperatures and the powers as arrays, all arguments looked at."""
    require_double_precision()
    require_device(device)
    floating = require_one_floating_island(device)
    require_held(device, "swept", swept)
    temperatures = require_numbers(
        "swept_temperatures", swept_temperatures, "K", above=0.0, ascending=rising, fewest=2 if rising else 1
    )
    check_range(f"islands.{swept}.temperature", temperatures)
    powers = require_numbers("powers", powers, "W", example="np.geomspace(1e-15, 1e-12, 20)")
    check_range(f"islands.{floating}.power", powers)
    return temperatures, powers


def _one_floating_island(device: Device, swept: str) -> tuple[Network, np.ndarray, np.ndarray]:
    """The network, the place of the swept island among held ones, and among all."""
    held = [island.name for island in device.structure.held_islands]
    return lower(prepare(device)), np.array(held.index(swept)), np.array(1 + held.index(swept))


def _at(network: Network, position: jax.Array, temperature: jax.Array, power: jax.Array) -> Network:
    """The network with another temperature of one held island and another heater power."""
    held = jnp.asarray(network.held_temperatures).at[position].set(temperature)
    return Network(
        **{**vars(network), "held_temperatures": held, "power": jnp.reshape(power, (1,))},
    )


@jax.jit
def _response(
    network: Network, position: jax.Array, row: jax.Array, temperatures: jax.Array, powers: jax.Array
) -> tuple[jax.Array, ...]:
    def point(temperature: jax.Array, power: jax.Array) -> tuple[jax.Array, ...]:
        def state(t: jax.Array) -> tuple[jax.Array, tuple[jax.Array, jax.Array]]:
            solution = solve(_at(network, position, t, power))
            return solution.temperatures[0], (solution.outflow[row], solution.status)

        temperature, responsivity, (outflow, status) = jax.jvp(state, (temperature,), (1.0,), has_aux=True)
        return temperature, responsivity, outflow - network.parasitic_power[row], status

    # The power is the inner axis: the outflow of the floating island does not contain it and is scanned once for all powers.
    return jax.lax.map(lambda t: jax.vmap(lambda p: point(t, p))(powers), temperatures, batch_size=16)


@jax.jit
def _minimum(
    network: Network, position: jax.Array, left: jax.Array, right: jax.Array, powers: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """Where the responsivity changes sign between two swept temperatures, by halving, and the temperature there."""

    def one(left: jax.Array, right: jax.Array, power: jax.Array) -> tuple[jax.Array, jax.Array]:
        def temperature(t: jax.Array) -> jax.Array:
            return solve(_at(network, position, t, power)).temperatures[0]

        def halve(_: int, bracket: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
            left, right = bracket
            middle = 0.5 * (left + right)
            falling = jax.jvp(temperature, (middle,), (jnp.ones(()),))[1] < 0.0
            return jnp.where(falling, middle, left), jnp.where(falling, right, middle)

        left, right = jax.lax.fori_loop(0, HALVINGS, halve, (left, right))
        middle = 0.5 * (left + right)
        return middle, temperature(middle)

    return jax.vmap(one)(left, right, powers)
