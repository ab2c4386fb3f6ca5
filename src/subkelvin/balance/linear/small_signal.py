"""How a steady state answers to a small change of one of its values, against frequency.

    C dt/dt = b x − G t,      G_ij = ∂outflow_i/∂T_j,   b_i = ∂(load_i − outflow_i)/∂x
    t(ω)/x(ω) = (iωC + G)⁻¹ b,                          e^{+iωt}

All derivatives are exact. At ω → 0 this is the derivative of the steady state by the value; the poles −1/τ are the eigenvalues of
−C⁻¹G. Docs: docs/physics.md, section 14.
"""

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp

from subkelvin.balance.network.drivable import require_drivable
from subkelvin.balance.network.heat_capacities import HeatCapacities, lower_heat_capacities, missing_heat_capacities
from subkelvin.balance.network.network import Network, lower
from subkelvin.balance.network.route import prepare
from subkelvin.balance.steady.solve import imbalance, outflow_of_floating
from subkelvin.balance.steady.steady_state import SteadyState, require_state, steady_state
from subkelvin.model import Device, DeviceError
from subkelvin.model.arguments import require_island, require_numbers
from subkelvin.model.device_arguments import require_device
from subkelvin.model.result import About, Quantity, Result
from subkelvin.model.status import Status
from subkelvin.model.structure import Structure
from subkelvin.numerics.linear_algebra import eigenvalues, solve
from subkelvin.numerics.precision import require_double_precision


class Linearised(NamedTuple):
    """A device near a steady state; floating islands in file order."""

    temperatures: jax.Array
    """[K], shape (floating,)."""
    heat_capacity: jax.Array
    """C [J/K], shape (floating,)."""
    conductance: jax.Array
    """G_ij = ∂outflow_i/∂T_j [W/K], shape (floating, floating)."""


class SmallSignal(Result):
    """The linear response of every floating island to one value."""

    key: str = eqx.field(static=True)
    """Of the value that changes."""
    unit: str = eqx.field(static=True)
    """Its SI unit."""
    frequency: Annotated[Any, Quantity("Hz", "frequency", ("frequency",))]
    """f [Hz], shape (n,)."""
    response: Annotated[dict[str, Any], Quantity("K", "dT/dx", ("island", "frequency"))]
    """dT_i/dx of every floating island, complex, shape (n,) [K per SI unit of the value]."""
    static: Annotated[dict[str, Any], Quantity("K", "dT/dx at zero frequency", ("island",))]
    """The same at zero frequency, real."""
    poles: Annotated[Any, Quantity("1/s", "−1/τ, the slowest first", ("mode",))]
    """−1/τ, the slowest first [1/s], complex, shape (floating,); a positive real part means an unstable state."""

    @property
    def status(self) -> Status:
        """`Status.CONVERGED`: without a steady state there is no such result."""
        return Status.CONVERGED

    def gain(self, island: str) -> Any:
        """|dT/dx| of an island."""
        require_island("island", island, self.response, "a floating island")
        return jnp.abs(self.response[island])

    def phase(self, island: str) -> Any:
        """The phase of dT/dx of an island [rad], continuous in frequency; negative where the temperature lags."""
        require_island("island", island, self.response, "a floating island")
        return jnp.unwrap(jnp.angle(self.response[island]))

    @property
    def relaxation_times(self) -> Any:
        """−1/Re pole [s], the slowest first."""
        return -1.0 / jnp.real(self.poles)

    def _units(self) -> Mapping[str, str]:
        per = f"K/{self.unit}" if self.unit else "K"
        return {"response": per, "static": per}

    def _coordinates(self) -> dict[str, Any]:
        return {"island": list(self.response)}

    def _attributes(self) -> dict[str, Any]:
        return {"key": self.key}


