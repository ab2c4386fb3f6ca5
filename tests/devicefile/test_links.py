"""Links in device files: what they mean, how they are written and reported, and what is said about wrong ones."""

import contextlib
import json
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkelvin import Device, DeviceError, report
from subkelvin.cli.tables import console, print_report
from subkelvin.devicefile import dump, loads, preset, validate
from subkelvin.devicefile.build import build
from subkelvin.devicefile.schema import check_shape, json_schema
from subkelvin.heat.links import LINK_KINDS

DEVICE = """
name = "links"
[superconductors.Al]
critical_temperature = "1.2 K"
dynes = 1e-4
electron_phonon = "0.3e9 W m^-3 K^-5"
[superconductors.Nb]
critical_temperature = "9.2 K"
dynes = 0
electron_phonon = "1e9 W m^-3 K^-5"
[metals.Cu]
electron_phonon = "2e9 W m^-3 K^-5"
[islands.bath]
temperature = "50 mK"
[islands.n]
power = "10 fW"
phonons = "bath"
parts = [{ material = "Cu", volume = "0.01 um^3" }]
[islands.s]
phonons = "bath"
parts = [{ material = "Al", volume = "0.01 um^3" }]
[elements.junction]
kind = "nis"
nodes = ["a", "ground"]
island = "n"
superconductor = "Al"
junctions = 2
resistance = "1 kohm"
capacitance = "50 fF"
[elements.absorber]
kind = "resistor"
nodes = ["a", "ground"]
island = "bath"
resistance = "50 ohm"
[links.same]
kind = "nis-tunnel"
from = "n"
to = "s"
element = "junction"
[links.other]
kind = "nis-tunnel"
from = "n"
to = "s"
superconductor = "Al"
resistance = "2 kohm"
voltage = "0.1 mV"
returned = 0.01
[links.josephson]
kind = "sis-tunnel"
from = "s"
to = "bath"
superconductor_from = "Al"
superconductor_to = "Nb"
resistance = "300 ohm"
phase = 0.5
[links.lead]
kind = "superconducting-wire"
from = "s"
to = "bath"
superconductor = "Nb"
resistance = "10 ohm"
[links.legs]
kind = "power-law"
from = "n"
to = "bath"
coefficient = "2 pW/K^3.5"
[[assumed]]
because = "a guess"
values = ["links.*.returned", "links.legs.coefficient"]
"""


def with_change(path: str, value: Any) -> Device:
    """The device with one key set; None removes it."""
    tables = tomllib.loads(DEVICE)
    *parents, last = path.split(".")
    place: Any = tables
    for key in parents:
        place = place.setdefault(key, {})
    if value is None:
        del place[last]
    else:
        place[last] = value
    return build(check_shape(tables))


def test_a_link_has_si_values_references_and_origins() -> None:
    device = loads(DEVICE)
    values = {path: value for path, value in device.values.items() if path.startswith("links.")}
    assert values == {
        "links.same.voltage": 0.0,
        "links.same.returned": 0.0,
        "links.other.resistance": 2e3,
        "links.other.junctions": 1.0,
        "links.other.voltage": 1e-4,
        "links.other.returned": 0.01,
        "links.josephson.resistance": 300.0,
        "links.josephson.phase": 0.5,
        "links.lead.resistance": 10.0,
        "links.legs.coefficient": 2e-12,
        "links.legs.coefficient_exponent": 3.5,
    }
    same, other, josephson, *_ = device.structure.links
    assert (same.kind.name, same.islands, same.element) == ("nis-tunnel", ("n", "s"), "junction")
    assert same.superconductors == other.superconductors == (("superconductor", "Al"),)
    assert josephson.superconductors == (("superconductor_from", "Al"), ("superconductor_to", "Nb"))
    assert device.provenance.of("links.other.returned").assumed
    assert device.provenance.of("links.legs.coefficient").note == "a guess"


