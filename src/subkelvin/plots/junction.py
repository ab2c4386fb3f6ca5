"""The resistance of an NIS junction against temperature."""

import xarray as xr
from matplotlib.axes import Axes

from subkelvin.plots.style import BLUE, LINE_STYLES, VERMILION


def draw_resistance_ratio(axes: Axes, dataset: xr.Dataset) -> None:
    """r = R(T)/R_N on a logarithmic axis, one line for each Dynes parameter.

    Args:
        axes: to draw on.
        dataset: with ``resistance_ratio`` over ``dynes`` and ``reduced_temperature``.
    """
    for dynes, colour, style in zip(dataset.dynes.values, (BLUE, VERMILION), LINE_STYLES, strict=False):
        axes.plot(
            dataset.reduced_temperature,
            dataset.resistance_ratio.sel(dynes=dynes),
            color=colour,
            linestyle=style,
            label=rf"$\gamma = {power_of_ten(dynes)}$",
        )
    axes.set_yscale("log")
    axes.set_xlim(float(dataset.reduced_temperature.min()), float(dataset.reduced_temperature.max()))
    axes.set_ylim(0.7, 3.0 * float(dataset.resistance_ratio.max()))
    axes.set_xlabel(r"temperature  $T/T_\mathrm{c}$")
    axes.set_ylabel(r"junction resistance  $r = R(T)/R_\mathrm{N}$")
    axes.legend(loc="upper right")


def power_of_ten(number: float) -> str:
    """A number as mathematical text: 1e-4 is 10^{-4}, 3e-4 is 3·10^{-4}."""
    mantissa, exponent = f"{number:.3e}".split("e")
    factor = f"{float(mantissa):g}"
    power = rf"10^{{{int(exponent)}}}"
    return power if factor == "1" else rf"{factor}\cdot {power}"
