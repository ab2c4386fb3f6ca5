"""The statements of a SPICE netlist: comments removed, continued lines joined, each with its line number.

The first line is the title, as in SPICE. A line that begins with * is a comment; the rest of a line after ; or after a $ or // that
follows a blank is one too; a line that begins with + continues the statement before it; nothing counts after .end. SPICE has no
words for the temperature of a resistor, so two comments are read: a line that begins with ``*@``, and a comment at the end of a
line that begins with @, as in ``R1 a 0 50 ;@ island=hot``. SPICE itself does not see them.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from subkelvin.files import without_byte_order_mark
from subkelvin.model import DeviceError
from subkelvin.model.quantities import quoted

COMMENT = re.compile(r";|(?:(?<=\s)|^)(?:\$|//)")
STATEMENT_LIKE = re.compile(
    r"\s*(?:[A-Za-z][0-9]+(?:\s+\S+){2,}|[A-Za-z]\S*(?:\s+\S+){2,}\s+(?:[0-9.]\S*|\{.*|\S+=.*))\s*"
)
"""A letter with a number and two more words, or a name, two more words and something like a value."""

PARAMETER = re.compile(r"(?:[^={}'\"]+=)?\{[A-Za-z_][A-Za-z0-9_]*\}")
"""The one use of braces that is read."""


@dataclass(frozen=True)
class Statement:
    """A statement: number of its first line, its text in one line, and its words (``key=value`` is one)."""

    line: int
    text: str
    words: tuple[str, ...]

    def refusal(self, problem: str, advice: str = "") -> DeviceError:
        """A DeviceError that names line and text."""
        return DeviceError("", f"line {self.line} ({quoted(self.text)}) {problem}", advice)

    @property
    def positional(self) -> tuple[str, ...]:
        """The words without ``=``, after the first."""
        return tuple(word for word in self.words[1:] if "=" not in word)

    @property
    def parameters(self) -> dict[str, str]:
        """The words ``key=value``; keys in small letters.

        Raises:
            DeviceError: for a key or value that is missing, a key given twice, or a word behind that is not such a pair.
        """
        pairs: dict[str, str] = {}
        for word in self.words[1:]:
            key, equals, value = word.partition("=")
            if not equals:
                if pairs:
                    raise self.refusal(
                        f"has {quoted(word)} behind its parameters", "write parameters last, as key=value"
                    )
                continue
            if not key or not value or "=" in value:
                raise self.refusal(f"holds {quoted(word)}, which is not key=value", "write key=value")
            if key.lower() in pairs:
                raise self.refusal(f"gives {quoted(key)} twice", "remove one")
            pairs[key.lower()] = value
        return pairs


class Text(NamedTuple):
    """A netlist as its title, its statements, and the lines ``*@`` that only subkelvin reads."""

    title: str
    statements: tuple[Statement, ...]
    directives: tuple[Statement, ...]


def read_lines(text: str) -> Text:
    """The statements of a netlist.

    Raises:
        DeviceError: for a first line that is no title, a continuation of nothing, or a statement behind .end.
    """
    lines = re.split(r"\r\n|\r|\n", without_byte_order_mark(text))
    titled = not lines[0].startswith("*@")
    title = _title(lines[0]) if titled else ""
    parts: list[tuple[int, str, str]] = []
    directives: list[tuple[int, str]] = []
    ended = False
    for number, line in enumerate(lines[1:] if titled else lines, 2 if titled else 1):
        stripped = line.strip()
        if stripped.startswith("*@"):
            directives.append((number, stripped))
            continue
        if stripped.startswith("*"):
            continue
        content, remark = _split_comment(line)
        if not content:
            continue
        if ended:
            raise _statement(number, content).refusal(
                "stands behind .end, where SPICE reads nothing", "move .end or remove it"
            )
        if content.startswith("+"):
            if not parts:
                raise _statement(number, content).refusal(
                    "continues a line, but there is none before it", "remove the +"
                )
            first, before, remark_before = parts[-1]
            parts[-1] = (first, f"{before} {content[1:].strip()}", f"{remark_before} {remark}".strip())
        elif content.lower() == ".end":
            ended = True
        else:
            parts.append((number, content, remark))
    return Text(
        title,
        tuple(_statement(number, content, remark) for number, content, remark in parts),
        tuple(_statement(number, content) for number, content in directives),
    )


def _title(line: str) -> str:
    """The title in the first line; a statement there would be lost."""
    stripped = line.strip()
    # What cannot be seen, such as a blank without width, must not hide a statement.
    visible = "".join(one for one in stripped if one.isprintable() or one.isspace())
    if stripped.lower().startswith(".title"):
        return stripped[len(".title") :].strip()
    if visible.startswith((".", "+")) or STATEMENT_LIKE.fullmatch(visible):
        raise DeviceError(
            "",
            f"line 1 ({quoted(stripped)}) looks like a statement, but SPICE takes the first line of a netlist as its title",
            "put a title above it, or begin the line with * if it is the title",
        )
    return stripped.lstrip("*").strip()


def _split_comment(line: str) -> tuple[str, str]:
    """A line without its comment, and what the comment tells subkelvin."""
    match = COMMENT.search(line)
    if match is None:
        return line.strip(), ""
    comment = line[match.end() :].strip()
    return line[: match.start()].strip(), comment[1:].strip() if comment.startswith("@") else ""


def _statement(line: int, content: str, remark: str = "") -> Statement:
    """A statement of its text; what the remark adds must be an island."""
    words, added = tuple(_tight(content).split()), tuple(_tight(remark).split())
    text = " ".join(content.split()) + (f" ;@ {' '.join(added)}" if added else "")
    statement = Statement(line, text, words + added)
    if any(not word.lower().startswith("island=") for word in added):
        raise statement.refusal("has a comment ;@ that does not name an island", "write it as in ;@ island=hot")
    of_the_circuit = not words[0].startswith(".") or words[0].lower() in (".param", ".subckt")
    if of_the_circuit and any(re.search(r"[{}'\"]", word) and not PARAMETER.fullmatch(word) for word in words):
        raise statement.refusal("holds an expression, but only {name} is read", "compute it and write the number")
    return statement


def _tight(content: str) -> str:
    """A text with one blank between words, none around = and none inside braces."""
    return re.sub(r" ?= ?", "=", re.sub(r"\{ ?(\w+) ?\}", r"{\1}", " ".join(content.split())))
