"""Photonic heat and differential thermal conductance against the cold reservoir's temperature."""

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from subkelvin.plots.style import GREY, LINE_STYLES, family_colours

FEMTO = 1e15


def draw_heat(axes: Axes, dataset: xr.Dataset) -> None:
    """J(T_R) in femtowatts, one line for each area ratio, a dot on each maximum.

    Args:
        axes: to draw on.
        dataset: with ``heat`` over ``area_ratio`` and ``target_temperature``, and ``peak_temperature`` and ``peak_heat``
            over ``area_ratio``.
    """
    for ratio, colour, style in _family(dataset):
        one = dataset.sel(area_ratio=ratio)
        axes.plot(
            one.target_temperature, FEMTO * one.heat, color=colour, linestyle=style, label=rf"$\alpha = {ratio:g}$"
        )
        axes.plot(one.peak_temperature, FEMTO * one.peak_heat, "o", color=colour, markersize=2.8, zorder=4)
    axes.set_ylim(0.0, 1.12 * FEMTO * float(dataset.heat.max()))
    axes.set_ylabel(r"heat current  $J$ (fW)")
    axes.legend(
        loc="upper left", title=rf"$T_\mathrm{{L}} = {float(dataset.source_temperature):g}$ K", alignment="left"
    )


def draw_conductance(axes: Axes, dataset: xr.Dataset) -> None:
    """κ(T_R) in femtowatts per kelvin; the ranges with κ < 0 are shaded down to the curve and their edges marked.

    Args:
        axes: to draw on.
        dataset: with ``conductance`` over ``area_ratio`` and ``target_temperature`` (whose points include the edges), and
            ``lower_edge`` and ``upper_edge`` over ``area_ratio`` and ``interval``.
    """
    axes.axhline(0.0, color=GREY, linewidth=0.6, zorder=1)
    for ratio, colour, style in _family(dataset):
        one = dataset.sel(area_ratio=ratio)
        order = np.argsort(one.target_temperature.values)
        temperature, kappa = one.target_temperature.values[order], FEMTO * one.conductance.values[order]
        axes.plot(temperature, kappa, color=colour, linestyle=style)
        axes.fill_between(temperature, kappa, 0.0, where=kappa <= 0.0, color=colour, alpha=0.13, linewidth=0.0)
        for edges, opens in ((one.lower_edge, one.opens), (one.upper_edge, one.closes)):
            real = edges.values[opens.values.astype(bool)]
            # A line without points would still claim room in the corner of the page.
            if real.size:
                axes.plot(real, np.zeros(real.size), "o", color=colour, markersize=2.8, zorder=4, clip_on=False)
    lowest = FEMTO * float(dataset.conductance.min())
    axes.set_ylim(1.15 * lowest, -1.15 * lowest)
    axes.set_ylabel(r"conductance  $\kappa$ (fW/K)")
    axes.text(0.03, 0.06, r"NDTC: $\kappa < 0$", transform=axes.transAxes, va="bottom")


def _family(dataset: xr.Dataset) -> list[tuple[float, tuple, object]]:
    ratios = [float(ratio) for ratio in dataset.area_ratio.values]
    return list(zip(ratios, family_colours(len(ratios)), LINE_STYLES * len(ratios), strict=False))
