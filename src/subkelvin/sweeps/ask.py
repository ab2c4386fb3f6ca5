"""The question that a map answers, for every point of any number of axes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xarray as xr

from subkelvin.model import ArgumentError, Device
from subkelvin.model.arguments import require_count, require_flag, require_kind, require_progress, shown
from subkelvin.model.device_arguments import require_device
from subkelvin.numerics.precision import require_double_precision
from subkelvin.progress import Progress
from subkelvin.sweeps.cluster import OnWorkers
from subkelvin.sweeps.dataset import in_memory
from subkelvin.sweeps.outputs.read import DEFAULT_OUTPUTS, outputs_of
from subkelvin.sweeps.plan import Plan, plan_of
from subkelvin.sweeps.read_axes import axes_of_sweep
from subkelvin.sweeps.stored import into_store
from subkelvin.sweeps.written import require_writable, write_dataset

STORE = ".zarr"
ENDINGS = (STORE, ".nc", ".csv")
"""Of the names of what can be written."""
MOST_WORKERS = 1024
"""Processes on one machine."""


def sweep(
    device: Device,
    axes: Mapping[Any, Any],
    *,
    outputs: Sequence[str] = DEFAULT_OUTPUTS,
    store: str | Path | None = None,
    resume: bool = False,
    workers: int | None = None,
    scheduler: str | None = None,
    block: int | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Steady states on a grid of device values, and what else is asked of each, as a labelled dataset.

    Args:
        device: the device.
        axes: values by key, SI floats or texts with units, each along one axis; the grid is their outer product. A tuple of keys is
            one axis for all of them, ``{("elements.left.area", "elements.right.area"): […]}``, named by its first key.
            `subkelvin.sweeps` has `Linear` and `Logarithmic` ranges, and dimensions with a name of your own along which several
            keys vary: `Zipped` and `Random`.
        outputs: what is answered at every point, as texts: docs/sweeps.md lists them.
        store: where results are written: a ``.zarr`` store, block by block, for any number of points and to be resumed; a ``.nc``
            or ``.csv`` file, at the end. None keeps them in memory alone.
        resume: whether to go on with a store of the same plan that is there already.
        workers: processes on this machine that compute a ``.zarr`` store; None for this process alone, which uses all cores.
        scheduler: address of a Dask scheduler whose workers do, such as "tcp://node1:8786". Who listens there is trusted.
        block: points that are computed and stored together; by default as many as take seconds.
        progress: told of every block of points.

    Returns:
        Dataset over the axes with one variable for each output (`temperature` [K] by island, `heat` [W] by path, whose coordinates
        `kind`, `source`, `target` and `through` say which it is, `residual` [W]), `photon_route` and `status` (0 converged; the
        others as in its attribute `meaning`, −1 where somebody stopped the run). Arrays of a ``.zarr`` store are read when needed.

    Raises:
        DeviceError: if a key is unknown or a value is out of range; if the store cannot be written, is another's, or is of
            another plan.
        ValueError: if an argument is not what it must be.

    Example:
        >>> from subkelvin import preset, sweep
        >>> found = sweep(preset("silver-setup-1"), {"islands.right.temperature": ["50 mK", "300 mK"]})
        >>> found.temperature.sel(island="left").shape
        (2,)
        >>> found.heat.where(found.kind == "photon", drop=True).sizes["path"]
        1
    """
    progress = require_progress(progress)
    require_flag("resume", resume)
    file = None if store is None else require_file(store)
    plan = planned(device, axes, outputs, block)
    run = on_workers(workers, scheduler)
    if file is not None:
        return into(plan, file, progress, resume=resume, run=run)
    if resume or run is not None:
        argument = "resume" if resume else "workers" if workers is not None else "scheduler"
        raise ArgumentError(argument, "needs a store, but there is none", 'give store="map.zarr"')
    return in_memory(plan, progress)


def into(
    plan: Plan, file: Path, progress: Progress, *, resume: bool = False, run: OnWorkers | None = None
) -> xr.Dataset:
    """Compute a plan into a store, or a file."""
    if file.suffix == STORE:
        return into_store(plan, file, progress, resume=resume, run=run)
    if resume or run is not None:
        argument = "resume" if resume else "workers"
        raise ArgumentError(argument, f"needs a store, but {file.name!r} is a file", "name a .zarr store")
    require_writable(file)
    found = in_memory(plan, progress)
    write_dataset(found, file)
    return found


def on_workers(workers: object, scheduler: object) -> OnWorkers | None:
    """Who computes, if not this process."""
    if workers is None and scheduler is None:
        return None
    if scheduler is not None:
        require_kind("scheduler", scheduler, str, '"tcp://node1:8786"')
        if workers is not None:
            raise ArgumentError("workers", "are those of the scheduler, where one is given", "leave one of both out")
        return OnWorkers(scheduler=str(scheduler))
    return OnWorkers(workers=require_count("workers", workers, 1, MOST_WORKERS, "2"))


def require_file(store: object) -> Path:
    """Where results go: a store, or a file of a kind that can be written."""
    require_kind("store", store, (str, Path), '"map.zarr"')
    file = Path(str(store))
    if file.suffix not in ENDINGS or "\0" in str(store):
        raise ArgumentError("store", f"must end in {', '.join(ENDINGS)}, but is {shown(store)}", 'try "map.zarr"')
    return file


def planned(device: Device, axes: object, outputs: object, block: object) -> Plan:
    """The plan of a sweep, all arguments looked at."""
    require_double_precision()
    require_device(device)
    points = None if block is None else require_count("block", block, 1, example="4096")
    return plan_of(device, axes_of_sweep(device, axes), outputs_of(device, outputs), points)
