"""An output of a sweep over two axes as a map, or over two values of a random design as points."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from subkelvin.plots.style import GREY, INK
from subkelvin.plots.sweep.choose import Choice
from subkelvin.plots.sweep.missing import reasons
from subkelvin.plots.sweep.words import logarithmic, scale_of_axis, set_scale, words_of, wrapped
from subkelvin.plots.units import scale_of

HATCHES = ("////", "....", "\\\\\\\\", "xxxx", "----", "++++")
"""Of missing points, one for each reason."""
NO_VALUE = "#e4e4e4"
"""Colour of missing points."""


def draw_map(axes: Axes, choice: Choice, contours: int | None) -> None:
    """Colours with a bar, missing points hatched, κ < 0 dotted white and its edge κ = 0 black; contours if asked for."""
    part, output = choice.part, choice.output
    assert choice.y is not None
    scattered = part[choice.x].dims == part[choice.y].dims
    for name in (choice.x, choice.y):
        part = part if scattered else part.isel({part[name].dims[0]: np.argsort(part[name].values, kind="stable")})
    part = part.load()
    x, y = (part[name].values.astype(float) for name in (choice.x, choice.y))
    over = (part[choice.x].dims[0],) if scattered else (part[choice.y].dims[0], part[choice.x].dims[0])
    part = part.transpose(*over, missing_dims="ignore")
    values = part[output].values.astype(float)
    scales = [
        scale_of_axis(one, str(part[name].attrs.get("units", ""))) for name, one in ((choice.x, x), (choice.y, y))
    ]
    x, y = scales[0].factor * x, scales[1].factor * y
    colour = scale_of(values, str(part[output].attrs.get("units", "")))
    known = colour.factor * np.ma.masked_invalid(values)
    look = _colours(known)
    shown: ScalarMappable
    if scattered:
        shown = axes.scatter(
            x,
            y,
            c=known.filled(np.nan),
            s=9.0,
            linewidths=0.0,
            rasterized=True,
            gid="values",
            plotnonfinite=False,
            **look,
        )
    else:
        shown = axes.pcolormesh(_edges(x), _edges(y), known, shading="flat", rasterized=True, gid="values", **look)
    handles = _draw_missing(axes, part, x, y, values)
    for axis, limit, numbers in ((axes.xaxis, axes.set_xlim, x), (axes.yaxis, axes.set_ylim, y)):
        set_scale(axis, numbers)
        if not scattered:
            limit(_edges(numbers)[0], _edges(numbers)[-1])
    if not scattered and min(known.shape) > 1:
        handles += _draw_edge(axes, part, choice, x, y)
        if contours and known.count() > 0 and known.max() > known.min():
            lines = axes.contour(x, y, known, levels=contours, colors=INK, linewidths=0.5)
            axes.clabel(lines, fontsize=6.0, fmt=lambda level: f"{level:g}".replace("-", "−"))
    axes.set_xlabel(scales[0].label(words_of(part, choice.x)), parse_math=False)
    axes.set_ylabel(scales[1].label(words_of(part, choice.y)), parse_math=False)
    figure = axes.get_figure(root=True)
    assert figure is not None
    if known.count() > 0:
        bar = figure.colorbar(shown, ax=axes, pad=0.02, aspect=24)
        bar.set_label(wrapped(colour.label(choice.words)), parse_math=False)
        bar.outline.set_linewidth(0.5)
    else:
        axes.set_ylabel(f"{axes.get_ylabel()}\n{choice.words}: no value anywhere", parse_math=False)
    if handles:
        figure.legend(handles=handles, loc="outside lower center", ncols=1 if len(handles) > 2 else 2, fontsize=6.5)


def _draw_missing(
    axes: Axes, part: xr.Dataset, x: np.ndarray, y: np.ndarray, values: np.ndarray
) -> list[Patch | Line2D]:
    """Crosses at the missing points of a random design, hatched cells in a map; one entry of the legend for each reason."""
    handles: list[Patch | Line2D] = []
    for k, (reason, mask) in enumerate(reasons(part.get("status"), values).items()):
        label = f"no value: {reason}"
        if values.ndim == 1:
            handles += axes.plot(
                x[mask], y[mask], "x+1234"[k % 6], color=GREY, markersize=3.2, label=label, gid="missing"
            )
        else:
            axes.pcolor(
                _edges(x), _edges(y), np.ma.masked_array(np.ones_like(values), ~mask), cmap=_plain(), hatch=HATCHES[k % 6],
                edgecolor=GREY, linewidth=0.0, gid="missing",
            )  # fmt: skip
            handles.append(Patch(facecolor=NO_VALUE, edgecolor=GREY, hatch=HATCHES[k % 6], label=label, linewidth=0.0))
    return handles


def _colours(known: np.ma.MaskedArray) -> dict[str, Any]:
    """One even map for one sign; where the sign changes, two hues that are white at zero."""
    if known.count() and known.min() < 0.0 < known.max():
        largest = float(np.abs(known).max())
        return {"cmap": "RdBu_r", "vmin": -largest, "vmax": largest}
    return {"cmap": "viridis"}


def _plain() -> Colormap:
    return ListedColormap([NO_VALUE])


def _edges(centres: np.ndarray) -> np.ndarray:
    """Edges of the cells around sorted values: halfway, in the logarithm if they are spaced geometrically."""
    if centres.size == 1:
        half = 0.5 * abs(centres[0]) or 0.5
        return np.array([centres[0] - half, centres[0] + half])
    if logarithmic(centres):
        return np.exp(_halfway(np.log(centres)))
    return _halfway(centres)


def _halfway(centres: np.ndarray) -> np.ndarray:
    middle = 0.5 * (centres[1:] + centres[:-1])
    return np.concatenate([[2 * centres[0] - middle[0]], middle, [2 * centres[-1] - middle[-1]]])


def zero_lines(x: np.ndarray, y: np.ndarray, values: np.ndarray) -> list[np.ndarray]:
    """The lines on which values are zero, linear between points in what the axes show: ln x where an axis is logarithmic."""
    shown = [np.log(one) if logarithmic(one) else one for one in (x, y)]
    lines = Figure().add_subplot().contour(*shown, values, levels=[0.0]).allsegs[0]
    back = [np.exp if logarithmic(one) else np.asarray for one in (x, y)]
    return [np.stack([take(line[:, k]) for k, take in enumerate(back)], axis=1) for line in lines]


def _draw_edge(axes: Axes, part: xr.Dataset, choice: Choice, x: np.ndarray, y: np.ndarray) -> list[Patch | Line2D]:
    """The line κ = 0, and dots over κ < 0; nothing if the sweep holds no κ, or several."""
    if choice.sign is None:
        return []
    signed = np.ma.masked_invalid(part[choice.sign.output].values.astype(float))
    if not (signed.count() and signed.min() < 0.0):
        return []
    lowest = float(signed.min())
    shade = axes.contourf(x, y, signed, levels=[2.0 * lowest, 0.0], colors="none", hatches=["...."])
    shade.set_edgecolor((1.0, 1.0, 1.0, 0.6))
    shade.set_linewidth(0.0)
    shade.set_gid("ndtc")
    handles: list[Patch | Line2D] = [
        Patch(facecolor="#9a9a9a", edgecolor="white", hatch="....", label=f"{choice.sign.words} < 0", linewidth=0.0)
    ]
    if signed.max() > 0.0:
        for line in zero_lines(x, y, signed):
            axes.plot(*line.T, color=INK, linewidth=1.0, gid="zero of conductance")
        handles.append(Line2D([], [], color=INK, linewidth=1.0, label=f"{choice.sign.words} = 0"))
    return handles
