"""How the heated reservoir answers to the other one: temperature, drop and responsivity.

Where the other reservoir would have to be cooled rather than heated to be at its temperature, the lines are thin and pale.
Colours stand for heater powers, named once, in the key. What `response` and `temperature_drop` of `subkelvin.ndtc` answer is
drawn as it is: ``draw_temperature(axes, response(…).to_xarray())``.
"""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator

from subkelvin.plots.style import DOT, GREY, INK, OUTSIDE, family_colours

FEMTO, MILLI = 1e15, 1e3
LINE_OF_EQUALITY = (0, (1, 2))
SHALLOW, ROOM_ABOVE = 0.15, 2.5
"""Where the lowest 𝓡 is less deep than this share of the highest, the axis ends this many depths above zero."""


def draw_temperature(axes: Axes, dataset: xr.Dataset, line_style: object = "-") -> None:
    """T_L against the swept temperature, one line for each power, a dot on each minimum.

    Args:
        axes: to draw on.
        dataset: with ``temperature`` and, if held temperatures need a heater, ``holding_power`` over ``power`` and
            ``swept_temperature``; if there are, ``minimum_temperature`` and ``minimum_at`` over ``power``.
        line_style: matplotlib's.
    """
    for power, colour in _family(dataset):
        one = dataset.sel(power=power)
        _line(axes, one, MILLI * one.temperature.values, colour, line_style)
        # A minimum at the beginning of the sweep is none.
        if "minimum_at" in one and float(one.minimum_at) > float(dataset.swept_temperature[0]):
            axes.plot(
                MILLI * one.minimum_at, MILLI * one.minimum_temperature, "o", color=colour, markersize=DOT, zorder=4
            )
    swept = MILLI * dataset.swept_temperature.values
    lowest, highest = MILLI * float(dataset.temperature.min()), MILLI * float(dataset.temperature.max())
    bottom, top = lowest - 0.1 * (highest - lowest), highest + 0.1 * (highest - lowest)
    equal = np.array([max(swept[0], bottom), min(swept[-1], top)])
    if equal[0] < equal[1]:
        axes.plot(equal, equal, color=GREY, linewidth=0.7, linestyle=LINE_OF_EQUALITY, zorder=1)
    axes.set_xlim(swept[0], swept[-1])
    axes.set_ylim(bottom, top)
    axes.set_ylabel(r"$T_\mathrm{L}$ (mK)")


def draw_drop(axes: Axes, dataset: xr.Dataset, line_style: object = "-") -> None:
    """δT against heater power on a logarithmic axis; dots at the powers of the other panels.

    Args:
        axes: to draw on.
        dataset: with ``drop`` over ``power``, as of `temperature_drop`; or ``temperature_drop`` over ``drop_power``, and
            ``power_drop`` over ``power`` for the dots.
        line_style: matplotlib's.
    """
    if "drop" in dataset:
        dataset = dataset.rename(power="drop_power", drop="temperature_drop")
    axes.plot(FEMTO * dataset.drop_power, MILLI * dataset.temperature_drop, color=INK, linestyle=line_style)
    for power, colour in _family(dataset) if "power_drop" in dataset else ():
        # A drop of zero stands on the frame.
        axes.plot(
            FEMTO * power, MILLI * dataset.power_drop.sel(power=power), "o", color=colour, markersize=3.6, zorder=4,
            clip_on=False,
        )  # fmt: skip
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(numticks=12))
    axes.set_xlim(FEMTO * float(dataset.drop_power.min()), FEMTO * float(dataset.drop_power.max()))
    axes.set_ylim(0.0, 1.2 * MILLI * float(dataset.temperature_drop.max()))
    axes.set_xlabel(r"heater power  $P_\mathrm{in}$ (fW)")
    axes.set_ylabel(r"$\delta T$ (mK)")


