from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import AccessLog, User
from classes.models import Booking, BookingSource, ClassType, Effort, IdempotencyKey, Position, Session
from classes.places.booking import book_place
from messaging.models import Message
from participants.models import ClearanceState, Participant
from tests.factories.classes import BookingFactory, ClassTypeFactory, SessionFactory, VenueFactory
from tests.factories.participants import ClearanceFactory, ParticipantFactory

pytestmark = pytest.mark.django_db

BOOKINGS, SESSIONS, WAITING = "/api/v1/bookings/", "/api/v1/sessions/", "/api/v1/waiting/"


@pytest.fixture
def session(pat: Participant) -> Session:
    return SessionFactory(programme=pat.programme, capacity=1)


@pytest.fixture
def as_pat(pat: Participant, sign_in: Any) -> Client:
    return sign_in(pat.person.user)


def send(client: Client, body: Any, key: str = "", url: str = BOOKINGS) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(url, body, content_type="application/json", headers=headers)


def fill(session: Session) -> Participant:
    other = ParticipantFactory(programme=session.programme)
    book_place(participant=other, session=session, by=other.person, source=BookingSource.SELF)
    return other


def problem(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.content
    assert answer["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    return str(answer.json()["code"])


# --- taking a place ----------------------------------------------------------


def test_a_place_is_taken(as_pat: Client, pat: Participant, session: Session) -> None:
    answer = send(as_pat, {"session": session.pk})
    assert answer.status_code == 201
    booking = Booking.objects.get()
    assert answer.json() | {"joined_at": None, "starts_at": None, "ends_at": None} == {
        "id": booking.pk,
        "participant": pat.pk,
        "session": session.pk,
        "class_name": session.class_type.name,
        "starts_at": None,
        "ends_at": None,
        "state": "booked",
        "party": 1,
        "source": "self",
        "book_automatically": False,
        "position": None,
        "in_doubt": False,
        "offer": None,
        "said_coming_at": None,
        "joined_at": None,
        "ended_at": None,
        "advice": [],
    }


def test_what_stands_in_the_address_of_a_request_that_books_is_refused_and_not_overlooked(
    as_pat: Client, quinn: Participant, session: Session
) -> None:
    answer = send(as_pat, {"session": session.pk}, url=f"{BOOKINGS}?participant={quinn.pk}")
    assert problem(answer, 400) == "invalid"
    assert not Booking.objects.exists()


def test_the_same_key_and_body_give_the_same_answer_later(as_pat: Client, session: Session) -> None:
    first = send(as_pat, {"session": session.pk}, "k1")
    with time_machine.travel(timezone.now() + dt.timedelta(hours=1)):
        again = send(as_pat, {"session": session.pk, "party": 1}, "k1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert Booking.objects.count() == 1


def test_the_same_key_with_another_body_is_422(as_pat: Client, session: Session) -> None:
    send(as_pat, {"session": session.pk}, "k1")
    assert problem(send(as_pat, {"session": session.pk, "or_wait": True}, "k1"), 422) == "key_reused"


def test_the_key_of_somebody_else_never_replays(
    as_pat: Client, quinn: Participant, sign_in: Any, session: Session
) -> None:
    send(as_pat, {"session": session.pk}, "k1")
    answer = send(sign_in(quinn.person.user), {"session": session.pk}, "k1")
    assert problem(answer, 409) == "session_full"


def test_a_refusal_is_given_again_under_its_key(as_pat: Client, session: Session) -> None:
    fill(session)
    first = send(as_pat, {"session": session.pk}, "k1")
    Session.objects.filter(pk=session.pk).update(capacity=5)
    assert problem(first, 409) == "session_full"
    assert send(as_pat, {"session": session.pk}, "k1").json() == first.json()
    assert send(as_pat, {"session": session.pk}, "k2").status_code == 201


def test_who_is_booked_already_is_told_so_with_200(as_pat: Client, session: Session) -> None:
    first = send(as_pat, {"session": session.pk})
    again = send(as_pat, {"session": session.pk})
    assert (again.status_code, again.json()) == (200, first.json())


def test_who_asks_for_it_waits_and_sees_the_turn(as_pat: Client, session: Session) -> None:
    fill(session)
    answer = send(as_pat, {"session": session.pk, "or_wait": True, "book_automatically": True})
    assert answer.status_code == 201
    assert (answer.json()["state"], answer.json()["position"]) == ("waiting", 1)
    listed = as_pat.get(WAITING).json()
    assert [row["id"] for row in listed["results"]] == [answer.json()["id"]]
    assert listed["results"][0]["position"] == 1


def test_who_may_not_come_is_told_the_reasons(as_pat: Client, pat: Participant, session: Session) -> None:
    ClearanceFactory(participant=pat, state=ClearanceState.NEEDS_REVIEW, valid_until=None)
    answer = send(as_pat, {"session": session.pk})
    assert problem(answer, 409) == "not_eligible"
    assert answer.json()["reasons"] == ["being_checked"]


def test_an_overlap_names_the_other_booking(as_pat: Client, session: Session) -> None:
    held = send(as_pat, {"session": session.pk}).json()["id"]
    other = SessionFactory(programme=session.programme, starts_at=session.starts_at)
    answer = send(as_pat, {"session": other.pk})
    assert problem(answer, 409) == "overlaps"
    assert answer.json()["booking"] == held


def test_a_class_that_has_started_or_is_cancelled_takes_nobody(as_pat: Client, session: Session) -> None:
    with time_machine.travel(session.starts_at):
        assert problem(send(as_pat, {"session": session.pk}), 409) == "too_late"
    Session.objects.filter(pk=session.pk).update(status="cancelled", cancel_reason="x", cancelled_at=timezone.now())
    assert problem(send(as_pat, {"session": session.pk}), 409) == "session_not_open"


def test_too_many_at_once_is_409_and_the_key_stays_free(
    as_pat: Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    from classes.places import booking, booking_once

    with monkeypatch.context() as patched:
        patched.setattr(booking_once, "_in_one_statement", lambda *asked: None)
        patched.setattr(booking, "_take", lambda wish, version: None)
        assert problem(send(as_pat, {"session": session.pk}, "k1"), 409) == "try_again"
    assert send(as_pat, {"session": session.pk}, "k1").status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"session": "1"},
        {"session": 1.5},
        {"session": True},
        {"session": 10**30},
        {"session": 999_999},
        {"party": 3},
        {"party": "1"},
        {"or_wait": "yes"},
        {"state": "booked"},
        {"source": "desk"},
        {"participant": None},
        [],
        '"x"',
    ],
)
def test_what_cannot_be_used_is_400(as_pat: Client, session: Session, body: Any) -> None:
    if isinstance(body, dict) and "session" not in body and body:
        body = {"session": session.pk, **body}
    assert problem(send(as_pat, body), 400) == "invalid"
    assert not Booking.objects.exists()


@pytest.mark.parametrize("key", ["", " ", "x" * 65, "two words", "kéy", "key\n"])
def test_a_key_that_cannot_be_kept_is_400(as_pat: Client, session: Session, key: str) -> None:
    answer = as_pat.post(BOOKINGS, {"session": session.pk}, "application/json", HTTP_IDEMPOTENCY_KEY=key)
    assert problem(answer, 400) == "invalid"
    assert "1 to 64" in answer.json()["errors"]["Idempotency-Key"][0]
    assert not Booking.objects.exists()


@pytest.mark.parametrize("wrong", [0, -1, 2**63, 999_999])
def test_a_number_that_is_nobodys_key_is_told_as_such(as_pat: Client, wrong: int) -> None:
    answer = send(as_pat, {"session": wrong})
    assert answer.json()["errors"] == {"session": ["There is no such thing, or it is not yours."]}


def test_a_number_without_end_is_refused_in_our_own_words(as_pat: Client) -> None:
    answer = as_pat.post(BOOKINGS, f'{{"session": {"9" * 5000}}}', content_type="application/json")
    assert problem(answer, 400) == "parse_error"
    assert answer.json()["detail"] == "A number in the body has more than 100 digits."


def test_nobody_signed_in_is_401_and_no_role_is_403(session: Session, nell: Any, sign_in: Any) -> None:
    assert problem(send(Client(), {"session": session.pk}), 401) == "not_authenticated"
    assert problem(send(sign_in(nell), {"session": session.pk}), 403) == "permission_denied"


def test_without_the_csrf_token_is_403(pat: Participant, session: Session) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(pat.person.user)
    assert send(client, {"session": session.pk}).status_code == 403
    assert not Booking.objects.exists()


# --- for somebody else -------------------------------------------------------


def test_a_supporter_books_for_the_person_they_support(
    sam: Any, pat: Participant, sign_in: Any, session: Session
) -> None:
    answer = send(sign_in(sam), {"session": session.pk, "participant": pat.pk})
    assert (answer.status_code, answer.json()["source"]) == (201, "supporter")


def test_a_supporter_cannot_book_for_anybody_else(sam: Any, quinn: Participant, sign_in: Any, session: Session) -> None:
    assert problem(send(sign_in(sam), {"session": session.pk, "participant": quinn.pk}), 400) == "invalid"
    assert problem(send(sign_in(sam), {"session": session.pk}), 400) == "invalid"


def test_the_desk_books_for_a_person(dee: Any, pat: Participant, sign_in: Any, session: Session) -> None:
    answer = send(sign_in(dee), {"session": session.pk, "participant": pat.pk})
    assert (answer.status_code, answer.json()["source"]) == (201, "desk")


# --- seeing and giving back --------------------------------------------------


def test_one_sees_ones_own_bookings_and_nobody_elses(
    as_pat: Client, pat: Participant, quinn: Participant, sign_in: Any, session: Session
) -> None:
    mine = send(as_pat, {"session": session.pk}).json()
    as_quinn = sign_in(quinn.person.user)
    assert [row["id"] for row in as_pat.get(BOOKINGS).json()["results"]] == [mine["id"]]
    assert as_pat.get(f"{BOOKINGS}{mine['id']}/").json() == mine
    assert as_quinn.get(BOOKINGS).json()["results"] == []
    assert problem(as_quinn.get(f"{BOOKINGS}{mine['id']}/"), 404) == "not_found"
    assert problem(send(as_quinn, {}, url=f"{BOOKINGS}{mine['id']}/cancel/"), 404) == "not_found"
    assert Booking.objects.get().state == "booked"


def test_bookings_are_filtered_by_state_and_by_nothing_unknown(as_pat: Client, session: Session) -> None:
    send(as_pat, {"session": session.pk})
    assert as_pat.get(BOOKINGS, {"state": "booked"}).json()["count"] == 1
    assert as_pat.get(BOOKINGS, {"state": "cancelled"}).json()["count"] == 0
    for query in ({"state": "maybe"}, {"colour": 1}, {"page": "0"}):
        assert problem(as_pat.get(BOOKINGS, query), 400) == "invalid"


def test_the_desk_narrows_bookings_to_a_person_a_class_and_days(
    dee: Any, pat: Participant, quinn: Participant, sign_in: Any
) -> None:
    monday = dt.datetime(2027, 3, 1, 23, 30, tzinfo=dt.UTC)  # and winter time: Monday in the UK too
    with time_machine.travel(monday - dt.timedelta(days=2)):
        one, two, three = (
            BookingFactory(
                session=SessionFactory(programme=pat.programme, starts_at=monday + dt.timedelta(days=days)),
                participant=person,
            )
            for days, person in ((0, pat), (7, pat), (0, quinn))
        )

    def found(**query: object) -> list[int]:
        return [row["id"] for row in at_desk.get(BOOKINGS, query).json()["results"]]

    with time_machine.travel(monday + dt.timedelta(days=1)):
        at_desk = sign_in(dee)
        assert found() == [one.pk, three.pk, two.pk]
        assert found(participant=pat.pk) == [one.pk, two.pk]
        assert found(session=three.session.pk) == [three.pk]
        assert found(participant=999_999) == []
        assert found(upcoming="true") == [two.pk]
        assert found(upcoming="false") == [one.pk, three.pk]
        assert found(date_from="2027-03-02") == [two.pk]
        assert found(date_until="2027-03-01", participant=pat.pk) == [one.pk]


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("participant", "-1"),
        ("participant", "1.5"),
        ("session", "٣"),
        ("upcoming", "1"),
        ("date_from", "1/3/2027"),
        ("date_from", "٢٠٢٧-٠٣-٠١"),
        ("date_until", "2027-02-30"),
    ],
)
def test_a_filter_that_only_looks_right_is_refused(as_pat: Client, name: str, wrong: str) -> None:
    answer = as_pat.get(BOOKINGS, {name: wrong})
    assert problem(answer, 400) == "invalid"
    assert set(answer.json()["errors"]) == {name}


