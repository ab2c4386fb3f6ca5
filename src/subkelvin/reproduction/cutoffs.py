"""Devices with another ω_c = 1/(ρc), reached by changing ρ of both junctions at constant c and areas."""

from subkelvin.model import Device


def own_cutoff(device: Device) -> float:
    """ω_c of a device's left junctions [rad/s]."""
    values = device.values
    return 1.0 / float(values["elements.left.specific_resistance"] * values["elements.left.specific_capacitance"])


def at_cutoff(device: Device, cutoff: float) -> Device:
    """The device with another ω_c, through ρ of both junction elements."""
    if cutoff == own_cutoff(device):
        return device
    return device.replace(
        {
            f"elements.{name}.specific_resistance": 1.0
            / (cutoff * float(device.values[f"elements.{name}.specific_capacitance"]))
            for name in ("left", "right")
        }
    )
