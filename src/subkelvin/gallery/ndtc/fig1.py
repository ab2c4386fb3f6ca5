"""Figure 1c: the resistance of an NIS junction against temperature, for two Dynes parameters."""

import jax
import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from subkelvin import plots
from subkelvin.devicefile import preset
from subkelvin.model.result import About
from subkelvin.physics.junction import resistance_ratio
from subkelvin.physics.superconductor import gap, zero_temperature_gap

DEVICE = "silver-setup-1"
SECOND_CURVE = 10.0
"""Dynes parameter of the second curve, over that of the device."""
LOWEST, HIGHEST, POINTS = 0.05, 1.0, 400


def compute() -> xr.Dataset:
    """r = R(T)/R_N over ``dynes`` and ``reduced_temperature`` T/T_c."""
    device = preset(DEVICE)
    superconductor = device.structure.superconductors[0]
    critical = float(device.values[f"superconductors.{superconductor.name}.critical_temperature"])
    dynes = float(device.values[f"superconductors.{superconductor.name}.dynes"]) * np.array([1.0, SECOND_CURVE])
    reduced = np.linspace(LOWEST, HIGHEST, POINTS)
    ratio = ratio_at(reduced, dynes[:, None], critical, superconductor.gap_equation)
    attributes = About.of(device).attributes()
    return xr.Dataset(
        {"resistance_ratio": (("dynes", "reduced_temperature"), ratio, {"units": "1", "long_name": "R(T)/R_N"})},
        coords={
            "dynes": ("dynes", dynes, {"units": "1", "long_name": "Dynes broadening over zero-temperature gap"}),
            "reduced_temperature": ("reduced_temperature", reduced, {"units": "1", "long_name": "T/T_c"}),
        },
        attrs=attributes,
    )


def ratio_at(
    reduced_temperature: np.ndarray, dynes: np.ndarray, critical_temperature: float, gap_equation: bool
) -> np.ndarray:
    """r at T/T_c for a Dynes parameter γ = Γ/Δ0 and a critical temperature [K]."""
    return np.asarray(_ratio(np.asarray(reduced_temperature), dynes, critical_temperature, gap_equation))


@jax.jit
def _ratio(
    reduced_temperature: jax.Array, dynes: jax.Array, critical_temperature: jax.Array, gap_equation: jax.Array
) -> jax.Array:
    temperature = critical_temperature * reduced_temperature
    width = dynes * zero_temperature_gap(critical_temperature, gap_equation)
    return resistance_ratio(temperature, gap(temperature, critical_temperature, gap_equation), width)


def draw(dataset: xr.Dataset) -> Figure:
    """The figure, one journal column wide."""
    with plots.journal_style():
        figure = plots.new_figure(plots.SINGLE_COLUMN, 62.0)
        axes = figure.subplots()
        plots.draw_resistance_ratio(axes, dataset)
        plots.label_panels([axes], "c")
        plots.name_admittance(figure, "zero frequency: static and dynamic admittance alike")
    return figure


def describe(dataset: xr.Dataset) -> list[str]:
    """What the figure shows, for its caption."""
    low = dataset.resistance_ratio.isel(reduced_temperature=0).values
    own, second = (f"{dynes:g}" for dynes in dataset.dynes.values)
    return [
        (
            "Figure 1c. Zero-bias resistance of an NIS junction over its normal-state value, r = R(T)/R_N, against T/T_c "
            f"for Dynes parameters γ = Γ/Δ0 of {own} (solid) and {second} (dashed). The curve depends on T/T_c and γ alone, "
            f"and on γ only at low temperature, where it ends on a floor of 1/γ: r = {low[0]:.4g} and {low[1]:.4g} at "
            f"T/T_c = {float(dataset.reduced_temperature[0]):g}."
        ),
        "Static admittance: r holds at every frequency. Dynamic admittance: r holds at frequency zero.",
        "The second value of γ is ours (assumed): ten times the first.",
    ]
