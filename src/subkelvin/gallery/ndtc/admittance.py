"""When the static junction of the paper holds: its figures of merit with both admittances, against ω_c.

Static: a junction is its zero-bias resistance and its geometric capacitance at every frequency. Dynamic: its admittance at
every frequency in equilibrium (section 3 of docs/physics.md). Both from one kind of table of J(T_L, T_R):
only the admittance differs.
"""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from subkelvin import plots
from subkelvin.analysis.area_ratio import Objective, best_area_ratio
from subkelvin.analysis.conductance import conductance
from subkelvin.devicefile import preset
from subkelvin.gallery.exhibit import ADMITTANCES, with_admittance
from subkelvin.gallery.ndtc.cutoffs import at_cutoff, own_cutoff
from subkelvin.gallery.ndtc.fig2 import SOURCE_TEMPERATURE
from subkelvin.gallery.ndtc.photon_table import largest_drop, photon_table
from subkelvin.gallery.ndtc.plot_cutoff import draw_against_cutoff, draw_drop_against_cutoff
from subkelvin.gallery.ndtc.setups import MATERIALS
from subkelvin.model import Device
from subkelvin.model.result import About
from subkelvin.plots.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    LINE_STYLES,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    family_colours,
)

DEVICE = "silver-setup-1"
PRESETS = tuple(f"{material}-setup-{number}" for number in (1, 2) for material in MATERIALS)
CUTOFFS = np.array([1e8, 1e9, 3e9, 1e10, 1.8e10, 3e10, 5.6e10, 1e11, 1.8e11, 3e11, 4e11, 6e11, 1e12, 2e12, 4e12, 1e13])
"""ω_c of the study [rad/s], denser where both models part."""
SHOWN_CUTOFFS = (1e10, 4e11, 2e12)
"""ω_c of the curves J(T_R) in the figure [rad/s]."""
TARGETS = 96
"""T_R of a curve."""
TOLERANCE = 0.05
"""The static model holds where it is this close to the dynamic one."""
COMPUTED = "o"
"""Marks computed points."""
MILLI = 1e3


def compute(cutoffs: np.ndarray = CUTOFFS) -> xr.Dataset:
    """Everything that the figure shows, over ``admittance`` and ``cutoff``."""
    rows = []
    for admittance in ADMITTANCES:
        devices = {name: with_admittance(name, admittance) for name in PRESETS}
        columns = [_at(devices, float(cutoff)) for cutoff in cutoffs]
        rows.append(xr.concat(columns, dim="cutoff", coords="minimal", compat="override"))
    study = xr.concat(rows, dim="admittance", coords="minimal", compat="override")
    study = study.assign_coords(
        admittance=list(ADMITTANCES), cutoff=("cutoff", cutoffs, _units("rad/s", "ω_c = 1/(ρc)"))
    )
    ratio = study.heat.sel(admittance="dynamic") / study.heat.sel(admittance="static") - 1.0
    # At T_R = T_L both vanish.
    inside = np.abs(ratio.isel(target=slice(None, -1)))
    peak = study.heat.sel(admittance="static").argmax("target")
    study["largest_deviation"] = inside.max("target").assign_attrs(_units("1", "largest |J_dynamic/J_static − 1|"))
    study["peak_deviation"] = abs(ratio.isel(target=peak)).assign_attrs(_units("1", "the same at the static maximum"))
    study.attrs = About.of(with_admittance(DEVICE, "dynamic")).attributes() | {
        "admittance": "static and dynamic",
        "reference_cutoff": own_cutoff(preset(DEVICE)),
    }
    return study


def _at(devices: dict[str, Device], cutoff: float) -> xr.Dataset:
    """All numbers of one admittance at one ω_c."""
    reference = at_cutoff(devices[DEVICE], cutoff)
    lowest = float(reference.values["islands.bath.temperature"])
    target = np.linspace(lowest, SOURCE_TEMPERATURE, TARGETS)
    curve = conductance(reference, "right", target, source="left", source_temperature=SOURCE_TEMPERATURE)
    heat = np.asarray(curve.heat)
    peak = int(np.argmax(heat))
    best_heat, best_conductance = (
        best_area_ratio(reference, "right", objective, source="left", source_temperatures=[SOURCE_TEMPERATURE])
        for objective in (Objective.HEAT, Objective.NEGATIVE_CONDUCTANCE)
    )
    table = photon_table(reference, lowest)
    drops = {name: largest_drop(at_cutoff(device, cutoff), table) for name, device in devices.items()}
    return xr.Dataset(
        {
            "heat": ("target", heat, _units("W", "J from left to right")),
            "peak_heat": ((), heat[peak], _units("W", "largest J")),
            "contrast": ((), heat[peak] / np.min(heat[: peak + 1]), _units("1", "largest over smallest J below it")),
            "best_ratio_for_heat": ((), best_heat.area_ratio[0, 0], _units("1", "α with the largest J")),
            "best_ratio_for_conductance": (
                (),
                best_conductance.area_ratio[0, 0],
                _units("1", "α with the most negative κ"),
            ),
            "most_negative_conductance": ((), -best_conductance.value[0, 0], _units("W/K", "κ at that α")),
            "largest_drop": ("device", [drops[name][0] for name in devices], _units("K", "largest δT over P_in")),
            "best_power": ("device", [drops[name][1] for name in devices], _units("W", "P_in with the largest δT")),
            "own_drop": ("device", [drops[name][2] for name in devices], _units("K", "δT at the preset's power")),
        },
        coords={
            "target_temperature": ("target", target, _units("K", "T_R")),
            "device": list(devices),
        },
    )


