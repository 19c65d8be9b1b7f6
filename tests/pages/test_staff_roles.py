"""Administrators give roles, say until when they hold, and take them away; nobody does that for themselves."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.appointments import EndNotAllowed, NoEnd, OwnRole, appoint, end_role, set_end
from accounts.devices import end_other_sessions
from accounts.models import Agreement, Membership, Organisation, Programme, User
from accounts.permissions import Role
from instructors.models import Instructor
from instructors.roster import onboard, stand_down
from messaging.role_ends import sign_out_whose_role_ended
from tests.factories.accounts import MembershipFactory, ProgrammeFactory, someone

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreed(alliance: Organisation, programme: Programme) -> Agreement:
    return Agreement.objects.get_or_create(
        organisation=alliance, programme=programme, defaults={"starts_on": dt.date(2026, 1, 1)}
    )[0]


@pytest.fixture
def ada_signed_in(ada: User, agreed: Agreement, sign_in: Any) -> Client:
    browser: Client = sign_in(ada)
    return browser


def given(**more: str) -> dict[str, str]:
    return {"email": "mary@example.org", "name": "Mary Newcomer", "role": "coordinator", **more}


def day_in(days: int) -> dict[str, str]:
    on = timezone.localdate() + dt.timedelta(days=days)
    return {"until-day": str(on.day), "until-month": str(on.month), "until-year": str(on.year)}


def held_by(user: User) -> Membership:
    return user.memberships.get()


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_new_colleague_chooses_a_password_by_a_link_that_is_shown_once(ada_signed_in: Client) -> None:
    page = ada_signed_in.post("/staff/give/", given())
    assert "Mary Newcomer is now coordinator" in text(page)
    link = re.search(r"https?://[^/\s]+(/account/password/new/\S+?)<", page.content.decode())
    assert link
    assert Client().get(link[1]).status_code == 302
    assert "Mary Newcomer: coordinator" in text(ada_signed_in.get("/staff/"))


def test_a_partner_reads_for_an_organisation_and_for_a_year_unless_it_is_said(
    ada_signed_in: Client, alliance: Organisation
) -> None:
    refused = ada_signed_in.post("/staff/give/", given(role="partner"))
    assert refused.status_code == 422 and "Select the organisation they read for" in text(refused)
    ada_signed_in.post("/staff/give/", given(role="partner", organisation=str(alliance.pk)))
    held = held_by(User.objects.get(email="mary@example.org"))
    assert held.organisation == alliance
    assert timezone.localdate(held.ends_at) == timezone.localdate() + dt.timedelta(days=366)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "Mary"}, "Enter their given name and their family name"),
        ({"email": "mary"}, "Enter an email address"),
        ({"role": "participant"}, "Select an answer from the list"),
        ({"role": ""}, "Select what they do"),
        ({"organisation": "999999"}, "Select an answer from the list"),
        ({"email": "ada@example.org"}, "Nobody changes their own roles"),
        ({"email": "gone@example.org"}, "This login was closed"),
        (day_in(-1), "must be today or"),
        (day_in(800), "must be"),
    ],
)
def test_what_cannot_be_given_is_said_and_what_was_typed_stays(
    wrong: dict[str, str], said: str, ada_signed_in: Client
) -> None:
    User.objects.filter(pk=someone("gone").pk).update(is_active=False)
    answer = ada_signed_in.post("/staff/give/", given() | wrong)
    assert answer.status_code == 422
    assert said in text(answer)
    assert (wrong.get("name") or "Mary Newcomer") in text(answer)
    assert not User.objects.filter(email="mary@example.org").exists()


def test_a_role_taken_away_ends_every_session_and_is_gone_from_the_list(
    ada_signed_in: Client, dee: User, sign_in: Any
) -> None:
    at_work, held = sign_in(dee), held_by(dee)
    assert at_work.get("/desk/").status_code == 200
    assert ada_signed_in.get(f"/staff/roles/{held.pk}/end/").status_code == 200
    assert at_work.get("/desk/").status_code == 200, "looking at the page ends nothing"
    answer = ada_signed_in.post(f"/staff/roles/{held.pk}/end/", follow=True)
    assert "is no longer coordinator, and is signed out everywhere" in text(answer)
    assert at_work.get("/desk/").url.startswith("/account/sign-in/")
    assert f"/staff/roles/{held.pk}/" not in text(answer)
    assert ada_signed_in.post(f"/staff/roles/{held.pk}/end/").status_code == 404


def test_a_role_ends_after_its_last_day_and_not_before(ada_signed_in: Client, dee: User, sign_in: Any) -> None:
    held = held_by(dee)
    answer = ada_signed_in.post(f"/staff/roles/{held.pk}/", day_in(3), follow=True)
    assert "Ends in 4 days" in text(answer)
    shown = ada_signed_in.get(f"/staff/roles/{held.pk}/")
    assert f'value="{(timezone.localdate() + dt.timedelta(days=3)).day}"' in text(shown)
    assert sign_in(dee).get("/desk/").status_code == 200
    last = dt.datetime.combine(timezone.localdate() + dt.timedelta(days=3), dt.time(23, 58))
    for minutes, status in ((0, 200), (3, 403)):
        with time_machine.travel(timezone.make_aware(last + dt.timedelta(minutes=minutes)), tick=False):
            assert sign_in(dee).get("/desk/").status_code == status
    ada_signed_in.post(f"/staff/roles/{held.pk}/", {})
    held.refresh_from_db()
    assert held.ends_at is None


def test_after_the_last_day_of_a_role_they_are_signed_out_everywhere_once(dee: User, pat: Any, sign_in: Any) -> None:
    held, day = held_by(dee), dt.timedelta(days=1)
    sign_in(dee)
    held.ends_at = timezone.now() + day
    held.save()
    Membership.objects.filter(user=pat.person.user).update(ends_at=timezone.now() - day)
    assert sign_out_whose_role_ended() == 0 and dee.sessions.exists(), "it still holds; and Pat only takes part"
    held.ends_at = timezone.now()
    held.save()
    assert sign_out_whose_role_ended() == 1 and not dee.sessions.exists()
    dee.refresh_from_db()
    assert dee.devices_forgotten_at is not None and sign_out_whose_role_ended() == 0


def test_a_partners_role_always_has_an_end(ada_signed_in: Client, omar: User) -> None:
    answer = ada_signed_in.post(f"/staff/roles/{held_by(omar).pk}/", {})
    assert answer.status_code == 422 and "a partner’s role has an end" in text(answer)


def test_nobody_changes_their_own_roles(ada_signed_in: Client, ada: User) -> None:
    held = held_by(ada)
    assert "This is your own role" in text(ada_signed_in.get(f"/staff/roles/{held.pk}/"))
    assert ada_signed_in.post(f"/staff/roles/{held.pk}/", day_in(3)).status_code == 422
    assert "Nobody changes their own roles" in text(ada_signed_in.post(f"/staff/roles/{held.pk}/end/", follow=True))
    held.refresh_from_db()
    assert held.ends_at is None


def test_somebody_is_signed_out_everywhere_by_an_administrator(ada_signed_in: Client, dee: User, sign_in: Any) -> None:
    at_work = sign_in(dee)
    ada_signed_in.post(f"/staff/roles/{held_by(dee).pk}/sign-out/")
    assert at_work.get("/desk/").url.startswith("/account/sign-in/")
    assert sign_in(dee).get("/desk/").status_code == 200


def test_roles_of_another_programme_are_not_there(ada_signed_in: Client) -> None:
    theirs = MembershipFactory(user=someone("else"), role=Role.COORDINATOR, programme=ProgrammeFactory())
    assert "else@example.org" not in text(ada_signed_in.get("/staff/"))
    for page in ("", "end/", "sign-out/"):
        assert ada_signed_in.post(f"/staff/roles/{theirs.pk}/{page}").status_code == 404
    assert Membership.objects.live().filter(pk=theirs.pk).exists()


def test_signing_out_elsewhere_keeps_this_session(dee: User, sign_in: Any) -> None:
    here, there = sign_in(dee), sign_in(dee)
    end_other_sessions(user=dee, keep=here.session.session_key)
    assert here.get("/desk/").status_code == 200
    assert there.get("/desk/").url.startswith("/account/sign-in/")


def test_an_instructors_last_day_is_the_role_that_the_desk_finds_and_ends(
    ada_signed_in: Client, ines: Instructor, dee: User
) -> None:
    held = ines.person.user.memberships.get()
    ada_signed_in.post(f"/staff/roles/{held.pk}/", day_in(3))
    onboard(person=ines.person, programme=ines.programme, by=dee.person)
    assert ines.person.user.memberships.get() == held, "a second role would stand beside it"
    stand_down(instructor=ines, reason="Moved away", by=dee.person)
    assert not ines.person.user.memberships.live().exists()


def test_a_day_that_has_just_ended_is_said_so(ada_signed_in: Client, dee: User, monkeypatch) -> None:
    def over(**_: Any) -> None:
        raise EndNotAllowed(timezone.localdate())

    monkeypatch.setattr("frontend.views.staff.roles.appointments.set_end", over)
    monkeypatch.setattr("frontend.views.staff.roles.appointments.appoint", over)
    for page, said in ((f"/staff/roles/{held_by(dee).pk}/", {}), ("/staff/give/", given())):
        assert "That day is over" in text(ada_signed_in.post(page, {**said, **day_in(0)}))


# --- the actions -----------------------------------------------------------------


def test_the_history_says_who_took_a_role_away_and_twice_is_once(ada: User, dee: User) -> None:
    held = held_by(dee)
    end_role(membership=held, by=ada.person)
    ended = Membership.objects.get(pk=held.pk).ends_at
    end_role(membership=held, by=ada.person)
    assert Membership.objects.get(pk=held.pk).ends_at == ended
    event: Any = Membership.pgh_event_model.objects.latest("pgh_id")  # type: ignore[attr-defined]
    assert event.pgh_context == {"by": f"person:{ada.person.pk}", "action": "accounts.end_role"}


def test_the_actions_refuse_what_the_pages_do(ada: User, omar: User, dee: User, programme: Programme) -> None:
    with pytest.raises(OwnRole):
        appoint(email=ada.email, role=Role.CLINICAL_LEAD, programme=programme, by=ada.person)
    with pytest.raises(NoEnd):
        set_end(membership=held_by(omar), until=None, by=ada.person)
    for days in (-1, 731):
        with pytest.raises(EndNotAllowed):
            set_end(membership=held_by(dee), until=timezone.localdate() + dt.timedelta(days=days), by=ada.person)
