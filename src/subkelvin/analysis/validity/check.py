"""One assumption of the model as a number with a limit, and the table of all of them.

A check is ok if its number keeps the limit. One that cannot be assessed is neither ok nor not, and says why. In the names E is an
element, I an island and S a superconductor; k_BT is that of the island the junction belongs to.

| check | value | limit |
|---|---|---|
| ``voltage-noise-over-temperature.E`` | √⟨V²⟩ across one junction over k_BT/e | < 0.3 |
| ``voltage-noise-over-gap.E`` | √⟨V²⟩ across one junction over Δ/e | < 0.3 |
| ``charging-over-temperature.E`` | E_C/k_BT, E_C = e²/2C of one junction | < 0.1 |
| ``wire-resistance.E`` | normal parts of the island in series over 1/G of the element | < 0.1 |
| ``superconductor-impedance.E`` | Z of the island's superconducting parts over Z of the element, at ω = k_BT/ħ | < 0.1 |
| ``line-impedance.E`` | ωL of the line over Z of the element, at ω = k_BT/ħ | < 0.1 |
| ``cutoff-over-temperature.E`` | ħω*/k_BT, ω* the cut-off of the transmission | none |
| ``one-temperature.I`` | other heat conductances of the island over that of its junctions | < 0.1 |
| ``temperature-over-critical.S.I`` | T/T_c | < 0.99 |
| ``dynes-robustness.I`` | relative change of the temperature rise for γ × 3 and γ ÷ 3 | < 0.1 |
| ``parasitic-power.I`` | parasitic over heater power | < 0.1 |
| ``heater-power.I`` | power that holds the island [W] | ≥ 0 |
| ``steady-states`` | number of steady states | = 1 |
| ``static-admittance`` | largest change of a photonic heat J between two islands, J_dynamic/J_static − 1 in magnitude | < 0.1 |

Docs: docs/physics.md, section 9.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Bound:
    """When a number is good. Its text and its test are one, so that what is printed is what is tested."""

    relation: Literal["<", "≥", "="]
    value: float

    def holds(self, number: float) -> bool:
        """Whether a finite number keeps this limit."""
        match self.relation:
            case "<":
                return number < self.value
            case "≥":
                return number >= self.value
            case "=":
                return number == self.value

    def __str__(self) -> str:
        return f"{self.relation} {self.value:g}"


STATIC_ADMITTANCE = Bound("<", 0.1)
"""The least accurate answer that still decides between designs; film constants are known no better than this."""

LIMITS: Mapping[str, Bound | None] = {
    "voltage-noise-over-temperature": Bound("<", 0.3),
    "voltage-noise-over-gap": Bound("<", 0.3),
    "charging-over-temperature": Bound("<", 0.1),
    "wire-resistance": Bound("<", 0.1),
    "superconductor-impedance": Bound("<", 0.1),
    "line-impedance": Bound("<", 0.1),
    "cutoff-over-temperature": None,
    "one-temperature": Bound("<", 0.1),
    "temperature-over-critical": Bound("<", 0.99),
    "dynes-robustness": Bound("<", 0.1),
    "parasitic-power": Bound("<", 0.1),
    "heater-power": Bound("≥", 0.0),
    "steady-states": Bound("=", 1.0),
    "static-admittance": STATIC_ADMITTANCE,
}
"""Limit of every kind of check; None where the number only informs."""

MEANINGS: Mapping[str, str] = {
    "voltage-noise-over-temperature": "The noise of all reservoirs has to stay in the linear part of a junction's I(V).",
    "voltage-noise-over-gap": "The voltage noise of all reservoirs has to stay far below the gap.",
    "charging-over-temperature": "One electron must not charge a junction noticeably: Coulomb blockade is left out.",
    "wire-resistance": "Normal wires in series with the junctions must not count.",
    "superconductor-impedance": "Superconducting wires in series with the junctions (Mattis-Bardeen) must not count.",
    "line-impedance": "The inductance of the superconducting line must not count.",
    "cutoff-over-temperature": "Informs, no limit: heat is classical, near its upper bound, where this is far below 1.",
    "one-temperature": "The junctions have to tie an island's normal and superconducting parts to one temperature.",
    "temperature-over-critical": "The superconductor has to be below its transition; above, a junction counts as normal.",
    "dynes-robustness": "The rise above the coldest held temperature must not hinge on the junctions' broadening.",
    "parasitic-power": "Stray heat has to be small against the heater's.",
    "heater-power": "Ok when not negative: a heater only adds power, and a negative one would mean cooling the island.",
    "steady-states": "Only a single steady state is reached whatever the history.",
    "static-admittance": "Photonic heat must not change when each junction has its full admittance: the static one is R(T) and C.",
}
"""What each kind of check says, in one sentence."""


@dataclass(frozen=True)
class Check:
    """One assumption of the model, and whether a state fulfils it.

    ``value`` is None where it cannot be computed, ``limit`` where the number only informs, ``ok`` where either is missing;
    ``meaning`` then says why.
    """

    name: str
    value: float | None
    limit: float | None
    ok: bool | None
    meaning: str

    @property
    def kind(self) -> str:
        """The name without element, island and superconductor."""
        return self.name.split(".", 1)[0]

    def to_dict(self) -> dict[str, Any]:
        """The check as JSON can hold it."""
        return asdict(self)


def limit_of(kind: str) -> float | None:
    """The number in the limit of a kind of check; None where the number only informs."""
    bound = LIMITS[kind]
    return None if bound is None else bound.value


def check(name: str, value: float, missing: str = "") -> Check:
    """The check of the kind that its name begins with.

    Args:
        name: such as ``wire-resistance.left``.
        value: the number; NaN or infinite if there is none.
        missing: why it cannot be assessed, as a clause: "it needs `islands.left.parts.0.length`".
    """
    kind = name.split(".", 1)[0]
    bound, meaning = LIMITS[kind], MEANINGS[kind]
    limit = limit_of(kind)
    if missing or not math.isfinite(value):
        reason = missing or "the number is not finite here"
        return Check(name, None, limit, None, f"{meaning} Not assessed: {reason}.")
    value = float(value)
    return Check(name, value, limit, None if bound is None else bound.holds(value), meaning)
