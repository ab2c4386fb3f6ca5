"""Measured admittances in a device file: rows written out, or a Touchstone file beside it.

    one-port:  impedance Z = R + iX, or the admittance y11;        two-port:  admittances y11, y12 = y21, y22

Re Y must be positive semi-definite in every row: anything else could give out more than it takes in.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from subkelvin.model import DeviceError, MeasuredAdmittance
from subkelvin.model.quantities import parse_quantity, quoted
from subkelvin.model.vocabulary import TABLE

PLAIN_KEYS = {1: ("frequency", "resistance", "reactance"), 2: ("frequency",)}
"""Keys of rows that hold one number for each frequency, by the number of ports."""
COMPLEX_KEYS = {1: ("y11",), 2: ("y11", "y12", "y22")}
"""Keys of rows that hold a real and an imaginary part for each frequency."""
PASSIVITY_ROUNDING = 1e-9
"""How far below zero the smallest eigenvalue of Re Y may lie, in units of the largest |Y| of the row: printed digits."""


@dataclass(frozen=True)
class DataFiles:
    """Where the files of measured data may stand: beside the device file or in folders there, unless the user allows any place.

    A device file that came from somebody else must not make a program read whatever it likes.

    Args:
        folder: of the device file.
        elsewhere: whether any place is allowed.
    """

    folder: Path = Path()
    elsewhere: bool = False

    def find(self, path: str, name: str) -> Path:
        """The place of a file that the key at ``path`` names.

        Raises:
            DeviceError: if it lies elsewhere, and that is not allowed.
        """
        file = self.folder / name
        try:
            beside = file.resolve().is_relative_to(self.folder.resolve())
        except (OSError, RuntimeError, ValueError):
            # A path that cannot be, or links in a circle; reading it says so.
            return file
        if not beside and not self.elsewhere:
            raise DeviceError(
                path,
                f"is {quoted(name)}, which does not lie beside the device file or in a folder there",
                "copy it there, or allow it with --files-elsewhere, in Python load(…, files_elsewhere=True)",
            )
        return file


BESIDE = DataFiles()
"""For a device without a file: the current folder."""


def measured_admittance(path: str, given: dict[str, Any], ports: int, data: DataFiles) -> MeasuredAdmittance:
    """The table of one element.

    Args:
        path: of the element in the device file.
        given: its keys `file`, `outside` and those of the rows, as written; absent ones are None.
        ports: 1 or 2.
        data: where a `file` may stand.

    Raises:
        DeviceError: naming the key or the row that cannot be.
    """
    rows = {key: given[key] for key in (*PLAIN_KEYS[ports], *COMPLEX_KEYS[ports]) if given.get(key) is not None}
    if given.get("file") is not None:
        if rows:
            raise DeviceError(f"{path}.{next(iter(rows))}", "cannot stand beside `file`", "remove one of the two")
        # scikit-rf takes a second to import: only who reads a Touchstone file pays for it.
        from subkelvin.devicefile.touchstone import read_touchstone

        table = read_touchstone(data.find(f"{path}.file", given["file"]), ports)
        table = MeasuredAdmittance(table.frequency, table.admittance, given["outside"])
    else:
        table = _rows(path, rows, ports, given["outside"])
    _check(path, table, ports)
    return table


def _rows(path: str, rows: dict[str, Any], ports: int, outside: str) -> MeasuredAdmittance:
    """The table that the rows in the device file spell out."""
    if "frequency" not in rows:
        raise DeviceError(
            path, "has no measured values", 'give `file = "probe.s1p"`, or `frequency` with the values at each'
        )
    count = len(rows["frequency"])
    for key, column in rows.items():
        if len(column) != count:
            raise DeviceError(
                f"{path}.{key}", f"has {len(column)} rows, but `frequency` has {count}", "give one value per frequency"
            )
    frequency = [_number(path, "frequency", row, text) for row, text in enumerate(rows["frequency"])]
    if ports == 1 and {"resistance", "reactance"} <= set(rows):
        if "y11" in rows:
            raise DeviceError(
                f"{path}.y11", "cannot stand beside `resistance` and `reactance`", "remove one of the two"
            )
        admittance: list[tuple[complex, ...]] = []
        for row in range(count):
            impedance = complex(
                _number(path, "resistance", row, rows["resistance"][row]),
                _number(path, "reactance", row, rows["reactance"][row]),
            )
            if impedance == 0.0:
                raise DeviceError(
                    f"{path}.resistance.{row}",
                    "and `reactance` are both zero: a short has no admittance",
                    "merge its nodes",
                )
            admittance.append((1.0 / impedance,))
    else:
        wanted = ("y11",) if ports == 1 else ("y11", "y12", "y22")
        for key in wanted:
            if key not in rows:
                known = "`resistance` and `reactance`, or `y11`" if ports == 1 else "`y11`, `y12` and `y22`"
                raise DeviceError(f"{path}.{key}", f"is missing: measured values are given by {known}", "add it")
        columns = [[_pair(path, key, row, pair) for row, pair in enumerate(rows[key])] for key in wanted]
        admittance = [
            (one[0],) if ports == 1 else (one[0], one[1], one[1], one[2]) for one in zip(*columns, strict=True)
        ]
    return MeasuredAdmittance(tuple(2.0 * math.pi * f for f in frequency), tuple(admittance), outside)


def _number(path: str, key: str, row: int, text: Any) -> float:
    return parse_quantity(text, TABLE[key], f"{path}.{key}.{row}")


def _pair(path: str, key: str, row: int, pair: Any) -> complex:
    """Real and imaginary part of an admittance."""
    if not isinstance(pair, list) or len(pair) != 2:
        raise DeviceError(
            f"{path}.{key}.{row}",
            f"must be a pair of real and imaginary part, but is {quoted(pair)}",
            'try ["20 mS", "0 S"]',
        )
    real, imaginary = (parse_quantity(text, TABLE["admittance"], f"{path}.{key}.{row}") for text in pair)
    return complex(real, imaginary)


def _check(path: str, table: MeasuredAdmittance, ports: int) -> None:
    """Raise a DeviceError unless frequencies rise and every row is passive."""
    if len(table.frequency) < 2:
        raise DeviceError(f"{path}.frequency", "has fewer than two rows", "give at least two frequencies")
    for row, (lower, upper) in enumerate(zip(table.frequency, table.frequency[1:], strict=False)):
        if not lower < upper:
            hertz = upper / (2.0 * math.pi)
            raise DeviceError(
                f"{path}.frequency.{row + 1}", f"({hertz:g} Hz) does not lie above the row before it", "sort the rows"
            )
    for row, admittance in enumerate(table.admittance):
        scale = max(abs(one) for one in admittance)
        lowest = _lowest_eigenvalue(admittance, ports)
        if not lowest >= -PASSIVITY_ROUNDING * scale:
            hertz = table.frequency[row] / (2.0 * math.pi)
            raise DeviceError(
                path,
                f"is active at {hertz:g} Hz: the real part of its admittance has the eigenvalue {lowest:.3g} S, below zero",
                "remove the rows that give out more than they take in, or check the calibration",
            )


def _lowest_eigenvalue(admittance: tuple[complex, ...], ports: int) -> float:
    if ports == 1:
        return admittance[0].real
    a, b, d = admittance[0].real, admittance[1].real, admittance[3].real
    return 0.5 * (a + d) - math.hypot(0.5 * (a - d), b)
