"""Hostile device files: devices of every kind of table, written in every way of TOML, then damaged.

What is not damaged must load, and every number must be the one that was meant; what is damaged must load as a device whose numbers
lie in their ranges and which survives being written and read, or be refused with a sentence.
"""

import json
import os
import random
import tempfile
from pathlib import Path
from typing import Any

from tests.hostile.bounded import Bounds, Tally, WrongNumberError, run_cases
from tests.hostile.device_tables import Meant, random_tables
from tests.hostile.mutation import mutated
from tests.hostile.quantities import PREFIXES

from subkelvin.circuit.elements import ELEMENT_KINDS
from subkelvin.devicefile import dump, load, loads, preset_names, preset_text, validate
from subkelvin.devicefile.overrides import parse_override
from subkelvin.heat.links import LINK_KINDS
from subkelvin.model import Device, DeviceError
from subkelvin.model.device import check_range
from subkelvin.model.vocabulary import METAL

BOUNDS = Bounds(seconds=5.0, gigabytes=1.0)
UNDAMAGED = 0.2
"""The fraction of the files that stay as they are."""
WORDS = [
    *ELEMENT_KINDS, *LINK_KINDS, *METAL, "ground", "GND", "0", "bath", "left", "a", "Al", "islands", "elements", "links", "metals",
    "parts", "superconductors", "assumed", "sourced", "values", "because", "*", "elements.*.area", "temperature", "power",
    "nodes", "kind",
    "true", "nan", "inf", "-1", "1e400", "10 mK", "10 fW", "um^0", "1 um^0", "0.01 W^99", "fWs", "K^-5", "Ω", "\\u001b[2J",
    "\"\"\"", "'''", "[[", "]]", "{", "}", "=", ".", "a.a.a.a", "a." * 40, "a." * 500, "[" * 100, "{a=" * 100, "# ",
    "\\", "1979-05-27",
    "07:32:00", "0xdeadbeef", "1_000", "9" * 5000, "x" * 200, "../x.s1p", "/dev/zero", "/dev/stdin", ".", "", " ",
    "\n", "\ufeff", "\ud800",
    *[f"1 {prefix}W" for prefix in PREFIXES], *[f"3 {prefix}{prefix}K" for prefix in PREFIXES],
]  # fmt: skip
_FOLDER: list[Path] = []


def run(count: int, seed: int, processes: int = 2) -> Tally:
    """Judge so many files."""
    return run_cases(__name__, count, seed, BOUNDS, processes)


def prepare() -> None:
    """Import all that reading needs, so that no case pays for it, and make a folder for the files."""
    validate(loads(preset_text(preset_names()[0])))
    _FOLDER[:] = [Path(tempfile.mkdtemp(prefix="hostile-"))]


def judge(chance: random.Random) -> str:
    """Make a file, read it, and compare what was read with what was meant."""
    tables, meant = random_tables(chance)
    text = toml(chance, tables)
    if chance.random() < UNDAMAGED:
        try:
            device = read(chance, text.encode(), damaged=False)
        except DeviceError as error:
            raise WrongNumberError(f"refused, though nothing is wrong: {error}\n{text}") from None
        compare(device, meant, text)
        return "good"
    if chance.random() < 0.1:
        text = preset_text(chance.choice(preset_names()))
    text = mutated(chance, text, WORDS, chance.choice([1, 1, 1, 2, 4]))
    device = read(chance, encoded(chance, text), damaged=True)
    examine(device, text)
    return "good"


def read(chance: random.Random, content: bytes, damaged: bool) -> Device:
    """The device in a file of that content, with a change from outside now and then."""
    file = _FOLDER[0] / "device.toml"
    if file.is_symlink() or file.exists():
        file.unlink()
    if damaged and chance.random() < 0.002:
        os.mkfifo(file)
    elif damaged and chance.random() < 0.002:
        file.symlink_to(
            chance.choice([file, file.parent, Path("/dev/zero"), Path("/dev/null"), Path("/proc/self/mem")])
        )
    else:
        file.write_bytes(content)
    changes = []
    if damaged and chance.random() < 0.2:
        option = f"{chance.choice(['islands.i0.power', 'elements.e0', 'name', 'islands'])}={chance.choice(WORDS)}"
        changes = [parse_override(mutated(chance, option, WORDS, chance.randrange(3)))]
    return load(file, overrides=changes)


