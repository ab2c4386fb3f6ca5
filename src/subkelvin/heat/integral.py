"""Heat carried by photons through any transmission, by adaptive integration over frequency.

    P = ∫_0^∞ dω/2π ħω 𝒯(ω) [n(ω, T_1) − n(ω, T_2)]
      = (T_1 − T_2) (ħω_T²/2π) ∫ du x² 𝒯(xω_T) [n(ω, T_1) − n(ω, T_2)]/(T_1 − T_2),

with x = ω/ω_T = e^u and ω_T = k_BT_hot/ħ.

The quotient of differences is positive and finite at T_1 = T_2, so nothing cancels, and a transmission's features may
lie decades away from the thermal frequency. This route shares nothing with the closed form but the definition; each is
the check of the other.

References: L. M. A. Pascal, H. Courtois and F. W. J. Hekking, Phys. Rev. B 83, 125113 (2011),
doi:10.1103/PhysRevB.83.125113; docs/physics.md, section 4.
"""

import math
from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from subkelvin.circuit.circuit import Circuit
from subkelvin.circuit.poles import modes
from subkelvin.circuit.transmission import transmission as circuit_transmission
from subkelvin.constants import REDUCED_PLANCK, THERMAL_FREQUENCY
from subkelvin.heat.mesh import absorption_edges
from subkelvin.numerics.quadrature import adaptive_quadrature
from subkelvin.physics.statistics import bose_quotient

LOWEST_FREQUENCY = 1e-22
"""Lower end of the integral in units of k_BT_hot/ħ: with a cut-off at 1e6 rad/s and 100 K, 1e-15 is lost."""

HIGHEST_FREQUENCY = 700.0
"""Upper end in units of k_BT_hot/ħ, where the occupation is e^−700."""

WIDEST_INTERVAL = 4.0
"""Widest interval of the starting mesh, in u = ln ω; each is halved at least once."""

INTERVALS_PER_BREAK = 3
"""Panels allowed for each break frequency besides those of a smooth transmission."""
FLANKS = (1.0, 6.0, 36.0)
"""Where the mesh begins around a resonance, in units of its half width."""


def integrated_heat_current(
    transmission: Callable[[jax.Array], jax.Array],
    temperature_1: ArrayLike,
    temperature_2: ArrayLike,
    *,
    break_frequencies: ArrayLike | Sequence[ArrayLike] = (),
    relative_tolerance: float = 1e-12,
    max_panels: int = 160,
) -> tuple[jax.Array, jax.Array]:
    """P = ∫_0^∞ dω/2π ħω 𝒯(ω) [n(ω, T_1) − n(ω, T_2)].

    Args:
        transmission: 𝒯(ω) [1]: takes angular frequencies of shape (k,) [rad/s], returns values of shape (..., k).
            It may close over anything differentiable.
        temperature_1, temperature_2: of the two reservoirs [K], 0-dimensional, or with the leading axes of the values of
            ``transmission``: all share one mesh. Batch with `jax.vmap` for meshes of their own.
        break_frequencies: where 𝒯 has a feature narrower than about ω/10, such as a resonance, shape (m,) [rad/s]:
            the mesh is refined from there.
        relative_tolerance: of the integral.
        max_panels: of the mesh.

    Returns:
        Heat from reservoir 1 to reservoir 2 [W] and its estimated error [W], each of shape (...).

    Validity:
        0 ≤ T; NaN for negative or NaN temperatures. Features of 𝒯 between 1e-7 and 1e3 times k_BT_hot/ħ are found
        without break frequencies if they are broad; derivatives with respect to anything the transmission closes over
        are exact on the mesh.
    """
    temperature_1, temperature_2 = jnp.asarray(temperature_1, float), jnp.asarray(temperature_2, float)
    # The substitution is no part of the physics: frozen, it carries no derivative. Any scale will do where both
    # temperatures are 0.
    hot = jax.lax.stop_gradient(jnp.max(jnp.maximum(temperature_1, temperature_2)))
    thermal_frequency = THERMAL_FREQUENCY * jnp.where(hot == 0.0, 1.0, hot)

    def integrand(logarithm: jax.Array) -> jax.Array:
        ratio = jnp.exp(logarithm)
        frequency = ratio * thermal_frequency
        energy = REDUCED_PLANCK * frequency
        quotient = bose_quotient(temperature_1[..., None], temperature_2[..., None], energy)
        quotient = quotient if temperature_1.ndim else quotient.reshape(energy.shape)
        return transmission(frequency) * (ratio**2 * quotient)

    lowest, highest = math.log(LOWEST_FREQUENCY), math.log(HIGHEST_FREQUENCY)
    mesh: ArrayLike = np.linspace(lowest, highest, math.ceil((highest - lowest) / WIDEST_INTERVAL) + 1)
    breaks = jnp.asarray(break_frequencies, float).reshape(-1)
    if breaks.size > 0:
        breaks = jax.lax.stop_gradient(breaks) / thermal_frequency
        # A break outside the range must not widen it.
        inside = (breaks > LOWEST_FREQUENCY) & (breaks < HIGHEST_FREQUENCY)
        mesh = jnp.sort(jnp.concatenate([mesh, jnp.log(jnp.where(inside, breaks, HIGHEST_FREQUENCY))]))
    integral, error = adaptive_quadrature(integrand, mesh, relative_tolerance=relative_tolerance, max_panels=max_panels)
    scale = (temperature_1 - temperature_2) * (REDUCED_PLANCK * thermal_frequency / (2.0 * math.pi)) * thermal_frequency
    return scale * integral, jnp.abs(jax.lax.stop_gradient(scale)) * error


