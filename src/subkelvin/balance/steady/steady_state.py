"""The steady state of a device, with names."""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.balance.network.network import Network, lower
from subkelvin.balance.steady.solve import Solution, compiled_solve
from subkelvin.heat.links import LINK_KINDS
from subkelvin.heat.matrix import fallbacks
from subkelvin.heat.paths import HeatPath, external_paths, internal_paths, path_coordinates
from subkelvin.model import ArgumentError, Device, DeviceError
from subkelvin.model.arguments import require_choice, require_island, require_kind, require_temperatures
from subkelvin.model.device_arguments import require_device
from subkelvin.model.result import About, Quantity, Result, plain_status, shown_number
from subkelvin.model.status import Status, failure
from subkelvin.model.structure import WORLD
from subkelvin.numerics.precision import require_double_precision

BADLY_KNOWN = 1e-3
"""Relative error of a heat above which a state says so: the first three digits are then not certain."""
KINDS_OF_HEAT = ("photon", "electron-phonon", "power", "parasitic", "holding")
"""Kinds of paths that are no links."""


class SteadyState(Result):
    """Where the temperatures of a device settle, and every heat flow there.

    ``watts`` has one entry for each path in ``paths``, positive from its source to its target, so that what flows into an
    island and what flows out of it sum to zero up to ``residual``.
    """

    temperatures: Annotated[dict[str, Any], Quantity("K", "temperature of every island", ("island",), "temperature")]
    """Temperature of every island [K]."""
    watts: Annotated[list[Any], Quantity("W", "heat from the source to the target of the path", ("path",), "heat")]
    """Heat along every path [W]."""
    paths: tuple[HeatPath, ...] = eqx.field(static=True)
    """The ways of the heat, in the order of ``watts``."""
    residual: Annotated[Any, Quantity("W", "largest imbalance of a floating island")]
    """Largest imbalance of a floating island [W]."""
    tolerance: Annotated[Any, Quantity("W", "imbalance that rounding explains")]
    """The imbalance that rounding explains [W]."""
    status: Any
    """A `Status`, or an array of them as integers."""
    photon_route: str | None = eqx.field(static=True, default=None)
    """How photonic heat was computed: a name of `subkelvin.circuit.routes.ROUTES`."""
    last_temperatures: dict[str, Any] = eqx.field(default_factory=dict)
    """Of the floating islands where the search ended, also where it failed [K]: for one island then where most heat leaves, or
    least; for several the last state computed."""
    limits: dict[str, Any] = eqx.field(default_factory=dict)
    """A `Limit` as an integer for each floating island: what it ran into in a search that failed."""
    watts_error: Annotated[list[Any], Quantity("W", "estimated error of the heat", ("path",), "heat_error")] = (
        eqx.field(default_factory=list)
    )
    """Estimated error of the heat along every path [W]: 0 where a closed form is exact."""

    def badly_known(self) -> tuple[HeatPath, ...]:
        """The paths whose heat is known to less than three digits, although all balances hold.

        Such a heat is small against others of the device: a path that the circuit all but blocks, or islands so nearly alike
        that their photons cancel.

        Raises:
            ValueError: if this is a batch of states, not one.
        """
        self._require_one()
        return tuple(
            path
            for path, watts, error in zip(self.paths, self.watts, self.watts_error, strict=False)
            if float(error) > BADLY_KNOWN * abs(float(watts))
        )

    def advice(self) -> str:
        """How the search ended and what to try, in sentences; heats that are badly known; after a failure the last temperatures."""
        if np.ndim(self.status):
            return self._summary()
        status = self._outcome()
        if status == Status.CONVERGED:
            return " ".join([status.advice, *map(self._how_badly, self.badly_known())])
        temperatures = {name: float(value) for name, value in self.last_temperatures.items()}
        return failure(status.advice, temperatures, {name: int(limit) for name, limit in self.limits.items()})

    def heat(self, source: str | None, target: str | None, kind: str | None = None) -> Any:
        """Net heat from one island to another [W], over all paths between them or those of one kind.

        Args:
            source, target: names of islands; None is outside.
            kind: of the paths, such as "photon", "electron-phonon", "holding" or the kind of a link; None for all of them.

        Returns:
            Watts, positive from source to target; 0 if there is no such path.

        Raises:
            DeviceError: if there is no such island.
            ValueError: if both are the same, or there is no such kind.
        """
        for argument, name in (("source", source), ("target", target)):
            if name is not None:
                require_island(argument, name, self.temperatures)
        if source == target:
            raise ArgumentError("target", f"must be another one than the source {source!r}", "name two islands")
        if kind is not None:
            require_choice(
                "kind", kind, dict.fromkeys([*KINDS_OF_HEAT, *LINK_KINDS, *(path.kind for path in self.paths)])
            )
        total: Any = 0.0
        for path, watts in zip(self.paths, self.watts, strict=True):
            if kind in (None, path.kind):
                total = total + watts * (
                    float((path.source, path.target) == (source, target))
                    - float((path.target, path.source) == (source, target))
                )
        return total

    def holding_power(self, island: str) -> Any:
        """The power that keeps a held island at its temperature [W]; negative if it has to be cooled.

        Raises:
            DeviceError: if there is no such island, or it floats.
        """
        require_island("island", island, self.temperatures)
        held = [path.target for path in self.paths if path.kind == "holding"]
        if island not in held:
            raise DeviceError(
                f"islands.{island}",
                "floats, so that nothing holds it",
                f"the held ones are {', '.join(map(str, held))}",
            )
        return self.heat(None, island, "holding")

    def _rows(self) -> Iterator[tuple[str, str]]:
        for name, kelvin in self.temperatures.items():
            yield name, shown_number(kelvin, "K")
        flows = [(shown_number(w, "W"), path) for w, path in zip(self.watts, self.paths, strict=True)]
        for watts, path in flows:
            if watts != "0 W":
                yield f"{path.source or WORLD} → {path.target or WORLD}", f"{watts}  ({path.kind})"

    def _coordinates(self) -> dict[str, Any]:
        return {"island": list(self.temperatures), **path_coordinates(self.paths)}

    def _attributes(self) -> dict[str, Any]:
        return {"photon_route": self.photon_route or ""}

    def _how_badly(self, path: HeatPath) -> str:
        """A sentence on a heat that is badly known."""
        k = self.paths.index(path)
        return (
            f"The {path.kind} heat from `{path.source or WORLD}` to `{path.target or WORLD}` is known to "
            f"{float(self.watts_error[k]):.1g} W only, and is {float(self.watts[k]):.1g} W."
        )


