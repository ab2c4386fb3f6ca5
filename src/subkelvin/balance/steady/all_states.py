"""All steady states of a few floating islands in a box of temperatures.

One island is scanned as in `scan`. With more, the imbalance F of every island is tabulated on a grid in ln T. A cell can
hold a state only if each F_i takes both signs in it; where the corners say so, Newton's method starts from the middle of the
cell and from its corners, and from a coarse grid besides. What it finds is kept once.

The count can be checked. If F_i < 0 on the whole face of the box where T_i is lowest and F_i > 0 where it is highest, then
by the degree of the map

    Σ_states sign det(∂F/∂ln T) = 1,

so that one unstable state more belongs to every stable state more. If that fails, the grid is refined once.
Docs: docs/physics.md, section 7.
"""

import itertools
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.balance.network.network import Network, floating_flows, lower
from subkelvin.balance.network.route import prepare
from subkelvin.balance.steady.scan import COLDEST_FRACTION, HIGHEST_TEMPERATURE
from subkelvin.balance.steady.solve import Solution, allowed_imbalance, compiled_solve_and_list, imbalance_and_size
from subkelvin.balance.steady.stability import balance_at, decide
from subkelvin.balance.steady.steady_state import by_a_good_route
from subkelvin.model import ArgumentError, Device, DeviceError
from subkelvin.model.arguments import require_number, require_progress, require_temperatures
from subkelvin.model.device_arguments import require_device
from subkelvin.model.result import About, Result, shown_number
from subkelvin.model.status import Status
from subkelvin.numerics.blocks import block_by_block
from subkelvin.numerics.linear_algebra import determinant_phase, solve
from subkelvin.numerics.precision import require_double_precision
from subkelvin.numerics.pseudo_transient import value_and_jacobian
from subkelvin.progress import Progress

if TYPE_CHECKING:
    import xarray as xr

MOST_ISLANDS = 4
CELLS = {2: 192, 3: 36, 4: 14}
"""Cells along each temperature, by the number of islands; one island has a scan of its own."""
COARSE_STARTS = 128
BLOCK = 256
"""Points that are computed at once."""
MOST_CANDIDATES = 4096
"""Cells from which Newton's method starts; if there are more, evenly spaced ones."""
NEWTON_STEPS = 40
LONGEST_STEP = 0.25
SAME = 1e-6
"""States that agree to this in ln T, and turn the same way, are one."""


class State(NamedTuple):
    """One steady state."""

    temperatures: dict[str, float]
    """Of the floating islands [K]."""
    stable: bool | None
    """None if that depends on heat capacities that the device does not state; `stability` then names them."""


class AllStates(Result):
    """The steady states found in a box of temperatures, coldest first."""

    states: tuple[State, ...] = eqx.field(static=True)
    """Coldest first: by the first floating island, then the second, and so on."""
    degree: int = eqx.field(static=True)
    """Σ sign det(∂F/∂ln T) over the states."""
    complete: bool | None = eqx.field(static=True)
    """Whether the degree is the one that the sides of the box demand; None if the sides do not tell, or a part of the box was not
    searched."""
    not_searched: tuple[str, ...] = eqx.field(static=True)
    """The islands above whose critical temperature, or 100 K, the box goes on: nothing is known there."""
    status: Status
    """`Status.CONVERGED` if there is a state, `Status.NOT_CONVERGED` if the count says that some are missing."""

    @property
    def temperatures(self) -> dict[str, np.ndarray]:
        """Of every floating island [K], shape (states,)."""
        names = self.states[0].temperatures if self.states else {}
        return {name: np.array([state.temperatures[name] for state in self.states]) for name in names}

    def advice(self) -> str:
        """How many states there are, how many of them stable, and whether the count is consistent."""
        if not self.states:
            return self.status.advice
        stable = sum(state.stable is True for state in self.states)
        count = f"{len(self.states)} steady state{'s' if len(self.states) > 1 else ''}, {stable} of them stable."
        return f"{count} {self._completeness()}"

    def _completeness(self) -> str:
        """What is known of the count, in sentences."""
        if not self.not_searched:
            return _COMPLETENESS[self.complete]
        islands = ", ".join(f"`{name}`" for name in self.not_searched)
        return (
            f"Of {islands} no state is searched above the critical temperature of the superconductor, or 100 K, although the box "
            "goes on: the count is that below."
        )

    def to_xarray(self) -> "xr.Dataset":
        """Temperatures over island and state, and the stability of every state: 1, 0, or −1 where it is not known."""
        dataset = super().to_xarray()
        dataset["temperature"] = (
            ("island", "state"),
            np.array([*self.temperatures.values()]).reshape(len(self.temperatures), len(self.states)),
            {"units": "K", "long_name": "temperature of every floating island"},
        )
        known = [-1 if state.stable is None else int(state.stable) for state in self.states]
        dataset["stable"] = ("state", np.array(known, dtype=int), {"long_name": "1 stable, 0 unstable, -1 not known"})
        return dataset.assign_coords(island=[*self.temperatures])

    def _rows(self) -> Iterator[tuple[str, str]]:
        for number, state in enumerate(self.states, start=1):
            kelvins = ", ".join(f"{name} {shown_number(kelvin, 'K')}" for name, kelvin in state.temperatures.items())
            yield f"{number}", f"{kelvins}  ({_STABLE[state.stable]})"
        yield "count", self._completeness()


