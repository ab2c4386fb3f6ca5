"""Quantities as people write them: "30 mK" becomes 0.030 here, and nothing below a device knows of units.

A quantity is a number and a unit. Only the units below exist: every name has one meaning, and "0.3 k" is not read as
Boltzmann's constant. Arithmetic is decimal until the last step: "30 mK" is the float nearest to 0.03.
"""

import difflib
import functools
import math
import numbers
import re
import threading
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from subkelvin.model.errors import DeviceError
from subkelvin.model.vocabulary import METAL, Field, indefinite

if TYPE_CHECKING:
    import pint

UNIT_DEFINITIONS = """
zepto- = 1e-21 = z-
atto- = 1e-18 = a-
femto- = 1e-15 = f-
pico- = 1e-12 = p-
nano- = 1e-9 = n-
micro- = 1e-6 = µ- = μ- = u-
milli- = 1e-3 = m-
centi- = 1e-2 = c-
kilo- = 1e3 = k-
mega- = 1e6 = M-
giga- = 1e9 = G-
tera- = 1e12 = T-
meter = [length] = m
second = [time] = s
kelvin = [temperature] = K
kilogram = [mass] = kg
ampere = [current] = A
joule = kilogram * meter ** 2 / second ** 2 = J
watt = joule / second = W
volt = watt / ampere = V
ohm = volt / ampere = Ω = Ω
siemens = ampere / volt = S
farad = ampere * second / volt = F
henry = volt * second / ampere = H
hertz = 1 / second = Hz
"""
"""Prefixes and units a device file may use, in pint's definition language (Ω twice: Greek letter and ohm sign)."""

LONGEST_QUANTITY = 120
"""Characters: longer text is no quantity, and is not handed to a parser."""
LONGEST_QUOTE = 60
SPELLINGS_KEPT = 4096
"""Units in all spellings and with all prefixes, whose meaning is found once."""

NUMBER = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?)\s*(.*?)\s*", re.DOTALL)
NOT_FINITE = re.compile(r"\s*[+-]?(nan|inf|infinity)\b", re.IGNORECASE)
ZERO = r"(?:0{1,2}(?:\.0{1,15})?(?![.\d])|⁰{1,2}(?![⁰¹²³⁴⁵⁶⁷⁸⁹]))"
POWER = rf"(?:(?:\^|\*\*)[+-]?(?!{ZERO})\d{{1,2}}(?:\.\d{{1,15}})?|[⁺⁻]?(?!{ZERO})[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,2}})?"
FACTOR = rf"[A-Za-zµμΩΩ]+{POWER}"
PRODUCT = rf"{FACTOR}(?:(?:\s*[*·/]\s*|\s+){FACTOR})*"
UNIT = re.compile(rf"(?:{PRODUCT})(?:\s*/\s*\({PRODUCT}\)|\s*/\s*{FACTOR})*")
"""What may be handed to pint: products and quotients of units with small exponents, none of them zero, nothing that computes."""
SYMBOL_PLURAL = re.compile(r"(?:[KWJAVFHΩΩ]|[fpnuµμk]m)s(?![A-Za-z])")
"""pint strips a final s, so that "fWs", a femtowatt second to most people, would be a femtowatt."""


class Coupling(NamedTuple):
    """A coupling, as Σ [W m^-3 K^-n] of electrons and phonons, with the exponent n that its unit carries."""

    value: float
    exponent: float


def parse_quantity(text: object, field: Field, path: str) -> float:
    """The SI value of a quantity as written in a device file.

    Args:
        text: a string such as "30 mK"; a bare number for a dimensionless field.
        field: what the number must be.
        path: the key, for the error message.

    Raises:
        DeviceError: naming key, value, what was expected and what to try.
    """
    if not field.unit:
        return _pure_number(text, field, path)
    number, unit = _split(text, field, path)
    if unit.dimensionality != _unit(field.unit).dimensionality:
        raise _wrong(field, path, text)
    return _in_range(_convert(number, unit, field.unit), text, field, path)


def is_plain_number(value: object) -> bool:
    """Whether a value is a number of Python or NumPy, neither text nor truth value."""
    return isinstance(value, numbers.Real) and not isinstance(value, (bool, np.bool_))


def number_from_python(value: Any, field: Field, path: str) -> "float | Coupling":
    """A number in SI units, checked against its range, for a device that is made in Python.

    Raises:
        DeviceError: as `parse_quantity`; for a coupling whose exponent only its unit can tell.
    """
    if field.unit.endswith("^-n"):
        raise DeviceError(
            path, f"must be written with its unit, which tells the exponent, but is {value!r}", f"try {field.example}"
        )
    number = _in_range(float(value), float(value), field, path)
    return Coupling(number, 5.0) if carries_exponent(field) else number


