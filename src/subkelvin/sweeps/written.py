"""A dataset in one file: netCDF, or CSV with one row a point. Whole, or not at all."""

import csv
import json
import os
from collections.abc import Hashable, Iterator
from pathlib import Path

import numpy as np
import xarray as xr

from subkelvin.files.write import write_whole
from subkelvin.model import DeviceError

ROWS = 4096
"""Points whose rows are made together."""


def require_writable(file: Path) -> None:
    """Raise a DeviceError if a file can certainly not be written: better before the work than after it."""
    folder = file.absolute().parent
    problem = "" if folder.is_dir() else "there is no such folder"
    if folder.is_dir() and not os.access(folder, os.W_OK):
        problem = "its folder is protected against writing"
    if file.exists() and not file.is_file():
        problem = "it is no regular file"
    if problem:
        raise DeviceError("", f"the file {str(file)!r:.200} cannot be written: {problem}", "name another place")


def write_dataset(dataset: xr.Dataset, file: Path) -> None:
    """Write a dataset as the ending of the name says.

    Raises:
        DeviceError: if it cannot be written; what was there before is there still.
    """
    if file.suffix == ".csv":
        write_whole(file, lambda path: _write_csv(dataset, path))
    else:
        write_whole(file, lambda path: dataset.to_netcdf(path, engine="h5netcdf"))


def _write_csv(dataset: xr.Dataset, path: Path) -> None:
    axes = json.loads(dataset.attrs["swept"])
    shape = tuple(dataset.sizes[axis] for axis in axes)
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        columns = dict(_columns(dataset, axes, shape))
        writer.writerow(columns)
        points = int(np.prod(shape))
        for start in range(0, points, ROWS):
            at = np.unravel_index(np.arange(start, min(start + ROWS, points)), shape)
            writer.writerows(zip(*[column[at].tolist() for column in columns.values()], strict=True))


def _columns(dataset: xr.Dataset, axes: list[str], shape: tuple[int, ...]) -> Iterator[tuple[str, np.ndarray]]:
    """Keys, those that are tied as well, outputs by their own labels, flags in words; each over the points."""
    for name, coordinate in dataset.coords.items():
        if coordinate.dims and coordinate.dims[0] in axes:
            place = axes.index(str(coordinate.dims[0]))
            shaped = coordinate.values.reshape([-1 if k == place else 1 for k in range(len(axes))])
            for key in (str(name), *filter(None, str(coordinate.attrs.get("tied", "")).split(", "))):
                yield _headed(key, coordinate.attrs), np.broadcast_to(shaped, shape)
    for name, variable in dataset.data_vars.items():
        own = [one for one in variable.dims if one not in axes]
        data = variable.transpose(*own, *axes).values
        if "meaning" in variable.attrs:
            meaning = {int(number): word for number, word in json.loads(variable.attrs["meaning"]).items()}
            words = np.array([meaning[number] for number in sorted(meaning)])
            yield str(name), words[np.searchsorted(sorted(meaning), data.astype(int))]
        elif not own:
            yield _headed(str(name), variable.attrs), data
        else:
            for k, label in enumerate(_labels(dataset, own[0])):
                yield _headed(f"{name}({label})", variable.attrs), data[k]


def _labels(dataset: xr.Dataset, dimension: Hashable) -> list[str]:
    """Islands by name, paths by ends, kind and what they go through."""
    if dimension == "path":
        told = zip(*[dataset[name].values for name in ("source", "target", "kind", "through")], strict=True)
        return [
            " ".join(filter(None, (f"{source},{target},{kind}", through))) for source, target, kind, through in told
        ]
    return [str(one) for one in dataset[dimension].values]


def _headed(name: str, attributes: dict[str, str]) -> str:
    unit = attributes.get("units", "")
    return f"{name} [{unit}]" if unit else name
