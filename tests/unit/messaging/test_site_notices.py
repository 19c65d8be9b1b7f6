"""A few words on every page, from one moment to another."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from messaging.models import SiteNotice
from messaging.site_notices import BadEnd, put_up, standing, standing_words, take_down

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def test_a_notice_stands_until_its_end_or_until_it_is_taken_down(dee):
    begin = timezone.now()
    with time_machine.travel(begin, tick=False):
        first = put_up(words=" The telephones are down. ", until=begin + HOUR, by=dee.person)
        second = put_up(words="The office is shut.", until=begin + 3 * HOUR, by=dee.person)
        assert standing_words() == ["The telephones are down.", "The office is shut."]
    with time_machine.travel(begin + 2 * HOUR, tick=False):
        assert [*standing()] == [second]
        take_down(notice=second, by=dee.person)
        take_down(notice=first, by=dee.person)
        assert standing_words() == []
    assert SiteNotice.objects.get(pk=first.pk).ends_at == begin + HOUR
    assert str(first) == f"notice {first.pk}"


@pytest.mark.parametrize("until", [-HOUR, SiteNotice.LONGEST + HOUR])
def test_a_notice_that_is_over_or_stands_too_long_is_refused(dee, until):
    with pytest.raises(BadEnd):
        put_up(words="Words.", until=timezone.now() + until, by=dee.person)


def test_a_notice_says_something(dee):
    with pytest.raises(IntegrityError), transaction.atomic():
        put_up(words=" ", until=timezone.now() + HOUR, by=dee.person)
