"""Of two answers the more careful one counts, as tables."""

from __future__ import annotations

import datetime as dt

import pytest

from records.merging.weighing import Answered, Decided, first_that_counts, more_careful, narrower

TODAY = dt.date(2027, 3, 1)
DAY = dt.timedelta(days=1)
NOON = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)


def says(state, *adaptations, since=-10, days=100, due=None):
    until = TODAY + days * DAY if state in {"cleared", "cleared_adapted"} else None
    return Decided(state, frozenset(adaptations), TODAY + since * DAY, until, review_due_at=due)


def of_both(one, other):
    counts = more_careful(one, other, today=TODAY, review_by=NOON)
    assert more_careful(other, one, today=TODAY, review_by=NOON) == counts
    return counts


@pytest.mark.parametrize(
    ("one", "other", "counts"),
    [
        ("cleared", "cleared", "cleared"),
        ("cleared", "cleared_adapted", "cleared_adapted"),
        ("cleared", "paused", "paused"),
        ("cleared_adapted", "needs_review", "needs_review"),
        ("paused", "needs_review", "needs_review"),
        ("needs_review", "not_suitable", "not_suitable"),
        ("cleared", "not_suitable", "not_suitable"),
    ],
)
def test_of_two_clearances_the_more_careful_one_counts(one, other, counts):
    adapted = {"cleared_adapted": ["no_impact"]}
    assert of_both(says(one, *adapted.get(one, [])), says(other, *adapted.get(other, []))).state == counts


def test_everything_that_either_says_to_adapt_is_adapted_for_as_long_as_both_hold():
    counts = of_both(says("cleared_adapted", "no_impact", days=50), says("cleared_adapted", "seated_only", since=-2))
    assert counts.adaptations == {"no_impact", "seated_only"}
    assert (counts.valid_from, counts.valid_until) == (TODAY - 2 * DAY, TODAY + 50 * DAY)


def test_adaptations_that_no_class_could_meet_together_are_for_a_person_to_look_at():
    counts = of_both(says("cleared_adapted", "remote_only"), says("cleared_adapted", "in_person_only"))
    assert (counts.state, counts.valid_until, counts.review_due_at) == ("needs_review", None, NOON)


def test_a_clearance_that_ran_out_shortens_none_that_holds_and_what_it_adapted_still_counts():
    counts = of_both(says("cleared_adapted", "no_impact", since=-300, days=-100), says("cleared"))
    assert (counts.state, counts.adaptations) == ("cleared_adapted", {"no_impact"})
    assert counts.valid_until == TODAY + 100 * DAY


def test_of_two_that_ran_out_none_holds_again():
    counts = of_both(says("cleared", since=-300, days=-100), says("cleared", since=-200, days=-50))
    assert counts.valid_until == TODAY - 50 * DAY


def test_the_earlier_due_time_of_a_review_stays():
    early = NOON - DAY
    assert of_both(says("needs_review", due=early), says("needs_review", due=NOON)).review_due_at == early


def test_a_consent_that_was_refused_on_one_record_is_refused_and_the_service_is_what_was_said_last():
    one = {"service": True, "research": True, "summaries": False, "recording": True}
    assert narrower(one, {"service": False, "research": False, "summaries": False}) == {"research"}


@pytest.mark.parametrize(
    ("answers", "counts"),
    [
        ([Answered(1, "submitted", NOON), Answered(2, "submitted", NOON - DAY)], 2),
        ([Answered(1, "planned", begun=True), Answered(2, "submitted", NOON)], 2),
        ([Answered(1, "planned"), Answered(2, "planned", begun=True)], 2),
        ([Answered(1, "planned"), Answered(2, "planned")], 1),
        ([Answered(1, "not_wanted"), Answered(2, "missed")], 2),
    ],
)
def test_what_was_sent_first_counts_else_what_was_begun(answers, counts):
    assert first_that_counts(answers) == counts
