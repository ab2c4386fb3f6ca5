"""Wires in series with the junctions: an island's parts, where their shape and resistivity are given.

All normal parts of an island are taken to lie in series with each of its junction elements, and all superconducting ones
likewise: an upper bound where they do not. Docs: docs/physics.md, sections 6 and 9.
"""

import math
from collections.abc import Sequence

import equinox as eqx
import numpy as np

from subkelvin.model import Device, Element
from subkelvin.model.stacking import Leaf, stack

KEYS = ("resistivity", "length", "cross_section")


class Wires(eqx.Module):
    """Superconducting wires in series with dissipative branches; the last axis of every number runs over wires."""

    normal_resistance: Leaf
    """R_N of each wire [Ω]; NaN if it is not known."""
    critical_temperature: Leaf
    gap_equation: Leaf
    branches: Leaf
    """The branch each wire leads to."""


def superconducting_wires(device: Device, elements: Sequence[Element]) -> Wires:
    """The superconducting parts of the islands of junction elements; ``elements`` in the order of branches."""
    rows = [
        (branch, path, device.structure.superconductor(material))
        for branch, element in enumerate(elements)
        for path, material in _parts(device, element, superconducting=True)
    ]
    critical = [
        device.values[f"superconductors.{superconductor.name}.critical_temperature"] for _, _, superconductor in rows
    ]
    return Wires(
        normal_resistance=stack([_resistance(device, path) for _, path, _ in rows]),
        critical_temperature=stack(critical),
        gap_equation=np.array([superconductor.gap_equation for _, _, superconductor in rows], dtype=bool),
        branches=np.array([branch for branch, _, _ in rows], dtype=np.int64),
    )


def normal_wire_resistance(device: Device, element: Element) -> float:
    """Resistance of all normal parts of an element's island in series [Ω]; NaN if one is not known."""
    return sum(_resistance(device, path) for path, _ in _parts(device, element, superconducting=False))


def missing_keys(device: Device, element: Element, superconducting: bool) -> str:
    """Which keys the wire checks of an element lack, as a clause; "" if none."""
    parts = _parts(device, element, superconducting)
    if not parts:
        kind = "superconducting" if superconducting else "normal"
        return f"it needs a {kind} part in `islands.{element.island}.parts`"
    missing = [f"`{path}.{key}`" for path, _ in parts for key in KEYS if f"{path}.{key}" not in device.values]
    return f"it needs {', '.join(missing)}" if missing else ""


def _resistance(device: Device, part: str) -> float:
    """Resistivity · length / cross-section, in the normal state [Ω]; NaN if one of them is not given."""
    resistivity, length, cross_section = (float(device.values.get(f"{part}.{key}", math.nan)) for key in KEYS)
    return resistivity * length / cross_section


def _parts(device: Device, element: Element, superconducting: bool) -> list[tuple[str, str]]:
    """Path and material of the normal, or the superconducting, parts of an element's island."""
    island = device.structure.island(element.island or "")
    return [
        (f"islands.{island.name}.parts.{index}", part.material)
        for index, part in enumerate(island.parts)
        if part.superconducting == superconducting
    ]
