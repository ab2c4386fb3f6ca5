"""Long questions tell how far they have come, and can be stopped at every step."""

from collections.abc import Callable

import numpy as np
import pytest
from tests.hostile.calls import POWER, small_device

from subkelvin import Cancelled, Progress, Result, Status, all_states, branches, report
from subkelvin.ndtc import Objective, best_area_ratio, best_power, response, temperature_drop

QUESTIONS: dict[str, Callable[[Progress], Result]] = {
    "response": lambda p: response(small_device(), "right", [0.1, 0.2], powers=["10 fW"], progress=p),
    "temperature_drop": lambda p: temperature_drop(small_device(), "right", [0.1, 0.2], powers=["10 fW"], progress=p),
    "best_area_ratio": lambda p: best_area_ratio(
        small_device(), "right", Objective.HEAT, source="left", source_temperatures=[0.5], progress=p
    ),
    "all_states": lambda p: all_states(small_device(), progress=p),
    "report": lambda p: report(small_device(), progress=p),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_tells_how_far_it_has_come_and_stops_at_once(name: str) -> None:
    shares: list[float] = []
    QUESTIONS[name](Progress(lambda progress: shares.append(progress.fraction)))
    assert len(shares) >= 1
    assert np.all(np.diff(shares) >= 0.0)
    assert 0.5 <= shares[-1] <= 1.0
    with pytest.raises(Cancelled):
        QUESTIONS[name](Progress(Progress.cancel))


def test_the_search_for_the_best_power_stops() -> None:
    with pytest.raises(Cancelled):
        best_power(
            small_device(), "right", [0.05, 0.3], lowest=1e-15, highest=1e-12, progress=Progress(Progress.cancel)
        )


def test_a_stop_between_the_seeds_of_branches_is_heard() -> None:
    def stop_at_second_search(progress: Progress) -> None:
        # The first search is at the first end; a branch is known before the second one begins.
        if progress.doing == f"states at {POWER} = 2e-14":
            progress.cancel()

    found = branches(small_device(), POWER, "10 fW", "20 fW", seeds=2, progress=Progress(stop_at_second_search))
    assert found.status == Status.NOT_COMPUTED
    assert len(found.branches) == 1
