"""Results of a sweep on the disk: zarr format 3, one chunk a block, the status last.

A block is committed by its chunk of `status`, which is written after all others: where that says "not computed", the block is
computed again, whatever else is there. zarr replaces a chunk by renaming, so that a killed process leaves none half written; it
does not bring it to the disk, so that after a loss of power `verified` reads the checksums. No shards: two writers in
one file would lose values.
"""

import contextlib
import json
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from subkelvin.model import ArgumentError, DeviceError
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
PARTIAL = ".partial"
"""End of the names of zarr's files until they are whole."""
ZSTD_LEVEL = 1
"""Noise of the last bits does not compress: more effort gains nothing."""
UNREADABLE = (OSError, ValueError, RuntimeError)
"""What reading a damaged chunk raises: the disk, the checksum, the decompression."""
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
        _remove_unfinished(unfinished)
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
                fill_value="" if data.dtype.kind == "U" else np.nan,
            )  # fmt: skip
            array[:] = data
        root.attrs["coordinates"] = " ".join(coordinates(plan, computation.values))
        unfinished.rename(path)


def _remove_unfinished(path: Path) -> None:
    """Remove what a killed process has left of a store; nothing else of that name.

    Raises:
        DeviceError: if it is anything else.
    """
    if not (path.exists() or path.is_symlink()):
        return
    if path.is_dir() and not path.is_symlink():
        # Killed before its root was whole, it holds at most a part of that.
        if all(one.name.endswith(PARTIAL) for one in path.iterdir()):
            return remove(path)
        with contextlib.suppress(DeviceError):
            plan_text(path)
            return remove(path)
    raise DeviceError(
        "",
        f"{str(path)!r:.200}, where a store is made until it is whole, is something else",
        "move it, or name another store",
    )


def remove(path: Path) -> None:
    """Remove a store, its root last, by which a half removed one is known."""
    with told(path):
        for one in path.iterdir():
            if one.is_dir():
                shutil.rmtree(one)
        shutil.rmtree(path)


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
        # What opens a store without a device needs these.
        dict.fromkeys(json.loads(text)["outputs"])
    except (OSError, ValueError, KeyError, TypeError):
        raise DeviceError(
            "", f"{str(path)!r:.200} is no store of a sweep", "name one that `subkelvin sweep` has written"
        ) from None
    return str(text)


class Store:
    """A store that is open: blocks go in."""

    def __init__(self, path: Path, computation: Computation, mode: str = "r+"):
        with told(path):
            self._arrays = {
                name: _with_every_chunk(zarr_library().open_array(path / name, mode=mode, zarr_format=3))
                for name in variables(computation.plan, computation.routes)
            }
        self.plan, self._path = computation.plan, path

    def missing(self) -> list[int]:
        """Blocks that are not committed; where the status cannot be read, none is."""
        return [number for number in range(self.plan.number_of_blocks) if not self._committed(number)]

    def write(self, number: int, block: Block) -> None:
        """Commit a block: values, then the route, then the status."""
        with told(self._path):
            for name, values in {**block.values, ROUTE: block.route, STATUS: block.status}.items():
                self._put(name, number, values)

    def forget(self, number: int) -> None:
        """Let a block count as not computed."""
        with told(self._path):
            self._put(STATUS, number, np.int8(Status.NOT_COMPUTED))

    def damage(self, number: int) -> str:
        """What is wrong with a block; empty if it is not committed, or all its chunks are there and their checksums right."""
        for name in dict.fromkeys((STATUS, *self._arrays)):
            try:
                values = self._get(name, number)
            except UNREADABLE as error:
                return f"{name}: {in_one_line(error)}"
            if name == STATUS and _not_computed(values):
                return ""
            if values.size and not self._chunk(name, number).is_file():
                return f"{name}: its values are missing"
        return ""

    def _committed(self, number: int) -> bool:
        try:
            return not _not_computed(self._get(STATUS, number))
        except UNREADABLE:
            return False

    def _get(self, name: str, number: int) -> np.ndarray:
        return np.asarray(self._arrays[name][self._part(name, number)])

    def _put(self, name: str, number: int, values: np.ndarray | np.int8) -> None:
        try:
            self._arrays[name][self._part(name, number)] = values
        except (ValueError, RuntimeError):
            # A chunk that reaches over the end of an array is read before it is written; a damaged one is no loss.
            self._chunk(name, number).unlink(missing_ok=True)
            self._arrays[name][self._part(name, number)] = values

    def _part(self, name: str, number: int) -> tuple[slice, ...]:
        """A block in an array, with all of the output's own axes, which come first."""
        part = self.plan.part(number)
        return (slice(None),) * (self._arrays[name].ndim - len(part)) + part

    def _chunk(self, name: str, number: int) -> Path:
        """The file of a block in an array."""
        array, places = self._arrays[name], self.plan.places(number)
        own = (0,) * (array.ndim - len(places))
        return self._path / name / str(array.metadata.encode_chunk_key((*own, *places)))


