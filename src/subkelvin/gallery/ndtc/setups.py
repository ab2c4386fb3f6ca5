"""What figures 3 and 4 share: silver and InAs on insulator in one set-up, with powers that warm both alike.

In the first set-up a heater sweeps the right reservoir's temperature over a cold substrate; in the second, cooling fins tie the
right reservoir to the substrate, whose temperature is swept. Docs: docs/physics.md, section 8.
"""

from typing import NamedTuple

import numpy as np
import xarray as xr

from subkelvin.analysis.outflow_surface import outflow_at
from subkelvin.analysis.response import response, swept_network
from subkelvin.analysis.temperature_drop import temperature_drop
from subkelvin.gallery.exhibit import with_admittance
from subkelvin.model import Device

SWEPT_ISLAND = {1: "right", 2: "bath"}
MATERIALS = {"silver": "Ag", "inas": "InAsOI"}
"""Presets are named after the keys; pictures show the values."""

FIGURE_POWERS = np.array([30e-15, 100e-15, 300e-15, 1000e-15])
"""Heater powers of the four curves for silver [W]; those for InAsOI follow from equal temperatures at T_R = T_b."""
WEAKEST_POWER, STRONGEST_POWER, DROP_POWERS = 1e-15, 3e-12, 241
"""Range and number of the powers of δT(P) for silver [W], those for InAsOI by the same rule; 3 % apart, so that straight lines
between them are smooth in print."""
HIGHEST_SWEPT, SWEPT_POINTS = 0.6, 112
"""Where the sweep of T_R ends [K], and its points."""
DYNAMIC_SWEPT_POINTS = 57
"""Fewer where each point costs a thousand times as much."""


class Powers(NamedTuple):
    """Heater powers of a figure [W]."""

    figure: np.ndarray
    drop: np.ndarray


def swept_temperatures(device: Device, points: int = SWEPT_POINTS) -> np.ndarray:
    """T_R from the device's bath temperature upwards [K]."""
    return np.linspace(float(device.values["islands.bath.temperature"]), HIGHEST_SWEPT, points)


def silver_powers() -> Powers:
    """The powers chosen for silver."""
    return Powers(FIGURE_POWERS, np.geomspace(WEAKEST_POWER, STRONGEST_POWER, DROP_POWERS))


def coldest(device: Device) -> Device:
    """The device with its right reservoir at the bath temperature."""
    if "islands.right.temperature" not in device.values:
        return device
    return device.replace({"islands.right.temperature": device.values["islands.bath.temperature"]})


def compute_setup(number: int, admittance: str = "static") -> xr.DataTree:
    """Temperature, drop, responsivity and heater power of both materials in one set-up.

    Args:
        number: 1 or 2.
        admittance: of the junctions.

    Returns:
        DataTree with the children ``silver`` and ``inas``.
    """
    chosen = silver_powers()
    tree: dict[str, xr.Dataset] = {}
    for material in MATERIALS:
        device = with_admittance(f"{material}-setup-{number}", admittance)
        if material == "silver":
            powers = chosen
        else:
            # Equal temperatures at T_R = T_b: the four curves start alike, and δT(P) spans the same range of T_L.
            silver = tree["silver"]
            starts = np.array([*silver.temperature.values[:, 0], *silver.drop_start.values[[0, -1]]])
            *alike, weakest, strongest = holding_powers(
                device, SWEPT_ISLAND[number], starts, float(silver.swept_temperature[0])
            )
            powers = Powers(np.array(alike), np.geomspace(weakest, strongest, DROP_POWERS))
        tree[material] = setup_dataset(device, number, powers)
    return xr.DataTree.from_dict(tree, name=f"setup-{number}")


def holding_powers(device: Device, swept: str, floating: np.ndarray, temperature: float) -> np.ndarray:
    """The heater powers that keep the floating island at some temperatures [W], the swept island at one; temperatures [K]."""
    network, at, _ = swept_network(device, swept, np.full(floating.shape, temperature), np.zeros(1))
    return outflow_at(network, floating, at).watts


def setup_dataset(device: Device, number: int, powers: Powers) -> xr.Dataset:
    """Everything that figures 3 and 4 show of one device.

    Args:
        device: one of the presets, or like it.
        number: of the set-up, 1 or 2.
        powers: heater powers.
    """
    count = powers.figure.size
    island = SWEPT_ISLAND[number]
    points = DYNAMIC_SWEPT_POINTS if device.structure.admittance == "dynamic" else SWEPT_POINTS
    swept = swept_temperatures(device, points)
    dataset = response(device, island, swept, powers=powers.figure).to_xarray()
    drops = temperature_drop(device, island, swept, powers=np.concatenate([powers.figure, powers.drop])).to_xarray()
    dots = drops[["drop", "minimum", "swept_temperature"]].isel(power=slice(count))
    line = drops[["drop", "swept_temperature", "start"]].isel(power=slice(count, None))
    dataset = dataset.merge(
        dots.rename(drop="power_drop", minimum="minimum_temperature", swept_temperature="minimum_at")
    ).merge(line.rename(power="drop_power", drop="temperature_drop", swept_temperature="drop_at", start="drop_start"))
    if number == 2:
        # The right reservoir is the bath: no heater warms it, and every temperature is reached.
        return dataset.drop_vars("holding_power")
    lowest = [lowest_reachable(swept, row) for row in dataset.holding_power.values]
    dataset["lowest_reachable"] = ("power", lowest, _units("K", "T_R without heater; lower ones need cooling"))
    return dataset


def lowest_reachable(swept_temperature: np.ndarray, holding_power: np.ndarray) -> float:
    """The T_R that needs no heater, between samples by the straight line [K]: lower ones would have to be cooled."""
    (rising,) = np.nonzero((holding_power[:-1] < 0.0) & (holding_power[1:] >= 0.0))
    if not rising.size:
        return float("nan")
    i = int(rising[-1])
    share = -holding_power[i] / (holding_power[i + 1] - holding_power[i])
    return float(swept_temperature[i] + share * (swept_temperature[i + 1] - swept_temperature[i]))


def _units(units: str, long_name: str) -> dict[str, str]:
    return {"units": units, "long_name": long_name}
