"""Heat that electrons carry along a diffusive wire between two reservoirs.

    normal:           Q̇ = (L0/2R) (T_1² − T_2²),                            Wiedemann–Franz
    superconducting:  Q̇ = (L0/R_N) ∫_{T_2}^{T_1} dT T g(Δ(T)/k_BT),          g = κ_s/κ_n
                      g(y) = (3/2π²) ∫_y^∞ dx x²/cosh²(x/2)

g is the ratio of Bardeen, Rickayzen and Tewordt for elastic scattering by impurities, 1 at y = 0. With f = 1/(e^y + 1) and
L = ln(1 + e^{−y}) it is a sum of positive terms,

    g(y) = (6/π²) [y² f + 2yL + L² + 2 Li₂(f)],

so that it keeps its digits down to e^{−y}. The integral over temperature runs over ξ = √(T_c/T − 1), in which the
gap is analytic at T_c and e^{−Δ/k_BT} is a Gaussian.

References: J. Bardeen, G. Rickayzen and L. Tewordt, doi:10.1103/PhysRev.113.982.
"""

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from subkelvin.constants import BOLTZMANN, LORENZ_NUMBER
from subkelvin.physics.superconductor import gap

# f ≤ ½: the first term left out is 2^{−50}/2500 = 4e-19 of the first.
_DILOGARITHM = 1.0 / np.arange(1.0, 50.0) ** 2
# Where the heat has fallen to e^{−45} of that of the hot end, Δ/k_BT ≥ 1.76 (1 + ξ²) tanh(1.74 ξ) being at least 1.6 ξ².
_REACH = 28.0
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)


def normal_wire_heat(temperature_1: ArrayLike, temperature_2: ArrayLike, resistance: ArrayLike) -> jax.Array:
    """Q̇ = (L0/2R) (T_1² − T_2²), heat along a normal wire.

    All arguments broadcast against each other.

    Args:
        temperature_1, temperature_2: of the reservoirs, at least 0 [K].
        resistance: R > 0 of the wire [Ω].

    Returns:
        Heat from reservoir 1 to 2 [W], exactly 0 at equal temperatures; NaN for an invalid argument.

    Validity:
        Elastic scattering: a wire shorter than the electrons' energy relaxation length by phonons.
    """
    temperature_1, temperature_2, resistance = map(jnp.asarray, (temperature_1, temperature_2, resistance))
    valid = (temperature_1 >= 0.0) & (temperature_2 >= 0.0) & (resistance > 0.0)
    squares = (temperature_1 - temperature_2) * (temperature_1 + temperature_2)
    return jnp.where(valid, 0.5 * LORENZ_NUMBER * squares / resistance, jnp.nan)


def thermal_conductivity_ratio(gap_over_temperature: ArrayLike) -> jax.Array:
    """g(y) = κ_s/κ_n = (3/2π²) ∫_y^∞ dx x²/cosh²(x/2).

    Args:
        gap_over_temperature: y = Δ/k_BT ≥ 0, any shape [1].

    Returns:
        Ratio of the electronic heat conductivities, superconducting over normal [1]; NaN for y < 0.

    Validity:
        Elastic scattering by impurities, no phonons, no broadening.

    References:
        doi:10.1103/PhysRev.113.982
    """
    y = jnp.asarray(gap_over_temperature, float)
    y = jnp.where(y >= 0.0, y, jnp.nan)
    decay = jnp.exp(-y)
    occupation, logarithm = decay / (1.0 + decay), jnp.log1p(decay)
    dilogarithm = jnp.zeros_like(y)
    for coefficient in reversed(_DILOGARITHM.tolist()):
        dilogarithm = (dilogarithm + coefficient) * occupation
    return (6.0 / np.pi**2) * (occupation * y**2 + 2.0 * y * logarithm + logarithm**2 + 2.0 * dilogarithm)


