"""Photonic heat and transmission between all islands of a device, with names."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import equinox as eqx
import jax
import numpy as np

from subkelvin.balance.steady.steady_state import steady_state
from subkelvin.circuit.netlist import lower_circuit
from subkelvin.circuit.routes import ROUTES
from subkelvin.heat.matrix import compiled_island_transmission, heat_matrix_of
from subkelvin.model import Device
from subkelvin.model.arguments import require_choice, require_island, require_numbers, require_temperatures
from subkelvin.model.device_arguments import require_device
from subkelvin.model.result import About, Quantity, Result, shown_number
from subkelvin.model.status import Status
from subkelvin.numerics.precision import require_double_precision


class HeatMatrix(Result):
    """P_ij, the net photonic heat from every island to every other: antisymmetric; its rows sum to what an island gives off."""

    islands: tuple[str, ...] = eqx.field(static=True)
    """Floating ones first."""
    temperature: Annotated[np.ndarray, Quantity("K", "temperature", ("source",))]
    """[K], shape (islands,)."""
    heat: Annotated[np.ndarray, Quantity("W", "net photonic heat", ("source", "target"))]
    """From the first index to the second [W], shape (islands, islands)."""
    error: Annotated[np.ndarray, Quantity("W", "estimated error of the heat", ("source", "target"))]
    """[W], shape (islands, islands)."""
    route: str = eqx.field(static=True)
    """How it was computed."""
    note: str = eqx.field(static=True)
    """Why not by the rational fit that was asked for; empty otherwise."""

    @property
    def status(self) -> Status:
        """`Status.NOT_CONVERGED` where a heat is not known."""
        return Status.CONVERGED if np.all(np.isfinite(self.heat)) else Status.NOT_CONVERGED

    def between(self, source: str, target: str) -> float:
        """Net heat from one island to another [W].

        Raises:
            DeviceError: if there is no such island.
        """
        require_island("source", source, self.islands)
        require_island("target", target, self.islands)
        return float(self.heat[self.islands.index(source), self.islands.index(target)])

    def _coordinates(self) -> dict[str, Any]:
        return {"source": list(self.islands), "target": list(self.islands)}

    def _attributes(self) -> dict[str, Any]:
        return {"route": self.route} | ({"note": self.note} if self.note else {})

    def _rows(self) -> Iterator[tuple[str, str]]:
        for i, j in zip(*np.nonzero(self.heat > 0.0), strict=True):
            yield f"{self.islands[i]} → {self.islands[j]}", shown_number(self.heat[i, j], "W")
        yield "route", self.route


class Transmission(Result):
    """𝒯_ij(f) between islands, summed over their radiators: symmetric, not negative, at most the channels of either island."""

    islands: tuple[str, ...] = eqx.field(static=True)
    """Floating ones first."""
    temperature: Annotated[np.ndarray, Quantity("K", "temperature", ("source",))]
    """[K], shape (islands,)."""
    frequency: Annotated[np.ndarray, Quantity("Hz", "frequency", ("frequency",))]
    """f [Hz], shape (n,)."""
    transmission: Annotated[np.ndarray, Quantity("", "photon transmission", ("source", "target", "frequency"))]
    """𝒯_ij, shape (islands, islands, n)."""

    @property
    def status(self) -> Status:
        """`Status.NOT_CONVERGED` where a transmission is not known."""
        return Status.CONVERGED if np.all(np.isfinite(self.transmission)) else Status.NOT_CONVERGED

    def _coordinates(self) -> dict[str, Any]:
        return {"source": list(self.islands), "target": list(self.islands)}

    def _rows(self) -> Iterator[tuple[str, str]]:
        yield "frequency", shown_number(self.frequency, "Hz")
        for i, one in enumerate(self.islands):
            for j, other in enumerate(self.islands[:i]):
                yield f"{other} ↔ {one}", shown_number(self.transmission[i, j], "")


def heat_matrix(
    device: Device, temperatures: Mapping[str, float] | None = None, *, route: str | None = None
) -> HeatMatrix:
    """P_ij, the net photonic heat from every island to every other.

    Args:
        device: of plain numbers.
        temperatures: of islands [K], by name; those not named are at their held temperature or, floating, where the device
            settles.
        route: see `subkelvin.heat.matrix.heat_matrix_of`; by default the best one.

    Returns:
        HeatMatrix.

    Raises:
        DeviceError: if the circuit is invalid, or an island does not exist.
        ValueError: if a floating island is not named and the device has no steady state.

    Example:
        >>> from subkelvin import heat_matrix, preset
        >>> found = heat_matrix(preset("silver-setup-1"), {"left": 0.3, "right": 0.1})
        >>> print(f"{found.between('left', 'right'):.3e} W by route {found.route}")
        3.410e-16 W by route one-pole
    """
    if route is not None:
        require_choice("route", route, ROUTES)
    names, values = _temperatures(device, temperatures)
    found = heat_matrix_of(device, values, route)
    return HeatMatrix(About.of(device), tuple(names), values, found.watts, found.error, found.route, found.note)


def transmission(device: Device, frequencies: Any, *, temperatures: Mapping[str, float] | None = None) -> Transmission:
    """𝒯_ij(f) between islands, summed over their radiators.

    Args:
        device: of plain numbers.
        frequencies: f > 0 [Hz], shape (n,).
        temperatures: as for `heat_matrix`.

    Returns:
        Transmission.

    Raises:
        DeviceError, ValueError: as `heat_matrix`; ValueError for a frequency that is not positive.

    Example:
        >>> from subkelvin import preset, transmission
        >>> found = transmission(preset("silver-setup-1"), [1e9, 1e10])
        >>> bool((found.transmission <= 1.0).all())
        True
    """
    hertz = require_numbers(
        "frequencies", frequencies, "Hz", above=0.0, text=True, example="np.geomspace(1e8, 1e11, 101)"
    )
    names, values = _temperatures(device, temperatures)
    found = jax.device_get(compiled_island_transmission(lower_circuit(device), values, 2.0 * np.pi * hertz))
    return Transmission(About.of(device), tuple(names), values, hertz, found)


def _temperatures(device: Device, given: Mapping[str, float] | None) -> tuple[list[str], np.ndarray]:
    """Names and temperatures of all islands, floating first."""
    require_double_precision()
    require_device(device)
    names = [island.name for island in device.structure.ordered_islands]
    given = require_temperatures("temperatures", given, names, "an island") or {}
    floating = {island.name for island in device.structure.floating_islands} - set(given)
    if floating:
        settled = steady_state(device).temperatures
        given = {name: float(settled[name]) for name in floating} | given
        lost = [name for name in sorted(floating) if not np.isfinite(given[name])]
        if lost:
            raise ValueError(
                f"The device has no steady state; give `temperatures` of {', '.join(f'`{name}`' for name in lost)}."
            )
    values = [given[name] if name in given else float(device.values[f"islands.{name}.temperature"]) for name in names]
    return names, np.array(values)
