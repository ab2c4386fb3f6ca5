"""Branches of steady states of a device while one of its values changes, through folds.

    outflow_i(T; λ) − load_i(λ) = 0        for every floating island

is followed by arclength in (ln T_1, …, ln T_n, λ), λ from 0 to 1 being the position of the value in its range, linear or
logarithmic. Seeds are all states at both ends and at values between them, so that a curve that closes on itself is found if
it passes one of these. At a fold two states meet; it is located by its own equations, F = 0 and (∂F/∂ln T) v = 0, not
read off the points. Docs: docs/physics.md, section 7.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import equinox as eqx
import jax
import numpy as np

from subkelvin.balance.network.heat_capacities import lower_heat_capacities
from subkelvin.balance.network.network import lower
from subkelvin.balance.network.route import prepare
from subkelvin.balance.steady.all_states import MOST_ISLANDS, all_states
from subkelvin.balance.steady.family import Family
from subkelvin.balance.steady.scan import HIGHEST_TEMPERATURE
from subkelvin.balance.steady.solve import compiled_solve
from subkelvin.balance.steady.stability import decide
from subkelvin.model import ArgumentError, Device, DeviceError
from subkelvin.model.arguments import require_count, require_flag, require_number, require_progress
from subkelvin.model.device_arguments import require_device
from subkelvin.model.result import About, Result, shown_number
from subkelvin.model.status import Status
from subkelvin.numerics.arclength import Curve, End, Steps, follow, solve_at
from subkelvin.numerics.precision import require_double_precision
from subkelvin.progress import INTERRUPTIONS, Cancelled, Progress

if TYPE_CHECKING:
    import xarray as xr

MOST_SEEDS = 1000
SHORTEST_LONGEST_STEP, LARGEST_LONGEST_STEP = 1e-4, 1.0
"""Of ``longest_step``: below, a curve runs out of points before it gets anywhere; above, it is no curve any more."""
SAME = 1e-6
"""A seed that agrees with a curve to this in ln T lies on it."""


class Fold(NamedTuple):
    """Where a stable and an unstable state meet."""

    value: float
    """Of the value that changes [SI]."""
    temperatures: dict[str, float]
    """[K]"""
    point: int
    """Its position among the points of the branch."""


class Branch(NamedTuple):
    """One connected curve of steady states."""

    label: str
    key: str
    """Of the value that changes."""
    values: np.ndarray
    """The value that changes [SI], along the curve, shape (points,)."""
    temperatures: dict[str, np.ndarray]
    """Of the floating islands [K], each of shape (points,)."""
    stable: tuple[bool | None, ...]
    """Of every point; None at a fold, and where it depends on heat capacities that are not known."""
    folds: list[Fold]
    beginning: str
    """Why the curve begins where it does, as a clause."""
    end: str
    """Why it ends there."""


class Branches(Result):
    """Curves of steady states against one value of a device."""

    key: str = eqx.field(static=True)
    """Of the value that changes."""
    unit: str = eqx.field(static=True)
    """Its SI unit."""
    branches: tuple[Branch, ...]
    """In the order found, labelled "1", "2", …"""
    status: Status
    """`Status.NOT_COMPUTED` if somebody stopped the search: these are the branches found by then; `Status.NOT_CONVERGED` if a
    branch could not be followed to its end; `Status.NO_STEADY_STATE` if there is none."""

    def advice(self) -> str:
        """How many branches and folds there are, and why each branch ends."""
        told = [f"Branch {one.label} goes from where {one.beginning} to where {one.end}." for one in self.branches]
        stopped = [self.status.advice] if self.status != Status.CONVERGED else []
        return " ".join([f"{len(self.branches)} found.", *told, *stopped])

    def to_xarray(self) -> "xr.Dataset":
        """Value, temperatures and stability (1, 0, −1 not known) over branch and point; NaN beyond a branch's end."""
        dataset = super().to_xarray()
        longest = max((len(one.values) for one in self.branches), default=0)

        def padded(numbers: np.ndarray, absent: float = np.nan) -> np.ndarray:
            return np.concatenate([numbers, np.full(longest - len(numbers), absent)])

        islands = [*self.branches[0].temperatures] if self.branches else []
        dataset["value"] = (
            ("branch", "point"),
            np.array([padded(one.values) for one in self.branches]).reshape(len(self.branches), longest),
            {"units": self.unit, "long_name": self.key},
        )
        dataset["temperature"] = (
            ("island", "branch", "point"),
            np.array([[padded(one.temperatures[name]) for one in self.branches] for name in islands]).reshape(
                len(islands), len(self.branches), longest
            ),
            {"units": "K", "long_name": "temperature of every floating island"},
        )
        known = [
            padded(np.array([-1 if s is None else int(s) for s in one.stable], float), -1.0) for one in self.branches
        ]
        dataset["stable"] = (
            ("branch", "point"),
            np.array(known, dtype=int).reshape(len(self.branches), longest),
            {"long_name": "1 stable, 0 unstable, -1 not known"},
        )
        return dataset.assign_coords(island=islands, branch=[one.label for one in self.branches])

    def _attributes(self) -> dict[str, Any]:
        return {"key": self.key}

    def _rows(self) -> Iterator[tuple[str, str]]:
        for one in self.branches:
            low, high = (shown_number(end(one.values), self.unit) for end in (np.min, np.max))
            folds = ", ".join(shown_number(fold.value, self.unit) for fold in one.folds)
            yield f"branch {one.label}", f"{self.key} {low} … {high}, folds at {folds}" if folds else f"{low} … {high}"


