"""Device files: what they mean, and what is said about those that mean nothing."""

import copy
import os
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkelvin.devicefile import dump, load, loads, preset, preset_names, preset_text, validate
from subkelvin.devicefile.build import build
from subkelvin.devicefile.load import LARGEST_FILE
from subkelvin.devicefile.overrides import apply_overrides, parse_override
from subkelvin.devicefile.schema import check_shape, json_schema
from subkelvin.model import Device, DeviceError, Origin
from subkelvin.model.vocabulary import field_of

SMALL = """
name = "small"
[superconductors.Al]
critical_temperature = "1.2 K"
dynes = 1e-4
gap_model = "interpolated"
electron_phonon = "0.3e9 W m^-3 K^-5"
[metals.InAs]
electron_phonon = "3e7 W m^-3 K^-6"
[islands.bath]
temperature = "50 mK"
[islands.left]
power = "10 fW"
phonons = "bath"
parts = [{ material = "InAs", volume = "0.006 um^3" }, { material = "Al", volume = "0.003 um^3" }]
[elements.left]
kind = "nis"
nodes = ["a", "ground"]
island = "left"
superconductor = "Al"
junctions = 2
area = "1 um^2"
specific_resistance = "10 ohm um^2"
specific_capacitance = "50 fF/um^2"
[elements.right]
kind = "resistor"
nodes = ["a", "ground"]
island = "bath"
resistance = "50 ohm"
[[assumed]]
because = "nobody measured it"
values = ["metals.InAs.*", "islands.*.parts.0.volume"]
[[sourced]]
source = "giazotto2006"
values = ["superconductors.Al.electron_phonon"]
"""


def with_change(path: str, value: Any) -> Device:
    """The small device with one key set; None removes it."""
    tables = tomllib.loads(SMALL)
    *parents, last = path.split(".")
    place: Any = tables
    for key in parents:
        place = place[int(key) if isinstance(place, list) else key]
    if value is None:
        del place[last]
    else:
        place[int(last) if isinstance(place, list) else last] = value
    return build(check_shape(tables))


def test_a_file_becomes_si_values_structure_and_origins() -> None:
    device = loads(SMALL)
    assert device.values == {
        "superconductors.Al.critical_temperature": 1.2,
        "superconductors.Al.dynes": 1e-4,
        "superconductors.Al.electron_phonon": 3e8,
        "metals.InAs.electron_phonon": 3e7,
        "metals.InAs.electron_phonon_exponent": 6.0,
        "islands.bath.temperature": 0.05,
        "islands.bath.parasitic_power": 0.0,
        "islands.left.power": 1e-14,
        "islands.left.parasitic_power": 0.0,
        "islands.left.parts.0.volume": 6e-21,
        "islands.left.parts.1.volume": 3e-21,
        "elements.left.junctions": 2.0,
        "elements.left.area": 1e-12,
        "elements.left.specific_resistance": 1e-11,
        "elements.left.specific_capacitance": 0.05,
        "elements.right.resistance": 50.0,
    }
    structure = device.structure
    assert [(i.name, i.held, i.phonons) for i in structure.islands] == [("bath", True, None), ("left", False, "bath")]
    assert [(p.material, p.superconducting) for p in structure.island("left").parts] == [("InAs", False), ("Al", True)]
    assert [(e.kind.name, e.nodes, e.island) for e in structure.elements] == [
        ("nis", ("a", "ground"), "left"),
        ("resistor", ("a", "ground"), "bath"),
    ]
    assert structure.superconductor("Al").gap_equation is False
    assert device.provenance.assumed == (
        "islands.left.parts.0.volume",
        "metals.InAs.electron_phonon",
        "metals.InAs.electron_phonon_exponent",
    )
    assert device.provenance.of("superconductors.Al.electron_phonon") == Origin("giazotto2006")
    assert device.provenance.of("metals.InAs.electron_phonon").note == "nobody measured it"


