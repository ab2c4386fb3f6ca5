"""What a public function returns: one family of frozen results that show, label and explain themselves.

A result is a record of named quantities, each with its unit, its meaning and the axes of its array. From these alone come the
text and the HTML that a session shows, and the labelled dataset. `about` says which device it is of, with which numbers, and
which of them are assumed.
"""

import html
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import Field as DataclassField
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import equinox as eqx
import jax
import numpy as np

from subkelvin.model.device import Device
from subkelvin.model.status import Outcome, Status
from subkelvin.numerics.si_prefixes import engineering
from subkelvin.version import VERSION

if TYPE_CHECKING:
    import xarray as xr

MOST_ROWS = 9
"""Lines of a result's text under its title: the answer, not the arrays behind it."""
STATIC_NOTE = "static admittance of the junctions; report(device) compares it with their full admittance at one point"
"""What every dataset of a device with static junctions says."""


@dataclass(frozen=True)
class Quantity:
    """What a field of a result holds: ``heat: Annotated[np.ndarray, Quantity("W", "heat", ("path",))]``.

    Args:
        unit: SI unit, "" for a pure number.
        meaning: one line.
        over: the axes of its array, outermost first. A mapping by name, or a list, adds its own axis in front: "island", "path".
        name: of the variable in a dataset; that of the field by default.
    """

    unit: str
    meaning: str
    over: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class About:
    """The device of a result: its name, its numbers, and which of them are assumed."""

    device: str
    admittance: str
    note: str
    """What a reader of static answers should know; empty where nothing is static."""
    parameters: tuple[tuple[str, float], ...]
    """SI numbers by key, sorted; without those that are swept or differentiated."""
    assumed: tuple[tuple[str, str], ...]
    """Assumed keys, each with the reason for its number."""
    version: str = VERSION

    @classmethod
    def of(cls, device: Device, varied: Collection[str] = ()) -> "About":
        """What to say of a device; of keys that are ``varied``, nothing."""
        own = {key: value for key, value in sorted(device.values.items()) if key not in varied}
        plain = ((key, value) for key, value in own.items() if not isinstance(value, jax.core.Tracer))
        origins = dict(device.provenance.origins)
        static = any(element.kind.two_models and not element.dynamic for element in device.structure.elements)
        return cls(
            device.structure.name,
            device.structure.admittance,
            STATIC_NOTE if static else "",
            tuple((key, float(value)) for key, value in plain if np.ndim(value) == 0),
            tuple((key, origins[key].note) for key in device.provenance.assumed if key not in varied),
        )

    def attributes(self) -> dict[str, Any]:
        """The same as attributes of a dataset."""
        return {
            "device": self.device,
            "admittance": self.admittance,
            "admittance_note": self.note,
            "version": self.version,
            "parameters_SI": json.dumps(dict(self.parameters)),
            "assumed": json.dumps(dict(self.assumed)),
        }


