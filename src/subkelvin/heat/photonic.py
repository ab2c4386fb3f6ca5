"""Heat carried by photons between the dissipative branches of a circuit.

    P_{i→j} = ∫_0^∞ dω/2π ħω 𝒯_ij(ω) [n(ω, T_i) − n(ω, T_j)]

The closed form serves every circuit whose transmissions have one pole; the adaptive integral serves all, and is the
independent check of the closed form. Docs: docs/physics.md, section 4.
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp

from subkelvin.circuit.circuit import Circuit
from subkelvin.circuit.transmission import one_pole, transmission
from subkelvin.heat.integral import integrated_heat_current
from subkelvin.heat.one_pole import one_pole_heat_current


def photonic_heat(circuit: Circuit, temperatures: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Net photonic heat of every pair of branches, by the closed form where there is one.

    Args:
        circuit: the circuit.
        temperatures: of every island [K], shape (islands,).

    Returns:
        Heat from the first branch of each pair to the second [W] and the estimated error of it [W]
        (0 for the closed form), each of shape (pairs,).
    """
    if not circuit.one_pole:
        return photonic_heat_by_integral(circuit, temperatures)
    static, time_constant = one_pole(circuit, circuit.conductance(temperatures))
    branch_temperature = temperatures[circuit.islands]
    heat = one_pole_heat_current(
        branch_temperature[circuit.pairs[..., 0]], branch_temperature[circuit.pairs[..., 1]], static, time_constant
    )
    return heat, jnp.zeros_like(heat)


def photonic_heat_by_integral(circuit: Circuit, temperatures: jax.Array) -> tuple[jax.Array, jax.Array]:
    """The same as `photonic_heat`, always by adaptive integration over frequency."""
    conductance = circuit.conductance(temperatures)
    branch_temperature = temperatures[circuit.islands]
    heats, errors = [], []
    for pair in range(circuit.pairs.shape[0]):
        heat, error = integrated_heat_current(
            _transmission_of(circuit, conductance, pair),
            branch_temperature[circuit.pairs[pair, 0]],
            branch_temperature[circuit.pairs[pair, 1]],
            # A resonance may be far narrower than the mesh: the mesh has to begin at it.
            break_frequencies=jax.lax.stop_gradient(circuit).resonances(),
        )
        heats.append(heat)
        errors.append(error)
    return jnp.stack(heats) if heats else jnp.zeros(0), jnp.stack(errors) if errors else jnp.zeros(0)


def _transmission_of(circuit: Circuit, conductance: jax.Array, pair: int) -> Callable[[jax.Array], jax.Array]:
    """𝒯(ω) of one pair of branches, as a function of frequency alone."""

    def of_frequency(frequency: jax.Array) -> jax.Array:
        return transmission(circuit, conductance, frequency)[pair]

    return of_frequency
