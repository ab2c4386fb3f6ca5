"""Steady states over labelled axes: one compilation, blocks of points, all cores.

Axes that only change heater powers are innermost: the scan of an island's outflow does not contain its power, and is then
shared by all powers. The other axes are flattened and cut into blocks of equal size, which run on a pool of threads.
"""

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.balance.network.network import Network, lower
from subkelvin.balance.network.route import prepare, routes_from
from subkelvin.heat.matrix import fallbacks
from subkelvin.model import Device
from subkelvin.model.status import Status
from subkelvin.numerics.blocks import block_by_block, in_order, not_computed
from subkelvin.numerics.precision import require_double_precision
from subkelvin.progress import INTERRUPTIONS, Progress
from subkelvin.sweeps.linearised import Linearised, linearised

BLOCK = 4096
"""Points that are computed at once; more would leave the processor's caches."""
BLOCK_OF_SEVERAL_ISLANDS = 64
"""The same with several floating islands: their search goes on until the last point of a block has settled."""
COSTLY_BLOCK = 128
"""Powers that share one table of the outflow where photonic heat is costly; their searches end together."""
LARGEST_INNER_BLOCK = 4096
"""Most powers in a block; more need the same table of the outflow once more."""
LOST_BLOCK = 8
"""Points computed again by another route at once: few are, and each is costly."""
LARGEST_OUTER_BLOCK = 64
"""Most tables of the outflow at once; each has some 2,600 temperatures."""


class Evaluated(NamedTuple):
    """What was computed on a grid."""

    values: Any
    """What the function returns, its arrays with the axes of the grid in front."""
    route: np.ndarray
    """Which of ``routes`` computed the photonic heat of every point, as a small integer, with the axes of the grid."""
    routes: tuple[str, ...]
    """The device's own route, and those that can take over from it."""
    complete: bool
    """Whether every point was computed, by every route that it needed."""


def evaluate_over(
    compute: Callable[[Network], Any],
    device: Device,
    axes: Mapping[Any, np.ndarray],
    progress: Progress | None = None,
) -> Evaluated:
    """What ``compute`` makes of a network, on the grid that the axes span.

    A point whose photonic heat the device's own route does not know is computed again by the next route, and so on.

    Args:
        compute: `solve`, `sensitivity`, or any other function of a Network that returns a NamedTuple of arrays; a module-level
            function, so that it is compiled once.
        device: the device.
        axes: values [SI] by key, each a 1-D array; the grid is their outer product, in the order given. Keys in a tuple are
            tied: they all have the axis's value.
        progress: told of every block.

    Returns:
        Evaluated, with NumPy arrays. If somebody stops the run, with what was
        computed so far: NaN elsewhere, and `Status.NOT_COMPUTED` in the field ``status``.

    Raises:
        DeviceError: if a key is unknown or a value is out of range.
    """
    arrays = {key: np.asarray(values, dtype=float) for key, values in axes.items()}
    for key, array in arrays.items():
        if array.ndim != 1 or array.size == 0:
            raise ValueError(f"Axis {key!r} must be a 1-D array with at least one value, but has shape {array.shape}.")
    dimensions = [dict.fromkeys(axis if isinstance(axis, tuple) else (axis,), one) for axis, one in arrays.items()]
    return evaluate_grid(Lowered(compute), device, dimensions, progress or Progress())


@dataclass(frozen=True)
class Lowered:
    """What compiled code makes of one point, and what it is made from: the network, and tangents of it if there are any."""

    compute: Callable[[Any], Any]
    """A function of a `Network`, or of a `Linearised` one where there are derivatives; gives a NamedTuple of arrays."""
    derivatives: tuple[str, ...] = ()
    """Keys by which it differentiates."""

    def point(self, device: Device, route: str | None = None) -> "Network | Linearised":
        """A device as what ``compute`` takes; its values may be arrays over a grid."""
        return linearised(device, self.derivatives, route) if self.derivatives else lower(device, route)


