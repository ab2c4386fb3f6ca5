"""Photon transmission between the radiators of a circuit.

Kirchhoff's laws for the unknown voltages and line currents x are M(ω) x = J. A branch with the conductance G emits the noise
current 2√G c b (c its thermal amplitude) and absorbs the amplitude √G bᵀx, so that

    𝒯_ij(ω) = Σ_{a∈i, b∈j} |w_bᵀ M(ω)⁻¹ u_a|²,        u = 2√G b, w = √G b,

which for two branches is 4 G_i G_j |b_jᵀ Y⁻¹ b_i|². A lossy line has two such channels, one for each direction, with the
amplitude √(1 − e^{−2α}); a two-port has two, from Re Y = R Rᵀ. 0 ≤ 𝒯_ij = 𝒯_ji, and 𝒯 ≤ 1 between two branches.

The amplitudes of all channels, those of one radiator among themselves included, are the unitary scattering matrix

    S_ba = D_ba + w_bᵀ M⁻¹ u_a,

where D is what a channel would send back if the circuit held it at zero voltage: −1 for a branch or a two-port. What a lossy line
absorbs on the way to one end belongs to what it emits at the other, with D = −e^{−α+iωτ} between the two.

A line with the characteristic impedance Z, attenuation α and delay τ says, with t = e^{−α−iωτ} and currents I into its ends,

    V_1 − Z I_1 = t (V_2 + Z I_2),        V_2 − Z I_2 = t (V_1 + Z I_1),

which holds at its resonances as well, where its admittance does not exist.

With one free node and no inductance, Y = ΣG + iωΣC, and every transmission has the same single pole:

    𝒯_ij(ω) = 4 G_i G_j/(ΣG)² / (1 + (ωΣC/ΣG)²).

For two NISIN reservoirs joined by ideal lines this is, with α = A_R/A_L, r = R(T)/R_N and ω_c = 1/(ρc),
4αr_Lr_R/[(αr_L + r_R)² + (1+α)² r_L²r_R²(ω/ω_c)²] (arXiv 2503.16295).

References: D. R. Schmidt, R. J. Schoelkopf and A. N. Cleland, Phys. Rev. Lett. 93, 045901 (2004);
L. M. A. Pascal, H. Courtois and F. W. J. Hekking, Phys. Rev. B 83, 125113 (2011). Docs: docs/physics.md, section 4.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.circuit.circuit import Circuit
from subkelvin.circuit.measured import interpolated_admittance
from subkelvin.numerics.linear_algebra import determinant_phase as phase_of_determinant
from subkelvin.numerics.linear_algebra import solve

LARGEST_WRITTEN_OUT = 2
"""Unknowns up to which the inverse is written out: a library call costs more than it does."""


def one_pole(circuit: Circuit, conductance: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Transmission at zero frequency, shape (pairs,), and time constant ΣC/ΣG [s] of a one-pole circuit."""
    first, second = circuit.pairs[..., 0], circuit.pairs[..., 1]
    total = jnp.sum(conductance)
    # The quotients come before the product: two conductances of 1e-12 S must not underflow in reduced precision.
    static = 4.0 * (conductance[first] / total) * (conductance[second] / total)
    return static, (jnp.sum(circuit.branches.capacitance) + jnp.sum(circuit.lossless.capacitance)) / total


class Scattering(NamedTuple):
    """S = D + √g r √g of all channels; the last axes run over channels that absorb, then over those that emit."""

    direct: jax.Array
    """D, shape (..., channels, channels)."""
    response: jax.Array
    """r = w_bᵀ M⁻¹ u_a without its strengths, shape (..., channels, channels)."""
    strength: jax.Array
    """g ≥ 0, shape (..., channels)."""

    @property
    def matrix(self) -> jax.Array:
        """S, unitary, shape (..., channels, channels)."""
        root = jnp.sqrt(self.strength)
        return self.direct + root[..., :, None] * self.response * root[..., None, :]


