"""A number with an SI prefix, for people to read."""

import math

PREFIXES = {-21: "z", -18: "a", -15: "f", -12: "p", -9: "n", -6: "u", -3: "m", 0: ""}


def engineering(value: float | None, unit: str, digits: int = 5) -> str:
    """A number with an SI prefix: 1.234e-14 W is 12.34 fW; a dash for a number that does not exist.

    Args:
        value: the number, in ``unit``.
        unit: without a prefix.
        digits: significant ones.
    """
    if value is None or not math.isfinite(value):
        return "–"
    if value == 0.0:
        return f"0 {unit}"
    exponent = 3 * math.floor(math.log10(abs(value)) / 3.0)
    if exponent < min(PREFIXES):
        return f"{value:.{digits}g} {unit}"
    exponent = min(exponent, max(PREFIXES))
    return f"{value / 10.0**exponent:.{digits}g} {PREFIXES[exponent]}{unit}"
