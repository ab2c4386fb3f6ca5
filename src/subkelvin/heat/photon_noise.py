"""Noise of the heat that photons carry between two reservoirs.

The zero-frequency spectrum of the heat current, one-sided (what an instrument shows per hertz, f > 0), is

    S = 2 ∫_0^∞ dω/2π (ħω)² {𝒯 [n_1(1 + n_1) + n_2(1 + n_2)] − 𝒯(1 − 𝒯) (n_1 − n_2)²}
      = 2 ∫_0^∞ dω/2π (ħω)² {𝒯 [n_1 + n_2 + 2n_1n_2] + 𝒯² (n_1 − n_2)²}.

In equilibrium S = 4k_BT²G with G = ∂P/∂T: fluctuation and dissipation. With 𝒯 = 1, S = (πk_B³/3ħ)(T_1³ + T_2³).

Docs: docs/physics.md, section 14.
"""

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.circuit.circuit import Circuit
from subkelvin.circuit.transmission import transmission as circuit_transmission
from subkelvin.constants import REDUCED_PLANCK, THERMAL_FREQUENCY
from subkelvin.heat.integral import (
    HIGHEST_FREQUENCY,
    INTERVALS_PER_BREAK,
    LOWEST_FREQUENCY,
    WIDEST_INTERVAL,
    resonances,
)
from subkelvin.numerics.quadrature import adaptive_quadrature
from subkelvin.physics.statistics import bose_difference, bose_function

RELATIVE_TOLERANCE = 1e-11
MOST_PANELS = 256


def photon_heat_noise(
    transmission: Callable[[jax.Array], jax.Array],
    temperature_1: jax.Array,
    temperature_2: jax.Array,
    *,
    break_frequencies: jax.Array | None = None,
    max_panels: int = MOST_PANELS,
) -> tuple[jax.Array, jax.Array]:
    """S = 2∫_0^∞ dω/2π (ħω)² {𝒯 [n_1 + n_2 + 2n_1n_2] + 𝒯² (n_1 − n_2)²}, one-sided, at zero frequency.

    Args:
        transmission: 𝒯 at angular frequencies of shape (k,) [rad/s], returns shape (..., k), 0 ≤ 𝒯 ≤ 1.
        temperature_1, temperature_2: of the two reservoirs, shape (...) [K].
        break_frequencies: where 𝒯 changes sharply, shape (m,) [rad/s].
        max_panels: of the mesh.

    Returns:
        S and its estimated error [W²/Hz], each of shape (...).

    Validity:
        One channel between two reservoirs: exact. NaN for temperatures that are not positive.
    """
    temperature_1, temperature_2 = jnp.asarray(temperature_1, float), jnp.asarray(temperature_2, float)
    positive = (temperature_1 > 0.0) & (temperature_2 > 0.0)
    temperature_1 = jnp.where(positive, temperature_1, jnp.nan)[..., None]
    temperature_2 = jnp.where(positive, temperature_2, jnp.nan)[..., None]
    thermal_frequency = THERMAL_FREQUENCY * jax.lax.stop_gradient(jnp.max(jnp.maximum(temperature_1, temperature_2)))

    def integrand(logarithm: jax.Array) -> jax.Array:
        ratio = jnp.exp(logarithm)
        frequency = ratio * thermal_frequency
        energy = REDUCED_PLANCK * frequency
        first, second = bose_function(temperature_1, energy), bose_function(temperature_2, energy)
        through = transmission(frequency)
        crossing = first + second + 2.0 * first * second
        return ratio**3 * through * (crossing + through * bose_difference(temperature_1, temperature_2, energy) ** 2)

    lowest, highest = math.log(LOWEST_FREQUENCY), math.log(HIGHEST_FREQUENCY)
    mesh = jnp.asarray(np.linspace(lowest, highest, math.ceil((highest - lowest) / WIDEST_INTERVAL) + 1))
    if break_frequencies is not None and break_frequencies.size:
        breaks = jax.lax.stop_gradient(break_frequencies) / thermal_frequency
        inside = (breaks > LOWEST_FREQUENCY) & (breaks < HIGHEST_FREQUENCY)
        mesh = jnp.sort(jnp.concatenate([mesh, jnp.log(jnp.where(inside, breaks, HIGHEST_FREQUENCY))]))
    integral, error = adaptive_quadrature(integrand, mesh, relative_tolerance=RELATIVE_TOLERANCE, max_panels=max_panels)
    scale = REDUCED_PLANCK**2 * thermal_frequency**3 / math.pi
    return scale * integral, scale * error


def photon_noise_of_pairs(circuit: Circuit, temperatures: jax.Array) -> tuple[jax.Array, jax.Array]:
    """S of every pair of radiators of a circuit, and its estimated error [W²/Hz], each of shape (pairs,).

    Args:
        circuit: any circuit.
        temperatures: of every island [K], shape (islands,).

    Validity:
        Exact for two radiators. With more, each pair counts as a channel of its own with 𝒯_ij between 0 and 1; the correlations of
        second order in 𝒯 between pairs that share a radiator are left out. In equilibrium they vanish.
    """
    if circuit.pairs.shape[0] == 0:
        return jnp.zeros(0), jnp.zeros(0)
    islands = temperatures[circuit.islands]
    breaks = resonances(circuit, temperatures)
    return photon_heat_noise(
        lambda frequency: circuit_transmission(circuit, temperatures, frequency),
        islands[circuit.pairs[..., 0]],
        islands[circuit.pairs[..., 1]],
        break_frequencies=breaks,
        max_panels=max(circuit.panels, MOST_PANELS) + INTERVALS_PER_BREAK * breaks.shape[0],
    )
