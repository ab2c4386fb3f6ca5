"""What is handed out: the wheel holds the package and nothing else, the pins hold hashes and no addresses."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from subkelvin.version import VERSION

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "subkelvin"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PINS = ["requirements.txt", "requirements-dev.txt"]


def pins(name: str) -> dict[str, str]:
    """Pinned versions by package."""
    text = (ROOT / name).read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9.-]+)==([^ ]+) \\$", text, re.MULTILINE))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("*.whl")
    assert path.name == f"subkelvin-{VERSION}-py3-none-any.whl"
    return zipfile.ZipFile(path)


def test_the_wheel_holds_the_package_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert tops == {"subkelvin", f"subkelvin-{VERSION}.dist-info"}
    assert not [name for name in wheel.namelist() if re.search(r"(^|/)(tests?|docs|tables|__pycache__)/", name)]


def test_the_wheel_holds_every_file_of_the_package(wheel: zipfile.ZipFile) -> None:
    wanted = {
        str(path.relative_to(ROOT / "src"))
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    shipped = {name for name in wheel.namelist() if name.startswith("subkelvin/")}
    assert shipped == wanted
    assert "subkelvin/py.typed" in shipped
    assert [name for name in shipped if name.startswith("subkelvin/data/")]
    assert len([name for name in shipped if re.fullmatch(r"subkelvin/devicefile/presets/.*\.toml", name)]) >= 4


def test_the_wheel_brings_the_command_and_the_licence(wheel: zipfile.ZipFile) -> None:
    information = f"subkelvin-{VERSION}.dist-info"
    entry_points = wheel.read(f"{information}/entry_points.txt").decode()
    assert "subkelvin = subkelvin.cli:main" in entry_points
    assert f"{information}/licenses/LICENSE" in wheel.namelist()
    metadata = wheel.read(f"{information}/METADATA").decode()
    assert "License-Expression: BSD-3-Clause" in metadata
    assert "Requires-Python: >=3.11" in metadata


def test_shipped_data_is_small(wheel: zipfile.ZipFile) -> None:
    size = sum(one.file_size for one in wheel.infolist() if one.filename.startswith("subkelvin/data/"))
    assert size < 1_000_000


@pytest.mark.parametrize("name", PINS)
def test_pins_have_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert not re.search(r"https?:|file:|--(extra-)?index|--find-links|--trusted-host|^-", text, re.MULTILINE)
    statements = re.split(r"\n(?=\S)", text)
    packages = [one for one in statements if not one.startswith("#")]
    assert packages
    assert not [one for one in packages if not re.search(r"--hash=sha256:[0-9a-f]{64}", one)]


@pytest.mark.parametrize("name", PINS)
def test_pins_meet_the_ranges_of_the_project(name: str) -> None:
    pinned = pins(name)
    wanted = list(PROJECT["dependencies"])
    if name == "requirements-dev.txt":
        wanted += PROJECT["optional-dependencies"]["dev"]
    for text in wanted:
        requirement = Requirement(text)
        assert requirement.specifier.contains(pinned[requirement.name]), text


def test_both_files_pin_the_same_versions() -> None:
    runtime, development = pins("requirements.txt"), pins("requirements-dev.txt")
    assert runtime.items() <= development.items()
    assert "pytest" in development
    assert "pytest" not in runtime


def test_the_citation_file_has_the_version_and_licence() -> None:
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    assert re.search(rf"^version: {re.escape(VERSION)}$", citation, re.MULTILINE)
    assert re.search(rf"^license: {PROJECT['license']}$", citation, re.MULTILINE)


def test_continuous_integration_runs_the_test_command_of_the_readme() -> None:
    assert re.search(r"^make test\b", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    steps = re.findall(r"^make (\S+)$", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE)
    assert steps == ["test", "test-slow", "bounds"]


def test_the_lowest_versions_that_are_tried_are_those_that_are_allowed() -> None:
    text = (ROOT / "requirements-lowest.txt").read_text("utf-8")
    lowest = dict(line.split("==") for line in text.splitlines() if not line.startswith("#"))
    extras = PROJECT["optional-dependencies"]
    requirements = [Requirement(one) for one in (*PROJECT["dependencies"], *extras["maps"], *extras["cluster"])]
    assert lowest == {one.name: next(s.version for s in one.specifier if s.operator == ">=") for one in requirements}
