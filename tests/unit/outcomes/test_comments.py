from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from accounts.models import Organisation, Programme, User
from messaging.models import Task, TaskState
from outcomes.comments import (
    TO_READ,
    NothingSaid,
    comments_at_desk_of,
    forget_old_comments,
    newest_summaries,
    put_away,
    said_by_now,
    say,
    sum_up,
    unread_at_desk_of,
)
from outcomes.models import CommentSummary, DataUseComment
from tests.factories.accounts import ProgrammeFactory
from tests.factories.outcomes import release_with_figures

pytestmark = pytest.mark.django_db


def test_what_somebody_writes_is_encrypted_and_read_at_the_desk_until_it_is_put_away(
    programme: Programme, dee: User, clare: User
) -> None:
    first = say(programme=programme, words="  Say how long you keep it. \n")
    second = say(programme=programme, words="It is fine.", said_as="carer")
    say(programme=ProgrammeFactory(), words="Elsewhere.")
    assert [(row.words, row.said_as) for row in comments_at_desk_of(dee)] == [
        ("It is fine.", "carer"),
        ("Say how long you keep it.", ""),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM outcomes_datausecomment WHERE id = %s", [first.pk])
        assert "keep" not in cursor.fetchone()[0]
    for _ in range(2):
        put_away(comments=[second], by=dee.person)
    assert unread_at_desk_of(dee) == 1 and unread_at_desk_of(clare) == 0
    second.refresh_from_db()
    assert second.put_away_by == dee.person


def test_the_desk_is_asked_once_to_read_until_nothing_is_left_unread(programme: Programme, dee: User) -> None:
    first, second = (say(programme=programme, words=words) for words in ("It is fine.", "Say how long."))
    task = Task.objects.get(kind=TO_READ)
    assert (task.programme, task.subject_id, task.context, task.about) == (programme, programme.pk, {}, None)
    put_away(comments=[first], by=dee.person)
    assert Task.objects.get(kind=TO_READ).state == TaskState.OPEN
    put_away(comments=[second], by=dee.person)
    assert Task.objects.get(kind=TO_READ).state == TaskState.CANCELLED
    DataUseComment.objects.create(programme=programme, words="Old.", at=timezone.now() - dt.timedelta(days=366))
    put_away(comments=[say(programme=programme, words="New.")], by=dee.person)
    assert Task.objects.get(kind=TO_READ, state=TaskState.OPEN).due_at > timezone.now()
    assert forget_old_comments() == 1
    assert not Task.objects.filter(kind=TO_READ, state=TaskState.OPEN).exists()


@pytest.mark.parametrize("words", ["", " \n "])
def test_nothing_is_kept_of_nothing(programme: Programme, dee: User, words: str) -> None:
    with pytest.raises(NothingSaid):
        say(programme=programme, words=words)
    with pytest.raises(NothingSaid):
        sum_up(programme=programme, words=words, by=dee.person)


def test_a_comment_is_never_rewritten_and_somebody_put_it_away(programme: Programme) -> None:
    comment = say(programme=programme, words="As it was said.")
    with pytest.raises(ProgrammingError), transaction.atomic():
        DataUseComment.objects.filter(pk=comment.pk).update(words="As somebody would like it.")
    with pytest.raises(IntegrityError), transaction.atomic():
        DataUseComment.objects.filter(pk=comment.pk).update(put_away_at=timezone.now())


def test_what_came_a_year_ago_is_deleted_and_its_summary_stays(programme: Programme, dee: User) -> None:
    long_ago = timezone.now() - dt.timedelta(days=366)
    DataUseComment.objects.create(programme=programme, words="Old.", at=long_ago)
    say(programme=programme, words="New.")
    sum_up(programme=programme, words="Two people wrote.", by=dee.person)
    assert forget_old_comments() == 1
    assert [row.words for row in DataUseComment.objects.all()] == ["New."]
    assert CommentSummary.objects.exists()


def test_a_summary_goes_with_one_release_of_a_partner_and_the_newest_counts(
    programme: Programme, alliance: Organisation, dee: User
) -> None:
    built = release_with_figures("built", programme=programme, organisation=alliance)
    assert said_by_now(built, None) == "" and newest_summaries(dee) == []
    sum_up(programme=programme, words="First.", by=dee.person)
    newest = sum_up(programme=programme, words="Second.", by=dee.person)
    assert newest_summaries(dee) == [newest]
    assert said_by_now(built, None) == "Second."
    last = release_with_figures(programme=programme, organisation=alliance, published_at=timezone.now())
    assert said_by_now(built, last) == ""
    sum_up(programme=programme, words="Third.", by=dee.person)
    assert said_by_now(built, last) == "Third."