def test_a_library_material_brings_its_values_and_sources_and_yields_to_the_file() -> None:
    text = SMALL.replace("[superconductors.Al]", '[superconductors.Al]\nbase = "aluminium"').replace(
        'critical_temperature = "1.2 K"\n', ""
    )
    device = loads(text)
    assert device.values["superconductors.Al.sommerfeld"] == 135.0
    assert device.provenance.of("superconductors.Al.sommerfeld").source
    assert device.values["superconductors.Al.critical_temperature"] > 1.0
    assert device.values["superconductors.Al.electron_phonon"] == 3e8
    assert device.values["superconductors.Al.dynes"] == 1e-4
    written = loads(SMALL.replace("[superconductors.Al]", '[superconductors.Al]\nbase = "aluminium"'))
    assert written.provenance.of("superconductors.Al.critical_temperature") == Origin()


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("islands.left.power", "10 mK", "`islands.left.power` must be a power, but is '10 mK'; try \"10 fW\"."),
        ("islands.left.power", 10, "bare number 10; try \"10 fW\"."),
        ("islands.left.powr", "1 fW", "`islands.left.powr` is not a key; did you mean `power`?"),
        ("islands.left.parts.0.volume", "-1 um^3", "`islands.left.parts.0.volume` must be a volume of"),
        ("islands.left.parts.0.volume", None, "`islands.left.parts.0.volume` is missing"),
        ("islands.left.parts.0.material", "Ag", "neither in `metals` nor in `superconductors`"),
        ("islands.left.parts.0.material", None, "`islands.left.parts.0.material` is missing"),
        ("islands.left.parts", "Ag", "`islands.left.parts` must be a list"),
        ("islands.left.parts.0", 3, "`islands.left.parts.0` must be a table, but is 3"),
        ("islands.left.parts", [], "`islands.left.phonons` couples parts to phonons, but the island has no `parts`"),
        ("islands.left.phonons", "bth", "is 'bth', which is not an island; did you mean `bath`?"),
        ("islands.left.phonons", None, '`islands.left.phonons` is missing: the electrons of `parts` give heat to the phonons'),
        ("islands.none", {}, "`islands.none` has the name by which"),
        ("islands.left.phonons", "left", "`islands.left.phonons` is the island itself"),
        ("islands.left.temperature", "1 K", "has both `temperature` (held there) and `power` (floating)"),
        ("islands.bath.temperature", None, "`islands` hold no temperature"),
        ("islands.bath.temperature", "nan K", "must be a finite temperature"),
        ("islands.bath.temperature", "0 K", "must be a temperature of"),
        ("islands.no good", {}, "holds the name 'no good'"),
        ("islands.a\n", {}, "holds the name 'a\\n'"),
        ("islands.", {}, "holds the name ''"),
        ("islands", {}, "`islands` is empty"),
        ("islands", 3, "`islands` must be a table, but is 3"),
        ("metals.Al", {"electron_phonon": "1e9 W m^-3 K^-5"}, "`metals.Al` has the name of a superconductor"),
        ("metals.InAs.base", "slver", "`metals.InAs.base` is 'slver', but"),
        ("metals.InAs.electron_phonon", None, "`metals.InAs.electron_phonon` is missing"),
        ("metals.InAs.electron_phonon_exponent", 6, "is read off the unit of `electron_phonon`"),
        ("superconductors.Al.dynes", -1e-4, "must be a pure number of 0 or 1e-15 to 0.1"),
        ("superconductors.Al.gap_model", "exact", "must be 'interpolated' or 'bcs', but is 'exact'"),
        ("elements.left.kind", "nsi", "`elements.left.kind` must be one of capacitor, inductor, line"),
        ("elements.left.kind", None, "`elements.left` has no `kind`"),
        ("elements.left.kind", ["nis"], "`elements.left.kind` must be one of"),
        ("elements.left.kind", "nin", "`elements.left.superconductor` cannot be: a nin has no superconductor"),
        ("elements.left.superconductor", None, "`elements.left.superconductor` is missing"),
        ("elements.left.superconductor", "Nb", "`elements.left.superconductor` is 'Nb', which is not in"),
        ("elements.left.superconductor", "InAs", "InAs is a normal metal"),
        ("elements.left.island", None, "`elements.left.island` is missing"),
        ("elements.left.island", "bath2", "is 'bath2', which is not an island; did you mean `bath`?"),
        ("elements.left.nodes", ["a", "a"], "`elements.left.nodes` are both 'a'"),
        ("elements.left.nodes", ["a"], "`elements.left.nodes` must be two nodes"),
        ("elements.left.nodes", ["a", "b", "c"], "`elements.left.nodes` must be two nodes"),
        ("elements.left.nodes", "a", "`elements.left.nodes` must be a list"),
        ("elements.left.nodes", ["a", "b c"], "`elements.left.nodes.1` must be a name"),
        ("elements.left.area", None, "`elements.left.area` is missing: a junction is given by"),
        ("elements.left.resistance", "1 kohm", "`elements.left.resistance` cannot stand beside `area`"),
        ("elements.left.junctions", 1.5, "`elements.left.junctions` must be a whole number"),
        ("elements.left.junctions", 0, "`elements.left.junctions` must be a pure number of 1 to 10000"),
        ("elements.left.normal_island", "left", "is not supported in this version"),
        ("elements.left.admittance", "fast", "must be 'static' or 'dynamic', but is 'fast'"),
        ("elements.shunt", {"kind": "capacitor", "nodes": ["a", "ground"], "capacitance": "1 fF", "island": "left"},
         "`elements.shunt.island` cannot be: a capacitor is lossless"),
        ("elements.shunt", {"kind": "capacitor", "nodes": ["a", "ground"]}, "`elements.shunt.capacitance` is missing"),
        ("elements.shunt", {"kind": "capacitor", "nodes": ["a", "ground"], "capacitance": "0 F"},
         "must be a capacitance of"),
        ("elements.right.resistance", "-50 ohm", "must be a resistance of"),
        ("links", {"a": {"kind": "kapitza"}}, "`links.a.from` is missing: it names the island that the heat leaves"),
        ("admittance", "statc", "`admittance` must be 'static' or 'dynamic', but is 'statc'"),
        ("island", {}, "`island` is not a key; did you mean `islands`?"),
        ("name", 3, "`name` must be a text in quotes, but is 3"),
        ("assumed.0.because", None, "`assumed.0.because` is missing"),
        ("assumed.0.values", ["islands.left.powr"], "`assumed.0.values` holds 'islands.left.powr', which is no value"),
        ("sourced.0.source", None, "`sourced.0.source` is missing"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_a_sentence(path: str, value: Any, sentence: str) -> None:
    with pytest.raises(DeviceError) as caught:
        with_change(path, value)
    assert sentence in str(caught.value)


def test_the_unchanged_small_device_is_accepted() -> None:
    # Otherwise the refusals above could have another cause.
    assert with_change("name", "small").values == loads(SMALL).values
    validate(loads(SMALL))


def test_a_junction_may_be_given_by_its_own_resistance_and_capacitance() -> None:
    element = {
        "kind": "nin", "nodes": ["a", "ground"], "island": "left", "resistance": "1 kohm", "capacitance": "1 fF",
    }  # fmt: skip
    device = with_change("elements.left", element)
    assert device.values["elements.left.resistance"] == 1000.0
    assert device.values["elements.left.capacitance"] == 1e-15
    assert device.values["elements.left.junctions"] == 1.0


def test_an_island_without_a_path_for_its_heat_is_refused_by_validate() -> None:
    device = with_change("islands.lost", {"power": "1 fW"})
    with pytest.raises(DeviceError, match=r"`islands\.lost` floats, but has no path for its heat"):
        validate(device)


def test_an_open_circuit_is_refused_by_validate() -> None:
    device = with_change("elements.left.nodes", ["elsewhere", "ground"])
    with pytest.raises(DeviceError, match="no other element touches"):
        validate(device)


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_is_a_device_whose_assumed_values_are_marked(name: str) -> None:
    device = preset(name)
    validate(device)
    parameters = [path for path in device.values if path in tomllib_paths(preset_text(name))]
    origins = dict(device.provenance.origins)
    # Everything a preset writes is a convention (two junctions), assumed with a reason, or sourced.
    unmarked = {path for path in parameters if path not in origins and not path.endswith(".junctions")}
    assert not unmarked
    assert all(origin.note for origin in origins.values() if origin.assumed)
    for path, value in device.values.items():
        field = field_of(path, device.element_kind(path))
        assert field is not None
        assert field.holds(value)


def tomllib_paths(text: str) -> set[str]:
    """All key paths that a TOML text writes."""

    def walk(value: Any, prefix: str) -> set[str]:
        if isinstance(value, dict):
            return set().union(*(walk(item, f"{prefix}.{key}") for key, item in value.items()), set())
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return set().union(*(walk(item, f"{prefix}.{index}") for index, item in enumerate(value)), set())
        return {prefix[1:]}

    return walk(tomllib.loads(text), "")


def test_the_presets_hold_the_reference_parameters() -> None:
    setups = [name for name in preset_names() if "setup" in name]
    assert setups == ["inas-setup-1", "inas-setup-2", "silver-setup-1", "silver-setup-2"]
    for name in setups:
        values, structure = preset(name).values, preset(name).structure
        assert values["superconductors.Al.critical_temperature"] == 1.2
        assert values["superconductors.Al.dynes"] == 1e-4
        assert values["superconductors.Al.electron_phonon"] == 3e8
        assert not structure.superconductor("Al").gap_equation
        assert values["islands.bath.temperature"] == 0.05
        assert values["islands.left.power"] == (1e-13 if name.startswith("silver") else 1.5e-14)
        metal = structure.metals[0]
        expected = (0.5e9, 5.0, 6e-21) if name.startswith("silver") else (3e7, 6.0, 2e-20)
        assert (
            values[f"metals.{metal}.electron_phonon"],
            values[f"metals.{metal}.electron_phonon_exponent"],
        ) == expected[:2]
        assert values["islands.left.parts.0.volume"] == expected[2]
        assert values["islands.left.parts.1.volume"] == 3e-21
        for side, area in (("left", 1e-12), ("right", 2e-12)):
            assert values[f"elements.{side}.junctions"] == 2.0
            assert values[f"elements.{side}.area"] == area
            assert values[f"elements.{side}.specific_resistance"] == 1e-11
            assert values[f"elements.{side}.specific_capacitance"] == 0.05
        islands = [island.name for island in structure.islands]
        if name.endswith("1"):
            assert islands == ["bath", "left", "right"]
            assert values["islands.right.temperature"] == 0.3
            for part in "01":
                ratio = values[f"islands.right.parts.{part}.volume"] / values[f"islands.left.parts.{part}.volume"]
                # Rounding of two quotients of exact decimals.
                assert ratio == pytest.approx(100.0, rel=1e-15)
        else:
            assert islands == ["bath", "left"]
            assert next(e for e in structure.elements if e.name == "right").island == "bath"


@pytest.mark.parametrize("name", preset_names())
def test_a_part_is_as_large_as_its_length_times_its_cross_section(name: str) -> None:
    values = preset(name).values
    parts = [path.removesuffix(".volume") for path in values if path.endswith(".volume")]
    for part in parts:
        product = values[f"{part}.length"] * values[f"{part}.cross_section"]
        # One rounding of the product.
        assert product == pytest.approx(values[f"{part}.volume"], rel=1e-15)


@pytest.mark.parametrize("text", [SMALL, *(preset_text(name) for name in preset_names())])
def test_a_device_written_and_read_is_the_same_device(text: str) -> None:
    device = loads(text)
    again = loads(dump(device))
    assert again.values == device.values
    assert again.structure == device.structure
    assert again.provenance == device.provenance


def test_a_name_with_quotes_and_line_breaks_survives_writing() -> None:
    device = with_change("name", 'a "quoted"\n\tname \\ with \x7f Γ')
    assert loads(dump(device)).structure.name == device.structure.name


def test_a_device_without_a_name_has_the_name_of_its_file(tmp_path: Path) -> None:
    file = tmp_path / "my-device.toml"
    file.write_text(SMALL.replace('name = "small"', ""))
    assert load(file).structure.name == "my-device"
    assert loads(SMALL.replace('name = "small"', "")).structure.name == "device"


def test_files_that_are_no_device_files_are_refused(tmp_path: Path) -> None:
    def refuse(path: Path | str, words: str) -> None:
        with pytest.raises(DeviceError, match=words):
            load(path)

    refuse(tmp_path / "absent.toml", "there is no file")
    refuse(tmp_path, "is a directory")
    refuse(tmp_path / ("x" * 5000), "cannot be read")
    refuse("a\0b", "cannot be read")
    (tmp_path / "latin.toml").write_bytes('name = "K\xf6ln"'.encode("latin-1"))
    refuse(tmp_path / "latin.toml", "UTF-8")
    (tmp_path / "huge.toml").write_bytes(b"#" * (LARGEST_FILE + 1))
    refuse(tmp_path / "huge.toml", "more than 1,000,000 bytes")
    (tmp_path / "binary.toml").write_bytes(bytes(range(128)))
    refuse(tmp_path / "binary.toml", "not TOML")
    (tmp_path / "deep.toml").write_text("a = " + "[" * 100_000)
    refuse(tmp_path / "deep.toml", "nested too deeply")
    (tmp_path / "digits.toml").write_text("a = " + "9" * 10_000)
    refuse(tmp_path / "digits.toml", "not TOML")
    (tmp_path / "empty.toml").write_text("")
    refuse(tmp_path / "empty.toml", "`islands` is empty")
    (tmp_path / "loop.toml").symlink_to(tmp_path / "loop.toml")
    refuse(tmp_path / "loop.toml", "cannot be read")
    if os.geteuid() != 0:
        (tmp_path / "closed.toml").write_text(SMALL)
        (tmp_path / "closed.toml").chmod(0)
        refuse(tmp_path / "closed.toml", "cannot be read: Permission denied")


def test_an_unknown_preset_names_the_nearest() -> None:
    with pytest.raises(DeviceError, match="did you mean `silver-setup-1`"):
        preset("silversetup-1")
    with pytest.raises(DeviceError, match="the presets are inas-setup-1"):
        preset("zzz")


@pytest.mark.parametrize(
    ("text", "override"),
    [
        ("islands.left.power=20 fW", ("islands.left.power", "20 fW")),
        ('islands.left.power="20 fW"', ("islands.left.power", "20 fW")),
        ("dynes = 1e-4", ("dynes", 1e-4)),
        ("a=[1, 2]", ("a", [1, 2])),
        ("a={ b = 1 }", ("a", {"b": 1})),
        ("a=true", ("a", True)),
        ("a=", ("a", "")),
        ("a=b=c", ("a", "b=c")),
        ('a="x"\nb=1', ("a", '"x"\nb=1')),
        ("a=" + "[" * 100_000, ("a", "[" * 100_000)),
    ],
)
def test_the_value_of_an_override_is_toml_or_else_a_text(text: str, override: tuple[str, Any]) -> None:
    assert parse_override(text) == override


@pytest.mark.parametrize("text", ["", "x", "=3", "  = 3"])
def test_an_override_without_path_or_value_is_refused(text: str) -> None:
    with pytest.raises(DeviceError, match="must be PATH=VALUE"):
        parse_override(text)


def test_an_override_is_read_like_the_file() -> None:
    device = loads(SMALL, overrides=[("islands.left.power", "20 fW"), ("islands.left.parts.1.volume", "1 um^3")])
    assert device.values["islands.left.power"] == 2e-14
    assert device.values["islands.left.parts.1.volume"] == 1e-18
    with pytest.raises(DeviceError, match=r"`islands\.left\.power` must be a power, but is '10 mK'"):
        loads(SMALL, overrides=[("islands.left.power", "10 mK")])


def test_an_override_is_no_longer_assumed() -> None:
    device = loads(SMALL, overrides=[("islands.left.parts.0.volume", "1 um^3")])
    assert "islands.left.parts.0.volume" not in device.provenance.assumed
    assert "metals.InAs.electron_phonon" in device.provenance.assumed
    whole_table = loads(SMALL, overrides=[("metals.InAs", {"electron_phonon": "1e8 W m^-3 K^-5"})])
    assert whole_table.provenance.assumed == ("islands.left.parts.0.volume",)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("islands.lft.power", "`islands.lft` cannot be set.*did you mean `left`"),
        ("islands.left.parts.2.volume", "numbered from 0 to 1"),
        ("islands.left.parts.-1.volume", "numbered from 0 to 1"),
        ("islands.left.parts.2", "numbered from 0 to 1"),
        ("islands.left.power.x", "cannot be set"),
        ("islands.left.powr", "did you mean `power`"),
        ("..", "cannot be set"),
    ],
)
def test_an_override_of_nothing_is_refused(path: str, words: str) -> None:
    with pytest.raises(DeviceError, match=words):
        loads(SMALL, overrides=[(path, "1 um^3")])


