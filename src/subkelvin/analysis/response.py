"""How a floating island's temperature answers to that of a held one.

With F(T_L, T_R) the outflow of the floating island, its steady states under a heater power P are the contour lines F = P:

    𝓡 = dT_L/dT_R = −(∂F/∂T_R)/(∂F/∂T_L).

Of several states the one reached by heating counts, as in `steady_state`: where the running maximum of F over T_L first meets P.
Docs: docs/physics.md, section 8.
"""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, NamedTuple

import equinox as eqx
import numpy as np

from subkelvin.analysis.outflow_surface import (
    Outflow,
    Surface,
    Swept,
    balance_at,
    crests,
    outflow_at,
    outflow_surface,
)
from subkelvin.analysis.response_kernel import Contours, contours_by_solver
from subkelvin.balance.network.network import lower
from subkelvin.balance.network.route import meaning_of_routes, other_networks, prepare, routes_from
from subkelvin.balance.steady.solve import FLAT_POINTS
from subkelvin.model import Device
from subkelvin.model.arguments import is_traced, require_numbers, require_progress
from subkelvin.model.device import check_range
from subkelvin.model.device_arguments import require_device, require_held, require_one_floating_island
from subkelvin.model.result import About, Quantity, Result
from subkelvin.model.status import Status
from subkelvin.numerics.cubics import first_reach
from subkelvin.numerics.precision import require_double_precision
from subkelvin.numerics.rising_roots import rising_roots
from subkelvin.progress import INTERRUPTIONS, Progress

TABLE = 0.8
"""Share of the work that makes the table; the rest reads it."""


class SweptIsland(Result):
    """What a floating island does while the temperature of a held one varies."""

    floating: str = eqx.field(static=True)
    """The island that floats."""
    swept: str = eqx.field(static=True)
    """The held island whose temperature varies."""

    def _attributes(self) -> dict[str, Any]:
        return {"floating": self.floating, "swept_island": self.swept}


class Response(SweptIsland):
    """A floating island's temperature against that of a held one, for some heater powers."""

    power: Annotated[np.ndarray, Quantity("W", "heater power of the floating island", ("power",))]
    """P [W], shape (powers,)."""
    swept_temperature: Annotated[np.ndarray, Quantity("K", "temperature of the swept island", ("swept_temperature",))]
    """T_R [K], shape (swept temperatures,)."""
    temperature: Annotated[
        np.ndarray, Quantity("K", "temperature of the floating island", ("power", "swept_temperature"))
    ]
    """T_L [K], shape (powers, swept temperatures); NaN where there is no steady state."""
    responsivity: Annotated[np.ndarray, Quantity("", "dT_L/dT_R", ("power", "swept_temperature"))]
    """𝓡 = dT_L/dT_R, shape (powers, swept temperatures)."""
    holding_power: Annotated[
        np.ndarray, Quantity("W", "power that holds the swept island", ("power", "swept_temperature"))
    ]
    """Power that holds the swept island [W], shape (powers, swept temperatures); a heater can only give a positive one."""
    status: np.ndarray
    """`Status` of each steady state as `steady_state` gives it, as integers of shape (powers, swept temperatures)."""

    photon_route: Annotated[np.ndarray, Quantity("", "how photonic heat was computed", ("swept_temperature",))]
    """Which of ``routes`` computed it, as integers of shape (swept temperatures,)."""
    routes: tuple[str, ...] = eqx.field(static=True)
    """The device's own route, and those that take over where it does not know a heat."""

    def _codes(self) -> Mapping[str, str]:
        return {"photon_route": meaning_of_routes(self.routes)}

    def _status_axes(self) -> tuple[str, ...]:
        return ("power", "swept_temperature")


class Reached(NamedTuple):
    """Where a running maximum first meets powers, read off a table; arrays of shape (powers, columns)."""

    low: np.ndarray
    """Temperature below, where F < P [K]; NaN where the powers are not met."""
    high: np.ndarray
    """Temperature above, where F ≥ P [K]."""
    guess: np.ndarray
    """Between them, by a cubic [K]."""
    inside: np.ndarray
    """Whether the running maximum meets P on the table."""
    missing: np.ndarray
    """The `Status` where it does not."""


