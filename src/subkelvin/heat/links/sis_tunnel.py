"""Quasiparticles through a Josephson junction between two superconductors, at zero bias and a fixed phase difference.

    Q̇ = J_qp(T_1, T_2) − J_int(T_1, T_2) cos φ

Docs: docs/physics.md, section 13.
"""

import math
from collections.abc import Mapping
from typing import Any

import jax
import numpy as np

from subkelvin.model import DeviceError
from subkelvin.model.link_kind import FROM, TO, LinkKind
from subkelvin.model.vocabulary import Field
from subkelvin.physics.quasiparticle_heat import quasiparticle_heat_current
from subkelvin.physics.superconductor import Superconductors


def heat(first: jax.Array, second: jax.Array, values: Mapping[str, Any]) -> jax.Array:
    """Q̇ = J_qp − J_int cos φ [W]."""
    one, other = values["superconductor_from"], values["superconductor_to"]
    return quasiparticle_heat_current(
        first,
        second,
        one.gap(first),
        other.gap(second),
        one.broadening,
        other.broadening,
        2.0 * math.pi * values["phase"],
        values["resistance"],
    )


def refuse_clean_junction(path: str, superconductors: Mapping[str, Superconductors]) -> None:
    """Raise a DeviceError if neither side is broadened: where the gaps are equal, the heat is then infinite."""
    widths = [superconductor.dynes for superconductor in superconductors.values()]
    # The value of a tracer is not known: an impossible one gives NaN.
    if not any(isinstance(width, jax.Array) for width in widths) and np.any((widths[0] == 0.0) & (widths[1] == 0.0)):
        raise DeviceError(
            path,
            "joins superconductors that both have dynes = 0: where their gaps are equal, the heat is infinite",
            "try dynes = 1e-4 for one of them",
        )


SIS_TUNNEL = LinkKind(
    "sis-tunnel",
    "quasiparticles through a Josephson junction",
    {
        "resistance": Field("ohm", 1e-3, 1e12, "normal-state resistance", "resistance", '"1 kohm"'),
        "phase": Field("", -1e6, 1e6, "phase difference across the junction over 2π", "pure number", "0.5", 0.0),
    },
    heat,
    superconductors={"superconductor_from": FROM, "superconductor_to": TO},
    check=refuse_clean_junction,
)