def linearise(device: Device, state: SteadyState | None = None) -> Linearised:
    """C and G of a device at a steady state.

    Args:
        device: its values may be floats or tracers.
        state: where; by default `steady_state(device)`.

    Raises:
        DeviceError: if there is no floating island, or a heat capacity is not known.
        ValueError: if there is no steady state.
    """
    require_double_precision()
    require_device(device, traced=True)
    names = [island.name for island in device.structure.floating_islands]
    if not names:
        raise DeviceError(
            "islands", "are all held, so that nothing moves", "let one float: give it `power` instead of `temperature`"
        )
    missing = missing_heat_capacities(device)
    if missing:
        raise DeviceError(
            missing[0],
            "is needed for the heat capacity of a floating island",
            "give the material `sommerfeld`, or the island `parts` or, for phonons, `lattice_heat_capacity`",
        )
    device = prepare(device)
    state = steady_state(device) if state is None else state
    require_state(device, state)
    floating = jnp.stack([jnp.asarray(state.temperatures[name], dtype=float) for name in names])
    return _linearise(lower(device), lower_heat_capacities(device), floating)


def small_signal(device: Device, key: str, frequencies: Any, *, state: SteadyState | None = None) -> SmallSignal:
    """dT_i/dx(f) = [(2πifC + G)⁻¹ ∂(load − outflow)/∂x]_i.

    Args:
        device: of plain numbers, or with tracers.
        key: of the value x that changes: a heater's power, a held temperature, a bias, a flux.
        frequencies: f ≥ 0, shape (n,) [Hz].
        state: the steady state; by default `steady_state(device)`.

    Returns:
        SmallSignal.

    Validity:
        Changes so small that C and G stay what they are; slow against the circuit and the thermal frequency k_BT/h.

    Raises:
        DeviceError: if the device has no such value, it may not change in time, nothing floats, or a heat capacity is not known.
        ValueError: if there is no steady state.

    Example:
        >>> from subkelvin import preset, small_signal
        >>> found = small_signal(preset("silver-setup-1"), "islands.left.power", [0.0, 1e6])
        >>> bool(abs(found.response["left"][1]) < found.static["left"])
        True
    """
    require_double_precision()
    require_device(device, traced=True)
    require_drivable(device, key)
    hertz = jnp.asarray(
        require_numbers(
            "frequencies", frequencies, "Hz", least=0.0, traced=True, text=True, example="np.geomspace(1e3, 1e8, 51)"
        ),
        dtype=float,
    )
    settled = prepare(device)
    linear = linearise(settled, state)
    names = [island.name for island in device.structure.floating_islands]
    values = {path: jnp.asarray(number, dtype=float) for path, number in device.values.items()}
    drive = _drive(values, key, linear.temperatures, settled.structure)
    response, static, poles = _respond(linear, drive, hertz)
    return SmallSignal(
        about=About.of(device),
        key=key,
        unit=device.field(key).unit,
        frequency=hertz,
        response={name: response[:, k] for k, name in enumerate(names)},
        static={name: static[k] for k, name in enumerate(names)},
        poles=poles,
    )


@jax.jit
def _linearise(network: Network, capacities: HeatCapacities, floating: jax.Array) -> Linearised:
    conductance = jax.jacfwd(lambda temperatures: outflow_of_floating(network, temperatures))(floating)
    return Linearised(floating, capacities.at(floating), conductance)


@eqx.filter_jit
def _drive(values: dict, path: str, floating: jax.Array, structure: Structure) -> jax.Array:
    """∂(load − outflow)/∂x [W per unit of the value], shape (floating,)."""
    return -jax.jacfwd(lambda x: imbalance(lower(Device({**values, path: x}, structure)), floating))(values[path])


@jax.jit
def _respond(linear: Linearised, drive: jax.Array, frequencies: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
    # Rows in units of C: rates, which are alike, instead of watts.
    rates = linear.conductance / linear.heat_capacity[:, None]
    push = drive / linear.heat_capacity
    unit = jnp.eye(drive.shape[0])
    matrix = 2j * jnp.pi * frequencies[:, None, None] * unit + rates
    response = solve(matrix, jnp.broadcast_to(push[:, None], (*frequencies.shape, drive.shape[0], 1)))[..., 0]
    return response, solve(rates, push[:, None])[:, 0], slowest_first(-rates)


def slowest_first(matrix: jax.Array) -> jax.Array:
    """Eigenvalues, those with the largest real part first."""
    poles = eigenvalues(matrix)
    return poles[jnp.argsort(-jnp.real(poles))]
