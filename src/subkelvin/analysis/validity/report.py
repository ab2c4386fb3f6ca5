"""A steady state together with everything a user should know before believing it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import equinox as eqx
import jax
import numpy as np

from subkelvin.analysis.validity.checks import Check, validity_checks
from subkelvin.analysis.validity.static_admittance import AdmittanceComparison, compare_admittances
from subkelvin.balance.steady.all_states import MOST_ISLANDS, states_and_scan
from subkelvin.balance.steady.steady_state import SteadyState, named, steady_state
from subkelvin.circuit.netlist import lower_circuit
from subkelvin.model import Device
from subkelvin.model.arguments import require_progress
from subkelvin.model.device_arguments import require_device
from subkelvin.model.result import About, Result
from subkelvin.model.status import Limit, Status
from subkelvin.numerics.precision import require_double_precision
from subkelvin.numerics.si_prefixes import engineering
from subkelvin.progress import Progress
from subkelvin.version import VERSION

if TYPE_CHECKING:
    import xarray as xr


SAME_STATE = 1e-6
"""Relative distance of temperatures within which two states are one."""


class Report(Result):
    """The answer to "what does this device do": state, other states, validity, provenance.

    Its text, ``str(report)``, begins with what the static admittance of the junctions changes, if any is static.
    """

    device: Device
    """The device itself."""
    state: SteadyState
    """The stable state reached by heating."""
    steady_states: tuple[tuple[dict[str, float], bool | None], ...] = eqx.field(static=True)
    """Temperatures of all islands in every known steady state, and whether each is stable (None: not known)."""
    uniqueness: str = eqx.field(static=True)
    """"all found" if every state was searched for and the count is consistent, "unknown" if not, "held" if nothing floats."""
    checks: tuple[Check, ...] = eqx.field(static=True)
    """Every validity check with its number and limit."""
    static_admittance: AdmittanceComparison | None = eqx.field(static=True, default=None)
    """Photonic heat with the static and the full admittance of the junctions; None if no junction is static."""

    @property
    def verdict(self) -> str:
        """What the static admittance changes, in one line; empty where it changes nothing."""
        return self.static_admittance.sentence if self.static_admittance else ""

    @property
    def status(self) -> Status:
        """How the search ended."""
        return Status(int(self.state.status))

    def advice(self) -> str:
        """How the search ended and what to try, in sentences; then what fails."""
        failing = [check.name for check in self.checks if check.ok is False]
        return " ".join([self.state.advice(), *([f"Checks that fail: {', '.join(failing)}."] if failing else [])])

    def to_xarray(self) -> "xr.Dataset":
        """The state's dataset, with the value and verdict of every check: 1 good, 0 bad, −1 not assessed."""
        dataset = self.state.to_xarray()
        told = [check.to_dict() for check in self.checks]
        values = [np.nan if one["value"] is None else float(one["value"]) for one in told]
        dataset["check_value"] = ("check", np.array(values))
        dataset["check_ok"] = ("check", np.array([-1 if one["ok"] is None else int(one["ok"]) for one in told]))
        return dataset.assign_coords(check=[one["name"] for one in told])

    def _rows(self) -> Iterator[tuple[str, str]]:
        if self.verdict:
            yield "admittance", self.verdict
        yield from self.state._rows()
        yield "states", f"{len(self.steady_states)} ({self.uniqueness})"
        yield "failing checks", ", ".join(check.name for check in self.checks if check.ok is False) or "none"

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


def report(device: Device, *, progress: Progress | None = None) -> Report:
    """Steady state, all other steady states where they can be found, and every validity check.

    Args:
        device: with plain numbers (no sweep axes, no tracers).
        progress: told of every step; cancelled, it raises `Cancelled`.

    Returns:
        Report.

    Raises:
        DeviceError: if the device cannot be computed.

    Example:
        >>> from subkelvin import preset, report
        >>> report(preset("silver-setup-1")).uniqueness
        'all found'
    """
    require_double_precision()
    require_device(device)
    progress = require_progress(progress)
    state, states, uniqueness = _states(device, progress.part(0.0, 0.8))
    progress.step(0.8, "admittances")
    comparison = compare_admittances(device, state)
    progress.step(0.9, "checks")
    known = len(states) > 1 or uniqueness != "unknown"
    checks = validity_checks(device, state, len(states) if known else None, comparison)
    return Report(About.of(device), device, state, states, uniqueness, tuple(checks), comparison)


def _states(
    device: Device, progress: Progress
) -> tuple[SteadyState, tuple[tuple[dict[str, float], bool | None], ...], str]:
    """The state reached by heating, every known one, and what is known of their number."""
    held = {i.name: float(device.values[f"islands.{i.name}.temperature"]) for i in device.structure.held_islands}
    floating = len(device.structure.floating_islands)
    # Where photonic heat has no closed form, a search of several islands takes minutes: `all_states` makes it.
    if floating == 1 or (floating <= MOST_ISLANDS and floating and lower_circuit(device).one_pole):
        found, solution, route = states_and_scan(device, progress=progress)
        state = named(device, solution, route) if solution is not None else jax.device_get(steady_state(device))
        listed = [({**one.temperatures, **held}, one.stable) for one in found.states]
        reached = {name: float(value) for name, value in state.temperatures.items()}
        listed_too = any(
            all(abs(one[name] - kelvin) <= SAME_STATE * kelvin for name, kelvin in reached.items()) for one, _ in listed
        )
        if state.status == Status.CONVERGED and not listed_too:
            return state, ((reached, None), *listed), "unknown"
        return state, tuple(listed), "all found" if found.complete else "unknown"
    state = jax.device_get(steady_state(device))
    temperatures = {name: float(value) for name, value in state.temperatures.items()}
    # With every temperature held there is nothing that could be unstable.
    known = ((temperatures, None if floating else True),) if state.status == Status.CONVERGED else ()
    return state, known, "unknown" if floating else "held"


def _number(value: Any) -> float | None:
    number = float(value)
    return number if np.isfinite(number) else None
