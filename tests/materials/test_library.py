"""The material library: every number has a unit, a range and a source, and what is assumed says so."""

import dataclasses
import math
from pathlib import Path

import pint
import pytest

from subkelvin.materials import LIBRARY, TunnelBarrier, cite, material
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

MOLAR = {
    "silver": (0.646, 10.27),
    "copper": (0.695, 7.11),
    "gold": (0.729, 10.21),
    "aluminium": (1.35, 10.00),
    "titanium": (3.35, 10.64),
    "niobium": (7.79, 10.83),
    "vanadium": (9.26, 8.32),
    "tantalum": (5.9, 10.85),
}
"""Electronic heat capacity over temperature [mJ/mol K²], Kittel, chapter 6, and molar volume [cm³/mol], mass over density."""
BULK_CRITICAL_TEMPERATURE = {"aluminium": 1.175, "titanium": 0.39, "niobium": 9.25, "vanadium": 5.40, "tantalum": 4.483}
"""[K], Roberts (1976) and Kittel, chapter 10."""
REVIEWED_COUPLING = {"silver": 0.5, "copper": 2.0, "gold": 2.4, "aluminium": 0.3, "titanium": 1.3}
"""Σ [1e9 W/m³K⁵], from the table of Giazotto et al. (2006); of aluminium 0.2 to 0.3."""


@pytest.fixture(scope="module")
def units() -> pint.UnitRegistry:
    return pint.UnitRegistry()


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


def of(key: str) -> dict[str, Quantity]:
    """That quantity of every material that has it."""
    return {name: quantity for name, other, quantity in ALL if other == key}


def test_sommerfeld_coefficients_are_molar_values_over_molar_volumes() -> None:
    library = of("sommerfeld")
    assert set(library) == set(MOLAR)
    for name, (molar, volume) in MOLAR.items():
        # mJ/mol K² over cm³/mol; the library writes two or three digits.
        assert library[name].value == pytest.approx(1e3 * molar / volume, rel=0.01)


def test_critical_temperatures_are_those_of_the_bulk_or_its_films() -> None:
    library = of("critical_temperature")
    assert set(library) == set(BULK_CRITICAL_TEMPERATURE)
    for name, kelvin in BULK_CRITICAL_TEMPERATURE.items():
        assert library[name].low < kelvin < library[name].high
        # Aluminium is that of a thin film, 2 % above the bulk; the others are rounded by less.
        assert library[name].value == pytest.approx(kelvin, rel=0.03)


def test_couplings_to_phonons_are_those_of_the_review() -> None:
    library = {name: quantity for name, quantity in of("electron_phonon").items() if quantity.source == "giazotto2006"}
    assert {name: quantity.value / 1e9 for name, quantity in library.items()} == REVIEWED_COUPLING


def test_the_barrier_is_that_of_the_measured_junctions() -> None:
    barrier = material("alox")
    assert isinstance(barrier, TunnelBarrier)
    # 1.05 kΩ on 0.4 µm² in the cooler of Leivo et al.: one multiplication. 68 fF/µm² is stated as such.
    assert barrier.specific_resistance.value == pytest.approx(1050.0 * 0.4e-12, rel=1e-15)
    assert barrier.specific_capacitance.value == pytest.approx(68e-15 / 1e-12, rel=1e-15)


def test_the_physics_page_shows_every_number_of_the_library() -> None:
    page = (Path(__file__).parents[2] / "docs" / "physics.md").read_text("utf-8")
    rows = [
        f"| {name} | {key} | {quantity.value:.4g}{' **[assumed]**' if quantity.assumed else ''} "
        f"| {quantity.low:.4g} – {quantity.high:.4g} | {quantity.unit or '–'} | {quantity.source} |"
        for name, key, quantity in ALL
    ]
    assert [line for line in page.splitlines() if line.startswith(tuple(f"| {name} | " for name in LIBRARY))] == rows
