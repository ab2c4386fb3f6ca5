"""A sweep that was written to a file, opened again; its numbers are read when they are asked for."""

import importlib.util
from pathlib import Path

import xarray as xr

from subkelvin.model import DeviceError


def open_sweep(path: str | Path) -> xr.Dataset:
    """The dataset in a netCDF file or a zarr store.

    Args:
        path: of a file that ends in .nc, or of the folder of a store.

    Raises:
        DeviceError: if there is none, or what is there cannot be read.
    """
    place = Path(path)
    problem = f"{str(path)!r:.200} is no sweep that can be read"
    try:
        if place.is_dir():
            if importlib.util.find_spec("zarr") is None:
                raise DeviceError("", f"{problem}: the package zarr is not installed", "try pip install zarr")
            return xr.open_zarr(place, consolidated=False)
        if not place.is_file():
            raise DeviceError("", f"there is no file {str(path)!r:.200}", "name a .nc file or the folder of a store")
        return xr.open_dataset(place, engine="h5netcdf")
    except (OSError, ValueError, KeyError) as error:
        if isinstance(error, DeviceError):
            raise
        raise DeviceError("", problem, "name a .nc file or the folder of a store that `sweep` has written") from error
