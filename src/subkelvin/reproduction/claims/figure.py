"""The claims against ω_c as a picture: contrast of the NDTC, temperature drops, best area ratio."""

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from subkelvin import plots
from subkelvin.plots.style import BLUE, LINE_STYLES, VERMILION, family_colours
from subkelvin.reproduction.fig2 import SOURCE_TEMPERATURE

MILLI = 1e3


def draw(study: xr.Dataset) -> Figure:
    """The figure, two journal columns wide."""
    with plots.journal_style():
        figure = plots.new_figure(plots.DOUBLE_COLUMN, 112.0)
        (contrast, drop), (best, ratio_map) = figure.subplots(2, 2)

        ratios = [float(ratio) for ratio in study.area_ratio.values]
        contrasts = (study.peak_heat / study.base_heat).transpose("area_ratio", "cutoff").values
        plots.draw_against_cutoff(
            contrast,
            study,
            {
                rf"$\alpha = {ratio:g}$": (row, colour, style)
                for ratio, row, colour, style in zip(
                    ratios, contrasts, family_colours(len(ratios)), LINE_STYLES, strict=True
                )
            },
            r"contrast  $J_\mathrm{max}/J_\mathrm{min}$",
        )
        contrast.set_ylim(10.0, 200.0)
        contrast.legend(loc="lower left", ncols=2)

        drops = MILLI * study.largest_drop.sel(dynes_factor=1.0)
        lines = {
            f"{name}, set-up {setup}": (drops.sel(device=f"{material}-setup-{setup}").values, colour, style)
            for material, name, colour in (("inas", "InAsOI", VERMILION), ("silver", "Ag", BLUE))
            for setup, style in ((1, LINE_STYLES[0]), (2, LINE_STYLES[1]))
        }
        plots.draw_against_cutoff(drop, study, lines, r"largest $\delta T$ (mK)")
        drop.set_ylim(0.1, 300.0)
        drop.legend(loc="upper left")

        one = study.sel(source_temperature=SOURCE_TEMPERATURE, method="nearest")
        plots.draw_against_cutoff(
            best,
            study,
            {
                r"for the most negative $\kappa$": (one.best_ratio_for_conductance.values, VERMILION, LINE_STYLES[1]),
                r"for the largest $J$": (one.best_ratio_for_heat.values, BLUE, LINE_STYLES[0]),
            },
            r"best area ratio  $\alpha$",
        )
        best.set_ylim(1.0, 12.0)
        best.set_yticks([1.0, 2.0, 5.0, 10.0], labels=["1", "2", "5", "10"])
        best.legend(loc="upper left", title=rf"$T_\mathrm{{L}} = {SOURCE_TEMPERATURE:g}$ K", alignment="left")

        mesh = plots.draw_ratio_map(ratio_map, study)
        bar = figure.colorbar(mesh, ax=ratio_map, label=r"best $\alpha$ for the largest $J$", pad=0.02)
        bar.set_ticks([2.0, 3.0, 5.0, 10.0], labels=["2", "3", "5", "10"])
        bar.ax.minorticks_off()
        plots.label_panels([contrast, drop, best, ratio_map], "abcd")
    return figure


def describe(study: xr.Dataset) -> list[str]:
    """What the figure shows, for its caption."""
    judged = ", ".join(f"{value:.3g}" for value in study.cutoff.values[np.asarray(study.judged.values, dtype=bool)])
    reference = f"{study.attrs['reference_cutoff']:.3g}"
    return [
        (
            "The claims against ω_c = 1/(ρc), which is changed through ρ at constant c and areas; vertical line: the value "
            f"of the device files, {reference} rad/s. (a) Contrast of the negative differential thermal conductance: the "
            f"largest J over the smallest below it, at T_L = {SOURCE_TEMPERATURE:g} K. (b) Largest drop δT over all P_in. "
            "(c) Area ratio α with the largest J, and with the most negative κ, over all T_R. "
            "(d) The former against ω_c and T_L."
        ),
        (
            f"The claims table judges at ω_c = {judged} rad/s. The paper's own ω_c is not in its accessible text: these "
            "ranges are ours (assumed)."
        ),
    ]
