"""Complex conductivity of a superconductor at any frequency and temperature: Mattis and Bardeen.

With σ = σ1 − iσ2 (time dependence e^{+iωt}), N the density of states, all energies from the Fermi level,

    σ1/σ_N = (2/ħω) ∫_Δ^∞ dE [f(E) − f(E+ħω)] (E² + Δ² + ħωE)/(√(E²−Δ²) √((E+ħω)²−Δ²))
           + (1/ħω) ∫_Δ^{ħω−Δ} dE [1 − 2f(E)] (E(ħω−E) − Δ²)/(√(E²−Δ²) √((ħω−E)²−Δ²))        (ħω > 2Δ)
    σ2/σ_N = (1/ħω) ∫_{max(Δ−ħω,−Δ)}^Δ dE [1 − 2f(E+ħω)] (E² + Δ² + ħωE)/(√(Δ²−E²) √((E+ħω)²−Δ²))

thermal quasiparticles, broken pairs and the supercurrent (docs/physics.md, section 6). The nodes
cluster exponentially at every square-root edge, and distances to edges are formed without subtractions, so that ħω, k_BT
and Δ may have any ratio.

References: D. C. Mattis and J. Bardeen, doi:10.1103/PhysRev.111.412;
M. Tinkham, Introduction to superconductivity, 2nd edition (McGraw-Hill, 1996), section 3.10.
"""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from subkelvin.constants import BOLTZMANN, REDUCED_PLANCK

# In the logarithm of the distance to an edge, singularities lie at ±iπ/2 or further: e^{−π²/0.36} = 1e-12.
_STEP = 0.36
# e^{−50/2} = 1e-11 of an inverse square root is left out at each edge.
_EDGE = 50.0
# Fermi functions are followed to 42 k_BT, where they are 6e-19.
_REACH = 42.0

_T = np.arange(-_EDGE, _EDGE + _STEP / 2.0, _STEP)
# Shares of an interval below and above each node.
_BELOW = 1.0 / (1.0 + np.exp(-_T))
_ABOVE = 1.0 / (1.0 + np.exp(_T))
# dE over both inverse square roots: all that is left of an edge.
_WEIGHT = _STEP * np.sqrt(_BELOW * _ABOVE)
_COUNT = 200
_FRACTION = np.linspace(0.0, 1.0, _COUNT)


def conductivity_ratio(temperature: ArrayLike, frequency: ArrayLike, gap: ArrayLike) -> jax.Array:
    """(σ1 − iσ2)/σ_N, conductivity over its normal value.

    All arguments broadcast against each other.

    Args:
        temperature: T > 0 [K].
        frequency: ω > 0, angular [rad/s].
        gap: Δ(T) ≥ 0; 0 gives 1 [J].

    Returns:
        Complex ratio [1]; NaN for an invalid argument.

    Validity:
        Dirty or extreme anomalous limit, weak coupling, no subgap states, response local. Relative error of each part
        below 1e-9 for ħω/k_BT from 1e-8 to 1e4 and ħω up to 1000 Δ.

    References:
        doi:10.1103/PhysRev.111.412
    """
    temperature, frequency, gap = jnp.broadcast_arrays(
        jnp.asarray(temperature, float), jnp.asarray(frequency, float), jnp.asarray(gap, float)
    )
    valid = (temperature > 0.0) & (frequency > 0.0) & (gap >= 0.0)
    unit = BOLTZMANN * jnp.where(valid, temperature, jnp.nan)
    edge, photon = (gap / unit)[..., None], (REDUCED_PLANCK * frequency / unit)[..., None]
    absorbed = _thermal_absorption(edge, photon) + _pair_breaking(edge, photon)
    return jax.lax.complex(absorbed, -_supercurrent(edge, photon))


def wire_impedance(
    temperature: ArrayLike, frequency: ArrayLike, gap: ArrayLike, normal_resistance: ArrayLike
) -> jax.Array:
    """Z = R_N σ_N/(σ1 − iσ2), impedance of a superconducting wire, or with R_N per square of a film.

    All arguments broadcast against each other.

    Args:
        temperature: T > 0 [K].
        frequency: ω > 0, angular [rad/s].
        gap: Δ(T) ≥ 0; 0 gives R_N [J].
        normal_resistance: R_N, in the normal state [Ω].

    Returns:
        Complex impedance, positive imaginary part where inductive [Ω]; NaN for an invalid argument.

    Validity:
        Thin against the penetration and skin depths, local response, dirty limit; the geometric inductance is not in it.
        At low frequency Z → iωL_k with the kinetic inductance L_k = ħR_N/(πΔ tanh(Δ/2k_BT)).

    References:
        doi:10.1103/PhysRev.111.412
    """
    return jnp.asarray(normal_resistance) / conductivity_ratio(temperature, frequency, gap)


