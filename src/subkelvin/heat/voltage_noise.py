"""Voltage noise across the branches of a circuit.

Every dissipative branch j is in equilibrium at the temperature of its island and emits the thermal current noise
S_I,j = 4ħω n(ω, T_j) G_j, which falls on every branch k through the transfer impedance Z_kj = b_kᵀ Y⁻¹ b_j:

    ⟨V_k²⟩ = Σ_j ∫_0^∞ dω/2π S_I,j |Z_kj|².

With 𝒯_kj = 4G_kG_j|Z_kj|² this says that the voltage heats branch k by what all branches radiate into it, itself included:

    G_k⟨V_k²⟩ = Σ_j ∫_0^∞ dω/2π ħω 𝒯_kj n(ω, T_j),

so that the closed form and the integral of the photonic heat serve for the noise as well. At high temperature a branch of
capacitance C between its ends has k_BT/C, whatever its resistance. Docs: docs/physics.md, sections 4 and 9.
"""

import jax
import jax.numpy as jnp

from subkelvin.circuit.circuit import Circuit
from subkelvin.circuit.transmission import one_pole, voltage_response
from subkelvin.heat.echoes import voltage_squares_by_echoes
from subkelvin.heat.integral import INTERVALS_PER_BREAK, integrated_heat_current, resonances
from subkelvin.heat.one_pole import one_pole_heat_current


def voltage_noise(circuit: Circuit, temperatures: jax.Array) -> tuple[jax.Array, jax.Array]:
    """⟨V_k²⟩ = Σ_j ∫_0^∞ dω/2π 4ħω n(ω, T_j) G_j |Z_kj|², by the closed form where there is one.

    One pole: |Z|² = 1/[G²(1 + ω²τ²)] for every pair of branches, G = ΣG_j, τ = ΣC_j/G.

    Args:
        circuit: any circuit.
        temperatures: of every island [K], shape (islands,).

    Returns:
        Mean square voltage across each dissipative branch [V²] and its estimated error [V²] (0 for the closed form), each
        of shape (branches,). N junctions in series that make up one branch see 1/N of the voltage each.

    Validity:
        The thermal part alone, without zero-point noise; each branch at one temperature. NaN for a circuit that conducts
        nowhere, and for negative or NaN temperatures.

    References:
        H. B. Callen and T. A. Welton, doi:10.1103/PhysRev.83.34 (fluctuation–dissipation theorem).
    """
    if circuit.route == "echoes" and circuit.branches.islands.shape[0]:
        return voltage_squares_by_echoes(circuit, temperatures)
    if not circuit.one_pole:
        return voltage_noise_by_integral(circuit, temperatures)
    conductance = circuit.conductance(temperatures)
    _, time_constant = one_pole(circuit, conductance)
    total = jnp.sum(conductance)
    # 4G_j/G² [Ω] in the place of the transmission makes the heat current a mean square voltage.
    weight = 4.0 * (conductance / total) / total
    squares = one_pole_heat_current(temperatures[circuit.islands], 0.0, weight, time_constant)
    everywhere = jnp.broadcast_to(jnp.sum(squares), conductance.shape)
    return everywhere, jnp.zeros_like(everywhere)


def voltage_noise_by_integral(circuit: Circuit, temperatures: jax.Array) -> tuple[jax.Array, jax.Array]:
    """The same as `voltage_noise`, always by adaptive integration over frequency."""
    islands = temperatures[circuit.islands]
    branches, radiators = circuit.branches.islands.shape[0], circuit.islands.shape[0]
    if branches == 0:
        return jnp.zeros(0), jnp.zeros(0)

    def from_all(frequency: jax.Array) -> jax.Array:
        return voltage_response(circuit, temperatures, frequency).reshape(branches * radiators, -1)

    breaks = resonances(circuit, temperatures)
    squares, errors = integrated_heat_current(
        from_all,
        jnp.tile(islands, branches),
        jnp.zeros(branches * radiators),
        break_frequencies=breaks,
        max_panels=circuit.panels + INTERVALS_PER_BREAK * breaks.shape[0],
    )
    return jnp.sum(squares.reshape(branches, -1), axis=1), jnp.sum(errors.reshape(branches, -1), axis=1)
