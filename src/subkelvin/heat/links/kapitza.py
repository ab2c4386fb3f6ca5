"""Heat across an interface between phonons of two bodies (Kapitza resistance).

    Q̇ = σ_K A (T_1⁴ − T_2⁴)

E. T. Swartz and R. O. Pohl, doi:10.1103/RevModPhys.61.605. Docs: docs/physics.md, section 13.
"""

from collections.abc import Mapping
from typing import Any

import jax

from subkelvin.heat.links.power_law import power_law_heat
from subkelvin.model.link_kind import LinkKind
from subkelvin.model.vocabulary import Field


def kapitza_heat(first: jax.Array, second: jax.Array, values: Mapping[str, Any]) -> jax.Array:
    """Q̇ = σ_K A (T_1⁴ − T_2⁴) [W]."""
    return power_law_heat(
        first, second, {"coefficient": values["coefficient"] * values["area"], "coefficient_exponent": 4.0}
    )


KAPITZA = LinkKind(
    "kapitza",
    "phonons across an interface",
    {
        "coefficient": Field(
            "W m^-2 K^-4", 1e-3, 1e6, "heat per area and T^4", "Kapitza coefficient", '"200 W m^-2 K^-4"'
        ),
        "area": Field("m^2", 1e-18, 1e-2, "area of the interface", "area", '"1 um^2"'),
    },
    kapitza_heat,
)
