"""What the paper assumes: every validity check at the set-ups' operating points, and the window of areas in which all hold."""

import math

from subkelvin.analysis.validity.check import LIMITS, MEANINGS, Bound
from subkelvin.gallery.ndtc.claims.evidence import CHECKED, PLACES, Evidence, Found
from subkelvin.gallery.ndtc.claims.rule import Rule

FEMTO, SQUARE_MICROMETRES = 1e15, 1e12
HEATER = "heater-power"
STATIC_ONLY = ("static-admittance",)
"""What only the static admittance assumes."""


def check_rules(admittance: str = "static") -> list[Rule]:
    """One rule for each kind of check; its number is the worst over devices, operating points, elements and islands."""
    return [
        _check_rule(kind, limit) for kind, limit in LIMITS.items() if admittance == "static" or kind not in STATIC_ONLY
    ]


def window_rules() -> list[Rule]:
    """Whether some junction area fulfils all assumptions that depend on it."""
    return [_window_rule(device, place) for device in CHECKED for place in PLACES]


def _check_rule(kind: str, limit: Bound | None) -> Rule:
    words = "informs" if limit is None else str(limit)

    def number(evidence: Evidence) -> float:
        worst = _worst(evidence, kind)
        value = math.nan if worst is None or worst.check.value is None else worst.check.value
        return FEMTO * value if kind == HEATER else value

    def holds(value: float) -> bool | None:
        return None if limit is None else limit.holds(value / FEMTO if kind == HEATER else value)

    quantity = f"{kind}, worst" + (" (fW)" if kind == HEATER else "")
    topic = "The assumptions, set-up 1"
    return Rule(topic, MEANINGS[kind], quantity, words, number, holds, lambda e: _places(e, kind))


def _worst(evidence: Evidence, kind: str) -> Found | None:
    assessed = [found for found in evidence.checks.get(kind, []) if found.check.value is not None]
    sign = -1.0 if kind == HEATER else 1.0
    return max(assessed, key=lambda found: sign * float(found.check.value or 0.0), default=None)


def _places(evidence: Evidence, kind: str) -> str:
    """Where the worst value is, where the check holds nevertheless, and which areas would fulfil it."""
    worst = _worst(evidence, kind)
    if worst is None:
        return "not assessed"
    words = f"{worst.check.name} at {worst.place}"
    broken = {found.place for found in evidence.checks[kind] if found.check.ok is False}
    if broken:
        holding = sorted({found.place for found in evidence.checks[kind]} - broken)
        words += f"; holds at: {' and '.join(holding) or 'no operating point'}"
        device, place = worst.place.split(", ", 1)
        for low, high in evidence.windows[device, place].allowed.get(worst.check.name, ()):
            ends = f"{SQUARE_MICROMETRES * low:.3g} to {SQUARE_MICROMETRES * high:.3g}"
            words += f"; true there for left areas of {ends} µm²"
    return words


def _window_rule(device: str, place: str) -> Rule:
    def number(evidence: Evidence) -> float:
        window = evidence.windows[device, place].window
        return 0.0 if window is None else window[1] / window[0]

    return Rule(
        "The window of junction areas, set-up 1",
        f"some area fulfils all assumptions that depend on it: {device}, {place}",
        "largest over smallest such area",
        "> 1",
        number,
        lambda x: x > 1.0,
        lambda e: e.windows[device, place].sentence,
        only_at_reference=True,
    )
