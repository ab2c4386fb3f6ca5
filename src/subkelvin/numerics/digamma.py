"""The digamma remainder, f(z) = ln z − 1/(2z) − ψ(z): what the heat of thermal photons through a pole is made of.

    ∫_0^∞ ω n(ω, T)/(ω² + s²) dω = f(y)/2,    n = 1/(e^{ħω/k_BT} − 1),    y = ħs/(2πk_BT),    Re s > 0.

At large y it falls as 1/(12y²) while ln y − ψ(y) cancel, so ψ never appears here. Real arguments use that f is a
Stieltjes function of z² (Binet's second formula),

    f(z) = ∫_0^∞ 2t/(e^{2πt} − 1) dt/(z² + t²) ≈ Σ_k W_k/(z² + x_k),    z ≥ 1/2,

with positive nodes and weights: no term cancels another, in the value, in its derivatives, or in the difference of two
values. Below 1/2, one step of f(z) − f(z+1) = ½[1/z + 1/(z+1)] − ln(1 + 1/z) brings the argument there. Complex
arguments are stepped up to |z| ≥ 8, where the asymptotic series holds.

References: F. W. J. Olver et al., NIST Digital Library of Mathematical Functions, https://dlmf.nist.gov, sections
5.9 and 5.11; docs/physics.md, section 4.
"""

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

# Made by tables/digamma_rule.py. For z ≥ 1/2 the relative error, with these rounded numbers, is 5e-17 of f, 2e-16 of
# f′, 2e-14 of f″.
LOWEST_RATIONAL_ARGUMENT = 0.5
"""The rational form holds for real z from here on."""

RATIONAL_NODES = (
    0.0022563868503644477,
    0.022343298547826747,
    0.06720037499329512,
    0.1443892363463526,
    0.2661715392037025,
    0.45142338717472263,
    0.728619856711387,
    1.1408038208428175,
    1.7542110351618914,
    2.6740409162397127,
    4.075446749775967,
    6.271443031144138,
    9.892050694470619,
    16.569680233494175,
)
"""x_k: minus the squares of the poles of the rational form."""

RATIONAL_WEIGHTS = (
    0.026921790063933724,
    0.020236382628349127,
    0.014501661756352825,
    0.009808076078450613,
    0.006091412338343074,
    0.003358329121029353,
    0.0015815364133997935,
    0.0006085141909258191,
    0.00018110358578253178,
    3.8750108412965305e-05,
    5.3597829268946015e-06,
    4.048648237112496e-07,
    1.2326251779746592e-08,
    7.435112396532165e-11,
)
"""W_k: residues of the rational form in z²; they sum to 1/12."""

# B_{2n}/(2n) for n = 12 … 1, of f(z) ~ Σ_n B_{2n}/(2n z^{2n}); at |z| = 8 the first one left out is 1e-17 of the sum.
ASYMPTOTIC_COEFFICIENTS = np.array(
    [
        -236364091.0 / 65520.0,
        854513.0 / 3036.0,
        -174611.0 / 6600.0,
        43867.0 / 14364.0,
        -3617.0 / 8160.0,
        1.0 / 12.0,
        -691.0 / 32760.0,
        1.0 / 132.0,
        -1.0 / 240.0,
        1.0 / 252.0,
        -1.0 / 120.0,
        1.0 / 12.0,
    ]
)
SMALLEST_ASYMPTOTIC_MODULUS = 8.0
NEAR_STEPS = np.arange(3.0)
FAR_STEPS = np.arange(3.0, SMALLEST_ASYMPTOTIC_MODULUS)
"""From z + 3 on, |2z + 1| > 7 and the series of a step, in 1/(2z + 1)², converges fast."""

FAR_TERMS = 10  # (1/7)^20 = 1e-17
LARGEST_SERIES_ARGUMENT = 0.45
NEAR_TERMS = 24  # 0.45^48 = 2e-17; beyond 0.45 the closed form loses no more than a digit


