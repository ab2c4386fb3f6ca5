"""Heat through a Josephson junction: 20-digit values, laws, limits and the peak at matching gaps."""

import itertools
import math

import jax
import jax.numpy as jnp
import mpmath as mp
import numpy as np
import pytest
from jax.typing import ArrayLike
from scipy.integrate import quad

from subkelvin.constants import BOLTZMANN, ELEMENTARY_CHARGE, LORENZ_NUMBER
from subkelvin.physics.quasiparticle_heat import interference_heat_current, quasiparticle_heat_current
from subkelvin.physics.superconductor import density_of_states, interpolated_gap
from subkelvin.physics.tunnel_current import heat_current_from_normal

CRITICAL_TEMPERATURE = 1.2
GAP = 1.764 * BOLTZMANN * CRITICAL_TEMPERATURE
RESISTANCE = 1e3

compiled = jax.jit(quasiparticle_heat_current)
compiled_interference = jax.jit(interference_heat_current)

# T_1, T_2, Δ_1/Δ, Δ_2/Δ, Γ_1/Δ, Γ_2/Δ, φ: broadened and clean, equal, nearly equal and very different gaps, warm and cold.
POINTS = [
    (0.5, 0.1, 1.0, 1.0, 1e-4, 1e-4, 0.0),
    (0.5, 0.1, 1.0, 1.0, 1e-4, 1e-4, math.pi),
    (0.1, 0.05, 1.0, 0.3, 1e-3, 1e-5, 2.0),
    (0.3, 0.300001, 1.0, 0.99, 1e-3, 0.0, 2.0),
    (1.0, 0.5, 0.0, 1.0, 0.0, 1e-2, 0.3),
    (0.2, 0.1, 1.0, 1.0 - 1e-9, 1e-6, 1e-6, 1.0),
    (0.5, 0.1, 1.0, 0.7, 0.0, 0.0, 1.0),
    (0.1, 0.4, 0.7, 1.0, 0.0, 0.0, 3.0),
]


def block(function: jax.stages.Wrapped, *arguments: ArrayLike) -> np.ndarray:
    """The compiled function of arguments that broadcast; padded, so that it is compiled for few shapes."""
    rows = [np.asarray(x, float).ravel() for x in np.broadcast_arrays(*arguments)]
    padded = [np.pad(row, (0, -row.size % 64), mode="edge") for row in rows]
    parts = [function(*(row[start : start + 64] for row in padded)) for start in range(0, padded[0].size, 64)]
    return np.concatenate(parts)[: rows[0].size].reshape(np.broadcast_shapes(*map(np.shape, arguments)))


def heat(*arguments: ArrayLike) -> np.ndarray:
    return block(compiled, *arguments)


def in_units(point: tuple[float, ...]) -> tuple[float, ...]:
    first, second, *energies, phase = point
    return (first, second, *(GAP * energy for energy in energies), phase, RESISTANCE)


def exact(point: tuple[float, ...]) -> mp.mpf:
    """The definition in 20 digits, E in units of k_BT of the hotter side, split at every scale of the integrand."""
    with mp.workdps(20):
        first, second, gap_1, gap_2, width_1, width_2, phase, resistance = map(mp.mpf, in_units(point))
        unit = mp.mpf(BOLTZMANN) * max(first, second)
        sides = [(gap_1 / unit, width_1 / unit), (gap_2 / unit, width_2 / unit)]
        ratios = [max(first, second) / first, max(first, second) / second]

        def inverse_root(energy: mp.mpf, edge: mp.mpf, width: mp.mpf) -> mp.mpc:
            z = mp.mpc(energy, width)
            return 1 / (mp.sqrt(z - edge) * mp.sqrt(z + edge))

        def integrand(energy: mp.mpf) -> mp.mpf:
            if any(width == 0 and energy == edge for edge, width in sides):
                return mp.mpf(0)  # an end point to 20 digits, where the rule's weight is 0 to as many
            (edge_1, broad_1), (edge_2, broad_2) = sides
            one, other = inverse_root(energy, edge_1, broad_1), inverse_root(energy, edge_2, broad_2)
            normal = mp.re(mp.mpc(energy, broad_1) * one) * mp.re(mp.mpc(energy, broad_2) * other)
            anomalous = edge_1 * mp.re(one) * edge_2 * mp.re(other)
            occupied = [1 / (mp.exp(energy * ratio) + 1) for ratio in ratios]
            return energy * (normal - anomalous * mp.cos(phase)) * (occupied[0] - occupied[1])

        top = max(edge for edge, _ in sides)
        points = {mp.mpf(0), *(edge for edge, _ in sides), *(top + mp.mpf(x) for x in (0.01, 0.1, 0.5, 2, 8, 25, 60))}
        points |= {edge + sign * width * 10**k for edge, width in sides for sign in (-1, 1) for k in range(7)}
        points |= {mp.mpf(x) for x in (0.1, 1, 5)}
        inside = sorted(x for x in points if 0 <= x <= top + 60)
        return 2 * unit**2 / (mp.mpf(ELEMENTARY_CHARGE) ** 2 * resistance) * mp.quad(integrand, inside)


