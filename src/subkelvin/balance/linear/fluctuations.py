"""How much the temperatures of a device in a steady state fluctuate, from the noise of every heat path.

    C dt/dt = −G t + ξ,        one-sided spectra:  S_T(ω) = (iωC + G)⁻¹ S_P (iωC + G)⁻†
    ⟨t tᵀ⟩ = Σ,                (C⁻¹G) Σ + Σ (C⁻¹G)ᵀ = C⁻¹ (S_P/2) C⁻¹

Photons fluctuate all together, biased junctions at both of their ends; every other path gives its own noise to both ends, with
opposite signs. The variances come from the Lyapunov equation, without a
frequency grid. In equilibrium Σ_ij = δ_ij k_BT²/C_i whatever the network is: what statistical mechanics demands. Heaters and held
temperatures are free of noise. Docs: docs/physics.md, section 14.
"""

from collections.abc import Iterator
from typing import Annotated, Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.balance.linear.small_signal import Linearised, linearise
from subkelvin.balance.network.network import Network, Parts, lower
from subkelvin.balance.network.route import prepare
from subkelvin.balance.steady.steady_state import SteadyState, require_state, steady_state
from subkelvin.constants import BOLTZMANN
from subkelvin.heat.links.batch import Links
from subkelvin.heat.paths import HeatPath, internal_paths, path_coordinates
from subkelvin.heat.photon_noise import photon_noise
from subkelvin.model import Device
from subkelvin.model.arguments import require_island, require_number, require_numbers
from subkelvin.model.device_arguments import require_device
from subkelvin.model.link_kind import LinkKind, Noise
from subkelvin.model.result import About, Quantity, Result, shown_number
from subkelvin.model.status import Status
from subkelvin.numerics.linear_algebra import inverse, solve
from subkelvin.numerics.precision import require_double_precision
from subkelvin.physics.heat_noise import (
    normal_electron_phonon_noise,
    superconducting_electron_phonon_noise,
)
from subkelvin.physics.superconductor import gap