_STABLE = {True: "stable", False: "unstable", None: "stability not known"}
_COMPLETENESS = {
    True: "The count is the one that the heat flows at the sides of the box demand.",
    False: "The heat flows at the sides of the box demand another count: states are missing. Search a smaller box.",
    None: "The heat flows at the sides of the box do not tell whether the count is complete.",
}


def all_states(
    device: Device,
    *,
    lowest: float | Mapping[str, float] | None = None,
    highest: float | Mapping[str, float] | None = None,
    progress: Progress | None = None,
) -> AllStates:
    """All steady states of one to four floating islands in a box of temperatures.

    One island: its outflow is scanned on more than 2,000 temperatures and on its extrema between them, so that two states are
    lost only if the outflow turns twice within three grid points. Several islands: many starts of Newton's method,
    deterministic, but not a proof. Two states closer than a cell of the grid may both be missed (a cell is 1.7 % wide for two
    islands between 50 mK and 1.2 K, 9 % for three), and then ``complete`` does not notice.

    Args:
        device: of plain numbers, with one to four floating islands.
        lowest: the coldest temperature searched [K], of all islands or by name. By default the coldest held temperature; a
            thousandth of it if some island is cooled.
        highest: the hottest one [K]. By default the critical temperature of an island's superconductor, 100 K without one; nothing
            is searched above it.
        progress: told of every block of temperatures; cancelled, it raises `Cancelled`: a part of a search is none.

    Returns:
        AllStates.

    Raises:
        DeviceError: if the device cannot be computed, or has no floating island or more than four.
        ValueError: if the box is empty, or an end of it is not a positive number.

    Example:
        >>> from subkelvin import all_states, preset
        >>> found = all_states(preset("silver-setup-1"))
        >>> len(found.states), found.complete
        (1, True)
    """
    return states_and_scan(device, lowest, highest, require_progress(progress))[0]


def states_and_scan(
    device: Device,
    lowest: float | Mapping[str, float] | None = None,
    highest: float | Mapping[str, float] | None = None,
    progress: Progress | None = None,
) -> tuple[AllStates, Solution | None, str]:
    """`all_states`; for one island also the state reached by heating, which the same scan finds; the photonic route."""
    require_double_precision()
    require_device(device)
    progress = progress or Progress()
    names = [island.name for island in device.structure.floating_islands]
    if not 1 <= len(names) <= MOST_ISLANDS:
        raise DeviceError(
            "islands",
            f"must contain one to {MOST_ISLANDS} floating ones for all states to be searched, but {len(names)} float",
            "try `steady_state`, which finds the one reached by heating, or `branches`",
        )
    if len(names) == 1:
        (solution, scanned), route = by_a_good_route(device, compiled_solve_and_list, lambda found: found[0].status)
        solution, scanned = jax.device_get((solution, scanned))
        low, high, beyond = _box(device, lower(device), lowest, highest)
        inside = (scanned.temperature >= low[0]) & (scanned.temperature <= high[0])
        stable = scanned.stable[inside]
        degree = int(np.sum(np.where(stable, 1, -1)))
        # Crossings alternate: one more that rises than falls is what sides with F < 0 below and F > 0 above demand.
        known = int(solution.status) == Status.CONVERGED and int(scanned.found) <= scanned.temperature.size
        complete = True if known and degree == 1 and not beyond else None
        states = tuple(
            State({names[0]: float(t)}, bool(s)) for t, s in zip(scanned.temperature[inside], stable, strict=True)
        )
        failed = Status(int(solution.status))
        progress.step(1.0, "scanned")
    else:
        solution, route = None, ""
        device = prepare(device)
        states, degree, complete, beyond = _states_of_several(device, names, lowest, highest, progress)
        failed = Status.NO_STEADY_STATE
    if states:
        status = Status.NOT_CONVERGED if complete is False else Status.CONVERGED
    else:
        status = failed if failed != Status.CONVERGED else Status.NO_STEADY_STATE
    return AllStates(About.of(device), states, degree, complete, beyond, status), solution, route


