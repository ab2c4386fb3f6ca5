"""Heat carried by photons through circuits with transmission lines, however long and however sharp their resonances.

The transmission between two channels is the square of a power series in ζ = e^{−iωτ} (see `subkelvin.circuit.waves`), so that it is
a Fourier series in the phase ωτ whose coefficients are smooth in ω:

    𝒯 = f_0 + Σ_{n≥1} (ζⁿ f_n + c.c.) = f_0 + 2 Re F(ω, ζ),
    f_0 = B B̄ + P X P̄ᵀ,        F = ζ P (1 − ζW)⁻¹ (K B̄ + W X P̄ᵀ),        X = K K̄ᵀ + W X W̄ᵀ,

the bar standing for s → −s, which is complex conjugation at real ω. f_0 is the mean over the comb of resonances: waves that have
made different numbers of passages do not interfere. F is the interference, the echoes. All resonances are on its upper side in the
plane of ω, so that F, and f_0 with it, may be integrated along a path below the real axis (see `subkelvin.heat.ray`),

    P = Re ∫_ray dω/2π ħω [n(ω, T_1) − n(ω, T_2)] (f_0 + 2F),

where nothing is narrower than the ray is deep: neither the number of resonances nor their sharpness matters, and for long
lines ζ is 0 and the mean over the comb alone remains. Docs: docs/physics.md, section 4.
"""

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.circuit.circuit import Circuit
from subkelvin.circuit.waves import Waves, waves
from subkelvin.constants import REDUCED_PLANCK, THERMAL_FREQUENCY
from subkelvin.heat.ray import ray
from subkelvin.numerics.accretive import product, solve_accretive
from subkelvin.numerics.quadrature import GAUSS_WEIGHTS, KRONROD_NODES, KRONROD_WEIGHTS
from subkelvin.physics.statistics import continued_bose_quotient

ROUNDING = 4.0 * float(np.finfo(np.float64).eps)
"""Of W: what it does to the heat is as much larger as waves pass more often."""


