"""The window of junction areas in which all assumptions of the model hold together.

All junction areas of a device are scaled by one factor, so that their ratios α stay. Voltage noise, charging and the link between
the parts of an island want large junctions, wires and lines in series with them want small ones:

    √⟨V²⟩ ∝ A^{−1/2},    E_C ∝ A^{−1},    G_other/G_NS ∝ A^{−1},    R_wire/R(T) ∝ A,    ωL/|Z| ∝ A,

and the window may be empty. Everything else stays as the device has it: the powers as well, because in a circuit of
junctions alone the photonic heat depends neither on the areas nor on the number of junctions, so that the same power
gives the same temperatures at every area. Docs: docs/physics.md, section 9.
"""

import functools
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import jax
import numpy as np
from scipy.optimize import brentq, minimize_scalar

from subkelvin.analysis.validity.check import LIMITS, Check
from subkelvin.analysis.validity.checks import (
    admittance_checks,
    broadening_checks,
    local_checks,
    number_of_states_check,
    validity_checks,
)
from subkelvin.analysis.validity.static_admittance import compare_admittances
from subkelvin.balance.steady.all_states import all_states
from subkelvin.balance.steady.steady_state import SteadyState, steady_state
from subkelvin.model import Device, DeviceError
from subkelvin.model.status import Status

SMALLEST_AREA, LARGEST_AREA = 1e-15, 1e-6
"""Range of areas [m²]: 1e-3 to 1e6 µm²."""
POINTS = 91
"""Ten areas per decade."""
SAME = 1e-9
"""A check whose value changes less than this, relative, over the whole range does not depend on the area."""
SWITCHES = tuple(kind for kind, bound in LIMITS.items() if bound and bound.relation != "<")
"""Kinds of checks that are not a number below a positive limit."""

Interval = tuple[float, float]


@dataclass(frozen=True)
class AreaWindow:
    """Which checks hold at which areas; every area is that of one junction of ``element`` [m²]."""

    element: str
    areas: np.ndarray
    """Where the curves are tabulated, shape (n,)."""
    curves: Mapping[str, np.ndarray]
    """Value of every check that depends on the area, shape (n,); NaN where it cannot be assessed."""
    limits: Mapping[str, float]
    """Limit of each of them."""
    allowed: Mapping[str, tuple[Interval, ...]]
    """Areas at which each of them holds; an interval that ends with the range has its end there."""
    windows: tuple[Interval, ...]
    """Areas at which all of them hold."""
    conflicts: tuple[tuple[str, str], ...]
    """Pairs of checks that never hold together; a check that holds nowhere is paired with itself."""
    failures: tuple[Check, ...]
    """Checks that fail whatever the area."""
    not_assessed: tuple[Check, ...]
    """Checks with a limit that cannot be assessed at any area."""
    best_area: float
    """Where the largest ratio of a value to its limit is smallest [m²]."""
    best_margin: float
    """That ratio: below 1 inside a window, and by how much the limits would have to be widened where there is none."""

    @property
    def window(self) -> Interval | None:
        """The widest window, None if there is none."""
        return max(self.windows, key=lambda interval: interval[1] / interval[0], default=None)

    @property
    def thresholds(self) -> dict[str, tuple[float, ...]]:
        """Areas at which each check begins or ceases to hold [m²]."""
        ends = (self.areas[0], self.areas[-1])
        return {
            name: tuple(area for interval in intervals for area in interval if area not in ends)
            for name, intervals in self.allowed.items()
        }

    @property
    def all_hold(self) -> bool:
        """Whether there are areas at which no check fails, those included that do not depend on the area."""
        return self.window is not None and not self.failures

    @property
    def sentence(self) -> str:
        """The result in words."""
        if self.window is not None:
            low, high = (f"{1e12 * area:.3g}" for area in self.window)
            text = f"All checks that depend on the area hold from {low} to {high} µm² ({self.element})."
        else:
            pairs = [first if first == second else f"{first} with {second}" for first, second in self.conflicts]
            text = (
                f"At no area do all checks hold ({'; '.join(pairs)}); closest to it is {1e12 * self.best_area:.3g} µm² "
                f"({self.element}), with limits widened by a factor of {self.best_margin:.3g}."
            )
        if self.failures:
            text += f" Failing whatever the area: {', '.join(check.name for check in self.failures)}."
        return text


