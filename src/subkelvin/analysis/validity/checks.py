"""Validity: every assumption of the model, checked at a steady state.

`subkelvin.analysis.validity.check` has the table of checks, their limits and meanings. All numbers that need computing come from
one compiled function, `subkelvin.analysis.validity.numbers`; what is here gives them names. Docs: docs/physics.md, section 9.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import jax
import numpy as np

from subkelvin.analysis.validity.check import MEANINGS, check, limit_of
from subkelvin.analysis.validity.check import Check as Check
from subkelvin.analysis.validity.numbers import Monitors, compiled_monitors
from subkelvin.analysis.validity.static_admittance import NO_STATE, AdmittanceComparison, compare_admittances
from subkelvin.analysis.validity.wires import missing_keys, normal_wire_resistance, superconducting_wires
from subkelvin.balance.network.network import Network, lower
from subkelvin.balance.network.route import prepare
from subkelvin.balance.steady.solve import solution_of
from subkelvin.balance.steady.steady_state import SteadyState
from subkelvin.circuit.netlist import radiators
from subkelvin.constants import BOLTZMANN, ELEMENTARY_CHARGE, THERMAL_FREQUENCY, THERMAL_VOLTAGE
from subkelvin.model import Device, Element
from subkelvin.model.status import Status

LARGEST_NOISE_ERROR = 1e-3
"""Estimated relative error of ⟨V²⟩ beyond which its integral says nothing."""


@dataclass(frozen=True)
class _Situation:
    """A device in a state, and the numbers of that state."""

    device: Device
    state: SteadyState
    network: Network
    elements: tuple[Element, ...]
    """The dissipative elements, in the order of the circuit's branches."""
    junctions: np.ndarray
    """Junctions in series in each of them; 1 for a resistor."""
    numbers: Monitors

    @property
    def unsolved(self) -> str:
        """Why nothing can be said that depends on a floating temperature; "" if it can."""
        return "" if int(self.state.status) == Status.CONVERGED else NO_STATE

    def unknown(self, island: str) -> str:
        """Why nothing can be said that depends on the temperature of one island; "" if it can."""
        return "" if self.device.structure.island(island).held else self.unsolved

    def temperature(self, island: str) -> float:
        """Temperature of an island [K]."""
        return float(self.state.temperatures[island])

    def value(self, path: str) -> float:
        """A value of the device; NaN if it is absent."""
        return float(self.device.values.get(path, math.nan))


def validity_checks(
    device: Device, state: SteadyState, steady_state_count: int | None, comparison: AdmittanceComparison | None = None
) -> list[Check]:
    """Every check of a steady state; `subkelvin.analysis.validity.check` has the table.

    Args:
        device: with plain numbers (no sweep axes, no tracers).
        state: its steady state, in NumPy numbers.
        steady_state_count: how many steady states there are; None if that is not known.
        comparison: of the admittances of its junctions, if it is known already.

    Returns:
        Checks of elements, then of islands, both in the order of the device, then of the broadening, the number of states and
        the static admittance. Values are finite or None. Without a converged state, whatever depends on a floating temperature
        is not assessed.
    """
    return [
        *local_checks(device, state),
        *broadening_checks(device, state),
        number_of_states_check(steady_state_count),
        *admittance_checks(comparison or compare_admittances(device, state)),
    ]


def local_checks(device: Device, state: SteadyState) -> list[Check]:
    """The checks that need this state alone: those of elements, then those of islands."""
    device = prepare(device)
    network = lower(device)
    temperatures = np.array([float(state.temperatures[i.name]) for i in device.structure.ordered_islands])
    elements = tuple(radiators(device.structure)[: network.circuit.branches.islands.shape[0]])
    junctions = np.array([float(device.values.get(f"elements.{e.name}.junctions", 1.0)) for e in elements])
    wires = superconducting_wires(device, elements)
    numbers: Monitors = jax.device_get(compiled_monitors(network, temperatures, junctions, wires))
    situation = _Situation(device, state, network, elements, junctions, numbers)
    checks: list[Check] = []
    for branch, element in enumerate(elements):
        if element.kind.junctions:
            checks += _element_checks(situation, branch)
    for position in range(len(device.structure.ordered_islands)):
        checks += _island_checks(situation, position)
    return checks


def broadening_checks(device: Device, state: SteadyState) -> Iterator[Check]:
    """How the rise of every floating island above the coldest held temperature changes with γ × 3 and γ ÷ 3."""
    device = prepare(device)
    network = lower(device)
    converged = int(state.status) == Status.CONVERGED
    names = [island.name for island in device.structure.floating_islands]
    coldest = float(np.min(network.held_temperatures))
    rise = np.array([float(state.temperatures[name]) for name in names]) - coldest
    lost, change = False, np.zeros(len(names))
    if names and converged:
        for factor in (3.0, 1.0 / 3.0):
            # Wherever a superconductor stands: elements and links.
            values = {
                path: value * (factor if path.endswith(".dynes") else 1.0) for path, value in device.values.items()
            }
            solution = jax.device_get(solution_of(lower(Device(values, device.structure))))
            lost = lost or int(solution.status) != Status.CONVERGED
            change = np.maximum(change, np.abs(solution.temperatures[: len(names)] - coldest - rise))
    for name, difference, level in zip(names, change, rise, strict=True):
        kind = "dynes-robustness"
        if lost:
            # No number, but a verdict: a state that another broadening takes away is not robust.
            meaning = f"{MEANINGS[kind]} With γ × 3 or γ ÷ 3 there is no steady state."
            yield Check(f"{kind}.{name}", None, limit_of(kind), False, meaning)
        else:
            flat = "" if level else "the island is at the coldest held temperature"
            yield check(f"{kind}.{name}", _ratio(difference, abs(level)), flat if converged else NO_STATE)


