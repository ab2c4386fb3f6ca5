"""The command line keeps its promises: what is printed where, and the exit code."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jax
import pytest

from subkelvin import cli
from subkelvin.analysis import certificate, report
from subkelvin.cli import tables
from subkelvin.compiled_code import keep_compiled_code
from subkelvin.devicefile import load_device, preset, preset_names, preset_text
from subkelvin.version import VERSION

PROMISED_KEYS = {
    "status", "temperatures_K", "heat", "residual_W", "steady_states", "checks", "admittance", "assumed", "parameters",
    "device", "version", "static_admittance",
}  # fmt: skip


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No test may change where this process, or the user, keeps compiled code."""
    if "JAX_COMPILATION_CACHE_DIR" not in os.environ:
        monkeypatch.setenv("JAX_COMPILATION_CACHE_DIR", str(tmp_path / "jax"))
    yield
    tables.console.cache_clear()


def no_constant(name: str) -> Any:
    """JSON has no NaN, Infinity or -Infinity."""
    raise AssertionError(name)


@pytest.fixture(scope="module")
def silver() -> dict[str, Any]:
    """The answer of `subkelvin run silver-setup-1 --json`, from a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", "from subkelvin.cli import main; main()", "run", "silver-setup-1", "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout, parse_constant=no_constant)
    return answer


def test_run_prints_the_promised_json_alone_on_stdout(silver: dict[str, Any]) -> None:
    assert set(silver) >= PROMISED_KEYS
    assert silver["status"] == "converged"
    assert silver["version"] == VERSION
    assert silver["device"] == preset("silver-setup-1").structure.name
    assert silver["admittance"] == "static"
    assert silver["assumed"] == list(preset("silver-setup-1").provenance.assumed)
    assert silver["parameters"]["islands.left.power"] == 1e-13
    assert set(silver["temperatures_K"]) == {"bath", "left", "right"}
    assert silver["temperatures_K"]["right"] == 0.3


def test_the_heat_entries_of_every_island_sum_to_zero(silver: dict[str, Any]) -> None:
    largest = max(abs(entry["watts"]) for entry in silver["heat"])
    for island in silver["temperatures_K"]:
        into = sum(entry["watts"] for entry in silver["heat"] if entry["to"] == island)
        out = sum(entry["watts"] for entry in silver["heat"] if entry["from"] == island)
        # The solver's promise is 1e-12 of the largest flow, or the last bit of a temperature.
        assert abs(into - out) <= max(1e-12 * largest, silver["residual_W"], 1e-24)


def test_every_check_has_value_limit_verdict_and_meaning(silver: dict[str, Any]) -> None:
    assert silver["checks"]
    for check in silver["checks"]:
        assert set(check) >= {"name", "value", "limit", "ok", "meaning"}
        assert check["ok"] in (True, False, None)
        assert check["meaning"]


def test_the_tables_show_what_the_json_holds(capsys: pytest.CaptureFixture[str], silver: dict[str, Any]) -> None:
    assert cli.answer_to(["run", "silver-setup-1"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    verdict, title, *_ = out.splitlines()
    assert verdict == silver["static_admittance"]["sentence"]
    assert verdict.startswith(
        "static admittance: 13.4 fW from left to right; with the junctions' full admittance 6.17 fW"
    )
    assert title == f"{silver['device']}: converged"
    for island, kelvin in silver["temperatures_K"].items():
        assert island in out
        assert tables.engineering(kelvin, "K") in out
    for check in silver["checks"]:
        assert check["name"] in out
    for path in silver["assumed"]:
        assert path in out


def test_set_changes_the_device_as_the_file_would(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changes = [
        "--set",
        "islands.left.power=20 fW",
        "--set",
        'islands.left.parts.0.volume="0.012 um^3"',
        "--set",
        "name=changed",
    ]
    assert cli.answer_to(["run", "silver-setup-1", "--json", *changes]) == 0
    by_option = json.loads(capsys.readouterr().out)
    text = preset_text("silver-setup-1").replace('"100 fW"', '"20 fW"').replace('"0.006 um^3"', '"0.012 um^3"', 1)
    file = tmp_path / "changed.toml"
    file.write_text(text)
    assert cli.answer_to(["run", str(file), "--json"]) == 0
    by_file = json.loads(capsys.readouterr().out)
    assert by_option["parameters"] == by_file["parameters"]
    assert by_option["temperatures_K"] == by_file["temperatures_K"]
    assert by_option["device"] == "changed"
    assert "islands.left.power" not in by_option["assumed"]


def test_without_a_steady_state_the_json_is_still_printed_and_the_exit_code_is_1(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # A microwatt into a hundredth of a cubic micrometre: no temperature below 1.2 K gets rid of it.
    assert cli.answer_to(["run", "silver-setup-2", "--json", "--set", "islands.left.power=1 uW"]) == 1
    answer = json.loads(capsys.readouterr().out, parse_constant=no_constant)
    assert answer["status"] == "above-critical-temperature"
    assert answer["temperatures_K"]["left"] is None
    assert set(answer) >= PROMISED_KEYS
    # Where most heat leaves, but not enough: at the critical temperature.
    assert answer["last_temperatures_K"] == {"left": 1.2}
    assert answer["limits"] == {"left": "critical-temperature"}
    assert cli.answer_to(["run", "silver-setup-2", "--set", "islands.left.power=1 uW"]) == 1
    told = capsys.readouterr()
    assert "above-critical-temperature" in told.out
    assert told.err.endswith("The search ended at `left` 1.2 K (the critical temperature of its superconductor).\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run"], "Missing argument"),
        (["run", "silver-setup-1", "--bogus"], "No such option: --bogus"),
        (["run", "silver-setup-1", "extra"], "unexpected extra argument"),
        (["bogus"], "No such command 'bogus'"),
        (["--bogus"], "No such option"),
        (["run", "silversetup-1"], "'silversetup-1' is neither a file nor a preset; did you mean `silver-setup-1`?"),
        (["run", "zzz"], "neither a file nor a preset; the presets are inas-setup-1"),
        (["run", "zzz.toml"], "there is no file 'zzz.toml'"),
        (["run", "."], "is a directory"),
        (["run", ""], "neither a file nor a preset"),
        (["run", "a\0b"], "cannot be read"),
        (["run", "/dev/null"], "`islands` is empty"),
        (["run", "/dev/zero"], "more than 1,000,000 bytes"),
        (["run", "silver-setup-1", "--set", "islands.left.power=10 mK"],
         "`islands.left.power` must be a power, but is '10 mK'; try \"10 fW\"."),
        (["run", "silver-setup-1", "--set", "islands.left.power=10"], "bare number 10; try \"10 fW\"."),
        (["run", "silver-setup-1", "--set", "islands.left.power=nan"], "must be a finite power"),
        (["run", "silver-setup-1", "--set", "islands.lft.power=10 fW"], "did you mean `left`?"),
        (["run", "silver-setup-1", "--set", "islands.left.power"], "must be PATH=VALUE"),
        (["run", "silver-setup-1", "--set"], "requires an argument"),
        (["run", "silver-setup-1", "--set", "admittance=quantum"], "must be 'static' or 'dynamic'"),
        (["run", "silver-setup-1", "--set", 'elements.left.nodes=["a", "ground"]'], "no other element touches"),
        (["validate", "silver-setup-1", "--set", 'elements.left.nodes=["a", "ground"]'], "no other element touches"),
        (["validate", "zzz.toml"], "there is no file"),
        (["cite", "zzz.toml"], "there is no file"),
        (["new", "--preset", "zzz"], "there is no preset 'zzz'"),
        (["new", "/proc/device.toml"], "cannot be written"),
        (["reproduce", "fig9"], "there is no figure 'fig9'; try one of fig1, fig2, fig3, fig4, claims, all, leivo1996."),
        (["reproduce", "fig1", "--out", "/proc/figures"], "must be a folder that can be written"),
        (["reproduce", "fig1", "--out", "/dev/null"], "must be a folder that can be written"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_sentence_on_stderr_and_exit_code_2(
    arguments: list[str],
    words: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.answer_to(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert err.count("\n") == 1
    assert "Traceback" not in err
    # Nothing half-written.
    assert list(tmp_path.iterdir()) == []


def test_an_unwritable_current_folder_leaves_the_reader_unharmed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.answer_to(["validate", "silver-setup-1"]) == 0
    out, err = capsys.readouterr()
    assert "3 islands, 2 elements" in out
    assert err == ""


def test_presets_lists_every_preset(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.answer_to(["presets"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(preset_names())


def test_new_writes_a_device_file_that_runs_and_never_overwrites(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.toml"
    assert cli.answer_to(["new", str(file)]) == 0
    written, original = load_device(file), preset("silver-setup-1")
    assert written.values == original.values
    # The presets redraw the paper; a new device has the full admittance, and nothing else differs.
    assert (original.structure.admittance, written.structure.admittance) == ("static", "dynamic")
    assert all(element.dynamic for element in written.structure.elements)
    assert written.provenance == original.provenance
    assert "#" in file.read_text()
    file.write_text("mine")
    assert cli.answer_to(["new", str(file), "--preset", "inas-setup-1"]) == 2
    assert "exists already" in capsys.readouterr().err
    assert file.read_text() == "mine"


def test_a_file_wins_over_a_preset_of_the_same_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("silver-setup-1").write_text(preset_text("inas-setup-1"))
    assert cli.answer_to(["validate", "silver-setup-1"]) == 0
    assert "InAs" in capsys.readouterr().out


def test_cite_prints_the_sources_of_values_and_methods(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.answer_to(["cite", "silver-setup-1"]) == 0
    out = capsys.readouterr().out
    assert "78, 217" in out
    assert "2503.16295" in out


def test_version_and_help_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.answer_to(["--version"]) == 0
    assert capsys.readouterr().out == f"subkelvin {VERSION}\n"
    for arguments in ([], ["--help"], ["run", "--help"]):
        assert cli.answer_to(arguments) == 0
        assert "Usage: subkelvin" in capsys.readouterr().out


def test_certify_passes_here_and_fails_where_a_value_is_wrong(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli.answer_to(["certify", "--json"]) == 0
    verdicts = json.loads(capsys.readouterr().out, parse_constant=no_constant)
    assert {verdict["quantity"] for verdict in verdicts} >= {"one_pole_heat_current", "charge_current"}
    assert all(verdict["ok"] and verdict["rows"] >= 20 for verdict in verdicts)
    wrong = certificate.Verdict("one_pole_heat_current", 30, 1e-9, 1e-12, {})
    monkeypatch.setattr(certificate, "certify", lambda: [wrong])
    assert cli.answer_to(["certify"]) == 1
    assert "exceeded" in capsys.readouterr().out


def test_an_interrupt_ends_with_exit_code_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(report, "report", interrupt)
    assert cli.answer_to(["run", "silver-setup-1"]) == 130


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.2344e-14, "12.344 fW"), (-2.5e-16, "-250 aW"), (0.0, "0 W"), (3.0, "3 W"), (1.5e6, "1.5e+06 W"),
        (1e-30, "1e-30 W"),
        (9.999999e-13, "1000 fW"), (None, "–"), (float("nan"), "–"),
    ],
)  # fmt: skip
def test_numbers_are_shown_with_si_prefixes(value: float | None, text: str) -> None:
    assert tables.engineering(value, "W") == text


def test_json_gets_null_for_what_is_not_a_number() -> None:
    data = {"a": float("nan"), "b": [float("inf"), 1.0, {"c": -float("inf")}], "d": (True, None, "x")}
    assert tables.finite_or_null(data) == {"a": None, "b": [None, 1.0, {"c": None}], "d": [True, None, "x"]}


def test_compiled_code_is_kept_in_the_users_cache_unless_that_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = jax.config.values["jax_compilation_cache_dir"]
    changed: dict[str, Any] = {}
    monkeypatch.setattr(jax.config, "update", changed.__setitem__)
    keep_compiled_code()
    assert changed == {}
    monkeypatch.delenv("JAX_COMPILATION_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    keep_compiled_code()
    assert changed["jax_compilation_cache_dir"] == str(tmp_path / "cache" / "subkelvin" / "compiled")
    assert changed["jax_persistent_cache_min_compile_time_secs"] == 0.0
    changed.clear()
    monkeypatch.setenv("SUBKELVIN_KEEP_COMPILED", "0")
    keep_compiled_code()
    assert changed == {}
    monkeypatch.delenv("SUBKELVIN_KEEP_COMPILED")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    keep_compiled_code()
    assert changed == {}
    assert jax.config.values["jax_compilation_cache_dir"] == before
