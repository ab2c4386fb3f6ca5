"""The picture in docs/architecture.md holds: imports point one way, and heavy libraries stay at the edge."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "subkelvin"
CONTRACTS = {
    " ".join(contract["name"].split()[:2]): contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
}
"""By the first two words of their names."""
COMPUTING = ["analysis", "balance", "circuit", "heat", "materials", "model", "numerics", "physics"]
MODULES = sorted(SOURCE.rglob("*.py"))


def module_name(path: Path) -> str:
    """The dotted name of a source file."""
    return ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__")


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in the root of the checkout."""
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_imports_point_one_way() -> None:
    linted = run(str(Path(sys.executable).parent / "lint-imports"), "--no-cache")
    assert linted.returncode == 0, linted.stdout + linted.stderr
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken" in linted.stdout


def test_the_linter_sees_every_file() -> None:
    # a gate that sees nothing would pass
    assert grimp.build_graph("subkelvin", cache_dir=None).modules == {module_name(path) for path in MODULES}


def test_every_folder_with_code_is_a_package() -> None:
    folders = {path.parent for path in MODULES}
    assert not [str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists()]


def test_the_layers_are_those_of_the_architecture_page() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    (chain,) = re.findall(r"^`(.+ → constants)`$", page, re.MULTILINE)
    layers = [layer.split(" | ")[0] for layer in CONTRACTS["Imports point"]["layers"]]
    assert chain.split(" → ") == layers


def test_computing_code_runs_without_pictures_labels_files_or_units() -> None:
    names = [module_name(path) for path in MODULES if path.relative_to(SOURCE).parts[0] in COMPUTING]
    heavy = [name for name in CONTRACTS["The computing"]["forbidden_modules"] if name != "rich"]
    # rich may come along with a library below us without being used here; the contract above forbids our own import
    program = f"""
import importlib, sys
for name in {names!r}:
    importlib.import_module(name)
found = [name for name in {heavy!r} if name in sys.modules]
assert not found, found
from jax._src import xla_bridge
assert not xla_bridge.backends_are_initialized(), "an import computed something"
print(len({names!r}))
"""
    result = run(sys.executable, "-c", program)
    assert result.returncode == 0, result.stderr
    assert int(result.stdout) >= 20


def test_importing_the_package_is_light() -> None:
    program = """
import sys
import subkelvin
heavy = ["matplotlib", "pandas", "pint", "pydantic", "rich", "scipy", "typer", "xarray"]
print(" ".join(sorted(set(heavy) & set(sys.modules))))
"""
    with_package = run(sys.executable, "-c", program)
    assert with_package.returncode == 0, with_package.stderr
    of_jax_alone = run(sys.executable, "-c", program.replace("import subkelvin", "import jax"))
    assert with_package.stdout == of_jax_alone.stdout