def number_of_states_check(count: int | None) -> Check:
    """One steady state; not assessed where their number is not known."""
    return check(
        "steady-states", math.nan if count is None else count, "" if count is not None else "their number is not known"
    )


def admittance_checks(comparison: AdmittanceComparison | None) -> list[Check]:
    """The static admittance of the junctions, if any has it."""
    return [comparison.check] if comparison else []


def _element_checks(situation: _Situation, branch: int) -> Iterator[Check]:
    """The checks of one element of tunnel junctions."""
    element, circuit, numbers = situation.elements[branch], situation.network.circuit, situation.numbers
    name, island, device = element.name, element.island or "", situation.device
    own, unsolved = situation.unknown(island), situation.unsolved
    temperature, junctions = situation.temperature(island), float(situation.junctions[branch])
    conductance, capacitance = float(numbers.conductance[branch]), float(circuit.branches.capacitance[branch])
    gap, cutoff = float(numbers.gap[branch]), float(numbers.cutoff[branch])
    thermal_frequency = THERMAL_FREQUENCY * temperature
    admittance = abs(conductance + 1j * thermal_frequency * capacitance)
    closed = "the gap is closed and the junction linear" if gap == 0.0 else ""

    if element.kind.superconductor:
        voltage = float(numbers.noise[branch]) / junctions
        is_rough = float(numbers.noise_error[branch]) > LARGEST_NOISE_ERROR
        rough = unsolved or ("the integral over frequency did not end" if is_rough else "")
        yield check(f"voltage-noise-over-temperature.{name}", voltage / (THERMAL_VOLTAGE * temperature), rough)
        yield check(f"voltage-noise-over-gap.{name}", _ratio(ELEMENTARY_CHARGE * voltage, gap), rough or closed)

    charging_energy = ELEMENTARY_CHARGE**2 / (2.0 * junctions * capacitance)
    yield check(f"charging-over-temperature.{name}", charging_energy / (BOLTZMANN * temperature), own)

    normal_wire = normal_wire_resistance(device, element) * conductance
    yield check(f"wire-resistance.{name}", normal_wire, missing_keys(device, element, superconducting=False) or own)
    wire = float(numbers.wire_impedance[branch]) * admittance
    yield check(f"superconductor-impedance.{name}", wire, missing_keys(device, element, superconducting=True) or own)
    path = f"elements.{name}.line_inductance"
    line = thermal_frequency * situation.value(path) * admittance
    yield check(f"line-impedance.{name}", line, own if path in device.values else f"it needs `{path}`")

    alone = "the element exchanges photons with no other island" if not np.any(circuit.pairs == branch) else unsolved
    yield check(f"cutoff-over-temperature.{name}", cutoff / thermal_frequency, alone)


def _island_checks(situation: _Situation, position: int) -> Iterator[Check]:
    """The checks of one island, by its place among the ordered ones."""
    structure, numbers = situation.device.structure, situation.numbers
    island = structure.ordered_islands[position]
    name, unsolved = island.name, situation.unsolved
    branches = [k for k, element in enumerate(situation.elements) if element.island == name]
    # Junctions that a link stands for join two islands: nothing is assumed about their temperatures.
    joining = {link.element for link in structure.links}
    elements = situation.elements
    superconducting = [k for k in branches if elements[k].superconductor and elements[k].name not in joining]
    if superconducting:
        link = float(np.sum(numbers.junction_heat_conductance[superconducting]))
        yield check(f"one-temperature.{name}", _ratio(float(numbers.island_heat_conductance[position]), link), unsolved)

    here = {part.material for part in island.parts} | {situation.elements[k].superconductor for k in branches}
    for superconductor in structure.superconductors:
        if superconductor.name in here:
            critical = situation.value(f"superconductors.{superconductor.name}.critical_temperature")
            reduced = situation.temperature(name) / critical
            yield check(f"temperature-over-critical.{superconductor.name}.{name}", reduced, situation.unknown(name))

    if not island.held:
        heater = situation.value(f"islands.{name}.power")
        parasitic = situation.value(f"islands.{name}.parasitic_power")
        missing = "" if heater else f"it needs an `islands.{name}.power` that is not 0"
        yield check(f"parasitic-power.{name}", _ratio(parasitic, abs(heater)), missing)
    elif (island.parts or branches) and name not in {other.phonons for other in structure.islands}:
        yield check(f"heater-power.{name}", float(situation.state.holding_power(name)), unsolved)


def _ratio(numerator: float, denominator: float) -> float:
    """A quotient; NaN where the denominator is 0."""
    return float(numerator) / float(denominator) if denominator else math.nan