def steady_state(device: Device, *, start: Mapping[str, Any] | None = None) -> SteadyState:
    """Temperatures at which the heat flows of every floating island balance.

        Σ outflow_i(T) = power_i + parasitic_i

    Where several states exist, this is the stable one reached by heating from the coldest held temperature, or the one that is
    reached from other temperatures. `all_states` lists the others for up to four floating islands.

    Args:
        device: its values may be floats or JAX tracers: any number in the result can be differentiated by any value.
        start: temperatures of floating islands to begin at [K], by name, SI floats or texts with units;
            those not named begin at the coldest held one.

    Returns:
        SteadyState. Look at ``status``: without a steady state, temperatures are NaN.

    Validity:
        One floating island: the state is the next stable one on the side to which the island's imbalance drives it. Several:
        all move at rates set by the powers that meet in each, not by heat capacities; where that decides between two stable
        states, `evolve` them.

    Raises:
        DeviceError: if the device cannot be computed (no path for an island's heat, an unsupported circuit), a value of it is an
            array, or ``start`` names an island that does not float.
        ValueError: if a temperature of ``start`` is not a positive number.
        RuntimeError: if JAX's 64-bit mode is off.

    Example:
        >>> from subkelvin import preset, steady_state
        >>> state = steady_state(preset("silver-setup-1"))
        >>> print(f"{state.temperatures['left']:.4f} K, {state.heat('left', 'right', kind='photon'):.3e} W")
        0.4886 K, 1.343e-14 W
    """
    require_double_precision()
    require_device(device, traced=True)
    names = [island.name for island in device.structure.floating_islands]
    start = require_temperatures("start", start, names)
    if start is None:
        return named(device, *by_a_good_route(device, compiled_solve))
    network = lower(device)
    coldest = jnp.min(jnp.asarray(network.held_temperatures))
    begin = jnp.stack([jnp.asarray(start.get(name, coldest), dtype=float) for name in names]) if names else jnp.zeros(0)
    return named(device, *by_a_good_route(device, lambda chosen: compiled_solve(chosen, begin)))


