"""What stands on a dataset of a sweep: coordinates, units, long names, the meaning of flags, provenance."""

import json
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from subkelvin.heat.paths import path_coordinates
from subkelvin.model.result import About
from subkelvin.model.status import Status
from subkelvin.sweeps.outputs.state import paths_of
from subkelvin.sweeps.plan import Plan

STATUS, ROUTE = "status", "photon_route"


class Variable(NamedTuple):
    """One array of a dataset, without its numbers."""

    dimensions: tuple[str, ...]
    shape: tuple[int, ...]
    absent: float
    """What stands where nothing was computed: NaN, −1 for flags."""
    attributes: dict[str, str]

    @property
    def kind(self) -> type[np.generic]:
        """Type of its numbers."""
        return np.int8 if self.absent == Status.NOT_COMPUTED else np.float64

    def empty(self) -> np.ndarray:
        """Its array, where nothing was computed."""
        return np.full(self.shape, self.absent, dtype=self.kind)


def variables(plan: Plan, routes: tuple[str, ...]) -> dict[str, Variable]:
    """Every array of results, the status and the route last."""
    names = tuple(axis.name for axis in plan.axes)
    found = {
        one.name: Variable(
            (*(name for name, _ in one.over), *names),
            (*one.shape, *plan.shape),
            np.nan,
            {"units": one.unit, "long_name": one.meaning},
        )
        for one in plan.outputs
    }
    told = {
        ROUTE: ("how photonic heat was computed", {-1: Status.NOT_COMPUTED.label, **dict(enumerate(routes))}),
        STATUS: ("how the search for the state ended", {int(one): one.label for one in Status}),
    }
    for name, (meaning, words) in told.items():
        attributes = {
            "long_name": meaning,
            "meaning": json.dumps(words),
            "flag_values": " ".join(map(str, words)),
            "flag_meanings": " ".join(words.values()),
        }
        found[name] = Variable(names, plan.shape, float(Status.NOT_COMPUTED), attributes)
    return found


class Coordinate(NamedTuple):
    """Numbers or names along a dimension."""

    dimension: str
    values: np.ndarray
    attributes: dict[str, str]


def coordinates(plan: Plan, values: tuple[Mapping[str, np.ndarray], ...]) -> dict[str, Coordinate]:
    """Islands, paths, and the numbers of every key [SI]."""
    structure = plan.device.structure
    own = {name for one in plan.outputs for name, _ in one.over}
    names: dict[str, Coordinate] = {}
    if "island" in own:
        names["island"] = Coordinate("island", _names([one.name for one in structure.ordered_islands]), {})
    if "held" in own:
        names["held"] = Coordinate("held", _names([one.name for one in structure.held_islands]), {})
    if "path" in own:
        told = path_coordinates(paths_of(plan.device))
        names |= {name: Coordinate("path", _names(words), {}) for name, (_, words) in told.items()}
    for axis, numbers in zip(plan.axes, values, strict=True):
        for key in axis.keys[:1] if axis.tied else axis.keys:
            field = plan.device.field(key)
            attributes = {"units": field.unit, "long_name": field.meaning}
            if axis.tied and key == axis.name:
                attributes["tied"] = ", ".join(axis.keys[1:])
            names[key] = Coordinate(axis.name, numbers[key], attributes)
    return names


def attributes(plan: Plan) -> dict[str, str]:
    """Provenance: the device, its numbers, what is assumed of them, what was swept."""
    told = About.of(plan.device, plan.keys).attributes()
    return told | {"swept": json.dumps([axis.name for axis in plan.axes]), "plan_sha256": plan.identity}


def _names(words: list[str]) -> np.ndarray:
    return np.array(words, dtype=str)
