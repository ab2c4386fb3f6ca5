"""What the page on maps shows runs as it stands there."""

import re
import shlex
from pathlib import Path

import pytest

from subkelvin.cli import answer_to
from subkelvin.sweeps.outputs.read import DEFAULT_OUTPUTS, KINDS

PAGE = (Path(__file__).parents[1] / "docs" / "sweeps.md").read_text(encoding="utf-8")


def test_every_example_runs_and_prints_what_the_page_says(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) == 4
    for code in blocks:
        exec(compile(code, "docs/sweeps.md", "exec"), names)
        said = [line.removeprefix("# ") for line in code.splitlines() if line.startswith("# ")]
        assert said
        assert capsys.readouterr().out.splitlines() == said


def test_every_command_of_the_page_is_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (commands,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    for line in commands.splitlines():
        assert answer_to(shlex.split(line)[1:]) == 0


def test_every_kind_of_output_stands_on_the_page() -> None:
    assert all(f"`{name}`" in PAGE or f"`{name}(" in PAGE for name in KINDS)
    assert all(f"`{name}`" in PAGE for name in DEFAULT_OUTPUTS)
