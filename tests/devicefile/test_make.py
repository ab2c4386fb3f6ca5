"""A device made in Python is the one that a file makes, and refused with the same sentences."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.circuit.test_distributed import everything

from subkelvin import Device, DeviceError, describe, load, make_device, preset, preset_names, save
from subkelvin.devicefile import dump, loads

TWO: dict[str, Any] = {
    "islands": {"hot": {"temperature": 0.3}, "cold": {"power": 1e-15}},
    "elements": {
        "R1": {"kind": "resistor", "nodes": ["a", "ground"], "island": "hot", "resistance": 50.0},
        "R2": {"kind": "resistor", "nodes": ["a", "ground"], "island": "cold", "resistance": "70 ohm"},
    },
}
TEXT = """
islands.hot.temperature = "300 mK"
islands.cold.power = "1 fW"
elements.R1 = { kind = "resistor", nodes = ["a", "ground"], island = "hot", resistance = "50 ohm" }
elements.R2 = { kind = "resistor", nodes = ["a", "ground"], island = "cold", resistance = "70 ohm" }
"""


def is_same(one: Device, other: Device) -> bool:
    return dict(one.values) == dict(other.values) and one.structure == other.structure


def test_si_numbers_and_texts_make_the_device_of_the_file() -> None:
    assert is_same(make_device(TWO), loads(TEXT))


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_is_described_made_saved_and_read_again(name: str, tmp_path: Path) -> None:
    device = preset(name)
    made = make_device(describe(device))
    assert is_same(made, device)
    assert made.provenance.assumed == device.provenance.assumed
    save(device, tmp_path / "mine.toml")
    assert is_same(load(tmp_path / "mine.toml"), device)
    assert dump(load(tmp_path / "mine.toml")) == dump(device)


def test_a_circuit_of_all_kinds_is_described_and_made_again() -> None:
    device = everything()
    made = make_device(describe(device))
    assert made.structure.elements == device.structure.elements
    assert dict(made.values) == dict(device.values)


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        (("islands", "cold", "power"), "10 mK", r"`islands\.cold\.power` must be a power, but is '10 mK'; try"),
        (
            ("islands", "cold", "power"),
            1.0,
            r"`islands\.cold\.power` must be a power of -1e-06 to 1e-06 W, but is 1\.0",
        ),
        (("islands", "cold", "pwer"), 1e-15, r"`islands\.cold\.pwer` is not a key; did you mean `power`"),
        (("elements", "R1", "kind"), "resistr", r"did you mean `resistor`"),
        (("elements", "R1", "resistance"), True, r"`elements\.R1\.resistance` must be a resistance, but is true"),
        (("elements", "R1", "resistance"), float("nan"), r"must be a finite resistance, but is nan"),
    ],
)
def test_mistakes_get_the_sentences_of_the_file(place: tuple[str, str, str], value: object, sentence: str) -> None:
    section, name, key = place
    tables = {**TWO, section: {**TWO[section], name: {**TWO[section][name], key: value}}}
    with pytest.raises(DeviceError, match=sentence):
        make_device(tables)


def test_a_coupling_without_a_unit_has_no_exponent() -> None:
    tables = {**TWO, "metals": {"Cu": {"electron_phonon": 2e9}}}
    with pytest.raises(DeviceError, match="with its unit, which tells the exponent"):
        make_device(tables)


def test_a_bare_number_in_a_file_is_taken_for_si_first() -> None:
    with pytest.raises(DeviceError, match=r'bare number 0\.3; try "0\.3 K" or "0\.3 mK"'):
        loads(TEXT.replace('"300 mK"', "0.3"))


def test_only_a_regular_file_is_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(DeviceError, match="it is no regular file"):
        save(make_device(TWO), pipe)
    assert pipe.is_fifo()
    with pytest.raises(DeviceError, match="it is no regular file"):
        save(make_device(TWO), os.devnull)
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize("y11", ["texts", "pairs", "complex", "array"])
def test_measured_rows_may_be_texts_numbers_or_arrays(y11: str) -> None:
    hertz, siemens = np.linspace(1e9, 4e10, 5), 1.0 / (50.0 + 1e-9j * np.linspace(1e9, 4e10, 5))
    rows: dict[str, Any] = {
        "texts": [[f"{y.real!r} S", f"{y.imag!r} S"] for y in siemens.tolist()],
        "pairs": [[y.real, y.imag] for y in siemens],
        "complex": siemens.tolist(),
        "array": siemens,
    }
    table = {"kind": "table", "nodes": ["a", "ground"], "frequency": hertz, "y11": rows[y11]}
    elements = {**TWO["elements"], "probe": {**table, "island": "cold"}}
    measured = make_device({**TWO, "elements": elements}).structure.elements[2].table
    assert measured is not None
    assert measured.frequency == tuple(2.0 * np.pi * f for f in hertz.tolist())
    assert [row[0] for row in measured.admittance] == siemens.tolist()


def test_a_row_out_of_range_is_refused_with_its_place() -> None:
    table = {"kind": "table", "nodes": ["a", "ground"], "frequency": [1e9, -2e9], "y11": [0.01, 0.01], "island": "cold"}
    with pytest.raises(DeviceError, match=r"elements\.probe\.frequency\.1` must be a frequency of 0 to .*-2000000000"):
        make_device({**TWO, "elements": {**TWO["elements"], "probe": {**table, "y11": [[0.01, 0.0]] * 2}}})


def test_what_is_changed_or_removed_after_describe_loses_its_origin() -> None:
    device = preset("silver-setup-1")
    assumed = set(device.provenance.assumed)
    path = next(one for one in sorted(assumed) if one.endswith(".volume"))
    tables = describe(device)
    island, part = path.split(".")[1], int(path.split(".")[3])
    tables["islands"][island]["parts"][part]["volume"] = "7 um^3"
    assert set(make_device(tables).provenance.assumed) == assumed - {path}
    # A part is gone with all that was said of it, and nobody has to look for it in the list of assumptions.
    tables["islands"][island]["parts"] = tables["islands"][island]["parts"][:1]
    left = make_device(tables).provenance.assumed
    assert set(left) <= assumed - {path}
    assert not any(one.startswith(f"islands.{island}.parts.1") for one in left)


def test_a_claim_says_of_each_value_what_it_was_or_of_none() -> None:
    claim = {"because": "a guess", "values": ["islands.cold.power"], "at": [1e-15, 2e-15]}
    with pytest.raises(DeviceError, match=r"`assumed\.0\.at` has 2 numbers for 1 `values`; give one number for each"):
        make_device({**TWO, "assumed": [claim]})
    assert make_device({**TWO, "assumed": [{**claim, "at": [1e-15]}]}).provenance.assumed == ("islands.cold.power",)
    assert make_device({**TWO, "assumed": [{**claim, "at": [2e-15]}]}).provenance.assumed == ()


@pytest.mark.parametrize("exponent", [4.0, 4.5, 4.123456789012, 5.9999999])
def test_an_exponent_is_written_to_its_last_digit(exponent: float) -> None:
    device = preset("silver-setup-1").replace({"metals.Ag.electron_phonon_exponent": exponent})
    assert is_same(make_device(describe(device)), device)


def test_no_island_is_called_as_the_world_outside() -> None:
    with pytest.raises(DeviceError, match=r"`islands\.outside` has the name of the world outside"):
        make_device({**TWO, "islands": {**TWO["islands"], "outside": {"temperature": 0.1}}})
