"""What the paper claims of the junction, of photonic heat and of its conductance: figures 1c and 2, trends (i)–(iii)."""

from collections.abc import Callable

import numpy as np

from subkelvin.gallery.ndtc.claims.cutoff import LARGE_RATIO, SMALL_RATIO
from subkelvin.gallery.ndtc.claims.evidence import Evidence
from subkelvin.gallery.ndtc.claims.rule import Rule
from subkelvin.gallery.ndtc.fig2 import AREA_RATIOS, SOURCE_TEMPERATURE

FEMTO, MILLI = 1e15, 1e3
EQUAL, LARGER, LARGEST = 1.0, 2.0, 5.0
SMALLER = tuple(ratio for ratio in AREA_RATIOS if ratio < EQUAL)
"""Area ratios of figure 2 that the trends compare."""


def junction_rules() -> list[Rule]:
    """Figure 1c."""
    topic = "Figure 1c: the junction"
    return [
        Rule(
            topic,
            "r(T/T_c) is universal",
            "largest relative difference of r between superconductors of T_c 0.39 to 9.2 K",
            "< 1e-9",
            lambda e: e.junction["universality"],
            lambda x: x < 1e-9,
        ),
        Rule(
            topic,
            "γ decides r at low T",
            "r at 0.05 T_c over that at ten times the γ",
            "> 2",
            lambda e: e.junction["cold"],
            lambda x: x > 2.0,
        ),
        Rule(
            topic,
            "γ does not matter at high T",
            "largest relative change of r above T_c/2 at ten times the γ",
            "< 0.01",
            lambda e: e.junction["warm"],
            lambda x: x < 0.01,
        ),
    ]


def heat_rules() -> list[Rule]:
    """Figure 2."""
    topic = f"Figure 2: heat and conductance, T_L = {MILLI * SOURCE_TEMPERATURE:g} mK"

    def rule(
        claim: str, quantity: str, limit: str, number: Callable[[Evidence], float], holds: Callable[[float], bool]
    ) -> Rule:
        return Rule(topic, claim, quantity, limit, number, holds)

    return [
        rule(
            "NDTC exists",
            f"range of T_R with κ < 0, α = {LARGER:g} (mK)",
            "> 0",
            lambda e: MILLI * _at(e, "ndtc_width", LARGER),
            lambda x: x > 0.0,
        ),
        rule(
            "NDTC exists for every α",
            "narrowest range of T_R with κ < 0 over the five α (mK)",
            "> 0",
            lambda e: MILLI * float(e.study.ndtc_width.min()),
            lambda x: x > 0.0,
        ),
        rule(
            "κ is negative",
            f"most negative κ, α = {LARGER:g} (fW/K)",
            "< 0",
            lambda e: FEMTO * _at(e, "lowest_conductance", LARGER),
            lambda x: x < 0.0,
        ),
        rule(
            "the contrast is large",
            "J at its maximum over J at its minimum below, smallest over the five α",
            "> 2",
            lambda e: float(np.min(e.study.peak_heat.values / e.study.base_heat.values)),
            lambda x: x > 2.0,
        ),
        rule(
            "(i) J(T_R) has one interior maximum",
            "most maxima over the five α; 0 if one α has none",
            "= 1",
            lambda e: float(e.study.maxima.max()) if int(e.study.maxima.min()) > 0 else 0.0,
            lambda x: x == 1.0,
        ),
        rule(
            "(i) J vanishes at T_R = T_L",
            "J there over J at the maximum, largest over the five α",
            "= 0",
            lambda e: float(np.max(np.abs(e.study.final_heat.values / e.study.peak_heat.values))),
            lambda x: x == 0.0,
        ),
        rule(
            "(i) the minimum before the maximum is shallow",
            "how far J first falls below J(T_b), relative, largest over the five α",
            "< 0.2",
            lambda e: float(np.max(1.0 - e.study.base_heat.values / e.study.coldest_heat.values)),
            lambda x: x < 0.2,
        ),
        rule(
            "(i) J ∝ α for α → 0",
            f"d ln J/d ln α at α = {SMALL_RATIO:g}, T_R = 0.75 T_L",
            "1 ± 0.01",
            lambda e: float(e.study.small_ratio_exponent),
            lambda x: abs(x - 1.0) < 0.01,
        ),
        rule(
            "(i) J ∝ 1/α for α → ∞",
            f"d ln J/d ln α at α = {LARGE_RATIO:g}, T_R = 0.75 T_L",
            "−1 ± 0.01",
            lambda e: float(e.study.large_ratio_exponent),
            lambda x: abs(x + 1.0) < 0.01,
        ),
        rule(
            "(ii) α < 1: smaller J",
            "largest J at α = 0.2, 0.5 over that at α = 1",
            "< 1",
            lambda e: max(_at(e, "peak_heat", r) for r in SMALLER) / _at(e, "peak_heat", EQUAL),
            lambda x: x < 1.0,
        ),
        rule(
            "(ii) α < 1: maximum at higher T_R",
            "shift of the maximum against α = 1, smallest for α = 0.2, 0.5 (mK)",
            "> 0",
            lambda e: MILLI * (min(_at(e, "peak_temperature", r) for r in SMALLER) - _at(e, "peak_temperature", EQUAL)),
            lambda x: x > 0.0,
        ),
        *[
            rule(
                f"(iii) α > 1: larger J, α = {ratio:g}",
                f"largest J at α = {ratio:g} over that at α = 1",
                "> 1",
                lambda e, r=ratio: _at(e, "peak_heat", r) / _at(e, "peak_heat", EQUAL),  # type: ignore[misc]
                lambda x: x > 1.0,
            )
            for ratio in (LARGER, LARGEST)
        ],
        rule(
            "(iii) α > 1: matching at lower T_R",
            f"shift of the maximum, α = {LARGER:g} against 1 (mK)",
            "< 0",
            lambda e: MILLI * (_at(e, "peak_temperature", LARGER) - _at(e, "peak_temperature", EQUAL)),
            lambda x: x < 0.0,
        ),
        rule(
            "(iii) the optimum for J is away from 1",
            "best α for the largest J",
            "10 % from 1",
            lambda e: float(e.study.best_ratio_for_heat.sel(source_temperature=SOURCE_TEMPERATURE, method="nearest")),
            lambda x: abs(x - 1.0) > 0.1,
        ),
        rule(
            "(iii) the optimum for NDTC is away from 1",
            "best α for the most negative κ",
            "10 % from 1",
            lambda e: float(e.study.best_ratio_for_conductance),
            lambda x: abs(x - 1.0) > 0.1,
        ),
    ]


def _at(evidence: Evidence, name: str, ratio: float) -> float:
    return float(evidence.study[name].sel(area_ratio=ratio))
