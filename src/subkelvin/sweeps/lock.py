"""One writer of a store: a lock that the operating system holds, so that no crash leaves it behind.

The lock is on a file beside the store. Who holds it stands inside, for the sentence that others get.
"""

import contextlib
import os
import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from subkelvin.model import DeviceError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LONGEST_NAME = 200
"""Letters of what stands in a lock."""
OURS = re.compile(r"(process \d+ on .*)?")
"""What stands in a lock, even in one that a killed process has left; empty if it was killed at once."""

FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
"""Of the file: made if need be, not inherited, and where it is a link, what that points to is left alone."""


@contextlib.contextmanager
def only_writer(store: Path) -> Iterator[None]:
    """Hold the lock of a store.

    Raises:
        DeviceError: if another process holds it, the file of its name is somebody's own, or the folder cannot be written.
    """
    path = store.with_name(f"{store.name}.lock")
    lock = _taken(store, path)
    try:
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"process {os.getpid()} on {socket.gethostname()}"[:LONGEST_NAME].encode(), 0)
        yield
    finally:
        # Removed while it is held: who waits for it finds that it is no longer the file of that name.
        with contextlib.suppress(OSError):
            path.unlink()
        os.close(lock)


def _taken(store: Path, path: Path) -> int:
    """The locked file."""
    while True:
        try:
            lock = os.open(path, FLAGS, 0o666)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise DeviceError(
                "", f"the store {str(store)!r:.200} cannot be written: {reason}", "name another place"
            ) from None
        alone = _lock(lock)
        # One letter more than ours ever has.
        holder = os.pread(lock, LONGEST_NAME + 1, 0).decode(errors="replace")
        if len(holder) > LONGEST_NAME or not OURS.fullmatch(holder):
            os.close(lock)
            raise DeviceError(
                "",
                f"{str(path)!r:.200}, the lock of the store, is a file of another kind",
                "move it, or name another store",
            )
        if not alone:
            os.close(lock)
            problem = f"the store {str(store)!r:.200} is being written by {holder or 'another process'}"
            raise DeviceError("", problem, "wait for it, or name another store")
        with contextlib.suppress(OSError):
            if os.path.samestat(os.fstat(lock), os.stat(path)):
                return lock
        # Its last holder has removed it meanwhile.
        os.close(lock)


def _lock(file: int) -> bool:
    """Whether a file could be locked."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
