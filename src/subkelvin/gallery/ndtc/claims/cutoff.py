"""How the effects depend on ω_c = 1/(ρc), the number that the accessible text of the paper does not give.

ω_c is changed through the specific resistance ρ of all junctions, at constant specific capacitance and areas.
Docs: docs/physics.md, section 8.
"""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import xarray as xr

from subkelvin.analysis.area_ratio import Objective, best_area_ratio
from subkelvin.analysis.conductance import conductance
from subkelvin.analysis.response import response
from subkelvin.analysis.temperature_drop import temperature_drop
from subkelvin.gallery.exhibit import with_admittance
from subkelvin.gallery.ndtc.cutoffs import at_cutoff, own_cutoff, specific_resistances
from subkelvin.gallery.ndtc.fig2 import AREA_RATIOS, POINTS, SOURCE_TEMPERATURE, heat_dataset, with_area_ratio
from subkelvin.gallery.ndtc.setups import SWEPT_ISLAND, lowest_reachable, swept_temperatures
from subkelvin.model import Device
from subkelvin.model.result import About
from subkelvin.progress import Progress

CLAIM_CUTOFFS = (1e11, 4e11, 1e12, 2e12, 4e12, 1e13)
"""Where claims are judged [rad/s], besides the reference."""
LOWEST_CUTOFF, HIGHEST_CUTOFF, CUTOFFS = 1e10, 1e13, 25
"""Range of ω_c in the figure [rad/s], and its points, evenly spaced in ln ω_c: eight for each decade make smooth lines."""
ABOVE_ONSET = (1.0, 1.05, 1.12, 1.25, 1.5)
"""More points of the figure where δT begins, over that ω_c."""
ONSET_HALVINGS = 24
"""Halvings of three decades of ω_c that bracket where δT begins: to 4e-7 of ω_c."""
PRESETS = ("silver-setup-1", "silver-setup-2", "inas-setup-1", "inas-setup-2")
DYNES_FACTORS = (1.0, 1.0 / 3.0, 3.0)
SWEPT_POINTS = 51
"""T_R between the bath temperature and the end of the sweeps of figures 3 and 4."""
POWERS = np.geomspace(1e-17, 1e-11, 361)
"""Searched for the largest δT [W]."""
SMALL_RATIO, LARGE_RATIO = 1e-4, 1e4
"""Area ratios at which J ∝ α and J ∝ 1/α are judged."""
MAP_TEMPERATURES = np.linspace(0.3, 0.9, 13)
"""T_L of the map of the best area ratio [K]; holds SOURCE_TEMPERATURE."""


def compute(progress: Progress | None = None, admittance: str = "static") -> xr.Dataset:
    """Everything that the claims table and its figure show against ``cutoff``."""
    tell = (progress or Progress()).step
    devices = {name: with_admittance(name, admittance) for name in PRESETS}
    reference = devices[PRESETS[0]]
    # With frequency-dependent junctions every heat current is an integral: the presets' own ω_c alone.
    others = CLAIM_CUTOFFS if admittance == "static" else ()
    judged = np.unique([*others, own_cutoff(reference)])
    onsets = {} if admittance == "dynamic" else {name: drop_onset(device) for name, device in devices.items()}
    cutoffs = judged
    if admittance == "static":
        # δT bends most just above where it begins.
        begins = [step * onset for onset in onsets.values() if np.isfinite(onset) for step in ABOVE_ONSET]
        cutoffs = np.unique(np.round([*np.geomspace(LOWEST_CUTOFF, HIGHEST_CUTOFF, CUTOFFS), *judged, *begins], -3))
    cutoffs = np.array([next((j for j in judged if abs(j / c - 1.0) < 1e-9), c) for c in cutoffs])
    tell(0.0, "claims: best area ratios")
    parts = [_best_ratios(reference, cutoffs)]
    tell(0.2, "claims: heat against ω_c")
    parts.append(_heat(reference, cutoffs))
    tell(0.4, "claims: temperature drops against ω_c")
    parts.append(_drops(devices, cutoffs, judged))
    study = xr.merge(parts, combine_attrs="drop")
    study = study.assign_coords(
        cutoff=("cutoff", cutoffs, _units("rad/s", "ω_c = 1/(ρc)")), judged=("cutoff", np.isin(cutoffs, judged))
    )
    if onsets:
        words = "ω_c below which no P_in gives a drop; NaN where there is one at every ω_c"
        study["drop_onset"] = ("device", [onsets[name] for name in study.device.values], _units("rad/s", words))
    study["bath_temperature"] = ((), float(reference.values["islands.bath.temperature"]), _units("K", "T_b"))
    study.attrs = About.of(reference).attributes()
    study.attrs["reference_cutoff"] = own_cutoff(reference)
    return study


