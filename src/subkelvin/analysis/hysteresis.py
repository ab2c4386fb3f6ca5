"""Hysteresis: one value of a device goes up and comes back, and the device does not come back the same way.

Changed slowly, a device stays on a stable branch of steady states until that ends in a fold,

    F = 0,     (∂F/∂ln T) v = 0,

and then runs away to another stable state. The value at which it jumps on the way up differs from the one on the way down; between
them two states are stable, and the past decides. Branches and folds come from continuation, the state that it jumps to from the
one at the fold by relaxation just beyond it. Docs: docs/physics.md, section 7.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from subkelvin.balance.steady.branches import Branch, Branches, branches
from subkelvin.balance.steady.steady_state import steady_state
from subkelvin.model import Device, DeviceError
from subkelvin.model.arguments import require_range
from subkelvin.model.device_arguments import require_device
from subkelvin.model.result import Result, shown_number
from subkelvin.model.status import Status
from subkelvin.numerics.arclength import End
from subkelvin.progress import Progress

if TYPE_CHECKING:
    import xarray as xr

BEYOND = 1e-6
"""How far past a fold the jump is followed, relative to the range swept."""
NEAREST = 1e-2
"""A state this near in ln T to the chord of a branch, and nearest to it of all, is on it."""


class Jump(NamedTuple):
    """A fold where a sweep has to leave its branch."""

    value: float
    before: dict[str, float]
    """Temperatures of the floating islands at the fold [K]."""
    after: dict[str, float]
    """Temperatures just beyond it [K]."""


class SlowSweep(NamedTuple):
    """A slow sweep of one value, one way."""

    values: np.ndarray
    temperatures: dict[str, np.ndarray]
    jumps: list[Jump]
    stretches: list[tuple[str, int, float, float]]
    """Branch label, number of folds before the stretch on it, and the values at which the sweep came onto it and left it."""
    ending: str
    """Empty if the sweep went through; else why it could not."""


class Hysteresis(Result):
    """Both slow sweeps, and where they differ."""

    up: SlowSweep
    """From the start to the stop."""
    down: SlowSweep
    """And back."""
    intervals: list[tuple[float, float]]
    """Ranges of the value in which the two sweeps are in different states [SI]."""
    width: float
    """Their total length [SI]."""
    branches: Branches
    """All branches of steady states in the range."""
    bistable: list[tuple[float, float]]
    """Ranges of the value in which more than one stable state was found, whether or not a sweep comes there [SI]."""

    @property
    def status(self) -> Status:
        """`Status.NOT_COMPUTED` if somebody stopped the search for branches."""
        return self.branches.status

    def advice(self) -> str:
        """What the sweeps show and what they leave out, in sentences."""
        endings = [
            f"The sweep {way} stopped: {one.ending}."
            for way, one in (("up", self.up), ("down", self.down))
            if one.ending
        ]
        hidden = [
            f"Two stable states exist from {low:.6g} to {high:.6g}, but a slow sweep of this range comes to one of them only: it "
            "ends on the way, or the other lies on a closed branch. See `branches`."
            for low, high in self.bistable
            if not any(first < high and low < last for first, last in self.intervals)
        ]
        if self.status != Status.CONVERGED:
            return self.status.advice
        said = f"The sweeps differ over a width of {self.width:.6g}." if self.intervals else "The sweeps do not differ."
        return " ".join([said, *endings, *hidden])

    def to_xarray(self) -> "xr.Dataset":
        """Temperatures over island, way ("up", "down") and point, and the value at every point; NaN beyond a sweep's end."""
        dataset = super().to_xarray()
        sweeps = (self.up, self.down)
        longest = max(len(one.values) for one in sweeps)
        islands = [*self.up.temperatures]

        def padded(numbers: np.ndarray) -> np.ndarray:
            return np.concatenate([numbers, np.full(longest - len(numbers), np.nan)])

        dataset["value"] = (
            ("way", "point"),
            np.array([padded(one.values) for one in sweeps]),
            {"units": self.branches.unit, "long_name": self.branches.key},
        )
        dataset["temperature"] = (
            ("island", "way", "point"),
            np.array([[padded(one.temperatures[name]) for one in sweeps] for name in islands]).reshape(
                len(islands), 2, longest
            ),
            {"units": "K", "long_name": "temperature of every floating island"},
        )
        return dataset.assign_coords(island=islands, way=["up", "down"])

    def _attributes(self) -> dict[str, Any]:
        return {"key": self.branches.key, "intervals": str(self.intervals), "bistable": str(self.bistable)}

    def _rows(self) -> Iterator[tuple[str, str]]:
        unit = self.branches.unit
        yield "width", shown_number(self.width, unit)
        for way, one in (("up", self.up), ("down", self.down)):
            jumps = ", ".join(shown_number(jump.value, unit) for jump in one.jumps)
            yield way, f"jumps at {jumps}" if jumps else "does not jump"
        for low, high in self.bistable:
            yield "two stable states", f"{shown_number(low, unit)} … {shown_number(high, unit)}"


