"""What the README shows runs as it stands there."""

import re
import shlex
from pathlib import Path

import pytest

from subkelvin import Status, steady_state
from subkelvin.cli import answer_to
from subkelvin.devicefile import loads

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """The first code block of a language."""
    found = re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_python_example_runs_and_its_derivative_is_negative(capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(block("python"), "README.md", "exec"), {})
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("SteadyState of")
    temperature, _, _, derivative = [float(line) for line in lines if re.fullmatch(r"-?[\d.]+(e-?\d+)?", line)]
    assert 0.05 < temperature < 1.2
    assert derivative < 0.0


def test_the_device_file_has_a_steady_state() -> None:
    assert int(steady_state(loads(block("toml"))).status) == Status.CONVERGED


def test_every_command_of_the_page_is_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The shell block before is `make`, which is the gate itself.
    _, commands = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    Path("my-device.toml").write_text(block("toml"), encoding="utf-8")
    Path("filter.cir").write_text("a filter\nR1 a 0 50\nL1 a b 2n\nR2 b 0 50\n", encoding="utf-8")
    for line in commands.splitlines():
        program, *arguments = shlex.split(line, comments=True)
        assert program == "subkelvin"
        assert answer_to(arguments) == 0, line


def test_the_picture_is_there() -> None:
    for path in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README):
        assert (Path(__file__).parents[1] / path).stat().st_size > 10_000
