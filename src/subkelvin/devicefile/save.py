"""A device as a file."""

import os
from pathlib import Path

from subkelvin.devicefile.dump import dump
from subkelvin.files import write_whole
from subkelvin.model import Device
from subkelvin.model.arguments import require_kind
from subkelvin.model.device_arguments import require_device


def save(device: Device, file: str | Path) -> None:
    """Write a device as a device file, every line with its meaning; `load` reads back an equal device.

    Args:
        device: of plain numbers.
        file: to write, whole or not at all; one that exists is replaced.

    Raises:
        DeviceError: if a value is an array or a tracer, or the file cannot be written.

    Example:
        >>> import tempfile, pathlib
        >>> from subkelvin import load, preset, save
        >>> file = pathlib.Path(tempfile.mkdtemp()) / "mine.toml"
        >>> save(preset("silver-setup-1").replace({"islands.left.power": "50 fW"}), file)
        >>> load(file).values["islands.left.power"]
        5e-14
    """
    require_device(device)
    require_kind("file", file, (str, os.PathLike), '"my-device.toml"')
    text = dump(device)
    write_whole(file, lambda place: place.write_text(text, encoding="utf-8"))
