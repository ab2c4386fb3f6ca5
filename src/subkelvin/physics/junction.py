"""A tunnel junction between a normal metal and a superconductor, at zero bias.

Its conductance over that of the normal state is the density of states seen through the thermal window,

    R_N/R(T) = ∫ dE N(E) / (4 k_BT cosh²(E/2k_BT)),      N the Dynes density of states,

a pure function G(x, w) of x = Δ/k_BT and w = Γ/k_BT. Closing the contour in the upper half-plane turns it into a sum
over Matsubara frequencies ω_n = (2n + 1)π, in units of k_BT:

    G(x, w) = 1 − 2πx² Σ_{n≥0} [(ω_n + w)² + x²]^{−3/2}.

At low temperature G is a tiny difference of that 1 and that sum, so it is put together from positive parts,
G = g_0(x) + w h(x, w): h is the same sum with every term replaced by its divided difference in w, and g_0 = G(x, 0) is
the BCS integral, which at large x is taken by Gauss's rule along the energies above the gap. Nothing is tabulated, and
no Γ is too small or too large: G keeps its relative accuracy down to where it underflows. See docs/physics.md,
section 3.

References:
    M. Tinkham, Introduction to Superconductivity, 2nd ed., section 3.8 (tunnel conductance).
    R. C. Dynes, V. Narayanamurti, J. P. Garno, doi:10.1103/PhysRevLett.41.1509 (broadening).
"""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from subkelvin.constants import BOLTZMANN


def _correction_weights(offsets: np.ndarray) -> np.ndarray:
    """Weights c_j that make Σ_j c_j [f(y + δ_j) − f(y − δ_j)] the end correction of a midpoint sum with spacing 2π.

    That correction is −Σ_k B_2k(1/2)/(2k)! (2π)^{2k−1} f^{(2k−1)}(y) (Euler–Maclaurin). With as many offsets as
    Bernoulli numbers the weights are unique, and exact for polynomials up to degree 10.
    """
    bernoulli_at_half = np.array([-1 / 12, 7 / 240, -31 / 1344, 127 / 3840, -2555 / 33792])
    orders = 2 * np.arange(1, bernoulli_at_half.size + 1) - 1
    largest = np.max(offsets)
    moments = -bernoulli_at_half / (orders + 1) * (2.0 * math.pi / largest) ** orders
    return np.linalg.solve(2.0 * (offsets / largest) ** orders[:, None], moments)


TERMS = 12
"""Matsubara frequencies that are summed one by one; what follows is an integral and corrections at its lower end."""

END = 2.0 * math.pi * TERMS
"""Where the integral takes over, half-way between two Matsubara frequencies."""

OFFSETS = 1.6 * math.pi * np.cos(math.pi * (np.arange(5) + 0.5) / 10.0)
CORRECTIONS = _correction_weights(OFFSETS)
FREQUENCIES = np.concatenate([(2.0 * np.arange(TERMS) + 1.0) * math.pi, END + OFFSETS, END - OFFSETS])
FREQUENCY_WEIGHTS = np.concatenate([np.ones(TERMS), CORRECTIONS, -CORRECTIONS])
"""The rule Σ_n f(ω_n) = (1/2π) ∫_END^∞ f dω + Σ_j weight_j f(frequency_j). It leaves 2e-14 of h at worst, and less the
larger x is, because 1/S³ is then smoother."""

DEEP = 5.5
"""The Δ/k_BT from which g_0 is integrated over energy; below it the Matsubara sum loses less than two digits of it."""

EXCESS = np.polynomial.hermite.hermgauss(28)[0][14:] ** 2
EXCESS_WEIGHTS = 4.0 * np.polynomial.hermite.hermgauss(28)[1][14:]
"""Gauss–Hermite rule in s = √(ε − x), ε = E/k_BT: 14 nodes leave 1e-13 of g_0 at x = DEEP, and less the larger x is."""

PANEL = np.polynomial.legendre.leggauss(20)
"""Nodes and weights of each panel of the independent integral."""


