"""A schematic shows every element once, nothing on top of something else, and heat in the direction in which it flows."""

import io
import math
from collections import Counter
from collections.abc import Mapping
from itertools import combinations, pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from tests.circuit.random_networks import random_network
from tests.circuit.test_distributed import everything

from subkelvin import Device, preset, preset_names, steady_state
from subkelvin.circuit.elements import ELEMENT_KINDS
from subkelvin.devicefile import loads
from subkelvin.heat.paths import HeatPath
from subkelvin.model import GROUND, Element, Island, Structure
from subkelvin.model.element_kind import Branch, ElementKind
from subkelvin.model.provenance import Provenance
from subkelvin.plots.circuit_drawing import Circuit, fit_circuit, missing
from subkelvin.plots.circuit_layout import GROUND_HEIGHT, HALF, Wish, assign_tracks, lay_out, order_nodes
from subkelvin.plots.heat_panel import net_flows
from subkelvin.plots.page import SMALLEST, readable
from subkelvin.plots.schematic import draw_circuit, save_drawing
from subkelvin.plots.style import DOUBLE_COLUMN, INK

ROUNDING = 1e-9
"""Of millimetres; far below what is visible."""
Flow = tuple[str, str | None, str | None]
"""Kind, source and target of a heat path."""


def page_of(axes: Axes) -> Figure:
    """The figure of axes, which is no part of another one."""
    assert isinstance(axes.figure, Figure)
    return axes.figure


def state_of(device: Device, temperatures: dict[str, float], flows: Mapping[Flow, float]) -> Any:
    """What a drawing reads of a steady state."""
    paths = tuple(HeatPath(*path) for path in flows)
    failed = any(math.isnan(kelvin) for kelvin in temperatures.values())
    return SimpleNamespace(temperatures=temperatures, paths=paths, watts=list(flows.values()), status=int(failed))


def words_of(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts if text.get_text()]


def patches_of(axes: Axes) -> dict[str, Any]:
    return {str(patch.get_gid()): patch for patch in axes.patches if patch.get_gid()}


def three_islands() -> Device:
    """Two junction reservoirs of a preset over their bath."""
    return preset("silver-setup-1")


