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

    def resonances(self) -> jax.Array:
        """Angular frequencies at which the circuit without its conductances would ring [rad/s], shape (2,).

        The roots ω² = λ of det(Γ − λC) = 0 with the nodal matrices C of capacitance and Γ of inverse inductance, for one or two
        free nodes; where there is no such frequency, infinity.
        """
        incidence = jnp.concatenate([self.incidence, self.lossless_incidence])
        capacitance = jnp.concatenate([self.capacitance, self.lossless_capacitance])
        inverse_inductance = jnp.concatenate([self.inverse_inductance, self.lossless_inverse_inductance])
        c = jnp.einsum("k,ka,kb->ab", capacitance, incidence, incidence)
        g = jnp.einsum("k,ka,kb->ab", inverse_inductance, incidence, incidence)
        if incidence.shape[-1] == 1:
            quadratic, linear, constant = jnp.zeros(()), c[0, 0], g[0, 0]
        else:
            quadratic = c[0, 0] * c[1, 1] - c[0, 1] ** 2
            linear = c[0, 0] * g[1, 1] + c[1, 1] * g[0, 0] - 2.0 * c[0, 1] * g[0, 1]
            constant = g[0, 0] * g[1, 1] - g[0, 1] ** 2
        # Both matrices are positive, so that both roots are real; written so that neither cancels.
        sum_of_both = linear + jnp.sqrt(jnp.maximum(linear**2 - 4.0 * quadratic * constant, 0.0))
        squares = jnp.stack([0.5 * sum_of_both / quadratic, 2.0 * constant / sum_of_both])
        return jnp.where(jnp.isfinite(squares) & (squares > 0.0), jnp.sqrt(squares), jnp.inf)
