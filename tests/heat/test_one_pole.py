"""The closed form of the heat current against 60-digit arithmetic, laws and limits."""

import functools
import importlib.resources
import itertools
import json

import jax
import jax.numpy as jnp
import mpmath as mp
import numpy as np
from tables.reference_heat_current import digamma_remainder, heat_current, reference, rows, squared_temperature

from subkelvin.constants import BOLTZMANN, HEAT_QUANTUM, THERMAL_FREQUENCY
from subkelvin.heat.one_pole import LARGEST_RATIONAL_WIDTH, one_pole_heat_current

TEMPERATURES = [0.0, 1e-3, 0.0137, 0.1, 0.5, 3.3, 100.0]
TIME_CONSTANTS = [0.0, 1e-20, *(1.0 / cutoff for cutoff in np.logspace(6.0, 18.0, 13)), 1e-3, 1e3]
NEIGHBOURS = [(t, float(np.nextafter(t, np.inf))) for t in TEMPERATURES[1:]]
NEAR = [(t * (1.0 + step), t) for t in TEMPERATURES[1:] for step in (1e-13, 1e-9, 1e-5, 1e-2)]
PAIRS = [*itertools.permutations(TEMPERATURES, 2), *NEIGHBOURS, *NEAR]

compiled = jax.jit(one_pole_heat_current)
derivatives = jax.jit(jax.vmap(jax.grad(one_pole_heat_current, argnums=(0, 1, 2, 3))))
passed = functools.cache(squared_temperature)


def seam_points() -> list[tuple[float, float, float]]:
    """Both sides of w = 2, where the step begins: hottest w there, the other anywhere below."""
    hot = 0.3
    inverse = 2.0 * np.pi * THERMAL_FREQUENCY * hot
    widths = LARGEST_RATIONAL_WIDTH * np.array([1.0 - 1e-3, 1.0 - 1e-12, 1.0, 1.0 + 1e-12, 1.0 + 1e-3])
    ratios = (0.0, 1e-3, 0.3, 0.9, 1.0 - 1e-9)
    return [(hot, hot * ratio, float(width / inverse)) for width in widths for ratio in ratios]


GRID = np.array([(*pair, tau) for pair in PAIRS for tau in TIME_CONSTANTS] + seam_points())


def exact_heat(temperature_1: float, temperature_2: float, time_constant: float) -> mp.mpf:
    """T_1² F_1 − T_2² F_2 [K²], which times πk_B²/ħ is P at 𝒯_0 = 1."""
    tau = mp.mpf(time_constant)
    return passed(mp.mpf(temperature_1), tau) - passed(mp.mpf(temperature_2), tau)


def cutoff_temperature(time_constant: mp.mpf) -> mp.mpf:
    """Θ = ħ/(2πk_Bτ) [K]."""
    return mp.mpf("6.62607015e-34") / (4 * mp.pi**2 * mp.mpf("1.380649e-23") * time_constant)


def remainder_slope(z: mp.mpf) -> mp.mpf:
    """f′(z), with digits to spare for its cancellation."""
    with mp.workdps(mp.mp.dps + 20 + 3 * abs(int(mp.log10(z)))):
        return 1 / z + 1 / (2 * z * z) - mp.polygamma(1, z)


@functools.cache
def temperature_slope(temperature: float, time_constant: float) -> mp.mpf:
    """d[T²F]/dT = −Θ³f′(Θ/T)/T² [K]."""
    temperature, time_constant = mp.mpf(temperature), mp.mpf(time_constant)
    if temperature == 0 or time_constant == 0:
        return temperature / 6
    scale = cutoff_temperature(time_constant)
    return -(scale**3) * remainder_slope(scale / temperature) / temperature**2


@functools.cache
def logarithmic_time_slope(temperature: float, time_constant: float) -> mp.mpf:
    """τ d[T²F]/dτ = −2Θ²f − Θ³f′/T [K²]."""
    temperature, time_constant = mp.mpf(temperature), mp.mpf(time_constant)
    if temperature == 0 or time_constant == 0:
        return mp.mpf(0)
    scale = cutoff_temperature(time_constant)
    z = scale / temperature
    return -2 * scale**2 * digamma_remainder(z) - scale**3 * remainder_slope(z) / temperature


def worst_relative_error(values: np.ndarray, exact: list) -> float:
    """Largest |value/exact − 1|; where the exact number is 0 the value has to be 0."""
    worst = mp.mpf(0)
    for value, number in zip(values, exact, strict=True):
        if number == 0:
            assert value == 0.0
        else:
            worst = max(worst, abs(mp.mpf(float(value)) / number - 1))
    return float(worst)


