"""All links of one kind as arrays: what compiled code sees of them."""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.model import Device, Link, Structure
from subkelvin.model.link_kind import LinkKind
from subkelvin.model.stacking import Leaf, stack
from subkelvin.physics.superconductor import Superconductors


class Links(eqx.Module):
    """The links of one kind; the last axis of every array runs over them."""

    kind: LinkKind = eqx.field(static=True)
    numbers: dict[str, Leaf]
    superconductors: dict[str, Superconductors]
    islands: tuple[Leaf, ...]
    """Positions of the islands at each end."""

    @property
    def count(self) -> int:
        """How many paths these are."""
        return len(self.kind.ways) * self.islands[0].shape[-1]

    def flows(self, temperatures: jax.Array) -> jax.Array:
        """Watts along all ways of all links, one way after another, at the temperatures of all islands [K]."""
        return self.flows_between(*self.ends(temperatures))

    def ends(self, temperatures: jax.Array) -> list[jax.Array]:
        """Temperatures of the islands at each end [K], from those of all islands."""
        return [temperatures[islands] for islands in self.islands]

    def flows_between(self, *temperatures: jax.Array) -> jax.Array:
        """The same as `flows` at the temperatures of all ends of every link [K]."""
        watts = self.kind.flows(temperatures, self.values)
        return jnp.concatenate([jnp.broadcast_to(way, self.islands[0].shape) for way in watts])

    @property
    def values(self) -> dict[str, Any]:
        """Numbers and superconductors by key."""
        return {**self.numbers, **self.superconductors}


def links_by_kind(structure: Structure, floating: bool) -> list[tuple[LinkKind, list[Link]]]:
    """Each kind with its links: those with a floating island at one end, or those between held islands."""
    free = {island.name for island in structure.floating_islands}
    links = [link for link in structure.links if (not free.isdisjoint(link.islands)) == floating]
    kinds = dict.fromkeys(link.kind for link in links)
    return [(kind, [link for link in links if link.kind == kind]) for kind in kinds]


def lower_links(device: Device, floating: bool) -> tuple[Links, ...]:
    """Gather the links with a floating island at one end, or those between held islands, kind by kind.

    Raises:
        DeviceError: if a link cannot be computed.
    """
    order = [island.name for island in device.structure.ordered_islands]
    batches = links_by_kind(device.structure, floating)
    for kind, links in batches:
        if kind.check is not None:
            for link in links:
                own = {key: _superconductors(device, [name]) for key, name in link.superconductors}
                kind.check(f"links.{link.name}", own)
    return tuple(
        Links(
            kind=kind,
            numbers={key: stack([_number(device, kind, link, key) for link in links]) for key in kind.numbers},
            superconductors={
                key: _superconductors(device, [dict(link.superconductors)[key] for link in links])
                for key in kind.superconductors
            },
            islands=tuple(
                np.array([order.index(link.islands[end]) for link in links], dtype=np.int64)
                for end in range(len(kind.ends))
            ),
        )
        for kind, links in batches
    )


def _number(device: Device, kind: LinkKind, link: Link, key: str) -> Any:
    """A number of a link: its own, that of its element, or NaN if it is absent."""
    if link.element is not None and kind.junctions is not None and key in kind.junctions.keys:
        prefix = f"elements.{link.element}."
        of_element = {path.removeprefix(prefix): v for path, v in device.values.items() if path.startswith(prefix)}
        return kind.junctions.numbers(of_element)[key]
    return device.values.get(f"links.{link.name}.{key}", np.nan)


def _superconductors(device: Device, names: list[str]) -> Superconductors:
    return Superconductors(
        critical_temperature=stack([device.values[f"superconductors.{name}.critical_temperature"] for name in names]),
        dynes=stack([device.values[f"superconductors.{name}.dynes"] for name in names]),
        gap_equation=np.array([device.structure.superconductor(name).gap_equation for name in names], dtype=bool),
    )
