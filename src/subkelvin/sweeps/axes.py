"""What varies in a sweep: one record for each way of laying values along a dimension.

    linear       x_k = a + k (b − a)/(n − 1)
    logarithmic  x_k = a (b/a)^(k/(n − 1))
    zipped       several keys, each with its own values, along one dimension
    random       points of a design in the unit cube, one coordinate a key, mapped onto a range each

A record is pure data: with the same numbers it gives the same values, in any process.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

Number: TypeAlias = float | str
"""A number of a device: an SI float, or a text with a unit."""
MOST_ON_AN_AXIS = 100_000_000
"""Values along one dimension: more than any map of 10⁷ points needs, fewer than fill a memory."""


@dataclass(frozen=True)
class Linear:
    """Equal steps from ``start`` to ``stop``, both included; without ``points`` a range of a random design.

    Example:
        >>> from subkelvin.sweeps import Linear
        >>> Linear("50 mK", "450 mK", 5)
        Linear(start='50 mK', stop='450 mK', points=5)
    """

    start: Number
    stop: Number
    points: int | None = None


@dataclass(frozen=True)
class Logarithmic:
    """Equal ratios from ``start`` to ``stop``, both included; without ``points`` a range of a random design.

    Example:
        >>> from subkelvin.sweeps import Logarithmic
        >>> Logarithmic("1 fW", "100 fW", 3).points
        3
    """

    start: Number
    stop: Number
    points: int | None = None


Values: TypeAlias = Linear | Logarithmic | Sequence[Number] | np.ndarray
Range: TypeAlias = Linear | Logarithmic | tuple[Number, Number]


@dataclass(frozen=True)
class Zipped:
    """Several keys along one dimension, each with its own values, as many of each.

    Args:
        values: by key: a list or array, `Linear` or `Logarithmic`.

    Example:
        >>> from subkelvin import preset, sweep
        >>> from subkelvin.sweeps import Zipped
        >>> pairs = Zipped({"islands.right.temperature": ["0.1 K", "0.2 K"], "islands.left.power": ["10 fW", "20 fW"]})
        >>> sweep(preset("silver-setup-1"), {"pair": pairs}).temperature.sizes["pair"]
        2
    """

    values: Mapping[str, Values]


@dataclass(frozen=True)
class Random:
    """Points of a random design along one dimension, each key between the ends of its range.

    Args:
        points: how many; a Sobol design is balanced where this is a power of two.
        ranges: by key: `Linear` or `Logarithmic` without points, or a pair of ends (linear).
        design: "sobol" (scrambled) or "latin-hypercube", both from `scipy.stats.qmc`.
        seed: the same seed gives the same points.

    Example:
        >>> from subkelvin import preset, sweep
        >>> from subkelvin.sweeps import Random
        >>> design = Random(4, {"islands.right.temperature": ("0.1 K", "0.2 K")}, seed=1)
        >>> sweep(preset("silver-setup-1"), {"sample": design}).sizes["sample"]
        4
    """

    points: int
    ranges: Mapping[str, Range]
    design: Literal["sobol", "latin-hypercube"] = "sobol"
    seed: int = 0


@dataclass(frozen=True)
class Along:
    """The numbers of one key along a dimension [SI]: listed, or the ends of a scale."""

    scale: Literal["list", "linear", "logarithmic"]
    listed: tuple[float, ...] = ()
    start: float = 0.0
    stop: float = 0.0
    points: int = 0
    """0 in a random design, whose axis counts them."""

    @property
    def values(self) -> np.ndarray:
        """The numbers, shape (points,)."""
        if self.scale == "list":
            return np.array(self.listed)
        scale = np.linspace if self.scale == "linear" else np.geomspace
        return scale(self.start, self.stop, self.points)

    def drawn(self, unit: np.ndarray) -> np.ndarray:
        """Numbers of the unit interval mapped onto the range."""
        if self.scale == "linear":
            return self.start + unit * (self.stop - self.start)
        return self.start * (self.stop / self.start) ** unit

    @property
    def described(self) -> dict[str, object]:
        """As JSON can hold it."""
        ends = {"start": self.start, "stop": self.stop}
        return {self.scale: list(self.listed) if self.scale == "list" else ends}


@dataclass(frozen=True)
class Axis:
    """One dimension of a sweep with everything known: its name, its keys, how many values, and how they are made."""

    name: str
    keys: tuple[str, ...]
    size: int
    numbers: tuple[Along, ...]
    """Of every key; of all together where they are tied."""
    design: str = ""
    """Of a random one."""
    seed: int = 0

    @property
    def tied(self) -> bool:
        """Whether all its keys have the same value."""
        return len(self.keys) > len(self.numbers)

    @property
    def described(self) -> dict[str, object]:
        """The axis as JSON can hold it."""
        random = {"design": self.design, "seed": self.seed} if self.design else {}
        numbers = [one.described for one in self.numbers]
        return {"name": self.name, "keys": list(self.keys), "size": self.size, "numbers": numbers, **random}

    def values(self) -> dict[str, np.ndarray]:
        """The numbers of every key [SI], each of shape (size,)."""
        if self.design:
            cube = self._cube()
            return {
                key: one.drawn(cube[:, k]) for k, (key, one) in enumerate(zip(self.keys, self.numbers, strict=True))
            }
        numbers = [one.values for one in self.numbers]
        return dict(zip(self.keys, numbers * len(self.keys) if self.tied else numbers, strict=True))

    def _cube(self) -> np.ndarray:
        """The points of the design in the unit cube, shape (size, keys)."""
        from scipy.stats import qmc

        if self.design == "sobol":
            # Any number of points; SciPy would warn that only powers of two are balanced.
            power = max(0, math.ceil(math.log2(self.size)))
            found: np.ndarray = qmc.Sobol(len(self.keys), seed=self.seed).random_base2(power)[: self.size]
        else:
            found = qmc.LatinHypercube(len(self.keys), seed=self.seed).random(self.size)
        return found
