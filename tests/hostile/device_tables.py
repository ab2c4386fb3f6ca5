"""Random devices as the tables of a device file, with the numbers that they mean."""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.hostile.quantities import Written, written

from subkelvin.circuit.elements import ELEMENT_KINDS
from subkelvin.heat.links import LINK_KINDS
from subkelvin.model.vocabulary import ISLAND, METAL, PART, SUPERCONDUCTOR, TABLE, Field

Row = tuple[float, tuple[complex, ...]]


@dataclass
class Meant:
    """What the tables mean: SI values by path, and rows of measured elements (rad/s, S) by element."""

    values: dict[str, float] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)


def random_tables(chance: random.Random) -> tuple[dict[str, Any], Meant]:
    """A device file that has to be accepted by the reader, though perhaps not by the checks of its circuit."""
    meant = Meant()
    tables: dict[str, Any] = {}
    if chance.random() < 0.8:
        tables["name"] = chance.choice(["two resistors", "Γ/Δ0", 'quoted "name"', "a\\b", "ж"])
    if chance.random() < 0.3:
        tables["admittance"] = chance.choice(["static", "dynamic"])
    tables["superconductors"] = {"Al": superconductor(chance, meant, "superconductors.Al")}
    tables["metals"] = {"Cu": metal(chance, meant, "metals.Cu")}
    names = [f"i{k}" for k in range(chance.randrange(2, 6))]
    tables["islands"] = {
        name: island(chance, meant, name, held=k == 0 or chance.random() < 0.3) for k, name in enumerate(names)
    }
    tables["elements"] = elements(chance, meant, names)
    tables["links"] = {f"l{k}": link(chance, meant, f"links.l{k}", names) for k in range(chance.choice([0, 0, 1, 2]))}
    if meant.values and chance.random() < 0.5:
        paths = chance.sample(sorted(meant.values), k=min(3, len(meant.values)))
        tables["assumed"] = [
            {
                "because": "nobody measured it",
                "values": [path for path in paths if not path.endswith("_exponent")] or ["islands.*.power"],
            }
        ]
        if tables["assumed"][0]["values"] == ["islands.*.power"] and not any(
            p.endswith(".power") for p in meant.values
        ):
            del tables["assumed"]
    return tables, meant


