"""When the static junction of the paper holds: its figures of merit with both admittances, against ω_c.

Static: a junction is its zero-bias resistance and its geometric capacitance at every frequency. Dynamic: its admittance at
every frequency in equilibrium (section 3 of docs/physics.md). Both from one kind of table of J(T_L, T_R):
only the admittance differs.
"""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter
from scipy.interpolate import RectBivariateSpline

from subkelvin import plots
from subkelvin.analysis.conductance import between, heat_between, over_points
from subkelvin.analysis.outflow_surface import Surface, contour_drop
from subkelvin.balance.network import electron_phonon_flows
from subkelvin.circuit.circuit import Circuit
from subkelvin.devicefile import preset
from subkelvin.model import Device
from subkelvin.plots.style import BLUE, INK, LINE_STYLES, VERMILION
from subkelvin.reproduction.area_ratio import at_cutoff, best_ratios, heat_curves, own_cutoff
from subkelvin.reproduction.fig2 import SOURCE_TEMPERATURE
from subkelvin.reproduction.setups import HIGHEST_SWEPT, MATERIALS, SWEPT_ISLAND, with_admittance
from subkelvin.sweeps.dataset import provenance_attributes

ADMITTANCES = ("static", "dynamic")
DEVICE = "silver-setup-1"
PRESETS = tuple(f"{material}-setup-{number}" for number in (1, 2) for material in MATERIALS)
CUTOFFS = np.array([1e8, 1e9, 1e10, 3e10, 1e11, 4e11, 1e12, 2e12, 4e12, 1e13])
SHOWN_CUTOFFS = (1e10, 4e11, 2e12)
"""ω_c of the curves J(T_R) in the figure [rad/s]."""
TARGETS = 96
"""T_R of a curve."""
FLOATING_POINTS, SWEPT_POINTS = 72, 49
"""Points of the table of J: with the splines through it δT is right to 1e-3 of itself."""
POWERS = np.geomspace(1e-17, 1e-11, 361)
TOLERANCE = 0.05
"""The static model holds where it is this close to the dynamic one."""
FEMTO, MILLI = 1e15, 1e3


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
    study.attrs = provenance_attributes(with_admittance(DEVICE, "dynamic")) | {
        "admittance": "static and dynamic",
        "reference_cutoff": own_cutoff(preset(DEVICE)),
    }
    return study


def _at(devices: dict[str, Device], cutoff: float) -> xr.Dataset:
    """All numbers of one admittance at one ω_c."""
    reference = at_cutoff(devices[DEVICE], cutoff)
    lowest = float(reference.values["islands.bath.temperature"])
    target = np.linspace(lowest, SOURCE_TEMPERATURE, TARGETS)
    heat = heat_curves(reference, np.ones(1), target)[0][0]
    peak = int(np.argmax(heat))
    best_heat, best_conductance = best_ratios(reference, lowest)
    table = photon_table(reference, lowest)
    drops = {name: largest_drop(at_cutoff(device, cutoff), table) for name, device in devices.items()}
    return xr.Dataset(
        {
            "heat": ("target", heat, _units("W", "J from left to right")),
            "peak_heat": ((), heat[peak], _units("W", "largest J")),
            "contrast": ((), heat[peak] / np.min(heat[: peak + 1]), _units("1", "largest over smallest J below it")),
            "best_ratio_for_heat": ((), best_heat.ratio, _units("1", "α with the largest J")),
            "best_ratio_for_conductance": ((), best_conductance.ratio, _units("1", "α with the most negative κ")),
            "most_negative_conductance": ((), -best_conductance.value, _units("W/K", "κ at that α")),
            "largest_drop": ("device", [drops[name][0] for name in devices], _units("K", "largest δT over P_in")),
            "best_power": ("device", [drops[name][1] for name in devices], _units("W", "P_in with the largest δT")),
            "own_drop": ("device", [drops[name][2] for name in devices], _units("K", "δT at the preset's power")),
        },
        coords={
            "target_temperature": ("target", target, _units("K", "T_R")),
            "device": list(devices),
        },
    )


