"""What a kind of link is: the ends that it joins, its numbers, and the heat that flows at the temperatures of the ends.

    (T_1, …, T_ends, values) → watts along each of the link's ways

Every kind in `subkelvin.heat.links` is one `LinkKind`, and so is a user's own, see `subkelvin.link_kind`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import jax

from subkelvin.model.frozen import Frozen
from subkelvin.model.kind import Kind

FROM, TO, OUTSIDE = "from", "to", ""
"""The ends of a link that joins two islands, and the world outside (a source of work)."""


class Way(NamedTuple):
    """One way for heat to go along a link, and the kind of path that a report calls it; "" is the kind of the link.

    It leads from one end of the link to another, or from or to `OUTSIDE`.
    """

    kind: str = ""
    source: str = FROM
    target: str = TO


Watts = Callable[..., jax.Array | tuple[jax.Array, ...]]
"""Temperatures of the ends in their order [K], then values by key, all arrays over links; returns watts along every way."""

Noise = Callable[..., jax.Array]
"""The same arguments; returns the one-sided noise S of the heats that arrive at the ends, shape (ends, ends, links) [W²/Hz]."""


class JunctionsOfElement(NamedTuple):
    """How a link takes its superconductor and some numbers from a circuit element instead of its own table."""

    kind: str
    """The kind of element."""
    keys: tuple[str, ...]
    """The link's numbers that come from it."""
    numbers: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    """Those numbers, from the values of the element by key."""


@dataclass(frozen=True)
class LinkKind(Kind):
    """One kind of link.

    Args:
        name, meaning, numbers: as of every `Kind`.
        heat: watts along every way, from arrays over links.
        ends: keys of the device file that name the islands it joins: two, or more for a machine of several terminals.
        ways: where the heat goes; one, from the first end to the second, unless said otherwise.
        superconductors: keys that name superconductors, with the end whose electrons they are; "" for none.
        junctions: the element that may stand for some of its numbers.
        check: raises a DeviceError if a link cannot be computed, from its path (``links.NAME``) and its superconductors by key.
        noise: of the heats that arrive at its ends. Without it a kind of two ends and one way has the noise of independent
            emission of both sides; any other kind is named as unknown noise.
    """

    heat: Watts
    ends: tuple[str, ...] = (FROM, TO)
    ways: tuple[Way, ...] = (Way(),)
    superconductors: Mapping[str, str] = field(default_factory=dict)
    junctions: JunctionsOfElement | None = None
    check: Callable[[str, Mapping[str, Any]], None] | None = None
    noise: Noise | None = None

    __hash__ = Kind.__hash__

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "superconductors", Frozen(self.superconductors))

    @property
    def passive(self) -> bool:
        """Whether heat only goes from one island to another, without work: from hot to cold then, or the second law is broken."""
        return len(self.ends) == 2 and self.ways == (Way("", *self.ends),)

    def flows(self, temperatures: Sequence[jax.Array], values: Mapping[str, Any]) -> tuple[jax.Array, ...]:
        """Watts along every way, each an array over links.

        Args:
            temperatures: of the ends of every link, in the order of ``ends`` [K].
            values: arrays over links by key: numbers in SI units, superconductors as `Superconductors`.
        """
        watts = self.heat(*temperatures, values)
        watts = watts if isinstance(watts, tuple) else (watts,)
        if len(watts) != len(self.ways):
            raise ValueError(
                f"The heat of link kind {self.name!r} has {len(watts)} values, but the kind has {len(self.ways)} ways; "
                "return one value for each of its `ways`."
            )
        return watts
