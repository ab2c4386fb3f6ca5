"""Figure 2: photonic heat and differential thermal conductance between two reservoirs held at T_L and T_R."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from subkelvin import plots
from subkelvin.analysis.conductance import Interval, conductance, negative_conductance
from subkelvin.gallery.caption import model_sentence
from subkelvin.gallery.exhibit import with_admittance
from subkelvin.model import Device
from subkelvin.model.result import About

DEVICE = "silver-setup-1"
SOURCE_TEMPERATURE = 0.5
"""T_L [K]; ours."""
AREA_RATIOS = (0.2, 0.5, 1.0, 2.0, 5.0)
"""α = A_R/A_L, the left area as in the device; ours."""
POINTS = 312
MOST_INTERVALS = 4
COLD_END = 0.16
"""T_R at which panel (c) ends [K]: beyond the lower edges of NDTC, which lie between 130 and 136 mK at the reference parameters."""
MILLI = 1e3


def compute(admittance: str = "static") -> xr.Dataset:
    """J and κ over ``area_ratio`` and ``point``, with the edges of the ranges of negative κ."""
    return heat_dataset(with_admittance(DEVICE, admittance), SOURCE_TEMPERATURE, AREA_RATIOS)


def with_area_ratio(device: Device, ratio: float) -> Device:
    """The device with the right junctions' area set to α times that of the left ones."""
    return device.replace({"elements.right.area": ratio * device.values["elements.left.area"]})


def heat_dataset(device: Device, source_temperature: float, area_ratios: tuple[float, ...]) -> xr.Dataset:
    """J and κ of a device against T_R, from its bath temperature to T_L, for several area ratios.

    Args:
        device: two reservoirs, ``left`` and ``right``, with one junction element each.
        source_temperature: T_L [K].
        area_ratios: α.
    """
    lowest, hot = float(device.values["islands.bath.temperature"]), source_temperature
    curves, ranges = [], []
    for ratio in area_ratios:
        one = with_area_ratio(device, ratio)
        found = negative_conductance(one, "right", lowest, hot, source="left", source_temperature=hot)
        points = _points(found.intervals, lowest, hot)
        curve = conductance(one, "right", points, source="left", source_temperature=hot).to_xarray()
        # Each curve has its own temperatures, because the edges are among them.
        curves.append(curve.rename_dims(target_temperature="point").reset_index("target_temperature"))
        ranges.append(_edges(found.to_xarray()))
    over = xr.DataArray(np.array(area_ratios), dims="area_ratio", attrs=_units("1", "α = A_R/A_L"), name="area_ratio")
    whole = xr.concat([one.drop_vars("source_temperature") for one in curves], over, coords="all")
    dataset = whole.merge(xr.concat(ranges, over))
    peak = dataset.heat.argmax("point")
    for name, of in (("peak_temperature", dataset.target_temperature), ("peak_heat", dataset.heat)):
        dataset[name] = of.isel(point=peak).drop_vars("target_temperature").assign_attrs(of.attrs)
    dataset["source_temperature"] = curves[0].source_temperature
    return dataset.assign_attrs(About.of(device).attributes())


def _edges(found: xr.Dataset) -> xr.Dataset:
    """The edges of the ranges of negative κ, as many for every curve: NaN where there are fewer ranges."""
    names = {"lower": "lower_edge", "upper": "upper_edge", "opens": "opens", "closes": "closes"}
    edges = found[[*names]].rename(names).assign_coords(interval=np.arange(found.sizes["interval"]))
    absent = {"lower_edge": np.nan, "upper_edge": np.nan, "opens": False, "closes": False}
    return edges.reindex(interval=np.arange(MOST_INTERVALS), fill_value=absent).drop_attrs(deep=False)


def _points(intervals: Sequence[Interval], lowest: float, highest: float) -> np.ndarray:
    """T_R from end to end, with the edges of the intervals among the points, always as many points (one compilation)."""
    edges = sorted({e for i in intervals[:MOST_INTERVALS] for e in (i.lower, i.upper) if lowest < e < highest})
    return np.sort(np.concatenate([np.linspace(lowest, highest, POINTS - len(edges)), edges]))


def draw(dataset: xr.Dataset) -> Figure:
    """The figure, two journal columns wide: J above κ, and beside them the cold end of J and the ranges of negative κ."""
    with plots.journal_style():
        figure = plots.new_figure(plots.DOUBLE_COLUMN, 108.0)
        (heat, cold), (slope, ranges) = figure.subplots(2, 2)
        plots.draw_heat(heat, dataset)
        plots.draw_conductance(slope, dataset)
        plots.draw_cold_end(cold, dataset, COLD_END)
        plots.draw_negative_ranges(ranges, dataset)
        for axes in (heat, slope, cold, ranges):
            axes.set_xlabel(plots.RIGHT_TEMPERATURE)
        ends = [MILLI * float(end) for end in (dataset.target_temperature.min(), dataset.target_temperature.max())]
        for axes in (heat, slope, ranges):
            axes.set_xlim(*ends)
        plots.label_panels([heat, slope, cold, ranges], "abcd")
        plots.name_admittance(figure, f"{dataset.attrs['admittance']} admittance")
    return figure


def describe(dataset: xr.Dataset) -> list[str]:
    """What the figure shows, for its caption."""
    ranges = []
    for ratio in dataset.area_ratio.values:
        one = dataset.sel(area_ratio=ratio)
        pieces = [
            f"{1e3 * low:.1f}–{1e3 * high:.1f} mK"
            for low, high in zip(one.lower_edge.values, one.upper_edge.values, strict=True)
            if np.isfinite(low)
        ]
        ranges.append(
            f"α = {ratio:g}: {' and '.join(pieces) or 'none'}, largest J {1e15 * float(one.peak_heat):.3g} fW"
        )
    minima = (
        "dots: the shallow minima, which are the lower edges of NDTC"
        if bool(dataset.opens.any())
        else "J rises from there on, so that no minimum precedes the maximum"
    )
    hot = f"{MILLI * float(dataset.source_temperature):g} mK"
    return [
        (
            f"Figure 2. (a) Photonic heat J from the left reservoir, held at T_L = {hot}, to the right one, held at T_R, for "
            "area ratios α = A_R/A_L; dots: maxima. (b) Differential thermal conductance κ = ∂J/∂(T_L − T_R) at fixed T_L; grey: "
            "negative differential thermal conductance (NDTC). (c) The cold end of (a), over the value at the coldest T_R; "
            f"{minima}. (d) The ranges of NDTC; dots: edges found as roots of κ, "
            "without a dot the range goes on below the coldest T_R. The lines of (b) to (d) are those of (a)."
        ),
        model_sentence(dataset.attrs["admittance"]),
        "κ < 0 in: " + "; ".join(ranges) + ".",
        f"T_L = {hot} and the five α are ours (assumed). The left junctions have the area of the device file.",
    ]


def _units(units: str, long_name: str) -> dict[str, str]:
    return {"units": units, "long_name": long_name}