def scattering(circuit: Circuit, temperatures: jax.Array, frequency: jax.Array) -> Scattering:
    """The scattering amplitudes between all channels of all radiators.

    Args:
        circuit, temperatures, frequency: as for `transmission`.

    Returns:
        Scattering, with leading axes of the shape of the frequencies. `channel_radiators` says which radiator owns a channel.
    """
    frequency = jnp.asarray(frequency, float)
    system = _system(circuit, temperatures, frequency)
    return Scattering(_direct(circuit, frequency), _amplitude(system), system.strength)


def channel_radiators(circuit: Circuit) -> np.ndarray:
    """The radiator that owns each channel, shape (channels,): one channel for a branch, two for a line or two-port."""
    branches, pairs = circuit.branches.islands.shape[0], circuit.islands.shape[0] - circuit.branches.islands.shape[0]
    return np.concatenate([np.arange(branches), branches + np.repeat(np.arange(pairs), 2)])


def transmission(circuit: Circuit, temperatures: jax.Array, frequency: jax.Array) -> jax.Array:
    """𝒯_ij(ω) of every pair of radiators on different islands.

    Args:
        circuit: any circuit.
        temperatures: of every island [K].
        frequency: angular, positive [rad/s], any shape.

    Returns:
        Array of shape (pairs, *frequency.shape).
    """
    first, second = circuit.pairs[..., 0], circuit.pairs[..., 1]
    return transmission_matrix(circuit, temperatures, frequency)[first, second]


def transmission_matrix(circuit: Circuit, temperatures: jax.Array, frequency: jax.Array) -> jax.Array:
    """𝒯_ij(ω) of all radiators, shape (radiators, radiators, *frequency.shape).

    On the diagonal stands 4G_i²|b_iᵀY⁻¹b_i|², with which a branch heats itself: it carries no heat, but voltage noise.
    """
    system = _system(circuit, temperatures, jnp.asarray(frequency, float))
    power = system.strength[..., :, None] * _response(system) * system.strength[..., None, :]
    return _by_radiator(circuit, power)


def voltage_response(circuit: Circuit, temperatures: jax.Array, frequency: jax.Array) -> jax.Array:
    """4 Re Y_j |b_kᵀY⁻¹b_j|² [Ω]: the square of the voltage across branch k that radiator j causes, per its photons.

    Args:
        circuit, temperatures, frequency: as for `transmission`.

    Returns:
        Array of shape (branches, radiators, *frequency.shape).
    """
    system = _system(circuit, temperatures, jnp.asarray(frequency, float))
    branches = circuit.branches.islands.shape[0]
    squares = (_response(system) * system.strength[..., None, :])[..., :branches, :]
    squares = jnp.moveaxis(squares, (-2, -1), (0, 1))
    return jnp.einsum("lj,kl...->kj...", _channels(circuit), squares)


def determinant_phase(circuit: Circuit, temperatures: jax.Array, frequency: jax.Array) -> jax.Array:
    """det M/|det M| of Kirchhoff's laws: it turns by half a circle across every resonance, however narrow.

    Args:
        circuit, temperatures, frequency: as for `transmission`.

    Returns:
        Complex array of the shape of the frequencies.
    """
    system = _system(circuit, temperatures, jnp.asarray(frequency, float))
    return phase_of_determinant(system.matrix)


def _response(system: "_System") -> jax.Array:
    """|w_bᵀM⁻¹u_a|² of all channels without their strengths, shape (..., absorbing, emitting)."""
    amplitude = _amplitude(system)
    return jnp.real(amplitude) ** 2 + jnp.imag(amplitude) ** 2


def _amplitude(system: "_System") -> jax.Array:
    """w_bᵀM⁻¹u_a of all channels without their strengths, shape (..., absorbing, emitting)."""
    if system.matrix.shape[-1] <= LARGEST_WRITTEN_OUT:
        response = jnp.einsum("...ab,...bl->...al", _inverse(system.matrix), system.emitting)
    else:
        response = solve(system.matrix, system.emitting)
    return jnp.einsum("...ka,...al->...kl", system.absorbing, response)