def encoded(chance: random.Random, text: str) -> bytes:
    """A text as bytes, in UTF-8 or in what some editor makes of it."""
    encoding = chance.choice(["utf-8"] * 12 + ["utf-8-sig", "utf-8-sig", "utf-16", "latin-1", "utf-32"])
    return text.encode(encoding, errors=chance.choice(["replace", "ignore"]))


def compare(device: Device, meant: Meant, text: str) -> None:
    """Raise WrongNumberError unless every number is the one that was meant, and nothing else was read."""
    for path, value in meant.values.items():
        if device.values.get(path) != value:
            raise WrongNumberError(f"{path} is {device.values.get(path)!r}, but {value!r} was meant in\n{text}")
    for element in device.structure.elements:
        if element.table is not None:
            rows = list(zip(element.table.frequency, element.table.admittance, strict=True))
            for (frequency, admittance), (other, expected) in zip(rows, meant.rows[element.name], strict=True):
                # Rounding of a product and of a complex quotient: some units of the last digit.
                if abs(frequency - other) > 1e-15 * other or any(
                    abs(a - b) > 1e-14 * abs(b) for a, b in zip(admittance, expected, strict=True)
                ):
                    raise WrongNumberError(
                        f"a row of {element.name} is {frequency}, {admittance}; {other}, {expected} was meant in\n{text}"
                    )
    examine(device, text)


def examine(device: Device, text: str) -> None:
    """Raise WrongNumberError unless all numbers lie in their ranges and the device survives being written and read.

    Raises:
        DeviceError: if it cannot be computed, which is a good end of its own.
    """
    try:
        for path, value in device.values.items():
            check_range(path, value, device.element_kind(path))
        again = loads(dump(device))
    except DeviceError as error:
        raise WrongNumberError(f"after reading: {error}\n{text:.3000}") from None
    if again.values != device.values or _without_tables(again) != _without_tables(device):
        raise WrongNumberError(f"written and read, it is another device:\n{text:.3000}")
    validate(device)


def _without_tables(device: Device) -> Any:
    """The structure but for measured rows, whose frequencies are rounded when they are written in hertz."""
    return (
        [(e.name, e.kind.name, e.nodes, e.island, e.dynamic) for e in device.structure.elements],
        device.structure.links,
        device.structure.islands,
    )


def toml(chance: random.Random, tables: dict[str, Any]) -> str:
    """Tables as TOML, each in one of the ways that TOML has for it."""
    lines: list[str] = []
    sections: list[str] = []
    for key, value in tables.items():
        if not isinstance(value, dict):
            if isinstance(value, list) and chance.random() < 0.7:
                for one in value:
                    sections += [f"[[{key}]]", *[f"{k} = {inline(chance, v)}" for k, v in one.items()]]
            else:
                lines.append(f"{key} = {inline(chance, value)}")
            continue
        for name, table in value.items():
            style = chance.choice(["section", "section", "inline", "dotted"])
            if style == "inline":
                lines.append(f"{key}.{name} = {inline(chance, table)}")
            elif style == "dotted":
                lines += [f"{key}.{name}.{k} = {inline(chance, v)}" for k, v in table.items()] or [
                    f"{key}.{name} = {{}}"
                ]
            else:
                sections += ["", f"[{key}.{name}]", *[f"{k} = {inline(chance, v)}" for k, v in table.items()]]
    return "\n".join([*lines, *sections]) + "\n"


def inline(chance: random.Random, value: Any) -> str:
    """A value in one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {inline(chance, v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(inline(chance, one) for one in value) + "]"
    if isinstance(value, str):
        return f"'{value}'" if chance.random() < 0.3 and "'" not in value else json.dumps(value, ensure_ascii=False)
    return repr(value)
