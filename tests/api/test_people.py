"""For whom somebody may act, with the keys that the other addresses ask for."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from participants.models import Participant
from tests.factories.participants import ParticipantFactory, SupporterFactory

pytestmark = pytest.mark.django_db
PEOPLE = "/api/v1/people/"


def listed(browser: Client, **query: object) -> Any:
    answer = browser.get(PEOPLE, query)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def row(participant: Participant, *may: str, is_oneself: bool = False) -> dict[str, Any]:
    known_as = participant.person.first_name
    reference = participant.reference
    return {"id": participant.pk, "reference": reference, "known_as": known_as, "is_oneself": is_oneself, "may": [*may]}


def test_who_takes_part_finds_oneself(pat: Participant, quinn: Participant, sign_in: Any) -> None:
    assert listed(sign_in(pat.person.user)) == [row(pat, "book", "answer", is_oneself=True)]


@pytest.mark.parametrize(
    ("scopes", "may"),
    [(["book"], ["book"]), (["scribe"], ["answer"]), (["book", "scribe", "see_messages"], ["book", "answer"])],
)
def test_a_supporter_finds_whom_they_support_and_what_for(
    pat: Participant, quinn: Participant, sam: User, sign_in: Any, scopes: list[str], may: list[str]
) -> None:
    pat.supporters.update(scopes=scopes)
    assert listed(sign_in(sam)) == [row(pat, *may)]


def test_who_may_do_nothing_for_somebody_does_not_find_them(pat: Participant, sam: User, sign_in: Any) -> None:
    pat.supporters.update(scopes=["be_contacted"])
    assert listed(sign_in(sam)) == []
    pat.supporters.update(scopes=["book"], status="ended")
    assert listed(sign_in(sam)) == []


def test_who_takes_part_and_supports_finds_oneself_first(pat: Participant, quinn: Participant, sign_in: Any) -> None:
    SupporterFactory(participant=pat, person=quinn.person)
    assert listed(sign_in(quinn.person.user)) == [row(quinn, "book", "answer", is_oneself=True), row(pat, "book")]


def test_the_desk_finds_a_person_of_its_programme_by_the_reference_they_say(
    pat: Participant, quinn: Participant, dee: User, sign_in: Any
) -> None:
    elsewhere = ParticipantFactory()
    at_desk = sign_in(dee)
    assert [one["id"] for one in listed(at_desk)] == [pat.pk, quinn.pk]
    assert listed(at_desk, reference=pat.reference.lower()) == [row(pat, "book", "answer")]
    assert listed(at_desk, reference=elsewhere.reference) == []
    assert at_desk.get(PEOPLE, {"name": "Pat"}).status_code == 400


def test_the_key_that_is_found_books(pat: Participant, sam: User, sign_in: Any) -> None:
    (found,) = listed(sign_in(sam))
    assert sign_in(sam).get("/api/v1/bookings/", {"participant": found["id"]}).status_code == 200
    assert found["id"] == sign_in(pat.person.user).get("/api/v1/own-record/").json()["id"]


def test_the_list_costs_the_same_however_long(
    pat: Participant, dee: User, sign_in: Any, django_assert_num_queries: Any
) -> None:
    at_desk = sign_in(dee)
    for _ in range(12):
        ParticipantFactory(programme=pat.programme)
    with django_assert_num_queries(5):  # who is signed in, count, rows, and two for what may be done
        assert len(listed(at_desk)) == 13
