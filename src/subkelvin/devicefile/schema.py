"""The shape of a device file: its tables, their keys, and a sentence for everything that does not fit.

Which numbers a table can hold, their units and ranges come from `subkelvin.model.vocabulary` and from the records of kinds, from
which the tables of elements and links are made; here are the names and references around them. A number that was read is a SI
float.
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

from subkelvin.devicefile.kinds import OF_THE_PACKAGE, Kinds
from subkelvin.devicefile.measured import COMPLEX_KEYS, PLAIN_KEYS
from subkelvin.devicefile.row_shapes import FROM_PYTHON, column, complex_in_row, in_row
from subkelvin.devicefile.sentences import refuse_later_features, sentence
from subkelvin.model.element_kind import ElementKind, SharedFlux
from subkelvin.model.link_kind import LinkKind
from subkelvin.model.quantities import (
    carries_exponent,
    is_plain_number,
    number_from_python,
    parse_coupling,
    parse_quantity,
)
from subkelvin.model.vocabulary import ISLAND, METAL, PART, SUPERCONDUCTOR, TABLE, Field

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
    """Class decorator: the table can also hold these numbers; an exponent is read off a unit."""

    def extend(table: type[T]) -> type[T]:
        extra: dict[str, Any] = {
            key: (_annotation(field, fields.get(f"{key}_exponent")), None)
            for key, field in fields.items()
            if not key.endswith("_exponent")
        }
        return create_model(table.__name__, __base__=table, __doc__=table.__doc__, **extra)

    return extend


def _annotation(field: Field, exponents: Field | None) -> Any:
    # The path is not known here: `sentence` puts it in front of the sentence.
    parse: Callable[..., Any] = parse_coupling if carries_exponent(field) else parse_quantity
    if exponents is not None:
        parse = functools.partial(parse, exponents=exponents)
    as_written = {"type": "string"} if field.unit else {"type": "number"}
    return Annotated[
        Any,
        BeforeValidator(
            lambda value, how: (
                number_from_python(value, field, "")
                if (how.context or {}).get(FROM_PYTHON) and is_plain_number(value)
                else parse(value, field, "")
            )
        ),
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


@holds_numbers(METAL)
class Metal(Table):
    """A normal metal; `base` names a library entry whose values hold unless given here."""

    base: str | None = None


@holds_numbers(SUPERCONDUCTOR)
class Superconductor(Table):
    """A superconductor and its gap model."""

    base: str | None = None
    gap_model: Literal["interpolated", "bcs"] = "bcs"


class Element(Table):
    """What every circuit element has: a kind."""

    kind: str


def element_table(kind: ElementKind) -> type[Element]:
    """The table of one kind of element: where it is connected, its island, its superconductor, its numbers and rows."""
    pair = Annotated[list[Name], SchemaField(min_length=2, max_length=2)]
    keys: dict[str, Any] = {"kind": (Literal[kind.name], ...)}
    keys["couples" if isinstance(kind.law, SharedFlux) else "nodes"] = (pair, ...)
    if kind.may_radiate:
        keys["island"] = (Name, ...) if kind.radiates else (Name | None, None)
    if kind.superconductor:
        keys["superconductor"] = (Name, ...)
    if kind.two_models:
        keys["admittance"] = (Literal["static", "dynamic"] | None, None)
    if kind.ports:
        keys |= {"file": (str | None, None), "outside": (Literal["hold", "refuse"], "refuse")}
        keys |= {key: (column(in_row(TABLE[key])), None) for key in PLAIN_KEYS[kind.ports]}
        keys |= dict.fromkeys(COMPLEX_KEYS[kind.ports], (column(complex_in_row(TABLE["admittance"])), None))
    title = f"{_title(kind.name)}Element"
    return holds_numbers(kind.numbers)(create_model(title, __base__=Element, __doc__=kind.meaning, **keys))


def _title(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("-"))


class Link(Table):
    """What every link has: a kind."""

    kind: str


def link_table(kind: LinkKind) -> type[Link]:
    """The table of one kind of link: its islands, its superconductors, its numbers."""
    name = kind.junctions is None
    keys: dict[str, Any] = {
        "kind": (Literal[kind.name], ...),
        **dict.fromkeys(kind.ends, (Name, ...)),
        **({} if kind.junctions is None else {"element": (Name | None, None)}),
        **dict.fromkeys(kind.superconductors, (Name, ...) if name else (Name | None, None)),
    }
    table = create_model(_title(kind.name), __base__=Link, __doc__=kind.meaning, **keys)
    return holds_numbers(kind.numbers)(table)


class Assumed(Table):
    """Values that nobody measured for this device and no source states, with the reason for choosing them.

    A path may hold ``*`` for any one name or index: ``elements.*.area``. With ``at``, SI numbers in the order of ``values``, a path
    is meant only as long as its value is this one: what somebody changes then loses its origin by itself.
    """

    because: Annotated[str, StringConstraints(min_length=1)]
    values: Annotated[list[str], SchemaField(min_length=1)]
    at: list[float] | None = None
    source: str = ""


class Sourced(Table):
    """Values that a source states; ``at`` as in `Assumed`."""

    source: Annotated[str, StringConstraints(min_length=1)]
    values: Annotated[list[str], SchemaField(min_length=1)]
    at: list[float] | None = None
    note: str = ""


class DeviceFile(Table):
    """A whole device file."""

    name: str | None = None
    admittance: Literal["static", "dynamic"] = "static"
    islands: dict[Name, Island] = {}
    elements: dict[Name, Any] = {}
    superconductors: dict[Name, Superconductor] = {}
    metals: dict[Name, Metal] = {}
    links: dict[Name, Any] = {}
    assumed: list[Assumed] = []
    sourced: list[Sourced] = []


@functools.lru_cache(maxsize=8)
def kind_tables(kinds: Kinds) -> dict[str, dict[str, type[Table]]]:
    """The table of every kind of element and link, by section and kind."""
    return {
        "elements": {kind.name: element_table(kind) for kind in kinds.elements},
        "links": {kind.name: link_table(kind) for kind in kinds.links},
    }


@functools.lru_cache(maxsize=8)
def device_file_table(kinds: Kinds) -> type[DeviceFile]:
    """A whole device file with these kinds."""
    sections: dict[str, Any] = {}
    for section, tables in kind_tables(kinds).items():
        one: Any = Annotated[functools.reduce(operator.or_, tables.values()), Discriminator("kind")]
        sections[section] = (dict[Name, one], {})
    return create_model("DeviceFile", __base__=DeviceFile, __doc__=DeviceFile.__doc__, **sections)


SECTION_TABLES: dict[str, type[Table]] = {
    "islands": Island,
    "superconductors": Superconductor,
    "metals": Metal,
    "assumed": Assumed,
    "sourced": Sourced,
}


def check_shape(tables: Mapping[str, Any], kinds: Kinds = OF_THE_PACKAGE, from_python: bool = False) -> DeviceFile:
    """Parsed TOML as a DeviceFile.

    Args:
        tables: as in a file.
        kinds: of elements and links that may stand in it.
        from_python: whether bare numbers are SI numbers, as in Python; in a file they lack their unit.

    Raises:
        DeviceError: the first thing that does not fit, an unknown key before anything that may follow from it.
    """
    refuse_later_features(tables)
    try:
        return device_file_table(kinds).model_validate(tables, context={FROM_PYTHON: from_python})
    except ValidationError as error:
        errors = error.errors(include_url=False)
        unknown = [one for one in errors if one["type"] == "extra_forbidden"]
        raise sentence((unknown or errors)[0], tables, kinds, known_keys) from None


def known_keys(parents: list[Any], kind: str, kinds: Kinds) -> list[str]:
    """The keys of a table.

    Args:
        parents: keys on the way to it.
        kind: of a table under ``elements`` or ``links``.
        kinds: that there are.
    """
    if not parents:
        table: type[Table] = DeviceFile
    elif parents[0] in ("elements", "links"):
        table = kind_tables(kinds)[parents[0]][kind]
    else:
        table = Part if "parts" in parents[2:] else SECTION_TABLES[str(parents[0])]
    return list(table.model_fields)


def json_schema() -> dict[str, Any]:
    """The JSON schema of device files, for editors."""
    return device_file_table(OF_THE_PACKAGE).model_json_schema()