def test_waiting_lists_are_narrowed_to_a_person_and_a_class(
    dee: Any, pat: Participant, quinn: Participant, session: Session, sign_in: Any
) -> None:
    mine, theirs = (BookingFactory(session=session, participant=one, state="waiting") for one in (pat, quinn))
    at_desk = sign_in(dee)
    assert [row["id"] for row in at_desk.get(WAITING, {"participant": pat.pk}).json()["results"]] == [mine.pk]
    listed = at_desk.get(WAITING, {"session": session.pk}).json()["results"]
    assert [row["id"] for row in listed] == [mine.pk, theirs.pk]


def test_one_booking_is_named_by_its_address_alone(as_pat: Client, session: Session) -> None:
    address = f"{BOOKINGS}{send(as_pat, {'session': session.pk}).json()['id']}/"
    for query in ({"state": "waiting"}, {"page": 2}, {"format": "xml"}):
        assert problem(as_pat.get(address, query), 400) == "invalid"


def test_a_place_is_given_back_once_and_again(as_pat: Client, session: Session) -> None:
    url = f"{BOOKINGS}{send(as_pat, {'session': session.pk}).json()['id']}/cancel/"
    first = send(as_pat, {"reason": "not_well"}, url=url)
    assert (first.status_code, first.json()["state"]) == (200, "cancelled")
    assert Booking.objects.get().end_reason == "not_well"
    assert send(as_pat, {}, url=url).json() == first.json()
    assert problem(send(as_pat, {"reason": "because"}, url=url), 400) == "invalid"