def heat_by_echoes(circuit: Circuit, temperatures: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Net photonic heat of every pair of radiators, and its estimated error [W], each of shape (pairs,).

    Args:
        circuit: with lines of one delay, without superconducting wires and measured elements.
        temperatures: of every island, positive [K].
    """
    islands = temperatures[circuit.islands]
    first, second = circuit.pairs[..., 0], circuit.pairs[..., 1]

    def between_pairs(power: jax.Array, strength: jax.Array) -> jax.Array:
        exchanged = strength[:, None] * power * strength
        return _of_radiators(circuit, _of_radiators(circuit, exchanged).swapaxes(0, 1))[first, second]

    return _along_ray(circuit, temperatures, between_pairs, islands[first], islands[second])


def voltage_squares_by_echoes(circuit: Circuit, temperatures: jax.Array) -> tuple[jax.Array, jax.Array]:
    """⟨V²⟩ across every branch and its estimated error [V²], each of shape (branches,); see `subkelvin.heat.voltage_noise`.

    Args:
        circuit, temperatures: as for `heat_by_echoes`.
    """
    branches, radiators = circuit.branches.islands.shape[0], circuit.islands.shape[0]

    def across(power: jax.Array, strength: jax.Array) -> jax.Array:
        caused = _of_radiators(circuit, (power[:branches] * strength).swapaxes(0, 1)).swapaxes(0, 1)
        return caused.reshape(branches * radiators, -1)

    emitting = jnp.tile(temperatures[circuit.islands], branches)
    squares, errors = _along_ray(circuit, temperatures, across, emitting, jnp.zeros_like(emitting))
    return jnp.sum(squares.reshape(branches, -1), axis=1), jnp.sum(errors.reshape(branches, -1), axis=1)


def _of_radiators(circuit: Circuit, channels: jax.Array) -> jax.Array:
    """Sums over the channels of each radiator along the first axis: one for a branch, two for a line."""
    branches = circuit.branches.islands.shape[0]
    return jnp.concatenate([channels[:branches], channels[branches::2] + channels[branches + 1 :: 2]])


def _along_ray(
    circuit: Circuit,
    temperatures: jax.Array,
    gather: Callable[[jax.Array, jax.Array], jax.Array],
    hot: jax.Array,
    cold: jax.Array,
) -> tuple[jax.Array, jax.Array]:
    """∫ dω/2π ħω 𝒯 [n(ω, T_hot) − n(ω, T_cold)], and its estimated error, shape (rows,).

    Args:
        circuit, temperatures: as for `heat_by_echoes`.
        gather: makes rows of transmissions, shape (rows, frequencies), from |amplitude|² between all channels, shape
            (channels, channels, frequencies), and the channels' strengths, shape (channels, frequencies); linear.
        hot, cold: of the reservoirs of every row [K].
    """
    unit = jax.lax.stop_gradient(THERMAL_FREQUENCY * jnp.max(temperatures))
    delay = jnp.asarray(circuit.lines.delay)[0]
    width, frequency, slope = ray(circuit, temperatures, unit)
    power, magnitude, strength = _transmissions(circuit, temperatures, frequency, jnp.exp(-1j * frequency * delay))
    quotient = continued_bose_quotient(hot[:, None], cold[:, None], REDUCED_PLANCK * frequency)
    weight = quotient * (frequency / unit) * (slope / unit)
    values = jnp.real(gather(power, strength) * weight).reshape(-1, *width.shape, KRONROD_NODES.size)
    kronrod = 0.5 * width * (values @ KRONROD_WEIGHTS)
    difference = jnp.abs(kronrod - 0.5 * width * (values @ GAUSS_WEIGHTS))
    lost = (gather(magnitude, jnp.abs(strength)) * jnp.abs(weight)).reshape(values.shape) @ KRONROD_WEIGHTS
    # Below the lowest point: a constant transmission times n ≈ k_BT/ħω.
    beginning = values[:, 0, 0]
    error = jnp.sum(difference + ROUNDING * 0.5 * width * lost, axis=1) + jnp.abs(beginning)
    scale = (hot - cold) * (REDUCED_PLANCK * unit / (2.0 * math.pi)) * unit
    return scale * (jnp.sum(kronrod, axis=1) + beginning), jax.lax.stop_gradient(jnp.abs(scale) * error)


def _transmissions(
    circuit: Circuit, temperatures: jax.Array, frequency: jax.Array, delayed: jax.Array
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """f_0 + 2F between all channels without their strengths, what rounding is relative to, and the strengths.

    Args:
        circuit, temperatures: as for `heat_by_echoes`.
        frequency: ω along the ray, shape (nodes,) [rad/s].
        delayed: ζ there.

    Returns:
        Two arrays of shape (channels, channels, nodes) and one of shape (channels, nodes).
    """
    nodes, lossy = frequency.shape[0], circuit.lines.islands.shape[0]
    real, imaginary = circuit.branches.continued_admittance(temperatures[circuit.branches.islands], frequency)
    # Both signs of s in one go.
    s, sign = jnp.concatenate([1j * frequency, -1j * frequency]), 1j * np.repeat([1.0, -1.0], nodes)
    both = waves(circuit, jnp.tile(real, 2) + sign * jnp.tile(imaginary, 2), s)
    forward, mirror = (Waves(*[one[..., part] for one in both]) for part in (slice(nodes), slice(nodes, None)))
    power, magnitude = _mean_and_echoes(forward, mirror, delayed)
    loss = jnp.repeat(-jnp.expm1(-2.0 * jnp.asarray(circuit.lines.attenuation)[:lossy]), 2)
    return power, magnitude, jnp.concatenate([real, jnp.broadcast_to(loss[:, None], (2 * lossy, nodes))])


def _mean_and_echoes(forward: Waves, mirror: Waves, delayed: jax.Array) -> tuple[jax.Array, jax.Array]:
    """f_0 + 2F of all pairs of channels, and |f_0| + 2|F| times the mean number of passages, shape (channels, channels, nodes)."""
    ends, channels = forward.passage.shape[0], forward.direct.shape[0]
    nodes, unit = delayed.shape, jnp.eye(ends)[..., None]

    def flat(matrices: jax.Array) -> jax.Array:
        return matrices.reshape(ends * ends, -1, *nodes)

    # X of every emitting channel, and of incoherent waves at all ends.
    emitted = flat(forward.entering[:, None] * mirror.entering)
    everywhere = flat(unit + 0.0 * delayed)
    passed = flat(forward.passage[:, None, :, None] * mirror.passage[:, None])
    found = solve_accretive(
        jnp.eye(ends * ends)[..., None] - passed, jnp.concatenate([emitted, everywhere + 0j], axis=1)
    )
    passages = jnp.max(jnp.abs(found[:, channels]), axis=0)
    # X P̄ᵀ of every emitting and absorbing channel, shape (ends, absorbing, emitting, nodes).
    within = found[:, :channels].reshape(ends, ends, channels, *nodes)
    heard = within[:, 0, None] * mirror.absorbing[:, 0, None]
    for end in range(1, ends):
        heard = heard + within[:, end, None] * mirror.absorbing[:, end, None]
    resonant = solve_accretive(unit - delayed * forward.passage, delayed * unit)
    again = product(forward.absorbing, resonant)
    further = product(again, forward.passage)
    mean, echo = forward.direct * mirror.direct, product(again, forward.entering) * mirror.direct
    for end in range(ends):
        mean = mean + forward.absorbing[:, end, None] * heard[end]
        echo = echo + further[:, end, None] * heard[end]
    return mean + 2.0 * echo, (jnp.abs(mean) + 2.0 * jnp.abs(echo)) * passages