def by_a_good_route(
    device: Device, compute: Callable[[Network], Any], status: Callable[[Any], Any] = lambda found: found.status
) -> tuple[Any, str]:
    """What ``compute`` makes of the device's network, and the route of its photonic heat.

    Where the closed form by poles cannot be computed to the accuracy that a balance needs, because poles coincide or a circuit
    blocks thermal frequencies, contours around the poles take over, and then the integral.

    Args:
        device: the device; with tracers among its values the first route is final.
        compute: a function of a network.
        status: of what it returns.
    """
    network = lower(device)
    found = compute(network)
    if isinstance(status(found), jax.core.Tracer):
        return found, network.circuit.route
    for route in fallbacks(device, network.circuit.route):
        if int(status(found)) != Status.NOT_CONVERGED:
            break
        network = lower(device, route)
        found = compute(network)
    return found, network.circuit.route


def named(device: Device, solution: Solution, route: str | None = None) -> SteadyState:
    """Put names on a solution of this device's network; leading axes (of a sweep) are kept."""
    structure = device.structure
    order = [island.name for island in structure.ordered_islands]
    floating = [island.name for island in structure.floating_islands]
    values = device.values
    inner, outer = internal_paths(structure), external_paths(structure)
    watts = [solution.watts[..., index] for index in range(len(inner))]
    nothing = np.zeros(np.shape(solution.status))
    error: list[Any] = [solution.watts_error[..., index] for index in range(len(inner))]
    for path in outer:
        island = path.target or ""
        if path.kind == "holding":
            outflow = solution.outflow[..., order.index(island)]
            watts.append(outflow - values[f"islands.{island}.parasitic_power"])
            error.append(
                sum((e for e, p in zip(error, inner, strict=False) if island in (p.source, p.target)), nothing)
            )
        else:
            key = "power" if path.kind == "power" else "parasitic_power"
            watts.append(values[f"islands.{island}.{key}"])
            error.append(nothing)
    return SteadyState(
        about=About.of(device),
        temperatures={name: solution.temperatures[..., index] for index, name in enumerate(order)},
        watts=watts,
        paths=tuple(inner + outer),
        residual=solution.residual,
        tolerance=solution.tolerance,
        status=plain_status(Status, solution.status),
        photon_route=route,
        last_temperatures={name: solution.last_temperatures[..., index] for index, name in enumerate(floating)},
        limits={name: solution.limits[..., index] for index, name in enumerate(floating)},
        watts_error=error,
    )


def require_state(device: Device, state: Any) -> None:
    """Raise unless this is one converged steady state of a device with these islands, or None."""
    if state is None:
        return
    require_kind("state", state, SteadyState, "`steady_state(device)`")
    if set(state.temperatures) != {island.name for island in device.structure.islands}:
        raise ArgumentError("state", "must be one of this device, but has other islands", "try `steady_state(device)`")
    if np.ndim(state.status):
        raise ArgumentError("state", "must be one state, but is a sweep of states", "take one by its index")
    if not isinstance(state.status, jax.core.Tracer) and int(state.status) != Status.CONVERGED:
        raise ArgumentError("state", f"is no steady state. {Status(int(state.status)).advice}".rstrip("."))
    own = dict(state.about.parameters)
    for key, value in device.values.items():
        plain = not isinstance(value, jax.core.Tracer) and np.ndim(value) == 0
        if plain and key in own and own[key] != float(value):
            raise ArgumentError(
                "state",
                f"must be one of this device, but was found with {key} = {own[key]:g}, which is {float(value):g} here",
                "try `steady_state(device)`",
            )
