"""Reading a file that a user names: all of it or a sentence, at most so many bytes, and without waiting for anybody."""

import os
import stat
from pathlib import Path

from subkelvin.model.errors import DeviceError

BYTE_ORDER_MARK = "\ufeff"
"""What some editors write before the first letter of a text; it is no part of the text."""
WAITING_KINDS = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
"""Things with a file's name from which reading waits until somebody writes, perhaps for ever."""


def read_file(path: str | Path, largest: int, advice: str) -> bytes:
    """The content of a file.

    Args:
        path: of the file.
        largest: bytes that it may have.
        advice: what to do about one that has more.

    Raises:
        DeviceError: if it does not exist, is a directory, a pipe or a socket, cannot be read, or has more bytes.
    """
    if not isinstance(path, str | os.PathLike):
        raise DeviceError("", f"a file is named by a text or a Path, not by {path!r:.60}", 'try "my-device.toml"')
    name = f"{str(path)!r:.200}"
    try:
        # Opening a pipe would wait until somebody writes into it, unless asked not to wait.
        with open(path, "rb", opener=lambda file, flags: os.open(file, flags | getattr(os, "O_NONBLOCK", 0))) as file:
            waiting = WAITING_KINDS.get(stat.S_IFMT(os.fstat(file.fileno()).st_mode))
            if waiting is not None:
                raise DeviceError("", f"{name} is {waiting}, not a file", "save what it holds as a file first")
            content = file.read(largest + 1)
    except DeviceError:
        raise
    except FileNotFoundError:
        raise DeviceError("", f"there is no file {name}", "check the path, or list the presets") from None
    except IsADirectoryError:
        raise DeviceError(
            "", f"{name} is a directory and cannot be read as a file", "name a file that is in it"
        ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "the path cannot be used"
        raise DeviceError("", f"the file {name} cannot be read: {reason}", "check its path and permissions") from None
    if content is None:
        raise DeviceError("", f"the file {name} cannot be read: it holds nothing yet", "save it as a file first")
    if len(content) > largest:
        raise DeviceError("", f"the file {name} has more than {largest:,} bytes", advice)
    return content


def without_byte_order_mark(text: str) -> str:
    """The text behind a byte-order mark, or all of it."""
    return text.removeprefix(BYTE_ORDER_MARK)