class PhotonTable(NamedTuple):
    """J from the left to the right reservoir over both temperatures; shape (floating, swept)."""

    floating_temperature: np.ndarray
    swept_temperature: np.ndarray
    heat: np.ndarray


def photon_table(device: Device, lowest: float) -> PhotonTable:
    """J(T_L, T_R) for T_L up to the critical temperature, T_R up to the end of the sweeps of figures 3 and 4."""
    network, ends = between(device, "left", "right", SOURCE_TEMPERATURE)
    critical = float(np.max(network.circuit.branches.critical_temperature))
    floating, swept = np.geomspace(lowest, critical, FLOATING_POINTS), np.linspace(lowest, HIGHEST_SWEPT, SWEPT_POINTS)
    grid = np.meshgrid(floating, swept, indexing="ij")
    heat = _heats(network.circuit, network.held_temperatures, ends, grid[0].ravel(), grid[1].ravel())
    return PhotonTable(floating, swept, np.asarray(heat).reshape(grid[0].shape))


@jax.jit
def _heats(circuit: Circuit, held: jax.Array, ends: jax.Array, left: jax.Array, right: jax.Array) -> jax.Array:
    def one(point: tuple[jax.Array, jax.Array]) -> jax.Array:
        temperatures = jnp.asarray(held).at[ends[0]].set(point[0]).at[ends[1]].set(point[1])
        return heat_between(circuit, temperatures, ends)

    return over_points(circuit, one, (left, right))


def largest_drop(device: Device, table: PhotonTable) -> tuple[float, float, float]:
    """Largest δT [K], the power where it is [W], and δT at the device's own power [K]; J from the table."""
    swept = _swept_island(device)
    network, ends = between(device, "left", swept, SOURCE_TEMPERATURE)
    floating, temperature = np.meshgrid(table.floating_temperature, table.swept_temperature, indexing="ij")
    flows = _matter(network, ends, floating.ravel(), temperature.ravel())
    own = np.asarray(network.incidence)[ends[0], network.circuit.pairs.shape[0] :][: flows.shape[1]]
    outflow = table.heat + (np.asarray(flows) @ own).reshape(table.heat.shape)
    spline = RectBivariateSpline(np.log(table.floating_temperature), table.swept_temperature, outflow)
    slope = spline(np.log(table.floating_temperature), table.swept_temperature, dy=1)
    surface = Surface(table.floating_temperature, table.swept_temperature, outflow, np.full_like(slope, np.nan), slope)
    power = float(device.values["islands.left.power"])
    drops = contour_drop(surface, np.append(POWERS, power)).drop
    scan = np.where(np.isnan(drops[:-1]), 0.0, drops[:-1])
    best = int(np.argmax(scan))
    return float(scan[best]), float(POWERS[best]), float(drops[-1])


def _swept_island(device: Device) -> str:
    """The right reservoir; the bath where cooling fins tie both together."""
    return SWEPT_ISLAND[1] if "islands.right.temperature" in device.values else SWEPT_ISLAND[2]


@jax.jit
def _matter(network, ends: jax.Array, left: jax.Array, right: jax.Array) -> jax.Array:  # type: ignore[no-untyped-def]
    """Electron-phonon flows at many temperatures, shape (points, paths)."""

    def one(left: jax.Array, right: jax.Array) -> jax.Array:
        temperatures = jnp.asarray(network.held_temperatures).at[ends[0]].set(left).at[ends[1]].set(right)
        return jnp.concatenate(
            [electron_phonon_flows(parts, temperatures) for parts in (network.floating_parts, network.held_parts)]
        )

    return jax.vmap(one)(left, right)


