"""Which way of computing photonic heat serves a device: the first whose errors are small at the temperatures around it.

Poles lose digits where they coincide or where a circuit blocks thermal frequencies. That depends on resistances and reactances
more than on temperatures, so a few temperatures are enough. Compiled code never switches; every question to a device settles the
route first.
Docs: docs/architecture.md.
"""

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import jax
import numpy as np

from subkelvin.balance.network.network import Network, lower
from subkelvin.circuit.bucket import in_bucket
from subkelvin.circuit.netlist import lower_circuit
from subkelvin.circuit.routes import ROUTES
from subkelvin.heat.matrix import compiled_island_heat, fallbacks
from subkelvin.model import Device
from subkelvin.model.device_arguments import require_device

BALANCED_ACCURACY = 1e-9
"""Of the largest heat: what a balance needs."""
PROBES = (1.0, 2.5, 6.0)
"""Temperatures that are tried, in units of the coldest held one."""
SPREAD = 0.07
"""Islands are tried at temperatures that differ by this much from one to the next."""


def prepare(device: Device) -> Device:
    """The device, with the route of its photonic heat settled: once, before its values are traced or swept.

    Every question does this by itself for a device of plain numbers. Inside `jax.grad`, `jax.jit` or `jax.vmap` values are not
    known: prepare the device outside, and replace values of the prepared one inside. What is replaced later does not change the
    route: where it does not know a heat, the answer is NaN with a status; then prepare the device anew, there.

    Args:
        device: with tracers or arrays among its values, its own first route is kept.

    Returns:
        The same device, which goes by the first route whose errors are small at a few temperatures around it.

    Raises:
        DeviceError: if the circuit is invalid.
        ValueError: if this is no device.

    Example:
        >>> import jax
        >>> from subkelvin import prepare, preset, steady_state
        >>> device = prepare(preset("silver-setup-1"))
        >>> left = lambda t: steady_state(device.replace({"islands.right.temperature": t})).temperatures["left"]
        >>> bool(jax.grad(left)(0.3) < 0.0)
        True
    """
    require_device(device, batch=True, traced=True)
    if device.structure.photon_route or any(_is_open(value) for value in device.values.values()):
        return device
    first = lower_circuit(device).route
    if not ROUTES[first].fallbacks:
        return device
    # What is settled once is not asked again by the questions that this one asks.
    for route in (first, *fallbacks(device, first)):
        candidate = with_route(device, route)
        if not ROUTES[route].fallbacks or all(_is_known(candidate, temperatures) for temperatures in _probes(device)):
            break
    return candidate


def with_route(device: Device, route: str | None) -> Device:
    """The device with a route of its own."""
    return Device(device.values, dataclasses.replace(device.structure, photon_route=route), device.provenance)


def routes_from(own: str) -> tuple[str, ...]:
    """A route, and those that can take over from it where it does not know a heat, in their order."""
    return (own, *ROUTES[own].fallbacks)


def other_networks(device: Device, own: str) -> Iterator[tuple[int, Network]]:
    """The device's network by every route that can take over from its own, each with its place in `routes_from`."""
    served = fallbacks(device, own)
    for number, route in enumerate(routes_from(own)[1:], start=1):
        if route in served:
            yield number, lower(device, route)


def meaning_of_routes(routes: tuple[str, ...]) -> str:
    """What the small integers of a dataset's ``photon_route`` mean, as JSON."""
    return json.dumps({-1: "not computed", **dict(enumerate(routes))})


def _is_known(device: Device, temperatures: np.ndarray) -> bool:
    """Whether the device's route knows all heats to 1e-9 of the largest of them; temperatures of all islands [K]."""
    watts, error = jax.device_get(compiled_island_heat(in_bucket(lower_circuit(device)), temperatures))
    return bool(np.all(error <= BALANCED_ACCURACY * np.max(np.abs(watts), initial=0.0)))


def _is_open(value: Any) -> bool:
    """Whether a value is not one plain number."""
    return isinstance(value, jax.core.Tracer) or np.ndim(value) > 0


def _probes(device: Device) -> list[np.ndarray]:
    held = [float(device.values[f"islands.{island.name}.temperature"]) for island in device.structure.held_islands]
    apart = 1.0 + SPREAD * np.arange(len(device.structure.islands))
    return [factor * min(held) * apart for factor in PROBES]
