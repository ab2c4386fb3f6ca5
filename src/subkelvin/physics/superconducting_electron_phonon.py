"""The electron–phonon double integral of a superconductor, evaluated as it stands.

    P = ΣV/(24 ζ(5) k_B⁵) ∫_0^∞ dε ε³ [n(ε, T_e) − n(ε, T_ph)] K(ε),
    K(ε) = ∫ dE [N(E)N(E+ε) − F(E)F(E+ε)] [f(E) − f(E+ε)],   f at T_e

with N, F of the BCS theory or with Dynes broadening (docs/physics.md, section 5). Slow but independent of
any table. All energies are in units of k_BT_e. The trapezoid rule in the logarithm of the distance to a threshold
converges exponentially: every other singularity (Fermi and Bose poles, the mirrored gap edge) then lies at an imaginary
part of π/2 or more, which a step of 0.3 turns into an error of e^{−33}.

References: A. V. Timofeev et al., doi:10.1103/PhysRevLett.102.017003;
R. C. Dynes, V. Narayanamurti, J. P. Garno, doi:10.1103/PhysRevLett.41.1509.
"""

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from subkelvin.constants import BOLTZMANN

_NORMALISATION = 1.0 / (24.0 * 1.0369277551433699263)  # 1/24ζ(5)


def superconducting_electron_phonon_power_integral(
    electron_temperature: ArrayLike, phonon_temperature: ArrayLike, coupling: ArrayLike, gap: ArrayLike
) -> jax.Array:
    """P of a BCS superconductor by direct quadrature; arguments as ``superconducting_electron_phonon_power``.

    Args:
        electron_temperature: T_e, greater than 0, any shape [K].
        phonon_temperature: T_ph, at least 0, broadcast against T_e [K].
        coupling: ΣV of the normal state, with n = 5 [W/K⁵].
        gap: Δ(T_e), at least 0 [J].

    Returns:
        Power, positive from electrons to phonons [W], right to 1e-11; NaN for an invalid argument.

    Validity: gap up to 700 k_BT_e, T_ph up to 10⁶ T_e. Some milliseconds and 1 MB for each point.

    References: doi:10.1103/PhysRevLett.102.017003.
    """
    electron, phonon, coupling, gap = map(jnp.asarray, (electron_temperature, phonon_temperature, coupling, gap))
    valid = (electron > 0.0) & (phonon >= 0.0) & (gap >= 0.0)
    x = (gap / (BOLTZMANN * electron))[..., None]
    inverse_tau, difference = _inverse_ratio(electron, phonon)
    hottest = jnp.log(jnp.maximum(1.0, phonon / electron))[..., None]

    energy, weight = _log_rule(-10.0, 4.2 + hottest, 128)
    occupation = _occupation_difference(energy, inverse_tau, difference)
    scattering = jnp.sum(weight * energy**3 * occupation * _scattering_kernel(energy, x), axis=-1)

    above, weight = _log_rule(-34.0, 4.2 + hottest, 256)
    energy = 2.0 * x + above
    occupation = _occupation_difference(energy, inverse_tau, difference)
    pairs = jnp.sum(weight * energy**3 * occupation * _pair_kernel(above, x), axis=-1)
    return jnp.where(valid, coupling * electron**5 * _NORMALISATION * (scattering + pairs), jnp.nan)


