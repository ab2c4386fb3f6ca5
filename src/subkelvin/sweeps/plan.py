"""A sweep before it is computed: pure data whose canonical JSON, and the SHA-256 of that, say whether two sweeps are one.

identity = SHA-256(canonical JSON of device, axes, outputs, block, versions)
"""

import functools
import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, NamedTuple

from subkelvin.balance.network.network import Network, lower
from subkelvin.balance.network.route import prepare
from subkelvin.devicefile import describe
from subkelvin.model import ArgumentError, Device
from subkelvin.model.quantities import quoted
from subkelvin.sweeps.axes import Axis
from subkelvin.sweeps.outputs.output import Output
from subkelvin.sweeps.run import only_powers
from subkelvin.version import VERSION

RESERVED = ("island", "held", "path", "kind", "source", "target", "through", "status", "photon_route")
"""Names that a dataset of a sweep may have besides those of its axes and outputs."""
FORMAT = 1
"""Of plans and stores; raised when an older one can no longer be read."""
BLOCK, COSTLY_BLOCK, BLOCK_OF_CHECKS = 65536, 2048, 256
"""Points that are committed together: where heat has a closed form, where it is an integral, where checks are asked."""
BLOCK_OF_SEVERAL_ISLANDS = 4096
"""The same with several floating islands."""
DECIDES_VALUES = ("jax", "jaxlib", "numpy", "scipy")
"""Packages whose version can change the last bits of a number."""
FLOAT_BYTES, FLAG_BYTES = 8, 2
"""Of a number, and of the status and the photonic route of a point."""
COPIES = 3
"""Of a block in memory: under way, being written, and being compressed."""


@dataclass(frozen=True)
class Plan:
    """What is to be computed, in which pieces."""

    device: Device
    axes: tuple[Axis, ...]
    outputs: tuple[Output, ...]
    block: tuple[int, ...]
    """Points of a block along every axis."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Points along every axis."""
        return tuple(axis.size for axis in self.axes)

    @property
    def points(self) -> int:
        """All points."""
        return math.prod(self.shape)

    @property
    def blocks(self) -> tuple[int, ...]:
        """How many blocks there are along every axis."""
        return tuple(-(-size // block) for size, block in zip(self.shape, self.block, strict=True))

    @property
    def number_of_blocks(self) -> int:
        """All blocks."""
        return math.prod(self.blocks)

    @property
    def keys(self) -> list[str]:
        """Every key that varies."""
        return [key for axis in self.axes for key in axis.keys]

    @property
    def bytes_per_point(self) -> int:
        """Of the results, uncompressed."""
        return FLOAT_BYTES * sum(math.prod(one.shape) for one in self.outputs) + FLAG_BYTES

    @property
    def bytes_in_memory(self) -> int:
        """Bound on what the results of blocks take up while a sweep is stored."""
        return COPIES * math.prod(self.block) * self.bytes_per_point

    def places(self, number: int) -> tuple[int, ...]:
        """The place of a block along every axis, the last axis fastest."""
        found = []
        for count in reversed(self.blocks):
            number, place = divmod(number, count)
            found.append(place)
        return tuple(reversed(found))

    def part(self, number: int) -> tuple[slice, ...]:
        """The points of a block along every axis."""
        return tuple(
            slice(place * block, min((place + 1) * block, size))
            for place, block, size in zip(self.places(number), self.block, self.shape, strict=True)
        )

    @functools.cached_property
    def text(self) -> str:
        """The plan as canonical JSON."""
        return json.dumps(self._described(), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

    @functools.cached_property
    def identity(self) -> str:
        """SHA-256 of the canonical JSON."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def _device_without_axes(self) -> dict[str, object]:
        """The tables of the device without what no result depends on: numbers that vary, and where numbers come from."""
        tables = describe(self.device)
        for key in self.keys:
            *way, last = key.split(".")
            table: Any = tables
            for name in way:
                table = table[int(name) if isinstance(table, list) else name]
            table.pop(last, None)
        return {key: table for key, table in tables.items() if key not in ("assumed", "sourced")}

    def _described(self) -> dict[str, object]:
        return {
            "format": FORMAT,
            "device": self._device_without_axes(),
            "values": {key: float(value) for key, value in self.device.values.items() if key not in self.keys},
            "photon_route": lower(prepare(self.device)).circuit.route,
            "axes": [axis.described for axis in self.axes],
            "outputs": [one.name for one in self.outputs],
            "block": list(self.block),
            "versions": {"subkelvin": VERSION} | {name: version(name) for name in DECIDES_VALUES},
        }


def plan_of(device: Device, axes: tuple[Axis, ...], outputs: tuple[Output, ...], points: int | None = None) -> Plan:
    """A plan, its blocks of some number of points; by default as many as take seconds."""
    _require_names(axes, outputs)
    wanted = points or _usual_block(lower(prepare(device)), outputs)
    return Plan(device, axes, outputs, _block(axes, wanted))


def _require_names(axes: tuple[Axis, ...], outputs: tuple[Output, ...]) -> None:
    """Raise an ArgumentError for a dimension that would have the name of something else in the dataset, or no name."""
    taken = {*(one.name for one in outputs), *(name for one in outputs for name, _ in one.over), *RESERVED}
    for axis in axes:
        if axis.name in taken or not axis.name or "/" in axis.name:
            raise ArgumentError(
                "axes",
                f"call a dimension {quoted(axis.name)}, which is no name for one, or that of an output",
                "rename it",
            )


class Difference(NamedTuple):
    """Where two plans differ."""

    key: str
    here: str
    stored: str


def differences(here: str, stored: str) -> list[Difference]:
    """Every place in which two plans differ, both as JSON."""
    one, other = (dict(_leaves("", json.loads(text))) for text in (here, stored))
    keys = dict.fromkeys([*one, *other])
    return [
        Difference(key, one.get(key, "absent"), other.get(key, "absent"))
        for key in keys
        if one.get(key) != other.get(key)
    ]


def _leaves(path: str, data: object) -> Iterator[tuple[str, str]]:
    """Every plain value with its path."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _leaves(f"{path}.{key}" if path else str(key), value)
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from _leaves(f"{path}.{place}", value)
    else:
        yield path, json.dumps(data)


def _usual_block(network: Network, outputs: tuple[Output, ...]) -> int:
    """Points that take seconds."""
    if any(one.kernel is None for one in outputs):
        return BLOCK_OF_CHECKS
    if not network.circuit.one_pole:
        return COSTLY_BLOCK
    return BLOCK if network.power.shape[0] <= 1 else BLOCK_OF_SEVERAL_ISLANDS


def _block(axes: tuple[Axis, ...], points: int) -> tuple[int, ...]:
    """Points of a block along every axis: whole axes of powers first, which share an outflow, then the last axes."""
    block = [1] * len(axes)
    last_first = list(reversed(range(len(axes))))
    powers = [place for place in last_first if only_powers(axes[place].keys)]
    for place in powers + [place for place in last_first if place not in powers]:
        # As few blocks as the number of points allows, all of nearly one size.
        count = -(-axes[place].size // max(1, points))
        block[place] = -(-axes[place].size // count)
        points //= block[place]
    return tuple(block)
