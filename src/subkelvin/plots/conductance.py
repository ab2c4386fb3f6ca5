"""Photonic heat and differential thermal conductance against the cold reservoir's temperature.

Curves of a family stand over ``area_ratio``; a dataset without it is one curve, such as ``conductance(…).to_xarray()`` of
`subkelvin.ndtc`.
"""

from collections.abc import Iterator

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from subkelvin.plots.style import DOT, GREY, LINE_STYLES, PALE, family_colours

FEMTO, MILLI = 1e15, 1e3
RIGHT_TEMPERATURE = r"right temperature  $T_\mathrm{R}$ (mK)"


def draw_heat(axes: Axes, dataset: xr.Dataset) -> None:
    """J(T_R) in femtowatts, one line for each area ratio, a dot on each maximum; the legend explains the lines of all panels.

    Args:
        axes: to draw on.
        dataset: with ``heat`` over ``target_temperature`` and, for a family, ``area_ratio``; if there are, ``peak_temperature`` and
            ``peak_heat``.
    """
    for one, colour, style in _family(dataset):
        label = rf"$\alpha = {float(one.area_ratio):g}$" if "area_ratio" in one.coords else None
        axes.plot(MILLI * one.target_temperature, FEMTO * one.heat, color=colour, linestyle=style, label=label)
        if "peak_temperature" in one:
            axes.plot(MILLI * one.peak_temperature, FEMTO * one.peak_heat, "o", color=colour, markersize=DOT, zorder=4)
    axes.set_ylim(0.0, 1.12 * FEMTO * float(dataset.heat.max()))
    axes.set_ylabel(r"heat current  $J$ (fW)")
    held = rf"$T_\mathrm{{L}} = {MILLI * float(dataset.source_temperature):g}$ mK"
    if "area_ratio" in dataset.coords:
        axes.legend(loc="upper left", title=held, alignment="left")
    else:
        axes.set_title(held, fontsize="medium")


def draw_conductance(axes: Axes, dataset: xr.Dataset) -> None:
    """κ(T_R) in femtowatts per kelvin; the half plane κ < 0 is grey, and dots mark where κ leaves it upwards.

    Args:
        axes: to draw on.
        dataset: with ``conductance`` over ``target_temperature`` and, for a family, ``area_ratio``.
    """
    for one, colour, style in _family(dataset):
        axes.plot(MILLI * one.target_temperature, FEMTO * one.conductance, color=colour, linestyle=style)
    lowest, highest = FEMTO * float(dataset.conductance.min()), FEMTO * float(dataset.conductance.max())
    margin = 0.08 * (highest - lowest)
    axes.set_ylim(lowest - margin, highest + margin)
    axes.axhspan(lowest - margin, 0.0, color=PALE, alpha=0.55, linewidth=0.0, zorder=0)
    axes.axhline(0.0, color=GREY, linewidth=0.6, zorder=1)
    axes.set_ylabel(r"conductance  $\kappa$ (fW/K)")
    axes.text(0.03, 0.06, r"NDTC: $\kappa < 0$", transform=axes.transAxes, va="bottom")


def draw_cold_end(axes: Axes, dataset: xr.Dataset, highest: float) -> None:
    """J over its value at the coldest T_R, from there to a temperature: the shallow minimum, whose dot is the lower edge of NDTC.

    Args:
        axes: to draw on.
        dataset: with ``heat`` over ``area_ratio`` and ``target_temperature``, whose points include the edges; ``lower_edge`` and
            ``opens`` over ``area_ratio`` and ``interval``.
        highest: T_R at which the panel ends [K].
    """
    for one, colour, style in _family(dataset):
        order = np.argsort(one.target_temperature.values)
        temperature, heat = one.target_temperature.values[order], one.heat.values[order]
        # The last point stands on the frame itself.
        shown = np.append(temperature[temperature < highest], highest)
        relative = np.interp(shown, temperature, heat) / heat[0]
        axes.plot(MILLI * shown, relative, color=colour, linestyle=style)
        edges = one.lower_edge.values[one.opens.values.astype(bool)]
        edges = edges[edges < highest]
        if edges.size:
            at_edge = np.interp(edges, temperature, heat) / heat[0]
            axes.plot(MILLI * edges, at_edge, "o", color=colour, markersize=DOT, zorder=4)
    axes.axhline(1.0, color=GREY, linewidth=0.6, zorder=1)
    axes.set_xlim(MILLI * float(dataset.target_temperature.min()), MILLI * highest)
    axes.margins(y=0.08)
    axes.set_ylabel(r"$J(T_\mathrm{R})/J(T_\mathrm{b})$")


def draw_negative_ranges(axes: Axes, dataset: xr.Dataset) -> None:
    """The ranges of T_R with κ < 0, one bar for each area ratio with its ends in numbers; dots: κ = 0 there.

    Args:
        axes: to draw on.
        dataset: with ``lower_edge``, ``upper_edge``, ``opens`` and ``closes`` over ``area_ratio`` and ``interval``.
    """
    for row, (one, colour, style) in enumerate(_family(dataset)):
        for low, high, opens, closes in zip(
            *(one[key].values for key in ("lower_edge", "upper_edge", "opens", "closes")), strict=True
        ):
            if not np.isfinite(low):
                continue
            axes.plot([MILLI * low, MILLI * high], [row, row], color=colour, linestyle=style, solid_capstyle="butt")
            for edge, real in ((low, opens), (high, closes)):
                if real:
                    axes.plot([MILLI * edge], [row], "o", color=colour, markersize=DOT, zorder=4)
            ends = f"{'' if opens else '< '}{MILLI * low:.1f} to {'' if closes else '> '}{MILLI * high:.1f} mK"
            axes.annotate(
                ends, (MILLI * 0.5 * (low + high), row), (0.0, 2.5), textcoords="offset points", ha="center",
                va="bottom", fontsize=6.5,
            )  # fmt: skip
    ratios = [f"{ratio:g}" for ratio in dataset.area_ratio.values]
    axes.set_yticks(range(len(ratios)), labels=ratios)
    axes.tick_params(axis="y", length=0.0)
    axes.set_ylim(len(ratios) - 0.4, -0.8)
    axes.set_ylabel(r"area ratio  $\alpha$")


def _family(dataset: xr.Dataset) -> Iterator[tuple[xr.Dataset, tuple[float, ...], object]]:
    """Each curve with its colour and line style."""
    if "area_ratio" not in dataset.coords:
        return iter([(dataset, family_colours(1)[0], LINE_STYLES[0])])
    ratios = [float(ratio) for ratio in dataset.area_ratio.values]
    curves = [dataset.sel(area_ratio=ratio) for ratio in ratios]
    return zip(curves, family_colours(len(ratios)), LINE_STYLES * len(ratios), strict=False)
