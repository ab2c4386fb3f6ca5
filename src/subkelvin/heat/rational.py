"""Photonic heat from a rational fit of the transmissions: lines and measured elements by poles and residues.

    𝒯(ω) ≈ d + Σ_p Re[r_p/(ω² + σ_p²)],
    P ≈ (ħ/2π) { d (π²/6)(k_B/ħ)² (T_1² − T_2²) + ½ Σ_p Re r_p [φ(y_p1) − φ(y_p2)] },        y_p = ħσ_p/2πk_BT,

φ the digamma remainder. The error stated is what the measured deviations δ_k of the fit can do to the heat. Because
ω(n_1 − n_2) falls with ω, the photons in a band are at most those at its lower end:

    |δP| ≤ (ħ/2π) Σ_k δ_k ω_k |n(ω_k, T_1) − n(ω_k, T_2)| (ω_{k+1} − ω_k) + what lies above the last band + rounding.

Above the hottest temperature of the fit there is no answer: NaN. Docs: docs/physics.md, section 4.
"""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax.custom_derivatives import SymbolicZero

from subkelvin.circuit.circuit import Circuit
from subkelvin.circuit.partial_fractions import PartialFractions
from subkelvin.constants import REDUCED_PLANCK, THERMAL_FREQUENCY
from subkelvin.heat.integral import heat_by_integral
from subkelvin.numerics.digamma import digamma_remainder_difference
from subkelvin.physics.statistics import bose_difference

ROUNDING = 128.0 * float(np.finfo(np.float64).eps)
"""Of a difference of digamma remainders, in units of itself, and of the sum of all."""


@jax.custom_jvp
def heat_by_rational_fit(circuit: Circuit, temperatures: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Net photonic heat of every pair of radiators, and its estimated error [W], each of shape (pairs,).

    Derivatives by temperature are those of the closed form. The fit has none by the values of the circuit: those are taken from the
    adaptive integral.

    Args:
        circuit: with a rational fit.
        temperatures: of every island, positive [K].

    Validity:
        NaN where an island is hotter than the fit allows for, or not above 0.

    Raises:
        ValueError: if the circuit has no rational fit.
    """
    return _heat_and_error(circuit, temperatures)


def _heat_and_error(circuit: Circuit, temperatures: jax.Array) -> tuple[jax.Array, jax.Array]:
    if circuit.fit is None:
        raise ValueError('Argument `circuit` must have a rational fit; try `lower_circuit(device, "rational")`.')
    islands = temperatures[circuit.islands]
    hot, cold = islands[circuit.pairs[..., 0]], islands[circuit.pairs[..., 1]]
    allowed = (jnp.max(temperatures) <= circuit.fit.hottest) & (jnp.min(temperatures) > 0.0)
    hot, cold = jnp.where(allowed, hot, jnp.nan), jnp.where(allowed, cold, jnp.nan)
    heat, magnitude = fraction_sum(circuit.fit, hot, cold)
    return heat, jax.lax.stop_gradient(deviation_heat(circuit.fit, hot, cold) + ROUNDING * magnitude)


def _heat_and_change(primals: tuple, tangents: tuple) -> tuple[tuple, tuple]:
    circuit, temperatures = primals
    circuit_change, temperature_change = tangents
    heat, error = heat_by_rational_fit(circuit, temperatures)
    change = jnp.zeros_like(heat)
    if not isinstance(temperature_change, SymbolicZero):
        change = jax.jvp(lambda t: _heat_and_error(circuit, t)[0], (temperatures,), (temperature_change,))[1]
    # The fit follows the circuit: what changes in it is no change of its own.
    leaves = jax.tree.leaves(circuit_change, is_leaf=_is_zero)
    fitted = len(jax.tree.leaves(circuit_change.fit, is_leaf=_is_zero))
    if not all(_is_zero(leaf) for leaf in leaves[: len(leaves) - fitted]):
        whole = jax.tree.map(_instantiated, circuit_change, circuit, is_leaf=_is_zero)
        change = change + jax.jvp(lambda c: heat_by_integral(c, temperatures)[0], (circuit,), (whole,))[1]
    return (heat, error), (change, jnp.zeros_like(error))


heat_by_rational_fit.defjvp(_heat_and_change, symbolic_zeros=True)


def _is_zero(change: object) -> bool:
    return isinstance(change, SymbolicZero)


def _instantiated(change: object, leaf: jax.Array) -> object:
    """A tangent of numbers in place of a symbolic zero."""
    if not _is_zero(change):
        return change
    kind = jnp.result_type(leaf)
    return np.zeros(jnp.shape(leaf), kind if jnp.issubdtype(kind, jnp.inexact) else jax.dtypes.float0)


def fraction_sum(fit: PartialFractions, hot: jax.Array, cold: jax.Array) -> tuple[jax.Array, jax.Array]:
    """The heat that the fitted transmissions carry, and the sum of the magnitudes of its terms [W], shape (pairs,).

    Args:
        fit: the transmissions.
        hot, cold: temperatures of the first and second radiator of every pair [K].
    """
    unit = THERMAL_FREQUENCY * fit.hottest
    argument = jnp.asarray(fit.decay) / (2.0 * math.pi * THERMAL_FREQUENCY)
    hot, cold = hot[:, None], cold[:, None]
    step = argument * (cold - hot) / (hot * cold)
    terms = 0.5 * (fit.strength / unit**2) * digamma_remainder_difference(argument / cold, step)
    free = (math.pi**2 / 6.0) * ((hot - cold) * (hot + cold))[:, 0] / fit.hottest**2
    scale = REDUCED_PLANCK / (2.0 * math.pi) * unit**2
    magnitude = jnp.abs(fit.limit * free) + jnp.sum(jnp.abs(terms), axis=-1)
    return scale * (fit.limit * free + jnp.sum(jnp.real(terms), axis=-1)), scale * magnitude


def deviation_heat(fit: PartialFractions, hot: jax.Array, cold: jax.Array) -> jax.Array:
    """The most heat that the deviations of the fit stand for [W], shape (pairs,).

    Args:
        fit: the transmissions.
        hot, cold: temperatures of the first and second radiator of every pair [K].
    """
    edges = jnp.asarray(fit.band)
    difference = jnp.abs(hot - cold)
    occupied = jnp.abs(bose_difference(hot[:, None], cold[:, None], REDUCED_PLANCK * edges[1:-1])) * edges[1:-1]
    # ω(n_1 − n_2) → k_B(T_1 − T_2)/ħ at ω = 0.
    photons = jnp.concatenate([THERMAL_FREQUENCY * difference[:, None], occupied], axis=1)
    inside = jnp.sum(jnp.asarray(fit.deviation)[:, :-1] * photons * jnp.diff(edges), axis=1)
    # Above ω: ∂/∂T ∫_ω^∞ ω n dω ≤ (k_B/ħ)² T [x² + 2(x + 1)] e^{−x}/(1 − e^{−x}), largest at the higher temperature.
    higher = jnp.maximum(hot, cold)
    x = edges[-1] / (THERMAL_FREQUENCY * higher)
    above = THERMAL_FREQUENCY**2 * difference * higher * (x * x + 2.0 * (x + 1.0)) * jnp.exp(-x) / -jnp.expm1(-x)
    return REDUCED_PLANCK / (2.0 * math.pi) * (inside + fit.deviation[:, -1] * above)
