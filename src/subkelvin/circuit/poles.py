"""The natural modes of a lumped circuit: poles and residues of its transfer impedances.

The state of a circuit is the energy in its parts: √C v of every capacitor and √L i of every inductor (with mutual inductances,
Fᵀφ, where F Fᵀ is the inverse inductance matrix and φ the fluxes). Let Y_0 = G + s_0C + Γ/s_0 be the nodal matrix at a real
frequency s_0 and U the columns √C b_C and F b_L/s_0. Then, with Σ = diag(1, −1) for capacitors and inductors,

    K = (s_0 + 𝒜)⁻¹ = UᵀY_0⁻¹U Σ + diag(0, 1/s_0)

inverts the equations of motion ẋ = −𝒜x. It is bounded by 1/s_0 whatever the spread of the elements, which is why its
eigenvalues, and not those of 𝒜, are sought: they are μ = 1/(s_0 − s) with the poles s. Modes at infinite frequency have
μ = 0. The transfer impedance from branch i to branch j is

    Z_ji(s) = Z_ji(s_0) − Σ_p (s − s_0) q_jp p_pi/(1 + (s − s_0) μ_p),

p the overlap of branch i's current with mode p, q that of its voltage with branch j. The residue at s_p is q p/μ². Docs:
docs/physics.md, section 4.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.circuit.circuit import Circuit
from subkelvin.numerics.linear_algebra import eigenvectors, solve
from subkelvin.numerics.linear_algebra import inverse as inverse_of

INFINITE = 1e-13
"""|s_0 μ| below which a mode lies at infinite frequency: it is rounding."""
STATIC = 1e-11
"""|s|/s_0 below which a mode does not move, or rounding hides its pole: a loop of inductors, a node behind capacitors."""
UNDAMPED = 1e-13
"""|Re s|/|s| below which a mode has no damping, or rounding hides it: a loop of inductors and capacitors that no resistor feels."""


class Modes(NamedTuple):
    """The modes of a circuit; the last axis runs over modes."""

    reference: jax.Array
    """s_0 [rad/s]."""
    transfer: jax.Array
    """Z_ji(s_0) between all branches [Ω], shape (branches, branches)."""
    eigenvalue: jax.Array
    """μ [s]."""
    excitation: jax.Array
    """p, shape (branches, modes) [Ω^1/2]."""
    voltage: jax.Array
    """q, shape (branches, modes) [Ω^1/2 s]: q p is an impedance times a time."""
    counts: jax.Array
    """Which modes carry heat: neither infinite, nor static, nor undamped."""
    neglected: jax.Array
    """Σ_p Σ_i G_i |q_ip p_pi|/|μ_p|² over the static and undamped modes: at most this rate [1/s] times k_B(T_1 − T_2) is lost."""
    condition: jax.Array
    """How much larger than rounding the relative error of a mode's residue is."""

    @property
    def poles(self) -> jax.Array:
        """s [rad/s], Re s < 0; −s_0 in place of modes that do not count."""
        safe = jnp.where(self.counts, self.eigenvalue, 0.5 / self.reference)
        return self.reference - 1.0 / safe


def modes(circuit: Circuit, conductance: jax.Array, reference: jax.Array) -> Modes:
    """Modes of a lumped circuit.

    Args:
        circuit: without lines, tables, wires or dynamic junctions.
        conductance: of the branches at their temperatures [S].
        reference: s_0, of the order of the frequencies that matter [rad/s].

    Not differentiable: poles only choose how a heat current is evaluated.
    """
    circuit, conductance, reference = jax.lax.stop_gradient((circuit, conductance, reference))
    branches, lossless = circuit.branches, circuit.lossless
    incidence = jnp.asarray(branches.incidence)
    roots = [incidence.T * jnp.sqrt(branches.capacitance)]
    if lossless.capacitance.shape[0]:
        roots.append(lossless.capacitor_incidence.T * jnp.sqrt(lossless.capacitance))
    capacitive = jnp.concatenate(roots, axis=1)
    inductive = jnp.zeros((incidence.shape[1], 0))
    if lossless.inverse_root_inductance.shape[0]:
        inductive = lossless.inductor_incidence.T @ lossless.inverse_inductance_root() / reference
    count, coils = capacitive.shape[1], inductive.shape[1]
    states = jnp.concatenate([capacitive, inductive], axis=1)
    sign = np.concatenate([np.ones(count), -np.ones(coils)])
    # s_0 U Uᵀ is s_0C + Γ/s_0.
    nodal = jnp.diag(circuit.unused) + (incidence.T * conductance) @ incidence + reference * (states @ states.T)
    solved = solve(nodal, jnp.concatenate([states, incidence.T], axis=1))
    overlap = states.T @ solved
    inverse = overlap[:, : count + coils] * sign + jnp.diag(jnp.where(sign > 0.0, 0.0, 1.0) / reference)
    driven = overlap[:, count + coils :]
    eigenvalue, vectors = eigenvectors(reference * inverse)
    left = inverse_of(vectors)
    scaled = jnp.abs(eigenvalue)
    present = (scaled > INFINITE) & (jnp.abs(eigenvalue - 1.0) > STATIC * scaled)
    pole = 1.0 - 1.0 / jnp.where(present, eigenvalue, 0.5)
    damped = -jnp.real(pole) > UNDAMPED * jnp.abs(pole)
    excitation, voltage = (left @ driven).T, (driven.T * sign) @ vectors
    hidden = (scaled > INFINITE) & ~(present & damped)
    # Without its damping, a mode is still known to lose Σ G|v|² of its energy.
    rates = reference * (conductance @ jnp.abs(excitation * voltage)) * reference / jnp.where(hidden, scaled, 1.0) ** 2
    return Modes(
        reference=reference,
        transfer=incidence @ solved[:, count + coils :],
        eigenvalue=eigenvalue / reference,
        excitation=excitation,
        voltage=voltage,
        counts=present & damped,
        neglected=jnp.sum(jnp.where(hidden, rates, 0.0)),
        condition=jnp.linalg.norm(vectors, axis=0) * jnp.linalg.norm(left, axis=1),
    )
