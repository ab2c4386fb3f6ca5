"""The errors that a user can cause, each one sentence: what is wrong with which key or argument, and what to try."""

import difflib
from collections.abc import Iterable
from typing import Any

LONGEST_NAME = 200
"""Characters of a name that a message shows."""


class DeviceError(ValueError):
    """A device that cannot be meant, or cannot be computed.

    Args:
        path: the key as in the device file, such as ``islands.left.power``; empty for the device as a whole.
        problem: what is wrong, as the rest of a sentence that begins with the key: "must be a power, but is '10 mK'".
        advice: what to try, as an imperative: "try '10 fW'". Empty if there is nothing to suggest.
    """

    def __init__(self, path: str, problem: str, advice: str = ""):
        self.path = path
        self.problem = problem
        self.advice = advice
        super().__init__(_sentence(f"`{plain(path)}` " if path else "", problem, advice))

    def __reduce__(self) -> tuple[Any, ...]:
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
        super().__init__(_sentence(f"Argument `{plain(argument)}` ", problem, advice))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.argument, self.problem, self.advice)


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Advice: the known word that is most like this one; if none is, something else."""
    # What is compared is kept short: comparing costs the square of the length.
    found = difflib.get_close_matches(word[:200], list(known), n=1, cutoff=0.5)
    return f"did you mean `{found[0]}`?" if found else otherwise


def plain(text: str, longest: int = LONGEST_NAME) -> str:
    """A name as a message shows it: short, and without characters that would do something to a terminal."""
    short = text if len(text) <= longest else f"{text[:longest]}…"
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in short)


def _sentence(subject: str, problem: str, advice: str) -> str:
    """Subject, problem and advice with their full stop."""
    sentence = f"{subject}{problem}" + (f"; {advice}" if advice else "")
    return sentence if sentence.endswith("?") else sentence + "."
