"""`subkelvin sweep` and `subkelvin failures`: what is typed, what is told, and what bad input gets."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from subkelvin import preset, sweep
from subkelvin.cli import tables
from subkelvin.cli.axes import axes_from
from subkelvin.cli.entry import answer_to
from subkelvin.cli.exit_codes import GOOD, INTERRUPTED, NO_ANSWER, USER_MISTAKE
from subkelvin.model import DeviceError
from subkelvin.progress import Progress
from subkelvin.sweeps import Linear, Logarithmic, Random, Zipped
from subkelvin.sweeps.lock import only_writer

POWER, RIGHT = "islands.left.power", "islands.right.temperature"
AXES = ("--vary", f"{POWER}=10 fW:50 fW:3:log", "--vary", f"{RIGHT}=60 mK:450 mK:9")
BLOCK = ("--block", "6")


@pytest.fixture(autouse=True)
def own_console() -> Iterator[None]:
    """A console keeps the stream that it was made with."""
    tables.console.cache_clear()
    yield
    tables.console.cache_clear()


def test_axes_are_typed_as_ranges_lists_ties_zips_and_random_designs() -> None:
    found = axes_from(
        [f"{POWER}=1 fW:100 fW:50:log", f"{RIGHT}=50 mK, 100 mK", "a,b=1:2:3"], ["c=1,2; d=3:4:2"], None, "sobol", 0
    )
    assert found == {
        POWER: Logarithmic("1 fW", "100 fW", 50),
        RIGHT: ["50 mK", "100 mK"],
        ("a", "b"): Linear("1", "2", 3),
        "c": Zipped({"c": ["1", "2"], "d": Linear("3", "4", 2)}),
    }
    found = axes_from([f"{POWER}=1 fW:100 fW:log", f"{RIGHT}=50 mK:80 mK", "c=1,2"], [], 64, "latin-hypercube", 3)
    ranges: dict[str, Linear | Logarithmic | tuple[float | str, float | str]]
    ranges = {
        POWER: Logarithmic("1 fW", "100 fW"),
        RIGHT: Linear("50 mK", "80 mK"),
    }
    assert found == {"c": ["1", "2"], "sample": Random(64, ranges, "latin-hypercube", 3)}


@pytest.mark.parametrize(
    ("varied", "zipped", "random"),
    [
        ([], [], None),
        (["a"], [], None),
        (["a="], [], None),
        (["=1:2:3"], [], None),
        (["a=1:2"], [], None),
        (["a=1:2:x"], [], None),
        (["a=1:2:-3"], [], None),
        (["a=1:2:3:lin"], [], None),
        (["a=1:2:3:4:log"], [], None),
        (["a=1:2:3", "a=1:2:3"], [], None),
        (["a=1:2:3"], [], 4),
        (["a,b=1:2"], [], 4),
        ([], ["a=1,2; b"], None),
        ([], ["a,b=1,2; c=1,2"], None),
    ],
)
def test_what_is_no_axis_gets_a_sentence(varied: list[str], zipped: list[str], random: int | None) -> None:
    with pytest.raises(DeviceError, match=r"`--(vary|zip|random)`"):
        axes_from(varied, zipped, random, "sobol", 0)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("maps") / "map.zarr"
    assert answer_to(["sweep", "silver-setup-1", *AXES, *BLOCK, "--out", str(path)]) == GOOD
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {str(one): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}


def test_the_command_stores_what_python_computes(store: Path) -> None:
    axes = {POWER: Logarithmic("10 fW", "50 fW", 3), RIGHT: Linear("60 mK", "450 mK", 9)}
    expected = sweep(preset("silver-setup-1"), axes, block=6)
    with xr.open_zarr(store, chunks=None, consolidated=False) as found:
        np.testing.assert_array_equal(found.temperature, expected.temperature)
        assert found.attrs["plan_sha256"] == expected.attrs["plan_sha256"]


def test_a_file_is_netcdf_or_csv(tmp_path: Path) -> None:
    for name in ("map.nc", "map.csv"):
        assert answer_to(["sweep", "silver-setup-1", *AXES, *BLOCK, "--out", str(tmp_path / name)]) == GOOD
    with xr.open_dataset(tmp_path / "map.nc", engine="h5netcdf") as found:
        lines = (tmp_path / "map.csv").read_text().splitlines()
        heads, rows = lines[0].split(","), np.genfromtxt(lines[1:], delimiter=",", usecols=(0, 1, 2))
        assert heads[:3] == [f"{POWER} [W]", f"{RIGHT} [K]", "temperature(left) [K]"]
        np.testing.assert_array_equal(rows[:, 2].reshape(3, 9), found.temperature.sel(island="left"))
        np.testing.assert_array_equal(rows[:9, 1], found[RIGHT])
        assert lines[1].endswith(",converged")


def test_a_plan_tells_points_blocks_bytes_memory_and_time_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert answer_to(["sweep", "silver-setup-1", *AXES, *BLOCK, "--out", "map.zarr", "--plan"]) == GOOD
    told = capsys.readouterr().out
    for word in ("points: 27 in 5 blocks of 3 × 2", "bytes: 122 a point", "memory", "time", "plan: "):
        assert word in told
    assert not list(tmp_path.iterdir())


def test_a_store_is_resumed_and_verified(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["sweep", "silver-setup-1", *AXES, *BLOCK, "--out", str(store)]
    before = contents(store)
    assert answer_to([*command, "--resume"]) == GOOD
    assert answer_to([*command, "--verify"]) == GOOD
    assert "0 of 5 blocks are damaged" in capsys.readouterr().out
    (chunk,) = store.glob("temperature/c/0/0/3")
    data = bytearray(chunk.read_bytes())
    data[20] ^= 1
    chunk.write_bytes(data)
    assert answer_to([*command, "--verify"]) == NO_ANSWER
    assert answer_to([*command, "--verify", "--resume"]) == GOOD
    assert contents(store) == before


def test_failures_are_counted_and_listed_with_their_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "map.zarr"
    axes = ("--vary", f"{POWER}=10 fW,1 uW,20 fW", "--vary", f"{RIGHT}=60 mK:450 mK:9")
    assert answer_to(["sweep", "silver-setup-1", *axes, *BLOCK, "--out", str(out)]) == GOOD
    assert "9 above-critical-temperature" in capsys.readouterr().out
    assert answer_to(["failures", str(out), "--most", "2"]) == GOOD
    told = capsys.readouterr().out
    assert "converged: 18" in told
    assert "would pass the critical temperature" in told
    assert told.count("1 uW") == 2
    none = ("--vary", f"{POWER}=1 uW,0.9 uW,0.8 uW", "--vary", f"{RIGHT}=60 mK:450 mK:9")
    assert answer_to(["sweep", "silver-setup-1", *none, *BLOCK, "--out", str(tmp_path / "no.zarr")]) == NO_ANSWER


def test_an_interrupt_keeps_what_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    step = Progress.step

    def interrupted(self: Progress, fraction: float, doing: str = "") -> None:
        step(self, fraction, doing)
        if 0.4 < fraction < 0.7:
            raise KeyboardInterrupt

    monkeypatch.setattr(Progress, "step", interrupted)
    command = ["sweep", "silver-setup-1", *AXES, *BLOCK, "--out", str(tmp_path / "map.zarr")]
    assert answer_to(command) == INTERRUPTED
    monkeypatch.undo()
    assert answer_to([*command, "--resume"]) == GOOD


BAD = {
    "unknown key": (["--vary", "islands.left.powr=1 fW:2 fW:3"], "did you mean `islands.left.power`"),
    "unknown output": ([*AXES, "--outputs", "temperatur"], "did you mean `temperature`"),
    "empty range": (["--vary", f"{POWER}="], "--vary"),
    "no points": (["--vary", f"{POWER}=1 fW:2 fW:0"], "points"),
    "descending range": (["--vary", f"{POWER}=2 fW:1 fW:3"], "must rise"),
    "NaN": (["--vary", f"{RIGHT}=nan K,0.1 K"], "finite"),
    "held and heated": (["--vary", f"{POWER}=1 fW:2 fW:3", "--vary", "islands.left.temperature=0.1 K:0.2 K:3"], "floats"),
    "one key twice": (["--vary", f"{POWER}=1 fW:2 fW:3", "--zip", f"{POWER}=1 fW,2 fW; {RIGHT}=0.1 K,0.2 K"], "twice"),
    "wrong ending": ([*AXES, "--out", "map.zip"], "must end in"),
    "resume of a file": ([*AXES, "--out", "map.nc", "--resume"], "a .zarr store"),
    "no folder": ([*AXES, "--out", "missing/map.zarr"], "cannot be written"),
    "no folder of a file": ([*AXES, "--out", "missing/map.nc"], "no such folder"),
    "something there": ([*AXES, "--out", "there.zarr"], "already"),
    "no store": ([*AXES, "--out", "there.zarr", "--resume"], "is no store of a sweep"),
    "too many points": (["--vary", f"{RIGHT}=60 mK:450 mK:90000", "--vary", f"{POWER}=1 fW:2 fW:9000000"], "has room for"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_one_sentence_and_changes_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments, told = BAD[name]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.zarr").mkdir()
    (tmp_path / "there.zarr" / "notes.txt").write_text("mine")
    before = contents(tmp_path)
    out = [] if any("--out" in one for one in arguments) else ["--out", "new.zarr"]
    assert answer_to(["sweep", "silver-setup-1", *arguments, *out]) == USER_MISTAKE
    said = capsys.readouterr()
    assert told in said.err
    assert len(said.err.splitlines()) == 1
    assert not said.out
    assert contents(tmp_path) == before
    assert [one.name for one in tmp_path.iterdir()] == ["there.zarr"]


def test_another_plan_and_a_second_writer_leave_the_store_as_it_was(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(store)
    other = ["sweep", "silver-setup-1", *AXES, "--block", "9", "--out", str(store), "--resume"]
    assert answer_to(other) == USER_MISTAKE
    assert "block.1 is 3 here, 2 there" in capsys.readouterr().err
    with only_writer(store):
        same = ["sweep", "silver-setup-1", *AXES, *BLOCK, "--out", str(store), "--resume"]
        assert answer_to(same) == USER_MISTAKE
    assert "is being written by process" in capsys.readouterr().err
    assert contents(store) == before


def test_a_repair_leaves_the_store_of_another_writer_as_it_was(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = shutil.copytree(store, tmp_path / "map.zarr")
    (mine / "heat/c/0/0/3").write_bytes(b"")
    before = contents(mine)
    with only_writer(mine):
        command = ["sweep", "silver-setup-1", *AXES, *BLOCK, "--out", str(mine), "--verify", "--resume"]
        assert answer_to(command) == USER_MISTAKE
    assert "is being written by process" in capsys.readouterr().err
    assert contents(mine) == before


DAMAGE: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "a status": ("failures", lambda store: (store / "status/c/0/0").write_bytes(b""), "cannot be read or written"),
    "a checksum": ("failures", lambda store: flip(store / "status/c/0/0"), "cannot be read or written"),
    "no array": ("failures", lambda store: (store / "heat/zarr.json").unlink(), "heat"),
    "no array to go on with": ("sweep", lambda store: (store / "heat/zarr.json").unlink(), "heat"),
    "a list as plan": ("failures", lambda store: attribute(store, subkelvin_plan="[]"), "is no store of a sweep"),
    "a number as plan": ("failures", lambda store: attribute(store, subkelvin_plan="1"), "is no store of a sweep"),
    "a plan without outputs": ("failures", lambda store: attribute(store, subkelvin_plan="{}"), "no store of a sweep"),
    "axes": ("failures", lambda store: attribute(store, swept=None), "'swept' is missing"),
    "other axes": ("failures", lambda store: attribute(store, swept='["x"]'), "'swept' does not name its axes"),
    "no axes": ("failures", lambda store: attribute(store, swept="3"), "'swept' does not name its axes"),
}  # fmt: skip


def flip(chunk: Path) -> None:
    data = bytearray(chunk.read_bytes())
    data[-1] ^= 1
    chunk.write_bytes(data)


def attribute(store: Path, **changes: str | None) -> None:
    root = json.loads((store / "zarr.json").read_text())
    root["attributes"] |= changes
    root["attributes"] = {name: value for name, value in root["attributes"].items() if value is not None}
    (store / "zarr.json").write_text(json.dumps(root))


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_store_gets_one_sentence(
    store: Path, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command, spoil, told = DAMAGE[name]
    mine = shutil.copytree(store, tmp_path / "map.zarr")
    spoil(mine)
    resume = ["sweep", "silver-setup-1", *AXES, *BLOCK, "--resume", "--out", str(mine)]
    assert answer_to(["failures", str(mine)] if command == "failures" else resume) == USER_MISTAKE
    said = capsys.readouterr()
    assert told in said.err
    assert len(said.err.splitlines()) == 1
    assert not said.out


def test_failures_of_what_is_no_sweep_get_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    xr.Dataset({"x": ("y", [1.0])}).to_netcdf(tmp_path / "other.nc", engine="h5netcdf")
    (tmp_path / "text.nc").write_text("no netCDF")
    for name in ("other.nc", "text.nc", "missing.nc", "missing.zarr"):
        assert answer_to(["failures", str(tmp_path / name)]) == USER_MISTAKE
        assert len(capsys.readouterr().err.splitlines()) == 1
    shutil.rmtree(tmp_path, ignore_errors=True)


def test_a_plan_tells_of_a_file_that_it_is_held_whole(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for file, words in (("map.nc", "as a .nc file is written whole"), ("map.zarr", "whatever the number of points")):
        assert answer_to(["sweep", "silver-setup-1", *AXES, *BLOCK, "--out", file, "--plan"]) == GOOD
        assert words in capsys.readouterr().out
    for other in ("--verify", "--resume"):
        assert answer_to(["sweep", "silver-setup-1", *AXES, "--out", "map.zarr", "--plan", other]) == 2
        assert "leave out one of them" in capsys.readouterr().err
    assert answer_to(["sweep", "silver-setup-1", *AXES, "--out", "M.ZARR"]) == 2
    told = capsys.readouterr().err
    assert "'M.ZARR'" in told
    assert "PosixPath" not in told
