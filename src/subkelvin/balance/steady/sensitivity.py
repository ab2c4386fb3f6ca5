"""A steady state of one floating island, and how its temperature answers to its power and to held temperatures.

By the implicit function theorem, with G the outflow of the floating island at T and T_j a held temperature:

    dT/dP = 1/(∂G/∂T),        dT/dT_j = −(∂G/∂T_j)/(∂G/∂T).
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp

from subkelvin.balance.network.network import Network
from subkelvin.balance.steady.solve import outflow_of_floating, solve


class Sensitivity(NamedTuple):
    """A steady state and how the floating island's temperature answers to its power and to held temperatures."""

    temperatures: jax.Array
    """[K], floating islands first."""
    status: jax.Array
    by_power: jax.Array
    """∂T_1/∂power of the floating island [K/W]."""
    by_held_temperature: jax.Array
    """∂T_1/∂T of every held island [1]."""
    outflow: jax.Array
    """Heat that leaves every island [W]."""


def sensitivity(network: Network) -> Sensitivity:
    """Steady state of a network with one floating island, and its derivatives by heater power and held temperatures.

    One backward pass in all; the result can be differentiated again.
    """

    def outflow(temperature: jax.Array, held: jax.Array) -> jax.Array:
        return outflow_of_floating(Network(**{**vars(network), "held_temperatures": held}), temperature[None])[0]

    solution = solve(network)
    slope, by_held = jax.grad(outflow, argnums=(0, 1))(solution.temperatures[0], jnp.asarray(network.held_temperatures))
    return Sensitivity(solution.temperatures, solution.status, (1.0 / slope)[None], -by_held / slope, solution.outflow)
