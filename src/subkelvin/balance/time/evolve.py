"""How the temperatures of a device change in time.

    C_i(T_i) dT_i/dt = load_i(t) − outflow_i(T, t)

The unknowns are ln T_i, the heat that has gone along every path, ∫ P_path dt, and the work of every load, all integrated at once
by a linearly implicit method of order 5 (Rosenbrock), whose steps are chosen by its own error estimate. The first law is the
check: for every island and every saved time

    ∫_{T_i(0)}^{T_i(t)} C_i dT = ∫ load_i dt − Σ_paths ± ∫ P_path dt,

the left side by Gauss–Legendre quadrature of C_i, which shares nothing with the steps in time. Steps end where a drive jumps or
bends; the edge of a jump is blurred by no more than the tolerance of a step. Saved times lie on the interpolants of the steps,
of order 4, whose errors are like those of the steps. A target temperature is found on the interpolant of the last
step, then integrated to, and corrected by one step of Newton's method.

References: G. Steinebach, BIT Numerical Mathematics 63, 27 (2023), doi:10.1007/s10543-023-00967-x (Rodas5P);
P. Kidger, On neural differential equations (PhD thesis, Oxford, 2021), arXiv:2202.02435 (Diffrax).
Docs: docs/physics.md, section 14.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.balance.network.drivable import require_drivable
from subkelvin.balance.network.heat_capacities import missing_heat_capacities
from subkelvin.balance.network.network import check_heat_paths, lower
from subkelvin.balance.network.route import prepare
from subkelvin.balance.steady.solve import solve
from subkelvin.balance.time.drives import Drive
from subkelvin.balance.time.trajectory import RawTrajectory, follow
from subkelvin.heat.paths import HeatPath, internal_paths, path_coordinates
from subkelvin.model import ArgumentError, Device, DeviceError
from subkelvin.model.arguments import (
    require_count,
    require_kind,
    require_mapping,
    require_number,
    require_numbers,
    require_progress,
    require_temperatures,
    shown,
)
from subkelvin.model.device import check_range
from subkelvin.model.device_arguments import require_device
from subkelvin.model.result import About, Quantity, Result, plain_status, shown_number
from subkelvin.model.status import Outcome, TrajectoryStatus
from subkelvin.model.structure import Structure
from subkelvin.numerics.blocks import block_by_block, not_computed
from subkelvin.numerics.precision import require_double_precision
from subkelvin.progress import INTERRUPTIONS, Progress

TOLERANCE = 1e-9
LEAST_TOLERANCE, LARGEST_TOLERANCE = 1e-13, 1e-2
MOST_SAVED = 1_000_000
"""Saved times; more would not fit into memory."""
BLOCK = 64
"""Trajectories that are followed at once: the steps go on until the last of a block has ended."""


class Trajectory(Result):
    """Temperatures and energies against time. A batch puts its axis in front; NaN after a trajectory has ended."""

    times: Annotated[Any, Quantity("s", "time", ("time",), "time")]
    """[s], shape (saved,)."""
    temperatures: Annotated[
        dict[str, Any], Quantity("K", "temperature of every floating island", ("island", "time"), "temperature")
    ]
    """Of every floating island [K], shape (saved,)."""
    stored: Annotated[dict[str, Any], Quantity("J", "energy gained since the start", ("island", "time"))]
    """Energy that every floating island has gained since the start, loads less outflows [J], shape (saved,)."""
    transferred: Annotated[list[Any], Quantity("J", "energy that has gone along the path", ("path", "time"))]
    """∫ P dt along every path in ``paths`` [J], each of shape (saved,)."""
    supplied: Annotated[dict[str, Any], Quantity("J", "energy of heater and parasitic load", ("island", "time"))]
    """∫ load dt into every floating island, heater and parasitic [J], shape (saved,)."""
    paths: tuple[HeatPath, ...] = eqx.field(static=True)
    """The paths that a floating island can have a part in."""
    conservation: Annotated[Any, Quantity("", "violation of the first law over the largest energy")]
    """Largest |∫C dT − (∫load − ∫outflow)| over the largest of these energies, over all islands and saved times."""
    status: Any
    """A `TrajectoryStatus`, or an array of them as integers."""
    last_time: Annotated[Any, Quantity("s", "where it ended")]
    """Where it ended [s]: the duration, the time at which a temperature was reached, or of the last good state."""
    last_temperatures: Annotated[
        dict[str, Any], Quantity("K", "temperature where it ended", ("island",), "last_temperature")
    ]
    """Temperature of every floating island there [K]."""
    steps: Any
    """Accepted and rejected steps."""

    def advice(self) -> str:
        """How the trajectory ended and what to try, as a sentence; if it ended early with the last good state."""
        if np.ndim(self.status):
            return self._summary()
        status = self._outcome()
        last = [
            f"`{name}` {float(value):.4g} K" for name, value in self.last_temperatures.items() if np.isfinite(value)
        ]
        if status == TrajectoryStatus.COMPLETED or not last:
            return status.advice
        return f"{status.advice} It ended at {float(self.last_time):.4g} s with {', '.join(last)}."

    @classmethod
    def _outcomes(cls) -> type[Outcome]:
        return TrajectoryStatus

    def _coordinates(self) -> dict[str, Any]:
        return {"island": list(self.temperatures), **path_coordinates(self.paths)}

    def _rows(self) -> Iterator[tuple[str, str]]:
        yield "time", shown_number(self.times, "s")
        for name, kelvins in self.temperatures.items():
            yield name, shown_number(kelvins, "K")
        yield "ended at", shown_number(self.last_time, "s")
        yield "first law held to", shown_number(self.conservation, "")


def evolve(
    device: Device,
    duration: float | str,
    *,
    start: Mapping[str, Any] | None = None,
    drives: Mapping[str, Drive] | None = None,
    save: int | np.ndarray = 101,
    until: Mapping[str, Any] | None = None,
    tolerance: float = TOLERANCE,
    progress: Progress | None = None,
) -> Trajectory:
    """Follow the temperatures of the floating islands in time.

        C_i(T_i) dT_i/dt = load_i(t) − outflow_i(T, t)

    Args:
        device: its values may be floats, tracers, or arrays with one axis: a batch of trajectories, computed at once.
        duration: how long [s], or text with a unit ("10 us"), as every time and temperature here.
        start: temperatures of the floating islands at time 0 [K], numbers or arrays over the batch; by default the steady
            state with every drive at its value before time 0.
        drives: a `Drive` for any value of the device, by its key.
        save: how many evenly spaced times to save, from 0 to the duration, or the times themselves, ascending [s].
        until: temperatures [K] by island: the trajectory ends when the first of them is crossed, in either direction.
        tolerance: allowed error of each step, relative in every temperature and energy.
        progress: of a batch, told of every block of trajectories.

    Returns:
        Trajectory. Look at ``status`` and ``conservation``. If somebody stops a batch, the trajectories done so far; the
        status of the others is `TrajectoryStatus.NOT_COMPUTED`.

    Validity:
        Each island has one temperature, and photons and phonons follow at once: changes slower than the circuit. Temperatures
        below the critical ones. Reverse-mode derivatives only.

    Raises:
        DeviceError: if the device cannot be computed, lacks heat capacities, or a drive leaves the range of its value.
        ValueError: if an argument is not what it must be.

    Example:
        >>> from subkelvin import evolve, preset
        >>> from subkelvin.drives import Step
        >>> drives = {"islands.left.power": Step("10 fW", "20 fW")}
        >>> found = evolve(preset("silver-setup-1"), "1 us", drives=drives, save=5)
        >>> found.advice()
        'The trajectory was followed to its end.'
    """
    require_double_precision()
    require_device(device, batch=True, traced=True)
    drives = _in_si(device, drives)
    names = [island.name for island in device.structure.floating_islands]
    duration = require_number("duration", duration, "s", above=0.0, text=True, example="1e-3")
    tolerance = require_number("tolerance", tolerance, least=LEAST_TOLERANCE, most=LARGEST_TOLERANCE, example="1e-9")
    progress = require_progress(progress)
    _check(device, names, drives)
    start = require_temperatures("start", start, names, batch=True, every=True)
    until = require_temperatures("until", until, names, batch=True)
    times = _saved_times(save, float(duration))
    original, device = device, prepare(device)
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
    common = (jnp.asarray(duration), jnp.asarray(times), jnp.asarray(tolerance))
    flags = _Axes(axes) if jax.tree.leaves(axes) else None
    if flags is None or any(isinstance(number, jax.core.Tracer) for number in jax.tree.leaves(numbers)):
        raw = _compiled(numbers, *common, device.structure, flags)
    else:
        raw = _blocks(numbers, common, device.structure, flags, progress)
    paths = tuple(internal_paths(device.structure)[: raw.transferred.shape[-1]])

    def named(numbers: jax.Array) -> dict[str, Any]:
        return {name: numbers[..., index] for index, name in enumerate(names)}

    return Trajectory(
        about=About.of(original),
        times=times,
        temperatures=named(raw.temperatures),
        stored=named(raw.stored),
        transferred=[raw.transferred[..., index] for index in range(len(paths))],
        supplied=named(raw.supplied),
        paths=paths,
        conservation=raw.conservation,
        status=plain_status(TrajectoryStatus, raw.status),
        last_time=raw.last_time,
        last_temperatures=named(raw.last_temperatures),
        steps=raw.steps,
    )


def _in_si(device: Device, drives: Mapping[str, Drive] | None) -> dict[str, Drive]:
    """Drives by key, their texts read in the units of what they drive."""
    require_mapping("drives", drives, '{"islands.left.power": Step("0 W", "1 fW")}', optional=True)
    read: dict[str, Drive] = {}
    for key, drive in (drives or {}).items():
        require_drivable(device, key)
        require_kind(f'drives["{key}"]', drive, Drive, 'Step("0 W", "1 fW") from subkelvin.drives')
        read[key] = drive.in_si(f'drives["{key}"]', device.field(key).unit)
    return read


def _saved_times(save: Any, duration: float) -> np.ndarray:
    """The times to save [s], from their number or as given."""
    if isinstance(save, (int, np.integer)) and not isinstance(save, bool):
        return np.linspace(0.0, duration, require_count("save", save, 2, MOST_SAVED, example="101"))
    example = "101, or np.linspace(0.0, duration, 101)"
    return require_numbers(
        "save", save, "s", least=0.0, most=duration, ascending=True, fewest=2, text=True, example=example
    )


def _check(
    device: Device,
    names: list[str],
    drives: dict[str, Drive],
) -> None:
    """Raise an error that says what is wrong, if something is."""
    if not names:
        raise DeviceError(
            "islands",
            "are all held, so that nothing evolves",
            "let one float: give it `power` instead of `temperature`",
        )
    for path, value in device.values.items():
        if np.ndim(value) > 1:
            raise DeviceError(path, f"holds {shown(value)}, but a batch has one axis", "flatten it with `numpy.ravel`")
    check_heat_paths(device, internal_paths(device.structure))
    missing = missing_heat_capacities(device)
    if missing:
        raise DeviceError(
            missing[0],
            "is needed for the heat capacity of a floating island",
            "give the material `sommerfeld`, or the island `parts` or, for phonons, `lattice_heat_capacity`",
        )
    for path, drive in drives.items():
        for value in drive.extremes:
            if not isinstance(value, jax.core.Tracer):
                check_range(path, value, device.element_kind(path))


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


def _blocks(
    numbers: tuple,
    common: tuple[jax.Array, jax.Array, jax.Array],
    structure: Structure,
    axes: _Axes,
    progress: Progress,
) -> RawTrajectory:
    """A batch of trajectories, block by block on all cores."""
    leaves, tree = jax.tree.flatten(numbers)
    varies = [axis == 0 for axis in axes.key[0]]
    stacked = [np.asarray(leaf) for leaf, flag in zip(leaves, varies, strict=True) if flag]
    count = stacked[0].shape[0]
    if any(leaf.shape[0] != count for leaf in stacked):
        lengths = ", ".join(str(one) for one in sorted({leaf.shape[0] for leaf in stacked}))
        raise ArgumentError(
            "device",
            f"must have arrays of one length in a batch, but they have {lengths}",
            "cross them with `numpy.meshgrid`",
        )

    def some(block: list[np.ndarray]) -> RawTrajectory:
        rows = iter(block)
        filled = [next(rows) if flag else leaf for leaf, flag in zip(leaves, varies, strict=True)]
        return _compiled(jax.tree.unflatten(tree, filled), *common, structure, axes)

    parts: list[tuple[slice, RawTrajectory]] = []
    try:
        for rows, part in block_by_block(some, stacked, BLOCK):
            parts.append((rows, part))
            progress.step(rows.stop / count)
    except INTERRUPTIONS:
        if not parts:
            raise
    whole: RawTrajectory = jax.tree.map(lambda leaf: not_computed(leaf, count), parts[0][1])
    whole.status[:] = TrajectoryStatus.NOT_COMPUTED
    for rows, part in parts:
        for target, leaf in zip(whole, part, strict=True):
            target[rows] = leaf
    return whole


@eqx.filter_jit
def _compiled(
    numbers: tuple,
    duration: jax.Array,
    times: jax.Array,
    tolerance: jax.Array,
    structure: Structure,
    axes: _Axes | None,
) -> RawTrajectory:
    """One trajectory, or a batch of them."""

    def one(numbers: tuple) -> RawTrajectory:
        values, drives, begin, goals = numbers
        return follow(values, drives, begin, goals, duration, times, tolerance, structure)

    return one(numbers) if axes is None else jax.vmap(one, in_axes=(axes.axes,))(numbers)
