"""The text beside a picture: what it shows, the parameters, and which of them are assumed and why."""

import textwrap
from collections.abc import Iterable

from subkelvin.model import Device
from subkelvin.model.quantities import format_quantity
from subkelvin.model.vocabulary import field_of

WIDTH = 110
MODELS = {
    "static": "Static admittance: a junction is its zero-bias resistance R(T) and its capacitance at every frequency.",
    "dynamic": "Dynamic admittance: a junction has its full admittance in equilibrium, which depends on frequency.",
}
"""What each model of the junctions' admittance says, for the captions."""


def model_sentence(admittance: str) -> str:
    """Which model of the junctions' admittance a figure uses, in a sentence."""
    return MODELS[admittance]


def caption(paragraphs: Iterable[str], devices: dict[str, Device]) -> str:
    """A caption file.

    Args:
        paragraphs: what is shown.
        devices: the devices behind the picture, by the name of their preset.
    """
    lines = [textwrap.fill(paragraph, WIDTH, break_on_hyphens=False) + "\n" for paragraph in paragraphs]
    for name, device in devices.items():
        lines.append(f"Parameters of {name} ({device.structure.name}; admittance: {device.structure.admittance}).")
        lines.append("* marks assumed values: no accessible source states them for this device.")
        for path in sorted(device.values):
            mark = "*" if device.provenance.of(path).assumed else " "
            lines.append(f"  {mark} {path} = {quantity(device, path)}")
        reasons: dict[str, list[str]] = {}
        for path in device.provenance.assumed:
            reasons.setdefault(device.provenance.of(path).note, []).append(path)
        lines.append("Assumed, and why:")
        for note, paths in reasons.items():
            lines.append(textwrap.fill(f"- {', '.join(paths)}: {note}.", WIDTH, subsequent_indent="  "))
        lines.append("")
    return "\n".join(lines)


def quantity(device: Device, path: str) -> str:
    """A value of a device as one would write it in its file."""
    field = field_of(path, device.element_kind(path))
    value = float(device.values[path])
    if field is None:
        return f"{value:g}"
    exponent = float(device.values.get(f"{path}_exponent", 5.0))
    return format_quantity(value, field, exponent).strip('"')
