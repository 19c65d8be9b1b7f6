"""What the product writes names who acts, however a test came to call it.

Every job of the worker and every command that writes stands in a table below: a
new one that is missing fails here, and each is run, with nobody lending an actor.
"""

from __future__ import annotations

from typing import Any

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


# --- actions -----------------------------------------------------------------


def in_the_product(source: str, module: str) -> dict[str, Any]:
    """Code as it would be if it stood in `module` of the product."""
    names: dict[str, Any] = {"__name__": module, "Person": Person, "acting": acting, "System": System}
    exec(source, names)
    return names


FORGETFUL = """
def rename(person):
    Person.objects.filter(pk=person.pk).update(known_as="Jo")

def save(person):
    person.known_as = "Jo"
    person.save()

def remove(person):
    person.delete()

def after(person):
    with acting(System.COMMAND, "tests.careful"):
        pass
    person.known_as = "Jo"
    person.save()
"""


@pytest.mark.parametrize("name", ["rename", "save", "remove", "after"])
@pytest.mark.parametrize("module", ["participants.details", "messaging.tasks", "accounts.management.commands.grant"])
def test_an_action_a_job_or_a_command_that_forgets_to_say_who_acts_fails_in_its_own_test(module, name):
    person = PersonFactory()
    with pytest.raises(IntegrityError, match="pgh_context"), transaction.atomic():
        in_the_product(FORGETFUL, module)[name](person)


def test_an_action_that_says_who_acts_is_kept_with_that_name():
    careful = """
def rename(person):
    with acting(System.COMMAND, "tests.rename"):
        Person.objects.filter(pk=person.pk).update(known_as="Jo")
"""
    person = PersonFactory()
    in_the_product(careful, "participants.details")["rename"](person)
    kept = Person.pgh_event_model.objects.filter(pgh_obj_id=person.pk).order_by("pgh_id")
    assert [row.pgh_context["action"] for row in kept] == ["tests.fixture", "tests.rename"]


def test_a_row_that_saves_itself_does_so_for_whoever_called_it():
    source = "def make():\n    return Person.objects.create(given_name='Jo', family_name='Madeup')"
    made = in_the_product(source, "accounts.models")["make"]()
    assert Person.pgh_event_model.objects.get(pgh_obj_id=made.pk).pgh_context["by"] == "tests"
