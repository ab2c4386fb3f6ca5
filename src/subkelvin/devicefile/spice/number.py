"""Numbers as SPICE writes them: 10p, 1k, 2.2MEG, 10pF, 1kOhm.

    value = mantissa · scale,    scale: t g meg k mil m u n p f, in either case

The letters behind the scale are a unit and do not change the value. SPICE ignores whatever they are; here they must be a unit of
the quantity, because "10q" is a slip of the pen. Two spellings mean what few people expect, and are annotated: "1M" is a
thousandth, "1F" is a femtofarad. "1a" is refused: some programs read 1e-18, others 1.

Reference: T. Quarles et al., SPICE3 Version 3f User's Manual, University of California, Berkeley (1993), section 2.1.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from subkelvin.model import DeviceError
from subkelvin.model.quantities import LONGEST_QUANTITY, quoted

NUMBER = re.compile(r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?)([A-Za-zµμΩΩ]*)")
SCALES = {
    "meg": "1e6", "mil": "25.4e-6", "t": "1e12", "g": "1e9", "k": "1e3", "m": "1e-3", "u": "1e-6", "µ": "1e-6", "μ": "1e-6",
    "n": "1e-9", "p": "1e-12", "f": "1e-15",
}  # fmt: skip
"""Scale factors, longer names first. The micro sign and the Greek letter are both read as u."""

UNITS = {
    "ohm": ("ohm", "ohms", "Ω", "Ω"),
    "F": ("F", "farad", "farads"),
    "H": ("H", "henry", "henries", "henrys"),
    "s": ("s", "sec", "second", "seconds"),
    "Hz": ("Hz", "hertz"),
    "W": ("W", "watt", "watts"),
    "K": (),
    "": (),
}
"""Units that may stand behind a number. Kelvin may not: SPICE would read the K as kilo."""


class SpiceNumber(NamedTuple):
    """A value in SI units, and what a reader of the netlist should know about how it was read."""

    value: float
    note: str


def parse_number(text: str, unit: str) -> SpiceNumber:
    """The value of a number as SPICE reads it.

    Args:
        text: such as "10pF".
        unit: SI unit of the quantity, a key of `UNITS`.

    Raises:
        DeviceError: if it is no number, or has a suffix that is neither a scale nor a unit of the quantity.
    """
    match = NUMBER.fullmatch(text) if len(text) <= LONGEST_QUANTITY else None
    if match is None:
        raise DeviceError(
            "", f"holds {quoted(text)}, which is not a number", "write a number such as 50, 10p or 2.2MEG"
        )
    mantissa, suffix = match[1], match[2]
    scale = next((scale for scale in SCALES if suffix.lower().startswith(scale)), "")
    if unit == "K" and scale == "k":
        raise DeviceError(
            "",
            f"holds {quoted(text)}, in which SPICE reads the K as kilo",
            "write kelvin without a unit, as in 0.05 or 50m",
        )
    if suffix[:1] in ("a", "A"):
        raise DeviceError(
            "",
            f"holds {quoted(text)}: some programs read the suffix a as 1e-18, others ignore it",
            f"write {mantissa}e-18 if atto is meant" if "e" not in mantissa.lower() else "write the exponent in full",
        )
    rest = suffix[len(scale) :]
    if rest and rest.lower() not in [name.lower() for name in UNITS[unit]]:
        expected = f" or a unit such as {UNITS[unit][0]}" if UNITS[unit] else ""
        raise DeviceError(
            "",
            f"holds {quoted(text)}, whose suffix {suffix!r} is not a scale factor (t g meg k m u n p f){expected}",
            "correct the suffix",
        )
    value = float(Decimal(mantissa) * Decimal(SCALES.get(scale, "1")))
    return SpiceNumber(value, _note(text, suffix, scale, unit))


def _note(text: str, suffix: str, scale: str, unit: str) -> str:
    """What few people expect of a suffix."""
    if scale == "m" and suffix[0] == "M":
        return f'"{text}": SPICE reads M as milli (1e-3); mega is written MEG'
    if suffix == "F" and unit == "F":
        return f'"{text}": SPICE reads F as femto (1e-15), not as farad'
    return ""
