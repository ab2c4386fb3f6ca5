"""The material library: every number has a unit, a range and a source, and what is assumed says so."""

import dataclasses
import math
from pathlib import Path

import pint
import pytest

from subkelvin.materials import LIBRARY, NormalMetal, Superconductor, TunnelBarrier, cite, material
from subkelvin.materials.records import Material, Quantity, quantities
from subkelvin.materials.sources import BIBLIOGRAPHY

ALL = [(name, key, quantity) for name, entry in LIBRARY.items() for key, quantity in quantities(entry)]
NAMED = [pytest.param(key, quantity, id=f"{name}.{key}") for name, key, quantity in ALL]

DIMENSION = {
    "critical_temperature": "kelvin",
    "sommerfeld": "joule / meter**3 / kelvin**2",
    "specific_resistance": "ohm * meter**2",
    "specific_capacitance": "farad / meter**2",
    "electron_phonon_exponent": "dimensionless",
}


@pytest.fixture(scope="module")
def units() -> pint.UnitRegistry:
    return pint.UnitRegistry()


def test_the_library_has_the_materials_of_the_field() -> None:
    metals = {"silver", "copper", "gold", "inas-on-insulator"}
    superconductors = {"aluminium", "titanium", "niobium", "vanadium", "tantalum"}
    assert set(LIBRARY) == metals | superconductors | {"alox"}


@pytest.mark.parametrize(("key", "quantity"), NAMED)
def test_every_value_is_positive_and_within_its_range(key: str, quantity: Quantity) -> None:
    assert math.isfinite(quantity.low)
    assert math.isfinite(quantity.high)
    assert 0.0 < quantity.low <= quantity.value <= quantity.high


@pytest.mark.parametrize(("key", "quantity"), NAMED)
def test_every_value_has_a_source_in_the_bibliography(key: str, quantity: Quantity) -> None:
    assert quantity.source in BIBLIOGRAPHY


@pytest.mark.parametrize(("key", "quantity"), NAMED)
def test_every_unit_has_the_dimension_of_its_quantity(key: str, quantity: Quantity, units: pint.UnitRegistry) -> None:
    unit = units.Unit(quantity.unit)
    if key == "electron_phonon":
        exponent = -unit.dimensionality["[temperature]"]
        assert unit.is_compatible_with(units.Unit("watt / meter**3") / units.Unit("kelvin") ** exponent)
    else:
        assert unit.is_compatible_with(DIMENSION[key])
    # SI: the number is used as it stands
    assert (1.0 * unit).to_base_units().magnitude == 1.0


@pytest.mark.parametrize("entry", LIBRARY.values(), ids=LIBRARY)
def test_the_unit_of_the_coupling_carries_the_exponent(entry: Material, units: pint.UnitRegistry) -> None:
    known = dict(quantities(entry))
    assert ("electron_phonon" in known) == ("electron_phonon_exponent" in known)
    if "electron_phonon" in known:
        unit = units.Unit(known["electron_phonon"].unit)
        assert -unit.dimensionality["[temperature]"] == known["electron_phonon_exponent"].value


def test_what_is_assumed_says_so_and_says_why() -> None:
    assumed = {(name, key): quantity for name, key, quantity in ALL if quantity.assumed}
    assert set(assumed) == {
        ("inas-on-insulator", "electron_phonon"),
        ("inas-on-insulator", "electron_phonon_exponent"),
    }
    assert all(quantity.note.startswith("assumed: ") for quantity in assumed.values())


def test_names_are_lowercase_keys_of_their_own_entries() -> None:
    assert all(entry.name == name == name.lower() for name, entry in LIBRARY.items())


def test_every_kind_of_material_is_present() -> None:
    assert {type(entry) for entry in LIBRARY.values()} == {NormalMetal, Superconductor, TunnelBarrier}


def test_a_record_cannot_be_changed() -> None:
    entry = material("aluminium")
    with pytest.raises(dataclasses.FrozenInstanceError):
        entry.name = "lead"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("misspelt", "nearest"),
    [("aluminum", "aluminium"), ("Silver", "silver"), ("inas-on-insulator ", "inas-on-insulator")],
)
def test_an_unknown_material_is_refused_with_the_nearest_name(misspelt: str, nearest: str) -> None:
    with pytest.raises(ValueError, match=f"did you mean '{nearest}") as refusal:
        material(misspelt)
    assert all(name in str(refusal.value) for name in LIBRARY)


def test_an_outlandish_name_is_refused_without_a_guess() -> None:
    with pytest.raises(ValueError, match="only alox, aluminium") as refusal:
        material("x")
    assert "did you mean" not in str(refusal.value)


def test_citing_materials_gives_each_source_once() -> None:
    references = cite(["aluminium", "silver", "aluminium"])
    assert len(references) == len(set(references)) == 3
    assert any("10.1103/RevModPhys.78.217" in reference for reference in references)


def test_the_barrier_gives_the_cut_off_of_an_aluminium_oxide_junction() -> None:
    barrier = material("alox")
    assert isinstance(barrier, TunnelBarrier)
    cut_off = 1.0 / (barrier.specific_resistance.value * barrier.specific_capacitance.value)
    # 420 ohm um^2 times 68 fF/um^2 is 28.56 ps; the product has no rounding beyond float64
    assert cut_off == pytest.approx(1.0 / 28.56e-12, rel=1e-12)


def test_the_physics_page_shows_every_number_of_the_library() -> None:
    page = (Path(__file__).parents[2] / "docs" / "physics.md").read_text("utf-8")
    rows = [
        f"| {name} | {key} | {quantity.value:.4g}{' **[assumed]**' if quantity.assumed else ''} "
        f"| {quantity.low:.4g} – {quantity.high:.4g} | {quantity.unit or '–'} | {quantity.source} |"
        for name, key, quantity in ALL
    ]
    assert [line for line in page.splitlines() if line.startswith(tuple(f"| {name} | " for name in LIBRARY))] == rows
