"""A circuit as arrays without names, the form that compiled code sees.

The branches that dissipate come apart from the lossless ones, because only they radiate. Incidence vectors b_k (one row per
branch, one column per free node) say where a branch is connected. Docs: docs/physics.md, section 4.
"""

import equinox as eqx
import jax
import jax.numpy as jnp

from subkelvin.model.stacking import Leaf
from subkelvin.physics.junction import conductance_ratio
from subkelvin.physics.superconductor import gap, zero_temperature_gap


class Circuit(eqx.Module):
    """Dissipative and lossless branches; the last axis of every number runs over branches.

    ``critical_temperature`` is 0 for a branch without a superconductor. ``one_pole`` is true when there is one free
    node and no inductance: the transmissions then share a single pole and heat has a closed form.
    """

    normal_conductance: Leaf
    capacitance: Leaf
    inverse_inductance: Leaf
    critical_temperature: Leaf
    dynes: Leaf
    gap_equation: Leaf
    islands: Leaf
    incidence: Leaf
    lossless_capacitance: Leaf
    lossless_inverse_inductance: Leaf
    lossless_incidence: Leaf
    pairs: Leaf
    one_pole: bool = eqx.field(static=True)

    def conductance(self, temperatures: jax.Array) -> jax.Array:
        """Conductance of every dissipative branch, G_N · R_N/R(T) [S], shape (branches,).

        Args:
            temperatures: of every island [K], shape (islands,).
        """
        temperature = temperatures[self.islands]
        return self.normal_conductance * conductance_ratio(
            temperature,
            gap(temperature, self.critical_temperature, self.gap_equation),
            self.dynes * zero_temperature_gap(self.critical_temperature, self.gap_equation),
        )

    def admittance_matrix(self, conductance: jax.Array, frequency: jax.Array) -> jax.Array:
        """Nodal admittance matrix Σ_k b_k b_kᵀ Y_k(ω) [S], shape (*frequency.shape, nodes, nodes).

        Args:
            conductance: of every dissipative branch [S].
            frequency: angular, positive [rad/s].
        """
        frequency = frequency[..., None]
        dissipative = conductance + 1j * frequency * self.capacitance + self.inverse_inductance / (1j * frequency)
        lossless = 1j * frequency * self.lossless_capacitance + self.lossless_inverse_inductance / (1j * frequency)
        return jnp.einsum("...k,ka,kb->...ab", dissipative, self.incidence, self.incidence) + jnp.einsum(
            "...k,ka,kb->...ab", lossless, self.lossless_incidence, self.lossless_incidence
        )
