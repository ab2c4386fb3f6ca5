"""Answers that are empty, stopped or many label and explain themselves too, and say of the device only what was used."""

from typing import Any

import numpy as np
import pytest
from tests.hostile.calls import small_device

from subkelvin import (
    Device,
    Progress,
    Result,
    Status,
    all_states,
    branches,
    hysteresis,
    number_of_states,
    preset,
    steady_state,
    sweep,
)
from subkelvin.model.result import About
from subkelvin.ndtc import conductance, negative_conductance, response, temperature_drop

KEY = "islands.left.power"
RIGHT = "islands.right.temperature"


@pytest.fixture(scope="module")
def device() -> Device:
    return small_device()


@pytest.fixture(scope="module")
def empty() -> list[Result]:
    """No state, no branch, no range, and a loop that somebody stopped."""
    silver = preset("silver-setup-1").replace({KEY: "1 uW"})

    def stop(progress: Progress) -> None:
        if progress.doing.startswith("point 4,"):
            progress.cancel()

    return [
        steady_state(silver),
        all_states(silver),
        branches(silver, KEY, "0.9 uW", "1 uW", seeds=2),
        hysteresis(preset("silver-setup-1"), KEY, "10 fW", "20 fW", seeds=2, progress=Progress(stop)),
        negative_conductance(silver, "right", "50 mK", "60 mK", source="left", source_temperature="500 mK"),
    ]


def test_an_empty_answer_says_so_and_labels_itself(empty: list[Result]) -> None:
    for found in empty:
        assert found.advice(), type(found)
        assert found.to_xarray().attrs["device"] == found.about.device
        assert repr(found)
    state, states, none, stopped, nowhere = empty
    assert state.status == Status.ABOVE_CRITICAL_TEMPERATURE  # type: ignore[attr-defined]
    assert states.status == Status.ABOVE_CRITICAL_TEMPERATURE  # type: ignore[attr-defined]
    assert none.status == Status.NO_STEADY_STATE  # type: ignore[attr-defined]
    assert stopped.status == Status.NOT_COMPUTED  # type: ignore[attr-defined]
    assert nowhere.status == Status.CONVERGED  # type: ignore[attr-defined]


def test_many_answers_are_summed_up(device: Device) -> None:
    found = response(device, "right", [0.1, 0.2], powers=["10 fW", "1 uW"])
    told = found.advice()
    assert told.startswith("Of 4: ")
    for outcome in {Status(int(one)) for one in found.status.ravel()}:
        assert outcome.label in told


def test_about_holds_no_number_that_was_replaced(device: Device) -> None:
    own = dict(About.of(device).parameters)
    asked: list[tuple[Any, set[str]]] = [
        (branches(device, KEY, "10 fW", "20 fW", seeds=2), {KEY}),
        (number_of_states(device, {KEY: ["10 fW"], RIGHT: [0.1]}), {KEY, RIGHT}),
        (response(device, "right", [0.1], powers=["10 fW"]), {KEY, RIGHT}),
        (temperature_drop(device, "right", [0.05, 0.2], powers=["10 fW"]), {KEY, RIGHT}),
        (conductance(device, "right", [0.1], source="left", source_temperature=0.3), {KEY, RIGHT}),
    ]
    for found, replaced in asked:
        assert dict(found.about.parameters) == {key: one for key, one in own.items() if key not in replaced}
    told = sweep(device, {KEY: ["10 fW"]}).attrs["parameters_SI"]
    assert KEY not in told
    assert RIGHT in told


def test_a_result_keeps_its_numbers_when_the_caller_changes_theirs(device: Device) -> None:
    powers = np.array([1e-14, 2e-14])
    found = response(device, "right", [0.1], powers=powers)
    powers[0] = 9.0
    assert found.power[0] == 1e-14