def test_a_place_cannot_be_given_back_after_the_start(as_pat: Client, session: Session) -> None:
    url = f"{BOOKINGS}{send(as_pat, {'session': session.pk}).json()['id']}/cancel/"
    with time_machine.travel(session.starts_at):
        assert problem(send(as_pat, {}, url=url), 409) == "too_late"


def test_the_list_of_bookings_costs_the_same_however_long(
    as_pat: Client, pat: Participant, django_assert_num_queries: Any
) -> None:
    start = timezone.now() + dt.timedelta(days=2)
    for number in range(12):
        session = SessionFactory(
            programme=pat.programme, capacity=number % 2, starts_at=start + dt.timedelta(hours=number)
        )
        send(as_pat, {"session": session.pk, "or_wait": True})
    as_pat.get(BOOKINGS)
    with django_assert_num_queries(5):  # who is signed in, count, rows, turns, where people stand
        assert len(as_pat.get(BOOKINGS).json()["results"]) == 12


def test_a_booking_asks_the_database_little_and_least_while_it_holds_the_class(
    as_pat: Client, pat: Participant, django_assert_num_queries: Any
) -> None:
    session = SessionFactory(programme=pat.programme, mode="remote", venue=None)
    as_pat.get(BOOKINGS)
    with django_assert_num_queries(3) as asked:
        assert send(as_pat, {"session": session.pk}, key="once").status_code == 201
    # Who is signed in; the person with where they stand, and the class; the last takes the place and commits itself.
    assert "classes_book_at_once" in asked.captured_queries[-1]["sql"]


