"""What a kind of link is: its numbers, and the heat that flows at two temperatures.

    (T_from, T_to, values) → watts along each of the link's ways

Every built-in kind is one `LinkKind`, and so is a user's own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax

from subkelvin.model.vocabulary import Field
from subkelvin.physics.superconductor import Superconductors

FROM, TO, OUTSIDE = "from", "to", ""
"""The ends of a way: the link's first island, its second, and the world outside (a source of work)."""


class Way(NamedTuple):
    """One way for heat to go along a link, and the kind of path that a report calls it; "" is the kind of the link."""

    kind: str = ""
    source: str = FROM
    target: str = TO


HeatOfLink = Callable[[jax.Array, jax.Array, Mapping[str, Any]], jax.Array | tuple[jax.Array, ...]]
"""Temperatures of the first and the second island [K] and values by key, all arrays over links; returns watts along every way."""


class JunctionsOfElement(NamedTuple):
    """How a link takes its superconductor and some numbers from a circuit element instead of its own table."""

    kind: str
    """The kind of element."""
    keys: tuple[str, ...]
    """The link's numbers that come from it."""
    numbers: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    """Those numbers, from the values of the element by key."""


@dataclass(frozen=True, eq=False)
class LinkKind:
    """One kind of link. Each object is a kind of its own: compiled code is never shared between two of them.

    Args:
        name: the ``kind`` of the device file.
        meaning: one line.
        numbers: what the table of such a link holds besides its islands and superconductors.
        heat: watts along every way, from arrays over links.
        ways: where the heat goes; one, from the first island to the second, unless said otherwise.
        superconductors: keys that name superconductors, with the end whose electrons they are; "" for neither.
        junctions: the element that may stand for some of its numbers.
        check: raises a DeviceError if a link cannot be computed, from its path (``links.NAME``) and its superconductors by key.
    """

    name: str
    meaning: str
    numbers: Mapping[str, Field]
    heat: HeatOfLink
    ways: tuple[Way, ...] = (Way(),)
    superconductors: Mapping[str, str] | None = None
    junctions: JunctionsOfElement | None = None
    check: Callable[[str, Mapping[str, Superconductors]], None] | None = None

    @property
    def ends(self) -> Mapping[str, str]:
        """The end of the link that each of its superconductors is."""
        return self.superconductors or {}

    @property
    def passive(self) -> bool:
        """Whether heat only goes from one island to the other, without work: from hot to cold then, or the second law is broken."""
        return self.ways == (Way(),)

    def flows(self, first: jax.Array, second: jax.Array, values: Mapping[str, Any]) -> tuple[jax.Array, ...]:
        """Watts along every way, each an array over links.

        Args:
            first, second: temperatures of the islands of every link [K].
            values: arrays over links by key: numbers in SI units, superconductors as `Superconductors`.
        """
        watts = self.heat(first, second, values)
        watts = watts if isinstance(watts, tuple) else (watts,)
        if len(watts) != len(self.ways):
            raise ValueError(
                f"The heat of link kind {self.name!r} has {len(watts)} values, but the kind has {len(self.ways)} ways; "
                "return one value for each of its `ways`."
            )
        return watts