@pytest.mark.parametrize("point", POINTS)
def test_heat_is_the_definition(point: tuple[float, ...]) -> None:
    # The clean cases: inverse roots at both ends cost the reference itself some digits.
    assert heat(*in_units(point)) == pytest.approx(float(exact(point)), rel=1e-12)


def test_clean_heat_is_that_of_the_bcs_densities_by_another_quadrature() -> None:
    """E² − Δ_1Δ_2 cos φ over both roots, in E = Δ_2 cosh v, which removes the larger root."""
    first, second, upper, lower, phase = 0.5, 0.2, GAP, 0.6 * GAP, 2.5

    def integrand(v: float) -> float:
        energy = upper * math.cosh(v)
        weight = (energy**2 - upper * lower * math.cos(phase)) / math.sqrt(energy**2 - lower**2)
        fermi = [1.0 / (math.exp(energy / (BOLTZMANN * t)) + 1.0) for t in (first, second)]
        return energy * weight * (fermi[0] - fermi[1])

    integral = quad(integrand, 0.0, 4.0, epsabs=0.0, epsrel=1e-12, limit=200)[0]
    expected = 2.0 / (ELEMENTARY_CHARGE**2 * RESISTANCE) * integral
    assert heat(first, second, upper, lower, 0.0, 0.0, phase, RESISTANCE) == pytest.approx(expected, rel=1e-11)


def test_interference_is_half_the_difference_between_phases_pi_and_zero() -> None:
    arguments = (0.4, 0.1, GAP, 0.8 * GAP, 1e-3 * GAP, 1e-4 * GAP)
    half = 0.5 * (heat(*arguments, math.pi, RESISTANCE) - heat(*arguments, 0.0, RESISTANCE))
    interference = block(compiled_interference, *arguments, RESISTANCE)
    assert interference == pytest.approx(half, rel=1e-12)
    assert interference > 0.0


def test_heat_depends_on_the_phase_as_a_cosine() -> None:
    arguments = (0.4, 0.1, GAP, GAP, 1e-3 * GAP, 1e-3 * GAP)
    phases = np.linspace(0.0, 4.0 * math.pi, 17)
    mean = 0.5 * (heat(*arguments, 0.0, RESISTANCE) + heat(*arguments, math.pi, RESISTANCE))
    amplitude = block(compiled_interference, *arguments, RESISTANCE)
    assert heat(*arguments, phases, RESISTANCE) == pytest.approx(mean - amplitude * np.cos(phases), rel=1e-12)


def test_without_gaps_it_is_wiedemann_franz_at_any_phase() -> None:
    for phase in (0.0, 1.0, math.pi):
        expected = 0.5 * LORENZ_NUMBER / RESISTANCE * (1.0 - 0.2**2)
        assert heat(1.0, 0.2, 0.0, 0.0, 0.0, 0.0, phase, RESISTANCE) == pytest.approx(expected, rel=1e-13)


def test_with_one_gap_it_is_the_heat_of_a_nis_junction() -> None:
    for width in (0.0, 1e-4 * GAP):
        nis = float(heat_current_from_normal(0.4, 0.1, 0.0, GAP, width, RESISTANCE))
        for phase in (0.0, 2.0):
            assert heat(0.4, 0.1, 0.0, GAP, 0.0, width, phase, RESISTANCE) == pytest.approx(nis, rel=1e-11)
            assert heat(0.1, 0.4, GAP, 0.0, width, 0.0, phase, RESISTANCE) == pytest.approx(-nis, rel=1e-11)


def test_broadened_density_is_that_of_the_superconductor_elsewhere() -> None:
    """At φ = π/2 only N_1N_2 is left: a sum over the same integrand with `density_of_states`."""
    width_1, width_2 = 0.05 * GAP, 0.08 * GAP
    energies = jnp.linspace(0.0, 40.0, 400_001)[1:] * BOLTZMANN * 0.5
    fermi = [1.0 / (jnp.exp(energies / (BOLTZMANN * t)) + 1.0) for t in (0.5, 0.2)]
    states = density_of_states(energies, GAP, width_1) * density_of_states(energies, 0.5 * GAP, width_2)
    total = jnp.trapezoid(energies * states * (fermi[0] - fermi[1]), energies)
    expected = float(2.0 / (ELEMENTARY_CHARGE**2 * RESISTANCE) * total)
    value = heat(0.5, 0.2, GAP, 0.5 * GAP, width_1, width_2, 0.5 * math.pi, RESISTANCE)
    assert value == pytest.approx(expected, rel=1e-6)  # the trapezoid's error, (2e-4)² over the squared width