# --- the timetable -----------------------------------------------------------


def test_the_timetable_is_public_and_holds_no_number_of_places_and_no_link(session: Session) -> None:  # pitfalls 43
    Session.objects.filter(pk=session.pk).update(join_url="https://video.example/secret", dial_in="0123")
    answer = Client().get(SESSIONS)
    (row,) = answer.json()["results"]
    assert row["availability"] == "few"
    assert not {"capacity", "reserved", "walk_in", "places_taken", "join_url", "dial_in", "version"} & set(row)
    assert b"secret" not in answer.content
    assert Client().get(f"{SESSIONS}{session.pk}/").json() == row


def test_the_timetable_says_full_cancelled_and_started(session: Session) -> None:
    def said() -> str:
        return str(Client().get(f"{SESSIONS}{session.pk}/").json()["availability"])

    fill(session)
    assert said() == "full"
    with time_machine.travel(session.starts_at):
        assert said() == "started"
    Session.objects.filter(pk=session.pk).update(status="cancelled", cancel_reason="x", cancelled_at=timezone.now())
    assert said() == "cancelled"


def test_a_free_place_that_somebody_waits_for_is_full_to_the_public(session: Session, pat: Participant) -> None:
    Session.objects.filter(pk=session.pk).update(capacity=0)
    book_place(participant=pat, session=session, by=pat.person, source=BookingSource.SELF, or_wait=True)
    Session.objects.filter(pk=session.pk).update(capacity=9)
    assert Client().get(f"{SESSIONS}{session.pk}/").json()["availability"] == "full"


