"""A circuit with transmission lines as waves that enter its lines again and again.

Every line is cut and each end closed with its own impedance. What is left is a lumped circuit, smooth in frequency: it scatters
the waves e that come out of the lines into waves b that go in, b = S e, in units of √Z times current. A line hands a wave from one
end to the other (X), weaker by e^{−α} and later by τ, so that with ζ = e^{−sτ}

    e = ζ W e + …,        W = e^{−α} X S,

and the amplitude that channel a emits and channel b absorbs is a power series in ζ, one term for each number of passages:

    A_ba = B_ba + ζ P_b (1 − ζW)⁻¹ K_a.

All four are rational functions of s = iω with real coefficients. W is a contraction where Re s ≥ 0. Docs: docs/physics.md,
section 4.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.circuit.circuit import Circuit
from subkelvin.numerics.accretive import solve_accretive


class Waves(NamedTuple):
    """What the lines see of a circuit; channels: the branches, then both ends of every lossy line."""

    direct: jax.Array
    """B, without a passage through a line, shape (channels, channels, frequencies)."""
    absorbing: jax.Array
    """P, what a channel absorbs of the waves out of the lines, shape (channels, ends, frequencies)."""
    entering: jax.Array
    """K, what comes out of the lines after the first passage of an emitted wave, shape (ends, channels, frequencies)."""
    passage: jax.Array
    """W, scattering and one passage, shape (ends, ends, frequencies)."""


def waves(circuit: Circuit, admittance: jax.Array, s: jax.Array) -> Waves:
    """Amplitudes at complex frequencies, without the roots of the channels' strengths (see `subkelvin.circuit.transmission`).

    Args:
        circuit: with lines of one delay, and without measured two-ports.
        admittance: of every branch there, its capacitance included, shape (branches, frequencies) [S].
        s: complex, iω for a real frequency, shape (frequencies,) [rad/s].
    """
    lossless, lines, fast = circuit.lossless, circuit.lines, circuit.fast_voltages
    b, lossy = circuit.branches.incidence @ fast, 2 * lines.islands.shape[0]
    branches, impedance = b.shape[0], jnp.repeat(jnp.asarray(lines.impedance), 2)
    ends = (lines.incidence @ fast).reshape(impedance.shape[0], -1) / jnp.sqrt(impedance)[:, None]
    nodal = (jnp.diag(circuit.unused) + ends.T @ ends)[..., None] + jnp.einsum("ka,kb,kn->abn", b, b, admittance)
    if lossless.capacitance.shape[0]:
        c = lossless.capacitor_incidence @ fast
        nodal = nodal + s * ((c.T * lossless.capacitance) @ c)[..., None]
    if lossless.inverse_root_inductance.shape[0]:
        root = (lossless.inductor_incidence @ fast).T @ lossless.inverse_inductance_root()
        nodal = nodal + (root @ root.T)[..., None] / s
    rows, sources = jnp.concatenate([b, ends]), jnp.concatenate([2.0 * b, ends]).T[..., None] + 0j * s
    voltage = jnp.einsum("kv,vln->kln", rows, solve_accretive(nodal, sources))
    from_branches, from_ends = voltage[:, :branches], voltage[:, branches:]
    scattering = 2.0 * from_ends[branches:] - jnp.eye(impedance.shape[0])[..., None]
    # The other end of the same line.
    other = np.arange(impedance.shape[0]) ^ 1
    weaker = jnp.repeat(jnp.exp(-jnp.asarray(lines.attenuation)), 2)[:, None, None]
    passage = weaker * scattering[other]
    # A lossy line adds a wave of amplitude 2 at its end, and absorbs half of what goes in there.
    absorbing = jnp.concatenate([from_ends[:branches], 0.5 * scattering[:lossy]])
    return Waves(
        direct=jnp.concatenate([from_branches[: branches + lossy], 2.0 * absorbing[:, :lossy]], axis=1),
        absorbing=absorbing,
        entering=jnp.concatenate([2.0 * weaker * from_branches[branches:][other], 2.0 * passage[:, :lossy]], axis=1),
        passage=passage,
    )
