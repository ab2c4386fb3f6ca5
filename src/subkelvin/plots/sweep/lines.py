"""An output of a sweep over one axis, one line for each value of another."""

import math
from itertools import cycle

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from subkelvin.plots.style import DOT, GREY, INK, LINE_STYLES, PALE, family_colours
from subkelvin.plots.sweep.choose import MOST_LINES, Choice
from subkelvin.plots.sweep.missing import reasons
from subkelvin.plots.sweep.sign import Sign, zeros
from subkelvin.plots.sweep.words import logarithmic, scale_of_axis, set_scale, words_of, wrapped
from subkelvin.plots.units import scale_of

ROW = 0.13
"""Height of a row of the legend [inches]."""
MARKS = ("x", "+", "1", "2", "3", "4")
"""Of missing points, one for each reason; on the lower edge of the frame."""
ZERO = "zero of conductance"
"""Name of the dots where κ (or 𝓡) is zero."""


def draw_lines(axes: Axes, choice: Choice) -> None:
    """Lines with a gap and a mark where a point has no value; negative conductance is shaded, with dots where it is zero."""
    part, output = choice.part, choice.output
    x_dim = part[choice.x].dims[0]
    numbers = part[choice.x].values.astype(float)
    order = np.argsort(numbers, kind="stable")
    numbers = numbers[order]
    across = scale_of_axis(numbers, str(part[choice.x].attrs.get("units", "")))
    places = [0]
    if choice.hue is not None:
        size = part.sizes[part[choice.hue].dims[0]]
        places = list(np.unique(np.linspace(0, size - 1, min(size, MOST_LINES)).round().astype(int)))
        part = part.isel({part[choice.hue].dims[0]: places})
        beside = scale_of_axis(part[choice.hue].values.astype(float), str(part[choice.hue].attrs.get("units", "")))
    part = part.isel({x_dim: order}).load()
    up = scale_of(part[output].values, str(part[output].attrs.get("units", "")))
    marks: dict[str, str] = {}
    rows = 0
    for k, (colour, style) in enumerate(zip(family_colours(len(places)), cycle(LINE_STYLES), strict=False)):
        one = part if choice.hue is None else part.isel({part[choice.hue].dims[0]: k})
        label = None if choice.hue is None else f"{beside.factor * one[choice.hue].item():.4g} {beside.unit}".strip()
        values = one[output].values.astype(float)
        known = np.isfinite(values)
        lonely = np.any(known) and not np.any(known[1:] & known[:-1])
        axes.plot(
            across.factor * numbers, up.factor * values, color=colour, linestyle=style, label=label,
            marker="o" if lonely else None, markersize=DOT, gid="values",
        )  # fmt: skip
        for reason, mask in reasons(one.get("status"), values).items():
            new = reason not in marks
            marker = marks.setdefault(reason, MARKS[len(marks) % len(MARKS)])
            axes.plot(
                across.factor * numbers[mask], np.full(mask.sum(), 0.03 + 0.04 * rows), marker, markersize=3.4, clip_on=False,
                transform=axes.get_xaxis_transform(), color=colour if choice.hue else INK, zorder=4, gid="missing",
                label=f"no value: {reason}" if new else None,
            )  # fmt: skip
            rows += 1
        if choice.sign is not None:
            _mark_zeros(axes, one, choice.sign, across.factor * numbers, up.factor * values, colour)
    if choice.sign is not None:
        _shade_negative(axes, choice.sign, output, part[output].values)
    set_scale(axes.xaxis, across.factor * numbers)
    axes.margins(x=0.02)
    axes.set_xlabel(across.label(words_of(part, choice.x)), parse_math=False)
    axes.set_ylabel(wrapped(up.label(choice.words)), parse_math=False)
    shown = words_of(part, choice.hue) if choice.hue else None
    if shown and len(places) < choice.part.sizes[choice.part[choice.hue].dims[0]]:
        shown += f" ({len(places)} of {choice.part.sizes[choice.part[choice.hue].dims[0]]} values)"
    figure, entries = axes.get_figure(root=True), len(axes.get_legend_handles_labels()[0])
    if entries and figure is not None:
        # Below the frame, where it covers no line.
        columns = 2 if marks or choice.sign else 3
        figure.set_figheight(figure.get_figheight() + ROW * (1.0 + math.ceil(entries / columns)))
        figure.legend(title=shown, alignment="left", loc="outside lower center", ncols=columns)


def _mark_zeros(
    axes: Axes, one: xr.Dataset, sign: Sign, x: np.ndarray, y: np.ndarray, colour: tuple[float, ...]
) -> None:
    """A dot on the line where κ (or a responsivity that is drawn) passes through zero between two known points."""
    signed = np.asarray(one[sign.output].values, dtype=float)
    at_x, at_y = zeros(signed, x, y, logarithmic(x))
    if at_x.size:
        axes.plot(at_x, at_y, "o", color=colour, markersize=DOT, zorder=5, gid=ZERO)


def _shade_negative(axes: Axes, sign: Sign, output: str, values: np.ndarray) -> None:
    """Grey below zero, if what is drawn has the sign and is negative somewhere; the legend names the pair."""
    if output == sign.output and np.any(values < 0.0):
        lowest, highest = axes.get_ylim()
        axes.axhspan(
            lowest, min(0.0, highest), color=PALE, alpha=0.55, linewidth=0.0, zorder=0, gid="ndtc", label=f"{sign.words} < 0"
        )  # fmt: skip
        axes.axhline(0.0, color=GREY, linewidth=0.6, zorder=1, gid="zero")
        axes.set_ylim(lowest, highest)
    if any(line.get_gid() == ZERO for line in axes.lines):
        axes.plot([], [], "o", color=INK, markersize=DOT, label=f"{sign.words} = 0")
