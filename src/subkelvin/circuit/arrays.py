"""From the values of named elements to arrays: branches, lossless elements, lines, measured tables."""

import itertools
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import jax
import numpy as np

from subkelvin.circuit.circuit import Branches, Lines, Lossless
from subkelvin.circuit.tree import end_incidence, incidence
from subkelvin.model import Device, DeviceError, Element, Structure
from subkelvin.model.element_kind import Branch, Line, SharedFlux
from subkelvin.model.stacking import Leaf, stack

Values = Mapping[str, Mapping[str, Any]]
"""The numbers of all elements, by element and key."""


class LineNumbers(NamedTuple):
    """Of one transmission line."""

    impedance: Any
    """[Ω]"""
    delay: Any
    """[s]"""
    attenuation: Any


def element_values(device: Device) -> dict[str, dict[str, Any]]:
    """The numbers of all elements, by element and key."""
    values: dict[str, dict[str, Any]] = {element.name: {} for element in device.structure.elements}
    for path, value in device.values.items():
        section, _, rest = path.partition(".")
        name, _, key = rest.partition(".")
        if section == "elements" and name in values:
            values[name][key] = value
    return values


def _numbers(
    elements: list[Element],
    number: Callable[[Element], Callable[[Mapping[str, Any]], Any] | None],
    values: Values,
) -> Leaf:
    """One number of the circuit for every element; 0 for what its kind does not have.

    Raises:
        DeviceError: if the device lacks a value that it follows from.
    """
    found = []
    for element in elements:
        of_values = number(element)
        try:
            found.append(0.0 if of_values is None else of_values(values[element.name]))
        except KeyError as missing:
            raise DeviceError(
                f"elements.{element.name}.{missing.args[0]}", f"is missing: a {element.kind.name} needs it", "add it"
            ) from None
    return stack(found)


def _branch(element: Element) -> Branch:
    law = element.kind.law
    assert isinstance(law, Branch)
    return law


def lower_branches(
    device: Device,
    values: Values,
    elements: list[Element],
    order: list[str],
    tree: np.ndarray,
) -> Branches:
    """The radiating branches, in the order of `radiators`."""
    structure = device.structure
    superconductors = [element.superconductor for element in elements]
    frequency, admittance = tables([element for element in elements if element.table is not None], 1)
    runs = [(spectrum, list(run)) for spectrum, run in itertools.groupby(elements, lambda element: element.spectrum)]
    groups = [(spectrum, run) for spectrum, run in runs if spectrum is not None]
    return Branches(
        normal_conductance=_numbers(elements, lambda element: _branch(element).conductance, values),
        capacitance=_numbers(elements, lambda element: _branch(element).capacitance, values),
        critical_temperature=stack(
            [device.values[f"superconductors.{name}.critical_temperature"] if name else 0.0 for name in superconductors]
        ),
        dynes=stack([device.values[f"superconductors.{name}.dynes"] if name else 0.0 for name in superconductors]),
        gap_equation=np.array(
            [structure.superconductor(name).gap_equation if name else False for name in superconductors], dtype=bool
        ),
        islands=islands_of(elements, order),
        incidence=incidence(structure, elements, tree),
        table_frequency=frequency,
        table_admittance=admittance,
        numbers=tuple(
            {key: stack([values[e.name].get(key, np.nan) for e in group]) for key in spectrum.keys}
            for spectrum, group in groups
        ),
        spectra=tuple((spectrum, len(group)) for spectrum, group in groups),
        constant=not any(e.superconductor or e.spectrum or e.kind.ports for e in elements),
    )


def lower_lossless(structure: Structure, values: Values, tree: np.ndarray) -> Lossless:
    """The capacitors and inductors, apart from those inside radiating branches."""
    branches = [element for element in structure.elements if isinstance(element.kind.law, Branch)]
    capacitors = [e for e in branches if _branch(e).capacitance is not None and not e.kind.radiates]
    inductors = [e for e in branches if _branch(e).inverse_inductance is not None]
    return Lossless(
        capacitance=_numbers(capacitors, lambda element: _branch(element).capacitance, values),
        capacitor_incidence=incidence(structure, capacitors, tree),
        inverse_root_inductance=_numbers(inductors, lambda element: _branch(element).inverse_inductance, values) ** 0.5,
        coupling=_coupling(structure, values, [element.name for element in inductors]),
        inductor_incidence=incidence(structure, inductors, tree),
    )


def _coupling(structure: Structure, values: Values, inductors: list[str]) -> Leaf:
    """The matrix of coupling coefficients, 1 on its diagonal.

    Raises:
        DeviceError: if no positive energy belongs to it.
    """
    entries: list[list[Any]] = [[float(i == j) for j in inductors] for i in inductors]
    mutuals = [element for element in structure.elements if isinstance(element.kind.law, SharedFlux)]
    for element in mutuals:
        assert isinstance(element.kind.law, SharedFlux)
        i, j = (inductors.index(name) for name in element.couples)
        entries[i][j] = entries[j][i] = element.kind.law.coefficient(values[element.name])
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


def of_line(element: Element, values: Values) -> LineNumbers:
    """Impedance, delay and attenuation of one line."""
    law, own = element.kind.law, values[element.name]
    assert isinstance(law, Line)
    return LineNumbers(law.impedance(own), law.delay(own), law.attenuation(own))


def lower_lines(
    structure: Structure,
    values: Values,
    lines: list[Element],
    lossy: list[Element],
    order: list[str],
    tree: np.ndarray,
) -> Lines:
    """The transmission lines, lossy ones first.

    Raises:
        DeviceError: if a line absorbs but has no island at whose temperature it radiates.
    """
    numbers = [of_line(element, values) for element in lines]
    for element, (_, _, attenuation) in zip(lines, numbers, strict=True):
        # Without an island the line would absorb and not radiate.
        if element.island is None and not isinstance(attenuation, jax.core.Tracer) and np.any(attenuation > 0.0):
            raise DeviceError(
                f"elements.{element.name}.attenuation",
                "is not 0, but the line has no island: what absorbs radiates at some temperature",
                'give the line an island in its file, such as island = "bath"',
            )
    return Lines(
        impedance=stack([one.impedance for one in numbers]),
        delay=stack([one.delay for one in numbers]),
        attenuation=stack([one.attenuation for one in numbers]),
        incidence=end_incidence(structure, lines, tree),
        islands=islands_of(lossy, order),
    )


def islands_of(elements: list[Element], order: list[str]) -> np.ndarray:
    """Positions of the islands of elements that radiate."""
    return np.array([order.index(element.island or "") for element in elements], dtype=np.int64)


def tables(elements: list[Element], ports: int) -> tuple[np.ndarray, np.ndarray]:
    """Frequencies and admittances of measured elements, shorter tables filled up with their last row."""
    known = [element.table for element in elements if element.table is not None]
    rows = max((len(table.frequency) for table in known), default=2)
    frequency = [[*table.frequency, *[table.frequency[-1]] * (rows - len(table.frequency))] for table in known]
    admittance = [[*table.admittance, *[table.admittance[-1]] * (rows - len(table.admittance))] for table in known]
    return (
        np.array(frequency, dtype=float).reshape(len(known), rows),
        np.array(admittance, dtype=complex).reshape(len(known), rows, ports, ports),
    )