def numbers(
    chance: random.Random, meant: Meant, path: str, fields: Mapping[str, Field], required: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Keys with quantities: those that are required, and some of the others."""
    table: dict[str, Any] = {}
    for key, one in fields.items():
        if key.endswith("_exponent") or not (one.required or key in required or chance.random() < 0.4):
            continue
        exponent = chance.choice([4, 5, 6]) if one.unit.endswith("^-n") else 5
        quantity = written(chance, one, exponent)
        # At the ends of a range, rounding to few digits can lead out of it.
        while not one.holds(quantity.value):
            quantity = written(chance, one, exponent)
        table[key] = bare(chance, quantity) if not one.unit else quantity.text
        meant.values[f"{path}.{key}"] = quantity.value
        if one.unit.endswith("^-n"):
            meant.values[f"{path}.{key}_exponent"] = float(exponent)
    return table


def bare(chance: random.Random, quantity: Written) -> float | str:
    """A pure number, which may stand in quotes."""
    return quantity.value if chance.random() < 0.8 else quantity.text


def superconductor(chance: random.Random, meant: Meant, path: str) -> dict[str, Any]:
    """A superconductor of the library, or of its own numbers."""
    if chance.random() < 0.5:
        some = {key: one for key, one in SUPERCONDUCTOR.items() if chance.random() < 0.3} | {
            "dynes": SUPERCONDUCTOR["dynes"]
        }
        return {"base": "aluminium", **numbers(chance, meant, path, some)}
    return {"gap_model": chance.choice(["bcs", "interpolated"]), **numbers(chance, meant, path, SUPERCONDUCTOR)}


def metal(chance: random.Random, meant: Meant, path: str) -> dict[str, Any]:
    """A metal of the library, or of its own numbers."""
    if chance.random() < 0.5:
        return {"base": chance.choice(["silver", "copper"])}
    return numbers(chance, meant, path, METAL)


def island(chance: random.Random, meant: Meant, name: str, held: bool) -> dict[str, Any]:
    """An island that is held, or floats on phonons of the first one."""
    path = f"islands.{name}"
    keys = ("temperature",) if held else ("power",)
    fields = {key: one for key, one in ISLAND.items() if key in (*keys, "parasitic_power", "lattice_heat_capacity")}
    table = numbers(chance, meant, path, fields, keys)
    if name != "i0" and chance.random() < 0.6:
        table["phonons"] = "i0"
        table["parts"] = [
            {"material": chance.choice(["Al", "Cu"]), **numbers(chance, meant, f"{path}.parts.{k}", PART)}
            for k in range(chance.randrange(1, 3))
        ]
    return table


def elements(chance: random.Random, meant: Meant, islands: list[str]) -> dict[str, Any]:
    """Elements of all kinds between some nodes."""
    tables: dict[str, Any] = {}
    nodes = ["ground", "a", "b", "c"][: chance.randrange(2, 5)]
    for k in range(chance.randrange(1, 8)):
        path, kind = f"elements.e{k}", chance.choice(list(ELEMENT_KINDS))
        grounded = kind in ("line", "two-port")
        if kind == "mutual" or (grounded and len(nodes) < 3):
            kind, grounded = "inductor", False
        ends = chance.sample([node for node in nodes if node != "ground" or not grounded], 2)
        table: dict[str, Any] = {"kind": kind, "nodes": ends}
        fields = dict(ELEMENT_KINDS[kind].numbers)
        if kind in ("nis", "nin"):
            gone = (
                ("resistance", "capacitance")
                if chance.random() < 0.5
                else ("area", "specific_resistance", "specific_capacitance")
            )
            fields = {key: one for key, one in fields.items() if key not in gone and key != "junctions"}
            if chance.random() < 0.5:
                table["junctions"] = chance.randrange(1, 100)
                meant.values[f"{path}.junctions"] = float(table["junctions"])
            table |= numbers(chance, meant, path, fields, tuple(key for key in fields if key != "line_inductance"))
        else:
            table |= numbers(chance, meant, path, fields)
        if kind in ("nis", "superconductor"):
            table["superconductor"] = "Al"
        if kind in ("table", "two-port"):
            table |= rows(chance, meant, f"e{k}", ports=1 if kind == "table" else 2)
        lossy = kind == "line" and meant.values.get(f"{path}.attenuation", 0.0) > 0.0
        if lossy or kind not in ("capacitor", "inductor", "squid", "line"):
            table["island"] = chance.choice(islands)
        tables[f"e{k}"] = table
    inductors = [name for name, table in tables.items() if table["kind"] == "inductor"]
    if len(inductors) > 1 and chance.random() < 0.5:
        tables["m"] = {
            "kind": "mutual",
            "couples": chance.sample(inductors, 2),
            **numbers(chance, meant, "elements.m", dict(ELEMENT_KINDS["mutual"].numbers)),
        }
    return tables


def rows(chance: random.Random, meant: Meant, name: str, ports: int) -> dict[str, Any]:
    """The rows of a passive measured element."""
    table: dict[str, Any] = {"outside": chance.choice(["hold", "refuse"])}
    hertz = sorted(
        {written_hertz(chance) for _ in range(chance.randrange(2, 6))} | {Written("1 Hz", 1.0), Written("2 THz", 2e12)},
        key=lambda f: f.value,
    )
    hertz = [f for k, f in enumerate(hertz) if k == 0 or f.value > hertz[k - 1].value]
    table["frequency"] = [f.text for f in hertz]
    siemens = TABLE["admittance"]

    def quantity(size: float) -> Written:
        return written(chance, Field(siemens.unit, 0.1 * size, size, "", "", ""))

    if ports == 1:
        pairs = [(quantity(1e-2), quantity(1e-3)) for _ in hertz]
        table["y11"] = [[real.text, imaginary.text] for real, imaginary in pairs]
        admittance: list[tuple[complex, ...]] = [(complex(real.value, imaginary.value),) for real, imaginary in pairs]
    else:
        # Real parts on the diagonal that exceed the others make Re Y positive definite.
        entries = [(quantity(1e-1), quantity(1e-3), quantity(1e-1)) for _ in hertz]
        imaginary = [(quantity(1.0), quantity(1.0), quantity(1.0)) for _ in hertz]
        for k, key in enumerate(("y11", "y12", "y22")):
            table[key] = [[real[k].text, other[k].text] for real, other in zip(entries, imaginary, strict=True)]
        numbers_of = [
            tuple(complex(r.value, i.value) for r, i in zip(re, im, strict=True))
            for re, im in zip(entries, imaginary, strict=True)
        ]
        admittance = [(y11, y12, y12, y22) for y11, y12, y22 in numbers_of]
    meant.rows[name] = [(2.0 * math.pi * f.value, y) for f, y in zip(hertz, admittance, strict=True)]
    return table


def written_hertz(chance: random.Random) -> Written:
    """A frequency between 1 Hz and 1 THz."""
    return written(chance, Field("Hz", 1.0, 1e12, "", "", ""))


def link(chance: random.Random, meant: Meant, path: str, islands: list[str]) -> dict[str, Any]:
    """A link of any kind between two islands."""
    kind = chance.choice(list(LINK_KINDS))
    first, second = chance.sample(islands, 2)
    fields = {key: one for key, one in LINK_KINDS[kind].numbers.items() if key != "junctions"}
    table = {"kind": kind, "from": first, "to": second, **numbers(chance, meant, path, fields)}
    ends = {
        "nis-tunnel": ("superconductor",),
        "sis-tunnel": ("superconductor_from", "superconductor_to"),
        "superconducting-wire": ("superconductor",),
    }
    return table | dict.fromkeys(ends.get(kind, ()), "Al")
