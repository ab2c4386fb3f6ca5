"""Noise of heat currents that electrons carry: to phonons, through tunnel junctions, and along any diffusive path in equilibrium.

Heat goes in portions ε at random, at the rates Γ_out(ε) and Γ_in(ε) per energy. The mean is P = ∫dε ε (Γ_out − Γ_in), the one-sided
spectrum at zero frequency (what an instrument shows per hertz, f > 0)

    S = 2 ∫dε ε² (Γ_out + Γ_in),

which in equilibrium is 4k_BT²G with G = ∂P/∂T: fluctuation and dissipation.

Electrons and phonons of a normal metal, P = ΣV(T_eⁿ − T_phⁿ) = c ∫_0^∞ dε ε^{n−1} {n_e(1 + n_ph) − n_ph(1 + n_e)}, where n_e is the
Bose function of the phonon energy at the temperature of the electrons, which is what their Fermi functions leave:

    S = 2c ∫_0^∞ dε ε^n {n_e(1 + n_ph) + n_ph(1 + n_e)},        c = ΣV/[k_Bⁿ Γ(n) ζ(n)].

In a superconductor the factor K(ε)/ε of the coherence factors comes in (`superconducting_electron_phonon`). The usual
10 k_BΣV(T_e⁶ + T_ph⁶) of n = 5 agrees in equilibrium, and is 2 % too large at T_ph → 0.

A junction between a normal metal and a superconductor, biased at V (energies from the chemical potential of S):

    S_NN = (2/e²R) ∫dE (E − eV)² N(E) {f_N(1 − f_S) + f_S(1 − f_N)},
    S_SS with E², and S_NS = −(2/e²R) ∫dE (E − eV) E N(E) {…},

heats being counted as entering N and S. Each electron takes E − eV out of N and brings E to S, so that they are correlated, and
the work of the source noisy.

References: D. Golubev and L. Kuzmin, J. Appl. Phys. 89, 6464 (2001), doi:10.1063/1.1351002 (junctions, electrons and phonons);
F. Giazotto et al., doi:10.1103/RevModPhys.78.217 (review). Docs: docs/physics.md, section 14.
"""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from subkelvin.constants import BOLTZMANN, ELEMENTARY_CHARGE
from subkelvin.physics.superconducting_electron_phonon import _pair_kernel, _scattering_kernel

# Thermal energies are followed to 60 k_BT, and down to where what is left out is e^{−60} of the whole for n ≥ 2.
_LOWEST, _HIGHEST, _COUNT = -60.0, math.log(60.0), 600


def equilibrium_heat_noise(temperature: ArrayLike, conductance: ArrayLike) -> jax.Array:
    """S = 4k_BT²G, the one-sided heat noise of any path in equilibrium [W²/Hz].

    Args:
        temperature: T of both ends [K].
        conductance: G = ∂P/∂T [W/K].
    """
    return 4.0 * BOLTZMANN * jnp.asarray(temperature) ** 2 * conductance


def normal_electron_phonon_noise(
    electron_temperature: ArrayLike, phonon_temperature: ArrayLike, coupling: ArrayLike, exponent: ArrayLike
) -> jax.Array:
    """S = 2c ∫_0^∞ dε ε^n {n_e(1 + n_ph) + n_ph(1 + n_e)}, one-sided, with P = ΣV(T_eⁿ − T_phⁿ).

    Args:
        electron_temperature: T_e > 0, any shape [K].
        phonon_temperature: T_ph > 0, broadcast against T_e [K].
        coupling: ΣV [W/K^n].
        exponent: n ≥ 2, as of every material; towards 1 the lowest energies count more than the rule follows them.

    Returns:
        S [W²/Hz]; NaN for an invalid argument.

    Validity:
        Emission and absorption of single phonons by electrons in equilibrium among themselves.

    References:
        doi:10.1063/1.1351002
    """
    electron, phonon, coupling, exponent = jnp.broadcast_arrays(
        *(jnp.asarray(x, float) for x in (electron_temperature, phonon_temperature, coupling, exponent))
    )
    valid = (electron > 0.0) & (phonon > 0.0) & (exponent >= 2.0)
    electron, phonon = jnp.where(valid, electron, jnp.nan), jnp.where(valid, phonon, 1.0)
    order = jnp.where(valid, exponent, 5.0)
    hot = jnp.maximum(electron, phonon)[..., None]
    # The trapezoid rule in ln ε; Bose functions are analytic to ±iπ/2 there.
    logarithm, step = np.linspace(_LOWEST, _HIGHEST, _COUNT, retstep=True)
    energy = jnp.exp(logarithm)
    first, second = energy * hot / electron[..., None], energy * hot / phonon[..., None]
    crossing = _crossing(first, second)
    integral = step * jnp.sum(jnp.exp((order[..., None] + 1.0) * logarithm) * crossing, axis=-1)
    # ∫_0^∞ dx x^{n−1}/(e^x − 1) = Γ(n) ζ(n).
    weight = jnp.exp(-jax.lax.lgamma(order)) / jax.scipy.special.zeta(order, 1.0)
    return jnp.where(valid, 2.0 * BOLTZMANN * coupling * weight * hot[..., 0] ** (order + 1.0) * integral, jnp.nan)


