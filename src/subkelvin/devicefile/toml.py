"""TOML as tables, within the bounds of a device file.

A device file has tables in tables to a depth of five. Text that goes far beyond is refused before it costs anything: a key of
100,000 parts, ``a.a.a…``, would take a parser's memory for every pair of them.
"""

import re
import tomllib
from typing import Any

from subkelvin.files import without_byte_order_mark
from subkelvin.model import DeviceError
from subkelvin.model.quantities import quoted

DEEPEST = 32
"""Tables and lists within each other; the deepest place of a device file, one number of ``elements.probe.y11``, lies at 5."""

TEXT_OR_COMMENT = re.compile(
    r'"{3}(?:[^\\"]|\\.|"(?!""))*+"{3,5}+|'
    r"'{3}(?:[^']|'(?!''))*+'{3,5}+|"
    r'"(?:[^"\\\n]|\\[^\n])*+"|'
    r"'[^'\n]*+'|#[^\n]*+",
    re.DOTALL,
)
"""What stands in quotes of either kind, over one line or several, and comments: dots in them divide nothing."""
LONG_KEY = re.compile(rf"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){{{DEEPEST}}}")
"""A key of more parts than tables can lie within each other."""
TOO_DEEP = ("the text is nested too deeply for a device file", "`subkelvin new` writes one that is")


def parse_toml(text: str) -> dict[str, Any]:
    """The tables of a TOML text.

    Raises:
        DeviceError: if it is not TOML, or nested deeper than any device file.
    """
    text = without_byte_order_mark(text)
    if LONG_KEY.search(TEXT_OR_COMMENT.sub("text", text)):
        raise DeviceError("", *TOO_DEEP)
    try:
        tables = tomllib.loads(text)
    except RecursionError:
        raise DeviceError("", *TOO_DEEP) from None
    except ValueError as error:
        raise DeviceError(
            "", f"the text is not TOML: {error}".rstrip("."), "`subkelvin new` writes one that is"
        ) from None
    require_shallow(tables)
    return tables


def require_shallow(tables: Any) -> None:
    """Raise a DeviceError if tables and lists lie deeper within each other than in any device file, or a text is none."""
    level = [tables]
    for _ in range(DEEPEST):
        for text in (one for one in level if isinstance(one, str)):
            require_whole_characters(text)
        level = [inner for one in level if isinstance(one, dict | list) for inner in _items(one)]
        if not level:
            return
    if any(isinstance(one, dict | list) for one in level):
        raise DeviceError("", *TOO_DEEP)


def require_whole_characters(text: str) -> None:
    """Raise a DeviceError for halves of characters, which come from a terminal or program with another encoding."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise DeviceError("", f"the text {quoted(text)} holds halves of characters", "write it in UTF-8") from None


def _items(one: dict[str, Any] | list[Any]) -> list[Any]:
    return list(one.values()) if isinstance(one, dict) else one
