"""Every public name resolves, is called once rightly, and answers hostile arguments by a sentence or a result."""

import inspect

import pytest
from tests.hostile.calls import Call, counted, one_by_one, outcome_of, right_calls, run, small_device

import subkelvin
from subkelvin import Device

COSTLY = ("evolve",)
"""What compiles anew for nearly every argument that it accepts: only what it must refuse is thrown at it here."""
REFUSED = ("nan", "text", "matrix", "mapping of unknown", "object", "objects", "-inf")
NAMES = sorted(
    name for name in subkelvin.__all__ if inspect.isfunction(getattr(subkelvin, name)) or name in ("preset_names",)
)
"""Of the public functions."""
QUESTIONS = sorted(
    f"ndtc.{name}" for name in subkelvin.ndtc.__all__ if inspect.isfunction(getattr(subkelvin.ndtc, name))
)
"""The paper's own."""
DRIVES = tuple(f"drives.{name}" for name in subkelvin.drives.__all__ if name != "Drive")
"""The classes that users make themselves; they get all others, except a device, from functions."""


@pytest.fixture(scope="module")
def device() -> Device:
    return small_device()


@pytest.fixture(scope="module")
def calls(device: Device) -> dict[str, Call]:
    return right_calls(device)


def test_every_public_function_and_drive_has_a_right_call(calls: dict[str, Call]) -> None:
    assert {*NAMES, *QUESTIONS, *DRIVES} <= set(calls)
    others = set(subkelvin.__all__) - set(NAMES) - {"__version__", *subkelvin.MODULES}
    assert all(inspect.isclass(getattr(subkelvin, name)) for name in others)


def test_every_parameter_of_a_public_function_is_thrown_at(calls: dict[str, Call]) -> None:
    for name in [*NAMES, *QUESTIONS]:
        assert set(inspect.signature(calls[name].function).parameters) - {"ways"} == set(calls[name].arguments), name


@pytest.mark.parametrize("name", [*NAMES, *QUESTIONS, *DRIVES])
def test_a_right_call_gives_a_result(calls: dict[str, Call], name: str) -> None:
    outcome = outcome_of(*calls[name])
    if name == "ndtc.best_power":
        # Normal junctions have no negative differential conductance: there is no best power, and it says so.
        assert "δT has no maximum" in outcome.text
    else:
        assert outcome.kind == "result", outcome.text


def test_hostile_arguments_get_a_sentence_or_a_result(device: Device, calls: dict[str, Call]) -> None:
    for name, call in calls.items():
        found = counted(one_by_one(device, name, call, REFUSED if name in COSTLY else None))
        assert not found.leaks, "\n".join(found.leaks)
        assert not found.late, "\n".join(found.late)
        assert found.calls == found.results + found.sentences
        if name in COSTLY:
            # All of these values are no value of any argument but `progress`, `until`, …: none may be answered.
            assert found.results == 0, name


def test_a_thousand_random_hostile_calls_leak_nothing() -> None:
    found = run(1000, seed=0)
    assert not found.leaks, "\n".join(found.leaks)
    assert not found.late, "\n".join(found.late)
