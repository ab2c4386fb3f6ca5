"""Admittance of a tunnel junction between a normal metal and a superconductor, in equilibrium and at frequency ω.

Photons of energy ħω take electrons across the barrier (Tucker); with the Dynes density of states N and ε = E/k_BT,
x = Δ/k_BT, w = Γ/k_BT, u = ħω/k_BT the real part of y = R_N Y(ω, T), time factor e^{+iωt}, is

    Re y = ∫_0^∞ dε N(ε) sinh u/{u (cosh ε + cosh u)},

R_N/R(T) at u → 0. Im y is its Kramers–Kronig transform; at low T and ω it is that of the quasiparticle capacitance
ħ/(2ΔR_N). With g(z) = z/√(z² + x²), which is analytic for Re z > 0, both are one sum over Matsubara frequencies ω_n,

    y = 1 + (2πi/u) Σ_n [g(ω_n + w + iu) − g(ω_n + w)],

taken by the rule of physics/junction.py. From Δ − ħω = 5.5 k_BT upwards Re y would be a small difference of large
numbers. There it is put together from positive parts, as at zero frequency: the same integral at Γ = 0, by Gauss's rule along
the energies above the gap, plus w times the divided difference of the sum in w. No Γ and no T is then too small.

Every imaginary part is u times a number that stays finite, so that u = 0 is a point like any other: a pair (p, q)
stands for p + iuq.

References:
    J. R. Tucker and M. J. Feldman, Quantum detection at millimeter wavelengths, doi:10.1103/RevModPhys.57.1055.
    R. C. Dynes, V. Narayanamurti, J. P. Garno, doi:10.1103/PhysRevLett.41.1509 (broadening).
"""

import math

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike

from subkelvin.constants import BOLTZMANN, REDUCED_PLANCK
from subkelvin.physics.junction import DEEP, END, EXCESS, EXCESS_WEIGHTS, FREQUENCIES, FREQUENCY_WEIGHTS

SMALL_GAP = 1.0
"""Δ/k_BT below which Im y is formed from terms that all vanish with the gap; above, neither form loses more than a digit."""

Pair = tuple[jax.Array, jax.Array]
"""(p, q) of the complex number p + iuq."""


def admittance_ratio(temperature: ArrayLike, frequency: ArrayLike, gap: ArrayLike, broadening: ArrayLike) -> jax.Array:
    """R_N Y(ω, T) of the junction itself, time factor e^{+iωt}; its geometric capacitance is not included.

    All arguments broadcast against each other.

    Args:
        temperature: T > 0 of both electrodes [K].
        frequency: angular, ω ≥ 0 [rad/s].
        gap: Δ ≥ 0 of the superconductor at T [J].
        broadening: Γ = γ Δ0 ≥ 0 [J].

    Returns:
        R_N Y [], complex; exactly 1 where the gap is 0; NaN for an invalid argument.

    Validity:
        Linear response of single electrons in equilibrium: no charging, no Andreev current, a signal far below ħω/e and
        k_BT/e. Δ, ħω and Γ up to 1e30 k_BT. Relative error of Im y below 2e-14, of Re y below 1e-12, however small
        (that of the arguments comes on top: Re y ∝ e^{−(Δ − ħω)/k_BT} below the gap); at Γ = 0 and Δ − ħω > 700 k_BT,
        Re y underflows to 0.

    References:
        doi:10.1103/RevModPhys.57.1055
    """
    temperature, frequency, gap, broadening = jnp.broadcast_arrays(
        *(jnp.asarray(value, float) for value in (temperature, frequency, gap, broadening))
    )
    valid = (temperature > 0.0) & (frequency >= 0.0) & (gap >= 0.0) & (broadening >= 0.0)
    superconducting = valid & (gap > 0.0)
    thermal = BOLTZMANN * jnp.where(superconducting, temperature, 1.0)
    quantum = REDUCED_PLANCK * jnp.where(superconducting, frequency, 0.0)
    energy = jnp.where(superconducting, gap, BOLTZMANN)
    x, u = energy / thermal, quantum / thermal
    # Near the gap edge the distance to it counts, which x − u would round.
    below = (energy - quantum) / thermal
    w = jnp.where(superconducting, broadening, 0.0) / thermal
    real, imaginary = _admittance(x, u, below, w)
    normal = jnp.where(valid, 1.0, jnp.nan)
    return jax.lax.complex(
        jnp.where(superconducting, real, normal), jnp.where(superconducting, imaginary, normal - 1.0)
    )


