import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.rota import next_to_tell, uncovered, weekly


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("told", "then"),
    [
        ([], (1,)),
        ([1], (2,)),
        ([1, 2], (8, 9)),  # everybody else at once
        ([1, 2, 8], (9,)),
        ([1, 2, 8, 9], (1,)),  # and round again
        ([1, 2, 8, 9, 1], (2,)),
        ([1, 2, 8, 9, 1, 2], (1,)),
    ],
)
def test_one_name_after_the_other_then_everybody_then_round_again(told, then):
    assert next_to_tell([1, 2], [8, 9], told) == then


def test_without_a_rota_everybody_is_told_each_time():
    assert next_to_tell([], [8, 9], []) == next_to_tell([], [8, 9], [8, 9]) == (8, 9)


def test_whoever_comes_on_call_meanwhile_is_told_next():
    assert next_to_tell([3, 2], [8], [1, 2, 8]) == (3,)


def test_nobody_is_told_only_where_there_is_nobody():
    assert next_to_tell([], [], [5]) == ()


@given(
    st.lists(st.integers(0, 5), unique=True, max_size=3),
    st.lists(st.integers(6, 9), unique=True, max_size=3),
    st.integers(1, 20),
)
def test_while_nobody_takes_it_somebody_is_told_each_time_and_nobody_is_left_out(
    on_call: Sequence[int], others: Sequence[int], times: int
):
    told: list[int] = []
    for _ in range(times):
        now = next_to_tell(on_call, others, told)
        assert now or not (on_call or others)
        assert now == tuple(dict.fromkeys(now))
        told += now
    if times > len(on_call) + 1:
        assert set(told) == {*on_call, *others}


DAY = dt.timedelta(days=1)
START, END = utc(2027, 2, 1), utc(2027, 2, 8)


@pytest.mark.parametrize(
    ("spans", "gaps"),
    [
        ([], [(START, END)]),
        ([(START, END)], []),
        ([(START - DAY, END + DAY)], []),
        ([(START, START + DAY), (START + DAY, END)], []),
        ([(START + 2 * DAY, START + 3 * DAY)], [(START, START + 2 * DAY), (START + 3 * DAY, END)]),
        ([(START + 3 * DAY, END + DAY), (START, START + 2 * DAY)], [(START + 2 * DAY, START + 3 * DAY)]),
        ([(START, START + 3 * DAY), (START + DAY, START + 2 * DAY)], [(START + 3 * DAY, END)]),
        ([(END + DAY, END + 2 * DAY)], [(START, END)]),
    ],
)
def test_stretches_without_anybody(spans, gaps):
    assert uncovered(spans, START, END) == gaps


def test_nine_in_the_morning_stays_so_when_the_clocks_change():
    evening, morning = (
        utc(2027, 3, 26, 17),
        utc(2027, 3, 29, 8),
    )  # Friday 5pm to Monday 9am, over the night of the change
    first, second = weekly((evening, morning), 2)
    assert first == (evening, morning)
    assert second == (utc(2027, 4, 2, 16), utc(2027, 4, 5, 8))
