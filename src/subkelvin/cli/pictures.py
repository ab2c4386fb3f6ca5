"""The picture that `subkelvin plot` makes of a file."""

from collections.abc import Sequence
from pathlib import Path

from subkelvin.cli.places import require_picture, require_writable
from subkelvin.model.errors import ArgumentError, DeviceError


def draw_stored(
    file: str,
    out: Path,
    *,
    x: str | None,
    y: str | None,
    hue: str | None,
    shown: str | None,
    contours: int | None,
    select: Sequence[str],
) -> None:
    """Draw what a sweep has written; the arguments are those of the command.

    Raises:
        DeviceError: if the file cannot be read, the picture not written, or a name is unknown.
    """
    require_picture(out, "sweep")
    held = {}
    for one in select:
        name, equals, value = one.partition("=")
        if not equals or not value.strip():
            raise DeviceError("--select", f"must be NAME=VALUE, but is {one!r}", 'try --select "island=left"')
        held[name.strip()] = value.strip()
    from subkelvin.plots.sweep.draw import draw_sweep, save_sweep
    from subkelvin.sweeps.open import open_sweep

    output, vertical = (y or "temperature", None) if shown is None else (shown, y)
    with open_sweep(file) as dataset:
        try:
            figure = draw_sweep(dataset, output, x=x, y=vertical, hue=hue, select=held, contours=contours)
        except ArgumentError as error:
            option = {"output": "--y" if shown is None else "--map"}.get(error.argument, f"--{error.argument}")
            raise DeviceError(option, error.problem, error.advice) from None
    require_writable(out.parent)
    save_sweep(figure, out)
