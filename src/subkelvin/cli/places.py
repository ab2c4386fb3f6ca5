"""Where commands read and write."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from subkelvin.model.errors import DeviceError

if TYPE_CHECKING:
    from subkelvin.model import Device


def read_device(name: str, changes: Sequence[str], files_elsewhere: bool = False) -> "Device":
    """The device in a file or preset, with values set; a file wins over a preset of the same name.

    Args:
        name: of the file or preset.
        changes: ``PATH=VALUE``.
        files_elsewhere: whether measured data may stand elsewhere than beside the device file.

    Raises:
        DeviceError: if there is neither, or what is there is invalid.
    """
    from subkelvin.devicefile import load, preset, preset_names
    from subkelvin.devicefile.overrides import parse_override
    from subkelvin.devicefile.sentences import nearest

    overrides = [parse_override(change) for change in changes]
    if name in preset_names() and not os.path.exists(name):
        return preset(name, overrides=overrides)
    is_a_path = os.path.exists(name) or name.endswith(".toml") or os.sep in name
    if is_a_path or "\0" in name:
        return load(name, overrides=overrides, files_elsewhere=files_elsewhere)
    everything = f"the presets are {', '.join(preset_names())}"
    raise DeviceError("", f"{name!r} is neither a file nor a preset", nearest(name, preset_names(), everything))


PICTURES = (".pdf", ".png", ".svg")
"""Endings of pictures."""


def require_picture(file: Path, usual: str) -> None:
    """Raise a DeviceError unless the ending of a file is that of a picture; ``usual`` is a name to suggest."""
    if file.suffix.lower() not in PICTURES:
        problem = f"must end in {', '.join(PICTURES[:-1])} or {PICTURES[-1]}, but is {str(file)!r}"
        raise DeviceError("--out", problem, f"try --out {file.stem or usual}.pdf")


def require_writable(folder: Path) -> None:
    """Make a folder if need be, and raise a DeviceError unless files can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder):
            pass
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DeviceError(
            "--out", f"must be a folder that can be written, but {str(folder)!r} is not: {reason}", "try --out figures"
        ) from None
