"""Whether a steady state is stable, and how fast it is approached.

A small deviation t of the floating temperatures decays or grows as

    C dt/dt = −A t,     A_ij = ∂outflow_i/∂T_j,     rates λ = eigenvalues of −C⁻¹A,

with the heat capacities C of the islands. The state is stable where every λ has a negative real part; the relaxation times are
−1/Re λ. Where a heat capacity is unknown, A alone may decide, whatever C > 0 is:

- det A < 0: some λ is real and positive, unstable;
- A has no positive element off its diagonal (a warmer island only warms the others): stable if and only if it is a nonsingular
  M-matrix, which is to say that elimination without exchange of rows meets positive pivots only. C changes nothing of that;
- one island: the sign of A.

Reference: A. Berman and R. J. Plemmons, Nonnegative matrices in the mathematical sciences (SIAM, 1994), chapter 6,
doi:10.1137/1.9781611971262. Docs: docs/physics.md, section 7.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.balance.network.heat_capacities import lower_heat_capacities, missing_heat_capacities
from subkelvin.balance.network.network import Network, lower
from subkelvin.balance.network.route import prepare
from subkelvin.balance.steady.solve import imbalance_and_size
from subkelvin.model import ArgumentError, Device
from subkelvin.model.arguments import require_temperatures
from subkelvin.model.device_arguments import require_device
from subkelvin.model.result import About, Quantity, Result, shown_number
from subkelvin.model.status import Status
from subkelvin.numerics.precision import require_double_precision
from subkelvin.numerics.pseudo_transient import value_and_jacobian

ROUNDING = 1e-13
"""An element this small against the largest of its row has no sign: flows through a circuit come out to rounding only."""


class Rates(NamedTuple):
    """What becomes of a small deviation from a steady state."""

    stable: bool | None
    """None if it cannot be told; ``reason`` then says what is missing."""
    rates: np.ndarray
    """λ, the slowest first [1/s], shape (floating,); NaN without heat capacities."""
    relaxation_times: np.ndarray
    """−1/Re λ [s], in the order of ``rates``; negative for a deviation that grows."""
    reason: str
    """How it was decided, as a sentence."""


class Stability(Result):
    """What becomes of a small deviation from a steady state of a device."""

    stable: bool | None = eqx.field(static=True)
    """None if it cannot be told; ``reason`` then says what is missing."""
    rates: Annotated[np.ndarray, Quantity("1/s", "rate of a small deviation, the slowest first", ("mode",))]
    """λ, the slowest first [1/s], shape (floating,); NaN without heat capacities."""
    relaxation_times: Annotated[np.ndarray, Quantity("s", "relaxation time", ("mode",))]
    """−1/Re λ [s], in the order of ``rates``; negative for a deviation that grows."""
    reason: str = eqx.field(static=True)
    """How it was decided, as a sentence."""

    @property
    def status(self) -> Status:
        """`Status.UNDETERMINED` where it cannot be told whether the state is stable."""
        return Status.UNDETERMINED if self.stable is None else Status.CONVERGED

    def advice(self) -> str:
        """How it was decided, as a sentence."""
        return self.reason

    def _attributes(self) -> dict[str, Any]:
        return {"stable": {True: "yes", False: "no", None: "not known"}[self.stable], "reason": self.reason}

    def _rows(self) -> Iterator[tuple[str, str]]:
        yield "stable", {True: "yes", False: "no", None: "not known"}[self.stable]
        for time in self.relaxation_times:
            yield "relaxation time", shown_number(time, "s")
        yield "reason", self.reason


def stability(device: Device, temperatures: Mapping[str, float]) -> Stability:
    """Stability and relaxation times of a device at given temperatures of its floating islands.

        λ = eigenvalues of −C⁻¹ ∂outflow/∂T

    Args:
        device: of plain numbers.
        temperatures: of every floating island [K], by name; those of held islands are ignored.

    Returns:
        Stability. It is that of a steady state only if the temperatures are those of one.

    Validity:
        Each island has one temperature, and the photons follow at once: for relaxation much slower than the circuit.

    Raises:
        DeviceError: if an island is missing or unknown, or the device cannot be computed.
        ValueError: if a temperature is not a positive number.

    Example:
        >>> from subkelvin import preset, stability, steady_state
        >>> device = preset("silver-setup-1")
        >>> stability(device, steady_state(device).temperatures).stable
        True
    """
    require_double_precision()
    require_device(device)
    if temperatures is None:
        raise ArgumentError("temperatures", "must be a mapping by name, but is None", 'try {"left": 0.1}')
    names = [island.name for island in device.structure.floating_islands]
    islands = [island.name for island in device.structure.islands]
    given = require_temperatures("temperatures", temperatures, islands, "an island") or {}
    require_temperatures("temperatures", {name: given[name] for name in names if name in given}, names, every=True)
    floating = np.array([float(given[name]) for name in names])
    _, jacobian, capacity = balance_at(device, floating[None])
    return Stability(About.of(device), *decide(jacobian[0], capacity[0], missing_heat_capacities(device)))


def balance_at(device: Device, floating: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Imbalance [W], ∂outflow/∂T [W/K] and heat capacities [J/K] of the floating islands at many states.

    Args:
        device: of plain numbers.
        floating: temperatures of the floating islands [K], shape (states, floating).

    Returns:
        Arrays of shape (states, floating), (states, floating, floating), (states, floating); a heat capacity is NaN if unknown.
    """
    device = prepare(device)
    value, jacobian = jax.device_get(_jacobians(lower(device), jnp.asarray(floating)))
    capacity = jax.device_get(_capacities(lower_heat_capacities(device), jnp.asarray(floating)))
    return value, jacobian, capacity


