"""Changes from outside the file: ``islands.left.power=20 fW``.

They are made to the parsed file, so that units and errors are those of the file.
"""

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from subkelvin.devicefile.sentences import nearest
from subkelvin.devicefile.toml import parse_toml
from subkelvin.model import DeviceError
from subkelvin.model.quantities import quoted


def parse_override(text: str) -> tuple[str, Any]:
    """Split ``PATH=VALUE``; the value is TOML, and a plain string if it is not.

    Raises:
        DeviceError: if there is no path or no equals sign.
    """
    path, equals, value = text.partition("=")
    path = path.strip()
    if not equals or not path:
        raise DeviceError("--set", f"must be PATH=VALUE, but is {quoted(text)}", 'try --set "islands.left.power=20 fW"')
    try:
        parsed = parse_toml(f"value = {value}")
    except DeviceError:
        return path, value.strip()
    return path, parsed["value"] if set(parsed) == {"value"} else value.strip()


def apply_overrides(tables: Mapping[str, Any], overrides: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """The parsed file with some keys set.

    Args:
        tables: parsed TOML.
        overrides: pairs of path and value; list items by index, as in ``islands.left.parts.0.volume``.

    Raises:
        DeviceError: if a table or list item on the way does not exist.
    """
    changed = copy.deepcopy(dict(tables))
    for path, value in overrides:
        *parents, last = path.split(".")
        place: Any = changed
        for depth, key in enumerate(parents):
            place = place[_existing(place, key, ".".join(parents[: depth + 1]))]
        if isinstance(place, list):
            place[_existing(place, last, path)] = value
        elif isinstance(place, dict):
            place[last] = value
        else:
            raise _nowhere(path, ".".join(parents), place)
    return changed


def _existing(place: Any, key: str, path: str) -> Any:
    """The key or index of something that exists."""
    if isinstance(place, dict) and key in place:
        return key
    if isinstance(place, list) and key.isascii() and key.isdecimal() and len(key) < 9 and int(key) < len(place):
        return int(key)
    raise _nowhere(path, path.rpartition(".")[0], place)


def _nowhere(path: str, parent: str, place: Any) -> DeviceError:
    if isinstance(place, dict):
        advice = nearest(path.rpartition(".")[2], place, f"there are {', '.join(place) or 'none'}")
    elif isinstance(place, list):
        advice = f"its items are numbered from 0 to {len(place) - 1}" if place else "the list is empty"
    else:
        advice = f"`{parent}` is {quoted(place)}"
    return DeviceError(path, "cannot be set: the device has nothing of that name", advice)
