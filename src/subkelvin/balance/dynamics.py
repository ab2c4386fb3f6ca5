"""How the temperatures of a device change in time.

    C_i(T_i) dT_i/dt = load_i(t) − outflow_i(T, t)

The unknowns are ln T_i, the heat that has gone along every path, ∫ P_path dt, and the work of every load, all integrated at once
by a linearly implicit method of order 5 (Rosenbrock), whose steps are chosen by its own error estimate. The first law is the
check: for every island and every saved time

    ∫_{T_i(0)}^{T_i(t)} C_i dT = ∫ load_i dt − Σ_paths ± ∫ P_path dt,

the left side by Gauss–Legendre quadrature of C_i, which shares nothing with the steps in time. Steps end at the saved times and
where a drive jumps or bends, so that nothing is interpolated; the edge of a jump is blurred by no more than the tolerance of a
step. A temperature that is waited for is found on the interpolant of the last step, then integrated to, and corrected by one step
of Newton's method.

References: G. Steinebach, BIT Numerical Mathematics 63, 27 (2023), doi:10.1007/s10543-023-00967-x (Rodas5P);
P. Kidger, On neural differential equations (PhD thesis, Oxford, 2021), arXiv:2202.02435 (Diffrax).
Docs: docs/physics.md, section 14.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.balance.drives import Drive
from subkelvin.balance.evolution import Evolution as Evolution
from subkelvin.balance.heat_capacities import HeatCapacities, lower_heat_capacities, missing_heat_capacities
from subkelvin.balance.initial_value import InitialValueProblem
from subkelvin.balance.network import Network, check_heat_paths, floating_flows, lower
from subkelvin.balance.solve import solve
from subkelvin.heat.paths import HeatPath, internal_paths
from subkelvin.model import Device, DeviceError
from subkelvin.model.device import check_range
from subkelvin.model.structure import Structure
from subkelvin.numerics.precision import require_double_precision

TOLERANCE = 1e-9
FIRST_STEP = 1e-3
"""In units of the time in which the fastest temperature or energy would change by one unit of itself."""
QUADRATURE_POINTS = 64
NEVER = 2.0
"""A time that is not reached, in units of the duration. Times themselves are seconds: scaled ones would blur the edge of a jump."""


class Trajectory(eqx.Module):
    """Temperatures and energies against time. A batch puts its axis in front; NaN after a trajectory has ended."""

    times: Any
    """[s], shape (saved,)."""
    temperatures: dict[str, Any]
    """Of every floating island [K], shape (saved,)."""
    stored: dict[str, Any]
    """Energy that every floating island has gained since the start, loads less outflows [J], shape (saved,)."""
    transferred: list[Any]
    """∫ P dt along every path in ``paths`` [J], each of shape (saved,)."""
    supplied: dict[str, Any]
    """∫ load dt into every floating island, heater and parasitic [J], shape (saved,)."""
    paths: tuple[HeatPath, ...] = eqx.field(static=True)
    """The paths that a floating island can have a part in."""
    conservation: Any
    """Largest |∫C dT − (∫load − ∫outflow)| over the largest of these energies, over all islands and saved times."""
    status: Any
    """An `Evolution` as an integer."""
    last_time: Any
    """Where it ended [s]: the duration, the time at which a temperature was reached, or of the last good state."""
    last_temperatures: dict[str, Any]
    """There [K]."""
    steps: Any
    """Accepted and rejected steps."""

    def advice(self) -> str:
        """How the trajectory ended and what to try, as a sentence; if it ended early with the last good state.

        Raises:
            ValueError: if this is a batch of trajectories, not one.
        """
        if np.ndim(self.status):
            raise ValueError("A batch has one sentence for each trajectory; take one of them by its index first.")
        status = Evolution(int(self.status))
        last = [
            f"`{name}` {float(value):.4g} K" for name, value in self.last_temperatures.items() if np.isfinite(value)
        ]
        if status == Evolution.COMPLETED or not last:
            return status.advice
        return f"{status.advice} It ended at {float(self.last_time):.4g} s with {', '.join(last)}."


class _Path(NamedTuple):
    """What compiled code returns; floating islands in file order."""

    temperatures: jax.Array
    stored: jax.Array
    transferred: jax.Array
    supplied: jax.Array
    conservation: jax.Array
    status: jax.Array
    last_time: jax.Array
    last_temperatures: jax.Array
    steps: jax.Array


def evolve(
    device: Device,
    duration: float,
    start: Mapping[str, Any] | None = None,
    drives: Mapping[str, Drive] | None = None,
    *,
    save: int | np.ndarray = 101,
    until: Mapping[str, float] | None = None,
    tolerance: float = TOLERANCE,
) -> Trajectory:
    """Follow the temperatures of the floating islands in time.

        C_i(T_i) dT_i/dt = load_i(t) − outflow_i(T, t)

    Args:
        device: its values may be floats, tracers, or arrays with one axis: a batch of trajectories, computed at once.
        duration: how long [s].
        start: temperatures of the floating islands at time 0 [K], numbers or arrays over the batch; by default the steady
            state with every drive at its value before time 0.
        drives: a `Drive` for any value of the device, by its path.
        save: how many evenly spaced times to save, from 0 to the duration, or the times themselves, ascending [s].
        until: temperatures [K] by island: the trajectory ends when the first of them is crossed, in either direction.
        tolerance: allowed error of each step, relative in every temperature and energy.

    Returns:
        Trajectory. Look at ``status`` and ``conservation``.

    Validity:
        Each island has one temperature, and photons and phonons follow at once: changes slower than the circuit. Temperatures
        below the critical ones. Reverse-mode derivatives only.

    Raises:
        DeviceError: if the device cannot be computed, lacks heat capacities, or a drive leaves the range of its value.
        ValueError: if an argument is not what it must be.
    """
    require_double_precision()
    drives = dict(drives or {})
    names = [island.name for island in device.structure.floating_islands]
    _check(device, names, duration, start, drives, until)
    times = np.linspace(0.0, duration, save) if isinstance(save, int) else np.asarray(save, dtype=float)
    if (
        times.ndim != 1
        or times.size < 2
        or not (np.all(np.diff(times) > 0.0) and times[0] >= 0.0 and times[-1] <= duration)
    ):
        raise ValueError("Argument `save` must be at least 2, or ascending times between 0 and the duration.")
    values = {path: jnp.asarray(value, dtype=float) for path, value in device.values.items()}
    drives = jax.tree.map(lambda number: jnp.asarray(number, dtype=float), drives)
    begin = None if start is None else {name: jnp.asarray(start[name], dtype=float) for name in names}
    goals = {name: jnp.asarray(goal, dtype=float) for name, goal in (until or {}).items()}
    if begin is None:
        settled = {path: drive.before for path, drive in drives.items()}
        rest = {path: jnp.asarray(value, dtype=float) for path, value in {**values, **settled}.items()}
        begin = _settled(rest, device.structure, tuple(path for path, value in rest.items() if value.ndim))
    numbers = (values, drives, begin, goals)
    axes = (
        jax.tree.map(lambda number: 0 if number.ndim else None, values),
        {
            path: jax.tree.map(lambda n, rank=drive.rank: 0 if n.ndim > rank else None, drive)
            for path, drive in drives.items()
        },
        {name: 0 if number.ndim else None for name, number in begin.items()},
        {name: 0 if number.ndim else None for name, number in goals.items()},
    )
    batched = bool(jax.tree.leaves(axes))
    path = _compiled(
        numbers,
        jnp.asarray(duration),
        jnp.asarray(times),
        jnp.asarray(tolerance),
        device.structure,
        _Axes(axes) if batched else None,
    )
    paths = tuple(internal_paths(device.structure)[: path.transferred.shape[-1]])

    def named(numbers: jax.Array) -> dict[str, Any]:
        return {name: numbers[..., index] for index, name in enumerate(names)}

    return Trajectory(
        times=times,
        temperatures=named(path.temperatures),
        stored=named(path.stored),
        transferred=[path.transferred[..., index] for index in range(len(paths))],
        supplied=named(path.supplied),
        paths=paths,
        conservation=path.conservation,
        status=path.status,
        last_time=path.last_time,
        last_temperatures=named(path.last_temperatures),
        steps=path.steps,
    )


def _check(
    device: Device,
    names: list[str],
    duration: float,
    start: Mapping[str, Any] | None,
    drives: dict[str, Drive],
    until: Mapping[str, float] | None,
) -> None:
    """Raise an error that says what is wrong, if something is."""
    if not names:
        raise DeviceError(
            "islands",
            "are all held, so that nothing evolves",
            "let one float: give it `power` instead of `temperature`",
        )
    if not duration > 0.0:
        raise ValueError(f"Argument `duration` must be a positive time in seconds, but is {duration}; try 1e-3.")
    check_heat_paths(device, internal_paths(device.structure))
    missing = missing_heat_capacities(device)
    if missing:
        raise DeviceError(
            missing[0],
            "is needed for the heat capacity of a floating island",
            "give the material `sommerfeld`, or the island `parts`",
        )
    for path, drive in drives.items():
        device.require(path)
        for value in drive.extremes:
            if not isinstance(value, jax.core.Tracer):
                check_range(path, value, device.element_kind(path))
    for label, given in (("start", start), ("until", until)):
        for name in given or {}:
            if name not in names:
                raise DeviceError(
                    f"islands.{name}", f"is named in `{label}`, but is not a floating island of this device"
                )
    if start is not None and set(start) != set(names):
        absent = next(name for name in names if name not in start)
        raise DeviceError(
            f"islands.{absent}", "floats, but has no temperature in `start`", f'add "{absent}" with its kelvins'
        )


class _Axes:
    """Which numbers carry the axis of a batch; static, compared by content."""

    def __init__(self, axes: Any):
        self.axes = axes
        leaves, tree = jax.tree.flatten(axes, is_leaf=lambda axis: axis is None)
        self.key = (tuple(leaves), tree)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Axes) and self.key == other.key


@eqx.filter_jit
def _settled(values: dict, structure: Structure, batched: tuple[str, ...]) -> dict:
    """Steady temperatures of the floating islands [K] by name, with the axis of the batch if there is one."""

    def one(values: dict) -> dict:
        found = solve(lower(Device(values, structure))).temperatures
        return {island.name: found[k] for k, island in enumerate(structure.floating_islands)}

    axes = {path: 0 if path in batched else None for path in values}
    return jax.vmap(one, in_axes=(axes,))(values) if batched else one(values)


@eqx.filter_jit
def _compiled(
    numbers: tuple,
    duration: jax.Array,
    times: jax.Array,
    tolerance: jax.Array,
    structure: Structure,
    axes: _Axes | None,
) -> _Path:
    """One trajectory, or a batch of them."""

    def one(numbers: tuple) -> _Path:
        values, drives, begin, goals = numbers
        return _follow(values, drives, begin, goals, duration, times, tolerance, structure)

    return one(numbers) if axes is None else jax.vmap(one, in_axes=(axes.axes,))(numbers)


def _follow(
    values: dict,
    drives: dict,
    begin: dict,
    goals: dict,
    duration: jax.Array,
    times: jax.Array,
    tolerance: jax.Array,
    structure: Structure,
) -> _Path:
    """One trajectory in compiled code."""
    names = [island.name for island in structure.floating_islands]

    def network_with(changed: dict) -> tuple[Network, HeatCapacities]:
        device = Device({**values, **changed}, structure)
        return lower(device), lower_heat_capacities(device)

    resting = network_with({path: drive.before for path, drive in drives.items()})
    undriven = network_with({})
    start = jnp.stack([begin[name] for name in names])

    def at(time: jax.Array) -> tuple[Network, HeatCapacities]:
        if not drives:
            return undriven
        return network_with({path: drive(time) for path, drive in drives.items()})

    # Heat capacities at the hottest temperature around give an energy that is never far too small.
    warm = jnp.maximum(start, jnp.max(resting[0].held_temperatures))
    unit = jax.lax.stop_gradient(jnp.sum(resting[1].at(warm) * warm))

    def slope(time: jax.Array, state: tuple, _: Any) -> tuple:
        network, capacities = at(time)
        temperatures = start * jnp.exp(state[0])
        watts, _ = floating_flows(network, temperatures)
        inflow = network.load - network.incidence[: start.shape[0], : watts.shape[0]] @ watts
        rate = 1.0 / (capacities.at(temperatures) * temperatures)
        return rate * inflow, watts / unit, network.load / unit

    network, capacities = at(jnp.zeros(()))
    incidence = network.incidence[: start.shape[0]]
    blank = jax.eval_shape(lambda t: floating_flows(network, t)[0], start).shape[0]
    initial = (jnp.zeros_like(start), jnp.zeros(blank), jnp.zeros_like(start))
    rates = jnp.concatenate(jax.tree.leaves(slope(jnp.zeros(()), initial, None)))
    finite = jnp.all(jnp.isfinite(rates))
    fastest = jax.lax.stop_gradient(jnp.max(jnp.abs(jnp.where(finite, rates, 1.0))))
    first = FIRST_STEP / jnp.maximum(fastest, 1.0 / duration)
    initial = jax.tree.map(lambda leaf: jnp.where(finite, leaf, jnp.nan), initial)
    margins = [lambda state: jnp.max(_above_ceiling(network.ceiling, start * jnp.exp(state[0])))] + [
        _distance_to(names.index(name), goal, start) for name, goal in goals.items()
    ]
    breaks = jnp.concatenate([jnp.zeros(0), *[drive.breaks for drive in drives.values()]])
    jumps = jnp.where((breaks > 0.0) & (breaks < duration), breaks, NEVER * duration) if breaks.size else None
    longest = duration
    for drive in drives.values():
        longest = jnp.minimum(longest, drive.longest_step)
    run = InitialValueProblem(slope, initial, margins, jumps, jnp.minimum(first, longest), longest, duration, tolerance)
    end = run.to(duration, times)
    status = jnp.where(finite, end.status, Evolution.NOT_COMPUTABLE)
    # Already too hot at the start: nothing was computed that is valid.
    too_hot = jnp.any(start >= network.ceiling)
    status = jnp.where(finite & too_hot, Evolution.ABOVE_CRITICAL_TEMPERATURE, status)
    last_time, last = end.last_time, end.last[0]
    if goals:
        # The event was located on an interpolant: go there by steps of full accuracy, and correct to first order.
        reached = status == Evolution.REACHED
        exact = run.to(jnp.where(reached, last_time, duration), None)
        state = exact.last
        margin = jnp.stack([one(state) for one in margins[1:]])
        pace = slope(last_time, state, None)[0]
        which = jnp.argmin(jnp.abs(margin))
        islands = jnp.asarray([names.index(name) for name in goals])
        moving = pace[islands][which] != 0.0
        late = jnp.where(moving, margin[which] / jnp.where(moving, pace[islands][which], 1.0), 0.0)
        last_time = jnp.where(reached, last_time - late, last_time)
        last = jnp.where(reached, state[0] - late * pace, last)
    logarithms, heat, work = end.saved or run.initial
    temperatures = start * jnp.exp(logarithms)
    stored = unit * (work - heat @ incidence[:, :blank].T)
    conservation = _mismatch(capacities, start, temperatures, stored, unit * heat, unit * work, incidence[:, :blank])
    bad = ~finite | too_hot

    def valid(numbers: jax.Array) -> jax.Array:
        return jnp.where(bad, jnp.nan, numbers)

    return _Path(
        valid(temperatures),
        valid(stored),
        valid(unit * heat),
        valid(unit * work),
        valid(conservation),
        status,
        jnp.where(bad, 0.0, last_time),
        jnp.where(bad, start, start * jnp.exp(last)),
        end.steps,
    )


def _distance_to(island: int, goal: jax.Array, start: jax.Array) -> Callable[[tuple], jax.Array]:
    """ln T/T_goal of one island as a function of the state."""
    return lambda state: state[0][island] + jnp.log(start[island] / goal)


def _above_ceiling(ceiling: jax.Array, temperatures: jax.Array) -> jax.Array:
    """ln T/T_c of every island; −1 where nothing superconducts."""
    exists = jnp.isfinite(ceiling)
    return jnp.where(exists, jnp.log(temperatures / jnp.where(exists, ceiling, 1.0)), -1.0)


def _mismatch(
    capacities: HeatCapacities,
    start: jax.Array,
    temperatures: jax.Array,
    stored: jax.Array,
    heat: jax.Array,
    work: jax.Array,
    incidence: jax.Array,
) -> jax.Array:
    """Largest |∫C dT − stored| of an island over the largest energy in its ledger."""
    nodes, weights = np.polynomial.legendre.leggauss(QUADRATURE_POINTS)
    logarithm = jnp.log(temperatures / start)

    def content(node: jax.Array) -> jax.Array:
        between = start * jnp.exp(0.5 * (1.0 + node) * logarithm)
        return jax.vmap(capacities.at)(between) * between

    gained = 0.5 * logarithm * jnp.einsum("k,kti->ti", weights, jax.lax.map(content, jnp.asarray(nodes)))
    ledger = jnp.maximum(
        jnp.maximum(jnp.abs(gained), jnp.abs(work)), jnp.max(jnp.abs(heat)[:, None, :] * jnp.abs(incidence), axis=-1)
    )
    largest = jnp.nanmax(ledger, axis=0)
    mismatch = jnp.nanmax(jnp.abs(gained - stored), axis=0)
    return jnp.max(jnp.where(largest > 0.0, mismatch / jnp.where(largest > 0.0, largest, 1.0), 0.0))
