"""How far a floating island cools while another island warms up, because photons carry more heat away (NDTC).

With F(T_L, T_R) the outflow of the floating island and P its heater power,

    δT(P) = T_L(T_R = start) − min_{T_R} T_L,        max_{T_R} F(T_L, T_R) = P at the lowest T_L.

At the minimum F = P and ∂F/∂T_R = 0, unless it lies at an end of the sweep. δT is largest where both states move alike with P,

    dδT/dP = 1/(∂F/∂T_L)|start − 1/(∂F/∂T_L)|minimum = 0.

Docs: docs/physics.md, section 8.
"""

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

import equinox as eqx
import numpy as np
from scipy.optimize import brentq

from subkelvin.analysis.outflow_surface import (
    Outflow,
    Surface,
    Swept,
    balance_at,
    outflow_at,
    outflow_surface,
    row_maximum,
)
from subkelvin.analysis.response import SweptIsland, about_sweep, by_route, contours, first_reached, swept_network
from subkelvin.balance.network.route import meaning_of_routes, routes_from
from subkelvin.model import Device
from subkelvin.model.arguments import require_progress, require_range
from subkelvin.model.device_arguments import require_device, require_one_floating_island
from subkelvin.model.result import Quantity
from subkelvin.model.status import Status
from subkelvin.numerics.cubics import peak, value_at
from subkelvin.progress import INTERRUPTIONS, Progress

SECOND_DIFFERENCE = 1e-4
"""Relative step in T_R between whose slopes the second derivatives of F are differences. They only steer Newton's method."""
NEWTON_STEPS = 20
LAST_BITS = 4.0 * float(np.finfo(np.float64).eps)
STILL_MOVING = 1e-9
"""Relative step in T_R below which the minimum is found: T_L is flat there, and no longer moves."""
FLAT = 1e-13
"""What T_L may still fall, relative to itself, by moving T_R to where ∂F/∂T_R = 0."""
POWERS_TRIED = 97
"""Powers among which the best one is sought before the root of the derivative brings it to the last bits."""
POWER_TOLERANCE = 4.0 * float(np.finfo(np.float64).eps)


class Drops(NamedTuple):
    """The drop δT of a floating island's temperature; arrays of shape (powers,)."""

    drop: np.ndarray
    """δT = T_L at the first swept temperature − the lowest T_L [K]; NaN where one of them does not exist."""
    minimum: np.ndarray
    """The lowest T_L of the sweep [K], among those T_R that have a steady state."""
    swept_temperature: np.ndarray
    """T_R where it is reached [K]."""
    start: np.ndarray
    """T_L at the first swept temperature [K]."""
    status: np.ndarray
    """`Status`: that of the start, or of the minimum if that failed."""


class TemperatureDrop(SweptIsland):
    """How far a floating island cools while a held one warms up, for some heater powers."""

    power: Annotated[np.ndarray, Quantity("W", "heater power of the floating island", ("power",))]
    """P [W], shape (powers,)."""
    drop: Annotated[np.ndarray, Quantity("K", "drop of the floating island's temperature", ("power",))]
    """δT = T_L at the first swept temperature − the lowest T_L [K]; NaN where one of them does not exist."""
    minimum: Annotated[np.ndarray, Quantity("K", "lowest temperature of the floating island", ("power",))]
    """The lowest T_L of the sweep [K], among those T_R that have a steady state."""
    swept_temperature: Annotated[np.ndarray, Quantity("K", "temperature of the swept island there", ("power",))]
    """T_R where it is reached [K]."""
    start: Annotated[np.ndarray, Quantity("K", "temperature at the first swept temperature", ("power",))]
    """T_L at the first swept temperature [K]."""
    status: np.ndarray
    """`Status` of the start, or of the minimum if that failed, as integers of shape (powers,)."""

    photon_route: Annotated[np.ndarray, Quantity("", "how photonic heat was computed", ("power",))]
    """Which of ``routes`` computed it, as integers of shape (powers,)."""
    routes: tuple[str, ...] = eqx.field(static=True)
    """The device's own route, and those that take over where it does not know a heat."""

    def _codes(self) -> Mapping[str, str]:
        return {"photon_route": meaning_of_routes(self.routes)}

    def _status_axes(self) -> tuple[str, ...]:
        return ("power",)