def ladder(nodes: int) -> Device:
    """Inductors along a chain of nodes, a resistor to ground at each end and in the middle, capacitors elsewhere."""
    text = ""
    for number, island in ((1, "hot"), (nodes // 2, "probe"), (nodes, "cold")):
        text += f'islands.{island} = {{temperature = "{100 + number} mK"}}\n'
        text += (
            f'elements.R{number} = {{kind = "resistor", nodes = ["n{number}", "ground"], island = "{island}", '
            'resistance = "100 ohm"}\n'
        )
    for number in range(1, nodes):
        text += (
            f'elements.L{number} = {{kind = "inductor", nodes = ["n{number}", "n{number + 1}"], inductance = "1 nH"}}\n'
        )
        if f"elements.R{number} " not in text:
            text += (
                f'elements.C{number} = {{kind = "capacitor", nodes = ["n{number}", "ground"], capacitance = "50 fF"}}\n'
            )
    return loads(text)


def overlap(first: tuple[float, ...], second: tuple[float, ...]) -> bool:
    """Of the insides of two boxes."""
    return all(first[low] < second[low + 2] - ROUNDING and second[low] < first[low + 2] - ROUNDING for low in (0, 1))


def require_apart(circuit: Circuit) -> None:
    """No two elements, ground signs or coupling labels on top of each other, and no riser through an element."""
    boxes = {name: place.box for name, place in circuit.layout.elements.items()}
    boxes |= {name: box for name, (_, _, box) in circuit.layout.couplings.items()}
    for (one, first), (other, second) in combinations(boxes.items(), 2):
        assert not overlap(first, second), (one, other)
    signs = [(x - HALF, y - GROUND_HEIGHT, x + HALF, y) for x, y in circuit.layout.grounds]
    for first, second in combinations(signs, 2):
        assert not overlap(first, second)
    for path in circuit.layout.wires:
        for (x0, y0), (x1, y1) in pairwise(path):
            wire = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
            if x0 == x1:
                for name, box in boxes.items():
                    assert not overlap(wire, box), name


@pytest.mark.parametrize("seed", range(40))
def test_no_two_elements_overlap_in_a_random_circuit(seed: int) -> None:
    device = random_network(np.random.default_rng(seed))
    circuit = fit_circuit(device, DOUBLE_COLUMN, brief=False)
    assert missing(device, circuit.layout) == []
    require_apart(circuit)


def test_symbols_without_labels_do_not_overlap_either() -> None:
    # Without labels to keep them apart, only the symbols themselves do.
    pairs = [("a", "b"), ("a", "b"), ("b", GROUND), ("a", GROUND), ("b", GROUND), ("b", "c"), ("c", GROUND), ("a", "c")]
    wishes = [Wish(f"e{number}", pair) for number, pair in enumerate(pairs)]
    require_apart(Circuit(lay_out(wishes, dict.fromkeys("abc", 0.0)), {}, 1.0, 1.0, True))


def test_elements_with_couplings_do_not_overlap() -> None:
    circuit = fit_circuit(everything(), DOUBLE_COLUMN, brief=False)
    assert list(circuit.layout.couplings) == ["m"]
    require_apart(circuit)


def test_a_chain_keeps_its_order_and_spans_on_a_track_share_no_more_than_an_end() -> None:
    chain = [f"n{number}" for number in range(9)]
    shuffled = [chain[number] for number in (0, 4, 2, 7, 1, 8, 3, 6, 5)]
    assert order_nodes(shuffled, list(pairwise(chain))) == chain
    spans = [(0, 3), (1, 2), (2, 5), (0, 1), (1, 2), (3, 5)]
    tracks = assign_tracks(spans)
    assert {span for span, track in zip(spans, tracks, strict=True) if track == 0} == {(0, 1), (1, 2)}
    for (one, first), (other, second) in combinations(zip(spans, tracks, strict=True), 2):
        assert first != second or one[1] <= other[0] or other[1] <= one[0]


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_is_drawn_with_each_name_once(name: str) -> None:
    device = preset(name)
    axes = draw_circuit(device)
    axes.figure.canvas.draw()
    counts = Counter(words_of(axes))
    for element in device.structure.elements:
        assert counts[element.name] == 1


def test_every_kind_of_element_is_drawn_with_its_name_once() -> None:
    device = everything()
    assert {element.kind for element in device.structure.elements} == set(ELEMENT_KINDS.values())
    axes = draw_circuit(device)
    axes.figure.canvas.draw()
    counts = Counter(words_of(axes))
    assert [counts[element.name] for element in device.structure.elements] == [1] * len(device.structure.elements)
    assert counts["k = −0.4"] == 1


def bare(*elements: Element) -> Device:
    """Elements as they are, not checked as those of a device file are."""
    islands = (Island("hot", held=True),)
    values = {"islands.hot.temperature": 0.1}
    return Device(values, Structure("bare", "static", islands, elements, (), ()), Provenance())


def test_a_kind_without_a_symbol_is_a_box_with_a_question_mark() -> None:
    axes = draw_circuit(bare(Element("new", ElementKind("flux-pump", "", {}, Branch()), ("a", GROUND), "hot")))
    axes.figure.canvas.draw()
    assert {"new", "?"} <= set(words_of(axes))


def test_an_element_without_a_place_is_named_in_the_caption() -> None:
    fine = Element("fine", ELEMENT_KINDS["resistor"], ("a", GROUND), "hot")
    axes = draw_circuit(
        bare(
            fine,
            Element("odd", ElementKind("amplifier", "", {}, Branch()), ("a", "b", "c")),
            Element("m", ELEMENT_KINDS["mutual"], (), couples=("fine", "gone")),
        )
    )
    assert "Not drawn, because there is no place for them: odd, m." in words_of(axes)
    assert "Not drawn" not in " ".join(words_of(draw_circuit(bare(fine))))


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_heat_arrows_point_where_the_heat_goes(sign: float) -> None:
    device = three_islands()
    flows: dict[Flow, float] = {
        ("photon", "left", "right"): sign * 2e-14,
        ("electron-phonon", "left", "bath"): sign * 1e-15,
        ("power", None, "left"): sign * 3e-14,
    }
    axes = draw_circuit(device, state_of(device, {"left": 0.2, "right": 0.15, "bath": 0.05}, flows))
    patches = patches_of(axes)
    ends = (("photon", "left", "right"), ("electron-phonon", "left", "bath"), ("outside", "outside", "left"))
    for kind, source, target in ends:
        first, second = (source, target) if sign > 0.0 else (target, source)
        assert f"{kind} {second} -> {first}" not in patches
        tip, *base = patches[f"{kind} {first} -> {second}"].get_xy()[:3]
        along = tip - np.mean(base, axis=0)
        if "outside" in (first, second):
            # Heaters and coolers stand above their island.
            assert (along[1] < 0.0) == (second == "left")
        else:
            centre = {
                name: np.mean(patches[f"island {name}"].get_window_extent().get_points(), axis=0)
                for name in (first, second)
            }
            assert along @ (centre[second] - centre[first]) > 0.0
    assert readable(2e-14, "W") in words_of(axes)


def test_the_flows_of_a_real_state_balance_on_every_island() -> None:
    state = steady_state(three_islands())
    flows = net_flows(state)
    largest = max(flow.watts for flow in flows)
    for island in state.temperatures:
        into = sum(flow.watts for flow in flows if flow.target == island)
        out = sum(flow.watts for flow in flows if flow.source == island)
        # The solver's promise is 1e-12 of the largest flow, or the last bit of a temperature.
        assert abs(into - out) <= max(1e-12 * largest, float(state.residual), 1e-24)


def test_paths_of_one_kind_between_two_islands_add_with_their_signs() -> None:
    device = three_islands()
    flows: dict[Flow, float] = {("photon", "left", "right"): 5e-15, ("photon", "right", "left"): 8e-15}
    (net,) = net_flows(state_of(device, {}, flows))
    assert (net.source, net.target) == ("right", "left")
    assert net.watts == pytest.approx(3e-15, rel=1e-12)


def test_hotter_islands_are_brighter_and_one_element_has_the_colour_of_its_island() -> None:
    device = three_islands()
    axes = draw_circuit(device, state_of(device, {"left": 0.3, "right": 0.2, "bath": 0.05}, {}))
    patches = patches_of(axes)
    luminance = [
        float(np.dot(patches[f"island {name}"].get_facecolor()[:3], (0.299, 0.587, 0.114)))
        for name in ("bath", "right", "left")
    ]
    assert luminance == sorted(luminance)
    assert len(set(luminance)) == 3
    assert patches["element left"].get_facecolor() == patches["island left"].get_facecolor()


def test_leads_of_symbols_on_dark_islands_stay_dark() -> None:
    device = three_islands()
    axes = draw_circuit(device, state_of(device, {"left": 0.051, "right": 0.3, "bath": 0.05}, {}))
    patch = patches_of(axes)["element left"].get_bbox()
    x = (patch.x0 + patch.x1) / 2.0
    upright = [line for line in axes.lines if np.size(line.get_xdata()) == 2 and np.allclose(line.get_xdata(), x)]
    leads = [
        sorted(map(float, np.asarray(line.get_ydata())))
        for line in upright
        if to_rgba(line.get_color()) == to_rgba(INK)
    ]
    assert any(low == pytest.approx(patch.y1) for low, _ in leads)
    assert any(high == pytest.approx(patch.y0) for _, high in leads)
    # Nothing in the light ink of the symbol reaches out of the colour behind it.
    for line in axes.lines:
        y = np.asarray(line.get_ydata(), dtype=float)
        if to_rgba(line.get_color()) == to_rgba("white"):
            assert np.nanmin(y) >= patch.y0 - 1e-6
            assert np.nanmax(y) <= patch.y1 + 1e-6


def test_islands_without_a_temperature_are_grey_and_a_sentence_says_why() -> None:
    device = three_islands()
    axes = draw_circuit(
        device,
        state_of(device, {"left": math.nan, "right": 0.3, "bath": 0.05}, {("photon", "left", "right"): math.nan}),
    )
    red, green, blue, _ = patches_of(axes)["island left"].get_facecolor()
    assert red == green == blue
    sentence = next(
        text for text in axes.texts if text.get_text().startswith("Temperatures were not found (no steady state)")
    )
    axes.figure.canvas.draw()
    (bar,) = axes.child_axes
    room = bar.get_tightbbox()
    assert room is not None
    assert sentence.get_window_extent().y1 < room.y0
    assert not any(name.startswith("photon") for name in patches_of(axes))
    assert "Heat flows that are not known are not drawn." in sentence.get_text().replace("\n", " ")
    nothing = draw_circuit(device, state_of(device, dict.fromkeys(("left", "right", "bath"), math.nan), {}))
    nothing.figure.canvas.draw()


def test_a_ladder_of_twenty_nodes_fits_two_columns_in_legible_type() -> None:
    device = ladder(20)
    axes = draw_circuit(
        device, state_of(device, {"hot": 0.3, "probe": 0.2, "cold": 0.1}, {("photon", "hot", "cold"): 1e-15})
    )
    axes.figure.canvas.draw()
    assert 25.4 * page_of(axes).get_figwidth() <= DOUBLE_COLUMN + 0.1
    assert (
        min(float(text.get_fontsize()) for text in axes.texts if text.get_text() in ("n7", "50 fF", "L19"))
        >= SMALLEST - ROUNDING
    )
    assert Counter(words_of(axes))["50 fF"] == 17
    require_apart(fit_circuit(device, DOUBLE_COLUMN - 6.0, brief=False))


def test_values_that_do_not_fit_are_left_out_and_the_caption_says_so() -> None:
    axes = draw_circuit(ladder(24))
    assert "Values of elements are left out." in " ".join(words_of(axes))
    assert "50 fF" not in words_of(axes)


def test_all_words_lie_on_the_page() -> None:
    for device in (three_islands(), everything(), ladder(20)):
        axes = draw_circuit(device)
        canvas = FigureCanvasAgg(page_of(axes))
        for text in axes.texts:
            box = text.get_window_extent(canvas.get_renderer())
            assert box.x0 >= 0.0
            assert box.x1 <= axes.bbox.x1, text.get_text()


def test_the_same_device_gives_the_same_file(tmp_path: Path) -> None:
    for ending in ("svg", "png"):
        for name in ("first", "second"):
            save_drawing(draw_circuit(everything()), tmp_path / f"{name}.{ending}")
        assert (tmp_path / f"first.{ending}").read_bytes() == (tmp_path / f"second.{ending}").read_bytes()


def test_given_axes_are_filled_and_a_sweep_is_refused() -> None:
    axes = Figure(figsize=(3.4, 3.0)).add_subplot()
    device = three_islands()
    assert draw_circuit(device, axes=axes) is axes
    page_of(axes).savefig(io.BytesIO(), format="png")
    with pytest.raises(ValueError, match="select one point"):
        draw_circuit(
            device, state_of(device, {}, {}).__class__(temperatures={"left": np.ones(3), "right": 0.3, "bath": 0.05})
        )
