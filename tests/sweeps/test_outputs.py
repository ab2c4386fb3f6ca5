"""Every output of a sweep agrees with another way to its number."""

import numpy as np
import pytest
import xarray as xr

from subkelvin import Device, DeviceError, number_of_states, preset, report, steady_state, sweep
from subkelvin.ndtc import conductance
from subkelvin.sweeps import Logarithmic, Zipped

RIGHT, POWER, AREA, CRITICAL = (
    "islands.right.temperature",
    "islands.left.power",
    "elements.left.area",
    "superconductors.Al.critical_temperature",
)
OUTPUTS = (
    "temperature",
    "temperature(left)",
    "heat",
    "heat(left,right,photon)",
    "heat(outside,right)",
    "holding_power",
    "holding_power(right)",
    "conductance(left,right)",
    "responsivity(left,right)",
    f"derivative(temperature(left),{AREA})",
    f"derivative(heat(left,right,photon),{CRITICAL})",
    "number_of_states",
)
POINTS = ((0.1, 1e-12), (0.3, 2e-12))
POWERS = (1e-14, 5e-14)


@pytest.fixture(scope="module")
def device() -> Device:
    return preset("silver-setup-1")


@pytest.fixture(scope="module")
def found(device: Device) -> xr.Dataset:
    pairs = Zipped({RIGHT: [one for one, _ in POINTS], AREA: [area for _, area in POINTS]})
    return sweep(device, {"pair": pairs, POWER: Logarithmic("10 fW", "50 fW", 2)}, outputs=OUTPUTS)


def at(device: Device, pair: int, power: int, **more: float) -> Device:
    right, area = POINTS[pair]
    return device.replace({RIGHT: right, AREA: area, POWER: POWERS[power], **more})


def test_temperatures_heats_and_holding_powers_are_those_of_the_steady_state(device: Device, found: xr.Dataset) -> None:
    for pair, power in np.ndindex(2, 2):
        state, here = steady_state(at(device, pair, power)), found.isel({"pair": pair, POWER: power})
        # The same algorithm in another compilation: fused arithmetic may differ in the last bits.
        np.testing.assert_allclose(here["temperature(left)"], float(state.temperatures["left"]), rtol=1e-13)
        np.testing.assert_allclose(here.temperature.sel(island="left"), here["temperature(left)"], rtol=0)
        photons = float(state.heat("left", "right", "photon"))
        # Heats follow temperatures, which are right to the last bits, with powers up to the fifth.
        np.testing.assert_allclose(here["heat(left,right,photon)"], photons, rtol=1e-11)
        held = float(state.holding_power("right"))
        scale = max(abs(float(watts)) for watts in state.watts)
        np.testing.assert_allclose(here["holding_power(right)"], held, rtol=0, atol=1e-12 * scale)
        np.testing.assert_allclose(here.holding_power.sel(held="right"), here["holding_power(right)"], rtol=0)
        outside = float(state.heat(None, "right"))
        np.testing.assert_allclose(here["heat(outside,right)"], outside, rtol=0, atol=1e-12 * scale)


def test_the_conductance_of_a_point_is_that_of_its_temperatures(device: Device, found: xr.Dataset) -> None:
    for pair, power in np.ndindex(2, 2):
        here = found.isel({"pair": pair, POWER: power})
        kelvin = float(here["temperature(left)"])
        curve = conductance(
            at(device, pair, power), "right", [POINTS[pair][0]], source="left", source_temperature=kelvin
        )
        # Both exact derivatives of one closed form, compiled apart.
        np.testing.assert_allclose(here["conductance(left,right)"], curve.conductance[0], rtol=1e-10)