def draw_responsivity(axes: Axes, dataset: xr.Dataset, line_style: object = "-") -> None:
    """𝓡 = dT_L/dT_R against the swept temperature, one line for each power.

    Where the negative part would be a ripple below the positive one, the axis ends above the former: triangles mark where
    lines leave the frame, and the highest 𝓡 stands beside them.

    Args:
        axes: to draw on.
        dataset: with ``responsivity`` and, if held temperatures need a heater, ``holding_power`` over ``power`` and
            ``swept_temperature``.
        line_style: matplotlib's.
    """
    axes.axhline(0.0, color=GREY, linewidth=0.6, zorder=1)
    swept = MILLI * dataset.swept_temperature.values
    lowest, highest = float(dataset.responsivity.min()), float(dataset.responsivity.max())
    shallow = -lowest < SHALLOW * highest
    margin = 0.08 * (highest - lowest)
    bottom, top = (1.25 * lowest, -ROOM_ABOVE * lowest) if shallow else (lowest - margin, highest + margin)
    for power, colour in _family(dataset):
        one = dataset.sel(power=power)
        _line(axes, one, one.responsivity.values, colour, line_style, "" if not shallow else OUTSIDE)
        (leaving,) = np.nonzero((one.responsivity.values[:-1] < top) & (one.responsivity.values[1:] >= top))
        for i in leaving:
            at = np.interp(top, one.responsivity.values[i : i + 2], swept[i : i + 2])
            axes.plot([at], [top], "^", color=colour, markersize=4.0, zorder=5, clip_on=False)
    axes.set_xlim(swept[0], swept[-1])
    axes.set_ylim(bottom, top)
    if shallow:
        words = rf"$\blacktriangle$ to {highest:.2f}"
        axes.text(0.96, 0.05, words, transform=axes.transAxes, ha="right", va="bottom", fontsize=6.5)


def draw_power_key(
    axes: Axes, datasets: Sequence[xr.Dataset], names: Sequence[str], line_styles: Sequence[object]
) -> None:
    """The key to the colours of all panels: heater powers, a column for each material.

    Args:
        axes: to draw on; its frame and ticks are removed.
        datasets: with ``power``, one for each material.
        names: of the materials.
        line_styles: matplotlib's, one for each material.
    """
    axes.axis("off")
    handles = []
    for dataset, name, style in zip(datasets, names, line_styles, strict=True):
        handles.append(Line2D([], [], linestyle="none", label=name))
        # From above, as the lines of T_L lie.
        for power, colour in reversed(_family(dataset)):
            handles.append(Line2D([], [], color=colour, linestyle=style, label=power_text(power)))  # type: ignore[arg-type]
    axes.legend(
        handles=handles, loc="upper left", ncols=len(names), title=r"heater power  $P_\mathrm{in}$", alignment="left",
        borderaxespad=0.0, columnspacing=1.0,
    )  # fmt: skip


def power_text(power: float) -> str:
    """A heater power with three digits, in femtowatts or picowatts."""
    return f"{FEMTO * power:.3g} fW" if FEMTO * power < 999.5 else f"{1e-3 * FEMTO * power:.3g} pW"


def _line(axes: Axes, one: xr.Dataset, value: np.ndarray, colour: tuple, line_style: object, name: str = "") -> None:
    """A line that is thin and pale where the swept island would have to be cooled."""
    swept = MILLI * one.swept_temperature.values
    reachable = one.holding_power.values >= 0.0 if "holding_power" in one else np.ones(swept.shape, dtype=bool)
    # The point before the first reachable one belongs to both pieces, so that they meet.
    meeting = reachable | np.append(reachable[1:], reachable[-1])
    axes.plot(swept, np.where(meeting, value, np.nan), color=colour, linestyle=line_style, gid=name)
    axes.plot(swept, np.where(~reachable, value, np.nan), color=colour, linewidth=0.6, alpha=0.75, gid=name)


def _family(dataset: xr.Dataset) -> list[tuple[float, tuple]]:
    powers = [float(power) for power in dataset.power.values]
    return list(zip(powers, family_colours(len(powers)), strict=True))
