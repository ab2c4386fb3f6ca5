"""What is asked of a result, and what is refused: no plausible number for a name that does not exist."""

import copy
import pickle

import jax
import numpy as np
import pytest
from tests.hostile.calls import POWER, SMALL

from subkelvin import Device, DeviceError, Status, all_states, preset, small_signal, stability, steady_state
from subkelvin.devicefile import loads
from subkelvin.model.values import Values

BLOCKED = """
[islands.hot]
temperature = "200 mK"
[islands.bath]
temperature = "50 mK"
[islands.x]
[elements.hot]
kind = "resistor"
nodes = ["a", "ground"]
island = "hot"
resistance = "100 ohm"
[elements.bath]
kind = "resistor"
nodes = ["a", "ground"]
island = "bath"
resistance = "100 ohm"
[elements.gap]
kind = "capacitor"
nodes = ["a", "b"]
capacitance = "1e-21 F"
[elements.x]
kind = "resistor"
nodes = ["b", "ground"]
island = "x"
resistance = "1e-6 ohm"
[elements.y]
kind = "resistor"
nodes = ["c", "ground"]
island = "x"
resistance = "100 ohm"
[elements.z]
kind = "resistor"
nodes = ["c", "ground"]
island = "bath"
resistance = "100 ohm"
"""
"""The heat from hot to x goes through a capacitance of a zeptofarad: 1e-23 of what goes from hot to bath."""

FROZEN = """
[superconductors.Al]
critical_temperature = "1.2 K"
dynes = 1e-4
electron_phonon = "0.3e9 W m^-3 K^-5"
[islands.bath]
temperature = "1 mK"
[islands.a]
phonons = "bath"
parts = [{ material = "Al", volume = "0.003 um^3" }]
[islands.b]
phonons = "bath"
parts = [{ material = "Al", volume = "0.003 um^3" }]
"""
"""At a thousandth of its gap a superconductor gives exp(−1764) of anything to phonons: 0 in floating point."""


@pytest.fixture(scope="module")
def device() -> Device:
    return loads(SMALL)


def test_heat_between_unknown_islands_or_of_an_unknown_kind_is_refused(device: Device) -> None:
    state = steady_state(device)
    with pytest.raises(DeviceError, match=r"`islands.lefft` is not an island of this device; did you mean `left`\?"):
        state.heat("lefft", "right")
    with pytest.raises(ValueError, match=r"`kind` must be one of .* did you mean `photon`\?"):
        state.heat("left", "right", kind="photons")
    with pytest.raises(DeviceError, match="is not an island"):
        state.holding_power("nope")
    with pytest.raises(
        DeviceError, match=r"`islands.left` floats, so that nothing holds it; the held ones are bath, right"
    ):
        state.holding_power("left")
    # A kind that exists, but not between these two, carries nothing.
    assert state.heat("left", "right", kind="electron-phonon") == 0.0
    assert state.heat("left", "right", kind="photon") == -state.heat("right", "left", kind="photon") != 0.0


def test_one_device_is_meant_where_one_is_asked_for(device: Device) -> None:
    batch = device.replace({POWER: np.array([1e-14, 2e-14])})
    for question in (steady_state, all_states):
        with pytest.raises(DeviceError, match=r"`islands.left.power` holds an array of shape \(2,\)"):
            question(batch)
    with pytest.raises(DeviceError, match="plain numbers only"):
        jax.grad(lambda power: stability(device.replace({POWER: power}), {"left": 0.3}).rates[0])(1e-14)


@pytest.mark.parametrize("start", [float("inf"), -1.0, 0.0, float("nan")])
def test_impossible_temperatures_to_begin_at_are_refused(device: Device, start: float) -> None:
    with pytest.raises(ValueError, match=r"""`start\["left"\]` must be a number \[K\] above 0"""):
        steady_state(device, start={"left": start})


def test_an_infinite_box_and_frequencies_that_are_no_numbers_are_refused(device: Device) -> None:
    with pytest.raises(ValueError, match=r"`highest` must be a number \[K\] above 0, but is inf"):
        all_states(device, highest=float("inf"))
    with pytest.raises(ValueError, match=r"`frequencies` must hold numbers .* with nan in it"):
        small_signal(device, POWER, np.array([1e3, np.nan]))
    with pytest.raises(DeviceError, match="cannot be driven"):
        small_signal(device, "islands.left.parts.0.volume", np.array([1e3]))


