import itertools

import pytest

from classes.adherence import ADHERENCE
from classes.register.absences import missed_in_a_row

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


def test_every_four_marks_agree_with_a_plain_count():
    for states in itertools.product(ADHERENCE, repeat=4):
        heard = [state for state in states if state != "service_cancelled"]
        ends = [n for n in range(len(heard), -1, -1) if all(s == UNTOLD for s in heard[len(heard) - n :])]
        assert missed_in_a_row(states) == ends[0], states
