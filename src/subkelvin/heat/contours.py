"""Photonic heat in lumped circuits from circles around the poles.

The sum over residues of `subkelvin.heat.residues` is a sum of contour integrals,

    Σ_p σ_p r_p H(σ_p) Δφ(σ_p) = Σ_circles ∮ ds/2πi (−s) H(s) H(−s) Δφ(−s),        Δφ(σ) = φ(ħσ/2πk_BT_1) − φ(ħσ/2πk_BT_2),

because φ is analytic in the right half plane. On a circle the trapezoid rule converges exponentially, and H is computed by solving
Kirchhoff's laws. The poles only say where the circles go. Poles that nearly coincide share one circle: neither a double pole nor a
defective mode is special. The circles stay where they are when the circuit changes a little, so that the derivative of the
solutions on them is the derivative of the heat.

One half of each circle is enough: the other half of a pole's circle is the mirror image of the same half around its complex
conjugate. Docs: docs/physics.md, section 4.
"""

import math
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from subkelvin.circuit.circuit import Circuit
from subkelvin.circuit.poles import Modes, modes
from subkelvin.constants import BOLTZMANN, REDUCED_PLANCK, THERMAL_FREQUENCY
from subkelvin.numerics.digamma import digamma_remainder_difference
from subkelvin.numerics.linear_algebra import solve

POINTS = 24
"""On a whole circle. Its radius is an eighth of the way to what is outside, 8^−24 = 2e-22 of which leaks in."""
CLOSEST_RATIO = 1.0 / 64.0
"""(Inner over outer radius) below which the circle's radius is no longer their geometric mean."""
CLUSTER = 0.03
"""Poles share a circle if they are closer than this fraction of their distance from the mirror poles and from zero."""
WIDEST_RATIO = 0.2
"""Radius of a cluster over the distance of what is outside; wider ones, as in long ladders, fall apart into single poles."""
FAST = 30.0
"""Above this many times k_BT/ħ capacitors are closer to shorts than inductors are."""
FAR = 1e8
"""H at infinite frequency is extrapolated from this many times the largest pole."""
LARGEST_BLOCK = 2**22
"""Complex numbers of Kirchhoff's matrices at a time, 64 MB."""
LAST_BIT = float(np.finfo(np.float64).eps)
"""Of an element of Kirchhoff's matrices. On the circle of a pole it moves an impedance by |s| over the radius times as much: eight
times for a damped pole, that times its quality factor for a sharp resonance."""
ROUNDING = 128.0 * LAST_BIT
"""Of all other steps together."""


class Circles(NamedTuple):
    """One circle for each mode, in the plane of s."""

    centre: jax.Array
    radius: jax.Array
    weight: jax.Array
    """1 over the number of modes that share the circle; 0 for modes that carry no heat."""
    ratio: jax.Array
    """Radius of the cluster inside over distance of what is outside."""


