"""The common form of figures 3 and 4: the set-up drawn, then T_L, δT and 𝓡 for silver above and InAsOI below."""

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from subkelvin import plots
from subkelvin.gallery.caption import model_sentence
from subkelvin.gallery.ndtc.plot_setup import draw_setup
from subkelvin.gallery.ndtc.setups import MATERIALS

LINE_STYLE = {"silver": "-", "inas": (0, (4, 1.3))}


def draw_figure(tree: xr.DataTree, fins: bool) -> Figure:
    """The set-up (a); T_L (b, c), δT (d, e) and 𝓡 (f, g), silver solid in the upper row and InAsOI dashed in the lower one."""
    swept = r"temperature  $T_\mathrm{b} = T_\mathrm{R}$ (mK)" if fins else r"right temperature  $T_\mathrm{R}$ (mK)"
    variable = r"T_\mathrm{b}" if fins else r"T_\mathrm{R}"
    with plots.journal_style():
        figure = plots.new_figure(plots.DOUBLE_COLUMN, 100.0)
        grid = figure.add_gridspec(2, 4, width_ratios=[1.42, 1.0, 1.0, 1.0])
        column = grid[:, 0].subgridspec(2, 1, height_ratios=[3.3, 1.0])
        drawing, key = figure.add_subplot(column[0]), figure.add_subplot(column[1])
        draw_setup(drawing, fins)
        datasets = [tree[material].to_dataset() for material in MATERIALS]
        plots.draw_power_key(key, datasets, list(MATERIALS.values()), [LINE_STYLE[material] for material in MATERIALS])
        panels = [drawing]
        for row, (material, name) in enumerate(MATERIALS.items()):
            dataset = tree[material].to_dataset()
            temperature, drop, responsivity = (figure.add_subplot(grid[row, column]) for column in (1, 2, 3))
            plots.draw_temperature(temperature, dataset, LINE_STYLE[material])
            plots.draw_drop(drop, dataset, LINE_STYLE[material])
            plots.draw_responsivity(responsivity, dataset, LINE_STYLE[material])
            responsivity.set_ylabel(rf"$\mathcal{{R}} = dT_\mathrm{{L}}/d{variable}$")
            for axes in (temperature, responsivity):
                axes.set_xlabel(swept)
            for axes in (temperature, drop, responsivity):
                axes.set_title(name, loc="right", fontsize=7.5, pad=3.0)
            panels += [temperature, drop, responsivity]
        plots.label_panels([panels[k] for k in (0, 1, 4, 2, 5, 3, 6)], "abcdefg")
        plots.name_admittance(figure, f"{datasets[0].attrs['admittance']} admittance")
    return figure


def describe_setup(tree: xr.DataTree, number: int) -> list[str]:
    """The caption of figure 3 or 4."""
    fins = number == 2
    swept = "T_b = T_R" if fins else "T_R"
    how = (
        "Cooling fins keep the right one at the bath temperature, which is swept."
        if fins
        else "A heater sweeps the temperature of the right one; the bath stays cold."
    )
    paragraphs = [
        (
            f"Figure {number + 2}. (a) The set-up, not to scale: two NISIN reservoirs joined by superconducting lines. A constant "
            f"power P_in goes into the left one, which floats. {how} (b, c) T_L against {swept} for four P_in, chosen such that "
            f"T_L at the lowest {swept} is the same for both materials; dots: minima; dotted line: T_L = T_R. (d, e) Drop δT of "
            "T_L between the lowest bath temperature and the minimum, against P_in; dots: the four powers. (f, g) Responsivity "
            f"𝓡 = dT_L/d({swept}) for the same powers. Upper row, solid: silver. Lower row, dashed: InAs on insulator (InAsOI). "
            "Colours: the powers of the key, in all panels. A triangle marks where a line of 𝓡 leaves the frame, and the number "
            "beside it the highest 𝓡 of the panel."
        ),
        model_sentence(tree["silver"].to_dataset().attrs["admittance"]),
    ]
    if not fins:
        paragraphs.append(
            "Thin lines: temperatures T_R at which P_heater,R = P_e-ph,R(T_R, T_b) − J would be negative, so that heating "
            "alone cannot hold them; where they end depends on the right reservoir's volume."
        )
    paragraphs += [_numbers(tree[material].to_dataset(), name) for material, name in MATERIALS.items()]
    return [*paragraphs, "The powers are ours (assumed)."]


def _numbers(dataset: xr.Dataset, name: str) -> str:
    """Powers and drops of one material, in words."""
    powers = ", ".join(f"{1e15 * power:.4g}" for power in dataset.power.values)
    drops = ", ".join(f"{1e3 * drop:.3g}" for drop in dataset.power_drop.values)
    best = int(np.nanargmax(dataset.temperature_drop.values))
    largest, at = 1e3 * float(dataset.temperature_drop[best]), 1e15 * float(dataset.drop_power[best])
    words = f"{name}: P_in = {powers} fW, δT = {drops} mK; largest δT in (d, e) {largest:.3g} mK near {at:.3g} fW."
    if "lowest_reachable" in dataset:
        words += f" T_R without heater: {', '.join(f'{1e3 * t:.0f}' for t in dataset.lowest_reachable.values)} mK."
    return words
