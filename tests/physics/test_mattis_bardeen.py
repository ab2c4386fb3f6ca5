"""The complex conductivity of a superconductor: closed forms, limits, and 30-digit integrals."""

import itertools

import jax
import jax.numpy as jnp
import mpmath as mp
import numpy as np
import pytest

from subkelvin.constants import BOLTZMANN, PLANCK, REDUCED_PLANCK, THERMAL_FREQUENCY
from subkelvin.physics.mattis_bardeen import (
    conductivity_ratio,
    kinetic_inductance,
    sheet_impedance,
    wire_impedance,
)

GAP = 2.9e-23
GAP_FREQUENCY = GAP / REDUCED_PLANCK
BLOCK = 256
"""Points per call, so that every function is compiled once for all tests."""

# ħω/Δ, far and near on both sides of the threshold for breaking pairs
PHOTONS = [1e-6, 1e-3, 0.3, 1.0, 1.9, 1.999, 2.001, 2.1, 4.0, 10.0, 1e3]


def parts(temperature: jax.Array, frequency: jax.Array, gap: jax.Array) -> jax.Array:
    ratio = conductivity_ratio(temperature, frequency, gap)
    return jnp.stack([ratio.real, -ratio.imag])


compiled_parts = jax.jit(parts)
compiled_slopes = jax.jit(jax.vmap(jax.jacrev(parts, argnums=(0, 1, 2)), out_axes=-1))


def in_block(rows: np.ndarray) -> np.ndarray:
    """Rows of arguments, repeated up to one block."""
    assert rows.shape[1] <= BLOCK
    return np.pad(rows, ((0, 0), (0, BLOCK - rows.shape[1])), mode="edge")


def conductivity(temperature: float | np.ndarray, frequency: float | np.ndarray, gap: float | np.ndarray) -> np.ndarray:
    """σ1/σ_N and σ2/σ_N, shape (2, points)."""
    rows = np.stack([np.atleast_1d(x) for x in np.broadcast_arrays(temperature, frequency, gap)]).astype(float)
    return np.asarray(compiled_parts(*in_block(rows)))[:, : rows.shape[1]]


def exact_conductivity(temperature: float, frequency: float, gap: float) -> tuple[mp.mpf, mp.mpf]:
    """σ1/σ_N and σ2/σ_N by integration in cosh v and sin²θ, which differ from the variables of the program."""
    with mp.workdps(40):
        unit = mp.mpf(BOLTZMANN) * mp.mpf(temperature)
        x, u = mp.mpf(gap) / unit, mp.mpf(PLANCK) / (2 * mp.pi) * mp.mpf(frequency) / unit

        def full(energy: mp.mpf) -> mp.mpf:
            return 1 / (mp.exp(energy) + 1)

        def thermal(v: mp.mpf) -> mp.mpf:
            energy = x * mp.cosh(v)
            root = mp.sqrt((energy - x + u) * (energy + x + u))
            return 2 * (full(energy) - full(energy + u)) * (energy**2 + x**2 + u * energy) / root

        def supercurrent(theta: mp.mpf) -> mp.mpf:
            # E = Δ − W sin²θ
            above = width * mp.cos(theta) ** 2
            upper = above + max(u - 2 * x, mp.mpf(0))
            rest = (above + abs(u - 2 * x)) * (upper + 2 * x)
            energy = x - width * mp.sin(theta) ** 2
            return 2 * mp.tanh((x + upper) / 2) * (energy**2 + x**2 + u * energy) / mp.sqrt(rest)

        def breaking(phi: mp.mpf) -> mp.mpf:
            # E' = ħω/2 + (ħω/2 − Δ) sin φ, E'' = ħω − E'
            first = u / 2 + (u / 2 - x) * mp.sin(phi)
            second = u - first
            return mp.tanh(first / 2) * (first * second - x**2) / mp.sqrt((first + x) * (second + x))

        width = min(u, 2 * x)
        ends = {mp.acosh(1 + reach / x) for reach in (u, u / 10, mp.mpf("0.01"), mp.mpf("0.1"), 1, 3, 10, 30, 100)}
        absorbed = mp.quad(thermal, sorted({mp.mpf(0), *ends}))
        if u > 2 * x:
            absorbed += mp.quad(breaking, [*mp.linspace(-mp.pi / 2, mp.pi / 2, 9)])
        near_threshold = [mp.pi / 2 - mp.mpf(10) ** -k for k in (6, 4, 3, 2, 1)]
        stored = mp.quad(supercurrent, sorted({mp.mpf(0), mp.pi / 4, mp.pi / 2, *near_threshold}))
        return absorbed / u, stored / u


