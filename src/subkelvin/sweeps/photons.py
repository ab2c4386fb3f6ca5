"""Photonic heat and transmission between all islands of a device, as labelled arrays."""

from collections.abc import Mapping

import jax
import numpy as np
import xarray as xr

from subkelvin.balance.steady import steady_state
from subkelvin.circuit.netlist import lower_circuit
from subkelvin.circuit.routes import ROUTES
from subkelvin.heat.matrix import compiled_island_transmission, heat_matrix_of
from subkelvin.model import Device
from subkelvin.model.arguments import axes_of, require_choice, require_numbers, require_temperatures
from subkelvin.model.device_arguments import require_device
from subkelvin.numerics.precision import require_double_precision
from subkelvin.sweeps.dataset import provenance_attributes


def heat_matrix(
    device: Device, temperatures: Mapping[str, float] | None = None, route: str | None = None
) -> xr.Dataset:
    """P_ij, the net photonic heat from every island to every other.

    Args:
        device: of plain numbers.
        temperatures: of islands [K], by name; those not named are at their held temperature or, floating, where the device
            settles.
        route: see `subkelvin.heat.matrix.heat_matrix_of`; by default the best one.

    Returns:
        Dataset with ``heat`` and its estimated ``error`` [W] over ``source`` and ``target``: antisymmetric, its rows sum to
        what an island gives off. The attribute ``route`` says how it was computed; ``note``, if there is one, why not by the
        rational fit that was asked for.

    Raises:
        DeviceError: if the circuit is invalid, or an island does not exist.
        ValueError: if a floating island is not named and the device has no steady state.
    """
    if route is not None:
        require_choice("route", route, ROUTES)
    names, values = _temperatures(device, temperatures)
    found = heat_matrix_of(device, values, route)
    over = ("source", "target")
    return xr.Dataset(
        {
            "heat": (over, found.watts, {"units": "W", "long_name": "net photonic heat"}),
            "error": (over, found.error, {"units": "W", "long_name": "estimated error"}),
            "temperature": ("source", values, {"units": "K", "long_name": "temperature"}),
        },
        coords={"source": names, "target": names},
        attrs=provenance_attributes(device) | {"route": found.route} | ({"note": found.note} if found.note else {}),
    )


def transmission_spectrum(
    device: Device, frequency: np.ndarray, temperatures: Mapping[str, float] | None = None
) -> xr.DataArray:
    """𝒯_ij(f) between islands, summed over their radiators.

    Args:
        device: of plain numbers.
        frequency: f > 0 [Hz], shape (n,) or one number.
        temperatures: as for `heat_matrix`.

    Returns:
        DataArray over ``source``, ``target`` and ``frequency`` [Hz]: symmetric, not negative, and at most the number of
        channels of either island.

    Raises:
        DeviceError, ValueError: as `heat_matrix`; ValueError for a frequency that is not positive.
    """
    hertz = require_numbers(
        "frequency",
        frequency if axes_of(frequency) else [frequency],
        "Hz",
        above=0.0,
        example="np.geomspace(1e8, 1e11, 101)",
    )
    names, values = _temperatures(device, temperatures)
    found = jax.device_get(compiled_island_transmission(lower_circuit(device), values, 2.0 * np.pi * hertz))
    return xr.DataArray(
        found,
        dims=("source", "target", "frequency"),
        coords={"source": names, "target": names, "frequency": ("frequency", hertz, {"units": "Hz"})},
        name="transmission",
        attrs=provenance_attributes(device) | {"units": "1", "long_name": "photon transmission"},
    )


def _temperatures(device: Device, given: Mapping[str, float] | None) -> tuple[list[str], np.ndarray]:
    """Names and temperatures of all islands, floating first."""
    require_double_precision()
    require_device(device)
    names = [island.name for island in device.structure.ordered_islands]
    require_temperatures("temperatures", given, names, "an island")
    given = dict(given or {})
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
