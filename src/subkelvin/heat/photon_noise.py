"""Noise of the heat that photons carry between the islands of a circuit.

Photons that enter the circuit by the channels a leave it by b = S a. With A^i = P_i − S†P_iS, P_i the channels of island i, the
zero-frequency spectrum of the heats that leave the islands, one-sided (what an instrument shows per hertz, f > 0), is

    S_ij = 2 ∫_0^∞ dω/2π (ħω)² Σ_ab A^i_ab A^j_ba [½(n_a + n_b) + n_a n_b].

It is evaluated without cancellation, so that it keeps its digits where islands couple weakly or have like temperatures. With the
commutator E = [S, n], E_ba = S_ba (n_a − n_b), and the island blocks of H = E S†, unitarity turns it into

    S_ii = 2 ∫_0^∞ dω/2π (ħω)² {Σ_j 𝒯_ij (n_i + n_j + 2n_i n_j) + ‖H_ii‖²},
    S_ij = 2 ∫_0^∞ dω/2π (ħω)² {−𝒯_ij (n_i + n_j + 2n_i n_j) + ‖H_ij‖² − ‖E_ij‖²},        i ≠ j,

‖ ‖² being the sum of the squared moduli. Two terminals of one channel: H_11 = 𝒯 (n_2 − n_1). No island's channels may be counted
one by one: what they absorb is coherent. The rows of S_ij sum to zero, because the circuit keeps no energy. In equilibrium
S_ii = 4k_BT² ∂P_i/∂T_i: fluctuation and dissipation. With 𝒯 = 1, S = (πk_B³/3ħ)(T_1³ + T_2³).

References: M. Büttiker, Phys. Rev. B 46, 12485 (1992), doi:10.1103/PhysRevB.46.12485 (noise in terms of scattering matrices).
Docs: docs/physics.md, section 14.
"""

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.circuit.circuit import Circuit
from subkelvin.circuit.transmission import Scattering, channel_radiators, scattering
from subkelvin.constants import REDUCED_PLANCK, THERMAL_FREQUENCY
from subkelvin.heat.integral import (
    HIGHEST_FREQUENCY,
    INTERVALS_PER_BREAK,
    LOWEST_FREQUENCY,
    WIDEST_INTERVAL,
    break_frequencies,
)
from subkelvin.numerics.quadrature import adaptive_quadrature
from subkelvin.physics.statistics import bose_difference, bose_function

RELATIVE_TOLERANCE = 1e-11
MOST_PANELS = 256
MOST_ELEMENTS = 2**20
"""Of all matrices at the frequencies that are computed at once: a hundred islands need no gigabytes."""


