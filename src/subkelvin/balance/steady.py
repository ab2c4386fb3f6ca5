"""The steady state of a device, with names."""

from typing import Any

import equinox as eqx
import jax
import numpy as np

from subkelvin.balance.network import lower
from subkelvin.balance.solve import Solution, compiled_solve, compiled_solve_and_list
from subkelvin.heat.paths import HeatPath, external_paths, internal_paths
from subkelvin.model import Device
from subkelvin.numerics.precision import require_double_precision


class SteadyState(eqx.Module):
    """Where the temperatures of a device settle, and every heat flow there.

    ``watts`` has one entry for each path in ``paths``, positive from its source to its target, so that what flows into an
    island and what flows out of it sum to zero up to ``residual``.
    """

    temperatures: dict[str, Any]
    """Temperature of every island [K]."""
    watts: list[Any]
    """Heat along every path [W]."""
    paths: tuple[HeatPath, ...] = eqx.field(static=True)
    residual: Any
    """Largest imbalance of a floating island [W]."""
    tolerance: Any
    """The imbalance that rounding explains [W]."""
    status: Any
    """A `Status` as an integer."""

    def heat(self, source: str | None, target: str | None, kind: str | None = None) -> Any:
        """Net heat from one island to another [W], over all paths between them or those of one kind; None is outside."""
        total: Any = 0.0
        for path, watts in zip(self.paths, self.watts, strict=True):
            if kind in (None, path.kind):
                total = total + watts * (
                    float((path.source, path.target) == (source, target))
                    - float((path.target, path.source) == (source, target))
                )
        return total

    def holding_power(self, island: str) -> Any:
        """The power that keeps a held island at its temperature [W]; negative if it has to be cooled."""
        return self.heat(None, island, "holding")


def steady_state(device: Device) -> SteadyState:
    """Temperatures at which the heat flows of every floating island balance.

        Σ outflow_i(T) = power_i + parasitic_i

    Where several states exist, this is the stable one reached by heating from the coldest held temperature. With
    one floating island the others are had from `all_steady_states`; with more, whether others exist is not known.

    Args:
        device: its values may be floats or JAX tracers: any number in the result can be differentiated by any value.

    Returns:
        SteadyState. Look at ``status``: without a steady state, temperatures are NaN.

    Raises:
        DeviceError: if the device cannot be computed (no path for an island's heat, an unsupported circuit).
        RuntimeError: if JAX's 64-bit mode is off.
    """
    require_double_precision()
    return named(device, compiled_solve(lower(device)))


def named(device: Device, solution: Solution) -> SteadyState:
    """Put names on a solution of this device's network; leading axes (of a sweep) are kept."""
    structure = device.structure
    order = [island.name for island in structure.ordered_islands]
    values = device.values
    inner, outer = internal_paths(structure), external_paths(structure)
    watts = [solution.watts[..., index] for index in range(len(inner))]
    for path in outer:
        island = path.target or ""
        if path.kind == "holding":
            outflow = solution.outflow[..., order.index(island)]
            watts.append(outflow - values[f"islands.{island}.parasitic_power"])
        else:
            key = "power" if path.kind == "power" else "parasitic_power"
            watts.append(values[f"islands.{island}.{key}"])
    return SteadyState(
        temperatures={name: solution.temperatures[..., index] for index, name in enumerate(order)},
        watts=watts,
        paths=tuple(inner + outer),
        residual=solution.residual,
        tolerance=solution.tolerance,
        status=solution.status,
    )


def all_steady_states(device: Device) -> list[tuple[float, bool]]:
    """Every steady state of a device with one floating island: its temperature [K] and whether it is stable.

    The island's outflow is scanned on more than 2,000 temperatures between the coldest held temperature and its
    critical temperature, and on its extrema between them.

    Raises:
        ValueError: if the device has not exactly one floating island.
    """
    return steady_states(device)[1]


def steady_states(device: Device) -> tuple[SteadyState, list[tuple[float, bool]]]:
    """`steady_state` and `all_steady_states` from one scan.

    Raises:
        ValueError: if the device has not exactly one floating island.
    """
    require_double_precision()
    if len(device.structure.floating_islands) != 1:
        raise ValueError(
            f"all steady states are found for one floating island, but {device.structure.name!r} has "
            f"{len(device.structure.floating_islands)}; try `steady_state`, which finds the one reached by heating."
        )
    solution, states = jax.device_get(compiled_solve_and_list(lower(device)))
    exists = np.isfinite(states.temperature)
    listed = [(float(t), bool(s)) for t, s in zip(states.temperature[exists], states.stable[exists], strict=True)]
    return named(device, solution), listed