class Result(eqx.Module):
    """A frozen answer. Every kind of result has a field or property ``status``, an `Outcome` or an array of them."""

    about: About = eqx.field(static=True)
    """The device that it is of."""

    def advice(self) -> str:
        """How the computation ended and what to try, in sentences; of a batch, how many ended how."""
        return self._summary() if np.ndim(self.status) else self._outcome().advice  # type: ignore[attr-defined]

    def to_xarray(self) -> "xr.Dataset":
        """Every quantity with its axes, unit and meaning, as a labelled dataset that carries the device's numbers."""
        import xarray as xr

        variables: dict[str, Any] = {}
        coordinates: dict[str, Any] = dict(self._coordinates())
        for field, told in self._quantities():
            dimensions, data = self._labelled(field.name, told)
            attributes = {"units": told.unit, "long_name": told.meaning}
            if field.name in self._codes():
                attributes = {"long_name": told.meaning, "meaning": self._codes()[field.name]}
            extra = np.ndim(data) - len(dimensions)
            dimensions = (*(f"batch_{axis}" if axis else "batch" for axis in range(extra)), *dimensions)
            name = told.name or field.name
            place = coordinates if dimensions == (name,) else variables
            place[name] = (dimensions, data, attributes)
        status = np.asarray(self.status)  # type: ignore[attr-defined]
        over = tuple(f"batch_{axis}" if axis else "batch" for axis in range(status.ndim))
        if "status" not in variables:
            variables["status"] = (self._status_axes() or over, status.astype(int), {"meaning": self._meanings()})
        return xr.Dataset(variables, coordinates, self.about.attributes() | self._attributes())

    def __repr__(self) -> str:
        rows = list(self._rows())
        hidden = len(rows) - MOST_ROWS
        rows = rows[:MOST_ROWS] + ([("…", f"and {hidden} more")] if hidden > 0 else [])
        width = max((len(name) for name, _ in rows), default=0)
        return "\n".join([self._title(), *(f"  {name:<{width}}  {text}" for name, text in rows)])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th style='text-align:left'>{html.escape(name)}</th><td style='text-align:left'>{html.escape(text)}</td></tr>"
            for name, text in self._rows()
        )
        return f"<table><caption style='text-align:left'>{html.escape(self._title())}</caption>{rows}</table>"

    # What a kind of result may say of itself.

    def _title(self) -> str:
        """One line: what it is, of which device, how it ended."""
        status = self.status  # type: ignore[attr-defined]
        if isinstance(status, jax.core.Tracer):
            ending = "inside a derivative"
        elif np.ndim(status):
            good = int(np.sum(np.asarray(status) == 0))
            ending = f"{good} of {np.size(status)} converged"
        else:
            ending = self._outcome().label
        return f'{type(self).__name__} of "{self.about.device}": {ending}'

    def _rows(self) -> Iterator[tuple[str, str]]:
        """Names and texts of what matters most."""
        for field, told in self._quantities():
            value = getattr(self, field.name)
            if field.name in self._codes():
                continue
            if isinstance(value, Mapping):
                for name, one in value.items():
                    yield f"{field.name.replace('_', ' ')} {name}", shown_number(one, told.unit)
            elif not isinstance(value, (list, tuple)):
                yield field.name.replace("_", " "), shown_number(value, told.unit)

    def _attributes(self) -> dict[str, Any]:
        """More attributes of the dataset."""
        return {}

    def _coordinates(self) -> dict[str, Any]:
        """Coordinates of the dataset that are no quantities."""
        return {}

    def _units(self) -> Mapping[str, str]:
        """Units of quantities, by field, that depend on what was asked."""
        return {}

    def _codes(self) -> Mapping[str, str]:
        """What the small integers of a field mean, as JSON, by field."""
        return {}

    def _status_axes(self) -> tuple[str, ...]:
        """The axes of ``status`` where they are those of a quantity."""
        return ()

    # Common to all.

    def _quantities(self) -> Iterator[tuple[DataclassField, Quantity]]:
        units = self._units()
        for field in fields(self):
            for told in getattr(field.type, "__metadata__", ()):
                if isinstance(told, Quantity):
                    yield field, replace(told, unit=units.get(field.name, told.unit))

    def _labelled(self, name: str, told: Quantity) -> tuple[tuple[str, ...], np.ndarray]:
        """Axes and array of one quantity; batches first, then the axis of a mapping, then its own."""
        value = getattr(self, name)
        if isinstance(value, (Mapping, list, tuple)):
            parts = list(value.values()) if isinstance(value, Mapping) else list(value)
            stacked = np.stack(np.broadcast_arrays(*map(np.asarray, parts))) if parts else np.zeros((0,))
            own = len(told.over) - 1
            return told.over, np.moveaxis(stacked, 0, stacked.ndim - 1 - own)
        return told.over, np.asarray(value)

    def _meanings(self) -> str:
        outcomes = type(self)._outcomes()
        return json.dumps({int(outcome): outcome.label for outcome in outcomes})

    @classmethod
    def _outcomes(cls) -> type[Outcome]:
        """The family of outcomes that ``status`` is of."""
        return Status

    def _outcome(self) -> Outcome:
        """The one outcome, or a ValueError for a batch."""
        self._require_one()
        return self._outcomes()(int(self.status))  # type: ignore[attr-defined]

    def _summary(self) -> str:
        """How many of a batch ended how, each failure with its sentence."""
        status: np.ndarray = np.asarray(self.status)  # type: ignore[attr-defined]
        numbers, counts = np.unique(status, return_counts=True)
        outcomes = [self._outcomes()(int(number)) for number in numbers]
        parts = [f"{count} {one.label}" for one, count in zip(outcomes, counts, strict=True)]
        failures = [f"{one.label}: {one.advice}" for one in outcomes if int(one) != 0]
        return " ".join([f"Of {np.sum(counts)}: {', '.join(parts)}.", *failures])

    def _require_one(self) -> None:
        """Raise if this is a batch of results."""
        if np.ndim(self.status):  # type: ignore[attr-defined]
            raise ValueError(
                "This is a batch of results, and each has an answer of its own; ask for one of them alone."
            )


def plain_status(outcomes: type[Outcome], status: Any) -> Any:
    """The outcome that one number means; arrays and tracers as they are."""
    return status if isinstance(status, jax.core.Tracer) or np.ndim(status) else outcomes(int(status))


def shown_number(value: Any, unit: str) -> str:
    """A number with its unit, or an array by its ends, as text."""
    if isinstance(value, jax.core.Tracer):
        return "being differentiated"
    array = np.asarray(value)
    if array.ndim == 0:
        number = array.item()
        if isinstance(number, complex):
            return f"{number:.5g} {unit}".strip()
        return engineering(float(number), unit) if unit else f"{number:.5g}"
    known = array[np.isfinite(array)]
    known = np.abs(known) if np.iscomplexobj(known) else known
    if not known.size:
        return f"{array.size} values, none known"
    low, high = (shown_number(one, unit) for one in (np.min(known), np.max(known)))
    ends = low if low == high else f"{low} … {high}"
    count = "" if array.size == 1 else f"{array.size} values, "
    return f"{count}{ends}" + (" in magnitude" if np.iscomplexobj(array) else "")
