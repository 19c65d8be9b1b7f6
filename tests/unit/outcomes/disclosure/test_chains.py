"""Averages of three countings, added and taken away: whoever came between the first two stays hidden in the third."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from outcomes.disclosure import EVERYONE, CannotJudge, Deadline, Group, Line, Sheet
from outcomes.disclosure.alike import Told
from outcomes.disclosure.chains import MOST_EARLIER, Counting, given_away

DORSET, POOLE = (("area", "Dorset"),), (("area", "Poole"),)
W12, W26, AFTER = "total.w12.before", "total.w26.before", "total.w12.after"
RANGES = {W12: (0.0, 100.0), W26: (0.0, 100.0), AFTER: (0.0, 100.0)}
People = Mapping[int, tuple[str, float]]


def people(area: str, first: int, how_many: int, score: float | None = None) -> dict[int, tuple[str, float]]:
    return {first + n: (area, 40.0 + (7 * n) % 30 if score is None else score) for n in range(how_many)}


def counting(
    time: int, some: People, *groups: Group, name: str = W12, slack: float = 0.05, more: People | None = None
) -> Counting:
    """The averages of these groups, as they are rounded; of `more` people the one at the start of a later form."""
    told = {(name, group): Told(_mean(some, group), slack) for group in groups}
    told |= {(W26, EVERYONE): Told(_mean(more, EVERYONE), slack)} if more else {}
    each = {n: {name: score} for n, (_, score) in some.items()}
    for n, (_, score) in (more or {}).items():
        each.setdefault(n, {})[W26] = score
    areas = {n: area for n, (area, _) in {**some, **(more or {})}.items()}
    return Counting(time, Sheet.of({str(n): Line((("area", areas[n]),), each[n]) for n in each}), told, RANGES)


def _mean(some: People, group: Group) -> float:
    scores = [score for area, score in some.values() if not group or group[0][1] == area]
    return round(sum(scores) / len(scores), 1)


HERE = people("Dorset", 0, 35) | people("Poole", 100, 45)
POOLE_JOINED, DORSET_LATER = people("Poole", 300, 10), people("Dorset", 400, 10)


def three(few: People, *, slack: float = 0.05, last: People | None = None) -> list[Counting]:
    """`few` of Dorset join with ten of Poole, then ten more of Dorset: the whole, then Dorset, are counted anew."""
    second = HERE | dict(few) | POOLE_JOINED
    third = last if last is not None else second | DORSET_LATER
    return [
        counting(0, HERE, EVERYONE, DORSET, POOLE, slack=slack),
        counting(1, second, EVERYONE, slack=slack),
        counting(2, third, EVERYONE, DORSET, slack=slack),
    ]


@pytest.mark.parametrize(("how_many", "found"), [(1, 0), (3, 1), (9, 1), (10, 0)])
def test_three_countings_tell_nothing_of_the_few_who_joined_in_one_group(how_many: int, found: int) -> None:
    """Of one person the rounding of the five averages leaves enough."""
    breaches = list(given_away(three(people("Dorset", 200, how_many))))
    assert [(one.measure, one.group) for one in breaches] == [(W12, DORSET)] * found


def test_what_is_told_is_said_with_how_many_they_are() -> None:
    (breach,) = given_away(three(people("Dorset", 200, 5, score=50.0)))
    assert breach.words.startswith("total of 5 people, by 3 summaries together: known to be 4")
    assert 45 <= breach.low <= 50 <= breach.high <= 55


def test_ten_who_were_all_at_the_end_of_the_scale_are_told_too() -> None:
    assert len(list(given_away(three(people("Dorset", 200, 12, score=100.0))))) == 1
    assert not list(given_away(three(people("Dorset", 200, 12, score=90.0))))


def test_two_countings_alone_are_looked_at_elsewhere() -> None:
    _, second, third = three(people("Dorset", 200, 5))
    assert not list(given_away([second, third]))
    assert not list(given_away([counting(0, HERE, name=AFTER), second, third])), "another quantity tells nothing of it"


def test_the_latest_countings_are_looked_at() -> None:
    first, second, third = three(people("Dorset", 200, 5))
    between = [counting(1, {}) for _ in range(MOST_EARLIER - 2)]
    assert list(given_away([first, second, *between, third]))
    assert not list(given_away([first, second, *between, between[0], third]))


def test_what_their_rounding_hides_is_not_told() -> None:
    assert not list(given_away(three(people("Dorset", 200, 5), slack=0.5)))


def test_an_average_of_so_many_that_it_hides_a_few_is_left_out() -> None:
    assert counting(0, HERE, EVERYONE).averages
    assert not counting(0, people("Dorset", 0, 5000), EVERYONE).averages
    assert counting(0, people("Dorset", 0, 20_000), EVERYONE, slack=0).averages
    assert not counting(0, people("Dorset", 0, 20_001), EVERYONE, slack=0).averages


def test_whoever_has_another_score_by_now_is_somebody_else() -> None:
    few = people("Dorset", 200, 5)
    rescored = {n: (area, score + (20 if area == "Poole" else 0)) for n, (area, score) in (HERE | POOLE_JOINED).items()}
    assert not list(given_away(three(few, last=rescored | few | DORSET_LATER)))


def test_what_was_told_before_is_not_held_against_the_summary_of_today() -> None:
    told = three(people("Dorset", 200, 5))
    today = counting(3, people("Dorset", 900, 40), EVERYONE)
    assert list(given_away(told)) and not list(given_away([*told, today]))


def test_of_whoever_has_left_the_smallest_average_of_today_gives_way() -> None:
    """The same three, the last first."""
    _, second, third = three(people("Dorset", 200, 5))
    (breach,) = given_away([replace(third, time=0), second, counting(2, HERE, EVERYONE, DORSET, POOLE)])
    assert (breach.measure, breach.group) == (W12, DORSET)


def test_a_score_at_the_start_is_one_whichever_later_form_follows() -> None:
    few = people("Dorset", 200, 5)
    second = HERE | few | POOLE_JOINED
    first, _, third = three(few)
    of_another_form = counting(1, {}, more=second)
    (breach,) = given_away([first, of_another_form, third])
    assert breach.words.startswith("total of 5 people")


def test_a_search_that_does_not_end_is_no_all_clear() -> None:
    with pytest.raises(CannotJudge):
        list(given_away(three(people("Dorset", 200, 5)), Deadline.after(-1)))
