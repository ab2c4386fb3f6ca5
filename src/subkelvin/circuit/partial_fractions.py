"""Transmissions as sums over poles, with what is known of their deviation.

    𝒯(ω) ≈ d + Σ_p Re[r_p/(ω² + σ_p²)],        Re σ_p > 0,

real and even in ω, without poles at real frequencies. Docs: docs/physics.md, section 4.
"""

import equinox as eqx
import jax

from subkelvin.model.stacking import Leaf


class PartialFractions(eqx.Module):
    """Transmissions of all pairs of radiators, and how far they are from those of the circuit, band by band."""

    hottest: Leaf
    """The highest temperature of any island for which the deviation is known [K]."""
    decay: Leaf
    """σ_p [rad/s], shape (poles,); complex."""
    strength: Leaf
    """r_p [rad²/s²], shape (pairs, poles); complex. Of two conjugate poles only one is there, with both their strengths."""
    limit: Leaf
    """d [1], shape (pairs,)."""
    band: Leaf
    """Where the bands of frequency begin, the first at 0, the last without end, shape (bands,) [rad/s]."""
    deviation: Leaf
    """The largest |sum − 𝒯| in every band, shape (pairs, bands) [1]."""

    def transmission(self, frequency: jax.Array) -> jax.Array:
        """The sum at angular frequencies [rad/s], shape (pairs, *frequency.shape)."""
        return fractions(self.decay, self.strength, self.limit, frequency)


def fractions(decay: Leaf, strength: Leaf, limit: Leaf, frequency: Leaf) -> Leaf:
    """d + Σ_p Re[r_p/(ω² + σ_p²)], shape (pairs, *frequency.shape)."""
    ω = frequency[..., None]
    # ω² + σ² in factors keeps the distance from a pole close to ω.
    terms = (strength[:, *[None] * frequency.ndim, :] / ((ω + 1j * decay) * (ω - 1j * decay))).real
    return limit[:, *[None] * frequency.ndim] + terms.sum(axis=-1)
