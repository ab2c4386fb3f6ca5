"""Where the elements of any circuit go on a page: a rail of nodes, ground below it, tracks above it.

The nodes stand on a horizontal rail. An element to ground hangs below its node. An element between neighbours lies on the
rail; every other one lies on a track above it, which two wires reach from its nodes. Symbols stand between two nodes,
where no wire rises, so that a wire may cross a wire but never a symbol or a label.

Coordinates are millimetres; the rail is at height zero. Nothing here knows how a symbol looks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from subkelvin.model.structure import GROUND

BODY, HALF = 7.0, 2.6
"""Length of a symbol along its current, and half its width."""
LEAD, INNER_LEAD, MARGIN, LABEL_GAP, LANE, NAME_GAP = 3.4, 0.5, 1.3, 0.9, 1.5, 0.8
"""Wire at each end of a symbol, and the part of it that belongs to the symbol; room around symbols; between symbol and label; for a
coupling's wire; from dot to name."""
DROP = LEAD + BODY + LEAD
"""From the rail to a ground symbol."""
GROUND_HEIGHT = 3.0

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""


@dataclass(frozen=True)
class Wish:
    """An element to be placed: what it connects, and the width and height of its label.

    ``couples`` names the two elements that a magnetic coupling joins; it has no nodes.
    """

    name: str
    nodes: tuple[str, ...]
    label: tuple[float, float] = (0.0, 0.0)
    couples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where a symbol lies: between which points, with which label, and the box around both.

    An upright symbol has its label on its right: ``label`` is the middle of that label's left edge. The label of a symbol that lies
    is above it: ``label`` is the middle of its lower edge.
    """

    start: Point
    end: Point
    label: Point
    box: Box
    upright: bool


@dataclass
class Layout:
    """Every place on the page."""

    nodes: dict[str, Point] = field(default_factory=dict)
    elements: dict[str, Place] = field(default_factory=dict)
    wires: list[list[Point]] = field(default_factory=list)
    dots: list[Point] = field(default_factory=list)
    grounds: list[Point] = field(default_factory=list)
    couplings: dict[str, tuple[list[Point], Point, Box]] = field(default_factory=dict)
    """Path, middle of the label's lower edge, box of the label."""
    box: Box = (0.0, 0.0, 0.0, 0.0)