def superconducting_electron_phonon_noise(
    electron_temperature: ArrayLike, phonon_temperature: ArrayLike, coupling: ArrayLike, gap: ArrayLike
) -> jax.Array:
    """S = (2ΣV/24ζ(5)k_B⁵) ∫_0^∞ dε ε⁴ {n_e(1 + n_ph) + n_ph(1 + n_e)} K(ε), one-sided, of a BCS superconductor.

    Args:
        electron_temperature: T_e > 0, any shape [K].
        phonon_temperature: T_ph > 0, broadcast against T_e [K].
        coupling: ΣV of the normal state [W/K⁵].
        gap: Δ(T_e) ≥ 0 [J].

    Returns:
        S [W²/Hz]; NaN for an invalid argument.

    Validity:
        As for `superconducting_electron_phonon_power_integral`: some milliseconds for each point.

    References:
        doi:10.1103/PhysRevLett.102.017003
    """
    electron, phonon, coupling, gap = jnp.broadcast_arrays(
        *(jnp.asarray(x, float) for x in (electron_temperature, phonon_temperature, coupling, gap))
    )
    valid = (electron > 0.0) & (phonon > 0.0) & (gap >= 0.0)
    electron, phonon = jnp.where(valid, electron, jnp.nan), jnp.where(valid, phonon, 1.0)
    x = (gap / (BOLTZMANN * electron))[..., None]
    ratio = (electron / phonon)[..., None]
    hottest = jnp.log(jnp.maximum(1.0, phonon / electron))[..., None]
    low, high = -12.0, math.log(66.0)
    position = np.linspace(0.0, 1.0, 192)
    logarithm = low + (high + hottest - low) * position
    energy, weight = jnp.exp(logarithm), (high + hottest - low) / 191.0
    scattering = jnp.sum(
        weight * energy**5 * _crossing(energy, ratio * energy) * _scattering_kernel(energy, x), axis=-1
    )
    low = -34.0
    logarithm = low + (high + hottest - low) * np.linspace(0.0, 1.0, 256)
    above, weight = jnp.exp(logarithm), (high + hottest - low) / 255.0
    energy = 2.0 * x + above
    pairs = jnp.sum(weight * above * energy**4 * _crossing(energy, ratio * energy) * _pair_kernel(above, x), axis=-1)
    scale = 2.0 * BOLTZMANN * coupling * electron**6 / (24.0 * jax.scipy.special.zeta(5.0, 1.0))
    return jnp.where(valid, scale * (scattering + pairs), jnp.nan)


def _crossing(first: jax.Array, second: jax.Array) -> jax.Array:
    """n_1(1 + n_2) + n_2(1 + n_1) = (e^{−a} + e^{−b})/[(1 − e^{−a})(1 − e^{−b})] of the reduced energies a and b."""
    return (jnp.exp(-first) + jnp.exp(-second)) / (jnp.expm1(-first) * jnp.expm1(-second))


