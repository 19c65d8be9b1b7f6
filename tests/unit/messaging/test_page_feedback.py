"""What people say of our pages: kept without a name, encrypted, counted by page, read by the desk it concerns."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from messaging.models import PageFeedback
from messaging.page_feedback import OfPage, feedback_at_desk_of, of_each_page, put_away, say_of_page
from messaging.tasks import forget_what_was_said_of_pages
from tests.factories.accounts import ProgrammeFactory

pytestmark = pytest.mark.django_db


def said(page="/about/", *, helpful=False, words="", programme=None):
    return say_of_page(page=page, helpful=helpful, words=words, programme=programme)


def test_words_are_encrypted_and_read_at_the_desk_until_they_are_put_away(dee, programme):
    one = said(words="  Too long.  ", programme=programme)
    said(words="Not for this desk.", programme=ProgrammeFactory())
    said(helpful=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM messaging_pagefeedback")
        assert not any("long" in str(row[0]) for row in cursor.fetchall())
    assert [row.words for row in feedback_at_desk_of(dee).unread()] == ["Too long."]
    put_away(feedback=one, by=dee.person)
    put_away(feedback=one, by=dee.person)
    assert not feedback_at_desk_of(dee).unread()
    assert feedback_at_desk_of(dee).get().put_away_by == dee.person


def test_pages_that_helped_least_come_first_and_only_lately(dee, omar):
    for page, helpful in (("/about/", True), ("/classes/", False), ("/classes/", True), ("/join/", True)):
        said(page, helpful=helpful)
    PageFeedback.objects.create(page="/old/", helpful=False, has_words=False, at=timezone.now() - dt.timedelta(days=91))
    assert of_each_page(dee) == [OfPage("/classes/", 1, 1), OfPage("/about/", 1, 0), OfPage("/join/", 1, 0)]
    assert of_each_page(omar) == []


def test_what_came_a_year_ago_is_deleted():
    PageFeedback.objects.create(
        page="/old/", helpful=False, has_words=False, at=timezone.now() - dt.timedelta(days=366)
    )
    kept = said()
    forget_what_was_said_of_pages()
    assert [*PageFeedback.objects.all()] == [kept]
    assert str(kept) == f"feedback {kept.pk} on /about/"


@pytest.mark.parametrize("changes", [{"helpful": True}, {"page": "/else/"}, {"words": "Other."}])
def test_no_answer_is_rewritten(changes):
    one = said(words="Too long.")
    with pytest.raises(ProgrammingError, match="feedback_is_never_rewritten"), transaction.atomic():
        PageFeedback.objects.filter(pk=one.pk).update(**changes)


def test_it_is_about_a_page_and_put_away_by_somebody():
    for wrong in ({"page": ""}, {"page": "/about/", "put_away_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PageFeedback.objects.create(helpful=True, has_words=False, **wrong)