def digamma_remainder(z: ArrayLike) -> jax.Array:
    """f(z) = ln z − 1/(2z) − ψ(z).

    Args:
        z: real or complex, Re z > 0, any shape.

    Returns:
        Array of the shape and kind of z. Relative error below 2e-15.

    Validity:
        NaN unless Re z > 0. Complex: 1e-150 < |z| < 1e150, outside of which squares overflow.

    References: NIST Digital Library of Mathematical Functions, sections 5.9 and 5.11.
    """
    z = jnp.asarray(z)
    if jnp.iscomplexobj(z):
        return _complex_remainder(jnp.where(jnp.real(z) > 0.0, z, jnp.nan))
    z = z.astype(jnp.result_type(z, float))
    return _real_remainder(jnp.where(z > 0.0, z, jnp.nan))


def digamma_remainder_difference(z: ArrayLike, step: ArrayLike) -> jax.Array:
    """f(z + h) − f(z) for complex arguments, without cancellation as h → 0.

    Every operation of the complex remainder is done on a value and its exact difference,
    (uv)′ − uv = (u′ − u) v′ + u (v′ − v), so that the factor h comes out in front.

    Args:
        z: complex, Re z > 0, any shape.
        step: h, complex, Re (z + h) > 0; it broadcasts against z.

    Returns:
        Complex array. Its error is below 2e-14 of |h| max |f′| between the two arguments; exactly 0 for h = 0.

    Validity:
        As for `digamma_remainder`.
    """
    z, step = jnp.broadcast_arrays(jnp.asarray(z, complex), jnp.asarray(step, complex))
    moved = z + step
    valid = (jnp.real(z) > 0.0) & (jnp.real(moved) > 0.0)
    z, moved, step = jnp.where(valid, z, jnp.nan), jnp.where(valid, moved, jnp.nan), jnp.where(valid, step, jnp.nan)
    is_low = jnp.minimum(jnp.abs(z), jnp.abs(moved)) < SMALLEST_ASYMPTOTIC_MODULUS
    low = is_low[..., None]
    a, b, h = jnp.where(low, z[..., None], 1.0), jnp.where(low, moved[..., None], 1.0), step[..., None]
    h = jnp.where(low, h, 0.0)
    steps = jnp.sum(_near_step_difference(a + NEAR_STEPS, b + NEAR_STEPS, h), axis=-1) + jnp.sum(
        _step_series_difference(a + FAR_STEPS, b + FAR_STEPS, h, FAR_TERMS), axis=-1
    )
    z, moved = (
        jnp.where(is_low, z + SMALLEST_ASYMPTOTIC_MODULUS, z),
        jnp.where(is_low, moved + SMALLEST_ASYMPTOTIC_MODULUS, moved),
    )
    inverse, inverse_moved = z**-2, moved**-2
    inverse_change = -step * (z + moved) * inverse * inverse_moved
    series, change = jnp.zeros_like(z), jnp.zeros_like(z)
    for coefficient in ASYMPTOTIC_COEFFICIENTS:
        change = change * inverse_moved + (series + coefficient) * inverse_change
        series = (series + coefficient) * inverse
    return change + jnp.where(is_low, steps, 0.0)


def _real_remainder(z: jax.Array) -> jax.Array:
    """The rational form, after one step up where z < 1/2."""
    is_low = z < LOWEST_RATIONAL_ARGUMENT
    safe = jnp.where(is_low, z, LOWEST_RATIONAL_ARGUMENT)
    # Apart from rounding, ½/z is all that is left of the step as z → 0; it is added last.
    step = 0.5 / (1.0 + safe) - (jnp.log1p(safe) - jnp.log(safe)) + 0.5 / safe
    square = jnp.where(is_low, z + 1.0, z) ** 2
    rational = jnp.zeros_like(z)
    for node, weight in zip(reversed(RATIONAL_NODES), reversed(RATIONAL_WEIGHTS), strict=True):
        rational = rational + weight / (square + node)
    return rational + jnp.where(is_low, step, 0.0)


