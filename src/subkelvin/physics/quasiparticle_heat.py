"""Heat carried by quasiparticles through a tunnel junction between two superconductors, at zero bias.

    J = J_qp − J_int cos φ
    J_qp  = (2/e²R) ∫_0^∞ dE E N_1(E) N_2(E) [f(E, T_1) − f(E, T_2)],      N = |Re[z/√(z²−Δ²)]|
    J_int = (2/e²R) ∫_0^∞ dE E F_1(E) F_2(E) [f(E, T_1) − f(E, T_2)],      F = Re[Δ/√(z²−Δ²)],   z = E + iΓ

φ is the phase difference between the superconductors. Without broadening F_1F_2 = N_1N_2 Δ_1Δ_2/E². The interference of
quasiparticles and condensate lowers the heat at φ = 0 and raises it at φ = π (docs/physics.md, section 13).

Without broadening and with equal gaps, N_1N_2 and F_1F_2 both diverge as 1/(E − Δ), and J logarithmically
unless cos φ = 1: there is no answer. The nodes cluster exponentially at 0 and at both gap edges, so that
k_BT, Γ and Δ_1 − Δ_2 may have any size. N and F are formed from the distances to the edges, which the nodes give exactly.

References: K. Maki and A. Griffin, doi:10.1103/PhysRevLett.15.921; G. D. Guttman et al., doi:10.1103/PhysRevB.57.2717;
F. Giazotto and M. J. Martínez-Pérez, doi:10.1038/nature11702 (measured).
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike

from subkelvin.constants import BOLTZMANN, THERMAL_VOLTAGE
from subkelvin.numerics.two_edges import TwoEdgeRule
from subkelvin.physics.statistics import fermi_difference

# Nodes approach an edge to e^{−74} of the interval: the integrand grows there at most as the inverse root of the distance. At E = 0
# it falls as E² or faster. The poles of the Fermi functions make the rule's error some 1e2 times larger.
_RULE = TwoEdgeRule(74.0)


class _Junction(NamedTuple):
    """The junction in units of k_BT_hot, everything with the nodes along the last axis."""

    energy: jax.Array
    beyond_first: jax.Array
    """E − Δ_1, exact near 0."""
    beyond_second: jax.Array
    edges: tuple[jax.Array, jax.Array]
    widths: tuple[jax.Array, jax.Array]
    transferred: jax.Array
    """E [f(E, T_1) − f(E, T_2)] times the weight of the quadrature."""
    prefactor: jax.Array
    """2 (k_BT_hot)²/e²R [W]."""


def quasiparticle_heat_current(
    temperature_1: ArrayLike,
    temperature_2: ArrayLike,
    gap_1: ArrayLike,
    gap_2: ArrayLike,
    broadening_1: ArrayLike,
    broadening_2: ArrayLike,
    phase: ArrayLike,
    resistance: ArrayLike,
) -> jax.Array:
    """J = J_qp − J_int cos φ.

    All arguments broadcast against each other.

    Args:
        temperature_1, temperature_2: of the superconductors, greater than 0 [K].
        gap_1, gap_2: Δ at each side's own temperature, at least 0; with both 0 it is Wiedemann–Franz [J].
        broadening_1, broadening_2: Γ ≥ 0 of Dynes [J].
        phase: φ [rad].
        resistance: R > 0 of the normal state [Ω].

    Returns:
        Heat from superconductor 1 to 2 [W], exactly 0 at equal temperatures; NaN for an invalid argument, and
        for equal gaps without any broadening.

    Validity:
        Zero bias, tunnelling of single quasiparticles to second order in the tunnel amplitude, both sides in equilibrium. The
        condensate itself carries no heat.

    References:
        doi:10.1103/PhysRevLett.15.921, doi:10.1103/PhysRevB.57.2717
    """
    junction = _junction(temperature_1, temperature_2, gap_1, gap_2, broadening_1, broadening_2, resistance)
    quasiparticles, interference = _densities(junction)
    # N_1N_2 − F_1F_2 cos φ = (N_1N_2 − F_1F_2) + F_1F_2 (1 − cos φ): both terms are integrable where each alone is.
    versine = 2.0 * jnp.sin(0.5 * jnp.asarray(phase, float)[..., None]) ** 2
    states = (quasiparticles - interference) + interference * versine
    return junction.prefactor * jnp.sum(states * junction.transferred, axis=-1)


def interference_heat_current(
    temperature_1: ArrayLike,
    temperature_2: ArrayLike,
    gap_1: ArrayLike,
    gap_2: ArrayLike,
    broadening_1: ArrayLike,
    broadening_2: ArrayLike,
    resistance: ArrayLike,
) -> jax.Array:
    """J_int, half the difference between the heat at φ = π and at φ = 0; arguments, validity as `quasiparticle_heat_current`.

    Returns:
        Heat [W]; 0 if either side is normal and not broadened.
    """
    junction = _junction(temperature_1, temperature_2, gap_1, gap_2, broadening_1, broadening_2, resistance)
    _, interference = _densities(junction)
    return junction.prefactor * jnp.sum(interference * junction.transferred, axis=-1)


def _densities(junction: _Junction) -> tuple[jax.Array, jax.Array]:
    """N_1N_2 and F_1F_2 at all nodes."""
    first = _normal_and_anomalous(junction.energy, junction.beyond_first, junction.edges[0], junction.widths[0])
    second = _normal_and_anomalous(junction.energy, junction.beyond_second, junction.edges[1], junction.widths[1])
    return first[0] * second[0], first[1] * second[1]


def _normal_and_anomalous(
    energy: jax.Array, beyond_edge: jax.Array, edge: jax.Array, width: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """N = Re[z/w] and F = Re[Δ/w] for E ≥ 0 from E − Δ, with w = √(z²−Δ²) in the first quadrant, no digits lost anywhere."""
    # At an edge itself, without broadening, both are infinite; intervals of no length put nodes there, with no weight.
    singular = (beyond_edge * (energy + edge) == 0.0) & (width == 0.0)
    real = jnp.where(singular, 1.0, beyond_edge * (energy + edge) - width**2)
    imaginary = 2.0 * energy * width
    modulus = jnp.sqrt(real**2 + imaginary**2)
    outside = real >= 0.0
    larger = jnp.sqrt(0.5 * (modulus + jnp.where(outside, real, -real)))
    smaller = 0.5 * imaginary / larger
    along, across = jnp.where(outside, larger, smaller), jnp.where(outside, smaller, larger)
    return (energy * along + width * across) / modulus, edge * along / modulus


def _junction(
    temperature_1: ArrayLike,
    temperature_2: ArrayLike,
    gap_1: ArrayLike,
    gap_2: ArrayLike,
    broadening_1: ArrayLike,
    broadening_2: ArrayLike,
    resistance: ArrayLike,
) -> _Junction:
    """Nodes on [0, m], [m, M] and [M, ∞), with m and M the smaller and the larger gap."""
    arguments = (temperature_1, temperature_2, gap_1, gap_2, broadening_1, broadening_2, resistance)
    first, second, gap_1, gap_2, broadening_1, broadening_2, resistance = (
        x[..., None] for x in jnp.broadcast_arrays(*(jnp.asarray(argument, float) for argument in arguments))
    )
    positive = (first > 0.0) & (second > 0.0) & (resistance > 0.0)
    densities = (gap_1 >= 0.0) & (gap_2 >= 0.0) & (broadening_1 >= 0.0) & (broadening_2 >= 0.0)
    diverges = (gap_1 == gap_2) & (gap_1 > 0.0) & (broadening_1 == 0.0) & (broadening_2 == 0.0)
    valid = positive & densities & ~diverges
    first, second = jnp.where(valid, first, jnp.nan), jnp.where(valid, second, jnp.nan)
    hot = jnp.where(first >= second, first, second)
    unit = BOLTZMANN * hot
    edges = gap_1 / unit, gap_2 / unit

    # By choice, not by minimum and maximum, so that each distance has the derivatives of its own edge where they meet.
    first_is_lower = edges[0] <= edges[1]
    lower = jnp.where(first_is_lower, edges[0], edges[1])
    # The difference of the gaps is exact where they are close; the edges have been rounded.
    between = jnp.where(first_is_lower, gap_2 - gap_1, gap_1 - gap_2) / unit
    energy, beyond_lower, beyond_upper, weight = _RULE.nodes(lower, between)
    energies = unit * energy
    transferred = energy * fermi_difference(first, second, energies, energies) * weight
    return _Junction(
        energy,
        jnp.where(first_is_lower, beyond_lower, beyond_upper),
        jnp.where(first_is_lower, beyond_upper, beyond_lower),
        edges,
        (broadening_1 / unit, broadening_2 / unit),
        transferred,
        (2.0 * (THERMAL_VOLTAGE * hot) ** 2 / resistance)[..., 0],
    )
