"""Validity checks: every number by hand, every verdict, every reason for none."""

import functools
import json

import jax
import numpy as np
import pytest
from tests.by_quadrature import conductance_ratio
from tests.by_quadrature import voltage_noise as noise_by_quadrature

from subkelvin import Device, Status, preset, preset_names, steady_state
from subkelvin.analysis.validity import check as check_module
from subkelvin.analysis.validity.check import LIMITS, MEANINGS, check
from subkelvin.analysis.validity.checks import Check, number_of_states_check, validity_checks
from subkelvin.analysis.validity.numbers import compiled_monitors
from subkelvin.analysis.validity.wires import superconducting_wires
from subkelvin.balance.network.network import heat_flows, lower
from subkelvin.balance.steady.steady_state import SteadyState
from subkelvin.constants import (
    BOLTZMANN,
    ELEMENTARY_CHARGE,
    LORENZ_NUMBER,
    REDUCED_PLANCK,
    THERMAL_FREQUENCY,
    THERMAL_VOLTAGE,
)
from subkelvin.devicefile import loads
from subkelvin.physics.junction import resistance_ratio
from subkelvin.physics.mattis_bardeen import kinetic_inductance
from subkelvin.physics.superconductor import interpolated_gap

LEFT, BATH, RIGHT = 0.5, 0.05, 0.3
CRITICAL = 1.2
ZERO_GAP = 1.764 * BOLTZMANN * CRITICAL


def state_of(device: Device) -> SteadyState:
    return jax.device_get(steady_state(device))


def checks_of(device: Device, count: int = 1) -> dict[str, Check]:
    return {found.name: found for found in validity_checks(device, state_of(device), count)}


def silver(**changes: float) -> Device:
    """Set-up 1 in silver with the left island held at 0.5 K, so that every temperature is given."""
    device = preset("silver-setup-1").hold({"left": LEFT})
    return device.replace({path.replace("__", "."): value for path, value in changes.items()})


def without(device: Device, *paths: str) -> Device:
    """The device with some values missing."""
    values = {path: value for path, value in device.values.items() if path not in paths}
    return Device(values, device.structure, device.provenance)


@functools.cache
def reference() -> dict[str, Check]:
    return checks_of(silver())


@functools.cache
def resistance(temperature: float) -> float:
    """R(T) of the left element: two junctions of 10 ohm in series [Ω]."""
    gap = interpolated_gap(temperature, CRITICAL)
    return 20.0 * float(resistance_ratio(temperature, gap, 1e-4 * ZERO_GAP))


def test_every_kind_has_a_limit_a_meaning_and_a_line_in_the_table() -> None:
    assert set(LIMITS) == set(MEANINGS)
    for kind, limit in LIMITS.items():
        (line,) = [line for line in str(check_module.__doc__).splitlines() if line.startswith(f"| ``{kind}")]
        assert line.endswith("| none |" if limit is None else f"| {limit} |")


@pytest.mark.parametrize("name", [name for name in preset_names() if "setup" in name])
def test_checks_of_presets_are_finite_or_null_and_say_why(name: str) -> None:
    checks = checks_of(preset(name))
    kinds = {found.kind for found in checks.values()}
    # Fins hold the right reservoir of set-up 2: there is no heater to ask about.
    assert kinds == set(LIMITS) - ({"heater-power"} if name.endswith("2") else set())
    for found in checks.values():
        json.dumps(found.to_dict(), allow_nan=False)
        bound = LIMITS[found.kind]
        assert found.limit == (None if bound is None else bound.value)
        if found.value is None:
            assert found.ok is None
            assert "Not assessed: it needs `" in found.meaning or "Not assessed: it needs a" in found.meaning
        elif found.limit is not None and found.kind not in ("heater-power", "steady-states"):
            assert found.ok == (found.value < found.limit)
        else:
            assert (
                found.ok == {"heater-power": True, "steady-states": True, "cutoff-over-temperature": None}[found.kind]
            )


def test_charging_energy_is_that_of_one_junction() -> None:
    # 50 fF each on the left, 100 fF each on the right. Nothing but rounding in between.
    for name, capacitance, kelvin in (("left", 50e-15, LEFT), ("right", 100e-15, RIGHT)):
        expected = ELEMENTARY_CHARGE**2 / (2.0 * capacitance) / (BOLTZMANN * kelvin)
        assert reference()[f"charging-over-temperature.{name}"].value == pytest.approx(expected, rel=1e-13)


