"""Any heat path that follows a power law.

    Q̇ = K (T_1ⁿ − T_2ⁿ)

n = 2 is a wire, 4 phonons or photons through a capacitance, 5 electrons and phonons. Docs: docs/physics.md, section 13.
"""

from collections.abc import Mapping
from typing import Any

import jax

from subkelvin.model.link_kind import LinkKind
from subkelvin.model.vocabulary import Field
from subkelvin.physics.electron_phonon import normal_electron_phonon_power


def power_law_heat(first: jax.Array, second: jax.Array, values: Mapping[str, Any]) -> jax.Array:
    """Q̇ = K (T_1ⁿ − T_2ⁿ) [W], the law of normal electrons and phonons for any n."""
    return normal_electron_phonon_power(first, second, values["coefficient"], values["coefficient_exponent"])


POWER_LAW = LinkKind(
    "power-law",
    "any power law",
    {
        "coefficient": Field("W K^-n", 1e-30, 1.0, "heat per T^n", "power-law coefficient", '"1e-12 W K^-4"'),
        "coefficient_exponent": Field("", 0.1, 10.0, "exponent n, read off the unit", "exponent", "4", 4.0),
    },
    power_law_heat,
)
