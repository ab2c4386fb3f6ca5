"""Kinds of links of one's own: records that travel with the device, with two ends or more."""

import doctest
import itertools
import pickle
from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.optimize import brentq

from subkelvin import Device, DeviceError, all_states, fluctuations, link_kind, report, steady_state
from subkelvin.balance.network.network import lower
from subkelvin.constants import BOLTZMANN, PLANCK
from subkelvin.devicefile import dump, loads
from subkelvin.heat.links import LINK_KINDS, Way, define
from subkelvin.model import ArgumentError
from subkelvin.model.link_kind import OUTSIDE
from subkelvin.model.vocabulary import Field
from subkelvin.plots.circuit.schematic import draw_circuit

CONDUCTANCE = Field("W/K", 1e-18, 1e-3, "heat per kelvin", "thermal conductance", '"1 pW/K"')
TWO = """
[superconductors.Al]
critical_temperature = "1.2 K"
dynes = 1e-4
electron_phonon = "0.3e9 W m^-3 K^-5"
[islands.bath]
temperature = "50 mK"
[islands.sample]
power = "20 fW"
[links.strap]
kind = "strap"
from = "sample"
to = "bath"
conductance = "1 pW/K"
"""


def linear(first: jax.Array, second: jax.Array, values: Mapping[str, Any]) -> jax.Array:
    """Heat proportional to the difference."""
    return values["conductance"] * (first - second)


STRAP = link_kind("strap", numbers={"conductance": CONDUCTANCE}, heat=linear)


def compiled_for(lowered: Any) -> Any:
    """What has to be equal for two to share compiled code, besides the shapes of arrays."""
    return jax.tree.structure(lowered)


def test_the_documented_example_of_a_kind_of_ones_own_runs() -> None:
    result = doctest.testmod(define)
    assert result.attempted >= 5
    assert result.failed == 0


def test_every_file_of_the_folder_is_a_kind_and_every_kind_can_be_pickled() -> None:
    assert set(LINK_KINDS) == {
        "nis-tunnel",
        "sis-tunnel",
        "normal-wire",
        "superconducting-wire",
        "kapitza",
        "power-law",
    }
    for kind in LINK_KINDS.values():
        copy = pickle.loads(pickle.dumps(kind))
        assert copy == kind
        assert hash(copy) == hash(kind)
    with pytest.raises(TypeError):
        LINK_KINDS["new"] = STRAP  # type: ignore[index]


def test_two_laws_of_one_name_are_two_kinds() -> None:
    double = link_kind(
        "strap", numbers={"conductance": CONDUCTANCE}, heat=lambda a, b, v: 2.0 * v["conductance"] * (a - b)
    )
    devices = [loads(TWO, kinds=[kind]) for kind in (STRAP, double)]
    # 20 fW through 1 pW/K above 50 mK, and through twice as much.
    for device, expected in zip(devices, (0.07, 0.06), strict=True):
        assert steady_state(device).temperatures["sample"] == pytest.approx(expected, rel=1e-12)
    assert devices[0].structure != devices[1].structure
    assert compiled_for(lower(devices[0])) != compiled_for(lower(devices[1]))


def test_a_kind_goes_with_the_device_and_shares_its_compiled_code() -> None:
    device = loads(TWO, kinds=[STRAP])
    copy = pickle.loads(pickle.dumps(device))
    assert copy.structure == device.structure
    assert hash(copy.structure) == hash(device.structure)
    assert compiled_for(lower(copy)) == compiled_for(lower(device))
    assert hash(compiled_for(lower(copy))) == hash(compiled_for(lower(device)))
    again = link_kind("strap", numbers={"conductance": CONDUCTANCE}, heat=linear)
    assert again == STRAP
    assert loads(dump(device), kinds=[again]).structure == device.structure
    # Nothing stays behind: the package does not know the kind afterwards.
    with pytest.raises(DeviceError, match=r"`links\.strap\.kind` must be one of kapitza"):
        loads(TWO)


