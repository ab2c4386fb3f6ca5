"""Heat carried by photons between the radiators of a circuit.

    P_{i→j} = ∫_0^∞ dω/2π ħω 𝒯_ij(ω) [n(ω, T_i) − n(ω, T_j)]

Circuits whose transmissions share one pole have a closed form of their own, all other lumped circuits the sum over their
poles. Superconducting wires and frequency-dependent junctions are not rational: without resonances they take a fixed mesh
over frequency. Everything else takes the adaptive integral, which is the independent check of all others, or, where asked for,
the closed form of a rational fit. Docs: docs/physics.md, section 4.
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp

from subkelvin.circuit.circuit import Circuit
from subkelvin.circuit.transmission import one_pole
from subkelvin.constants import HEAT_QUANTUM
from subkelvin.heat.contours import heat_by_contours
from subkelvin.heat.echoes import heat_by_echoes
from subkelvin.heat.integral import heat_by_integral
from subkelvin.heat.mesh import heat_on_mesh
from subkelvin.heat.one_pole import one_pole_heat_current
from subkelvin.heat.rational import heat_by_rational_fit
from subkelvin.heat.residues import heat_by_residues

UNKNOWN = 1e-3
"""Relative error beyond which a heat is not known."""
NEGLIGIBLE = 1e-14
"""Share of a perfect channel that no balance can feel."""


def photonic_heat(circuit: Circuit, temperatures: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Net photonic heat of every pair of radiators, by the circuit's route.

    Args:
        circuit: the circuit.
        temperatures: of every island [K], shape (islands,).

    Returns:
        Heat from the first radiator of each pair to the second [W] and the estimated error of it [W]
        (0 for one pole), each of shape (pairs,).
    """
    if circuit.pairs.shape[0] == 0:
        return jnp.zeros(0), jnp.zeros(0)
    return HEAT_BY[circuit.route](circuit, temperatures)


def known_photonic_heat(circuit: Circuit, temperatures: jax.Array) -> tuple[jax.Array, jax.Array]:
    """`photonic_heat`, with NaN in place of a heat that is not known: a caller that ignores errors must not be misled.

    A heat is known if its estimated error is below 1e-3 of the largest heat of any pair, or below 1e-14 of what a perfect
    channel carries.
    """
    heat, error = photonic_heat(circuit, temperatures)
    if circuit.one_pole or heat.shape[0] == 0:
        return heat, error
    largest = jax.lax.stop_gradient(jnp.max(jnp.abs(heat)))
    channel = HEAT_QUANTUM * jax.lax.stop_gradient(jnp.max(temperatures)) ** 2
    known = error <= jnp.maximum(UNKNOWN * largest, NEGLIGIBLE * channel)
    return jnp.where(known, heat, jnp.nan), error


def _heat_through_one_pole(circuit: Circuit, temperatures: jax.Array) -> tuple[jax.Array, jax.Array]:
    static, time_constant = one_pole(circuit, circuit.conductance(temperatures))
    temperature = temperatures[circuit.islands]
    heat = one_pole_heat_current(
        temperature[circuit.pairs[..., 0]], temperature[circuit.pairs[..., 1]], static, time_constant
    )
    return heat, jnp.zeros_like(heat)


HeatOfRoute = Callable[[Circuit, jax.Array], tuple[jax.Array, jax.Array]]
HEAT_BY: dict[str, HeatOfRoute] = {
    "one-pole": _heat_through_one_pole,
    "poles": heat_by_residues,
    "contours": heat_by_contours,
    "mesh": heat_on_mesh,
    "echoes": heat_by_echoes,
    "integral": heat_by_integral,
    "rational": heat_by_rational_fit,
}
"""The function of every route of `subkelvin.circuit.routes.ROUTES`: net heat of every pair of radiators and its error [W]."""
