"""A cooler of two NIS junctions in series: temperature of its normal metal and cooling power, against bias."""

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from subkelvin.plots.style import GREEN, GREY, INK, LINE_STYLES, family_colours

MICRO, MILLI, PICO = 1e6, 1e3, 1e12


def draw_cooled_temperature(axes: Axes, dataset: xr.Dataset) -> None:
    """Temperature of the normal metal in millikelvin, one line for each bath temperature, a dot on its lowest point.

    Args:
        axes: to draw on.
        dataset: with ``temperature`` over ``bath_temperature`` and ``voltage``, and ``reported_temperature``.
    """
    baths = [float(bath) for bath in dataset.bath_temperature.values]
    for bath, colour, style in zip(baths, family_colours(len(baths)), LINE_STYLES, strict=False):
        one = MILLI * dataset.temperature.sel(bath_temperature=bath).values
        axes.plot(MICRO * dataset.voltage.values, one, color=colour, linestyle=style, label=f"{MILLI * bath:.0f} mK")
        coldest = int(np.argmin(one))
        axes.plot(MICRO * dataset.voltage.values[coldest], one[coldest], "o", color=colour, markersize=2.8, zorder=4)
    reported = MILLI * float(dataset.reported_temperature)
    axes.axhline(reported, color=GREY, linewidth=0.8, linestyle=LINE_STYLES[2], zorder=1)
    axes.annotate(
        f"reported, from {MILLI * baths[0]:.0f} mK", (0.03, reported), xycoords=axes.get_yaxis_transform(),
        xytext=(0.0, -3.0), textcoords="offset points", va="top", color=GREY,
    )  # fmt: skip
    axes.set_ylim(0.0, 1.24 * MILLI * max(baths))
    axes.set_ylabel(r"normal metal  $T_\mathrm{N}$ (mK)")
    axes.legend(
        loc="upper left", ncols=len(baths), title="bath and superconductors at", alignment="left", columnspacing=1.2
    )


def draw_cooling_power(axes: Axes, dataset: xr.Dataset) -> None:
    """Heat taken out of the normal metal in picowatts, by each junction and by both, with the measured power.

    Args:
        axes: to draw on.
        dataset: with ``cooling_power`` over ``junction_resistance`` and ``voltage``, ``total_cooling_power`` over ``voltage``, and
            ``measured_power``.
    """
    bias = MICRO * dataset.voltage.values
    for resistance, style in zip(dataset.junction_resistance.values, LINE_STYLES[1:], strict=False):
        power = PICO * dataset.cooling_power.sel(junction_resistance=resistance)
        axes.plot(bias, power, color=GREEN, linestyle=style, label=rf"{1e-3 * resistance:.1f} k$\Omega$")
    total = PICO * dataset.total_cooling_power.values
    axes.plot(bias, total, color=INK, label="both")
    best = int(np.argmax(total))
    axes.plot(bias[best], total[best], "o", color=INK, markersize=2.8, zorder=4)
    axes.annotate(
        f"ideal {total[best]:.1f} pW", (bias[best], total[best]), xytext=(-5.0, 2.0), textcoords="offset points",
        ha="right", va="bottom",
    )  # fmt: skip
    measured = PICO * float(dataset.measured_power)
    axes.axhline(measured, color=GREY, linewidth=0.8, linestyle=LINE_STYLES[2], zorder=1)
    axes.annotate(
        f"measured {measured:.1f} pW", (0.03, measured), xycoords=axes.get_yaxis_transform(), xytext=(0.0, 2.0),
        textcoords="offset points", va="bottom", color=GREY,
    )  # fmt: skip
    axes.axhline(0.0, color=GREY, linewidth=0.6, zorder=1)
    axes.set_ylim(1.05 * np.min(total), 1.6 * total[best])
    axes.set_xlabel(r"bias across both junctions  $V$ ($\mu$V)")
    axes.set_ylabel(r"cooling power  $\dot{Q}$ (pW)")
    axes.legend(loc="lower left", title="junction of", alignment="left")
