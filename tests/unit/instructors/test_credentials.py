"""Whether somebody may lead on a date."""

from __future__ import annotations

from datetime import date

import pytest

from instructors.credentials import (
    Held,
    Reason,
    Standing,
    Why,
    overridden,
    ran_out,
    reasons_against_leading,
    standing_of,
)

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
def test_a_credential_counts_on_its_last_day_and_not_after(expires: str | None, stands: bool) -> None:  # pitfalls 54
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


# --- an exception of the desk, and how long something lasts -------------------


def passed(until: str = "2027-07-01") -> Held:
    return Held("dbs", date(2027, 1, 1), date.fromisoformat(until), verified=True, override=True)


def test_an_override_stands_in_between_its_days_and_is_told_apart():
    lapsed = held(expires="2027-01-01")
    assert reasons_against_leading([lapsed, passed()], ["dbs"], ON) == ()
    assert overridden([lapsed, passed()], ["dbs", "membership"], ON) == ("dbs",)
    assert overridden([held(), passed()], ["dbs"], ON) == ()
    assert overridden([lapsed], ["dbs"], ON) == ()


def test_an_override_that_is_over_says_nothing_about_what_ran_out():
    lapsed = held(expires="2027-01-01")
    reason = Reason("dbs", Why.EXPIRED, date(2027, 1, 1))
    assert reasons_against_leading([lapsed, passed("2027-02-01")], ["dbs"], ON) == (reason,)
    assert reasons_against_leading([passed("2027-02-01")], ["dbs"], ON) == (Reason("dbs", Why.MISSING),)


@pytest.mark.parametrize(
    ("rows", "until", "endless"),
    [
        ([], None, False),
        ([held(expires="2027-12-31")], "2027-12-31", False),
        ([held(expires=None)], None, True),
        ([held(verified=False)], None, False),
        ([held(expires="2027-01-01")], None, False),
        ([passed()], None, False),
        ([held(expires="2027-12-31"), held(issued="2028-01-01", expires="2028-12-31")], "2028-12-31", False),
        ([held(expires="2027-12-31"), held(issued="2028-01-02", expires="2028-12-31")], "2027-12-31", False),
        ([held(expires="2027-12-31"), held(issued="2027-12-01", expires=None)], None, True),
        (
            [held(expires="2027-12-31"), held(issued="2027-11-01", expires="2028-12-31", verified=False)],
            "2027-12-31",
            False,
        ),
        ([held(expires="2027-12-31"), held(issued="2027-02-01", expires="2027-11-30")], "2027-12-31", False),
    ],
)
def test_it_lasts_as_long_as_what_was_verified_goes_on_without_a_gap(rows, until, endless):
    standing = standing_of("dbs", rows, ON)
    assert (standing.until, standing.endless) == (until and date.fromisoformat(until), endless)
    assert standing.verified is bool(endless or until)


def test_how_one_kind_stands_names_what_waits_and_what_the_desk_lets_pass():
    waiting = held(verified=False)
    assert standing_of("dbs", [waiting], ON) == Standing("dbs", Reason("dbs", Why.UNVERIFIED), None, False, False, True)
    by_desk = standing_of("dbs", [passed()], ON)
    assert by_desk.by_override and by_desk.reason is None and not by_desk.verified


@pytest.mark.parametrize(
    ("rows", "over"),
    [
        ([held(expires="2027-01-01")], "2027-01-01"),
        ([held(expires="2027-01-01"), held(verified=False)], "2027-01-01"),
        ([held(expires="2027-01-01"), held()], None),
        ([held(expires="2027-01-01"), passed()], "2027-01-01"),
        ([held(expires="2027-01-01", verified=False)], None),
        ([held("first_aid", expires="2027-01-01")], None),
    ],
)
def test_what_ran_out_is_told_while_nothing_verified_has_taken_its_place(rows, over):
    assert ran_out("dbs", rows, ON) == (over and date.fromisoformat(over))
