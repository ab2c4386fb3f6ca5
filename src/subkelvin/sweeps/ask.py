"""The question that a map answers, for every point of any number of axes."""

from collections.abc import Mapping, Sequence

import xarray as xr

from subkelvin.model import Device
from subkelvin.model.arguments import require_count, require_progress
from subkelvin.model.device_arguments import require_device
from subkelvin.numerics.precision import require_double_precision
from subkelvin.progress import Progress
from subkelvin.sweeps.axes import Random, Values, Zipped
from subkelvin.sweeps.dataset import in_memory
from subkelvin.sweeps.outputs.read import DEFAULT_OUTPUTS, outputs_of
from subkelvin.sweeps.plan import Plan, plan_of
from subkelvin.sweeps.read_axes import axes_of_sweep


def sweep(
    device: Device,
    axes: "Mapping[str, Values | Zipped | Random] | Mapping[tuple[str, ...], Values]",
    *,
    outputs: Sequence[str] = DEFAULT_OUTPUTS,
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
        block: points that are computed and stored together; by default as many as take seconds.
        progress: told of every block of points.

    Returns:
        Dataset over the axes with one variable for each output (`temperature` [K] by island, `heat` [W] by path, whose coordinates
        `kind`, `source`, `target` and `through` say which it is, `residual` [W]), `photon_route` and `status` (0 converged; the
        others as in its attribute `meaning`, −1 where somebody stopped the run).

    Raises:
        DeviceError: if a key is unknown or a value is out of range.
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
    return in_memory(planned(device, axes, outputs, block), progress)


def planned(device: Device, axes: object, outputs: object, block: object) -> Plan:
    """The plan of a sweep, all arguments looked at."""
    require_double_precision()
    require_device(device)
    points = None if block is None else require_count("block", block, 1, example="4096")
    return plan_of(device, axes_of_sweep(device, axes), outputs_of(device, outputs), points)
