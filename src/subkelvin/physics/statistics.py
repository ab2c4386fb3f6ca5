"""Fermi and Bose occupation numbers, and their differences without cancellation.

    f = 1/(e^{E/k_BT} + 1),        f_1 − f_2 = f_1 (1 − f_2) [1 − e^{−(x_2 − x_1)}],        x = E/k_BT,
    n = 1/(e^{E/k_BT} − 1),        n_1 − n_2 = n_1 (1 + n_2) [1 − e^{−(x_2 − x_1)}].

x_2 − x_1 is formed from the differences of the temperatures and energies, which floats give exactly when they are
close. Energies are in joules, counted from the chemical potential. Docs: docs/physics.md, sections 3 and 4.
"""

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike

from subkelvin.constants import BOLTZMANN


def fermi_function(temperature: ArrayLike, energy: ArrayLike) -> jax.Array:
    """f(E, T) = 1/(e^{E/k_BT} + 1).

    Args:
        temperature: T [K]; 0 gives the step function, ½ at E = 0.
        energy: E [J]; broadcasts against the temperature.

    Returns:
        Occupation [1]. For 1 − f without cancellation ask for −E.

    Validity:
        NaN for negative or NaN T.
    """
    return jax.nn.sigmoid(-_reduced_energy(jnp.asarray(temperature, float), jnp.asarray(energy)))


def bose_function(temperature: ArrayLike, energy: ArrayLike) -> jax.Array:
    """n(E, T) = 1/(e^{E/k_BT} − 1).

    Args:
        temperature: T [K]; 0 gives 0.
        energy: E > 0 [J]; broadcasts against the temperature.

    Returns:
        Occupation [1].

    Validity:
        NaN for E ≤ 0 and for negative or NaN T.
    """
    energy = jnp.asarray(energy)
    return _bose(_reduced_energy(jnp.asarray(temperature, float), jnp.where(energy > 0.0, energy, jnp.nan)))


def fermi_difference(
    temperature_1: ArrayLike, temperature_2: ArrayLike, energy_1: ArrayLike, energy_2: ArrayLike
) -> jax.Array:
    """f(E_1, T_1) − f(E_2, T_2), to rounding however close the temperatures, or the energies, are.

    All arguments broadcast against each other.

    Args:
        temperature_1, temperature_2: T_1 and T_2 > 0 [K].
        energy_1, energy_2: E_1 and E_2, each from the chemical potential of its own side [J].

    Returns:
        Difference of occupations [1]; exactly 0 where both arguments agree.

    Validity:
        NaN for negative, zero or NaN temperatures.
    """
    temperature_1, temperature_2 = jnp.asarray(temperature_1, float), jnp.asarray(temperature_2, float)
    energy_1, energy_2 = jnp.asarray(energy_1), jnp.asarray(energy_2)
    positive = (temperature_1 > 0.0) & (temperature_2 > 0.0)
    temperature_1, temperature_2 = (
        jnp.where(positive, temperature_1, jnp.nan),
        jnp.where(positive, temperature_2, jnp.nan),
    )
    first, second = energy_1 / (BOLTZMANN * temperature_1), energy_2 / (BOLTZMANN * temperature_2)
    # x_2 − x_1 = [(E_2 − E_1) + E_1 (T_1 − T_2)/T_1]/k_BT_2.
    relative_step = (temperature_1 - temperature_2) / temperature_1
    step = ((energy_2 - energy_1) + energy_1 * relative_step) / (BOLTZMANN * temperature_2)
    lower, upper = jnp.where(step >= 0.0, first, second), jnp.where(step >= 0.0, second, first)
    # 1 − e^{−|step|} with the sign of the step: one of the two terms is 0, and the slope at step = 0 is 1.
    odd = -jnp.expm1(-jnp.where(step >= 0.0, step, 0.0)) + jnp.expm1(jnp.where(step >= 0.0, 0.0, step))
    return odd * jax.nn.sigmoid(-lower) * jax.nn.sigmoid(upper)


def bose_difference(temperature_1: ArrayLike, temperature_2: ArrayLike, energy: ArrayLike) -> jax.Array:
    """n(E, T_1) − n(E, T_2), to rounding however close the temperatures are.

    Args:
        temperature_1, temperature_2: T_1 and T_2 [K]; 0 is allowed.
        energy: E > 0 [J]. All arguments broadcast against each other.

    Returns:
        Difference of occupations [1], exactly 0 at T_1 = T_2.

    Validity:
        NaN for E ≤ 0 and for negative or NaN temperatures.
    """
    temperature_1, temperature_2 = jnp.asarray(temperature_1, float), jnp.asarray(temperature_2, float)
    return (temperature_1 - temperature_2) * bose_quotient(temperature_1, temperature_2, energy)