def evaluate_grid(
    kernel: Lowered, device: Device, dimensions: Sequence[Mapping[str, np.ndarray]], progress: Progress
) -> Evaluated:
    """`evaluate_over` for dimensions along each of which one or several keys have values of their own."""
    require_double_precision()
    # Outer axes first: those that change anything but heater powers.
    inner = [one for one in range(len(dimensions)) if only_powers(dimensions[one])]
    order = [one for one in range(len(dimensions)) if one not in inner] + inner
    sizes = tuple(next(iter(dimensions[one].values())).size for one in order)
    grid = _Grid(sizes, len(order) - len(inner))
    shaped = {
        key: values.reshape([-1 if other == position else 1 for other in range(len(order))])
        for position, one in enumerate(order)
        for key, values in dimensions[one].items()
    }
    device = prepare(device)
    first = lower(device).circuit.route
    routes = routes_from(first)
    taken, whole = np.zeros(grid.points, dtype=np.int8), True
    found = _on_grid(kernel, device, shaped, grid, progress)
    if "status" in getattr(type(found), "_fields", ()):
        taken[found.status == Status.NOT_COMPUTED] = -1
        flat = {key: np.ravel(np.broadcast_to(values, grid.shape)) for key, values in shaped.items()}
        try:
            if whole := not np.any(taken < 0):
                _by_other_routes(kernel, device, routes, flat, found, taken, progress)
        except INTERRUPTIONS:
            # Who stops the run in the middle of this keeps what the device's own route has found.
            whole = False
    back = [order.index(one) for one in range(len(dimensions))]

    def in_order_of_axes(flat: np.ndarray) -> np.ndarray:
        rest = range(len(grid.shape), len(grid.shape) + flat.ndim - 1)
        return np.transpose(flat.reshape(grid.shape + flat.shape[1:]), [*back, *rest])

    return Evaluated(type(found)(*map(in_order_of_axes, found)), in_order_of_axes(taken), routes, whole)


def only_powers(keys: Iterable[str]) -> bool:
    """Whether keys change nothing but heater powers, so that points share the table of an outflow."""
    return all(key.startswith("islands.") and key.endswith(".power") for key in keys)


def _by_other_routes(
    kernel: Lowered,
    device: Device,
    routes: tuple[str, ...],
    flat: dict[str, np.ndarray],
    found: Any,
    taken: np.ndarray,
    progress: Progress,
) -> None:
    """Compute again, by the next routes, the points whose heat the first one does not know; into ``found`` and ``taken``."""
    varies = any(key.endswith(".delay") for key in flat)
    for number, route in enumerate(routes[1:], start=1):
        (lost,) = np.nonzero(found.status == Status.NOT_CONVERGED)
        if lost.size:
            # The integral refuses lines that are too long for it: then it serves some points only.
            points = [{key: values[one] for key, values in flat.items()} for one in (lost if varies else lost[:1])]
            served = np.array([route in fallbacks(device.replace(one), routes[0]) for one in points], dtype=bool)
            lost = lost[np.broadcast_to(served, lost.shape)]
        if not lost.size:
            continue
        progress.step(1.0, f"{lost.size} points again by {route}")
        again = _at_points(kernel, device, route, {key: values[lost] for key, values in flat.items()})
        taken[lost] = number
        for whole, part in zip(found, again, strict=True):
            whole[lost] = part


class _Grid(NamedTuple):
    """The shape of a grid, its outer axes first."""

    shape: tuple[int, ...]
    outer_axes: int

    @property
    def outer(self) -> int:
        """Points of the outer axes."""
        return int(np.prod(self.shape[: self.outer_axes]))

    @property
    def inner(self) -> int:
        """Points of the inner axes: heater powers."""
        return int(np.prod(self.shape[self.outer_axes :]))

    @property
    def points(self) -> int:
        """All points."""
        return self.outer * self.inner


def _on_grid(
    kernel: Lowered,
    device: Device,
    shaped: dict[str, np.ndarray],
    grid: _Grid,
    progress: Progress,
) -> Any:
    """What ``compute`` makes of every point of a grid: a NamedTuple of arrays over its points, the outer ones slowest."""
    batched, flags = _flatten(kernel.point(device), kernel.point(device.replace(shaped)), grid.shape, grid.outer_axes)
    outer_block, inner_block = _block(lower(device), grid.outer, grid.inner)
    compiled = _compiled(kernel.compute, jax.tree.structure(batched), flags)
    blocks = [(i, j) for i in range(0, grid.outer, outer_block) for j in range(0, grid.inner, inner_block)]
    result: list[np.ndarray] = []
    kind: Any = tuple

    def run(block: tuple[int, int]) -> Any:
        # The last block is filled up with its last point, so that all blocks have one shape.
        rows = np.minimum(np.arange(block[0], block[0] + outer_block), grid.outer - 1)
        columns = np.minimum(np.arange(block[1], block[1] + inner_block), grid.inner - 1)
        leaves = [
            (leaf[rows] if outer else leaf) if not within else (leaf[rows][:, columns] if outer else leaf[columns])
            for leaf, (outer, within) in zip(jax.tree.leaves(batched), flags, strict=True)
        ]
        return jax.device_get(compiled(leaves))

    try:
        parts = in_order(lambda k: run(blocks[k]), len(blocks))
        for done, (block, part) in enumerate(zip(blocks, parts, strict=True), start=1):
            if not result:
                kind = type(part)
                result = [not_computed(leaf[0], grid.points) for leaf in part]
                result = [whole.reshape(grid.outer, grid.inner, *whole.shape[1:]) for whole in result]
                if "status" in getattr(kind, "_fields", ()):
                    result[kind._fields.index("status")][:] = Status.NOT_COMPUTED
            rows, columns = min(outer_block, grid.outer - block[0]), min(inner_block, grid.inner - block[1])
            for whole, leaf in zip(result, part, strict=True):
                whole[block[0] : block[0] + rows, block[1] : block[1] + columns] = leaf[:rows, :columns]
            points = min(grid.points, done * outer_block * inner_block)
            progress.step(done / len(blocks), f"{points} of {grid.points} points")
    except INTERRUPTIONS:
        if not result:
            raise
    return kind(*[whole.reshape(grid.points, *whole.shape[2:]) for whole in result])


