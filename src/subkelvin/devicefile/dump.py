"""A Device as the text of a device file, every line with its meaning."""

from collections.abc import Mapping
from typing import Any

from subkelvin.devicefile.units import format_quantity
from subkelvin.model import Device, Provenance
from subkelvin.model.vocabulary import ELEMENT, ISLAND, METAL, PART, SUPERCONDUCTOR, Field, field_of

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
        lines += [f"phonons = {_text(island.phonons)}"] if island.phonons else []
        lines += _numbers(values, path, ISLAND)
        for index, part in enumerate(island.parts):
            lines += [f"[[{path}.parts]]", f"material = {_text(part.material)}"]
            lines += _numbers(values, f"{path}.parts.{index}", PART)
    for element in structure.elements:
        path = f"elements.{element.name}"
        nodes = ", ".join(_text(node) for node in element.nodes)
        lines += ["", f"[{path}]", f"kind = {_text(element.kind)}", f"nodes = [{nodes}]"]
        lines += [f"island = {_text(element.island)}"] if element.island else []
        lines += [f"superconductor = {_text(element.superconductor)}"] if element.superconductor else []
        lines += _numbers(values, path, ELEMENT[element.kind])
    return "\n".join(lines + _origins(device.provenance)) + "\n"


def written_value(device: Device, path: str) -> str:
    """One value as a device file would write it."""
    field = field_of(path, device.element_kind(path))
    exponent = device.values.get(f"{path}_exponent", 5.0)
    value = float(device.values[path])
    return repr(value) if field is None else format_quantity(value, field, float(exponent))


def _numbers(values: Mapping[str, Any], path: str, fields: Mapping[str, Field]) -> list[str]:
    exponent = float(values.get(f"{path}.electron_phonon_exponent", 5.0))
    lines = []
    for key, field in fields.items():
        if f"{path}.{key}" in values and key != "electron_phonon_exponent":
            line = f"{key} = {format_quantity(float(values[f'{path}.{key}']), field, exponent)}"
            lines.append(f"{line:<{COMMENT_COLUMN}}# {field.meaning}")
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