def bose_quotient(temperature_1: ArrayLike, temperature_2: ArrayLike, energy: ArrayLike) -> jax.Array:
    """[n(E, T_1) − n(E, T_2)]/(T_1 − T_2), positive; ∂n/∂T at T_1 = T_2.

    Args:
        temperature_1, temperature_2: T_1 and T_2 [K]; 0 is allowed.
        energy: E > 0 [J]. All arguments broadcast against each other.

    Returns:
        Quotient of differences [1/K].

    Validity:
        NaN for E ≤ 0 and for negative or NaN temperatures.
    """
    temperature_1, temperature_2 = jnp.asarray(temperature_1, float), jnp.asarray(temperature_2, float)
    energy = jnp.asarray(energy)
    energy = jnp.where(energy > 0.0, energy, jnp.nan)
    hot, cold = jnp.maximum(temperature_1, temperature_2), jnp.minimum(temperature_1, temperature_2)
    is_frozen = cold == 0.0
    safe_hot, safe_cold = jnp.where(hot == 0.0, 1.0, hot), jnp.where(is_frozen, 1.0, cold)
    # x_cold − x_hot = E (T_hot − T_cold)/(k_B T_hot T_cold), as (T_hot − T_cold) times its slope.
    slope = energy / (BOLTZMANN * safe_hot) / safe_cold
    step = (hot - cold) * slope
    is_near = (step < 0.5) & ~is_frozen
    far_gap = jnp.where(is_near | (hot == cold), 1.0, hot - cold)
    far_step = jnp.where(is_near, 1.0, jnp.where(is_frozen, jnp.inf, step))
    divided = jnp.where(
        is_near, slope * _mean_exponential(jnp.where(is_near, step, 0.0)), -jnp.expm1(-far_step) / far_gap
    )
    hot_energy, cold_energy = _reduced_energy(hot, energy), _reduced_energy(cold, energy)
    return divided * _bose(hot_energy) / -jnp.expm1(-cold_energy)


def _reduced_energy(temperature: jax.Array, energy: jax.Array) -> jax.Array:
    """E/k_BT; ±∞ at T = 0 (0 where E = 0 as well), NaN at T < 0."""
    is_zero = temperature == 0.0
    safe = jnp.where(temperature > 0.0, temperature, jnp.nan)
    frozen = jnp.where(energy == 0.0, 0.0, jnp.copysign(jnp.inf, energy))
    return jnp.where(is_zero, frozen, energy / (BOLTZMANN * jnp.where(is_zero, 1.0, safe)))


def _bose(reduced_energy: jax.Array) -> jax.Array:
    """1/(e^x − 1) for x > 0, without overflow."""
    return jnp.exp(-reduced_energy) / -jnp.expm1(-reduced_energy)


def _mean_exponential(step: jax.Array) -> jax.Array:
    """(1 − e^{−d})/d for 0 ≤ d ≤ ½: Σ_k (−d)^k/(k+1)!; the first term left out is (½)^14/15! = 5e-17."""
    total = jnp.ones_like(step)
    for k in range(13, 0, -1):
        total = 1.0 - step * total / (k + 1)
    return total


def continued_bose_quotient(temperature_1: ArrayLike, temperature_2: ArrayLike, energy: ArrayLike) -> jax.Array:
    """`bose_quotient` at complex energies in the right half plane, where it is analytic.

    Args:
        temperature_1, temperature_2: T_1 and T_2 [K]; 0 is allowed.
        energy: E, complex, Re E > 0 [J]. All arguments broadcast against each other.

    Returns:
        Quotient of differences, complex [1/K].

    Validity:
        NaN for negative or NaN temperatures.
    """
    temperature_1, temperature_2 = jnp.asarray(temperature_1, float), jnp.asarray(temperature_2, float)
    energy = jnp.asarray(energy)
    hot, cold = jnp.maximum(temperature_1, temperature_2), jnp.minimum(temperature_1, temperature_2)
    cold = jnp.where(cold >= 0.0, cold, jnp.nan)
    is_frozen, is_dark = cold == 0.0, hot == 0.0
    safe_hot, safe_cold = jnp.where(is_dark, 1.0, hot), jnp.where(is_frozen, 1.0, cold)
    hot_energy, cold_energy = energy / (BOLTZMANN * safe_hot), energy / (BOLTZMANN * safe_cold)
    slope = hot_energy / safe_cold
    step = jnp.where(is_frozen, 0.0, hot - cold) * slope
    is_near = jnp.abs(step) < 0.5
    # (1 − e^{−step})/(T_hot − T_cold)
    far_gap = jnp.where(is_near, 1.0, hot - cold)
    near = slope * _mean_exponential(jnp.where(is_near, step, 0.0))
    divided = jnp.where(is_near, near, -jnp.expm1(-jnp.where(is_near, 1.0, step)) / far_gap)
    both = divided / -jnp.expm1(-cold_energy)
    alone = jnp.where(is_dark, 0.0, 1.0 / safe_hot)
    return jnp.exp(-hot_energy) / -jnp.expm1(-hot_energy) * jnp.where(is_frozen, alone, both)
