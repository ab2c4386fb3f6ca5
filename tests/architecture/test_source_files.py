"""Habits that every source file keeps, and references in the code that lead somewhere."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "src").rglob("*.py"))
EVERYWHERE = sorted(
    path for folder in ("src", "tests", "tables", "benchmarks") for path in (ROOT / folder).rglob("*.py")
)
NAMES_OF_NOTHING = {"utils", "util", "helpers", "common", "misc", "tools"}

UNCLEAR = (
    "can be meant",
    "cannot be meant",
    "is had ",
    "are had ",
    "be had ",
    "hangs on res",
    "nobody knows",
    "whoever",
    "waited for",
    "must not notice",
    "which know no",
)
"""Phrases that a reader who learned English may take for something else; say the noun and the verb of physics instead."""


def test_there_is_something_to_check() -> None:
    assert len(FILES) > 30


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_every_file_says_what_it_is_and_every_public_name_what_it_does(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert ast.get_docstring(tree), "no docstring"
    public = [
        node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    assert not [node.name for node in public if not ast.get_docstring(node)]


def test_no_file_is_named_after_nothing() -> None:
    assert not [path for path in FILES if {path.stem, path.parent.name} & NAMES_OF_NOTHING]


def test_annotations_are_real() -> None:
    needle = "from __future__ import " + "annotations"
    assert not [path for path in EVERYWHERE if needle in path.read_text("utf-8")]


def test_every_cited_section_of_the_physics_page_exists() -> None:
    page = (ROOT / "docs" / "physics.md").read_text("utf-8")
    existing = set(re.findall(r"^## (\d+)\. ", page, re.MULTILINE))
    cited: dict[str, Path] = {}
    for path in EVERYWHERE:
        for sections in re.findall(r"docs/physics\.md,\s+sections?\s+([\d, and]+)", path.read_text("utf-8")):
            for number in re.findall(r"\d+", sections):
                cited.setdefault(number, path)
    assert len(cited) >= 3
    assert not {number: str(path) for number, path in cited.items() if number not in existing}


def test_the_sections_of_the_physics_page_are_numbered_in_order() -> None:
    page = (ROOT / "docs" / "physics.md").read_text("utf-8")
    numbers = [int(number) for number in re.findall(r"^## (\d+)\. ", page, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    "path", [*FILES, *sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"], ids=lambda path: path.name
)
def test_sentences_are_plain(path: Path) -> None:
    words = " ".join(path.read_text("utf-8").lower().split())
    assert not [phrase for phrase in UNCLEAR if phrase in words]