def dynes_electron_phonon_power(
    electron_temperature: ArrayLike,
    phonon_temperature: ArrayLike,
    coupling: ArrayLike,
    gap: ArrayLike,
    broadening: ArrayLike,
) -> jax.Array:
    """P with Dynes broadening: N = |Re z/(√(z−Δ)√(z+Δ))|, F = Re Δ/(√(z−Δ)√(z+Δ)), z = E + iΓ.

    N is even and F odd in E, so that NN' − FF' tends to the BCS coherence factors as Γ → 0. Subgap states let the
    electrons relax where the clean superconductor cannot.

    Args:
        electron_temperature: T_e, greater than 0, any shape [K].
        phonon_temperature: T_ph, at least 0, broadcast against T_e [K].
        coupling: ΣV of the normal state, with n = 5 [W/K⁵].
        gap: Δ(T_e), greater than 0 [J].
        broadening: Γ, at least 1e-8 Δ [J].

    Returns:
        Power, positive from electrons to phonons [W], right to about 1e-8; NaN for an invalid argument.

    Validity: the broadening stands for a lifetime common to all quasiparticles. Some ten milliseconds for each point.

    References: doi:10.1103/PhysRevLett.102.017003, doi:10.1103/PhysRevLett.41.1509.
    """
    electron, phonon, coupling, gap, broadening = map(
        jnp.asarray, (electron_temperature, phonon_temperature, coupling, gap, broadening)
    )
    valid = (electron > 0.0) & (phonon >= 0.0) & (gap > 0.0) & (broadening >= 1e-8 * gap)
    x, w = (gap / (BOLTZMANN * electron))[..., None], (broadening / (BOLTZMANN * electron))[..., None]
    inverse_tau, difference = _inverse_ratio(electron, phonon)
    hottest = jnp.log(jnp.maximum(1.0, phonon / electron))[..., None]

    # The broadening, which smears both over Γ, leaves a step of the kernel at Δ, where phonons begin to lift electrons from the
    # middle of the gap over its edge, and one at 2Δ, where they begin to break pairs.
    below, weight_below = _interval_rule(x, 30.0, 200)
    above, weight_above = _log_rule(-30.0, 4.2 + hottest, 128)
    energy = _join(_join(below, x + below), 2.0 * x + above)
    factor = (
        _join(_join(weight_below, weight_below), weight_above)
        * energy**3
        * _occupation_difference(energy, inverse_tau, difference)
    )

    def add(total: jax.Array, column: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, None]:
        # One phonon energy at a time, to spare memory.
        column_energy, column_factor = column
        return total + column_factor * _dynes_kernel(column_energy, x[..., 0], w[..., 0]), None

    columns = jnp.moveaxis(energy, -1, 0), jnp.moveaxis(factor, -1, 0)
    total = jax.lax.scan(add, jnp.zeros_like(factor[..., 0]), columns)[0]
    return jnp.where(valid, coupling * electron**5 * _NORMALISATION * total, jnp.nan)


def _inverse_ratio(electron: jax.Array, phonon: jax.Array) -> tuple[jax.Array, jax.Array]:
    """T_e/T_ph and T_e/T_ph − 1; phonons at 0 K count as a millionth of T_e, where n(ε) has long vanished."""
    phonon = jnp.where(phonon > 1e-6 * electron, phonon, 1e-6 * electron)
    return (electron / phonon)[..., None], ((electron - phonon) / phonon)[..., None]


def _occupation_difference(energy: jax.Array, inverse_tau: jax.Array, difference: jax.Array) -> jax.Array:
    """n(ε) − n(ε/τ) = e^{−ε} (1 − e^{−ε(1/τ−1)}) / [(1 − e^{−ε})(1 − e^{−ε/τ})], from the side that is small."""
    hot = difference >= 0.0
    numerator = jnp.where(
        hot,
        jnp.exp(-energy) * -jnp.expm1(-energy * jnp.where(hot, difference, 0.0)),
        jnp.exp(-energy * inverse_tau) * jnp.expm1(energy * jnp.where(hot, 0.0, difference)),
    )
    return numerator / (jnp.expm1(-energy) * jnp.expm1(-energy * inverse_tau))


def _scattering_kernel(energy: jax.Array, x: jax.Array) -> jax.Array:
    """2∫_x^∞ dE (EE' − x²)/(√(E²−x²) √(E'²−x²)) [f(E) − f(E')], the trapezoid rule in ln(E − x)."""
    log_offset = np.linspace(-62.0, 4.0, 221)
    lower, step = np.exp(log_offset), log_offset[1] - log_offset[0]
    energy, x = energy[..., None], x[..., None]
    upper = lower + energy
    coherence = (lower * upper + x * (lower + upper)) / jnp.sqrt(lower * (2.0 * x + lower) * upper * (2.0 * x + upper))
    window = jnp.exp(-x - lower) * -jnp.expm1(-energy)
    window = window / ((1.0 + jnp.exp(-x - lower)) * (1.0 + jnp.exp(-x - upper)))
    return 2.0 * step * jnp.sum(lower * coherence * window, axis=-1)


