"""From named elements to a circuit of arrays, and the netlists that are invalid.

Unknown voltages are those along a spanning tree: inductive elements first, then resistive ones, then capacitors. At low
frequency an inductor is a short and a capacitor is open; node voltages would then differ by less than their last digit.
"""

import math
from typing import Any

import jax
import numpy as np

from subkelvin.circuit.circuit import Branches, Circuit, Lines, Lossless, TwoPorts
from subkelvin.circuit.elements import BRANCHES, Branch, values_of
from subkelvin.circuit.rational_fit import with_rational_fit
from subkelvin.constants import THERMAL_FREQUENCY
from subkelvin.model import GROUND, Device, DeviceError, Element, Structure
from subkelvin.model.stacking import Leaf, stack
from subkelvin.model.vocabulary import DISSIPATIVE

GROUNDED = ("line", "two-port")
"""Kinds that connect each of their two nodes with the ground."""
CAPACITIVE = ("nis", "nin", "capacitor")
"""Kinds with a capacitance."""
INDUCTIVE = ("inductor", "squid", "superconductor", "line")
HIGHEST_OCCUPIED = 60.0
"""In units of k_BT/ħ: beyond, thermal photons are fewer than 1e-26."""

HEADROOM = 2.0
"""A rational fit holds to so many times the temperature of the hottest held island."""
SMOOTH_PANELS = 160
MOST_PANELS = 512
"""Of an integral through lines: more would take more than a minute and gigabytes in a search for a steady state."""
HIGHEST_RIPPLE = 15.0
"""Up to this frequency, in units of k_B/ħ times one kelvin, the ripple of a line's transmission is resolved."""


def radiators(structure: Structure) -> list[Element]:
    """The elements that radiate, in the order of compiled code: branches, lossy lines, two-ports; all of which have islands.

    Branches: resistive at zero frequency, dynamic junctions, superconducting wires, measured one-ports.
    """
    elements = structure.elements
    branches = [e for e in elements if e.kind in DISSIPATIVE and e.kind != "two-port"]
    order = {"superconductor": 2, "table": 3}
    branches.sort(key=lambda e: order.get(e.kind, int(e.dynamic)))
    lines = [e for e in elements if e.kind == "line" and e.island is not None]
    return branches + lines + [e for e in elements if e.kind == "two-port"]


def radiating_pairs(structure: Structure) -> list[tuple[int, int]]:
    """Pairs of radiators (by position among them) that sit on different islands."""
    islands = [element.island for element in radiators(structure)]
    return [(i, j) for i in range(len(islands)) for j in range(i + 1, len(islands)) if islands[i] != islands[j]]


def edges(element: Element) -> list[tuple[str, str]]:
    """Between which nodes an element lets current flow."""
    if element.kind in GROUNDED:
        first, second = element.nodes
        return [(first, second), (first, GROUND), (second, GROUND)]
    return [(element.nodes[0], element.nodes[1])] if element.nodes else []


def check_circuit(structure: Structure) -> None:
    """Raise a DeviceError, naming element and node, unless currents can flow in every element and all are connected."""
    elements = [element for element in structure.elements if element.nodes]
    ends = {element.name: {node for edge in edges(element) for node in edge} for element in elements}
    for node in dict.fromkeys(node for element in elements for node in element.nodes):
        attached = [element for element in elements if node in ends[element.name]]
        if len(attached) == 1 and attached[0].kind not in GROUNDED:
            raise DeviceError(
                f"elements.{attached[0].name}.nodes",
                f"ends at node {node!r}, which no other element touches, so that no current can flow",
                "connect another element there, or remove this one",
            )
    if elements:
        reached = set(ends[elements[0].name])
        for _ in elements:
            reached |= {node for e in elements if reached & ends[e.name] for node in ends[e.name]}
        for element in elements:
            if not reached & ends[element.name]:
                raise DeviceError(
                    f"elements.{element.name}.nodes",
                    f"has no connection to {elements[0].name!r}: one device holds one connected circuit",
                    "join the two circuits at one node, such as the ground, or write two device files",
                )
    for element in elements:
        if element.table is not None and element.table.outside == "refuse":
            low, high = (one / (2.0 * math.pi) for one in (element.table.frequency[0], element.table.frequency[-1]))
            unit = HIGHEST_OCCUPIED * THERMAL_FREQUENCY / (2.0 * math.pi)
            raise DeviceError(
                f"elements.{element.name}.outside",
                f"is 'refuse', but the table covers {low:g} to {high:g} Hz, and heat needs every frequency from 0 to "
                f"{unit:.2g} Hz per kelvin of the hottest island",
                'write outside = "hold" to let the first and the last row stand for what lies beyond them',
            )


