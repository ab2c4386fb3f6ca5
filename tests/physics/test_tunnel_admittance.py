"""Admittance of a NIS junction: 30-digit sums, integrals over energy, dispersion relation, limits, circuit results."""

import itertools

import jax
import jax.numpy as jnp
import mpmath as mp
import numpy as np
import pytest
from jax.typing import ArrayLike

from subkelvin.constants import BOLTZMANN, ELEMENTARY_CHARGE, REDUCED_PLANCK, THERMAL_FREQUENCY
from subkelvin.physics.junction import DEEP, conductance_ratio
from subkelvin.physics.superconductor import interpolated_gap
from subkelvin.physics.tunnel_admittance import admittance_ratio
from subkelvin.physics.tunnel_current import charge_current

CRITICAL_TEMPERATURE = 1.2
ZERO_TEMPERATURE_GAP = 1.764 * BOLTZMANN * CRITICAL_TEMPERATURE
DYNES = 1e-4
BLOCK = 1024
"""Points per call, so that every function is compiled once for all tests."""

compiled = jax.jit(admittance_ratio)
compiled_current = jax.jit(charge_current)


def parts(*arguments: jax.Array) -> jax.Array:
    value = admittance_ratio(*arguments)
    return jnp.stack([value.real, value.imag])


compiled_slopes = jax.jit(jax.vmap(jax.jacrev(parts, argnums=(0, 1, 2, 3)), out_axes=-1))


