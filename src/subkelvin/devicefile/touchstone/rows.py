"""The rows of a Touchstone file as matrices against frequency, exactly as written.

The shape of every row is checked here: in a two-port of version 1, a frequency that falls begins a section of noise parameters, and
a file with the wrong extension would be cut into wrong rows. scikit-rf reads the numbers.

Reference: Touchstone File Format Specification, Version 2.0, IBIS Open Forum (2009); version 1 is part of it.
"""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from subkelvin.devicefile.touchstone.header import NUMBER, Header, Row
from subkelvin.files import read_file
from subkelvin.model import DeviceError
from subkelvin.model.quantities import quoted

LARGEST_FILE = 20_000_000
"""Bytes; a two-port of a hundred thousand rows."""

NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity|1\.#.*)", re.IGNORECASE)
EXTENSION = re.compile(r"\.[syzgh]([0-9]{1,3})p", re.IGNORECASE)
KEYWORD = re.compile(r"\[([^\]]*)\]\s*(.*)")
PORT_IMPEDANCE = re.compile(r"\s*port\s*(?:\[?[0-9]+\]?)?\s*impedance", re.IGNORECASE)


class RawTable(NamedTuple):
    """A Touchstone file as written: n frequencies of a network with one or two ports."""

    frequency: np.ndarray
    """Frequencies [Hz], shape (n,)."""
    matrices: np.ndarray
    """Of the parameters, shape (n, ports, ports)."""
    parameter: str
    """s, y or z."""
    reference: np.ndarray
    """Reference resistance of every port [ohm], shape (ports,)."""
    normalised: bool
    """Whether y or z are in units of the reference: in version 1 they are, in version 2 they are not."""
    noise_rows: int
    """Rows of noise parameters, which are not read."""


def read_raw(path: str | Path, ports: int) -> RawTable:
    """A Touchstone file as written.

    Args:
        path: of the file.
        ports: 1 or 2, which the file has to have.

    Raises:
        DeviceError: if it cannot be read, is not a Touchstone file, has another number of ports, or scikit-rf is missing.
    """
    name = quoted(Path(path).name)
    header = Header(name)
    rows, noise_rows = _rows(header, _content(path), ports, Path(path).suffix)
    if header.rows and header.rows != len(rows):
        raise DeviceError(
            "",
            f"the Touchstone file {name} announces {header.rows} frequencies, but holds {len(rows)}",
            "check that it is whole",
        )
    reference = header.reference or [50.0]
    if len(reference) not in (1, ports):
        raise DeviceError(
            "",
            f"the Touchstone file {name} has {len(reference)} reference resistances",
            "give one, or one for each port",
        )
    normalised = not header.version
    if len(set(reference)) > 1 and normalised and header.option["parameter"] != "s":
        raise DeviceError(
            "",
            f"the Touchstone file {name} has Y or Z parameters in units of two different resistances",
            "save it with one reference resistance, or as version 2",
        )
    table = _read_rows(header, [_full_row(header, row, ports) for row in rows], ports)
    return RawTable(
        table.f, table.s, header.option["parameter"], np.broadcast_to(reference, (ports,)), normalised, noise_rows
    )


def _content(path: str | Path) -> str:
    """The text of a file; comments are often not in UTF-8, and do not matter."""
    content = read_file(path, LARGEST_FILE, "keep the frequencies that matter")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _lines(header: Header, text: str) -> Iterator[Row]:
    """The lines that are not empty, without comments and the section of information."""
    informing = False
    for line, written in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        content, _, comment = written.partition("!")
        if PORT_IMPEDANCE.match(comment):
            raise header.refusal(
                line,
                "gives port impedances in a comment, against which the option line may be wrong",
                "export it renormalised to one resistance, without port impedances",
            )
        lower = content.strip().lower()
        informing = informing or lower.startswith("[begin information]")
        if lower and not informing:
            yield Row(line, content.split())
        informing = informing and not lower.startswith("[end information]")