@pytest.mark.parametrize("text", [DEVICE, "silver-split", "leivo-1996"])
def test_links_written_and_read_are_the_same(text: str) -> None:
    device = loads(text) if "\n" in text else preset(text)
    again = loads(dump(device))
    assert again.values == device.values
    assert again.structure == device.structure
    assert again.provenance == device.provenance


def test_a_link_is_changed_like_any_value() -> None:
    device = loads(DEVICE, overrides=[("links.other.voltage", "0.2 mV"), ("links.legs.coefficient", "1 fW/K^4")])
    assert device.values["links.other.voltage"] == 2e-4
    assert device.values["links.legs.coefficient_exponent"] == 4.0
    assert device.replace({"links.other.returned": 0.5}).values["links.other.returned"] == 0.5
    with pytest.raises(DeviceError, match=r"links\.other\.returned"):
        device.replace({"links.other.returned": 1.5})
    with pytest.raises(DeviceError, match=r"links\.other\.voltage"):
        device.replace({"links.other.votlage": 1e-4})


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("links.other.from", "nn", "`links.other.from` is 'nn', which is not an island"),
        ("links.other.to", "sun", "`links.other.to` is 'sun', which is not an island; the islands are bath, n, s"),
        ("links.other.to", "n", "`links.other.to` is 'n', as `from` is: no heat flows"),
        ("links.other.to", None, "`links.other.to` is missing: it names the island that the heat enters"),
        ("links.other.from", 3, "`links.other.from` must be a text in quotes, but is 3"),
        ("links.other.kind", "nis", "`links.other.kind` must be one of kapitza, nis-tunnel"),
        ("links.other.kind", None, '`links.other` has no `kind`; try kind = "kapitza"'),
        ("links.other", 3, "`links.other` "),
        ("links.other.resistance", "-1 kohm", "`links.other.resistance` must be a resistance of 0.001 to 1e+12 ohm"),
        ("links.other.resistance", None, "`links.other.resistance` is missing: a resistance is required"),
        ("links.other.resistance", "1 pW", "`links.other.resistance` must be a resistance, but is '1 pW'"),
        ("links.other.returned", 1.1, "`links.other.returned` must be a pure number of 0 to 1, but is 1.1"),
        ("links.other.returned", -0.1, "`links.other.returned` must be a pure number of 0 to 1, but is -0.1"),
        ("links.other.junctions", 1.5, "`links.other.junctions` must be a whole number, but is 1.5"),
        ("links.other.superconductor", None, "`links.other.superconductor` is missing: a link has either"),
        ("links.other.superconductor", "Cu", "`links.other.superconductor` is 'Cu', which is not in `superconductors`"),
        ("links.lead.superconductor", None, "`links.lead.superconductor` is missing: it says what the link is made of"),
        ("links.other.voltagee", "1 mV", "`links.other.voltagee` is not a key of a nis-tunnel; did you mean `voltage`?"),
        ("links.lead.voltage", "1 mV", "`links.lead.voltage` is not a key of a superconducting-wire"),
        ("links.same.element", "junctoin", "`links.same.element` is 'junctoin', which is not an element"),
        ("links.same.element", "absorber", "`links.same.element` is 'absorber', a resistor: this link is one of nis junctions"),
        ("links.same.resistance", "1 kohm", "`links.same.resistance` cannot stand beside `element`"),
        ("links.same.superconductor", "Al", "`links.same.superconductor` cannot stand beside `element`"),
        ("links.same.junctions", 2, "`links.same.junctions` cannot stand beside `element`"),
        ("links.same.from", "bath", "`links.same.from` is 'bath', but `elements.junction` radiates at the temperature of 'n'"),
        ("links.lead.element", "junction", "`links.lead.element` is not a key of a superconducting-wire"),
        (
            "links.third",
            {"kind": "nis-tunnel", "from": "n", "to": "bath", "element": "junction"},
            "`links.third.element` is 'junction', whose junctions `links.same` already stands for",
        ),
        ("links.josephson.superconductor_to", None, "`links.josephson.superconductor_to` is missing"),
        ("links.legs.coefficient", "2e-12", "`links.legs.coefficient` must be a power-law coefficient with a unit"),
        ("links.legs.coefficient", "2e-12 W m^-3 K^-5", "`links.legs.coefficient` must be a power-law coefficient, but"),
        ("links.legs.coefficient", "2e-12 W K^2", "`links.legs.coefficient` must be a power-law coefficient, but"),
        ("links.legs.coefficient_exponent", 4, "`links.legs.coefficient_exponent` is read off the unit of `coefficient`"),
        ("links", 3, "`links` must be a table"),
        ("links.a b", {"kind": "kapitza"}, "`links` holds the name 'a b'"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_link_is_told_in_a_sentence(path: str, value: Any, sentence: str) -> None:
    with pytest.raises(DeviceError) as error:
        with_change(path, value)
    assert str(error.value).startswith(sentence)


LINKS = tomllib.loads(DEVICE)["links"]
PLACES = [(link, key) for link, table in LINKS.items() for key in (*table, "element", "superconductor", "kapitza")]
HOSTILE = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["nis-tunnel", "kapitza", "Al", "n", "bath", "10 mK", "50 ohm", "1 uV", "junction", "absorber", "W K^-4"]
    ),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


