"""The accuracy certificate finds errors, and this installation has none."""

import dataclasses
import math

import pytest

from subkelvin.analysis import certificate
from subkelvin.analysis.certificate import Verdict, certify, reference_rows, relative_error, verdict_on


def test_every_shipped_quantity_is_certified() -> None:
    verdicts = certify()
    assert {verdict.quantity for verdict in verdicts} == set(certificate.CERTIFIED)
    for verdict in verdicts:
        assert verdict.good, verdict
        assert verdict.rows >= 20


@pytest.mark.parametrize("quantity", sorted(certificate.CERTIFIED))
def test_a_reference_that_is_off_by_a_little_more_than_the_tolerance_is_noticed(quantity: str) -> None:
    rows = reference_rows()[quantity]
    tolerance = certificate.CERTIFIED[quantity][1]
    index = next(i for i, row in enumerate(rows) if float(row["value"]) != 0.0)
    shifted = repr(float(rows[index]["value"]) * (1.0 + 3.0 * tolerance))
    verdict = verdict_on(quantity, [{**row, "value": shifted} if i == index else row for i, row in enumerate(rows)])
    assert not verdict.good
    assert verdict.worst_arguments == rows[index]["arguments"]


def test_a_value_that_is_no_number_is_never_good() -> None:
    assert relative_error(math.nan, "1.0") == math.inf
    assert relative_error(math.inf, "1.0") == math.inf
    assert relative_error(1e-300, "0.0") == math.inf
    assert relative_error(0.0, "0.0") == 0.0
    good = Verdict("one_pole_heat_current", 1, 0.0, 1e-12, {})
    assert good.good
    assert not dataclasses.replace(good, rows=0).good
    assert not dataclasses.replace(good, worst_error=math.nan).good