def _rows(header: Header, text: str, ports: int, suffix: str) -> tuple[list[Row], int]:
    """The rows of network data, their shape checked, and how many rows of noise parameters follow."""
    rows: list[Row] = []
    noise_rows = 0
    noisy = False
    lines = _lines(header, text)
    for row in lines:
        content = " ".join(row.words)
        keyword = KEYWORD.fullmatch(content)
        if content.startswith("#"):
            header.read_options(row.line, content)
        elif keyword is not None and keyword[1].lower() == "end":
            break
        elif keyword is not None and keyword[1].lower() in ("network data", "noise data"):
            noisy = keyword[1].lower() == "noise data"
        elif keyword is not None and rows:
            raise header.refusal(
                row.line, f"holds the keyword [{keyword[1]}] behind the numbers", "move it before them"
            )
        elif keyword is not None:
            header.read_keyword(row.line, keyword[1].lower(), keyword[2], lines)
        else:
            if not rows:
                _check_header(header, row.line, ports, suffix)
            _check_numbers(header, row)
            falls = bool(rows) and float(row.words[0]) <= float(rows[-1].words[0])
            if not header.version and ports == 2 and len(row.words) == 5 and falls:
                noisy = True
            if noisy:
                _check_noise(header, row)
                noise_rows += 1
            else:
                _check_count(header, row, ports)
                if falls:
                    raise header.refusal(
                        row.line,
                        f"has the frequency {row.words[0]} {header.option['unit']} behind {rows[-1].words[0]}, but they must rise",
                        "sort the rows",
                    )
                rows.append(row)
    if not rows:
        raise DeviceError("", f"the Touchstone file {header.name} holds no rows of numbers", "check that it is whole")
    return rows, noise_rows


def _check_header(header: Header, line: int, ports: int, suffix: str) -> None:
    """Raise a DeviceError unless the options and the number of ports are known when the numbers begin."""
    if not header.option:
        raise header.refusal(
            line, "holds numbers, but no option line stands before them", "add one, as in # GHz S RI R 50"
        )
    extension = EXTENSION.fullmatch(suffix)
    found = header.ports or (int(extension[1]) if extension and not header.version else 0)
    if not found:
        raise DeviceError(
            "",
            f"the Touchstone file {header.name} does not say how many ports it has",
            f"name it as in filter.s{ports}p",
        )
    if found != ports:
        kind = {1: 'kind = "table"', 2: 'kind = "two-port"'}
        raise DeviceError(
            "",
            f"the Touchstone file {header.name} has {found} port{'s' * (found > 1)}, but the element has {ports}",
            f"use {kind[found]}" if found in kind else "reduce it to one or two ports",
        )


def _check_numbers(header: Header, row: Row) -> None:
    """Raise a DeviceError unless a row consists of numbers."""
    for word in row.words:
        if not NUMBER.fullmatch(word):
            what = "is not finite" if NOT_FINITE.fullmatch(word) else "is not a number"
            raise header.refusal(row.line, f"holds {quoted(word)}, which {what}", "correct or remove the line")


def _check_count(header: Header, row: Row, ports: int) -> None:
    """Raise a DeviceError unless a row has a frequency and two numbers for each entry of the matrix."""
    entries = ports**2 if header.matrix_format == "full" else ports * (ports + 1) // 2
    if len(row.words) != 1 + 2 * entries:
        raise header.refusal(
            row.line,
            f"has {len(row.words)} numbers, but a row of {ports} port{'s' * (ports > 1)} has {1 + 2 * entries}",
            "check the file's extension, and write one line for each frequency",
        )


def _check_noise(header: Header, row: Row) -> None:
    """Raise a DeviceError unless a row can be noise parameters: a row of the network must not be lost among them."""
    if len(row.words) != 5:
        raise header.refusal(
            row.line,
            f"has {len(row.words)} numbers, but a row of noise parameters, which begin where the frequency falls, has 5",
            "sort the rows by frequency",
        )


def _full_row(header: Header, row: Row, ports: int) -> str:
    """A row in the order of version 1: frequency, then 11, 21, 12, 22."""
    if ports == 1:
        return " ".join(row.words)
    frequency, *numbers = row.words
    entries = [numbers[i : i + 2] for i in range(0, len(numbers), 2)]
    if len(entries) == 3:
        entries.insert(1, entries[1])
    elif header.version and not header.transposed:
        entries[1], entries[2] = entries[2], entries[1]
    return " ".join([frequency, *[word for entry in entries for word in entry]])


def _read_rows(header: Header, rows: list[str], ports: int) -> Any:
    """The rows as scikit-rf reads them. It is told that they are S parameters, so that it leaves them as they are."""
    touchstone = _scikit_rf()
    file = io.StringIO("\n".join([f"# {header.option['unit']} S {header.option['format']} R 50", *rows]))
    file.name = f"rows.s{ports}p"
    # A value in decibels can overflow; what is not finite is refused later, with its frequency.
    with np.errstate(all="ignore"):
        table = touchstone(file)
    if table.s.shape != (len(rows), ports, ports):
        raise DeviceError(
            "", f"of {len(rows)} rows in the Touchstone file {header.name}, scikit-rf reads {len(table.s)}", "update it"
        )
    return table


def _scikit_rf() -> Callable[..., Any]:
    """The reader of scikit-rf, an optional dependency."""
    try:
        from skrf.io.touchstone import Touchstone
    except ImportError:
        raise DeviceError(
            "", "a Touchstone file is read by scikit-rf, which is not installed", "pip install 'subkelvin[touchstone]'"
        ) from None
    return Touchstone
