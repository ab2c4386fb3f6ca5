"""A device from Python: the tables of a device file as nested mappings, with the same words and the same sentences.

Nested mappings rather than a class for every table: they are what loops build, what JSON carries and what a file already says, so
that there is one vocabulary, one reader and one set of sentences. A number may be a text with a unit, or an SI float.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from subkelvin.devicefile.dump import dump
from subkelvin.devicefile.measured import DataFiles
from subkelvin.devicefile.toml import parse_toml, require_shallow
from subkelvin.model import Device
from subkelvin.model.arguments import require_kind, require_mapping
from subkelvin.model.device_arguments import require_device
from subkelvin.model.element_kind import ElementKind
from subkelvin.model.link_kind import LinkKind


def make_device(
    tables: Mapping[str, Any], *, kinds: Sequence[ElementKind | LinkKind] = (), folder: str | Path = "."
) -> Device:
    """A device from nested mappings with the keys of a device file.

    Args:
        tables: ``{"islands": {…}, "elements": {…}, …}``; numbers are texts with units or SI floats, rows of measured admittances
            may be arrays.
        kinds: of elements (`ElementKind`) and links (`link_kind`) of your own; they become part of the device.
        folder: which names of measured tables are relative to.

    Returns:
        The device; `save` writes it as a file, `describe` gives the mappings back.

    Raises:
        DeviceError: naming the key, its value, what was expected and what to try.
        ValueError: if an argument is not what it must be.

    Example:
        Two resistors, one at 300 mK, the other floating under 1 fW:

        >>> from subkelvin import make_device, steady_state
        >>> ends = {"kind": "resistor", "nodes": ["a", "ground"]}
        >>> device = make_device({
        ...     "islands": {"hot": {"temperature": 0.3}, "cold": {"power": "1 fW"}},
        ...     "elements": {
        ...         "R1": {**ends, "island": "hot", "resistance": "50 ohm"},
        ...         "R2": {**ends, "island": "cold", "resistance": 50.0},
        ...     },
        ... })
        >>> print(f"{steady_state(device).temperatures['cold']:.4f} K")
        0.3035 K
    """
    from subkelvin.devicefile.build import build
    from subkelvin.devicefile.kinds import known_kinds
    from subkelvin.devicefile.schema import check_shape

    require_mapping("tables", tables, '{"islands": {"bath": {"temperature": "50 mK"}}}')
    require_kind("folder", folder, (str, Path), '"measured"')
    plain = _plain(tables)
    require_shallow(plain)
    known = known_kinds(kinds)
    return build(check_shape(plain, known, from_python=True), "device", (), DataFiles(Path(folder), False), known)


def _plain(value: Any) -> Any:
    """Mappings as dicts, tuples and arrays as lists, numbers of NumPy as those of Python: what a file would hold."""
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, np.ndarray) and value.ndim:
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value.item() if getattr(value, "ndim", None) == 0 else value


def describe(device: Device) -> dict[str, Any]:
    """The nested mappings that make a device: change them, and give them to `make_device`.

    Args:
        device: of plain numbers.

    Returns:
        ``{"name": …, "islands": {…}, …}``, numbers as texts with units; library materials are written out. Where a number comes
        from is said together with the number: what you change or remove loses its origin.

    Raises:
        DeviceError: if a value is an array or a tracer.

    Example:
        >>> from subkelvin import describe, make_device, preset
        >>> tables = describe(preset("silver-setup-1"))
        >>> tables["elements"]["squid"] = {"kind": "squid", "nodes": ["a", "b"], "critical_current": "1 uA", "flux": 0.3}
        >>> tables["elements"]["right"]["nodes"] = ["b", "ground"]
        >>> [element.kind.name for element in make_device(tables).structure.elements]
        ['nis', 'nis', 'squid']
    """
    require_device(device)
    tables = parse_toml(dump(device))
    for claim in (*tables.get("assumed", ()), *tables.get("sourced", ())):
        claim["at"] = [float(device.values[path]) for path in claim["values"]]
    return tables
