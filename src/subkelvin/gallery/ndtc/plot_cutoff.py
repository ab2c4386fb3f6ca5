"""How effects depend on the cut-off ω_c of the junctions."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import LogNorm
from matplotlib.ticker import LogLocator

from subkelvin.plots.style import GREY

MILLI = 1e3
CONTOURS, LABELLED = (2.0, 3.0, 5.0, 8.0), 0.75
"""Best area ratios with a contour line, and the height of their numbers as a share of the axis."""
LINEAR_BELOW = 0.1
"""The axis of δT is linear below this and logarithmic above [mK], so that δT = 0 has a place on it."""
DROP_TICKS = (0.0, 0.1, 1.0, 10.0, 100.0)


def draw_against_cutoff(
    axes: Axes, dataset: xr.Dataset, lines: Mapping[str, tuple[Any, Any, Any]], label: str, marker: str = ""
) -> None:
    """Lines over ω_c on logarithmic axes, the reference marked by a thin vertical line.

    Args:
        axes: to draw on.
        dataset: with the coordinate ``cutoff`` and the attribute ``reference_cutoff``.
        lines: values over ``cutoff``, colour and line style by the name in the legend.
        label: of the vertical axis.
        marker: on the computed points, where they are few.
    """
    for name, (values, colour, style) in lines.items():
        axes.plot(dataset.cutoff, values, color=colour, linestyle=style, label=name, marker=marker, markersize=1.8)
    axes.axvline(dataset.attrs["reference_cutoff"], color=GREY, linewidth=0.6, linestyle=(0, (1, 1.5)), zorder=1)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.xaxis.set_major_locator(LogLocator(numticks=12))
    axes.set_xlim(float(dataset.cutoff.min()), float(dataset.cutoff.max()))
    axes.set_xlabel(r"cut-off  $\omega_\mathrm{c} = 1/\rho c$ (rad/s)")
    axes.set_ylabel(label)


def draw_drop_against_cutoff(
    axes: Axes, dataset: xr.Dataset, lines: Mapping[str, tuple[Any, Any, Any]], marker: str = ""
) -> None:
    """δT over ω_c [mK], zero included: the vertical axis is linear below `LINEAR_BELOW` and logarithmic above.

    Args:
        axes: to draw on.
        dataset: with the coordinate ``cutoff`` and the attribute ``reference_cutoff``.
        lines: δT over ``cutoff`` [mK], colour and line style by the name in the legend.
        marker: on the computed points, where they are few.
    """
    draw_against_cutoff(axes, dataset, lines, r"largest $\delta T$ (mK)", marker)
    axes.set_yscale("symlog", linthresh=LINEAR_BELOW, linscale=0.4, subs=range(2, 10))
    axes.set_yticks(DROP_TICKS, labels=[f"{tick:g}" for tick in DROP_TICKS])
    highest = max(float(np.max(values)) for values, _, _ in lines.values())
    axes.set_ylim(-0.4 * LINEAR_BELOW, 4.0 * highest)
    axes.axhline(LINEAR_BELOW, color=GREY, linewidth=0.4, zorder=1)


def draw_ratio_map(axes: Axes, dataset: xr.Dataset) -> QuadMesh:
    """The area ratio with the largest J over ω_c and T_L, with contour lines.

    Args:
        axes: to draw on.
        dataset: with ``best_ratio_for_heat`` over ``cutoff`` and ``source_temperature``.

    Returns:
        The coloured mesh, for a colour bar.
    """
    cutoff, temperature = dataset.cutoff.values, MILLI * dataset.source_temperature.values
    ratio = dataset.best_ratio_for_heat.transpose("source_temperature", "cutoff").values
    mesh = axes.pcolormesh(
        cutoff, temperature, ratio, shading="gouraud", cmap="viridis", norm=LogNorm(), rasterized=True
    )
    lines = axes.contour(cutoff, temperature, ratio, levels=CONTOURS, colors="white", linewidths=0.7)
    # Every number in one row, away from the frame.
    row = int(LABELLED * (temperature.size - 1))
    places = [
        (np.interp(level, ratio[row], cutoff), temperature[row]) for level in CONTOURS if level < ratio[row].max()
    ]
    axes.clabel(lines, fmt=lambda level: f"{level:g}", fontsize=6.5, manual=places)
    axes.axvline(dataset.attrs["reference_cutoff"], color="white", linewidth=0.6, linestyle=(0, (1, 1.5)))
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(numticks=12))
    axes.set_xlabel(r"cut-off  $\omega_\mathrm{c} = 1/\rho c$ (rad/s)")
    axes.set_ylabel(r"left temperature  $T_\mathrm{L}$ (mK)")
    return mesh
