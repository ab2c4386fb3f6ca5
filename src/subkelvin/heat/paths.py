"""The names of all heat paths of a device, in the order in which compiled code returns their watts."""

from dataclasses import dataclass

from subkelvin.circuit.netlist import radiating_pairs
from subkelvin.model import Structure
from subkelvin.model.vocabulary import DISSIPATIVE


@dataclass(frozen=True)
class HeatPath:
    """One way for heat to go; watts count positive from ``source`` to ``target``; None is the world outside.

    ``through`` names what carries the heat, as value paths of the device: the two elements of a photonic path, the part of an
    electron-phonon path.
    """

    kind: str
    source: str | None
    target: str | None
    through: tuple[str, ...] = ()


def photon_paths(structure: Structure) -> list[HeatPath]:
    """One path for each pair of dissipative elements on different islands."""
    elements = [element for element in structure.elements if element.kind in DISSIPATIVE]
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


def internal_paths(structure: Structure) -> list[HeatPath]:
    """Every path between two islands: photonic, then electron-phonon with and without a floating island; normal parts first."""
    return photon_paths(structure) + [
        path
        for floating in (True, False)
        for superconducting in (False, True)
        for path in electron_phonon_paths(structure, floating, superconducting)
    ]


def external_paths(structure: Structure) -> list[HeatPath]:
    """Every path from outside: heater power, parasitic power, and the power that holds a held island."""
    return (
        [HeatPath("power", None, island.name) for island in structure.floating_islands]
        + [HeatPath("parasitic", None, island.name) for island in structure.ordered_islands]
        + [HeatPath("holding", None, island.name) for island in structure.held_islands]
    )
