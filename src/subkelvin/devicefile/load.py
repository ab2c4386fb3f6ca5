"""Device files and presets, read."""

import functools
import itertools
import os
import re
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from subkelvin.devicefile.measured import DataFiles
from subkelvin.devicefile.overrides import apply_overrides
from subkelvin.devicefile.toml import parse_toml, require_shallow
from subkelvin.files import read_file
from subkelvin.model import ArgumentError, Device, DeviceError
from subkelvin.model.arguments import require_kind, shown
from subkelvin.model.element_kind import ElementKind
from subkelvin.model.link_kind import LinkKind
from subkelvin.model.quantities import quoted

LARGEST_FILE = 1_000_000
"""Bytes. A device of a thousand islands takes a third of it."""
MOST_OVERRIDES = 10_000
"""Values that may be replaced at once: all of a very large device."""

FULL_ADMITTANCE = (
    'admittance = "dynamic"             # of the junctions, at every frequency; the paper has "static": R(T) alone'
)
"""The line of a new device file in place of that of a preset."""


def load(
    path: str | Path,
    *,
    overrides: Iterable[tuple[str, Any]] = (),
    kinds: Sequence[ElementKind | LinkKind] = (),
    files_elsewhere: bool = False,
) -> Device:
    """Read a device file.

    Args:
        path: of a TOML file.
        overrides: pairs of key path and value, as in the file, that replace what the file says.
        kinds: of elements (`ElementKind`) and links (`link_kind`) of your own; they become part of the device.
        files_elsewhere: whether measured data may stand elsewhere than beside the device file or in folders there.

    Raises:
        DeviceError: naming the key, its value, what was expected and what to try; or why the file cannot be read.
        ValueError: if an argument is not what it must be.
    """
    # A number would be taken for an open file, 0 for what is typed in.
    require_kind("path", path, (str, os.PathLike), '"my-device.toml"')
    require_kind("files_elsewhere", files_elsewhere, bool, "True")
    return loads(
        read_text(path),
        overrides=overrides,
        kinds=kinds,
        files_elsewhere=files_elsewhere,
        folder=Path(path).parent,
        default_name=Path(path).stem,
    )


def loads(
    text: str,
    *,
    overrides: Iterable[tuple[str, Any]] = (),
    kinds: Sequence[ElementKind | LinkKind] = (),
    files_elsewhere: bool = False,
    folder: str | Path = ".",
    default_name: str = "device",
) -> Device:
    """Read a device from the text of a device file.

    Args:
        text: TOML.
        overrides, kinds, files_elsewhere: as in `load`.
        folder: which names of measured tables are relative to.
        default_name: the device's name if the text gives none.

    Raises:
        DeviceError: as in `load`.
    """
    # pydantic takes longer to import than most devices take to compute: only who reads a file pays for it.
    from subkelvin.devicefile.build import build
    from subkelvin.devicefile.kinds import known_kinds
    from subkelvin.devicefile.schema import check_shape

    require_kind("text", text, str, "the text of a device file")
    require_kind("default_name", default_name, str, '"my-device"')
    require_kind("folder", folder, (str, os.PathLike), '"measured"')
    require_kind("files_elsewhere", files_elsewhere, bool, "True")
    overrides = _pairs(overrides)
    tables = apply_overrides(parse_toml(text), overrides)
    require_shallow(tables)
    data = DataFiles(Path(folder), files_elsewhere)
    known = known_kinds(kinds)
    return build(check_shape(tables, known), default_name, [path for path, _ in overrides], data, known)


def _pairs(overrides: Iterable[tuple[str, Any]]) -> tuple[tuple[str, Any], ...]:
    """The overrides as pairs of key path and value."""
    iterable = isinstance(overrides, Iterable) and not isinstance(overrides, (str, bytes, dict))
    # No more are taken out than a device has values: an iterable without end ends here.
    pairs = tuple(itertools.islice(overrides, MOST_OVERRIDES + 1)) if iterable else ()
    good = all(isinstance(pair, (tuple, list)) and len(pair) == 2 and isinstance(pair[0], str) for pair in pairs)
    if not (iterable and good and len(pairs) <= MOST_OVERRIDES):
        raise ArgumentError(
            "overrides",
            f"must be pairs of key and value, but is {shown(overrides)}",
            'try [("islands.left.power", "50 fW")]',
        )
    return tuple((key, value) for key, value in pairs)


def preset(name: str, *, overrides: Iterable[tuple[str, Any]] = ()) -> Device:
    """One of the devices that come with subkelvin.

    Args:
        name: see `preset_names`.
        overrides: as in `load`.

    Raises:
        DeviceError: if there is no preset of that name; as in `load`.
    """
    return loads(preset_text(name), overrides=overrides, default_name=name)


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


def starting_text(name: str) -> str:
    """A preset as a device file to start from: the same device, with the full admittance of its junctions.

    The presets of the paper keep its static admittance, which redraws the paper; a new device starts with the more accurate one.

    Raises:
        DeviceError: if there is no preset of that name.
    """
    return re.sub(r'^admittance = "static".*$', FULL_ADMITTANCE, preset_text(name), flags=re.MULTILINE)


@functools.cache
def preset_names() -> tuple[str, ...]:
    """The names of all presets, sorted."""
    return tuple(
        sorted(file.name.removesuffix(".toml") for file in _presets().iterdir() if file.name.endswith(".toml"))
    )


def _presets() -> Any:
    return resources.files("subkelvin.devicefile") / "presets"


def read_text(path: str | Path) -> str:
    """The text of a file, without the byte-order mark that some editors put before it.

    Raises:
        DeviceError: if it does not exist, is no file, cannot be read, is huge, or is not UTF-8.
    """
    content = read_file(path, LARGEST_FILE, "name a device file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DeviceError("", f"the file {quoted(str(path))} is not a text in UTF-8", "save it as UTF-8") from None
