"""Words of the desk."""

from __future__ import annotations

from datetime import timedelta

import pytest

from frontend.views.desk.wording import overdue_label


@pytest.mark.parametrize(
    ("late", "words"),
    [
        (timedelta(seconds=1), "less than an hour"),
        (timedelta(minutes=59), "less than an hour"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=47, minutes=59), "47 hours"),
        (timedelta(hours=48), "2 days"),
        (timedelta(days=9, hours=23), "9 days"),
    ],
)
def test_what_is_overdue_says_for_how_long(late: timedelta, words: str) -> None:
    assert overdue_label(late).words == f"Overdue by {words}"
