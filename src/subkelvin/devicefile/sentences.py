"""What does not fit a device file, as one sentence: key, value, what was expected, what to try."""

import difflib
from collections.abc import Callable, Collection, Mapping
from typing import Any

from pydantic_core import ErrorDetails

from subkelvin.devicefile.kinds import Kinds
from subkelvin.model import DeviceError
from subkelvin.model.quantities import quoted
from subkelvin.model.vocabulary import METAL

KnownKeys = Callable[[list[Any], str, Kinds], list[str]]

NOT_YET = "is not supported in this version"


def refuse_later_features(tables: Mapping[str, Any]) -> None:
    """Raise a DeviceError for what device files have a place for, but this version cannot compute."""
    elements = tables.get("elements")
    for name, element in elements.items() if isinstance(elements, dict) else ():
        if not isinstance(element, dict):
            continue
        for key in ("normal_island", "superconducting_island"):
            if key in element:
                raise DeviceError(
                    f"elements.{name}.{key}", f"{NOT_YET}: both sides have one temperature", "use `island` for both"
                )


def sentence(error: ErrorDetails, tables: Mapping[str, Any], known: Kinds, known_keys: KnownKeys) -> DeviceError:
    """What pydantic found, as key, value, what was expected, what to try.

    Args:
        error: as pydantic reports it.
        tables: the parsed file.
        known: the kinds of elements and links that there are.
        known_keys: the keys of a table, by the keys on the way to it and, for an element or link, its kind.
    """
    keys = list(error["loc"])
    kinds: Collection[str] = known.link if keys[:1] == ["links"] else known.element
    if len(keys) > 2 and keys[0] in ("elements", "links") and keys[2] in kinds:
        # pydantic names the kind it chose between the name of an element or link and its keys.
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
        return _unknown_key(keys, path, tables, known, known_keys)
    if kind == "missing":
        return _missing_key(keys, path, tables, known)
    if kind == "union_tag_not_found":
        return DeviceError(path, "has no `kind`", f'try kind = "{next(iter(kinds))}"')
    if kind == "union_tag_invalid":
        given = str(context.get("tag"))
        return DeviceError(
            f"{path}.kind",
            f"must be one of {_list(kinds)}, but is {quoted(given)}",
            nearest(given, kinds, "`subkelvin keys` lists all keys"),
        )
    if kind == "literal_error":
        choices = str(context.get("expected"))
        return DeviceError(path, f"must be {choices}, but is {value}", f"try {choices.split(' or ')[0]}")
    if kind in ("too_short", "too_long") and keys[-1] == "couples":
        return DeviceError(path, f"must be two inductors, but is {value}", 'try couples = ["L1", "L2"]')
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
    return DeviceError(
        path, f"must be {expected.get(kind, error['msg'])}, but is {value}", "`subkelvin keys` lists all keys"
    )


def _unknown_key(
    keys: list[Any], path: str, tables: Mapping[str, Any], kinds: Kinds, known_keys: KnownKeys
) -> DeviceError:
    *parents, key = keys
    section = parents[0] if parents else ""
    kind = tables[section][parents[1]]["kind"] if section in ("elements", "links") else ""
    known = known_keys(parents, kind, kinds)
    if section == "elements" and key == "island":
        return DeviceError(path, f"cannot be: a {kind} is lossless and has no temperature", "remove it")
    if section == "elements" and key == "superconductor":
        like = [one.name for one in kinds.elements if one.superconductor and one.numbers == kinds.element[kind].numbers]
        advice = f'remove it, or try kind = "{like[0]}"' if like else "remove it"
        return DeviceError(path, f"cannot be: a {kind} has no superconductor", advice)
    record = kinds.link.get(kind) if section == "links" else kinds.element.get(kind)
    fields = (METAL if section in ("metals", "superconductors") else {}) if record is None else record.numbers
    if str(key).endswith("_exponent") and key in fields:
        base = str(key).removesuffix("_exponent")
        return DeviceError(path, f"is read off the unit of `{base}`", f"try {base} = {fields[base].example}")
    of = f" of a {kind}" if kind else ""
    return DeviceError(path, f"is not a key{of}", nearest(str(key), known, f"the keys are {_list(known)}"))


def _missing_key(keys: list[Any], path: str, tables: Mapping[str, Any], kinds: Kinds) -> DeviceError:
    why = {
        "island": ("says at whose temperature the element radiates", 'island = "left"'),
        "superconductor": ("says which superconductor it is made with", 'superconductor = "Al"'),
        "from": ("names the island that the heat leaves", 'from = "left"'),
        "to": ("names the island that the heat enters", 'to = "bath"'),
        "superconductor_from": ("is the superconductor of the first island", 'superconductor_from = "Al"'),
        "superconductor_to": ("is the superconductor of the second island", 'superconductor_to = "Al"'),
        "nodes": ("says where the element is connected", 'nodes = ["a", "ground"]'),
        "couples": ("names the two inductors that share flux", 'couples = ["L1", "L2"]'),
        "material": ("says what the part is made of", 'material = "Ag"'),
        "because": ("says why these values were chosen", 'because = "not stated in the paper"'),
        "source": ("names the source of these values", 'source = "giazotto2006"'),
        "values": ("lists the paths of the values", 'values = ["islands.left.power"]'),
    }
    if keys[0] == "links" and keys[-1] == "superconductor":
        return DeviceError(path, "is missing: it says what the link is made of", 'try superconductor = "Al"')
    link = kinds.link[tables["links"][keys[1]]["kind"]] if keys[0] == "links" else None
    if link is not None and keys[-1] not in why and keys[-1] in (*link.ends, *link.superconductors):
        what = "the island at this end" if keys[-1] in link.ends else "a superconductor"
        return DeviceError(path, f"is missing: it names {what} of the link", f'try {keys[-1]} = "left"')
    reason, example = why.get(str(keys[-1]), ("is required", f"{keys[-1]} = …"))
    return DeviceError(path, f"is missing: it {reason}", f"try {example}")


def nearest(word: str, known: Any, otherwise: str) -> str:
    """Advice: the known word most like this one, if one is."""
    found = difflib.get_close_matches(word[:64], [str(one) for one in known], n=1, cutoff=0.6)
    return f"did you mean `{found[0]}`?" if found else otherwise


def _list(words: Any) -> str:
    return ", ".join(str(word) for word in words)