def _at_points(kernel: Lowered, device: Device, route: str, values: dict[str, np.ndarray]) -> list[np.ndarray]:
    """What ``compute`` makes of some points of a grid by another route, its arrays over these points."""
    single, many = kernel.point(device, route), kernel.point(device.replace(values), route)
    leaves, structure = jax.tree.flatten(single)
    swept = [np.asarray(leaf) for leaf in jax.tree.leaves(many)]
    flags = tuple((one.ndim > np.ndim(leaf), False) for one, leaf in zip(swept, leaves, strict=True))
    compiled = _compiled(kernel.compute, structure, flags)
    varying = [one for one, (varies, _) in zip(swept, flags, strict=True) if varies]

    def some(block: list[np.ndarray]) -> Any:
        rest = iter(block)
        return compiled([next(rest) if varies else one for one, (varies, _) in zip(swept, flags, strict=True)])

    parts = [tuple(leaf[:, 0] for leaf in part) for _, part in block_by_block(some, varying, LOST_BLOCK)]
    return [np.concatenate(leaf) for leaf in zip(*parts, strict=True)]


def _block(network: Network, outer_size: int, inner_size: int) -> tuple[int, int]:
    """How many values of the outer axes, and how many powers for each, are computed at once."""
    if network.power.shape[0] > 1:
        inner = min(BLOCK_OF_SEVERAL_ISLANDS, inner_size)
        return min(BLOCK_OF_SEVERAL_ISLANDS // inner, outer_size), inner
    if not network.circuit.one_pole:
        return 1, min(COSTLY_BLOCK, inner_size)
    inner = min(LARGEST_INNER_BLOCK, inner_size)
    return min(BLOCK // inner, LARGEST_OUTER_BLOCK, outer_size), inner


def _flatten(
    single: "Network | Linearised", swept: "Network | Linearised", shape: tuple[int, ...], outer_count: int
) -> tuple["Network | Linearised", tuple[tuple[bool, bool], ...]]:
    """Leaves with one flat outer and one flat inner axis where they depend on them, and whether they do."""
    leaves, flags = [], []
    for one, many in zip(jax.tree.leaves(single), jax.tree.leaves(swept), strict=True):
        one, many = np.asarray(one), np.asarray(many)
        if many.ndim == one.ndim:
            leaves.append(many)
            flags.append((False, False))
            continue
        outer = any(size > 1 for size in many.shape[:outer_count])
        within = any(size > 1 for size in many.shape[outer_count : len(shape)])
        target = (shape[:outer_count] if outer else (1,) * outer_count) + (
            shape[outer_count:] if within else (1,) * (len(shape) - outer_count)
        )
        full = np.broadcast_to(many, target + one.shape)
        kept = ([-1] if outer else []) + ([int(np.prod(shape[outer_count:]))] if within else [])
        leaves.append(np.ascontiguousarray(full).reshape([*kept, *one.shape]))
        flags.append((outer, within))
    return jax.tree.unflatten(jax.tree.structure(single), leaves), tuple(flags)


@functools.lru_cache(maxsize=64)
def _compiled(
    compute: Callable[[Any], Any], structure: Any, flags: tuple[tuple[bool, bool], ...]
) -> Callable[[list[Any]], Any]:
    """``compute`` over blocks of outer and inner points, for networks whose leaves depend on the axes as flagged."""

    def one(*leaves: Any) -> Any:
        return compute(jax.tree.unflatten(structure, leaves))

    inner_axes = tuple(0 if within else None for _, within in flags)
    outer_axes = tuple(0 if outer else None for outer, _ in flags)
    rows = one if not any(within for _, within in flags) else jax.vmap(one, in_axes=inner_axes)
    grid = rows if not any(outer for outer, _ in flags) else jax.vmap(rows, in_axes=outer_axes)

    def block(leaves: list[Any]) -> Any:
        outer, inner = any(outer for outer, _ in flags), any(within for _, within in flags)
        missing = ([] if outer else [0]) + ([] if inner else [1])
        return jax.tree.map(lambda leaf: _insert_axes(leaf, missing), grid(*leaves))

    return jax.jit(block)


def _insert_axes(leaf: jax.Array, axes: list[int]) -> jax.Array:
    """Insert axes of length one, so that every result has an outer and an inner axis."""
    for axis in axes:
        leaf = jnp.expand_dims(leaf, axis)
    return leaf
