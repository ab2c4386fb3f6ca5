"""What an output is: a name, a unit, a meaning, axes of its own, and a pure function of a network and its steady state."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import jax

from subkelvin.balance.network.network import Network
from subkelvin.balance.steady.solve import Solution
from subkelvin.model import Device


class Kernel(Protocol):
    """Compiled code of an output; equal kernels share compiled code, so that a kernel is a frozen record of indices."""

    def __call__(self, network: Network, solution: Solution) -> jax.Array:
        """The output at one point."""


@dataclass(frozen=True)
class Output:
    """One thing that is answered at every point."""

    name: str
    """As a user writes it; the name of the variable in the dataset."""
    unit: str
    """SI, "" for a pure number."""
    meaning: str
    """One line."""
    kernel: Kernel | None
    """None for a validity check, which is asked of the state in Python."""
    over: tuple[tuple[str, int], ...] = ()
    """Axes of its own, each with its length: islands, paths."""
    by: str = ""
    """The key by which it is differentiated; empty for the output itself."""
    smooth: bool = True
    """Whether it can be differentiated."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the output at one point."""
        return tuple(size for _, size in self.over)


@dataclass(frozen=True)
class OutputKind:
    """A kind of output: how it is asked for, and how one of it is made for a device."""

    name: str
    arguments: tuple[str, ...]
    """What may stand between the brackets."""
    required: int
    """How many of them must."""
    make: Callable[..., Output]
    """Of the device and the arguments as texts."""
    meaning: str

    @property
    def written(self) -> str:
        """How it is asked for: ``heat(source,target,kind)``."""
        return f"{self.name}({','.join(self.arguments)})" if self.arguments else self.name

    def of(self, device: Device, *arguments: str) -> Output:
        """One of this kind."""
        return self.make(device, *arguments)