def test_noise_is_shared_by_the_junctions_in_series() -> None:
    # Both elements lie between the line and the ground: 25 fF and 50 fF, 20 Ω and 10 Ω in the normal state. By quadrature.
    resistances = (20.0 / conductance_ratio(LEFT), 10.0 / conductance_ratio(RIGHT))
    voltage = np.sqrt(noise_by_quadrature((LEFT, RIGHT), resistances, 75e-15)) / 2.0
    for name, kelvin in (("left", LEFT), ("right", RIGHT)):
        gap = float(interpolated_gap(kelvin, CRITICAL))
        thermal, over_gap = (
            reference()[f"voltage-noise-over-{scale}.{name}"].value for scale in ("temperature", "gap")
        )
        # The quadrature is asked for 1e-10, of R(T) and of the noise.
        assert thermal == pytest.approx(voltage / (THERMAL_VOLTAGE * kelvin), rel=1e-9)
        assert over_gap == pytest.approx(ELEMENTARY_CHARGE * voltage / gap, rel=1e-9)


def test_a_series_of_more_junctions_of_like_total_resistance_is_quieter() -> None:
    # Four junctions of half the area: the branch is R 4ρ/A and C cA/4; each junction sees a quarter of the voltage.
    one = checks_of(silver(elements__left__junctions=1.0, elements__right__junctions=1.0))
    two = reference()
    for name in ("left", "right"):
        first, second = (checks[f"voltage-noise-over-temperature.{name}"].value for checks in (one, two))
        assert first is not None
        assert second is not None
        # Halving the number doubles C and the conductances alike: ⟨V²⟩ halves, and one junction sees all of it.
        assert first / second == pytest.approx(2.0 / np.sqrt(2.0), rel=1e-12)


def test_wires_and_lines_are_compared_with_the_whole_element() -> None:
    # 2 um of 20 nohm m over 0.003 um² is 13.3 ohm; the whole element has R(T) of two junctions.
    assert reference()["wire-resistance.left"].value == pytest.approx(40.0 / 3.0 / resistance(LEFT), rel=1e-12)
    frequency = THERMAL_FREQUENCY * LEFT
    admittance = abs(1.0 / resistance(LEFT) + 1j * frequency * 25e-15)
    assert reference()["line-impedance.left"].value == pytest.approx(frequency * 10e-12 * admittance, rel=1e-12)


def test_the_superconducting_wire_is_a_kinetic_inductance_at_low_temperature() -> None:
    kelvin = 0.02
    checks = checks_of(silver(islands__left__temperature=kelvin, islands__bath__temperature=0.01))
    frequency = THERMAL_FREQUENCY * kelvin
    inductance = float(kinetic_inductance(kelvin, interpolated_gap(kelvin, CRITICAL), 10.0))
    admittance = abs(1.0 / resistance(kelvin) + 1j * frequency * 25e-15)
    expected = frequency * inductance * admittance
    # The low-frequency limit is off by (ħω/Δ)²/8 or so; ħω/Δ = 0.02/2.1 here.
    assert checks["superconductor-impedance.left"].value == pytest.approx(expected, rel=1e-4)


def test_the_cutoff_is_that_of_the_one_pole() -> None:
    time_constant = (25e-15 + 50e-15) / (1.0 / resistance(LEFT) + 2.0 / resistance(RIGHT))
    photon = REDUCED_PLANCK / time_constant
    classical = reference()["cutoff-over-temperature.right"]
    assert classical.value == pytest.approx(photon / (BOLTZMANN * RIGHT), rel=1e-12)
    assert classical.limit is None
    assert classical.ok is None


