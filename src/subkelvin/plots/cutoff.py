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


def draw_against_cutoff(axes: Axes, dataset: xr.Dataset, lines: Mapping[str, tuple[Any, Any, Any]], label: str) -> None:
    """Lines over ω_c on logarithmic axes, the reference marked by a thin vertical line.

    Args:
        axes: to draw on.
        dataset: with the coordinate ``cutoff`` and the attribute ``reference_cutoff``.
        lines: values over ``cutoff``, colour and line style by the name in the legend.
        label: of the vertical axis.
    """
    for name, (values, colour, style) in lines.items():
        axes.plot(dataset.cutoff, np.where(values > 0.0, values, np.nan), color=colour, linestyle=style, label=name)
    axes.axvline(dataset.attrs["reference_cutoff"], color=GREY, linewidth=0.6, linestyle=(0, (1, 1.5)), zorder=1)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.xaxis.set_major_locator(LogLocator(numticks=12))
    axes.set_xlim(float(dataset.cutoff.min()), float(dataset.cutoff.max()))
    axes.set_xlabel(r"cut-off  $\omega_\mathrm{c} = 1/\rho c$ (rad/s)")
    axes.set_ylabel(label)


def draw_ratio_map(axes: Axes, dataset: xr.Dataset) -> QuadMesh:
    """The area ratio with the largest J over ω_c and T_L, with contour lines.

    Args:
        axes: to draw on.
        dataset: with ``best_ratio_for_heat`` over ``cutoff`` and ``source_temperature``.

    Returns:
        The coloured mesh, for a colour bar.
    """
    cutoff, temperature = dataset.cutoff.values, dataset.source_temperature.values
    ratio = dataset.best_ratio_for_heat.transpose("source_temperature", "cutoff").values
    mesh = axes.pcolormesh(
        cutoff, temperature, ratio, shading="gouraud", cmap="viridis", norm=LogNorm(), rasterized=True
    )
    lines = axes.contour(cutoff, temperature, ratio, levels=[2.0, 3.0, 5.0, 8.0], colors="white", linewidths=0.7)
    axes.clabel(lines, fmt=lambda level: f"{level:g}", fontsize=6.5)
    axes.axvline(dataset.attrs["reference_cutoff"], color="white", linewidth=0.6, linestyle=(0, (1, 1.5)))
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(numticks=12))
    axes.set_xlabel(r"cut-off  $\omega_\mathrm{c} = 1/\rho c$ (rad/s)")
    axes.set_ylabel(r"$T_\mathrm{L}$ (K)")
    return mesh