def hysteresis(
    device: Device,
    key: str,
    start: float | str,
    stop: float | str,
    *,
    logarithmic: bool = False,
    seeds: int = 3,
    longest_step: float = 0.05,
    progress: Progress | None = None,
) -> Hysteresis:
    """A slow sweep of one value from ``start`` to ``stop`` and a slow sweep back.

    The sweep up begins in the coldest stable state at ``start``, the sweep down in the hottest one at ``stop``.

    Args:
        device: of plain numbers, with at least one floating island.
        key: of any value of the device.
        start, stop: the range, start < stop, SI floats or text with a unit.
        logarithmic, seeds, longest_step, progress: as in `branches`.

    Returns:
        Hysteresis. Jump values are those of folds, located to rounding. If somebody stops the run, the branches found so far, and
        sweeps without points whose ``ending`` says so.

    Validity:
        Quasi-static: the value changes slowly against the relaxation times. With several floating islands a jump ends in the
        state that `steady_state` reaches from the fold.

    Raises:
        DeviceError: as `branches`; if no stable state exists at one of the ends, naming where some do; if stability is not
            known for want of heat capacities.
        ValueError: if not start < stop, or an argument is not what it must be.

    Example:
        >>> from subkelvin import hysteresis, preset
        >>> loop = hysteresis(preset("silver-setup-1"), "islands.left.power", "10 fW", "20 fW", seeds=2)
        >>> loop.advice()
        'The sweeps do not differ.'
    """
    require_device(device)
    device.require(key)
    start, stop = require_range(device.number(key, start), device.number(key, stop), ("start", "stop"))
    found = branches(
        device, key, start, stop, logarithmic=logarithmic, seeds=seeds, longest_step=longest_step, progress=progress
    )
    if found.status == Status.NOT_COMPUTED:
        nothing = SlowSweep(np.zeros(0), {}, [], [], End.INTERRUPTED.value)
        return Hysteresis(found.about, nothing, nothing, [], np.nan, found, [])
    up = _sweep(device, key, found.branches, start, stop)
    down = _sweep(device, key, found.branches, stop, start)
    intervals = _different(up, down)
    width = sum((high - low for low, high in intervals), 0.0)
    return Hysteresis(found.about, up, down, intervals, width, found, _bistable(found.branches))


def _sweep(device: Device, key: str, branches: Sequence[Branch], first: float, last: float) -> SlowSweep:
    """Follow stable stretches from one end of the range to the other, jumping at folds."""
    direction = np.sign(last - first)
    ends = [
        (float(np.sum([t[k] for t in branch.temperatures.values()])), number, k)
        for number, branch in enumerate(branches)
        for k in (0, len(branch.values) - 1)
        if branch.values[k] == first and branch.stable[k]
    ]
    if not ends:
        raise _no_stable_state(key, branches, first)
    _, number, position = min(ends) if direction > 0.0 else max(ends)
    names = list(branches[number].temperatures)
    values: list[float] = []
    temperatures: list[list[float]] = []
    jumps: list[Jump] = []
    stretches: list[tuple[str, int, float, float]] = []
    way = 1 if position == 0 else -1
    while True:
        branch = branches[number]
        folds = {fold.point for fold in branch.folds}
        entered = values[-1] if values else first
        while True:
            values.append(float(branch.values[position]))
            temperatures.append([float(branch.temperatures[name][position]) for name in names])
            following = position + way
            if position in folds or not 0 <= following < len(branch.values):
                break
            position = following
        before = sum(point < position for point in folds) if way > 0 else sum(point <= position for point in folds)
        stretches.append((branch.label, before, entered, values[-1]))
        ending = ""
        if position not in folds:
            if values[-1] != last:
                ending = branch.end if way > 0 else branch.beginning
            break
        at_fold = dict(zip(names, temperatures[-1], strict=True))
        beyond = values[-1] + direction * BEYOND * abs(last - first)
        landed = steady_state(device.replace({key: beyond}), start=at_fold)
        if int(landed.status) != Status.CONVERGED:
            ending = f"beyond the fold at {key} = {values[-1]:.6g}: {Status(int(landed.status)).advice}"
            break
        after = {name: float(landed.temperatures[name]) for name in names}
        jumps.append(Jump(values[-1], at_fold, after))
        found = _branch_of(branches, after, beyond, direction)
        if found is None:
            ending = f"the state beyond the fold at {key} = {values[-1]:.6g} is on no branch that was found; try more `seeds`"
            break
        number, position, way = found
    by_name = {name: np.array([t[k] for t in temperatures]) for k, name in enumerate(names)}
    return SlowSweep(np.array(values), by_name, jumps, stretches, ending)


