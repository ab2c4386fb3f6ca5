"""Heat carried by photons through a transmission with one pole, 𝒯(ω) = 𝒯_0/(1 + ω²τ²), in closed form.

With w = 2πk_BTτ/ħ and the digamma remainder f(z) = ln z − 1/(2z) − ψ(z),

    P = ∫_0^∞ dω/2π ħω 𝒯(ω) [n(ω, T_1) − n(ω, T_2)] = (πk_B²/ħ) 𝒯_0 [T_1² F(w_1) − T_2² F(w_2)],    F(w) = f(1/w)/w².

Written like that the difference loses every digit as T_1 → T_2. The rational form f(z) = Σ_k W_k/(z² + x_k), z ≥ 1/2,
has a difference in which the factor T_1² − T_2² stands apart and nothing cancels:

    P = (πk_B²/12ħ) 𝒯_0 (T_1 − T_2)(T_1 + T_2) S(w_1, w_2),    S = 12 Σ_k W_k / [(1 + x_k w_1²)(1 + x_k w_2²)].

S is the heat in units of that through a frequency-independent 𝒯_0; S(0, 0) = 1. Above w = 2 one step z → z + 1 of the
recurrence goes first, its difference again with the common factor taken out. Derivatives come from formulas of their
own, free of cancellation too.

References: L. M. A. Pascal, H. Courtois and F. W. J. Hekking, Phys. Rev. B 83, 125113 (2011),
doi:10.1103/PhysRevB.83.125113 (the integral); docs/physics.md, section 4.
"""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax.custom_derivatives import SymbolicZero
from jax.typing import ArrayLike

from subkelvin.constants import HEAT_QUANTUM, THERMAL_FREQUENCY
from subkelvin.numerics.digamma import LOWEST_RATIONAL_ARGUMENT, RATIONAL_NODES, RATIONAL_WEIGHTS

# Smallest weight first, so that they add up to 1 as closely as floats allow.
_NODES = np.array(RATIONAL_NODES[::-1])
_WEIGHTS = 12.0 * np.array(RATIONAL_WEIGHTS[::-1])

LARGEST_RATIONAL_WIDTH = 1.0 / LOWEST_RATIONAL_ARGUMENT
"""Largest w = 1/z at which the rational form needs no step."""


def one_pole_heat_current(
    temperature_1: ArrayLike, temperature_2: ArrayLike, transmission: ArrayLike, time_constant: ArrayLike
) -> jax.Array:
    """P = ∫_0^∞ dω/2π ħω 𝒯_0/(1 + ω²τ²) [n(ω, T_1) − n(ω, T_2)].

    All arguments broadcast against each other.

    Args:
        temperature_1, temperature_2: of the two reservoirs, T_1 and T_2 [K]; 0 is allowed.
        transmission: 𝒯_0, at zero frequency [1].
        time_constant: τ [s]; 0 means a transmission that does not depend on frequency.

    Returns:
        Heat from reservoir 1 to reservoir 2 [W]: exactly 0 at T_1 = T_2, exactly opposite when they are exchanged.
        Relative error below 1e-14 for every T_1 ≠ T_2, neighbouring floats included.

    Validity:
        k_BTτ/ħ < 1e70. NaN for negative or NaN arguments.
    """
    temperature_1, temperature_2 = jnp.asarray(temperature_1, float), jnp.asarray(temperature_2, float)
    transmission, time_constant = jnp.asarray(transmission, float), jnp.asarray(time_constant, float)
    valid = (temperature_1 >= 0.0) & (temperature_2 >= 0.0) & (transmission >= 0.0) & (time_constant >= 0.0)
    # a = 2πk_Bτ/ħ makes w = aT.
    inverse_cutoff = 2.0 * math.pi * THERMAL_FREQUENCY * time_constant
    # A factor, not a choice of results, so that derivatives become NaN as well.
    scale = HEAT_QUANTUM * jnp.where(valid, 1.0, jnp.nan) * transmission
    return scale * _heat(temperature_1, temperature_2, inverse_cutoff)


@jax.custom_jvp
def _heat(temperature_1: jax.Array, temperature_2: jax.Array, inverse_cutoff: jax.Array) -> jax.Array:
    """(T_1 − T_2)(T_1 + T_2) S(aT_1, aT_2) [K²]."""
    width_1, width_2 = inverse_cutoff * temperature_1, inverse_cutoff * temperature_2
    is_wide = jnp.maximum(width_1, width_2) > LARGEST_RATIONAL_WIDTH
    square_1, square_2 = jnp.where(is_wide, 1.0 + width_1, 1.0) ** 2, jnp.where(is_wide, 1.0 + width_2, 1.0) ** 2
    # Written out, because this is the innermost loop of every solve: the sum never leaves the registers.
    rational = 0.0
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        rational = rational + weight / ((square_1 + node * width_1**2) * (square_2 + node * width_2**2))
    factor, addition, _ = _step(is_wide, width_1, width_2)
    return (temperature_1 - temperature_2) * (temperature_1 + temperature_2) * (factor * rational + addition)