def response(
    device: Device, island: str, temperatures: Any, *, powers: Any, progress: Progress | None = None
) -> Response:
    """T_L, 𝓡 and holding power for every combination of heater power and swept temperature.

        F(T_L, T_R) = P,        𝓡 = −(∂F/∂T_R)/(∂F/∂T_L)

    Args:
        device: a device with one floating island; its values may be JAX tracers.
        island: the held island whose temperature varies.
        temperatures: T_R of it [K], shape (n,), in any order; they may be traced.
        powers: into the floating island [W], shape (p,); negative ones cool; they may be traced.
        progress: told of every round of the table of F that this makes; cancelled, it raises `Cancelled` if nothing is known yet.

    Returns:
        Response with arrays of shape (p, n). Inside `jax.grad`, `jax.jit` or `jax.vmap` every point is solved by itself and can be
        differentiated by any value of the device (`prepare` it before); a point without a state makes a gradient of all NaN,
        so leave it out. With plain numbers one table of the outflow answers.

    Validity:
        The states are those of `steady_state`, T_L to the last bits that a balance tells. 𝓡 is right to rounding where photons have
        a closed form with one pole, and to about 1e-8 elsewhere, where slopes are differences.

    Raises:
        DeviceError: unless exactly one island floats and the other is held; if a number is out of its range.
        ValueError: if an argument is not what it must be.

    Example:
        >>> from subkelvin import preset
        >>> from subkelvin.ndtc import response
        >>> curve = response(preset("silver-setup-1"), "right", [0.1, 0.3], powers=["100 fW"])
        >>> curve.temperature.shape
        (1, 2)
    """
    network, temperatures, powers = swept_network(device, island, temperatures, powers, traced=True)
    if any(map(is_traced, [*device.values.values(), temperatures, powers])):
        found, taken = contours_by_solver(*network, temperatures, powers), np.zeros(np.size(temperatures), dtype=int)
    else:
        found, taken = _by_routes(device, network, temperatures, powers, require_progress(progress))
    floating, routes = device.structure.floating_islands[0].name, routes_from(network.network.circuit.route)
    return Response(about_sweep(device, island), floating, island, powers, *Contours(*found), taken, routes)


def _by_routes(
    device: Device, swept: Swept, temperatures: np.ndarray, powers: np.ndarray, progress: Progress
) -> tuple[Contours, np.ndarray]:
    """The contour lines, and the place of the route that computed each swept temperature: the first that knows all heats there."""
    shape = (powers.size, temperatures.size)
    parts = [*(np.full(shape, np.nan) for _ in range(3)), np.full(shape, int(Status.NOT_CONVERGED))]
    taken, lost = np.zeros(temperatures.size, dtype=int), np.arange(temperatures.size)
    for number, chosen in by_route(device, swept):
        try:
            surface = outflow_surface(chosen, temperatures[lost], progress=progress.part(0.0, TABLE))
            found = contours(chosen, surface, powers)
        except INTERRUPTIONS:
            # Who stops this by another route keeps what the first one has found.
            if not number:
                raise
            break
        taken[lost] = number
        for whole, part in zip(parts, found[1:], strict=True):
            whole[:, lost] = part
        (lost,) = np.nonzero(np.any(parts[-1] == Status.NOT_CONVERGED, axis=0))
        if not lost.size:
            break
    with contextlib.suppress(*INTERRUPTIONS):
        progress.step(1.0, "done")
    return Contours(temperatures, *parts), taken


def by_route(device: Device, swept: Swept) -> Iterator[tuple[int, Swept]]:
    """A network and its swept island by its own route, then by each that can take over, with its place among them."""
    yield 0, swept
    for number, network in other_networks(prepare(device), swept.network.circuit.route):
        yield number, Swept(network, swept.place)


def about_sweep(device: Device, island: str) -> About:
    """The device, without what is swept: one held temperature and the heater power."""
    floating = device.structure.floating_islands[0].name
    return About.of(device, (f"islands.{island}.temperature", f"islands.{floating}.power"))