class BestPower(SweptIsland):
    """The heater power with the largest drop."""

    power: Annotated[float, Quantity("W", "heater power with the largest drop")]
    """P [W]."""
    drop: Annotated[float, Quantity("K", "largest drop of the floating island's temperature")]
    """δT there [K]."""

    @property
    def status(self) -> Status:
        """`Status.CONVERGED`: without a maximum there is no such result."""
        return Status.CONVERGED


class _Minima(NamedTuple):
    """The lowest states of a sweep, with ∂F/∂T_L there."""

    temperature: np.ndarray
    swept_temperature: np.ndarray
    by_floating: np.ndarray
    status: np.ndarray


def temperature_drop(
    device: Device, island: str, temperatures: Any, *, powers: Any, progress: Progress | None = None
) -> TemperatureDrop:
    """δT(P): the drop between the first swept temperature and the lowest T_L of the sweep.

    Args:
        device: a device with one floating island.
        island: the held island whose temperature varies.
        temperatures: T_R of it, rising [K]: the sweep starts at the first and ends at the last. Where these are too few to tell
            where T_L is lowest, more are added between them.
        powers: into the floating island [W], shape (p,).
        progress: as in `response`.

    Returns:
        TemperatureDrop with arrays of shape (p,).

    Validity:
        Both temperatures are states of `steady_state`, to the last bits that a balance tells. T_R of the minimum is right to 1e-9
        where photons have a closed form with one pole, and to about 1e-6 elsewhere, where slopes are differences.

    Raises:
        DeviceError: as `response`.
        ValueError: as `response`; if the swept temperatures do not rise.

    Example:
        >>> from subkelvin import preset
        >>> from subkelvin.ndtc import temperature_drop
        >>> drop = temperature_drop(preset("silver-setup-1"), "right", [0.05, 0.6], powers=["140 fW"])
        >>> f"{1e3 * drop.drop[0]:.1f} mK"
        '20.5 mK'
    """
    network, temperatures, powers = swept_network(device, island, temperatures, powers, rising=True)
    progress = require_progress(progress)
    parts = [*(np.full(powers.size, np.nan) for _ in range(4)), np.full(powers.size, int(Status.NOT_CONVERGED))]
    taken, lost = np.zeros(powers.size, dtype=int), np.arange(powers.size)
    for number, chosen in by_route(device, network):
        try:
            found, _ = _drops(chosen, outflow_surface(chosen, temperatures, True, progress), powers[lost])
        except INTERRUPTIONS:
            # Who stops this by another route keeps what the first one has found.
            if not number:
                raise
            break
        taken[lost] = number
        for whole, part in zip(parts, found, strict=True):
            whole[lost] = part
        (lost,) = np.nonzero(parts[-1] == Status.NOT_CONVERGED)
        if not lost.size:
            break
    return TemperatureDrop(
        about_sweep(device, island),
        device.structure.floating_islands[0].name,
        island,
        powers,
        *Drops(*parts),
        taken,
        routes_from(network.network.circuit.route),
    )


def best_power(
    device: Device,
    island: str,
    temperatures: Any,
    *,
    lowest: float | str,
    highest: float | str,
    progress: Progress | None = None,
) -> BestPower:
    """The heater power with the largest δT, and that δT, from the root of dδT/dP.

    Args:
        device, island, temperatures: as in `temperature_drop`.
        lowest, highest: the range of P to search [W], 0 < lowest < highest, floats or texts with units.
        progress: as in `response`; cancelled, it raises `Cancelled`.

    Validity:
        P is right to 1e-10 where photons have a closed form with one pole, to about 1e-6 elsewhere; δT to the last bits of T_L. Of
        several maxima the one that is highest among 97 powers is taken.

    Raises:
        DeviceError: as `response`.
        ValueError: as `temperature_drop`; if the maximum lies at an end of the range, so that it is not one.

    Example:
        >>> from subkelvin import preset
        >>> from subkelvin.ndtc import best_power
        >>> best = best_power(preset("silver-setup-1"), "right", [0.05, 0.6], lowest="10 fW", highest="1 pW")
        >>> f"{1e15 * best.power:.0f} fW, {1e3 * best.drop:.1f} mK"
        '168 fW, 20.6 mK'
    """
    require_device(device)
    key = f"islands.{require_one_floating_island(device)}.power"
    low, high = (device.number(key, one) if isinstance(one, str) else one for one in (lowest, highest))
    lowest, highest = require_range(low, high, unit="W", above=0.0, example="1e-15")
    powers = np.geomspace(lowest, highest, POWERS_TRIED)
    network, temperatures, powers = swept_network(device, island, temperatures, powers, rising=True)
    progress = require_progress(progress)
    for _, chosen in by_route(device, network):
        network, surface = chosen, outflow_surface(chosen, temperatures, True, progress)
        drops, _ = _drops(network, surface, powers)
        if not np.any(drops.status == Status.NOT_CONVERGED):
            break
    known = np.where(np.isnan(drops.drop), -np.inf, drops.drop)
    best = int(np.argmax(known))
    if best in (0, powers.size - 1) or not np.isfinite(known[best - 1 : best + 2]).all() or known[best] <= 0.0:
        raise ValueError(
            f"δT has no maximum between `lowest` {lowest:g} W and `highest` {highest:g} W (largest value at "
            f"{powers[best]:g} W); try another range."
        )

    def slope(logarithm: float) -> float:
        progress.step(1.0, f"near {np.exp(logarithm):.4g} W")
        return float(_drops(network, surface, np.exp([logarithm]))[1][0])

    ends = np.log(powers[[best - 1, best + 1]])
    power = np.exp([brentq(slope, *ends, xtol=POWER_TOLERANCE, rtol=POWER_TOLERANCE)])
    drop = float(_drops(network, surface, power)[0].drop[0])
    return BestPower(
        about_sweep(device, island), device.structure.floating_islands[0].name, island, float(power[0]), drop
    )


