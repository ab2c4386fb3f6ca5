"""Random devices of thirty structures, thrown at every question; their heats are checked by routes of their own.

Few structures and many values: a structure compiles once. A number that is not marked as unknown (NaN, a status, a sentence) has to
pass: energy balance of every island, agreement with the adaptive integral, and no heat from cold to hot where no work is done.
"""

import random
from functools import cache

import numpy as np
from tests.hostile.bounded import Bounds, Tally, WrongNumberError, run_cases

from subkelvin import Status, report, stability, steady_state
from subkelvin.analysis.report import Report
from subkelvin.balance.fluctuations import fluctuations
from subkelvin.balance.small_signal import small_signal
from subkelvin.balance.steady import SteadyState
from subkelvin.devicefile import loads
from subkelvin.model import Device
from subkelvin.sweeps.photons import heat_matrix

BOUNDS = Bounds(seconds=120.0, gigabytes=8.0)
"""Of a case whose structure has yet to be compiled, on a busy machine."""
STRUCTURES = 30
BALANCE = 1e-6
"""Of the largest flow: a steady state is said to be converged at 1e-3 or better; the solver's own promise is far below this."""
AGREEMENT = 1e-3
"""Between two routes to a photonic heat, relative to the larger, where both are known: what "not known to three digits" leaves."""
MATERIALS = """
superconductors.Al = { base = "aluminium", critical_temperature = "1.2 K", dynes = 1e-4 }
metals.Cu = { base = "copper" }
islands.bath.temperature = "50 mK"
"""


def run(count: int, seed: int, processes: int = 2) -> Tally:
    """Judge so many devices."""
    return run_cases(__name__, count, seed, BOUNDS, processes)


def prepare() -> None:
    """Nothing: a structure compiles when it comes."""


def judge(chance: random.Random) -> str:
    """Make a device, ask it one question, and check the answer."""
    device = random_device(chance)
    state = steady_state(device)
    good = Status(int(state.status)) is Status.CONVERGED
    if good:
        check_balance(device, state)
    question = chance.choice(["matrix", "report", "stability", "small signal", "fluctuations", "none"])
    if question == "matrix":
        check_routes(device)
    elif question == "report":
        check_report(report(device))
    elif question == "stability" and good:
        stability(device, state.temperatures)
    elif question == "small signal" and good and device.structure.floating_islands:
        small_signal(device, f"islands.{device.structure.floating_islands[0].name}.power", np.array([1.0, 1e3, 1e6]))
    elif question == "fluctuations" and good and device.structure.floating_islands:
        fluctuations(device)
    return "good"


def check_balance(device: Device, state: SteadyState) -> None:
    """Energy: what enters every floating island leaves it. Second law: photons and wires carry heat from hot to cold."""
    flows = np.asarray(state.watts).tolist()
    largest = max((abs(watts) for watts in flows), default=0.0)
    kelvins = {name: float(kelvin) for name, kelvin in state.temperatures.items()}
    for island in device.structure.floating_islands:
        into = sum(w for p, w in zip(state.paths, flows, strict=True) if p.target == island.name)
        out = sum(w for p, w in zip(state.paths, flows, strict=True) if p.source == island.name)
        if not abs(into - out) <= BALANCE * largest:
            raise WrongNumberError(f"{into} W enter {island.name}, {out} W leave it: {described(device)}")
    for path, watts in zip(state.paths, state.watts, strict=True):
        if path.kind in ("photon", "electron-phonon", "normal-wire") and path.source and path.target:
            downhill = float(watts) * (kelvins[path.source] - kelvins[path.target])
            if downhill < -BALANCE * largest:
                raise WrongNumberError(
                    f"{path.kind} heat {float(watts)} W flows uphill from {path.source}: {kelvins}, {described(device)}"
                )


def check_routes(device: Device) -> None:
    """The route that the program takes and the adaptive integral have to agree where both are known."""
    kelvins = {island.name: 0.05 + 0.02 * k for k, island in enumerate(device.structure.islands)}
    taken = heat_matrix(device, kelvins)
    integral = heat_matrix(device, kelvins, route="integral")
    a, b = np.asarray(taken["heat"], dtype=float), np.asarray(integral["heat"], dtype=float)
    errors = np.nan_to_num(np.asarray(taken["error"], dtype=float)) + np.nan_to_num(
        np.asarray(integral["error"], dtype=float)
    )
    known = np.isfinite(a) & np.isfinite(b)
    scale = np.max(np.abs(np.where(known, b, 0.0)), initial=0.0)
    if np.any(known & (np.abs(a - b) > errors + AGREEMENT * np.maximum(np.abs(a), np.abs(b)) + 1e-12 * scale)):
        raise WrongNumberError(
            f"heats are {a.tolist()} by one route, {b.tolist()} by the integral: {described(device)}"
        )


