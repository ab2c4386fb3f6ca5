"""Photonic heat between frequency-dependent junctions, on a mesh that knows where they change.

The transmission between tunnel junctions and superconducting wires is smooth on a logarithmic scale, except near the photon
energies Δ_k of the junctions and 2Δ_k of the wires, where quasiparticles begin to be made. A mesh with panels on both sides
of each needs no refinement, so that a heat current always costs the same. Gauss's and Kronrod's rules on the same panels
give the error. Docs: docs/physics.md, section 4.
"""

import math

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.circuit.circuit import Circuit
from subkelvin.circuit.transmission import transmission
from subkelvin.constants import REDUCED_PLANCK, THERMAL_FREQUENCY
from subkelvin.numerics.quadrature import GAUSS_WEIGHTS, KRONROD_NODES, KRONROD_WEIGHTS
from subkelvin.physics.statistics import bose_quotient

LOWEST = 1e-18
"""In units of k_BT_hot/ħ: below, the transmission is what it is there."""
REACH = 45.0
"""In units of k_BT_hot/ħ: what lies so far beyond the thermal frequencies and beyond the last edge is e^−45 of the heat."""
HIGHEST = 745.0
"""In units of k_BT_hot/ħ: what an edge beyond would let pass is 0 in floating point."""
SLOW_PANELS = 18
SLOW_END = 0.1
THERMAL_POINTS = (0.5, 1.5, 4.0, 10.0, 20.0)
AROUND_EDGE = (0.7, 0.93, 1.0)
"""Where panels begin up to an edge, in units of it."""
BEYOND_EDGE = ((0.07, 4.0), (0.4, 18.0), (math.inf, REACH))
"""Where they begin beyond it: the smaller of so much of the edge and so many k_BT_hot/ħ, in which the occupation falls off."""


def heat_on_mesh(circuit: Circuit, temperatures: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Net photonic heat of every pair of radiators, and its estimated error [W], each of shape (pairs,).

    Args:
        circuit: of junctions, wires, resistors and capacitors, without resonances.
        temperatures: of every island, positive [K].
    """
    islands = temperatures[circuit.islands]
    first, second = islands[circuit.pairs[..., 0]][:, None], islands[circuit.pairs[..., 1]][:, None]
    unit = jax.lax.stop_gradient(THERMAL_FREQUENCY * jnp.max(temperatures))
    slow = np.linspace(math.log(LOWEST), math.log(SLOW_END), SLOW_PANELS + 1)
    edge = absorption_edges(circuit, temperatures) / unit
    edge = jnp.where(edge < HIGHEST, edge, 0.0)
    beyond = [edge + jnp.minimum(share * jnp.where(edge > 0.0, edge, 1.0), width) for share, width in BEYOND_EDGE]
    around = jnp.concatenate([*(share * edge for share in AROUND_EDGE), *beyond])
    # A point below the range must not widen it; REACH is one of the thermal points.
    fast = jnp.concatenate([jnp.asarray([*THERMAL_POINTS, REACH]), jnp.where(around > SLOW_END, around, REACH)])
    points = jnp.concatenate([slow, jnp.sort(jnp.log(fast))])
    width = points[1:] - points[:-1]
    nodes = points[:-1, None] + width[:, None] * (0.5 * (1.0 + KRONROD_NODES))
    ratio = jnp.exp(nodes).reshape(-1)
    energy = REDUCED_PLANCK * ratio * unit
    values = transmission(circuit, temperatures, ratio * unit) * (ratio**2 * bose_quotient(first, second, energy))
    values = values.reshape(values.shape[0], *nodes.shape)
    panels = 0.5 * width * (values @ KRONROD_WEIGHTS)
    difference = jnp.abs(panels - 0.5 * width * (values @ GAUSS_WEIGHTS))
    # Kronrod's error is far below the difference once that is small against the variation of the integrand.
    mean = 0.5 * (values @ KRONROD_WEIGHTS)[..., None]
    variation = 0.5 * width * (jnp.abs(values - mean) @ KRONROD_WEIGHTS)
    safe = jnp.where(variation > 0.0, variation, 1.0)
    error = jnp.where(variation > 0.0, variation * jnp.minimum(1.0, (200.0 * difference / safe) ** 1.5), difference)
    # Below the lowest point: a constant transmission times n ≈ k_BT/ħω.
    beginning = values[:, 0, 0]
    scale = (first - second)[:, 0] * (REDUCED_PLANCK * unit / (2.0 * math.pi)) * unit
    heat = scale * (jnp.sum(panels, axis=1) + beginning)
    return heat, jax.lax.stop_gradient(jnp.abs(scale) * (jnp.sum(error, axis=1) + beginning))


def absorption_edges(circuit: Circuit, temperatures: jax.Array) -> jax.Array:
    """Frequencies above which photons make quasiparticles: Δ/ħ of junctions, 2Δ/ħ of wires [rad/s]."""
    branches = circuit.branches
    edges = [
        spectrum.edge * values["superconductor"].gap(temperatures[branches.islands[place]])
        for spectrum, place, values in branches.by_spectrum()
        if spectrum.edge
    ]
    return jax.lax.stop_gradient(jnp.concatenate([jnp.zeros(0), *edges]) / REDUCED_PLANCK)
