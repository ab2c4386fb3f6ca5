"""Maps of the paper's set-up from 10³ points on: time, peak memory, bytes on the disk, and what storing costs.

T_R × P_in × α, each size in a process of its own, so that the peak of its memory is its own. Prints one line a size, and draws
time, memory and bytes against the number of points. Then what a resume after half the blocks costs, and two workers against one.
Usage: python benchmarks/maps.py [largest power of ten, 3 to 7; by default 6] [picture, by default maps.pdf]
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt

from subkelvin import Progress, preset, sweep
from subkelvin.sweeps import Linear, Logarithmic, Random

POWERS = 100
"""Along the axis of P_in."""
SMALLEST = 3
"""Power of ten of the first map."""
MEGABYTE = 1e6


def axes(points: int) -> dict[str, Linear | Logarithmic]:
    """T_R × α × P_in with so many points."""
    side = round((points / min(POWERS, points // 10)) ** 0.5)
    return {
        "elements.right.area": Linear("1 um^2", "10 um^2", max(2, side)),
        "islands.right.temperature": Linear("60 mK", "600 mK", max(2, side)),
        "islands.left.power": Logarithmic("1 fW", "3 pW", min(POWERS, points // 10)),
    }


def one_size(points: int) -> dict[str, float]:
    """Seconds to compute and to store, peak memory and bytes, in this process."""
    device = preset("silver-setup-1")
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "map.zarr"
        start = time.perf_counter()
        found = sweep(device, axes(points), store=store)
        seconds = time.perf_counter() - start
        size = found.status.size
        bytes_stored = sum(file.stat().st_size for file in store.rglob("*") if file.is_file())
        failed = int((found.status > 0).sum())
        raw = sum(one.dtype.itemsize * one.size for one in found.data_vars.values()) / size
        found.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE
    return {
        "points": size,
        "seconds": seconds,
        "memory_MB": memory,
        "bytes": bytes_stored / size,
        "raw_bytes": raw,
        "failed": failed,
    }


def in_its_own_process(points: int) -> dict[str, float]:
    """`one_size`, its memory not that of another size."""
    done = subprocess.run([sys.executable, __file__, "--one", str(points)], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def storing(points: int) -> float:
    """Time of a stored map over that of the same one in memory, both compiled before."""
    device, grid = preset("silver-setup-1"), axes(points)
    sweep(device, grid)
    start = time.perf_counter()
    sweep(device, grid)
    computing = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        sweep(device, grid, store=Path(folder) / "map.zarr")
        return (time.perf_counter() - start) / computing


def resuming(points: int) -> float:
    """Time of a resume after half of the blocks over that of a whole run."""
    device, grid = preset("silver-setup-1"), axes(points)
    block = points // 20
    sweep(device, grid, block=block)
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        sweep(device, grid, block=block, store=Path(folder) / "whole.zarr")
        whole = time.perf_counter() - start

        def half(progress: Progress) -> None:
            if progress.fraction >= 0.5:
                progress.cancel()

        sweep(device, grid, block=block, store=Path(folder) / "half.zarr", progress=Progress(half))
        start = time.perf_counter()
        sweep(device, grid, block=block, store=Path(folder) / "half.zarr", resume=True)
        return (time.perf_counter() - start) / whole


def with_workers(points: int) -> tuple[float, float]:
    """Points per second with one worker and with two, the start of the processes and the first compilation left out."""
    device, rates = preset("silver-setup-1"), []
    design = {"sample": Random(points, {"islands.right.temperature": Linear("60 mK", "600 mK")})}
    for workers in (1, 2):
        moments: list[tuple[float, float]] = []
        progress = Progress(lambda told, moments=moments: moments.append((time.perf_counter(), told.fraction)))  # type: ignore[misc]
        with tempfile.TemporaryDirectory() as folder:
            sweep(
                device, design, block=points // 40, store=Path(folder) / "map.zarr", workers=workers, progress=progress
            )
        # Every worker compiles with its first block.
        (first, before), (last, after) = moments[3], moments[-1]
        rates.append((after - before) * points / (last - first))
    return rates[0], rates[1]


def draw(found: list[dict[str, float]], picture: str) -> None:
    """Time, memory and bytes against the number of points."""
    figure, places = plt.subplots(1, 3, figsize=(9.0, 2.8), layout="constrained")
    names = {"seconds": "time (s)", "memory_MB": "peak memory (MB)", "bytes": "bytes per point"}
    for place, (name, label) in zip(places, names.items(), strict=True):
        place.plot([one["points"] for one in found], [one[name] for one in found], "o-")
        place.set(xscale="log", yscale="log" if name == "seconds" else "linear", xlabel="points", ylabel=label)
    places[2].axhline(found[0]["raw_bytes"], linestyle="--")
    figure.savefig(picture)


def main(largest: int, picture: str) -> None:
    """Print and draw."""
    found = []
    for power in range(SMALLEST, largest + 1):
        found.append(in_its_own_process(10**power))
        print("  ".join(f"{name} {value:.6g}" for name, value in found[-1].items()), flush=True)
    draw(found, picture)
    points = 10 ** min(largest, 5)
    print(f"stored over computed alone, {points} points: {storing(points):.3f}")
    print(f"resume after half over whole, {points} points: {resuming(points):.3f}")
    one, two = with_workers(points // 5)
    print(f"workers: one {one:.0f} points/s, two {two:.0f} points/s, {two / one:.2f} times")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one_size(int(sys.argv[2]))))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 6, sys.argv[2] if len(sys.argv) > 2 else "maps.pdf")