def _with_every_chunk(array: "zarr.Array") -> "zarr.Array":
    """An array that also writes chunks of NaN alone: a chunk that is not there is then a lost one."""
    zarr = zarr_library()
    inner = zarr.AsyncArray(
        metadata=array.metadata, store_path=array.store_path, config={"order": "C", "write_empty_chunks": True}
    )
    return zarr.Array(inner)


def _not_computed(status: np.ndarray) -> bool:
    return bool(np.any(status == Status.NOT_COMPUTED))


def sweep_partial(path: Path) -> None:
    """Remove what killed writers have left half written; only under the lock."""
    with told(path):
        for left in path.rglob(f"*{PARTIAL}"):
            left.unlink()


def open_store(path: Path) -> xr.Dataset:
    """A store as a dataset whose arrays are read when they are needed."""
    zarr_library()
    outputs = json.loads(plan_text(path))["outputs"]
    with told(path), warnings.catch_warnings():
        # Of what is no array: if it should be one, the sentence says so.
        warnings.simplefilter("ignore")
        dataset = xr.open_zarr(path, chunks=None, consolidated=False, decode_times=False)
        # zarr lists arrays in the order of the directory, and has a type of its own for names.
        names = {
            name: (one.dims, np.array(one.values.tolist(), dtype=str))
            for name, one in dataset.coords.items()
            if one.dtype.kind not in "fi"
        }
        dataset = dataset.assign_coords(names)[[*outputs, ROUTE, STATUS]]
        for name, one in dataset.coords.items():
            # What was lost reads as what fills an array; a name is empty only where a path goes through nothing.
            if np.any(one.isnull()) or (name in dataset.dims and one.dtype.kind == "U" and np.any(one == "")):
                raise ValueError(f"the values of {name} are missing")
        if json.loads(dataset.attrs["swept"]) != [str(one) for one in dataset[STATUS].dims]:
            raise ValueError("its attribute 'swept' does not name its axes")
    dataset.attrs.pop(PLAN)
    return dataset


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """What the disk or a library says about a store or a file, as a sentence; also of arrays that are read when needed."""
    try:
        yield
    except (*UNREADABLE, KeyError) as error:
        if isinstance(error, (DeviceError, ArgumentError)):
            raise
        reason = getattr(error, "strerror", None) or in_one_line(error)
        if isinstance(error, KeyError):
            reason = f"{reason} is missing"
        raise DeviceError(
            "",
            f"the store {str(path)!r:.200} cannot be read or written: {reason}",
            "look at the disk, then at what --verify says",
        ) from error


def in_one_line(error: Exception) -> str:
    """What an error says, for a sentence."""
    return " ".join(str(error).split())


def _chunk(variable: Variable, block: tuple[int, ...]) -> tuple[int, ...]:
    """One chunk a block, with all of an output's own axes."""
    own = variable.shape[: len(variable.shape) - len(block)]
    return (*own, *block)
