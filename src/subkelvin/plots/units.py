"""The unit with one prefix that all numbers on an axis share: 1e15 and fW."""

import math
from typing import NamedTuple

import numpy as np

from subkelvin.plots.circuit.page import PREFIXES

SUPERSCRIPTS = str.maketrans("0123456789-.", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻·")


class Scale(NamedTuple):
    """How numbers in SI units become those on an axis."""

    factor: float
    unit: str

    def label(self, words: str) -> str:
        """Words with the unit in brackets."""
        return f"{words} ({self.unit})" if self.unit else words


def scale_of(values: np.ndarray, unit: str) -> Scale:
    """The prefix with which the largest number lies between 1 and 1000.

    An area may be as small as 0.001 of its unit and a volume 0.000001: people write 0.5 µm², not 500,000 nm².

    Args:
        values: in SI units; those that are not finite do not count.
        unit: SI, such as "W", "m^2", "W/K"; the first one gets the prefix.
    """
    finite = np.abs(values[np.isfinite(values)])
    largest = float(finite.max()) if finite.size else 0.0
    if not unit:
        return Scale(1.0, "")
    first = unit.replace("/", " ").split()[0]
    exponent = first.partition("^")[2]
    power = int(exponent) if exponent.isdigit() else 1
    # Rounded before the logarithm: 1e-15 W is 1 fW, not 1000 aW.
    step = 0 if largest == 0.0 else 3 * math.floor((math.log10(largest) + 3 * (power - 1)) / (3 * power) + 1e-9)
    step = min(max(step, min(PREFIXES)), max(PREFIXES))
    return Scale(10.0 ** (-step * power), pretty(f"{PREFIXES[step]}{unit}"))


def pretty(unit: str) -> str:
    """A unit as it is printed: W m⁻³ K⁻⁵, µm², Ω."""
    parts = []
    for part in unit.split(" "):
        base, _, exponent = part.partition("^")
        parts.append(base + exponent.translate(SUPERSCRIPTS))
    return " ".join(parts).replace("ohm", "Ω")
