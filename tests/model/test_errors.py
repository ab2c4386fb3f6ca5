"""The error that a user sees travels between processes, and shows what it holds."""

import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from subkelvin.model import DeviceError
from subkelvin.model.printable import printable


def fail(path: str) -> None:
    """What a worker of a pool meets."""
    raise DeviceError(path, "must be a power, but is '10 mK'", "try '10 fW'")


@pytest.mark.parametrize(
    "parts", [("islands.left.power", "must be a power", "try '10 fW'"), ("", "is wrong", ""), ("a", "is", "so?")]
)
def test_an_error_survives_pickling(parts: tuple[str, str, str]) -> None:
    error = DeviceError(*parts)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is DeviceError
    assert (again.path, again.problem, again.advice) == parts
    assert str(again) == str(error)


def test_an_error_comes_back_from_another_process() -> None:
    # An error that cannot be unpickled breaks the pool, or leaves it waiting for ever.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        error = pool.submit(fail, "islands.left.power").exception(timeout=60)
    assert isinstance(error, DeviceError)
    assert str(error) == "`islands.left.power` must be a power, but is '10 mK'; try '10 fW'."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("left µ Γ 中", "left µ Γ 中"), ("two\nlines", "two\nlines"), ("\x1b[31mred", "\\x1b[31mred"), ("a\rb", "a\\rb"),
        ("\x07", "\\x07"), ("\u202egnp", "\\u202egnp"), ("\x9b1m", "\\x9b1m"), ("\udcff", "\\udcff"), ("", ""),
    ],
)  # fmt: skip
def test_what_a_terminal_would_obey_is_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_a_sentence_stays_short_whatever_the_file_holds() -> None:
    error = DeviceError("x" * 10_000, "is not a key", f"the keys are {', '.join(['name'] * 10_000)}")
    assert len(str(error)) < 1000
    assert error.path == "x" * 10_000


def test_the_sentence_of_an_error_is_printable() -> None:
    error = DeviceError("islands.\x1b[2J", "is not a key", "did you mean `\x1b]0;title\x07`?")
    assert str(error) == "`islands.\\x1b[2J` is not a key; did you mean `\\x1b]0;title\\x07`?"
    assert error.path == "islands.\x1b[2J"