def lower_circuit(device: Device, route: str | None = None, hottest: float | None = None) -> Circuit:
    """Gather a device's elements into a Circuit.

    Args:
        device: the device.
        route: how photonic heat is to be computed; by default the fastest way that is exact for it. "rational" asks for a rational
            fit of the transmissions; without one that is good and cheap the circuit has its default route, which says so.
        hottest: highest temperature of any island for which a rational fit has to hold [K]; by default twice that of the hottest
            held island. Heat at higher temperatures is NaN.

    Raises:
        DeviceError: if the circuit is invalid.
    """
    structure = device.structure
    check_circuit(structure)
    order = [island.name for island in structure.ordered_islands]
    tree = tree_voltages(structure)
    radiating = radiators(structure)
    branches = [element for element in radiating if element.kind not in GROUNDED]
    lossy = [element for element in radiating if element.kind == "line"]
    two_ports = [element for element in radiating if element.kind == "two-port"]
    lines = lossy + [element for element in structure.elements if element.kind == "line" and element.island is None]
    lossless = _lower_lossless(device, tree)
    lowered = _lower_branches(device, branches, order, tree)
    lumped = not (lines or two_ports or lowered.dynamic or lowered.wires or lowered.table_frequency.shape[0])
    inductive = lossless.inverse_root_inductance.shape[-1] > 0
    if lumped:
        own_route = "one-pole" if tree.shape[1] == 1 and not inductive else "poles"
    elif _is_comb(device, lines, lowered, two_ports):
        own_route = "echoes"
    else:
        # A superconducting wire is an inductance: with a capacitance anywhere it may resonate.
        resonant = inductive or (lowered.wires and any(e.kind in CAPACITIVE for e in structure.elements))
        smooth = not (lines or two_ports or resonant or lowered.table_frequency.shape[0])
        own_route = "mesh" if smooth else "integral"
    wanted = route or structure.photon_route
    chosen = own_route if wanted is None or wanted == "rational" else wanted
    if chosen == "echoes" and own_route != "echoes":
        raise DeviceError(
            "elements",
            'must hold lines of one delay, and neither superconducting wires nor measured elements, for the route "echoes"',
            "leave the route out",
        )
    circuit = Circuit(
        branches=lowered,
        lossless=lossless,
        lines=_lower_lines(device, lines, lossy, order, tree),
        two_ports=TwoPorts(
            *_tables(two_ports, 2),
            incidence=_end_incidence(structure, two_ports, tree),
            islands=_islands(two_ports, order),
        ),
        fast_voltages=fast_voltages(structure, tree),
        unused=np.zeros(tree.shape[1]),
        pairs=np.array(radiating_pairs(structure), dtype=np.int64).reshape(-1, 2),
        route=chosen,
        panels=_panels(device, lines, "rational" if wanted == "rational" else chosen),
    )
    if wanted == "rational":
        return with_rational_fit(circuit, _hottest_allowed(device) if hottest is None else hottest)[0]
    return circuit


def _hottest_allowed(device: Device) -> float:
    """Twice the highest temperature of a held island that is known here [K]; NaN if none is."""
    held = [device.values[f"islands.{island.name}.temperature"] for island in device.structure.held_islands]
    return HEADROOM * max(
        (float(np.max(one)) for one in held if not isinstance(one, jax.core.Tracer)), default=math.nan
    )


def _is_comb(device: Device, lines: list[Element], branches: Branches, two_ports: list[Element]) -> bool:
    """Whether all resonances of lines are those of one delay, and everything else is known at complex frequencies."""
    measured = branches.table_frequency.shape[0] + len(two_ports)
    if not lines or measured or branches.wires:
        return False
    delays = [device.values[f"elements.{element.name}.delay"] for element in lines]
    return len(delays) == 1 or (
        not any(isinstance(delay, jax.core.Tracer) for delay in delays)
        and all(np.array_equal(delay, delays[0]) for delay in delays)
    )