def draw(study: xr.Dataset) -> Figure:
    """The figure, two journal columns wide."""
    styles = dict(zip(ADMITTANCES, LINE_STYLES, strict=False))
    with plots.journal_style():
        figure = plots.new_figure(plots.DOUBLE_COLUMN, 108.0)
        (heat, deviation, contrast), (best, silver, inas) = figure.subplots(2, 3)
        shown = [float(c) for c in study.cutoff.values if np.any(np.isclose(c, SHOWN_CUTOFFS))]
        colours = dict(zip(shown, (BLUE, INK, VERMILION), strict=False))
        for cutoff in shown:
            for admittance, style in styles.items():
                one = study.sel(cutoff=cutoff, admittance=admittance)
                power = int(np.floor(np.log10(cutoff)))
                label = rf"${cutoff / 10.0**power:.0f} \times 10^{{{power}}}$"
                heat.plot(
                    MILLI * study.target_temperature,
                    one.heat / one.peak_heat,
                    color=colours[cutoff],
                    linestyle=style,
                    label=label if admittance == "static" else None,
                )
        heat.set_yscale("log")
        heat.set_ylim(5e-3, 1.3)
        heat.set_xlim(MILLI * float(study.target_temperature[0]), MILLI * SOURCE_TEMPERATURE)
        heat.set_xlabel(r"right temperature  $T_\mathrm{R}$ (mK)")
        heat.set_ylabel(r"$J/J_\mathrm{max}$")
        heat.legend(title=r"$\omega_\mathrm{c}$ (rad/s)", loc="lower center", ncols=1)
        lines: dict[str, tuple[Any, Any, Any]] = {
            "largest": (study.largest_deviation.values, INK, LINE_STYLES[0]),
            "at the maximum": (study.peak_deviation.values, BLUE, LINE_STYLES[1]),
        }
        plots.draw_against_cutoff(deviation, study, lines, r"$|J_\mathrm{dynamic}/J_\mathrm{static} - 1|$")
        deviation.axhline(TOLERANCE, color=VERMILION, linewidth=0.6)
        deviation.legend(loc="lower right")
        plots.draw_against_cutoff(
            contrast, study, _pair(study.contrast, INK), r"contrast  $J_\mathrm{max}/J_\mathrm{min}$"
        )
        contrast.set_ylim(4.0, 80.0)
        contrast.set_yticks([5.0, 10.0, 20.0, 50.0], labels=["5", "10", "20", "50"])
        contrast.yaxis.set_minor_formatter(NullFormatter())
        contrast.legend(loc="lower left")
        lines = _pair(study.best_ratio_for_heat, BLUE, r"$J$, ") | _pair(
            study.best_ratio_for_conductance, VERMILION, r"$\kappa$, "
        )
        plots.draw_against_cutoff(best, study, lines, r"best area ratio  $\alpha$")
        best.set_ylim(1.0, 12.0)
        best.set_yticks([1.0, 2.0, 5.0, 10.0], labels=["1", "2", "5", "10"])
        best.yaxis.set_minor_formatter(NullFormatter())
        best.legend(loc="upper left")
        for axes, material, name in ((silver, "silver", "Ag"), (inas, "inas", "InAsOI")):
            drops = {
                f"{admittance}, set-up {number}": (
                    MILLI * study.largest_drop.sel(admittance=admittance, device=f"{material}-setup-{number}").values,
                    (BLUE, VERMILION)[number - 1],
                    style,
                )
                for number in (1, 2)
                for admittance, style in styles.items()
            }
            plots.draw_against_cutoff(axes, study, drops, r"largest $\delta T$ (mK)")
            axes.set_ylim(0.05, 300.0)
            axes.set_title(name, loc="right", fontsize=7.5, pad=3.0)
        silver.legend(loc="upper left")
        plots.label_panels([heat, deviation, contrast, best, silver, inas], "abcdef")
    return figure


def _pair(values: xr.DataArray, colour: str, prefix: str = "") -> dict[str, tuple[Any, Any, Any]]:
    """Both admittances as lines of one colour."""
    return {
        f"{prefix}{admittance}": (values.sel(admittance=admittance).values, colour, style)
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
            f"{SOURCE_TEMPERATURE:g} K, α = 2, over the cut-off ω_c = 1/(ρc), which is changed through ρ. (a) J over its "
            "maximum. (b) Relative deviation of J, largest over T_R and at the static maximum; red line: 5 %. (c) Contrast "
            "of J(T_R). (d) Area ratio with the largest J and with the most negative κ. (e, f) Largest drop δT over P_in "
            "for silver and InAsOI; blue: set-up 1, red: set-up 2. Dotted vertical line: the presets' ω_c."
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