def swept_network(
    device: Device, island: str, temperatures: Any, powers: Any, rising: bool = False, traced: bool = False
) -> tuple[Swept, Any, Any]:
    """The network, the swept temperatures and the powers as arrays, all arguments looked at."""
    require_double_precision()
    require_device(device, traced=traced)
    floating = require_one_floating_island(device)
    require_held(device, "island", island)
    temperatures = require_numbers(
        "temperatures",
        temperatures,
        "K",
        above=0.0,
        text=True,
        ascending=rising,
        fewest=2 if rising else 1,
        traced=traced,
    )
    if not is_traced(temperatures):
        check_range(f"islands.{island}.temperature", temperatures)
    if not (traced and is_traced(powers) and np.ndim(powers) == 1):
        powers = device.numbers(f"islands.{floating}.power", powers)
    held = [island.name for island in device.structure.held_islands]
    return Swept(lower(prepare(device)), np.array(held.index(island))), temperatures, powers


def contours(swept: Swept, surface: Surface, powers: np.ndarray) -> Contours:
    """The contour lines F = P, every point brought to the last bits."""
    place, watts = crests(swept, surface)
    reached = first_reached(surface.floating_temperature, surface.outflow, place, watts, powers)
    reached = reached._replace(
        missing=np.where(_too_hot(swept, surface, powers), Status.ABOVE_CRITICAL_TEMPERATURE, reached.missing)
    )
    power, column = np.nonzero(reached.inside)
    at, wanted = surface.swept_temperature[column], powers[power]

    def excess(chosen: np.ndarray, temperature: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        found = outflow_at(swept, temperature, at[chosen])
        return found.watts - wanted[chosen], found.by_floating

    shape = reached.inside.shape
    temperature, responsivity, holding = (np.full(shape, np.nan) for _ in range(3))
    status = np.array(reached.missing)
    if power.size:
        settled = rising_roots(excess, *[part[power, column] for part in (reached.low, reached.high, reached.guess)])
        slopes = outflow_at(swept, settled, at)
        held, found = balance_at(swept, settled, at, wanted, slopes.by_floating)
        good = found == Status.CONVERGED
        status[power, column] = found
        for whole, part in (
            (temperature, settled),
            (responsivity, -slopes.by_swept / slopes.by_floating),
            (holding, held),
        ):
            whole[power, column] = np.where(good, part, np.nan)
    return Contours(surface.swept_temperature, temperature, responsivity, holding, status)


def first_reached(
    rows: np.ndarray, outflow: Outflow, place: np.ndarray, watts: np.ndarray, powers: np.ndarray
) -> Reached:
    """Where the running maximum of every column first meets every power.

    Args:
        rows: T_L [K], shape (n,).
        outflow: F and its slopes, shape (n, columns).
        place, watts: maxima between rows, shape (n − 1, columns).
        powers: [W], shape (p,).
    """
    # A value that is not known meets everything, so that nothing beyond it is taken for the first.
    highest = np.where(np.isnan(watts), np.inf, watts)
    running = np.maximum.accumulate(np.concatenate([outflow.watts[:1], highest]), axis=0)
    piece = np.stack([np.searchsorted(column, powers) for column in running.T], axis=1)
    inside = (piece > 0) & (piece < rows.size)
    left = np.where(inside, piece, 1) - 1
    column = np.arange(running.shape[1])
    width = np.log(rows[left + 1] / rows[left])
    start, end = outflow.watts[left, column], outflow.watts[left + 1, column]
    rise, fall = (outflow.by_floating[k, column] * rows[k] * width for k in (left, left + 1))
    # A slope that does not exist, at a critical temperature, is that of the chord.
    rise, fall = (np.where(np.isfinite(slope), slope, end - start) for slope in (rise, fall))
    high = place[left, column]
    share = first_reach(powers[:, None], start, end, rise, fall, np.log(high / rows[left]) / width)
    known = np.isfinite(start) & np.isfinite(watts[left, column])
    flat = np.stack([np.sum(outflow.watts == power, axis=0) >= FLAT_POINTS for power in powers])
    missing = np.where(flat, Status.UNDETERMINED, Status.NO_STEADY_STATE)
    computable = np.all(np.isfinite(outflow.watts), axis=0)
    missing = np.where(computable & (known | ~inside), missing, Status.NOT_CONVERGED)
    return Reached(rows[left], high, rows[left] * np.exp(share * width), inside & known, missing)


def _too_hot(swept: Swept, surface: Surface, powers: np.ndarray) -> np.ndarray:
    """Whether more heat comes in than leaves at any temperature up to the critical one; shape (powers, swept)."""
    most = np.max(surface.outflow.watts, axis=0)
    return (powers[:, None] > most) & bool(np.isfinite(swept.network.ceiling[0]))
