"""Which points of a map have no state, and why."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import xarray as xr

from subkelvin.model import DeviceError
from subkelvin.model.status import Status
from subkelvin.sweeps.store import open_store


def open_map(path: Path) -> xr.Dataset:
    """The dataset of a sweep in a ``.zarr`` store or a ``.nc`` file; arrays are read when they are needed.

    Raises:
        DeviceError: if there is none.
    """
    if path.suffix != ".nc":
        return open_store(path)
    try:
        found = xr.open_dataset(path, engine="h5netcdf", decode_times=False)
    except (OSError, ValueError, KeyError) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise DeviceError("", f"the file {str(path)!r:.200} cannot be read: {reason}", "name another") from None
    if "swept" not in found.attrs or "status" not in found:
        found.close()
        raise DeviceError("", f"{str(path)!r:.200} is no sweep", "name a file that `subkelvin sweep` has written")
    return found


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
