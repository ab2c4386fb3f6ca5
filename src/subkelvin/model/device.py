"""A device in memory: values by path, structure, provenance.

``values`` maps a path, spelled as in the device file, to one SI number; it is the pytree through which derivatives flow.
``structure`` and ``provenance`` are static.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import equinox as eqx
import jax
import numpy as np

from subkelvin.model.arguments import as_floats, axes_of, require_mapping, shown
from subkelvin.model.element_kind import ElementKind
from subkelvin.model.errors import ArgumentError, DeviceError, did_you_mean
from subkelvin.model.link_kind import LinkKind
from subkelvin.model.provenance import Provenance
from subkelvin.model.quantities import carries_exponent, parse_quantity
from subkelvin.model.structure import Element, Island, Link, Structure
from subkelvin.model.values import Values
from subkelvin.model.vocabulary import Field, HasNumbers, field_of, indefinite
from subkelvin.numerics.si_prefixes import engineering

type_of_value = float | np.ndarray | jax.Array
"""A float; an array whose leading axes are those of a sweep; or a tracer inside a derivative."""


def check_range(path: str, value: Any, kind: HasNumbers | None = None) -> None:
    """Raise a DeviceError unless every number in ``value`` lies in the range of the field at ``path``."""
    field = field_of(path, kind)
    if field is None:
        raise DeviceError(path, "is not a value of any device", "`subkelvin keys` lists all keys")
    for number in _numbers(path, value, field.unit, field.example).ravel():
        if field.whole and number % 1.0:
            raise DeviceError(path, f"must be a whole number, but is {number:g}", f"try {field.example}")
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


def number_at(key: str, value: Any, kind: HasNumbers | None = None) -> float:
    """One number of a device in SI units, checked against its range.

    Args:
        key: whose number it is.
        value: a float, or text with a unit as in a device file.
        kind: of the element or link that the key belongs to.

    Raises:
        DeviceError: naming the key, the value, what was expected and what to try.
    """
    field = field_of(key, kind)
    if isinstance(value, str) and field is not None:
        if carries_exponent(field):
            raise DeviceError(key, f"must be a number [{field.unit}] here, but is {shown(value)}", "try a float")
        return parse_quantity(value, field, key)
    if axes_of(value):
        raise DeviceError(key, f"must be one number here, but is {shown(value)}", "take one of them")
    check_range(key, value, kind)
    return float(np.asarray(value, dtype=float))


def numbers_at(key: str, values: Any, kind: HasNumbers | None = None) -> np.ndarray:
    """Numbers along one axis for a value of a device, in SI units, from floats or texts with units.

    Raises:
        DeviceError: as `number_at`; if they do not lie along one axis, or there are none.
    """
    if isinstance(values, np.ndarray) and values.dtype.kind == "U":
        values = values.tolist()
    if isinstance(values, str):
        raise DeviceError(key, f"must be numbers along one axis here, but is {shown(values)}", f"try [{shown(values)}]")
    if isinstance(values, (list, tuple)) and not values:
        raise DeviceError(key, "must be at least one number here, but is empty", "give one")
    if isinstance(values, (list, tuple)) and any(isinstance(one, str) for one in values):
        return np.array([number_at(key, one, kind) for one in values])
    array = as_floats(values)
    if array is not None and array.ndim != 1:
        raise DeviceError(key, f"must be numbers along one axis here, but is {shown(values)}", "try a list")
    check_range(key, values, kind)
    # A copy: what a result holds does not change with the caller's array.
    return np.array(values, dtype=float)


class Device(eqx.Module):
    """Islands, elements and materials with their numbers.

    Example:
        >>> from subkelvin import preset
        >>> device = preset("silver-setup-1")
        >>> device.replace({"islands.left.power": 5e-14}).values["islands.left.power"]
        5e-14
    """

    values: Mapping[str, Any] = eqx.field(converter=Values)
    """One SI number for each key; read only."""
    structure: Structure = eqx.field(static=True)
    provenance: Provenance = eqx.field(static=True, default=Provenance())

    def replace(self, changes: Mapping[str, type_of_value | str | Sequence[str]]) -> "Device":
        """The same device with some values changed.

        Args:
            changes: by key: SI floats, texts with units ("50 fW"), lists or arrays of either with the axes of a sweep, or JAX
                tracers.

        Raises:
            DeviceError: if a key is not one of this device, naming the nearest one that is, or if a
                concrete value is outside the range of its field. (A tracer's value is not known here; an impossible
                one becomes NaN with a status.)
        """
        require_mapping("changes", changes, '{"islands.left.power": "50 fW"}')
        changed: dict[str, Any] = {}
        for key, value in changes.items():
            self.require(key)
            if isinstance(value, str):
                changed[key] = self.number(key, value)
            elif isinstance(value, (list, tuple)) or getattr(value, "dtype", np.dtype(float)).kind == "U":
                changed[key] = self.numbers(key, value)
            else:
                if not isinstance(value, jax.core.Tracer):
                    check_range(key, value, self.element_kind(key))
                changed[key] = value
        return Device({**self.values, **changed}, self.structure, self.provenance.without(set(changed)))

    def number(self, key: str, value: Any) -> float:
        """A number for one of this device's values, in SI units, from a float or a text with a unit.

        Raises:
            DeviceError: if there is no such value, or the number is not what it must be.
        """
        self.require(key)
        return number_at(key, value, self.element_kind(key))

    def numbers(self, key: str, values: Any) -> np.ndarray:
        """Numbers along one axis for one of this device's values, in SI units, from floats or texts with units.

        Raises:
            DeviceError: as `number`; if they do not lie along one axis, or there are none.
        """
        self.require(key)
        return numbers_at(key, values, self.element_kind(key))

    def field(self, key: str) -> Field:
        """What the vocabulary says of one of this device's values: unit, range, meaning.

        Raises:
            DeviceError: if there is no such value.
        """
        self.require(key)
        field = field_of(key, self.element_kind(key))
        if field is None:
            raise DeviceError(key, "is not a value of any device", "see `device.values` for the keys there are")
        return field

    def hold(self, temperatures: Mapping[str, type_of_value | str]) -> "Device":
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
            if isinstance(temperature, str):
                temperature = number_at(path, temperature)
            elif not isinstance(temperature, jax.core.Tracer):
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

    def require(self, key: str) -> None:
        """Raise a DeviceError with the nearest known key if this device has no value at ``key``."""
        if not isinstance(key, str):
            raise ArgumentError("key", f"must be the key of a value, but is {shown(key)}", 'try "islands.left.power"')
        if key not in self.values:
            advice = did_you_mean(key, self.values, "see `device.values` for the keys there are")
            raise DeviceError(key, "is not a value of this device", advice)

    def __repr__(self) -> str:
        structure = self.structure
        floating = [island.name for island in structure.floating_islands]
        elements = ", ".join(f"{element.name} ({element.kind.name})" for element in structure.elements[:8])
        assumed = len(self.provenance.assumed)
        lines = [
            f'Device "{structure.name}": {structure.admittance}, {len(self.values)} values, {assumed} of them assumed',
            f"  floating  {', '.join(floating) or 'none'}",
            f"  held      {', '.join(map(self._held, structure.held_islands)) or 'none'}",
            f"  elements  {elements}{', …' if len(structure.elements) > 8 else ''}",
        ]
        if structure.links:
            lines.append(f"  links     {', '.join(f'{link.name} ({link.kind.name})' for link in structure.links[:8])}")
        return "\n".join(lines)

    def _held(self, island: Island) -> str:
        """A held island with its temperature."""
        value = self.values[f"islands.{island.name}.temperature"]
        varies = isinstance(value, jax.core.Tracer) or np.ndim(value) > 0
        return f"{island.name} ({'varied' if varies else engineering(float(value), 'K')})"
