"""The shape of a device file: its tables, their keys, and a sentence for everything that does not fit.

Which numbers a table can hold, their units and ranges come from `subkelvin.model.vocabulary`; here are the names and
references around them. A number that was read is a SI float.
"""

import functools
import operator
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    StringConstraints,
    ValidationError,
    create_model,
)
from pydantic import Field as SchemaField

from subkelvin.devicefile.sentences import refuse_later_features, sentence
from subkelvin.heat.links import KINDS
from subkelvin.heat.links.kind import LinkKind
from subkelvin.model.quantities import carries_exponent, parse_coupling, parse_quantity
from subkelvin.model.vocabulary import ELEMENT, ISLAND, METAL, PART, SUPERCONDUCTOR, Field

Name = Annotated[str, StringConstraints(pattern=r"\A[A-Za-z0-9_-]+\z", max_length=64)]
"""What an island, an element, a material or a node may be called."""


class Table(BaseModel):
    """A table of the device file. Unknown keys are refused; nothing is converted silently."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    def numbers(self) -> dict[str, Any]:
        """The numbers that the table gives, by key."""
        return {key: getattr(self, key) for key in _number_keys(type(self)) if key in self.model_fields_set}


T = TypeVar("T", bound=Table)


def holds_numbers(fields: Mapping[str, Field]) -> Callable[[type[T]], type[T]]:
    """Class decorator: the table can also hold these numbers of the vocabulary."""

    def extend(table: type[T]) -> type[T]:
        extra: dict[str, Any] = {key: (_annotation(key, field), None) for key, field in fields.items()}
        return create_model(table.__name__, __base__=table, __doc__=table.__doc__, **extra)

    return extend


def _annotation(key: str, field: Field) -> Any:
    # The path is not known here: `sentence` puts it in front of the sentence.
    parse = parse_coupling if carries_exponent(field) else parse_quantity
    as_written = {"type": "string"} if field.unit else {"type": "number"}
    return Annotated[
        Any,
        BeforeValidator(lambda text: parse(text, field, "")),
        SchemaField(description=field.meaning, json_schema_extra={**as_written, "unit": field.unit, "number": True}),
    ]


def _number_keys(table: type[Table]) -> list[str]:
    return [
        key
        for key, info in table.model_fields.items()
        if isinstance(info.json_schema_extra, dict) and "number" in info.json_schema_extra
    ]


@holds_numbers(PART)
class Part(Table):
    """A piece of one material in an island."""

    material: Name


@holds_numbers(ISLAND)
class Island(Table):
    """Something with one temperature: held (`temperature`) or floating (`power`).

    `phonons` names the island whose phonons the electrons of `parts` give heat to, "none" if they give none.
    """

    phonons: Name | None = None
    parts: list[Part] = []


@holds_numbers({key: field for key, field in METAL.items() if key != "electron_phonon_exponent"})
class Metal(Table):
    """A normal metal; `base` names a library entry whose values hold unless given here."""

    base: str | None = None


@holds_numbers(SUPERCONDUCTOR)
class Superconductor(Table):
    """A superconductor and its gap model."""

    base: str | None = None
    gap_model: Literal["interpolated", "bcs"] = "bcs"


class Element(Table):
    """What every circuit element has: the two nodes it connects."""

    nodes: Annotated[list[Name], SchemaField(min_length=2, max_length=2)]


@holds_numbers(ELEMENT["nis"])
class Nis(Element):
    """Normal metal - insulator - superconductor junctions in series."""

    kind: Literal["nis"]
    island: Name
    superconductor: Name
    admittance: Literal["static", "dynamic"] | None = None


@holds_numbers(ELEMENT["nin"])
class Nin(Element):
    """Normal metal - insulator - normal metal junctions in series."""

    kind: Literal["nin"]
    island: Name


@holds_numbers(ELEMENT["resistor"])
class Resistor(Element):
    """A resistor at the temperature of its island."""

    kind: Literal["resistor"]
    island: Name


@holds_numbers(ELEMENT["capacitor"])
class Capacitor(Element):
    """A lossless capacitor."""

    kind: Literal["capacitor"]


@holds_numbers(ELEMENT["inductor"])
class Inductor(Element):
    """A lossless inductor."""

    kind: Literal["inductor"]


@holds_numbers(ELEMENT["squid"])
class Squid(Element):
    """A lossless symmetric SQUID: an inductance that a magnetic flux tunes."""

    kind: Literal["squid"]


@holds_numbers(ELEMENT["mutual"])
class Mutual(Table):
    """Magnetic coupling of two inductors."""

    kind: Literal["mutual"]
    couples: Annotated[list[Name], SchemaField(min_length=2, max_length=2)]


@holds_numbers(ELEMENT["line"])
class Line(Element):
    """A transmission line from its first to its second node, each against ground; a lossy one has an island."""

    kind: Literal["line"]
    island: Name | None = None


@holds_numbers(ELEMENT["superconductor"])
class SuperconductingWire(Element):
    """A superconducting wire with its kinetic inductance and its Mattis-Bardeen losses."""

    kind: Literal["superconductor"]
    island: Name
    superconductor: Name


class Measured(Element):
    """What measured elements have in common: a file beside the device file, or rows, and what holds beyond them."""

    island: Name
    file: str | None = None
    outside: Literal["hold", "refuse"] = "refuse"
    frequency: list[str] | None = None
    y11: list[list[str]] | None = None


class MeasuredOnePort(Measured):
    """A measured impedance between two nodes."""

    kind: Literal["table"]
    resistance: list[str] | None = None
    reactance: list[str] | None = None


class MeasuredTwoPort(Measured):
    """A measured reciprocal two-port, each of its nodes against ground."""

    kind: Literal["two-port"]
    y12: list[list[str]] | None = None
    y22: list[list[str]] | None = None


AnyElement = Annotated[
    Nis
    | Nin
    | Resistor
    | Capacitor
    | Inductor
    | Squid
    | Mutual
    | Line
    | SuperconductingWire
    | MeasuredOnePort
    | MeasuredTwoPort,
    Discriminator("kind"),
]
ELEMENT_TABLES: dict[str, type[Table]] = {
    "nis": Nis,
    "nin": Nin,
    "resistor": Resistor,
    "capacitor": Capacitor,
    "inductor": Inductor,
    "squid": Squid,
    "mutual": Mutual,
    "line": Line,
    "superconductor": SuperconductingWire,
    "table": MeasuredOnePort,
    "two-port": MeasuredTwoPort,
}


class Link(Table):
    """What every link has: the two islands it joins."""


def link_table(kind: LinkKind) -> type[Link]:
    """The table of one kind of link: its islands, its superconductors, its numbers."""
    name = kind.junctions is None
    keys: dict[str, Any] = {
        "kind": (Literal[kind.name], ...),
        "from": (Name, ...),
        "to": (Name, ...),
        **({} if kind.junctions is None else {"element": (Name | None, None)}),
        **dict.fromkeys(kind.ends, (Name, ...) if name else (Name | None, None)),
    }
    title = "".join(word.capitalize() for word in kind.name.split("-"))
    table = create_model(title, __base__=Link, __doc__=kind.meaning, **keys)
    return holds_numbers({key: field for key, field in kind.numbers.items() if not key.endswith("_exponent")})(table)


class Assumed(Table):
    """Values that nobody measured for this device and no source states, with the reason for choosing them.

    A path may hold ``*`` for any one name or index: ``elements.*.area``.
    """

    because: Annotated[str, StringConstraints(min_length=1)]
    values: Annotated[list[str], SchemaField(min_length=1)]
    source: str = ""


class Sourced(Table):
    """Values that a source states."""

    source: Annotated[str, StringConstraints(min_length=1)]
    values: Annotated[list[str], SchemaField(min_length=1)]
    note: str = ""


class DeviceFile(Table):
    """A whole device file."""

    name: str | None = None
    admittance: Literal["static", "dynamic"] = "static"
    islands: dict[Name, Island] = {}
    elements: dict[Name, AnyElement] = {}
    superconductors: dict[Name, Superconductor] = {}
    metals: dict[Name, Metal] = {}
    links: dict[Name, Any] = {}
    assumed: list[Assumed] = []
    sourced: list[Sourced] = []


@functools.lru_cache(maxsize=8)
def link_tables(kinds: tuple[LinkKind, ...]) -> dict[str, type[Link]]:
    """The table of every kind of link."""
    return {kind.name: link_table(kind) for kind in kinds}


@functools.lru_cache(maxsize=8)
def device_file_table(kinds: tuple[LinkKind, ...]) -> type[DeviceFile]:
    """A whole device file with these kinds of links."""
    any_link: Any = Annotated[functools.reduce(operator.or_, link_tables(kinds).values()), Discriminator("kind")]
    links: Any = (dict[Name, any_link], {})
    return create_model("DeviceFile", __base__=DeviceFile, __doc__=DeviceFile.__doc__, links=links)


SECTION_TABLES: dict[str, type[Table]] = {
    "islands": Island,
    "superconductors": Superconductor,
    "metals": Metal,
    "assumed": Assumed,
    "sourced": Sourced,
}


def check_shape(tables: Mapping[str, Any]) -> DeviceFile:
    """Parsed TOML as a DeviceFile.

    Raises:
        DeviceError: the first thing that does not fit, an unknown key before anything that may follow from it.
    """
    refuse_later_features(tables)
    try:
        return device_file_table(tuple(KINDS.values())).model_validate(tables)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        unknown = [one for one in errors if one["type"] == "extra_forbidden"]
        raise sentence((unknown or errors)[0], tables, known_keys) from None


def known_keys(parents: list[Any], element_kind: str) -> list[str]:
    """The keys of a table.

    Args:
        parents: keys on the way to it.
        element_kind: of a table under ``elements`` or ``links``.
    """
    if not parents:
        table: type[Table] = DeviceFile
    elif parents[0] == "elements":
        table = ELEMENT_TABLES[element_kind]
    elif parents[0] == "links":
        table = link_tables(tuple(KINDS.values()))[element_kind]
    else:
        table = Part if "parts" in parents[2:] else SECTION_TABLES[str(parents[0])]
    return list(table.model_fields)


def json_schema() -> dict[str, Any]:
    """The JSON schema of device files, for editors."""
    return device_file_table(tuple(KINDS.values())).model_json_schema()