def draw(study: xr.Dataset) -> Figure:
    """The figure, two journal columns wide; solid lines are static and dashed ones dynamic, in every panel but (b)."""
    with plots.journal_style():
        figure = plots.new_figure(plots.DOUBLE_COLUMN, 114.0)
        (heat, deviation, contrast), (best, silver, inas) = figure.subplots(2, 3)
        _draw_heat(heat, study)
        _draw_deviation(deviation, study)
        lines = _pair(study.contrast, INK)
        draw_against_cutoff(contrast, study, lines, r"contrast  $J_\mathrm{max}/J_\mathrm{min}$", COMPUTED)
        contrast.set_ylim(4.0, 80.0)
        contrast.set_yticks([5.0, 10.0, 20.0, 50.0], labels=["5", "10", "20", "50"])
        contrast.yaxis.set_minor_formatter(NullFormatter())
        lines = _pair(study.best_ratio_for_conductance, PURPLE, r"for $\kappa$")
        lines |= _pair(study.best_ratio_for_heat, GREEN, "for $J$")
        draw_against_cutoff(best, study, lines, r"best area ratio  $\alpha$", COMPUTED)
        best.set_ylim(1.0, 12.0)
        best.set_yticks([1.0, 2.0, 5.0, 10.0], labels=["1", "2", "5", "10"])
        best.yaxis.set_minor_formatter(NullFormatter())
        best.legend(loc="upper left")
        _draw_drops(silver, study, "silver", (BLUE, SKY))
        _draw_drops(inas, study, "inas", (VERMILION, ORANGE))
        plots.label_panels([heat, deviation, contrast, best, silver, inas], "abcdef")
        plots.name_admittance(figure, "solid: static admittance     dashed: dynamic admittance")
    return figure


def _draw_heat(axes: Axes, study: xr.Dataset) -> None:
    """J over its maximum against T_R, for some ω_c."""
    shown = [float(c) for c in study.cutoff.values if np.any(np.isclose(c, SHOWN_CUTOFFS))]
    for cutoff, colour in zip(shown, family_colours(len(shown)), strict=True):
        power = int(np.floor(np.log10(cutoff)))
        label = rf"${cutoff / 10.0**power:.0f} \times 10^{{{power}}}$"
        for admittance, style in zip(ADMITTANCES, LINE_STYLES, strict=False):
            one = study.sel(cutoff=cutoff, admittance=admittance)
            # J = 0 at T_R = T_L has no place on a logarithmic axis.
            temperature, relative = MILLI * study.target_temperature[:-1], (one.heat / one.peak_heat)[:-1]
            name = label if admittance == ADMITTANCES[0] else None
            axes.plot(temperature, relative, color=colour, linestyle=style, label=name)
    axes.set_yscale("log")
    axes.set_ylim(5e-3, 1.5)
    axes.set_xlim(MILLI * float(study.target_temperature[0]), MILLI * SOURCE_TEMPERATURE)
    axes.set_xlabel(plots.RIGHT_TEMPERATURE)
    axes.set_ylabel(r"$J/J_\mathrm{max}$")
    axes.legend(title=r"$\omega_\mathrm{c}$ (rad/s)", loc="lower center", ncols=1)


