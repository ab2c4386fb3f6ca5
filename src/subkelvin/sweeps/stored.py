"""A plan into a store: block by block, whatever the number of points, and from where the last run ended."""

import shutil
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import xarray as xr

from subkelvin.model import DeviceError
from subkelvin.progress import INTERRUPTIONS, Progress
from subkelvin.sweeps.compute import Computation
from subkelvin.sweeps.dataset import Counted
from subkelvin.sweeps.lock import only_writer
from subkelvin.sweeps.plan import Plan
from subkelvin.sweeps.store import (
    Store,
    create,
    open_store,
    remove,
    require_same_plan,
    sweep_partial,
    told,
    zarr_library,
)

SPARE = 1.1
"""What the disk must have room for, over the bytes of the results: directories, and chunks that do not fill their last sector."""


def into_store(plan: Plan, path: Path, progress: Progress, *, resume: bool, run: "Runner | None" = None) -> xr.Dataset:
    """Compute every block that the store lacks, and open it.

    Args:
        plan: what is computed.
        path: of the store.
        progress: told of every block; if somebody stops the run, the store keeps what is committed. One that was made here and
            has nothing is removed.
        resume: whether a store of the same plan may be there.
        run: who computes; this process by default.

    Raises:
        DeviceError: if the store is of another plan, is written by another process, or does not fit on the disk.
    """
    zarr_library()
    whole = plan.bytes_per_point * plan.points
    if path.absolute().parent.is_dir() and not path.exists():
        # Before the numbers along the axes are made, which may be as many.
        require_room(path, whole)
    computation = Computation.of(plan)
    with only_writer(path):
        made = not (resume and path.exists())
        if made:
            create(path, computation)
        else:
            require_same_plan(path, computation)
            sweep_partial(path)
        store = Store(path, computation)
        missing = store.missing()
        require_room(path, whole * len(missing) / plan.number_of_blocks)
        try:
            (run or in_this_process)(computation, path, store, missing, progress)
        except BaseException as error:
            nothing = len(store.missing()) == plan.number_of_blocks
            if made and nothing:
                # It would only be in the way of the next run.
                remove(path)
            if nothing or not isinstance(error, INTERRUPTIONS):
                raise
    return open_store(path)


Runner = Callable[[Computation, Path, Store, list[int], Progress], None]
"""Computes blocks and commits them; the progress is that of the whole plan."""


def in_this_process(computation: Computation, path: Path, store: Store, missing: list[int], progress: Progress) -> None:
    """Blocks on all cores; one is written while the next is computed."""
    plan = computation.plan
    counted = Counted(plan, progress, plan.number_of_blocks - len(missing))
    writer = ThreadPoolExecutor(max_workers=1)
    writing: Future[None] | None = None
    try:
        for number in missing:
            block = computation.block(number, counted.of_a_block())
            counted.add(block.failed)
            if writing is not None:
                writing.result()
            if not block.complete:
                break
            writing = writer.submit(store.write, number, block)
            if progress.cancelled:
                break
        if writing is not None:
            writing.result()
    finally:
        writer.shutdown()


def require_room(path: Path, size: float) -> None:
    """Raise a DeviceError unless the disk has room for so many bytes."""
    folder = path.absolute().parent
    with told(path):
        free = shutil.disk_usage(folder).free
    if SPARE * size > free:
        problem = f"the results take up to {size / 1e9:.3g} GB, but the disk has room for {free / 1e9:.3g} GB"
        raise DeviceError(
            "", f"{problem} at {str(folder)!r:.200}", "ask for fewer points or outputs, or name another disk"
        )


def verified(plan: Plan, path: Path) -> dict[int, str]:
    """What is wrong with blocks that were committed, by number.

    Raises:
        DeviceError: if the store is of another plan, or cannot be read.
    """
    computation = Computation.of(plan)
    require_same_plan(path, computation)
    return _damage(Store(path, computation, "r"))


def repaired(plan: Plan, path: Path) -> dict[int, str]:
    """The same; the blocks count as not computed afterwards.

    Raises:
        DeviceError: also if another process writes the store, which stays as it is.
    """
    computation = Computation.of(plan)
    require_same_plan(path, computation)
    with only_writer(path):
        store = Store(path, computation)
        found = _damage(store)
        for number in found:
            store.forget(number)
    return found


def _damage(store: Store) -> dict[int, str]:
    return {number: why for number in range(store.plan.number_of_blocks) if (why := store.damage(number))}
