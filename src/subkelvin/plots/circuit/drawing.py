"""The circuit of a device on a page: wires, symbols on the colour of their island, names and values."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import schemdraw
import schemdraw.elements as elm

from subkelvin.model import Device
from subkelvin.model.element_kind import Written
from subkelvin.model.structure import GROUND
from subkelvin.plots.circuit.colours import TemperatureColours
from subkelvin.plots.circuit.layout import BODY, HALF, INNER_LEAD, NAME_GAP, Layout, Place, Point, Wish, lay_out
from subkelvin.plots.circuit.page import FONT, NAME_SIZE, SMALLEST, VALUE_SIZE, Page, readable, text_height, text_width
from subkelvin.plots.circuit.symbols import LETTER, symbol
from subkelvin.plots.style import GREY, INK

SMALLEST_ZOOM, STEPS = 0.45, 8
"""How small symbols may become, and how often a layout is made smaller until it fits."""


@dataclass(frozen=True)
class Circuit:
    """A laid out circuit with its labels, to be drawn ``zoom`` times as large, with type ``type_zoom`` times that."""

    layout: Layout
    labels: Mapping[str, tuple[str, str]]
    zoom: float
    type_zoom: float
    brief: bool

    @property
    def width(self) -> float:
        """On the page [mm]."""
        return self.zoom * (self.layout.box[2] - self.layout.box[0])

    @property
    def height(self) -> float:
        """On the page [mm]."""
        return self.zoom * (self.layout.box[3] - self.layout.box[1])


def fit_circuit(device: Device, width: float, brief: bool) -> Circuit:
    """The circuit, made smaller until it fits into a width [mm]; values are left out if it does not fit otherwise, or if ``brief``.

    A circuit that is still too wide with the smallest symbols and type stays so.
    """
    circuit = _smaller(device, width, brief)
    return circuit if brief or circuit.width <= width else _smaller(device, width, True)


def _smaller(device: Device, width: float, brief: bool) -> Circuit:
    """Make symbols smaller; type has a smallest size, so that labels take more of the room."""
    elements = device.structure.elements
    labels = {element.name: (element.name, "" if brief else main_value(device, element.name)) for element in elements}
    zoom = 1.0
    for _ in range(STEPS):
        type_zoom = max(1.0, SMALLEST / (VALUE_SIZE * zoom))
        circuit = Circuit(_laid_out(device, labels, type_zoom), labels, zoom, type_zoom, brief)
        if circuit.width <= width or zoom <= SMALLEST_ZOOM:
            break
        zoom = max(SMALLEST_ZOOM, 0.99 * zoom * width / circuit.width)
    return circuit


def _laid_out(device: Device, labels: Mapping[str, tuple[str, str]], type_zoom: float) -> Layout:
    """Measure the labels and lay out the circuit."""
    wishes = []
    for element in device.structure.elements:
        name, value = labels[element.name]
        wide = max(text_width(name, NAME_SIZE), text_width(value, VALUE_SIZE))
        wishes.append(Wish(name, element.nodes, (type_zoom * wide, type_zoom * _label_height(value)), element.couples))
    nodes = dict.fromkeys(node for element in device.structure.elements for node in element.nodes if node != GROUND)
    return lay_out(wishes, {node: type_zoom * text_width(node, VALUE_SIZE) for node in nodes})


def missing(device: Device, layout: Layout) -> list[str]:
    """The names of the elements that have no place in a layout."""
    names = [element.name for element in device.structure.elements]
    return [name for name in names if name not in layout.elements and name not in layout.couplings]


def main_value(device: Device, name: str) -> str:
    """What one would write beside the symbol: "2 × 10 Ω", "50 fF", "1 µA, 0.25 Φ₀"; "" if there is none."""
    prefix = f"elements.{name}."
    kind = next(element.kind for element in device.structure.elements if element.name == name)
    known = {
        path.removeprefix(prefix): float(value) for path, value in device.values.items() if path.startswith(prefix)
    }
    if kind.label is not None:
        return ", ".join(map(_as_text, kind.label(known)))
    parts = []
    for key, field in kind.numbers.items():
        value = known.get(key, math.nan)
        if math.isfinite(value) and (field.unit or field.required):
            parts.append(readable(value, field.unit.replace("ohm", "Ω")))
    return ", ".join(parts[:2])


def _as_text(one: Written) -> str:
    if one.prefixed:
        return one.before + readable(one.value, one.unit)
    return f"{one.before}{one.value:.3g} {one.unit}".strip().replace("-", "−")


def draw_circuit_on(page: Page, device: Device, circuit: Circuit, colours: TemperatureColours) -> None:
    """Draw a circuit on a part of a page that has its zoom."""
    layout = circuit.layout
    for path in layout.wires:
        page.line(path)
    for path, _, _ in layout.couplings.values():
        page.line(path, 0.6, color=GREY, linestyle=(0, (3, 2)))
    for point in layout.dots:
        x, y = page.at(point)
        page.axes.plot(x, y, "o", color=INK, markersize=2.6 * page.scale * page.zoom, zorder=4)
    for node, (x, y) in layout.nodes.items():
        page.text(x + NAME_GAP, y + 0.7, node, color=GREY, va="bottom")
    drawing = schemdraw.Drawing(canvas=page.axes, show=False)
    drawing.config(lw=0.8 * page.scale * page.zoom, color=INK, fontsize=VALUE_SIZE * page.scale * page.zoom, font=FONT)
    for element in device.structure.elements:
        name, value = circuit.labels[element.name]
        if element.name in layout.couplings:
            _label_above(page, layout.couplings[element.name][1], name, value)
        elif element.name in layout.elements:
            place = layout.elements[element.name]
            ink = _colour_behind(page, place, name, element.island, colours)
            start, end = _body(place)
            if place.upright:
                page.line([place.start, start])
                page.line([end, place.end])
            one = symbol(element.kind.symbol, max(SMALLEST, LETTER * page.zoom * page.type_zoom) * page.scale)
            drawing.add(one.scale(BODY * page.zoom).endpoints(page.at(start), page.at(end)).color(ink))
            if place.upright:
                x, y = place.label
                top = y + page.type_zoom * _label_height(value) / 2.0
                page.text(x, top, name, NAME_SIZE, va="top")
                page.text(x, top - page.type_zoom * text_height(1, NAME_SIZE), value, color=GREY, va="top")
            else:
                _label_above(page, place.label, name, value)
    for point in layout.grounds:
        drawing.add(elm.Ground(lead=False).scale(BODY * page.zoom).at(page.at(point)).theta(0).color(INK))
    drawing.draw(show=False)


def _body(place: Place) -> tuple[Point, Point]:
    """The ends of a symbol up to the edge of the colour behind it; wires, in ink of their own, take over there."""
    # What lies is drawn from left to right: a return to ground points down.
    (x0, y0), (x1, y1) = (place.start, place.end) if place.upright else sorted((place.start, place.end))
    half = (BODY / 2.0 + INNER_LEAD) / math.hypot(x1 - x0, y1 - y0)
    middle = ((x0 + x1) / 2.0, (y0 + y1) / 2.0)
    along = (half * (x1 - x0), half * (y1 - y0))
    return (middle[0] - along[0], middle[1] - along[1]), (middle[0] + along[0], middle[1] + along[1])


def _colour_behind(page: Page, place: Place, name: str, island: str | None, colours: TemperatureColours) -> str:
    """Put an element on the colour of its island; returns the ink for it."""
    if island is None:
        return INK
    (x0, y0), (x1, y1) = _body(place)
    width, height = (2.0 * HALF, abs(y1 - y0)) if place.upright else (abs(x1 - x0), 2.0 * HALF)
    corner = ((x0 + x1 - width) / 2.0, (y0 + y1 - height) / 2.0)
    page.box(corner, width, height, 1.0, f"element {name}", facecolor=colours.of(island), zorder=0.9)
    return colours.ink_on(island)


def _label_height(value: str) -> float:
    """Of a name and, if there is one, a value below it."""
    return text_height(1, NAME_SIZE) + text_height(bool(value), VALUE_SIZE)


def _label_above(page: Page, point: Point, name: str, value: str) -> None:
    """Name over value, centred, upwards from a point."""
    x, y = point
    page.text(x, y, value, ha="center", va="bottom", color=GREY)
    page.text(x, y + page.type_zoom * text_height(bool(value), VALUE_SIZE), name, NAME_SIZE, ha="center", va="bottom")
