"""Workers of Dask compute the same store as one process, whatever becomes of them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import jax
import pytest
import xarray as xr

from subkelvin import ArgumentError, DeviceError, Field, link_kind, make_device, preset, sweep
from subkelvin.sweeps import Linear, Logarithmic, cluster

SCRIPT = """
import sys
from subkelvin import Progress, preset, sweep
from subkelvin.sweeps import Linear, Logarithmic
if __name__ == "__main__":
    axes = {"islands.right.temperature": Linear("60 mK", "450 mK", 60), "islands.left.power": Logarithmic("10 fW", "50 fW", 3)}
    told = Progress(lambda progress: print(progress.fraction, flush=True))
    sweep(preset("silver-setup-1"), axes, store=sys.argv[1], block=6, resume=True, workers=2, progress=told)
"""
AXES = {
    "islands.right.temperature": Linear("60 mK", "450 mK", 60),
    "islands.left.power": Logarithmic("10 fW", "50 fW", 3),
}


def started(script: Path, store: Path) -> subprocess.Popen[str]:
    script.write_text(SCRIPT)
    return subprocess.Popen([sys.executable, str(script), str(store)], stdout=subprocess.PIPE, text=True)


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    """The processes in which a process lets blocks be computed."""
    import psutil

    family = psutil.Process(process.pid).children(recursive=True)
    return [one.pid for one in family if any("spawn_main" in word for word in one.cmdline())]


@pytest.mark.slow
def test_a_killed_worker_costs_only_its_blocks(tmp_path: Path) -> None:
    with started(tmp_path / "run.py", tmp_path / "map.zarr") as process:
        assert process.stdout
        process.stdout.readline()
        killed = workers_of(process)
        assert killed
        os.kill(killed[0], signal.SIGKILL)
        fractions = [float(line) for line in process.stdout]
    assert process.returncode == 0
    assert fractions[-1] == 1.0
    found = sweep(preset("silver-setup-1"), AXES, store=tmp_path / "map.zarr", block=6, resume=True)
    xr.testing.assert_identical(found.load(), sweep(preset("silver-setup-1"), AXES, block=6))


@pytest.mark.slow
def test_a_killed_run_is_resumed_by_one_process(tmp_path: Path) -> None:
    with started(tmp_path / "run.py", tmp_path / "map.zarr") as process:
        assert process.stdout
        process.stdout.readline()
        process.kill()
    found = sweep(preset("silver-setup-1"), AXES, store=tmp_path / "map.zarr", block=6, resume=True)
    xr.testing.assert_identical(found.load(), sweep(preset("silver-setup-1"), AXES, block=6))


@pytest.mark.slow
def test_a_kind_of_link_of_the_users_own_reaches_the_workers(tmp_path: Path) -> None:
    def proportional(first: jax.Array, second: jax.Array, values: dict[str, jax.Array]) -> jax.Array:
        return values["conductance"] * (first - second)

    number = Field("W/K", 1e-18, 1e-3, "heat per kelvin", "thermal conductance", '"1 pW/K"')
    kind = link_kind("strap", numbers={"conductance": number}, heat=proportional)
    end = {"kind": "resistor", "nodes": ["a", "ground"], "resistance": "50 ohm"}
    device = make_device(
        {
            "islands": {"hot": {"temperature": 0.3}, "cold": {"power": "1 fW"}},
            "elements": {"first": {**end, "island": "hot"}, "second": {**end, "island": "cold"}},
            "links": {"strap": {"kind": "strap", "from": "cold", "to": "hot", "conductance": 1e-12}},
        },
        kinds=[kind],
    )
    axes = {"links.strap.conductance": ["1 pW/K", "10 pW/K", "100 pW/K"]}
    found = sweep(device, axes, store=tmp_path / "map.zarr", block=1, workers=1)
    xr.testing.assert_identical(found.load(), sweep(device, axes, block=1))


def test_workers_need_a_store_and_a_scheduler_that_is_there(tmp_path: Path) -> None:
    device = preset("silver-setup-1")
    with pytest.raises(ArgumentError, match="needs a store, but there is none"):
        sweep(device, AXES, workers=2)
    with pytest.raises(ArgumentError, match="is a file"):
        sweep(device, AXES, workers=2, store=tmp_path / "map.nc")
    with pytest.raises(ArgumentError, match="leave one of both out"):
        sweep(device, AXES, workers=2, scheduler="tcp://localhost:1", store=tmp_path / "map.zarr")
    with pytest.raises(ArgumentError, match="whole number from 1"):
        sweep(device, AXES, workers=0, store=tmp_path / "map.zarr")
    with pytest.raises(DeviceError, match="there are no workers at 'nonsense'"):
        sweep(device, AXES, scheduler="nonsense", store=tmp_path / "map.zarr")
    assert not list(tmp_path.iterdir())


def test_a_wrong_scheduler_is_told_soon_and_leaves_no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cluster.PATIENCE_FOR_SCHEDULER <= 10.0
    monkeypatch.setattr(cluster, "PATIENCE_FOR_SCHEDULER", 0.5)
    start = time.monotonic()
    with pytest.raises(DeviceError, match=r"there are no workers at 'tcp://127\.0\.0\.1:1'"):
        sweep(preset("silver-setup-1"), AXES, scheduler="tcp://127.0.0.1:1", store=tmp_path / "map.zarr")
    # Half a second of patience, and as much for everything else as a busy machine takes.
    assert time.monotonic() - start < 30.0
    assert not list(tmp_path.iterdir())
