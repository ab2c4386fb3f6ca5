"""The short form of ``make fuzz``: hostile files end in a device or a sentence, and the checks notice what is wrong."""

import random
import time
from types import SimpleNamespace
from typing import Any

import pytest
from tests.hostile import files, netlists, touchstone
from tests.hostile.bounded import Bounds, WrongNumberError, bad_ends, ended

from subkelvin.model import DeviceError


@pytest.mark.parametrize(("generator", "count"), [(files, 400), (netlists, 1500), (touchstone, 1500)])
def test_hostile_text_ends_in_numbers_that_hold_or_in_a_sentence(generator: Any, count: int) -> None:
    tally = generator.run(count, seed=3)
    assert not bad_ends(tally.counts), "\n".join(tally.remarks)
    # Both ends are reached, so that neither a reader that refuses everything nor one that accepts everything would pass.
    assert sum(tally.counts.values()) == count
    assert min(tally.counts["good"], tally.counts["refused"]) > 0.05 * count


def end_of(judge: Any, seconds: float = 0.5) -> str:
    """How a case with this judge ends."""
    return ended(SimpleNamespace(judge=judge), 1, 1, Bounds(seconds))[0]


def raising(error: Exception) -> Any:
    def judge(_: random.Random) -> str:
        raise error

    return judge


def test_every_bad_end_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    import signal

    from tests.hostile.bounded import time_is_up

    before = signal.signal(signal.SIGALRM, time_is_up)
    try:
        assert end_of(lambda _: time.sleep(60.0), seconds=0.05) == "timeout"
    finally:
        signal.signal(signal.SIGALRM, before)
    assert end_of(raising(KeyError("micrometer"))) == "traceback"
    assert end_of(raising(MemoryError())) == "memory"
    assert end_of(raising(WrongNumberError("1 is not 2"))) == "wrong"
    assert end_of(raising(DeviceError("", "is wrong"))) == "refused"
    assert end_of(raising(DeviceError("", f"is {object()!r}"))) == "wrong"
    assert bad_ends({"good": 3, "refused": 4, "timeout": 1, "wrong": 0}) == {"timeout": 1}


def test_a_wrong_number_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(netlists.SCALES, "k", 4)
    ends = [ended(netlists, 3, number, netlists.BOUNDS)[0] for number in range(200)]
    assert "wrong" in ends
