"""Devices with another ω_c = 1/(ρc), reached by changing ρ of both junctions at constant c and areas."""

import numpy as np

from subkelvin.model import Device


def own_cutoff(device: Device) -> float:
    """ω_c of a device's left junctions [rad/s]."""
    values = device.values
    return 1.0 / float(values["elements.left.specific_resistance"] * values["elements.left.specific_capacitance"])


def specific_resistances(device: Device, cutoffs: np.ndarray) -> np.ndarray:
    """ρ = 1/(ω_c c) of a device's left junctions for each ω_c [rad/s]: their own, to the last bit, for their own ω_c."""
    own, values = own_cutoff(device), device.values
    reached = 1.0 / (np.asarray(cutoffs) * float(values["elements.left.specific_capacitance"]))
    return np.where(np.asarray(cutoffs) == own, float(values["elements.left.specific_resistance"]), reached)


def at_cutoff(device: Device, cutoff: float) -> Device:
    """The device with another ω_c [rad/s], through ρ of both junction elements."""
    if cutoff == own_cutoff(device):
        return device
    return device.replace(
        {
            f"elements.{name}.specific_resistance": 1.0
            / (cutoff * float(device.values[f"elements.{name}.specific_capacitance"]))
            for name in ("left", "right")
        }
    )
