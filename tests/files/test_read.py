"""A file is read up to a limit, and nothing is waited for."""

import os
import socket
from pathlib import Path
from typing import Any

import pytest

from subkelvin.devicefile import load, loads
from subkelvin.devicefile.spice import spice_to_device_file
from subkelvin.devicefile.touchstone import read_touchstone
from subkelvin.files import read_file
from subkelvin.model import ArgumentError, DeviceError

DEVICE = 'islands.bath.temperature = "50 mK"\n'
NETLIST = "R1 a 0 50\nR2 a 0 50\n"
LOOKS_LIKE_A_STATEMENT = "line 1 .* looks like a statement, but SPICE takes the first line of a netlist as its title"


def test_a_file_is_read_to_its_last_byte(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"12345")
    assert read_file(file, 5, "") == b"12345"
    with pytest.raises(DeviceError, match="has more than 4 bytes; make it smaller"):
        read_file(file, 4, "make it smaller")


@pytest.mark.parametrize("kind", ["a pipe", "a socket"])
def test_a_pipe_or_a_socket_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    # pytest would wait here for ever, as the program did.
    file = tmp_path / "device.toml"
    if kind == "a pipe":
        os.mkfifo(file)
    else:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(file))
    for read in (load, lambda path: read_touchstone(path, 1)):
        with pytest.raises(DeviceError, match=r"is a pipe, not a file|cannot be read"):
            read(file)


@pytest.mark.parametrize("path", [3, None, b"device.toml", ["device.toml"], 1.5])
def test_what_names_no_file_is_refused(path: Any) -> None:
    # A number would have been taken for the number of an open file.
    with pytest.raises(ArgumentError, match="`path` must be text"):
        load(path)


@pytest.mark.parametrize("mark", ["\ufeff", "\u200b", "\u2060\ufeff"])
def test_a_statement_does_not_hide_behind_a_mark(mark: str) -> None:
    with pytest.raises(DeviceError, match=LOOKS_LIKE_A_STATEMENT):
        spice_to_device_file(mark + NETLIST)
    assert 'name = "filter"' in spice_to_device_file(f"\ufefffilter\n{NETLIST}")


def test_a_byte_order_mark_is_no_part_of_a_device_file(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(DEVICE, encoding="utf-8-sig")
    assert load(tmp_path / "a.toml").values == loads(DEVICE).values == loads(f"\ufeff{DEVICE}").values