@pytest.mark.parametrize("temperature", [0.05, 0.3, 1.1])
def test_conductivity_agrees_with_high_precision(temperature: float) -> None:
    for gap in (GAP, 0.01 * GAP):
        frequency = np.array(PHOTONS[::2]) * gap / REDUCED_PLANCK
        computed = conductivity(temperature, frequency, gap)
        for index, omega in enumerate(frequency):
            exact = exact_conductivity(temperature, float(omega), gap)
            # e^{−25} = 1.4e-11 at the edges, and 3e-10 of the small σ2 far above the threshold
            assert abs(computed[0, index] / exact[0] - 1) < 1e-9
            assert abs(computed[1, index] / exact[1] - 1) < 1e-9


def test_at_zero_temperature_the_conductivity_is_elliptic() -> None:
    photons = np.array(PHOTONS)
    absorbed, stored = conductivity(0.01, photons * GAP_FREQUENCY, GAP)
    with mp.workdps(30):
        for photon, first, second in zip(photons, absorbed, stored, strict=True):
            r = mp.mpf(photon)
            k = abs((r - 2) / (r + 2))
            complement = 1 - k**2
            # tanh(Δ/2k_BT) differs from 1 by e^{−210}; edges as above
            exact = ((1 + 2 / r) * mp.ellipe(complement) - (1 - 2 / r) * mp.ellipk(complement)) / 2
            assert abs(second / exact - 1) < 1e-9
            if r > 2:
                exact = (1 + 2 / r) * mp.ellipe(k**2) - 4 / r * mp.ellipk(k**2)
                # close to the threshold σ1 vanishes with ħω − 2Δ, which is rounded
                assert abs(first / exact - 1) < 1e-9
            else:
                assert 0.0 < first < 1e-80


def test_at_low_frequency_the_superconductor_is_an_inductance() -> None:
    for temperature, gap in itertools.product((0.05, 0.3, 1.1), (0.1 * GAP, GAP)):
        inductance = kinetic_inductance(temperature, gap, 7.0)
        # corrections of order (ħω/k_BT) ln(Δ/ħω), 1e-7 at 1e4 rad/s and 50 mK
        impedance = wire_impedance(temperature, 1e4, gap, 7.0)
        assert abs(impedance.imag / (1e4 * inductance) - 1.0) < 1e-6


def test_without_a_gap_the_metal_is_normal() -> None:
    photons = THERMAL_FREQUENCY * np.array([1e-8, 1e-4, 1.0, 100.0, 1e4])
    absorbed, stored = conductivity(1.0, photons, 0.0)
    # e^{−25} of an inverse square root at the edge
    np.testing.assert_allclose(absorbed, 1.0, rtol=1e-9)
    assert np.all(stored == 0.0)
    assert abs(complex(sheet_impedance(1.0, THERMAL_FREQUENCY, 0.0, 5.0)) - 5.0) < 1e-10


def test_far_above_the_gap_the_metal_is_normal() -> None:
    absorbed, stored = conductivity(0.1, 1e6 * GAP_FREQUENCY, GAP)
    # corrections of order (Δ/ħω)² ln(ħω/Δ)
    assert abs(absorbed[0] - 1.0) < 1e-10
    assert 0.0 < stored[0] < 1e-10


