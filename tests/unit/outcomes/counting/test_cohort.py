from __future__ import annotations

from datetime import date, timedelta

import pytest

from outcomes.asking.windows import Due, Window
from outcomes.counting.cohort import Journey, SentForm, Timing
from participants.programme_time import Pause

FIRST = date(2027, 1, 11)
START = Timing("start", "Start", Due(0, 28, 7))
W12 = Timing("w12", "12 weeks", Due(84, 21, 21))


def _day(number: int) -> date:
    return FIRST + timedelta(days=number)


def _form(day: int, **scores: float) -> SentForm:
    return SentForm(_day(day), scores)


def _journey(*, pauses: tuple[Pause, ...] = (), came: tuple[int, ...] = (0,), **forms: SentForm) -> Journey:
    return Journey(1, came_on=tuple(_day(day) for day in came), pauses=pauses, forms=forms)


def test_stages_follow_the_classes_attended() -> None:
    assert not _journey(came=()).started
    assert _journey(came=(0, 7, 14)).started and not _journey(came=(0, 7, 14)).came_regularly
    assert _journey(came=(0, 7, 14, 21)).came_regularly


def test_the_first_class_is_the_earliest() -> None:
    assert _journey(came=(14, 0, 7)).first_class_on == FIRST


@pytest.mark.parametrize(("day", "counts"), [(-29, False), (-28, True), (0, True), (7, True), (8, False)])
def test_a_start_form_counts_only_around_the_first_class(day: int, counts: bool) -> None:
    journey = _journey(start=_form(day, body=50))
    assert (journey.form_in_window(START) is not None) is counts


@pytest.mark.parametrize(("day", "counts"), [(62, False), (63, True), (105, True), (106, False)])
def test_a_later_form_counts_only_within_its_window(day: int, counts: bool) -> None:
    assert (_journey(w12=_form(day, body=50)).form_in_window(W12) is not None) is counts


def test_a_pause_moves_the_window_of_the_later_form() -> None:
    paused = _journey(pauses=(Pause(_day(20), _day(34)),), w12=_form(119, body=50))
    assert paused.form_in_window(W12) is not None


def test_nobody_without_a_class_has_a_form_that_counts_or_was_due() -> None:
    never = _journey(came=(), start=_form(0, body=50), w12=_form(84, body=60))
    assert never.window(W12.due) == Window()
    assert never.pair(START, W12, "body") is None
    assert not never.was_due(W12, _day(400))


def test_a_form_was_due_once_its_window_has_closed_or_it_has_come() -> None:
    assert not _journey().was_due(W12, _day(105))
    assert _journey().was_due(W12, _day(106))
    assert _journey(w12=_form(63)).was_due(W12, _day(64))


def test_only_both_forms_with_both_scores_make_a_pair() -> None:
    both = _journey(start=_form(0, body=50, mind=40), w12=_form(84, body=60))
    alone = _journey(start=_form(0, body=10))
    later = _journey(w12=_form(84, body=90))
    early = _journey(start=_form(-60, body=10), w12=_form(84, body=90))
    assert both.pair(START, W12, "mind") is None
    assert both.pair(START, W12, "body") == (50, 60)
    assert [journey.pair(START, W12, "body") for journey in (alone, later, early)] == [None, None, None]