def heat_by_contours(circuit: Circuit, temperatures: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Net photonic heat of every pair of branches, and its estimated error [W], each of shape (pairs,).

    Args:
        circuit: a lumped circuit.
        temperatures: of every island, positive [K].
    """
    conductance = circuit.conductance(temperatures)
    reference = THERMAL_FREQUENCY * jnp.max(jax.lax.stop_gradient(temperatures))
    natural = modes(circuit, conductance, reference)
    circles = circles_around(natural)
    first, second = circuit.pairs[..., 0], circuit.pairs[..., 1]
    islands = temperatures[circuit.islands]
    hot, cold = islands[first][:, None, None], islands[second][:, None, None]

    angle = math.pi * (2.0 * np.arange(POINTS // 2) + 1.0) / POINTS
    spoke = circles.radius[:, None] * np.exp(1j * angle)
    points = circles.centre[:, None] + spoke
    both = jnp.stack([points, -points])
    impedances = transfer_impedances(circuit, conductance, both, jnp.abs(both) > FAST * reference)
    near, mirror = impedances[:, :, 0], impedances[:, :, 1]
    there, mirrored = near[first, second], mirror[first, second]
    argument = -points / (2.0 * math.pi * THERMAL_FREQUENCY)
    change = digamma_remainder_difference(argument / cold, argument * (cold - hot) / (hot * cold))
    weight = circles.weight[:, None] * spoke * (2.0 / POINTS)
    terms = -weight * points * there * mirrored * change

    far = FAR * jnp.max(jnp.where(circles.weight > 0.0, jnp.abs(circles.centre), reference))
    towards = jnp.real(
        transfer_impedances(circuit, conductance, far * np.array([1.0 + 0j, 2.0]), np.array([True, True]))
    )
    limit = (2.0 * towards[..., 1] - towards[..., 0])[first, second]
    scale = 4.0 * conductance[first] * conductance[second] * REDUCED_PLANCK / (2.0 * math.pi)
    free = (math.pi**2 / 6.0) * ((hot - cold) * (hot + cold))[:, 0, 0] * THERMAL_FREQUENCY**2
    heat = scale * (limit**2 * free + jnp.sum(jnp.real(terms), axis=(1, 2)))
    # Kirchhoff's laws leave an error in Z_ij that is small against √(Z_iiZ_jj), not against Z_ij.
    rounding = ROUNDING + LAST_BIT * jnp.abs(points) / circles.radius[:, None]
    lost = (
        rounding
        * jnp.abs(weight * points * change)
        * (_largest(near, circuit.pairs) * jnp.abs(mirrored) + jnp.abs(there) * _largest(mirror, circuit.pairs))
    )
    # What leaks into a circle belongs to its neighbours, which may be far stronger.
    strongest = jnp.max(jnp.sum(jnp.abs(terms), axis=2), axis=1)
    rule = strongest * jnp.sum(jnp.where(circles.weight > 0.0, circles.ratio, 0.0) ** (POINTS / 2))
    error = rule + jnp.sum(lost, axis=(1, 2)) + ROUNDING * limit**2 * jnp.abs(free)
    neglected = BOLTZMANN * jnp.abs(hot - cold)[:, 0, 0] * natural.neglected
    return heat, jax.lax.stop_gradient(scale * error + neglected)


def _largest(impedances: jax.Array, pairs: jax.Array) -> jax.Array:
    """√|Z_iiZ_jj| of every pair."""
    own = jnp.abs(jnp.einsum("ii...->i...", impedances))
    return jnp.sqrt(own[pairs[..., 0]] * own[pairs[..., 1]])


def transfer_impedances(circuit: Circuit, conductance: jax.Array, points: ArrayLike, is_fast: ArrayLike) -> jax.Array:
    """Z_ij(s) = b_iᵀ Y(s)⁻¹ b_j of all branches of a lumped circuit.

    Args:
        circuit: the circuit.
        conductance: of the branches [S].
        points: s, complex [rad/s].
        is_fast: where the unknowns are to be those that keep their digits at high frequency, of the shape of the points.

    Returns:
        Array of shape (branches, branches, *points.shape) [Ω].
    """
    branches, lossless = circuit.branches, circuit.lossless
    root = jnp.zeros((0, 0))
    if lossless.inverse_root_inductance.shape[0]:
        root = lossless.inverse_inductance_root()
    voltages = branches.incidence.shape[1]

    def in_terms_of(unknowns: jax.Array, s: jax.Array) -> tuple[jax.Array, jax.Array]:
        b = branches.incidence @ unknowns
        nodal = jnp.diag(circuit.unused) + (b.T * conductance) @ b + s * ((b.T * branches.capacitance) @ b)
        if lossless.capacitance.shape[0]:
            c = lossless.capacitor_incidence @ unknowns
            nodal = nodal + s * ((c.T * lossless.capacitance) @ c)
        if root.shape[0]:
            flux = (lossless.inductor_incidence @ unknowns).T @ root
            nodal = nodal + (flux @ flux.T) / s
        return nodal, b

    def solved(points: jax.Array, is_fast: jax.Array) -> jax.Array:
        s, chosen = points[..., None, None], is_fast[..., None, None]
        slow_nodal, slow_rows = in_terms_of(jnp.eye(voltages), s)
        fast_nodal, fast_rows = in_terms_of(jnp.asarray(circuit.fast_voltages), s)
        nodal = jnp.where(chosen, fast_nodal, slow_nodal)
        rows = jnp.where(chosen, fast_rows, slow_rows)
        return rows @ solve(nodal, jnp.swapaxes(rows, -1, -2))

    points, is_fast = jnp.broadcast_arrays(jnp.asarray(points), jnp.asarray(is_fast))
    together = max(1, LARGEST_BLOCK // max(voltages, 1) ** 2)
    if points.size <= together:
        return jnp.moveaxis(solved(points, is_fast), (-2, -1), (0, 1))
    # A large circuit would need gigabytes at once, and its derivative as much again: both are computed block by block.
    flat = jax.lax.map(
        jax.checkpoint(lambda one: solved(*one)), (points.reshape(-1), is_fast.reshape(-1)), batch_size=together
    )
    return jnp.moveaxis(flat.reshape(*points.shape, *flat.shape[1:]), (-2, -1), (0, 1))


def circles_around(natural: Modes) -> Circles:
    """The circles that enclose all modes which carry heat, and nothing else."""
    counts = natural.counts
    poles = natural.poles
    both = counts[:, None] & counts
    apart = jnp.where(both, jnp.abs(poles[:, None] - poles), jnp.inf)
    mirrored = jnp.where(both, jnp.abs(poles[:, None] + poles), jnp.inf)
    room = jnp.minimum(jnp.min(mirrored, axis=1), jnp.abs(poles))
    member = (apart < CLUSTER * jnp.minimum(room[:, None], room)) | jnp.eye(poles.shape[0], dtype=bool)
    # Neighbours of neighbours belong to the same cluster.
    for _ in range(max(1, math.ceil(math.log2(max(poles.shape[0], 2))))):
        member = (member.astype(float) @ member.astype(float)) > 0.0
    wide = _extent(poles, member, counts)
    member = jnp.where((wide[1] > WIDEST_RATIO * wide[2])[:, None], jnp.eye(poles.shape[0], dtype=bool), member)
    size = jnp.sum(member, axis=1)
    centre, inner, outer = _extent(poles, member, counts)
    radius = jnp.sqrt(jnp.maximum(inner, CLOSEST_RATIO * outer) * outer)
    return Circles(centre, radius, jnp.where(counts, 1.0 / size, 0.0), jnp.maximum(inner / outer, CLOSEST_RATIO))


def _extent(poles: jax.Array, member: jax.Array, counts: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Centre of every pole's cluster, its radius, and the distance of the nearest other pole, mirror pole or zero."""
    centre = (member @ poles) / jnp.sum(member, axis=1)
    inner = jnp.max(jnp.where(member, jnp.abs(centre[:, None] - poles), 0.0), axis=1)
    others = jnp.where(counts & ~member, jnp.abs(centre[:, None] - poles), jnp.inf)
    mirrors = jnp.where(counts, jnp.abs(centre[:, None] + poles), jnp.inf)
    return centre, inner, jnp.minimum(jnp.minimum(jnp.min(others, axis=1), jnp.min(mirrors, axis=1)), jnp.abs(centre))
