from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes.asking.windows import Due
from outcomes.counting.cohort import NEVER, SentForms, Timing
from outcomes.counting.quality import MODES
from outcomes.counting.taking_part import TakingPart
from outcomes.counting.truth import OWN, sheet_of
from participants.rules.programme_time import Pause
from tests.factories.journeys import AS_AT, TIMINGS, population
from tests.factories.one_by_one import Journey, SentForm, cohort, lines_in, lines_of

FIRST = date(2027, 1, 11)
START = Timing("start", "Start", Due(0, 28, 7))
W12 = Timing("w12", "12 weeks", Due(84, 21, 21))


def _day(number: int) -> date:
    return FIRST + timedelta(days=number)


def _form(day: int, **scores: float) -> SentForm:
    return SentForm(_day(day), scores)


def _journey(*, pauses: tuple[Pause, ...] = (), came: tuple[int, ...] = (0,), **forms: SentForm) -> Journey:
    return Journey(1, came_on=tuple(_day(day) for day in came), pauses=pauses, forms=forms)


def _counts(journey: Journey, timing: Timing) -> bool:
    """Whether the form came within its window."""
    return bool(cohort([journey]).form(timing).on[0] < NEVER)


def _amounts(journey: Journey, *, as_at: int = 400) -> dict[str, float]:
    """What one person adds to each measure."""
    (line,) = lines_in(sheet_of(cohort([journey]), timings=[START, W12], bands={}, as_at=_day(as_at))).values()
    return dict(line.amounts)


def test_stages_follow_the_classes_attended() -> None:
    three, four = (_amounts(_journey(came=tuple(range(0, 7 * classes, 7)))) for classes in (3, 4))
    assert "funnel.started" not in _amounts(_journey(came=()))
    assert "funnel.started" in three and "funnel.regular" not in three
    assert "funnel.regular" in four


@pytest.mark.parametrize(("day", "counts"), [(-29, False), (-28, True), (0, True), (7, True), (8, False)])
def test_a_start_form_counts_only_around_the_first_class(day: int, counts: bool) -> None:
    assert _counts(_journey(start=_form(day, body=50)), START) is counts


def test_of_two_times_of_asking_all_is_taken_from_the_one_that_counts() -> None:
    def sent(day: int, score: float, mode: int) -> SentForms:
        each = np.array([score])
        return SentForms(np.array([_day(day).toordinal()]), {"body": each}, None, np.array([mode]), {"energy": each})

    rounds = replace(sent(-40, 20, MODES.index("self")), once_more=(sent(-2, 60, MODES.index("phone")),))
    form = replace(cohort([_journey()]), forms={START.code: rounds}).form(START)
    assert form.on[0] == _day(-2).toordinal() and form.score("body")[0] == form.answer("energy")[0] == 60
    assert form.came(MODES.index("phone")).tolist() == [True] and form.came(MODES.index("self")).tolist() == [False]


@pytest.mark.parametrize(("day", "counts"), [(62, False), (63, True), (105, True), (106, False)])
def test_a_later_form_counts_only_within_its_window(day: int, counts: bool) -> None:
    assert _counts(_journey(w12=_form(day, body=50)), W12) is counts


def test_a_pause_moves_the_window_of_the_later_form() -> None:
    assert _counts(_journey(pauses=(Pause(_day(20), _day(34)),), w12=_form(119, body=50)), W12)


def test_nobody_without_a_class_has_a_form_that_counts_or_was_due() -> None:
    never = _journey(came=(), start=_form(0, body=50), w12=_form(84, body=60))
    assert _amounts(never) == {"funnel.registered": 1}


def test_a_form_was_due_once_its_window_has_closed_or_it_has_come() -> None:
    due = "forms.w12.due"
    assert due not in _amounts(_journey(), as_at=105)
    assert due in _amounts(_journey(), as_at=106)
    assert due in _amounts(_journey(w12=_form(63)), as_at=64)


