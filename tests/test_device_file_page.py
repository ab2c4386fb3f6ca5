"""What the page on the device file shows runs as it stands there, and no page shows code that no test runs."""

import json
import re
import shlex
from collections import Counter
from pathlib import Path

import pytest

from subkelvin import Status, load, steady_state
from subkelvin.cli import answer_to
from subkelvin.devicefile import loads, preset_text
from subkelvin.model.provenance import Origin

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "device-file.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
EXAMPLE, PROVENANCE = (code for language, code in BLOCK.findall(PAGE) if language == "toml")
(NETLIST,) = (code for language, code in BLOCK.findall(PAGE) if not language)


def test_no_page_shows_code_that_no_test_runs() -> None:
    shown = {
        path.name: dict(Counter(language for language, _ in BLOCK.findall(path.read_text("utf-8"))))
        for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    }
    assert {name: languages for name, languages in shown.items() if languages} == {
        # The first shell block of the README is `make`, the gate itself.
        "README.md": {"sh": 2, "python": 1, "toml": 1},
        # The list of layers: tests/architecture/test_layers.py.
        "architecture.md": {"": 1},
        "device-file.md": {"toml": 2, "": 1},
        "networks.md": {"toml": 1, "python": 6},
        "sweeps.md": {"python": 4, "sh": 1},
    }


def test_the_complete_device_has_a_steady_state() -> None:
    state = steady_state(loads(EXAMPLE))
    assert int(state.status) == Status.CONVERGED
    assert float(state.temperatures["left"]) > float(state.temperatures["bath"])


def test_the_lists_at_the_end_of_a_file_say_where_values_come_from() -> None:
    device, _, _ = preset_text("silver-setup-1").partition("\n[[assumed]]\n")
    origins = dict(loads(f"{device}\n{PROVENANCE}").provenance.origins)
    typical = Origin(assumed=True, note="a value typical of the field: the paper states none")
    assert {path for path, origin in origins.items() if origin == typical} == {
        "elements.left.area",
        "elements.right.area",
        "superconductors.Al.dynes",
    }
    assert origins["metals.Ag.electron_phonon"] == Origin(source="giazotto2006")


def test_the_netlist_becomes_a_device_by_the_command_that_the_page_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("filter.cir").write_text(NETLIST, encoding="utf-8")
    (command,) = re.findall(r"`subkelvin (import [^`]*)`", PAGE)
    assert answer_to(shlex.split(command)) == 0
    device = load(Path("filter.toml"))
    assert device.values["islands.hot.temperature"] == 0.3
    assert device.values["elements.L1.inductance"] == 2e-9
    assert float(steady_state(device).heat("hot", "cold", "photon")) > 0.0


def test_values_set_from_outside_are_read_as_those_of_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    (command,) = re.findall(r"`subkelvin run FILE (--set [^`]*)`", PAGE)
    assert answer_to(["run", "silver-setup-1", "--json", *shlex.split(command)]) == 0
    parameters = json.loads(capsys.readouterr().out)["parameters"]
    assert parameters["islands.left.power"] == 20e-15
    # 1 µm³ in m³, by one multiplication.
    assert parameters["islands.left.parts.0.volume"] == pytest.approx(1e-18, rel=1e-15)
