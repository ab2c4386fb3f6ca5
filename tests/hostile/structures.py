"""Structures of random devices: what stands where. Few, because each compiles for a minute; their values are drawn anew."""

import random
from functools import cache

from subkelvin.devicefile import loads
from subkelvin.model import Device

STRUCTURES = 36
"""Every connection between the two nodes four times, every count of floating islands seven times."""
MOST_FLOATING = 4
MATERIALS = """
superconductors.Al = { base = "aluminium", critical_temperature = "1.2 K", dynes = 1e-4 }
metals.Cu = { base = "copper" }
islands.bath.temperature = "50 mK"
islands.warm.temperature = "120 mK"
"""
BETWEEN = {
    "none": "",
    "lossless line": '[elements.b]\nkind = "line"\nnodes = ["n0", "n1"]\ncharacteristic_impedance = "50 ohm"\ndelay = "2 ps"',
    "lossy line": '[elements.b]\nkind = "line"\nnodes = ["n0", "n1"]\ncharacteristic_impedance = "50 ohm"\ndelay = "2 ps"\n'
    'attenuation = 0.1\nisland = "bath"',
    "wire": '[elements.b]\nkind = "superconductor"\nnodes = ["n0", "n1"]\nresistance = "100 ohm"\nsuperconductor = "Al"\n'
    'island = "bath"',
    "two-port": '[elements.b]\nkind = "two-port"\nnodes = ["n0", "n1"]\nisland = "bath"\noutside = "hold"\n'
    'frequency = ["1 GHz", "8 GHz", "40 GHz"]\ny11 = [["20 mS", "0 S"], ["15 mS", "4 mS"], ["25 mS", "-3 mS"]]\n'
    'y12 = [["-8 mS", "1 mS"], ["-5 mS", "-2 mS"], ["-9 mS", "0 S"]]\n'
    'y22 = [["18 mS", "0 S"], ["14 mS", "2 mS"], ["12 mS", "6 mS"]]',
    "inductor": '[elements.b]\nkind = "inductor"\nnodes = ["n0", "n1"]\ninductance = "1 nH"',
    "capacitor": '[elements.b]\nkind = "capacitor"\nnodes = ["n0", "n1"]\ncapacitance = "20 fF"',
    "squid": '[elements.b]\nkind = "squid"\nnodes = ["n0", "n1"]\ncritical_current = "1 uA"\nflux = 0.25',
    "transformer": '[elements.p]\nkind = "inductor"\nnodes = ["n0", "ground"]\ninductance = "1 nH"\n'
    '[elements.s]\nkind = "inductor"\nnodes = ["n1", "ground"]\ninductance = "2 nH"\n'
    '[elements.b]\nkind = "mutual"\ncouples = ["p", "s"]\ncoupling = 0.5',
}
"""What joins both nodes, if there are two."""
JUNCTIONS_BY_AREA = """kind = "nis"
junctions = 2
superconductor = "Al"
area = "1 um^2"
specific_resistance = "10 ohm um^2"
specific_capacitance = "50 fF/um^2\""""
RADIATORS = (
    'kind = "resistor"\nresistance = "50 ohm"',
    'kind = "nis"\nadmittance = "static"\nsuperconductor = "Al"\nresistance = "1 kohm"\ncapacitance = "50 fF"',
    'kind = "nis"\nadmittance = "dynamic"\nsuperconductor = "Al"\nresistance = "1 kohm"\ncapacitance = "50 fF"',
    JUNCTIONS_BY_AREA,
    'kind = "nin"\nresistance = "200 ohm"\ncapacitance = "5 fF"',
    'kind = "table"\noutside = "hold"\nfrequency = ["1 GHz", "30 GHz"]\ny11 = [["20 mS", "0 S"], ["10 mS", "5 mS"]]',
)
"""What radiates from a node to the ground."""
LINKS = (
    'kind = "normal-wire"\nresistance = "10 kohm"',
    'kind = "nis-tunnel"\nsuperconductor = "Al"\nresistance = "1 kohm"\nvoltage = "200 uV"\nreturned = 0.05',
    'kind = "sis-tunnel"\nsuperconductor_from = "Al"\nsuperconductor_to = "Al"\nresistance = "500 ohm"\nphase = 0.3',
    'kind = "superconducting-wire"\nsuperconductor = "Al"\nresistance = "10 ohm"',
    'kind = "kapitza"\ncoefficient = "200 W m^-2 K^-4"\narea = "1 um^2"',
    'kind = "power-law"\ncoefficient = "1e-12 W K^-4"',
)