def test_a_cutoff_without_closed_form_is_where_the_transmission_has_halved() -> None:
    device = loads("""
    [islands.hot]
    temperature = "0.4 K"
    [islands.cold]
    temperature = "0.1 K"
    [elements]
    hot = { kind = "resistor", nodes = ["a", "ground"], island = "hot", resistance = "100 ohm" }
    cold = { kind = "resistor", nodes = ["b", "ground"], island = "cold", resistance = "300 ohm" }
    between = { kind = "inductor", nodes = ["a", "b"], inductance = "2 nH" }
    """)
    wires = superconducting_wires(device, [])
    found = compiled_monitors(lower(device), np.array([0.4, 0.1]), np.ones(2), wires).cutoff
    # 4R₁R₂/[(R₁ + R₂)² + ω²L²]; the search is a grid of 2 %.
    np.testing.assert_allclose(found, 400.0 / 2e-9, rtol=0.021)


def test_the_link_within_an_island_is_weighed_against_all_its_other_conductances() -> None:
    # At 1.5 K the junctions are normal: two of 5 ohm, each with the heat conductance of Wiedemann and Franz.
    device = silver(islands__right__temperature=1.5)
    temperatures = np.array([BATH, LEFT, 1.5])
    names = [island.name for island in device.structure.ordered_islands]
    assert names == ["bath", "left", "right"]
    slopes = jax.jacfwd(lambda t: heat_flows(lower(device), t)[0])(temperatures)[:, 2]
    paths = [path for path in state_of(device).paths if path.source is not None and path.target is not None]
    own = [path.source == "right" or path.kind == "photon" for path in paths]
    other = float(np.sum(np.abs(np.asarray(slopes))[own]))
    found = checks_of(device)["one-temperature.right"]
    # Central differences against exact derivatives.
    assert found.value == pytest.approx(other / (2.0 * LORENZ_NUMBER * 1.5 / 5.0), rel=1e-6)


def test_heat_that_others_give_to_a_bath_does_not_pass_through_its_electrons() -> None:
    device = preset("silver-setup-2").hold({"left": LEFT})
    network = lower(device)
    bath = [island.name for island in device.structure.ordered_islands].index("bath")
    slopes = jax.jacfwd(lambda t: heat_flows(network, t)[0])(np.array([BATH, LEFT]))[:, bath]
    numbers = compiled_monitors(
        network, np.array([BATH, LEFT]), np.array([2.0, 2.0]), superconducting_wires(device, [])
    )
    # One photonic path comes first; the electron-phonon paths of the left island also end in the bath. At 50 mK the
    # current hardly depends on the bath's temperature, and central differences lose some digits.
    assert float(numbers.island_heat_conductance[bath]) == pytest.approx(abs(float(slopes[0])), rel=1e-5)


def test_above_its_transition_a_held_reservoir_fails_that_check_and_counts_as_normal() -> None:
    checks = checks_of(silver(islands__right__temperature=1.5))
    assert checks["temperature-over-critical.Al.right"].value == pytest.approx(1.25, rel=1e-15)
    assert checks["temperature-over-critical.Al.right"].ok is False
    assert checks["temperature-over-critical.Al.left"].ok is True
    assert checks["voltage-noise-over-gap.right"].value is None
    assert checks["voltage-noise-over-gap.right"].ok is None
    assert "the gap is closed" in checks["voltage-noise-over-gap.right"].meaning
    # Three multiplications.
    assert checks["wire-resistance.right"].value == pytest.approx(20e-9 * 2e-6 / 0.3e-12 / 10.0, rel=1e-14)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("islands.left.parts.0.length", "wire-resistance.left"),
        ("islands.left.parts.0.cross_section", "wire-resistance.left"),
        ("islands.left.parts.1.resistivity", "superconductor-impedance.left"),
        ("elements.right.line_inductance", "line-impedance.right"),
    ],
)
def test_a_missing_key_is_named(path: str, name: str) -> None:
    checks = checks_of(without(silver(), path))
    assert checks[name].value is None
    assert checks[name].ok is None
    assert f"`{path}`" in checks[name].meaning
    others = [found.name for found in checks.values() if found.ok is None and found.limit is not None]
    assert others == [name]


def test_a_heater_cannot_cool() -> None:
    # At the temperature of the bath, photons heat the right island, and nothing but cooling could hold it there.
    device = silver(islands__right__temperature=BATH)
    found = checks_of(device)["heater-power.right"]
    assert found.ok is False
    assert found.value == pytest.approx(-float(state_of(device).heat("left", "right", "photon")), rel=1e-12)
    assert reference()["heater-power.right"].ok is True
    # The phonon bath may take up as much as it likes.
    assert "heater-power.bath" not in reference()


