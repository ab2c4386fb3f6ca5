"""The claims against ω_c as a picture: contrast of the NDTC, temperature drops, best area ratio."""

import numpy as np
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter
from scipy.interpolate import RectBivariateSpline

from subkelvin import plots
from subkelvin.gallery.caption import model_sentence
from subkelvin.gallery.ndtc.claims.cutoff import PRESETS
from subkelvin.gallery.ndtc.fig2 import SOURCE_TEMPERATURE
from subkelvin.gallery.ndtc.plot_cutoff import draw_against_cutoff, draw_drop_against_cutoff, draw_ratio_map
from subkelvin.plots.style import BLUE, GREEN, LINE_STYLES, PURPLE, VERMILION, family_colours

MILLI = 1e3
MAP_CUTOFFS, MAP_TEMPERATURES = 241, 121
"""Points of the map, between the computed ones by a bicubic spline through ln α: contour lines without corners."""


def draw(study: xr.Dataset) -> Figure:
    """The figure, two journal columns wide."""
    with plots.journal_style():
        figure = plots.new_figure(plots.DOUBLE_COLUMN, 112.0)
        (contrast, drop), (best, ratio_map) = figure.subplots(2, 2)

        ratios = [float(ratio) for ratio in study.area_ratio.values]
        contrasts = (study.peak_heat / study.base_heat).transpose("area_ratio", "cutoff").values
        draw_against_cutoff(
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
        contrast.set_ylim(10.0, 130.0)
        contrast.set_yticks([10.0, 20.0, 50.0, 100.0], labels=["10", "20", "50", "100"])
        contrast.yaxis.set_minor_formatter(NullFormatter())
        contrast.legend(loc="lower left", ncols=2)

        drops = MILLI * study.largest_drop.sel(dynes_factor=1.0)
        lines = {
            f"{name}, set-up {setup}": (drops.sel(device=f"{material}-setup-{setup}").values, colour, style)
            for material, name, colour in (("inas", "InAsOI", VERMILION), ("silver", "Ag", BLUE))
            for setup, style in ((1, LINE_STYLES[0]), (2, LINE_STYLES[1]))
        }
        draw_drop_against_cutoff(drop, study, lines)
        drop.legend(loc="upper left")

        one = study.sel(source_temperature=SOURCE_TEMPERATURE, method="nearest")
        draw_against_cutoff(
            best,
            study,
            {
                r"for the most negative $\kappa$": (one.best_ratio_for_conductance.values, PURPLE, LINE_STYLES[1]),
                r"for the largest $J$": (one.best_ratio_for_heat.values, GREEN, LINE_STYLES[0]),
            },
            r"best area ratio  $\alpha$",
        )
        best.set_ylim(1.0, 12.0)
        best.set_yticks([1.0, 2.0, 5.0, 10.0], labels=["1", "2", "5", "10"])
        best.legend(loc="upper left", title=rf"$T_\mathrm{{L}} = {MILLI * SOURCE_TEMPERATURE:g}$ mK", alignment="left")

        mesh = draw_ratio_map(ratio_map, refined(study))
        bar = figure.colorbar(mesh, ax=ratio_map, label=r"best $\alpha$ for the largest $J$", pad=0.02)
        bar.set_ticks([2.0, 3.0, 5.0, 10.0], labels=["2", "3", "5", "10"])
        bar.ax.minorticks_off()
        plots.label_panels([contrast, drop, best, ratio_map], "abcd")
        plots.name_admittance(figure, f"{study.attrs['admittance']} admittance")
    return figure


def refined(study: xr.Dataset) -> xr.Dataset:
    """The best area ratio on a fine grid of ω_c and T_L, by the bicubic spline of ln α over ln ω_c and T_L."""
    cutoff, temperature = study.cutoff.values, study.source_temperature.values
    ratio = study.best_ratio_for_heat.transpose("cutoff", "source_temperature").values
    fine = (
        np.geomspace(cutoff[0], cutoff[-1], MAP_CUTOFFS),
        np.linspace(temperature[0], temperature[-1], MAP_TEMPERATURES),
    )
    spline = RectBivariateSpline(np.log(cutoff), temperature, np.log(ratio))
    return xr.Dataset(
        {"best_ratio_for_heat": (("cutoff", "source_temperature"), np.exp(spline(np.log(fine[0]), fine[1])))},
        coords={"cutoff": fine[0], "source_temperature": fine[1]},
        attrs=study.attrs,
    )


def describe(study: xr.Dataset) -> list[str]:
    """What the figure shows, for its caption."""
    judged = ", ".join(f"{value:.3g}" for value in study.cutoff.values[np.asarray(study.judged.values, dtype=bool)])
    reference = f"{study.attrs['reference_cutoff']:.3g}"
    return [
        (
            "The claims against ω_c = 1/(ρc), which is changed through ρ at constant c and areas; vertical line: the value "
            f"of the device files, {reference} rad/s. (a) Contrast of the negative differential thermal conductance: the "
            f"largest J over the smallest below it, at T_L = {MILLI * SOURCE_TEMPERATURE:g} mK. (b) Largest drop δT over all P_in "
            "up to the one that brings the left reservoir to T_c. The axis is linear below 0.1 mK (thin horizontal line), so that "
            f"δT = 0 is on it. {_beginning(study)} "
            "(c) Area ratio α with the largest J, and with the most negative κ, over all T_R. "
            "(d) The former against ω_c and T_L, between computed points by a spline."
        ),
        model_sentence(study.attrs["admittance"]),
        (
            f"The claims table judges at ω_c = {judged} rad/s. The paper's own ω_c is not in its accessible text: these "
            "ranges are ours (assumed)."
        ),
    ]


def _beginning(study: xr.Dataset) -> str:
    """Where δT begins, and why there is none below."""
    begins = {name: float(study.drop_onset.sel(device=name)) for name in PRESETS}
    words = " and ".join(
        f"{onset:.2g} rad/s ({'silver' if name.startswith('silver') else 'InAsOI'}, set-up {name[-1]})"
        for name, onset in begins.items()
        if np.isfinite(onset)
    )
    return (
        f"There is no drop (δT = 0) below ω_c = {words}: in set-up 2 the bath warms with the right reservoir, and at each P_in "
        "the left one then loses more of its cooling by phonons than it gains by photons."
    )
