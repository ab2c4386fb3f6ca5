"""From arguments to an exit code: a user's mistake becomes one sentence, never a traceback."""

import io
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import typer

from subkelvin.cli.commands import app
from subkelvin.cli.exit_codes import GOOD, INTERRUPTED, NO_ANSWER, USER_MISTAKE
from subkelvin.cli.places import keep_compiled_code
from subkelvin.model.errors import DeviceError


def answer_to(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; a user's mistake is one sentence on stderr."""
    try:
        keep_compiled_code()
        command: Callable[..., Any] = typer.main.get_command(app).main
        code = command(
            args=None if arguments is None else list(arguments), prog_name="subkelvin", standalone_mode=False
        )
        sys.stdout.flush()
        return code if isinstance(code, int) else GOOD
    except DeviceError as error:
        return mistake(str(error))
    except BrokenPipeError:
        # The reader of the output has closed it. Python would complain again when it flushes stdout at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NO_ANSWER
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except Exception as error:
        # Typer has its own copy of click, whose errors have no public base class; what they share is this method.
        if not hasattr(error, "format_message"):
            raise
        return mistake(f"{error.format_message().rstrip('.')}; try subkelvin --help.")


def mistake(sentence: str) -> int:
    """Tell a user's mistake in one line."""
    print(" ".join(sentence.split()), file=sys.stderr)
    return USER_MISTAKE


def main() -> NoReturn:
    """The `subkelvin` command."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show Γ shows a question mark rather than a traceback.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(answer_to())
