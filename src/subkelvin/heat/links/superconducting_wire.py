"""Quasiparticles that diffuse through a superconducting wire.

    Q̇ = (L0/R_N) ∫_{T_2}^{T_1} dT T κ_s/κ_n(T)

Above its critical temperature the wire is a normal one, so that it does not limit how far its islands are heated.
Docs: docs/physics.md, section 13.
"""

from collections.abc import Mapping
from typing import Any

import jax

from subkelvin.model.link_kind import OUTSIDE, LinkKind
from subkelvin.model.vocabulary import Field
from subkelvin.physics.wires import superconducting_wire_heat


def heat(first: jax.Array, second: jax.Array, values: Mapping[str, Any]) -> jax.Array:
    """Q̇ = (L0/R_N) ∫_{T_2}^{T_1} dT T κ_s/κ_n(T) [W]."""
    superconductor = values["superconductor"]
    return superconducting_wire_heat(
        first, second, superconductor.critical_temperature, superconductor.gap_equation, values["resistance"]
    )


SUPERCONDUCTING_WIRE = LinkKind(
    "superconducting-wire",
    "quasiparticles in a superconducting wire",
    {"resistance": Field("ohm", 1e-6, 1e12, "normal-state resistance", "resistance", '"1 kohm"')},
    heat,
    superconductors={"superconductor": OUTSIDE},
)