def area_window(device: Device) -> AreaWindow:
    """Thresholds of every check in ln A, and the areas at which all of them hold.

    Args:
        device: with plain numbers; its powers and held temperatures are the operating point. Every junction element
            needs an `area`.

    Returns:
        AreaWindow. Each threshold is the root of ln(value/limit) between neighbouring areas of the table; a check that
        fails and recovers within a tenth of a decade may be missed.

    Raises:
        DeviceError: if the device cannot be computed, or its junctions have no areas.
        ValueError: if it has no steady state at its own areas.
    """
    checks_at, element = _checks_by_area(device)
    areas = np.geomspace(SMALLEST_AREA, LARGEST_AREA, POINTS)
    table = [checks_at(area) for area in areas]
    names = [name for name, check in table[0].items() if check.limit is not None]
    assessed = [name for name in names if any(row[name].ok is not None for row in table)]
    curves = {name: _values(row[name] for row in table) for name in assessed}
    changing = [name for name in assessed if _depends_on_area(curves[name], [row[name].ok for row in table])]
    allowed = {
        name: _allowed(areas, [bool(row[name].ok) for row in table], functools.partial(_check_at, checks_at, name))
        for name in changing
    }
    windows: tuple[Interval, ...] = ((float(areas[0]), float(areas[-1])),)
    for intervals in allowed.values():
        windows = intersection(windows, intervals)
    best_area, best_margin = _best_area(areas, table, changing, checks_at)
    return AreaWindow(
        element=element,
        areas=areas,
        curves={name: curves[name] for name in changing},
        limits={name: _limit(table[0][name]) for name in changing},
        allowed=allowed,
        windows=windows,
        conflicts=() if windows else _conflicts(allowed),
        failures=tuple(table[0][name] for name in assessed if name not in changing and table[0][name].ok is False),
        not_assessed=tuple(table[0][name] for name in names if name not in assessed),
        best_area=best_area,
        best_margin=best_margin,
    )


def intersection(first: Iterable[Interval], second: Iterable[Interval]) -> tuple[Interval, ...]:
    """What two sets of intervals have in common; single points do not count."""
    common = [(max(a, c), min(b, d)) for a, b in first for c, d in second]
    return tuple(sorted((low, high) for low, high in common if low < high))


def _checks_by_area(device: Device) -> tuple[Callable[[float], dict[str, Check]], str]:
    """The checks as a function of the area of the first junction element, and the name of that element."""
    structure = device.structure
    junctions = [element.name for element in structure.elements if element.kind.junctions]
    if not junctions:
        raise DeviceError("elements", "contain no tunnel junction, so that there are no areas to choose")
    for name in junctions:
        if f"elements.{name}.area" not in device.values:
            advice = "give `area`, `specific_resistance` and `specific_capacitance` instead of `resistance`"
            raise DeviceError(f"elements.{name}", "needs an `area` here", advice)
    own = {f"elements.{name}.area": float(device.values[f"elements.{name}.area"]) for name in junctions}
    reference = own[f"elements.{junctions[0]}.area"]

    def scaled(area: float) -> Device:
        # Not `replace`: the range of areas is wider than that of plausible devices.
        areas = {path: value * (area / reference) for path, value in own.items()}
        return Device({**device.values, **areas}, structure, device.provenance)

    def state_of(device: Device) -> tuple[SteadyState, int | None]:
        # The states of several islands are not searched for at every area: that would take minutes.
        state = jax.device_get(steady_state(device))
        one = len(structure.floating_islands) == 1
        return state, len(all_states(device).states) if one else None if structure.floating_islands else 1

    def by_name(checks: Iterable[Check]) -> dict[str, Check]:
        return {check.name: check for check in checks}

    state, count = state_of(device)
    if int(state.status) != Status.CONVERGED:
        raise DeviceError(
            "elements",
            f"have areas that cannot be judged without a steady state. {Status(int(state.status)).advice}".rstrip("."),
        )
    if len(junctions) < len(structure.elements):
        # Something else than junctions is in the circuit, and the temperatures depend on the area.
        return lambda area: by_name(validity_checks(scaled(area), *state_of(scaled(area)))), junctions[0]
    of_state = by_name(
        [
            *broadening_checks(device, state),
            number_of_states_check(count),
            *admittance_checks(compare_admittances(device, state)),
        ]
    )
    return lambda area: by_name(local_checks(scaled(area), state)) | of_state, junctions[0]


