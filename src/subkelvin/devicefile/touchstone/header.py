"""The header of a Touchstone file: the option line, and the keywords of version 2.

It is read strictly, because a header that is misread makes a plausible circuit: options may stand in any order, and the 75 in
"S MA 75" lacks the R that would make it the reference resistance.

Reference: Touchstone File Format Specification, Version 2.0, IBIS Open Forum (2009); version 1 is part of it.
"""

import math
import re
from collections.abc import Iterator
from typing import NamedTuple

from subkelvin.model import DeviceError
from subkelvin.model.quantities import quoted

NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")

FREQUENCY_UNITS = ("hz", "khz", "mhz", "ghz")
PARAMETERS = ("s", "y", "z", "g", "h")
FORMATS = ("ri", "ma", "db")
VERSIONS = ("2.0", "2.1")


class Row(NamedTuple):
    """A row of numbers: its line and its words."""

    line: int
    words: list[str]


class Header:
    """What stands before the numbers; every setter refuses what the specification does not know."""

    def __init__(self, name: str):
        self.name = name
        self.option: dict[str, str] = {}
        self.version = ""
        self.ports = 0
        self.rows = 0
        self.reference: list[float] = []
        self.matrix_format = "full"
        self.transposed = True

    def refusal(self, line: int, problem: str, advice: str) -> DeviceError:
        """A DeviceError that names file and line."""
        return DeviceError("", f"line {line} of the Touchstone file {self.name} {problem}", advice)

    def read_options(self, line: int, content: str) -> None:
        """Read the line that begins with #; its options may stand in any order.

        Raises:
            DeviceError: for an option that does not exist, or that is given twice.
        """
        if self.option:
            raise self.refusal(line, "is a second option line", "keep one line that begins with #")
        option: dict[str, str] = {}
        kinds = {"unit": FREQUENCY_UNITS, "parameter": PARAMETERS, "format": FORMATS, "r": ("r",)}
        words = content[1:].lower().split()
        while words:
            word = words.pop(0)
            key = next((key for key, known in kinds.items() if word in known), "")
            if not key:
                raise self.refusal(
                    line, f"holds the option {quoted(word)}, which does not exist", "write it as in # GHz S RI R 50"
                )
            if key in option:
                raise self.refusal(line, f"gives the option {quoted(word)} again", "remove one")
            option[key] = word
            if key == "r":
                behind = next((i for i, one in enumerate(words) if one in sum(kinds.values(), ())), len(words))
                self.reference = self._resistances(line, words[:behind])
                del words[:behind]
        self.option = {"unit": "ghz", "parameter": "s", "format": "ma", **option}
        if self.option["parameter"] in ("g", "h"):
            raise self.refusal(line, "announces hybrid parameters, which are not read", "write S, Y or Z parameters")

    def read_keyword(self, line: int, keyword: str, value: str, rest: Iterator[Row]) -> None:
        """Read a keyword of version 2.

        Args:
            line: where it stands.
            keyword: in small letters, without brackets.
            value: what follows in the line.
            rest: the following lines, for a value that continues there.

        Raises:
            DeviceError: for a keyword or a value that cannot be.
        """
        if not self.version and keyword != "version":
            raise self.refusal(
                line, "holds a keyword of version 2, but no [Version] stands before it", "add [Version] 2.0"
            )
        if keyword == "version":
            if value not in VERSIONS:
                raise self.refusal(
                    line, f"has the version {quoted(value)}", f"save it as version {VERSIONS[0]}, or as 1"
                )
            self.version = value
        elif keyword == "number of ports":
            self.ports = self._count(line, value)
        elif keyword == "number of frequencies":
            self.rows = self._count(line, value)
        elif keyword == "reference":
            words = value.split()
            while len(words) < self.ports:
                following = next(rest, None)
                if following is None:
                    break
                words += following.words
            if not self.ports or len(words) != self.ports:
                raise self.refusal(
                    line,
                    f"gives {len(words)} reference resistances for {self.ports} ports",
                    "give one for each port, behind [Number of Ports]",
                )
            self.reference = self._resistances(line, words)
        elif keyword == "matrix format":
            self.matrix_format = self._one_of(line, value.lower(), ("full", "lower", "upper"))
        elif keyword == "two-port data order":
            self.transposed = self._one_of(line, value, ("21_12", "12_21")) == "21_12"
        elif keyword not in ("number of noise frequencies", "begin information", "end information"):
            raise self.refusal(line, f"holds the keyword [{keyword}], which is not read", "save it without")

    def _count(self, line: int, value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value):
            raise self.refusal(line, f"must hold a whole number, but holds {quoted(value)}", "correct it")
        return int(value)

    def _one_of(self, line: int, value: str, known: tuple[str, ...]) -> str:
        if value not in known:
            raise self.refusal(line, f"must hold {' or '.join(known)}, but holds {quoted(value)}", "correct it")
        return value

    def _resistances(self, line: int, words: list[str]) -> list[float]:
        values = [float(word) if NUMBER.fullmatch(word) else math.nan for word in words]
        if not values or not all(0.0 < value < math.inf for value in values):
            raise self.refusal(
                line, "needs numbers above zero as reference resistances", "write them as in # GHz S RI R 50"
            )
        return values
