"""Which values of a device may change in time."""

from subkelvin.model import Device, DeviceError

STORING = ("volume", "sommerfeld", "critical_temperature", "lattice_heat_capacity")
"""Numbers that say how much energy an island holds at a temperature: changed in time, they would create energy."""


def require_drivable(device: Device, key: str) -> None:
    """Raise a DeviceError unless a device has a value that may change in time."""
    device.require(key)
    if key.rsplit(".", 1)[-1] in STORING:
        raise DeviceError(
            key,
            "cannot be driven: it would change the energy that an island holds",
            "drive a power or a temperature",
        )
