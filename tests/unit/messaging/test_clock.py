import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from messaging.clock import ClockIsWrong, apart_from_database, require_a_right_clock

pytestmark = pytest.mark.django_db


def test_clocks_of_one_computer_agree():
    require_a_right_clock()
    assert abs(apart_from_database()) < dt.timedelta(seconds=5)


@pytest.mark.parametrize("minutes", [-5, 5, -60])
def test_a_clock_that_is_off_by_more_than_half_a_minute_is_refused_with_what_to_do(minutes):
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=minutes)):
        with pytest.raises(ClockIsWrong, match="time server") as refusal:
            require_a_right_clock()
    assert abs(refusal.value.apart - dt.timedelta(minutes=minutes)) < dt.timedelta(seconds=5)
