"""What a device is made of, without its numbers: names, kinds, references and topology.

Everything here is frozen and hashable. Two devices with the same structure differ only in their values.
"""

from dataclasses import dataclass

GROUND = "ground"
"""The reserved name of the circuit's reference node."""


@dataclass(frozen=True)
class Part:
    """A piece of one material in an island; its electrons couple to the island's phonons."""

    material: str
    superconducting: bool


@dataclass(frozen=True)
class Island:
    """Something with one temperature: held at it, or floating (solved for)."""

    name: str
    held: bool
    phonons: str | None = None
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Superconductor:
    """A superconductor and its gap model: the gap equation of BCS theory, or the usual interpolation."""

    name: str
    gap_equation: bool


@dataclass(frozen=True)
class Element:
    """A two-terminal circuit element; a dissipative one belongs to an island and radiates at its temperature."""

    name: str
    kind: str
    nodes: tuple[str, str]
    island: str | None = None
    superconductor: str | None = None


@dataclass(frozen=True)
class Structure:
    """Names and topology of a whole device."""

    name: str
    admittance: str
    islands: tuple[Island, ...]
    elements: tuple[Element, ...]
    superconductors: tuple[Superconductor, ...]
    metals: tuple[str, ...]

    def island(self, name: str) -> Island:
        """The island of that name."""
        return next(island for island in self.islands if island.name == name)

    def superconductor(self, name: str) -> Superconductor:
        """The superconductor of that name."""
        return next(superconductor for superconductor in self.superconductors if superconductor.name == name)

    @property
    def floating_islands(self) -> tuple[Island, ...]:
        """The islands whose temperature is solved for, in file order."""
        return tuple(island for island in self.islands if not island.held)

    @property
    def held_islands(self) -> tuple[Island, ...]:
        """The islands whose temperature is given, in file order."""
        return tuple(island for island in self.islands if island.held)

    @property
    def ordered_islands(self) -> tuple[Island, ...]:
        """Floating islands first, then held ones: the order of every array over islands."""
        return self.floating_islands + self.held_islands
