"""From named elements to a circuit of arrays, and the netlists that are invalid."""

import math

import jax
import numpy as np

from subkelvin.circuit.arrays import (
    Values,
    element_values,
    islands_of,
    lower_branches,
    lower_lines,
    lower_lossless,
    of_line,
    tables,
)
from subkelvin.circuit.circuit import Branches, Circuit, Lines, Lossless, TwoPorts
from subkelvin.circuit.rational_fit import with_rational_fit
from subkelvin.circuit.routes import ROUTES, Form, first_route
from subkelvin.circuit.tree import edges, end_incidence, fast_voltages, tree_voltages
from subkelvin.constants import THERMAL_FREQUENCY
from subkelvin.model import Device, DeviceError, Element, Structure
from subkelvin.model.element_kind import Branch, Line, TwoPort

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

    Branches: resistive at zero frequency; those with an admittance at every frequency, first junctions, then kind by kind;
    measured one-ports.
    """
    branches = [e for e in structure.elements if isinstance(e.kind.law, Branch) and e.kind.radiates]
    branches.sort(key=_place_among_branches)
    lines = [e for e in structure.elements if isinstance(e.kind.law, Line) and e.island is not None]
    return branches + lines + [e for e in structure.elements if isinstance(e.kind.law, TwoPort)]


def _place_among_branches(element: Element) -> tuple[bool, bool, bool, str]:
    spectrum = element.spectrum
    by_kind = element.kind.name if spectrum else ""
    return bool(element.kind.ports), spectrum is not None, spectrum is not None and not spectrum.optional, by_kind


def radiating_pairs(structure: Structure) -> list[tuple[int, int]]:
    """Pairs of radiators (by position among them) that sit on different islands."""
    islands = [element.island for element in radiators(structure)]
    return [(i, j) for i in range(len(islands)) for j in range(i + 1, len(islands)) if islands[i] != islands[j]]


def check_circuit(structure: Structure) -> None:
    """Raise a DeviceError, naming element and node, unless currents can flow in every element and all are connected."""
    elements = [element for element in structure.elements if element.nodes]
    ends = {element.name: {node for edge in edges(element) for node in edge} for element in elements}
    for node in dict.fromkeys(node for element in elements for node in element.nodes):
        attached = [element for element in elements if node in ends[element.name]]
        if len(attached) == 1 and not attached[0].kind.grounded:
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
    branches = [element for element in radiating if isinstance(element.kind.law, Branch)]
    lossy = [element for element in radiating if isinstance(element.kind.law, Line)]
    two_ports = [element for element in radiating if isinstance(element.kind.law, TwoPort)]
    lines = lossy + [e for e in structure.elements if isinstance(e.kind.law, Line) and e.island is None]
    values = element_values(device)
    lossless = lower_lossless(structure, values, tree)
    lowered = lower_branches(device, values, branches, order, tree)
    lowered_lines = lower_lines(structure, values, lines, lossy, order, tree)
    form = _form(structure, lowered, lossless, lowered_lines, two_ports)
    wanted = route or structure.photon_route
    chosen = first_route(form) if wanted is None or wanted == "rational" else ROUTES[wanted]
    if route is None and form not in chosen.forms:
        # A route that was settled for other values of the circuit.
        chosen = first_route(form)
    chosen.require(form)
    circuit = Circuit(
        branches=lowered,
        lossless=lossless,
        lines=lowered_lines,
        two_ports=TwoPorts(
            *tables(two_ports, 2),
            incidence=end_incidence(structure, two_ports, tree),
            islands=islands_of(two_ports, order),
        ),
        fast_voltages=fast_voltages(structure, tree),
        unused=np.zeros(tree.shape[1]),
        pairs=np.array(radiating_pairs(structure), dtype=np.int64).reshape(-1, 2),
        route=chosen.name,
        panels=_panels(lines, values, "rational" if wanted == "rational" else chosen.name),
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


def _form(structure: Structure, branches: Branches, lossless: Lossless, lines: Lines, two_ports: list[Element]) -> Form:
    """What the circuit is, as far as a route asks."""
    inductive = lossless.inverse_root_inductance.shape[-1] > 0
    distributed = lines.incidence.shape[0] + len(two_ports) + branches.table_frequency.shape[0]
    if not distributed and not branches.spectra:
        return Form.ONE_POLE if branches.incidence.shape[1] == 1 and not inductive else Form.LUMPED
    if _is_comb(lines, branches, two_ports, settled=structure.photon_route == "echoes"):
        return Form.COMB
    # A superconducting wire is an inductance: with a capacitance anywhere it may resonate.
    resonant = inductive or (branches.inductive and any(map(_has_capacitance, structure.elements)))
    return Form.OTHER if distributed or resonant else Form.SMOOTH


def _is_comb(lines: Lines, branches: Branches, two_ports: list[Element], settled: bool) -> bool:
    """Whether all resonances of lines are those of one delay, and everything else is known at complex frequencies.

    Delays that are traced cannot be compared: they are equal if that was ``settled`` before.
    """
    measured = branches.table_frequency.shape[0] + len(two_ports)
    count = lines.incidence.shape[0]
    if not count or measured or any(spectrum.continued is None for spectrum, _ in branches.spectra):
        return False
    delay = lines.delay
    if count == 1 or isinstance(delay, jax.core.Tracer):
        return count == 1 or settled
    return bool(np.all(delay == delay[..., :1]))


def _panels(lines: list[Element], values: Values, route: str) -> int:
    """Panels for a smooth transmission, and for the integral four for each period that the lines add to it.

    A rational fit takes its derivatives by values of the circuit from the integral.

    Values that are not known here, because a derivative is taken, count with their delay at 300 mK.

    Raises:
        DeviceError: if these are more than the integral can hold.
    """
    if route not in ("integral", "rational") or not lines:
        return SMOOTH_PANELS
    known = {element.name: of_line(element, values).delay for element in lines}
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


def _has_capacitance(element: Element) -> bool:
    return isinstance(element.kind.law, Branch) and element.kind.law.capacitance is not None
