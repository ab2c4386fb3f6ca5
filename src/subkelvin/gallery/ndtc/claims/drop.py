"""What the paper claims of the temperature drop δT: figures 3 and 4, trends (iv)–(vi), robustness, what a heater reaches."""

import math

from subkelvin.gallery.ndtc.claims.cutoff import DYNES_FACTORS
from subkelvin.gallery.ndtc.claims.evidence import Evidence
from subkelvin.gallery.ndtc.claims.rule import Rule
from subkelvin.gallery.ndtc.setups import MATERIALS

FEMTO, MILLI = 1e15, 1e3
TOPIC = "Figures 3 and 4: the temperature drop δT"
SETUPS = (1, 2)


def drop_rules() -> list[Rule]:
    """Trends (iv)–(vi) and robustness."""
    devices = [(material, name, setup) for setup in SETUPS for material, name in MATERIALS.items()]
    return [
        *[_interior_maximum(*device) for device in devices],
        *[_larger_for_semiconductor(setup) for setup in SETUPS],
        *[_smaller_in_second_setup(material, name) for material, name in MATERIALS.items()],
        Rule(
            TOPIC,
            "(vi) especially for silver",
            "relative loss for silver less that for InAsOI",
            "> 0",
            lambda e: _loss(e, "silver") - _loss(e, "inas"),
            lambda x: x > 0.0,
        ),
        Rule(
            TOPIC,
            "(vi) InAsOI is hardly affected",
            "relative loss of the largest δT for InAsOI",
            "< 0.1",
            lambda e: _loss(e, "inas"),
            lambda x: x < 0.1,
        ),
        *[rule for device in devices for rule in _robustness(*device)],
        *[rule for material, name in MATERIALS.items() for rule in _heater(material, name)],
    ]


def _drop(evidence: Evidence, material: str, setup: int, quantity: str = "largest_drop", factor: float = 1.0) -> float:
    return float(evidence.study[quantity].sel(device=f"{material}-setup-{setup}", dynes_factor=factor))


def _loss(evidence: Evidence, material: str) -> float:
    """1 − δT(set-up 2)/δT(set-up 1)."""
    return 1.0 - _ratio(_drop(evidence, material, 2), _drop(evidence, material, 1))


def _ratio(first: float, second: float) -> float:
    return first / second if second > 0.0 else math.nan


def _interior_maximum(material: str, name: str, setup: int) -> Rule:
    def number(evidence: Evidence) -> float:
        interior = _drop(evidence, material, setup, "interior") == 1.0
        return MILLI * _drop(evidence, material, setup) if interior else math.nan

    def note(evidence: Evidence) -> str:
        best, own = (_drop(evidence, material, setup, quantity) for quantity in ("best_power", "own_drop"))
        return f"at {FEMTO * best:.3g} fW; {MILLI * own:.3g} mK at the power of the preset"

    claim = f"(iv) δT(P_in) has an interior maximum: {name}, set-up {setup}"
    return Rule(TOPIC, claim, "largest δT (mK)", "interior, > 0", number, lambda x: x > 0.0, note)


def _larger_for_semiconductor(setup: int) -> Rule:
    return Rule(
        TOPIC,
        f"(v) InAsOI gives a larger δT than silver: set-up {setup}",
        "ratio of the largest δT",
        "> 1",
        lambda e: _ratio(_drop(e, "inas", setup), _drop(e, "silver", setup)),
        lambda x: x > 1.0,
    )


def _smaller_in_second_setup(material: str, name: str) -> Rule:
    return Rule(
        TOPIC,
        f"(vi) set-up 2 gives a smaller δT than set-up 1: {name}",
        "relative loss of the largest δT",
        "> 0",
        lambda e: _loss(e, material),
        lambda x: x > 0.0,
    )


def _robustness(material: str, name: str, setup: int) -> list[Rule]:
    def by_broadening(evidence: Evidence) -> float:
        own = _drop(evidence, material, setup)
        others = [_drop(evidence, material, setup, factor=factor) for factor in DYNES_FACTORS if factor != 1.0]
        return max(abs(_ratio(other, own) - 1.0) for other in others)

    return [
        Rule(
            TOPIC,
            f"δT is robust against γ: {name}, set-up {setup}",
            "largest relative change of the largest δT for γ × 3, γ ÷ 3",
            "< 0.1",
            by_broadening,
            lambda x: x < 0.1,
        ),
        Rule(
            TOPIC,
            f"δT is robust against parasitic power: {name}, set-up {setup}",
            "relative change of δT when P_in/10 comes in addition",
            "< 0.1",
            lambda e: _drop(e, material, setup, "parasitic_change"),
            lambda x: x < 0.1,
        ),
    ]


def _heater(material: str, name: str) -> list[Rule]:
    def note(evidence: Evidence) -> str:
        fall = MILLI * _drop(evidence, material, 1, "unheated_drop")
        return (
            f"from there to its minimum T_L still falls by {fall:.3g} mK; a larger right reservoir comes closer to T_b"
        )

    return [
        Rule(
            TOPIC,
            f"a heater alone sweeps T_R from T_b: {name}",
            "T_R without heater less T_b (mK)",
            "≤ 0",
            lambda e: MILLI * (_drop(e, material, 1, "unheated") - float(e.study.bath_temperature)),
            lambda x: x <= 0.0,
            note,
        ),
        Rule(
            TOPIC,
            f"the heater reaches the minimum of T_L: {name}",
            "T_R of the minimum less T_R without heater (mK)",
            "> 0",
            lambda e: MILLI * (_drop(e, material, 1, "minimum_at") - _drop(e, material, 1, "unheated")),
            lambda x: x > 0.0,
        ),
    ]
