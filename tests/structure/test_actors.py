"""What a page writes names who acts: the tests take the actor of the fixtures away while a request is answered."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from accounts.history import System, acting
from accounts.models import Person
from tests.factories.accounts import PersonFactory

pytestmark = pytest.mark.django_db


def forgetful(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        PersonFactory()
    return HttpResponse()


def careful(request: HttpRequest) -> HttpResponse:
    with acting(System.PUBLIC, "tests.careful"):
        PersonFactory()
    return HttpResponse()


urlpatterns = [path("forgetful/", forgetful), path("careful/", careful)]


@override_settings(ROOT_URLCONF=__name__)
def test_a_page_that_writes_without_saying_who_acts_fails():
    with pytest.raises(IntegrityError, match="pgh_context"):
        Client().get("/forgetful/")


@override_settings(ROOT_URLCONF=__name__)
def test_a_page_that_says_who_acts_is_served_and_fixtures_may_write_again():
    assert Client().get("/careful/").status_code == 200
    PersonFactory()
    assert Person.objects.count() == 2
