"""From named elements to a circuit of arrays, and the circuits that this version can compute."""

from typing import Any

import numpy as np

from subkelvin.circuit.circuit import Circuit
from subkelvin.circuit.elements import BRANCHES, Branch
from subkelvin.model import GROUND, Device, DeviceError, Element, Structure
from subkelvin.model.stacking import stack
from subkelvin.model.vocabulary import DISSIPATIVE

MOST_FREE_NODES = 2
"""Two reservoirs and a lossless coupler between them need two nodes besides the ground."""


def free_nodes(structure: Structure) -> tuple[str, ...]:
    """The nodes whose voltage is unknown: all but the reference (the ground, or the first node if none is grounded)."""
    nodes = list(dict.fromkeys(node for element in structure.elements for node in element.nodes))
    reference = GROUND if GROUND in nodes or not nodes else nodes[0]
    return tuple(node for node in nodes if node != reference)


def check_circuit(structure: Structure) -> None:
    """Raise a DeviceError, naming element and node, unless the circuit is one that this version can compute."""
    elements = structure.elements
    for node in dict.fromkeys(node for element in elements for node in element.nodes):
        attached = [element for element in elements if node in element.nodes]
        if len(attached) == 1:
            raise DeviceError(
                f"elements.{attached[0].name}.nodes",
                f"ends at node {node!r}, which no other element touches, so that no current can flow",
                "connect another element there, or remove this one",
            )
    if elements:
        reached = {elements[0].nodes[0]}
        for _ in elements:
            reached |= {node for e in elements if reached & set(e.nodes) for node in e.nodes}
        for element in elements:
            if not reached & set(element.nodes):
                raise DeviceError(
                    f"elements.{element.name}.nodes",
                    f"has no connection to {elements[0].name!r}: one device holds one connected circuit",
                    "join the two circuits, or write two device files",
                )
    free = free_nodes(structure)
    if len(free) > MOST_FREE_NODES:
        raise DeviceError(
            "elements",
            f"have {len(free)} nodes besides the reference ({', '.join(free)}); this version computes circuits with at "
            f"most {MOST_FREE_NODES}: reservoirs on one node, or two nodes with a lossless coupler between them",
            "merge the nodes that ideal lines connect into one",
        )


def lower_circuit(device: Device) -> Circuit:
    """Gather a device's elements into a Circuit.

    Raises:
        DeviceError: if the circuit cannot be computed.
    """
    structure = device.structure
    check_circuit(structure)
    order = [island.name for island in structure.ordered_islands]
    dissipative = [element for element in structure.elements if element.kind in DISSIPATIVE]
    lossless = [element for element in structure.elements if element.kind not in DISSIPATIVE]
    free = free_nodes(structure)
    branches = [_branch(device, element) for element in dissipative]
    lossless_branches = [_branch(device, element) for element in lossless]
    superconductors = [element.superconductor for element in dissipative]
    inductive = any(element.kind in ("inductor", "squid") for element in structure.elements)
    return Circuit(
        normal_conductance=stack([branch.normal_conductance for branch in branches]),
        capacitance=stack([branch.capacitance for branch in branches]),
        inverse_inductance=stack([branch.inverse_inductance for branch in branches]),
        critical_temperature=stack(
            [device.values[f"superconductors.{name}.critical_temperature"] if name else 0.0 for name in superconductors]
        ),
        dynes=stack([device.values[f"superconductors.{name}.dynes"] if name else 0.0 for name in superconductors]),
        gap_equation=np.array(
            [structure.superconductor(name).gap_equation if name else False for name in superconductors], dtype=bool
        ),
        islands=np.array([order.index(element.island or "") for element in dissipative], dtype=np.int64),
        incidence=_incidence(dissipative, free),
        lossless_capacitance=stack([branch.capacitance for branch in lossless_branches]),
        lossless_inverse_inductance=stack([branch.inverse_inductance for branch in lossless_branches]),
        lossless_incidence=_incidence(lossless, free),
        pairs=np.array(radiating_pairs(structure), dtype=np.int64).reshape(-1, 2),
        one_pole=len(free) == 1 and not inductive,
    )


def radiating_pairs(structure: Structure) -> list[tuple[int, int]]:
    """Pairs of dissipative elements (by position among them) that sit on different islands."""
    islands = [element.island for element in structure.elements if element.kind in DISSIPATIVE]
    return [(i, j) for i in range(len(islands)) for j in range(i + 1, len(islands)) if islands[i] != islands[j]]


def _branch(device: Device, element: Element) -> Branch:
    prefix = f"elements.{element.name}."
    values: dict[str, Any] = {
        path.removeprefix(prefix): value for path, value in device.values.items() if path.startswith(prefix)
    }
    return BRANCHES[element.kind](values, prefix.rstrip("."))


def _incidence(elements: list[Element], free: tuple[str, ...]) -> np.ndarray:
    """Incidence vectors: +1 at an element's first node, −1 at its second, nothing at the reference."""
    rows = [[float(node == e.nodes[0]) - float(node == e.nodes[1]) for node in free] for e in elements]
    return np.array(rows, dtype=float).reshape(len(elements), len(free))