def conductance_ratio(temperature: ArrayLike, gap: ArrayLike, broadening: ArrayLike) -> jax.Array:
    """Zero-bias conductance over its normal value, R_N/R(T) = ∫dE N(E)/(4 k_BT cosh²(E/2k_BT)).

    Args:
        temperature: T of the normal electrode, any shape [K].
        gap: Δ of the superconductor at its own temperature, broadcast against T [J].
        broadening: Γ = γ Δ0, broadcast against T [J].

    Returns:
        R_N/R []; exactly 1 where the gap is 0; NaN for T ≤ 0 or a negative gap or broadening.

    Validity:
        Any Δ/k_BT and any Γ ≥ 0, to 2e-13 relative; below 2e-308 (Γ = 0 and Δ > 700 k_BT) it underflows to 0.

    References:
        M. Tinkham, Introduction to Superconductivity, 2nd ed., section 3.8.
    """
    temperature, gap, broadening = jnp.broadcast_arrays(
        jnp.asarray(temperature, float), jnp.asarray(gap, float), jnp.asarray(broadening, float)
    )
    valid = (temperature > 0.0) & (gap >= 0.0) & (broadening >= 0.0)
    superconducting = valid & (gap > 0.0)
    thermal = BOLTZMANN * jnp.where(superconducting, temperature, 1.0)
    x = jnp.where(superconducting, gap / thermal, 0.0)
    w = jnp.where(superconducting, broadening / thermal, 0.0)
    return jnp.where(superconducting, _conductance(x, w), jnp.where(valid, 1.0, jnp.nan))


def resistance_ratio(temperature: ArrayLike, gap: ArrayLike, broadening: ArrayLike) -> jax.Array:
    """Zero-bias resistance over its normal value, r = R(T)/R_N.

    For Δ ≫ k_BT it rises as r → e^x/√(2πx), x = Δ/k_BT, up to the floor of the conductance, r → √(1 + γ²)/γ.

    Args:
        temperature: T of the normal electrode, any shape [K].
        gap: Δ of the superconductor at its own temperature, broadcast against T [J].
        broadening: Γ = γ Δ0, broadcast against T [J].

    Returns:
        r []; exactly 1 where the gap is 0; infinite where it exceeds 2e308 (Γ = 0, Δ > 710 k_BT); NaN for T ≤ 0 or a
        negative gap or broadening.

    Validity:
        As ``conductance_ratio``. Derivatives pass through r², so they overflow where r > 1e154 (Γ = 0, Δ > 350 k_BT):
        use the conductance there.

    References:
        M. Tinkham, Introduction to Superconductivity, 2nd ed., section 3.8.
    """
    return 1.0 / conductance_ratio(temperature, gap, broadening)


def resistance_ratio_integral(temperature: ArrayLike, gap: ArrayLike, broadening: ArrayLike) -> np.ndarray:
    """r = R(T)/R_N from the integral over real energies: slow, and shares nothing with ``resistance_ratio``.

    R_N/R = 2 ∫_0^∞ dε N(ε)/(4 cosh²(ε/2)), ε = E/k_BT, by Gauss–Legendre panels in s = √|ε − x|, which removes the
    singularity at the gap edge; panels shrink geometrically towards it.

    Args:
        temperature: T of the normal electrode, any shape [K].
        gap: Δ, broadcast against T [J].
        broadening: Γ, broadcast against T [J].

    Returns:
        r []; a NumPy array without derivatives, for checks. NaN for T ≤ 0 or a negative gap or broadening.

    Validity:
        1e-13 relative for Δ < 600 k_BT.

    References:
        doi:10.1103/PhysRevLett.41.1509
    """

    def resistance(kelvin: float, gap: float, broadening: float) -> float:
        if not (kelvin > 0.0 and gap >= 0.0 and broadening >= 0.0):
            return math.nan
        x, w = gap / (BOLTZMANN * kelvin), broadening / (BOLTZMANN * kelvin)
        return float(1.0 / (_one_side_of_the_edge(x, w, -1.0, x) + _one_side_of_the_edge(x, w, 1.0, 50.0)))

    arguments = np.broadcast_arrays(*(np.asarray(value, float) for value in (temperature, gap, broadening)))
    values = [resistance(*map(float, row)) for row in zip(*(value.ravel() for value in arguments), strict=True)]
    return np.reshape(values, arguments[0].shape)


