"""The kinds of elements and links that a device file may hold: those of the package and a user's own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from subkelvin.circuit.elements import ELEMENT_KINDS
from subkelvin.heat.links import KINDS
from subkelvin.heat.links.kind import LinkKind
from subkelvin.model import ArgumentError
from subkelvin.model.arguments import shown
from subkelvin.model.element_kind import ElementKind


@dataclass(frozen=True)
class Kinds:
    """Kinds of elements and of links, each with a name of its own."""

    elements: tuple[ElementKind, ...]
    links: tuple[LinkKind, ...]

    @property
    def element(self) -> Mapping[str, ElementKind]:
        """The kinds of elements by name."""
        return {kind.name: kind for kind in self.elements}

    @property
    def link(self) -> Mapping[str, LinkKind]:
        """The kinds of links by name."""
        return {kind.name: kind for kind in self.links}


def known_kinds(own: Iterable[ElementKind] = ()) -> Kinds:
    """The kinds of the package and these.

    Raises:
        ArgumentError: if one is no kind, or has the name of another one.
    """
    elements = dict(ELEMENT_KINDS)
    for kind in own:
        if not isinstance(kind, ElementKind):
            raise ArgumentError("kinds", f"must hold kinds of elements, but holds {shown(kind)}", "see `ElementKind`")
        if elements.setdefault(kind.name, kind) != kind:
            raise ArgumentError(
                "kinds", f"hold {kind.name!r}, which is the name of another kind of element", "try another name"
            )
    return Kinds(tuple(elements.values()), tuple(KINDS.values()))
