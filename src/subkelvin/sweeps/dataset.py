"""Results as xarray: labelled axes, units, and where the numbers come from."""

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from subkelvin.balance.steady.solve import solve
from subkelvin.balance.steady.steady_state import named
from subkelvin.heat.paths import path_coordinates
from subkelvin.model import ArgumentError, Device
from subkelvin.model.arguments import require_mapping, require_progress
from subkelvin.model.device_arguments import require_device
from subkelvin.model.result import About
from subkelvin.model.status import Status
from subkelvin.progress import Progress
from subkelvin.sweeps.run import evaluate_over

MOST_POINTS = 10_000_000
"""Points of one sweep: some gigabytes of results."""


def sweep(device: Device, axes: Mapping[str, Any], *, progress: Progress | None = None) -> xr.Dataset:
    """Steady states on a grid of device values, as a labelled dataset.

    Args:
        device: the device.
        axes: values by key, SI floats or texts with units, each along one axis; the grid is their outer product.
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
    require_mapping("axes", axes, '{"islands.left.power": ["0 W", "10 fW"]}')
    if not axes:
        raise ArgumentError(
            "axes", "must name at least one value, but is empty", 'try {"islands.left.power": ["0 W", "10 fW"]}'
        )
    values = {key: device.numbers(key, one) for key, one in axes.items()}
    points = math.prod(one.size for one in values.values())
    if points > MOST_POINTS:
        raise ArgumentError("axes", f"span {points:,} points, more than {MOST_POINTS:,}", "take fewer values")
    found = evaluate_over(solve, device, values, require_progress(progress))
    solution = found.values
    keys = list(values)
    shaped = {key: values[key].reshape([-1 if other == key else 1 for other in keys]) for key in keys}
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
            **{key: (key, values[key], _axis_attributes(device, key)) for key in keys},
        },
        attrs=About.of(device).attributes(),
    )
    dataset["photon_route"] = (
        tuple(keys),
        found.route,
        {"long_name": "how photonic heat was computed", "meaning": json.dumps(dict(enumerate(found.routes)))},
    )
    dataset.attrs["swept"] = json.dumps(keys)
    return dataset


def _axis_attributes(device: Device, key: str) -> dict[str, str]:
    field = device.field(key)
    return {"units": field.unit, "long_name": field.meaning}
