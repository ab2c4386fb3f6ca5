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
    counted = Counted(plan, progress)
    try:
        for number in range(plan.number_of_blocks):
            block = computation.block(number, counted.of_a_block())
            counted.add(block.failed)
            into(arrays, plan.part(number), block)
            if progress.cancelled or not block.complete:
                break
    except INTERRUPTIONS:
        if not np.any(arrays[STATUS] != -1):
            raise
    return labelled(plan, computation, arrays)


class Counted:
    """The progress of a plan: points that are done, and how many of them have no state."""

    def __init__(self, plan: Plan, progress: Progress, done: int = 0):
        self._plan, self._progress, self._done, self._failed = plan, progress, done, 0

    def of_a_block(self) -> Progress:
        """The progress of the next block, as a part of the whole."""
        before, blocks, points = (
            self._done / self._plan.number_of_blocks,
            self._plan.number_of_blocks,
            self._plan.points,
        )

        def tell(inner: Progress) -> None:
            fraction = before + inner.fraction / blocks
            failed = f", {self._failed} without a state" if self._failed else ""
            again = f", {inner.doing}" if inner.doing and " of " not in inner.doing else ""
            try:
                self._progress.step(fraction, f"{round(fraction * points)} of {points} points{failed}{again}")
            except INTERRUPTIONS:
                # A block that is whole swallows an interrupt: no other one must follow it.
                self._progress.cancel()
                raise

        return Progress(tell)

    def add(self, failed: int) -> None:
        """Count a block that is done."""
        self._done += 1
        self._failed += failed


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