def heat_by_integral(circuit: Circuit, temperatures: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Net photonic heat of every pair of radiators of any circuit, and its estimated error [W], each of shape (pairs,).

    All pairs share one mesh, which begins at the resonances of the circuit and at the rows of tables, where their admittance bends.

    Args:
        circuit: any circuit.
        temperatures: of every island [K], shape (islands,).
    """
    islands = temperatures[circuit.islands]
    breaks = break_frequencies(circuit, temperatures)
    return integrated_heat_current(
        lambda frequency: circuit_transmission(circuit, temperatures, frequency),
        islands[circuit.pairs[..., 0]],
        islands[circuit.pairs[..., 1]],
        break_frequencies=breaks,
        max_panels=circuit.panels + INTERVALS_PER_BREAK * breaks.shape[0],
    )


def break_frequencies(circuit: Circuit, temperatures: jax.Array) -> jax.Array:
    """Where the transmissions of a circuit change sharply: resonances, edges of absorption, rows of tables [rad/s]."""
    rows = [jnp.ravel(table) for table in (circuit.branches.table_frequency, circuit.two_ports.table_frequency)]
    return jnp.concatenate([resonances(circuit, temperatures), absorption_edges(circuit, temperatures), *rows])


def resonances(circuit: Circuit, temperatures: jax.Array) -> jax.Array:
    """Frequencies from which the mesh of an integral has to begin: centres and flanks of the resonances [rad/s].

    Those of the lumped part of the circuit; the many of a line are found by refinement.
    """
    if not circuit.lossless.inverse_root_inductance.shape[0] or not circuit.lumped:
        return jnp.zeros(0)
    natural = modes(circuit, circuit.conductance(temperatures), THERMAL_FREQUENCY * jnp.max(temperatures))
    poles = natural.poles
    rings = natural.counts & (jnp.imag(poles) > 0.0)
    centre = jnp.where(rings, jnp.imag(poles), jnp.inf)
    flanks = jnp.asarray(FLANKS)[:, None] * jnp.where(rings, -jnp.real(poles), 0.0)
    return jnp.concatenate([centre, (centre + flanks).reshape(-1), (centre - flanks).reshape(-1)])
