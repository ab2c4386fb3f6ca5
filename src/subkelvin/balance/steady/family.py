"""A device with one value left open: the balance of its floating islands as F(ln T, λ), for following branches."""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.balance.network.network import Network, lower
from subkelvin.balance.network.route import with_route
from subkelvin.balance.steady.scan import COLDEST_FRACTION, HIGHEST_TEMPERATURE
from subkelvin.balance.steady.solve import imbalance_and_size
from subkelvin.heat.matrix import fallbacks
from subkelvin.model import Device

DIFFERENCE = 1e-6
"""Of λ, for the central difference of a lowered device: it steers the steps, and enters no result."""


class Family:
    """A device with one value left open, as F(ln T, λ) and its derivatives."""

    def __init__(self, device: Device, key: str, start: float, stop: float, logarithmic: bool):
        self.device, self.key = device, key
        self.start, self.stop, self.logarithmic = start, stop, logarithmic
        self.others = fallbacks(device, lower(device).circuit.route)
        ends = [self.network(position) for position in (0.0, 1.0)]
        coldest = min(float(np.min(network.held_temperatures)) for network in ends)
        highest = np.min([np.asarray(network.ceiling, dtype=float) for network in ends], axis=0)
        self.bounds = (
            np.full(highest.shape, np.log(COLDEST_FRACTION * coldest)),
            np.log(np.minimum(highest, HIGHEST_TEMPERATURE)),
        )

    def value(self, position: float | np.ndarray) -> Any:
        """The value at a position λ of its range [SI]; both ends exactly."""
        if self.logarithmic:
            inner = self.start * np.exp(np.asarray(position) * np.log(self.stop / self.start))
        else:
            inner = self.start + np.asarray(position) * (self.stop - self.start)
        return np.where(position == 1.0, self.stop, inner)[()]

    def at(self, position: float) -> Device:
        """The device with its value at a position of the range; a predicted step may look a little beyond the ends."""
        return Device({**self.device.values, self.key: float(self.value(position))}, self.device.structure)

    def network(self, position: float) -> Network:
        """The same as arrays."""
        return lower(self.at(position))

    def __call__(self, unknowns: np.ndarray, position: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """F [W], ∂F/∂ln T [W] and ∂F/∂λ [W] at ln T and λ."""
        found = self._derivatives_at(unknowns, position)
        while self.others and not np.all(np.isfinite(found[0])):
            # A heat that the route does not know is NaN: the next route takes over, from here on.
            self.device = with_route(self.device, self.others.pop(0))
            found = self._derivatives_at(unknowns, position)
        return found

    def _derivatives_at(self, unknowns: np.ndarray, position: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        network = self.network(position)
        numbers, rest = eqx.partition(network, _is_number)
        above, below = (eqx.filter(self.network(position + sign * DIFFERENCE), _is_number) for sign in (1.0, -1.0))
        # An infinite ceiling minus itself is no number; what does not change has no slope.
        with np.errstate(invalid="ignore"):
            slope = jax.tree.map(lambda a, b: np.where(a == b, 0.0, (a - b) / (2.0 * DIFFERENCE)), above, below)
        return jax.device_get(_derivatives(numbers, slope, rest, np.exp(unknowns)))


def _is_number(leaf: Any) -> bool:
    """Whether a leaf of a lowered device can be differentiated."""
    return eqx.is_inexact_array(leaf) or (isinstance(leaf, np.ndarray) and np.issubdtype(leaf.dtype, np.inexact))


@eqx.filter_jit
def _derivatives(
    numbers: Network, slope: Network, rest: Network, temperatures: jax.Array
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """F, ∂F/∂ln T and ∂F/∂λ, the outflow traced once: directions along each ln T, and one along λ."""
    count = temperatures.shape[0]

    def imbalance(numbers: Network, temperatures: jax.Array) -> jax.Array:
        return imbalance_and_size(eqx.combine(numbers, rest), temperatures)[0]

    def along(direction: jax.Array) -> tuple[jax.Array, jax.Array]:
        tangents = (jax.tree.map(lambda s: s * direction[count], slope), temperatures * direction[:count])
        return jax.jvp(imbalance, (numbers, temperatures), tangents)

    value, columns = jax.vmap(along, out_axes=(None, 1))(jnp.eye(count + 1))
    return value, columns[:, :count], columns[:, count]
