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

import math
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from subkelvin.constants import BOLTZMANN, THERMAL_VOLTAGE
from subkelvin.physics.statistics import fermi_difference

# Steps in the logarithm of the distance to an edge. Poles and branch points lie at ±iπ/2 or further in that variable, so the
# trapezoid rule errs by e^{−π²/0.26} = 3e-17, times some 1e2 for the poles of the Fermi functions.
_STEP = 0.26
# Nodes approach an edge to e^{−74} of the interval: the integrand grows there at most as the inverse root of the distance.
_EDGE = 74.0
# At E = 0 the integrand falls as E² or faster.
_ORIGIN = 24.0
# Fermi functions are followed to 42 k_BT, where e^{−42} = 6e-19.
_REACH = 42.0

# One axis holds the nodes of [0, m], [m, M] and [M, ∞), as shares of the lengths of these intervals.
_LOWER = np.arange(-_ORIGIN, _EDGE, _STEP)
_MIDDLE = np.arange(-_EDGE, _EDGE, _STEP)
_BEYOND = np.arange(-_EDGE, math.log(_REACH) + _STEP, _STEP)


def _share(lower: float | np.ndarray, middle: float | np.ndarray, tail: float | np.ndarray) -> np.ndarray:
    """Shares of one interval at all nodes, given those at the nodes in each of the three intervals."""
    parts = ((lower, _LOWER), (middle, _MIDDLE), (tail, _BEYOND))
    return np.concatenate([np.broadcast_to(share, nodes.shape) for share, nodes in parts])


def _logistic(t: np.ndarray) -> np.ndarray:
    """1/(1 + e^{−t}), from 0 to 1."""
    return 1.0 / (1.0 + np.exp(-t))


_ABOVE_ZERO = _share(_logistic(_LOWER), 1.0, 1.0)
_BELOW_LOWER = _share(_logistic(-_LOWER), 0.0, 0.0)
_ABOVE_LOWER = _share(0.0, _logistic(_MIDDLE), 1.0)
_BELOW_UPPER = _share(1.0, _logistic(-_MIDDLE), 0.0)
_TAIL = _share(0.0, 0.0, np.exp(_BEYOND))
_LOWER_WEIGHT = _STEP * _share(_logistic(_LOWER) * _logistic(-_LOWER), 0.0, 0.0)
_MIDDLE_WEIGHT = _STEP * _share(0.0, _logistic(_MIDDLE) * _logistic(-_MIDDLE), 0.0)


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
    upper = jnp.where(first_is_lower, edges[1], edges[0])
    between = upper - lower
    energy = lower * _ABOVE_ZERO + between * _ABOVE_LOWER + _TAIL
    beyond_lower = between * _ABOVE_LOWER + _TAIL - lower * _BELOW_LOWER
    beyond_upper = _TAIL - lower * _BELOW_LOWER - between * _BELOW_UPPER
    weight = lower * _LOWER_WEIGHT + between * _MIDDLE_WEIGHT + _STEP * _TAIL
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