def lay_out(wishes: Sequence[Wish], name_widths: dict[str, float]) -> Layout:
    """Place every element of a circuit; the same circuit gives the same layout.

    Args:
        wishes: elements with two different nodes, of which one may be ground, and couplings of two of them.
        name_widths: width of the name of every node but ground.
    """
    hanging = [wish for wish in wishes if len(wish.nodes) == 2 and GROUND in wish.nodes]
    lying = [wish for wish in wishes if len(wish.nodes) == 2 and GROUND not in wish.nodes]
    order = order_nodes(list(name_widths), [wish.nodes for wish in lying])
    position = {name: index for index, name in enumerate(order)}
    spans = [tuple(sorted((position[wish.nodes[0]], position[wish.nodes[1]]))) for wish in lying]
    tracks = assign_tracks(spans)
    # A symbol stands between two neighbouring nodes, those nearest to its middle.
    gaps = [(left + right - 1) // 2 for left, right in spans]
    lanes = {wish.name: sum(wish.name in other.couples for other in wishes) for wish in wishes}

    layout = Layout()
    columns, edges = _place_nodes(layout, order, name_widths, hanging, lying, gaps, lanes)
    height = 2.0 * HALF + LABEL_GAP + max((wish.label[1] for wish in lying), default=0.0) + MARGIN
    ends: dict[str, list[tuple[float, int, float]]] = {name: [] for name in order}
    lane_ends: dict[str, list[Point]] = {}
    taken = dict.fromkeys(range(len(order)), 0)
    for wish, (left, right), track, gap in zip(lying, spans, tracks, gaps, strict=True):
        here = [other for other, its in zip(lying, gaps, strict=True) if its == gap]
        room = LANE * sum(lanes[other.name] for other in here)
        x, y = (edges[gap][0] + room + edges[gap][1]) / 2.0, track * height
        start, end = (x - BODY / 2.0 - INNER_LEAD, y), (x + BODY / 2.0 + INNER_LEAD, y)
        half = max(BODY / 2.0 + INNER_LEAD, wish.label[0] / 2.0)
        top = y + HALF + LABEL_GAP
        box = (x - half, y - HALF, x + half, top + wish.label[1])
        forward = position[wish.nodes[0]] < position[wish.nodes[1]]
        layout.elements[wish.name] = Place(*((start, end) if forward else (end, start)), (x, top), box, False)
        for node, inner, side in ((order[left], start, 1), (order[right], end, -1)):
            foot = layout.nodes[node][0] if track else columns[node][-1 if side > 0 else 0]
            layout.wires.append([(foot, y), inner])
            ends[node].append((y, side, foot))
        lane_ends[wish.name] = []
        for _ in range(lanes[wish.name]):
            lane = edges[gap][0] + LANE * (taken[gap] + 0.5)
            taken[gap] += 1
            lane_ends[wish.name] += [(start[0] + INNER_LEAD, y + HALF / 2.0), (lane, y + HALF / 2.0)]
    for node in order:
        _wire_node(layout, layout.nodes[node], columns[node], ends[node])
    for wish in hanging:
        place = layout.elements[wish.name]
        middle = (place.start[1] + place.end[1]) / 2.0
        lane_ends[wish.name] = []
        for index in range(lanes[wish.name]):
            lane = place.start[0] - HALF - LANE * (index + 0.5)
            lane_ends[wish.name] += [(place.start[0] - HALF / 2.0, middle + index), (lane, middle + index)]
    _couple(layout, wishes, lane_ends, max(tracks, default=0) * height + (height if lying else 2.0 * MARGIN + 3.0))
    layout.box = _hull(layout, name_widths)
    return layout


def order_nodes(nodes: Sequence[str], pairs: Iterable[Sequence[str]]) -> list[str]:
    """Nodes in an order that keeps connected ones close: a small sum of |i − j| over all connections.

    The best breadth-first order of each connected part, improved by moving single nodes while that shortens it. A chain comes out
    in its own order, from the end that is named first.
    """
    index = {name: number for number, name in enumerate(nodes)}
    ends = np.array([[index[first], index[second]] for first, second in pairs], dtype=int).reshape(-1, 2)
    neighbours: list[list[int]] = [[] for _ in nodes]
    for first, second in ends.tolist():
        neighbours[first].append(second)
        neighbours[second].append(first)
    ordered: list[int] = []
    while len(ordered) < len(nodes):
        seed = next(number for number in range(len(nodes)) if number not in set(ordered))
        part = _breadth_first(seed, neighbours)
        inside = ends[np.isin(ends[:, 0], part)]
        best = min((_breadth_first(start, neighbours) for start in sorted(part)), key=lambda one: _length(one, inside))
        best = _improve(best, inside)
        ordered += best if best[0] <= best[-1] else best[::-1]
    return [nodes[number] for number in ordered]


def assign_tracks(spans: Sequence[Sequence[int]], rail: bool = True) -> list[int]:
    """The lowest free track of every span (i, j), short spans first: 0 is the rail, if there is one, and takes neighbours only.

    Spans on one track share no more than an end.
    """
    tracks = [0] * len(spans)
    taken: dict[int, list[Sequence[int]]] = {}
    for number in sorted(range(len(spans)), key=lambda number: (spans[number][1] - spans[number][0], spans[number][0])):
        left, right = spans[number]
        track = 0 if rail and right - left == 1 else 1
        while any(left < other[1] and other[0] < right for other in taken.get(track, [])):
            track += 1
        tracks[number] = track
        taken.setdefault(track, []).append((left, right))
    return tracks


def _place_nodes(
    layout: Layout,
    order: Sequence[str],
    name_widths: dict[str, float],
    hanging: Sequence[Wish],
    lying: Sequence[Wish],
    gaps: Sequence[int],
    lanes: dict[str, int],
) -> tuple[dict[str, list[float]], list[tuple[float, float]]]:
    """Place nodes and what hangs from them; returns the columns of each node, and the edges of each gap.

    Labels of hanging symbols may reach below a gap: what stands in the gap is above them.
    """
    columns: dict[str, list[float]] = {}
    edges: list[tuple[float, float]] = []
    below = above = 0.0
    for number, node in enumerate(order):
        own = [wish for wish in hanging if node in wish.nodes]
        offsets, cursor = [], 0.0
        for wish in own:
            cursor += HALF + MARGIN / 2.0 + LANE * lanes[wish.name]
            offsets.append(cursor)
            cursor += HALF + LABEL_GAP + wish.label[0] + MARGIN / 2.0
        middle = (offsets[(len(own) - 1) // 2] + offsets[len(own) // 2]) / 2.0 if own else 0.0
        first = offsets[0] - LANE * lanes[own[0].name] - (HALF if lanes[own[0].name] else 0.0) if own else 0.0
        in_gap = [wish for wish, gap in zip(lying, gaps, strict=True) if gap == number - 1]
        gap = max((max(BODY + 2.0 * INNER_LEAD, wish.label[0]) + 2.0 * MARGIN for wish in in_gap), default=MARGIN)
        gap += LANE * sum(lanes[wish.name] for wish in in_gap)
        shift = above + (gap if number else 0.0) - first + 0.4
        if own:
            shift = max(below, shift)
        columns[node] = [shift + offset for offset in offsets] or [shift]
        layout.nodes[node] = (shift + middle, 0.0)
        if number:
            edges.append((above, shift + first - 0.4))
        below = max(below, shift + cursor)
        above = max(columns[node][-1] + 0.4, shift + middle + NAME_GAP + name_widths[node] + 0.4)
        for wish, x in zip(own, columns[node], strict=False):
            # A label of many lines starts below the symbols on the rail.
            label = (x + HALF + LABEL_GAP, -max(DROP / 2.0, HALF + LABEL_GAP / 2.0 + wish.label[1] / 2.0))
            foot = min(LEAD - DROP - INNER_LEAD, label[1] - wish.label[1] / 2.0)
            box = (x - HALF, foot, label[0] + wish.label[0], max(INNER_LEAD - LEAD, label[1] + wish.label[1] / 2.0))
            ends = ((x, 0.0), (x, -DROP))
            layout.elements[wish.name] = Place(*(ends if wish.nodes[1] == GROUND else ends[::-1]), label, box, True)
            layout.grounds.append((x, -DROP))
    return columns, edges


def _wire_node(layout: Layout, node: Point, columns: list[float], ends: list[tuple[float, int, float]]) -> None:
    """Rail and riser of a node, and dots where three wires meet."""
    x = node[0]
    layout.dots.append(node)
    if len(columns) > 1:
        layout.wires.append([(columns[0], 0.0), (columns[-1], 0.0)])
    sides = {side for height, side, _ in ends if height == 0.0}
    for number, column in enumerate(columns):
        inner = 0 < number < len(columns) - 1
        outer = (number == 0 and -1 in sides) or (number == len(columns) - 1 and 1 in sides)
        if column != x and (inner or outer):
            layout.dots.append((column, 0.0))
    heights = sorted({height for height, _, _ in ends if height > 0.0})
    if heights:
        layout.wires.append([(x, 0.0), (x, heights[-1])])
    for height in heights:
        arms = {side for other, side, _ in ends if other == height}
        if height != heights[-1] or len(arms) > 1:
            layout.dots.append((x, height))


def _couple(layout: Layout, wishes: Sequence[Wish], lane_ends: dict[str, list[Point]], base: float) -> None:
    """Lead every coupling from one of its elements to the other, above everything else."""
    used = dict.fromkeys(lane_ends, 0)
    for wish in wishes:
        if len(wish.couples) != 2 or not set(wish.couples) <= set(lane_ends):
            continue
        paths = []
        for name in wish.couples:
            paths.append(lane_ends[name][2 * used[name] : 2 * used[name] + 2])
            used[name] += 1
        (start, first), (end, second) = paths
        middle = (first[0] + second[0]) / 2.0
        label = (middle, base + LABEL_GAP)
        half = wish.label[0] / 2.0
        box = (middle - half, label[1], middle + half, label[1] + wish.label[1])
        layout.couplings[wish.name] = ([start, first, (first[0], base), (second[0], base), second, end], label, box)
        base += LABEL_GAP + wish.label[1] + 2.0 * MARGIN


def _hull(layout: Layout, name_widths: dict[str, float]) -> Box:
    """The box around everything."""
    boxes = [place.box for place in layout.elements.values()] + [box for _, _, box in layout.couplings.values()]
    boxes += [(x - HALF, y - GROUND_HEIGHT, x + HALF, y) for x, y in layout.grounds]
    boxes += [(x - 1.0, y - 1.0, x + NAME_GAP + name_widths[name], y + 4.0) for name, (x, y) in layout.nodes.items()]
    boxes += [(x, y, x, y) for path, _, _ in layout.couplings.values() for x, y in path]
    low = np.min(np.array([box[:2] for box in boxes] or [(0.0, 0.0)]), axis=0)
    high = np.max(np.array([box[2:] for box in boxes] or [(0.0, 0.0)]), axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _breadth_first(start: int, neighbours: Sequence[Sequence[int]]) -> list[int]:
    order, seen = [start], {start}
    for node in order:
        for neighbour in neighbours[node]:
            if neighbour not in seen:
                seen.add(neighbour)
                order.append(neighbour)
    return order


def _length(order: Sequence[int], ends: np.ndarray) -> int:
    place = np.zeros(max(order) + 1, dtype=int)
    place[list(order)] = np.arange(len(order))
    return int(np.abs(place[ends[:, 0]] - place[ends[:, 1]]).sum()) if len(ends) else 0


def _improve(order: list[int], ends: np.ndarray) -> list[int]:
    """Move single nodes to where they shorten the sum, until none does."""
    length, improved = _length(order, ends), True
    while improved:
        improved = False
        for node in sorted(order):
            rest = [other for other in order if other != node]
            candidates = [[*rest[:place], node, *rest[place:]] for place in range(len(order))]
            best = min(candidates, key=lambda one: _length(one, ends))
            if _length(best, ends) < length:
                order, length, improved = best, _length(best, ends), True
    return order
