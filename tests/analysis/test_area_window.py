"""The window of junction areas: thresholds as power laws, verdicts on both sides, and the sentence."""

import functools

import jax
import numpy as np
import pytest

from subkelvin import Device, DeviceError, preset, steady_state
from subkelvin.analysis.area_window import LARGEST_AREA, SMALLEST_AREA, AreaWindow, area_window, intersection
from subkelvin.analysis.static_admittance import with_full_admittance
from subkelvin.analysis.validity import Check, validity_checks
from subkelvin.devicefile import loads

POWERS = {
    "voltage-noise-over-temperature": -0.5,
    "voltage-noise-over-gap": -0.5,
    "charging-over-temperature": -1.0,
    "one-temperature": -1.0,
    "wire-resistance": 1.0,
    "superconductor-impedance": 1.0,
    "line-impedance": 1.0,
}
"""Exponents of the area: with ρ, c and the temperatures fixed, G and C of a junction grow with it."""


def silver(right: float = 0.3) -> Device:
    return preset("silver-setup-1").replace({"islands.right.temperature": right})


@functools.cache
def window_of(right: float) -> AreaWindow:
    return area_window(silver(right))


def at_area(device: Device, area: float) -> Device:
    """The device with every area scaled, by the area of the left element."""
    paths = ("elements.left.area", "elements.right.area")
    factor = area / device.values[paths[0]]
    return device.replace({path: device.values[path] * factor for path in paths})


def checks_at(device: Device, area: float) -> dict[str, Check]:
    scaled = at_area(device, area)
    return {found.name: found for found in validity_checks(scaled, jax.device_get(steady_state(scaled)), 1)}


def test_temperatures_do_not_depend_on_the_areas_of_a_circuit_of_junctions() -> None:
    states = [steady_state(at_area(silver(), area)).temperatures["left"] for area in (1e-15, 1e-12, 3e-7)]
    # 𝒯 and τ are ratios of things that all scale alike; what is left is their rounding.
    np.testing.assert_allclose(states, states[1], rtol=1e-13)


@pytest.mark.parametrize("right", [0.05, 0.3])
def test_every_threshold_is_that_of_a_power_law(right: float) -> None:
    window, here = window_of(right), checks_at(silver(right), 1e-12)
    assert {name.split(".")[0] for name in window.curves} == set(POWERS)
    for name, thresholds in window.thresholds.items():
        power, value, limit = POWERS[here[name].kind], here[name].value, window.limits[name]
        assert value is not None
        assert limit is not None
        expected = 1e-12 * (limit / value) ** (1.0 / power)
        # Temperatures that differ by rounding, and roots to 1e-13 in ln A.
        np.testing.assert_allclose(window.curves[name], value * (window.areas / 1e-12) ** power, rtol=1e-9)
        if SMALLEST_AREA < expected < LARGEST_AREA:
            assert thresholds == pytest.approx((expected,), rel=1e-9)
            beyond = (expected, LARGEST_AREA) if power < 0.0 else (SMALLEST_AREA, expected)
            (allowed,) = window.allowed[name]
            assert allowed == pytest.approx(beyond, rel=1e-9)
        else:
            assert thresholds == ()


@pytest.mark.parametrize("right", [0.05, 0.3])
def test_verdicts_change_at_the_thresholds(right: float) -> None:
    for name, thresholds in window_of(right).thresholds.items():
        for area in thresholds:
            # A part in 1e6 to either side, where the value is that far from its limit.
            verdicts = [checks_at(silver(right), area * (1.0 + side))[name].ok for side in (-1e-6, 1e-6)]
            assert verdicts in ([False, True], [True, False])


def test_inside_the_window_all_checks_that_depend_on_the_area_hold_and_outside_one_fails() -> None:
    window = window_of(0.3)
    assert window.window is not None
    low, high = window.window
    failing = {found.name for found in window.failures}
    for area, holds in ((low * 0.999, False), (low * 1.001, True), (high * 0.999, True), (high * 1.001, False)):
        failed = {name for name, found in checks_at(silver(), area).items() if found.ok is False}
        assert failing <= failed
        assert (failed == failing) is holds
    assert low < window.best_area < high
    assert window.best_margin < 1.0
    assert f"{1e12 * low:.3g} to {1e12 * high:.3g} µm²" in window.sentence


def test_what_fails_whatever_the_area_is_listed_and_denies_that_all_hold() -> None:
    window = window_of(0.3)
    # 1/ρc of 2e12 rad/s is too fast for the static admittance, and no area changes that.
    assert [found.name for found in window.failures] == ["static-admittance"]
    assert not window.all_hold
    assert "static-admittance" in window.sentence
    slower = {f"elements.{name}.specific_capacitance": 2.0 for name in ("left", "right")}
    slow = area_window(silver().replace(slower))
    assert slow.failures == ()
    assert slow.all_hold is (slow.window is not None)
    assert slow.all_hold
    checks = checks_at(silver().replace(slower), slow.best_area)
    assert [name for name, found in checks.items() if found.ok is False] == []