def carries_exponent(field: Field) -> bool:
    """Whether a coupling is written in a unit from which its exponent is read."""
    return field.unit.endswith("^-n") or field.quantity == "electron-phonon coupling"


def parse_coupling(
    text: object, field: Field, path: str, exponents: Field = METAL["electron_phonon_exponent"]
) -> Coupling:
    """The SI value of a coupling and the exponent n read off its unit: W m^-3 K^-n of electrons and phonons, W K^-n of a link.

    Args:
        text: as written.
        field: what the number is.
        path: of its key.
        exponents: which exponents there are.

    Raises:
        DeviceError: as `parse_quantity`.
    """
    number, unit = _split(text, field, path)
    exponent = -float(str(unit.dimensionality.get("[temperature]", 0)))
    power = field.unit.rpartition(" K^-")[0]
    if unit.dimensionality != (_unit(power) / _unit("K") ** Decimal(repr(exponent))).dimensionality:
        raise _wrong(field, path, text)
    if not field.unit.endswith("^-n") and unit.dimensionality != _unit(field.unit).dimensionality:
        raise DeviceError(
            path,
            f"must be an electron-phonon coupling in {field.unit}, the only exponent for a superconductor, "
            f"but is {quoted(text)}",
            f"try {field.example}",
        )
    if not exponents.holds(exponent):
        raise _wrong(field, path, text)
    value = _convert(number, unit, f"{power} K^-{_shortest(Decimal(repr(exponent)))}")
    return Coupling(_in_range(value, text, field, path), exponent)


def format_quantity(value: float, field: Field, exponent: float = 5.0) -> str:
    """A value as one would write it in a device file, in the unit of the field's example; it reads back exactly.

    Args:
        value: in SI units.
        field: what the number is.
        exponent: n of a unit that has one.
    """
    if not field.unit:
        return _shortest(Decimal(repr(value)))
    written = _shortest(Decimal(repr(exponent)))
    unit = f"{field.unit.removesuffix('n')}{written}" if field.unit.endswith("^-n") else example_unit(field)
    scaled = Decimal(repr(value)) / _factor(_unit(unit), "" if field.unit.endswith("^-n") else field.unit)
    return f'"{_shortest(scaled)} {unit}"'


def example_unit(field: Field) -> str:
    """The unit in which people write this quantity."""
    return field.example.strip('"').split(" ", 1)[1]


def quoted(value: object) -> str:
    """A value as it stands in the file, shortened if it is long, on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        text = repr(value) if isinstance(value, str | int | float | list | dict) else f"'{value}'"
    except ValueError:
        return "a number of thousands of digits"
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"


_MAKING = threading.Lock()


def registry() -> "pint.UnitRegistry":
    """The units that exist, made once, whichever thread comes first: units of two registries do not mix."""
    with _MAKING:
        return _registry()


@functools.cache
def _registry() -> "pint.UnitRegistry":
    """Its own few definitions load in milliseconds, pint's thousand would take a fifth of a second."""
    import pint

    units: pint.UnitRegistry = pint.UnitRegistry(None, non_int_type=Decimal)
    units.load_definitions(UNIT_DEFINITIONS.strip().splitlines())
    return units


@functools.lru_cache(maxsize=SPELLINGS_KEPT)
def _unit(text: str) -> "pint.Unit":
    """Parse a unit; raises ValueError if it is none."""
    import pint

    if not UNIT.fullmatch(text) or SYMBOL_PLURAL.search(text):
        raise ValueError(text)
    try:
        unit = registry().parse_units(text)
        _factor(unit, "")
        return unit
    except (pint.PintError, ArithmeticError, AttributeError, TypeError, AssertionError) as error:
        raise ValueError(text) from error


@functools.lru_cache(maxsize=SPELLINGS_KEPT)
def _factor(unit: "pint.Unit", target: str) -> Decimal:
    """How many of the SI unit one of this unit is."""
    quantity = registry().Quantity(Decimal(1), unit)
    return Decimal((quantity.to(_unit(target)) if target else quantity.to_base_units()).magnitude)


def _convert(number: Decimal, unit: "pint.Unit", target: str) -> float:
    try:
        return float(number * _factor(unit, target))
    except ArithmeticError:
        return math.nan


def _shortest(number: Decimal) -> str:
    """A number as people write it, exactly: 100, 0.006, 3e8."""
    plain = f"{float(number):g}"
    exact = plain if Decimal(plain) == number else str(number.normalize())
    return re.sub(r"[eE]\+?(-?)0*(\d)", r"e\1\2", exact)


