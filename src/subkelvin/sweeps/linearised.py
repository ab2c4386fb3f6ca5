"""A network together with how every number of it changes with values of its device.

    N(v + ε) = N(v) + ε Σ_leaves ∂N/∂v,        df(N)/dv = ∂f/∂N · ∂N/∂v

``lower`` gathers a value into every place that uses it, so that the tangent of a shared material is right by construction. A
function of a network is then pushed along the tangent (forward mode), through the steady state by the implicit function theorem.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.balance.network.network import Network, lower
from subkelvin.model import Device

T = TypeVar("T")
U = TypeVar("U")


class Linearised(NamedTuple):
    """A network and its tangents."""

    network: Network
    tangents: tuple[list[jax.Array], ...]
    """∂(leaf)/∂(value) of every floating-point leaf, for each of the keys by which is differentiated."""


def linearised(device: Device, keys: Sequence[str], route: str | None = None) -> Linearised:
    """A device's network and its tangents by some keys; arrays over a grid keep their axes in front.

    Args:
        device: the device.
        keys: by which is differentiated.
        route: how photonic heat is to be computed.
    """

    def numbers(key: str, value: jax.Array) -> list[jax.Array]:
        changed = Device({**device.values, key: value}, device.structure, device.provenance)
        return _split(lower(changed, route))[0]

    def tangent(key: str) -> list[jax.Array]:
        value = jnp.asarray(device.values[key], dtype=float)
        _, found = jax.jvp(lambda x: numbers(key, x), (value,), (jnp.ones_like(value),))
        return [np.asarray(one) for one in found]  # type: ignore[misc]

    return Linearised(lower(device, route), tuple(map(tangent, keys)))


def push(function: Callable[[Network], tuple[T, U]], point: Linearised) -> tuple[T, T, U]:
    """What a function makes of a network, its derivatives by the keys (their index in front), and what else it gives.

    Args:
        function: gives what is differentiated, and what is not.
        point: the network and its tangents.
    """
    numbers, others, rebuild = _parts(point.network)
    along = [jnp.stack([one[place] for one in point.tangents]) for place in range(len(numbers))]
    # The network does not depend on which derivative is taken: the state is found once.
    found: tuple[T, T, U] = jax.vmap(
        lambda *one: jax.jvp(lambda *leaves: function(rebuild(leaves, others)), tuple(numbers), one, has_aux=True),
        out_axes=(None, 0, None),
    )(*along)
    return found


def _split(network: Network) -> tuple[list[jax.Array], list[np.ndarray]]:
    """The leaves that are numbers, as arrays, and the others: indices and flags."""
    leaves = jax.tree.leaves(network)
    numbers = [jnp.asarray(leaf) for leaf in leaves if jnp.issubdtype(jnp.result_type(leaf), jnp.inexact)]
    return numbers, [leaf for leaf in leaves if not jnp.issubdtype(jnp.result_type(leaf), jnp.inexact)]


def _parts(
    network: Network,
) -> tuple[list[jax.Array], list[np.ndarray], Callable[[Sequence[jax.Array], list[np.ndarray]], Network]]:
    """Numbers, other leaves, and how a network is put together from them again."""
    leaves, structure = jax.tree.flatten(network)
    real = [jnp.issubdtype(jnp.result_type(leaf), jnp.inexact) for leaf in leaves]
    numbers, others = _split(network)

    def rebuild(numbers: Sequence[jax.Array], others: list[np.ndarray]) -> Network:
        moving, fixed = iter(numbers), iter(others)
        whole: Network = jax.tree.unflatten(structure, [next(moving) if one else next(fixed) for one in real])
        return whole

    return numbers, others, rebuild
