"""One block of a plan: one function, the same in this process and in any other."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from subkelvin.balance.network.network import lower
from subkelvin.balance.network.route import prepare, routes_from
from subkelvin.balance.steady.solve import Solution
from subkelvin.model.status import Status
from subkelvin.progress import Progress
from subkelvin.sweeps.outputs.answers import Asked, asked
from subkelvin.sweeps.outputs.validity import COUNT, values_of_checks
from subkelvin.sweeps.plan import Plan
from subkelvin.sweeps.run import evaluate_grid


class Block(NamedTuple):
    """What was found in one block."""

    values: dict[str, np.ndarray]
    """By the names of outputs; their own axes in front of those of the sweep."""
    status: np.ndarray
    """A `Status` of every point."""
    route: np.ndarray
    """Which of the routes computed the photonic heat of every point; −1 where nothing was computed."""

    complete: bool
    """Whether every point was computed, by every route that it needed: nobody stopped the run."""

    @property
    def failed(self) -> int:
        """Points without a state."""
        return int(np.sum(self.status > Status.CONVERGED))


@dataclass(frozen=True)
class Computation:
    """A plan with everything that its blocks share, made once in every process."""

    plan: Plan
    asked: Asked
    values: tuple[dict[str, np.ndarray], ...]
    """Of every axis by key [SI]."""
    routes: tuple[str, ...]
    """The device's own route of photonic heat, and those that can take over."""

    @classmethod
    def of(cls, plan: Plan) -> "Computation":
        """The route is settled once, so that all blocks have the same."""
        device = prepare(plan.device)
        route = lower(device).circuit.route
        settled = Plan(device, plan.axes, plan.outputs, plan.block)
        return cls(settled, asked(plan.outputs), tuple(axis.values() for axis in plan.axes), routes_from(route))

    def block(self, number: int, progress: Progress | None = None) -> Block:
        """Compute one block; if somebody stops it, with `Status.NOT_COMPUTED` where nothing was computed."""
        part = self.plan.part(number)
        # The last block along an axis is filled up with its last point, so that one compilation serves all blocks.
        rows = [
            np.minimum(np.arange(one.start, one.start + block), one.stop - 1)
            for one, block in zip(part, self.plan.block, strict=True)
        ]
        dimensions = [
            {key: numbers[row] for key, numbers in values.items()}
            for values, row in zip(self.values, rows, strict=True)
        ]
        evaluated = evaluate_grid(self.asked.kernel, self.plan.device, dimensions, progress or Progress())
        kept = tuple(slice(0, one.stop - one.start) for one in part)
        found = [leaf[kept] for leaf in evaluated.values]
        values = {
            one.name: _own_axes_first(leaf, len(kept))
            for one, leaf in zip(self.asked.compiled, found[: len(self.asked.compiled)], strict=True)
        }
        if self.asked.checks:
            values |= self._checks(dimensions, found)
        status = found[-1].astype(np.int8)
        return Block(values, status, evaluated.route[kept].astype(np.int8), evaluated.complete)

    def _checks(self, dimensions: list[dict[str, np.ndarray]], found: list[np.ndarray]) -> dict[str, np.ndarray]:
        """The checks of every point of a block, one point after the other."""
        names = [one.name for one in self.asked.checks]
        shape = found[-1].shape
        values = np.full((len(names), *shape), np.nan)
        fields = [name for name in Solution._fields if name != "status"]
        solution = dict(zip(fields, found[-1 - len(fields) : -1], strict=True)) | {"status": found[-1]}
        counted = found[len(self.asked.compiled)] if COUNT in names else np.full(shape, np.nan)
        for point in np.ndindex(*shape):
            if solution["status"][point] == Status.NOT_COMPUTED:
                continue
            changes = {
                key: float(numbers[place])
                for one, place in zip(dimensions, point, strict=True)
                for key, numbers in one.items()
            }
            here = Solution._make(solution[name][point] for name in Solution._fields)
            values[(slice(None), *point)] = values_of_checks(
                self.plan.device.replace(changes), here, float(counted[point]), names
            )
        return dict(zip(names, values, strict=True))


def _own_axes_first(leaf: np.ndarray, axes: int) -> np.ndarray:
    """An array over the points of a block, and then axes of its own, with the latter in front."""
    return np.moveaxis(leaf, range(axes, leaf.ndim), range(leaf.ndim - axes))