class Fluctuations(Result):
    """Temperature noise of the floating islands; the axes of matrices follow ``islands``."""

    islands: tuple[str, ...] = eqx.field(static=True)
    """The floating ones."""
    linear: Linearised
    """The device near its steady state."""
    power_noise: Annotated[Any, Quantity("W²/Hz", "one-sided noise of the heats entering", ("island", "other_island"))]
    """S_P, one-sided, of the heats entering the floating islands [W²/Hz], shape (floating, floating)."""
    covariance: Annotated[Any, Quantity("K²", "covariance of temperatures", ("island", "other_island"))]
    """⟨δT_i δT_j⟩ [K²], shape (floating, floating)."""
    all_islands: tuple[str, ...] = eqx.field(static=True)
    """The floating ones, then the held ones."""
    photon_noise: Annotated[
        Any, Quantity("W²/Hz", "one-sided noise of the photonic heats leaving", ("any_island", "other_of_any_island"))
    ]
    """S_ij of the photonic heats leaving all islands [W²/Hz], shape (all islands, all islands); the floating ones' is part of
    ``power_noise``."""
    path_noise: Annotated[list[Any], Quantity("W²/Hz", "noise of the heat along the path", ("path",))]
    """S of the heat along every path in ``paths`` [W²/Hz]."""
    paths: tuple[HeatPath, ...] = eqx.field(static=True)
    """Electron-phonon paths and passive links: each fluctuates on its own. Photonic paths do not, see ``photon_noise``."""
    estimated: tuple[HeatPath, ...] = eqx.field(static=True)
    """Those among them, passive links, whose noise 2k_B(T_1² ∂P/∂T_1 − T_2² ∂P/∂T_2) is exact in equilibrium alone, or for
    particles that each side emits independently."""
    missing: tuple[HeatPath, ...] = eqx.field(static=True)
    """Paths whose noise is not known and NOT included: if there are any, all spectra and variances are lower bounds."""

    @property
    def status(self) -> Status:
        """`Status.CONVERGED`: without a stable state there is no such result."""
        return Status.CONVERGED

    def advice(self) -> str:
        """Which noise is missing, and which is an estimate, in sentences."""
        told = []
        for paths, what in (
            (self.missing, "is not known and not included: all spectra and variances are lower bounds"),
            (self.estimated, "is exact in equilibrium alone"),
        ):
            ways = ", ".join(f"{path.kind} from `{path.source}` to `{path.target}`" for path in paths)
            told += [f"The noise of {ways} {what}."] if paths else []
        return " ".join(told) or "The noise of every path is included."

    def _coordinates(self) -> dict[str, Any]:
        names, everyone = list(self.islands), list(self.all_islands)
        return {
            "island": names,
            "other_island": names,
            "any_island": everyone,
            "other_of_any_island": everyone,
            **path_coordinates(self.paths),
        }

    def _rows(self) -> Iterator[tuple[str, str]]:
        for k, name in enumerate(self.islands):
            yield name, f"δT = {shown_number(np.sqrt(np.asarray(self.covariance)[k, k]), 'K')} (standard deviation)"
        yield "missing", ", ".join(path.kind for path in self.missing) or "nothing"

    def spectrum(self, frequencies: np.ndarray) -> jax.Array:
        """S_T(f), one-sided [K²/Hz], complex and Hermitian, shape (n, floating, floating).

        Args:
            frequencies: f ≥ 0, shape (n,) [Hz].
        """
        transfer = self._transfer(frequencies)
        return jnp.einsum("nij,jk,nlk->nil", transfer, self.power_noise + 0j, jnp.conj(transfer))

    def noise_equivalent_power(
        self, source: str, frequencies: np.ndarray, readout: str | None = None, readout_noise: float = 0.0
    ) -> jax.Array:
        """NEP(f) = √(S_T,oo + S_r)/|∂T_o/∂P_source|, shape (n,) [W/√Hz].

        Args:
            source: the island that takes up the power.
            frequencies: f ≥ 0, shape (n,) [Hz].
            readout: the island o whose temperature is read; by default the same.
            readout_noise: S_r of the thermometer, white [K²/Hz].
        """
        into = self._index(source)
        out = into if readout is None else self._index(readout)
        readout_noise = require_number("readout_noise", readout_noise, "K²/Hz", least=0.0, example="1e-15")
        noise = jnp.real(self.spectrum(frequencies)[:, out, out]) + readout_noise
        return jnp.sqrt(noise) / jnp.abs(self._transfer(frequencies)[:, out, into])

    def energy_resolution(self, source: str, readout_noise: float, readout: str | None = None) -> float:
        """δE = (∫_0^∞ df 4/NEP²)^{−1/2}, the standard deviation of an energy pulse after the best filter [J].

        Without noise of the thermometer the thermal noise of one island alone could be filtered out altogether (δE → 0): the
        noise equivalent power is then white. That is why it has to be given. The spread of the energy itself is
        `energy_fluctuation`.

        Args:
            source: the island that takes up the energy at once.
            readout_noise: S_r > 0 of the thermometer, white [K²/Hz].
            readout: the island whose temperature is read; by default the same.

        Raises:
            ValueError: if readout_noise is not positive.
        """
        into = self._index(source)
        out = into if readout is None else self._index(readout)
        # Without it thermal noise can be filtered out altogether.
        readout_noise = require_number("readout_noise", readout_noise, "K²/Hz", above=0.0, example="1e-15")
        rates = np.abs(np.linalg.eigvals(np.asarray(self.linear.conductance / self.linear.heat_capacity[:, None])))
        signal = np.sqrt(
            float(inverse(self.linear.conductance)[out, out]) ** 2 * float(self.power_noise[out, out]) / readout_noise
        )
        # The trapezoid rule in ln f, from far below the slowest pole to far above where the thermometer's noise takes over.
        low, high = np.min(rates) * 1e-9, np.max(rates) * (1.0 + signal) * 1e9
        frequency = np.exp(np.linspace(np.log(low), np.log(high), 20001)) / (2.0 * np.pi)
        density = (
            4.0 * frequency / np.asarray(self.noise_equivalent_power(source, frequency, readout, readout_noise)) ** 2
        )
        return float(np.trapezoid(density, np.log(frequency)) ** -0.5)

    def energy_fluctuation(self, island: str) -> Any:
        """C √⟨δT²⟩ [J]: √(k_BT²C) in equilibrium."""
        k = self._index(island)
        return self.linear.heat_capacity[k] * jnp.sqrt(self.covariance[k, k])

    def _transfer(self, frequencies: np.ndarray) -> jax.Array:
        """(iωC + G)⁻¹ [K/W], shape (n, floating, floating)."""
        frequencies = require_numbers(
            "frequencies", frequencies, "Hz", least=0.0, traced=True, example="[0.0, 1e3, 1e6]"
        )
        omega = 2.0 * jnp.pi * jnp.asarray(frequencies, dtype=float)[:, None, None]
        return inverse(1j * omega * jnp.diag(self.linear.heat_capacity) + self.linear.conductance)

    def _index(self, island: str) -> int:
        require_island("island", island, self.islands, "a floating island")
        return self.islands.index(island)


