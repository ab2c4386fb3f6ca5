"""Quantities in all spellings, with the value that they mean by exact arithmetic of our own: prefixes and powers of ten."""

import random
from decimal import Decimal
from typing import NamedTuple

from subkelvin.model.vocabulary import Field

PREFIXES = {
    "z": -21,
    "a": -18,
    "f": -15,
    "p": -12,
    "n": -9,
    "u": -6,
    "µ": -6,
    "μ": -6,
    "m": -3,
    "c": -2,
    "": 0,
    "k": 3,
    "M": 6,
    "G": 9,
    "T": 12,
}
SPELLINGS = {
    "W": ("W", "J/s", "V A", "watt"),
    "F": ("F", "s/ohm", "A s/V"),
    "H": ("H", "V s/A"),
    "ohm": ("ohm", "Ω", "Ω", "V/A"),
    "S": ("S", "A/V"),
}
"""Other ways to write a unit that stands alone."""
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Written(NamedTuple):
    """A quantity as text, without quotes, and the SI value that it means."""

    text: str
    value: float


def log_uniform(chance: random.Random, low: float, high: float) -> float:
    """A number in the range of a field, every size as likely; negative ones and zero where the range holds them."""
    if high <= 0.0:
        return -log_uniform(chance, -high, -low) if low < 0.0 else 0.0
    if low < 0.0 and chance.random() < 0.3:
        return -log_uniform(chance, 0.0, -low)
    smallest = max(low, 1e-12 * high)
    return float(smallest * (high / smallest) ** chance.random())


def written(chance: random.Random, field: Field, exponent: int = 5) -> Written:
    """A value in the range of a field, with a unit.

    Args:
        chance: decides value and spelling.
        field: of the vocabulary.
        exponent: in place of the letter n in the unit.
    """
    value = log_uniform(chance, field.low, field.high)
    if not field.unit:
        text = f"{value:.{chance.randrange(1, 17)}g}"
        return Written(text, float(text))
    factors, scale = [], 0
    for factor in field.unit.replace("/m^2", " m^-2").replace("^-n", f"^-{exponent}").split():
        name, _, power = factor.partition("^")
        prefix = chance.choice(list(PREFIXES))
        scale += PREFIXES[prefix] * int(power or "1")
        factors.append((prefix + name, int(power or "1")))
    unit = spelled(chance, factors)
    if factors == [(field.unit, 1)]:
        unit = chance.choice(SPELLINGS.get(field.unit, (field.unit,)))
    digits = Decimal(f"{Decimal(value).scaleb(-scale):.{chance.randrange(0, 17)}e}")
    number = f"{digits:f}" if -6 < digits.adjusted() < 6 and chance.random() < 0.7 else f"{digits:e}"
    gap = chance.choice([" ", " ", "", "  "])
    return Written(f"{number}{gap}{unit}", float(Decimal(number).scaleb(scale)))


def spelled(chance: random.Random, factors: list[tuple[str, int]]) -> str:
    """A product of units with powers, in one of the ways in which people write it."""
    style = chance.choice(["^", "**", "superscript"])
    text = ""
    for name, power in factors:
        divide = bool(text) and power < 0 and chance.random() < 0.5
        shown = abs(power) if divide else power
        raised = (
            "" if shown == 1 else str(shown).translate(SUPERSCRIPTS) if style == "superscript" else f"{style}{shown}"
        )
        between = "" if not text else chance.choice(["/", " / "]) if divide else chance.choice([" ", "*", "·", " * "])
        text += f"{between}{name}{raised}"
    return text
