"""`subkelvin draw` writes the picture that was asked for, or says in one sentence why not."""

from pathlib import Path

import pytest

from subkelvin import cli

FIRST_BYTES = {"pdf": b"%PDF", "png": b"\x89PNG", "svg": b"<?xml", "PNG": b"\x89PNG"}


@pytest.mark.parametrize("ending", FIRST_BYTES)
def test_draw_writes_a_picture_of_the_kind_that_its_ending_names(
    ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "new folder" / f"device.{ending}"
    assert cli.answer_to(["draw", "silver-setup-1", "--out", str(file)]) == 0
    out, err = capsys.readouterr()
    assert (out, err) == (f"{file}\n", "")
    assert file.read_bytes().startswith(FIRST_BYTES[ending])


def test_draw_sets_values_and_writes_a_pdf_by_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.answer_to(["draw", "silver-setup-1"]) == 0
    assert capsys.readouterr().out == "circuit.pdf\n"
    assert Path("circuit.pdf").read_bytes().startswith(b"%PDF")
    arguments = [
        "draw",
        "silver-setup-1",
        "--out",
        "device.svg",
        "--set",
        "name=Changed",
        "--set",
        "islands.right.temperature=123 mK",
    ]
    assert cli.answer_to(arguments) == 0
    picture = Path("device.svg").read_text()
    assert ">Changed<" in picture
    assert "123 mK (held)" in picture


def test_draw_without_a_steady_state_still_draws_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "device.svg"
    assert cli.answer_to(["draw", "silver-setup-2", "--out", str(file), "--set", "islands.left.power=1 uW"]) == 1
    out, err = capsys.readouterr()
    assert out == f"{file}\n"
    assert err.count("\n") == 1
    assert "Temperatures were not found (above critical temperature)" in file.read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["draw"], "Missing argument"),
        (["draw", "silver-setup-1", "--out", "circuit.jpg"],
         "must end in .pdf, .png or .svg, but is 'circuit.jpg'; try --out circuit.pdf"),
        (["draw", "silver-setup-1", "--out", "circuit"], "must end in .pdf, .png or .svg"),
        (["draw", "silver-setup-1", "--out", "/proc/none/circuit.pdf"], "must be a folder that can be written"),
        (["draw", "silversetup-1"], "did you mean `silver-setup-1`?"),
        (["draw", "silver-setup-1", "--set", "islands.left.power=10 mK"], "must be a power"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_sentence_and_nothing_is_written(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.answer_to(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_draw_names_a_file_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "circuit.pdf"
    folder.mkdir()
    assert cli.answer_to(["draw", "silver-setup-1", "--out", str(folder)]) == 2
    assert "cannot be written" in capsys.readouterr().err
