"""Any output of a sweep against any of its axes: lines, maps, and points of random designs."""

import textwrap
from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl
import xarray as xr
from matplotlib.figure import Figure

from subkelvin.files.write import write_whole
from subkelvin.model import ArgumentError
from subkelvin.model.arguments import shown
from subkelvin.model.quantities import is_plain_number
from subkelvin.plots.style import GREY, SINGLE_COLUMN, journal_style, new_figure
from subkelvin.plots.sweep.choose import choose
from subkelvin.plots.sweep.lines import draw_lines
from subkelvin.plots.sweep.map import draw_map

HEIGHT_OF_LINES, HEIGHT_OF_MAP = 62.0, 68.0
"""Of a picture [mm]."""
WIDTHS = (30.0, 500.0)
"""Narrowest and widest picture [mm]: labels fit, and a poster has no more."""
LETTERS = 62
"""That stand beside one another above a picture one column wide."""
MOST_CONTOURS = 50
"""Contours that can still be told apart in one column."""


def draw_sweep(
    dataset: xr.Dataset,
    output: str,
    *,
    x: str | None = None,
    y: str | None = None,
    hue: str | None = None,
    select: Mapping[str, object] | None = None,
    as_map: bool = False,
    contours: int | None = None,
    width: float = SINGLE_COLUMN,
) -> Figure:
    """An output of a sweep over one axis as lines, or over two as a map; only what is drawn is read.

    Points without a value are marked, with the reason from ``status``, and no line or contour bridges them. Where κ is in
    the sweep, its zeros are marked (linear between two points) and κ < 0 is shaded; where it is not, nothing is.

    Args:
        dataset: of `subkelvin.sweep`, in memory or read by `open_sweep`.
        output: name of what is drawn, such as "temperature" or "heat"; without a selection, of the first island that floats,
            or the first path of photons.
        x: horizontal axis, by its key; a temperature, or the longest axis, by default.
        y: vertical axis of a map; by default an axis that is left and is too long for lines.
        hue: the axis that has a line for each of its values (seven at most).
        select: what the other axes are held at, by key (SI floats or texts with units; the nearest point is taken) or by
            ``island``, ``kind``, ``source``, ``target``.
        as_map: whether it must be a map, although the axis that is left is short enough for lines.
        contours: how many contour lines a map gets; lines have none.
        width: of the picture, 30 to 500 mm.

    Raises:
        ArgumentError: if a name is unknown, a value lies outside the sweep, or more axes vary than a picture has.

    Example:
        >>> from subkelvin import preset, sweep
        >>> from subkelvin.plots import draw_sweep
        >>> found = sweep(preset("silver-setup-1"), {"islands.right.temperature": [0.1, 0.2, 0.3]})
        >>> figure = draw_sweep(found, "temperature", select={"island": "left"})
        >>> figure.axes[0].get_ylabel()
        'temperature of left (mK)'
    """
    if not isinstance(dataset, xr.Dataset):
        raise ArgumentError(
            "dataset", f"must be a dataset of a sweep, but is {shown(dataset)}", "try sweep(device, axes)"
        )
    if contours is not None and not (isinstance(contours, int) and 0 <= contours <= MOST_CONTOURS):
        raise ArgumentError("contours", f"must be a number of 0 to {MOST_CONTOURS}, but is {shown(contours)}", "try 8")
    if not isinstance(select or {}, Mapping):
        raise ArgumentError("select", f"must be a mapping by name, but is {shown(select)}", 'try {"island": "left"}')
    low, high = WIDTHS
    if not (is_plain_number(width) and low <= width <= high):
        raise ArgumentError("width", f"must be {low:g} to {high:g} mm, but is {shown(width)}", f"try {SINGLE_COLUMN:g}")
    choice = choose(dataset, output, x, y, hue, select or {}, as_map)
    if contours and choice.y is None:
        raise ArgumentError(
            "contours",
            f"are lines of a map, but {output} is drawn as lines over one axis",
            "ask for a map, or leave them out",
        )
    with journal_style():
        figure = new_figure(width, HEIGHT_OF_LINES if choice.y is None else HEIGHT_OF_MAP)
        axes = figure.subplots()
        if choice.y is None:
            draw_lines(axes, choice)
        else:
            draw_map(axes, choice, contours)
        told = [*choice.title, *([f"{model} admittance"] if (model := dataset.attrs.get("admittance")) else [])]
        room = int(LETTERS * width / SINGLE_COLUMN)
        axes.set_title(
            "\n".join(textwrap.wrap(", ".join(told), room)), fontsize=7.0, color=GREY, loc="left", parse_math=False
        )
    return figure


def save_sweep(figure: Figure, file: Path) -> None:
    """Write a picture whole or not at all, without the time: the same sweep gives the same file.

    Args:
        figure: of `draw_sweep`.
        file: its ending names the format: .pdf, .png or .svg.

    Raises:
        DeviceError: if the file cannot be written.
    """
    metadata = {".pdf": {"CreationDate": None}, ".png": {"Software": None}, ".svg": {"Date": None}}
    with journal_style(), mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "subkelvin"}):
        write_whole(file, lambda finished: figure.savefig(finished, metadata=metadata.get(file.suffix.lower())))
