"""Photon transmission between the dissipative branches of a circuit, by nodal analysis.

A branch j driven by the noise current of branch i sees the transfer impedance b_jᵀ Y(ω)⁻¹ b_i, so that

    𝒯_ij(ω) = 4 G_i G_j |b_jᵀ Y(ω)⁻¹ b_i|²,        0 ≤ 𝒯_ij ≤ 1.

With one free node and no inductance, Y = ΣG + iωΣC, and every transmission has the same single pole:

    𝒯_ij(ω) = 4 G_i G_j/(ΣG)² / (1 + (ωΣC/ΣG)²).

For two NISIN reservoirs joined by ideal lines this is, with α = A_R/A_L, r = R(T)/R_N and ω_c = 1/(ρc),
4αr_Lr_R/[(αr_L + r_R)² + (1+α)² r_L²r_R²(ω/ω_c)²] (arXiv 2503.16295).

References: D. R. Schmidt, R. J. Schoelkopf and A. N. Cleland, Phys. Rev. Lett. 93, 045901 (2004);
L. M. A. Pascal, H. Courtois and F. W. J. Hekking, Phys. Rev. B 83, 125113 (2011). Docs: docs/physics.md, section 4.
"""

import jax
import jax.numpy as jnp

from subkelvin.circuit.circuit import Circuit


def one_pole(circuit: Circuit, conductance: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Transmission at zero frequency, shape (pairs,), and time constant ΣC/ΣG [s] of a one-pole circuit."""
    first, second = circuit.pairs[..., 0], circuit.pairs[..., 1]
    total = jnp.sum(conductance)
    # The quotients come before the product: two conductances of 1e-12 S must not underflow in reduced precision.
    static = 4.0 * (conductance[first] / total) * (conductance[second] / total)
    return static, (jnp.sum(circuit.capacitance) + jnp.sum(circuit.lossless_capacitance)) / total


def transmission(circuit: Circuit, conductance: jax.Array, frequency: jax.Array) -> jax.Array:
    """𝒯_ij(ω) of every pair of dissipative branches.

    Args:
        circuit: any circuit with one or two free nodes.
        conductance: of the dissipative branches at their temperatures [S].
        frequency: angular, positive [rad/s], any shape.

    Returns:
        Array of shape (pairs, *frequency.shape).
    """
    inverse = _inverse(circuit.admittance_matrix(conductance, frequency))
    first, second = circuit.pairs[..., 0], circuit.pairs[..., 1]
    transfer = jnp.einsum("pa,...ab,pb->p...", circuit.incidence[second], inverse, circuit.incidence[first])
    weight = 4.0 * conductance[first] * conductance[second]
    modulus_squared = jnp.real(transfer) ** 2 + jnp.imag(transfer) ** 2
    return weight.reshape(weight.shape + (1,) * frequency.ndim) * modulus_squared


def _inverse(matrix: jax.Array) -> jax.Array:
    """Inverse of 1×1 and 2×2 matrices on the last two axes, written out: a general solver is far slower there."""
    if matrix.shape[-1] == 1:
        return 1.0 / matrix
    a, b, c, d = matrix[..., 0, 0], matrix[..., 0, 1], matrix[..., 1, 0], matrix[..., 1, 1]
    determinant = a * d - b * c
    return jnp.stack([jnp.stack([d, -b], -1), jnp.stack([-c, a], -1)], -2) / determinant[..., None, None]
