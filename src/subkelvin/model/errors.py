"""The one error a user's device can cause: which key, what it holds, what was expected, what to try."""

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
        subject = f"`{_shortened(path)}` " if path else ""
        sentence = f"{subject}{_shortened(problem)}" + (f"; {_shortened(advice)}" if advice else "")
        super().__init__(printable(sentence if sentence.endswith("?") else sentence + "."))

    def __reduce__(self) -> tuple[type["DeviceError"], tuple[str, str, str]]:
        """Pickled by its three parts: an error that a worker process cannot send back would leave its pool waiting."""
        return type(self), (self.path, self.problem, self.advice)


def _shortened(text: str) -> str:
    """The beginning of a text that is long."""
    return text if len(text) <= LONGEST_PART else f"{text[:LONGEST_PART]}…"