def continued_admittance_ratio(
    temperature: ArrayLike, frequency: ArrayLike, gap: ArrayLike, broadening: ArrayLike
) -> tuple[jax.Array, jax.Array]:
    """Re R_N Y and Im R_N Y, each continued to complex frequencies as a function of its own.

    R_N Y is their sum with 1 and i; what is complex conjugate to it at real frequencies, their difference.

    Args:
        temperature, gap, broadening: as for `admittance_ratio`; they broadcast against each other and the frequency.
        frequency: ω, complex, Re ω > 0 and |Im ω| < πk_BT/ħ [rad/s].

    Returns:
        Two complex arrays [].

    Validity:
        As for `admittance_ratio`; singular at ω = (Δ ± iπk_BT ± iΓ)/ħ.
    """
    temperature, gap, broadening, _ = jnp.broadcast_arrays(
        *(jnp.asarray(value, float) for value in (temperature, gap, broadening)), jnp.real(jnp.asarray(frequency))
    )
    superconducting = gap > 0.0
    thermal = BOLTZMANN * temperature
    quantum = REDUCED_PLANCK * jnp.broadcast_to(jnp.asarray(frequency), temperature.shape)
    energy = jnp.where(superconducting, gap, BOLTZMANN)
    w = jnp.where(superconducting, broadening, 0.0) / thermal
    real, imaginary = _sum_over_frequencies(energy / thermal, quantum / thermal, (energy - quantum) / thermal, w)
    return jnp.where(superconducting, real, 1.0), jnp.where(superconducting, imaginary, 0.0)


@jax.custom_jvp
def _admittance(x: jax.Array, u: jax.Array, below: jax.Array, w: jax.Array) -> Pair:
    """Re y and Im y for x = Δ/k_BT > 0, u = ħω/k_BT, x − u and w = Γ/k_BT."""
    return _sum_over_frequencies(x, u, below, w)


@_admittance.defjvp
def _admittance_jvp(primals: tuple, tangents: tuple) -> tuple[Pair, Pair]:
    """All four partial derivatives, taken forward: in reverse every term of the sum would have to be stored."""
    directions = tuple(jnp.zeros((4, *x.shape)).at[index].set(1.0) for index, x in enumerate(primals))
    slopes = jax.vmap(lambda direction: jax.jvp(_sum_over_frequencies, primals, direction)[1])(directions)
    real, imaginary = (sum(slope[k] * tangents[k] for k in range(4)) for slope in slopes)
    return _sum_over_frequencies(*primals), (real, imaginary)


def _sum_over_frequencies(x: jax.Array, u: jax.Array, below: jax.Array, w: jax.Array) -> Pair:
    """One Matsubara frequency after the other: written out it compiles and runs three times slower."""

    def add(sums: tuple[jax.Array, ...], node: tuple[jax.Array, jax.Array]) -> tuple[tuple[jax.Array, ...], None]:
        frequency, weight = node
        terms = _terms(frequency, x, u, below, w)
        return tuple(sum_ + weight * term for sum_, term in zip(sums, terms, strict=True)), None

    start = tuple(jnp.zeros_like(u) for _ in range(3))
    sums, _ = jax.lax.scan(add, start, (jnp.asarray(FREQUENCIES), jnp.asarray(FREQUENCY_WEIGHTS)))
    return _put_together(sums, x, u, below, w)