@given(st.sampled_from(PLACES), HOSTILE)
def test_hostile_values_in_a_link_give_a_device_or_a_sentence(place: tuple[str, str], value: Any) -> None:
    tables = tomllib.loads(DEVICE)
    tables["links"][place[0]][place[1]] = value
    with contextlib.suppress(DeviceError):
        validate(build(check_shape(tables)))


def test_equal_gaps_without_any_broadening_are_refused() -> None:
    with pytest.raises(DeviceError, match=r"`links\.josephson` joins superconductors that both have dynes = 0"):
        validate(with_change("links.josephson.superconductor_from", "Nb"))
    with pytest.raises(DeviceError, match=r"`links\.josephson` joins"):
        validate(loads(DEVICE).replace({"superconductors.Al.dynes": 0.0}))


def test_the_unchanged_device_is_accepted() -> None:
    validate(loads(DEVICE))


def test_a_report_shows_every_way_of_every_link(capsys: pytest.CaptureFixture[str]) -> None:
    device = loads(DEVICE)
    answer = report(device).to_dict()
    assert answer["status"] == "converged"
    entries = [entry for entry in answer["heat"] if entry["through"] == ["links.other"]]
    shown = {(entry["kind"], entry["from"], entry["to"]): entry for entry in entries}
    assert set(shown) == {("nis-tunnel", "n", "s"), ("bias", None, "s"), ("returned", "s", "n")}
    assert shown["bias", None, "s"]["watts"] > 0.0
    for island in ("n", "s"):
        into = sum(e["watts"] * ((e["to"] == island) - (e["from"] == island)) for e in answer["heat"])
        assert abs(into) <= answer["tolerance_W"]
    json.dumps(answer, allow_nan=False)
    console.cache_clear()
    print_report(answer, device)
    table = capsys.readouterr().out
    for words in ("nis-tunnel", "bias", "returned", "sis-tunnel", "superconducting-wire", "power-law", "links.legs"):
        assert words in table
    console.cache_clear()


@pytest.mark.parametrize("name", ["silver-split", "leivo-1996"])
def test_a_preset_with_links_has_a_report(name: str) -> None:
    answer = report(preset(name)).to_dict()
    assert answer["status"] == "converged"
    assert answer["residual_W"] <= answer["tolerance_W"]


def test_the_json_schema_has_every_kind_of_link() -> None:
    definitions = json_schema()["$defs"]
    consts = {
        one["properties"]["kind"].get("const") for one in definitions.values() if "kind" in one.get("properties", {})
    }
    assert consts >= set(LINK_KINDS)
    assert definitions["NisTunnel"]["properties"]["voltage"]["unit"] == "V"
    assert set(definitions["Kapitza"]["required"]) >= {"kind", "from", "to"}