def fluctuations(device: Device, *, state: SteadyState | None = None) -> Fluctuations:
    """Temperature noise of the floating islands of a device in a steady state.

    Args:
        device: of plain numbers.
        state: the steady state; by default `steady_state(device)`.

    Returns:
        Fluctuations. Look at ``missing``.

    Validity:
        Frequencies below the thermal k_BT/h and those of the circuit, where the noise of heat is white; a stable state.

    Raises:
        DeviceError: if the device cannot be computed, nothing floats, or a heat capacity is not known.
        ValueError: if there is no steady state, it is unstable, or a noise cannot be computed.

    Example:
        >>> from subkelvin import fluctuations, preset
        >>> found = fluctuations(preset("silver-setup-1"))
        >>> found.missing, bool(found.covariance[0, 0] > 0.0)
        ((), True)
    """
    require_double_precision()
    require_device(device, traced=True)
    require_state(device, state)
    device = prepare(device)
    state = steady_state(device) if state is None else state
    linear = linearise(device, state)
    network = lower(device)
    photons, matter, passive, links = _noises(network, linear.temperatures)
    paths = internal_paths(device.structure)
    floating, pairs = linear.temperatures.shape[0], network.circuit.pairs.shape[0]
    after_matter = pairs + matter.shape[0]
    ways = [_is_alone(links.kind) for links in network.floating_links for _ in range(links.count)]
    alone = [*range(pairs, after_matter), *(after_matter + k for k, is_passive in enumerate(ways) if is_passive)]
    single = jnp.concatenate([matter, passive])
    incidence = network.incidence[:floating, alone]
    power_noise = (incidence * single) @ incidence.T + photons[:floating, :floating] + links
    rates = linear.conductance / linear.heat_capacity[:, None]
    _require_noise(power_noise, rates)
    diffusion = 0.5 * power_noise / (linear.heat_capacity[:, None] * linear.heat_capacity)
    touched = [island.name for island in device.structure.floating_islands]
    missing = tuple(
        path
        for k, path in enumerate(paths)
        if k >= pairs
        and k not in alone
        and (path.source in touched or path.target in touched)
        and not _is_known(device, path)
    )
    return Fluctuations(
        about=About.of(device),
        islands=tuple(touched),
        linear=linear,
        power_noise=power_noise,
        covariance=_lyapunov(rates, diffusion),
        all_islands=tuple(island.name for island in device.structure.ordered_islands),
        photon_noise=photons,
        path_noise=[single[k] for k in range(single.shape[0])],
        paths=tuple(paths[k] for k in alone),
        estimated=tuple(paths[k] for k in alone if k >= after_matter),
        missing=missing,
    )


def _require_noise(power_noise: jax.Array, rates: jax.Array) -> None:
    """Raise a ValueError if a noise is not a number, or the state unstable; what is traced cannot be asked."""
    if isinstance(power_noise, jax.core.Tracer):
        return
    if not np.all(np.isfinite(power_noise)):
        raise ValueError(
            "The noise of a heat path cannot be computed; that of a junction needs `dynes` > 0 of its superconductor, try 1e-6."
        )
    if not np.all(np.real(np.linalg.eigvals(np.asarray(rates))) > 0.0):
        raise ValueError("The state is unstable: fluctuations do not stay small. Take a stable one, see `all_states`.")