def _no_stable_state(key: str, branches: Sequence[Branch], value: float) -> DeviceError:
    """Why a sweep cannot begin at a value, and where it could."""
    unknown = any(
        branch.stable[k] is None and k not in {fold.point for fold in branch.folds}
        for branch in branches
        for k in range(len(branch.values))
    )
    if unknown:
        return DeviceError(
            key, f"= {value:g} has states of unknown stability", "give all floating islands heat capacities"
        )
    somewhere = _stable_ranges(branches)
    where = " and ".join(f"{low:.6g} to {high:.6g}" for low, high in somewhere)
    return DeviceError(
        key,
        f"= {value:g} has no stable state to begin a sweep in",
        f"stable states were found from {where}: begin and end there" if somewhere else "try another range",
    )


def _stable_ranges(branches: Sequence[Branch]) -> list[tuple[float, float]]:
    """The range of the value of every stable stretch between folds, lowest first."""
    ranges: list[tuple[float, float]] = []
    for branch in branches:
        marks = [0, *(fold.point for fold in branch.folds), len(branch.values) - 1]
        for first, last in itertools.pairwise(sorted(set(marks))):
            # The ends of a stretch may be folds, which have no stability of their own.
            inner = branch.stable[first + 1 : last] or branch.stable[first : last + 1]
            if inner and all(stable for stable in inner if stable is not None) and any(inner):
                low, high = sorted((float(branch.values[first]), float(branch.values[last])))
                ranges.append((low, high))
    return sorted(ranges)


def _bistable(branches: Sequence[Branch]) -> list[tuple[float, float]]:
    """Where two or more stable stretches overlap."""
    ranges = _stable_ranges(branches)
    marks = sorted({end for one in ranges for end in one})
    several: list[tuple[float, float]] = []
    for low, high in itertools.pairwise(marks):
        middle = 0.5 * (low + high)
        if sum(first < middle < last for first, last in ranges) < 2:
            continue
        if several and several[-1][1] == low:
            several[-1] = (several[-1][0], high)
        else:
            several.append((low, high))
    return several


def _branch_of(
    branches: Sequence[Branch], state: dict[str, float], value: float, direction: float
) -> tuple[int, int, int] | None:
    """Branch, next point on it in the direction of the sweep, and the way to go, of a state at a value."""
    best: tuple[float, tuple[int, int, int]] | None = None
    for number, branch in enumerate(branches):
        logarithm = np.log(np.stack([branch.temperatures[name] for name in state], axis=-1))
        target = np.log(np.array(list(state.values())))
        offset = branch.values - value
        for k in np.flatnonzero(offset[1:] * offset[:-1] <= 0.0):
            width = branch.values[k + 1] - branch.values[k]
            share = 0.0 if width == 0.0 else -offset[k] / width
            distance = float(np.max(np.abs(logarithm[k] + share * (logarithm[k + 1] - logarithm[k]) - target)))
            # Ahead is the end of the chord on the side to which the value changes.
            ahead = (int(k) + 1, 1) if width * direction > 0.0 else (int(k), -1)
            if distance < NEAREST and (best is None or distance < best[0]):
                best = distance, (number, *ahead)
    return None if best is None else best[1]


def _different(up: SlowSweep, down: SlowSweep) -> list[tuple[float, float]]:
    """Ranges in which two sweeps are on different stretches."""

    def on(sweep: SlowSweep, value: float) -> tuple[str, int] | None:
        return next(((b, n) for b, n, a, z in sweep.stretches if min(a, z) <= value <= max(a, z)), None)

    marks = sorted({value for sweep in (up, down) for *_, a, z in sweep.stretches for value in (a, z)})
    apart: list[tuple[float, float]] = []
    for low, high in itertools.pairwise(marks):
        middle = 0.5 * (low + high)
        states = on(up, middle), on(down, middle)
        if None in states or states[0] == states[1]:
            continue
        if apart and apart[-1][1] == low:
            apart[-1] = (apart[-1][0], high)
        else:
            apart.append((low, high))
    return apart