def random_points(count: int) -> np.ndarray:
    """Rows T_1, T_2, 𝒯_0, τ: a third far apart, a third close, a third neighbouring floats."""
    rng = np.random.default_rng(20250316)
    hot = 10.0 ** rng.uniform(-3.0, 2.0, count)
    kind = rng.integers(3, size=count)
    far, close = 10.0 ** rng.uniform(-3.0, 2.0, count), hot * (1.0 + 10.0 ** rng.uniform(-15.0, -1.0, count))
    cold = np.select([kind == 0, kind == 1], [far, close], np.nextafter(hot, np.inf))
    return np.stack([hot, cold, rng.uniform(0.0, 1.0, count), 10.0 ** rng.uniform(-18.0, -6.0, count)])


def test_heat_current_is_right_on_the_whole_grid() -> None:
    values = np.asarray(compiled(GRID[:, 0], GRID[:, 1], 1.0, GRID[:, 2]))
    with mp.workdps(60):
        unit = 2 * mp.pi**2 * mp.mpf("1.380649e-23") ** 2 / mp.mpf("6.62607015e-34")
        exact = [unit * exact_heat(*row) for row in GRID]
        # 1e-12 is promised; some twenty roundings of 1.1e-16 are made.
        assert worst_relative_error(values, exact) < 3e-15


def test_heat_current_is_right_at_random_points() -> None:
    points = random_points(300)
    values = np.asarray(compiled(*points))
    # The same roundings as on the grid.
    assert worst_relative_error(values, [heat_current(*column) for column in points.T]) < 3e-15


def test_shipped_reference_is_what_mpmath_gives() -> None:
    text = importlib.resources.files("subkelvin").joinpath("data/reference_heat_current.json").read_text("utf-8")
    shipped = json.loads(text)
    assert shipped["quantity"] == "one_pole_heat_current"
    assert [row["arguments"] for row in shipped["rows"]] == rows()
    assert shipped == reference()
    values = [compiled(**row["arguments"]) for row in shipped["rows"]]
    # The same roundings as on the grid.
    assert worst_relative_error(np.array(values), [mp.mpf(row["value"]) for row in shipped["rows"]]) < 3e-15


def test_no_heat_flows_between_equal_temperatures() -> None:
    temperature, tau = np.meshgrid(np.append(TEMPERATURES, 10.0 ** np.linspace(-3.0, 2.0, 100)), TIME_CONSTANTS)
    assert not np.any(compiled(temperature, temperature, 0.7, tau))


def test_exchange_of_the_reservoirs_reverses_every_bit() -> None:
    first, second, static, tau = random_points(20000)
    np.testing.assert_array_equal(compiled(first, second, static, tau), -compiled(second, first, static, tau))


def test_heat_flows_from_hot_to_cold() -> None:
    first, second, static, tau = random_points(20000)
    np.testing.assert_array_equal(np.sign(compiled(first, second, static, tau)), np.sign(first - second))


def test_frequency_independent_transmission_gives_the_quantum_of_heat() -> None:
    first, second, static, _ = random_points(20000)
    expected = HEAT_QUANTUM * static * ((first - second) * (first + second))
    # The same product in another order: four roundings.
    np.testing.assert_allclose(compiled(first, second, static, 0.0), expected, rtol=5e-16)


def test_low_cut_off_gives_the_classical_exchange() -> None:
    first, second, static, _ = random_points(3000)
    tau = 1e-3
    # Equipartition: k_B(T_1 − T_2)𝒯_0/4τ; the next term is 2 ln(w)/w smaller, w ≥ 8e5 at 1 mK.
    expected = BOLTZMANN * (first - second) * static / (4.0 * tau)
    np.testing.assert_allclose(compiled(first, second, static, tau), expected, rtol=1e-4)


def test_a_lower_cut_off_always_carries_less_heat() -> None:
    tau = np.logspace(-20.0, 3.0, 4001)
    for hot, cold in ((0.5, 0.05), (100.0, 1e-3), (0.3, np.nextafter(0.3, 0.0))):
        heat = np.asarray(compiled(hot, cold, 1.0, tau))
        # Flat to rounding while the cut-off is far above thermal; strictly falling from there.
        assert np.all(np.diff(heat) <= 4e-16 * heat[0])
        assert np.all(np.diff(heat[2.0 * np.pi * THERMAL_FREQUENCY * hot * tau > 1e-2]) < 0.0)


