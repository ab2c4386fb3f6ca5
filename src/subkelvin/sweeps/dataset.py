"""Steady states, and whatever else is asked, on a grid of device values: as xarray, in memory or stored."""

import numpy as np
import xarray as xr

from subkelvin.model import ArgumentError
from subkelvin.progress import INTERRUPTIONS, Progress
from subkelvin.sweeps.compute import Block, Computation
from subkelvin.sweeps.labels import ROUTE, STATUS, attributes, coordinates, variables
from subkelvin.sweeps.plan import Plan

MOST_POINTS = 10_000_000
"""Points of one sweep in memory: some gigabytes of results. A stored one may have any number."""


def in_memory(plan: Plan, progress: Progress) -> xr.Dataset:
    """All blocks of a plan, one after the other; if somebody stops the run, what was computed so far."""
    if plan.points > MOST_POINTS:
        raise ArgumentError(
            "axes", f"span {plan.points:,} points, more than {MOST_POINTS:,}", 'take fewer values, or store="map.zarr"'
        )
    computation = Computation.of(plan)
    arrays = {name: one.empty() for name, one in variables(plan, computation.routes).items()}
    try:
        for number in range(plan.number_of_blocks):
            block = computation.block(number, share(progress, plan, number))
            into(arrays, plan.part(number), block)
            if progress.cancelled or not block.complete:
                break
    except INTERRUPTIONS:
        if not np.any(arrays[STATUS] != -1):
            raise
    return labelled(plan, computation, arrays)


def share(progress: Progress, plan: Plan, number: int) -> Progress:
    """The progress of one block as a part of the whole."""
    before = number / plan.number_of_blocks

    def tell(inner: Progress) -> None:
        fraction = before + inner.fraction / plan.number_of_blocks
        again = "" if " of " in inner.doing else f", {inner.doing}"
        progress.step(fraction, f"{round(fraction * plan.points)} of {plan.points} points{again}")

    return Progress(tell)


def into(arrays: dict[str, np.ndarray], part: tuple[slice, ...], block: Block) -> None:
    """Put a block where it belongs."""
    for name, values in {**block.values, ROUTE: block.route, STATUS: block.status}.items():
        # The axes of the sweep are the last ones.
        arrays[name][(slice(None),) * (values.ndim - len(part)) + part] = values


def labelled(plan: Plan, computation: Computation, arrays: dict[str, np.ndarray]) -> xr.Dataset:
    """Arrays of results with everything that is known of them."""
    told = variables(plan, computation.routes)
    return xr.Dataset(
        {name: (one.dimensions, arrays[name], one.attributes) for name, one in told.items()},
        coords={name: tuple(one) for name, one in coordinates(plan, computation.values).items()},
        attrs=attributes(plan),
    )
