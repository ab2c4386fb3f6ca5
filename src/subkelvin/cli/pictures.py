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
        if name.strip() in held:
            raise DeviceError(
                "--select", f"must name {name.strip()!r} once, but does so twice", "leave out one of them"
            )
        held[name.strip()] = value.strip()
    if y is not None and not y.strip():
        raise DeviceError("--y", "must name an output of the sweep, but is empty", "try --y temperature")
    _require_outside_stores(out)
    from subkelvin.plots.sweep.draw import draw_sweep, save_sweep
    from subkelvin.sweeps.open import open_sweep
    from subkelvin.sweeps.store import told

    output, vertical = (y or "temperature", None) if shown is None else (shown, y)
    # Numbers are read while they are drawn.
    with told(Path(file)), open_sweep(file) as dataset:
        try:
            figure = draw_sweep(
                dataset, output, x=x, y=vertical, hue=hue, select=held, as_map=shown is not None, contours=contours
            )
        except ArgumentError as error:
            option = {"output": "--y" if shown is None else "--map"}.get(error.argument, f"--{error.argument}")
            raise DeviceError(option, error.problem, error.advice) from None
    require_writable(out.parent)
    save_sweep(figure, out)


def _require_outside_stores(out: Path) -> None:
    """Raise a DeviceError if a picture would lie in a store, among the chunks."""
    for folder in out.resolve().parents:
        if folder.suffix == ".zarr" or (folder / "zarr.json").exists():
            raise DeviceError(
                "--out", f"must lie outside the store {str(folder)!r}, but is {str(out)!r}", f"try --out {out.name}"
            )
