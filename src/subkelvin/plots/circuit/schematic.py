"""A device as a drawing: its circuit with the usual symbols, its islands coloured by temperature, and where heat goes.

Above, the circuit; a dissipative element stands on the colour of its island. Below, the islands with their temperatures and the
net heat between them. Line widths grow with the logarithm of the heat, over three decades.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes

from subkelvin.balance.steady.steady_state import SteadyState
from subkelvin.files import write_whole
from subkelvin.model import Device
from subkelvin.model.arguments import require_kind
from subkelvin.model.device_arguments import require_device
from subkelvin.model.printable import printable
from subkelvin.model.status import Status
from subkelvin.plots.circuit.colours import BAR_GAP, BAR_ROOM, LOWEST_BAR, TemperatureColours, draw_colour_bar
from subkelvin.plots.circuit.drawing import draw_circuit_on, fit_circuit, missing
from subkelvin.plots.circuit.heat_panel import OUTSIDE, Flow, Panel, lay_out_heat, net_flows
from subkelvin.plots.circuit.layout import Layout
from subkelvin.plots.circuit.page import NAME_SIZE, SMALLEST, VALUE_SIZE, Page, readable, text_height, text_width
from subkelvin.plots.style import BLUE, DOUBLE_COLUMN, GREEN, GREY, INK, MILLIMETRE, PURPLE, VERMILION, new_figure

MANY_ELEMENTS, MANY_ISLANDS = 40, 8
"""Above these numbers, values of elements and small heat flows are left out, and the caption says so."""
SMALL_FLOW = 1e-6
"""Of the largest; smaller flows are left out."""
EDGE, SPACE, TITLE = 3.0, 7.0, 6.0
"""Margins of the page, room between circuit and heat, and for the title [mm]."""
RESOLUTION = 300
"""Of a picture made of points [1/in]."""
KEY, NARROWEST = 8.0, 70.0
"""Length of an arrow in the key; the narrowest drawing [mm]."""
KIND_NAMES = {"photon": "photons", OUTSIDE: "heater or cooler"}


def draw_circuit(device: Device, *, state: SteadyState | None = None, axes: Axes | None = None) -> Axes:
    """Draw the circuit of a device, its islands and its heat flows.

    Args:
        device: any device.
        state: its steady state, of one point; without it, there are no heat flows and floating islands have no colour.
        axes: to draw on; its frame is removed, and the drawing with its type is scaled to fit. Without them, a new
            figure of the size that the drawing needs: two columns of a journal at most, unless its type would be below 5 pt.

    Returns:
        The axes. In a new figure, one unit is one millimetre.

    Raises:
        ValueError: if the state is a batch of states.

    Example:
        >>> from subkelvin import draw_circuit, preset
        >>> axes = draw_circuit(preset("silver-setup-1"))
    """
    require_device(device)
    if state is not None:
        require_kind("state", state, SteadyState, "`steady_state(device)`")
    if axes is not None:
        require_kind("axes", axes, Axes, "`matplotlib.pyplot.gca()`")
    temperatures = _temperatures(device, state)
    colours = TemperatureColours(temperatures)
    widest = DOUBLE_COLUMN - 2.0 * EDGE
    brief = len(device.structure.elements) > MANY_ELEMENTS
    circuit = fit_circuit(device, widest, brief)
    flows, remarks = _chosen_flows(device, state)
    lost = missing(device, circuit.layout)
    if lost:
        remarks.insert(
            0, f"Not drawn, because there is no place for {'it' if len(lost) == 1 else 'them'}: {', '.join(lost)}."
        )
    if circuit.brief:
        remarks.insert(0, "Values of elements are left out.")
    row = _row_of_islands(device, circuit.layout)
    others = [island.name for island in device.structure.islands if island.name not in row]
    texts = {
        island.name: _island_text(island.name, island.held, temperatures[island.name])
        for island in device.structure.islands
    }
    panel = lay_out_heat(row, others, texts, flows)
    panel_width = panel.box[2] - panel.box[0] + BAR_ROOM
    middle = (panel.box[1] + panel.box[3]) / 2.0
    panel_height = max(panel.box[3] - panel.box[1], LOWEST_BAR)
    zoom = min(1.0, max(SMALLEST / VALUE_SIZE, widest / panel_width))

    legend = _kind_colours(flows)
    keys = sum(KEY + 4.5 + text_width(KIND_NAMES.get(kind, kind), VALUE_SIZE) for kind in legend)
    inner = max(circuit.width, zoom * panel_width, keys, NARROWEST)
    caption = _wrapped([*_status_sentences(device, state), *remarks], inner)
    foot = text_height(len(caption), VALUE_SIZE) + (6.0 if legend else 0.0)
    width = inner + 2.0 * EDGE
    height = TITLE + circuit.height + SPACE + zoom * panel_height + foot + 2.0 * EDGE + 2.0

    page = _new_page(axes, width, height)
    top = height - EDGE
    size = NAME_SIZE + 1.0
    page.text(
        EDGE, top - 1.5, _fitted(printable(device.structure.name), inner, size), size, fontweight="bold", va="center"
    )
    top -= TITLE
    left, above = EDGE + (inner - circuit.width) / 2.0, circuit.layout.box[3]
    part = page.part(
        left - circuit.zoom * circuit.layout.box[0], top - circuit.zoom * above, circuit.zoom, circuit.type_zoom
    )
    draw_circuit_on(part, device, circuit, colours)
    top -= circuit.height + SPACE
    left = EDGE + (inner - zoom * panel_width) / 2.0
    part = page.part(left - zoom * panel.box[0], top - zoom * (middle + panel_height / 2.0), zoom, 1.0)
    _draw_heat(part, panel, texts, colours)
    draw_colour_bar(part, colours, panel.box[2] + BAR_GAP, middle, panel_height)
    top -= zoom * panel_height
    x = EDGE
    for kind, colour in legend.items():
        page.arrow([(x, top - 4.0), (x + KEY, top - 4.0)], 1.0, colour, f"key {kind}", wave=kind == "photon")
        words = KIND_NAMES.get(kind, kind)
        page.text(x + KEY + 1.0, top - 4.0, words)
        x += KEY + 4.5 + text_width(words, VALUE_SIZE)
    if caption:
        page.text(EDGE, top - (6.5 if legend else 1.0), "\n".join(caption), color=GREY, va="top")
    return page.axes


def save_drawing(axes: Axes, file: Path) -> None:
    """Write a drawing as a picture, without the time: the same device gives the same file.

    Args:
        axes: of `draw_circuit`.
        file: its ending names the format: .pdf, .png or .svg. An old file is replaced, and stays if the new one cannot be written.

    Raises:
        DeviceError: if the file cannot be written.
    """
    figure = axes.get_figure(root=True)
    assert figure is not None
    kind = file.suffix.lower()
    metadata = {".pdf": {"CreationDate": None}, ".png": {"Software": None}, ".svg": {"Date": None}}.get(kind)
    # TrueType outlines and text that stays text; ids in the file that do not depend on chance.
    with mpl.rc_context({"pdf.fonttype": 42, "svg.fonttype": "none", "svg.hashsalt": "subkelvin"}):
        write_whole(file, lambda finished: figure.savefig(finished, dpi=RESOLUTION, metadata=metadata))


def _temperatures(device: Device, state: SteadyState | None) -> dict[str, float]:
    """Of every island [K], NaN where it is not known."""
    found = {}
    for island in device.structure.islands:
        kelvin = device.values.get(f"islands.{island.name}.temperature", math.nan) if island.held else math.nan
        if state is not None:
            kelvin = state.temperatures[island.name]
        if getattr(kelvin, "ndim", 0):
            raise ValueError(
                "a schematic shows one state, but this one has the axes of a sweep; select one point of it."
            )
        found[island.name] = float(kelvin)
    return found


def _row_of_islands(device: Device, layout: Layout) -> list[str]:
    """The islands with elements, in the order in which they appear in the circuit from left to right."""
    places: dict[str, list[float]] = {}
    for element in device.structure.elements:
        if element.island is not None and element.name in layout.elements:
            places.setdefault(element.island, []).append(layout.elements[element.name].start[0])
    return sorted(places, key=lambda island: sum(places[island]) / len(places[island]))


def _island_text(name: str, held: bool, kelvin: float) -> str:
    """Name and temperature of an island."""
    how = "held" if held else "floats"
    return f"{name}\n{1e3 * kelvin:.4g} mK ({how})" if math.isfinite(kelvin) else f"{name}\n({how})"


def _chosen_flows(device: Device, state: SteadyState | None) -> tuple[list[Flow], list[str]]:
    """The flows to draw, and what to say about the others."""
    if state is None:
        return [], []
    flows = net_flows(state)
    largest = max((flow.watts for flow in flows), default=0.0)
    chosen = [flow for flow in flows if flow.watts >= SMALL_FLOW * largest]
    count = len(device.structure.islands)
    if count > MANY_ISLANDS:
        chosen = sorted(chosen, key=lambda flow: -flow.watts)[: 2 * count]
        chosen = [flow for flow in flows if flow in chosen]
    known = all(math.isfinite(float(watts)) for watts in state.watts)
    remarks = [] if known else ["Heat flows that are not known are not drawn."]
    left_out = len(flows) - len(chosen)
    if not left_out:
        return chosen, remarks
    limit = readable(min(flow.watts for flow in chosen), "W")
    which = "One heat flow" if left_out == 1 else f"{left_out} heat flows"
    return chosen, [*remarks, f"{which} below {limit} {'is' if left_out == 1 else 'are'} left out."]


def _status_sentences(device: Device, state: SteadyState | None) -> list[str]:
    """What a reader has to know about the temperatures."""
    if state is None:
        floating = [island.name for island in device.structure.floating_islands]
        return [f"No state is given: {', '.join(floating)} without a temperature."] if floating else []
    if not all(math.isfinite(float(kelvin)) for kelvin in state.temperatures.values()):
        status = Status(int(state.status)).name.lower().replace("_", " ")
        return [f"Temperatures were not found ({status}): islands without one are grey."]
    return []


def _kind_colours(flows: Sequence[Flow]) -> dict[str, str]:
    """Colour of every kind of heat in the picture."""
    colours = {"photon": VERMILION, "electron-phonon": BLUE, OUTSIDE: INK}
    others = sorted({flow.kind for flow in flows} - set(colours))
    colours |= {kind: (GREEN, PURPLE, GREY)[number % 3] for number, kind in enumerate(others)}
    present = {flow.kind for flow in flows}
    return {kind: colour for kind, colour in colours.items() if kind in present}


def _fitted(words: str, width: float, size: float) -> str:
    """Words cut to a width."""
    while len(words) > 1 and text_width(words, size) > width:
        words = words.removesuffix("…")[:-1] + "…"
    return words


def _wrapped(sentences: Sequence[str], width: float) -> list[str]:
    """Sentences as lines that fit into a width."""
    lines = [""]
    for word in " ".join(sentences).split():
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, VALUE_SIZE) > width and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return [line for line in lines if line]


def _new_page(axes: Axes | None, width: float, height: float) -> Page:
    """Axes that measure millimetres."""
    if axes is None:
        figure = new_figure(width, height)
        figure.set_layout_engine(None)
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        scale = 1.0
    else:
        frame = axes.get_position()
        inches = axes.get_figure(root=True).get_size_inches()  # type: ignore[union-attr]
        scale = min(frame.width * inches[0] / (width * MILLIMETRE), frame.height * inches[1] / (height * MILLIMETRE))
    axes.set_xlim(0.0, width)
    axes.set_ylim(0.0, height)
    axes.set_aspect("equal")
    axes.set_autoscale_on(False)
    axes.axis("off")
    return Page(axes, scale)


def _draw_heat(page: Page, panel: Panel, texts: Mapping[str, str], colours: TemperatureColours) -> None:
    """Islands as boxes in the colour of their temperature, heat as arrows between them."""
    for island, (left, bottom, right, top) in panel.islands.items():
        edge = "none" if math.isfinite(colours.temperatures[island]) else GREY
        page.box(
            (left, bottom), right - left, top - bottom, 1.2, f"island {island}", facecolor=colours.of(island),
            edgecolor=edge, linewidth=0.6 * page.scale * page.zoom, zorder=4,
        )  # fmt: skip
        words = texts[island].replace("\n", "   ") if island in panel.bars else texts[island]
        page.text((left + right) / 2.0, (bottom + top) / 2.0, words, ha="center", color=colours.ink_on(island))
    kinds = _kind_colours([flow for flow, _, _, _ in panel.arrows])
    largest = max((flow.watts for flow, _, _, _ in panel.arrows), default=1.0)
    for flow, path, (x, y), align in panel.arrows:
        width = 0.6 + 1.8 * max(0.0, 1.0 + math.log10(flow.watts / largest) / 3.0)
        gid = f"{flow.kind} {flow.source or OUTSIDE} -> {flow.target or OUTSIDE}"
        page.arrow(path, width, kinds[flow.kind], gid, wave=flow.kind == "photon")
        page.text(x, y, flow.label, ha=align, va="bottom" if align == "center" else "center", color=kinds[flow.kind])