def _panels(device: Device, lines: list[Element], route: str) -> int:
    """Panels for a smooth transmission, and for the integral four for each period that the lines add to it.

    A rational fit takes its derivatives by values of the circuit from the integral.

    Values that are not known here, because a derivative is taken, count with their delay at 300 mK.

    Raises:
        DeviceError: if these are more than the integral can hold.
    """
    if route not in ("integral", "rational") or not lines:
        return SMOOTH_PANELS
    known = {element.name: device.values[f"elements.{element.name}.delay"] for element in lines}
    delays = {name: float(np.max(one)) for name, one in known.items() if not isinstance(one, jax.core.Tracer)}
    panels = SMOOTH_PANELS + 4.0 * HIGHEST_RIPPLE * THERMAL_FREQUENCY * sum(delays.values()) / math.pi
    if panels > MOST_PANELS and route == "integral":
        longest = max(delays, key=delays.__getitem__)
        shortest = (MOST_PANELS - SMOOTH_PANELS) * math.pi / (4.0 * HIGHEST_RIPPLE * THERMAL_FREQUENCY)
        raise DeviceError(
            f"elements.{longest}.delay",
            f"is {delays[longest]:.3g} s, and the delays of all lines together must stay below {shortest:.2g} s beside "
            "superconducting wires and measured elements, where lines have different delays, or where the integral is asked for",
            "give all lines one delay (cut the longer ones into pieces of equal delay), or replace wires and measured "
            "elements by resistors, capacitors and inductors",
        )
    return min(MOST_PANELS, 2 ** math.ceil(math.log2(panels))) if delays else SMOOTH_PANELS


def circuit_nodes(structure: Structure) -> tuple[str, ...]:
    """All nodes, the reference first: the ground, or the first node if nothing touches the ground."""
    nodes = list(dict.fromkeys(node for element in structure.elements for edge in edges(element) for node in edge))
    reference = GROUND if GROUND in nodes or not nodes else nodes[0]
    return (reference, *(node for node in nodes if node != reference))


def fast_voltages(structure: Structure, tree: np.ndarray) -> np.ndarray:
    """Tree voltages in terms of those along a second tree, with capacitors first: at high frequency these are the shorts."""
    fast = tree_voltages(structure, capacitors_first=True)
    return np.rint(np.linalg.solve(tree[1:], fast[1:]))


def tree_voltages(structure: Structure, capacitors_first: bool = False) -> np.ndarray:
    """Voltage of every node against the reference as a sum of tree voltages, shape (nodes, nodes − 1)."""
    nodes = circuit_nodes(structure)
    place = {node: index for index, node in enumerate(nodes)}

    def preference(edge: tuple[Element, tuple[str, str]]) -> float:
        kind = edge[0].kind
        rank = 0 if kind in INDUCTIVE else 2 if kind == "capacitor" else 1
        if kind == "line" and capacitors_first:
            # Waves see each end of a line against ground, behind the inductors that lead there.
            return 0.5 if GROUND in edge[1] else 3
        return -rank if capacitors_first and not has_lines else rank

    has_lines = any(element.kind == "line" for element in structure.elements)
    candidates = sorted(((e, edge) for e in structure.elements for edge in edges(e)), key=preference)
    cluster = list(range(len(nodes)))
    neighbours: dict[int, list[tuple[int, int, float]]] = {index: [] for index in range(len(nodes))}
    count = 0
    for _, (first, second) in candidates:
        a, b = place[first], place[second]
        if cluster[a] == cluster[b]:
            continue
        neighbours[a].append((b, count, -1.0))
        neighbours[b].append((a, count, 1.0))
        count += 1
        joined, gone = cluster[a], cluster[b]
        cluster = [joined if one == gone else one for one in cluster]
    voltages = np.zeros((len(nodes), count))
    waiting, seen = [0], {0}
    while waiting and nodes:
        node = waiting.pop()
        for other, branch, sign in neighbours[node]:
            if other not in seen:
                voltages[other] = voltages[node]
                voltages[other, branch] += sign
                seen.add(other)
                waiting.append(other)
    return voltages


def _lower_branches(device: Device, elements: list[Element], order: list[str], tree: np.ndarray) -> Branches:
    structure = device.structure
    branches = [_branch(device, element) for element in elements]
    superconductors = [element.superconductor for element in elements]
    measured = [element for element in elements if element.kind == "table"]
    frequency, admittance = _tables(measured, 1)
    return Branches(
        normal_conductance=stack([branch.normal_conductance for branch in branches]),
        capacitance=stack([branch.capacitance for branch in branches]),
        critical_temperature=stack(
            [device.values[f"superconductors.{name}.critical_temperature"] if name else 0.0 for name in superconductors]
        ),
        dynes=stack([device.values[f"superconductors.{name}.dynes"] if name else 0.0 for name in superconductors]),
        gap_equation=np.array(
            [structure.superconductor(name).gap_equation if name else False for name in superconductors], dtype=bool
        ),
        islands=_islands(elements, order),
        incidence=_incidence(structure, elements, tree),
        table_frequency=frequency,
        table_admittance=admittance,
        dynamic=sum(element.dynamic for element in elements),
        wires=sum(element.kind == "superconductor" for element in elements),
        resistors_only=all(element.kind == "resistor" for element in elements),
    )


