"""The same-day check through the API: every result, sending twice, refusals that still say what cannot wait."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import AccessLog, User
from accounts.permissions import Role
from classes.judging.refusals import TryAgain
from classes.models import Booking, BookingSource, Session, SymptomCheck, SymptomTalk
from classes.places.booking import book_place
from instructors.models import Instructor
from messaging.models import Task
from participants.models import Participant, SupporterScope
from tests.factories.accounts import ProgrammeFactory, someone
from tests.factories.classes import BookingFactory, GuestFactory
from tests.factories.participants import SupporterFactory
from tests.factories.symptoms import LETTERS, ONE_OF_EACH, VERSION, answers, by_the_table, class_today

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 7, 6, 11, tzinfo=dt.UTC)
READINESS = {"ready": "ready", "talk_first": "talk_first", "cancer_line": "stopped", "emergency": "stopped"}


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def session(clock: Any, ines: Instructor) -> Session:
    return class_today(programme=ines.programme, leader=ines)


@pytest.fixture
def place(pat: Participant, session: Session) -> Booking:
    return book_place(participant=pat, session=session, by=pat.person, source=BookingSource.SELF)


@pytest.fixture
def as_pat(place: Booking, pat: Participant, sign_in: Any) -> Client:
    client: Client = sign_in(pat.person.user)
    return client


@pytest.fixture
def as_ines(place: Booking, ines: Instructor, sign_in: Any) -> Client:
    client: Client = sign_in(ines.person.user)
    return client


def of(place: Booking) -> str:
    return f"/api/v1/bookings/{place.pk}/symptom-check/"


def at(session: Session, what: str = "checks") -> str:
    return f"/api/v1/sessions/{session.pk}/symptom-{what}/"


def send(client: Client, place: Booking, *yes: str, key: str = "", **more: Any) -> Any:
    body = {"version": VERSION, "answers": answers(*yes), **more}
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(of(place), body, content_type="application/json", headers=headers)


def aloud(client: Client, session: Session, *yes: str, **more: Any) -> Any:
    body = {"id": str(uuid.uuid4()), "version": VERSION, "answers": answers(*yes), **more}
    return client.post(at(session), body, content_type="application/json")


def talk(client: Client, session: Session, check: int, **more: Any) -> Any:
    body = {"id": str(uuid.uuid4()), "check_id": check, "outcome": "may_exercise", "note": "We spoke.", **more}
    return client.post(at(session, "talks"), body, content_type="application/json")


def problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    return body


# --- answering for a booking -------------------------------------------------


@pytest.mark.parametrize("yes", ONE_OF_EACH, ids=lambda yes: "".join(yes) or "none")
def test_every_result_is_told_with_its_advice_and_a_stop_keeps_no_place(
    as_pat: Client, place: Booking, yes: tuple[str, ...]
) -> None:
    answer, result = send(as_pat, place, *yes), by_the_table(*yes)
    body, check = answer.json(), SymptomCheck.objects.get()
    assert answer.status_code == 201
    assert (body["check"], body["result"], body["readiness"]) == (check.pk, result, READINESS[result])
    assert (body["advice"]["heading"] == "Call 999 now") == (result == "emergency")
    assert not set(LETTERS.values()) & set(body), "no answer goes out"
    place.refresh_from_db()
    stopped = result in ("cancer_line", "emergency")
    assert place.state == ("cancelled" if stopped else "booked")
    assert Task.objects.filter(kind="not_well_call").count() == stopped
    assert as_pat.get(of(place)).json()["check"] == body


def test_the_questions_are_told_with_their_window_and_nothing_else_before_an_answer(
    as_pat: Client, place: Booking
) -> None:
    body = as_pat.get(of(place)).json()
    starts = place.session.starts_at
    assert [question["id"] for question in body["questions"]].count("chest") == 1 and len(body["questions"]) == 8
    assert set(body["questions"][0]) == {"id", "group", "ask", "help"}
    assert (body["version"], body["is_open"], body["check"]) == (VERSION, True, None)
    times = [dt.datetime.fromisoformat(body[name]) for name in ("opens_at", "closes_at")]
    assert times == [starts - dt.timedelta(hours=12), starts - dt.timedelta(minutes=5)]


def test_the_same_key_and_answers_are_one_answer(as_pat: Client, place: Booking) -> None:
    first, again = send(as_pat, place, "a", key="k1"), send(as_pat, place, "a", key="k1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() and SymptomCheck.objects.count() == 1


def test_the_same_key_with_other_answers_is_422_and_changes_nothing(as_pat: Client, place: Booking) -> None:
    send(as_pat, place, "f", key="k1")
    assert problem(send(as_pat, place, key="k1"), 422)["code"] == "key_reused"
    assert as_pat.get(of(place)).json()["check"]["readiness"] == "talk_first"


def test_a_repeat_of_an_older_answer_tells_where_things_stand_now(as_pat: Client, place: Booking) -> None:
    send(as_pat, place, key="k1")
    send(as_pat, place, "f", key="k2")
    again = send(as_pat, place, key="k1")
    assert (again.status_code, again.json()["readiness"]) == (200, "talk_first")


def test_the_key_of_somebody_else_is_another_key(as_pat: Client, place: Booking, dee: User, sign_in: Any) -> None:
    send(as_pat, place, key="k1")
    assert send(sign_in(dee), place, key="k1").status_code == 201
    assert list(SymptomCheck.objects.order_by("id").values_list("mode", flat=True)) == ["self", "phone"]


def test_without_a_key_each_answer_is_a_new_one_and_the_latest_counts(as_pat: Client, place: Booking) -> None:
    send(as_pat, place, "f")
    assert send(as_pat, place).json()["readiness"] == "ready"
    assert SymptomCheck.objects.count() == 2


@pytest.mark.parametrize("yes", [(), ("f",)])
def test_no_answer_lifts_a_stop(as_pat: Client, place: Booking, yes: tuple[str, ...]) -> None:
    stop = send(as_pat, place, "b").json()
    refused = problem(send(as_pat, place, *yes), 409)
    assert (refused["code"], refused["check"]) == ("stopped_today", stop["check"])


@pytest.mark.parametrize("letter", ["b", "a"])
def test_an_old_version_is_refused_and_what_cannot_wait_is_said_all_the_same(
    as_pat: Client, place: Booking, letter: str
) -> None:
    refused = problem(send(as_pat, place, letter, version="2025-9"), 409)
    assert (refused["code"], refused["version"], refused["result"]) == (
        "questions_changed", VERSION, by_the_table(letter),
    )  # fmt: skip
    assert refused["advice"]["call"]["number"] == ("999" if letter == "b" else "111")
    assert not SymptomCheck.objects.exists()
    assert "advice" not in problem(send(as_pat, place, version="2025-9"), 409)


def test_what_is_left_out_or_not_asked_is_named(as_pat: Client, place: Booking) -> None:
    short = answers("b")
    del short["fall"]
    left_out = problem(send(as_pat, place, answers=short), 400)["errors"]
    assert left_out["answers"] == {"fall": ["Answer this with true or false."]}
    assert left_out["warning"] == ["Call 999 now"]
    odd = problem(send(as_pat, place, answers={**answers(), "mood": True}), 400)["errors"]
    assert odd == {"answers": {"mood": ["This is not asked."]}}
    assert not SymptomCheck.objects.exists()


@pytest.mark.parametrize("answer", ["yes", "true", 1, 0, None, [True]])
def test_only_true_and_false_are_answers(as_pat: Client, place: Booking, answer: object) -> None:
    assert send(as_pat, place, answers={**answers(), "fall": answer}).status_code == 400


@pytest.mark.parametrize("more", [{"result": "ready"}, {"mode": "aloud"}, {"participant": 1}])
def test_nothing_else_can_be_set(as_pat: Client, place: Booking, more: dict[str, Any]) -> None:
    assert send(as_pat, place, **more).status_code == 400
    assert not SymptomCheck.objects.exists()


def test_outside_its_window_it_is_refused_with_the_moment_and_what_cannot_wait(
    as_pat: Client, place: Booking, clock: Any
) -> None:
    starts = place.session.starts_at
    clock.move_to(starts - dt.timedelta(hours=12, seconds=1))
    early = problem(send(as_pat, place), 409)
    assert (early["code"], early["opens_at"]) == (
        "check_not_open", (starts - dt.timedelta(hours=12)).isoformat(),
    )  # fmt: skip
    clock.move_to(starts - dt.timedelta(minutes=5))
    late = problem(send(as_pat, place, "b"), 409)
    assert (late["code"], late["advice"]["heading"]) == ("check_closed", "Call 999 now")
    assert as_pat.get(of(place)).json()["is_open"] is False


def test_without_a_place_it_is_refused(as_pat: Client, place: Booking) -> None:
    Booking.objects.filter(pk=place.pk).update(state="cancelled", ended_at=NOON)
    assert problem(send(as_pat, place), 409)["code"] == "no_place"


def test_a_busy_class_is_409_and_the_key_stays_free(
    as_pat: Client, place: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**given: Any) -> None:
        raise TryAgain

    with monkeypatch.context() as patch:
        patch.setattr("classes.api.symptoms.answer_check", busy)
        refused = problem(send(as_pat, place, "b", key="k1"), 409)
    assert (refused["code"], refused["advice"]["heading"]) == ("try_again", "Call 999 now")
    assert send(as_pat, place, "b", key="k1").status_code == 201


def test_a_scribe_types_and_sees_what_they_typed_and_nothing_the_person_did_alone(
    as_pat: Client, place: Booking, sam: User, sign_in: Any
) -> None:
    browser = sign_in(sam)
    assert browser.get(of(place)).status_code == 404, "who may only book"
    place.participant.supporters.all().delete()
    support = SupporterFactory(participant=place.participant, person=sam.person, scopes=[SupporterScope.SCRIBE])
    assert send(browser, place, "f").status_code == 201
    check = SymptomCheck.objects.get()
    assert (check.mode, check.by) == ("scribe", sam.person)
    assert browser.get(of(place)).json()["check"]["check"] == check.pk
    send(as_pat, place, "h")
    assert browser.get(of(place)).json()["check"] is None
    support.status, support.ends_at = "ended", NOON
    support.save()
    assert browser.get(of(place)).status_code == send(browser, place, "b").status_code == 404


def test_the_desk_answers_on_the_telephone_and_its_reads_are_logged(
    as_pat: Client, place: Booking, dee: User, sign_in: Any
) -> None:
    browser = sign_in(dee)
    browser.get(of(place))
    assert not AccessLog.objects.filter(by=dee.person).exists(), "there was nothing to read"
    assert send(browser, place, "a").json()["result"] == "cancer_line"
    assert SymptomCheck.objects.get().mode == "phone"
    browser.get(of(place))
    assert AccessLog.objects.get(by=dee.person).what == "result"


def test_other_peoples_checks_are_not_there(
    place: Booking, quinn: Participant, ivor: Instructor, omar: User, sign_in: Any
) -> None:
    other_desk = someone("Odd Desk", Role.COORDINATOR, programme=ProgrammeFactory())
    for user in (quinn.person.user, other_desk, ivor.person.user, omar):
        browser = sign_in(user)
        assert browser.get(of(place)).status_code == send(browser, place, "b").status_code == 404
    assert Client().get(of(place)).status_code == 401
    for user in (quinn.person.user, ivor.person.user, omar):
        browser = sign_in(user)
        assert aloud(browser, place.session, booking=place.pk).status_code == 404
        assert talk(browser, place.session, 1).status_code == 404
    assert not SymptomCheck.objects.exists()


# --- aloud, and the talk -----------------------------------------------------


@pytest.mark.parametrize("yes", ONE_OF_EACH, ids=lambda yes: "".join(yes) or "none")
def test_the_instructor_sends_what_was_said_aloud_and_the_register_shows_it(
    as_ines: Client, place: Booking, yes: tuple[str, ...]
) -> None:
    answer, result = aloud(as_ines, place.session, *yes, booking=place.pk), by_the_table(*yes)
    assert (answer.status_code, answer.json()["result"]) == (201, result)
    assert SymptomCheck.objects.get().mode == "aloud"
    (entry,) = as_ines.get(f"/api/v1/sessions/{place.session_id}/register/").json()["entries"]
    assert entry["facts"]["check"] == {
        "check": answer.json()["check"], "readiness": READINESS[result], "at": answer.json()["at"],
    }  # fmt: skip
    assert entry["facts"]["cleared"] == (READINESS[result] != "stopped")


def test_an_answer_from_a_phone_that_repeats_itself_counts_once(as_ines: Client, place: Booking) -> None:
    once = str(uuid.uuid4())
    first = aloud(as_ines, place.session, "f", booking=place.pk, id=once)
    again = aloud(as_ines, place.session, "f", booking=place.pk, id=once)
    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
    assert problem(aloud(as_ines, place.session, booking=place.pk, id=once), 409)["code"] == "id_used"


def test_a_walk_in_who_is_known_is_asked_and_nobody_who_is_not_on_the_register(
    as_ines: Client, session: Session, quinn: Participant
) -> None:
    known, name = GuestFactory(session=session, participant=quinn, name=""), GuestFactory(session=session)
    assert aloud(as_ines, session, "h", guest=known.pk).json()["readiness"] == "talk_first"
    waiting = BookingFactory(session=session, state="waiting")
    for wrong in ({"guest": name.pk}, {"guest": 0 or 10**9}, {"booking": waiting.pk}):
        refused = problem(aloud(as_ines, session, "b", **wrong), 409)
        assert (refused["code"], refused["advice"]["heading"]) == ("no_place", "Call 999 now")
    for wrong in ({}, {"booking": 1, "guest": 1}):
        assert aloud(as_ines, session, **wrong).status_code == 400
    assert SymptomCheck.objects.count() == 1


def test_aloud_it_is_open_until_the_end_and_the_questions_say_so(as_ines: Client, place: Booking, clock: Any) -> None:
    clock.move_to(place.session.ends_at - dt.timedelta(seconds=1))
    body = as_ines.get(at(place.session)).json()
    assert (body["version"], body["is_open"], len(body["questions"])) == (VERSION, True, 8)
    assert aloud(as_ines, place.session, booking=place.pk).status_code == 201


def test_a_talk_lifts_talk_first_and_nothing_else(as_ines: Client, place: Booking) -> None:
    check = aloud(as_ines, place.session, "f", booking=place.pk).json()["check"]
    once = str(uuid.uuid4())
    first, again = (talk(as_ines, place.session, check, id=once) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["readiness"] == again.json()["readiness"] == "lifted"
    assert SymptomTalk.objects.get().note == "We spoke."
    stop = aloud(as_ines, place.session, "a", booking=place.pk).json()["check"]
    assert problem(talk(as_ines, place.session, stop), 409)["code"] == "nothing_to_talk_about"
    assert problem(talk(as_ines, place.session, check), 409)["code"] == "nothing_to_talk_about"


def test_not_today_ends_the_place(as_ines: Client, place: Booking) -> None:
    check = aloud(as_ines, place.session, "f", booking=place.pk).json()["check"]
    answer = talk(as_ines, place.session, check, outcome="not_today", asks_new_health_answers=True)
    assert answer.json()["readiness"] == "stopped"
    place.refresh_from_db()
    assert (place.state, place.end_reason) == ("cancelled", "not_well")


@pytest.mark.parametrize("wrong", [{"note": ""}, {"note": " "}, {"outcome": "maybe"}, {"check_id": "1"}, {"by": 1}])
def test_a_talk_needs_its_words(as_ines: Client, place: Booking, wrong: dict[str, Any]) -> None:
    check = aloud(as_ines, place.session, "f", booking=place.pk).json()["check"]
    assert talk(as_ines, place.session, check, **wrong).status_code == 400
    assert not SymptomTalk.objects.exists()


def test_a_check_of_another_class_is_not_there(as_ines: Client, place: Booking, ines: Instructor) -> None:
    check = aloud(as_ines, place.session, "f", booking=place.pk).json()["check"]
    other = class_today(programme=ines.programme, leader=ines, hours=5)
    assert talk(as_ines, other, check).status_code == 404
