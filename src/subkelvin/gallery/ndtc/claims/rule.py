"""How a claim is judged: a rule says which number answers it and when it is true; the number comes from the evidence.

A claim that is false at the reference parameters is reported as false, with the ω_c at which it is true.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from subkelvin.gallery.ndtc.claims.evidence import Evidence


def no_note(evidence: Evidence) -> str:
    """Nothing to add."""
    return ""


@dataclass(frozen=True)
class Rule:
    """How a claim is judged.

    Args:
        topic: which part of the paper it belongs to.
        claim: what is claimed.
        quantity: what the number is, with its unit.
        limit: when the claim is true, in words.
        number: from the evidence at one ω_c; NaN if it does not exist.
        holds: whether the claim is true, from a finite number; None if the number only informs.
        note: more, from the evidence at the reference.
        only_at_reference: whether the evidence exists at the reference ω_c alone.
    """

    topic: str
    claim: str
    quantity: str
    limit: str
    number: Callable[[Evidence], float]
    holds: Callable[[float], bool | None]
    note: Callable[[Evidence], str] = no_note
    only_at_reference: bool = False

    def truth(self, number: float) -> bool | None:
        """Whether the claim holds; a number that does not exist fulfils nothing."""
        return self.holds(number) if math.isfinite(number) else False


@dataclass(frozen=True)
class Verdict:
    """A claim, judged."""

    rule: Rule
    number: float
    true: bool | None
    against_cutoff: dict[float, tuple[float, bool | None]]
    """Number and truth by ω_c [rad/s]."""
    note: str

    @property
    def where_true(self) -> str:
        """For a false claim: the ω_c at which it is true."""
        if self.true is not False or self.rule.only_at_reference:
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


def judge(rules: Sequence[Rule], evidence: dict[float, Evidence], reference: float) -> list[Verdict]:
    """Every claim, judged at the reference ω_c and at the others."""
    verdicts = []
    for rule in rules:
        numbers = {
            cutoff: rule.number(one)
            for cutoff, one in evidence.items()
            if cutoff == reference or not rule.only_at_reference
        }
        against = {cutoff: (number, rule.truth(number)) for cutoff, number in numbers.items()}
        verdicts.append(Verdict(rule, *against[reference], against, rule.note(evidence[reference])))
    return verdicts


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
