"""What public functions ask of the device that they are given, each refusal one sentence."""

from typing import Any

import numpy as np

from subkelvin.model.arguments import is_traced, require_island, shown
from subkelvin.model.device import Device
from subkelvin.model.errors import ArgumentError, DeviceError


def require_device(device: Any, *, batch: bool = False, traced: bool = False, argument: str = "device") -> None:
    """Raise unless this is a device of numbers that a function can use.

    Args:
        device: the argument.
        batch: whether values may be arrays over a batch.
        traced: whether values may be traced.
        argument: its name.
    """
    if not isinstance(device, Device):
        raise ArgumentError(
            argument, f"must be a Device, but is {shown(device)}", 'try preset("silver-setup-1"), or `load`'
        )
    for path, value in device.values.items():
        if np.ndim(value) > 0 and not batch:
            raise DeviceError(
                path, f"holds {shown(value)}, but one number is meant here", "take one of them, or use `sweep`"
            )
        if is_traced(value) and not traced:
            raise DeviceError(
                path,
                "is being differentiated, but this question is answered for plain numbers only",
                "differentiate `steady_state`, `ndtc.response`, `ndtc.conductance`, `evolve` or `small_signal`",
            )


def require_held(device: Device, argument: str, name: Any) -> None:
    """Raise unless a name is that of a held island."""
    require_island(argument, name, [island.name for island in device.structure.islands])
    require_island(argument, name, [island.name for island in device.structure.held_islands], "a held island")


def require_one_floating_island(device: Device) -> str:
    """The name of the one floating island; raises unless exactly one floats."""
    floating = device.structure.floating_islands
    if len(floating) != 1:
        raise DeviceError(
            "islands",
            f"must contain one floating island here, but {len(floating)} float",
            "hold the others with `Device.hold`"
            if floating
            else "let one float: give it `power` instead of `temperature`",
        )
    return floating[0].name
