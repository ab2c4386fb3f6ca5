"""Photonic heat in lumped circuits, exactly, from poles and residues.

The transfer impedance H(s) between two branches has the poles s_p = −σ_p and the residues r_p; d is its limit at infinite
frequency. Then

    |H(iω)|² = d² + Σ_p 2σ_p r_p H(σ_p)/(ω² + σ_p²),

and with ∫_0^∞ ω n(ω, T)/(ω² + σ²) dω = φ(y)/2, y = ħσ/2πk_BT, φ the digamma remainder,

    P = 4G_1G_2 (ħ/2π) { d² (π²/6)(k_B/ħ)² (T_1² − T_2²) + Σ_p σ_p r_p H(σ_p) [φ(y_p1) − φ(y_p2)] }.

No frequency grid is involved, so that the quality factor does not matter. The differences of φ keep their digits for nearly equal
temperatures. Terms of opposite sign may cancel where a circuit blocks thermal frequencies: the sum of their magnitudes tells how
many digits are lost, and is the error that is returned.

Derivatives come from the same integral taken around the poles (`subkelvin.heat.contours`), never through eigenvectors. Docs:
docs/physics.md, section 4.
"""

import math

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.circuit.circuit import Circuit
from subkelvin.circuit.poles import Modes, modes
from subkelvin.constants import BOLTZMANN, REDUCED_PLANCK, THERMAL_FREQUENCY
from subkelvin.heat.contours import heat_by_contours
from subkelvin.numerics.digamma import digamma_remainder_difference

ROUNDING = 8.0 * float(np.finfo(np.float64).eps)


@jax.custom_jvp
def heat_by_residues(circuit: Circuit, temperatures: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Net photonic heat of every pair of branches, and its estimated error [W], each of shape (pairs,).

    Args:
        circuit: a lumped circuit.
        temperatures: of every island, positive [K].

    Validity:
        The estimated error grows without bound towards degenerate poles that share one mode (critical damping).
    """
    conductance = circuit.conductance(temperatures)
    return residue_sum(
        circuit, conductance, modes(circuit, conductance, reference_frequency(temperatures)), temperatures
    )


@heat_by_residues.defjvp
def _heat_and_change(primals: tuple, tangents: tuple) -> tuple[tuple, tuple]:
    heat, error = heat_by_residues(*primals)
    _, (change, _) = jax.jvp(heat_by_contours, primals, tangents)
    return (heat, error), (change, jnp.zeros_like(error))


def reference_frequency(temperatures: jax.Array) -> jax.Array:
    """s_0 = k_BT/ħ of the hottest island [rad/s]: what is near it is known best."""
    return THERMAL_FREQUENCY * jnp.max(temperatures)


def residue_sum(
    circuit: Circuit, conductance: jax.Array, natural: Modes, temperatures: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """Heat and its estimated error [W] from the modes of a circuit, shape (pairs,)."""
    first, second = circuit.pairs[..., 0], circuit.pairs[..., 1]
    islands = temperatures[circuit.islands]
    hot, cold = islands[first][:, None], islands[second][:, None]
    # In units of s_0, where nothing overflows.
    mu = jnp.where(natural.counts, natural.eigenvalue * natural.reference, 0.5)
    sigma = 1.0 / mu - 1.0
    strength = jnp.where(natural.counts, natural.voltage[second] * natural.excitation[first] * natural.reference, 0.0)
    transfer = natural.transfer[second, first]
    limit = jnp.real(transfer - jnp.sum(strength / mu, axis=-1))
    # H(σ_p) = H(s_0) − Σ_q (σ_p − 1) s_q/[μ_q (σ_p + σ_q)].
    share = (sigma[:, None] - 1.0) / (mu * (sigma[:, None] + sigma))
    mirrored = transfer[:, None] - strength @ share.T
    weight = sigma * strength / mu**2 * mirrored
    unit = natural.reference / (2.0 * math.pi * THERMAL_FREQUENCY)
    argument = jnp.where(natural.counts, sigma, 1.0) * unit
    step = argument * (cold - hot) / (hot * cold)
    terms = weight * digamma_remainder_difference(argument / cold, step)
    scale = 4.0 * conductance[first] * conductance[second] * REDUCED_PLANCK / (2.0 * math.pi) * natural.reference**2
    free = (math.pi**2 / 6.0) * ((hot - cold) * (hot + cold))[:, 0] * (THERMAL_FREQUENCY / natural.reference) ** 2
    heat = scale * (limit**2 * free + jnp.sum(jnp.real(terms), axis=-1))
    # Rounding moves μ by its condition, and so σ by |1 + σ| times that: more than itself where a mode is slow or hardly damped.
    sharpness = jnp.abs(1.0 + sigma) / jnp.where(natural.counts, jnp.real(sigma), 1.0)
    magnitude = limit**2 * jnp.abs(free) + jnp.abs(terms) @ (natural.condition * sharpness)
    return heat, ROUNDING * scale * magnitude + BOLTZMANN * jnp.abs(hot - cold)[:, 0] * natural.neglected
