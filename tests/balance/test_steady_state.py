"""Steady states of devices: anchors, several states, statuses, and thousands of random devices by an independent check."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.by_quadrature import EXTREMUM_DIGITS, folds

from subkelvin import Device, DeviceError, Status, all_states, preset, preset_names, steady_state
from subkelvin.balance.network.network import Network, heat_flows, lower
from subkelvin.balance.steady.solve import solve
from subkelvin.devicefile import loads

SILVER = 'parts = [{ material = "Ag", volume = "0.006 um^3" }]\n'
HELD = 'temperature = "500 mK"\n'
JUNCTIONS = """
kind = "nis"
nodes = ["a", "ground"]
superconductor = "Al"
junctions = 2
specific_resistance = "10 ohm um^2"
specific_capacitance = "50 fF/um^2"
"""


def two_islands(
    left: str, right: str, areas: tuple[int, int] = (1, 1), ends: tuple[str, str] = ("left", "right")
) -> str:
    """Junctions of some areas [µm²] on some islands, in series; what the islands are, in words of a device file."""
    return f"""
[superconductors.Al]
critical_temperature = "1.2 K"
dynes = 1e-4
gap_model = "interpolated"
electron_phonon = "0.3e9 W m^-3 K^-5"
[metals.Ag]
electron_phonon = "0.5e9 W m^-3 K^-5"
[islands.bath]
temperature = "50 mK"
[islands.left]
{left}
[islands.right]
{right}
[elements.left]
area = "{areas[0]} um^2"
island = "{ends[0]}"
{JUNCTIONS}
[elements.right]
area = "{areas[1]} um^2"
island = "{ends[1]}"
{JUNCTIONS}
"""


def with_power(power: float) -> Device:
    return loads(two_islands('power = "0 W"\nphonons = "bath"\n' + SILVER, HELD)).replace({"islands.left.power": power})


@pytest.mark.parametrize("power", [1e-18, 0.1e-15, 0.18e-15])
def test_a_cold_island_beside_a_hot_one_has_three_states(power: float) -> None:
    found = all_states(with_power(power))
    assert [state.stable for state in found.states] == [True, False, True]
    assert found.complete
    cold, middle, hot = found.temperatures["left"]
    # Heated from the bath, the island ends in the coldest one, below the first fold.
    assert float(steady_state(with_power(power)).temperatures["left"]) == pytest.approx(cold, rel=1e-13)
    (first, _), (second, _) = folds()
    assert cold < first < middle < second < hot


def test_the_folds_are_where_the_outflow_turns() -> None:
    # By quadrature at 0.199 K, 0.186 fW and at 0.318 K, −2.97 fW: beyond them one state is left.
    network = lower(with_power(0.0))

    def outflow(temperature: jax.Array) -> jax.Array:
        watts, _ = heat_flows(network, network.all_temperatures(temperature[None]))
        return network.incidence[0] @ watts

    for temperature, power in folds():
        # The quadrature is asked for 1e-10; R(T) enters with its own error.
        assert float(outflow(jnp.asarray(temperature))) == pytest.approx(power, rel=1e-8)
        # Linear in the distance from the extremum, whose place is known to EXTREMUM_DIGITS; G″T²/G is about 10 there.
        slope = float(jax.grad(outflow)(jnp.asarray(temperature)))
        assert abs(slope) * temperature < 100.0 * EXTREMUM_DIGITS * abs(power)
    highest = folds()[0][1]
    assert len(all_states(with_power(highest * (1.0 + 1e-6))).states) == 1
    assert len(all_states(with_power(highest * (1.0 - 1e-6))).states) == 3


def test_statuses_say_what_is_missing() -> None:
    device = preset("silver-setup-1")
    too_much = steady_state(device.replace({"islands.left.power": 1e-9}))
    assert int(too_much.status) == Status.ABOVE_CRITICAL_TEMPERATURE
    assert np.isnan(float(too_much.temperatures["left"]))
    too_cold = steady_state(device.replace({"islands.left.power": -1e-9}))
    assert int(too_cold.status) == Status.NO_STEADY_STATE
    beyond = steady_state(device.replace({"islands.right.temperature": 1.5, "islands.bath.temperature": 1.4}))
    assert int(beyond.status) == Status.ABOVE_CRITICAL_TEMPERATURE


def test_an_island_without_a_path_is_refused() -> None:
    with pytest.raises(DeviceError, match=r"islands\.left.*no path for its heat"):
        steady_state(loads(two_islands('power = "0.1 fW"', HELD, ends=("right", "right"))))


def test_two_floating_islands_balance_both() -> None:
    device = preset("silver-setup-1")
    alone = steady_state(device)
    holding = float(alone.holding_power("right"))
    # The preset's device, its right island heated by that power in the place of being held.
    left, right = (
        f'power = "{power!r} W"\nphonons = "bath"\n'
        f'parts = [{{ material = "Ag", volume = "{silver} um^3" }}, {{ material = "Al", volume = "{aluminium} um^3" }}]'
        for power, silver, aluminium in ((100e-15, 0.006, 0.003), (holding, 0.6, 0.3))
    )
    both = steady_state(loads(two_islands(left, right, areas=(1, 2))))
    assert int(both.status) == Status.CONVERGED
    # The power that held the right island, given as heater power, brings it to that temperature.
    np.testing.assert_allclose(both.temperatures["right"], alone.temperatures["right"], rtol=1e-9)
    np.testing.assert_allclose(both.temperatures["left"], alone.temperatures["left"], rtol=1e-9)


DRAWS = 2500
SETUPS = tuple(name for name in preset_names() if "setup" in name)
"""The paper's set-ups, which have islands and elements of the same names."""