def test_a_state_of_another_device_or_a_failed_one_is_refused(device: Device) -> None:
    with pytest.raises(ValueError, match="`state` must be one of this device"):
        small_signal(device, POWER, np.array([1e3]), state=steady_state(loads(BLOCKED)))


def test_a_converged_state_names_the_heats_that_it_hardly_knows() -> None:
    state = steady_state(loads(BLOCKED))
    assert state.status == Status.CONVERGED
    bad = state.badly_known()
    assert bad
    for path in bad:
        k = state.paths.index(path)
        assert float(state.watts_error[k]) > 1e-3 * abs(float(state.watts[k]))
        assert f"from `{path.source}` to `{path.target}` is known to" in state.advice()
    assert ("hot", "bath") not in {(path.source, path.target) for path in bad}


def test_a_state_whose_heats_are_known_says_only_that_they_balance(device: Device) -> None:
    state = steady_state(device)
    assert state.badly_known() == ()
    assert state.advice() == Status.CONVERGED.advice


def test_a_temperature_on_which_no_heat_depends_is_not_settled() -> None:
    device = loads(FROZEN)
    for frozen in (device, device.hold({"a": 1e-3})):
        state = steady_state(frozen)
        assert Status(int(state.status)) == Status.UNDETERMINED
        assert np.isnan(float(state.temperatures["b"]))


def test_values_do_not_change_and_go_through_copies_pickles_and_trees(device: Device) -> None:
    with pytest.raises(TypeError, match=r"do not change; try `device.replace"):
        device.values[POWER] = -5.0  # type: ignore[index]
    with pytest.raises(TypeError, match="do not change"):
        del device.values[POWER]  # type: ignore[attr-defined]
    for other in (copy.deepcopy(device), pickle.loads(pickle.dumps(device)), jax.tree.map(lambda leaf: leaf, device)):
        assert other == device
        assert isinstance(other.values, Values)
        assert hash(other) == hash(device)
    assert device.values == dict(device.values)
    batch = device.replace({POWER: np.array([1e-14, 2e-14])})
    with pytest.raises(ValueError, match="read-only"):
        batch.values[POWER][0] = -5.0


def test_one_number_is_meant_where_one_is_asked_for(device: Device) -> None:
    with pytest.raises(DeviceError, match="must be one number here, but is"):
        device.number(POWER, [1e-14, 2e-14])
    with pytest.raises(DeviceError, match="must be one number here, but is"):
        device.numbers(POWER, ["10 fW", [1e-14, 2e-14]])
    with pytest.raises(DeviceError, match=r"along one axis here, but is '10 fW'; try \['10 fW'\]"):
        device.numbers(POWER, "10 fW")
    with pytest.raises(DeviceError, match="at least one number"):
        device.numbers(POWER, [])
    np.testing.assert_array_equal(device.numbers(POWER, np.array(["10 fW", "20 fW"])), [1e-14, 2e-14])


def test_temperatures_and_frequencies_may_be_texts(device: Device) -> None:
    texts, numbers = (small_signal(device, POWER, hertz).response["left"] for hertz in (["1 kHz"], [1e3]))
    np.testing.assert_array_equal(texts, numbers)
    with pytest.raises(ValueError, match=r"`frequencies` must be a quantity, but is '1 K'"):
        small_signal(device, POWER, ["1 K"])


def test_junctions_are_whole() -> None:
    with pytest.raises(DeviceError, match=r"must be a whole number, but is 2\.5"):
        preset("silver-setup-1").replace({"elements.left.junctions": 2.5})


def test_the_state_of_another_operating_point_is_refused(device: Device) -> None:
    state = steady_state(device.replace({POWER: 2.0 * device.values[POWER]}))
    with pytest.raises(
        ValueError, match=r"`state` must be one of this device, but was found with islands\.left\.power"
    ):
        small_signal(device, POWER, np.array([1e3]), state=state)


def test_a_quantity_as_text_is_read_as_in_a_file_and_refused_as_in_a_file(device: Device) -> None:
    assert device.replace({POWER: "50 fW"}).values[POWER] == 5e-14
    np.testing.assert_array_equal(device.replace({POWER: ["50 fW", "0.1 pW"]}).values[POWER], [5e-14, 1e-13])
    assert device.hold({"left": "30 mK"}).values["islands.left.temperature"] == 0.03
    with pytest.raises(DeviceError, match=r"`islands.left.power` must be a power, but is '50 mK'; try"):
        device.replace({POWER: "50 mK"})