def decide(jacobian: np.ndarray, capacity: np.ndarray, missing: tuple[str, ...] = ()) -> Rates:
    """Stability from ∂outflow/∂T [W/K] and the heat capacities [J/K] of the floating islands, NaN where unknown.

    Args:
        jacobian: shape (floating, floating).
        capacity: shape (floating,).
        missing: value paths to name if a heat capacity is missing.
    """
    count = capacity.size
    unknown = np.full(count, np.nan)
    if count == 0:
        return Rates(True, unknown, unknown, "No island floats.")
    if not np.all(np.isfinite(jacobian)):
        return Rates(None, unknown, unknown, "The heat flows cannot be computed at these temperatures.")
    if np.all(np.isfinite(capacity)) and np.all(capacity > 0.0):
        rates = np.linalg.eigvals(-jacobian / capacity[:, None])
        rates = rates[np.argsort(-rates.real)]
        rates = rates.real if not np.any(rates.imag) else rates
        with np.errstate(divide="ignore"):
            times = -1.0 / rates.real
        return Rates(bool(np.all(rates.real < 0.0)), rates, times, "Decided by the rates of all small deviations.")
    verdict = stable_whatever_heat_capacities(jacobian)
    if verdict is not None:
        how = "decays" if verdict else "grows"
        return Rates(verdict, unknown, unknown, f"A small deviation {how} whatever the heat capacities are.")
    named = ", ".join(f"`{path}`" for path in missing) or "of an island"
    return Rates(None, unknown, unknown, f"Whether it is stable depends on heat capacities; give {named}.")


def stable_whatever_heat_capacities(jacobian: np.ndarray) -> bool | None:
    """Whether −C⁻¹A is stable for every positive diagonal C, for none, or (None) this depends on C or was not found out."""
    # Rows in units of their largest element: only signs count, and flows of different islands differ by many orders.
    largest = np.max(np.abs(jacobian), axis=1, keepdims=True)
    if not np.all(largest > 0.0):
        return None
    scaled = jacobian / largest
    sign, _ = np.linalg.slogdet(scaled)
    if sign < 0.0:
        return False
    off_diagonal = scaled[~np.eye(len(scaled), dtype=bool)]
    if sign > 0.0 and np.all(off_diagonal <= ROUNDING):
        return bool(np.all(_pivots(scaled) > 0.0))
    return None


def _pivots(matrix: np.ndarray) -> np.ndarray:
    """The pivots of Gaussian elimination without exchange of rows; NaN from the first that vanishes on."""
    table = matrix.copy()
    pivots = np.full(len(table), np.nan)
    for k in range(len(table)):
        pivots[k] = table[k, k]
        if not pivots[k] > 0.0:
            break
        table[k + 1 :] -= np.outer(table[k + 1 :, k] / pivots[k], table[k])
    return pivots


@jax.jit
def _jacobians(network: Network, floating: jax.Array) -> tuple[jax.Array, jax.Array]:
    def one(temperatures: jax.Array) -> tuple[jax.Array, jax.Array]:
        value, jacobian, _ = value_and_jacobian(lambda t: imbalance_and_size(network, t), temperatures)
        return value, jacobian / temperatures

    return jax.vmap(one)(floating)


_capacities = jax.jit(lambda capacities, floating: jax.vmap(capacities.at)(floating))