def _one_side_of_the_edge(x: float, w: float, side: float, reach: float) -> np.floating:
    """2 ∫ dε N(ε)/(4 cosh²(ε/2)) over |ε − x| < reach below (side −1) or above (+1) the gap edge."""
    if reach == 0.0:
        return np.float64(0.0)
    edges = np.sqrt(np.append(np.arange(0.0, reach, 0.5), reach))
    # The integrand changes on the scales Γ and 2Δ: panels double in length from the smaller one on.
    scales = [scale for scale in (w, 2.0 * x) if 0.0 < scale < 1.0]
    if scales:
        around = 0.5 * math.sqrt(min(scales)) * 2.0 ** np.arange(2.0 - math.log2(min(scales)) / 2.0)
        edges = np.union1d(edges, around[around < edges[-1]])
    node, weight = PANEL
    half = 0.5 * np.diff(edges)[:, None]
    s = edges[:-1, None] + half * (1.0 + node)
    below = side * s**2 + 1j * w
    energy = x + side * s**2
    states = np.real((x + below) / (np.sqrt(below) * np.sqrt(2.0 * x + below)))
    window = np.exp(-energy) / (1.0 + np.exp(-energy)) ** 2
    return np.sum(half * weight * 2.0 * s * 2.0 * states * window)


@jax.custom_jvp
def _conductance(x: jax.Array, w: jax.Array) -> jax.Array:
    """G(x, w), with both partial derivatives taken forward: sums along an axis are several times slower in reverse."""
    return _sum_of_positive_parts(x, w)


@_conductance.defjvp
def _conductance_jvp(
    primals: tuple[jax.Array, jax.Array], tangents: tuple[jax.Array, jax.Array]
) -> tuple[jax.Array, jax.Array]:
    """dG = G_x dx + G_w dw."""
    x, w = primals
    value, by_gap = jax.jvp(lambda x: _sum_of_positive_parts(x, w), (x,), (jnp.ones_like(x),))
    by_broadening = jax.jvp(lambda w: _sum_of_positive_parts(x, w), (w,), (jnp.ones_like(w),))[1]
    return value, by_gap * tangents[0] + by_broadening * tangents[1]


def _sum_of_positive_parts(x: jax.Array, w: jax.Array) -> jax.Array:
    """G = g_0(x) + w h(x, w) for x = Δ/k_BT and w = Γ/k_BT, both ≥ 0."""
    x_squared = x * x
    # 1/S of every frequency along a trailing axis, and of the integral's lower end; S² = ω² + x², then (ω + w)² + x².
    # The weighted sums are matrix products, because XLA compiles and runs those several times faster than reductions.
    shifted, shifted_end = FREQUENCIES + w[..., None], END + w
    clean = _inverse_root(FREQUENCIES**2 + x_squared[..., None])
    broad = _inverse_root(shifted**2 + x_squared[..., None])
    clean_end, broad_end = _inverse_root(END**2 + x_squared), _inverse_root(shifted_end**2 + x_squared)

    # ∫_y^∞ dω S^{−3} = (1 − y/S)/x²: its 1 cancels the leading 1 of G.
    clean_sum = clean**3 @ FREQUENCY_WEIGHTS
    shallow = END * clean_end - 2.0 * math.pi * x_squared * clean_sum

    # (S_0^{−3} − S_w^{−3})/w and, for the integral, (y_w/S_w − y_0/S_0)/(w x²), both without cancellation.
    product = clean * broad
    quotients = (FREQUENCIES + shifted) * product**2 * (clean**2 + product + broad**2) / (clean + broad)
    end_quotient = (END + shifted_end) * (clean_end * broad_end) ** 2 / (shifted_end * broad_end + END * clean_end)
    h = x_squared * (2.0 * math.pi * quotients @ FREQUENCY_WEIGHTS + end_quotient)
    return jnp.where(x < DEEP, shallow, _deep_bcs_conductance(x)) + w * h


def _deep_bcs_conductance(x: jax.Array) -> jax.Array:
    """g_0(x) = 2 ∫_x^∞ dε ε/√(ε² − x²) e^{−ε}/(1 + e^{−ε})² for x ≥ DEEP, with ε = x + s²."""
    occupation = jnp.exp(-x)
    states = (x[..., None] + EXCESS) * jax.lax.rsqrt(2.0 * x[..., None] + EXCESS)
    return occupation * ((states / (1.0 + occupation[..., None] * np.exp(-EXCESS)) ** 2) @ EXCESS_WEIGHTS)


@jax.custom_jvp
def _inverse_root(square: jax.Array) -> jax.Array:
    """1/√square, with a derivative that takes no further root or division."""
    return jax.lax.rsqrt(square)


@_inverse_root.defjvp
def _inverse_root_jvp(primals: tuple[jax.Array], tangents: tuple[jax.Array]) -> tuple[jax.Array, jax.Array]:
    """d(S^{−1}) = −½ S^{−3} d(S²)."""
    inverse = _inverse_root(primals[0])
    return inverse, -0.5 * inverse**3 * tangents[0]