def in_blocks(*arguments: ArrayLike) -> np.ndarray:
    """Arguments broadcast against each other and padded, shape (blocks, arguments, BLOCK)."""
    rows = np.stack([row.ravel() for row in np.broadcast_arrays(*(np.asarray(a, float) for a in arguments))])
    padded = np.pad(rows, ((0, 0), (0, -rows.shape[1] % BLOCK)), mode="edge")
    return np.stack(np.split(padded, padded.shape[1] // BLOCK, axis=1))


def admittance(*arguments: ArrayLike) -> np.ndarray:
    """admittance_ratio of temperature, frequency, gap and broadening."""
    shape = np.broadcast_shapes(*(np.shape(argument) for argument in arguments))
    values = np.concatenate([np.asarray(compiled(*block)) for block in in_blocks(*arguments)])
    return values[: int(np.prod(shape))].reshape(shape)


def reduced(x: ArrayLike, u: ArrayLike, w: ArrayLike) -> np.ndarray:
    """The same, of Δ/k_BT, ħω/k_BT and Γ/k_BT."""
    return admittance(1.0, np.multiply(u, THERMAL_FREQUENCY), np.multiply(x, BOLTZMANN), np.multiply(w, BOLTZMANN))


def current_ratio(x: ArrayLike, u: ArrayLike, w: ArrayLike) -> np.ndarray:
    """(eR_N/ħω) I(V = ħω/e), which is Re y (Tucker)."""
    arguments = np.broadcast_arrays(*(np.asarray(value, float) for value in (x, u, w)))
    volt = BOLTZMANN / ELEMENTARY_CHARGE
    blocks = in_blocks(arguments[0] * BOLTZMANN, arguments[1] * volt, arguments[2] * BOLTZMANN)
    values = np.concatenate(
        [np.asarray(compiled_current(1.0, 1.0, voltage, gap, width, 1.0)) for gap, voltage, width in blocks]
    )
    return values[: arguments[0].size].reshape(arguments[0].shape) / (arguments[1] * volt)


# Δ/k_BT, ħω/k_BT and Γ/k_BT: hot and cold, below, at and above the gap, on both sides of the seams, down to no Γ at all.
POINTS = [
    (3e-3, 30.0, 0.0),
    (3e-3, 3e-6, 3e-8),
    (3e-3, 3e-3, 3e-4),
    (0.99, 1.0, 1e-4),
    (1.01, 1.0, 1e-4),
    (0.1, 3.0, 0.01),
    (1.0, 0.5, 1e-4),
    (3.0, 2.0, 1e-12),
    (5.4, 1e-3, 0.0),
    (6.0, 0.1, 1e-6),
    (12.0, 6.4, 1e-9),
    (12.0, 6.6, 1e-9),
    (20.0, 100.0, 2.0),
    (40.0, 33.0, 4e-3),
    (40.0, 36.0, 0.0),
    (40.0, 39.9, 0.0),
    (150.0, 20.0, 1e-14),
    (150.0, 140.0, 0.0),
    (2000.0, 300.0, 0.2),
]


def matsubara_sum(x: float, u: float, w: float) -> tuple[mp.mpf, mp.mpf]:
    """Re y and Im y to 30 digits: 20 terms one by one, the rest by the Abel–Plana formula."""
    with mp.workdps(40):
        x, u, w = mp.mpf(x), mp.mpf(u), mp.mpf(w)

        def term(f: mp.mpc) -> mp.mpc:
            s = f + w + 1j * u
            return 1j / u * (s / mp.sqrt(s * s + x * x) - (f + w) / mp.sqrt((f + w) ** 2 + x * x))

        spacing = 2 * mp.pi
        start = 20 * spacing
        explicit = mp.fsum(term((n + mp.mpf(1) / 2) * spacing) for n in range(20))
        end = start + w
        tail = 1 + 1j / u * (mp.sqrt(end**2 + x**2) - mp.sqrt((end + 1j * u) ** 2 + x**2) + 1j * u)

        def correction(t: mp.mpf) -> mp.mpc:
            return (term(start + 1j * spacing * t) - term(start - 1j * spacing * t)) / (mp.exp(2 * mp.pi * t) + 1)

        # e^{−2π 16} = 1e-44
        y = spacing * (explicit - 1j * mp.quad(correction, mp.linspace(0, 16, 17))) + tail
        return y.real, y.imag


@pytest.mark.parametrize("point", POINTS)
def test_both_parts_agree_with_the_exact_sum(point: tuple[float, float, float]) -> None:
    real, imaginary = matsubara_sum(*point)
    value = complex(reduced(*point))
    # Just below the seam a difference loses four digits. Rounding of the arguments counts for e^{−(x − u)}.
    assert abs(value.real / real - 1) < (1e-12 if point[0] - point[1] > 0.0 else 2e-14)
    assert abs(value.imag / imaginary - 1) < 2e-14


def test_the_real_part_is_the_current_at_the_photon_voltage() -> None:
    x, ratio, width = (
        a.ravel() for a in np.meshgrid(np.logspace(-2, 3, 11), np.logspace(-4, 1, 14), [0.0, 1e-16, 1e-9, 1e-4, 0.03])
    )
    expected = current_ratio(x, x * ratio, x * width)
    resolved = expected > 1e-280
    assert resolved.mean() > 0.9
    value = reduced(x, x * ratio, x * width).real
    # that of the current; where Γ = 0 and T → 0 both are e^{−(x − u)}, and rounding of x counts
    np.testing.assert_allclose(value[resolved], expected[resolved], rtol=1e-11, atol=0.0)


@pytest.mark.parametrize(("x", "u", "w"), [(3.0, 0.2, 0.01), (5.0, 5.5, 0.05), (8.0, 3.0, 0.1), (8.0, 30.0, 0.02)])
def test_the_imaginary_part_is_the_kramers_kronig_transform_of_the_current(x: float, u: float, w: float) -> None:
    # Im y = (2ω/π) P∫_0^∞ dω′ Re y(ω′)/(ω′² − ω²) = (1/π) P∫ dt Re y(ωe^t)/sinh t; nodes half a step from the pole.
    step = 0.02
    t = (np.arange(1750) + 0.5) * step
    above, below = current_ratio(x, u * np.exp(t), w), current_ratio(x, u * np.exp(-t), w)
    transform = np.sum((above - below) / np.sinh(t)) * step / np.pi
    # the currents err by 1e-11 at worst; where t is small their difference is taken
    np.testing.assert_allclose(reduced(x, u, w).imag, transform, rtol=0.0, atol=1e-10)


@pytest.mark.parametrize(("x", "u", "w"), [(2.0, 1.0, 0.2), (5.0, 4.5, 0.3), (1.0, 6.0, 0.1)])
def test_the_imaginary_part_is_the_integral_with_digamma_functions(x: float, u: float, w: float) -> None:
    def integrand(energy: mp.mpf) -> mp.mpf:
        z = mp.mpc(energy, w)
        excess = abs((z / mp.sqrt(z * z - x * x)).real) - 1
        shifted = mp.digamma(0.5 + 1j * (energy - u) / (2 * mp.pi)).real
        return excess * (shifted - mp.digamma(0.5 + 1j * energy / (2 * mp.pi)).real)

    edges = [-mp.inf, -200, -50, -20, -x - 2, -x, -x + 0.5, 0, x - 0.5, x, x + 2, 20, 50, 200, mp.inf]
    expected = -mp.quad(integrand, sorted(edges)) / (mp.pi * u)
    np.testing.assert_allclose(reduced(x, u, w).imag, float(expected), rtol=1e-9)


def test_at_zero_frequency_it_is_the_conductance() -> None:
    temperature, gap, broadening = np.meshgrid([0.02, 0.1, 0.4, 3.0], [1e-25, 2.9e-23], [0.0, 1e-40, 1e-29, 1e-25])
    expected = np.asarray(conductance_ratio(temperature, gap, broadening))
    for frequency in (0.0, 1e-6):
        value = admittance(temperature, frequency, gap, broadening)
        # the rounding of both
        np.testing.assert_allclose(value.real, expected, rtol=5e-13, atol=0.0)
    assert np.all(admittance(temperature, 0.0, gap, broadening).imag == 0.0)


def test_quasiparticle_capacitance_at_zero_temperature() -> None:
    gap, frequency = 2.9e-23, 1e6
    capacitance = admittance(1e-6, frequency, gap, 0.0).imag / frequency
    # next order (ħω/2Δ)² = 3e-12 and (πk_BT/Δ)² = 2e-12
    np.testing.assert_allclose(capacitance, REDUCED_PLANCK / (2.0 * gap), rtol=1e-11)


def test_closed_form_at_zero_temperature() -> None:
    ratio = np.array([1e-3, 0.1, 0.5, 0.9, 0.99, 1.01, 1.5, 10.0, 1e3])
    below = np.sqrt(np.maximum(1.0 - ratio**2, 0.0)).astype(complex)
    root = np.where(ratio < 1.0, below, 1j * np.sqrt(np.maximum(ratio**2 - 1.0, 0.0)))
    # corrections (k_BT/(Δ − ħω))² = 1e-10 for the two nearest
    np.testing.assert_allclose(reduced(1e7, ratio * 1e7, 0.0), 1j * (1.0 - root) / ratio, rtol=1e-9, atol=0.0)


def test_at_high_frequency_the_normal_conductance_is_left() -> None:
    frequency = 1e4 * ZERO_TEMPERATURE_GAP / REDUCED_PLANCK
    value = admittance(0.02, frequency, ZERO_TEMPERATURE_GAP, 1e-4 * ZERO_TEMPERATURE_GAP)
    # 1 + iΔ/ħω: corrections Γ/Δ of the second term and (Δ/ħω)²/2 of the first
    np.testing.assert_allclose(value.real, 1.0, atol=1e-8)
    np.testing.assert_allclose(value.imag, 1e-4, rtol=3e-4)


def test_without_a_gap_it_is_exactly_one() -> None:
    assert np.all(admittance(0.1, np.array([0.0, 1e9, 1e13]), 0.0, np.array([[0.0], [1e-26]])) == 1.0)


def test_passive_on_a_wide_grid() -> None:
    x, u, width = np.meshgrid(np.logspace(-4, 2.7, 20), np.logspace(-6, 4, 41), [0.0, 1e-300, 1e-12, 1e-4, 0.1, 3.0])
    value = reduced(x, u, x * width)
    assert np.all(value.real > 0.0)
    assert np.all(np.isfinite(value.imag))


def test_no_step_where_the_form_changes() -> None:
    frequency = np.array([1.0, 20.0, 500.0])
    before, after = (reduced(frequency + DEEP * (1.0 + sign * 1e-9), frequency, 1e-9) for sign in (-1.0, 1.0))
    # Re y ∝ e^{−(x − u)} changes by 2 DEEP 1e-9 between them; what remains is second order and the loss of digits.
    slope = np.log(before.real / after.real)
    x = frequency + DEEP
    wide = reduced(x + 1e-4, frequency, 1e-9).real, reduced(x + 2e-4, frequency, 1e-9).real
    expected = np.log(wide[0] / wide[1]) / 1e-4 * 2.0 * DEEP * 1e-9
    np.testing.assert_allclose(slope, expected, rtol=0.0, atol=2e-12)


def test_invalid_arguments_give_nan() -> None:
    valid = [0.1, 1e10, 2.9e-23, 1e-27]
    assert np.isfinite(admittance(*valid))
    for index, wrong in [(0, 0.0), (0, -1.0), (1, -1.0), (2, -1e-23), (3, -1e-27), *((i, np.nan) for i in range(4))]:
        value = admittance(*valid[:index], wrong, *valid[index + 1 :])
        assert np.isnan(value.real)
        assert np.isnan(value.imag)


def test_slopes_are_those_of_differences() -> None:
    x, ratio, width = (a.ravel() for a in np.meshgrid([0.3, 4.0, 9.0, 40.0], [1e-3, 0.3, 0.9, 1.1, 5.0], [1e-5, 0.02]))
    arguments = np.stack(
        [np.full_like(x, 0.3), 0.3 * THERMAL_FREQUENCY * x * ratio, 0.3 * BOLTZMANN * x, 0.3 * BOLTZMANN * x * width]
    )
    slopes = np.stack(compiled_slopes(*in_blocks(*arguments)[0]))[..., : x.size]
    step = 1e-4
    for index in range(4):
        shifts = np.ones((4, 4, 1))
        shifts[:, index, 0] += step * np.array([-2.0, -1.0, 1.0, 2.0])
        values = np.stack([admittance(*(arguments * shift)) for shift in shifts])
        difference = (values[0] - 8.0 * values[1] + 8.0 * values[2] - values[3]) / (12.0 * step)
        slope = arguments[index] * slopes[index]
        # (40 · 1e-4)^4/30 of truncation, 1e-12 of Re y divided by the step
        scale = np.abs(values[1].real) + np.abs(difference.real)
        assert np.all(np.abs(slope[0] - difference.real) < 3e-8 * scale)
        assert np.all(np.abs(slope[1] - difference.imag) < 1e-10 * (1.0 + np.abs(difference)))


def test_slopes_are_finite_at_the_borders() -> None:
    temperature, frequency, gap, broadening = (
        np.array(row) for row in zip(*itertools.product([0.01, 0.5], [0.0, 1e11], [0.0, 2e-23], [0.0]), strict=True)
    )
    slopes = np.stack(compiled_slopes(*in_blocks(temperature, frequency, gap, broadening)[0]))
    assert np.all(np.isfinite(slopes))
    # At ω = 0 the slope of Im y is the capacitance, ħ/(2ΔR_N) when cold.
    np.testing.assert_allclose(slopes[1, 1, 1], admittance(0.01, 1e3, 2e-23, 0.0).imag / 1e3, rtol=1e-11)


def heat_between_reservoirs(hot: float, cold: float, cutoff: float, area_ratio: float, form: str) -> float:
    """J = ∫dω/2π ħω 𝒯 (n_L − n_R) of two pairs of junctions on one node, 𝒯 = 4 Re Y_L Re Y_R/|Y_L + Y_R|²."""
    frequency = np.exp(np.arange(-23.0, 4.0, 0.01)) * THERMAL_FREQUENCY * hot
    sides = []
    for temperature, area in ((hot, 1.0), (cold, area_ratio)):
        gap = float(interpolated_gap(temperature, CRITICAL_TEMPERATURE))
        broadening = DYNES * ZERO_TEMPERATURE_GAP
        if form == "static":
            ratio = np.full(frequency.shape, complex(conductance_ratio(temperature, gap, broadening)))
        else:
            ratio = admittance(temperature, frequency, gap, broadening)
        if form == "real":
            ratio = ratio.real
        sides.append(area * (ratio + 1j * frequency / cutoff))
    transmission = 4.0 * sides[0].real * sides[1].real / np.abs(sides[0] + sides[1]) ** 2
    occupation = [1.0 / np.expm1(np.minimum(frequency / (THERMAL_FREQUENCY * t), 700.0)) for t in (hot, cold)]
    spectrum = REDUCED_PLANCK * frequency * transmission * (occupation[0] - occupation[1]) / (2.0 * np.pi)
    return float(np.sum(spectrum * frequency) * 0.01)


@pytest.mark.parametrize(
    ("cutoff", "area_ratio", "cold", "form", "femtowatt"),
    [
        *((4e11, 1.0, *row) for row in [
            (0.05, "static", "0.10251"), (0.2, "static", "0.23327"), (0.3, "static", "2.9144"), (0.4, "static", "5.8739"),
            (0.05, "real", "1.6869"), (0.2, "real", "2.683"), (0.3, "real", "6.777"), (0.4, "real", "9.671"),
            (0.05, "full", "0.7048"), (0.2, "full", "1.0447"), (0.3, "full", "2.9976"), (0.4, "full", "4.6292"),
        ]),
        *((2e12, 2.0, *row) for row in [
            (0.05, "static", "0.490758"), (0.25, "static", "5.342266"), (0.35, "static", "21.911336"),
            (0.05, "full", "1.58578"), (0.25, "full", "4.05585"), (0.35, "full", "9.09145"),
        ]),
    ],
)  # fmt: skip
def test_heat_through_junctions_on_one_node(
    cutoff: float, area_ratio: float, cold: float, form: str, femtowatt: str
) -> None:
    heat = heat_between_reservoirs(0.5, cold, cutoff, area_ratio, form)
    last_digit = 10.0 ** -len(femtowatt.split(".")[1])
    # as printed
    assert abs(heat * 1e15 - float(femtowatt)) < 0.6 * last_digit