def test_derivatives_are_those_of_finite_differences(device: Device, found: xr.Dataset) -> None:
    step = 1e-5

    def slope(pair: int, power: int, key: str, value: float, what: str) -> float:
        def of(factor: float) -> float:
            state = steady_state(at(device, pair, power, **{key: value * factor}))
            answer = state.temperatures["left"] if what == "temperature" else state.heat("left", "right", "photon")
            return float(answer)

        return (of(1.0 + step) - of(1.0 - step)) / (2.0 * step * value)

    for pair, power in np.ndindex(2, 2):
        here = found.isel({"pair": pair, POWER: power})
        right, area = POINTS[pair]
        critical = float(device.values[CRITICAL])
        # Central differences of numbers right to 1e-13 with a step of 1e-5: some 1e-8, and h² of the third derivative.
        tolerance = 1e-6
        np.testing.assert_allclose(
            here["responsivity(left,right)"], slope(pair, power, RIGHT, right, "temperature"), rtol=tolerance
        )
        np.testing.assert_allclose(
            here[f"derivative(temperature(left),{AREA})"], slope(pair, power, AREA, area, "temperature"), rtol=tolerance
        )
        np.testing.assert_allclose(
            here[f"derivative(heat(left,right,photon),{CRITICAL})"],
            slope(pair, power, CRITICAL, critical, "heat"),
            rtol=tolerance,
        )


def test_states_are_counted_as_the_verb_counts_them(device: Device, found: xr.Dataset) -> None:
    for pair in range(2):
        expected = number_of_states(at(device, pair, 0), {POWER: POWERS, RIGHT: [POINTS[pair][0]]}).count[0]
        np.testing.assert_array_equal(found.number_of_states[pair], expected)


def test_checks_are_those_of_the_report(device: Device) -> None:
    names = ["voltage-noise-over-gap.left", "dynes-robustness.left", "static-admittance", "steady-states"]
    mapped = sweep(device, {POWER: POWERS}, outputs=["temperature", *names])
    for place, power in enumerate(POWERS):
        told = {one.name: one.to_dict()["value"] for one in report(device.replace({POWER: power})).checks}
        for name in names:
            # One Python function asked for two states that agree to the last bits; ⟨V²⟩ is right to 1e-9 or so.
            np.testing.assert_allclose(mapped[name][place], told[name], rtol=1e-6)


def test_units_and_long_names_stand_on_every_output(found: xr.Dataset) -> None:
    assert found["conductance(left,right)"].attrs["units"] == "W/K"
    assert found[f"derivative(temperature(left),{AREA})"].attrs["units"] == "K/(m^2)"
    assert all(found[name].attrs["long_name"] for name in OUTPUTS)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("temperatur", "did you mean `temperature`"),
        ("temperature(", "brackets do not match"),
        ("temperature(left))", "brackets do not match"),
        ("temperature)", "brackets do not match"),
        ("temperature(lift)", "did you mean `left`"),
        ("temperature()", r"try temperature\(island\)"),
        ("heat(left)", r"try heat\(source,target,kind\)"),
        ("heat(left,left)", "itself"),
        ("heat(left,right,phonon)", "photon"),
        ("conductance(left,bath)", "exchange no photons"),
        ("holding_power(left)", "held island"),
        ("derivative(temperature,elements.left.aera)", "did you mean `elements.left.area`"),
        ("derivative(number_of_states,elements.left.area)", "has none"),
        ("derivative(derivative(temperature,elements.left.area),elements.left.area)", "has none"),
        ("wire-resistance.lift", "did you mean `wire-resistance.left`"),
    ],
)
def test_an_output_that_does_not_exist_gets_a_sentence(device: Device, text: str, told: str) -> None:
    with pytest.raises((DeviceError, ValueError), match=told):
        sweep(device, {POWER: [1e-14]}, outputs=[text])


def test_checks_and_derivatives_in_one_sweep_keep_their_places() -> None:
    device, axes = preset("silver-setup-1"), {"islands.left.power": ["20 fW", "30 fW"]}
    derivatives = [
        "derivative(temperature(left),elements.left.area)",
        "derivative(temperature(left),islands.left.power)",
    ]
    alone = sweep(device, axes, outputs=derivatives)
    together = sweep(device, axes, outputs=[derivatives[0], "steady-states", derivatives[1], "temperature(left)"])
    for name in derivatives:
        np.testing.assert_allclose(together[name], alone[name], rtol=1e-12)
    np.testing.assert_array_equal(together["steady-states"], [1.0, 1.0])