def _terms(
    frequency: jax.Array, x: jax.Array, u: jax.Array, below: jax.Array, w: jax.Array
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Of one Matsubara frequency F, with f = F + w and s = f + iu: 2πi/u {g(s) − g(f)} as a pair, and

    the imaginary part of 2π/u {g(s) − g(F + iu)}/w.
    """
    v, gap_term = u * u, below * (x + u)
    inverse_u = 1.0 / jnp.where(jnp.real(below) < 0.0, u, 1.0)
    scale = 2.0 * math.pi * x * x
    f = frequency + w
    a = jnp.sqrt(f * f + x * x)
    b = _root(f * f + gap_term, f, u, inverse_u)
    # i/u {g(s) − g(f)} = −x² (s + f)/[a b (s a + f b)]
    p, q = _product(b, (f * (a + b[0]), a + f * b[1]), v)
    factor = -scale / (a * (p * p + v * q * q))
    real, imaginary = factor * (2.0 * f * p + v * q), factor * (p - 2.0 * f * q)
    # {g(s) − g(S)}/w = x² (s + S)/[b c (s c + S b)], S = F + iu
    c = _root(frequency * frequency + gap_term, frequency, u, inverse_u)
    total = (f * c[0] + frequency * b[0] - v * (c[1] + b[1]), f * c[1] + frequency * b[1] + c[0] + b[0])
    p, q = _product(_product(b, c, v), total, v)
    return real, imaginary, scale * (2.0 * p - (f + frequency) * q) / (p * p + v * q * q)


def _put_together(sums: tuple[jax.Array, ...], x: jax.Array, u: jax.Array, below: jax.Array, w: jax.Array) -> Pair:
    """Re y and Im y from the weighted sums of the three terms: the integrals from END on, and the form that suits Re y."""
    v, gap_term = u * u, below * (x + u)
    inverse_u = 1.0 / jnp.where(jnp.real(below) < 0.0, u, 1.0)
    # The leading 1 and the integral: (b − a)/iu = (2e + iu)/(a + b), e = END + w, a² = e² + x², b² = (e + iu)² + x².
    end = END + w
    a = jnp.sqrt(end * end + x * x)
    b = _root(end * end + gap_term, end, u, inverse_u)
    p, q = a + b[0], b[1]
    modulus = p * p + v * q * q
    integral = (2.0 * end * p + v * q) / modulus, (p - 2.0 * end * q) / modulus
    # Divided difference in w of the integral of g, c being b at w = 0: x² [1/(b + e + iu) + 1/(c + END + iu)]/(b + c).
    c = _root(END * END + gap_term, END, u, inverse_u)
    of_w, of_0 = _inverse((b[0] + end, b[1] + 1.0), v), _inverse((c[0] + END, c[1] + 1.0), v)
    # Its imaginary part vanishes as x², which the quotient rounds: from 1 − x² [1 + (b − a)/iu]/[(a + e)(b + e + iu)] there.
    near_normal = -x * x / (a + end) * _product((1.0 + integral[0], integral[1]), of_w, v)[1]
    real, imaginary = integral[0] + sums[0], jnp.where(x < SMALL_GAP, near_normal, integral[1]) + sums[1]
    of_both = _inverse((b[0] + c[0], b[1] + c[1]), v)
    slope = -(x * x * _product((of_w[0] + of_0[0], of_w[1] + of_0[1]), of_both, v)[1] + sums[2])

    is_deep = jnp.real(below) >= DEEP
    safe_x, safe_u = jnp.where(is_deep, x, 2.0 * DEEP), jnp.where(is_deep, u, 0.0)
    clean = _clean_dissipation(safe_x, safe_u, jnp.where(is_deep, below, 2.0 * DEEP))
    return jnp.where(is_deep, clean + w * slope, real), u * imaginary


def _clean_dissipation(x: jax.Array, u: jax.Array, below: jax.Array) -> jax.Array:
    """Re y at Γ = 0, ∫_x^∞ dε ε/√(ε² − x²) sinh u/{u (cosh ε + cosh u)}, for x − u ≥ DEEP, with ε = x + s²."""
    occupation, other = jnp.exp(-below), jnp.exp(-(x + u))
    is_slow = jnp.abs(u) < 1e-5
    safe = jnp.where(is_slow, 1.0, u)
    # (1 − e^{−2u})/2u
    factor = jnp.where(is_slow, 1.0 - u + 2.0 / 3.0 * u * u, -0.5 * jnp.expm1(-2.0 * safe) / safe)

    def add(total: jax.Array, node: tuple[jax.Array, jax.Array, jax.Array]) -> tuple[jax.Array, None]:
        excess, weight, decay = node
        states = (x + excess) / jnp.sqrt(2.0 * x + excess)
        return total + weight * states / ((1.0 + occupation * decay) * (1.0 + other * decay)), None

    nodes = (jnp.asarray(EXCESS), jnp.asarray(EXCESS_WEIGHTS), jnp.exp(-EXCESS))
    return factor * occupation * jax.lax.scan(add, jnp.zeros_like(u), nodes)[0]


def _root(real: jax.Array, half: float | jax.Array, u: jax.Array, inverse_u: jax.Array) -> Pair:
    """√(real + 2i half u), Re > 0, without cancellation; u > 0 where real < 0, else 1/u does not matter.

    With complex u, "real" is analytic in u² and real where u is.
    """
    if jnp.iscomplexobj(u):
        modulus = jnp.sqrt(real + 2j * half * u) * jnp.sqrt(real - 2j * half * u)
    else:
        modulus = jnp.sqrt(real * real + (2.0 * half * u) ** 2)
    is_right = jnp.real(real) >= 0.0
    larger = jnp.sqrt(0.5 * (modulus + jnp.where(is_right, real, -real)))
    smaller = half / larger
    return jnp.where(is_right, larger, u * smaller), jnp.where(is_right, smaller, larger * inverse_u)


def _product(a: Pair, b: Pair, v: jax.Array) -> Pair:
    """Product of a and b, with v = u²."""
    return a[0] * b[0] - v * a[1] * b[1], a[0] * b[1] + a[1] * b[0]


def _inverse(a: Pair, v: jax.Array) -> Pair:
    """1/a, with v = u²."""
    modulus = a[0] * a[0] + v * a[1] * a[1]
    return a[0] / modulus, -a[1] / modulus