def _draw_deviation(axes: Axes, study: xr.Dataset) -> None:
    """How far the dynamic J is from the static one, and the tolerance."""
    lines: dict[str, tuple[Any, Any, Any]] = {
        r"largest over $T_\mathrm{R}$": (study.largest_deviation.values, INK, LINE_STYLES[0]),
        "at the maximum": (study.peak_deviation.values, GREY, LINE_STYLES[0]),
    }
    draw_against_cutoff(axes, study, lines, r"$|J_\mathrm{dynamic}/J_\mathrm{static} - 1|$", COMPUTED)
    axes.axhline(TOLERANCE, color=VERMILION, linewidth=0.6)
    axes.annotate(
        f"{100.0 * TOLERANCE:g} %", (0.04, TOLERANCE), xycoords=axes.get_yaxis_transform(), xytext=(0.0, 1.5),
        textcoords="offset points", va="bottom", color=VERMILION,
    )  # fmt: skip
    axes.set_ylim(top=30.0 * float(study.largest_deviation.max()))
    axes.legend(loc="upper left")


def _draw_drops(axes: Axes, study: xr.Dataset, material: str, colours: tuple[str, str]) -> None:
    """The largest δT of a material over ω_c, in both set-ups."""
    drops = {
        f"{'' if admittance == ADMITTANCES[0] else '_'}set-up {number}": (
            MILLI * study.largest_drop.sel(admittance=admittance, device=f"{material}-setup-{number}").values,
            colour,
            style,
        )
        for number, colour in zip((1, 2), colours, strict=True)
        for admittance, style in zip(ADMITTANCES, LINE_STYLES, strict=False)
    }
    draw_drop_against_cutoff(axes, study, drops, COMPUTED)
    axes.set_title(MATERIALS[material], loc="right", fontsize=7.5, pad=3.0)
    axes.legend(loc="upper left")


def _pair(values: xr.DataArray, colour: str, name: str = "") -> dict[str, tuple[Any, Any, Any]]:
    """Both admittances as lines of one colour; the legend names the colour, and an underscore keeps the second line out of it."""
    return {
        f"{'' if admittance == ADMITTANCES[0] else '_'}{name}": (
            values.sel(admittance=admittance).values,
            colour,
            style,
        )
        for admittance, style in zip(ADMITTANCES, LINE_STYLES, strict=False)
    }


def describe(study: xr.Dataset) -> list[str]:
    """What the figure shows, for its caption."""
    reference = study.attrs["reference_cutoff"]
    one = study.sel(cutoff=reference, method="nearest")
    static, dynamic = (one.sel(admittance=admittance) for admittance in ADMITTANCES)
    drops = "; ".join(
        f"{name}: {MILLI * float(static.own_drop.sel(device=name)):.3g} → "
        f"{MILLI * float(dynamic.own_drop.sel(device=name)):.3g} mK"
        for name in study.device.values
    )
    everywhere, at_peak = (
        holds_up_to(study.cutoff.values, study[name].values) for name in ("largest_deviation", "peak_deviation")
    )
    return [
        (
            f"The static junction of the paper (solid) against its full admittance in equilibrium (dashed), T_L = "
            f"{MILLI * SOURCE_TEMPERATURE:g} mK, α = 2, over the cut-off ω_c = 1/(ρc), which is changed through ρ. (a) J over its "
            "maximum. (b) Relative deviation of J, largest over T_R and at the static maximum; red line: 5 %. (c) Contrast "
            "of J(T_R). (d) Area ratio with the largest J and with the most negative κ. (e, f) Largest drop δT over P_in "
            "for silver and InAsOI; the axis is linear below 0.1 mK, so that δT = 0 is on it. Dots: computed, straight lines "
            "between them. Dotted vertical line: the presets' ω_c. The static lines of (a) nearly coincide."
        ),
        (
            f"Static model within 5 % at every T_R for ω_c up to {everywhere:.2g} rad/s, at the maximum up to {at_peak:.2g} "
            f"rad/s (between points by a straight line in logarithms). At ω_c = {reference:.3g} rad/s the contrast is "
            f"{float(static.contrast):.3g} (static) and {float(dynamic.contrast):.3g} (dynamic), and δT at the presets' "
            f"powers goes: {drops}."
        ),
        "Neither model contains Coulomb blockade, or two temperatures within one junction.",
    ]


def holds_up_to(cutoff: np.ndarray, deviation: np.ndarray) -> float:
    """ω_c at which a deviation first passes the tolerance, by a straight line in logarithms; the last ω_c if it never does."""
    above = np.flatnonzero(deviation > TOLERANCE)
    if not above.size:
        return float(cutoff[-1])
    k = int(above[0])
    if k == 0:
        return float("nan")
    x, y = np.log(cutoff[k - 1 : k + 1]), np.log(deviation[k - 1 : k + 1])
    return float(np.exp(x[0] + (np.log(TOLERANCE) - y[0]) / (y[1] - y[0]) * (x[1] - x[0])))


def _units(units: str, long_name: str) -> dict[str, str]:
    return {"units": units, "long_name": long_name}
