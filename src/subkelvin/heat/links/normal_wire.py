"""Electrons that diffuse through a normal wire.

    Q̇ = (L0/2R) (T_1² − T_2²)

Docs: docs/physics.md, section 13.
"""

from collections.abc import Mapping
from typing import Any

import jax

from subkelvin.model.link_kind import LinkKind
from subkelvin.model.vocabulary import Field
from subkelvin.physics.wires import normal_wire_heat


def heat(first: jax.Array, second: jax.Array, values: Mapping[str, Any]) -> jax.Array:
    """Q̇ = (L0/2R) (T_1² − T_2²) [W]."""
    return normal_wire_heat(first, second, values["resistance"])


NORMAL_WIRE = LinkKind(
    "normal-wire",
    "electrons in a normal wire",
    {"resistance": Field("ohm", 1e-6, 1e12, "resistance", "resistance", '"1 kohm"')},
    heat,
)