def _states_of_several(
    device: Device,
    names: list[str],
    lowest: float | Mapping[str, float] | None,
    highest: float | Mapping[str, float] | None,
    progress: Progress,
) -> tuple[tuple[State, ...], int, bool | None, tuple[str, ...]]:
    """States of several islands, their degree, whether it is what the sides of the box demand, and `not_searched`."""
    network = lower(device)
    low, high, beyond = _box(device, network, lowest, highest)
    cells = CELLS[len(names)]
    found, degree, complete = _search(network, low, high, cells, progress)
    if complete is False:
        finer = 2 * cells if len(names) < 3 else cells + cells // 2
        found, degree, complete = _search(network, low, high, finer, progress)
    if beyond:
        complete = None
    if len(found) == 0:
        return (), degree, complete, beyond
    _, jacobian, capacity = balance_at(device, found)
    return (
        tuple(
            State(dict(zip(names, map(float, floating), strict=True)), decide(jacobian[k], capacity[k]).stable)
            for k, floating in enumerate(found)
        ),
        degree,
        complete,
        beyond,
    )


def _box(
    device: Device,
    network: Network,
    lowest: float | Mapping[str, float] | None,
    highest: float | Mapping[str, float] | None,
) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Both corners of the box [K], the given ones or the default, and the islands that it goes on above."""
    names = [island.name for island in device.structure.floating_islands]
    coldest = float(np.min(network.held_temperatures))
    # Where no power is negative and no link takes work, nothing gets colder than everything around it. The margin keeps a state
    # in equilibrium inside.
    cooled = bool(np.any(np.asarray(network.load) < 0.0)) or any(
        not links.kind.passive for links in network.floating_links
    )
    low = np.full(len(names), coldest * (COLDEST_FRACTION if cooled else 1.0 - 1e-3))
    top = np.minimum(np.asarray(network.ceiling, dtype=float), HIGHEST_TEMPERATURE)
    high = top.copy()
    for argument, given, corner in (("lowest", lowest, low), ("highest", highest, high)):
        if isinstance(given, Mapping):
            for name, temperature in (require_temperatures(argument, given, names) or {}).items():
                corner[names.index(name)] = temperature
        elif given is not None:
            corner[:] = require_number(argument, given, "K", above=0.0, text=True, example="0.05")
    if not np.all(low < high):
        raise ArgumentError(
            "lowest", f"must be below `highest`, but the box is {low.tolist()} to {high.tolist()} K", "make it larger"
        )
    beyond = tuple(name for name, above in zip(names, high > top, strict=True) if above)
    return low, np.minimum(high, top), beyond


def _search(
    network: Network, low: np.ndarray, high: np.ndarray, cells: int, progress: Progress
) -> tuple[np.ndarray, int, bool | None]:
    """States in the box, shape (states, floating), coldest first; their degree; whether it is what the sides demand."""
    count = low.size
    axes = [np.geomspace(low[k], high[k], cells + 1) for k in range(count)]
    nodes = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    (value,) = _in_blocks(_imbalances, network, nodes.reshape(-1, count), progress.part(0.0, 0.5))
    value = value.reshape(nodes.shape)
    starts = np.concatenate([_starts_in_cells(axes, value), _coarse_starts(axes)])
    temperatures, converged, turn = _in_blocks(_newton, network, starts, progress.part(0.5, 0.5))
    inside = np.all((temperatures >= low) & (temperatures <= high), axis=1)
    found, turns = _distinct(temperatures[converged & inside], turn[converged & inside])
    degree = int(np.sum(turns))
    demanded = all(
        np.all(np.take(value, 0, axis=k)[..., k] < 0.0) and np.all(np.take(value, -1, axis=k)[..., k] > 0.0)
        for k in range(count)
    )
    return found, degree, (degree == 1) if demanded else None


def _starts_in_cells(axes: list[np.ndarray], value: np.ndarray) -> np.ndarray:
    """The middle and the corners of every cell in which no imbalance keeps one sign."""
    count = len(axes)
    corners = list(itertools.product((0, 1), repeat=count))
    cells = tuple(size - 1 for size in value.shape[:-1])
    at_corners = np.stack(
        [value[tuple(slice(c, c + n) for c, n in zip(corner, cells, strict=True))] for corner in corners]
    )
    candidate = np.all((at_corners.min(axis=0) <= 0.0) & (at_corners.max(axis=0) >= 0.0), axis=-1)
    index = np.argwhere(candidate)
    if len(index) > MOST_CANDIDATES:
        index = index[np.linspace(0, len(index) - 1, MOST_CANDIDATES).astype(int)]
    logarithms = [np.log(axis) for axis in axes]
    offsets = np.array([[0.5] * count, *corners])
    # Corners are pulled in a little, so that neighbours do not start from the same point.
    offsets = 0.5 + 0.9 * (offsets - 0.5)
    starts = [
        np.stack([logarithms[k][index[:, k]] + shift[k] * np.diff(logarithms[k])[0] for k in range(count)], axis=-1)
        for shift in offsets
    ]
    return np.exp(np.concatenate(starts))


def _coarse_starts(axes: list[np.ndarray]) -> np.ndarray:
    """A coarse grid over the whole box."""
    per_axis = max(3, round(COARSE_STARTS ** (1.0 / len(axes))))
    coarse = [np.geomspace(axis[0], axis[-1], 2 * per_axis + 1)[1::2] for axis in axes]
    return np.stack(np.meshgrid(*coarse, indexing="ij"), axis=-1).reshape(-1, len(axes))


def _distinct(temperatures: np.ndarray, turn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each state once, coldest first: by the first island, then the second, and so on."""
    order = np.lexsort(np.round(np.log(temperatures), 6).T[::-1]) if len(temperatures) else np.zeros(0, dtype=int)
    kept: list[int] = []
    for k in order:
        same = (turn[k] == turn[j] and np.all(np.abs(np.log(temperatures[k] / temperatures[j])) < SAME) for j in kept)
        if not any(same):
            kept.append(int(k))
    return temperatures[kept], turn[kept]