def read_drops(surface: Surface, powers: np.ndarray) -> Drops:
    """δT(P) from a table of F alone, by cubics between its points, for a table that is no network's."""
    minimum, at, status = _read_minima(surface, powers)
    column = Outflow(*[part[:, :1] for part in surface.outflow])
    rows = surface.floating_temperature
    reached = first_reached(rows, column, *_crests_by_cubics(rows, column), powers)
    start = np.where(reached.inside, reached.guess, np.nan)[:, 0]
    failed = np.where(reached.inside, status[:, None], reached.missing)[:, 0]
    at = np.where(start <= minimum, surface.swept_temperature[0], at)
    minimum = np.minimum(start, minimum)
    return Drops(start - minimum, minimum, at, start, failed)


def _drops(swept: Swept, surface: Surface, powers: np.ndarray) -> tuple[Drops, np.ndarray]:
    """δT(P), and dδT/dP [K/W]."""
    first = Surface(
        surface.floating_temperature, surface.swept_temperature[:1], Outflow(*[part[:, :1] for part in surface.outflow])
    )
    begin = contours(swept, first, powers)
    start = begin.temperature[:, 0]
    found = _minima(swept, surface, powers)
    # The start is part of the sweep: the lowest state may be that, and is where the two differ by rounding only.
    at_start = (start <= found.temperature) | (found.swept_temperature == surface.swept_temperature[0])
    minimum = np.where(at_start, start, found.temperature)
    place = np.where(at_start, surface.swept_temperature[0], found.swept_temperature)
    place = np.where(np.isnan(minimum), np.nan, place)
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = 1.0 / outflow_at(swept, start, np.full(start.shape, surface.swept_temperature[0])).by_floating
        change = np.where(at_start, 0.0, slope - 1.0 / found.by_floating)
    status = np.where(
        begin.status[:, 0] == Status.CONVERGED, np.where(at_start, Status.CONVERGED, found.status), begin.status[:, 0]
    )
    return Drops(start - minimum, minimum, place, start, status), change


def _minima(swept: Swept, surface: Surface, powers: np.ndarray) -> _Minima:
    """The lowest T_L over all T_R: F = P, and ∂F/∂T_R = 0 unless at an end, by Newton's method from what the table says."""
    left, right, status = _read_minima(surface, powers)
    (inside,) = np.nonzero(status == Status.CONVERGED)
    columns, wanted = surface.swept_temperature, powers[inside]
    left, right = left[inside], right[inside]
    moving = np.arange(inside.size)
    for _ in range(NEWTON_STEPS):
        if not moving.size:
            break
        step_left, step_right = _newton(swept, columns, left[moving], right[moving], wanted[moving])
        # A bad guess must not leave the table: steps of more than a tenth are shortened.
        left[moving] *= 1.0 + np.clip(step_left / left[moving], -0.1, 0.1)
        right[moving] = np.clip(
            right[moving] * (1.0 + np.clip(step_right / right[moving], -0.1, 0.1)), columns[0], columns[-1]
        )
        still = (np.abs(step_left) > LAST_BITS * left[moving]) | (np.abs(step_right) > STILL_MOVING * right[moving])
        moving = moving[still]
    temperature, place, slope = (np.full(powers.shape, np.nan) for _ in range(3))
    if inside.size:
        found = outflow_at(swept, left, right)
        _, balanced = balance_at(swept, left, right, wanted, found.by_floating)
        good = (balanced == Status.CONVERGED) & _is_flat(swept, columns, left, right)
        status[inside] = np.where(good, Status.CONVERGED, Status.NOT_CONVERGED)
        for whole, part in ((temperature, left), (place, right), (slope, found.by_floating)):
            whole[inside] = np.where(good, part, np.nan)
    return _Minima(temperature, place, slope, status)