def _best_ratios(device: Device, cutoffs: np.ndarray) -> xr.Dataset:
    """α for the largest J over ω_c and T_L, and for the most negative κ over ω_c; where J is an integral, at one T_L alone."""
    source = np.array([SOURCE_TEMPERATURE])
    mapped = source if device.structure.admittance == "dynamic" else MAP_TEMPERATURES
    for_heat, for_conductance = (
        best_area_ratio(
            device,
            "right",
            objective,
            source="left",
            source_temperatures=temperatures,
            specific_resistances=specific_resistances(device, cutoffs),
        ).area_ratio
        for objective, temperatures in ((Objective.HEAT, mapped), (Objective.NEGATIVE_CONDUCTANCE, source))
    )
    return _ratio_dataset(for_heat, for_conductance[:, 0], mapped)


def _ratio_dataset(for_heat: np.ndarray, for_conductance: np.ndarray, source_temperature: np.ndarray) -> xr.Dataset:
    """α for the largest J over ω_c and T_L; α for the most negative κ over ω_c, at the T_L of figure 2."""
    over = ("cutoff", "source_temperature")
    return xr.Dataset(
        {
            "best_ratio_for_heat": (over, for_heat, _units("1", "α with the largest J")),
            "best_ratio_for_conductance": (
                "cutoff",
                for_conductance,
                _units("1", f"α with the most negative κ, T_L = {SOURCE_TEMPERATURE:g} K"),
            ),
        },
        coords={"source_temperature": ("source_temperature", source_temperature, _units("K", "T_L"))},
    )


def _heat(device: Device, cutoffs: np.ndarray) -> xr.Dataset:
    """Peak, base and edges of J(T_R), and the most negative κ, over ω_c and α; exponents of α at its ends over ω_c."""
    rows, slopes = [], []
    for cutoff in cutoffs:
        one = at_cutoff(device, float(cutoff))
        curves = heat_dataset(one, SOURCE_TEMPERATURE, AREA_RATIOS)
        heat = curves.heat.values
        base = np.array([np.min(row[: np.argmax(row) + 1]) for row in heat])
        lowest = np.min(curves.conductance.values, axis=1)
        width = np.nansum((curves.upper_edge - curves.lower_edge).values, axis=1)
        over = "area_ratio"
        rows.append(
            xr.Dataset(
                {
                    "peak_heat": curves.peak_heat,
                    "peak_temperature": curves.peak_temperature,
                    "base_heat": (over, base, _units("W", "smallest J below the peak")),
                    "coldest_heat": (over, heat[:, 0], _units("W", "J at T_R = T_b")),
                    "final_heat": (over, heat[:, -1], _units("W", "J at T_R = T_L")),
                    "lowest_conductance": (over, lowest, _units("W/K", "most negative κ")),
                    "ndtc_width": (over, width, _units("K", "range of T_R with κ < 0")),
                    "maxima": (over, np.sum(curves.closes.values, axis=1), _units("", "interior maxima of J")),
                }
            )
        )
        slopes.append([_exponent(one, SMALL_RATIO), _exponent(one, LARGE_RATIO)])
    study = xr.concat(rows, dim="cutoff", coords="minimal", compat="override")
    study["small_ratio_exponent"] = (
        "cutoff",
        np.array(slopes)[:, 0],
        _units("1", f"d ln J/d ln α at α = {SMALL_RATIO:g}"),
    )
    study["large_ratio_exponent"] = (
        "cutoff",
        np.array(slopes)[:, 1],
        _units("1", f"d ln J/d ln α at α = {LARGE_RATIO:g}"),
    )
    return study


def _exponent(device: Device, ratio: float) -> float:
    """d ln J/d ln α at fixed temperatures, between α and 1.1 α, at three quarters of T_L."""
    lowest = float(device.values["islands.bath.temperature"])
    temperatures = np.linspace(lowest, SOURCE_TEMPERATURE, POINTS)
    place = int(np.searchsorted(temperatures, 0.75 * SOURCE_TEMPERATURE))
    heats = [
        float(
            conductance(
                with_area_ratio(device, r), "right", temperatures, source="left", source_temperature=SOURCE_TEMPERATURE
            ).heat[place]
        )
        for r in (ratio, 1.1 * ratio)
    ]
    return float(np.log(heats[1] / heats[0]) / np.log(1.1))


