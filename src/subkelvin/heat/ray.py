"""The path in the lower half of the plane of ω along which heat through lines is integrated, and the panels on it.

    ω(x) = x − iδ(x),        δ(x) = x tan ϑ/√(1 + (x tan ϑ/d)²),

a ray at the angle ϑ below the real axis that levels off at the depth d. The resonances of lines lie on or above the real axis. What
must stay below the path are the singularities of Bose functions, on the imaginary axis; of the poles that a lumped circuit
has when its lines are closed with their own impedance, the mirror images; and of dynamic junctions, πk_BT/ħ below their gap's
frequency. ϑ and d are half of what these allow. Docs: docs/physics.md, section 4.
"""

import dataclasses
import math
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.circuit.circuit import Circuit
from subkelvin.circuit.poles import modes
from subkelvin.constants import THERMAL_FREQUENCY
from subkelvin.heat.mesh import AROUND_EDGE, absorption_edges
from subkelvin.numerics.quadrature import KRONROD_NODES

LOWEST = 1e-18
"""In units of k_BT_hot/ħ: below, the transmission is what it is there."""
HIGHEST = 64.0
"""In units of k_BT_hot/ħ: what lies beyond is e^{−64 cos 45°} of the heat."""
SLOW_PANELS = 24
"""Panels of equal width in ln ω from the lowest to the highest frequency."""
DECAY_POINTS = (0.7, 2.0, 5.0, 11.0, 20.0, 36.0)
"""Where panels begin besides, in units of k_BT_hot/ħ and of 1/τ: e^{−x} takes more than ln x does."""
STEEPEST = 1.0
"""tan ϑ at 45°, as far from the resonances of lines as from the imaginary axis."""
SHARE = 0.5
"""Of the way to the nearest singularity, for the angle and for the depth."""
PHASE_STEP, PHASE_PANELS = 8.0, 64
"""Width in ωτ and number of further panels where the path is less steep: echoes turn more often before they are gone."""
FLANKS = (1.0, 4.0, 16.0)
"""Where panels begin around a pole of the closed circuit, in units of its half width."""


class Ray(NamedTuple):
    """Panels of Kronrod's rule in ln Re ω."""

    width: jax.Array
    """Of every panel, shape (panels,)."""
    frequency: jax.Array
    """ω at all nodes, panel by panel, shape (nodes,) [rad/s]."""
    slope: jax.Array
    """dω/d ln Re ω [rad/s]."""


def ray(circuit: Circuit, temperatures: jax.Array, unit: jax.Array) -> Ray:
    """The path for a circuit with lines of one delay; it carries no derivatives.

    Args:
        circuit: the circuit.
        temperatures: of every island, positive [K].
        unit: k_BT_hot/ħ [rad/s].
    """
    circuit, temperatures, unit = jax.lax.stop_gradient((circuit, temperatures, unit))
    phase = unit * jnp.asarray(circuit.lines.delay)[0]
    points: list[jax.Array] = [jnp.asarray(DECAY_POINTS), jnp.asarray(DECAY_POINTS) / phase]
    steepness: float | jax.Array = STEEPEST
    dynamic, inductive = bool(circuit.branches.spectra), bool(circuit.lossless.inverse_root_inductance.shape[0])
    if dynamic or inductive:
        points.append(PHASE_STEP * jnp.arange(1, PHASE_PANELS + 1) / phase)
    if inductive:
        poles = closed_poles(circuit, temperatures, unit) / unit
        turning = jnp.imag(poles) > 0.0
        angle = jnp.where(turning, -jnp.real(poles) / jnp.where(turning, jnp.imag(poles), 1.0), 2.0 * STEEPEST)
        steepness = jnp.minimum(STEEPEST, SHARE * jnp.min(angle))
        flanks = jnp.asarray([*FLANKS, 0.0, *(-x for x in FLANKS)])[:, None] * jnp.where(turning, -jnp.real(poles), 0.0)
        points.append((jnp.where(turning, jnp.imag(poles), HIGHEST) + flanks).reshape(-1))
    if dynamic:
        points.append((jnp.asarray(AROUND_EDGE)[:, None] * absorption_edges(circuit, temperatures) / unit).reshape(-1))
    lowest, highest = math.log(LOWEST), math.log(HIGHEST)
    every = jnp.concatenate(points)
    # A point outside the range must not widen it.
    inside = (every > LOWEST) & (every < HIGHEST)
    further = jnp.log(jnp.where(inside, every, HIGHEST))
    edges = jnp.sort(jnp.concatenate([np.linspace(lowest, highest, SLOW_PANELS + 1), further]))
    width = jnp.diff(edges)
    x = jnp.exp(edges[:-1, None] + width[:, None] * (0.5 * (1.0 + KRONROD_NODES))).reshape(-1)
    if not dynamic:
        frequency = unit * x * (1.0 - 1j * steepness)
        return Ray(width, frequency, frequency)
    start = circuit.branches.first_with_spectrum
    depth = SHARE * math.pi * THERMAL_FREQUENCY * jnp.min(temperatures[circuit.branches.islands[start:]]) / unit
    root = jnp.sqrt(1.0 + (x * steepness / depth) ** 2)
    return Ray(width, unit * (x - 1j * x * steepness / root), unit * (x - 1j * x * steepness / root**3))


def closed_poles(circuit: Circuit, temperatures: jax.Array, unit: jax.Array) -> jax.Array:
    """Poles of the circuit with both ends of every line closed by its impedance [rad/s], Re s < 0."""
    branches, lines = circuit.branches, circuit.lines
    ends = jnp.asarray(lines.incidence).reshape(-1, branches.incidence.shape[1])
    closed = dataclasses.replace(
        circuit,
        branches=dataclasses.replace(
            branches,
            incidence=jnp.concatenate([branches.incidence, ends]),
            capacitance=jnp.concatenate([branches.capacitance, jnp.zeros(ends.shape[0])]),
        ),
    )
    conductance = jnp.concatenate(
        [circuit.conductance(temperatures), jnp.repeat(1.0 / jnp.asarray(lines.impedance), 2)]
    )
    return modes(closed, conductance, unit).poles