def photon_noise(circuit: Circuit, temperatures: jax.Array) -> tuple[jax.Array, jax.Array]:
    """S_ij of the photonic heats that leave all islands, and its estimated error [W²/Hz], each of shape (islands, islands).

    Args:
        circuit: any circuit.
        temperatures: of every island [K], shape (islands,).

    Validity:
        Exact for islands of any number of elements of any kind. An element's share of its island's noise has no meaning of its own.
        NaN for temperatures that are not positive.
    """
    islands = temperatures.shape[0]
    if circuit.pairs.shape[0] == 0:
        return jnp.zeros((islands, islands)), jnp.zeros((islands, islands))
    owner = circuit.islands[channel_radiators(circuit)]

    def at_one(frequency: jax.Array) -> jax.Array:
        return _noise_density(scattering(circuit, temperatures, frequency), owner, temperatures, frequency)

    def integrand(frequency: jax.Array) -> jax.Array:
        at_once = max(1, MOST_ELEMENTS // owner.shape[0] ** 2)
        return jnp.moveaxis(jax.lax.map(at_one, frequency, batch_size=at_once), 0, -1)

    breaks = break_frequencies(circuit, temperatures)
    panels = max(circuit.panels, MOST_PANELS) + INTERVALS_PER_BREAK * breaks.shape[0]
    return _over_frequencies(integrand, temperatures, breaks, panels, _of_both_islands)


def photon_heat_noise(
    transmission: Callable[[jax.Array], jax.Array], temperature_1: jax.Array, temperature_2: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """S = 2∫_0^∞ dω/2π (ħω)² {𝒯 [n_1 + n_2 + 2n_1n_2] + 𝒯² (n_1 − n_2)²}, one-sided, at zero frequency.

    Args:
        transmission: 𝒯 at angular frequencies of shape (k,) [rad/s], returns shape (..., k), 0 ≤ 𝒯 ≤ 1.
        temperature_1, temperature_2: of the two reservoirs, shape (...) [K].

    Returns:
        S and its estimated error [W²/Hz], each of shape (...).

    Validity:
        One channel between two reservoirs: exact. NaN for temperatures that are not positive.
    """
    temperature_1, temperature_2 = jnp.asarray(temperature_1, float), jnp.asarray(temperature_2, float)
    first, second = temperature_1[..., None], temperature_2[..., None]

    def integrand(frequency: jax.Array) -> jax.Array:
        energy, through = REDUCED_PLANCK * frequency, transmission(frequency)
        partition = through * bose_difference(first, second, energy) ** 2
        return through * (_crossing(bose_function(first, energy), bose_function(second, energy)) + partition)

    both = jnp.stack(jnp.broadcast_arrays(temperature_1, temperature_2))
    return _over_frequencies(integrand, both, jnp.zeros(0), MOST_PANELS, jnp.abs)


def _noise_density(waves: Scattering, owner: jax.Array, temperatures: jax.Array, frequency: jax.Array) -> jax.Array:
    """The braces of S_ij at one frequency, shape (islands, islands).

    The roots of the strengths g come in pairs, and none is taken: S = D + √g r √g, and D joins channels of like g.
    """
    energy = REDUCED_PLANCK * frequency
    same = owner[:, None] == owner
    # H = E S†, apart for S across islands, which is small where they couple weakly, and within them: H_ij = small + E_ij S_jj†.
    across, within = jnp.where(same, 0.0, waves.response), jnp.where(same, waves.response, 0.0)
    commutator = waves.response * bose_difference(temperatures[owner], temperatures[owner][:, None], energy)
    weighted = commutator * waves.strength
    small = weighted @ jnp.conj(across.T)
    large = commutator @ jnp.conj(waves.direct.T) + weighted @ jnp.conj(within.T)
    # ‖E_ij S_jj†‖² − ‖E_ij‖² = −E_ij (1 − S_jj†S_jj) E_ij†, where unitarity gives 1 − S_jj†S_jj = Σ_{k≠j} S_kj†S_kj.
    lost = jnp.where(same, (jnp.conj(across.T) * waves.strength) @ across, 0.0)
    excess = _product(small, small + 2.0 * large) - _product(weighted @ lost, commutator)
    of_island = (owner[:, None] == jnp.arange(temperatures.shape[0])).astype(float)

    def by_islands(channels: jax.Array) -> jax.Array:
        total = of_island.T @ (waves.strength[:, None] * channels * waves.strength) @ of_island
        return 0.5 * (total + total.T)

    occupation = bose_function(temperatures, energy)
    passing = by_islands(_product(across, across)) * _crossing(occupation[:, None], occupation)
    return by_islands(excess) - passing + jnp.diag(jnp.sum(passing, axis=1))


def _over_frequencies(
    integrand: Callable[[jax.Array], jax.Array],
    temperatures: jax.Array,
    break_frequencies: jax.Array,
    panels: int,
    magnitude: Callable[[jax.Array], jax.Array],
) -> tuple[jax.Array, jax.Array]:
    """2 ∫_0^∞ dω/2π (ħω)² integrand(ω), and its estimated error."""
    unit = THERMAL_FREQUENCY * jax.lax.stop_gradient(jnp.max(temperatures))
    # A temperature that is not positive makes everything NaN.
    unit = jnp.where(jnp.all(temperatures > 0.0), unit, jnp.nan)
    lowest, highest = math.log(LOWEST_FREQUENCY), math.log(HIGHEST_FREQUENCY)
    mesh = jnp.asarray(np.linspace(lowest, highest, math.ceil((highest - lowest) / WIDEST_INTERVAL) + 1))
    if break_frequencies.shape[0]:
        breaks = jax.lax.stop_gradient(break_frequencies) / unit
        inside = (breaks > LOWEST_FREQUENCY) & (breaks < HIGHEST_FREQUENCY)
        mesh = jnp.sort(jnp.concatenate([mesh, jnp.log(jnp.where(inside, breaks, HIGHEST_FREQUENCY))]))

    def by_logarithm(logarithm: jax.Array) -> jax.Array:
        ratio = jnp.exp(logarithm)
        return ratio**3 * integrand(ratio * unit)

    integral, error = adaptive_quadrature(
        by_logarithm, mesh, relative_tolerance=RELATIVE_TOLERANCE, max_panels=panels, magnitude=magnitude
    )
    scale = REDUCED_PLANCK**2 * unit**3 / math.pi
    return scale * integral, scale * error


def _of_both_islands(noise: jax.Array) -> jax.Array:
    """√(S_ii S_jj): correlations may vanish by cancellation, and count against the noise of both islands."""
    own = jnp.sqrt(jnp.abs(jnp.diag(noise)))
    return own[:, None] * own


def _crossing(first: jax.Array, second: jax.Array) -> jax.Array:
    """n_1 (1 + n_2) + n_2 (1 + n_1)."""
    return first + second + 2.0 * first * second


def _product(matrix: jax.Array, other: jax.Array) -> jax.Array:
    """Re a_ij b_ij* of every element."""
    return jnp.real(matrix) * jnp.real(other) + jnp.imag(matrix) * jnp.imag(other)
