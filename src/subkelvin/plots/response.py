"""How the heated reservoir answers to the other one: temperature, drop and responsivity.

Where the other reservoir would have to be cooled rather than heated to be at its temperature, the lines are thin and pale.
"""

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator

from subkelvin.plots.style import GREY, family_colours

FEMTO, MILLI = 1e15, 1e3


def draw_temperature(axes: Axes, dataset: xr.Dataset, line_style: object) -> None:
    """T_L against the swept temperature, one line for each power, a dot on each minimum.

    Args:
        axes: to draw on.
        dataset: with ``temperature``, ``reachable`` over ``power`` and ``swept_temperature``; ``minimum_temperature``
            and ``minimum_at`` over ``power``.
        line_style: matplotlib's.
    """
    for power, colour in _family(dataset):
        one = dataset.sel(power=power)
        _line(axes, one, MILLI * one.temperature.values, colour, line_style)
        if np.isfinite(one.minimum_at):
            axes.plot(
                MILLI * one.minimum_at, MILLI * one.minimum_temperature, "o", color=colour, markersize=2.8, zorder=4
            )
    swept = MILLI * dataset.swept_temperature.values
    axes.plot(swept, swept, color=GREY, linewidth=0.5, linestyle=(0, (1, 2)), zorder=1)
    axes.set_xlim(swept[0], swept[-1])
    lowest, highest = MILLI * float(dataset.temperature.min()), MILLI * float(dataset.temperature.max())
    axes.set_ylim(lowest - 0.12 * (highest - lowest), highest + 0.2 * (highest - lowest))
    axes.set_ylabel(r"$T_\mathrm{L}$ (mK)")
    for power, colour in _family(dataset):
        start = MILLI * float(dataset.temperature.sel(power=power)[0])
        axes.annotate(
            power_text(power), (swept[0], start), (3.0, 2.0), textcoords="offset points", color=colour, fontsize=6.5
        )


def draw_drop(axes: Axes, dataset: xr.Dataset, line_style: object) -> None:
    """δT against heater power on a logarithmic axis; dots at the powers of the other panels.

    Args:
        axes: to draw on.
        dataset: with ``temperature_drop`` over ``drop_power``, and ``power_drop`` over ``power``.
        line_style: matplotlib's.
    """
    axes.plot(FEMTO * dataset.drop_power, MILLI * dataset.temperature_drop, color="#1a1a1a", linestyle=line_style)
    for power, colour in _family(dataset):
        axes.plot(
            FEMTO * power, MILLI * dataset.power_drop.sel(power=power), "o", color=colour, markersize=3.6, zorder=4
        )
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(numticks=12))
    axes.set_xlim(FEMTO * float(dataset.drop_power.min()), FEMTO * float(dataset.drop_power.max()))
    axes.set_ylim(0.0, 1.2 * MILLI * float(dataset.temperature_drop.max()))
    axes.set_xlabel(r"heater power  $P_\mathrm{in}$ (fW)")
    axes.set_ylabel(r"$\delta T$ (mK)")


def draw_responsivity(axes: Axes, dataset: xr.Dataset, line_style: object) -> None:
    """𝓡 = dT_L/dT_R against the swept temperature, one line for each power.

    Args:
        axes: to draw on.
        dataset: with ``responsivity`` and ``reachable`` over ``power`` and ``swept_temperature``.
        line_style: matplotlib's.
    """
    axes.axhline(0.0, color=GREY, linewidth=0.6, zorder=1)
    for power, colour in _family(dataset):
        one = dataset.sel(power=power)
        _line(axes, one, one.responsivity.values, colour, line_style)
    swept = MILLI * dataset.swept_temperature.values
    axes.set_xlim(swept[0], swept[-1])
    lowest = float(dataset.responsivity.min())
    axes.set_ylim(1.15 * lowest, max(-1.15 * lowest, 0.25))


def power_text(power: float) -> str:
    """A heater power with three digits, in femtowatts or picowatts."""
    return f"{FEMTO * power:.3g} fW" if FEMTO * power < 999.5 else f"{1e-3 * FEMTO * power:.3g} pW"


def _line(axes: Axes, one: xr.Dataset, value: np.ndarray, colour: tuple, line_style: object) -> None:
    """A line that is thin and pale where the swept island would have to be cooled."""
    swept, reachable = MILLI * one.swept_temperature.values, one.reachable.values.astype(bool)
    # The point before the first reachable one belongs to both pieces, so that they meet.
    axes.plot(swept, np.where(reachable | np.roll(reachable, -1), value, np.nan), color=colour, linestyle=line_style)
    axes.plot(swept, np.where(~reachable, value, np.nan), color=colour, linewidth=0.6, alpha=0.75)


def _family(dataset: xr.Dataset) -> list[tuple[float, tuple]]:
    powers = [float(power) for power in dataset.power.values]
    return list(zip(powers, family_colours(len(powers)), strict=True))