def _is_known(device: Device, path: HeatPath) -> bool:
    """Whether the noise of a link's path is included."""
    name = path.through[0].removeprefix("links.") if path.through else ""
    return any(link.name == name and link.kind.noise is not None for link in device.structure.links)


@jax.jit
def _noises(network: Network, floating: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array, jax.Array]:
    """The matrix of photons, S of the floating parts and of the passive links, and the matrix of the other links [W²/Hz]."""
    temperatures = network.all_temperatures(floating)
    photons, _ = photon_noise(network.circuit, temperatures)
    links = jnp.zeros((floating.shape[0], floating.shape[0]))
    for batch in network.floating_links:
        if batch.kind.noise is not None:
            links = links + _link_matrix(batch, batch.kind.noise, temperatures, floating.shape[0])
    passive = [_passive_noise(batch, temperatures) for batch in network.floating_links if _is_alone(batch.kind)]
    return (
        photons,
        _electron_phonon_noise(network.floating_parts, temperatures),
        jnp.concatenate([jnp.zeros(0), *passive]),
        links,
    )


def _is_alone(kind: LinkKind) -> bool:
    """Whether each link has one noise, estimated from its heat as independent emission of both sides."""
    return kind.passive and kind.noise is None


def _passive_noise(batch: Links, temperatures: jax.Array) -> jax.Array:
    """S = 2k_B (T_1² ∂P/∂T_1 − T_2² ∂P/∂T_2) of every link [W²/Hz]; 4k_BT²G in equilibrium."""

    def heat(first: jax.Array, second: jax.Array) -> jax.Array:
        return jnp.broadcast_to(batch.flows_between(first, second), first.shape)

    first, second = batch.ends(temperatures)
    ones, nothing = jnp.ones_like(first), jnp.zeros_like(first)
    _, by_first = jax.jvp(heat, (first, second), (ones, nothing))
    _, by_second = jax.jvp(heat, (first, second), (nothing, ones))
    return 2.0 * BOLTZMANN * (first**2 * by_first - second**2 * by_second)


def _electron_phonon_noise(parts: Parts, temperatures: jax.Array) -> jax.Array:
    """S of every part, normal ones first [W²/Hz]."""
    normal = normal_electron_phonon_noise(
        temperatures[parts.normal_islands],
        temperatures[parts.normal_phonons],
        parts.normal_coupling,
        parts.normal_exponent,
    )
    electron = temperatures[parts.superconducting_islands]
    superconducting = superconducting_electron_phonon_noise(
        electron,
        temperatures[parts.superconducting_phonons],
        parts.superconducting_coupling,
        gap(electron, parts.superconducting_critical_temperature, parts.superconducting_gap_equation),
    )
    return jnp.concatenate([normal, superconducting])


def _link_matrix(batch: Links, noise: Noise, temperatures: jax.Array, floating: int) -> jax.Array:
    """S of the heats that links bring to the floating islands, shape (floating, floating)."""
    of_ends = noise(*batch.ends(temperatures), batch.values)
    at = jnp.stack([jnp.asarray(islands)[:, None] == jnp.arange(floating) for islands in batch.islands]).astype(float)
    return jnp.einsum("abl,ali,blj->ij", of_ends, at, at)


def _lyapunov(rates: jax.Array, diffusion: jax.Array) -> jax.Array:
    """Σ of A Σ + Σ Aᵀ = D, by solving for all elements at once."""
    size = rates.shape[0]
    unit = jnp.eye(size)
    # Temperatures in units of their own spread, so that the system is well scaled.
    spread = jnp.sqrt(jnp.diag(diffusion) / (2.0 * jnp.abs(jnp.diag(rates))))
    scaled = rates * spread / spread[:, None]
    operator = jnp.kron(scaled, unit) + jnp.kron(unit, scaled)
    covariance = solve(operator, (diffusion / (spread[:, None] * spread)).reshape(-1, 1)).reshape(size, size)
    return covariance * spread[:, None] * spread