def _drops(devices: dict[str, Device], cutoffs: np.ndarray, judged: np.ndarray) -> xr.Dataset:
    """The largest δT over P_in, and that at the device's own power, over ω_c, device and Dynes factor."""
    cases = [
        (i, j, k)
        for i, cutoff in enumerate(cutoffs)
        for j in range(len(devices))
        for k in range(len(DYNES_FACTORS))
        if k == 0 or cutoff in judged
    ]
    names = list(devices)
    shape = (len(cutoffs), len(devices), len(DYNES_FACTORS))
    quantities = (
        "largest_drop",
        "best_power",
        "interior",
        "own_drop",
        "parasitic_change",
        "start",
        "minimum_at",
        "unheated",
        "unheated_drop",
    )
    results = {quantity: np.full(shape, np.nan) for quantity in quantities}

    def run(case: tuple[int, int, int]) -> dict[str, float]:
        i, j, k = case
        device = at_cutoff(devices[names[j]], float(cutoffs[i]))
        if k:
            path = "superconductors.Al.dynes"
            device = device.replace({path: DYNES_FACTORS[k] * float(device.values[path])})
        return _drop_numbers(
            device, int(names[j][-1]), heater=names[j].endswith("1") and not k and cutoffs[i] in judged
        )

    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        for case, numbers in zip(cases, pool.map(run, cases), strict=True):
            for quantity, number in numbers.items():
                results[quantity][case] = number
    over = ("cutoff", "device", "dynes_factor")
    labels = {
        "largest_drop": ("K", "largest δT over P_in"),
        "best_power": ("W", "P_in with the largest δT"),
        "interior": ("", "1 if δT(P_in) has an interior maximum"),
        "own_drop": ("K", "δT at the power of the device file"),
        "parasitic_change": ("1", "relative change of δT when a tenth of P_in comes in addition, as parasitic power"),
        "start": ("K", "T_L at the lowest bath temperature, at the power of the device file"),
        "minimum_at": ("K", "T_R of the minimum of T_L, at the power of the device file"),
        "unheated": ("K", "T_R without heater at the power of the device file"),
        "unheated_drop": ("K", "drop of T_L from there to the minimum"),
    }
    return xr.Dataset(
        {quantity: (over, results[quantity], _units(*labels[quantity])) for quantity in quantities},
        coords={"device": names, "dynes_factor": np.array(DYNES_FACTORS)},
    )


def drop_onset(device: Device) -> float:
    """The ω_c below which no P_in gives a drop [rad/s], by halving; NaN if there is a drop at the lowest ω_c of the figure.

    Raises:
        ValueError: if there is no drop at the highest ω_c either.
    """

    def drops(cutoff: float) -> bool:
        return _drop_numbers(at_cutoff(device, cutoff), _setup(device), heater=False)["largest_drop"] > 0.0

    low, high = LOWEST_CUTOFF, HIGHEST_CUTOFF
    if drops(low):
        return float("nan")
    if not drops(high):
        raise ValueError(f"no ω_c up to {high:g} rad/s gives a drop of {device.structure.name!r}.")
    for _ in range(ONSET_HALVINGS):
        middle = float(np.sqrt(low * high))
        low, high = (low, middle) if drops(middle) else (middle, high)
    return high


def _setup(device: Device) -> int:
    """1 where the right reservoir has a temperature of its own, 2 where cooling fins tie it to the bath."""
    return 1 if "islands.right.temperature" in device.values else 2


def _drop_numbers(device: Device, setup: int, heater: bool) -> dict[str, float]:
    swept = SWEPT_ISLAND[setup]
    temperatures = swept_temperatures(device, SWEPT_POINTS)
    power = float(device.values["islands.left.power"])
    # The ends alone: the table finds by itself where more temperatures are needed.
    powers = np.concatenate([[power, 1.1 * power], POWERS])
    found = temperature_drop(device, swept, temperatures[[0, -1]], powers=powers)
    drops = found.drop
    scan = np.where(np.isnan(drops[2:]), 0.0, drops[2:])
    best = int(np.argmax(scan))
    # The largest value must stand above both ends of the powers that have a steady state.
    inside = np.nonzero(np.isfinite(drops[2:]))[0]
    interior = bool(inside.size) and inside[0] < best < inside[-1] and scan[best] > 0.0
    numbers = {
        "largest_drop": float(scan[best]),
        "best_power": float(POWERS[best]),
        "interior": float(interior),
        "own_drop": float(drops[0]),
        "parasitic_change": abs(float(drops[1] / drops[0]) - 1.0) if drops[0] > 0.0 else float("nan"),
        "start": float(found.start[0]),
        "minimum_at": float(found.swept_temperature[0]),
    }
    return numbers | (_unheated(device, temperatures, power, float(found.minimum[0])) if heater else {})


def _unheated(device: Device, temperatures: np.ndarray, power: float, minimum: float) -> dict[str, float]:
    """T_R without heater, and the drop of T_L from there."""
    swept = SWEPT_ISLAND[1]
    curve = response(device, swept, temperatures, powers=[power])
    start = lowest_reachable(curve.swept_temperature, curve.holding_power[0])
    # Once more on a fine grid about it.
    near = start + float(temperatures[1] - temperatures[0]) * np.linspace(-1.0, 1.0, 17)
    curve = response(device, swept, near, powers=[power])
    start = lowest_reachable(near, curve.holding_power[0])
    return {"unheated": start, "unheated_drop": float(np.interp(start, near, curve.temperature[0])) - minimum}


def _units(units: str, long_name: str) -> dict[str, str]:
    return {"units": units, "long_name": long_name}
