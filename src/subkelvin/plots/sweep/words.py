"""What axes of a sweep are called, and the unit with one prefix that all their numbers share."""

import math
from collections.abc import Hashable
from typing import NamedTuple

import numpy as np
import xarray as xr

from subkelvin.plots.circuit.page import PREFIXES, readable

SUPERSCRIPTS = str.maketrans("0123456789-.", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻·")
EVEN = 1e-6
"""How nearly equal the ratios of values are that are spaced geometrically."""


class Scale(NamedTuple):
    """How numbers in SI units become those on an axis."""

    factor: float
    unit: str

    def label(self, words: str) -> str:
        """Words with the unit in brackets."""
        return f"{words} ({self.unit})" if self.unit else words


def scale_of(values: np.ndarray, unit: str) -> Scale:
    """The prefix with which the largest number lies between 1 and 1000, its unit raised to the power that it has.

    Args:
        values: in SI units; those that are not finite do not count.
        unit: SI, such as "W", "m^2", "W/K"; the first one gets the prefix.
    """
    finite = np.abs(values[np.isfinite(values)])
    largest = float(finite.max()) if finite.size else 0.0
    if not unit:
        return Scale(1.0, "")
    first = unit.replace("/", " ").split()[0]
    base, _, exponent = first.partition("^")
    power = int(exponent) if exponent.isdigit() else 1
    # Round before the logarithm: 1e-12 m² is 1 µm², not 1,000,000 nm².
    step = 0 if largest == 0.0 else 3 * math.floor(math.log10(largest) / (3 * power) + 1e-9)
    step = min(max(step, min(PREFIXES)), max(PREFIXES))
    return Scale(10.0 ** (-step * power), pretty(f"{PREFIXES[step]}{unit}"))


def pretty(unit: str) -> str:
    """A unit as it is printed: W m⁻³ K⁻⁵, µm², Ω."""
    parts = []
    for part in unit.split(" "):
        base, _, exponent = part.partition("^")
        parts.append(base + exponent.translate(SUPERSCRIPTS))
    return " ".join(parts).replace("ohm", "Ω")


def geometric(values: np.ndarray) -> bool:
    """Whether values are spaced geometrically, and not evenly as well."""
    if values.size < 3 or np.any(values <= 0.0):
        return False
    ratios = np.diff(np.log(values))
    return bool(np.ptp(ratios) <= EVEN * np.abs(ratios).max())


def words_of(dataset: xr.Dataset, name: Hashable) -> str:
    """A coordinate in words: "temperature of right" for ``islands.right.temperature``."""
    parts = str(name).split(".")
    if len(parts) < 3:
        return str(name).replace("_", " ")
    owners = [parts[1]]
    for other in filter(None, str(dataset[name].attrs.get("tied", "")).split(", ")):
        owner = other.split(".")[1]
        owners += [] if owner in owners else [owner]
    part = f"part {parts[3]} of " if len(parts) == 5 else ""
    return f"{parts[-1].replace('_', ' ')} of {part}{', '.join(owners)}"


def value_in_words(dataset: xr.Dataset, name: Hashable, value: object) -> str:
    """ "power of left = 50 fW"."""
    if isinstance(value, str):
        return f"{name} = {value}"
    unit = str(dataset[name].attrs.get("units", ""))
    number = np.array([float(value)])  # type: ignore[arg-type]
    scale = scale_of(number, unit)
    # A unit with an exponent has a prefix that has it too.
    shown = f"{readable(float(number[0]) * scale.factor, '', 4)} {scale.unit}".strip()
    return f"{words_of(dataset, name)} = {shown}"
