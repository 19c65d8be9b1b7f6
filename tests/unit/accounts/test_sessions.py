"""One read finds who is signed in; what it cannot prove is left to Django's own way."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from accounts.models import BrowserSession, User
from accounts.permissions import Permission, allows
from accounts.sessions import SessionStore, WhoMiddleware
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def request_with(key: str | None) -> HttpRequest:
    request = RequestFactory().get("/")
    request.session = SessionStore(key)
    WhoMiddleware(lambda _: HttpResponse()).process_request(request)
    return request


@pytest.fixture
def pats(pat, sign_in) -> str:
    """The key of the session in which Pat is signed in."""
    return str(sign_in(pat.person.user).session.session_key)


def changed(key: str, **values: Any) -> str:
    """The same session, saying something else than what signing in has written."""
    store = SessionStore(key)
    for name, value in values.items():
        store[name] = value
    store.save()
    return key


def test_session_login_person_and_roles_are_one_read(pat, pats, django_assert_num_queries):
    request = request_with(pats)
    with django_assert_num_queries(1):
        assert request.user == pat.person.user
        assert request.user.person == pat.person
        assert allows(request.user, Permission.TAKE_PART, programme_id=pat.programme_id)
        assert not allows(request.user, Permission.WORK_AT_DESK)
        assert request.user.is_authenticated


def test_nobody_without_a_session_and_nobody_in_one_without_a_login(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert request_with(None).user == AnonymousUser()
    store = SessionStore()
    store["seen"] = True
    store.save()
    with django_assert_num_queries(1):
        assert request_with(store.session_key).user == AnonymousUser()
    assert BrowserSession.objects.get(pk=store.session_key).user_id is None


def test_a_role_that_is_taken_away_is_gone_on_the_next_read(pat, pats):
    pat.person.user.memberships.all().delete()
    assert not allows(request_with(pats).user, Permission.TAKE_PART)


def test_a_login_that_is_closed_is_nobody(pat, pats):
    User.objects.filter(pk=pat.person.user.pk).update(is_active=False)
    assert request_with(pats).user == AnonymousUser()


def test_a_password_that_was_changed_ends_the_session(pat, pats):
    User.objects.filter(pk=pat.person.user.pk).update(password="another")
    assert request_with(pats).user == AnonymousUser()
    assert not BrowserSession.objects.filter(pk=pats).exists()


@pytest.mark.parametrize("named", [HASH_SESSION_KEY, BACKEND_SESSION_KEY])
def test_a_session_that_does_not_prove_its_login_is_nobodys(pats, named):
    assert request_with(changed(pats, **{named: "other"})).user == AnonymousUser()


def test_the_column_alone_signs_nobody_in(pat, pats):
    BrowserSession.objects.filter(pk=pats).update(user=UserFactory())
    assert request_with(pats).user == pat.person.user  # as the session itself says


def test_who_it_is_is_asked_once_for_each_request(pat, pats, django_assert_num_queries):
    request = request_with(pats)
    assert request.user == pat.person.user
    with django_assert_num_queries(0):
        WhoMiddleware(lambda _: HttpResponse()).process_request(request)
        assert request.user == pat.person.user


def test_a_row_knows_by_what_it_is_read():
    assert BrowserSession.get_session_store_class() is SessionStore


def test_signing_out_takes_the_login_out_of_the_row(pat, pats):
    store = SessionStore(pats)
    del store[SESSION_KEY]
    store.save()
    assert BrowserSession.objects.get(pk=pats).user_id is None
    assert request_with(pats).user == AnonymousUser()


def test_a_login_that_is_deleted_takes_its_sessions_with_it(pat, pats):
    assert list(pat.person.user.sessions.values_list("pk", flat=True)) == [pats]
    pat.person.user.delete()
    assert not BrowserSession.objects.exists()
