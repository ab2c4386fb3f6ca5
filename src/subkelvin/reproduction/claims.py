"""Every claim and trend of the paper as a number, a limit and a verdict, at the reference parameters and against ω_c.

Nothing here is a result: the rules say which number answers a claim and when it is true; the numbers come from the evidence.
A claim that is false at the reference parameters is reported as false, with the ω_c at which it is true.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from subkelvin.analysis.check import LIMITS, MEANINGS
from subkelvin.reproduction.cutoff import DYNES_FACTORS
from subkelvin.reproduction.evidence import CHECKED, PLACES, Evidence, Found
from subkelvin.reproduction.fig2 import AREA_RATIOS, SOURCE_TEMPERATURE
from subkelvin.reproduction.setups import MATERIALS

FEMTO, MILLI = 1e15, 1e3


@dataclass(frozen=True)
class Rule:
    """How a claim is judged.

    Args:
        topic: which part of the paper it belongs to.
        claim: what is claimed.
        quantity: what the number is, with its unit.
        limit: when the claim is true, in words.
        number: from the evidence at one ω_c.
        holds: whether the claim is true, from the number; None if it only informs.
        note: more, from the evidence at the reference.
        only_at_reference: whether the evidence exists at the reference ω_c alone.
    """

    topic: str
    claim: str
    quantity: str
    limit: str
    number: Callable[[Evidence], float]
    holds: Callable[[float], bool | None]
    note: Callable[[Evidence], str] = lambda evidence: ""
    only_at_reference: bool = False


@dataclass(frozen=True)
class Verdict:
    """A claim, judged."""

    rule: Rule
    number: float
    true: bool | None
    against_cutoff: dict[float, tuple[float, bool | None]]
    note: str

    @property
    def where_true(self) -> str:
        """For a false claim: the ω_c at which it is true."""
        if self.true is not False:
            return ""
        if self.rule.only_at_reference:
            return ""
        places = [f"{cutoff:.3g}" for cutoff, (_, true) in self.against_cutoff.items() if true]
        return f"true at ω_c = {', '.join(places)} rad/s" if places else "true at none of these ω_c"

    def to_dict(self) -> dict[str, Any]:
        """The verdict as JSON can hold it."""
        return {
            "topic": self.rule.topic,
            "claim": self.rule.claim,
            "quantity": self.rule.quantity,
            "number": _finite(self.number),
            "limit": self.rule.limit,
            "verdict": self.true,
            "where_true": self.where_true,
            "note": self.note,
            "against_cutoff": [
                {"cutoff_rad_per_s": cutoff, "number": _finite(number), "verdict": true}
                for cutoff, (number, true) in self.against_cutoff.items()
            ],
        }


def judge(evidence: dict[float, Evidence], reference: float) -> list[Verdict]:
    """Every claim, judged at the reference ω_c and at the others."""
    verdicts = []
    for rule in rules():
        numbers = {
            cutoff: rule.number(one)
            for cutoff, one in evidence.items()
            if cutoff == reference or not rule.only_at_reference
        }
        against = {cutoff: (number, _truth(rule, number)) for cutoff, number in numbers.items()}
        verdicts.append(Verdict(rule, *against[reference], against, rule.note(evidence[reference])))
    return verdicts


def rules() -> list[Rule]:
    """All claims, in the order of the paper."""
    return [*_junction_rules(), *_heat_rules(), *_drop_rules(), *_check_rules(), *_window_rules()]


def _junction_rules() -> list[Rule]:
    topic = "Fig. 1c: the junction"
    return [
        Rule(topic, "r(T/T_c) is universal", "largest relative difference of r between superconductors of T_c 0.39 to 9.2 K", "< 1e-9",
             lambda e: e.junction["universality"], lambda x: x < 1e-9),
        Rule(topic, "γ decides r at low T", "r at 0.05 T_c over that at ten times the γ", "> 2",
             lambda e: e.junction["cold"], lambda x: x > 2.0),
        Rule(topic, "γ does not matter at high T", "largest relative change of r above T_c/2 at ten times the γ", "< 0.01",
             lambda e: e.junction["warm"], lambda x: x < 0.01),
    ]  # fmt: skip


def _heat_rules() -> list[Rule]:
    topic = f"Fig. 2: heat and conductance (T_L = {SOURCE_TEMPERATURE:g} K)"
    small, large = [r for r in AREA_RATIOS if r < 1.0], 2.0

    def at(name: str, ratio: float, factor: float = 1.0) -> Callable[[Evidence], float]:
        return lambda e: factor * float(e.study[name].sel(area_ratio=ratio))

    def best(name: str) -> Callable[[Evidence], float]:
        return lambda e: float(e.study[name].sel(source_temperature=SOURCE_TEMPERATURE, method="nearest"))

    def all_ratios(function: Callable[[np.ndarray], float], name: str, over: str) -> Callable[[Evidence], float]:
        return lambda e: function(e.study[name].values / e.study[over].values)

    depth: Callable[[Evidence], float] = lambda e: float(
        np.max(1.0 - e.study.base_heat.values / e.study.coldest_heat.values)
    )
    return [
        Rule(topic, "NDTC exists", "range of T_R with κ < 0, α = 2 (mK)", "> 0", at("ndtc_width", large, MILLI), lambda x: x > 0.0),
        Rule(topic, "NDTC exists for every α", "narrowest range of T_R with κ < 0 over the five α (mK)", "> 0",
             lambda e: MILLI * float(e.study.ndtc_width.min()), lambda x: x > 0.0),
        Rule(topic, "κ is negative", "most negative κ, α = 2 (fW/K)", "< 0", at("lowest_conductance", large, FEMTO), lambda x: x < 0.0),
        Rule(topic, "the contrast is large", "J at its maximum over J at its minimum below, smallest over the five α", "> 2",
             all_ratios(lambda x: float(np.min(x)), "peak_heat", "base_heat"), lambda x: x > 2.0),
        Rule(topic, "(i) J(T_R) has one interior maximum", "most maxima over the five α", "= 1",
             lambda e: float(e.study.maxima.max()), lambda x: x == 1.0,
             lambda e: f"fewest {int(e.study.maxima.min())}"),
        Rule(topic, "(i) J vanishes at T_R = T_L", "J there over J at the maximum, largest", "= 0",
             all_ratios(lambda x: float(np.max(np.abs(x))), "final_heat", "peak_heat"), lambda x: x == 0.0),
        Rule(topic, "(i) the minimum before the maximum is shallow", "how far J falls below J(T_b) first, largest over α", "< 0.2",
             depth, lambda x: x < 0.2),
        Rule(topic, "(i) J ∝ α for α → 0", "d ln J/d ln α at α = 1e-4, T_R = 0.75 T_L", "1 ± 0.01",
             lambda e: float(e.study.small_ratio_exponent), lambda x: abs(x - 1.0) < 0.01),
        Rule(topic, "(i) J ∝ 1/α for α → ∞", "d ln J/d ln α at α = 1e4, T_R = 0.75 T_L", "−1 ± 0.01",
             lambda e: float(e.study.large_ratio_exponent), lambda x: abs(x + 1.0) < 0.01),
        Rule(topic, "(ii) α < 1: smaller J", "largest J at α = 0.2, 0.5 over that at α = 1", "< 1",
             lambda e: max(at("peak_heat", r)(e) for r in small) / at("peak_heat", 1.0)(e), lambda x: x < 1.0),
        Rule(topic, "(ii) α < 1: maximum at higher T_R", "shift of the maximum, α = 0.2, 0.5 against 1, smallest (mK)", "> 0",
             lambda e: MILLI * (min(at("peak_temperature", r)(e) for r in small) - at("peak_temperature", 1.0)(e)), lambda x: x > 0.0),
        Rule(topic, "(iii) α > 1: larger J", "largest J at α = 2 over that at α = 1", "> 1",
             lambda e: at("peak_heat", large)(e) / at("peak_heat", 1.0)(e), lambda x: x > 1.0),
        Rule(topic, "(iii) α > 1 need not stop at 2: larger J at α = 5", "largest J at α = 5 over that at α = 1", "> 1",
             lambda e: at("peak_heat", 5.0)(e) / at("peak_heat", 1.0)(e), lambda x: x > 1.0),
        Rule(topic, "(iii) α > 1: matching at lower T_R", "shift of the maximum, α = 2 against 1 (mK)", "< 0",
             lambda e: MILLI * (at("peak_temperature", large)(e) - at("peak_temperature", 1.0)(e)), lambda x: x < 0.0),
        Rule(topic, "(iii) the optimum for J is away from 1", "best α for the largest J", "≠ 1 by 10 %",
             best("best_ratio_for_heat"), lambda x: abs(x - 1.0) > 0.1),
        Rule(topic, "(iii) the optimum for NDTC is away from 1", "best α for the most negative κ", "≠ 1 by 10 %",
             best("best_ratio_for_conductance"), lambda x: abs(x - 1.0) > 0.1),
    ]  # fmt: skip


def _drop(evidence: Evidence, material: str, setup: int, quantity: str = "largest_drop", factor: float = 1.0) -> float:
    return float(evidence.study[quantity].sel(device=f"{material}-setup-{setup}", dynes_factor=factor))


def _drop_rules() -> list[Rule]:
    topic = "Figs 3 and 4: temperature drop δT"
    rows = []
    for setup in (1, 2):
        for material, name in MATERIALS.items():
            rows.append(
                Rule(topic, f"(iv) δT(P_in) has an interior maximum: {name}, set-up {setup}", "largest δT (mK)", "interior, > 0",
                     lambda e, m=material, s=setup: MILLI * _drop(e, m, s) if _drop(e, m, s, "interior") else math.nan,  # type: ignore[misc]
                     lambda x: x > 0.0,
                     lambda e, m=material, s=setup: (  # type: ignore[misc]
                         f"at {FEMTO * _drop(e, m, s, 'best_power'):.3g} fW; {MILLI * _drop(e, m, s, 'own_drop'):.3g} mK at the power of the preset"
                     ))
            )  # fmt: skip
    for setup in (1, 2):
        rows.append(
            Rule(topic, f"(v) InAsOI gives a larger δT than silver: set-up {setup}", "ratio of the largest δT", "> 1",
                 lambda e, s=setup: _ratio(_drop(e, "inas", s), _drop(e, "silver", s)), lambda x: x > 1.0)  # type: ignore[misc]
        )  # fmt: skip

    def loss(evidence: Evidence, material: str) -> float:
        return 1.0 - _ratio(_drop(evidence, material, 2), _drop(evidence, material, 1))

    def robustness(evidence: Evidence, material: str, setup: int) -> float:
        own = _drop(evidence, material, setup)
        return max(abs(_ratio(_drop(evidence, material, setup, factor=f), own) - 1.0) for f in DYNES_FACTORS[1:])

    for material, name in MATERIALS.items():
        rows.append(
            Rule(topic, f"(vi) set-up 2 gives a smaller δT than set-up 1: {name}", "loss of the largest δT", "> 0",
                 lambda e, m=material: loss(e, m), lambda x: x > 0.0)  # type: ignore[misc]
        )  # fmt: skip
    rows += [
        Rule(topic, "(vi) especially for silver", "loss for silver less loss for InAsOI", "> 0",
             lambda e: loss(e, "silver") - loss(e, "inas"), lambda x: x > 0.0),
        Rule(topic, "(vi) InAsOI is hardly affected", "loss of the largest δT for InAsOI", "< 0.1", lambda e: loss(e, "inas"), lambda x: x < 0.1),
    ]  # fmt: skip
    for setup in (1, 2):
        for material, name in MATERIALS.items():
            rows.append(
                Rule(topic, f"δT is robust against γ: {name}, set-up {setup}", "largest relative change of δT for γ × 3, γ ÷ 3", "< 0.1",
                     lambda e, m=material, s=setup: robustness(e, m, s), lambda x: x < 0.1)  # type: ignore[misc]
            )  # fmt: skip
            rows.append(
                Rule(topic, f"δT is robust against parasitic power: {name}, set-up {setup}",
                     "relative change of δT when P_in/10 comes in addition", "< 0.1",
                     lambda e, m=material, s=setup: _drop(e, m, s, "parasitic_change"), lambda x: x < 0.1)  # type: ignore[misc]
            )  # fmt: skip
    for material, name in MATERIALS.items():
        rows += [
            Rule(topic, f"a heater alone sweeps T_R from T_b: {name}", "T_R without heater less T_b (mK)", "≤ 0",
                 lambda e, m=material: MILLI * (_drop(e, m, 1, "unheated") - float(e.study.bath_temperature)),  # type: ignore[misc]
                 lambda x: x <= 0.0,
                 lambda e, m=material: (  # type: ignore[misc]
                     f"from there to the minimum T_L still falls by {MILLI * _drop(e, m, 1, 'unheated_drop'):.3g} mK; "
                     "a larger right reservoir comes closer to T_b"
                 )),
            Rule(topic, f"the heater reaches the minimum of T_L: {name}", "T_R of the minimum less T_R without heater (mK)", "> 0",
                 lambda e, m=material: MILLI * (_drop(e, m, 1, "minimum_at") - _drop(e, m, 1, "unheated")), lambda x: x > 0.0),  # type: ignore[misc]
        ]  # fmt: skip
    return rows


def _check_rules() -> list[Rule]:
    """One rule for each kind of validity check; the number is the worst over devices, operating points, elements and islands."""
    rows = []
    for kind, limit in LIMITS.items():
        words = (
            "informs" if limit is None else {"heater-power": "≥ 0", "steady-states": "= 1"}.get(kind, f"< {limit:g}")
        )
        rows.append(
            Rule("The assumptions (set-up 1)", MEANINGS[kind], f"{kind}, worst" + (" (fW)" if kind == "heater-power" else ""), words,
                 lambda e, k=kind: _worst_value(e, k), lambda x, k=kind: _fulfilled(k, x), lambda e, k=kind: _worst_place(e, k))  # type: ignore[misc]
        )  # fmt: skip
    return rows


def _worst(evidence: Evidence, kind: str) -> Found | None:
    assessed = [found for found in evidence.checks.get(kind, []) if found.check.value is not None]
    sign = -1.0 if kind == "heater-power" else 1.0
    return max(assessed, key=lambda found: sign * float(found.check.value or 0.0), default=None)


def _worst_value(evidence: Evidence, kind: str) -> float:
    worst = _worst(evidence, kind)
    value = math.nan if worst is None or worst.check.value is None else worst.check.value
    return FEMTO * value if kind == "heater-power" else value


def _worst_place(evidence: Evidence, kind: str) -> str:
    """Where the worst value is, where the check holds nevertheless, and which areas would fulfil it."""
    worst = _worst(evidence, kind)
    if worst is None:
        return "not assessed"
    words = f"{worst.check.name} at {worst.place}"
    places = {found.place for found in evidence.checks[kind]}
    broken = {found.place for found in evidence.checks[kind] if found.check.ok is False}
    if broken:
        words += f"; holds at: {' and '.join(sorted(places - broken)) or 'neither operating point'}"
        device, place = worst.place.split(", ", 1)
        areas = evidence.windows[device, place].allowed.get(worst.check.name, ()) if evidence.windows else ()
        words += "".join(
            f"; true there for left areas of {1e12 * low:.3g} to {1e12 * high:.3g} µm²" for low, high in areas
        )
    return words


def _fulfilled(kind: str, value: float) -> bool | None:
    limit = LIMITS[kind]
    if limit is None:
        return None
    return value >= limit if kind == "heater-power" else value == limit if kind == "steady-states" else value < limit


def _window_rules() -> list[Rule]:
    """Whether some junction area fulfils all assumptions that depend on it."""

    def width(evidence: Evidence, device: str, place: str) -> float:
        window = evidence.windows[device, place].window
        return 0.0 if window is None else window[1] / window[0]

    return [
        Rule("The window of junction areas (set-up 1)", f"some area fulfils all assumptions that depend on it: {device}, {place}",
             "largest over smallest such area", "> 1",
             lambda e, d=device, p=place: width(e, d, p), lambda x: x > 1.0,  # type: ignore[misc]
             lambda e, d=device, p=place: e.windows[d, p].sentence, only_at_reference=True)  # type: ignore[misc]
        for device in CHECKED
        for place in PLACES
    ]  # fmt: skip


def _ratio(first: float, second: float) -> float:
    return first / second if second > 0.0 else math.nan


def _truth(rule: Rule, number: float) -> bool | None:
    """Whether a rule holds; a number that does not exist fulfils nothing."""
    return rule.holds(number) if math.isfinite(number) else (False if rule.holds(0.0) is not None else None)


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
