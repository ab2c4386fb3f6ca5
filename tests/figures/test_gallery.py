"""The gallery finds its exhibits by itself, and each is complete."""

import inspect

import pytest

from subkelvin import DeviceError, preset_names
from subkelvin.gallery import Exhibit, exhibits, reproduce, targets
from subkelvin.materials import bibliography

EXHIBITS = exhibits()


def test_the_paper_and_the_cooler_are_found() -> None:
    assert [one.key for one in EXHIBITS] == ["leivo1996", "ndtc"]
    assert targets() == ("fig1", "fig2", "fig3", "fig4", "claims", "all", "leivo1996")


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda one: one.key)
def test_an_exhibit_has_a_source_and_presets_and_draws_what_it_computes(exhibit: Exhibit) -> None:
    (reference,) = bibliography([exhibit.source])
    assert reference != exhibit.source
    for picture in exhibit.pictures:
        assert set(picture.devices) <= set(preset_names())
        module = exhibit.module(picture.module)
        for name in ("compute", "draw", "describe"):
            assert inspect.isfunction(getattr(module, name)), (picture.key, name)
        assert ("admittance" in inspect.signature(module.compute).parameters) == picture.both_models
    if exhibit.claims:
        assert inspect.isfunction(exhibit.module("claims").write)


def test_pictures_of_two_exhibits_have_unlike_names() -> None:
    names = [picture.key for one in EXHIBITS for picture in one.pictures]
    assert len(set(names)) == len(names)


def test_a_picture_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(DeviceError, match=r"there is no figure 'fig5'; try one of fig1, .*leivo1996"):
        reproduce(["fig5"], "nowhere")
