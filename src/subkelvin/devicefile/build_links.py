"""From the links of a device file to those of a Device: references resolved, numbers entered, contradictions refused."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from subkelvin.devicefile import schema
from subkelvin.devicefile.kinds import Kinds
from subkelvin.devicefile.sentences import nearest
from subkelvin.model import DeviceError, Link
from subkelvin.model.link_kind import LinkKind
from subkelvin.model.vocabulary import Field

Record = Callable[[str, Mapping[str, Any], Mapping[str, Field], Iterable[str]], None]
"""Enters the numbers of a table: its path, what is given, the fields there are, and those that may be absent."""


def build_links(record: Record, file: schema.DeviceFile, kinds: Kinds) -> tuple[Link, ...]:
    """All links of a device file.

    Raises:
        DeviceError: for a reference to nothing, a missing number, or keys that exclude each other.
    """
    links = tuple(build_link(record, name, kinds.link[table.kind], table, file) for name, table in file.links.items())
    users: dict[str, str] = {}
    for link in links:
        if link.element is not None and users.setdefault(link.element, link.name) != link.name:
            raise DeviceError(
                f"links.{link.name}.element",
                f"is {link.element!r}, whose junctions `links.{users[link.element]}` already stands for",
                "remove one of the two links, or give one its own `superconductor` and `resistance`",
            )
    return links


def build_link(record: Record, name: str, kind: LinkKind, table: schema.Link, file: schema.DeviceFile) -> Link:
    """One link."""
    path = f"links.{name}"
    islands = tuple(getattr(table, end) for end in kind.ends)
    for place, (end, island) in enumerate(zip(kind.ends, islands, strict=True)):
        require(f"{path}.{end}", island, file.islands, "an island", f"the islands are {', '.join(file.islands)}")
        if island in islands[:place]:
            other = kind.ends[islands.index(island)]
            advice = f"name {'two' if len(islands) == 2 else len(islands)} different islands"
            raise DeviceError(f"{path}.{end}", f"is {island!r}, as `{other}` is: no heat flows", advice)
    numbers = table.numbers()
    element = getattr(table, "element", None)
    borrowed: tuple[str, ...] = ()
    given = {key: getattr(table, key) for key in kind.superconductors}
    if element is not None and kind.junctions is not None:
        borrowed = kind.junctions.keys
        check_element(path, table, kind, file)
        given = dict.fromkeys(kind.superconductors, file.elements[element].superconductor)
    for key, superconductor in given.items():
        if superconductor is None:
            raise DeviceError(
                f"{path}.{key}",
                "is missing: a link has either a `superconductor` and a `resistance`, or an `element` that has them",
                'try superconductor = "Al"',
            )
        require(
            f"{path}.{key}", superconductor, file.superconductors, "in `superconductors`",
            f"add [superconductors.{superconductor}]",
        )  # fmt: skip
    record(path, numbers, {key: field for key, field in kind.numbers.items() if key not in borrowed}, ())
    return Link(name, kind, islands, element, tuple(given.items()))


def check_element(path: str, table: Any, kind: LinkKind, file: schema.DeviceFile) -> None:
    """Raise a DeviceError unless the element exists, is of the right kind, sits on the first island and stands alone."""
    assert kind.junctions is not None
    wanted, name, first = kind.junctions.kind, table.element, getattr(table, kind.ends[0])
    suitable = [other for other, element in file.elements.items() if element.kind == wanted]
    advice = f"the {wanted} elements are {', '.join(suitable)}" if suitable else f'try kind = "{wanted}" for an element'
    require(f"{path}.element", name, file.elements, "an element", advice)
    element = file.elements[name]
    if element.kind != wanted:
        raise DeviceError(
            f"{path}.element", f"is {name!r}, a {element.kind}: this link is one of {wanted} junctions", advice
        )
    for key in (*kind.superconductors, *kind.junctions.keys):
        if key in table.model_fields_set:
            raise DeviceError(
                f"{path}.{key}", f"cannot stand beside `element`, which brings the {key} of {name!r}", "remove one"
            )
    if getattr(element, "island", None) != first:
        raise DeviceError(
            f"{path}.{kind.ends[0]}",
            f"is {first!r}, but `elements.{name}` radiates at the temperature of {getattr(element, 'island', None)!r}: "
            "the noise of these junctions is that of their normal side",
            f'try island = "{first}" in elements.{name}',
        )


def require(path: str, name: str, known: Iterable[str], what: str, otherwise: str) -> None:
    """Raise a DeviceError unless a name is known."""
    names = list(known)
    if name not in names:
        raise DeviceError(path, f"is {name!r}, which is not {what}", nearest(name, names, otherwise))