def _direct(circuit: Circuit, frequency: jax.Array) -> jax.Array:
    """D of all channels, shape (*frequency.shape, channels, channels)."""
    lines, channels = circuit.lines, channel_radiators(circuit).shape[0]
    lossy = lines.islands.shape[0]
    first = circuit.branches.islands.shape[0] + 2 * np.arange(lossy)
    kept = np.ones(channels)
    kept[first], kept[first + 1] = 0.0, 0.0
    direct = jnp.broadcast_to(-jnp.diag(kept) + 0j, (*frequency.shape, channels, channels))
    if lossy:
        # The part √(1 − |t|²) of a wave is absorbed and t goes on: a beam splitter, which sends −t* of what is emitted back.
        attenuation, delay = jnp.asarray(lines.attenuation)[:lossy], jnp.asarray(lines.delay)[:lossy]
        back = -jnp.exp(-attenuation + 1j * frequency[..., None] * delay)
        direct = direct.at[..., first, first + 1].set(back).at[..., first + 1, first].set(back)
    return direct


def _by_radiator(circuit: Circuit, power: jax.Array) -> jax.Array:
    """Sums over the channels of every radiator; the frequencies become the last axes."""
    power = jnp.moveaxis(power, (-2, -1), (0, 1))
    channels = _channels(circuit)
    if channels.shape[0] == channels.shape[1]:
        return power
    return jnp.einsum("ki,lj,kl...->ij...", channels, channels, power)


class _System(NamedTuple):
    """Kirchhoff's laws M(ω) x = J and the channels through which radiators emit and absorb."""

    matrix: jax.Array
    """M(ω), shape (..., unknowns, unknowns)."""
    emitting: jax.Array
    """u_a without its √strength, shape (..., unknowns, channels)."""
    absorbing: jax.Array
    """w_b without its √strength, shape (..., channels, unknowns)."""
    strength: jax.Array
    """G of a branch, 1 − e^{−2α} of a lossy line, 1 for a two-port; apart, because a root has no slope at zero."""


def _channels(circuit: Circuit) -> np.ndarray:
    """Which channel belongs to which radiator, shape (channels, radiators)."""
    return np.asarray(channel_radiators(circuit)[:, None] == np.arange(circuit.islands.shape[0]), dtype=float)


def _system(circuit: Circuit, temperatures: jax.Array, frequency: jax.Array) -> _System:
    branches, lossless, lines, two_ports = circuit.branches, circuit.lossless, circuit.lines, circuit.two_ports
    shape, voltages = frequency.shape, branches.incidence.shape[1]
    admittance = branches.admittance(temperatures[branches.islands], frequency)
    nodal = jnp.diag(circuit.unused) + jnp.einsum(
        "...k,ka,kb->...ab", admittance, branches.incidence, branches.incidence
    )
    omega = frequency[..., None, None]
    if lossless.capacitance.shape[0]:
        b = lossless.capacitor_incidence
        nodal = nodal + 1j * omega * jnp.einsum("k,ka,kb->ab", lossless.capacitance, b, b)
    if lossless.inverse_root_inductance.shape[0]:
        root = lossless.inductor_incidence.T @ lossless.inverse_inductance_root()
        nodal = nodal + (root @ root.T) / (1j * omega)
    rows = jnp.broadcast_to(branches.incidence, (*shape, *branches.incidence.shape))
    strength = jnp.real(admittance)
    if two_ports.islands.shape[0]:
        table = interpolated_admittance(two_ports.table_frequency, two_ports.table_admittance, frequency)
        b = two_ports.incidence
        nodal = nodal + jnp.einsum("...kpq,kpa,kqb->...ab", table, b, b)
        channels = jnp.einsum("...kpc,kpa->...kca", _cholesky(jnp.real(table)), b)
        rows = jnp.concatenate([rows, channels.reshape(*shape, -1, voltages)], axis=-2)
        strength = jnp.concatenate([strength, jnp.ones((*shape, channels.shape[-3] * 2))], axis=-1)
    system = _System(nodal, 2.0 * jnp.swapaxes(rows, -1, -2), rows, strength)
    return _with_lines(circuit, frequency, system) if lines.impedance.shape[0] else system


