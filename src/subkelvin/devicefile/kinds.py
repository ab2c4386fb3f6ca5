"""The kinds of elements and links that a device file may hold: those of the package and a user's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from subkelvin.circuit.elements import ELEMENT_KINDS
from subkelvin.heat.links import LINK_KINDS
from subkelvin.model import ArgumentError
from subkelvin.model.arguments import require_kind, shown
from subkelvin.model.element_kind import ElementKind
from subkelvin.model.link_kind import LinkKind


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


OF_THE_PACKAGE = Kinds(tuple(ELEMENT_KINDS.values()), tuple(LINK_KINDS.values()))


def _is_lone_exponent(key: str, numbers: Mapping[str, object]) -> bool:
    """Whether a key would be read off the unit of another number, which there is not."""
    return key.endswith("_exponent") and key.removesuffix("_exponent") not in numbers


def known_kinds(own: Sequence[ElementKind | LinkKind] = ()) -> Kinds:
    """The kinds of the package and these.

    Raises:
        ArgumentError: if one is no kind, or has the name of another one.
    """
    require_kind("kinds", own, (list, tuple), "[link_kind(...)]")
    elements, links = dict(OF_THE_PACKAGE.element), dict(OF_THE_PACKAGE.link)
    for kind in own:
        if isinstance(kind, ElementKind):
            taken = elements.setdefault(kind.name, kind) != kind
        elif isinstance(kind, LinkKind):
            taken = links.setdefault(kind.name, kind) != kind
        else:
            raise ArgumentError(
                "kinds", f"must hold kinds of elements and links, but holds {shown(kind)}", "see `link_kind`"
            )
        for key in kind.numbers:
            if key.startswith("_") or hasattr(BaseModel, key) or _is_lone_exponent(key, kind.numbers):
                raise ArgumentError("kinds", f"hold {kind.name!r} with a number called {key!r}", "rename it")
        if taken:
            raise ArgumentError("kinds", f"holds {kind.name!r}, which is the name of another kind", "try another name")
    return Kinds(tuple(elements.values()), tuple(links.values()))
