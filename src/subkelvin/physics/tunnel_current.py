"""Charge and heat carried by single electrons through a normal metal–insulator–superconductor junction.

    I = (1/eR) ∫dE N(E) [f(E−eV, T_N) − f(E, T_S)]
    Q̇ = (1/e²R) ∫dE (E−eV) N(E) [f(E−eV, T_N) − f(E, T_S)],        N = |Re[z/√(z²−Δ²)]|, z = E + iΓ

for any bias and any two temperatures (docs/physics.md, section 3). Q̇ leaves the normal metal; Q̇ + IV enters the
superconductor, the difference being the work of the source. Two steps make small currents as accurate as large ones.

Since N is even, the halves E < 0 and E > 0 combine into terms of one sign; with ε = E/k_BT_N and u = eV/k_BT_N

    current:        f(ε−u) − f(ε+u) = sinh u/(cosh ε + cosh u)
    cooling:        ε [f(ε−u) + f(ε+u) − 2f(ε)] = ε tanh(ε/2) (cosh u − 1)/(cosh ε + cosh u)
    heat at V = 0:  2ε [f(E, T_N) − f(E, T_S)]

and I depends on T_S through Δ alone. An integration by parts then replaces N by its integral 𝒩(E) = Re √(z²−Δ²) and
each term by minus its derivative, the "kernel": 𝒩 is finite at the gap edge, and so are its derivatives by Δ and Γ down
to Γ = 0 wherever the integral's are. The nodes cluster exponentially at 0, |eV| and Δ, so that k_BT, Γ and Δ − |eV| may
have any size.

References: M. M. Leivo, J. P. Pekola and D. V. Averin, doi:10.1063/1.115651 (cooling);
R. C. Dynes, V. Narayanamurti and J. P. Garno, doi:10.1103/PhysRevLett.41.1509 (Γ);
F. Giazotto et al., doi:10.1103/RevModPhys.78.217 (review).
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike

from subkelvin.constants import BOLTZMANN, THERMAL_VOLTAGE
from subkelvin.numerics.two_edges import TwoEdgeRule

# Nodes approach an edge to e^{−37} of the interval: what the derivative by Γ leaves out there is the root of it, 1e-8. At E = 0
# Fermi functions alone matter, which multiply 𝒩 ∝ E there: the rule serves down to k_BT = 1e-5 Δ. The triple poles of the kernels
# make its error up to 3e5 times larger than that of simple ones, 1e-11.
_RULE = TwoEdgeRule(37.0)


class _Spectrum(NamedTuple):
    """Energies ε = E/k_BT_N along the last axis, and what the integrands need there."""

    energy: jax.Array
    beyond_bias: jax.Array
    """ε − |u|, exact near 0."""
    bias: jax.Array
    """|u|."""
    normal: jax.Array
    superconductor: jax.Array
    """Temperatures T_N and T_S [K]."""
    states: jax.Array
    """𝒩/k_BT_N times the quadrature weight."""


def charge_current(
    normal_temperature: ArrayLike,
    superconductor_temperature: ArrayLike,
    voltage: ArrayLike,
    gap: ArrayLike,
    broadening: ArrayLike,
    resistance: ArrayLike,
) -> jax.Array:
    """I = (1/eR) ∫dE N(E) [f(E−eV, T_N) − f(E, T_S)], odd in V.

    All arguments broadcast against each other.

    Args:
        normal_temperature: T_N > 0 [K].
        superconductor_temperature: T_S > 0, of no effect at a given gap [K].
        voltage: V of the normal metal, either sign [V].
        gap: Δ(T_S) ≥ 0; 0 gives V/R [J].
        broadening: Γ ≥ 0 of Dynes [J].
        resistance: R > 0 of the normal state [Ω].

    Returns:
        Current, with the sign of the voltage [A]; NaN for an invalid argument.

    Validity:
        Tunnelling of single electrons into large islands in equilibrium: no charging, no Andreev current. Relative
        error below 1e-11, however small the current.

    References:
        doi:10.1103/RevModPhys.78.217
    """
    spectrum = _spectrum(normal_temperature, superconductor_temperature, voltage, gap, broadening, resistance)
    direction = jnp.where(jnp.asarray(voltage) < 0.0, -1.0, 1.0)
    reduced = jnp.sum(_charge_kernel(spectrum) * spectrum.states, axis=-1)
    return direction * reduced * THERMAL_VOLTAGE * jnp.asarray(normal_temperature) / resistance


def heat_current_from_normal(
    normal_temperature: ArrayLike,
    superconductor_temperature: ArrayLike,
    voltage: ArrayLike,
    gap: ArrayLike,
    broadening: ArrayLike,
    resistance: ArrayLike,
) -> jax.Array:
    """Q̇ = (1/e²R) ∫dE (E−eV) N(E) [f(E−eV, T_N) − f(E, T_S)], even in V.

    All arguments broadcast against each other.

    Args:
        normal_temperature: T_N > 0 [K].
        superconductor_temperature: T_S > 0 [K].
        voltage: V of the normal metal, either sign [V].
        gap: Δ(T_S) ≥ 0; 0 gives (π²k_B²/6e²R)(T_N² − T_S²) − V²/2R [J].
        broadening: Γ ≥ 0 of Dynes [J].
        resistance: R > 0 of the normal state [Ω].

    Returns:
        Heat that leaves the normal metal, positive when it is cooled [W]; exactly 0 at V = 0 and T_N = T_S. NaN for an
        invalid argument.

    Validity:
        As for `charge_current`; the error is relative to the larger of heating and cooling where they compensate.

    References:
        doi:10.1063/1.115651, doi:10.1103/RevModPhys.78.217
    """
    spectrum = _spectrum(normal_temperature, superconductor_temperature, voltage, gap, broadening, resistance)
    reduced = jnp.sum(_heat_kernel(spectrum) * spectrum.states, axis=-1)
    return reduced * (THERMAL_VOLTAGE * jnp.asarray(normal_temperature)) ** 2 / resistance


def heat_current_into_superconductor(
    normal_temperature: ArrayLike,
    superconductor_temperature: ArrayLike,
    voltage: ArrayLike,
    gap: ArrayLike,
    broadening: ArrayLike,
    resistance: ArrayLike,
) -> jax.Array:
    """Q̇ + IV, the heat that left the normal metal and the work of the source.

    All arguments broadcast against each other.

    Args:
        normal_temperature: T_N > 0 [K].
        superconductor_temperature: T_S > 0 [K].
        voltage: V of the normal metal, either sign [V].
        gap: Δ(T_S) ≥ 0; 0 gives (π²k_B²/6e²R)(T_N² − T_S²) + V²/2R [J].
        broadening: Γ ≥ 0 of Dynes [J].
        resistance: R > 0 of the normal state [Ω].

    Returns:
        Heat that enters the superconductor [W]; NaN for an invalid argument.

    Validity:
        As for `heat_current_from_normal`.

    References:
        doi:10.1103/RevModPhys.78.217
    """
    spectrum = _spectrum(normal_temperature, superconductor_temperature, voltage, gap, broadening, resistance)
    kernel = _heat_kernel(spectrum) + spectrum.bias * _charge_kernel(spectrum)
    reduced = jnp.sum(kernel * spectrum.states, axis=-1)
    return reduced * (THERMAL_VOLTAGE * jnp.asarray(normal_temperature)) ** 2 / resistance


def thermal_conductance(
    temperature: ArrayLike, gap: ArrayLike, broadening: ArrayLike, resistance: ArrayLike
) -> jax.Array:
    """G = ∂Q̇/∂T_N = −∂Q̇/∂T_S at V = 0 and T_N = T_S = T, the gap held: (2/e²R) ∫_0^∞ dE E N(E) ∂f/∂T.

    All arguments broadcast against each other.

    Args:
        temperature: T > 0 of both sides [K].
        gap: Δ ≥ 0; 0 gives Wiedemann–Franz, π²k_B²T/3e²R [J].
        broadening: Γ ≥ 0 of Dynes [J].
        resistance: R > 0 of the normal state [Ω].

    Returns:
        Thermal conductance of the junction [W/K]; NaN for an invalid argument.

    Validity:
        As for `charge_current`.

    References:
        doi:10.1103/RevModPhys.78.217
    """
    spectrum = _spectrum(temperature, temperature, 0.0, gap, broadening, resistance)
    full, empty = _occupations(spectrum.energy)
    # −d/dε of ε T ∂f/∂T = ε² f(1−f), for each of the halves E < 0 and E > 0.
    kernel = 2.0 * spectrum.energy * full * empty * (spectrum.energy * (empty - full) - 2.0)
    reduced = jnp.sum(kernel * spectrum.states, axis=-1)
    return reduced * THERMAL_VOLTAGE**2 * jnp.asarray(temperature) / resistance


def _charge_kernel(spectrum: _Spectrum) -> jax.Array:
    """−d/dε [sinh u/(cosh ε + cosh u)] = sinh u sinh ε/(cosh ε + cosh u)², free of overflow."""
    full, empty = _occupations(spectrum.beyond_bias)
    decay = jnp.exp(-spectrum.energy)
    # 1 − e^{−2ε} may lose digits at ε ≪ 1: the integral does not come from there.
    numerator = (1.0 - decay) * (1.0 + decay) * -jnp.expm1(-2.0 * spectrum.bias)
    return numerator * full * empty / (1.0 + decay * jnp.exp(-spectrum.bias)) ** 2


def _heat_kernel(spectrum: _Spectrum) -> jax.Array:
    """Cooling and heat at V = 0, less u times the charge kernel: integrated at once, because they partly compensate."""
    return _cooling_kernel(spectrum) - spectrum.bias * _charge_kernel(spectrum) + _unbiased_heat_kernel(spectrum)


def _cooling_kernel(spectrum: _Spectrum) -> jax.Array:
    """−d/dε [ε tanh(ε/2) q] with q = (cosh u − 1)/(cosh ε + cosh u) and dq/dε = −q sinh ε/(cosh ε + cosh u)."""
    full, empty = _occupations(spectrum.energy)
    biased_full, biased_empty = _occupations(spectrum.beyond_bias)
    decay = jnp.exp(-spectrum.energy)
    outer = 1.0 / (1.0 + decay * jnp.exp(-spectrum.bias))
    slope = empty - full  # tanh(ε/2)
    q = biased_full * jnp.expm1(-spectrum.bias) ** 2 * outer
    fall = (1.0 - decay) * (1.0 + decay) * biased_empty * outer
    return q * (spectrum.energy * (slope * fall - 2.0 * full * empty) - slope)


def _unbiased_heat_kernel(spectrum: _Spectrum) -> jax.Array:
    """−d/dε {2ε [f_N − f_S]}, to rounding for any two temperatures however close or far.

    With y = E/k_BT, w = f(1−f) = −df/dy and D = f_N − f_S it is 2[y_N w_N − y_S w_S − D], where
    y_N w_N − y_S w_S = (y_N − y_S) w_cold + y_hot (w_N − w_S) and w_N − w_S = D (1 − f_N − f_S).
    """
    normal_is_hot = spectrum.normal >= spectrum.superconductor
    ratio = spectrum.normal / spectrum.superconductor
    hot = spectrum.energy * jnp.where(normal_is_hot, 1.0, ratio)
    cold = spectrum.energy * jnp.where(normal_is_hot, ratio, 1.0)
    # y_S − y_N: the difference of the temperatures is exact when they are close.
    step = spectrum.energy * ((spectrum.normal - spectrum.superconductor) / spectrum.superconductor)
    full, _ = _occupations(hot)
    cold_full, cold_empty = _occupations(cold)
    # f_N − f_S = ± f_hot (1 − f_cold) [1 − e^{−|step|}], with the right slope at step = 0.
    sign = jnp.where(normal_is_hot, 1.0, -1.0)
    difference = -sign * jnp.expm1(-sign * step) * full * cold_empty
    return 2.0 * (difference * (hot * (cold_empty - full) - 1.0) - step * cold_full * cold_empty)


def _occupations(reduced_energy: jax.Array) -> tuple[jax.Array, jax.Array]:
    """f(y) and 1 − f(y) = f(−y), both to rounding, from one exponential."""
    above = reduced_energy >= 0.0
    exponential = jnp.exp(jnp.where(above, -reduced_energy, reduced_energy))
    larger = 1.0 / (1.0 + exponential)
    smaller = exponential * larger
    return jnp.where(above, smaller, larger), jnp.where(above, larger, smaller)


def _spectrum(
    normal_temperature: ArrayLike,
    superconductor_temperature: ArrayLike,
    voltage: ArrayLike,
    gap: ArrayLike,
    broadening: ArrayLike,
    resistance: ArrayLike,
) -> _Spectrum:
    """Nodes on [0, m], [m, M] and [M, ∞), with m and M the smaller and the larger of |u| and Δ/k_BT_N."""
    normal, superconductor, voltage, gap, broadening, resistance = (
        x[..., None]
        for x in jnp.broadcast_arrays(
            *map(
                jnp.asarray,
                (normal_temperature, superconductor_temperature, voltage, gap, broadening, resistance),
            )
        )
    )
    valid = (normal > 0.0) & (superconductor > 0.0) & (gap >= 0.0) & (broadening >= 0.0) & (resistance > 0.0)
    normal, superconductor = jnp.where(valid, normal, jnp.nan), jnp.where(valid, superconductor, jnp.nan)
    bias = jnp.where(voltage < 0.0, -voltage, voltage) / (THERMAL_VOLTAGE * normal)
    unit = BOLTZMANN * normal
    edge, width = gap / unit, broadening / unit

    lower, upper = jnp.minimum(bias, edge), jnp.maximum(bias, edge)
    between = upper - lower
    # The last interval ends where the hotter Fermi function does.
    hotter = jnp.where(superconductor > normal, superconductor / normal, 1.0)
    energy, beyond_lower, beyond_upper, weight = _RULE.nodes(lower, between, hotter)
    beyond_edge = jnp.where(edge > bias, beyond_upper, beyond_lower)
    beyond_bias = jnp.where(edge > bias, beyond_lower, beyond_upper)
    states = _integrated_density_of_states(energy, beyond_edge, edge, width)
    return _Spectrum(energy, beyond_bias, bias, normal, superconductor, states * weight)


def _integrated_density_of_states(
    energy: jax.Array, beyond_edge: jax.Array, edge: jax.Array, width: jax.Array
) -> jax.Array:
    """𝒩 = Re √(z²−Δ²) ≥ 0 for E ≥ 0 from E − Δ, without cancellation on either side of the gap edge."""
    real = beyond_edge * (energy + edge) - width**2
    imaginary = 2.0 * energy * width
    squared = real**2 + imaginary**2
    vanishes = squared == 0.0
    modulus = jnp.where(vanishes, 0.0, jnp.sqrt(jnp.where(vanishes, 1.0, squared)))
    outside = real >= 0.0
    larger = 0.5 * (modulus + jnp.where(outside, real, -real))
    root = jnp.sqrt(jnp.where(vanishes, 1.0, larger))
    return jnp.where(vanishes, 0.0, jnp.where(outside, root, 0.5 * imaginary / root))
