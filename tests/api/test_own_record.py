from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from accounts.models import Channel, Programme
from accounts.permissions import Role
from participants.consents import give_consent, withdraw_consent
from participants.content import install
from participants.models import AccessNeed, ConsentKind, ConsentText, Equality, Participant
from tests.factories.accounts import ContactPointFactory, someone
from tests.factories.participants import ClearanceFactory, ParticipantFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/own-record/"
SHAPE = {
    "id": None,
    "reference": None,
    "known_as": None,
    "status": None,
    "programme": None,
    "phases": {"order", "name", "weeks", "contacts_least", "contacts_most", "per_weeks"},
    "enrolments": {"starts_on", "ends_on"},
    "position": {"day", "week", "phase", "ends_on"},
    "clearance": {"state", "valid_until", "adaptations"},
    "access_needs": {"kind", "detail", "share_with_instructors", "recorded_at", "review_on"},
    "contact_points": {"channel", "value", "preferred", "may_leave_message"},
    "consents": {"kind", "version", "at"},
    "emergency_contact": {"name", "relationship", "phone"},
}


def fill(participant: Participant, word: str) -> None:
    """One of everything, each with `word` in it where words are kept."""
    by = participant.person
    AccessNeed.objects.create(
        person=by, kind="other", detail=f"need {word}", recorded_by=by, review_on=dt.date(2030, 1, 1)
    )
    ContactPointFactory(person=by, channel=Channel.POST, value=f"street {word}", preferred=False)
    participant.emergency_name = f"friend {word}"
    participant.save()


@pytest.fixture
def record(pat: Participant, quinn: Participant, sign_in: Any) -> dict[str, Any]:
    install(pat.programme, pat.person)
    fill(pat, "of-pat")
    fill(quinn, "of-quinn")
    ClearanceFactory(participant=pat, state="cleared_adapted", adaptations=["remote_only"], note="secret note")
    for kind in (ConsentKind.SERVICE, ConsentKind.RESEARCH):
        text = ConsentText.objects.filter(programme=pat.programme, kind=kind).latest("version")
        give_consent(participant=pat, text=text, by=pat.person)
    withdraw_consent(participant=pat, kind=ConsentKind.RESEARCH, by=pat.person)
    answer = sign_in(pat.person.user).get(ADDRESS)
    assert answer.status_code == 200
    return dict(answer.json())


def test_the_fields_are_these_and_no_others(record: dict[str, Any]) -> None:
    assert set(record) == set(SHAPE)
    for name, fields in SHAPE.items():
        if fields is not None:
            rows = record[name] if isinstance(record[name], list) else [record[name]]
            assert rows and all(set(row) == fields for row in rows), name


def test_it_is_the_record_as_it_stands(record: dict[str, Any], pat: Participant) -> None:
    assert (record["id"], record["reference"]) == (pat.pk, pat.reference)
    assert (record["known_as"], record["status"]) == ("Pat", "active")
    assert record["programme"] == "SafeFit Wessex"
    assert [phase["order"] for phase in record["phases"]] == sorted(phase["order"] for phase in record["phases"])
    assert record["clearance"]["state"] == "cleared_adapted"
    assert record["clearance"]["adaptations"] == ["remote_only"]
    assert [consent["kind"] for consent in record["consents"]] == ["service"]
    assert {point["channel"] for point in record["contact_points"]} == {"email", "post"}
    assert record["emergency_contact"]["phone"] == str(pat.emergency_phone)


def test_nothing_of_others_and_no_note_of_the_clinical_lead_stands_in_it(record: dict[str, Any]) -> None:
    assert "of-pat" in str(record)
    assert "of-quinn" not in str(record) and "secret note" not in str(record)


def test_who_was_not_decided_on_has_no_clearance(programme: Programme, sign_in: Any) -> None:
    user = someone("Una Undecided", Role.PARTICIPANT, programme=programme)
    ParticipantFactory(person=user.person, programme=programme, clearance=False)
    assert sign_in(user).get(ADDRESS).json()["clearance"] is None


def test_the_kind_of_cancer_that_one_said_is_a_condition_of_ones_own_alone(
    pat: Participant, quinn: Participant, sign_in: Any
) -> None:
    browser = sign_in(pat.person.user)
    assert "entry" not in browser.get(f"{ADDRESS}conditions/").json()
    for participant, site in ((pat, "lung"), (quinn, "breast")):
        Equality.objects.create(participant=participant, cancer_type=site, cancer_site=site)
    (entry,) = browser.get(f"{ADDRESS}conditions/").json()["entry"]
    assert entry["resource"]["code"]["text"] == "Lung"
    assert entry["resource"]["subject"]["identifier"]["value"] == pat.reference


def test_who_has_no_record_is_told_so(programme: Programme, sign_in: Any) -> None:
    user = someone("Rae Recordless", Role.PARTICIPANT, programme=programme)
    browser = sign_in(user)
    assert [browser.get(address).status_code for address in (ADDRESS, f"{ADDRESS}conditions/")] == [404, 404]


@pytest.mark.parametrize(("who", "status"), [("sam", 403), ("dee", 403), ("omar", 403), ("anonymous", 401)])
def test_it_is_for_those_who_take_part(who: str, status: int, sign_in: Any, request: Any, pat: Participant) -> None:
    browser = Client() if who == "anonymous" else sign_in(request.getfixturevalue(who))
    answer = browser.get(ADDRESS)
    assert (answer.status_code, answer["content-type"]) == (status, "application/problem+json")


def test_it_is_read_only(pat: Participant, sign_in: Any) -> None:
    assert sign_in(pat.person.user).put(ADDRESS, {}, content_type="application/json").status_code == 405
