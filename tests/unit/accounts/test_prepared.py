"""A read that is kept compiled gives what its queryset gives."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import DataError, OperationalError, connection, models, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Person, User
from accounts.prepared import Given, Prepared, Together, ask
from accounts.sessions import SessionStore
from tests.factories.accounts import MembershipFactory, PersonFactory, ProgrammeFactory, UserFactory

pytestmark = pytest.mark.django_db
KEY = models.BigIntegerField()


def test_rows_are_instances_with_their_related_ones_and_without_a_further_question(django_assert_num_queries):
    person = PersonFactory(date_of_birth=dt.date(1960, 2, 29))
    user, _ = UserFactory(person=person, mobile="+447700900111"), UserFactory()
    kept = Prepared(lambda: User.objects.filter(pk=Given("user", KEY)).select_related("person"))
    with django_assert_num_queries(1):
        (found,) = kept.all(user=user.pk)
        assert found.person.date_of_birth == dt.date(1960, 2, 29)
    assert found == user
    assert {f.attname: getattr(found, f.attname) for f in User._meta.concrete_fields} == {
        f.attname: getattr(User.objects.get(pk=user.pk), f.attname) for f in User._meta.concrete_fields
    }
    assert found.mobile.as_national == "07700 900111"  # type: ignore[union-attr]  # read as its field reads it
    assert found._state.db == "default" and not found._state.adding


def test_each_read_is_made_with_its_own_values():
    one, other = PersonFactory(), PersonFactory()
    kept = Prepared(lambda: Person.objects.filter(pk=Given("who", KEY)))
    assert [kept.first(who=person.pk) for person in (one, other, one)] == [one, other, one]
    assert kept.first(who=0) is None
    with pytest.raises(KeyError, match="who"):
        kept.all(whom=one.pk)


def test_bare_values_come_in_the_order_that_was_asked_for():
    membership = MembershipFactory(programme=ProgrammeFactory())
    kept = Prepared(
        lambda: (
            Membership.objects.filter(pk=Given("pk", KEY))
            .annotate(twice=models.F("pk") * 2)
            .values_list("role", "twice", "user__email", "pk")
        )
    )
    (row,) = kept.rows(pk=membership.pk)
    assert list(row) == [membership.role, membership.pk * 2, membership.user.email, membership.pk]


def test_a_value_may_be_a_moment_and_a_sum_with_one():
    kept = Prepared(
        lambda: Membership.objects.filter(
            starts_at__gt=Given("now", models.DateTimeField()) - dt.timedelta(days=1), pk=Given("pk", KEY)
        )
    )
    membership, now = (
        MembershipFactory(programme=ProgrammeFactory(), starts_at=timezone.now() - dt.timedelta(hours=23)),
        timezone.now(),
    )
    assert kept.first(pk=membership.pk, now=now) == membership
    assert kept.first(pk=membership.pk, now=now + dt.timedelta(hours=2)) is None


def test_the_database_keeps_the_plan():
    for number in (1, 2):
        assert ask("SELECT %s::bigint AS kept_by_a_test", [number]) == [(number,)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%kept_by_a_test'")
        assert cursor.fetchone() == (1,)


def test_what_is_fixed_stands_in_the_statement_and_may_hold_any_letter():
    odd = PersonFactory(family_name="100% O'Brien \\ %s")
    kept = Prepared(lambda: Person.objects.filter(pk=Given("who", KEY), family_name=odd.family_name))
    assert kept.first(who=odd.pk) == odd
    assert kept.compiled.names_of_values == ["who"]
    PersonFactory()
    assert Prepared(lambda: Person.objects.filter(family_name__contains="0% O'")).all() == [odd]


def test_what_was_asked_can_be_read_the_second_time_too(django_assert_num_queries):
    kept = Prepared(lambda: Person.objects.filter(pk=Given("who", KEY)))
    with django_assert_num_queries(2) as asked:
        kept.all(who=1)
        kept.all(who=2)
    assert all('FROM "accounts_person"' in query["sql"] for query in asked.captured_queries)


def test_a_refusal_of_the_database_is_the_error_that_django_gives():
    dividing = "SELECT 1 / %s::bigint"
    with pytest.raises(DataError), transaction.atomic():
        ask(dividing, [0])
    assert ask(dividing, [1]) == [(1,)]  # nothing of it is left


# --- sessions ------------------------------------------------------------------


def signed_in() -> tuple[Client, str]:
    browser = Client()
    browser.force_login(UserFactory())
    return browser, str(browser.session.session_key)


def test_a_session_opens_until_its_end_and_then_has_no_key():
    _, key = signed_in()
    assert SESSION_KEY in SessionStore(key)
    row = SessionStore.get_model_class().objects.get(pk=key)
    row.expire_date = timezone.now()
    row.save()
    over = SessionStore(key)
    assert (SESSION_KEY in over, over.session_key) == (False, None)


def test_a_session_that_is_deleted_is_over_on_the_next_request():
    browser, key = signed_in()
    before = browser.get("/api/v1/bookings/")
    SessionStore.get_model_class().objects.filter(pk=key).delete()
    after = browser.get("/api/v1/bookings/")
    assert (before.status_code, after.status_code) == (403, 401)


def test_a_login_that_is_closed_is_nobody_on_the_next_request():
    browser, _ = signed_in()
    before = browser.get("/api/v1/bookings/")
    User.objects.update(is_active=False)
    after = browser.get("/api/v1/bookings/")
    assert (before.status_code, after.status_code) == (403, 401)


# --- a connection that was lost ---------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_read_finds_out_by_itself_that_the_connection_was_lost(django_assert_num_queries):
    """As after the database was started again: the first read of a request is the check, and is made once more."""
    person = PersonFactory()
    kept = Prepared(lambda: Person.objects.filter(pk=Given("who", KEY)))
    assert kept.first(who=person.pk) == person
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (mine,) = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [mine])
    other.close()
    connection.health_check_done = False  # as at the beginning of each request
    assert kept.first(who=person.pk) == person
    connection.health_check_done = False
    with django_assert_num_queries(1):  # nothing is asked besides
        assert kept.first(who=person.pk) == person


@pytest.mark.django_db(transaction=True)
def test_a_read_that_fails_on_a_good_connection_is_not_made_again(monkeypatch):
    tries = []

    def refuse(*given: object) -> None:
        tries.append(given)
        raise OperationalError("canceling statement due to statement timeout")

    kept = Prepared(lambda: Person.objects.filter(pk=Given("who", KEY)))
    monkeypatch.setattr(kept.compiled, "asked", refuse)
    connection.ensure_connection()
    connection.health_check_done = False
    with pytest.raises(OperationalError):
        kept.first(who=1)
    assert len(tries) == 1
    connection.close()
    connection.health_check_done = False  # as when the database cannot be reached at all
    with pytest.raises(OperationalError):
        kept.first(who=1)
    assert len(tries) == 2


# --- two reads in one statement --------------------------------------------------


def test_two_reads_and_facts_about_the_first_come_in_one_statement_each_found_or_not(django_assert_num_queries):
    person, membership = PersonFactory(), MembershipFactory(programme=ProgrammeFactory())
    both = Together(
        Prepared(lambda: Person.objects.filter(pk=Given("who", KEY)).only("given_name")),
        "SELECT p.family_name, p.date_of_birth FROM accounts_person p WHERE p.id =",
        Prepared(lambda: Membership.objects.filter(pk=Given("what", KEY)).select_related("user__person")),
    )
    with django_assert_num_queries(1):
        found, facts, held = both.read(who=person.pk, what=membership.pk)
        assert (found, held) == (person, membership)
        assert found.given_name == person.given_name and held.user.person == membership.user.person
    assert tuple(facts) == (person.family_name, person.date_of_birth)
    assert both.read(who=0, what=membership.pk) == (None, (None, None), membership)
    assert both.read(who=person.pk, what=0)[0::2] == (person, None)
