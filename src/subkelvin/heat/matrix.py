"""Photonic heat between islands, as a matrix.

P_ij = Σ_{a on i, b on j} P_{a→b},        P_ij = −P_ji,        P_ii = 0.
"""

import contextlib
import math
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.circuit.bucket import in_bucket
from subkelvin.circuit.circuit import Circuit
from subkelvin.circuit.netlist import lower_circuit
from subkelvin.circuit.rational_fit import with_rational_fit
from subkelvin.circuit.routes import ROUTES
from subkelvin.circuit.transmission import transmission_matrix
from subkelvin.heat.photonic import photonic_heat
from subkelvin.model import Device, DeviceError
from subkelvin.numerics.precision import require_double_precision

WANTED_ACCURACY = 1e-10
"""Relative error above which the next route takes over."""


class HeatBetween(NamedTuple):
    """Heat between islands, in the order of the temperatures; arrays of shape (islands, islands)."""

    watts: np.ndarray
    """From the first index to the second [W]."""
    error: np.ndarray
    """Its estimated error [W]."""
    route: str
    """How it was computed."""
    note: str = ""
    """Why a rational fit that was asked for is not how; empty otherwise."""


def fallbacks(device: Device, route: str) -> list[str]:
    """The routes that can take over from one whose errors are too large, in their order."""
    found = []
    for candidate in ROUTES[route].fallbacks:
        # The integral refuses lines that are too long for it: then nothing takes over.
        with contextlib.suppress(DeviceError):
            found.append(lower_circuit(device, candidate).route)
    return found


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


def heat_matrix_of(device: Device, temperatures: np.ndarray, route: str | None = None) -> HeatBetween:
    """Photonic heat between all islands of a device, with every digit that the best route has.

    Lumped circuits go by their poles; where rounding leaves an error above 1e-10 of a heat current, by contours around
    them, then by the adaptive integral over frequency. Circuits with lines or measured elements go by the integral; where narrow
    resonances leave an error above 1e-10, by a rational fit of their transmissions if that is better.

    Args:
        device: the device.
        temperatures: of all islands [K], floating first.
        route: one of `ROUTES` to compute by that one alone. With "rational" the default route still takes over, and ``note`` says
            why, where there is no fit or it is less accurate than both 1e-10 and the integral.

    Raises:
        DeviceError: if the circuit is invalid.
        ValueError: if there is no such route.
        RuntimeError: if JAX's 64-bit mode is off.
    """
    require_double_precision()
    if route is not None and route not in ROUTES:
        raise ValueError(f"Argument `route` must be one of {', '.join(ROUTES)}, but is {route!r}.")
    temperatures = np.asarray(temperatures, dtype=float)
    hottest = float(np.max(temperatures, initial=0.0))
    note = ""
    if route == "rational":
        circuit, note = with_rational_fit(lower_circuit(device), hottest)
    else:
        circuit = lower_circuit(device, route)
    own = ROUTES[circuit.route]
    others = (*own.fallbacks, *own.last_resorts) if route in (None, "rational") else ()
    found: list[HeatBetween] = []
    for candidate in [circuit.route, *others]:
        chosen = circuit
        if candidate != circuit.route:
            try:
                chosen = lower_circuit(device, candidate, hottest)
            except DeviceError:
                # The integral refuses lines that are too long for it.
                continue
        if chosen.route != candidate:
            continue
        watts, error = jax.device_get(compiled_island_heat(in_bucket(chosen), temperatures))
        found.append(HeatBetween(watts, error, candidate, note))
        if _worst(error, watts) <= WANTED_ACCURACY:
            break
    best = min(found, key=lambda one: _worst(one.error, one.watts))
    if route == "rational" and circuit.route == "rational" and best.route != "rational":
        lost = _worst(found[0].error, found[0].watts)
        best = best._replace(
            note=f"The rational fit was not taken because its stated error is {lost:.1g} of a heat current."
        )
    return best


def _worst(error: np.ndarray, watts: np.ndarray) -> float:
    """The largest relative error; infinite where an error leaves nothing, or something is not finite."""
    if not (np.all(np.isfinite(watts)) and np.all(np.isfinite(error))):
        return math.inf
    uncertain = error > 0.0
    with np.errstate(divide="ignore"):
        return float(np.max(error[uncertain] / np.abs(watts[uncertain]), initial=0.0))
