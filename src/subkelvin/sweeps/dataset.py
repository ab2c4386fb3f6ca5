"""Results as xarray: labelled axes, units, and where the numbers come from."""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import xarray as xr

from subkelvin.balance.solve import solve
from subkelvin.balance.status import Status
from subkelvin.balance.steady import named
from subkelvin.model import ArgumentError, Device
from subkelvin.model.arguments import require_callable, require_mapping, require_numbers
from subkelvin.model.device_arguments import require_device
from subkelvin.model.vocabulary import field_of
from subkelvin.sweeps.run import evaluate_over
from subkelvin.version import VERSION

STATIC_NOTE = "static admittance of the junctions; report(device) compares it with their full admittance at one point"
MOST_POINTS = 10_000_000
"""Points of one sweep: some gigabytes of results."""


def provenance_attributes(device: Device) -> dict[str, Any]:
    """Attributes that every dataset carries: device, model, version, parameters, and which of them are assumed."""
    return {
        "device": device.structure.name,
        "admittance": device.structure.admittance,
        "admittance_note": STATIC_NOTE
        if any(e.kind.two_models and not e.dynamic for e in device.structure.elements)
        else "",
        "version": VERSION,
        "parameters_SI": json.dumps({p: v for p, v in sorted(device.values.items()) if np.ndim(v) == 0}),
        "assumed": json.dumps({p: device.provenance.of(p).note for p in device.provenance.assumed}),
    }


def sweep(
    device: Device, axes: Mapping[str, np.ndarray], progress: Callable[[int, int], None] | None = None
) -> xr.Dataset:
    """Steady states on a grid of device values, as a labelled dataset.

    Args:
        device: the device.
        axes: values [SI] by path; the grid is their outer product.
        progress: called with points done and points in all.

    Returns:
        Dataset over the axes (named by their paths) with `temperature` [K] by island, `heat` [W] by path, `residual` [W] and
        `status` (0 converged; the others as in its attributes).

    Raises:
        DeviceError: if a path is unknown or a value is out of range.
        ValueError: if an argument is not what it must be.

    Example:
        >>> import numpy as np
        >>> from subkelvin import preset, sweep
        >>> result = sweep(preset("silver-setup-1"), {"islands.right.temperature": np.linspace(0.05, 0.5, 10)})
        >>> result.temperature.sel(island="left").shape
        (10,)
    """
    require_device(device)
    require_mapping("axes", axes, '{"islands.left.power": np.linspace(0.0, 1e-13, 50)}')
    if not axes:
        raise ArgumentError(
            "axes", "must name at least one value, but is empty", 'try {"islands.left.power": [0.0, 1e-14]}'
        )
    for path, values in axes.items():
        device.require(path)
        require_numbers(f'axes["{path}"]', values)
    points = math.prod(np.size(values) for values in axes.values())
    if points > MOST_POINTS:
        raise ArgumentError("axes", f"span {points:,} points, more than {MOST_POINTS:,}", "take fewer values")
    require_callable("progress", progress)
    solution = evaluate_over(solve, device, axes, progress)
    paths = list(axes)
    shaped = {
        path: np.asarray(axes[path], dtype=float).reshape([-1 if p == path else 1 for p in paths]) for path in paths
    }
    shape = tuple(np.size(axes[path]) for path in paths)
    state = named(device.replace(shaped), solution)
    dataset = xr.Dataset(
        {
            "temperature": (
                ("island", *paths),
                np.stack([np.broadcast_to(t, shape) for t in state.temperatures.values()]),
                {"units": "K", "long_name": "temperature"},
            ),
            "heat": (
                ("path", *paths),
                np.stack([np.broadcast_to(w, shape) for w in state.watts]),
                {"units": "W", "long_name": "heat from the first to the second island of the path"},
            ),
            "residual": (tuple(paths), state.residual, {"units": "W", "long_name": "largest imbalance"}),
            "status": (
                tuple(paths),
                state.status,
                {"meaning": json.dumps({int(status): status.label for status in Status})},
            ),
        },
        coords={
            "island": list(state.temperatures),
            "path": [
                f"{p.kind}: {p.source or 'outside'} to {p.target or 'outside'} {' '.join(p.through)}".strip()
                for p in state.paths
            ],
            **{path: (path, np.asarray(axes[path], dtype=float), _axis_attributes(device, path)) for path in paths},
        },
        attrs=provenance_attributes(device.replace({path: float(np.ravel(axes[path])[0]) for path in paths})),
    )
    dataset.attrs["swept"] = json.dumps(paths)
    return dataset


def _axis_attributes(device: Device, path: str) -> dict[str, str]:
    field = field_of(path, device.element_kind(path))
    return {"units": field.unit, "long_name": field.meaning} if field else {}