def _pair_kernel(above: jax.Array, x: jax.Array) -> jax.Array:
    """∫dE (E_1E_2 + x²)/(√(E_1²−x²) √(E_2²−x²)) [1 − f(E_1) − f(E_2)], E_1 − x = above/(1 + e^{−t})."""
    t = np.linspace(0.0, 64.0, 215)
    larger, smaller = 1.0 / (1.0 + np.exp(-t)), np.exp(-t) / (1.0 + np.exp(-t))
    weight = 2.0 * (t[1] - t[0]) * np.where(t == 0.0, 0.5, 1.0)  # even in t: twice the half line
    above, x = above[..., None], x[..., None]
    first, second = above * larger, above * smaller
    coherence = (x * x + (x + first) * (x + second)) / jnp.sqrt((2.0 * x + first) * (2.0 * x + second))
    window = -jnp.expm1(-2.0 * x - above) / ((1.0 + jnp.exp(-x - first)) * (1.0 + jnp.exp(-x - second)))
    # dE/√(first·second) = √(larger·smaller) dt
    return jnp.sum(weight * np.sqrt(larger * smaller) * coherence * window, axis=-1)


def _dynes_kernel(energy: jax.Array, x: jax.Array, w: jax.Array) -> jax.Array:
    """K(ε) = 2∫_{−ε/2}^∞ dE [NN' − FF'] [f(E) − f(E+ε)], split at both gap edges and the Fermi level."""
    half = energy / 2.0
    edge, outer = jnp.abs(half - x), half + x
    inner, middle = jnp.minimum(edge, half), jnp.maximum(edge, half)
    start = jnp.stack(jnp.broadcast_arrays(0.0 * inner, inner, middle), axis=-1)[..., None]
    width = jnp.stack(jnp.broadcast_arrays(inner, middle - inner, outer - middle), axis=-1)[..., None]
    within, weight_within = _interval_rule(width, 32.0, 160)
    tail, weight_tail = _log_rule(-32.0, 4.0, 120)
    centre = _join((start + within).reshape(*energy.shape, -1), outer[..., None] + tail)
    weight = _join(
        weight_within.reshape(*energy.shape, -1), jnp.broadcast_to(weight_tail, (*energy.shape, tail.shape[-1]))
    )

    density, pairing = _dynes_densities(
        jnp.stack([centre - half[..., None], centre + half[..., None]]), x[..., None], w
    )
    # f(E) − f(E') = (1 − e^{−ε}) / [(1 + e^{−E'})(1 + e^{E})], E' being positive here and E of either sign.
    lower, upper = centre - half[..., None], centre + half[..., None]
    window = -jnp.expm1(-energy)[..., None] / ((1.0 + jnp.exp(-upper)) * (1.0 + jnp.exp(lower)))
    return 2.0 * jnp.sum(weight * (density[0] * density[1] - pairing[0] * pairing[1]) * window, axis=-1)


def _dynes_densities(energy: jax.Array, x: jax.Array, w: jax.Array) -> tuple[jax.Array, jax.Array]:
    """N(E), even, and F(E), odd."""
    z = energy + 1j * w[..., None]
    inverse_root = 1.0 / (jnp.sqrt(z - x) * jnp.sqrt(z + x))
    return (z * inverse_root).real, (x * inverse_root).real


def _join(first: jax.Array, second: jax.Array) -> jax.Array:
    """Two sets of nodes, or of weights, along the last axis."""
    shape = jnp.broadcast_shapes(first.shape[:-1], second.shape[:-1])
    first, second = (jnp.broadcast_to(part, (*shape, part.shape[-1])) for part in (first, second))
    return jnp.concatenate([first, second], axis=-1)


def _log_rule(first: float, last: ArrayLike, count: int) -> tuple[jax.Array, jax.Array]:
    """Nodes e^t and weights of the trapezoid rule in t between ``first`` and ``last``."""
    step = (jnp.asarray(last) - first) / (count - 1)
    nodes = jnp.exp(first + step * np.arange(count))
    return nodes, step * nodes


def _interval_rule(width: jax.Array, reach: float, count: int) -> tuple[jax.Array, jax.Array]:
    """Nodes width/(1 + e^{−t}) on (0, width), |t| ≤ reach, dense at both ends."""
    t = np.linspace(-reach, reach, count)
    fraction = 1.0 / (1.0 + np.exp(-t))
    return width * fraction, width * (t[1] - t[0]) * fraction / (1.0 + np.exp(t))