def _in_blocks(
    function: jax.stages.Wrapped, network: Network, points: np.ndarray, progress: Progress
) -> tuple[np.ndarray, ...]:
    """A compiled function of a block of points, over all of them."""
    parts = []
    for rows, part in block_by_block(lambda block: function(network, block), points, BLOCK):
        parts.append(part)
        progress.step(rows.stop / len(points), f"{rows.stop} of {len(points)} temperatures")
    return tuple(np.concatenate(part) for part in zip(*parts, strict=True))


@jax.jit
def _imbalances(network: Network, floating: jax.Array) -> tuple[jax.Array]:
    """Imbalance of every island at a block of temperatures [W]."""
    return (jax.vmap(lambda t: imbalance_and_size(network, t)[0])(floating),)


@jax.jit
def _newton(network: Network, starts: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Newton's method from a block of temperatures: where it ends [K], whether that is a state, and sign det(∂F/∂ln T)."""

    def one(start: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        def unfinished(state: tuple) -> jax.Array:
            step, *_, finished = state
            return ~finished & (step < NEWTON_STEPS)

        def advance(state: tuple) -> tuple:
            step, temperatures, change, *_ = state
            temperatures = temperatures * jnp.exp(change)
            value, jacobian, _ = value_and_jacobian(lambda t: imbalance_and_size(network, t), temperatures)
            scale = jnp.max(jnp.abs(jacobian), axis=1)
            scaled = jacobian / jnp.where(scale > 0.0, scale, 1.0)[:, None]
            following = -solve(scaled, (value / jnp.where(scale > 0.0, scale, 1.0))[:, None])[:, 0]
            following = jnp.minimum(jnp.maximum(following, -LONGEST_STEP), LONGEST_STEP)
            longest = jnp.max(jnp.abs(following))
            # Below 1e-9 Newton's steps square: one that does not shorten is rounding.
            finished = ~(longest > 1e-15) | ((longest < 1e-9) & (longest >= jnp.max(jnp.abs(change))))
            return step + 1, temperatures, following, jacobian, value, finished

        count = start.shape[0]
        blank = (0, start, jnp.zeros(count), jnp.zeros((count, count)), jnp.zeros(count), jnp.asarray(False))
        _, temperatures, _, jacobian, value, _ = jax.lax.while_loop(unfinished, advance, blank)
        watts, _ = floating_flows(network, temperatures)
        allowed = allowed_imbalance(network, watts, jnp.sum(jnp.abs(jacobian), axis=1))
        scale = jnp.max(jnp.abs(jacobian), axis=1)
        turn = determinant_phase(jacobian / jnp.where(scale > 0.0, scale, 1.0)[:, None])
        return temperatures, jnp.all(jnp.abs(value) <= allowed), turn

    return jax.vmap(one)(starts)
