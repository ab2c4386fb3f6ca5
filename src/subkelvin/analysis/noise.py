"""Voltage noise across the branches of a circuit.

Every dissipative branch j is in equilibrium at the temperature of its island and emits the thermal current noise
S_I,j = 4ħω n(ω, T_j) G_j, which falls on every branch k through the transfer impedance Z_kj = b_kᵀ Y⁻¹ b_j:

    ⟨V_k²⟩ = Σ_j ∫_0^∞ dω/2π S_I,j |Z_kj|².

With 𝒯_kj = 4G_kG_j|Z_kj|² this says that the voltage heats branch k by what all branches radiate into it, itself included:

    G_k⟨V_k²⟩ = Σ_j ∫_0^∞ dω/2π ħω 𝒯_kj n(ω, T_j),

so that the closed form and the integral of the photonic heat serve for the noise as well. At high temperature a branch of
capacitance C between its ends has k_BT/C, whatever its resistance. Docs: docs/physics.md, sections 4 and 9.
"""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.circuit.circuit import Circuit
from subkelvin.circuit.transmission import one_pole, transmission
from subkelvin.heat.integral import integrated_heat_current
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
    conductance = circuit.conductance(temperatures)
    count = circuit.islands.shape[0]
    receivers, emitters = np.indices((count, count))
    onto_all = eqx.tree_at(lambda c: c.pairs, circuit, np.stack([receivers, emitters], axis=-1).reshape(-1, 2))

    def heat_from(emitter: jax.Array) -> tuple[jax.Array, jax.Array]:
        def into_every_branch(frequency: jax.Array) -> jax.Array:
            pairs = transmission(onto_all, conductance, frequency)
            return jnp.take(pairs.reshape(count, count, -1), emitter, axis=1) / conductance[:, None]

        return integrated_heat_current(into_every_branch, temperatures[circuit.islands][emitter], 0.0)

    squares, errors = jax.vmap(heat_from)(jnp.arange(count))
    return jnp.sum(squares, axis=0), jnp.sum(errors, axis=0)