def test_overrides_leave_the_original_tables_alone() -> None:
    tables = tomllib.loads(SMALL)
    before = copy.deepcopy(tables)
    apply_overrides(tables, [("islands.left.parts.0.volume", "1 um^3")])
    assert tables == before


def test_the_json_schema_knows_every_table() -> None:
    definitions = json_schema()["$defs"]
    assert {
        "Island",
        "Part",
        "Metal",
        "Superconductor",
        "NisElement",
        "NinElement",
        "ResistorElement",
        "SquidElement",
    } <= set(definitions)
    assert definitions["Island"]["properties"]["power"]["unit"] == "W"


VALUE = st.recursive(
    st.one_of(
        st.text(max_size=8),
        st.sampled_from(["nis", "Al", "left", "bath", "10 mK", "1 um^3", "50 ohm", "ground", "capacitor", "line"]),
        st.integers(),
        st.floats(),
        st.booleans(),
        st.datetimes(),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


def all_places(value: Any, prefix: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in nested tables and lists."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, item in items for place in [(*prefix, key), *all_places(item, (*prefix, key))]]


PLACES = all_places(tomllib.loads(SMALL))


@given(st.sampled_from(PLACES), VALUE)
def test_hostile_values_at_any_place_give_a_device_or_a_sentence(place: tuple[Any, ...], value: Any) -> None:
    tables: Any = tomllib.loads(SMALL)
    inner = tables
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    expect_device_or_sentence(tables)


@given(st.sampled_from(PLACES), st.text(max_size=8), VALUE)
def test_hostile_extra_keys_give_a_sentence(place: tuple[Any, ...], key: str, value: Any) -> None:
    tables: Any = tomllib.loads(SMALL)
    inner = tables
    for step in place:
        inner = inner[step]
    if isinstance(inner, dict):
        inner[key] = value
    expect_device_or_sentence(tables)


@given(st.dictionaries(st.sampled_from(["islands", "elements", "metals", "superconductors", "assumed", "x"]), VALUE))
def test_hostile_tables_give_a_device_or_a_sentence(tables: dict[str, Any]) -> None:
    expect_device_or_sentence(tables)


@given(st.text())
def test_hostile_text_gives_a_device_or_a_sentence(text: str) -> None:
    with pytest.raises(DeviceError):
        loads(text)


@given(st.integers(0, len(SMALL)), st.integers(0, 40), st.text(max_size=5))
def test_a_damaged_file_gives_a_device_or_a_sentence(start: int, length: int, patch: str) -> None:
    try:
        device = loads(SMALL[:start] + patch + SMALL[start + length :])
    except DeviceError as error:
        assert_one_sentence(error)
        return
    assert isinstance(device, Device)


def expect_device_or_sentence(tables: dict[str, Any]) -> None:
    """Only a DeviceError may come out, and what does come out is within range."""
    try:
        device = build(check_shape(tables))
        validate(device)
    except DeviceError as error:
        assert_one_sentence(error)
        return
    for path, value in device.values.items():
        field = field_of(path, device.element_kind(path))
        assert field is not None
        assert field.holds(value)


def assert_one_sentence(error: DeviceError) -> None:
    """One sentence of readable length."""
    assert str(error)[-1] in ".?"
    assert "Traceback" not in str(error)
    assert len(str(error)) < 600


@pytest.mark.parametrize("parts", [33, 500, 100_000])
@pytest.mark.parametrize(
    "text",
    [
        "{key} = 1", "[{key}]", "[[{key}]]", "a = {{ {key} = 1 }}", 'a = """" ""quoted""""", {key} = 1', "x = {{a='#', {key} = 1}}",
        "'{key}'.{key} = 1", "# comment\n{key} = 1",
    ],
)  # fmt: skip
def test_a_key_of_too_many_parts_is_refused_before_it_costs_anything(text: str, parts: int) -> None:
    # Read by a parser, the longest took 23 GB; none reaches it now.
    began = time.process_time()
    with pytest.raises(DeviceError, match="nested too deeply"):
        loads(text.format(key=".".join(["a"] * parts)))
    assert time.process_time() - began < 2.0  # seconds; some 0.1 are measured


@pytest.mark.parametrize(
    "text", ["x = " + "[" * 200 + "]" * 200, "x = " + "[" * 40 + "]" * 40, "a = " + "{a=" * 60 + "1" + "}" * 60]
)
def test_tables_and_lists_in_each_other_are_refused_when_they_lie_too_deep(text: str) -> None:
    with pytest.raises(DeviceError, match="nested too deeply"):
        loads(text)


def test_half_a_character_is_no_text() -> None:
    # It could not be written into a file again.
    for change in (("name", "\ud800"), ("assumed", [{"because": "\udcff", "values": ["elements.right.resistance"]}])):
        with pytest.raises(DeviceError, match="holds halves of characters"):
            loads(SMALL, overrides=[change])


def test_dots_in_texts_and_comments_divide_nothing() -> None:
    dots = ".".join(["a"] * 100)
    for text in (
        f"# {dots}",
        f'name = "{dots}"',
        f"name = '{dots}'",
        f'name = """\n{dots}"""',
        f"name = '''{dots}'{dots}'''",
    ):
        loads(f'{text}\nislands.bath.temperature = "50 mK"')


@pytest.mark.parametrize("node", ["GND", "gnd", "0", "00", "Ground", "GROUND"])
def test_other_names_of_the_ground_are_refused(node: str) -> None:
    with pytest.raises(DeviceError, match=rf"hold '{node}', but the reference node is called ground; try \"ground\""):
        with_change("elements.right.nodes", ["a", node])


@pytest.fixture
def folder_with_data(tmp_path: Path) -> Path:
    """A folder with a device file's folder in it, and measured data in several places."""
    home = tmp_path / "home"
    for folder in (tmp_path, home, home / "data"):
        folder.mkdir(exist_ok=True)
        (folder / "probe.s1p").write_text("# GHz S RI R 50\n1 0 0\n2 0 0\n")
    (home / "link.s1p").symlink_to(tmp_path / "probe.s1p")
    return home


def with_probe(folder: Path, file: str) -> Path:
    """A device file with a measured element."""
    path = folder / "device.toml"
    path.write_text(
        f"""
islands.bath.temperature = "50 mK"
elements.probe = {{ kind = "table", nodes = ["a", "ground"], island = "bath", file = '{file}', outside = "hold" }}
elements.end = {{ kind = "resistor", nodes = ["a", "ground"], island = "bath", resistance = "50 ohm" }}
"""
    )
    return path


@pytest.mark.parametrize("file", ["probe.s1p", "data/probe.s1p", "data/../probe.s1p", "./probe.s1p"])
def test_measured_data_stand_beside_the_device_file(folder_with_data: Path, file: str) -> None:
    assert load(with_probe(folder_with_data, file)).structure.elements[0].table is not None


@pytest.mark.parametrize("file", ["../probe.s1p", "{outside}/probe.s1p", "data/../../probe.s1p", "link.s1p"])
def test_measured_data_elsewhere_have_to_be_allowed(folder_with_data: Path, file: str) -> None:
    path = with_probe(folder_with_data, file.format(outside=folder_with_data.parent))
    with pytest.raises(
        DeviceError, match=r"elements.probe.file` is .*, which does not lie beside the device file.*--files-elsewhere"
    ):
        load(path)
    assert load(path, files_elsewhere=True).structure.elements[0].table is not None


def test_an_island_may_say_that_its_electrons_give_no_heat_to_phonons() -> None:
    device = loads(SMALL.replace('phonons = "bath"', 'phonons = "none"'))
    assert device.structure.island("left").phonons is None
    assert device.structure.island("left").parts
    assert 'phonons = "none"' in dump(device)
    assert loads(dump(device)).structure.islands == device.structure.islands
