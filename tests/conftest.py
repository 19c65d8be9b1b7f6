"""The cast: a few named people who appear in every test that needs somebody.

Pat and Quinn take part, Sam supports Pat, Ines and Ivor lead classes, Dee works
at the desk, Clare decides on clearance, Sadie reads safeguarding concerns, Omar and Petra read summaries for two
organisations, Ada configures, Nell holds no role.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.core.handlers.base import BaseHandler
from django.db import connections
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.signals import connection_created
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import Client, override_settings
from hypothesis import HealthCheck, settings

from accounts.models import Organisation, Programme, User
from accounts.permissions import Role
from frontend.site_notices import KEPT, KEY, Notices
from instructors.models import Instructor
from messaging import sign_in_codes
from participants.models import Participant, SupporterScope
from tests.actors import nobody_acts, on_connecting
from tests.database import TEMPLATE
from tests.emptying import emptying
from tests.factories.accounts import AgreementFactory, OrganisationFactory, ProgrammeFactory, someone
from tests.factories.instructors import InstructorFactory
from tests.factories.participants import ParticipantFactory, SupporterFactory

connection_created.connect(on_connecting)

# What is slow is found by the benchmark: a test that fails on a busy machine says nothing of the code.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slow ones first: one that came last would keep every other core waiting."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through it for garbage again and again is a tenth of the time of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.fixture(autouse=True, scope="session")
def _passwords_cost_little() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=["tests.hashing.QuickArgon2"]):
        yield


@pytest.fixture(autouse=True)
def _nothing_stands_on_every_page() -> None:
    """As long as a test says nothing else; else the first page of each would ask what does."""
    caches[KEPT].set(KEY, Notices(), None)


@pytest.fixture(autouse=True, scope="session")
def _nobody_is_signed_out_by_a_journey_in_time() -> Iterator[None]:
    """The limits themselves: tests/pages/test_idle.py."""
    with override_settings(IDLE_MINUTES=10**7, IDLE_MINUTES_TEACHING=10**7):
        yield


@pytest.fixture(autouse=True, scope="session")
def _letters_of_signing_in_are_sent_at_once() -> Iterator[None]:
    """As if the worker were there. That they are left for it: tests/pages/test_letters_to_sign_in.py."""

    def at_once(template_prefix: str, email: str, context: dict[str, Any]) -> None:
        sign_in_codes.send_letter(sign_in_codes.sealed_letter(template_prefix, email, context))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sign_in_codes, "leave_letter", at_once)
        yield


@pytest.fixture(autouse=True, scope="session")
def _pages_name_their_actor() -> Iterator[None]:
    """While a page or API view is answered nobody lends an actor, whatever library does the writing."""
    answer = BaseHandler.get_response

    def as_nobody(handler: BaseHandler, request: HttpRequest) -> HttpResponseBase:
        with nobody_acts():
            return answer(handler, request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseHandler, "get_response", as_nobody)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Each worker's database is a copy of the one that tests/database.py has made."""
    if template := os.environ.get(TEMPLATE):
        connections["default"].settings_dict["TEST"]["TEMPLATE"] = template


@pytest.fixture(autouse=True, scope="session")
def _only_what_was_filled_is_emptied() -> Iterator[None]:
    """In our own server, where the tests may switch triggers off."""
    with pytest.MonkeyPatch.context() as patch:
        if TEMPLATE in os.environ:
            patch.setattr(DatabaseOperations, "sql_flush", emptying)
        yield


@pytest.fixture
def programme(db: None) -> Programme:
    return ProgrammeFactory(name="SafeFit Wessex", slug="wessex")


@pytest.fixture
def alliance(programme: Programme) -> Organisation:
    organisation = OrganisationFactory(name="Wessex Alliance", slug="alliance")
    AgreementFactory(organisation=organisation, programme=programme)
    return organisation


@pytest.fixture
def college(db: None) -> Organisation:
    """An organisation with no agreement on the programme."""
    return OrganisationFactory(name="Royal College", slug="college")


def _participant(name: str, programme: Programme) -> Participant:
    user = someone(name, Role.PARTICIPANT, programme=programme)
    return ParticipantFactory(person=user.person, programme=programme)


@pytest.fixture
def pat(programme: Programme) -> Participant:
    return _participant("Pat Example", programme)


@pytest.fixture
def quinn(programme: Programme) -> Participant:
    return _participant("Quinn Sample", programme)


@pytest.fixture
def sam(pat: Participant) -> User:
    """Sam, who may book for Pat."""
    user = someone("Sam Helper", Role.SUPPORTER, programme=pat.programme)
    SupporterFactory(participant=pat, person=user.person, scopes=[SupporterScope.BOOK])
    return user


def _instructor(name: str, programme: Programme) -> Instructor:
    user = someone(name, Role.INSTRUCTOR, programme=programme)
    return InstructorFactory(person=user.person, programme=programme)


@pytest.fixture
def ines(programme: Programme) -> Instructor:
    return _instructor("Ines Teacher", programme)


@pytest.fixture
def ivor(programme: Programme) -> Instructor:
    return _instructor("Ivor Coach", programme)


@pytest.fixture
def dee(programme: Programme) -> User:
    return someone("Dee Desk", Role.COORDINATOR, programme=programme)


@pytest.fixture
def clare(programme: Programme) -> User:
    return someone("Clare Clinic", Role.CLINICAL_LEAD, programme=programme)


@pytest.fixture
def sadie(programme: Programme) -> User:
    return someone("Sadie Safeguard", Role.SAFEGUARDING_LEAD, programme=programme)


@pytest.fixture
def omar(alliance: Organisation) -> User:
    return someone("Omar Partner", Role.PARTNER, organisation=alliance)


@pytest.fixture
def petra(college: Organisation) -> User:
    return someone("Petra Partner", Role.PARTNER, organisation=college)


@pytest.fixture
def ada(programme: Programme) -> User:
    return someone("Ada Admin", Role.ADMINISTRATOR, programme=programme)


@pytest.fixture
def nell(db: None) -> User:
    return someone("Nell Norole")


class SignedIn(Client):
    """A browser of somebody who has signed in, with the second factor where it is needed."""

    def __init__(self, user: User, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.force_login(user)
        session = self.session
        # What allauth records at a real sign-in; accounts.signin reads it.
        session["account_authentication_methods"] = [
            {"method": "password", "at": 0},
            {"method": "mfa", "type": "totp", "at": 0},
        ]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()


@pytest.fixture
def sign_in() -> type[SignedIn]:
    """`sign_in(pat.person.user)` is that person's browser."""
    return SignedIn
