"""Quadrature over [0, ∞) with two edges 0 ≤ m ≤ M at which the integrand is singular, wherever they are.

The nodes of [0, m], [m, M] and [M, ∞) lie on one axis, at equal steps in the logarithm of the distance to an edge. The distances to
both edges come with them, exact where they are small. Thermal poles and branch points lie at ±iπ/2 or further in that variable,
so the trapezoid rule errs by e^{−π²/0.26} = 3e-17, times what the residues contribute.
"""

import math
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

STEP = 0.26
ORIGIN = 24.0
"""Nodes approach 0 to e^{−24} of the interval: there the integrands fall as E or faster."""
REACH = 42.0
"""Fermi functions are followed to 42 k_BT, where e^{−42} = 6e-19."""


class Nodes(NamedTuple):
    """Nodes along the last axis."""

    energy: jax.Array
    """E."""
    beyond_lower: jax.Array
    """E − m, exact near 0."""
    beyond_upper: jax.Array
    """E − M, exact near 0."""
    weight: jax.Array


class TwoEdgeRule:
    """Shares of the three intervals at all nodes.

    Args:
        closest: the logarithm of the distance to which nodes approach an edge, below the length of an interval.
    """

    def __init__(self, closest: float):
        self._parts = (
            np.arange(-ORIGIN, closest, STEP),
            np.arange(-closest, closest, STEP),
            np.arange(-closest, math.log(REACH) + STEP, STEP),
        )
        below, between, beyond = self._parts
        self.above_zero = self._share(_logistic(below), 1.0, 1.0)
        self.below_lower = self._share(_logistic(-below), 0.0, 0.0)
        self.above_lower = self._share(0.0, _logistic(between), 1.0)
        self.below_upper = self._share(1.0, _logistic(-between), 0.0)
        self.tail = self._share(0.0, 0.0, np.exp(beyond))
        self.lower_weight = STEP * self._share(_logistic(below) * _logistic(-below), 0.0, 0.0)
        self.middle_weight = STEP * self._share(0.0, _logistic(between) * _logistic(-between), 0.0)

    def nodes(self, lower: jax.Array, between: jax.Array, decay: jax.Array | float = 1.0) -> Nodes:
        """Nodes and weights.

        Args:
            lower: m, with an axis of length 1 at the end.
            between: M − m, likewise.
            decay: the longest scale on which the integrand falls off beyond M, likewise.
        """
        tail = jnp.asarray(self.tail) * decay
        return Nodes(
            energy=lower * self.above_zero + between * self.above_lower + tail,
            beyond_lower=between * self.above_lower + tail - lower * self.below_lower,
            beyond_upper=tail - lower * self.below_lower - between * self.below_upper,
            weight=lower * self.lower_weight + between * self.middle_weight + STEP * tail,
        )

    def _share(self, below: float | np.ndarray, between: float | np.ndarray, beyond: float | np.ndarray) -> np.ndarray:
        """Shares of one interval at all nodes, given those at the nodes in each of the three intervals."""
        shares = zip((below, between, beyond), self._parts, strict=True)
        return np.concatenate([np.broadcast_to(share, nodes.shape) for share, nodes in shares])


def _logistic(t: np.ndarray) -> np.ndarray:
    """1/(1 + e^{−t}), from 0 to 1."""
    return 1.0 / (1.0 + np.exp(-t))
