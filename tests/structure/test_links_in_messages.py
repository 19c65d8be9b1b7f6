"""A link in a message changes nothing when it is opened: programs that look for bad mail open each one first.

Every kind of message that a busy fortnight of two people sends is read for its links; each is
opened twice by a stranger and twice by its person, and no row of the database is another after it.
"""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client

from accounts.history import System, acting
from classes.telling.asking import ask_for_checks
from classes.telling.reminders import remind
from messaging.delivery import deliver_due
from tests.factories.classes import BookingFactory, SessionFactory
from tests.structure.routes import SignIn
from tests.structure.test_nothing_of_another import NOON, Two, noon, two

pytestmark = pytest.mark.django_db
__all__ = ["noon", "two"]
# What looking itself leaves: who looked, and that a browser is known.
LOOKING = {"accounts_accesslog", "django_session", "axes_accesslog"}


def rows() -> dict[str, str]:
    """Table → what stands in it."""
    with_tables = [model for model in apps.get_models() if model._meta.managed and not model._meta.abstract]
    there = set(connection.introspection.table_names())
    tables = sorted({model._meta.db_table for model in with_tables} & there - LOOKING)
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{table}', md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {table} t"
                for table in tables
            )
        )
        return dict(cursor.fetchall())


def links() -> dict[str, str]:
    """Path → the subject of a message that holds it."""
    found = {}
    for sent in mail.outbox:
        for link in re.findall(rf"{re.escape(settings.PUBLIC_URL)}(/[^\s,]*)", sent.body):
            found[link.rstrip(".")] = sent.subject
    return found


def test_each_link_opened_twice_by_anybody_changes_nothing(two: Two, sign_in: SignIn) -> None:  # pitfalls 42
    for hours in (47, 5):
        session = SessionFactory(programme=two.reads.programme, starts_at=NOON + dt.timedelta(hours=hours))
        BookingFactory(session=session, participant=two.reads)
    with acting(System.WORKER, "tests.remind"):
        remind()
        ask_for_checks()
    deliver_due()
    opened = links()
    for needed in ("/reply/", "/check/", "/offer/", "/changes/", "/me/progress/"):
        assert any(needed in path for path in opened), (needed, opened)
    person = sign_in(two.reads.person.user)
    Client().get("/")
    before = rows()
    for path in opened:
        for browser in (Client(), person):
            answers = [browser.get(path) for _ in range(2)]
            assert all(answer.status_code < 500 for answer in answers), path
    assert rows() == before


def test_a_change_would_be_seen(two: Two) -> None:
    before = rows()
    two.reads.bookings.update(said_coming_at=two.world.session.starts_at)
    assert {table for table, kept in rows().items() if kept != before[table]} >= {"classes_booking"}
