"""Whether a device can be computed, without computing it."""

from subkelvin.model import Device


def validate(device: Device) -> None:
    """Raise a DeviceError unless this version computes the circuit and every island has a path for its heat."""
    from subkelvin.balance.network.network import lower

    lower(device)
