"""What `reproduce` writes: all of it or nothing, complete and readable."""

import json
import re
from pathlib import Path

import pytest
import xarray as xr

from subkelvin import DeviceError, Progress, preset
from subkelvin.gallery import reproduce

FIGURES = ("fig1", "fig2", "fig3", "fig4", "claims")


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_comes_with_data_and_caption(written: Path, name: str) -> None:
    assert (written / f"{name}.pdf").read_bytes().startswith(b"%PDF")
    assert (written / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    assert list(written.glob(f"{name}*.csv"))
    with xr.open_datatree(written / f"{name}.nc", engine="h5netcdf") as tree:
        assert any(node.data_vars for node in tree.subtree)


def test_fonts_are_embedded(written: Path) -> None:
    for name in FIGURES:
        assert b"/FontFile2" in (written / f"{name}.pdf").read_bytes()


def test_captions_list_every_assumed_value(written: Path) -> None:
    presets = {
        "fig2": ["silver-setup-1"],
        "fig3": ["silver-setup-1", "inas-setup-1"],
        "fig4": ["silver-setup-2", "inas-setup-2"],
    }
    for figure, names in presets.items():
        text = (written / f"{figure}.txt").read_text(encoding="utf-8")
        words = " ".join(text.split())
        for name in names:
            device = preset(name)
            assert device.provenance.assumed
            for path in device.provenance.assumed:
                assert f"* {path} = " in text
                assert device.provenance.of(path).note in words


def test_tables_have_units_in_their_headings(written: Path) -> None:
    heading = (written / "fig3-silver-by-power-and-swept_temperature.csv").read_text(encoding="utf-8").splitlines()[0]
    assert "temperature [K]" in heading
    assert "holding_power [W]" in heading


def test_nothing_unfinished_is_left(written: Path) -> None:
    assert not [file for file in written.iterdir() if file.name.startswith(".")]


def test_an_unknown_figure_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="there is no figure 'fig9'"):
        reproduce(["fig9"], tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "occupied"
    file.write_text("a file, not a folder")
    with pytest.raises(DeviceError, match="must be a folder that can be written"):
        reproduce(["fig1"], file)
    assert file.read_text() == "a file, not a folder"


def test_progress_runs_from_nothing_to_everything(tmp_path: Path) -> None:
    heard: list[float] = []
    files = reproduce(["fig1"], tmp_path / "figures", Progress(lambda progress: heard.append(progress.fraction)))
    assert heard == sorted(heard)
    assert (heard[0], heard[-1]) == (0.0, 1.0)
    assert all(file.exists() for file in files)


def test_the_claims_are_judged_everywhere(written: Path) -> None:
    data = json.loads((written / "claims.json").read_text(encoding="utf-8"))
    claims = data["claims"]
    cutoffs = {row["cutoff_rad_per_s"] for claim in claims for row in claim["against_cutoff"]}
    assert cutoffs >= {4e11, 1e12, 2e12, 4e12, 1e13}
    topics = {claim["topic"].split(":")[0].split(",")[0] for claim in claims}
    assert len(topics) == 5
    for trend in ("(i)", "(ii)", "(iii)", "(iv)", "(v)", "(vi)"):
        mine = [claim for claim in claims if claim["claim"].startswith(f"{trend} ")]
        assert mine
        assert all(claim["verdict"] is True for claim in mine), trend


def test_false_claims_say_where_they_are_true(written: Path) -> None:
    claims = json.loads((written / "claims.json").read_text(encoding="utf-8"))["claims"]
    false = [claim for claim in claims if claim["verdict"] is False]
    # The voltage noise of a 1 µm² junction at 50 mK, and the cold end that no heater reaches, are known to break the assumptions.
    assert any(claim["quantity"].startswith("voltage-noise-over-temperature") for claim in false)
    assert any("heater alone" in claim["claim"] for claim in false)
    assert all(claim["where_true"] or claim["note"] for claim in false)


def test_the_table_shows_every_claim(written: Path) -> None:
    claims = json.loads((written / "claims.json").read_text(encoding="utf-8"))["claims"]
    table = (written / "claims-table.md").read_text(encoding="utf-8")
    assert all(f"| {claim['claim']} |" in table for claim in claims)


def test_the_page_begins_with_the_false_claims_and_holds_every_number_once(written: Path) -> None:
    claims = json.loads((written / "claims.json").read_text(encoding="utf-8"))["claims"]
    page = (written / "claims.md").read_text(encoding="utf-8")
    false = [claim for claim in claims if claim["verdict"] is False]
    assert f"**{len(false)} of {len(claims)} are false**" in page
    assert "(claims-table.md)" in page
    headings = re.findall(r"^## (.*) \((\d+)\)$", page, re.MULTILINE)
    assert headings[0][0] == "False"
    assert sum(int(count) for _, count in headings) == len(claims)
    assert int(headings[0][1]) == len(false)
    # The same verdicts, counted by their marks: a false one of several devices shows each of its numbers.
    first = page.split("\n## ")[1]
    for claim in false:
        assert claim["limit"] in first
        assert (f"{claim['number']:.3g}" if claim["number"] is not None else "–") in first
    assert not [line for line in first.splitlines() if line.startswith(("| ✓", "| ·"))]
    # A reader takes it in: six columns at most, four where all is true, and claims that differ in the device alone share a row.
    rows = [line for line in page.splitlines() if line.startswith(("| ✗", "| ✓", "| ·"))]
    assert max(line.count(" | ") for line in rows) <= 5
    assert all(line.count(" | ") == 3 for line in page.split("\n## True (")[1].splitlines() if line.startswith("| ✓"))
    assert len(rows) < 0.85 * len(claims)
