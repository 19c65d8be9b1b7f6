"""What has changed since the summary before is said as far as rounded figures carry it, and no further."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontend.releases.figures import Figures
from frontend.releases.since import NEW_FIGURES, SAME_PEOPLE, first_of, headline, rescored, since
from outcomes.disclosure.rules import nearest_five
from outcomes.releases.reading import Figure
from tests.factories.outcomes import METHOD
from tests.unit.frontend.releases.made_up import FIRST, SECOND, figures, hidden, release, shown

REGISTERED = "funnel.registered"


def _before(*each: Figure) -> Figures:
    return figures(*each, of=release(1, FIRST))


def _now(*each: Figure, **fields: object) -> Figures:
    return figures(*each, of=release(2, SECOND, **fields))


def _said(now: Figure, before: Figure) -> str:
    line, last = since(_now(now), _before(before))
    assert last == SAME_PEOPLE
    return line


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (135, 160, "About 160 people had registered, about 25 more than on 1 July 2026 (about 135)."),
        (135, 125, "About 125 people had registered, about 10 fewer than on 1 July 2026 (about 135)."),
        (135, 140, "About 140 people had registered, a few more than on 1 July 2026 (about 135)."),
        (135, 130, "About 130 people had registered, a few fewer than on 1 July 2026 (about 135)."),
        (135, 135, "About 135 people had registered, about as many as on 1 July 2026 (about 135)."),
    ],
)
def test_a_difference_is_a_number_only_where_rounding_carries_it(before: int, now: int, words: str) -> None:
    assert _said(shown(REGISTERED, now), shown(REGISTERED, before)) == words


@given(before=st.integers(8, 400), now=st.integers(8, 400))
def test_what_is_said_of_two_counts_is_true_of_the_true_ones(before: int, now: int) -> None:
    said = _said(shown(REGISTERED, nearest_five(now)), shown(REGISTERED, nearest_five(before)))
    if " more than " in said:
        assert now > before
    elif " fewer than " in said:
        assert now < before
    else:
        assert abs(now - before) <= 4


def test_a_figure_that_repeats_is_no_news() -> None:
    said = _said(shown(REGISTERED, 140, repeats=FIRST), shown(REGISTERED, 135))
    assert said == (
        "As on 1 July 2026, because too few people came or left since to count anew: how many people had registered."
    )
    assert headline(_now(shown(REGISTERED, 140, repeats=FIRST)), _before(shown(REGISTERED, 135))) == (
        "About 140 people had registered, as on 1 July 2026."
    )


def test_a_figure_is_set_beside_the_day_on_which_it_was_counted() -> None:
    earlier = dt.date(2026, 4, 1)
    assert "than on 1 April 2026 (about 100)" in _said(shown(REGISTERED, 160), shown(REGISTERED, 100, repeats=earlier))


def test_what_is_hidden_in_one_of_the_two_is_said_to_be() -> None:
    assert _said(shown(REGISTERED, 40), hidden(REGISTERED)) == (
        "About 40 people had registered. The summary before could not show how many."
    )
    assert _said(hidden(REGISTERED), shown(REGISTERED, 40)) == (
        "How many people had registered is hidden now. On 1 July 2026 it was about 40."
    )


def test_of_what_is_hidden_in_both_or_counted_in_one_alone_nothing_is_said() -> None:
    assert since(_now(hidden(REGISTERED)), _before(hidden(REGISTERED))) == [SAME_PEOPLE]
    assert since(_now(hidden(REGISTERED)), _before(shown("funnel.regular", 50))) == [NEW_FIGURES, SAME_PEOPLE]


def _visits(attended: float, due: float, percent: float, day: dt.date | None = None) -> list[Figure]:
    return [
        shown("visits.attended", attended),
        shown("visits.due", due),
        shown("visits.share", percent, repeats=day),
    ]


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (_visits(870, 1000, 87), "People came to 87% of the classes they had booked, more than on 1 July 2026 (84%)."),
        (_visits(800, 1000, 80), "People came to 80% of the classes they had booked, less than on 1 July 2026 (84%)."),
        (_visits(845, 1005, 84), "People came to 84% of the classes they had booked, about as on 1 July 2026 (84%)."),
    ],
)
def test_a_share_is_higher_or_lower_only_where_no_rounding_makes_it_so(now: list[Figure], words: str) -> None:
    assert since(_now(*now), _before(*_visits(840, 1000, 84)))[0] == words


@pytest.mark.parametrize(
    "now",
    [
        _visits(870, 1000, 87, FIRST),  # it repeats
        [shown("visits.share", 87)],  # of numbers that nobody may see
        [shown("visits.attended", 0), shown("visits.due", 0), shown("visits.share", 87)],
    ],
)
def test_of_a_share_that_cannot_be_set_beside_the_other_nothing_is_said(now: list[Figure]) -> None:
    assert since(_now(*now), _before(*_visits(840, 1000, 84))) == [SAME_PEOPLE]


def _change(value: float, repeats: dt.date | None = None) -> Figure:
    return shown("total.w12.change", value, value - 2, value + 2, dp=1, repeats=repeats)


def test_averages_stand_side_by_side_and_are_not_subtracted() -> None:
    assert since(_now(_change(5.1)), _before(_change(4.2)))[0] == (
        "Average change by 12 weeks, body and mind together: +5.1 (+3.1 to +7.1). "
        "On 1 July 2026 it was +4.2 (+2.2 to +6.2)."
    )
    assert since(_now(_change(4.2, FIRST)), _before(_change(4.2)))[0] == (
        "Average change by 12 weeks, body and mind together: +4.2 (+2.2 to +6.2), as on 1 July 2026, "
        "because too few people came or left since to count anew."
    )
    assert since(_now(hidden("total.w12.change")), _before(_change(4.2))) == [SAME_PEOPLE]


def test_after_a_corrected_scoring_no_scores_are_compared() -> None:
    method = METHOD | {"instrument": METHOD["instrument"] | {"version": "2"}}
    now = _now(_change(5.1), method=method, groups={})
    assert since(now, _before(_change(4.2))) == [
        "Scores are worked out anew, by version 2 of the scoring: summary 1 had version 1. "
        "Read no difference between their scores as a change in people.",
        SAME_PEOPLE,
    ]
    assert rescored(now, _before())


def test_nor_are_they_where_forms_count_at_other_times() -> None:
    now = _now(_change(5.1), method=METHOD | {"timepoints": METHOD["timepoints"][:1]}, groups={})
    assert since(now, _before(_change(4.2))) == [
        "The times at which forms count are not those of summary 1, so its averages are not set beside these.",
        SAME_PEOPLE,
    ]


def test_what_is_hidden_or_told_apart_in_another_way_is_said_first() -> None:
    now = _now(k=10, groups={"area": ["Dorset"], "age": ["18 to 49"], "sex": ["Female", "Male"]})
    assert since(now, _before()) == [
        "Numbers below 10 are hidden now; below 8 in summary 1.",
        "New in this summary: figures by sex.",
        SAME_PEOPLE,
    ]


def test_the_first_summary_says_that_it_is_the_first() -> None:
    assert first_of(_before()) == (
        "This is the first summary of SafeFit Wessex for Wessex Alliance: there is none before it to set beside it."
    )


def test_a_list_says_in_one_sentence_what_is_new() -> None:
    before = _before(shown(REGISTERED, 135))
    assert headline(_now(shown(REGISTERED, 160)), before).endswith("about 25 more than on 1 July 2026 (about 135).")
    assert headline(before, None) == headline(before, _now()) == "About 135 people had registered."
    assert headline(_now(hidden(REGISTERED)), before) == ""
