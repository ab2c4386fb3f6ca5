"""The names of all heat paths of a device, in the order in which compiled code returns their watts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from subkelvin.circuit.netlist import radiating_pairs, radiators
from subkelvin.heat.links.batch import links_by_kind
from subkelvin.model import Structure
from subkelvin.model.structure import WORLD


@dataclass(frozen=True)
class HeatPath:
    """One way for heat to go; watts count positive from ``source`` to ``target``; None is the world outside.

    ``through`` names what carries the heat, as value paths of the device: the two elements of a photonic path, the part of an
    electron-phonon path, the link of any other. A link may have several paths: the work of a bias comes from outside.
    """

    kind: str
    source: str | None
    target: str | None
    through: tuple[str, ...] = ()


def photon_paths(structure: Structure) -> list[HeatPath]:
    """One path for each pair of dissipative elements on different islands."""
    elements = radiators(structure)
    return [
        HeatPath(
            "photon",
            elements[i].island,
            elements[j].island,
            (f"elements.{elements[i].name}", f"elements.{elements[j].name}"),
        )
        for i, j in radiating_pairs(structure)
    ]


def electron_phonon_paths(structure: Structure, floating: bool, superconducting: bool) -> list[HeatPath]:
    """One path for each part of each island that couples to phonons: those of one kind of material.

    Args:
        structure: of the device.
        floating: the paths with a floating island at one end, or those between held islands, whose flows are known beforehand.
        superconducting: the superconducting parts, or the normal ones.
    """
    free = {island.name for island in structure.floating_islands}
    return [
        HeatPath("electron-phonon", island.name, island.phonons, (f"islands.{island.name}.parts.{index}",))
        for island in structure.ordered_islands
        if island.phonons is not None and (not free.isdisjoint((island.name, island.phonons))) == floating
        for index, part in enumerate(island.parts)
        if part.superconducting == superconducting
    ]


def link_paths(structure: Structure, floating: bool) -> list[HeatPath]:
    """One path for each way of each link, kind by kind and way by way.

    Args:
        structure: of the device.
        floating: the links with a floating island at one end, or those between held islands.
    """
    return [
        HeatPath(
            way.kind or kind.name,
            link.ends.get(way.source),
            link.ends.get(way.target),
            (f"links.{link.name}",),
        )
        for kind, links in links_by_kind(structure, floating)
        for way in kind.ways
        for link in links
    ]


def internal_paths(structure: Structure) -> list[HeatPath]:
    """Every path whose heat depends on temperatures.

    Photonic ones first, then those with a floating island at one end, then those without; of each, electron-phonon paths
    (normal parts first), then links.
    """
    return photon_paths(structure) + [
        path
        for floating in (True, False)
        for path in (
            *electron_phonon_paths(structure, floating, superconducting=False),
            *electron_phonon_paths(structure, floating, superconducting=True),
            *link_paths(structure, floating),
        )
    ]


def external_paths(structure: Structure) -> list[HeatPath]:
    """Every path from outside: heater power, parasitic power, and the power that holds a held island."""
    return (
        [HeatPath("power", None, island.name) for island in structure.floating_islands]
        + [HeatPath("parasitic", None, island.name) for island in structure.ordered_islands]
        + [HeatPath("holding", None, island.name) for island in structure.held_islands]
    )


def path_coordinates(paths: Sequence[HeatPath]) -> dict[str, Any]:
    """Coordinates of an axis of paths in a dataset: what the heat is, where from and where to, and through what."""
    return {
        "kind": ("path", [path.kind for path in paths]),
        "source": ("path", [path.source or WORLD for path in paths]),
        "target": ("path", [path.target or WORLD for path in paths]),
        "through": ("path", [" ".join(path.through) for path in paths]),
    }
