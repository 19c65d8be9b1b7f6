import datetime as dt
import itertools

import pytest

from classes.adherence import ADHERENCE
from classes.register.absences import is_missed, missed_in_a_row

UNTOLD = "absent_untold"


@pytest.mark.parametrize(
    ("states", "missed"),
    [
        ([], 0),
        ([UNTOLD], 1),
        ([UNTOLD, UNTOLD], 2),
        (["attended", UNTOLD, UNTOLD, UNTOLD], 3),
        ([UNTOLD, UNTOLD, "attended"], 0),
        ([UNTOLD, "absent_told", UNTOLD], 1),
        ([UNTOLD, "sent_home"], 0),
        ([UNTOLD, "service_cancelled", UNTOLD], 2),
        ([UNTOLD, UNTOLD, "service_cancelled"], 2),
        (["service_cancelled"], 0),
    ],
)
def test_only_what_nobody_explained_counts_and_only_at_the_end(states, missed):
    assert missed_in_a_row(states) == missed


DAYS = [dt.datetime(2027, 2, day, 10, tzinfo=dt.UTC) for day in (1, 8, 15)]


@pytest.mark.parametrize(
    ("states", "flagged", "missed"),
    [
        ([UNTOLD], [], False),
        ([UNTOLD, UNTOLD], [], True),
        (["attended", UNTOLD], [0], True),  # came, and was not well that day
        (["sent_home", UNTOLD], [], True),
        (["attended", "attended", UNTOLD], [0], False),  # came again since
        (["attended", "absent_told", UNTOLD], [0], False),  # told us since
        (["attended", UNTOLD], [1], True),  # on the day of the absence itself
        ([UNTOLD], [0], True),
        (["attended", UNTOLD], [2], False),  # of a later class
        (["attended", "service_cancelled", UNTOLD], [0], True),
        (["attended", UNTOLD, "attended"], [0], False),
    ],
)
def test_one_absence_after_a_flagged_day_is_enough_unless_they_were_heard_of_since(states, flagged, missed):
    marks = list(zip(DAYS, states, strict=False))
    assert is_missed(marks, [DAYS[n] for n in flagged]) is missed


def test_every_four_marks_agree_with_a_plain_count():
    for states in itertools.product(ADHERENCE, repeat=4):
        heard = [state for state in states if state != "service_cancelled"]
        ends = [n for n in range(len(heard), -1, -1) if all(s == UNTOLD for s in heard[len(heard) - n :])]
        assert missed_in_a_row(states) == ends[0], states
