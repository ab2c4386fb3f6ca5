"""From arguments to an exit code: a user's mistake becomes one sentence, never a traceback."""

import io
import os
import signal
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, NoReturn

import typer

from subkelvin.cli import maps as maps  # its commands
from subkelvin.cli.commands import app
from subkelvin.cli.exit_codes import GOOD, INTERRUPTED, NO_ANSWER, USER_MISTAKE
from subkelvin.model.errors import ArgumentError, DeviceError
from subkelvin.model.printable import printable
from subkelvin.numerics.precision import PrecisionError

GARBAGE_COLLECTION = "_xla_gc_callback"
"""JAX's part in Python's garbage collection."""
A_LITTLE_LATER = 0.01
"""Seconds."""


def answer_to(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; a user's mistake is one sentence on stderr."""
    try:
        command: Callable[..., Any] = typer.main.get_command(app).main
        code = command(
            args=None if arguments is None else list(arguments), prog_name="subkelvin", standalone_mode=False
        )
        sys.stdout.flush()
        return code if isinstance(code, int) else GOOD
    except (DeviceError, ArgumentError, PrecisionError) as error:
        return mistake(str(error))
    except BrokenPipeError:
        # The reader of the output has closed it.
        forget_output()
        return NO_ANSWER
    except OSError as error:
        forget_output()
        what = "the answer" if error.filename is None else f"the file {error.filename!r}"
        mistake(f"{what} cannot be read or written: {error.strerror or error}; try another place.")
        return NO_ANSWER
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except Exception as error:
        if (platforms := os.environ.get("JAX_PLATFORMS")) and not jax_has_a_device():
            return mistake(f"JAX_PLATFORMS is {platforms!r}, but JAX cannot compute there; unset it, or try cpu.")
        # Typer has its own copy of click, whose errors have no public base class; what they share is this method.
        if not hasattr(error, "format_message"):
            raise
        return mistake(f"{error.format_message().rstrip('.')}; try subkelvin --help.")


def mistake(sentence: str) -> int:
    """Tell a user's mistake in one line."""
    print(printable(" ".join(sentence.split())), file=sys.stderr)
    return USER_MISTAKE


def jax_has_a_device() -> bool:
    """Whether JAX can compute anywhere; where it cannot, what it raises depends on the version."""
    import jax

    try:
        return bool(jax.devices())
    except Exception:
        return False


def forget_output() -> None:
    """Let what was not written go nowhere: Python would try again, and complain, when it flushes stdout at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main() -> NoReturn:
    """The `subkelvin` command."""
    open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show Γ shows a question mark rather than a traceback.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    # Asked to stop, by whatever means, a command removes what it has half written. Asked again, it stops at once.
    signal.signal(signal.SIGTERM, stop)
    # Pictures go to files: which windows the user's notebooks open does not matter here, even if there are none.
    os.environ["MPLBACKEND"] = "agg"
    sys.exit(answer_to())


def stop(number: int, frame: FrameType | None) -> None:
    """Take a request to terminate for an interrupt."""
    signal.signal(number, signal.SIG_DFL)
    interrupt(number, frame)


def interrupt(_: int, frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt, a little later if Python is collecting garbage: what is raised in JAX's share of that is lost."""
    while frame is not None:
        if frame.f_code.co_name == GARBAGE_COLLECTION:
            signal.signal(signal.SIGALRM, interrupt)
            signal.setitimer(signal.ITIMER_REAL, A_LITTLE_LATER)
            return
        frame = frame.f_back
    raise KeyboardInterrupt


def open_closed_streams() -> None:
    """Let a closed stdout refuse what is written to it, and a closed stderr forget it.

    Otherwise the next file that is opened would take the place of the closed stream, and its number.
    """
    if sys.stdout is None:
        sys.stdout = os.fdopen(_at(1, os.O_RDONLY), "w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = os.fdopen(_at(2, os.O_WRONLY), "w", encoding="utf-8")


def _at(number: int, flags: int) -> int:
    """Open nothing under the number of a stream."""
    opened = os.open(os.devnull, flags)
    if opened != number:
        os.dup2(opened, number)
        os.close(opened)
    return number
