"""docs/states.md is made from the tables that the database keeps to, and is up to date."""

from __future__ import annotations

import re

from django.core.management import call_command

from accounts.states import states
from classes.models.booking import BOOKING_TRANSITIONS


def test_the_file_in_the_repository_is_up_to_date() -> None:
    call_command("states", "--check")


def test_a_booking_is_drawn_with_every_arrow_and_no_other() -> None:
    (section,) = re.findall(r"## Booking\n(.*?)(?=\n## |\Z)", states(), re.DOTALL)
    arrows = set(re.findall(r"(\w+) --> (\w+)", section))
    assert arrows == {(str(old), str(new)) for old, allowed in BOOKING_TRANSITIONS.items() for new in allowed}
    ends = set(re.findall(r"(\w+) --> \[\*\]", section))
    assert ends == {"cancelled", "declined", "expired", "closed"}
