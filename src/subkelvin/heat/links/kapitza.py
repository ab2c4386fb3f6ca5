"""Heat across an interface between phonons of two bodies (Kapitza resistance).

    Q̇ = σ_K A (T_1⁴ − T_2⁴)

E. T. Swartz and R. O. Pohl, doi:10.1103/RevModPhys.61.605. Docs: docs/physics.md, section 13.
"""

from collections.abc import Mapping
from typing import Any

import jax

from subkelvin.heat.links.kind import LinkKind
from subkelvin.heat.links.power_law import power_law_heat
from subkelvin.model.vocabulary import LINK


def kapitza_heat(first: jax.Array, second: jax.Array, values: Mapping[str, Any]) -> jax.Array:
    """Q̇ = σ_K A (T_1⁴ − T_2⁴) [W]."""
    return power_law_heat(
        first, second, {"coefficient": values["coefficient"] * values["area"], "coefficient_exponent": 4.0}
    )


KAPITZA = LinkKind("kapitza", "phonons across an interface", LINK["kapitza"], kapitza_heat)