def _heat_and_change(primals: tuple, tangents: tuple) -> tuple[jax.Array, jax.Array]:
    """∂/∂T_i = ±12 T_i K(w_i) with K(w) = −f′(1/w)/w³ = 2c Σ_k W_k/q_k² + w/(2c²), the last term after a step only;

    ∂/∂a = (T_1² − T_2²) ∂S/∂a. Here c = 1 + w after a step and 1 without, q_k = c² + x_k w². Where a is a constant, as with
    resistors only, its derivative is not computed.
    """
    temperature_1, temperature_2, inverse_cutoff = primals
    width_1, width_2 = inverse_cutoff * temperature_1, inverse_cutoff * temperature_2
    is_wide = jnp.maximum(width_1, width_2) > LARGEST_RATIONAL_WIDTH
    stepped_1, stepped_2 = jnp.where(is_wide, 1.0 + width_1, 1.0), jnp.where(is_wide, 1.0 + width_2, 1.0)

    # Written out like the sums of the heat itself. ∂q/∂a = 2 (c ∂c/∂a + x w T).
    square_1, square_2 = stepped_1**2, stepped_2**2
    rational, squares_1, squares_2 = 0.0, 0.0, 0.0
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        q_1, q_2 = square_1 + node * width_1**2, square_2 + node * width_2**2
        inverse = 1.0 / (q_1 * q_2)
        rational = rational + weight * inverse
        squares_1 = squares_1 + weight * (q_2 * inverse) ** 2
        squares_2 = squares_2 + weight * (q_1 * inverse) ** 2

    factor, addition, mean = _step(is_wide, width_1, width_2)
    # The weights hold the factor 12 already.
    own_1 = 2.0 * stepped_1 * squares_1 + jnp.where(is_wide, 6.0 * width_1 / stepped_1**2, 0.0)
    own_2 = 2.0 * stepped_2 * squares_2 + jnp.where(is_wide, 6.0 * width_2 / stepped_2**2, 0.0)
    scale = (temperature_1 - temperature_2) * (temperature_1 + temperature_2)
    heat = scale * (factor * rational + addition)
    # A Jacobian has these once for all its columns: without the barrier the compiler computes them again in every one.
    slope_1, slope_2 = jax.lax.optimization_barrier((temperature_1 * own_1, temperature_2 * own_2))
    change = jnp.zeros_like(heat)
    if not isinstance(tangents[0], SymbolicZero):
        change = change + slope_1 * tangents[0]
    if not isinstance(tangents[1], SymbolicZero):
        change = change - slope_2 * tangents[1]
    if isinstance(tangents[2], SymbolicZero):
        return heat, change

    rational_change = 0.0
    step_1 = jnp.where(is_wide, stepped_1 * temperature_1, 0.0)
    step_2 = jnp.where(is_wide, stepped_2 * temperature_2, 0.0)
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        q_1, q_2 = square_1 + node * width_1**2, square_2 + node * width_2**2
        inverse = 1.0 / (q_1 * q_2)
        change_1, change_2 = step_1 + node * (width_1 * temperature_1), step_2 + node * (width_2 * temperature_2)
        rational_change = rational_change - 2.0 * weight * inverse * (q_2 * change_1 + q_1 * change_2) * inverse
    # a ∂m/∂a = 1/(c_1c_2) − m: the mean of 1/(1 + w) between w_1 and w_2 needs no derivative of a logarithm.
    product = stepped_1 * stepped_2
    bracket = 0.5 + (1.5 + 0.5 * width_1 / stepped_1 + 0.5 * width_2 / stepped_2) / product - 2.0 * mean
    safe_cutoff = jnp.where(is_wide, inverse_cutoff, 1.0)
    total = jnp.where(is_wide, width_1 + width_2, 1.0)
    step_change = jnp.where(is_wide, (factor - 1.0) * rational - 12.0 * bracket / total, 0.0) / safe_cutoff
    return heat, change + scale * (factor * rational_change + step_change) * tangents[2]


_heat.defjvp(_heat_and_change, symbolic_zeros=True)


def _step(is_wide: jax.Array, width_1: jax.Array, width_2: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
    """What the step z → z + 1 makes of S = factor · (sum over the poles) + addition; 1 and 0 without a step.

    The factor is (Z_1² − Z_2²)/(z_1² − z_2²) = 1 + 2w_1w_2/(w_1 + w_2) with Z = z + 1; the addition
    [12/(w_1 + w_2)] {½ + ½/[(1 + w_1)(1 + w_2)] − m}; m, returned last, the mean of 1/(1 + w) between w_1 and w_2.
    """
    total = jnp.where(is_wide, width_1 + width_2, 1.0)
    larger, smaller = jnp.maximum(width_1, width_2), jnp.minimum(width_1, width_2)
    factor = jnp.where(is_wide, 1.0 + 2.0 * larger * (smaller / total), 1.0)
    mean = _mean_inverse(larger, smaller)
    bracket = 0.5 + 0.5 / ((1.0 + width_1) * (1.0 + width_2)) - mean
    return factor, jnp.where(is_wide, 12.0 * bracket / total, 0.0), mean


def _mean_inverse(larger: jax.Array, smaller: jax.Array) -> jax.Array:
    """m = ln[(1 + w_>)/(1 + w_<)]/(w_> − w_<) = ln(1 + d)/[d (1 + w_<)], d = (w_> − w_<)/(1 + w_<).

    For small d, ln(1 + d)/d = (1 − t) artanh(t)/t with t = d/(2 + d), by its series.
    """
    ratio = (larger - smaller) / (1.0 + smaller)
    is_near = ratio < 0.5
    half = jnp.where(is_near, ratio / (2.0 + ratio), 0.0)
    square = half * half
    # Eleven terms: (1/5)^22 = 4e-16.
    series = jnp.zeros_like(square)
    for k in range(10, -1, -1):
        series = series * square + 1.0 / (2 * k + 1)
    far = jnp.where(is_near, 1.0, ratio)
    return jnp.where(is_near, (1.0 - half) * series, jnp.log1p(far) / far) / (1.0 + smaller)
