"""What the static admittance of the junctions changes in an answer: photonic heat with it, and with the full one.

    |J_dynamic/J_static − 1|        J_ij the net photonic heat between two islands

Both at the temperatures of the state, so that only the admittance differs: a static junction is its zero-bias resistance R(T) and
its capacitance at every frequency, a dynamic one has the admittance of tunnelling quasiparticles (docs/physics.md, section 3). All
else stays as the device has it. A path between two islands counts if it carries at least one per cent of all photonic heat of one
of them, with either admittance; the largest change of those is the verdict.
Docs: docs/admittance.md; docs/physics.md, section 9.
"""

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np

from subkelvin.analysis.validity.check import STATIC_ADMITTANCE, Check, check
from subkelvin.balance.steady.steady_state import SteadyState
from subkelvin.circuit.bucket import in_bucket
from subkelvin.circuit.netlist import lower_circuit, radiating_pairs, radiators
from subkelvin.circuit.routes import ROUTES
from subkelvin.constants import HEAT_QUANTUM
from subkelvin.heat.matrix import compiled_island_heat
from subkelvin.heat.photonic import NEGLIGIBLE, UNKNOWN
from subkelvin.model import Device
from subkelvin.model.status import Status
from subkelvin.numerics.si_prefixes import engineering

KIND, LIMIT = "static-admittance", STATIC_ADMITTANCE
COUNTS = 0.01
"""Share of an island's photonic heat below which a path is left out: it can change no answer by more than one per cent."""
LARGEST = 40
"""Radiating elements up to which the comparison is made: it takes seconds for 30 and grows with the cube of their number."""
DIGITS = 3
"""Of the heats in the sentence: the limit is 10 %."""


@dataclass(frozen=True)
class ComparedPath:
    """Net photonic heat from a warmer island to a colder one, with both admittances [W]."""

    source: str
    target: str
    static: float
    full: float

    @property
    def change(self) -> float:
        """|J_dynamic/J_static − 1|; infinite where the static heat is too small for a number."""
        return abs(self.full / self.static - 1.0) if self.static else math.inf


@dataclass(frozen=True)
class AdmittanceComparison:
    """What becomes of the photonic heat of a state if its static junctions have their full admittance."""

    elements: tuple[str, ...]
    """The junctions that the device takes as static."""
    mixed: bool
    """Whether other junctions are dynamic already."""
    paths: tuple[ComparedPath, ...]
    """The paths that count, the largest change first."""
    missing: str
    """Why there is nothing to compare, as a clause; empty if there is."""

    @property
    def check(self) -> Check:
        """The verdict as a validity check: the largest change."""
        change = self.paths[0].change if self.paths else math.nan
        if math.isinf(change):
            # No number, but a verdict: all of the heat is missing from the static answer.
            bare = check(KIND, math.nan, "with the static admittance no heat flows where it does with the full one")
            return dataclasses.replace(bare, ok=False)
        return check(KIND, change, self.missing)

    @property
    def sentence(self) -> str:
        """The verdict in one line; empty for a device in which no junction exchanges photons.

        Of several paths it shows the one with the most heat, among those that change beyond the limit if there are any.
        """
        which = f" ({', '.join(self.elements)})" if self.mixed else ""
        if self.missing:
            relevant = self.missing != NO_PHOTONS
            return (
                f"static admittance{which}: not compared with the full one, because {self.missing}" if relevant else ""
            )
        beyond = [path for path in self.paths if not LIMIT.holds(path.change)]
        shown = max(beyond or self.paths, key=lambda path: max(path.static, path.full))
        static, full = (engineering(watts, "W", DIGITS) for watts in (shown.static, shown.full))
        verdict = f"{'beyond' if beyond else 'within'} the limit of {100.0 * LIMIT.value:g} %"
        if len(self.paths) > 1:
            verdict += f" ({len(beyond) or 'all'} of {len(self.paths)} photonic paths)"
        return (
            f"static admittance{which}: {static} from {shown.source} to {shown.target}; with the junctions' full admittance "
            f"{full} at the same temperatures, {verdict}"
        )

    def to_dict(self) -> dict[str, Any]:
        """The comparison as JSON can hold it."""
        return {
            "sentence": self.sentence,
            "elements": list(self.elements),
            "paths": [
                {"from": path.source, "to": path.target, "static_W": path.static, "full_W": path.full}
                for path in self.paths
            ],
        }