def branches(
    device: Device,
    key: str,
    start: float | str,
    stop: float | str,
    *,
    logarithmic: bool = False,
    seeds: int = 3,
    longest_step: float = 0.05,
    progress: Progress | None = None,
) -> Branches:
    """Branches of steady states while the value at ``key`` goes from ``start`` to ``stop``.

        outflow_i(T; value) = load_i(value)

    Args:
        device: of plain numbers, with at least one floating island.
        key: of any value of the device, such as ``islands.left.power``.
        start, stop: the range of that value, SI floats or text with a unit.
        logarithmic: whether steps are even in the logarithm of the value; both ends must then have one sign.
        seeds: at how many values, both ends included, all states are searched for branches to begin with. With more than
            four floating islands only the state reached by heating is known there.
        longest_step: largest step, of ln T and of the position in the range together.
        progress: told of every point; its fraction is the position in the range, of one branch after the other.

    Returns:
        Branches; folds to rounding. If somebody stops the run, those found so far.

    Validity:
        A closed curve that no seed lies on is not found. Temperatures stay between a thousandth of the coldest held one and the
        critical temperature (100 K without one); a branch ends there. If that is the value that changes, at the lower of its ends.

    Raises:
        DeviceError: if there is no such value, an end is out of its range, no island floats, or the device cannot be computed.
        ValueError: if the range is empty, or an argument is not what it must be.

    Example:
        >>> from subkelvin import branches, preset
        >>> found = branches(preset("silver-setup-1"), "islands.left.power", "10 fW", "20 fW", seeds=2)
        >>> len(found.branches), found.branches[0].folds
        (1, [])
    """
    require_double_precision()
    require_device(device)
    device.require(key)
    start, stop = device.number(key, start), device.number(key, stop)
    require_flag("logarithmic", logarithmic)
    if start == stop:
        raise ArgumentError("stop", f"must differ from `start`, but both are {start:g}", "give a range")
    if logarithmic and not start * stop > 0.0:
        raise ArgumentError(
            "logarithmic", f"needs two ends of one sign, but they are {start:g} and {stop:g}", "try False"
        )
    require_count("seeds", seeds, 2, MOST_SEEDS)
    longest_step = require_number(
        "longest_step", longest_step, least=SHORTEST_LONGEST_STEP, most=LARGEST_LONGEST_STEP, example="0.05"
    )
    progress = require_progress(progress)
    if not device.structure.floating_islands:
        raise DeviceError(
            "islands",
            "are all held, so that there are no branches",
            "let one float: give it `power` instead of `temperature`",
        )
    about = About.of(device, (key,))
    device = prepare(device.replace({key: stop}))
    family = Family(device, key, start, stop, logarithmic)
    curves: list[Curve] = []
    status = Status.CONVERGED
    try:
        for position in _order(seeds):
            for unknowns in _seeds(family, position, progress):
                if any(_lies_on(curve, family, unknowns, position) for curve in curves):
                    continue
                curve = _both_ways(family, unknowns, position, longest_step, progress)
                if len(curve.parameter) > 1:
                    curves.append(curve)
                if End.INTERRUPTED in (curve.beginning, curve.end):
                    raise Cancelled
    except INTERRUPTIONS:
        if not curves:
            raise
        status = Status.NOT_COMPUTED
    named = tuple(_named(family, curve, str(number)) for number, curve in enumerate(curves, start=1))
    if status == Status.CONVERGED:
        unfinished = any(end in (End.STEP, End.COUNT) for curve in curves for end in (curve.beginning, curve.end))
        status = Status.NOT_CONVERGED if unfinished else Status.CONVERGED if curves else Status.NO_STEADY_STATE
    return Branches(about, key, device.field(key).unit, named, status)


def _order(seeds: int) -> list[float]:
    """Positions of the seeds: both ends, then what is between them."""
    inner = list(np.linspace(0.0, 1.0, seeds)[1:-1])
    return [0.0, 1.0, *map(float, inner)]