def superconducting_wire_heat(
    temperature_1: ArrayLike,
    temperature_2: ArrayLike,
    critical_temperature: ArrayLike,
    gap_equation: ArrayLike,
    resistance: ArrayLike,
) -> jax.Array:
    """Q̇ = (L0/R_N) ∫_{T_2}^{T_1} dT T g(Δ(T)/k_BT), heat along a superconducting wire.

    All arguments broadcast against each other.

    Args:
        temperature_1, temperature_2: of the reservoirs, greater than 0 [K].
        critical_temperature: T_c ≥ 0 of the wire; 0 gives Wiedemann–Franz [K].
        gap_equation: True for the gap of the BCS gap equation, False for the interpolation.
        resistance: R_N > 0 of the wire in its normal state [Ω].

    Returns:
        Heat from reservoir 1 to 2 [W], exactly 0 at equal temperatures; NaN for an invalid argument.

    Validity:
        Elastic scattering by impurities; the gap at each point is that of the local temperature, untouched by the
        reservoirs (a wire much longer than the coherence length); neither phonons nor broadening.

    References:
        doi:10.1103/PhysRev.113.982
    """
    first, second, critical, solved, resistance = jnp.broadcast_arrays(
        *map(jnp.asarray, (temperature_1, temperature_2, critical_temperature, gap_equation, resistance))
    )
    valid = (first > 0.0) & (second > 0.0) & (critical >= 0.0) & (resistance > 0.0)
    first_is_hot = first >= second
    hot, cold = jnp.where(first_is_hot, first, second), jnp.where(first_is_hot, second, first)
    # Above T_c the wire is normal: two intervals, each of which may be empty.
    coldest_normal = jnp.where(cold >= critical, cold, critical)
    normal_squares = jnp.where(hot >= critical, (hot - coldest_normal) * (hot + coldest_normal), 0.0)
    carries = valid & (cold < critical)
    critical = jnp.where(carries, critical, 1.0)
    warm_end = jnp.where(carries, jnp.where(hot < critical, hot, critical), 0.5)
    cold_end = jnp.where(carries, cold, 0.25)
    superconducting = _superconducting_squares(warm_end, cold_end, critical, solved)
    squares = normal_squares + jnp.where(carries, superconducting, 0.0)
    heat = 0.5 * LORENZ_NUMBER * jnp.where(first_is_hot, squares, -squares) / resistance
    return jnp.where(valid, heat, jnp.nan)


def _superconducting_squares(
    warm: jax.Array, cold: jax.Array, critical: jax.Array, gap_equation: jax.Array
) -> jax.Array:
    """2 ∫ dT T g(Δ(T)/k_BT) from cold to warm ≤ T_c [K²], over ξ = √(T_c/T − 1): dT = −2 ξ T²/T_c dξ."""
    start_squared = (critical - warm) / warm
    at_transition = start_squared == 0.0
    start = jnp.where(at_transition, 0.0, jnp.sqrt(jnp.where(at_transition, 1.0, start_squared)))
    end = jnp.sqrt((critical - cold) / cold)
    # ξ_end − ξ_start from the exact difference of the temperatures; the far cold contributes nothing.
    length = critical * ((warm - cold) / (warm * cold)) / (end + start)
    reach = jnp.sqrt(start_squared + _REACH)
    longest = _REACH / (reach + start)
    length = jnp.where(length > longest, longest, length)
    # Nodes along a new last axis.
    xi = start[..., None] + length[..., None] * (0.5 * (1.0 + _NODES))
    temperature = critical[..., None] / (1.0 + xi**2)
    ratio = thermal_conductivity_ratio(
        gap(temperature, critical[..., None], gap_equation[..., None]) / (BOLTZMANN * temperature)
    )
    integrand = 4.0 * xi * temperature**3 / critical[..., None] * ratio
    return jnp.sum(integrand * _WEIGHTS, axis=-1) * 0.5 * length