def _split(text: object, field: Field, path: str) -> tuple[Decimal, "pint.Unit"]:
    """Number and unit of a quantity that needs a unit."""
    if isinstance(text, int | float) and not isinstance(text, bool):
        raise _bare(text, field, path)
    if not isinstance(text, str) or len(text) > LONGEST_QUANTITY:
        raise _wrong(field, path, text)
    if NOT_FINITE.match(text):
        raise DeviceError(path, f"must be a finite {field.quantity}, but is {quoted(text)}", f"try {field.example}")
    match = NUMBER.fullmatch(text)
    if match is None:
        raise _wrong(field, path, text)
    if not match[2]:
        raise _bare(text, field, path)
    try:
        return Decimal(match[1]), _unit(match[2])
    except InvalidOperation as error:
        raise _wrong(field, path, text) from error
    except ValueError as error:
        raise DeviceError(
            path,
            f"must be {indefinite(field.quantity)} with a unit such as {example_unit(field)}, but {match[2]!r} in "
            f"{quoted(text)} is not a unit that device files use",
            f"try {_respelled(match[1], match[2], field) or field.example}",
        ) from error


def _pure_number(text: object, field: Field, path: str) -> float:
    if isinstance(text, str) and (match := NUMBER.fullmatch(text)) and not match[2] and len(text) <= LONGEST_QUANTITY:
        return _in_range(float(match[1]), text, field, path)
    if isinstance(text, bool) or not isinstance(text, int | float):
        raise DeviceError(path, f"must be a number without a unit, but is {quoted(text)}", f"try {field.example}")
    try:
        return _in_range(float(text), text, field, path)
    except OverflowError:
        return _in_range(math.inf, text, field, path)


def _in_range(value: float, text: object, field: Field, path: str) -> float:
    if field.holds(value):
        return value
    if isinstance(text, float | int) and not math.isfinite(value):
        raise DeviceError(path, f"must be a finite {field.quantity}, but is {quoted(text)}", f"try {field.example}")
    zero = "0 or " if field.zero else ""
    unit = f" {field.unit}" if field.unit else ""
    match = NUMBER.fullmatch(text) if isinstance(text, str) else None
    suggestion = _respelled(match[1], match[2], field) if match and match[2] else ""
    raise DeviceError(
        path,
        f"must be {indefinite(field.quantity)} of {zero}{field.low:g} to {field.high:g}{unit}, but is {quoted(text)}"
        + (f" ({value:g}{unit})" if field.unit and math.isfinite(value) else ""),
        f"try {suggestion or field.example}",
    )


def _respelled(number: str, unit: str, field: Field) -> str:
    """The same quantity with a unit that is spelled a little differently, if that makes sense of it."""
    known = example_unit(field) if field.unit else ""
    candidates = [f"{unit[:i]}{unit[i].swapcase()}{unit[i + 1 :]}" for i in range(min(len(unit), 4))]
    candidates += [unit.swapcase(), re.sub(r"([A-Za-z])(-?\d)", r"\1^\2", unit)]
    candidates += difflib.get_close_matches(unit, [known], n=1, cutoff=0.75)
    for candidate in candidates:
        if candidate == unit:
            continue
        try:
            value = _convert(Decimal(number), _unit(candidate), field.unit.replace("^-n", "^-5"))
        except (ValueError, TypeError):
            # No unit, or (pint: a TypeError) one of another dimension.
            continue
        if field.holds(value):
            return f'"{number} {candidate}"'
    return ""


def _wrong(field: Field, path: str, text: object) -> DeviceError:
    return DeviceError(path, f"must be {indefinite(field.quantity)}, but is {quoted(text)}", f"try {field.example}")


def _bare(text: object, field: Field, path: str) -> DeviceError:
    """A bare number for a quantity that has a unit: suggest the number with the unit people use."""
    if isinstance(text, float) and not math.isfinite(text):
        return DeviceError(path, f"must be a finite {field.quantity}, but is {quoted(text)}", f"try {field.example}")
    number = _shortest(Decimal(repr(text))) if isinstance(text, float) else quoted(text).strip("' ")
    parse = parse_coupling if carries_exponent(field) else parse_quantity
    sensible = []
    # What a bare number means most often is SI, then the unit that people use.
    for unit in dict.fromkeys([*([] if "^-n" in field.unit else [field.unit]), example_unit(field)]):
        try:
            parse(f"{number} {unit}", field, path)
            sensible.append(f'"{number} {unit}"')
        except DeviceError:
            continue
    return DeviceError(
        path,
        f"must be {indefinite(field.quantity)} with a unit, but is the bare number {quoted(text)}",
        f"try {' or '.join(sensible) or field.example}",
    )