def _newton(
    swept: Swept, columns: np.ndarray, left: np.ndarray, right: np.ndarray, wanted: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Steps in T_L and T_R [K] towards F = P, ∂F/∂T_R = 0; none in T_R at an end of the sweep that holds it."""
    middle, mixed, curvature = _second_derivatives(swept, left, right)
    held = _is_held(columns, right, middle.by_swept)
    missing = wanted - middle.watts
    determinant = middle.by_floating * curvature - mixed * middle.by_swept
    step_right = (-middle.by_swept * middle.by_floating - mixed * missing) / determinant
    step_right = np.where(held, 0.0, step_right)
    return (missing - middle.by_swept * step_right) / middle.by_floating, step_right


def _second_derivatives(swept: Swept, left: np.ndarray, right: np.ndarray) -> tuple[Outflow, np.ndarray, np.ndarray]:
    """F with its slopes, ∂²F/∂T_L∂T_R and ∂²F/∂T_R²."""
    h = SECOND_DIFFERENCE * right
    three = outflow_at(swept, np.stack([left, left, left]), np.stack([right, right + h, right - h]))
    mixed, curvature = ((part[1] - part[2]) / (2.0 * h) for part in (three.by_floating, three.by_swept))
    return Outflow(*[part[0] for part in three]), mixed, curvature


def _is_held(columns: np.ndarray, right: np.ndarray, by_swept: np.ndarray) -> np.ndarray:
    """Whether F still rises beyond the end of the sweep at which T_R is."""
    return ((right == columns[0]) & (by_swept <= 0.0)) | ((right == columns[-1]) & (by_swept >= 0.0))


def _is_flat(swept: Swept, columns: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Whether T_L cannot fall any further by a small change of T_R."""
    middle, _, curvature = _second_derivatives(swept, left, right)
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = -0.5 * middle.by_swept**2 / (curvature * middle.by_floating)
    at_end = _is_held(columns, right, middle.by_swept)
    return at_end | ((curvature < 0.0) & (np.abs(gain) <= FLAT * left))


def _read_minima(surface: Surface, powers: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The lowest T_L, its T_R [K] and a `Status`, by cubics between the points of the table; shape (powers,)."""
    rows = surface.floating_temperature
    best, place = row_maximum(surface)
    column = Outflow(*[part[:, None] for part in best])
    reached = first_reached(rows, column, *_crests_by_cubics(rows, column), powers)
    left = np.where(reached.inside, reached.guess, np.nan)[:, 0]
    # Between rows T_R by a straight line, unless the maximum has jumped to another column: then that of the row which reaches P.
    upper = np.clip(np.searchsorted(rows, left), 1, rows.size - 1)
    share = (left - rows[upper - 1]) / (rows[upper] - rows[upper - 1])
    near = (
        np.abs(
            np.searchsorted(surface.swept_temperature, place[upper])
            - np.searchsorted(surface.swept_temperature, place[upper - 1])
        )
        <= 1
    )
    right = np.where(near, place[upper - 1] + share * (place[upper] - place[upper - 1]), place[upper])
    return left, right, np.where(reached.inside, Status.CONVERGED, reached.missing)[:, 0]


def _crests_by_cubics(rows: np.ndarray, outflow: Outflow) -> tuple[np.ndarray, np.ndarray]:
    """Where F is largest between two rows, and F there, by cubics."""
    width = np.diff(np.log(rows))[:, None]
    start, end = outflow.watts[:-1], outflow.watts[1:]
    rise, fall = (outflow.by_floating[part] * rows[part, None] * width for part in (slice(None, -1), slice(1, None)))
    share = peak(start, end, rise, fall)
    watts = np.where((share > 0.0) & (share < 1.0), value_at(share, start, end, rise, fall), np.maximum(start, end))
    return rows[:-1, None] * np.exp(share * width), watts
