"""A steady state together with everything a user should know before believing it."""

from dataclasses import dataclass
from typing import Any

import jax
import numpy as np

from subkelvin.analysis.static_admittance import AdmittanceComparison, compare_admittances
from subkelvin.analysis.validity import Check, validity_checks
from subkelvin.balance.status import Limit, Status
from subkelvin.balance.steady import SteadyState, steady_state, steady_states
from subkelvin.model import Device
from subkelvin.model.device_arguments import require_device
from subkelvin.numerics.precision import require_double_precision
from subkelvin.numerics.si_prefixes import engineering
from subkelvin.version import VERSION


@dataclass(frozen=True)
class Report:
    """The answer to "what does this device do": state, other states, validity, provenance.

    Its text, ``str(report)``, begins with what the static admittance of the junctions changes, if any is static.
    """

    device: Device
    state: SteadyState
    steady_states: list[tuple[dict[str, float], bool | None]]
    """Temperatures of all islands in every known steady state, and whether each is stable (None: not known)."""
    uniqueness: str
    """"all found" for one floating island, "unknown" for more, "held" for none."""
    checks: list[Check]
    static_admittance: AdmittanceComparison | None = None
    """Photonic heat with the static and the full admittance of the junctions; None if no junction is static."""

    @property
    def verdict(self) -> str:
        """What the static admittance changes, in one line; empty where it changes nothing."""
        return self.static_admittance.sentence if self.static_admittance else ""

    @property
    def status(self) -> Status:
        """How the search ended."""
        return Status(int(self.state.status))

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON can hold it: SI numbers, None for what does not exist."""
        structure = self.device.structure
        return {
            "static_admittance": self.static_admittance.to_dict() if self.static_admittance else None,
            "status": self.status.label,
            "advice": self.state.advice(),
            "temperatures_K": {name: _number(value) for name, value in self.state.temperatures.items()},
            "last_temperatures_K": {name: _number(value) for name, value in self.state.last_temperatures.items()},
            "limits": {
                name: Limit(int(limit)).name.lower().replace("_", "-")
                for name, limit in self.state.limits.items()
                if int(limit) != Limit.NONE
            },
            "heat": [
                {
                    "kind": path.kind,
                    "from": path.source,
                    "to": path.target,
                    "watts": _number(watts),
                    "error_W": _number(error),
                    "through": list(path.through),
                }
                for path, watts, error in zip(self.state.paths, self.state.watts, self.state.watts_error, strict=True)
            ],
            "residual_W": _number(self.state.residual),
            "tolerance_W": _number(self.state.tolerance),
            "steady_states": [
                {"temperatures_K": temperatures, "stable": stable} for temperatures, stable in self.steady_states
            ],
            "uniqueness": self.uniqueness,
            "checks": [check.to_dict() for check in self.checks],
            "admittance": structure.admittance,
            "assumed": list(self.device.provenance.assumed),
            "parameters": {path: _number(value) for path, value in sorted(self.device.values.items())},
            "device": structure.name,
            "version": VERSION,
        }

    def __str__(self) -> str:
        state = self.state
        lines = [self.verdict] if self.verdict else []
        lines.append(f"{self.device.structure.name}: {self.status.label}. {state.advice()}")
        for island in self.device.structure.islands:
            how = "held" if island.held else "solved for"
            lines.append(f"  {island.name}: {engineering(float(state.temperatures[island.name]), 'K')} ({how})")
        for path, watts in zip(state.paths, state.watts, strict=True):
            if float(watts) != 0.0:
                ends = f"{path.source or 'outside'} to {path.target or 'outside'}"
                lines.append(f"  {path.kind}, {ends}: {engineering(float(watts), 'W')}")
        failing = [check.name for check in self.checks if check.ok is False]
        lines.append(f"checks that fail: {', '.join(failing) or 'none'}")
        return "\n".join(lines)


def report(device: Device) -> Report:
    """Steady state, all other steady states where they can be found, and every validity check.

    Args:
        device: with plain numbers (no sweep axes, no tracers).

    Raises:
        DeviceError: if the device cannot be computed.
    """
    require_double_precision()
    require_device(device)
    floating = device.structure.floating_islands
    states: list[tuple[dict[str, float], bool | None]]
    if len(floating) == 1:
        held = {i.name: float(device.values[f"islands.{i.name}.temperature"]) for i in device.structure.held_islands}
        state, known = steady_states(device)
        states = [({floating[0].name: t, **held}, stable) for t, stable in known]
        uniqueness = "all found"
    else:
        state = jax.device_get(steady_state(device))
        temperatures = {name: float(value) for name, value in state.temperatures.items()}
        converged = int(state.status) == Status.CONVERGED
        # With every temperature held there is nothing that could be unstable.
        states = [(temperatures, None if floating else True)] if converged else []
        uniqueness = "unknown" if floating else "held"
    comparison = compare_admittances(device, state)
    checks = validity_checks(device, state, len(states), comparison)
    return Report(device, state, states, uniqueness, checks, comparison)


def _number(value: Any) -> float | None:
    number = float(value)
    return number if np.isfinite(number) else None
