"""A device in memory: values by path, structure, provenance.

``values`` maps a path, spelled as in the device file, to one SI number; it is the pytree through which derivatives flow.
``structure`` and ``provenance`` are static.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

import equinox as eqx
import jax
import numpy as np

from subkelvin.model.arguments import as_floats, require_mapping, shown
from subkelvin.model.element_kind import ElementKind
from subkelvin.model.errors import ArgumentError, DeviceError, did_you_mean
from subkelvin.model.link_kind import LinkKind
from subkelvin.model.provenance import Provenance
from subkelvin.model.structure import Element, Link, Structure
from subkelvin.model.values import Values
from subkelvin.model.vocabulary import HasNumbers, field_of, indefinite

type_of_value = float | np.ndarray | jax.Array
"""A float; an array whose leading axes are those of a sweep; or a tracer inside a derivative."""


def check_range(path: str, value: type_of_value, kind: HasNumbers | None = None) -> None:
    """Raise a DeviceError unless every number in ``value`` lies in the range of the field at ``path``."""
    field = field_of(path, kind)
    if field is None:
        raise DeviceError(path, "is not a value of any device", "see the table of keys in docs/device-file.md")
    for number in _numbers(path, value, field.unit, field.example).ravel():
        if not field.holds(float(number)):
            unit = f" {field.unit}" if field.unit else ""
            zero = "0 or " if field.zero else ""
            raise DeviceError(
                path,
                f"must be {indefinite(field.quantity)} of {zero}{field.low:g} to {field.high:g}{unit}, but is {number:g}{unit}",
                f"try {field.example}",
            )


def _numbers(path: str, value: Any, unit: str, example: str) -> np.ndarray:
    """A value as an array of floats; text and what is no number is refused."""
    array = as_floats(value)
    if array is not None and array.size:
        return array
    written = f"; in a file it is written {example}" if isinstance(value, str) else ""
    raise DeviceError(
        path,
        f"must be a number in SI units{f' [{unit}]' if unit else ''} here, but is {shown(value)}{written}",
        "try a float",
    )


class Device(eqx.Module):
    """Islands, elements and materials with their numbers.

    Example:
        >>> from subkelvin import preset
        >>> device = preset("silver-setup-1")
        >>> device.replace({"islands.left.power": 5e-14}).values["islands.left.power"]
        5e-14
    """

    values: Mapping[str, Any] = eqx.field(converter=Values)
    """One SI number for each path; read only."""
    structure: Structure = eqx.field(static=True)
    provenance: Provenance = eqx.field(static=True, default=Provenance())

    def replace(self, changes: Mapping[str, type_of_value]) -> "Device":
        """The same device with some values changed.

        Args:
            changes: SI values by path: floats, arrays with the axes of a sweep, or JAX tracers.

        Raises:
            DeviceError: if a path is not a value of this device, naming the nearest one that is, or if a
                concrete value is outside the range of its field. (A tracer's value is not known here; an impossible
                one becomes NaN with a status.)
        """
        require_mapping("changes", changes, '{"islands.left.power": 1e-14}')
        for path, value in changes.items():
            self.require(path)
            if not isinstance(value, jax.core.Tracer):
                check_range(path, value, self.element_kind(path))
        return Device({**self.values, **changes}, self.structure, self.provenance.without(set(changes)))

    def hold(self, temperatures: Mapping[str, type_of_value]) -> "Device":
        """The same device with islands held at temperatures [K] instead of floating (or held elsewhere).

        Raises:
            DeviceError: if there is no such island, or a temperature is out of range.
        """
        require_mapping("temperatures", temperatures, '{"left": 0.1}')
        values = dict(self.values)
        names = [island.name for island in self.structure.islands]
        for name, temperature in temperatures.items():
            if name not in names:
                raise DeviceError(f"islands.{name}", "is not an island of this device", did_you_mean(name, names))
            path = f"islands.{name}.temperature"
            if not isinstance(temperature, jax.core.Tracer):
                check_range(path, temperature)
            values.pop(f"islands.{name}.power", None)
            values[path] = temperature
        islands = tuple(
            dataclasses.replace(island, held=island.held or island.name in temperatures)
            for island in self.structure.islands
        )
        gone = {f"islands.{name}.{key}" for name in temperatures for key in ("power", "temperature")}
        return Device(values, dataclasses.replace(self.structure, islands=islands), self.provenance.without(gone))

    def element_kind(self, path: str) -> ElementKind | LinkKind | None:
        """The kind of the element or link a value path belongs to; None for any other path."""
        section, name, *_ = path.split(".")
        tables: dict[str, tuple[Element | Link, ...]] = {
            "elements": self.structure.elements,
            "links": self.structure.links,
        }
        return next((one.kind for one in tables.get(section, ()) if one.name == name), None)

    def require(self, path: str) -> None:
        """Raise a DeviceError with the nearest known path if this device has no value at ``path``."""
        if not isinstance(path, str):
            raise ArgumentError(
                "path", f"must be the path of a value, but is {shown(path)}", 'try "islands.left.power"'
            )
        if path not in self.values:
            advice = did_you_mean(path, self.values, "see `device.values` for the paths there are")
            raise DeviceError(path, "is not a value of this device", advice)