def test_the_timetable_is_filtered(pat: Participant) -> None:
    seated = ClassTypeFactory(programme=pat.programme, effort=Effort.GENTLE, positions=[Position.SEATED])
    floor = ClassTypeFactory(programme=pat.programme, effort=Effort.VIGOROUS, positions=[Position.FLOOR])
    island = VenueFactory(programme=pat.programme, area="Isle of Wight", step_free="yes")
    here = SessionFactory(programme=pat.programme, class_type=seated)
    there = SessionFactory(programme=pat.programme, class_type=floor, venue=island)
    online = SessionFactory(programme=pat.programme, class_type=floor, mode="remote")
    weekday = str(timezone.localtime(here.starts_at).isoweekday())
    for query, expected in (
        ({"area": "Isle of Wight"}, [there]),
        ({"mode": "remote"}, [online]),
        ({"effort": "gentle"}, [here]),
        ({"position": "floor"}, [there, online]),
        ({"step_free": "yes"}, [there]),
        ({"weekday": weekday}, [here, there, online]),
        ({"weekday": str(int(weekday) % 7 + 1)}, []),
    ):
        ids = [row["id"] for row in Client().get(SESSIONS, query).json()["results"]]
        assert sorted(ids) == [s.pk for s in expected], query
    for wrong in ({"area": "Atlantis"}, {"weekday": "8"}, {"colour": "red"}, {"effort": ["gentle", "vigorous"]}):
        assert problem(Client().get(SESSIONS, wrong), 400) == "invalid"


@pytest.mark.parametrize("fact", ["step_free", "accessible_toilet", "hearing_loop", "parking", "chairs"])
def test_a_fact_about_a_place_that_nobody_knows_is_not_a_yes(fact: str, pat: Participant) -> None:
    halls = [VenueFactory(programme=pat.programme, **{fact: known}) for known in ("yes", "no", "unknown")]
    rows = [SessionFactory(programme=pat.programme, venue=hall) for hall in halls]
    results = Client().get(SESSIONS, {fact: "yes"}).json()["results"]
    assert [(row["id"], row["venue"][fact]) for row in results] == [(rows[0].pk, "yes")]
    for wrong in ("no", "unknown", "maybe"):
        assert problem(Client().get(SESSIONS, {fact: wrong}), 400) == "invalid"


