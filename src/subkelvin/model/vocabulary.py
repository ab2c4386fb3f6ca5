"""The vocabulary of a device: every number it can hold, with unit, range, default and meaning.

This, and the records of element kinds and link kinds, is where a quantity's unit and bounds are written down, once. The device
file, the command line, error messages, dataset attributes and the table in the documentation are all made from it.
"""

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

ABSENT = math.nan
"""Default of a number whose absence has a meaning."""


@dataclass(frozen=True)
class Field:
    """One number a device can hold.

    Args:
        unit: SI unit as text, "" for a pure number; ``n`` in an exponent means the material's own exponent.
        low, high: the plausible range; a value outside is refused.
        meaning: one line.
        quantity: what the number is, for error messages ("must be a power").
        example: a value as one would write it in a device file.
        default: value when the key is absent; None means the key is required, NaN that it is optional.
        zero: whether exactly zero is allowed although ``low`` is positive.
        whole: whether a device file must give a whole number.
    """

    unit: str
    low: float
    high: float
    meaning: str
    quantity: str
    example: str
    default: float | None = None
    zero: bool = False
    whole: bool = False

    def __post_init__(self) -> None:
        # NaN equals nothing but itself, the same object: fields with the same content must be equal.
        if self.optional:
            object.__setattr__(self, "default", ABSENT)

    def __reduce__(self) -> tuple[Any, ...]:
        return Field, dataclasses.astuple(self)

    @property
    def required(self) -> bool:
        """Whether a device cannot be without it."""
        return self.default is None

    @property
    def optional(self) -> bool:
        """Whether absence is meaningful (some validity check then cannot be assessed)."""
        return self.default is not None and math.isnan(self.default)

    def holds(self, value: float) -> bool:
        """Whether a number lies in the plausible range."""
        return math.isfinite(value) and (self.low <= value <= self.high or (self.zero and value == 0.0))


ISLAND = {
    "temperature": Field("K", 1e-4, 100.0, "held at this temperature", "temperature", '"50 mK"', ABSENT),
    "power": Field("W", -1e-6, 1e-6, "heater power into a floating island", "power", '"10 fW"', 0.0),
    "parasitic_power": Field(
        "W", 1e-24, 1e-6, "unintended heat load, added to the balance", "power", '"0.1 fW"', 0.0, zero=True
    ),
    "lattice_heat_capacity": Field(
        "J K^-4",
        1e-30,
        1.0,
        "a of C = aT³, the heat capacity of its phonons",
        "heat capacity",
        '"1e-15 J K^-4"',
        ABSENT,
    ),
}

PART = {
    "volume": Field("m^3", 1e-27, 1e-9, "volume of this piece of material", "volume", '"0.006 um^3"'),
    "length": Field("m", 1e-9, 1.0, "length along the current, for the wire checks", "length", '"1 um"', ABSENT),
    "cross_section": Field(
        "m^2", 1e-18, 1e-6, "cross-section across the current, for the wire checks", "area", '"0.003 um^2"', ABSENT
    ),
    "resistivity": Field(
        "ohm m", 1e-11, 1.0, "normal-state resistivity, for the wire checks", "resistivity", '"20 nohm m"', ABSENT
    ),
}

METAL = {
    "electron_phonon": Field(
        "W m^-3 K^-n", 1e3, 1e13, "electron-phonon coupling", "electron-phonon coupling", '"0.5e9 W m^-3 K^-5"'
    ),
    "electron_phonon_exponent": Field(
        "", 2.0, 10.0, "exponent n of the electron-phonon power, read off the unit", "exponent", "5", 5.0
    ),
    "sommerfeld": Field(
        "J m^-3 K^-2", 1e-3, 1e5, "electronic heat capacity coefficient", "heat capacity", '"63 J m^-3 K^-2"', ABSENT
    ),
}

SUPERCONDUCTOR = {
    "critical_temperature": Field("K", 1e-3, 100.0, "critical temperature", "temperature", '"1.2 K"'),
    "dynes": Field(
        "", 1e-15, 0.1, "Dynes broadening over zero-temperature gap, Γ/Δ0", "pure number", "1e-4", zero=True
    ),
    "electron_phonon": Field(
        "W m^-3 K^-5", 1e3, 1e13, "normal-state electron-phonon coupling", "electron-phonon coupling",
        '"0.3e9 W m^-3 K^-5"',
    ),
    "sommerfeld": METAL["sommerfeld"],
}  # fmt: skip

TABLE = {
    "frequency": Field("Hz", 0.0, 1e18, "frequency of the row", "frequency", '"1 GHz"'),
    "resistance": Field("ohm", 0.0, 1e15, "real part of the impedance", "resistance", '"50 ohm"'),
    "reactance": Field("ohm", -1e15, 1e15, "imaginary part of the impedance", "reactance", '"-20 ohm"'),
    "admittance": Field("S", -1e6, 1e6, "real or imaginary part of an admittance", "conductance", '"20 mS"'),
}
"""Numbers in the rows of a measured element."""

JUNCTIONS = Field("", 1.0, 1e4, "number of identical junctions in series", "pure number", "2", 1.0, whole=True)
"""Of an element, or of a link."""


def indefinite(quantity: str) -> str:
    """A noun with its article: "a power", "an area"."""
    return f"an {quantity}" if quantity[0] in "aeiou" else f"a {quantity}"


class HasNumbers(Protocol):
    """A kind of element or link."""

    @property
    def numbers(self) -> Mapping[str, Field]:
        """Its fields by key."""


def field_of(path: str, kind: HasNumbers | None = None) -> Field | None:
    """The field behind a value path, or None if there is no such field.

    Args:
        path: such as ``islands.left.parts.0.volume``.
        kind: for a path under ``elements`` or ``links``, the kind of that element or link.
    """
    section, _, *keys = path.split(".")
    if section == "islands" and len(keys) == 3 and keys[0] == "parts":
        return PART.get(keys[2])
    if len(keys) != 1:
        return None
    tables = {"islands": ISLAND, "metals": METAL, "superconductors": SUPERCONDUCTOR}
    return tables.get(section, {} if kind is None else kind.numbers).get(keys[0])
