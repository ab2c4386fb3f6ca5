"""The shape of a device file: its tables, their keys, and a sentence for everything that does not fit.

Which numbers a table can hold, their units and ranges come from `subkelvin.model.vocabulary`; here are the names and
references around them. A number that was read is a SI float.
"""

import difflib
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
from pydantic_core import ErrorDetails

from subkelvin.devicefile.units import parse_coupling, parse_quantity, quoted
from subkelvin.model import DeviceError
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
    # The path is not known here: `first_error` puts it in front of the sentence.
    parse = parse_coupling if key == "electron_phonon" else parse_quantity
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
    """Something with one temperature: held (`temperature`) or floating (`power`)."""

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


AnyElement = Annotated[Nis | Nin | Resistor | Capacitor | Inductor | Squid, Discriminator("kind")]
ELEMENT_TABLES: dict[str, type[Element]] = {
    "nis": Nis,
    "nin": Nin,
    "resistor": Resistor,
    "capacitor": Capacitor,
    "inductor": Inductor,
    "squid": Squid,
}


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
    admittance: Literal["static"] = "static"
    islands: dict[Name, Island] = {}
    elements: dict[Name, AnyElement] = {}
    superconductors: dict[Name, Superconductor] = {}
    metals: dict[Name, Metal] = {}
    assumed: list[Assumed] = []
    sourced: list[Sourced] = []


SECTION_TABLES: dict[str, type[Table]] = {
    "islands": Island,
    "superconductors": Superconductor,
    "metals": Metal,
    "assumed": Assumed,
    "sourced": Sourced,
}

NOT_YET = "is not supported in this version"
LATER_KINDS = ("line", "superconductor", "table", "mutual-inductance")
"""Kinds of elements that device files have a place for, but this version cannot compute."""


def check_shape(tables: Mapping[str, Any]) -> DeviceFile:
    """Parsed TOML as a DeviceFile.

    Raises:
        DeviceError: the first thing that does not fit, an unknown key before anything that may follow from it.
    """
    _refuse_later_features(tables)
    try:
        return DeviceFile.model_validate(tables)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        unknown = [one for one in errors if one["type"] == "extra_forbidden"]
        raise _sentence((unknown or errors)[0], tables) from None


def _refuse_later_features(tables: Mapping[str, Any]) -> None:
    if "links" in tables:
        raise DeviceError(
            "links", NOT_YET, "give islands `phonons` and `parts` for electron-phonon heat, elements for photons"
        )
    if tables.get("admittance") == "dynamic":
        raise DeviceError("admittance", f'= "dynamic" {NOT_YET}', 'try admittance = "static"')
    elements = tables.get("elements")
    for name, element in elements.items() if isinstance(elements, dict) else ():
        if not isinstance(element, dict):
            continue
        if isinstance(kind := element.get("kind"), str) and kind in LATER_KINDS:
            raise DeviceError(f"elements.{name}.kind", f"= {kind!r} {NOT_YET}", f"try one of {_list(ELEMENT)}")
        for key in ("normal_island", "superconducting_island"):
            if key in element:
                raise DeviceError(
                    f"elements.{name}.{key}", f"{NOT_YET}: both sides have one temperature", "use `island` for both"
                )
        if "admittance" in element:
            raise DeviceError(f"elements.{name}.admittance", NOT_YET, "set `admittance` once, at the top of the file")


