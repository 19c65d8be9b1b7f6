"""The demonstration: who is in it, and signing in as one of them by a button."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import Organisation, Programme, User
from accounts.permissions import Role
from outcomes.models import Release
from tests.factories.accounts import MembershipFactory, PersonFactory, UserFactory, someone

pytestmark = pytest.mark.django_db


def demo_person(slug: str, *roles: Role, programme: Programme, **person: str) -> User:
    user = UserFactory(person=PersonFactory(**person), email=f"{slug}@demo.safefit.example")
    for role in roles:
        MembershipFactory(user=user, role=role.value, programme=programme)
    return user


@pytest.fixture
def cast(programme: Programme, client: Client) -> dict[str, User]:
    someone("Real Person", Role.COORDINATOR, programme=programme)
    closed = demo_person("old", Role.COORDINATOR, programme=programme)
    closed.is_active = False
    closed.save()
    demo_person("avis.sampleford", Role.PARTICIPANT, programme=programme, given_name="Avis", family_name="Sampleford")
    return {
        "nell": demo_person("nell", programme=programme, given_name="Nell", family_name="Norole"),
        "dee": demo_person("dee", Role.COORDINATOR, programme=programme, given_name="Dee", family_name="Desk"),
        "pat": demo_person(
            "pat", Role.SUPPORTER, Role.PARTICIPANT, programme=programme, given_name="Pat", family_name="Example"
        ),
    }


def test_the_list_says_who_there_is_and_in_which_role(client: Client, cast: dict[str, User]) -> None:
    assert client.get("/demo/people.json").json() == [
        {"slug": "pat", "name": "Pat Example", "role": "participant"},
        {"slug": "dee", "name": "Dee Desk", "role": "coordinator"},
        {"slug": "nell", "name": "Nell Norole", "role": "none"},
    ]


def test_the_list_costs_the_same_for_any_number_of_people(
    client: Client, cast: dict[str, User], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(2):
        client.get("/demo/people.json")


def test_the_page_has_a_button_for_each_person_under_their_role(client: Client, cast: dict[str, User]) -> None:
    page = client.get("/demo/").content.decode()
    order = ["Taking part", "Sign in as Pat Example", "Programme desk", "Sign in as Dee Desk", "No role"]
    assert sorted(order, key=page.index) == order
    assert "Real Person" not in page and "Avis" not in page


def test_an_empty_demonstration_says_what_to_do(client: Client, db: None) -> None:
    assert "./run demo --reset" in client.get("/demo/").content.decode()


def test_the_button_signs_in_with_the_second_factor_done(client: Client, cast: dict[str, User]) -> None:
    answer = client.post("/demo/sign-in/", {"person": "dee"})
    assert (answer.status_code, answer.url) == (302, "/start/")
    assert client.session["_auth_user_id"] == str(cast["dee"].pk)
    assert client.get("/account/security/").status_code == 200


def test_the_form_can_be_opened_by_itself(client: Client, cast: dict[str, User]) -> None:
    page = client.get("/demo/sign-in/")
    assert page.status_code == 200
    assert 'name="person"' in page.content.decode()


def test_changing_person_leaves_nothing_of_the_one_before(client: Client, cast: dict[str, User]) -> None:
    client.post("/demo/sign-in/", {"person": "dee"})
    session = client.session
    session["acting_for"] = 5
    session.save()
    client.post("/demo/sign-in/", {"person": "nell"})
    assert client.session["_auth_user_id"] == str(cast["nell"].pk)
    assert "acting_for" not in client.session
    assert client.get("/desk/").status_code == 403


def test_whoever_is_not_of_the_cast_can_be_signed_in_as_by_name(client: Client, cast: dict[str, User]) -> None:
    assert client.post("/demo/sign-in/", {"person": "avis.sampleford"}).status_code == 302
    assert client.get("/me/").status_code == 200


@pytest.mark.parametrize("slug", ["nobody", "old", "real", "real@example.org", ""])
def test_only_people_of_the_demonstration_can_be_chosen(client: Client, cast: dict[str, User], slug: str) -> None:
    answer = client.post("/demo/sign-in/", {"person": slug})
    assert answer.status_code == 422
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("asked", "reached"), [("/demo/", "/demo/"), ("https://evil.example/", "/start/"), ("//evil.example", "/start/")]
)
def test_the_way_on_stays_on_this_site(client: Client, cast: dict[str, User], asked: str, reached: str) -> None:
    assert client.post("/demo/sign-in/", {"person": "pat", "next": asked}).url == reached


def test_a_session_of_the_demonstration_is_not_strong_where_there_is_none(cast: dict[str, User]) -> None:
    client = Client()
    client.post("/demo/sign-in/", {"person": "dee"})
    with override_settings(DEMO=False):
        assert client.get("/account/security/").url == "/account/security/needed/"
        assert Client().post("/demo/sign-in/", {"person": "dee"}).status_code == 422


def test_published_releases_are_listed(client: Client, programme: Programme, alliance: Organisation) -> None:
    day = dt.date(2026, 9, 1)
    rows = [
        Release.objects.create(programme=programme, organisation=alliance, number=n, state=state, as_at=day, k=8)
        for n, state in ((1, "queued"), (2, "queued"))
    ]
    assert client.get("/demo/releases.json").json() == []
    for state in ("building", "built"):
        Release.objects.filter(pk=rows[1].pk).update(state=state)
    Release.objects.filter(pk=rows[1].pk).update(state="published", published_at=timezone.now(), sha256="0" * 64)
    assert client.get("/demo/releases.json").json() == [rows[1].pk]
