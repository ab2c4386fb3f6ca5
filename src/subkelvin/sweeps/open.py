"""A sweep that was written to a store or a file, opened again; its numbers are read when they are asked for."""

from pathlib import Path

import xarray as xr

from subkelvin.model import DeviceError
from subkelvin.sweeps.store import open_store

KNOWN = "name a .nc file or a .zarr store that `sweep` has written"


def open_sweep(path: str | Path) -> xr.Dataset:
    """The dataset in a ``.zarr`` store or a ``.nc`` file.

    Args:
        path: of the folder of a store, or of a file.

    Raises:
        DeviceError: if there is none, if what is there cannot be read, or is no sweep.

    Example:
        >>> import pathlib, tempfile
        >>> from subkelvin import preset, sweep
        >>> from subkelvin.sweeps import open_sweep
        >>> file = pathlib.Path(tempfile.mkdtemp()) / "map.nc"
        >>> found = sweep(preset("silver-setup-1"), {"islands.right.temperature": [0.1, 0.3]}, store=file)
        >>> bool((open_sweep(file).temperature == found.temperature).all())
        True
    """
    place = Path(path)
    if place.is_dir():
        return open_store(place)
    if not place.is_file():
        raise DeviceError("", f"there is no file or store {str(path)!r:.200}", KNOWN)
    try:
        found = xr.open_dataset(place, engine="h5netcdf", decode_times=False)
    except (OSError, ValueError, KeyError) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise DeviceError("", f"the file {str(path)!r:.200} cannot be read: {reason}", KNOWN) from None
    if "swept" not in found.attrs or "status" not in found:
        found.close()
        raise DeviceError("", f"{str(path)!r:.200} is no sweep", KNOWN)
    return found