def _sentence(error: ErrorDetails, tables: Mapping[str, Any]) -> DeviceError:
    """What pydantic found, as key, value, what was expected, what to try."""
    keys = list(error["loc"])
    if len(keys) > 2 and keys[0] == "elements" and keys[2] in ELEMENT:
        # pydantic names the kind it chose between an element's name and its keys.
        del keys[2]
    if keys and keys[-1] == "[key]":
        return DeviceError(
            str(keys[0]),
            f"holds the name {quoted(error['input'])}, but names consist of the letters A-Z and a-z, digits, _ and -",
            "rename it",
        )
    path = ".".join(str(key) for key in keys)
    value = quoted(error["input"])
    kind = error["type"]
    context = error.get("ctx", {})
    if isinstance(found := context.get("error"), DeviceError):
        return DeviceError(path, found.problem, found.advice)
    if kind == "extra_forbidden":
        return _unknown_key(keys, path, tables)
    if kind == "missing":
        return _missing_key(keys, path)
    if kind == "union_tag_not_found":
        return DeviceError(path, "has no `kind`", 'try kind = "nis"')
    if kind == "union_tag_invalid":
        given = str(context.get("tag"))
        return DeviceError(
            f"{path}.kind",
            f"must be one of {_list(ELEMENT)}, but is {quoted(given)}",
            nearest(given, ELEMENT, "see docs/device-file.md"),
        )
    if kind == "literal_error":
        choices = str(context.get("expected"))
        return DeviceError(path, f"must be {choices}, but is {value}", f"try {choices.split(' or ')[0]}")
    if kind in ("too_short", "too_long") and keys[-1] == "nodes":
        return DeviceError(path, f"must be two nodes, but is {value}", 'try nodes = ["a", "ground"]')
    expected = {
        "string_type": "a text in quotes",
        "string_pattern_mismatch": "a name of letters A-Z and a-z, digits, _ and -",
        "string_too_long": "a name of at most 64 characters",
        "string_too_short": "a text that is not empty",
        "too_short": "a list that is not empty",
        "list_type": "a list",
        "dict_type": "a table",
        "model_type": "a table",
        "model_attributes_type": "a table",
    }
    return DeviceError(path, f"must be {expected.get(kind, error['msg'])}, but is {value}", "see docs/device-file.md")


def _unknown_key(keys: list[Any], path: str, tables: Mapping[str, Any]) -> DeviceError:
    *parents, key = keys
    kind = ""
    if not parents:
        known = list(DeviceFile.model_fields)
    elif parents[0] == "elements":
        kind = tables["elements"][parents[1]]["kind"]
        known = list(ELEMENT_TABLES[kind].model_fields)
    else:
        known = list((Part if "parts" in parents[2:] else SECTION_TABLES[str(parents[0])]).model_fields)
    if kind and key == "island":
        return DeviceError(path, f"cannot be: a {kind} is lossless and has no temperature", "remove it")
    if kind and key == "superconductor":
        advice = 'remove it, or try kind = "nis"' if kind == "nin" else "remove it"
        return DeviceError(path, f"cannot be: a {kind} has no superconductor", advice)
    if key == "electron_phonon_exponent":
        return DeviceError(
            path, "is read off the unit of `electron_phonon`", 'try electron_phonon = "0.5e9 W m^-3 K^-5"'
        )
    of = f" of a {kind}" if kind else ""
    return DeviceError(path, f"is not a key{of}", nearest(str(key), known, f"the keys are {_list(known)}"))


def _missing_key(keys: list[Any], path: str) -> DeviceError:
    why = {
        "island": ("says at whose temperature the element radiates", 'island = "left"'),
        "superconductor": ("is what makes it a NIS junction", 'superconductor = "Al"'),
        "nodes": ("says where the element is connected", 'nodes = ["a", "ground"]'),
        "material": ("says what the part is made of", 'material = "Ag"'),
        "because": ("says why these values were chosen", 'because = "not stated in the paper"'),
        "source": ("names the source of these values", 'source = "giazotto2006"'),
        "values": ("lists the paths of the values", 'values = ["islands.left.power"]'),
    }
    reason, example = why.get(str(keys[-1]), ("is required", f"{keys[-1]} = …"))
    return DeviceError(path, f"is missing: it {reason}", f"try {example}")


def nearest(word: str, known: Any, otherwise: str) -> str:
    """Advice: the known word most like this one, if one is."""
    found = difflib.get_close_matches(word[:64], [str(one) for one in known], n=1, cutoff=0.6)
    return f"did you mean `{found[0]}`?" if found else otherwise


def _list(words: Any) -> str:
    return ", ".join(str(word) for word in words)


def json_schema() -> dict[str, Any]:
    """The JSON schema of device files, for editors."""
    return DeviceFile.model_json_schema()
