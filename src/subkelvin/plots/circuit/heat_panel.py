"""Where heat goes: the islands in a row, what flows between them as arrows, the baths below.

Photons go straight between neighbours and over the others; every other heat path goes below. A bath without elements is a
bar below the islands that it serves, as the substrate is in the device. Coordinates are millimetres, y = 0 at the
middle of the row.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from subkelvin.balance.steady.steady_state import SteadyState
from subkelvin.plots.circuit.layout import Box, Point, assign_tracks
from subkelvin.plots.circuit.page import VALUE_SIZE, readable, text_width

OUTSIDE = "outside"
"""Kind of the net heat that comes from the world outside: heater, parasitic and holding power."""
BOX_HEIGHT, BAR_HEIGHT, STUB, PORT, TRACK, PAD = 8.6, 5.6, 6.5, 2.6, 5.0, 1.5


@dataclass(frozen=True)
class Flow:
    """Net heat of one kind, positive from source to target; None is the world outside."""

    kind: str
    source: str | None
    target: str | None
    watts: float

    @property
    def label(self) -> str:
        return readable(self.watts, "W")


@dataclass
class Panel:
    """Every place of the panel."""

    islands: dict[str, Box] = field(default_factory=dict)
    bars: set[str] = field(default_factory=set)
    arrows: list[tuple[Flow, list[Point], Point, str]] = field(default_factory=list)
    """Flow, path, middle of the label's left or right edge or of its lower edge, horizontal alignment."""
    box: Box = (0.0, 0.0, 0.0, 0.0)


def net_flows(state: SteadyState) -> list[Flow]:
    """The net heat between every two islands, by kind, and that from outside, in the direction in which it flows."""
    sums: dict[tuple[str, str | None, str | None], float] = {}
    for path, watts in zip(state.paths, state.watts, strict=True):
        kind = OUTSIDE if None in (path.source, path.target) else path.kind
        if (kind, path.target, path.source) in sums:
            sums[kind, path.target, path.source] -= float(watts)
        else:
            key = (kind, path.source, path.target)
            sums[key] = sums.get(key, 0.0) + float(watts)
    return [
        Flow(kind, source, target, watts) if watts > 0.0 else Flow(kind, target, source, -watts)
        for (kind, source, target), watts in sums.items()
        if math.isfinite(watts) and watts != 0.0
    ]