def test_derivatives_by_the_temperatures_are_right_on_the_whole_grid() -> None:
    equal = [(t, t, tau) for t in TEMPERATURES for tau in TIME_CONSTANTS]
    grid = np.concatenate([GRID, equal])
    by_first, by_second, _, _ = (
        np.asarray(d) for d in derivatives(grid[:, 0], grid[:, 1], np.ones(len(grid)), grid[:, 2])
    )
    with mp.workdps(60):
        unit = 2 * mp.pi**2 * mp.mpf("1.380649e-23") ** 2 / mp.mpf("6.62607015e-34")
        # Fifteen positive terms and their squares: some twenty roundings. (Nothing of the other temperature enters.)
        assert worst_relative_error(by_first, [unit * temperature_slope(t, tau) for t, _, tau in grid]) < 3e-15
        assert worst_relative_error(by_second, [-unit * temperature_slope(t, tau) for _, t, tau in grid]) < 3e-15


def test_derivatives_by_transmission_and_time_constant_are_right_on_the_whole_grid() -> None:
    equal = [(t, t, tau) for t in TEMPERATURES for tau in TIME_CONSTANTS]
    grid = np.concatenate([GRID, equal])
    static = np.full(len(grid), 0.75)
    _, _, by_static, by_time = (np.asarray(d) for d in derivatives(grid[:, 0], grid[:, 1], static, grid[:, 2]))
    with mp.workdps(80):
        unit = 2 * mp.pi**2 * mp.mpf("1.380649e-23") ** 2 / mp.mpf("6.62607015e-34")
        assert worst_relative_error(by_static, [unit * exact_heat(*row) for row in grid]) < 3e-15
        slopes = [
            mp.mpf(0) if tau == 0 else mp.mpf("0.75") * unit / mp.mpf(tau)
            * (logarithmic_time_slope(t_1, tau) - logarithmic_time_slope(t_2, tau))
            for t_1, t_2, tau in grid
        ]  # fmt: skip
        # 2f + zf′ keeps a tenth of its terms where z ~ 3, and less above: the 2e-16 of the rational f′ there become
        # 1e-13.
        assert worst_relative_error(by_time, slopes) < 2e-13


def test_second_derivative_by_temperature_is_right_through_equality_and_the_seam() -> None:
    hot, taus = 0.3, np.array([1e-14, 1e-12, 3.9e-12, 4.0e-12, 4.1e-12, 1e-10, 1e-7])
    curvature = jax.jit(jax.vmap(jax.grad(jax.grad(one_pole_heat_current)), (None, None, None, 0)))
    with mp.workdps(80):
        unit = 2 * mp.pi**2 * mp.mpf("1.380649e-23") ** 2 / mp.mpf("6.62607015e-34")
        exact = []
        for tau in taus:
            scale = cutoff_temperature(mp.mpf(tau))
            z = scale / mp.mpf(hot)
            bend = -1 / z**2 - 1 / z**3 - mp.polygamma(2, z)
            exact.append(
                unit * (2 * scale**3 * remainder_slope(z) / mp.mpf(hot) ** 3 + scale**4 * bend / mp.mpf(hot) ** 4)
            )
        for cold in (0.3, 0.3 * (1.0 + 1e-12), 0.2, 0.0):
            # The second derivative of the rational form, and up to two digits lost where classical heat has no
            # curvature.
            assert worst_relative_error(curvature(hot, cold, 1.0, taus), exact) < 1e-11


def test_forward_and_reverse_derivatives_agree() -> None:
    points = random_points(500)
    forward = jax.jit(jax.vmap(jax.jacfwd(one_pole_heat_current, argnums=(0, 1, 2, 3))))(*points)
    # The same formulas, multiplied in another order.
    for ahead, back in zip(forward, derivatives(*points), strict=True):
        np.testing.assert_allclose(ahead, back, rtol=2e-15)


def test_invalid_arguments_give_nan_in_value_and_derivative() -> None:
    valid = [0.3, 0.1, 0.5, 1e-12]
    invalid = [[*valid[:i], bad, *valid[i + 1 :]] for i in range(4) for bad in (-0.1, np.nan)]
    columns = np.array(invalid).T
    assert np.all(np.isnan(compiled(*columns)))
    # Nothing plausible is left in the derivative by any argument either.
    assert np.all(np.isnan(np.array(derivatives(*columns))))


def test_arguments_broadcast() -> None:
    heat = jax.eval_shape(one_pole_heat_current, np.array([0.1, 0.2, 0.3])[:, None], 0.1, np.array([0.5, 1.0]), 0)
    assert (heat.shape, heat.dtype) == ((3, 2), jnp.float64)
    slope = jax.jacfwd(lambda tau: one_pole_heat_current(jnp.array([1, 2]), 0.1, 0.5, tau))
    assert jax.eval_shape(slope, 1e-12).shape == (2,)
