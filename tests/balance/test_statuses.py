"""Every outcome has a word and a sentence of its own, whatever number another family gives the same."""

import pytest

from subkelvin import Status, TrajectoryStatus
from subkelvin.model.status import Outcome

OUTCOMES: list[Outcome] = [*Status, *TrajectoryStatus]


def test_two_families_share_numbers_but_no_sentence() -> None:
    assert {int(one) for one in Status} & {int(one) for one in TrajectoryStatus}
    assert len({one.advice for one in OUTCOMES}) == len(OUTCOMES)


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda one: f"{type(one).__name__}.{one.name}")
def test_a_sentence_is_one(outcome: Outcome) -> None:
    assert outcome.advice[0].isupper()
    assert outcome.advice.endswith(".")
    assert outcome.label == outcome.name.lower().replace("_", "-")


def test_what_nobody_computed_has_one_sign() -> None:
    assert int(Status.NOT_COMPUTED) == int(TrajectoryStatus.NOT_COMPUTED) == -1
    assert Status.NOT_COMPUTED.label == TrajectoryStatus.NOT_COMPUTED.label == "not-computed"