def lay_out_heat(row: Sequence[str], others: Sequence[str], texts: Mapping[str, str], flows: Sequence[Flow]) -> Panel:
    """Place islands and arrows.

    Args:
        row: islands with elements, from left to right.
        others: islands without elements; each becomes a bar below the row if there is room for it.
        texts: what is written into each island.
        flows: between these islands, and from or to outside.
    """
    bars = _bars(row, others, flows)
    row = [*row, *(island for island in others if island not in bars)]
    position = {island: index for index, island in enumerate(row)}
    inner = [flow for flow in flows if flow.source in position and flow.target in position]
    spans = {id(flow): sorted((position[str(flow.source)], position[str(flow.target)])) for flow in inner}
    upper = [flow for flow in inner if flow.kind == "photon"]
    lower = [flow for flow in inner if flow.kind != "photon"]
    track = dict(zip(map(id, upper), assign_tracks([spans[id(flow)] for flow in upper]), strict=True))
    track |= dict(zip(map(id, lower), assign_tracks([spans[id(flow)] for flow in lower], rail=False), strict=True))
    outside = {str(flow.source or flow.target): flow for flow in flows if flow.kind == OUTSIDE}
    down = {
        island: [
            flow for flow in flows if {flow.source, flow.target} & set(bars) and island in (flow.source, flow.target)
        ]
        for island in row
    }

    panel = Panel(bars=set(bars))
    ports: dict[tuple[str, int], Point] = {}
    cursor, overhang = 0.0, 0.0
    half = BOX_HEIGHT / 2.0
    for index, island in enumerate(row):
        top = ([outside[island]] if island in outside else []) + _fan(
            [f for f in upper if track[id(f)]], index, spans, track
        )
        bottom = _fan(lower, index, spans, track)
        rooms = [PORT] * len(bottom) + [PORT + 1.0 + text_width(flow.label, VALUE_SIZE) for flow in down[island][:-1]]
        rooms += [PORT] * bool(down[island])
        width = max(text_width(texts[island], VALUE_SIZE) + 2.0 * PAD, PORT * (len(top) + 0.5), sum(rooms) + 1.0)
        step = width / max(len(top), 1)
        reach = 0.0
        if island in outside:
            reach = max(0.0, text_width(outside[island].label, VALUE_SIZE) + 1.6 - step / 2.0)
        labels = [flow.label for flow in inner if (spans[id(flow)][0] + spans[id(flow)][1] - 1) // 2 == index - 1]
        widest = max((text_width(label, VALUE_SIZE) + 7.0 for label in labels), default=4.0)
        cursor += max(widest, overhang + 1.5, reach + 1.5) if index else reach
        panel.islands[island] = (cursor, -half, cursor + width, half)
        for number, flow in enumerate(top):
            ports[island, id(flow)] = (cursor + (number + 0.5) * step, half)
        spare, left = (width - sum(rooms)) / max(len(rooms), 1), cursor
        for room, flow in zip(rooms, bottom + down[island], strict=True):
            ports[island, id(flow)] = (left + (PORT + spare) / 2.0, -half)
            left += room + spare
        cursor += width
        last = ports[island, id(down[island][-1])][0] + 1.6 if down[island] else 0.0
        overhang = max(0.0, last + text_width(down[island][-1].label, VALUE_SIZE) - cursor) if down[island] else 0.0

    first_up = half + (STUB + 1.5 if any(island in outside for island in row) else 2.5)
    first_down = -half - (5.5 if bars else 3.0)
    for flow in inner:
        left, right = spans[id(flow)]
        gap = (left + right - 1) // 2
        middle = (panel.islands[row[gap]][2] + panel.islands[row[gap + 1]][0]) / 2.0
        if track[id(flow)] == 0:
            path = [(panel.islands[row[left]][2], 0.0), (panel.islands[row[right]][0], 0.0)]
            height = 0.0
        else:
            steps = TRACK * (track[id(flow)] - 1)
            height = first_up + steps if flow.kind == "photon" else first_down - steps
            start, end = ports[row[left], id(flow)], ports[row[right], id(flow)]
            path = [start, (start[0], height), (end[0], height), end]
        forward = position[str(flow.source)] == left
        panel.arrows.append((flow, path if forward else path[::-1], (middle, height + 1.1), "center"))
    for island, flow in outside.items():
        if island in position:
            x, y = ports[island, id(flow)]
            path = [(x, y + STUB), (x, y)]
            panel.arrows.append(
                (flow, path if flow.target == island else path[::-1], (x - 1.6, y + 0.6 * STUB), "right")
            )
    deepest = max((track[id(flow)] for flow in lower), default=0)
    bar_top = first_down - TRACK * deepest - 1.0
    for bar, ends in bars.items():
        served = [flow for island in row for flow in down[island] if bar in (flow.source, flow.target)]
        xs = [ports[island, id(flow)][0] for island in row for flow in down[island] if flow in served]
        width = text_width(texts[bar], VALUE_SIZE) + 2.0 * PAD
        west, east = panel.islands[row[ends[0]]][0], panel.islands[row[ends[1]]][2]
        spare = max(0.0, width - (east - west)) / 2.0
        panel.islands[bar] = (west - spare, bar_top - BAR_HEIGHT, east + spare, bar_top)
        for flow, x in zip(served, xs, strict=True):
            path = [(x, -half), (x, bar_top)]
            panel.arrows.append((flow, path if flow.target == bar else path[::-1], (x + 1.6, -half - 2.6), "left"))
        if bar in outside:
            flow, x, y = outside[bar], (west + east) / 2.0, bar_top - BAR_HEIGHT
            path = [(x, y - STUB), (x, y)]
            panel.arrows.append((flow, path if flow.target == bar else path[::-1], (x + 1.6, y - 0.6 * STUB), "left"))
    panel.box = _hull(panel)
    return panel


def _bars(row: Sequence[str], others: Sequence[str], flows: Sequence[Flow]) -> dict[str, tuple[int, int]]:
    """The islands that become bars, with the first and the last island of the row that each serves: they do not overlap."""
    bars: dict[str, tuple[int, int]] = {}
    for island in others:
        partners = {
            flow.source if flow.target == island else flow.target
            for flow in flows
            if island in (flow.source, flow.target)
        }
        partners -= {None}
        if not partners or not partners <= set(row):
            continue
        places = [row.index(str(partner)) for partner in partners]
        ends = (min(places), max(places))
        if all(ends[1] < other[0] or other[1] < ends[0] for other in bars.values()):
            bars[island] = ends
    return bars


def _fan(flows: Sequence[Flow], index: int, spans: Mapping[int, Sequence[int]], track: Mapping[int, int]) -> list[Flow]:
    """Flows of one island in the order of their ports: those to the left, lowest track first, then those to the right."""
    leftward = [flow for flow in flows if spans[id(flow)][1] == index]
    rightward = [flow for flow in flows if spans[id(flow)][0] == index]
    return sorted(leftward, key=lambda flow: track[id(flow)]) + sorted(rightward, key=lambda flow: -track[id(flow)])


def _hull(panel: Panel) -> Box:
    """The box around everything."""
    boxes = list(panel.islands.values())
    for flow, path, (x, y), align in panel.arrows:
        boxes += [(px, py, px, py) for px, py in path]
        width = text_width(flow.label, VALUE_SIZE)
        left = {"left": x, "right": x - width, "center": x - width / 2.0}[align]
        boxes.append((left, y - 1.3, left + width, y + 2.6))
    return (
        min(box[0] for box in boxes), min(box[1] for box in boxes), max(box[2] for box in boxes), max(box[3] for box in boxes),
    )  # fmt: skip
