"""Every example in a docstring runs and prints what it says."""

import doctest
import importlib
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[2] / "src"
PROMPTS = {path: path.read_text("utf-8").count(">>> ") for path in sorted(SOURCES.rglob("*.py"))}
"""Lines that an example types, by file."""
OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def examples(path: Path) -> list[doctest.DocTest]:
    """Of a file, each docstring that holds one."""
    name = ".".join(path.relative_to(SOURCES).with_suffix("").parts).removesuffix(".__init__")
    found = doctest.DocTestFinder(exclude_empty=True).find(importlib.import_module(name))
    return [test for test in found if test.examples]


EXAMPLES = {path: examples(path) for path, prompts in PROMPTS.items() if prompts}


def test_every_example_that_is_written_is_found() -> None:
    assert EXAMPLES
    found = {path: sum(len(test.examples) for test in tests) for path, tests in EXAMPLES.items()}
    assert found == {path: prompts for path, prompts in PROMPTS.items() if prompts}


@pytest.mark.parametrize(
    "example", [test for tests in EXAMPLES.values() for test in tests], ids=lambda example: example.name
)
def test_an_example_prints_what_its_docstring_says(example: doctest.DocTest) -> None:
    told: list[str] = []
    result = doctest.DocTestRunner(optionflags=OPTIONS).run(example, out=told.append)
    assert result.attempted == len(example.examples)
    assert result.failed == 0, "".join(told)