def test_a_gap_that_closes_leaves_no_trace() -> None:
    absorbed, stored = conductivity(1.0, 0.1 * THERMAL_FREQUENCY, np.array([1e-2, 1e-3, 1e-4, 1e-5]) * GAP)
    assert np.all(np.diff(np.abs(absorbed - 1.0)) < 0.0)
    assert np.all(np.diff(stored) < 0.0)
    # σ2 is of order πΔ²/(2ħω k_BT)
    assert stored[-1] < 1e-7


def test_conductivity_is_passive_and_inductive() -> None:
    grid = itertools.product((0.02, 0.1, 1.0, 10.0), PHOTONS, (1e-3 * GAP, GAP))
    temperature, photon, gap = (np.array(column) for column in zip(*grid, strict=True))
    absorbed, stored = conductivity(temperature, photon * gap / REDUCED_PLANCK, gap)
    assert np.all(absorbed > 0.0)
    assert np.all(stored > 0.0)
    impedance = np.asarray(wire_impedance(temperature, photon * gap / REDUCED_PLANCK, gap, 3.0))
    assert np.all(impedance.real > 0.0)
    assert np.all(impedance.imag > 0.0)


def test_conductivity_is_continuous_where_pairs_begin_to_break() -> None:
    threshold = 2.0 * GAP_FREQUENCY
    below, at, above = conductivity(0.3, threshold * np.array([1.0 - 1e-9, 1.0, 1.0 + 1e-9]), GAP).T
    # σ2 bends with a logarithmic slope, and thermal σ1 is smooth: 1e-9 times at most 20
    np.testing.assert_allclose(below, at, rtol=0.0, atol=5e-8)
    assert abs(above[1] - at[1]) < 5e-8
    # σ1 sets in with slope π/2 tanh(Δ/2k_BT), which is known; 1 + 1e-9 is rounded to 1e-7 of the step
    onset = np.pi / 2.0 * np.tanh(GAP / (2.0 * BOLTZMANN * 0.3)) * 1e-9
    assert abs((above[0] - at[0]) / onset - 1.0) < 1e-2


def test_derivatives_are_those_of_finite_differences() -> None:
    grid = itertools.product((0.1, 0.5, 2.0), (1e-3, 0.3, 1.5, 2.5, 30.0), (0.1 * GAP, GAP))
    temperature, photon, gap = (np.array(column) for column in zip(*grid, strict=True))
    point = np.stack([temperature, photon * gap / REDUCED_PLANCK, gap])
    slopes = [np.asarray(slope)[:, : point.shape[1]] for slope in compiled_slopes(*in_block(point))]
    for argument in range(3):
        step = np.zeros((3, 1))
        step[argument] = 1.0
        values = [conductivity(*(point * (1.0 + 1e-3 * k * step))) for k in (-2, -1, 1, 2)]
        difference = (values[0] - 8.0 * values[1] + 8.0 * values[2] - values[3]) / (12.0 * 1e-3)
        # Five-point rule: (21 · 1e-3)⁴/30 where σ1 goes like e^{−21}, and 1e-11/1e-3 of changing quadrature errors.
        size = np.abs(difference) + np.abs(values[0])
        assert np.all(np.abs(slopes[argument] * point[argument] - difference) < 5e-8 * size)


def test_derivatives_are_finite() -> None:
    grid = itertools.product((0.01, 1.0, 10.0), [*PHOTONS, 2.0], (1e-6 * GAP, GAP))
    temperature, photon, gap = (np.array(column) for column in zip(*grid, strict=True))
    for slope in compiled_slopes(*in_block(np.stack([temperature, photon * gap / REDUCED_PLANCK, gap]))):
        assert np.all(np.isfinite(slope))


@pytest.mark.parametrize(
    "wrong", [(0, -0.1), (0, 0.0), (0, np.nan), (1, 0.0), (1, -1.0), (1, np.nan), (2, -GAP), (2, np.nan)]
)
def test_what_cannot_be_gives_nan(wrong: tuple[int, float]) -> None:
    arguments = [0.3, 1e11, GAP]
    arguments[wrong[0]] = wrong[1]
    assert np.all(np.isnan(conductivity(*arguments)))
    if wrong[0] != 1:
        assert np.isnan(kinetic_inductance(arguments[0], arguments[2], 1.0))