def _lower_lossless(device: Device, tree: np.ndarray) -> Lossless:
    structure = device.structure
    capacitors = [element for element in structure.elements if element.kind == "capacitor"]
    inductors = [element for element in structure.elements if element.kind in ("inductor", "squid")]
    return Lossless(
        capacitance=stack([_branch(device, element).capacitance for element in capacitors]),
        capacitor_incidence=_incidence(structure, capacitors, tree),
        inverse_root_inductance=stack([_branch(device, element).inverse_inductance ** 0.5 for element in inductors]),
        coupling=_coupling(device, [element.name for element in inductors]),
        inductor_incidence=_incidence(structure, inductors, tree),
    )


def _coupling(device: Device, inductors: list[str]) -> Leaf:
    """The matrix of coupling coefficients, 1 on its diagonal.

    Raises:
        DeviceError: if no positive energy belongs to it.
    """
    entries: list[list[Any]] = [[float(i == j) for j in inductors] for i in inductors]
    mutuals = [element for element in device.structure.elements if element.kind == "mutual"]
    for element in mutuals:
        i, j = (inductors.index(name) for name in element.couples)
        entries[i][j] = entries[j][i] = device.values[f"elements.{element.name}.coupling"]
    if not inductors:
        return np.zeros((0, 0))
    flat = stack([entry for row in entries for entry in row])
    matrix = flat.reshape(*flat.shape[:-1], len(inductors), len(inductors))
    if mutuals and isinstance(matrix, np.ndarray) and np.min(np.linalg.eigvalsh(matrix)) <= 0.0:
        names = ", ".join(repr(element.name) for element in mutuals)
        raise DeviceError(
            f"elements.{mutuals[0].name}.coupling",
            f"and the other mutual inductances ({names}) together give currents a negative magnetic energy",
            "couple the inductors less",
        )
    return matrix


def _lower_lines(
    device: Device, lines: list[Element], lossy: list[Element], order: list[str], tree: np.ndarray
) -> Lines:
    values = [values_of(device, element) for element in lines]
    for element, one in zip(lines, values, strict=True):
        attenuation = one["attenuation"]
        # Without an island the line would absorb and not radiate.
        if element.island is None and not isinstance(attenuation, jax.core.Tracer) and np.any(attenuation > 0.0):
            raise DeviceError(
                f"elements.{element.name}.attenuation",
                "is not 0, but the line has no island: what absorbs radiates at some temperature",
                'give the line an island in its file, such as island = "bath"',
            )
    return Lines(
        impedance=stack([one["characteristic_impedance"] for one in values]),
        delay=stack([one["delay"] for one in values]),
        attenuation=stack([one["attenuation"] for one in values]),
        incidence=_end_incidence(device.structure, lines, tree),
        islands=_islands(lossy, order),
    )


def _branch(device: Device, element: Element) -> Branch:
    return BRANCHES[element.kind](values_of(device, element), f"elements.{element.name}")


def _islands(elements: list[Element], order: list[str]) -> np.ndarray:
    return np.array([order.index(element.island or "") for element in elements], dtype=np.int64)


def _incidence(structure: Structure, elements: list[Element], tree: np.ndarray) -> np.ndarray:
    """b_k: the voltage from the first to the second node of every element, in tree voltages."""
    nodes = circuit_nodes(structure)
    rows = [tree[nodes.index(e.nodes[0])] - tree[nodes.index(e.nodes[1])] for e in elements]
    return np.array(rows, dtype=float).reshape(len(elements), tree.shape[1])


def _end_incidence(structure: Structure, elements: list[Element], tree: np.ndarray) -> np.ndarray:
    """The voltage of both ends of every element against ground, in tree voltages."""
    nodes = circuit_nodes(structure)
    rows = [[tree[nodes.index(node)] for node in element.nodes] for element in elements]
    return np.array(rows, dtype=float).reshape(len(elements), 2, tree.shape[1])


def _tables(elements: list[Element], ports: int) -> tuple[np.ndarray, np.ndarray]:
    """Frequencies and admittances of measured elements, shorter tables filled up with their last row."""
    tables = [element.table for element in elements if element.table is not None]
    rows = max((len(table.frequency) for table in tables), default=2)
    frequency = [[*table.frequency, *[table.frequency[-1]] * (rows - len(table.frequency))] for table in tables]
    admittance = [[*table.admittance, *[table.admittance[-1]] * (rows - len(table.admittance))] for table in tables]
    return (
        np.array(frequency, dtype=float).reshape(len(tables), rows),
        np.array(admittance, dtype=complex).reshape(len(tables), rows, ports, ports),
    )
