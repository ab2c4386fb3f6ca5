"""The graph of a circuit: its nodes, the trees along which voltages are counted, and incidence vectors.

Unknown voltages are those along a spanning tree: inductive elements first, then resistive ones, then capacitors. At low
frequency an inductor is a short and a capacitor is open; node voltages would then differ by less than their last digit.
"""

import numpy as np

from subkelvin.model import GROUND, Element, Structure
from subkelvin.model.element_kind import Branch, Line


def edges(element: Element) -> list[tuple[str, str]]:
    """Between which nodes an element lets current flow."""
    if element.kind.grounded:
        first, second = element.nodes
        return [(first, second), (first, GROUND), (second, GROUND)]
    return [(element.nodes[0], element.nodes[1])] if element.nodes else []


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
        rank = _rank(edge[0])
        if isinstance(edge[0].kind.law, Line) and capacitors_first:
            # Waves see each end of a line against ground, behind the inductors that lead there.
            return 0.5 if GROUND in edge[1] else 3
        return -rank if capacitors_first and not has_lines else rank

    has_lines = any(isinstance(element.kind.law, Line) for element in structure.elements)
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


def _rank(element: Element) -> int:
    """0 for what is a short at low frequency, 2 for what is open there, 1 for the others."""
    law = element.kind.law
    if not isinstance(law, Branch):
        return 0 if isinstance(law, Line) else 1
    if law.inverse_inductance is not None or (law.spectrum is not None and law.spectrum.inductive):
        return 0
    return 1 if element.kind.radiates else 2


def incidence(structure: Structure, elements: list[Element], tree: np.ndarray) -> np.ndarray:
    """b_k: the voltage from the first to the second node of every element, in tree voltages."""
    nodes = circuit_nodes(structure)
    rows = [tree[nodes.index(e.nodes[0])] - tree[nodes.index(e.nodes[1])] for e in elements]
    return np.array(rows, dtype=float).reshape(len(elements), tree.shape[1])


def end_incidence(structure: Structure, elements: list[Element], tree: np.ndarray) -> np.ndarray:
    """The voltage of both ends of every element against ground, in tree voltages."""
    nodes = circuit_nodes(structure)
    rows = [[tree[nodes.index(node)] for node in element.nodes] for element in elements]
    return np.array(rows, dtype=float).reshape(len(elements), 2, tree.shape[1])