def check_report(answer: Report) -> None:
    """Temperatures of an answer that is called converged are numbers."""
    told = answer.to_dict()
    if told["status"] == "converged" and not all(kelvin and kelvin > 0.0 for kelvin in told["temperatures_K"].values()):
        raise WrongNumberError(f"converged without temperatures: {told['temperatures_K']}")


def described(device: Device) -> str:
    """What makes a device again."""
    return f"{device.structure.name}, {device.values}"


@cache
def structure(number: int) -> Device:
    """One of the structures: a chain of nodes with two to five islands, and what stands between them."""
    chance = random.Random(f"structure {number}")
    floating = number % 5
    lines = [f'name = "structure {number}"', MATERIALS]
    for k in range(max(floating, 1)):
        kind = 'power = "1 fW"\nphonons = "bath"\nparts = [{ material = "Cu", volume = "0.01 um^3" }]'
        lines.append(f"[islands.i{k}]\n{kind if k < floating else 'temperature = ' + chr(34) + '100 mK' + chr(34)}")
    islands = ["bath", *[f"i{k}" for k in range(max(floating, 1))]]
    nodes = [f"n{k}" for k in range(chance.randrange(1, 3))]
    for k, island in enumerate(islands):
        lines.append(f"[elements.e{k}]\n{dissipative(chance, chance.choice(nodes), island)}")
    for k, node in enumerate(nodes):
        lines.append(f'[elements.c{k}]\nkind = "capacitor"\nnodes = ["{node}", "ground"]\ncapacitance = "10 fF"')
    if len(nodes) == 2:
        between = chance.choice([
            'kind = "line"\ncharacteristic_impedance = "50 ohm"\ndelay = "2 ps"',
            'kind = "line"\ncharacteristic_impedance = "50 ohm"\ndelay = "2 ps"\nattenuation = 0.1\nisland = "bath"',
            'kind = "inductor"\ninductance = "1 nH"', 'kind = "capacitor"\ncapacitance = "20 fF"',
            'kind = "superconductor"\nresistance = "100 ohm"\nsuperconductor = "Al"\nisland = "bath"',
        ])  # fmt: skip
        lines.append(f'[elements.b]\nnodes = ["n0", "n1"]\n{between}')
    if floating > 1 and chance.random() < 0.5:
        lines.append('[links.l]\nkind = "normal-wire"\nfrom = "i0"\nto = "i1"\nresistance = "10 kohm"')
    return loads("\n".join(lines))


def dissipative(chance: random.Random, node: str, island: str) -> str:
    """An element that radiates, from a node to the ground."""
    ends = f'nodes = ["{node}", "ground"]\nisland = "{island}"'
    return chance.choice([
        f'kind = "resistor"\n{ends}\nresistance = "50 ohm"',
        f'kind = "nis"\n{ends}\nsuperconductor = "Al"\nresistance = "1 kohm"\ncapacitance = "50 fF"',
        f'kind = "nis"\nadmittance = "dynamic"\n{ends}\nsuperconductor = "Al"\nresistance = "1 kohm"\ncapacitance = "50 fF"',
        f'kind = "table"\n{ends}\noutside = "hold"\nfrequency = ["1 GHz", "30 GHz"]\ny11 = [["20 mS", "0 S"], ["10 mS", "5 mS"]]',
    ])  # fmt: skip


def random_device(chance: random.Random) -> Device:
    """A structure with values of its own."""
    device = structure(chance.randrange(STRUCTURES))
    spread = {
        "power": 1.0,
        "temperature": 0.5,
        "resistance": 1.0,
        "capacitance": 1.0,
        "volume": 0.5,
        "delay": 1.0,
        "inductance": 1.0,
    }
    changes = {}
    for path, value in device.values.items():
        decades = spread.get(path.rpartition(".")[2])
        if decades is not None and value:
            changes[path] = float(value) * 10.0 ** chance.uniform(-decades, decades)
    return device.replace(changes)
