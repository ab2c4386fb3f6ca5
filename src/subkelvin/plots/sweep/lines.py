"""An output of a sweep over one axis, one line for each value of another."""

from itertools import cycle

import numpy as np
from matplotlib.axes import Axes

from subkelvin.plots.style import DOT, GREY, INK, LINE_STYLES, PALE, family_colours
from subkelvin.plots.sweep.choose import MOST_LINES, Choice, conductances
from subkelvin.plots.sweep.missing import reasons
from subkelvin.plots.sweep.words import geometric, scale_of, value_in_words, words_of

MARKS = ("x", "+", "1", "2", "3", "4")
"""Of missing points, one for each reason; on the lower edge of the frame."""


def draw_lines(axes: Axes, choice: Choice) -> None:
    """Lines with a gap and a mark where a point has no value; negative conductance is shaded, with dots where it is zero."""
    part, output = choice.part, choice.output
    x_dim = part[choice.x].dims[0]
    numbers = part[choice.x].values.astype(float)
    order = np.argsort(numbers, kind="stable")
    numbers = numbers[order]
    across = scale_of(numbers, str(part[choice.x].attrs.get("units", "")))
    places = [0]
    if choice.hue is not None:
        size = part.sizes[part[choice.hue].dims[0]]
        places = list(np.unique(np.linspace(0, size - 1, min(size, MOST_LINES)).round().astype(int)))
        part = part.isel({part[choice.hue].dims[0]: places})
    part = part.isel({x_dim: order}).load()
    up = scale_of(part[output].values, str(part[output].attrs.get("units", "")))
    marks: dict[str, str] = {}
    for k, (colour, style) in enumerate(zip(family_colours(len(places)), cycle(LINE_STYLES), strict=False)):
        one = part if choice.hue is None else part.isel({part[choice.hue].dims[0]: k})
        label = None if choice.hue is None else _value(part, choice.hue, one[choice.hue].item())
        values = one[output].values.astype(float)
        lonely = np.isfinite(values).sum() == 1 or not np.any(np.isfinite(values[1:]) & np.isfinite(values[:-1]))
        axes.plot(
            across.factor * numbers, up.factor * values, color=colour, linestyle=style, label=label,
            marker="o" if lonely else None, markersize=DOT, gid="values",
        )  # fmt: skip
        for reason, mask in reasons(one.get("status"), values).items():
            new = reason not in marks
            marker = marks.setdefault(reason, MARKS[len(marks) % len(MARKS)])
            axes.plot(
                across.factor * numbers[mask], np.full(mask.sum(), 0.025 + 0.035 * k), marker, markersize=3.4, clip_on=False,
                transform=axes.get_xaxis_transform(), color=colour if choice.hue else INK, zorder=4, gid="missing",
                label=f"no value: {reason}" if new else None,
            )  # fmt: skip
        _mark_zeros(axes, one, choice, across.factor * numbers, up.factor * values, colour)
    if _signed(output):
        lowest, highest = axes.get_ylim()
        if lowest < 0.0:
            axes.axhspan(lowest, min(0.0, highest), color=PALE, alpha=0.55, linewidth=0.0, zorder=0, gid="ndtc")
            axes.axhline(0.0, color=GREY, linewidth=0.6, zorder=1, gid="zero")
            axes.set_ylim(lowest, highest)
    if geometric(numbers):
        axes.set_xscale("log")
    axes.margins(x=0.02)
    axes.set_xlabel(across.label(words_of(part, choice.x)), parse_math=False)
    axes.set_ylabel(up.label(choice.words), parse_math=False)
    shown = words_of(part, choice.hue) if choice.hue else None
    if shown and len(places) < choice.part.sizes[choice.part[choice.hue].dims[0]]:
        shown += f" ({len(places)} of {choice.part.sizes[choice.part[choice.hue].dims[0]]} values)"
    if axes.get_legend_handles_labels()[0]:
        axes.legend(title=shown, alignment="left", loc="best")


def _signed(output: str) -> bool:
    """Whether NDTC is where the output is negative."""
    return output.startswith(("conductance", "responsivity"))


def _value(part: object, name: str, value: float) -> str:
    """A value with its unit alone, as the legend shows it."""
    return value_in_words(part, name, value).rpartition(" = ")[2]  # type: ignore[arg-type]


def _mark_zeros(axes: Axes, one: object, choice: Choice, x: np.ndarray, y: np.ndarray, colour: object) -> None:
    """A dot on the line where κ (or a responsivity that is drawn) passes through zero between two known points."""
    if _signed(choice.output):
        signed = y
    else:
        names = conductances(choice.part)
        if not names:
            return
        signed = np.asarray(one[names[0]].values, dtype=float)  # type: ignore[index]
        if signed.shape != x.shape:
            return
    before, after = signed[:-1], signed[1:]
    share = before / np.where(before == after, np.nan, before - after)
    passes = np.isfinite(y[:-1] + y[1:]) & (np.sign(before) != np.sign(after)) & np.isfinite(share)
    at_x, at_y = (v[:-1][passes] + share[passes] * np.diff(v)[passes] for v in (x, y))
    axes.plot(at_x, at_y, "o", color=colour, markersize=DOT, zorder=5, gid="zero of conductance")  # type: ignore[arg-type]
