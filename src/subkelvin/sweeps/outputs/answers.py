"""All outputs of a sweep in one function of a point: the state is found once, and serves every output and derivative."""

import functools
from collections import namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import jax

from subkelvin.balance.network.network import Network
from subkelvin.balance.steady.solve import Solution, solve
from subkelvin.sweeps.linearised import Linearised, push
from subkelvin.sweeps.outputs.output import Kernel, Output
from subkelvin.sweeps.outputs.responses import NumberOfStates
from subkelvin.sweeps.outputs.validity import COUNT
from subkelvin.sweeps.run import Lowered


@dataclass(frozen=True)
class Answers:
    """What compiled code answers at a point, as a record of arrays."""

    plain: tuple[Kernel, ...]
    derived: tuple[tuple[Kernel, int], ...]
    """Each with the place of its key among those by which is differentiated."""
    for_checks: tuple[Kernel, ...]
    """What checks need besides the solution; after the outputs, whose places it does not move."""
    whole: bool
    """Whether the solution itself is answered too, for what is asked of it in Python."""

    def __call__(self, point: Network | Linearised) -> tuple[jax.Array, ...]:
        """Plain outputs, derivatives, what checks need, status."""
        network = point.network if isinstance(point, Linearised) else point
        derivatives: tuple[jax.Array, ...] = ()
        if isinstance(point, Linearised):
            kernels = tuple(dict.fromkeys(kernel for kernel, _ in self.derived))

            def answers(network: Network) -> tuple[tuple[jax.Array, ...], Solution]:
                solution = solve(network)
                return tuple(kernel(network, solution) for kernel in kernels), solution

            _, tangents, solution = push(answers, point)
            derivatives = tuple(tangents[kernels.index(kernel)][place] for kernel, place in self.derived)
        else:
            solution = solve(network)
        values = tuple(kernel(network, solution) for kernel in self.plain)
        # The status is in every record, once.
        rest = [leaf for name, leaf in zip(Solution._fields, solution, strict=True) if self.whole and name != "status"]
        needed = tuple(kernel(network, solution) for kernel in self.for_checks)
        every = (*values, *derivatives, *needed, *rest, solution.status)
        return record(len(every))(every)


class Asked(NamedTuple):
    """Outputs sorted by who answers them."""

    plain: tuple[Output, ...]
    derived: tuple[Output, ...]
    checks: tuple[Output, ...]
    kernel: Lowered

    @property
    def compiled(self) -> tuple[Output, ...]:
        """Those of compiled code, in the order of its record."""
        return self.plain + self.derived


def asked(outputs: Sequence[Output]) -> Asked:
    """Outputs sorted by who answers them, and the one function that compiled code is made of."""
    plain = tuple(one for one in outputs if one.kernel and not one.by)
    derived = tuple(one for one in outputs if one.by)
    checks = tuple(one for one in outputs if one.kernel is None)
    kernels = tuple(one.kernel for one in plain if one.kernel)
    for_checks: tuple[Kernel, ...] = (NumberOfStates(),) if any(one.name == COUNT for one in checks) else ()
    keys = tuple(dict.fromkeys(one.by for one in derived))
    pairs = tuple((one.kernel, keys.index(one.by)) for one in derived if one.kernel)
    return Asked(plain, derived, checks, Lowered(Answers(kernels, pairs, for_checks, bool(checks)), keys))


@functools.cache
def record(count: int) -> Callable[[tuple[jax.Array, ...]], tuple[jax.Array, ...]]:
    """How to make a record of so many arrays, the last one the status."""
    kind = namedtuple("Answered", [*(f"answer_{k}" for k in range(count - 1)), "status"])  # type: ignore[misc]
    return kind._make
