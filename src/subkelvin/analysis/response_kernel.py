"""The response of a floating island as a pure function of a network: steady states over powers and swept temperatures.

What `response` gives for plain numbers from one table of the outflow, this gives point by point, so that it can be traced,
differentiated and mapped:

    F(T_L, T_R) = P,        𝓡 = dT_L/dT_R = −(∂F/∂T_R)/(∂F/∂T_L).
"""

from typing import Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.analysis.conductance import over_points
from subkelvin.balance.network.network import Network
from subkelvin.balance.steady.sensitivity import sensitivity
from subkelvin.model.status import Status


class Contours(NamedTuple):
    """Contour lines of the outflow; arrays of shape (powers, swept temperatures)."""

    swept_temperature: np.ndarray
    """T_R [K], shape (swept temperatures,)."""
    temperature: np.ndarray
    """T_L [K]; NaN where there is no steady state."""
    responsivity: np.ndarray
    """𝓡 = dT_L/dT_R."""
    holding_power: np.ndarray
    """Power that holds the swept island [W]."""
    status: np.ndarray
    """`Status` of each steady state."""


@jax.jit
def contours_by_solver(network: Network, place: jax.Array, temperatures: jax.Array, powers: jax.Array) -> Contours:
    """The contour lines F = P, every point solved by itself.

    Powers are innermost: the scan of the outflow does not contain them, and serves all of them.

    Args:
        network: with one floating island.
        place: of the swept island among the held ones.
        temperatures: T_R [K], shape (n,).
        powers: into the floating island [W], shape (p,).
    """

    def at(temperature: jax.Array, power: jax.Array) -> tuple[jax.Array, ...]:
        held = jnp.asarray(network.held_temperatures).at[place].set(temperature)
        swept = eqx.tree_at(lambda n: (n.held_temperatures, n.power), network, (held, power[None]))
        found = sensitivity(swept)
        holding = found.outflow[1 + place] - network.parasitic_power[1 + place]
        good = found.status == Status.CONVERGED
        parts = (found.temperatures[0], found.by_held_temperature[place], holding)
        return *(jnp.where(good, part, jnp.nan) for part in parts), found.status

    def row(temperature: jax.Array) -> tuple[jax.Array, ...]:
        return jax.vmap(lambda power: at(temperature, power))(powers)

    rows = over_points(network.circuit, row, temperatures)
    parts: tuple[Any, ...] = (temperatures, *(jnp.swapaxes(part, 0, 1) for part in rows))
    return Contours(*parts)
