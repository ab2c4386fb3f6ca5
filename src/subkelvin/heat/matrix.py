"""Photonic heat between islands, as a matrix.

P_ij = Σ_{a on i, b on j} P_{a→b},        P_ij = −P_ji,        P_ii = 0.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.circuit.bucket import in_bucket
from subkelvin.circuit.circuit import Circuit
from subkelvin.circuit.netlist import lower_circuit
from subkelvin.circuit.transmission import transmission_matrix
from subkelvin.heat.photonic import photonic_heat
from subkelvin.model import Device
from subkelvin.numerics.precision import require_double_precision

ROUTES = ("one-pole", "poles", "contours", "mesh", "integral")
WANTED_ACCURACY = 1e-10
"""Relative error above which the next route takes over."""


class HeatMatrix(NamedTuple):
    """Heat between islands, in the order of the temperatures; arrays of shape (islands, islands)."""

    watts: np.ndarray
    """From the first index to the second [W]."""
    error: np.ndarray
    """Its estimated error [W]."""
    route: str
    """How it was computed."""


def island_heat(circuit: Circuit, temperatures: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Net photonic heat from every island to every other, and its estimated error [W], each of shape (islands, islands)."""
    heat, error = photonic_heat(circuit, temperatures)
    islands = circuit.islands
    first, second = islands[circuit.pairs[..., 0]], islands[circuit.pairs[..., 1]]
    empty = jnp.zeros((temperatures.shape[0], temperatures.shape[0]))
    one_way = empty.at[first, second].add(heat)
    uncertain = empty.at[first, second].add(error)
    return one_way - one_way.T, uncertain + uncertain.T


def island_transmission(circuit: Circuit, temperatures: jax.Array, frequency: jax.Array) -> jax.Array:
    """𝒯 between islands: the sum over their radiators, shape (islands, islands, *frequency.shape); 0 on the diagonal."""
    between = transmission_matrix(circuit, temperatures, frequency)
    owner = circuit.islands[:, None] == jnp.arange(temperatures.shape[0])
    summed = jnp.einsum("ki,kl...,lj->ij...", owner.astype(float), between, owner.astype(float))
    off = 1.0 - jnp.eye(temperatures.shape[0])
    return summed * off.reshape(off.shape + (1,) * frequency.ndim)


compiled_island_heat = jax.jit(island_heat)
compiled_island_transmission = jax.jit(island_transmission)


def heat_matrix_of(device: Device, temperatures: np.ndarray, route: str | None = None) -> HeatMatrix:
    """Photonic heat between all islands of a device, with every digit that the best route has.

    Lumped circuits go by their poles; where rounding leaves an error above 1e-10 of a heat current, by contours around
    them, then by the adaptive integral over frequency.

    Args:
        device: the device.
        temperatures: of all islands [K], floating first.
        route: one of `ROUTES` to compute by that one alone.

    Raises:
        DeviceError: if the circuit cannot be meant.
        ValueError: if there is no such route.
        RuntimeError: if JAX's 64-bit mode is off.
    """
    require_double_precision()
    if route is not None and route not in ROUTES:
        raise ValueError(f"Argument `route` must be one of {', '.join(ROUTES)}, but is {route!r}.")
    circuit = lower_circuit(device, route)
    best: HeatMatrix | None = None
    others = {"poles": ("contours", "integral"), "mesh": ("integral",)}.get(circuit.route, ())
    for candidate in [circuit.route, *(() if route else others)]:
        chosen = in_bucket(lower_circuit(device, candidate))
        watts, error = jax.device_get(compiled_island_heat(chosen, np.asarray(temperatures, dtype=float)))
        if best is None or _worst(error, watts) < _worst(best.error, best.watts):
            best = HeatMatrix(watts, error, candidate)
        if _worst(error, watts) <= WANTED_ACCURACY:
            break
    assert best is not None
    return best


def _worst(error: np.ndarray, watts: np.ndarray) -> float:
    """The largest relative error; 0 where nothing flows."""
    flows = watts != 0.0
    return float(np.max(error[flows] / np.abs(watts[flows]), initial=0.0))
