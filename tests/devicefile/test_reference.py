"""The page about device files."""

import re
from pathlib import Path

from subkelvin.devicefile import loads, validate
from subkelvin.devicefile.reference import table_of_keys, with_table

PAGE = (Path(__file__).parents[2] / "docs" / "device-file.md").read_text(encoding="utf-8")


def test_the_table_of_keys_in_the_documentation_is_up_to_date() -> None:
    # If this fails: python -m subkelvin.devicefile.reference docs/device-file.md
    assert table_of_keys() in PAGE
    assert with_table(PAGE) == PAGE


def test_the_example_in_the_documentation_is_a_device() -> None:
    example = re.search(r"```toml\n(name.*?)```", PAGE, re.DOTALL)
    assert example is not None
    validate(loads(example[1]))