def random_networks(name: str, seed: int) -> tuple[Network, list[bool]]:
    """Lowered random devices of a preset's structure, and whether each of its arrays differs from device to device."""
    device = preset(name)
    rng = np.random.default_rng(seed)

    def between(low: float, high: float) -> np.ndarray:
        return np.exp(rng.uniform(np.log(low), np.log(high), DRAWS))

    critical = between(0.4, 9.2)
    changes = {
        "superconductors.Al.critical_temperature": critical,
        "superconductors.Al.dynes": between(1e-7, 0.1),
        "superconductors.Al.electron_phonon": between(1e8, 2e9),
        "islands.bath.temperature": np.minimum(between(0.01, 0.5), 0.9 * critical),
        "islands.left.power": between(1e-18, 1e-9),
        "islands.left.parts.0.volume": between(1e-22, 1e-18),
        "islands.left.parts.1.volume": between(1e-22, 1e-18),
        "elements.left.area": between(1e-14, 1e-10),
        "elements.right.area": between(1e-14, 1e-10),
        "elements.left.specific_resistance": between(1e-12, 1e-9),
        "elements.right.specific_resistance": between(1e-12, 1e-9),
        "elements.left.specific_capacitance": between(0.03, 0.1),
    }
    if name.endswith("1"):
        changes["islands.right.temperature"] = np.minimum(between(0.01, 1.5), 0.999 * critical)
    many = lower(device.replace(changes))
    differs = jax.tree.map(lambda one, all_: np.ndim(all_) > np.ndim(one), lower(device), many)
    return many, jax.tree.leaves(differs)


@pytest.mark.slow
@pytest.mark.parametrize("name", SETUPS)
def test_no_random_device_is_wrong_without_saying_so(name: str) -> None:
    many, flags = random_networks(name, seed=SETUPS.index(name))
    leaves, definition = jax.tree.flatten(many)
    assert len(flags) == len(leaves)

    def one(*mapped: jax.Array) -> tuple:
        rest = iter(mapped)
        network = jax.tree.unflatten(
            definition, [next(rest) if flag else leaf for flag, leaf in zip(flags, leaves, strict=True)]
        )
        solution = solve(network)
        start = jnp.min(network.held_temperatures)
        top = network.ceiling[0]
        # Brute force, sharing nothing with the search: signs of the imbalance on another grid, twice as fine.
        grid = start * jnp.exp(jnp.linspace(0.0, 1.0, 5003)[1:-1] * jnp.log(top / start))

        def excess(temperature: jax.Array) -> jax.Array:
            watts, _ = heat_flows(network, network.all_temperatures(temperature[None]))
            return network.incidence[0] @ watts - network.load[0]

        above = jax.vmap(excess)(grid) >= 0.0
        first = jnp.where(jnp.any(above), grid[jnp.argmax(above)], jnp.inf)
        temperature = solution.temperatures[0]
        near = jax.vmap(excess)(temperature * jnp.array([1.0 - 1e-9, 1.0 + 1e-9]))
        return temperature, solution.status, first, near, solution.residual, solution.tolerance, top, start

    mapped = [leaf for flag, leaf in zip(flags, leaves, strict=True) if flag]
    result = jax.jit(lambda *m: jax.lax.map(lambda x: one(*x), m, batch_size=50))(*mapped)
    temperature, status, first, near, residual, tolerance, top, start = (np.asarray(r) for r in result)
    good = status == Status.CONVERGED
    # One search in a thousand may give up, but must say so; none did when this was written.
    assert np.mean(good | (status == Status.ABOVE_CRITICAL_TEMPERATURE)) > 0.999
    assert np.mean(good) > 0.2
    assert np.all(residual[good] <= tolerance[good])
    assert np.all((near[good, 0] < 0.0) & (near[good, 1] > 0.0))
    # No grid point below the answer has an outflow above the load: it is the lowest state.
    assert np.all(first[good] >= temperature[good] * (1.0 - 1e-9))
    # And the next grid point has one, unless the outflow turns down again before it: next to a fold the brute force misses
    # the pair of states that the search finds through the extremum (the crossing at 1e-9 above proves it). That is rare.
    spacing = (top / start) ** (1.0 / 5002.0)
    missed = first[good] > temperature[good] * spacing[good] * (1.0 + 1e-9)
    assert np.sum(missed) <= 2
    hot = status == Status.ABOVE_CRITICAL_TEMPERATURE
    assert np.all(np.isinf(first[hot]))
    assert np.all(np.isnan(temperature[~good]))
