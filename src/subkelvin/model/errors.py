"""The errors that a user can cause, each one sentence: what is wrong with which key or argument, and what to try."""

import difflib
from collections.abc import Iterable

from subkelvin.model.printable import printable

LONGEST_PART = 400
"""Letters of a key, a problem or an advice that a sentence shows: a file can hold names of any length, and any number of them."""


class DeviceError(ValueError):
    """A device that is invalid, or cannot be computed.

    Args:
        path: the key as in the device file, such as ``islands.left.power``; empty for the device as a whole.
        problem: what is wrong, as the rest of a sentence that begins with the key: "must be a power, but is '10 mK'".
        advice: what to try, as an imperative: "try '10 fW'". Empty if there is nothing to suggest.
    """

    def __init__(self, path: str, problem: str, advice: str = ""):
        self.path = path
        self.problem = problem
        self.advice = advice
        super().__init__(_sentence(f"`{_name(path)}` " if path else "", problem, advice))

    def __reduce__(self) -> tuple[type["DeviceError"], tuple[str, str, str]]:
        """Pickled by its three parts: an error that a worker process cannot send back would leave its pool waiting."""
        return type(self), (self.path, self.problem, self.advice)


class ArgumentError(ValueError):
    """An argument of a public function that is not what it must be.

    Args:
        argument: its name.
        problem: what is wrong, as the rest of a sentence: "must be a positive number [s], but is '1 ms'".
        advice: what to try, as an imperative: "try 1e-3".
    """

    def __init__(self, argument: str, problem: str, advice: str = ""):
        self.argument = argument
        self.problem = problem
        self.advice = advice
        super().__init__(_sentence(f"Argument `{_name(argument)}` ", problem, advice))

    def __reduce__(self) -> tuple[type["ArgumentError"], tuple[str, str, str]]:
        """Pickled by its three parts."""
        return type(self), (self.argument, self.problem, self.advice)


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Advice: the known word that is most like this one; if none is, something else."""
    # What is compared is kept short: comparing costs the square of the length.
    found = difflib.get_close_matches(word[:LONGEST_PART], list(known), n=1, cutoff=0.5)
    return f"did you mean `{found[0]}`?" if found else otherwise


def plain(text: str, longest: int = LONGEST_PART) -> str:
    """A text as a message shows it: its beginning if it is long, without characters that a terminal would obey."""
    return printable(text if len(text) <= longest else f"{text[:longest]}…")


def _name(text: str) -> str:
    """A key or an argument as a message shows it: on one line."""
    return plain(text).replace("\n", "\\n")


def _sentence(subject: str, problem: str, advice: str) -> str:
    """Subject, problem and advice with their full stop."""
    sentence = f"{subject}{plain(problem)}" + (f"; {plain(advice)}" if advice else "")
    return sentence if sentence.endswith("?") else sentence + "."
