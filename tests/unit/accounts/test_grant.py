"""`manage.py grant`: the way into a new server, typed by an administrator."""

from __future__ import annotations

import re
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import ContactPoint, Membership, Organisation, Person, Programme, User

pytestmark = pytest.mark.django_db


def grant(*typed: str, **options: Any) -> str:
    out = StringIO()
    call_command("grant", *typed, stdout=out, **options)
    return out.getvalue()


def test_a_new_colleague_gets_person_login_role_and_a_link(programme: Programme) -> None:
    said = grant("Mary@Example.org", "coordinator", programme="wessex", name="Mary Ann Newcomer")
    user = User.objects.get(email="mary@example.org")
    assert (user.person.given_name, user.person.family_name) == ("Mary Ann", "Newcomer")
    assert ContactPoint.objects.get(person=user.person).value == "mary@example.org"
    assert [(m.role, m.programme) for m in user.memberships.all()] == [("coordinator", programme)]
    assert "New person: Mary Ann Newcomer <mary@example.org>." in said
    assert "is now coordinator in SafeFit Wessex." in said

    link = re.search(rf"{re.escape(settings.PUBLIC_URL)}(\S+)", said)
    assert link
    client = Client()
    form = client.get(link[1])
    words = "three unlikely words"
    assert client.post(form.url, {"password1": words, "password2": words}).status_code == 302
    assert client.post("/account/sign-in/password/", {"login": user.email, "password": words}).status_code == 302
    assert client.get("/start/").url == "/account/security/set-up/"


def test_the_history_says_that_a_command_did_it(programme: Programme) -> None:
    grant("mary@example.org", "coordinator", programme="wessex", name="Mary Newcomer")
    for model in (Person, User, ContactPoint, Membership):
        event: Any = model.pgh_event_model  # type: ignore[attr-defined]
        assert event.objects.latest("pgh_id").pgh_context == {"by": "system:command", "action": "accounts.appoint"}


def test_a_partner_belongs_to_an_organisation(alliance: Organisation) -> None:
    assert "is now partner in Wessex Alliance." in grant(
        "op@example.org", "partner", organisation="alliance", name="Op Reader"
    )


def test_granting_twice_changes_nothing(dee: User, programme: Programme) -> None:
    before = Membership.objects.count()
    assert "already was coordinator" in grant("dee@example.org", "coordinator", programme="wessex")
    assert Membership.objects.count() == before


def test_a_password_that_is_set_stays_unless_a_new_link_is_asked_for(dee: User) -> None:
    dee.set_password("three unlikely words")
    dee.save()
    said = grant("dee@example.org", "clinical_lead", programme="wessex")
    assert "is now clinical lead" in said
    assert "the password they have" in said
    assert "/account/password/new/" not in said
    assert "/account/password/new/" in grant("dee@example.org", "clinical_lead", programme="wessex", new_link=True)


def test_a_lost_telephone_can_be_forgotten_and_is_signed_out(dee: User, sam: User, sign_in: Any) -> None:
    dee.authenticator_set.create(type="totp", data={"secret": "x"})
    lost, another = sign_in(dee), sign_in(sam)
    assert lost.get("/desk/").status_code == 200
    said = grant("dee@example.org", "coordinator", programme="wessex", forget_phone=True)
    assert "The second factor is removed" in said and "signed out everywhere" in said
    assert not dee.authenticator_set.exists()
    assert not dee.sessions.exists() and "/account/sign-in/" in lost.get("/desk/")["Location"]
    dee.refresh_from_db()
    assert dee.devices_forgotten_at, "no register that is saved on it opens"
    assert another.get("/me/").status_code == 200


@pytest.mark.parametrize(
    ("typed", "options", "says"),
    [
        (["no address", "coordinator"], {"programme": "wessex", "name": "A B"}, "'no address' is not an email address"),
        (["new@example.org", "coordinator"], {"programme": "wessex"}, "Say who it is: --name"),
        (["new@example.org", "coordinator"], {"programme": "wessex", "name": "Mary"}, "at least two words"),
        (["new@example.org", "coordinator"], {"name": "A B"}, "belongs to one programme: use --programme SLUG"),
        (["new@example.org", "partner"], {"programme": "wessex", "name": "A B"}, "use --organisation SLUG"),
        (["new@example.org", "coordinator"], {"programme": "esses", "name": "A B"}, "There is: wessex."),
        (["new@example.org", "partner"], {"organisation": "x", "name": "A B"}, "There is no organisation 'x'"),
        (["new@example.org", "participant"], {"programme": "wessex"}, "invalid choice"),
    ],
)
def test_what_cannot_be_done_says_what_to_type(
    programme: Programme, typed: list[str], options: dict[str, str], says: str
) -> None:
    with pytest.raises(CommandError, match=re.escape(says)):
        grant(*typed, **options)
    assert not User.objects.exists()


def test_on_an_empty_server_it_says_that_there_is_no_programme(db: None) -> None:
    with pytest.raises(CommandError, match="There is: none yet"):
        grant("new@example.org", "coordinator", programme="wessex", name="A B")


def test_a_closed_login_is_not_opened_by_the_way(dee: User) -> None:
    User.objects.update(is_active=False)
    with pytest.raises(CommandError, match="was closed"):
        grant("dee@example.org", "clinical_lead", programme="wessex")
    assert Membership.objects.count() == 1