def _check_at(checks_at: Callable[[float], dict[str, Check]], name: str, area: float) -> Check:
    return checks_at(area)[name]


def _limit(check: Check) -> float:
    return math.nan if check.limit is None else check.limit


def _values(checks: Iterable[Check]) -> np.ndarray:
    return np.array([math.nan if check.value is None else check.value for check in checks])


def _depends_on_area(values: np.ndarray, verdicts: list[bool | None]) -> bool:
    if len(set(verdicts)) > 1:
        return True
    known = values[np.isfinite(values)]
    return known.size > 0 and bool(np.ptp(known) > SAME * np.max(np.abs(known)))


def _log_ratio(check: Check) -> float:
    """ln(value/limit), negative where the check holds; ±1 for a check that only switches."""
    if check.kind not in SWITCHES and check.value and check.limit and check.value > 0.0:
        return math.log(check.value / check.limit)
    return -1.0 if check.ok else 1.0


def _allowed(areas: np.ndarray, holds: list[bool], check_at: Callable[[float], Check]) -> tuple[Interval, ...]:
    """The areas at which a check holds, with its thresholds as roots in ln A."""
    edges = [float(areas[0])] if holds[0] else []
    for left, right, before, after in zip(areas[:-1], areas[1:], holds[:-1], holds[1:], strict=True):
        if before != after:
            root = brentq(lambda x: _log_ratio(check_at(math.exp(x))), math.log(left), math.log(right), xtol=1e-13)
            edges.append(math.exp(root))
    if holds[-1]:
        edges.append(float(areas[-1]))
    return tuple(zip(edges[::2], edges[1::2], strict=True))


def _conflicts(allowed: Mapping[str, tuple[Interval, ...]]) -> tuple[tuple[str, str], ...]:
    """Pairs of checks that never hold together. If every check holds on one interval, an empty window has such a pair."""
    names = list(allowed)
    nowhere = tuple((name, name) for name in names if not allowed[name])
    pairs = (
        (first, second)
        for i, first in enumerate(names)
        for second in names[i + 1 :]
        if allowed[first] and allowed[second] and not intersection(allowed[first], allowed[second])
    )
    return (*nowhere, *pairs)


def _best_area(
    areas: np.ndarray,
    table: list[dict[str, Check]],
    changing: list[str],
    checks_at: Callable[[float], dict[str, Check]],
) -> Interval:
    """The area with the smallest largest ratio of a value to its limit, and that ratio."""

    def worst(checks: Mapping[str, Check]) -> float:
        return max((_log_ratio(checks[name]) for name in changing), default=-math.inf)

    index = int(np.argmin([worst(row) for row in table]))
    low, high = areas[max(index - 1, 0)], areas[min(index + 1, areas.size - 1)]
    found = minimize_scalar(
        lambda x: worst(checks_at(math.exp(x))),
        bounds=(math.log(low), math.log(high)),
        method="bounded",
        options={"xatol": 1e-7},
    )
    return math.exp(found.x), math.exp(found.fun)
