"""A compiled function of many points: blocks of one size, so that it compiles once, on all cores.

What has been computed is handed out block by block and in order, so that an interrupted run keeps it.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jax
import numpy as np

CORES = "SUBKELVIN_CORES"
"""Environment variable: threads that compute blocks; all cores of the machine by default."""


def in_order(function: Callable[[int], Any], count: int) -> Iterator[Any]:
    """A function of 0, 1, …, count − 1 on threads, its results in that order.

    If the caller stops asking, for example by an interrupt, the work ends with the blocks under way.
    """
    told = os.environ.get(CORES, "")
    pool = ThreadPoolExecutor(max_workers=max(1, int(told)) if told.isdecimal() else os.cpu_count() or 1)
    try:
        for future in [pool.submit(function, k) for k in range(count)]:
            yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def block_by_block(function: Callable[[Any], Any], points: Any, size: int) -> Iterator[tuple[slice, Any]]:
    """What a function makes of points, a block at a time.

    Args:
        function: of a tree of arrays whose leading axes run over the points of a block; compiled code, which runs on threads.
        points: a tree of NumPy arrays with one leading axis in common, shape (n, …), n ≥ 1.
        size: points in a block; the last block is filled up with its last point. Fewer points make one block of their number.

    Yields:
        The rows of a block, and the function's result there as NumPy arrays, in the order of the points.
    """
    count = len(jax.tree.leaves(points)[0])
    size = min(size, count)

    def rows(block: int) -> slice:
        return slice(block * size, min((block + 1) * size, count))

    def run(block: int) -> Any:
        filled = np.minimum(np.arange(block * size, (block + 1) * size), count - 1)
        found = jax.device_get(function(jax.tree.map(lambda leaf: leaf[filled], points)))
        kept = rows(block).stop - rows(block).start
        return jax.tree.map(lambda leaf: leaf[:kept], found)

    blocks = -(-count // size)
    for block, found in enumerate(in_order(run, blocks)):
        yield rows(block), found


def in_full_blocks(
    function: Callable[..., tuple[Any, ...]],
    points: tuple[np.ndarray, ...],
    size: int,
    told: Callable[[float], object] = float,
) -> list[np.ndarray]:
    """What a compiled function of flat arrays gives at any number of points, in blocks of one size on all cores.

    The last block is filled up with its last point, so that one compilation serves every number of points.

    Args:
        function: of arrays of shape (size,); gives a tuple of such arrays.
        points: arrays of shape (n,), n ≥ 1.
        size: points in a block.
        told: the share that is done, after every block; what it raises ends the work.

    Returns:
        The function's results, each of shape (n,).
    """
    count = points[0].size

    def run(block: int) -> tuple[np.ndarray, ...]:
        rows = np.minimum(np.arange(block * size, (block + 1) * size), count - 1)
        found: tuple[np.ndarray, ...] = jax.device_get(function(*[point[rows] for point in points]))
        return found

    parts, blocks = [], -(-count // size)
    for done, part in enumerate(in_order(run, blocks), start=1):
        parts.append(part)
        told(done / blocks)
    return [np.concatenate(part)[:count] for part in zip(*parts, strict=True)]


def not_computed(leaf: np.ndarray, count: int) -> np.ndarray:
    """Room for what a block's leaf is to become for all points: NaN, −1 for whole numbers, False for flags."""
    absent = np.nan if np.issubdtype(leaf.dtype, np.floating) else -1 if leaf.dtype.kind == "i" else 0
    return np.full((count, *leaf.shape[1:]), absent, dtype=leaf.dtype)