def _seeds(family: Family, position: float, progress: Progress) -> list[np.ndarray]:
    """ln T of the states at a position: all of a few islands, the one reached by heating of many."""
    progress.step(progress.fraction, f"states at {family.key} = {float(family.value(position)):.4g}")
    device = family.at(position)
    names = [island.name for island in device.structure.floating_islands]
    if len(names) <= MOST_ISLANDS:
        # Heard, but not counted: the fraction is that of a branch.
        states = all_states(device, progress=progress.part(progress.fraction, 0.0)).states
        return [np.log([state.temperatures[name] for name in names]) for state in states]
    solution = jax.device_get(compiled_solve(lower(device)))
    found = int(solution.status) == Status.CONVERGED
    return [np.log(solution.temperatures[: len(names)])] if found else []


def _lies_on(curve: Curve, family: Family, unknowns: np.ndarray, position: float) -> bool:
    """Whether a state at a position is a point of a curve."""
    offset = curve.parameter - position
    (segments,) = np.nonzero(offset[1:] * offset[:-1] <= 0.0)
    for k in segments:
        width = curve.parameter[k + 1] - curve.parameter[k]
        share = 0.0 if width == 0.0 else -offset[k] / width
        near = curve.unknowns[k] + share * (curve.unknowns[k + 1] - curve.unknowns[k])
        # Next to a fold two states are closer than the chord is to either.
        if np.max(np.abs(near - unknowns)) > 0.1:
            continue
        point = solve_at(family, near, position, 1e-13)
        if point is not None and np.max(np.abs(point - unknowns)) < SAME:
            return True
    return False


def _both_ways(family: Family, unknowns: np.ndarray, position: float, longest_step: float, progress: Progress) -> Curve:
    """The whole curve through a state."""
    steps = Steps(first=0.2 * longest_step, longest=longest_step)

    def told(points: int, parameter: float) -> None:
        progress.step(parameter, f"point {points}, {family.key} = {float(family.value(parameter)):.4g}")

    def one_way(direction: float) -> Curve:
        return follow(family, unknowns, position, direction, (0.0, 1.0), family.bounds, steps, told)

    if position in (0.0, 1.0):
        return one_way(1.0 if position == 0.0 else -1.0)
    ahead = one_way(1.0)
    if ahead.end in (End.CLOSED, End.INTERRUPTED) or len(ahead.parameter) == 0:
        return ahead
    back = one_way(-1.0)
    shift = len(back.parameter) - 1
    return Curve(
        np.concatenate([back.unknowns[:0:-1], ahead.unknowns]),
        np.concatenate([back.parameter[:0:-1], ahead.parameter]),
        sorted([shift - k for k in back.folds] + [shift + k for k in ahead.folds]),
        sorted([shift - k + 1 for k in back.branch_points] + [shift + k for k in ahead.branch_points]),
        back.end,
        ahead.end,
    )


def _named(family: Family, curve: Curve, label: str) -> Branch:
    """A curve with names, values and the stability of each of its points."""
    names = [island.name for island in family.device.structure.floating_islands]
    values = np.array([float(family.value(position)) for position in curve.parameter])
    temperatures = np.exp(curve.unknowns)
    stable: list[bool | None] = []
    for k, position in enumerate(curve.parameter):
        _, jacobian, _ = family(curve.unknowns[k], position)
        capacity = _capacity(lower_heat_capacities(family.at(position)), temperatures[k])
        stable.append(None if k in curve.folds else decide(jacobian / temperatures[k], np.asarray(capacity)).stable)
    by_name = {name: temperatures[:, k] for k, name in enumerate(names)}
    return Branch(
        label=label,
        key=family.key,
        values=values,
        temperatures=by_name,
        stable=tuple(stable),
        folds=[Fold(float(values[k]), {name: float(by_name[name][k]) for name in names}, k) for k in curve.folds],
        beginning=_reason(family, curve, 0, curve.beginning),
        end=_reason(family, curve, -1, curve.end),
    )


_capacity = jax.jit(lambda capacities, temperatures: capacities.at(temperatures))


def _reason(family: Family, curve: Curve, point: int, end: End) -> str:
    """Why a curve ends at one of its ends, with names."""
    if end is End.RANGE:
        return f"{family.key} = {family.value(curve.parameter[point]):.6g}"
    if end is not End.BOUND:
        return end.value
    names = [island.name for island in family.device.structure.floating_islands]
    low, high = family.bounds
    x = curve.unknowns[point]
    k = int(np.argmin(np.minimum(np.abs(x - low), np.abs(x - high))))
    if abs(x[k] - low[k]) < abs(x[k] - high[k]):
        return f"`{names[k]}` became colder than a thousandth of the coldest held temperature"
    if np.exp(high[k]) < HIGHEST_TEMPERATURE:
        return f"`{names[k]}` reached the critical temperature of its superconductor"
    return f"`{names[k]}` reached {HIGHEST_TEMPERATURE:g} K"