def tunnel_heat_noise(
    normal_temperature: ArrayLike,
    superconductor_temperature: ArrayLike,
    voltage: ArrayLike,
    gap: ArrayLike,
    broadening: ArrayLike,
    resistance: ArrayLike,
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """S_NN, S_SS and S_NS of the heats entering both sides of an NIS junction, one-sided, at zero frequency.

    All arguments broadcast against each other.

    Args:
        normal_temperature: T_N > 0 [K].
        superconductor_temperature: T_S > 0 [K].
        voltage: V of the normal metal [V].
        gap: Δ(T_S) ≥ 0; 0 above the critical temperature [J].
        broadening: Γ of Dynes, at least 1e-9 Δ [J].
        resistance: R of the normal state [Ω].

    Returns:
        Three arrays [W²/Hz]; NaN for an invalid argument.

    Validity:
        Single electrons, no charging. Relative error below 1e-9.

    References:
        doi:10.1063/1.1351002
    """
    normal, superconductor, voltage, gap, broadening, resistance = (
        x[..., None]
        for x in jnp.broadcast_arrays(
            *(
                jnp.asarray(x, float)
                for x in (normal_temperature, superconductor_temperature, voltage, gap, broadening, resistance)
            )
        )
    )
    valid = (normal > 0.0) & (superconductor > 0.0) & (gap >= 0.0) & (broadening >= 1e-9 * gap) & (resistance > 0.0)
    normal, superconductor = jnp.where(valid, normal, jnp.nan), jnp.where(valid, superconductor, jnp.nan)
    bias = ELEMENTARY_CHARGE * jnp.abs(voltage)
    # E > 0 from the edges 0, |eV| and Δ; the nodes cluster at each from both sides, and the half E < 0 is folded onto it.
    lower, upper = jnp.minimum(bias, gap), jnp.maximum(bias, gap)
    tail = 60.0 * BOLTZMANN * jnp.maximum(normal, superconductor)
    t = np.linspace(-36.0, 36.0, 289)
    share, slope = 1.0 / (1.0 + np.exp(-t)), (t[1] - t[0]) * np.exp(-np.abs(t)) / (1.0 + np.exp(-np.abs(t))) ** 2
    mirror = 1.0 / (1.0 + np.exp(t))
    beyond = np.exp(np.linspace(-36.0, 0.0, 181))
    step = (36.0 / 180.0) * beyond * np.where(np.arange(181) == 180, 0.5, 1.0)
    width = upper - lower
    energy = jnp.concatenate([lower * share, lower + width * share, upper + tail * beyond], axis=-1)
    weight = jnp.concatenate([lower * slope, width * slope, tail * step], axis=-1)
    # E − Δ without cancellation, whichever of the two edges is the gap.
    gap_is_upper = gap >= bias
    beyond_edge = jnp.concatenate(
        [
            jnp.where(gap_is_upper, lower * share - gap, -lower * mirror),
            jnp.where(gap_is_upper, -width * mirror, width * share),
            jnp.where(gap_is_upper, tail * beyond, upper - gap + tail * beyond),
        ],
        axis=-1,
    )
    is_normal = gap == 0.0
    width = jnp.where(is_normal, 1.0, broadening)
    z = energy + 1j * width
    density = jnp.abs(jnp.real(z / (jnp.sqrt(beyond_edge + 1j * width) * jnp.sqrt(z + gap))))
    density = jnp.where(is_normal, 1.0, density)

    def moments(signed: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        from_normal = signed - bias
        a, b = from_normal / (BOLTZMANN * normal), signed / (BOLTZMANN * superconductor)
        events = jax.nn.sigmoid(-a) * jax.nn.sigmoid(b) + jax.nn.sigmoid(-b) * jax.nn.sigmoid(a)
        rate = weight * density * events
        return (
            jnp.sum(rate * from_normal**2, axis=-1),
            jnp.sum(rate * signed**2, axis=-1),
            -jnp.sum(rate * from_normal * signed, axis=-1),
        )

    scale = 2.0 / (ELEMENTARY_CHARGE**2 * resistance[..., 0])
    up, down = moments(energy), moments(-energy)
    valid = valid[..., 0]
    nn, ss, ns = (jnp.where(valid, scale * (one + other), jnp.nan) for one, other in zip(up, down, strict=True))
    return nn, ss, ns
