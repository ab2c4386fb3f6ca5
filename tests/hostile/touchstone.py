"""Hostile Touchstone files: passive networks in every format, then damaged.

What is not damaged must become the admittances that were written; whatever is read must be finite, passive and reciprocal, with
frequencies that rise, and must be what scikit-rf reads where that reads it.
"""

import cmath
import math
import random
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import skrf
from tests.hostile.bounded import Bounds, Tally, TimeIsUp, WrongNumberError, run_cases
from tests.hostile.mutation import mutated

from subkelvin.devicefile.touchstone import read_touchstone
from subkelvin.model import DeviceError, MeasuredAdmittance

BOUNDS = Bounds(seconds=5.0, gigabytes=1.0)
UNDAMAGED = 0.2
COMPARED = 0.1
"""The fraction of the damaged files that scikit-rf reads as well: it takes longer than we do."""
CLOSE = 1e-6
"""Relative to the largest admittance of a row: S parameters of twelve digits, of networks whose 1 + S is far from singular, leave
1e-9; S parameters that are changed within their printed digits, 1e-6 of the reference, leave more where |S| is near 1."""
HERTZ = {"Hz": 1.0, "kHz": 1e3, "MHz": 1e6, "GHz": 1e9, "": 1e9}
WORDS = [
    "#", "# GHz S RI R 50", "# MHz Y MA", "GHz", "kHz", "S", "Y", "Z", "G", "H", "RI", "MA", "DB", "R", "R 75",
    "R -50", "R 0", "50", "0", "1", "-1", "0.5",
    "1e999", "-1e-999", "nan", "inf", "1.#IND", "1,5", "0x10", "!", "! comment", "! Port Impedance 50 0",
    "[Version] 2.0", "[Version] 1.1",
    "[Number of Ports] 2", "[Number of Ports] 1", "[Number of Frequencies] 3", "[Two-Port Data Order] 21_12",
    "[Two-Port Data Order] 12_21",
    "[Matrix Format] Lower", "[Reference] 50 75", "[Reference]", "[Network Data]", "[Noise Data]",
    "[Begin Information]", "[End Information]", "[End]",
    "[", "]", "\x00", "\x1b", "é", "\ufeff", "\n", "\r", "\x0b", "\x85", "\u2028", "٣", "9" * 400, "1 0 0\n" * 50, "", " ",
]  # fmt: skip
NAMES = {1: ("a.s1p", "a.s1p", "A.S1P", "a.y1p", "a.z1p", "a.ts"), 2: ("a.s2p", "a.s2p", "A.S2P", "a.y2p", "a.ts")}
_FOLDER: list[Path] = []


class File(NamedTuple):
    """A file, and the frequencies [Hz] and admittances [S] that it means, shape (n, ports, ports)."""

    text: str
    hertz: list[float]
    admittance: np.ndarray


def run(count: int, seed: int, processes: int = 2) -> Tally:
    """Judge so many files."""
    return run_cases(__name__, count, seed, BOUNDS, processes)


def prepare() -> None:
    """Read one file, so that everything is imported, and make a folder."""
    _FOLDER[:] = [Path(tempfile.mkdtemp(prefix="hostile-"))]
    file = _FOLDER[0] / "a.s1p"
    file.write_text("# GHz S RI R 50\n1 0 0\n2 0 0\n")
    read_touchstone(file, 1)
    skrf.Network(str(file))


def judge(chance: random.Random) -> str:
    """Make a file, read it, and compare what was read with what was meant."""
    ports = chance.choice([1, 2])
    file = random_file(chance, ports)
    if chance.random() < UNDAMAGED:
        path = _FOLDER[0] / f"a.s{ports}p"
        path.write_text(file.text)
        try:
            table = read_touchstone(path, ports)
        except DeviceError as error:
            raise WrongNumberError(f"refused, though nothing is wrong: {error}\n{file.text}") from None
        compare(table, file.hertz, file.admittance, file.text)
        return "good"
    text = mutated(chance, file.text, WORDS, chance.choice([1, 1, 2, 4]))
    path = _FOLDER[0] / chance.choice(NAMES[ports])
    path.write_bytes(text.encode(chance.choice(["utf-8"] * 8 + ["utf-8-sig", "latin-1", "utf-16"]), errors="replace"))
    table = read_touchstone(path, ports if chance.random() < 0.9 else 3 - ports)
    examine(table, text)
    option = next((line for line in text.split("\n") if line.startswith("#")), "#").upper().split()
    # Y and Z parameters of version 1 are in units of the reference, by which scikit-rf multiplies where it would have to divide.
    if chance.random() < COMPARED and not {"Y", "Z"} & set(option) and path.suffix.lower() == f".s{ports}p":
        compare_with_scikit_rf(table, path, text)
    return "good"


