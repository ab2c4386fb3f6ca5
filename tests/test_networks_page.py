"""What the page on networks shows runs as it stands there."""

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[1] / "docs" / "networks.md").read_text(encoding="utf-8")


def test_every_example_runs_and_prints_what_the_page_says(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (device,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "network.toml").write_text(device, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) == 6
    for code in blocks:
        exec(compile(code, "docs/networks.md", "exec"), names)
        said = [line.removeprefix("# ") for line in code.splitlines() if line.startswith("# ")]
        assert said
        assert capsys.readouterr().out.splitlines() == said
