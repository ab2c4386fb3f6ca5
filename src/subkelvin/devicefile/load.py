"""Device files and presets, read."""

import functools
import itertools
import os
import tomllib
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Any

from subkelvin.devicefile.overrides import apply_overrides
from subkelvin.devicefile.units import quoted
from subkelvin.model import ArgumentError, Device, DeviceError
from subkelvin.model.arguments import require_kind, shown

LARGEST_FILE = 1_000_000
"""Bytes. A device of a thousand islands takes a third of it."""
MOST_OVERRIDES = 10_000
"""Values that may be replaced at once: all of a very large device."""


def load_device(path: str | Path, overrides: Iterable[tuple[str, Any]] = ()) -> Device:
    """Read a device file.

    Args:
        path: of a TOML file.
        overrides: pairs of key path and value, as in the file, that replace what the file says.

    Raises:
        DeviceError: naming the key, its value, what was expected and what to try; or why the file cannot be read.
        ValueError: if an argument is not what it must be.
    """
    # A number would be taken for an open file, 0 for what is typed in.
    require_kind("path", path, (str, os.PathLike), '"my-device.toml"')
    return loads(read_text(path), Path(path).stem, overrides, Path(path).parent)


def loads(
    text: str, default_name: str = "device", overrides: Iterable[tuple[str, Any]] = (), folder: Path = Path()
) -> Device:
    """Read a device from the text of a device file.

    Args:
        text: TOML.
        default_name: the device's name if the text gives none.
        overrides: as in `load_device`.
        folder: which names of measured tables are relative to.

    Raises:
        DeviceError: as in `load_device`.
    """
    # pydantic takes longer to import than most devices take to compute: only who reads a file pays for it.
    from subkelvin.devicefile.build import build
    from subkelvin.devicefile.schema import check_shape

    require_kind("text", text, str, "the text of a device file")
    overrides = _pairs(overrides)
    tables = apply_overrides(parse_toml(text), overrides)
    return build(check_shape(tables), default_name, [path for path, _ in overrides], folder)


def _pairs(overrides: Iterable[tuple[str, Any]]) -> tuple[tuple[str, Any], ...]:
    """The overrides as pairs of key path and value."""
    iterable = isinstance(overrides, Iterable) and not isinstance(overrides, (str, bytes, dict))
    # No more than can be meant are taken out, so that what never ends does end here.
    pairs = tuple(itertools.islice(overrides, MOST_OVERRIDES + 1)) if iterable else ()
    good = all(isinstance(pair, (tuple, list)) and len(pair) == 2 and isinstance(pair[0], str) for pair in pairs)
    if not (iterable and good and len(pairs) <= MOST_OVERRIDES):
        raise ArgumentError(
            "overrides",
            f"must be pairs of key and value, but is {shown(overrides)}",
            'try [("islands.left.power", "50 fW")]',
        )
    return tuple((key, value) for key, value in pairs)


def preset(name: str, overrides: Iterable[tuple[str, Any]] = ()) -> Device:
    """One of the devices that come with subkelvin.

    Args:
        name: see `preset_names`.
        overrides: as in `load_device`.

    Raises:
        DeviceError: if there is no preset of that name; as in `load_device`.
    """
    return loads(preset_text(name), name, overrides)


def preset_text(name: str) -> str:
    """The device file of a preset.

    Raises:
        DeviceError: if there is no preset of that name.
    """
    require_kind("name", name, str, '"silver-setup-1"')
    if name not in preset_names():
        from subkelvin.devicefile.sentences import nearest

        presets = f"the presets are {', '.join(preset_names())}"
        raise DeviceError("", f"there is no preset {quoted(name)}", nearest(name, preset_names(), presets))
    return (_presets() / f"{name}.toml").read_text(encoding="utf-8")


@functools.cache
def preset_names() -> tuple[str, ...]:
    """The names of all presets, sorted."""
    return tuple(
        sorted(file.name.removesuffix(".toml") for file in _presets().iterdir() if file.name.endswith(".toml"))
    )


def _presets() -> Any:
    return resources.files("subkelvin.devicefile") / "presets"


def read_text(path: str | Path) -> str:
    """The text of a file.

    Raises:
        DeviceError: if it does not exist, is a directory, cannot be read, is huge, or is not UTF-8.
    """
    name = quoted(str(path))
    try:
        with open(path, "rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise DeviceError("", f"there is no file {name}", "check the path, or list the presets") from None
    except IsADirectoryError:
        raise DeviceError("", f"{name} is a directory, not a device file", "name a .toml file in it") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "the path cannot be used"
        raise DeviceError("", f"the file {name} cannot be read: {reason}", "check its path and permissions") from None
    if len(content) > LARGEST_FILE:
        raise DeviceError("", f"the file {name} has more than {LARGEST_FILE:,} bytes", "name a device file")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise DeviceError("", f"the file {name} is not a text in UTF-8", "save it as UTF-8") from None


def parse_toml(text: str) -> dict[str, Any]:
    """The tables of a TOML text.

    Raises:
        DeviceError: if it is not TOML.
    """
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise DeviceError("", "the text is nested too deeply for a device file", "see docs/device-file.md") from None
    except ValueError as error:
        raise DeviceError("", f"the text is not TOML: {error}".rstrip("."), "see docs/device-file.md") from None
