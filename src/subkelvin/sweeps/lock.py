"""One writer of a store: a lock that the operating system holds, so that no crash leaves it behind.

The lock is on a file beside the store. Who holds it stands inside, for the sentence that others get.
"""

import contextlib
import os
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


@contextlib.contextmanager
def only_writer(store: Path) -> Iterator[None]:
    """Hold the lock of a store.

    Raises:
        DeviceError: if another process holds it, or the folder cannot be written.
    """
    path = store.with_name(f"{store.name}.lock")
    lock = _taken(store, path)
    try:
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"process {os.getpid()} on {socket.gethostname()}".encode(), 0)
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
            lock = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise DeviceError(
                "", f"the store {str(store)!r:.200} cannot be written: {reason}", "name another place"
            ) from None
        if not _lock(lock):
            holder = os.pread(lock, LONGEST_NAME, 0).decode(errors="replace")
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
