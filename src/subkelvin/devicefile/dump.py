"""A Device as the text of a device file, every line with its meaning."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from subkelvin.model import Device, MeasuredAdmittance, Provenance
from subkelvin.model.quantities import format_quantity
from subkelvin.model.structure import NO_PHONONS
from subkelvin.model.vocabulary import ISLAND, METAL, PART, SUPERCONDUCTOR, Field, field_of

COMMENT_COLUMN = 48


def dump(device: Device) -> str:
    """The device file of a device with plain numbers; reading it gives back the same values, structure and origins.

    Library materials are written out: the file stands for itself.
    """
    structure, values = device.structure, device.values
    lines = [f"name = {_text(structure.name)}", f"admittance = {_text(structure.admittance)}"]
    for superconductor in structure.superconductors:
        path = f"superconductors.{superconductor.name}"
        model = "bcs" if superconductor.gap_equation else "interpolated"
        lines += ["", f"[{path}]", f"gap_model = {_text(model)}", *_numbers(values, path, SUPERCONDUCTOR)]
    for name in structure.metals:
        lines += ["", f"[metals.{name}]", *_numbers(values, f"metals.{name}", METAL)]
    for island in structure.islands:
        path = f"islands.{island.name}"
        lines += ["", f"[{path}]"]
        lines += [f"phonons = {_text(island.phonons or NO_PHONONS)}"] if island.phonons or island.parts else []
        lines += _numbers(values, path, ISLAND)
        for index, part in enumerate(island.parts):
            lines += [f"[[{path}.parts]]", f"material = {_text(part.material)}"]
            lines += _numbers(values, f"{path}.parts.{index}", PART)
    for element in structure.elements:
        path = f"elements.{element.name}"
        lines += ["", f"[{path}]", f"kind = {_text(element.kind.name)}"]
        lines += [f"nodes = {_texts(element.nodes)}"] if element.nodes else []
        lines += [f"couples = {_texts(element.couples)}"] if element.couples else []
        lines += [f"island = {_text(element.island)}"] if element.island else []
        lines += [f"superconductor = {_text(element.superconductor)}"] if element.superconductor else []
        if element.kind.two_models and element.dynamic != (structure.admittance == "dynamic"):
            lines += [f"admittance = {_text('dynamic' if element.dynamic else 'static')}"]
        lines += _rows(element.table) if element.table else []
        lines += _numbers(values, path, element.kind.numbers)
    for link in structure.links:
        path = f"links.{link.name}"
        lines += ["", f"[{path}]", f"kind = {_text(link.kind.name)}"]
        lines += [f"{end} = {_text(island)}" for end, island in link.ends.items()]
        if link.element is not None:
            lines += [f"element = {_text(link.element)}"]
        else:
            lines += [f"{key} = {_text(name)}" for key, name in link.superconductors]
        lines += _numbers(values, path, link.kind.numbers)
    return "\n".join(lines + _origins(device.provenance)) + "\n"


def written_value(device: Device, path: str) -> str:
    """One value as a device file would write it."""
    field = field_of(path, device.element_kind(path))
    exponent = device.values.get(f"{path}_exponent", 5.0)
    value = float(device.values[path])
    return repr(value) if field is None else format_quantity(value, field, float(exponent))


def _numbers(values: Mapping[str, Any], path: str, fields: Mapping[str, Field]) -> list[str]:
    lines = []
    for key, field in fields.items():
        if f"{path}.{key}" in values and not key.endswith("_exponent"):
            exponent = float(values.get(f"{path}.{key}_exponent", 5.0))
            line = f"{key} = {format_quantity(float(values[f'{path}.{key}']), field, exponent)}"
            lines.append(f"{line:<{COMMENT_COLUMN}}# {field.meaning}")
    return lines


def _rows(table: MeasuredAdmittance) -> list[str]:
    """The rows of a measured table, to the last digit but the frequencies, which are divided by 2π."""
    frequency = [f"{one / (2.0 * math.pi)!r} Hz" for one in table.frequency]
    keys = {"y11": 0} if len(table.admittance[0]) == 1 else {"y11": 0, "y12": 1, "y22": 3}
    lines = [f"outside = {_text(table.outside)}", f"frequency = {_texts(frequency)}"]
    for key, place in keys.items():
        pairs = [_texts([f"{row[place].real!r} S", f"{row[place].imag!r} S"]) for row in table.admittance]
        lines.append(f"{key} = [{', '.join(pairs)}]")
    return lines


def _origins(provenance: Provenance) -> list[str]:
    groups: dict[Any, list[str]] = {}
    for path, origin in provenance.origins:
        if origin.assumed or origin.source:
            groups.setdefault(origin, []).append(path)
    lines: list[str] = []
    for origin, paths in groups.items():
        lines += ["", "[[assumed]]" if origin.assumed else "[[sourced]]"]
        if origin.source:
            lines.append(f"source = {_text(origin.source)}")
        if origin.note or origin.assumed:
            lines.append(f"{'because' if origin.assumed else 'note'} = {_text(origin.note or 'not said')}")
        lines += ["values = [", *[f"    {_text(path)}," for path in paths], "]"]
    return lines


def _text(text: str) -> str:
    """A TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'


def _texts(texts: Iterable[str]) -> str:
    """A TOML array of strings."""
    return "[" + ", ".join(_text(text) for text in texts) + "]"
