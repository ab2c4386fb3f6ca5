"""Results of a sweep on the disk: zarr format 3, one chunk a block, the status last.

A block is committed by its chunk of `status`, which is written after all others: where that says "not computed", the block is
computed again, whatever else is there. zarr replaces a chunk by renaming, so that a killed process leaves none half written; it
does not bring it to the disk, so that after a loss of power `damaged_blocks` reads the checksums. No shards: two writers in
one file would lose values.
"""

import contextlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from subkelvin.model import DeviceError
from subkelvin.model.status import Status
from subkelvin.sweeps.compute import Block, Computation
from subkelvin.sweeps.labels import ROUTE, STATUS, Variable, attributes, coordinates, variables
from subkelvin.sweeps.plan import differences

if TYPE_CHECKING:
    import zarr

PLAN = "subkelvin_plan"
"""Attribute of the root that holds the plan."""
UNFINISHED = ".unfinished"
"""End of the name of a store that is being made."""
ZSTD_LEVEL = 1
"""Noise of the last bits does not compress: more effort gains nothing."""
MOST_DIFFERENCES = 3
"""That a sentence shows."""


def zarr_library() -> ModuleType:
    """The package zarr.

    Raises:
        DeviceError: if it is not installed.
    """
    try:
        import zarr
    except ImportError:
        raise DeviceError(
            "",
            "stores need the package zarr, which is not installed",
            "try pip install 'subkelvin[maps]', or store a .nc file",
        ) from None
    return zarr


def create(path: Path, computation: Computation) -> None:
    """Make a store without results; until it is whole it has another name.

    Raises:
        DeviceError: if something is there already, or it cannot be written.
    """
    zarr = zarr_library()
    if path.exists() or path.is_symlink():
        raise DeviceError(
            "", f"there is something at {str(path)!r:.200} already", "resume it if it is a store, or name another place"
        )
    unfinished = path.with_name(path.name + UNFINISHED)
    with told(path):
        if unfinished.exists():
            shutil.rmtree(unfinished)
        plan = computation.plan
        root = zarr.create_group(unfinished, zarr_format=3, attributes=attributes(plan) | {PLAN: plan.text})
        codecs = [zarr.codecs.ZstdCodec(level=ZSTD_LEVEL), zarr.codecs.Crc32cCodec()]
        for name, one in variables(plan, computation.routes).items():
            root.create_array(
                name, shape=one.shape, chunks=_chunk(one, plan.block), dtype=one.kind, fill_value=one.absent,
                compressors=codecs, dimension_names=one.dimensions, attributes=one.attributes,
            )  # fmt: skip
        for name, coordinate in coordinates(plan, computation.values).items():
            data = coordinate.values.astype(str if coordinate.values.dtype.kind == "U" else float)
            array = root.create_array(
                name, shape=data.shape, chunks=(max(1, data.size),), dtype=str if data.dtype.kind == "U" else data.dtype,
                compressors=codecs, dimension_names=[coordinate.dimension], attributes=coordinate.attributes,
            )  # fmt: skip
            array[:] = data
        root.attrs["coordinates"] = " ".join(coordinates(plan, computation.values))
        unfinished.rename(path)


def require_same_plan(path: Path, computation: Computation) -> None:
    """Raise a DeviceError unless there is a store of this plan, naming where it differs and both values."""
    stored = plan_text(path)
    found = differences(computation.plan.text, stored)
    if found:
        shown = "; ".join(f"{key} is {here} here, {there} there" for key, here, there in found[:MOST_DIFFERENCES])
        more = f"; and {len(found) - MOST_DIFFERENCES} more" if len(found) > MOST_DIFFERENCES else ""
        raise DeviceError("", f"the store {str(path)!r:.100} is of another plan: {shown}{more}", "name another store")


def plan_text(path: Path) -> str:
    """The plan of a store, as JSON.

    Raises:
        DeviceError: if there is no store.
    """
    try:
        # Read as what it is, JSON: what is no store need not be opened by anything.
        text = json.loads((path / "zarr.json").read_text("utf-8"))["attributes"][PLAN]
        json.loads(text)
    except (OSError, ValueError, KeyError, TypeError):
        raise DeviceError(
            "", f"{str(path)!r:.200} is no store of a sweep", "name one that `subkelvin sweep` has written"
        ) from None
    return str(text)


class Store:
    """A store that is open: blocks go in."""

    def __init__(self, path: Path, computation: Computation, mode: str = "r+"):
        with told(path):
            self._root: zarr.Group = zarr_library().open_group(path, mode=mode, zarr_format=3)
            self._arrays = {name: self._root[name] for name in variables(computation.plan, computation.routes)}
        self._plan, self._path = computation.plan, path

    def missing(self) -> list[int]:
        """Blocks that are not committed."""
        plan = self._plan
        with told(self._path):
            return [
                number
                for number in range(plan.number_of_blocks)
                if np.any(np.asarray(self._arrays[STATUS][plan.part(number)]) == Status.NOT_COMPUTED)
            ]

    def write(self, number: int, block: Block) -> None:
        """Commit a block: values, then the route, then the status."""
        part = self._plan.part(number)
        with told(self._path):
            for name, values in {**block.values, ROUTE: block.route, STATUS: block.status}.items():
                self._arrays[name][(slice(None),) * (values.ndim - len(part)) + part] = values

    def forget(self, number: int) -> None:
        """Let a block count as not computed."""
        part = self._plan.part(number)
        with told(self._path):
            self._arrays[STATUS][part] = np.int8(Status.NOT_COMPUTED)

    def damage(self, number: int) -> str:
        """What is wrong with a committed block; empty if all its checksums are right."""
        part = self._plan.part(number)
        for name, array in self._arrays.items():
            try:
                values = np.asarray(array[(slice(None),) * (array.ndim - len(part)) + part])
            except (ValueError, RuntimeError, OSError) as error:
                return f"{name}: {' '.join(str(error).split())}"
            if name == STATUS:
                good = bool(np.any(values == Status.CONVERGED))
            elif name == "temperature":
                empty = bool(np.all(np.isnan(values)))
        if "temperature" in self._arrays and good and empty:
            return "temperature: its values are missing"
        return ""


def sweep_partial(path: Path) -> None:
    """Remove what killed writers have left half written; only under the lock."""
    with told(path):
        for left in path.rglob("*.partial"):
            left.unlink()


def open_store(path: Path) -> xr.Dataset:
    """A store as a dataset whose arrays are read when they are needed."""
    zarr_library()
    outputs = json.loads(plan_text(path))["outputs"]
    with told(path):
        dataset = xr.open_zarr(path, chunks=None, consolidated=False, decode_times=False)
        # zarr lists arrays in the order of the directory, and has a type of its own for names.
        names = {
            name: (one.dims, np.array(one.values.tolist(), dtype=str))
            for name, one in dataset.coords.items()
            if one.dtype.kind not in "fi"
        }
        dataset = dataset.assign_coords(names)[[*outputs, ROUTE, STATUS]]
    dataset.attrs.pop(PLAN)
    return dataset


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """What the operating system says about a store, as a sentence."""
    try:
        yield
    except (OSError, ValueError) as error:
        if isinstance(error, DeviceError):
            raise
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise DeviceError(
            "", f"the store {str(path)!r:.200} cannot be read or written: {reason}", "look at the disk, then resume"
        ) from error


def _chunk(variable: Variable, block: tuple[int, ...]) -> tuple[int, ...]:
    """One chunk a block, with all of an output's own axes."""
    own = variable.shape[: len(variable.shape) - len(block)]
    return (*own, *block)
