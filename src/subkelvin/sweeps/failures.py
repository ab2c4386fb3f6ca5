"""Which points of a map have no state, and why."""

import json
from collections.abc import Iterator

import numpy as np
import xarray as xr

from subkelvin.model.status import Status


def counts(dataset: xr.Dataset) -> dict[Status, int]:
    """How many points ended how."""
    ended, count = np.unique(dataset["status"].values, return_counts=True)
    return {Status(int(one)): int(number) for one, number in zip(ended, count, strict=True)}


def failed_points(dataset: xr.Dataset) -> Iterator[tuple[Status, dict[str, float]]]:
    """Every point without a state: how its search ended, and the value of every key there [SI]."""
    axes = json.loads(dataset.attrs["swept"])
    status = dataset["status"].transpose(*axes).values
    values = {
        str(name): (axes.index(one.dims[0]), one.values)
        for name, one in dataset.coords.items()
        if one.dims and one.dims[0] in axes
    }
    for place in np.argwhere(status > Status.CONVERGED):
        yield (
            Status(int(status[tuple(place)])),
            {key: float(numbers[place[axis]]) for key, (axis, numbers) in values.items()},
        )
