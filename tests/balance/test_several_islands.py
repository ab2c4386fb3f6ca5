"""Steady states of networks of 2 to 100 floating islands: balance, conservation, and independent ways to the same state."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import solve_ivp

from subkelvin import Device, DeviceError, Status, steady_state
from subkelvin.balance.network.network import heat_flows, lower
from subkelvin.devicefile import loads
from subkelvin.numerics.pseudo_transient import heated_state

CORRECTION = 1e-11
"""Largest change of ln T that would remove the imbalance. Temperatures hold 16 digits; in a network of 100 islands a few of them
are spent, because its slowest mode weighs 1e-3 of the fastest or less."""


def random_network(count: int, seed: int, lowest_power: float = 1e-19, highest_power: float = 1e-13) -> Device:
    """Islands coupled to the bath or to each other by electrons and phonons, most with a resistor on one common node."""
    rng = np.random.default_rng(seed)
    lines = [
        '[metals.Ag]\nelectron_phonon = "0.5e9 W m^-3 K^-5"\nsommerfeld = "63 J m^-3 K^-2"',
        '[superconductors.Al]\ncritical_temperature = "1.2 K"\ndynes = 1e-4\nelectron_phonon = "0.3e9 W m^-3 K^-5"',
        f'[islands.bath]\ntemperature = "{10.0 ** rng.uniform(-2.0, -0.7)} K"',
    ]
    for k in range(count):
        phonons = "bath" if k == 0 or rng.random() < 0.4 else f"i{rng.integers(0, k)}"
        volume = 10.0 ** rng.uniform(-22.0, -17.0)
        power = 10.0 ** rng.uniform(np.log10(lowest_power), np.log10(highest_power))
        parts = f'{{ material = "Ag", volume = "{volume} m^3" }}'
        # The first island always has a superconducting part, so that one structure compiles like the next.
        if k == 0 or rng.random() < 0.2:
            parts += f', {{ material = "Al", volume = "{volume} m^3" }}'
        lines.append(f'[islands.i{k}]\npower = "{power} W"\nphonons = "{phonons}"\nparts = [{parts}]')
    for k in range(count):
        if k == 0 or rng.random() < 0.6:
            resistance = 10.0 ** rng.uniform(1.0, 4.0)
            lines.append(
                f'[elements.r{k}]\nkind = "resistor"\nnodes = ["n", "ground"]\nisland = "i{k}"\n'
                f'resistance = "{resistance} ohm"'
            )
    lines.append('[elements.bath]\nkind = "resistor"\nnodes = ["n", "ground"]\nisland = "bath"\nresistance = "100 ohm"')
    lines.append('[elements.stray]\nkind = "capacitor"\nnodes = ["n", "ground"]\ncapacitance = "10 fF"')
    return loads("\n".join(lines))


@pytest.mark.parametrize(("count", "seed"), [(2, 0), (6, 1), (100, 3)])
def test_every_island_balances_and_energy_is_conserved(count: int, seed: int) -> None:
    device = random_network(count, seed)
    network = lower(device)
    state = steady_state(device)
    assert int(state.status) == Status.CONVERGED
    order = [island.name for island in device.structure.ordered_islands]
    temperatures = np.array([float(state.temperatures[name]) for name in order])
    # Nothing that is heated, or left alone, is colder than the only cold place there is.
    assert np.all(temperatures[:count] >= temperatures[-1] * (1.0 - 1e-12))
    flows = jax.jit(heat_flows)

    def imbalance(logarithm: np.ndarray) -> np.ndarray:
        watts = flows(network, np.append(np.exp(logarithm), temperatures[count:]))[0]
        return (network.incidence @ np.asarray(watts))[:count] - network.power

    # The step that Newton's method would still take, with a Jacobian from central differences, good to 1e-6 or better.
    at, step = np.log(temperatures[:count]), 1e-5
    jacobian = np.column_stack([(imbalance(at + d) - imbalance(at - d)) / (2.0 * step) for d in step * np.eye(count)])
    scale = np.max(np.abs(jacobian), axis=1)
    assert np.max(np.abs(np.linalg.solve(jacobian / scale[:, None], imbalance(at) / scale))) < CORRECTION
    # All the heater power arrives in the bath.
    assert float(state.holding_power("bath")) == pytest.approx(-np.sum(network.power), rel=1e-9)


def test_the_state_is_the_end_of_an_evolution_from_the_bath() -> None:
    # C dT/dt = load − outflow with C = γVT of silver alone, by SciPy's integrator for stiff equations.
    device = random_network(2, 0)
    network = lower(device)
    bath = float(network.held_temperatures[0])
    flows = jax.jit(heat_flows)
    volumes = np.array([device.values[f"islands.i{k}.parts.0.volume"] for k in range(2)])

    def rate(_: float, logarithm: np.ndarray) -> np.ndarray:
        temperature = np.append(np.exp(logarithm), bath)
        outflow = (network.incidence @ np.asarray(flows(network, temperature)[0]))[:2]
        return (network.power - outflow) / (63.0 * volumes * temperature[:2] ** 2)

    end = solve_ivp(rate, (0.0, 1e4), np.full(2, np.log(bath)), method="BDF", rtol=1e-9, atol=1e-11)
    state = steady_state(device)
    # The last steps of the integrator leave the temperatures wrong by about its tolerance.
    np.testing.assert_allclose([state.temperatures[f"i{k}"] for k in range(2)], np.exp(end.y[:, -1]), rtol=1e-7)


@pytest.mark.parametrize("load", [0.0055, 0.006, 0.00651, 0.006666, 0.1])
def test_heating_ends_in_the_lowest_of_several_stable_states(load: float) -> None:
    # G(T) rises to 0.02/3 at T = 0.2, falls until 0.4, and rises again; the second island carries a third of the first's heat.
    def imbalance(temperatures: jax.Array) -> tuple[jax.Array, jax.Array]:
        t, u = temperatures
        outflow = t**3 / 3.0 - 0.3 * t**2 + 0.08 * t
        link = 10.0 * (t - u)
        return (
            jnp.stack([outflow + link - load, u**5 - link - 1e-12]),
            jnp.stack([jnp.abs(outflow) + jnp.abs(link) + load, u**5 + jnp.abs(link) + 1e-12]),
        )

    found = heated_state(imbalance, jnp.full(2, 0.01), jnp.full(2, 1e-5), jnp.full(2, 10.0))
    assert bool(found.settled)
    # The link makes both temperatures nearly one: t solves G(t) + u⁵ = load with u = t − u⁵/10; brute force on a grid.
    grid = np.linspace(0.01, 1.0, 200_001)
    total = grid + grid**5 / 10.0 - 1e-13
    excess = total**3 / 3.0 - 0.3 * total**2 + 0.08 * total + grid**5 - load
    lowest = grid[np.argmax(excess >= 0.0)]
    assert float(found.temperatures[1]) == pytest.approx(lowest, abs=6e-6)


def test_the_only_state_is_reached_from_any_start() -> None:
    device = random_network(6, 1)
    cold = steady_state(device)
    for start in ({"i0": 1.1, "i3": 0.9}, {f"i{k}": 1.0 for k in range(6)}, {"i5": 0.011}):
        other = steady_state(device, start=start)
        assert int(other.status) == Status.CONVERGED
        for k in range(6):
            assert float(other.temperatures[f"i{k}"]) == pytest.approx(float(cold.temperatures[f"i{k}"]), rel=1e-11)


def test_too_much_power_is_named_and_gives_no_temperature() -> None:
    device = random_network(6, 1).replace({"islands.i0.power": 1e-7})
    state = steady_state(device)
    assert int(state.status) == Status.ABOVE_CRITICAL_TEMPERATURE
    assert np.isnan(float(state.temperatures["i0"]))


def test_a_start_must_name_floating_islands() -> None:
    with pytest.raises(DeviceError, match=r"islands\.bath.*not a floating island"):
        steady_state(random_network(2, 0), start={"bath": 0.1})


def test_the_state_answers_to_power_as_a_difference_does() -> None:
    device = random_network(2, 0)
    power = device.values["islands.i0.power"]

    def temperature(p: jax.Array) -> jax.Array:
        return steady_state(device.replace({"islands.i0.power": p})).temperatures["i0"]

    step = 1e-4 * power
    difference = (float(temperature(power + step)) - float(temperature(power - step))) / (2.0 * step)
    # Central difference: 1e-8 of a third derivative of order one, and 1e-12/1e-4 of rounding.
    assert float(jax.grad(temperature)(power)) == pytest.approx(difference, rel=1e-6)
