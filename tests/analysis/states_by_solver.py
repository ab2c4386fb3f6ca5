"""T_L, 𝓡 and δT by the whole solver, point by point and without a table: slow, and independent of `response`.

Derivatives come from the implicit function theorem at the solver's root, not from slopes of the outflow at a contour.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin import Device
from subkelvin.balance.network.network import Network, lower
from subkelvin.balance.network.route import prepare
from subkelvin.balance.steady.solve import solve

HALVINGS = 40
"""Of the interval in which T_L is lowest, to rounding of T_L."""


class Solved(NamedTuple):
    """One state."""

    temperature: float
    """T_L [K]."""
    responsivity: float
    """dT_L/dT_R."""
    by_power: float
    """dT_L/dP [K/W]."""
    holding_power: float
    """[W]"""
    status: int


class Solver:
    """The states of one structure of device, solved one by one; devices of that structure share what is compiled."""

    def __init__(self, device: Device, swept: str) -> None:
        held = [island.name for island in device.structure.held_islands]
        self.place = np.array(held.index(swept))
        self.network = lower(prepare(device))

    def state(self, temperature: float, power: float) -> Solved:
        """At T_R [K] and P [W]."""
        found = jax.device_get(_state(self.network, self.place, temperature, power))
        left, slope, by_power, holding = map(float, found[:-1])
        return Solved(left, slope, by_power, holding, int(found[-1]))

    def lowest(self, low: float, high: float, power: float) -> tuple[float, float]:
        """T_R where 𝓡 changes sign between two temperatures [K], by halving, and T_L there."""
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self.state(middle, power).responsivity < 0.0 else (low, middle)
        return high, self.state(high, power).temperature


@jax.jit
def _state(network: Network, place: jax.Array, temperature: jax.Array, power: jax.Array) -> tuple[jax.Array, ...]:
    def solved(temperature: jax.Array, power: jax.Array) -> tuple[jax.Array, tuple[jax.Array, jax.Array]]:
        held = jnp.asarray(network.held_temperatures).at[place].set(temperature)
        at = Network(**{**vars(network), "held_temperatures": held, "power": jnp.reshape(power, (1,))})
        solution = solve(at)
        holding = solution.outflow[1 + place] - network.parasitic_power[1 + place]
        return solution.temperatures[0], (holding, solution.status)

    value, slope, (holding, status) = jax.linearize(solved, temperature, power, has_aux=True)
    return value, slope(1.0, 0.0), slope(0.0, 1.0), holding, status
