"""A store keeps what was computed, whatever happens, and takes nothing from another plan."""

import contextlib
import csv
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import xarray as xr

from subkelvin import Device, DeviceError, Progress, preset, sweep
from subkelvin.progress import INTERRUPTIONS, Cancelled
from subkelvin.sweeps import Linear, Logarithmic, open_sweep
from subkelvin.sweeps.ask import planned
from subkelvin.sweeps.compute import Computation
from subkelvin.sweeps.lock import only_writer
from subkelvin.sweeps.outputs.read import DEFAULT_OUTPUTS
from subkelvin.sweeps.store import Store, create
from subkelvin.sweeps.stored import repaired, verified

AXES = {
    "islands.right.temperature": Linear("60 mK", "450 mK", 9),
    "islands.left.power": Logarithmic("10 fW", "50 fW", 3),
}
BLOCK = 6
BLOCKS = 5
"""Of two temperatures each, the last one of one."""


@pytest.fixture(scope="module")
def device() -> Device:
    return preset("silver-setup-1")


@pytest.fixture(scope="module")
def whole(device: Device) -> xr.Dataset:
    """Never interrupted."""
    return sweep(device, AXES, block=BLOCK)


def stopped_after(blocks: int) -> Progress:
    def tell(progress: Progress) -> None:
        if progress.fraction >= blocks / BLOCKS - 1e-9:
            progress.cancel()

    return Progress(tell)


def same(found: xr.Dataset, whole: xr.Dataset) -> None:
    """Bit by bit."""
    xr.testing.assert_identical(found.load(), whole)


def test_a_stored_sweep_is_the_one_in_memory_and_is_read_when_needed(
    device: Device, whole: xr.Dataset, tmp_path: Path
) -> None:
    found = sweep(device, AXES, block=BLOCK, store=tmp_path / "map.zarr")
    assert not found.temperature.variable._in_memory
    same(found, whole)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["map.zarr"]


def test_a_stopped_run_is_resumed_where_it_ended(device: Device, whole: xr.Dataset, tmp_path: Path) -> None:
    store = tmp_path / "map.zarr"
    part = sweep(device, AXES, block=BLOCK, store=store, progress=stopped_after(3)).load()
    done = int((part.status == 0).sum())
    assert 0 < done < 27
    assert set(np.unique(part.status)) == {-1, 0}
    assert bool(part.temperature.where(part.status == -1, drop=True).isnull().all())
    shares: list[float] = []
    resumed = sweep(
        device, AXES, block=BLOCK, store=store, resume=True, progress=Progress(lambda one: shares.append(one.fraction))
    )
    same(resumed, whole)
    # Nothing that was committed is computed again.
    assert shares[0] > 0.4
    shares.clear()
    same(
        sweep(device, AXES, block=BLOCK, store=store, resume=True, progress=Progress(lambda _: shares.append(1))), whole
    )
    assert not shares


def test_a_store_of_another_plan_is_refused_with_what_differs(device: Device, tmp_path: Path) -> None:
    store = tmp_path / "map.zarr"
    sweep(device, AXES, block=BLOCK, store=store)
    before = contents(store)
    with pytest.raises(DeviceError, match="already; resume"):
        sweep(device, AXES, block=BLOCK, store=store)
    with pytest.raises(DeviceError, match=r"outputs.2 is absent here, \"residual\" there"):
        sweep(device, AXES, block=BLOCK, store=store, resume=True, outputs=["temperature", "heat"])
    warmer = device.replace({"islands.bath.temperature": 0.06})
    with pytest.raises(DeviceError, match=r"islands.bath.temperature is .*60 mK.* here, .*50 mK.* there"):
        sweep(warmer, AXES, block=BLOCK, store=store, resume=True)
    assert contents(store) == before


def contents(store: Path) -> dict[str, bytes]:
    return {str(one): one.read_bytes() for one in sorted(store.rglob("*")) if one.is_file()}


