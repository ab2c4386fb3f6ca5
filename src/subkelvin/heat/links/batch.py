"""All links of one kind as arrays: what compiled code sees of them."""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.heat.links.kind import LinkKind
from subkelvin.heat.links.registry import KINDS
from subkelvin.model import Device, DeviceError, Link, Structure
from subkelvin.model.stacking import Leaf, stack
from subkelvin.physics.superconductor import Superconductors


class Links(eqx.Module):
    """The links of one kind; the last axis of every array runs over them."""

    kind: LinkKind = eqx.field(static=True)
    numbers: dict[str, Leaf]
    superconductors: dict[str, Superconductors]
    first: Leaf
    second: Leaf
    """Positions of the islands."""

    @property
    def count(self) -> int:
        """How many paths these are."""
        return len(self.kind.ways) * self.first.shape[-1]

    def flows(self, temperatures: jax.Array) -> jax.Array:
        """Watts along all ways of all links, one way after another, at the temperatures of all islands [K]."""
        return self.flows_between(temperatures[self.first], temperatures[self.second])

    def flows_between(self, first: jax.Array, second: jax.Array) -> jax.Array:
        """The same at the temperatures of both ends of every link [K]."""
        values: dict[str, Any] = {**self.numbers, **self.superconductors}
        watts = self.kind.flows(first, second, values)
        return jnp.concatenate([jnp.broadcast_to(way, self.first.shape) for way in watts])


def links_by_kind(structure: Structure, floating: bool) -> list[tuple[LinkKind, list[Link]]]:
    """Each kind with its links: those with a floating island at one end, or those between held islands.

    Raises:
        DeviceError: if a kind is not registered in this session.
    """
    for link in structure.links:
        if link.kind not in KINDS:
            raise DeviceError(
                f"links.{link.name}",
                f"is of kind {link.kind!r}, which nobody registered",
                "call subkelvin.heat.links.register_link first",
            )
    free = {island.name for island in structure.floating_islands}
    links = [link for link in structure.links if (not free.isdisjoint((link.source, link.target))) == floating]
    kinds = dict.fromkeys(link.kind for link in links)
    return [(KINDS[kind], [link for link in links if link.kind == kind]) for kind in kinds]


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
                key: _superconductors(device, [dict(link.superconductors)[key] for link in links]) for key in kind.ends
            },
            first=np.array([order.index(link.source) for link in links], dtype=np.int64),
            second=np.array([order.index(link.target) for link in links], dtype=np.int64),
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
