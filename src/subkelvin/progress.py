"""How far long work has come, told to who wants to know, and a way to stop it from anywhere."""

from collections.abc import Callable


class Cancelled(Exception):  # noqa: N818 - not an error: somebody wanted it
    """Raised inside long work that somebody stopped by `Progress.cancel`."""


INTERRUPTIONS = (KeyboardInterrupt, Cancelled)
"""What ends long work early; what is done by then is kept."""


class Progress:
    """How far long work has come.

    Args:
        tell: called with this object after every step; it may call `cancel`.

    Example:
        >>> from subkelvin import Progress, preset, sweep
        >>> shares = []
        >>> progress = Progress(lambda progress: shares.append(progress.fraction))
        >>> result = sweep(preset("silver-setup-1"), {"islands.left.power": ["10 fW", "20 fW"]}, progress=progress)
        >>> shares
        [1.0]
    """

    def __init__(self, tell: Callable[["Progress"], object] | None = None):
        self.fraction = 0.0
        """Share of the work that is done, from 0 to 1."""
        self.doing = ""
        """What is under way, in a few words."""
        self._tell = tell
        self._cancelled = False

    def cancel(self) -> None:
        """Stop the work at its next step, from any thread. What is done is kept; the rest is marked as not computed."""
        self._cancelled = True

    @property
    def cancelled(self) -> bool:
        """Whether somebody has called `cancel`."""
        return self._cancelled

    def step(self, fraction: float, doing: str = "") -> None:
        """Note how far the work has come.

        Raises:
            Cancelled: if somebody has called `cancel`.
        """
        self.fraction, self.doing = fraction, doing
        if self._tell is not None:
            self._tell(self)
        if self._cancelled:
            raise Cancelled

    def part(self, start: float, width: float) -> "Progress":
        """A progress of its own for a part of the work, from a fraction on and so wide."""
        return Progress(lambda inner: self.step(start + width * inner.fraction, inner.doing))
