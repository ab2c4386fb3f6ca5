"""Gathering single values into the arrays of compiled code, whatever those values are."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np

Leaf: TypeAlias = Any
"""An array of a lowered device: NumPy's when it is lowered (which compiles nothing), JAX's inside compiled code."""


def stack(values: Sequence[Any]) -> Leaf:
    """One array with the given values along a new last axis.

    Floats and NumPy arrays (whose axes are those of a sweep, and broadcast) give a NumPy array, so that lowering a device compiles
    nothing; a tracer among them gives a JAX array, so that derivatives flow.
    """
    if any(isinstance(value, jax.Array) for value in values):
        return jnp.stack(jnp.broadcast_arrays(*values), axis=-1)
    if not values:
        return np.zeros(0)
    return np.stack(np.broadcast_arrays(*[np.asarray(value, dtype=float) for value in values]), axis=-1)