def _complex_remainder(z: jax.Array) -> jax.Array:
    """The asymptotic series, after eight steps up where |z| < 8."""
    is_low = jnp.abs(z) < SMALLEST_ASYMPTOTIC_MODULUS
    safe = jnp.where(is_low, z, 1.0)[..., None]
    steps = jnp.sum(_near_step(safe + NEAR_STEPS), axis=-1) + jnp.sum(
        _step_series(safe + FAR_STEPS, FAR_TERMS), axis=-1
    )
    inverse_square = jnp.where(is_low, z + SMALLEST_ASYMPTOTIC_MODULUS, z) ** -2
    series = jnp.zeros_like(z)
    for coefficient in ASYMPTOTIC_COEFFICIENTS:
        series = (series + coefficient) * inverse_square
    return series + jnp.where(is_low, steps, 0.0)


def _step_series(z: jax.Array, terms: int) -> jax.Array:
    """f(z) − f(z+1) = 4 Σ_k k/(2k+1) t^{2k+1}, t = 1/(2z+1)."""
    t = 1.0 / (2.0 * z + 1.0)
    square = t * t
    series = jnp.zeros_like(z)
    for k in range(terms, 0, -1):
        series = (series + 4.0 * k / (2 * k + 1)) * square
    return series * t


def _near_step(z: jax.Array) -> jax.Array:
    """f(z) − f(z+1) = ½[1/z + 1/(z+1)] − ln[(z+1)/z] where its series converges slowly or not at all."""
    converges = jnp.abs(2.0 * z + 1.0) > 1.0 / LARGEST_SERIES_ARGUMENT
    safe = jnp.where(converges, 1.0, z)
    # ln[(z+1)/z] from its real and imaginary parts: complex logarithms compiled by XLA are off by up to 20 units in
    # the last place.
    x, y = jnp.real(safe), jnp.imag(safe)
    square = x * x + y * y
    logarithm = jax.lax.complex(0.5 * jnp.log1p((2.0 * x + 1.0) / square), -jnp.atan2(y, square + x))
    closed = 0.5 / safe + 0.5 / (safe + 1.0) - logarithm
    return jnp.where(converges, _step_series(jnp.where(converges, z, 2.0), NEAR_TERMS), closed)


def _step_series_difference(z: jax.Array, moved: jax.Array, step: jax.Array, terms: int) -> jax.Array:
    """What `_step_series` gains from z to z + h."""
    t, t_moved = 1.0 / (2.0 * z + 1.0), 1.0 / (2.0 * moved + 1.0)
    t_change = -2.0 * step * t * t_moved
    square, square_moved, square_change = t * t, t_moved * t_moved, t_change * (t + t_moved)
    series, change = jnp.zeros_like(t), jnp.zeros_like(t)
    for k in range(terms, 0, -1):
        coefficient = 4.0 * k / (2 * k + 1)
        change = change * square_moved + (series + coefficient) * square_change
        series = (series + coefficient) * square
    return change * t_moved + series * t_change


def _near_step_difference(z: jax.Array, moved: jax.Array, step: jax.Array) -> jax.Array:
    """What `_near_step` gains from z to z + h."""
    smaller = jnp.minimum(jnp.abs(2.0 * z + 1.0), jnp.abs(2.0 * moved + 1.0))
    converges = smaller > 1.0 / LARGEST_SERIES_ARGUMENT
    a, b = jnp.where(converges, 1.0, z), jnp.where(converges, 1.0, moved)
    # ln of the quotient of (z+h+1)/(z+h) and (z+1)/z, which is 1 + q.
    q = -step / (b * (a + 1.0))
    x, y = jnp.real(q), jnp.imag(q)
    logarithm = jax.lax.complex(0.5 * jnp.log1p(2.0 * x + x * x + y * y), jnp.atan2(y, 1.0 + x))
    closed = -0.5 * step / (a * b) - 0.5 * step / ((a + 1.0) * (b + 1.0)) - logarithm
    series = _step_series_difference(
        jnp.where(converges, z, 2.0), jnp.where(converges, moved, 2.0), jnp.where(converges, step, 0.0), NEAR_TERMS
    )
    return jnp.where(converges, series, closed)
