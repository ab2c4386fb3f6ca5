"""Cases run one after another in worker processes, each within bounds of time and memory.

A case is made of its seed and its number alone, so that one that fails can be run again by itself. A worker that hangs in compiled
code or dies is replaced, and the case that did it is counted.
"""

import importlib
import multiprocessing
import random
import re
import resource
import signal
import time
import traceback
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import NoReturn

from subkelvin.model import DeviceError

GOOD_ENDS = ("good", "refused")
"""What may become of a case: an answer whose numbers hold, or a sentence."""
BAD_ENDS = ("wrong", "traceback", "timeout", "memory")
START_SECONDS = 120.0
"""For a worker to import what it needs, on a busy machine."""
GRACE = 6.0
"""After so many times its seconds without a sign, a worker hangs where no Python runs, and is killed."""
MOST_REMARKS = 20
LONGEST_SENTENCE = 1500


class WrongNumberError(Exception):
    """An answer that nothing marks as doubtful, and that an independent check contradicts."""


class TimeIsUp(BaseException):
    """A case took too long; no `except Exception` may hold it."""


@dataclass(frozen=True)
class Bounds:
    """What one case may take: seconds, and gigabytes of addresses beyond those of an idle worker."""

    seconds: float = 5.0
    gigabytes: float = 2.0


@dataclass
class Tally:
    """How cases ended, by the word for it, and remarks on the first that ended badly."""

    counts: Counter[str] = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)

    def enter(self, number: int, end: str, remark: str) -> None:
        """Count a case."""
        self.counts[end] += 1
        if end in BAD_ENDS and len(self.remarks) < MOST_REMARKS:
            self.remarks.append(f"case {number}: {end}\n{remark}")


def run_cases(
    module: str,
    count: int,
    seed: int,
    bounds: Bounds,
    processes: int = 2,
    shares: Sequence[Sequence[int]] | None = None,
) -> Tally:
    """Run the cases 0, 1, …, count − 1 of a module, whose function ``judge(random)`` makes and judges one.

    Args:
        module: dotted name.
        count: of cases.
        seed: of all of them.
        bounds: for each.
        processes: that work side by side.
        shares: the numbers of the cases that belong to one process each, where cases share what it has compiled; by default
            equal ones, as many as processes.
    """
    tally = Tally()
    waiting = list(shares or [range(k, count, processes) for k in range(min(processes, count))])
    workers: list[Worker] = []
    while waiting or workers:
        while waiting and len(workers) < processes:
            workers.append(Worker(module, seed, bounds, waiting.pop(0)))
        wait([worker.connection for worker in workers], timeout=1.0)
        for worker in list(workers):
            worker.listen(tally)
            if not worker.left:
                worker.end()
                workers.remove(worker)
    return tally


class Worker:
    """A process that works on a share of the cases, and is started anew behind a case that ended it."""

    def __init__(self, module: str, seed: int, bounds: Bounds, share: Sequence[int]):
        self.arguments = (module, seed, bounds)
        self.left = share
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe(duplex=False)
        self.process: BaseProcess = context.Process(target=work, args=(*self.arguments, self.left, theirs), daemon=True)
        self.process.start()
        theirs.close()
        self.deadline = time.monotonic() + START_SECONDS

    def listen(self, tally: Tally) -> None:
        """Enter what the process has found; if it died or hangs, say so and go on behind that case."""
        try:
            while self.left and self.connection.poll():
                tally.enter(self.left[0], *self.connection.recv())
                self.left = self.left[1:]
                self.deadline = time.monotonic() + GRACE * self.arguments[2].seconds
        except EOFError:
            self.process.join()
            code = self.process.exitcode
            end = "memory" if code == -signal.SIGKILL else "traceback"
            self._go_on(tally, end, f"the process ended with exit code {code}")
            return
        if self.left and time.monotonic() > self.deadline:
            self._go_on(tally, "timeout", "nothing was heard of it, and it obeyed no signal")

    def _go_on(self, tally: Tally, end: str, remark: str) -> None:
        self.end()
        tally.enter(self.left[0], end, remark)
        self.left = self.left[1:]
        if self.left:
            self._start()

    def end(self) -> None:
        """Leave no process behind."""
        self.process.kill()
        self.process.join()
        self.connection.close()


def work(module: str, seed: int, bounds: Bounds, share: Sequence[int], connection: Connection) -> None:
    """What a worker does: tell how each case of its share ended."""
    judged = importlib.import_module(module)
    judged.prepare()
    limit = address_bytes() + int(bounds.gigabytes * 2**30)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    signal.signal(signal.SIGALRM, time_is_up)
    for number in share:
        connection.send(ended(judged, seed, number, bounds))


def ended(module: object, seed: int, number: int, bounds: Bounds) -> tuple[str, str]:
    """How one case ended, and a remark on it."""
    chance = random.Random(f"{seed}/{number}")
    try:
        signal.setitimer(signal.ITIMER_REAL, bounds.seconds)
        try:
            return str(module.judge(chance)), ""  # type: ignore[attr-defined]
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0.0)
    except DeviceError as error:
        return refusal(error)
    except TimeIsUp:
        return "timeout", "".join(traceback.format_exc(limit=-12))
    except MemoryError:
        return "memory", "".join(traceback.format_exc(limit=-12))
    except WrongNumberError as error:
        return "wrong", str(error)
    except Exception:
        return "traceback", "".join(traceback.format_exc(limit=-12))


def refusal(error: DeviceError) -> tuple[str, str]:
    """A DeviceError has to be a sentence on one line that a terminal can show."""
    sentence = str(error)
    flaws = [
        word
        for word, flawed in {
            "is empty": not error.problem.strip(),
            "does not end": sentence[-1] not in ".?",
            "is long": len(sentence) > LONGEST_SENTENCE,
            "is not printable": any(not one.isprintable() and one != "\n" for one in sentence),
            "shows an address": bool(re.search(r"object at 0x|<class |<function ", sentence)),
        }.items()
        if flawed
    ]
    return ("wrong", f"the sentence {', '.join(flaws)}: {sentence!r:.2000}") if flaws else ("refused", "")


def time_is_up(_: int, __: FrameType | None) -> NoReturn:
    """What the alarm does."""
    raise TimeIsUp


def address_bytes() -> int:
    """Addresses that this process uses already."""
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()


def bad_ends(counts: Mapping[str, int]) -> dict[str, int]:
    """The ends that no case may have."""
    return {end: number for end, number in counts.items() if number and end not in GOOD_ENDS}