def test_a_kind_of_ones_own_can_have_a_superconductor_and_do_work() -> None:
    pump = link_kind(
        "strap",
        numbers={"conductance": CONDUCTANCE},
        heat=lambda a, b, v: (v["conductance"] * (a - b), v["conductance"] * v["metal"].gap(a) / BOLTZMANN),
        superconductors={"metal": "from"},
        ways=(Way(), Way("pump", OUTSIDE, "to")),
    )
    device = loads(TWO + 'metal = "Al"\n', kinds=[pump])
    state = steady_state(device)
    assert state.temperatures["sample"] == pytest.approx(0.07, rel=1e-12)
    assert lower(device).ceiling[0] == 1.2
    # 1.7639 k_BT_c at 70 mK.
    assert state.heat(None, "bath", "pump") == pytest.approx(1e-12 * 1.763877 * 1.2, rel=1e-6)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"name": "a b"}, "must be letters"),
        ({"numbers": {"from": CONDUCTANCE}}, "names of your own"),
        ({"numbers": {"element": CONDUCTANCE}}, "names of your own"),
        ({"numbers": {"a b": CONDUCTANCE}}, "names of your own"),
        ({"ways": (Way("", "here", "to"),)}, "must lead from one of the ends"),
        ({"ways": (Way("", "to", "to"),)}, "must lead from one of the ends"),
        ({"ends": ("from",)}, "must be at least two"),
        ({"superconductors": {"metal": "room"}}, "superconductors"),
    ],
)
def test_an_impossible_kind_is_refused(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        link_kind(**{"name": "x", "numbers": {}, "heat": linear, **arguments})


def test_a_name_that_is_taken_is_refused() -> None:
    with pytest.raises(ArgumentError, match="'kapitza', which is the name of another kind"):
        loads(TWO, kinds=[link_kind("kapitza", numbers={}, heat=linear)])


def noise_of_strap(first: jax.Array, second: jax.Array, values: Mapping[str, Any]) -> jax.Array:
    """S = 2k_B G (T_1² + T_2²), what leaves one end arriving at the other."""
    one = 2.0 * BOLTZMANN * values["conductance"] * (first**2 + second**2)
    return jnp.stack([jnp.stack([one, -one]), jnp.stack([-one, one])])


def test_the_noise_in_the_record_is_the_noise_of_the_link() -> None:
    island = TWO + '[metals.Ag]\nelectron_phonon = "0.5e9 W m^-3 K^-5"\nsommerfeld = "63 J m^-3 K^-2"\n'
    island = island.replace(
        'power = "20 fW"', 'power = "20 fW"\nphonons = "none"\nparts = [{material = "Ag", volume = "0.1 um^3"}]'
    )
    known = link_kind("strap", numbers={"conductance": CONDUCTANCE}, heat=linear, noise=noise_of_strap)
    estimated, given = (fluctuations(loads(island, kinds=[kind])) for kind in (STRAP, known))
    assert given.missing == ()
    # Independent emission of both sides is what a passive link has by default: rounding.
    np.testing.assert_allclose(given.power_noise, estimated.power_noise, rtol=1e-12)
    assert [path.through for path in estimated.estimated] == [("links.strap",)]
    assert given.estimated == ()


# A machine of three terminals: quanta of hot and cold merge into one of the room, and the reverse.


def absorption(hot: jax.Array, room: jax.Array, cold: jax.Array, values: Mapping[str, Any]) -> tuple[Any, Any]:
    """Heat from hot and from cold to the room, with J = Γ [n_h n_c (1 + n_r) − (1 + n_h)(1 + n_c) n_r]."""
    quanta = [PLANCK * values["hot_frequency"], PLANCK * values["cold_frequency"]]
    n_hot, n_cold, n_room = (
        1.0 / jnp.expm1(energy / (BOLTZMANN * temperature))
        for energy, temperature in zip((*quanta, quanta[0] + quanta[1]), (hot, cold, room), strict=True)
    )
    rate = values["rate"] * (n_hot * n_cold * (1.0 + n_room) - (1.0 + n_hot) * (1.0 + n_cold) * n_room)
    return quanta[0] * rate, quanta[1] * rate


FREQUENCY = Field("Hz", 1e6, 1e14, "frequency of its quanta", "frequency", '"5 GHz"')
REFRIGERATOR = link_kind(
    "absorption-refrigerator",
    numbers={
        "rate": Field("Hz", 1.0, 1e15, "attempts per second", "rate", '"1 GHz"'),
        "hot_frequency": FREQUENCY,
        "cold_frequency": FREQUENCY,
    },
    heat=absorption,
    ends=("hot", "room", "cold"),
    ways=(Way("", "hot", "room"), Way("", "cold", "room")),
)
MACHINE = """
islands.engine.temperature = "400 mK"
islands.bath.temperature = "100 mK"
islands.sample.power = "0.1 fW"
[links.machine]
kind = "absorption-refrigerator"
hot = "engine"
room = "bath"
cold = "sample"
rate = "1 GHz"
hot_frequency = "8 GHz"
cold_frequency = "1.5 GHz"
[links.leak]
kind = "power-law"
from = "bath"
to = "sample"
coefficient = "2e-12 W K^-4"
"""


def quanta_per_second(hot: float, room: float, cold: float, rate: float, f_hot: float, f_cold: float) -> float:
    """J in plain numbers, by exponentials only."""

    def n(frequency: float, temperature: float) -> float:
        x = PLANCK * frequency / (BOLTZMANN * temperature)
        return float(np.exp(-x) / (1.0 - np.exp(-x)))

    h, r, c = n(f_hot, hot), n(f_hot + f_cold, room), n(f_cold, cold)
    return rate * (h * c * (1.0 + r) - (1.0 + h) * (1.0 + c) * r)


def cold_temperature(hot: float, rate: float = 1e9) -> float:
    """Where the sample settles, by bisection."""

    def imbalance(cold: float) -> float:
        leaving = PLANCK * 1.5e9 * quanta_per_second(hot, 0.1, cold, rate, 8e9, 1.5e9)
        return 1e-16 + 2e-12 * (0.1**4 - cold**4) - leaving

    return float(brentq(imbalance, 0.01, 0.2, xtol=1e-17, rtol=1e-15))


@pytest.fixture(scope="module")
def machine() -> Device:
    return loads(MACHINE, kinds=[REFRIGERATOR])


def test_the_ways_of_a_machine_conserve_energy_and_produce_entropy() -> None:
    values = {"rate": 1e9, "hot_frequency": 8e9, "cold_frequency": 1.5e9}
    states = np.array(list(itertools.product([0.05, 0.1, 0.2, 0.4], repeat=3))).T
    flows = np.asarray(jnp.stack(REFRIGERATOR.flows(tuple(map(jnp.asarray, states)), values)))
    arriving = dict.fromkeys(REFRIGERATOR.ends, np.zeros(states.shape[1]))
    for way, watts in zip(REFRIGERATOR.ways, flows, strict=True):
        arriving[way.source] = arriving[way.source] - watts
        arriving[way.target] = arriving[way.target] + watts
    # First law: what leaves one end arrives at another; rounding.
    np.testing.assert_allclose(sum(arriving.values()), 0.0, atol=1e-14 * np.abs(flows).max())
    entropy = sum(arriving[end] / temperature for end, temperature in zip(REFRIGERATOR.ends, states, strict=True))
    scale = np.abs(flows).sum(axis=0) / states.min(axis=0)
    # Second law; at equal temperatures nothing flows, and the difference of the two products is rounding.
    assert (entropy >= -1e-12 * scale.max()).all()
    assert (entropy > 0.0).sum() > 50
    equal = (states == states[0]).all(axis=0)
    assert (np.abs(flows[:, equal]) < 1e-13 * np.abs(flows).max()).all()


def test_a_machine_cools_its_cold_island_as_an_independent_balance_says(machine: Device) -> None:
    state = steady_state(machine)
    cold = float(state.temperatures["sample"])
    # The solver balances to rounding.
    assert cold == pytest.approx(cold_temperature(0.4), rel=1e-9)
    assert cold < 0.1
    quanta = quanta_per_second(0.4, 0.1, cold, 1e9, 8e9, 1.5e9)
    assert float(state.heat("engine", "bath")) == pytest.approx(PLANCK * 8e9 * quanta, rel=1e-8)
    assert float(state.heat("sample", "bath", "absorption-refrigerator")) == pytest.approx(
        PLANCK * 1.5e9 * quanta, rel=1e-8
    )
    # What the engine loses and the heater gives, the bath gets.
    powers = float(state.holding_power("engine")) + float(state.holding_power("bath")) + 1e-16
    assert abs(powers) <= 1e-12 * abs(float(state.holding_power("engine")))
    coldest = all_states(machine, lowest=0.03, highest=0.3)
    assert len(coldest.states) == 1


def test_the_derivative_of_a_machine_is_that_of_the_independent_balance(machine: Device) -> None:
    def cold(hot: Any) -> Any:
        return steady_state(machine.replace({"islands.engine.temperature": hot})).temperatures["sample"]

    step = 1e-4
    expected = (cold_temperature(0.4 + step) - cold_temperature(0.4 - step)) / (2.0 * step)
    # The central difference is wrong by (1e-4/0.4)² times a number of order one.
    assert float(jax.grad(cold)(0.4)) == pytest.approx(expected, rel=1e-6)
    assert expected < 0.0


def test_a_machine_is_reported_drawn_written_and_pickled(machine: Device) -> None:
    assert pickle.loads(pickle.dumps(machine)).structure == machine.structure
    assert loads(dump(machine), kinds=[REFRIGERATOR]).structure == machine.structure
    entries = [e for e in report(machine).to_dict()["heat"] if e["through"] == ["links.machine"]]
    assert [(e["from"], e["to"]) for e in entries] == [("engine", "bath"), ("sample", "bath")]
    axes = draw_circuit(machine, state=steady_state(machine))
    axes.figure.canvas.draw()
    drawn = {str(patch.get_gid()) for patch in axes.patches}
    assert {f"absorption-refrigerator {source} -> bath" for source in ("engine", "sample")} <= drawn


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (('cold = "sample"\n', ""), r"`links\.machine\.cold` is missing: it names the island at this end of the link"),
        (('cold = "sample"', 'cold = "bath"'), r"`links\.machine\.cold` is 'bath', as `room` is: no heat flows"),
        (
            ('cold = "sample"', 'cold = "sampel"'),
            r"`links\.machine\.cold` is 'sampel', which is not an island; did you",
        ),
        (('cold = "sample"', 'to = "sample"'), r"`links\.machine\.to` is not a key of a absorption-refrigerator"),
        (('rate = "1 GHz"\n', ""), r"`links\.machine\.rate` is missing: a rate is required"),
    ],
)
def test_a_mistake_in_a_machine_is_told_in_a_sentence(change: tuple[str, str], sentence: str) -> None:
    with pytest.raises(DeviceError, match=sentence):
        loads(MACHINE.replace(*change), kinds=[REFRIGERATOR])


def test_a_machine_between_two_floating_islands_and_a_held_one_is_balanced() -> None:
    text = MACHINE.replace('islands.engine.temperature = "400 mK"', 'islands.engine.power = "0.3 fW"')
    state = steady_state(loads(text, kinds=[REFRIGERATOR]))
    # The engine's only way out fixes the quanta per second, and they fix the rest.
    quanta = 3e-16 / (PLANCK * 8e9)
    cold = ((1e-16 - PLANCK * 1.5e9 * quanta) / 2e-12 + 0.1**4) ** 0.25
    hot = brentq(lambda hot: quanta_per_second(hot, 0.1, cold, 1e9, 8e9, 1.5e9) - quanta, 0.05, 5.0, xtol=1e-15)
    # The solver balances to rounding.
    assert float(state.temperatures["sample"]) == pytest.approx(cold, rel=1e-9)
    assert float(state.temperatures["engine"]) == pytest.approx(hot, rel=1e-9)
