"""Have your say: what people write about how information is used, read at the desk and summed up without names.

Here: sending, putting away, summing up, what goes with the next release, and when a comment is deleted. Not here:
rows (models/comments.py), the pages (frontend/views/public/data_uses.py, frontend/views/desk/comments.py), how
many may be sent from one place (accounts/tries.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.history import Actor, System, acting
from accounts.models import Person, Programme
from accounts.permissions import Permission, programmes_allowing
from messaging.worklist import cancel_tasks, raise_task
from outcomes.models import CommentSummary, DataUseComment, DataUseCommentQuerySet, Release
from participants.working_days import due_in_working_days

LONGEST_COMMENT: Final = 2000
LONGEST_SUMMARY: Final = 1500
KEPT_FOR: Final = dt.timedelta(days=365)
TO_READ: Final = "comments_to_read"  # a kind of task, one for each programme, which is its subject
READ_WITHIN: Final = 5  # working days


class NothingSaid(Exception):
    """There are no words in it."""


def comments_at_desk_of(user: object) -> DataUseCommentQuerySet:
    """The newest first; those that are not put away with `.unread()`."""
    return DataUseComment.objects.at_desk_of(user).select_related("programme", "put_away_by")


def not_summed_up(user: object) -> DataUseCommentQuerySet:
    """What came since the desk last summed up, put away or not, the newest first."""
    newest = CommentSummary.objects.filter(programme=OuterRef("programme")).order_by("-pk").values("at")[:1]
    rows = comments_at_desk_of(user).annotate(summed_up_at=Subquery(newest))
    return rows.filter(Q(summed_up_at=None) | Q(at__gt=F("summed_up_at")))


def unread_at_desk_of(user: object) -> int:
    return DataUseComment.objects.at_desk_of(user).unread().count()


def say(*, programme: Programme, words: str, said_as: str = "") -> DataUseComment:
    """Keep what somebody wrote, who is not asked for a name, and ask the desk to read it. Raises NothingSaid."""
    words = words.strip()
    if not words:
        raise NothingSaid
    with acting(System.PUBLIC, "outcomes.say"):
        Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)  # not while the last one is put away
        comment = DataUseComment.objects.create(programme=programme, words=words, said_as=said_as)
        raise_task(
            programme=programme,
            kind=TO_READ,
            due_at=due_in_working_days(timezone.now(), READ_WITHIN),
            subject_id=programme.pk,
            dedupe_key=f"{TO_READ}:{programme.pk}",
            by=System.PUBLIC,
        )
        return comment


def put_away(*, comments: Iterable[DataUseComment], by: Person) -> None:
    """They were read. They stay among those that were put away; with the last one nobody is asked to read any more.

    Twice is harmless.
    """
    read = {comment.pk: comment.programme_id for comment in comments}
    with acting(by, "outcomes.put_away_comment"):
        rows = DataUseComment.objects.filter(pk__in=read, put_away_at=None)
        rows.update(put_away_at=timezone.now(), put_away_by=by)
        for programme_id in sorted(set(read.values())):
            _none_to_read(programme_id, by)


def sum_up(*, programme: Programme, words: str, by: Person) -> CommentSummary:
    """What people said, for the next summary of each partner, in place of earlier words. Raises NothingSaid."""
    words = words.strip()
    if not words:
        raise NothingSaid
    with acting(by, "outcomes.sum_up_comments"):
        return CommentSummary.objects.create(programme=programme, words=words, by=by)


def newest_summaries(user: object) -> list[CommentSummary]:
    """The newest words of each programme at whose desk the user is."""
    programmes = programmes_allowing(user, Permission.BUILD_RELEASES)
    rows = CommentSummary.objects.filter(programme__in=programmes).select_related("programme", "by")
    return list(rows.order_by("programme", "-pk").distinct("programme"))


def newest_summary(programme: Programme) -> CommentSummary | None:
    return CommentSummary.objects.filter(programme=programme).order_by("-pk").first()


def said_by_now(release: Release, last: Release | None) -> str:
    """What goes with `release`: the newest words, unless they went with an earlier one of its partner (`last`)."""
    newest = newest_summary(release.programme)
    is_new = newest is not None and (last is None or last.published_at is None or newest.at > last.published_at)
    return newest.words if newest is not None and is_new else ""


def forget_old_comments() -> int:
    """Delete what came more than a year ago, and say how many; what the desk made of it stays."""
    with acting(System.WORKER, "outcomes.forget_old_comments"):
        old = DataUseComment.objects.filter(at__lt=timezone.now() - KEPT_FOR)
        of = set(old.values_list("programme_id", flat=True))
        gone, _ = old.delete()
        for programme_id in of:
            _none_to_read(programme_id, System.WORKER)
        return gone


def _none_to_read(programme_id: int, by: Actor) -> None:
    """Where nothing is unread, the desk is asked no more. One that comes meanwhile waits, and asks anew."""
    Programme.objects.select_for_update(no_key=True).get(pk=programme_id)
    if not DataUseComment.objects.filter(programme=programme_id).unread().exists():
        cancel_tasks(kinds=[TO_READ], subject_id=programme_id, by=by)
