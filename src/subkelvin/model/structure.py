"""What a device is made of, without its numbers: names, kinds, references and topology.

Everything here is frozen and hashable. Two devices with the same structure differ only in their values.
"""

from dataclasses import dataclass

from subkelvin.model.element_kind import ElementKind, Spectrum
from subkelvin.model.link_kind import LinkKind

GROUND = "ground"
"""The reserved name of the circuit's reference node."""
NO_PHONONS = "none"
"""What ``phonons`` of a device file says of an island whose electrons give no heat to phonons."""
WORLD = "outside"
"""The end of a path of heat that is no island: where heaters get their power from. No island may be called so."""


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
class MeasuredAdmittance:
    """The admittance of an element as a table against frequency, linear between its rows.

    ``outside`` is "hold" if the first and the last row hold beyond the table, "refuse" if nothing is known there.
    """

    frequency: tuple[float, ...]
    """Angular frequencies, ascending [rad/s]."""
    admittance: tuple[tuple[complex, ...], ...]
    """For every frequency the admittance matrix, row after row: 1 entry for two nodes, 4 for a two-port [S]."""
    outside: str


@dataclass(frozen=True)
class Element:
    """A circuit element; a dissipative one belongs to an island and radiates at its temperature.

    It connects its two nodes, except for a line or a two-port, which connects each of them with the ground, and a mutual
    inductance, which has no nodes and couples two inductors.
    """

    name: str
    kind: ElementKind
    nodes: tuple[str, ...]
    island: str | None = None
    superconductor: str | None = None
    couples: tuple[str, ...] = ()
    table: MeasuredAdmittance | None = None
    dynamic: bool = False
    """Whether a junction is taken with its admittance at every frequency rather than with that at zero frequency."""

    @property
    def spectrum(self) -> Spectrum | None:
        """Its admittance as a function of frequency; None where that at zero frequency stands for it."""
        return self.kind.spectrum if self.dynamic or not self.kind.two_models else None


@dataclass(frozen=True)
class Link:
    """A heat path between islands other than photons, and other than the electron-phonon coupling of parts.

    ``islands`` are those at the ends of the kind, in their order; ``superconductors`` pairs the kind's keys for superconductors
    with their names; ``element`` is the circuit element whose junctions the link consists of, if it has no numbers of its own.
    """

    name: str
    kind: LinkKind
    islands: tuple[str, ...]
    element: str | None = None
    superconductors: tuple[tuple[str, str], ...] = ()

    @property
    def ends(self) -> dict[str, str]:
        """The island at each end."""
        return dict(zip(self.kind.ends, self.islands, strict=True))


@dataclass(frozen=True)
class Structure:
    """Names and topology of a whole device."""

    name: str
    admittance: str
    islands: tuple[Island, ...]
    elements: tuple[Element, ...]
    superconductors: tuple[Superconductor, ...]
    metals: tuple[str, ...]
    links: tuple[Link, ...] = ()
    photon_route: str | None = None
    """How photonic heat is to be computed; None for the first way that the circuit allows. No part of a device file."""

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
