"""Writing files so that nobody ever finds half of one: everything, or what was there before.

A file is made in a folder of its own inside the folder where it will stand, brought to the disk, and moved, which on one disk
is a renaming and happens at once. A full disk, an interrupt or a crash leaves the old file as it was. The folder is locked while
it is in use; one that a killed process left behind is not, and the next process that writes beside it removes it.
"""

import contextlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from subkelvin.model.errors import DeviceError

if sys.platform != "win32":
    import fcntl

PREFIX = ".unfinished-"
UNFINISHED = re.compile(re.escape(PREFIX) + "[a-z0-9_]{8}")
"""The names that `tempfile` gives to folders with our prefix."""


def write_whole(file: str | Path, write: Callable[[Path], object]) -> None:
    """Write a file, or replace it; if that fails, what was there before is there still.

    Args:
        file: to write. A link is followed: what it leads to is replaced.
        write: writes the content into the file that it is given, which has the same name.

    Raises:
        DeviceError: if it cannot be written.
    """
    with _told(file):
        target = _usable(file).resolve()
        # A device or a pipe would be replaced by a file: root would lose /dev/null.
        if target.exists() and not target.is_file():
            raise OSError(0, "it is no regular file")
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(0, "it is protected against writing")
        with _workshop(target.parent) as workshop:
            finished = workshop / target.name
            write(finished)
            _bring_to_disk(finished)
            finished.replace(target)
            _bring_names_to_disk(target.parent)


def write_new(file: str | Path, text: str) -> None:
    """Write a text into a file that must not exist: all of it or nothing.

    Raises:
        DeviceError: if it exists or cannot be written.
    """
    with _told(file):
        target = _usable(file)
        if os.path.lexists(target):
            raise DeviceError("", f"the file {str(file)!r} exists already", "name another file")
        with _workshop(target.parent) as workshop:
            finished = workshop / target.name
            finished.write_text(text, encoding="utf-8")
            _bring_to_disk(finished)
            try:
                # Fails if somebody made a file of that name meanwhile, which a renaming would replace.
                os.link(finished, target)
            except FileExistsError:
                raise DeviceError("", f"the file {str(file)!r} exists already", "name another file") from None
            except OSError:
                # A disk without hard links.
                finished.replace(target)
            _bring_names_to_disk(target.parent)


@contextlib.contextmanager
def all_or_nothing(out: Path) -> Iterator[Path]:
    """A temporary folder beside ``out``; what is in it when the context ends well is moved to ``out``, file by file.

    Raises:
        DeviceError: if ``out`` cannot be made or written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        with _workshop(out) as workshop:
            yield workshop
            files = sorted(workshop.iterdir())
            for file in files:
                _bring_to_disk(file)
            for file in files:
                file.replace(out / file.name)
            _bring_names_to_disk(out)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DeviceError(
            "--out", f"must be a folder that can be written, but {str(out)!r} is not: {reason}", "try --out figures"
        ) from error


def _usable(file: str | Path) -> Path:
    """A path that the operating system can be asked about.

    Raises:
        OSError: if it holds what no path can.
    """
    try:
        usable = b"\0" not in os.fsencode(file)
    except UnicodeEncodeError:
        usable = False
    if not usable:
        raise OSError(0, "the path cannot be used")
    return Path(file)


@contextlib.contextmanager
def _told(file: str | Path) -> Iterator[None]:
    """What the operating system says about writing a file, as a sentence."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise DeviceError(
            "", f"the file {str(file)!r:.200} cannot be written: {reason}", "name another place"
        ) from None


@contextlib.contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """A locked folder of our own inside ``folder``, removed at the end; those of killed processes are removed too."""
    _sweep(folder)
    while True:
        # Inside `folder`, so that moving is renaming.
        workshop = Path(tempfile.mkdtemp(prefix=PREFIX, dir=folder))
        lock = _lock(workshop, wait=True)
        if workshop.exists():
            break
        # Another process took it for an abandoned one, before it was locked.
        _unlock(lock)
    try:
        yield workshop
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
        _unlock(lock)


def _sweep(folder: Path) -> None:
    """Remove the unfinished folders of processes that are no more."""
    for left in folder.glob(f"{PREFIX}*"):
        if UNFINISHED.fullmatch(left.name) and left.is_dir() and not left.is_symlink():
            lock = _lock(left, wait=False)
            if lock is not None:
                shutil.rmtree(left, ignore_errors=True)
                _unlock(lock)


def _lock(folder: Path, wait: bool) -> int | None:
    """Lock a folder, until it is unlocked or this process ends; None if another holds it, or if folders cannot be locked here."""
    if sys.platform == "win32":
        return None
    try:
        lock = os.open(folder, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock


def _unlock(lock: int | None) -> None:
    if lock is not None:
        os.close(lock)


def _bring_to_disk(file: Path) -> None:
    """Let the disk have what was written to a file, before anything else happens.

    Raises:
        OSError: if the disk did not take it.
    """
    with open(file, "rb+") as opened:
        os.fsync(opened.fileno())


def _bring_names_to_disk(folder: Path) -> None:
    """Let the disk have the names in a folder, where that is possible: the files are in their place already."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