def compare(
    table: MeasuredAdmittance, hertz: list[float], admittance: np.ndarray, text: str, smallest: float = 0.0
) -> None:
    """Raise WrongNumberError unless frequencies and admittances are those meant, to `CLOSE` above ``smallest`` [S]."""
    examine(table, text)
    read = np.array(table.admittance).reshape(admittance.shape)
    if len(hertz) != len(table.frequency) or not np.allclose(
        table.frequency, 2.0 * np.pi * np.array(hertz), rtol=1e-12, atol=0.0
    ):
        raise WrongNumberError(f"frequencies are {table.frequency}, but 2π times {hertz} was meant in\n{text:.3000}")
    size = np.maximum(np.max(np.abs(admittance), axis=(1, 2), keepdims=True), smallest)
    if not np.all(np.abs(read - admittance) <= CLOSE * size):
        raise WrongNumberError(f"admittances are {read}, but {admittance} was meant in\n{text:.3000}")


def examine(table: MeasuredAdmittance, text: str) -> None:
    """Raise WrongNumberError unless the table is finite, passive and reciprocal, and its frequencies rise."""
    ports = 1 if len(table.admittance[0]) == 1 else 2
    y = np.array(table.admittance).reshape(-1, ports, ports)
    size = np.max(np.abs(y), axis=(1, 2))
    if not (
        np.all(np.isfinite(table.frequency))
        and np.all(np.isfinite(y))
        and np.all(np.diff(table.frequency) > 0.0)
        and table.frequency[0] >= 0.0
    ):
        raise WrongNumberError(f"not finite, or frequencies do not rise: {table} in\n{text:.3000}")
    # Rounding of an inverse: 1e-9 is what the reader itself allows.
    if not np.all(y == np.swapaxes(y, 1, 2)) or not np.all(np.linalg.eigvalsh(y.real)[:, 0] >= -1e-8 * size):
        raise WrongNumberError(f"active or not reciprocal: {table} in\n{text:.3000}")


def compare_with_scikit_rf(table: MeasuredAdmittance, path: Path, text: str) -> None:
    """Raise WrongNumberError unless scikit-rf, if it can read the file, reads the same."""
    try:
        with np.errstate(all="ignore"):
            network = skrf.Network(str(path))
            hertz, y = list(network.f), network.y
    except TimeIsUp:
        raise
    except Exception:
        return
    # It reads more than the standard allows, rows of noise as data for one; where it counts other rows there is nothing to compare.
    if len(hertz) == len(table.frequency) and np.all(np.isfinite(y)) and y.shape[1] ** 2 == len(table.admittance[0]):
        # Of S parameters near 1 only their distance from 1 is left, to the rounding of a unit: 1e-16 over 50 ohm and less.
        compare(table, hertz, y, text, smallest=1e-9)


def random_file(chance: random.Random, ports: int) -> File:
    """A passive reciprocal network at some frequencies, as text of version 1 or 2."""
    unit, form, parameter = (
        chance.choice(list(HERTZ)),
        chance.choice(["RI", "MA", "DB"]),
        chance.choice(["S", "S", "Y", "Z"]),
    )
    resistance = chance.choice([50.0, 75.0, 1.0])
    second = chance.random() < 0.3
    count = chance.randrange(1, 6)
    written = sorted({round(10.0 ** (3.0 * chance.random()), 6) for _ in range(count)})
    matrices = [random_admittance(chance, ports) for _ in written]
    rows = []
    order = chance.choice(["12_21", "21_12"])
    for frequency, y in zip(written, matrices, strict=True):
        scaled = y * resistance
        one = np.eye(ports)
        values = {"S": np.linalg.solve(one + scaled, one - scaled), "Y": scaled, "Z": np.linalg.inv(scaled)}[parameter]
        if second and parameter != "S":
            values = y if parameter == "Y" else np.linalg.inv(y)
        entries = [complex(entry) for entry in values.reshape(-1)]
        rows.append(" ".join([repr(frequency), *[shown(entry, form) for entry in entries]]))
    option = " ".join(["#", *chance.sample([unit, parameter, form, f"R {resistance:g}"], 4)])
    if second:
        head = ["[Version] 2.0", option, f"[Number of Ports] {ports}"]
        head += [f"[Two-Port Data Order] {order}"] if ports == 2 else []
        lines = [*head, f"[Number of Frequencies] {len(rows)}", "[Network Data]", *rows, "[End]"]
    else:
        lines = ["! a comment", option, *rows]
    return File("\n".join(lines) + "\n", [frequency * HERTZ[unit] for frequency in written], np.array(matrices))


def random_admittance(chance: random.Random, ports: int) -> np.ndarray:
    """A symmetric admittance [S] whose real part is positive definite, and not far from 1/50 ohm."""

    def part(low: float, high: float) -> float:
        return low * (high / low) ** chance.random()

    if ports == 1:
        return np.array([[complex(part(1e-3, 1e-1), chance.uniform(-0.05, 0.05))]])
    transfer = complex(-part(1e-3, 1e-2), chance.uniform(-0.01, 0.01))
    shunts = [complex(part(1e-3, 1e-1), chance.uniform(-0.05, 0.05)) for _ in range(2)]
    return np.array([[shunts[0] - transfer, transfer], [transfer, shunts[1] - transfer]])


def shown(value: complex, form: str) -> str:
    """A complex number in two columns."""
    if form == "RI":
        return f"{value.real:.13g} {value.imag:.13g}"
    size, degrees = abs(value), math.degrees(cmath.phase(value))
    return f"{20.0 * math.log10(size):.14g} {degrees:.13g}" if form == "DB" else f"{size:.14g} {degrees:.13g}"
