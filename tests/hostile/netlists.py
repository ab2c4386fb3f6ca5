"""Hostile SPICE netlists: circuits with values in all of SPICE's spellings, then damaged.

What is not damaged must become the device that was meant, every number with the scale factor that SPICE gives it; whatever is read
must come back from the device file that is written.
"""

import random
import tomllib
from decimal import Decimal
from typing import NamedTuple

from tests.hostile.bounded import Bounds, Tally, WrongNumberError, run_cases
from tests.hostile.mutation import mutated

from subkelvin.devicefile import loads
from subkelvin.devicefile.schema import check_shape
from subkelvin.devicefile.spice import read_spice, spice_to_device_file
from subkelvin.model import DeviceError

BOUNDS = Bounds(seconds=5.0, gigabytes=1.0)
UNDAMAGED = 0.2
SCALES = {
    "": 0,
    "T": 12,
    "g": 9,
    "Meg": 6,
    "MEG": 6,
    "k": 3,
    "K": 3,
    "m": -3,
    "M": -3,
    "u": -6,
    "n": -9,
    "p": -12,
    "f": -15,
}
UNITS = {"r": ("", "", "Ohm"), "c": ("", "", "F"), "l": ("", "", "H")}
SIZES = {"r": (1.0, 1e6), "c": (1e-18, 1e-9), "l": (1e-15, 1e-3)}
WORDS = [
    "R1", "C2", "L1", "K1", "T1", "X1", "V1", "I1", "Q1", "B1", "0", "gnd", "GND", "a", "b", "ground", "50", "1M",
    "1F", "1a", "10q", "{r}", "{r",
    "'2*r'", ".param r=50", ".subckt s a b", ".ends", ".ends s", "s", ".end", ".title", ".include x", ".model",
    ".temp 27", ".options", "*", ";",
    "$", "//", "+", ";@", ";@ island=hot", "*@island", "*@island hot temperature=0.3", "*@island hot power=1f",
    "temperature=1K", "Z0=50", "TD=1n",
    "F=1G", "NL=.3", "params:", "m=2", "tc=1", "=", "==", "r=r=1", "1e999", "-1", "0x1", "nan", "\x00", "\x1b",
    "\ufeff", "\u200b", "\ud800", "é", "\n",
    "\r", "\x0b", "\x0c", "\x85", "\u2028", "x" * 70, "9" * 500, "", " ",
]  # fmt: skip


class Netlist(NamedTuple):
    """A netlist, and the values that it means [SI] by element and key."""

    text: str
    meant: dict[str, tuple[str, float]]


def run(count: int, seed: int, processes: int = 2) -> Tally:
    """Judge so many netlists."""
    return run_cases(__name__, count, seed, BOUNDS, processes)


def prepare() -> None:
    """Import all that reading needs."""
    check_shape(read_spice("t\nR1 a 0 50\n"))


def judge(chance: random.Random) -> str:
    """Make a netlist, read it, and compare what was read with what was meant."""
    netlist = random_netlist(chance)
    if chance.random() < UNDAMAGED:
        try:
            tables = examine(netlist.text)
        except DeviceError as error:
            raise WrongNumberError(f"refused, though nothing is wrong: {error}\n{netlist.text}") from None
        device = loads(spice_to_device_file(netlist.text))
        if set(tables) != set(netlist.meant):
            raise WrongNumberError(
                f"{sorted(tables)} was read, but {sorted(netlist.meant)} was meant in\n{netlist.text}"
            )
        for name, (key, value) in netlist.meant.items():
            if device.values[f"elements.{name}.{key}"] != value:
                raise WrongNumberError(
                    f"{name}: {device.values[f'elements.{name}.{key}']!r}, but {value!r} was meant in\n{netlist.text}"
                )
        return "good"
    text = mutated(chance, netlist.text, WORDS, chance.choice([1, 1, 2, 4]))
    examine(text)
    loads(spice_to_device_file(text))
    return "good"


def examine(text: str) -> dict[str, object]:
    """The elements that a netlist means.

    Raises:
        WrongNumberError: unless the device file that is written says what was read.
        DeviceError: if it is refused, which is a good end.
    """
    tables = read_spice(text)
    written = spice_to_device_file(text)
    if tomllib.loads(written) != tables:
        raise WrongNumberError(f"what is written is not what was read in\n{text!r:.3000}")
    elements: dict[str, object] = tables["elements"]
    return elements


def random_netlist(chance: random.Random) -> Netlist:
    """A chain of elements from a first resistor to a last one, some of its parts in subcircuits, with parameters and comments."""
    meant: dict[str, tuple[str, float]] = {}
    parameters: list[str] = []
    lines = [chance.choice(["a filter", "* title", ".title two resistors", "1 2 3", ""])]
    nodes = ["0", *[f"n{k}" for k in range(chance.randrange(1, 5))]]
    kinds = ["r", "r", *[chance.choice("rrcclt") for _ in range(chance.randrange(6))]]
    for k, kind in enumerate(kinds):
        name = f"{chance.choice([kind, kind.upper()])}{k}"
        first, second = chance.sample(nodes, 2)
        if kind == "t":
            if len(nodes) < 3:
                continue
            first, second = chance.sample(nodes[1:], 2)
            delay, seconds = number(chance, 1e-12, 1e-9)
            lines.append(f"{name} {first} 0 {second} gnd Z0=50{chance.choice(['', 'ohm'])} TD={delay}")
            meant[name] = ("delay", seconds)
            continue
        text, value = number(chance, *SIZES[kind])
        text += chance.choice(UNITS[kind]) if text[-1:] not in "0123456789." or kind == "r" else ""
        if chance.random() < 0.2:
            parameters.append(f".param p{k} = {text}")
            text = f"{{p{k}}}"
        remark = chance.choice(["", "", " ; a remark", " $ another", " // a third"])
        remark = chance.choice([remark, f" ;@ island={chance.choice(['hot', 'cold'])}"]) if kind == "r" else remark
        continued = chance.choice([" ", " ", "  ", "\t", "\n+ "])
        lines.append(f"{name} {first} {second}{continued}{text}{remark}")
        meant[name] = ({"r": "resistance", "c": "capacitance", "l": "inductance"}[kind], value)
    lines[1:1] = parameters
    first_resistor = lines[1 + len(parameters)]
    island = first_resistor.split("island=")[1] if "island=" in first_resistor else first_resistor.split()[0]
    lines.append(f"*@island {island} temperature=0.1")
    lines += chance.choice([[], [".end"], [".ac dec 10 1 1G", ".end"]])
    return Netlist(chance.choice(["\n", "\n", "\r\n"]).join(lines) + "\n", meant)


def number(chance: random.Random, low: float, high: float) -> tuple[str, float]:
    """A number as SPICE writes it, and its value by exact arithmetic."""
    value = low * (high / low) ** chance.random()
    scale = chance.choice(list(SCALES))
    digits = Decimal(f"{Decimal(value).scaleb(-SCALES[scale]):.{chance.randrange(8)}e}")
    text = f"{digits:f}" if -6 < digits.adjusted() < 6 and chance.random() < 0.7 else f"{digits:e}"
    return text + scale, float(digits.scaleb(SCALES[scale]))
