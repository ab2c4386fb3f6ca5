"""What junctions of both kinds, NIS and NIN, have in common: N identical tunnel junctions in series.

    R_N = Nρ/A,        C = cA/N

or N times, and one Nth of, the resistance and the capacitance of one junction.
"""

import math
from collections.abc import Mapping
from typing import Any

from subkelvin.model.element_kind import Written
from subkelvin.model.errors import DeviceError
from subkelvin.model.symbol import INK, SUPERCONDUCTING, Letters, Symbol, rectangle
from subkelvin.model.vocabulary import ABSENT, JUNCTIONS, Field

SPECIFIC_KEYS = ("area", "specific_resistance", "specific_capacitance")
DIRECT_KEYS = ("resistance", "capacitance")
WAYS = "`area`, `specific_resistance` and `specific_capacitance`, or `resistance` and `capacitance`"

NUMBERS = {
    "junctions": JUNCTIONS,
    "area": Field("m^2", 1e-18, 1e-6, "area of each junction", "area", '"1 um^2"', ABSENT),
    "specific_resistance": Field(
        "ohm m^2", 1e-15, 1e-3, "normal-state resistance times area", "specific resistance", '"10 ohm um^2"', ABSENT
    ),
    "specific_capacitance": Field(
        "F/m^2", 1e-6, 10.0, "capacitance per area", "specific capacitance", '"50 fF/um^2"', ABSENT
    ),
    "resistance": Field(
        "ohm", 1e-3, 1e12, "normal-state resistance of each junction, instead of area and specific values",
        "resistance", '"1 kohm"', ABSENT,
    ),
    "capacitance": Field(
        "F", 1e-21, 1e-3, "capacitance of each junction, instead of area and specific values", "capacitance",
        '"50 fF"', ABSENT,
    ),
    "line_inductance": Field(
        "H", 1e-18, 1.0, "inductance of the superconducting line, for the line check only", "inductance", '"1 pH"',
        ABSENT,
    ),
}  # fmt: skip


def junction_resistance(values: Mapping[str, Any]) -> Any:
    """Normal-state resistance of one junction [Ω]."""
    if "resistance" in values:
        return values["resistance"]
    return values["specific_resistance"] / values["area"]


def conductance(values: Mapping[str, Any]) -> Any:
    """1/R_N of all junctions in series [S]."""
    return 1.0 / (values["junctions"] * junction_resistance(values))


def capacitance(values: Mapping[str, Any]) -> Any:
    """C of all junctions in series [F]."""
    if "capacitance" in values:
        return values["capacitance"] / values["junctions"]
    return values["specific_capacitance"] * values["area"] / values["junctions"]


def check(path: str, numbers: Mapping[str, Any], island: str | None) -> None:
    """Raise a DeviceError unless a junction is given in exactly one of the two ways."""
    specific = [key for key in SPECIFIC_KEYS if key in numbers]
    direct = [key for key in DIRECT_KEYS if key in numbers]
    if specific and direct:
        raise DeviceError(
            f"{path}.{direct[0]}", f"cannot stand beside `{specific[0]}`: a junction is given by {WAYS}", "remove one"
        )
    for key in DIRECT_KEYS if direct else SPECIFIC_KEYS:
        if key not in numbers:
            raise DeviceError(
                f"{path}.{key}", f"is missing: a junction is given by {WAYS}", f"try {key} = {NUMBERS[key].example}"
            )


def label(values: Mapping[str, float]) -> tuple[Written, ...]:
    """Number of junctions times the resistance of one."""
    count = values.get("junctions", 1.0)
    known = "resistance" in values or {"specific_resistance", "area"} <= set(values)
    before = f"{count:g} × " if count != 1.0 else ""
    return (Written(before, junction_resistance(values) if known else math.nan, "Ω"),)


def symbol(letters: str) -> Symbol:
    """Two electrodes and the barrier between them, as boxes with letters: N|I|S or N|I|N."""
    electrodes = [
        shape
        for letter, left, right in ((letters[0], 0.0, 0.46), (letters[1], 0.54, 1.0))
        for shape in (
            rectangle(left, right, 0.26, SUPERCONDUCTING if letter == "S" else ""),
            Letters(letter, ((left + right) / 2.0, 0.0), letter == "S"),
        )
    ]
    return Symbol((*electrodes, rectangle(0.46, 0.54, 0.34, INK, in_front=True)))