def test_heat_flows_from_hot_to_cold_and_reverses_with_the_sides() -> None:
    temperatures = [0.02, 0.1, 0.5, 1.1]
    cases = itertools.product(temperatures, temperatures, [0.0, 0.5, 1.0], [1.0], [1e-6, 1e-2], [0.0, 1.0, math.pi])
    first, second, one, other, width, phase = np.array(list(cases)).T
    there = heat(first, second, one * GAP, other * GAP, width * GAP, width * GAP, phase, RESISTANCE)
    back = heat(second, first, other * GAP, one * GAP, width * GAP, width * GAP, phase, RESISTANCE)
    assert (np.sign(there) == np.sign(first - second)).all()
    np.testing.assert_allclose(there, -back, rtol=1e-12)


def test_derivatives_are_right() -> None:
    """Against central differences, by every argument."""
    at = (0.4, 0.15, GAP, 0.9 * GAP, 1e-2 * GAP, 2e-2 * GAP, 1.0, RESISTANCE)
    slopes = jax.jit(jax.grad(quasiparticle_heat_current, argnums=tuple(range(8))))(*at)
    for index, slope in enumerate(slopes):
        ends = [[x * (1.0 + sign * 1e-5 * (i == index)) for i, x in enumerate(at)] for sign in (1.0, -1.0)]
        difference = (heat(*ends[0]) - heat(*ends[1])) / (2e-5 * at[index])
        # A heat good to 1e-12 over a step of 1e-5, which enters in second order.
        assert float(slope) == pytest.approx(float(difference), rel=1e-7), index


def test_derivatives_are_right_where_the_gaps_are_equal() -> None:
    at = (0.4, 0.15, GAP, GAP, 1e-2 * GAP, 2e-2 * GAP, 1.0, RESISTANCE)
    for index in (2, 3):
        slope = jax.grad(quasiparticle_heat_current, argnums=index)(*at)
        ends = [[x * (1.0 + sign * 1e-5 * (i == index)) for i, x in enumerate(at)] for sign in (1.0, -1.0)]
        difference = (heat(*ends[0]) - heat(*ends[1])) / (2e-5 * at[index])
        # A heat good to 1e-12 over a step of 1e-5, which enters in second order.
        assert float(slope) == pytest.approx(float(difference), rel=1e-7), index


def test_different_superconductors_have_a_peak_where_their_gaps_match() -> None:
    """The junction S–S′ with Δ_1 > Δ_2: warming S until Δ_1(T) = Δ_2, heat peaks, then falls: negative conductance."""
    warm = np.linspace(0.3, 1.19, 192)
    gap_1 = np.asarray(interpolated_gap(warm, CRITICAL_TEMPERATURE))
    gap_2 = 0.75 * GAP
    flow = heat(warm, 0.02, gap_1, gap_2, 1e-3 * GAP, 1e-3 * GAP, 0.5 * math.pi, RESISTANCE)
    peaks = np.flatnonzero((flow[1:-1] > flow[:-2]) & (flow[1:-1] > flow[2:])) + 1
    assert peaks.size == 1
    match = warm[np.argmin(np.abs(gap_1 - gap_2))]
    # Points 5 mK apart: the peak, rounded by the broadening, is at the very one.
    assert warm[peaks[0]] == match


def test_equal_gaps_without_broadening_have_no_answer() -> None:
    """J grows by the same amount for every factor ten by which the gaps approach each other: a logarithm."""
    distances = 10.0 ** -np.arange(3.0, 9.0)
    flow = heat(0.5, 0.1, GAP, GAP * (1.0 - distances), 0.0, 0.0, math.pi, RESISTANCE)
    steps = np.diff(flow)
    assert (steps > 0.0).all()
    # The next order is linear in the distance, times its logarithm: 7e-3 at 1e-3, 2e-6 at 1e-7.
    assert steps[1:] == pytest.approx(steps[:-1], rel=1e-2)
    assert steps[-1] == pytest.approx(steps[-2], rel=1e-5)
    assert np.isnan(heat(0.5, 0.1, GAP, GAP, 0.0, 0.0, math.pi, RESISTANCE))


@pytest.mark.parametrize(
    ("index", "value"), [(0, 0.0), (1, -0.1), (2, -GAP), (4, -1e-3 * GAP), (7, 0.0), (0, math.nan)]
)
def test_an_invalid_argument_gives_nan(index: int, value: float) -> None:
    at = [0.4, 0.15, GAP, 0.9 * GAP, 1e-2 * GAP, 2e-2 * GAP, 1.0, RESISTANCE]
    at[index] = value
    assert np.isnan(heat(*at))
