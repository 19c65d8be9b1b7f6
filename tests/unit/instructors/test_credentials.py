"""Whether somebody may lead on a date."""

from __future__ import annotations

from datetime import date

import pytest

from instructors.credentials import Held, Reason, Why, reasons_against_leading

ON = date(2027, 3, 28)


def held(
    kind: str = "dbs", issued: str = "2025-01-01", expires: str | None = "2028-01-01", verified: bool = True
) -> Held:
    return Held(kind, date.fromisoformat(issued), date.fromisoformat(expires) if expires else None, verified)


def test_a_credential_that_stands_leaves_no_reason() -> None:
    assert reasons_against_leading([held()], ["dbs"], ON) == ()


def test_nothing_needed_leaves_no_reason() -> None:
    assert reasons_against_leading([], [], ON) == ()


def test_what_is_missing_is_named_once_each() -> None:
    assert reasons_against_leading([held("first_aid")], ["dbs", "membership", "dbs"], ON) == (
        Reason("dbs", Why.MISSING),
        Reason("membership", Why.MISSING),
    )


@pytest.mark.parametrize(("expires", "stands"), [("2027-03-27", False), ("2027-03-28", True), (None, True)])
def test_a_credential_counts_on_its_last_day_and_not_after(expires: str | None, stands: bool) -> None:
    reasons = reasons_against_leading([held(expires=expires)], ["dbs"], ON)
    assert (reasons == ()) is stands
    if not stands:
        assert reasons == (Reason("dbs", Why.EXPIRED, date(2027, 3, 27)),)


@pytest.mark.parametrize(("issued", "stands"), [("2027-03-28", True), ("2027-03-29", False)])
def test_a_credential_counts_from_its_first_day(issued: str, stands: bool) -> None:
    reasons = reasons_against_leading([held(issued=issued)], ["dbs"], ON)
    assert reasons == (() if stands else (Reason("dbs", Why.NOT_YET, date(2027, 3, 29)),))


def test_what_nobody_has_seen_does_not_count() -> None:
    assert reasons_against_leading([held(verified=False)], ["dbs"], ON) == (Reason("dbs", Why.UNVERIFIED),)


def test_a_renewal_that_waits_to_be_seen_extends_nothing() -> None:
    renewal = [held(expires="2027-01-01"), held(issued="2027-01-01", verified=False)]
    assert reasons_against_leading(renewal, ["dbs"], ON) == (Reason("dbs", Why.UNVERIFIED),)


def test_of_several_the_latest_end_is_told() -> None:
    both = [held(expires="2026-01-01"), held(expires="2026-06-01"), held(issued="2027-06-01")]
    assert reasons_against_leading(both, ["dbs"], ON) == (Reason("dbs", Why.EXPIRED, date(2026, 6, 1)),)


def test_one_that_stands_is_enough() -> None:
    assert reasons_against_leading([held(expires="2026-01-01"), held()], ["dbs"], ON) == ()