def test_at_the_coldest_right_reservoir_there_is_no_window_and_the_checks_that_exclude_each_other_are_named() -> None:
    window = window_of(0.05)
    assert window.windows == ()
    assert window.window is None
    assert not window.all_hold
    assert ("wire-resistance.left", "voltage-noise-over-temperature.right") in window.conflicts
    for first, second in window.conflicts:
        assert intersection(window.allowed[first], window.allowed[second]) == ()
        assert f"{first} with {second}" in window.sentence
    # Every pair that is not listed holds together somewhere.
    names = list(window.allowed)
    listed = {frozenset(pair) for pair in window.conflicts}
    for first in names:
        for second in names:
            if frozenset((first, second)) not in listed:
                assert intersection(window.allowed[first], window.allowed[second]) != ()


@pytest.mark.parametrize("right", [0.05, 0.3])
def test_at_the_best_area_the_worst_check_is_as_good_as_it_can_be(right: float) -> None:
    window = window_of(right)

    def worst(area: float) -> float:
        checks = checks_at(silver(right), area)
        return max(float(checks[name].value or 0.0) / window.limits[name] for name in window.curves)

    # Two power laws cross there; their exponents are at least 1/2, and the search ends within 1e-7 in ln A.
    assert worst(window.best_area) == pytest.approx(window.best_margin, rel=1e-9)
    for factor in (0.1, 0.9, 0.999, 1.001, 1.1, 10.0):
        assert worst(window.best_area * factor) > window.best_margin


def test_checks_without_their_keys_are_listed_and_do_not_narrow_the_window() -> None:
    device = silver()
    gone = "islands.left.parts.0.length"
    values = {path: value for path, value in device.values.items() if path != gone}
    window = area_window(Device(values, device.structure, device.provenance))
    (missing,) = window.not_assessed
    assert missing.name == "wire-resistance.left"
    assert gone in missing.meaning
    assert window.window is not None
    # Without the normal wire it is the left superconducting one that ends the window.
    assert window.window[1] == pytest.approx(window_of(0.3).thresholds["superconductor-impedance.left"][0], rel=1e-9)


def test_with_something_else_in_the_circuit_every_area_gets_its_own_state() -> None:
    device = loads("""
    [superconductors.Al]
    base = "aluminium"
    dynes = 1e-4
    [islands.left]
    temperature = "0.5 K"
    [islands.right]
    temperature = "0.3 K"
    [elements.left]
    kind = "nis"
    nodes = ["line", "ground"]
    island = "left"
    superconductor = "Al"
    area = "1 um^2"
    specific_resistance = "10 ohm um^2"
    specific_capacitance = "50 fF/um^2"
    [elements.right]
    kind = "nis"
    nodes = ["line", "ground"]
    island = "right"
    superconductor = "Al"
    area = "2 um^2"
    specific_resistance = "10 ohm um^2"
    specific_capacitance = "50 fF/um^2"
    [elements.stray]
    kind = "capacitor"
    nodes = ["line", "ground"]
    capacitance = "100 fF"
    """)
    window = area_window(device)
    assert window.element == "left"
    for index in (0, 40, 90):
        scaled = {f"elements.{name}.area": window.areas[index] * factor for name, factor in (("left", 1), ("right", 2))}
        # The largest areas are beyond those of plausible devices.
        moved = Device({**device.values, **scaled}, device.structure)
        for found in validity_checks(moved, jax.device_get(steady_state(moved)), 1):
            if found.name in window.curves:
                assert window.curves[found.name][index] == pytest.approx(found.value, rel=1e-12)
    # The stray capacitance does not grow with the junctions: small ones are slow enough for the static admittance, which changes
    # the heat by a tenth at the threshold.
    (threshold,) = window.thresholds["static-admittance"]
    moved = at_area(device, threshold)
    static, full = (
        float(jax.device_get(steady_state(one)).heat("left", "right", "photon"))
        for one in (moved, with_full_admittance(moved))
    )
    # Both heats by the solver, each to 1e-9.
    assert abs(full / static - 1.0) == pytest.approx(0.1, rel=1e-7)
    assert [low for low, _ in window.allowed["static-admittance"]] == [SMALLEST_AREA]


def test_devices_without_areas_are_refused_with_the_key() -> None:
    text = """
    [islands.a]
    temperature = "0.5 K"
    [islands.b]
    temperature = "0.3 K"
    [elements]
    a = { kind = "nin", nodes = ["line", "ground"], island = "a", resistance = "1 kohm", capacitance = "50 fF" }
    b = { kind = "resistor", nodes = ["line", "ground"], island = "b", resistance = "1 kohm" }
    """
    with pytest.raises(DeviceError, match=r"`elements.a` needs an `area` here"):
        area_window(loads(text))
    with pytest.raises(DeviceError, match="no tunnel junction"):
        area_window(loads(text.replace('"nin"', '"resistor"').replace(', capacitance = "50 fF"', "")))


def test_a_device_without_a_steady_state_is_refused() -> None:
    with pytest.raises(ValueError, match="critical temperature"):
        area_window(silver().replace({"islands.left.power": 1e-9}))


def test_intersections_are_open_sets_in_order() -> None:
    first, second = ((1.0, 2.0), (4.0, 8.0)), ((0.5, 1.5), (1.75, 5.0), (8.0, 9.0))
    assert intersection(first, second) == ((1.0, 1.5), (1.75, 2.0), (4.0, 5.0))
    assert intersection(first, ()) == ()