def test_a_second_writer_is_refused(device: Device, tmp_path: Path) -> None:
    store = tmp_path / "map.zarr"
    with only_writer(store), pytest.raises(DeviceError, match=f"being written by process {os.getpid()} on"):
        sweep(device, AXES, store=store)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("map.zarr.lock", "my notes"),
        ("map.zarr.lock", "process 1 on host\nand my notes"),
        ("map.zarr.unfinished", "mine"),
        ("map.zarr.unfinished/notes.txt", "mine"),
        ("map.zarr.unfinished/zarr.json", '{"attributes": {}}'),
    ],
)
def test_files_of_the_users_own_stay(device: Device, tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(content)
    with pytest.raises(DeviceError, match="move it, or name another store"):
        sweep(device, AXES, store=tmp_path / "map.zarr")
    assert contents(tmp_path) == {str(tmp_path / name): content.encode()}


def test_a_link_in_the_place_of_the_lock_leaves_what_it_points_to(device: Device, tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("")
    (tmp_path / "map.zarr.lock").symlink_to(tmp_path / "empty")
    with pytest.raises(DeviceError, match="cannot be written"):
        sweep(device, AXES, store=tmp_path / "map.zarr")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["empty", "map.zarr.lock"]


@pytest.mark.parametrize("left", ["nothing", "a part of the root", "a root"])
def test_what_a_killed_process_left_is_removed(device: Device, tmp_path: Path, left: str) -> None:
    unfinished = tmp_path / "map.zarr.unfinished"
    sweep(device, AXES, block=BLOCK, store=tmp_path / "map.zarr")
    if left == "a root":
        (tmp_path / "map.zarr").rename(unfinished)
    else:
        shutil.rmtree(tmp_path / "map.zarr")
        unfinished.mkdir()
    if left == "a part of the root":
        (unfinished / "zarr.json.abc.partial").write_text("{")
    (tmp_path / "map.zarr.lock").write_text("process 1 on a-machine")
    sweep(device, AXES, block=BLOCK, store=tmp_path / "map.zarr")
    assert [one.name for one in tmp_path.iterdir()] == ["map.zarr"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, Cancelled, DeviceError("", "there are no workers")])
def test_a_run_that_ends_before_its_first_block_leaves_no_store(
    device: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException | type[BaseException]
) -> None:
    def ends(*_: object) -> None:
        assert (tmp_path / "map.zarr").exists()
        raise error

    monkeypatch.setattr(Computation, "block", ends)
    with pytest.raises(error if isinstance(error, type) else type(error)):
        sweep(device, AXES, block=BLOCK, store=tmp_path / "map.zarr")
    assert not list(tmp_path.iterdir())
    monkeypatch.undo()
    sweep(device, AXES, block=BLOCK, store=tmp_path / "map.zarr", progress=stopped_after(2))
    before = contents(tmp_path)
    monkeypatch.setattr(Computation, "block", ends)
    with contextlib.suppress(*INTERRUPTIONS, DeviceError):
        sweep(device, AXES, block=BLOCK, store=tmp_path / "map.zarr", resume=True)
    assert contents(tmp_path) == before


def test_an_empty_store_that_was_there_stays(device: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "map.zarr"
    create(store, Computation.of(planned(device, AXES, DEFAULT_OUTPUTS, BLOCK)))

    def ends(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Computation, "block", ends)
    with pytest.raises(KeyboardInterrupt):
        sweep(device, AXES, block=BLOCK, store=store, resume=True)
    assert store.exists()


def test_what_is_no_store_is_left_alone(device: Device, tmp_path: Path) -> None:
    store = tmp_path / "map.zarr"
    store.mkdir()
    (store / "zarr.json").write_text("{}")
    with pytest.raises(DeviceError, match="is no store of a sweep"):
        sweep(device, AXES, store=store, resume=True)
    assert contents(store) == {str(store / "zarr.json"): b"{}"}


def test_more_points_than_the_disk_has_room_for_are_refused(
    device: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1))
    with pytest.raises(DeviceError, match="has room for"):
        sweep(device, AXES, store=tmp_path / "map.zarr")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("place", ["missing/map.zarr", "file/map.zarr"])
def test_a_folder_that_cannot_be_written_is_named(device: Device, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DeviceError, match="cannot be written"):
        sweep(device, AXES, store=tmp_path / place)


def test_a_full_disk_loses_nothing_that_was_committed(
    device: Device, whole: xr.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, write, written = tmp_path / "map.zarr", Store.write, []

    def full(self: Store, number: int, block: object) -> None:
        written.append(number)
        if len(written) > 2:
            # In the middle of a block: its values are there, its status is not.
            self._arrays["temperature"][:] = 0.0
            raise DeviceError("", "the store cannot be read or written: No space left on device")
        write(self, number, block)  # type: ignore[arg-type]

    monkeypatch.setattr(Store, "write", full)
    with pytest.raises(DeviceError, match="No space left"):
        sweep(device, AXES, block=BLOCK, store=store)
    monkeypatch.undo()
    found = sweep(device, AXES, block=BLOCK, store=store, resume=True)
    # What was committed, and spoiled by this test, was not computed again; the rest was.
    same(
        found.isel({"islands.right.temperature": slice(4, None)}),
        whole.isel({"islands.right.temperature": slice(4, None)}),
    )
    assert float(found.temperature[:, :4].max()) == 0.0


def test_checksums_find_a_chunk_that_has_changed_and_repair_computes_it_again(
    device: Device, whole: xr.Dataset, tmp_path: Path
) -> None:
    store = tmp_path / "map.zarr"
    sweep(device, AXES, block=BLOCK, store=store)
    plan = planned(device, AXES, DEFAULT_OUTPUTS, BLOCK)
    assert verified(plan, store) == {}
    (chunk,) = store.glob("heat/c/0/2/0")
    data = bytearray(chunk.read_bytes())
    data[len(data) // 2] ^= 1
    chunk.write_bytes(data)
    (lost,) = store.glob("temperature/c/0/1/0")
    lost.unlink()
    assert set(verified(plan, store)) == {1, 2}
    assert set(repaired(plan, store)) == {1, 2}
    same(sweep(device, AXES, block=BLOCK, store=store, resume=True), whole)


@pytest.mark.parametrize("block", [0, 4])
@pytest.mark.parametrize("content", [b"", b"no chunk at all"])
def test_a_block_whose_status_cannot_be_read_is_damaged_and_computed_again(
    device: Device, whole: xr.Dataset, tmp_path: Path, block: int, content: bytes
) -> None:
    store = tmp_path / "map.zarr"
    sweep(device, AXES, block=BLOCK, store=store)
    plan = planned(device, AXES, DEFAULT_OUTPUTS, BLOCK)
    # The last block reaches over the end of the axis: zarr reads its chunks before it writes them.
    for name in (f"status/c/{block}/0", f"temperature/c/0/{block}/0"):
        (store / name).write_bytes(content)
    assert set(verified(plan, store)) == {block}
    assert set(repaired(plan, store)) == {block}
    (store / f"status/c/{block}/0").write_bytes(content)
    same(sweep(device, AXES, block=BLOCK, store=store, resume=True), whole)
    assert verified(plan, store) == {}


@pytest.mark.parametrize("name", ["temperature", "heat", "residual", "photon_route"])
def test_a_committed_block_misses_a_chunk_of_any_array(
    device: Device, whole: xr.Dataset, tmp_path: Path, name: str
) -> None:
    store = tmp_path / "map.zarr"
    sweep(device, AXES, block=BLOCK, store=store)
    shutil.rmtree(store / name / "c")
    plan = planned(device, AXES, DEFAULT_OUTPUTS, BLOCK)
    assert verified(plan, store) == dict.fromkeys(range(BLOCKS), f"{name}: its values are missing")
    repaired(plan, store)
    same(sweep(device, AXES, block=BLOCK, store=store, resume=True), whole)


def test_blocks_without_any_state_are_whole(device: Device, tmp_path: Path) -> None:
    store, axes = tmp_path / "map.zarr", {"islands.left.power": ["1 uW", "0.9 uW"]}
    assert sweep(device, axes, block=1, store=store).status.values.tolist() == [2, 2]
    assert verified(planned(device, axes, DEFAULT_OUTPUTS, 1), store) == {}


def test_a_failed_point_keeps_its_reason_and_stops_nothing(device: Device, tmp_path: Path) -> None:
    axes = {**AXES, "islands.left.power": ["10 fW", "1 uW", "20 fW"]}
    found = sweep(device, axes, store=tmp_path / "map.zarr", block=BLOCK)
    assert found.status[0].values.tolist() == [0, 2, 0]
    assert np.isnan(found.temperature.sel(island="left")[0]).values.tolist() == [False, True, False]


def test_blocks_of_any_size_give_the_same_numbers(device: Device, whole: xr.Dataset) -> None:
    other = sweep(device, AXES, block=100)
    # Compiled for another number of points, fused arithmetic may differ in the last bits.
    np.testing.assert_allclose(other.temperature, whole.temperature, rtol=1e-13)


SCRIPT = """
import sys
from subkelvin import preset, sweep
from subkelvin.sweeps import Linear, Logarithmic
axes = {"islands.right.temperature": Linear("60 mK", "450 mK", 300), "islands.left.power": Logarithmic("10 fW", "50 fW", 3)}
sweep(preset("silver-setup-1"), axes, store=sys.argv[1], block=6, resume=True)
"""


class Killed(NamedTuple):
    committed: int
    ended: bool


def killed(store: Path, after: int) -> Killed:
    """How many blocks a process had committed that was killed in the middle, by the signal that nothing can catch."""
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, str(store)])
    chunks = store / "status" / "c"
    while process.poll() is None and (not chunks.exists() or sum(1 for _ in chunks.iterdir()) < after):
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    code = process.wait()
    return Killed(sum(1 for _ in chunks.iterdir()), code == 0)


def large() -> dict[str, Linear | Logarithmic]:
    return {
        "islands.right.temperature": Linear("60 mK", "450 mK", 300),
        "islands.left.power": Logarithmic("10 fW", "50 fW", 3),
    }


def committed(device: Device, store: Path) -> dict[str, int]:
    """When every committed block was written."""
    plan = planned(device, large(), DEFAULT_OUTPUTS, 6)
    missing = set(Store(store, Computation.of(plan), "r").missing())
    chunks = {number: store / "status" / "c" / str(number) / "0" for number in range(plan.number_of_blocks)}
    return {str(chunk): chunk.stat().st_mtime_ns for number, chunk in chunks.items() if number not in missing}


def test_a_killed_process_costs_only_its_block(device: Device, tmp_path: Path) -> None:
    store = tmp_path / "map.zarr"
    assert not killed(store, 5).ended
    before = committed(device, store)
    assert before
    found = sweep(device, large(), block=6, store=store, resume=True)
    after = committed(device, store)
    assert len(after) == 150
    assert all(after[chunk] == moment for chunk, moment in before.items())
    same(found, sweep(device, large(), block=6))
    assert sorted(one.name for one in tmp_path.iterdir()) == ["map.zarr"]


@pytest.mark.slow
def test_twenty_kills_at_random_moments_change_no_bit(device: Device, tmp_path: Path) -> None:
    store, random = tmp_path / "map.zarr", np.random.default_rng(0)
    kept: dict[str, int] = {}
    done = 0
    for _ in range(20):
        done = killed(store, done + int(random.integers(1, 8))).committed
        now = committed(device, store)
        assert all(now[chunk] == moment for chunk, moment in kept.items())
        kept = now
    same(sweep(device, large(), block=6, store=store, resume=True), sweep(device, large(), block=6))


def test_lost_numbers_along_an_axis_are_missed(tmp_path: Path) -> None:
    path = tmp_path / "map.zarr"
    sweep(preset("silver-setup-1"), {"islands.right.temperature": [0.1, 0.2]}, store=path)
    for name in ("islands.right.temperature", "island"):
        chunk = path / name / "c" / "0"
        kept = chunk.read_bytes()
        chunk.unlink()
        with pytest.raises(DeviceError, match=rf"the values of {re.escape(name)} are missing"):
            open_sweep(path)
        chunk.write_bytes(kept)
    assert open_sweep(path).sizes["islands.right.temperature"] == 2


def test_a_csv_file_has_every_key_and_words_for_flags(tmp_path: Path) -> None:
    file, ends = tmp_path / "map.csv", ("islands.right.temperature", "islands.bath.temperature")
    sweep(preset("silver-setup-1"), {ends: ["0.1 K", "0.2 K"]}, outputs=["temperature(left)"], store=file)
    with open(file, encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    assert [[float(row[f"{key} [K]"]) for key in ends] for row in rows] == [[0.1, 0.1], [0.2, 0.2]]
    assert {(row["status"], row["photon_route"]) for row in rows} == {("converged", "one-pole")}