def sheet_impedance(
    temperature: ArrayLike, frequency: ArrayLike, gap: ArrayLike, normal_sheet_resistance: ArrayLike
) -> jax.Array:
    """Z = R_□ σ_N/(σ1 − iσ2), impedance of a thin superconducting film per square.

    All arguments broadcast against each other.

    Args:
        temperature: T > 0 [K].
        frequency: ω > 0, angular [rad/s].
        gap: Δ(T) ≥ 0; 0 gives R_□ [J].
        normal_sheet_resistance: R_□ = ρ/thickness of the normal state [Ω].

    Returns:
        Complex impedance per square [Ω]; NaN for an invalid argument.

    Validity:
        As for `wire_impedance`.

    References:
        doi:10.1103/PhysRev.111.412
    """
    return wire_impedance(temperature, frequency, gap, normal_sheet_resistance)


def kinetic_inductance(temperature: ArrayLike, gap: ArrayLike, normal_resistance: ArrayLike) -> jax.Array:
    """L_k = ħR_N/(πΔ tanh(Δ/2k_BT)), the limit of Im Z/ω at low frequency.

    All arguments broadcast against each other.

    Args:
        temperature: T > 0 [K].
        gap: Δ(T) > 0 [J].
        normal_resistance: R_N, in the normal state [Ω].

    Returns:
        Inductance [H]; NaN for an invalid argument.

    Validity:
        ħω far below Δ and k_BT; otherwise as for `wire_impedance`.

    References:
        doi:10.1103/PhysRev.111.412
    """
    temperature, gap = jnp.asarray(temperature, float), jnp.asarray(gap, float)
    valid = (temperature > 0.0) & (gap > 0.0)
    unit, gap = jnp.where(valid, BOLTZMANN * temperature, jnp.nan), jnp.where(valid, gap, 1.0)
    return REDUCED_PLANCK * jnp.asarray(normal_resistance) / (math.pi * gap * jnp.tanh(gap / (2.0 * unit)))


def _thermal_absorption(edge: jax.Array, photon: jax.Array) -> jax.Array:
    """First part of σ1, in units of k_BT, with δ = E − Δ = e^s from far below ħω and k_BT to the end of f."""
    start = jnp.log(jnp.minimum(photon, 1.0)) - _EDGE
    length = math.log(_REACH) - start
    delta = jnp.exp(start + length * _FRACTION)
    energy = edge + delta
    # f(E) − f(E+ħω) = f(E) [1 − f(E+ħω)] [1 − e^{−ħω/k_BT}]
    decay = jnp.exp(-energy)
    window = decay / ((1.0 + decay) * (1.0 + decay * jnp.exp(-photon))) * -jnp.expm1(-photon)
    coherence = energy**2 + edge**2 + photon * energy
    root = jnp.sqrt((energy + edge) * (delta + photon) * (energy + edge + photon))
    # dE/√δ = √δ ds
    values = window * coherence * jnp.sqrt(delta) / root
    return jnp.sum(values, axis=-1) * (2.0 * length / (_COUNT - 1) / photon)[..., 0]


def _pair_breaking(edge: jax.Array, photon: jax.Array) -> jax.Array:
    """Second part of σ1: quasiparticles at E' = Δ + e' and E'' = Δ + e'' share ħω, so e' + e'' = ħω − 2Δ."""
    width = photon - 2.0 * edge
    breaking = width > 0.0
    width = jnp.where(breaking, width, 1.0)
    first, second = width * _BELOW, width * _ABOVE
    window = jnp.tanh((edge + first) / 2.0)
    # E'E'' − Δ² = e'e'' + Δ(e' + e'')
    coherence = first * second + edge * width
    root = jnp.sqrt((first + 2.0 * edge) * (second + 2.0 * edge))
    total = jnp.sum(window * coherence / root * _WEIGHT, axis=-1)
    return jnp.where(breaking[..., 0], total / photon[..., 0], 0.0)


def _supercurrent(edge: jax.Array, photon: jax.Array) -> jax.Array:
    """σ2: E from max(Δ−ħω, −Δ) to Δ, with e = E + Δ and e' = E + ħω − Δ, both exact near 0."""
    breaking = photon > 2.0 * edge
    width = jnp.where(breaking, 2.0 * edge, photon)
    excess = photon - 2.0 * edge
    share = width * _BELOW
    lower = share + jnp.where(breaking, 0.0, -excess)
    upper = share + jnp.where(breaking, excess, 0.0)
    window = jnp.tanh((edge + upper) / 2.0)
    # E² + Δ² + ħωE = e e' + Δ(e − e')
    coherence = lower * upper - edge * excess
    # One of e and e' is the distance from the lower limit and belongs to the weight, the other one is left.
    other = share + jnp.where(breaking, excess, -excess)
    values = window * coherence / jnp.sqrt(other * (upper + 2.0 * edge))
    return jnp.sum(values * _WEIGHT, axis=-1) / photon[..., 0]
