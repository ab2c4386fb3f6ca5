"""The bibliography: keys, identifiers and how references are printed."""

import re
from pathlib import Path

import pytest

from subkelvin.materials import BIBLIOGRAPHY, METHODS, Source, bibliography

PRESETS = Path(__file__).parents[2] / "src" / "subkelvin" / "devicefile" / "presets"
SOURCES = list(BIBLIOGRAPHY.values())


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.key)
def test_every_source_is_complete_and_well_formed(source: Source) -> None:
    assert re.fullmatch(r"[a-z]+\d{4}", source.key)
    assert source.key.endswith(str(source.year))
    assert source.authors
    assert source.title
    assert source.journal
    assert not source.doi or re.fullmatch(r"10\.\d{4,9}/[-._;()/:A-Za-z0-9]+", source.doi)
    assert not source.arxiv or re.fullmatch(r"\d{4}\.\d{5}|\d{4}\.\d{4}|[a-z-]+/\d{7}", source.arxiv)


@pytest.mark.parametrize("source", [one for one in SOURCES if one.doi.startswith("10.1103/")], ids=lambda one: one.key)
def test_the_doi_of_a_physical_review_article_repeats_its_volume_and_page(source: Source) -> None:
    volume, page = re.findall(r"(\d+), (\d+)$", source.journal)[0]
    assert source.doi.endswith(f".{volume}.{page}")


def test_no_identifier_is_given_twice() -> None:
    identifiers = [one for source in SOURCES for one in (source.doi, source.arxiv) if one]
    assert len(identifiers) == len(set(identifiers))


def test_every_method_is_in_the_bibliography() -> None:
    assert set(METHODS) <= set(BIBLIOGRAPHY)
    assert bibliography(METHODS)[0] == str(BIBLIOGRAPHY["pioldi2025"])


def test_a_reference_prints_who_what_where_and_when() -> None:
    (reference,) = bibliography(["meschke2006", "meschke2006"])
    assert reference == (
        "[meschke2006] M. Meschke, W. Guichard, J. P. Pekola, Single-mode heat conduction by photons, "
        "Nature 444, 187 (2006), doi:10.1038/nature05276, arXiv:cond-mat/0605678"
    )


def test_a_source_of_the_users_own_is_returned_as_it_stands() -> None:
    assert bibliography(["laboratory book 12, page 3"]) == ["laboratory book 12, page 3"]


def test_every_source_that_a_preset_names_is_in_the_bibliography() -> None:
    named = {
        key
        for preset in PRESETS.glob("*.toml")
        for key in re.findall(r'^source = "(.*)"', preset.read_text("utf-8"), re.M)
    }
    assert named
    assert named <= set(BIBLIOGRAPHY)


def test_the_physics_page_lists_every_source() -> None:
    page = (PRESETS.parents[3] / "docs" / "physics.md").read_text("utf-8")
    listed = re.findall(r"^- \*\*([a-z]+\d{4})\*\*: ", page, re.M)
    assert listed == sorted(BIBLIOGRAPHY)
    cited = set(re.findall(r"[a-z]+\d{4}", "".join(re.findall(r"\[([a-z]+\d{4}(?:, [a-z]+\d{4})*)\]", page))))
    assert cited <= set(BIBLIOGRAPHY)
    for source in SOURCES:
        assert source.doi in page
        assert source.arxiv in page