def test_parasitic_power_is_compared_with_the_heater() -> None:
    device = preset("silver-setup-1")
    stray = checks_of(device.replace({"islands.left.parasitic_power": 2e-14}))["parasitic-power.left"]
    assert stray.value == pytest.approx(0.2, rel=1e-14)
    assert stray.ok is False
    idle = checks_of(device.replace({"islands.left.power": 0.0}))["parasitic-power.left"]
    assert idle.value is None
    assert "`islands.left.power`" in idle.meaning


def test_robustness_compares_the_rise_with_three_times_more_and_less_broadening() -> None:
    # At 2 fW and a right island at 0.1 K the broadening matters: its junctions sit on their floor.
    device = preset("silver-setup-1").replace({"islands.left.power": 2e-15, "islands.right.temperature": 0.1})
    path = "superconductors.Al.dynes"

    def rise(dynes: float) -> float:
        return float(state_of(device.replace({path: dynes})).temperatures["left"]) - BATH

    expected = max(abs(rise(3e-4) / rise(1e-4) - 1.0), abs(rise(1e-4 / 3.0) / rise(1e-4) - 1.0))
    # Two temperatures known to 1e-15 and a difference of a few per cent.
    assert checks_of(device)["dynes-robustness.left"].value == pytest.approx(expected, rel=1e-9)


def test_a_state_that_another_broadening_takes_away_is_not_robust() -> None:
    # Almost without phonons, the island is cooled by less than what photons can bring in at its broadening, but by more
    # than at a third of it. At 0.1 K all junctions sit on their floor, and the current follows γ.
    tiny = {f"islands.left.parts.{index}.volume": 1e-27 for index in (0, 1)}
    device = preset("silver-setup-1").replace({**tiny, "islands.right.temperature": 0.1})

    def most_heat_in(dynes: float) -> float:
        held = [
            device.replace({"superconductors.Al.dynes": dynes}).hold({"left": t}) for t in np.geomspace(1e-3, 0.1, 30)
        ]
        return max(-float(state_of(one).heat("left", "right", "photon")) for one in held)

    most, least = most_heat_in(1e-4), most_heat_in(1e-4 / 3.0)
    assert least < 0.5 * most
    cooled = device.replace({"islands.left.power": -0.5 * (least + most)})
    assert int(state_of(cooled).status) == Status.CONVERGED
    found = checks_of(cooled)["dynes-robustness.left"]
    assert found.value is None
    assert found.ok is False
    assert "no steady state" in found.meaning


def test_without_a_steady_state_nothing_that_depends_on_it_is_assessed() -> None:
    device = preset("silver-setup-1").replace({"islands.left.power": 1e-9})
    assert int(state_of(device).status) == Status.ABOVE_CRITICAL_TEMPERATURE
    checks = checks_of(device, 0)
    # What is given does not depend on it: held temperatures and powers.
    known = {
        "charging-over-temperature.right",
        "wire-resistance.right",
        "superconductor-impedance.right",
        "line-impedance.right",
        "temperature-over-critical.Al.right",
        "parasitic-power.left",
        "steady-states",
    }
    assert {name for name, found in checks.items() if found.value is not None} == known
    for name in set(checks) - known:
        assert checks[name].ok is None
        assert "there is no steady state" in checks[name].meaning
    assert checks["steady-states"].ok is False
    for found in checks.values():
        json.dumps(found.to_dict(), allow_nan=False)


def test_several_steady_states_fail_and_unknown_ones_are_not_judged() -> None:
    assert number_of_states_check(1).ok is True
    assert number_of_states_check(3).ok is False
    found = number_of_states_check(None)
    assert found.ok is None
    assert "their number is not known" in found.meaning


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_not_finite_is_never_shown(value: float) -> None:
    for kind in LIMITS:
        found = check(f"{kind}.x", value)
        assert (found.value, found.ok) == (None, None)
        assert "Not assessed" in found.meaning


def test_a_value_at_its_limit_fails_but_for_a_heater_at_rest_and_a_single_state() -> None:
    for kind, limit in LIMITS.items():
        if limit is not None:
            assert check(f"{kind}.x", limit.value).ok is (kind in ("heater-power", "steady-states"))