def test_only_both_forms_with_both_scores_make_a_pair() -> None:
    both = _amounts(_journey(start=_form(0, body=50, mind=40), w12=_form(84, body=60)))
    assert [both[f"body.w12.{part}"] for part in ("n", "before", "after", "change")] == [1, 50, 60, 10]
    assert "mind.w12.n" not in both
    alone, later = _journey(start=_form(0, body=10)), _journey(w12=_form(84, body=90))
    early = _journey(start=_form(-60, body=10), w12=_form(84, body=90))
    assert not any("body.w12.n" in _amounts(journey) for journey in (alone, later, early))


# --- in columns as one by one ------------------------------------------------

days = st.integers(-40, 240)
scores = st.dictionaries(
    st.sampled_from([told.scale for told in OWN]), st.integers(0, 30).map(lambda step: step * 10 / 3)
)
forms = st.dictionaries(
    st.sampled_from([timing.code for timing in TIMINGS]),
    st.builds(lambda day, found, how: SentForm(_day(day), found, how), days, scores, st.sampled_from(MODES)),
)
pauses = st.lists(
    st.builds(
        lambda day, long: Pause(_day(day), None if long is None else _day(day + long)), days, st.none() | days.map(abs)
    ),
    max_size=2,
).map(tuple)
took = st.tuples(*[st.integers(0, 5)] * 4).map(
    lambda n: TakingPart(sum(n), n[0] + n[1] + n[2], n[0], n[1], n[0] + n[3], 50 * n[0] + 17 * n[3])
)


@st.composite
def journeys(draw: st.DrawFn, person: int) -> Journey:
    one = draw(took)
    start = draw(st.integers(0, 300))
    about = {"area": draw(st.sampled_from(("Dorset", "Sark", ""))), "sex": draw(st.sampled_from(("female", "")))}
    came = tuple(_day(start + 7 * n) for n in range(int(one.came)))
    return Journey(person, about, draw(st.booleans()), one, came, draw(pauses), draw(forms))


@given(people=st.integers(1, 4).flatmap(lambda n: st.tuples(*map(journeys, range(n)))))
@settings(max_examples=25, deadline=None)
def test_a_cohort_comes_to_what_its_people_come_to_one_by_one(people: tuple[Journey, ...]) -> None:
    bands = {"area": ["Dorset", "Poole", "Elsewhere or not recorded"], "sex": ["Female", "Male", "Not recorded"]}
    given_too = {"timings": TIMINGS, "bands": bands, "as_at": AS_AT - timedelta(days=100)}
    found = lines_in(sheet_of(cohort(people), **given_too))
    assert found == lines_of(people, **given_too)


@pytest.mark.parametrize("seed", range(4))
def test_what_many_at_every_stage_come_to_together_is_what_each_comes_to(seed: int) -> None:
    """Pairs, and people who did not answer, beside each other in every column."""
    people = population(seed, {"Dorset": 40, "Poole": 20})
    given_too = {"timings": TIMINGS, "bands": {"area": ["Dorset", "Elsewhere or not recorded"]}, "as_at": AS_AT}
    found = lines_in(sheet_of(cohort(people), **given_too))
    assert found == lines_of(people, **given_too)
    apart = {token for token, line in found.items() if "total.w12.before_apart" in line.amounts}
    for part in ("n", "others"):
        assert {token for token, line in found.items() if f"total.w12.{part}" in line.amounts} < apart


def test_a_form_outside_of_its_window_is_counted_as_one_that_came_and_in_no_change() -> None:
    late = _journey(start=_form(-60, body=10), w12=SentForm(_day(84 + 22), {"body": 90.0}, "phone"))
    assert {name for name in _amounts(late) if name.startswith("forms.")} == {
        "forms.start.not_sent", "forms.start.outside", "forms.w12.due", "forms.w12.not_sent", "forms.w12.outside",
    }  # fmt: skip
    in_time = _journey(start=_form(0, body=10), w12=SentForm(_day(84), {"body": 90.0}, "phone"))
    assert {name for name in _amounts(in_time) if name.startswith("forms.")} == {
        "forms.start.sent", "forms.start.by_self", "forms.w12.due", "forms.w12.sent", "forms.w12.by_phone",
    }  # fmt: skip


def test_two_timepoints_of_one_code_are_refused_as_one_would_be_lost() -> None:
    with pytest.raises(ValueError, match="one name"):
        sheet_of(cohort([_journey()]), timings=[START, W12, W12], bands={}, as_at=AS_AT)