def test_a_draft_is_not_there_and_what_is_over_is_not_listed(session: Session) -> None:
    draft = SessionFactory(programme=session.programme, status="draft")
    assert problem(Client().get(f"{SESSIONS}{draft.pk}/"), 404) == "not_found"
    with time_machine.travel(session.ends_at):
        assert Client().get(SESSIONS).json()["results"] == []


def test_the_timetable_costs_the_same_however_long(pat: Participant, django_assert_num_queries: Any) -> None:
    for _ in range(12):
        SessionFactory(programme=pat.programme)
    with django_assert_num_queries(1):
        assert len(Client().get(SESSIONS).json()["results"]) == 12


# --- what of a class does not suit ---------------------------------------------


@pytest.fixture
def standing(pat: Participant) -> Session:
    """A class that does not suit Pat as it is."""
    ClearanceFactory(participant=pat, state="cleared_adapted", adaptations=["seated_only"])
    kind = ClassTypeFactory(programme=pat.programme, positions=[Position.STANDING])
    return SessionFactory(programme=pat.programme, class_type=kind)


def test_a_booking_says_what_of_the_class_will_be_changed(as_pat: Client, standing: Session) -> None:
    made, again = (send(as_pat, {"session": standing.pk}, "k1") for _ in range(2))
    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json()["advice"] == again.json()["advice"] == ["position"]
    assert as_pat.get(f"{BOOKINGS}{made.json()['id']}/").json()["advice"] == ["position"]
    assert IdempotencyKey.objects.get().outcome.get("advice") is None


def test_the_desk_reads_it_and_that_is_kept_while_a_supporter_reads_nothing(
    sam: User, dee: User, pat: Participant, sign_in: Any, standing: Session
) -> None:
    wish = {"session": standing.pk, "participant": pat.pk}
    assert [send(sign_in(user), wish).json()["advice"] for user in (sam, dee)] == [[], ["position"]]
    assert AccessLog.objects.get(target=pat.person).by == dee.person


def test_a_class_made_for_what_somebody_needs_says_so(as_pat: Client, standing: Session) -> None:
    ClassType.objects.update(adaptations_met=["seated_only"])
    assert Client().get(f"{SESSIONS}{standing.pk}/").json()["adaptations_met"] == ["seated_only"]
    assert send(as_pat, {"session": standing.pk}).json()["advice"] == []


# --- a copy for the supporter ------------------------------------------------


def test_a_supporter_who_may_see_messages_has_a_copy_by_asking(
    sam: User, pat: Participant, sign_in: Any, session: Session
) -> None:
    pat.supporters.update(scopes=["book", "see_messages"])
    as_sam = sign_in(sam)
    wish = {"session": session.pk, "participant": pat.pk, "copy_to_me": True}
    made = send(as_sam, wish, "k1")
    assert made.status_code == 201
    assert (send(as_sam, wish, "k1").status_code, problem(send(as_sam, wish | {"copy_to_me": False}, "k1"), 422)) == (
        200,
        "key_reused",
    )
    gone = send(as_sam, {"copy_to_me": True}, url=f"{BOOKINGS}{made.json()['id']}/cancel/")
    assert gone.status_code == 200
    told = Message.objects.filter(person=sam.person, kind="booking_copy").order_by("id")
    assert [row.context["of"] for row in told] == ["booked", "cancelled"]


def test_a_copy_that_may_not_be_had_is_refused_and_nothing_done(
    as_pat: Client, sam: User, pat: Participant, sign_in: Any, session: Session
) -> None:
    as_sam = sign_in(sam)
    for browser in (as_pat, as_sam):
        answer = send(browser, {"session": session.pk, "participant": pat.pk, "copy_to_me": True})
        assert problem(answer, 400) == "invalid"
    made = send(as_sam, {"session": session.pk, "participant": pat.pk}).json()
    answer = send(as_sam, {"copy_to_me": True}, url=f"{BOOKINGS}{made['id']}/cancel/")
    assert problem(answer, 400) == "invalid"
    assert Booking.objects.get().state == "booked"
