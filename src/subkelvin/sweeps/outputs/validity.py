"""Validity checks as outputs: the report's own functions, asked at every point of a sweep for the value of a check.

They are Python, a few milliseconds a point: a map of them is for thousands of points, not for millions.
"""

import math
from collections.abc import Iterator, Mapping, Sequence

import jax
import numpy as np

from subkelvin.analysis.validity.check import Check
from subkelvin.analysis.validity.checks import (
    admittance_checks,
    broadening_checks,
    local_checks,
    number_of_states_check,
)
from subkelvin.analysis.validity.static_admittance import compare_admittances
from subkelvin.balance.steady.solve import Solution
from subkelvin.balance.steady.steady_state import SteadyState, named, steady_state
from subkelvin.model import Device

BROADENING, COUNT, ADMITTANCE = "dynes-robustness", "steady-states", "static-admittance"
"""Kinds of checks that need more than the state itself."""


def names_of_checks(device: Device) -> list[str]:
    """Of every check that a report of this device has."""
    state = jax.device_get(steady_state(device))
    floating = [island.name for island in device.structure.floating_islands]
    return [
        *(one.name for one in local_checks(device, state)),
        *(f"{BROADENING}.{name}" for name in floating),
        *([COUNT] if len(floating) == 1 else []),
        *([ADMITTANCE] if any(one.kind.two_models and not one.dynamic for one in device.structure.elements) else []),
    ]


def values_of_checks(device: Device, solution: Solution, count: float, names: Sequence[str]) -> np.ndarray:
    """The values of some checks at one point; NaN where a check is not assessed.

    Args:
        device: with the numbers of the point.
        solution: its steady state.
        count: of its steady states; NaN if not known.
        names: of the checks.
    """
    found = {
        one.name: one for one in _checks(device, named(device, solution), count, {n.split(".", 1)[0] for n in names})
    }
    return np.array([_value(found, name) for name in names])


def _value(found: Mapping[str, Check], name: str) -> float:
    value = found[name].value if name in found else None
    return math.nan if value is None else value


def _checks(device: Device, state: SteadyState, count: float, kinds: set[str]) -> Iterator[Check]:
    """The checks of some kinds, and others that come with them."""
    if kinds - {BROADENING, COUNT, ADMITTANCE}:
        yield from local_checks(device, state)
    if BROADENING in kinds:
        yield from broadening_checks(device, state)
    if COUNT in kinds:
        yield number_of_states_check(None if math.isnan(count) else int(count))
    if ADMITTANCE in kinds:
        yield from admittance_checks(compare_admittances(device, state))
