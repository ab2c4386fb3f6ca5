"""A plan on several processes or machines: Dask computes the blocks, every worker commits its own.

Workers write whole chunks of one store, so that two of them never write the same file; this process holds the lock, hands out a
few blocks more than there are workers, and counts what comes back. A worker that is killed costs the blocks that it had. Where this
process is killed, its workers end a little later: what they still write is what the next run would, whole chunks of the same bits.
"""

import contextlib
import functools
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

from subkelvin.model import DeviceError
from subkelvin.numerics.blocks import CORES
from subkelvin.progress import INTERRUPTIONS, Progress
from subkelvin.sweeps.compute import Computation
from subkelvin.sweeps.dataset import Counted
from subkelvin.sweeps.plan import Plan
from subkelvin.sweeps.store import Store

if TYPE_CHECKING:
    import distributed

AHEAD = 2
"""Blocks in flight for each worker: one is computed while the next waits beside it."""
ALLOWED_FAILURES = 20
"""Workers that may die with a block before it counts as what kills them; where machines are taken away, Dask's own 3 is too few."""
ENVIRONMENT = {"SUBKELVIN_TELL_COMPILING": "0", CORES: "1"}
"""Of a local worker: one thread, as there are as many workers as the user wants, and no line of its own about compiling."""
PATIENCE_FOR_SCHEDULER, PATIENCE_FOR_WORKERS = 10.0, 60.0
"""Seconds in which a scheduler must answer, and its workers appear, which a queue may have to start."""


class Done(NamedTuple):
    """What a worker says of a block: the numbers themselves are in the store."""

    number: int
    failed: int


@dataclass(frozen=True)
class OnWorkers:
    """Runs blocks on a local cluster of so many processes, or on the workers of a scheduler.

    An address means trust: who listens there runs what this process sends, and may send back anything.
    """

    workers: int | None = None
    scheduler: str | None = None

    def __call__(
        self, computation: Computation, path: Path, store: Store, missing: list[int], progress: Progress
    ) -> None:
        """Compute blocks and let their workers commit them."""
        if not missing:
            return
        distributed = distributed_library()
        counted = Counted(computation.plan, progress, computation.plan.number_of_blocks - len(missing))
        with self._client() as client:
            count = max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
            waiting = iter(missing)

            submit = functools.partial(client.submit, commit, computation.plan, str(path.absolute()), pure=False)
            first = [submit(number) for number in itertools.islice(waiting, AHEAD * count)]
            finished = distributed.as_completed(first)
            try:
                for future in finished:
                    done = future.result()
                    for number in waiting:
                        finished.add(submit(number))
                        break
                    counted.add(done.failed)
                    counted.of_a_block().step(0.0)
            except INTERRUPTIONS:
                client.cancel(list(finished.futures))
                raise
            except distributed.scheduler.KilledWorker as error:
                problem = f"a block was lost with {ALLOWED_FAILURES} workers: {error}"
                raise DeviceError("", problem, "look at their memory, then resume") from error

    @contextlib.contextmanager
    def _client(self) -> Iterator["distributed.Client"]:
        """Workers that are there: each of one thread, as JAX has threads of its own."""
        distributed = distributed_library()
        import dask

        settings = {
            "distributed.scheduler.allowed-failures": ALLOWED_FAILURES,
            "distributed.worker.multiprocessing-method": "spawn",
        }
        with dask.config.set(settings), contextlib.ExitStack() as stack:
            if self.scheduler is None:
                cluster = distributed.LocalCluster(
                    n_workers=self.workers,
                    threads_per_worker=1,
                    dashboard_address=None,
                    env=ENVIRONMENT,
                )
                address = stack.enter_context(cluster)
            else:
                address = self.scheduler
            try:
                client = stack.enter_context(distributed.Client(address, timeout=PATIENCE_FOR_SCHEDULER))
                client.wait_for_workers(self.workers or 1, timeout=PATIENCE_FOR_WORKERS)
            except (OSError, TimeoutError, ValueError) as error:
                reason = " ".join(str(error).split())
                raise DeviceError(
                    "",
                    f"there are no workers at {self.scheduler or 'this machine'!r:.200}: {reason}",
                    "start some and try again",
                ) from None
            yield client


_KNOWN: dict[str, Computation] = {}
"""The last plan of this worker, by its identity: what its blocks share is made once."""


def commit(plan: Plan, path: str, number: int) -> Done:
    """Compute a block and put it into the store: what a worker does.

    A plan travels with every block, not once for all: what is scattered among workers is lost with the last one that has it.

    Raises:
        DeviceError: if the store cannot be written.
    """
    if plan.identity not in _KNOWN:
        _KNOWN.clear()
        _KNOWN[plan.identity] = Computation.of(plan)
    computation = _KNOWN[plan.identity]
    block = computation.block(number)
    Store(Path(path), computation).write(number, block)
    return Done(number, block.failed)


def distributed_library() -> "ModuleType":
    """The package distributed.

    Raises:
        DeviceError: if it is not installed.
    """
    try:
        import distributed
    except ImportError:
        raise DeviceError(
            "", "workers need the package distributed, which is not installed", "try pip install 'subkelvin[cluster]'"
        ) from None
    return distributed
