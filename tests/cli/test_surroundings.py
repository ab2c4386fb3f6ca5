"""Whatever surrounds a command, it answers or says in one sentence why not: full disks, closed streams, odd variables, signals."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from subkelvin import cli
from subkelvin.version import VERSION

SUBKELVIN = [sys.executable, "-m", "subkelvin"]

IN_32_BITS = (
    "subkelvin computes in float64, but JAX's 64-bit mode is off; try jax.config.update('jax_enable_x64', True), or import "
    "subkelvin without SUBKELVIN_KEEP_JAX_CONFIG.\n"
)


def shell(command: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A shell command in which ``$S`` is this program."""
    environment: Mapping[str, str] = {**os.environ, "S": " ".join(SUBKELVIN), **variables}
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_package_runs_as_a_module(tmp_path: Path) -> None:
    done = shell("$S --version", tmp_path)
    assert (done.stdout, done.stderr, done.returncode) == (f"subkelvin {VERSION}\n", "", 0)
    assert "Usage: subkelvin [OPTIONS]" in shell("$S --help", tmp_path).stdout


@pytest.mark.parametrize(
    ("command", "code", "told"),
    [
        ("$S presets > /dev/full", 1, "the answer cannot be read or written: No space left on device; try another place.\n"),
        ("$S presets >&-", 1, "the answer cannot be read or written: Bad file descriptor; try another place.\n"),
        ("$S bogus 2>&-", 2, ""),
        ("$S bogus <&- >&- 2>&-", 2, ""),
        ("SUBKELVIN_KEEP_JAX_CONFIG=1 $S certify", 2,
         IN_32_BITS),
        ("JAX_PLATFORMS=abacus $S certify", 2,
         "JAX_PLATFORMS is 'abacus', but JAX cannot compute there; unset it, or try cpu.\n"),
        ("mkfifo a.toml; $S validate a.toml", 2, "'a.toml' is a pipe, not a file; save what it holds as a file first.\n"),
    ],
)  # fmt: skip
def test_odd_surroundings_end_in_one_sentence(command: str, code: int, told: str, tmp_path: Path) -> None:
    done = shell(command, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", told)


def test_pictures_need_no_windows(tmp_path: Path) -> None:
    done = shell("$S draw silver-setup-1 --out a.svg", tmp_path, MPLBACKEND="nonsense")
    assert (done.returncode, done.stdout, done.stderr) == (0, "a.svg\n", "")


def test_a_request_to_terminate_removes_what_is_half_written(tmp_path: Path) -> None:
    out = tmp_path / "figures"
    process = subprocess.Popen([*SUBKELVIN, "reproduce", "fig1", "--out", str(out)], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60.0
    while not list(out.glob(".unfinished-*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=60)
    assert "Traceback" not in told
    assert process.returncode == 130
    assert list(out.iterdir()) == []


HOSTILE_NAME = """
name = "\\u001b[31mred\\u0007"
islands.bath.temperature = "50 mK"
islands.hot.temperature = "100 mK"
elements.a = { kind = "resistor", nodes = ["x", "ground"], island = "hot", resistance = "50 ohm" }
elements.b = { kind = "resistor", nodes = ["x", "ground"], island = "bath", resistance = "50 ohm" }
[[assumed]]
because = "\\u001b]0;title\\u0007"
values = ["elements.a.resistance"]
[[sourced]]
source = "\\u009b2J"
values = ["elements.b.resistance"]
"""


@pytest.mark.parametrize("command", ["run", "validate", "cite", "draw"])
def test_control_characters_in_a_file_are_shown_and_not_obeyed(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "a\x1b[2J.toml"
    file.write_text(HOSTILE_NAME)
    assert cli.answer_to([command, file.name, *(["--out", "a\x1b[2J.svg"] if command == "draw" else [])]) == 0
    out, err = capsys.readouterr()
    assert "\\x1b" in out
    assert all(one.isprintable() or one == "\n" for one in out + err)
    cli.answer_to([command, file.name, "--bo\x1bgus"])
    assert "\\x1b" in capsys.readouterr().err


def test_a_picture_is_drawn_whatever_the_name(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text(HOSTILE_NAME)
    assert cli.answer_to(["draw", str(file), "--out", str(tmp_path / "a.svg")]) == 0
    # Characters that XML forbids would make it unreadable.
    assert "\\x1b[31mred\\x07" in (tmp_path / "a.svg").read_text()
