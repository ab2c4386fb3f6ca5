"""The zero-bias junction against 30 digits, an independent integral, closed forms and limits."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import jax
import jax.numpy as jnp
import mpmath as mp
import numpy as np
import pytest

import subkelvin  # noqa: F401  (turns on double precision)
from subkelvin.constants import BOLTZMANN
from subkelvin.physics.junction import conductance_ratio, resistance_ratio, resistance_ratio_integral
from subkelvin.physics.superconductor import bcs_gap, interpolated_gap

ROOT = Path(__file__).parents[2]
CRITICAL = 1.2
ZERO_GAP = 1.764 * BOLTZMANN * CRITICAL
DYNES = np.array([0.0, 1e-250, 1e-12, 1e-6, 1e-4, 1e-3, 1e-2, 1e-1, 1.0])
ROWS = json.loads((ROOT / "src/subkelvin/data/reference_junction.json").read_text())["rows"]


def reference_maker() -> ModuleType:
    """The module that makes the shipped reference values."""
    spec = importlib.util.spec_from_file_location("reference_junction", ROOT / "tables/reference_junction.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


EXACT = reference_maker().conductance_ratio
FORWARD = jax.jit(jax.jacfwd(resistance_ratio, (0, 1, 2)))
REVERSE = jax.jit(jax.grad(resistance_ratio, (0, 1, 2)))


def test_conductance_agrees_with_thirty_digits() -> None:
    arguments = np.array([list(row["arguments"].values()) for row in ROWS]).T
    expected = np.array([float(row["value"]) for row in ROWS])
    # Rounding of x = Δ/k_BT alone is 176 · 2e-16 at 0.01 T_c; the sums are good to 1e-13.
    np.testing.assert_allclose(conductance_ratio(*arguments), expected, rtol=2e-13)
    np.testing.assert_allclose(resistance_ratio(*arguments), 1.0 / expected, rtol=2e-13)


@pytest.mark.parametrize("index", [1, 10, 20, 30, 41])
def test_shipped_reference_values_can_be_made_again(index: int) -> None:
    row = ROWS[index]
    # All thirty digits that were written down.
    assert abs(EXACT(**row["arguments"]) / mp.mpf(row["value"]) - 1) < 1e-14
    with mp.workdps(35):
        assert abs(EXACT(**row["arguments"]) - mp.mpf(row["value"])) < mp.mpf(row["value"]) * mp.mpf("1e-29")


def test_closed_form_agrees_with_the_integral_on_the_whole_grid() -> None:
    reduced = np.concatenate(
        [np.geomspace(0.01, 0.2, 25), np.linspace(0.21, 0.99, 27), 1.0 - np.geomspace(1e-3, 1e-15, 13)]
    )
    temperature = CRITICAL * reduced[:, None]
    for gap in (interpolated_gap(temperature, CRITICAL), bcs_gap(temperature, CRITICAL)):
        broadening = DYNES * ZERO_GAP
        # The two routes are good to 1e-13 each.
        np.testing.assert_allclose(
            resistance_ratio(temperature, gap, broadening),
            resistance_ratio_integral(temperature, gap, broadening),
            rtol=3e-13,
        )


def test_gap_and_temperature_are_free_of_each_other() -> None:
    x, w = np.meshgrid(np.geomspace(1e-7, 600.0, 60), np.concatenate([[0.0], np.geomspace(1e-14, 1e4, 12)]))
    thermal = BOLTZMANN * 0.1
    expected = resistance_ratio_integral(0.1, x * thermal, w * thermal)
    # e^x multiplies the rounding of x, up to 600 · 2e-16, and the two routes form it differently.
    np.testing.assert_allclose(resistance_ratio(0.1, x * thermal, w * thermal), expected, rtol=5e-13)


def test_without_broadening_it_is_the_sum_of_bessel_functions() -> None:
    x = np.concatenate([np.linspace(1.5, 12.0, 22), [5.5, np.nextafter(5.5, 0.0), 30.0, 176.4, 300.0]])
    temperature = 0.3
    gap = x * BOLTZMANN * temperature
    expected = []
    for delta in gap:
        exact = mp.mpf(float(delta)) / (mp.mpf(BOLTZMANN) * mp.mpf(temperature))
        terms = [(-1) ** (k + 1) * k * mp.besselk(1, k * exact) for k in range(1, int(45 / exact) + 3)]
        expected.append(float(2 * exact * mp.fsum(terms)))
    np.testing.assert_allclose(conductance_ratio(temperature, gap, 0.0), expected, rtol=2e-13)  # as above


@pytest.mark.parametrize(
    ("reduced", "faint", "strong"),
    [
        (0.05, 9959.94, 995.995),
        (0.10, 9810.79, 983.118),
        (0.15, 5750.57, 899.010),
        (0.20, 786.175, 444.229),
        (0.30, 52.4997, 49.6544),
        (0.50, 5.73516, 5.69871),
        (0.70, 2.18522, 2.18148),
        (0.90, 1.24006, 1.23962),
    ],
)
def test_anchors_of_the_physics_page(reduced: float, faint: float, strong: float) -> None:
    temperature = reduced * CRITICAL
    gap = interpolated_gap(temperature, CRITICAL)
    # Six digits are given: half a unit of the last.
    assert float(resistance_ratio(temperature, gap, 1e-4 * ZERO_GAP)) == pytest.approx(faint, rel=5e-6)
    assert float(resistance_ratio(temperature, gap, 1e-3 * ZERO_GAP)) == pytest.approx(strong, rel=5e-6)


def test_resistance_is_activated_without_broadening() -> None:
    for x in (1e2, 3e2, 7e2):
        activated = np.exp(x) / np.sqrt(2.0 * np.pi * x)
        # K_1 has the next term 3/8x.
        ratio = float(resistance_ratio(0.1, x * BOLTZMANN * 0.1, 0.0)) / activated
        assert ratio == pytest.approx(1.0 - 3.0 / (8.0 * x), abs=1.0 / x**2)


@pytest.mark.parametrize("dynes", [1e-250, 1e-12, 1e-4, 1e-1, 3.0])
def test_resistance_saturates_at_the_floor_of_the_broadening(dynes: float) -> None:
    gap = 1.764 * BOLTZMANN * 9.2
    for temperature in (1e-3, 1e-5):
        x = gap / (BOLTZMANN * temperature)
        floor = np.sqrt(1.0 + dynes**2) / dynes
        ratio = float(resistance_ratio(temperature, gap, dynes * gap)) / floor
        # Sommerfeld: the first correction is of relative order (π²/2)/x².
        assert ratio == pytest.approx(1.0, abs=5.0 / x**2 + 1e-14)


def test_niobium_at_ten_millikelvin_is_beyond_the_float_range_only_without_broadening() -> None:
    gap = 1.764 * BOLTZMANN * 9.2
    assert float(conductance_ratio(0.01, gap, 0.0)) == 0.0
    assert float(resistance_ratio(0.01, gap, 0.0)) == np.inf
    # e^{-705}/… is still a normal number.
    assert np.isfinite(resistance_ratio(0.01, 705.0 * BOLTZMANN * 0.01, 0.0))


def test_a_normal_junction_is_exactly_ohmic() -> None:
    temperature = np.array([1e-3, 0.1, 1.2, 300.0])
    for broadening in (0.0, 1e-4 * ZERO_GAP, ZERO_GAP):
        np.testing.assert_array_equal(resistance_ratio(temperature, 0.0, broadening), 1.0)
        np.testing.assert_array_equal(conductance_ratio(temperature, interpolated_gap(2.0, CRITICAL), broadening), 1.0)


def test_broadening_and_heat_only_help_conduction() -> None:
    def conductance(logarithms: jax.Array) -> jax.Array:
        temperature, broadening = jnp.exp(logarithms)
        return conductance_ratio(temperature, ZERO_GAP, broadening * ZERO_GAP)

    temperature, broadening = np.meshgrid(np.linspace(0.02, 3.0, 60), np.geomspace(1e-9, 1.0, 25))
    slopes = jax.jit(jax.vmap(jax.grad(conductance)))(
        np.log(np.stack([temperature.ravel(), broadening.ravel()], axis=-1))
    )
    # At T → 0 the conductance is flat: Sommerfeld's correction 3w(π²/…)/x³ is positive only while Γ < 0.8 Δ.
    assert np.all(slopes[:, 1] > 0.0)
    assert np.all(slopes[broadening.ravel() < 0.5, 0] > 0.0)


@pytest.mark.parametrize(
    ("reduced", "dynes"),
    [
        *((0.01, 1e-12), (0.01, 0.1), (0.03, 0.0), (0.06, 1e-6), (0.18, 0.0), (0.18, 1e-4), (0.4, 1e-2)),
        *((0.75, 0.0), (0.75, 0.1), (1.0 - 1e-6, 0.0), (1.0 - 1e-6, 0.1), (1.0 - 1e-12, 1e-4)),
    ],
)
def test_derivatives_agree_with_thirty_digits(reduced: float, dynes: float) -> None:
    arguments = [reduced * CRITICAL, float(interpolated_gap(reduced * CRITICAL, CRITICAL)), dynes * ZERO_GAP]
    forward, reverse = FORWARD(*arguments), REVERSE(*arguments)
    # The same partial derivatives in another order; on the floor ∂r/∂T is a difference of terms (Δ/k_BT)² times larger.
    np.testing.assert_allclose(forward, reverse, rtol=2e-11)
    conductance = EXACT(*arguments)
    thermal = BOLTZMANN * arguments[0]
    # Steps of 1e-9 of the natural scale of each: differences of 40-digit values have an error of 1e-18.
    scales = [arguments[0], thermal * min(1.0, arguments[1] / thermal), thermal]
    for index, scale in enumerate(scales):
        with mp.workdps(60):
            step = mp.mpf(scale) * mp.mpf("1e-9") / (1 + mp.mpf(arguments[1]) / mp.mpf(thermal))
            above, below = [mp.mpf(a) for a in arguments], [mp.mpf(a) for a in arguments]
            above[index] += step
            below[index] -= step
            expected = -(EXACT(*above) - EXACT(*below)) / (2 * step) / conductance**2
        # The demand on first derivatives is 1e-8; rounding and truncation of the sums leave 1e-11.
        assert float(forward[index]) == pytest.approx(float(expected), rel=1e-10)


def test_derivatives_are_finite_through_the_critical_temperature() -> None:
    gap = np.array([0.0, 1e-12, 1e-6, 1.0]) * ZERO_GAP
    slopes = jax.vmap(REVERSE, (None, 0, 0))(CRITICAL, gap, np.zeros(4))
    assert np.all(np.isfinite(slopes))


def test_derivative_has_no_seam_where_the_evaluation_changes() -> None:
    thermal = BOLTZMANN * 0.1
    gap = np.array([np.nextafter(5.5, 0.0), 5.5]) * thermal
    slope = jax.jit(jax.vmap(jax.grad(jax.grad(resistance_ratio, 1), 1), (None, 0, None)))(0.1, gap, 1e-5 * thermal)
    assert float(slope[0]) == pytest.approx(float(slope[1]), rel=1e-10)  # second derivative, errors of 1e-13 amplified


@pytest.mark.parametrize(
    ("temperature", "gap", "broadening"),
    [(0.0, 1.0, 0.0), (-0.1, 1.0, 0.0), (np.nan, 1.0, 0.0), (0.1, -1.0, 0.0), (0.1, 1.0, -1e-9), (0.1, np.nan, 0.0)],
)
def test_impossible_arguments_give_no_resistance(temperature: float, gap: float, broadening: float) -> None:
    for ratio in (conductance_ratio, resistance_ratio, resistance_ratio_integral):
        assert np.isnan(ratio(temperature, gap * ZERO_GAP, broadening * ZERO_GAP))
    assert np.isnan(resistance_ratio(-1.0, 0.0, 0.0))
    assert np.isnan(resistance_ratio(1.0, 0.0, -1.0))
