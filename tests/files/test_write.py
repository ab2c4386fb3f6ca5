"""A file is written whole, or what was there before is there still."""

import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from subkelvin.files import all_or_nothing, write_new, write_whole
from subkelvin.model import DeviceError
from subkelvin.plots.circuit.schematic import save_drawing

OLD = "what was there before"


@contextmanager
def full_disk(room: int = 1000) -> Iterator[None]:
    """No file may have more than so many bytes: writing more fails, as on a disk without room."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def write_two_files(folder: Path) -> None:
    """A small file, and one that does not find room."""
    with all_or_nothing(folder) as workshop:
        (workshop / "first.txt").write_text("small")
        (workshop / "second.txt").write_text("x" * 2000)


def work_in(folder: Path, ready: Connection) -> None:
    """A process that has begun to write, and goes on for ever."""
    with all_or_nothing(folder) as workshop:
        (workshop / "half.txt").write_text("half")
        ready.send(workshop.name)
        time.sleep(600.0)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[tuple[multiprocessing.process.BaseProcess, str]]:
    """A process in the middle of writing into ``tmp_path``, and the name of its unfinished folder."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    process = context.Process(target=work_in, args=(tmp_path, theirs))
    process.start()
    assert mine.poll(60.0)
    yield process, mine.recv()
    process.kill()
    process.join()


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(OLD)
    write_whole(file, lambda finished: finished.write_text("new"))
    assert file.read_text() == "new"
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("ending", ["pdf", "png", "svg"])
def test_a_full_disk_leaves_the_old_picture(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"circuit.{ending}"
    file.write_text(OLD)
    axes = Figure().subplots()
    with (
        full_disk(),
        pytest.raises(DeviceError, match=r"circuit\.\w+' cannot be written: File too large; name another place"),
    ):
        save_drawing(axes, file)
    assert file.read_text() == OLD
    assert names(tmp_path) == [file.name]


def test_an_interrupt_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(OLD)

    def interrupted(finished: Path) -> None:
        finished.write_text("ne")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(file, interrupted)
    assert file.read_text() == OLD
    assert names(tmp_path) == ["a.txt"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_text(OLD)
    link.symlink_to(real)
    write_whole(link, lambda finished: finished.write_text("new"))
    assert link.is_symlink()
    assert real.read_text() == "new"


@pytest.mark.parametrize("name", ["", ".", "no/such/folder.txt", "a\0b", "x" * 300, "\ud800"])
def test_what_cannot_be_written_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(DeviceError, match="cannot be written"):
        write_whole(tmp_path / name, lambda finished: finished.write_text("new"))
    with pytest.raises(DeviceError, match=r"cannot be written|exists already"):
        write_new(tmp_path / name, "new")
    assert names(tmp_path) == []


def test_a_new_file_never_replaces_one(tmp_path: Path) -> None:
    file, dangling = tmp_path / "a.toml", tmp_path / "b.toml"
    write_new(file, "first")
    dangling.symlink_to(tmp_path / "nowhere")
    for taken in (file, dangling):
        with pytest.raises(DeviceError, match="exists already"):
            write_new(taken, "second")
    assert file.read_text() == "first"
    assert names(tmp_path) == ["a.toml", "b.toml"]


def test_a_full_disk_leaves_nothing_of_a_new_file(tmp_path: Path) -> None:
    with full_disk(), pytest.raises(DeviceError, match="File too large"):
        write_new(tmp_path / "a.toml", "x" * 2000)
    with full_disk(), pytest.raises(DeviceError, match="must be a folder that can be written"):
        write_two_files(tmp_path)
    assert names(tmp_path) == []


def test_the_folder_of_a_killed_process_is_swept(
    tmp_path: Path, writer: tuple[multiprocessing.process.BaseProcess, str]
) -> None:
    process, left = writer
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    (tmp_path / ".unfinished-letters").mkdir()
    assert left in names(tmp_path)
    write_whole(tmp_path / "a.txt", lambda finished: finished.write_text("new"))
    # What has our prefix but not our kind of name is somebody else's.
    assert names(tmp_path) == [".unfinished-letters", "a.txt"]


def test_the_folder_of_a_living_process_is_left_alone(
    tmp_path: Path, writer: tuple[multiprocessing.process.BaseProcess, str]
) -> None:
    _, working = writer
    write_whole(tmp_path / "a.txt", lambda finished: finished.write_text("new"))
    assert (tmp_path / working / "half.txt").read_text() == "half"
