"""All steady states of one and two islands, their stability and their count."""

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.optimize import brentq

from subkelvin import Device, all_states, preset
from subkelvin.balance.network.heat_capacities import lower_heat_capacities
from subkelvin.balance.network.network import floating_flows, lower
from subkelvin.balance.steady.stability import decide, stability, stable_whatever_heat_capacities
from subkelvin.devicefile import loads

FOLDING = """
[superconductors.Al]
critical_temperature = "1.2 K"
dynes = 1e-4
gap_model = "interpolated"
electron_phonon = "0.3e9 W m^-3 K^-5"
[metals.Ag]
electron_phonon = "0.5e9 W m^-3 K^-5"
[islands.bath]
temperature = "50 mK"
"""
COPY = """
[islands.{cold}]
power = "0.1 fW"
phonons = "bath"
parts = [{{ material = "Ag", volume = "0.006 um^3" }}]
[islands.{hot}]
temperature = "500 mK"
[elements.{cold}]
kind = "nis"
nodes = ["{node}", "ground"]
island = "{cold}"
superconductor = "Al"
junctions = 2
area = "1 um^2"
specific_resistance = "10 ohm um^2"
specific_capacitance = "50 fF/um^2"
[elements.{hot}]
kind = "nis"
nodes = ["{node}", "ground"]
island = "{hot}"
superconductor = "Al"
junctions = 2
area = "1 um^2"
specific_resistance = "10 ohm um^2"
specific_capacitance = "50 fF/um^2"
"""
POWERS = (1e-16, 1.8e-16)


def one_copy(power: float) -> Device:
    text = FOLDING + COPY.format(cold="left", hot="right", node="a")
    return loads(text).replace({"islands.left.power": power})


def two_copies() -> Device:
    text = FOLDING + COPY.format(cold="left", hot="right", node="a") + COPY.format(cold="cold", hot="hot", node="b")
    return loads(text).replace({"islands.left.power": POWERS[0], "islands.cold.power": POWERS[1]})


def test_two_bistable_islands_have_the_product_of_their_states() -> None:
    first, second = (all_states(one_copy(power)).states for power in POWERS)
    together = all_states(two_copies())
    assert len(first) == len(second) == 3
    assert len(together.states) == 9
    assert together.complete
    expected = [(a, b) for a in first for b in second]
    for state, (left, cold) in zip(together.states, expected, strict=True):
        # The copies share nothing but the bath; the circuit of both is computed by another formula than that of one.
        assert state.temperatures["left"] == pytest.approx(left.temperatures["left"], rel=1e-9)
        assert state.temperatures["cold"] == pytest.approx(cold.temperatures["left"], rel=1e-9)
        assert state.stable is (left.stable and cold.stable)


def test_a_box_keeps_what_is_in_it() -> None:
    device = one_copy(POWERS[0])
    states = all_states(device).states
    inside = all_states(device, lowest=0.2, highest={"left": 0.3})
    assert inside.states == (states[1],)
    assert inside.complete is None
    with pytest.raises(ValueError, match="must be below `highest`"):
        all_states(device, lowest=0.4, highest=0.3)


@pytest.mark.parametrize("device", [one_copy(POWERS[0]), two_copies()], ids=["one island", "two islands"])
def test_what_a_box_holds_above_the_critical_temperature_is_told_not_to_be_searched(device: Device) -> None:
    within = all_states(device)
    assert within.not_searched == ()
    beyond = all_states(device, highest={"left": 5.0})
    assert beyond.not_searched == ("left",)
    assert beyond.complete is None
    assert len(beyond.states) == len(within.states)
    assert "`left` no state is searched above" in beyond.advice()


def test_more_islands_than_can_be_searched_are_refused() -> None:
    text = FOLDING + "".join(
        f'[islands.i{k}]\nphonons = "bath"\nparts = [{{ material = "Ag", volume = "0.006 um^3" }}]\n' for k in range(5)
    )
    with pytest.raises(ValueError, match="one to 4 floating ones"):
        all_states(loads(text))


def test_the_relaxation_time_is_capacity_over_thermal_conductance() -> None:
    device = preset("silver-setup-1")
    temperature = all_states(device).states[0].temperatures["left"]
    found = stability(device, {"left": temperature})
    network = lower(device)

    def outflow(t: float) -> float:
        watts = np.asarray(floating_flows(network, jnp.array([t]))[0])
        return float(network.incidence[0, : watts.size] @ watts)

    step = 1e-4 * temperature
    conductance = (outflow(temperature + step) - outflow(temperature - step)) / (2.0 * step)
    capacity = float(lower_heat_capacities(device).at(jnp.array([temperature]))[0])
    # The central difference is good to (1e-4)² times the exponents of the heat flows squared, some 1e2.
    assert found.stable is True
    assert found.relaxation_times[0] == pytest.approx(capacity / conductance, rel=1e-6)


def test_signs_decide_what_heat_capacities_cannot_change() -> None:
    rng = np.random.default_rng(5)
    decided = 0
    for _ in range(200):
        jacobian = rng.normal(size=(3, 3)) + 1.5 * np.eye(3)
        if rng.random() < 0.5:
            jacobian = np.where(np.eye(3, dtype=bool), jacobian, -np.abs(jacobian))
        verdict = stable_whatever_heat_capacities(jacobian)
        if verdict is None:
            continue
        decided += 1
        for capacity in 10.0 ** rng.uniform(-3.0, 3.0, (10, 3)):
            assert bool(np.all(np.linalg.eigvals(-jacobian / capacity[:, None]).real < 0.0)) is verdict
    assert decided > 100


def test_what_depends_on_heat_capacities_names_the_missing_key() -> None:
    # Stable for equal capacities (trace 1, determinant 3), unstable if the first island is by far the smaller one.
    jacobian = np.array([[-1.0, 2.5], [-2.0, 2.0]])
    assert decide(jacobian, np.ones(2)).stable is True
    assert decide(jacobian, np.array([0.1, 1.0])).stable is False
    unknown = decide(jacobian, np.array([np.nan, 1.0]), ("metals.Ag.sommerfeld",))
    assert unknown.stable is None
    assert "metals.Ag.sommerfeld" in unknown.reason


def test_states_balance_where_brute_force_finds_them() -> None:
    device = one_copy(POWERS[0])
    network = lower(device)

    def imbalance(t: float) -> float:
        watts = np.asarray(floating_flows(network, jnp.array([t]))[0])
        return 1e15 * float(network.incidence[0, : watts.size] @ watts - network.load[0])

    grid = np.linspace(0.0501, 1.19, 400)
    signs = np.sign([imbalance(t) for t in grid])
    roots = [
        brentq(imbalance, grid[k], grid[k + 1], xtol=1e-15, rtol=1e-14) for k in np.flatnonzero(np.diff(signs) != 0.0)
    ]
    # Both end within the last bits of a root whose condition is about one.
    np.testing.assert_allclose(all_states(device).temperatures["left"], roots, rtol=1e-12)
