"""Symmetric SQUIDs, inductances that a magnetic flux tunes.

Y = 1/(iωL_J),        1/L_J = 2π I_c |cos(πΦ/Φ0)| / Φ0
"""

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.constants import FLUX_QUANTUM
from subkelvin.model.element_kind import Branch, ElementKind, Written
from subkelvin.model.symbol import Arc, Strokes, Symbol
from subkelvin.model.vocabulary import Field

RADIUS, ARM = 0.25, 0.085
"""Of the loop and of the crosses on it, in its symbol."""


def inverse_inductance(values: Mapping[str, Any]) -> Any:
    """1/L_J [1/H], with the flux in units of Φ0."""
    phase = np.pi * values["flux"]
    cosine = jnp.cos(phase) if isinstance(phase, jax.Array) else np.cos(phase)
    return 2.0 * np.pi * values["critical_current"] * abs(cosine) / FLUX_QUANTUM


def label(values: Mapping[str, float]) -> tuple[Written, ...]:
    """Critical current and flux."""
    return Written("", values["critical_current"], "A"), Written("", values["flux"], "Φ₀", prefixed=False)


SQUID = ElementKind(
    "squid",
    "A lossless symmetric SQUID: an inductance that a magnetic flux tunes.",
    {
        "critical_current": Field("A", 1e-15, 1.0, "critical current at zero flux", "current", '"1 uA"'),
        "flux": Field("", -1e6, 1e6, "magnetic flux in flux quanta", "pure number", "0.25", 0.0),
    },
    Branch(inverse_inductance=inverse_inductance),
    # A superconducting loop with a Josephson junction, a cross, in each arm.
    symbol=Symbol(
        (
            Arc((0.5, 0.0), 2.0 * RADIUS, 2.0 * RADIUS),
            Strokes(
                tuple(((0.5 - ARM, y - rise), (0.5 + ARM, y + rise)) for y in (-RADIUS, RADIUS) for rise in (-ARM, ARM))
            ),
        ),
        leads=(0.5 - RADIUS, 0.5 + RADIUS),
    ),
    label=label,
)
