"""Results as xarray: labelled axes, units, and where the numbers come from."""

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from subkelvin.balance.network.route import meaning_of_routes
from subkelvin.balance.steady.solve import solve
from subkelvin.balance.steady.steady_state import named
from subkelvin.heat.paths import path_coordinates
from subkelvin.model import ArgumentError, Device
from subkelvin.model.arguments import require_progress, shown
from subkelvin.model.device_arguments import require_device
from subkelvin.model.result import About
from subkelvin.model.status import Status
from subkelvin.progress import Progress
from subkelvin.sweeps.run import evaluate_over, tied

MOST_POINTS = 10_000_000
"""Points of one sweep: some gigabytes of results."""


def sweep(device: Device, axes: Mapping[Any, Any], *, progress: Progress | None = None) -> xr.Dataset:
    """Steady states on a grid of device values, as a labelled dataset.

    Args:
        device: the device.
        axes: values by key, SI floats or texts with units, each along one axis; the grid is their outer product. A tuple of keys is
            one axis for all of them, ``{("elements.left.area", "elements.right.area"): […]}``, named by its first key.
        progress: told of every block of points.

    Returns:
        Dataset over the axes (named by their keys) with `temperature` [K] by island, `heat` [W] by path, whose coordinates
        `kind`, `source`, `target` and `through` say which it is, `residual` [W], `photon_route` and `status` (0 converged; the
        others as in its attribute `meaning`, −1 where somebody stopped the run).

    Raises:
        DeviceError: if a key is unknown or a value is out of range.
        ValueError: if an argument is not what it must be.

    Example:
        >>> from subkelvin import preset, sweep
        >>> found = sweep(preset("silver-setup-1"), {"islands.right.temperature": ["50 mK", "300 mK"]})
        >>> found.temperature.sel(island="left").shape
        (2,)
        >>> found.heat.where(found.kind == "photon", drop=True).sizes["path"]
        1
    """
    require_device(device)
    values = _values(device, axes)
    points = math.prod(one.size for one in values.values())
    if points > MOST_POINTS:
        raise ArgumentError("axes", f"span {points:,} points, more than {MOST_POINTS:,}", "take fewer values")
    found = evaluate_over(solve, device, values, require_progress(progress))
    solution = found.values
    keys = [tied(axis)[0] for axis in values]
    shaped = {
        key: one.reshape([-1 if other == axis else 1 for other in values])
        for axis, one in values.items()
        for key in tied(axis)
    }
    shape = tuple(one.size for one in values.values())
    state = named(device.replace(shaped), solution)
    dataset = xr.Dataset(
        {
            "temperature": (
                ("island", *keys),
                np.stack([np.broadcast_to(t, shape) for t in state.temperatures.values()]),
                {"units": "K", "long_name": "temperature"},
            ),
            "heat": (
                ("path", *keys),
                np.stack([np.broadcast_to(w, shape) for w in state.watts]),
                {"units": "W", "long_name": "heat from the source to the target of the path"},
            ),
            "residual": (tuple(keys), state.residual, {"units": "W", "long_name": "largest imbalance"}),
            "status": (
                tuple(keys),
                state.status,
                {"meaning": json.dumps({int(status): status.label for status in Status})},
            ),
        },
        coords={
            "island": list(state.temperatures),
            **path_coordinates(state.paths),
            **{tied(axis)[0]: (tied(axis)[0], one, _axis_attributes(device, axis)) for axis, one in values.items()},
        },
        attrs=About.of(device, list(shaped)).attributes(),
    )
    dataset["photon_route"] = (
        tuple(keys),
        found.route,
        {"long_name": "how photonic heat was computed", "meaning": meaning_of_routes(found.routes)},
    )
    dataset.attrs["swept"] = json.dumps(keys)
    return dataset


def _values(device: Device, axes: Any) -> dict[str | tuple[str, ...], np.ndarray]:
    """The axes as arrays [SI], all arguments looked at."""
    example = '{"islands.left.power": ["0 W", "10 fW"]}'
    if not isinstance(axes, Mapping) or not all(isinstance(key, str) for axis in axes for key in _keys(axis)):
        raise ArgumentError("axes", f"must be a mapping by key, but is {shown(axes)}", f"try {example}")
    if not axes:
        raise ArgumentError("axes", "must name at least one value, but is empty", f"try {example}")
    keys = [key for axis in axes for key in tied(axis)]
    for key in keys:
        device.require(key)
        if keys.count(key) > 1:
            raise ArgumentError("axes", f"name {key!r} twice", "take one axis for it")
    found: dict[str | tuple[str, ...], np.ndarray] = {}
    for axis, values in axes.items():
        first, *others = tied(axis)
        found[axis] = device.numbers(first, values)
        for key in others:
            if device.field(key).unit != device.field(first).unit:
                raise ArgumentError(
                    "axes", f"tie {first!r} to {key!r}, which has another unit", "take an axis for each"
                )
            device.numbers(key, found[axis])
    return found


def _keys(axis: object) -> tuple[object, ...]:
    """What an axis names; an empty tuple names nothing, which is no key."""
    return axis or (None,) if isinstance(axis, tuple) else (axis,)


def _axis_attributes(device: Device, axis: str | tuple[str, ...]) -> dict[str, str]:
    first, *others = tied(axis)
    field = device.field(first)
    return {"units": field.unit, "long_name": field.meaning} | ({"tied": ", ".join(others)} if others else {})