def _with_lines(circuit: Circuit, frequency: jax.Array, system: _System) -> _System:
    """The system with the two end currents of every line as further unknowns, in units of 1/Z."""
    lines, branches = circuit.lines, circuit.branches.islands.shape[0]
    count, lossy = lines.impedance.shape[0], lines.islands.shape[0]
    shape, voltages = frequency.shape, system.matrix.shape[-1]
    size = voltages + 2 * count
    impedance = jnp.asarray(lines.impedance)
    through = jnp.exp(-lines.attenuation - 1j * frequency[..., None] * lines.delay)
    ends = voltages + np.arange(2 * count).reshape(count, 2)
    own = jnp.asarray(lines.incidence)
    matrix = jnp.zeros((*shape, size, size), complex).at[..., :voltages, :voltages].set(system.matrix)
    # The current into an end leaves its node.
    leaving = (own / impedance[:, None, None]).reshape(2 * count, voltages).T
    matrix = matrix.at[..., :voltages, voltages:].set(leaving)
    waves = own - through[..., None, None] * own[:, ::-1]
    matrix = matrix.at[..., voltages:, :voltages].set(waves.reshape(*shape, 2 * count, voltages))
    matrix = matrix.at[..., ends, ends].set(-1.0)
    matrix = matrix.at[..., ends, ends[:, ::-1]].set(-through[..., None])
    # An emitted wave of amplitude c adds 2√Z c to V − ZI at its end; the absorbed one is (V + ZI)/(2√Z).
    root = jnp.sqrt(impedance[:lossy])[:, None]
    line, side = np.arange(lossy)[:, None], np.arange(2)[None, :]
    emitting = jnp.zeros((size, lossy, 2)).at[ends[:lossy], line, side].set(2.0 * root)
    absorbing = jnp.zeros((lossy, 2, size)).at[..., :voltages].set(own[:lossy] / (2.0 * root[..., None]))
    absorbing = absorbing.at[line, side, ends[:lossy]].set(1.0 / (2.0 * root))
    loss = jnp.repeat(-jnp.expm1(-2.0 * jnp.asarray(lines.attenuation)[:lossy]), 2)
    old = [(0, 0)] * len(shape)

    def between(others: jax.Array, own: jax.Array, axis: int) -> jax.Array:
        """The lines' channels after those of the branches, before those of the two-ports."""
        before, after = jnp.split(others, [branches], axis=axis)
        return jnp.concatenate([before, jnp.broadcast_to(own, (*shape, *own.shape)), after], axis=axis)

    return _System(
        matrix,
        between(jnp.pad(system.emitting, [*old, (0, 2 * count), (0, 0)]), emitting.reshape(size, 2 * lossy), -1),
        between(jnp.pad(system.absorbing, [*old, (0, 0), (0, 2 * count)]), absorbing.reshape(2 * lossy, size), -2),
        between(system.strength, loss, -1),
    )


def _cholesky(real: jax.Array) -> jax.Array:
    """R with R Rᵀ = Re Y for 2 × 2 matrices that are positive semi-definite, singular ones included."""
    a, b, d = real[..., 0, 0], real[..., 0, 1], real[..., 1, 1]
    is_zero = a <= 0.0
    first = jnp.where(is_zero, 0.0, jnp.sqrt(jnp.where(is_zero, 1.0, a)))
    below = jnp.where(is_zero, 0.0, b / jnp.where(is_zero, 1.0, first))
    rest = d - below**2
    is_flat = rest <= 0.0
    last = jnp.where(is_flat, 0.0, jnp.sqrt(jnp.where(is_flat, 1.0, rest)))
    zero = jnp.zeros_like(first)
    return jnp.stack([jnp.stack([first, zero], axis=-1), jnp.stack([below, last], axis=-1)], axis=-2)


def _inverse(matrix: jax.Array) -> jax.Array:
    """Inverse of 1 × 1 and 2 × 2 matrices on the last two axes, written out."""
    if matrix.shape[-1] == 1:
        return 1.0 / matrix
    a, b, c, d = matrix[..., 0, 0], matrix[..., 0, 1], matrix[..., 1, 0], matrix[..., 1, 1]
    adjugate = jnp.stack([jnp.stack([d, -b], -1), jnp.stack([-c, a], -1)], -2)
    return adjugate / (a * d - b * c)[..., None, None]