@cache
def structure(number: int) -> Device:
    """One of the structures: two held islands and none to four that float, on one or two nodes."""
    chance = random.Random(f"structure {number}")
    floating, between = number % (MOST_FLOATING + 1), list(BETWEEN)[number % len(BETWEEN)]
    lines = [f'name = "structure {number}: {between}, {floating} floating"', MATERIALS]
    for k in range(floating):
        part = '{ material = "Al", volume = "0.02 um^3" }' if chance.random() < 0.3 else ""
        parts = ", ".join(filter(None, ['{ material = "Cu", volume = "0.01 um^3" }', part]))
        lines.append(f'[islands.f{k}]\npower = "1 fW"\nphonons = "bath"\nparts = [{parts}]')
    islands = ["bath", "warm", *[f"f{k}" for k in range(floating)]]
    nodes = ["n0"] if between == "none" else ["n0", "n1"]
    for k, island in enumerate(islands):
        ends = f'nodes = ["{nodes[k % len(nodes)]}", "ground"]\nisland = "{island}"'
        lines.append(f"[elements.e{k}]\n{chance.choice(RADIATORS)}\n{ends}")
    for node in nodes:
        lines.append(f'[elements.c{node}]\nkind = "capacitor"\nnodes = ["{node}", "ground"]\ncapacitance = "10 fF"')
    lines.append(BETWEEN[between])
    first, second = ("f0", chance.choice(["bath", "warm"])) if floating else ("warm", "bath")
    lines.append(f'[links.l]\nfrom = "{first}"\nto = "{second}"\n{LINKS[number % len(LINKS)]}')
    if floating > 1:
        lines.append(f'[links.m]\nfrom = "f0"\nto = "f1"\n{chance.choice(LINKS)}')
    return loads("\n".join(lines))


DECADES = {
    "power": 1.5, "parasitic_power": 1.0, "temperature": 0.5, "resistance": 1.0, "capacitance": 1.0, "volume": 0.7, "delay": 1.0,
    "inductance": 1.0, "critical_current": 1.0, "characteristic_impedance": 0.5, "attenuation": 1.0, "dynes": 1.5, "area": 1.0,
    "specific_resistance": 0.5, "specific_capacitance": 0.5, "coefficient": 1.5, "critical_temperature": 0.3,
}  # fmt: skip
"""How far a positive value is drawn from the one of its structure, to either side."""
RANGES = {
    "voltage": (-6e-4, 6e-4),
    "flux": (-0.6, 0.6),
    "coupling": (-0.95, 0.95),
    "phase": (-0.5, 0.5),
    "returned": (0.0, 0.3),
}
"""Between what values of either sign are drawn."""


def is_drawn(path: str) -> bool:
    """Whether a value is drawn anew for every device; the number of junctions in a series is not."""
    return path.rpartition(".")[2] in (*DECADES, *RANGES)


def with_random_values(device: Device, chance: random.Random) -> Device:
    """The device with values of its own."""
    changes = {}
    for path, value in device.values.items():
        key = path.rpartition(".")[2]
        if key in RANGES:
            changes[path] = chance.uniform(*RANGES[key])
        elif key == "power" and chance.random() < 0.2:
            changes[path] = 0.0
        elif key in DECADES and value:
            changes[path] = float(value) * 10.0 ** chance.uniform(-DECADES[key], DECADES[key])
    return device.replace(changes)