NO_PHOTONS = "no two islands exchange photons"
NO_STATE = "there is no steady state"
NO_HEAT = "no photonic heat flows at these temperatures"
TOO_LARGE = (
    f'more than {LARGEST} elements radiate and the comparison takes long; solve the device with admittance = "dynamic"'
)
NOT_KNOWN = f"photonic heat with the {{}} admittance is not known to {UNKNOWN:g}"


def compare_admittances(device: Device, state: SteadyState) -> AdmittanceComparison | None:
    """Photonic heat of a state with the device's own admittance of its junctions, and with the full one of all of them.

    Args:
        device: with plain numbers (no sweep axes, no tracers).
        state: its steady state.

    Returns:
        AdmittanceComparison; None if the device has no NIS junction, or none with a static admittance.

    Raises:
        DeviceError: if the circuit cannot be computed.

    Example:
        >>> from subkelvin import preset, steady_state
        >>> device = preset("silver-setup-1")
        >>> print(compare_admittances(device, steady_state(device)).sentence)
        static admittance: 13.4 fW from left to right; with the junctions' full admittance 6.17 fW at the same temperatures, \
beyond the limit of 10 %
    """
    junctions = [element for element in device.structure.elements if element.kind.two_models]
    elements = tuple(element.name for element in junctions if not element.dynamic)
    if not elements:
        return None
    paths: tuple[ComparedPath, ...] = ()
    if not radiating_pairs(device.structure):
        missing = NO_PHOTONS
    elif len(radiators(device.structure)) > LARGEST:
        missing = TOO_LARGE
    elif int(state.status) != Status.CONVERGED:
        missing = NO_STATE
    else:
        paths, missing = _compared_paths(device, state)
    return AdmittanceComparison(elements, len(elements) < len(junctions), paths, missing)


def with_full_admittance(device: Device) -> Device:
    """The device with the frequency-dependent admittance of every NIS junction."""
    structure = device.structure
    elements = tuple(dataclasses.replace(one, dynamic=one.kind.two_models) for one in structure.elements)
    # Another circuit: a route that was settled for the static one says nothing about it.
    full = dataclasses.replace(structure, elements=elements, admittance="dynamic", photon_route=None)
    return Device(device.values, full, device.provenance)


def _compared_paths(device: Device, state: SteadyState) -> tuple[tuple[ComparedPath, ...], str]:
    """The paths that count, the largest change first; and why there are none."""
    names = [island.name for island in device.structure.ordered_islands]
    temperatures = np.array([float(state.temperatures[name]) for name in names])
    static, static_error = _photonic_heat(device, temperatures)
    full, full_error = _photonic_heat(with_full_admittance(device), temperatures)
    weight = np.maximum(np.abs(static), np.abs(full))
    for word, error in (("static", static_error), ("full", full_error)):
        if not _known(weight, error, temperatures):
            return (), NOT_KNOWN.format(word)
    paths = [
        ComparedPath(names[i], names[j], float(static[i, j]), float(full[i, j]))
        for i, j in zip(*np.nonzero(_counts(weight, temperatures)), strict=True)
        if static[i, j] > 0.0 or full[i, j] > 0.0
    ]
    return tuple(sorted(paths, key=lambda path: -path.change)), "" if paths else NO_HEAT


def _photonic_heat(device: Device, temperatures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Heat between islands and its estimated error [W], by the first route that knows the paths that count."""
    circuit = lower_circuit(device)
    for route in (circuit.route, *ROUTES[circuit.route].fallbacks):
        chosen = circuit if route == circuit.route else lower_circuit(device, route)
        watts, error = jax.device_get(compiled_island_heat(in_bucket(chosen), temperatures))
        if _known(np.abs(watts), error, temperatures):
            break
    return watts, error


def _counts(weight: np.ndarray, temperatures: np.ndarray) -> np.ndarray:
    """Which paths count, from the magnitude of the heat along each [W], shape (islands, islands)."""
    of_island = np.sum(weight, axis=1)
    # What no balance can feel, such as rounding between islands of one temperature, is no heat.
    felt = weight > NEGLIGIBLE * HEAT_QUANTUM * np.max(temperatures) ** 2
    return felt & (weight >= COUNTS * np.minimum.outer(of_island, of_island))


def _known(weight: np.ndarray, error: np.ndarray, temperatures: np.ndarray) -> bool:
    """Whether every path that counts is known to 1e-3; a heat that is not a number is not known."""
    return bool(np.all(np.isfinite(weight)) and np.all((error <= UNKNOWN * weight)[_counts(weight, temperatures)]))
