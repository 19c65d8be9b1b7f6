"""Places that are held and no longer stand: noticed, told once, shown, and freed in time."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.history import acting
from accounts.models import Channel, ContactPoint, Person
from classes import tasks
from classes.joining import Closed, NoWayIn, way_in
from classes.judging.eligibility import STEPS, Reason, Step, next_step
from classes.judging.judgement import doubt_about, doubts_about
from classes.judging.refusals import TryAgain
from classes.models import Booking, BookingSource, BookingState, Mode, Session, SymptomCheck
from classes.places.booking import NOT_CLEARED, book_place, cancel_booking, free_place
from classes.places.places_in_doubt import (
    PLACE_TAKEN_BACK,
    free_places,
    judge_all_places,
    judge_places_again,
)
from classes.register import open_register
from classes.waiting_list.serving import PLACE_IN_DOUBT
from messaging.delivery import deliver_due
from messaging.models import Message, MessageState, Task, TaskState
from messaging.words import words_now
from participants import health
from participants.consequences import CLEARANCE_CHANGED, run_consequences
from participants.models import Clearance, ClearanceState, Enrolment, Participant, ParticipantStatus
from participants.standing import facts_changed
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.participants import ClearanceFactory, ParticipantFactory
from tests.factories.registering import HEALTH
from tests.factories.symptoms import SymptomCheckFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 2, 3, 12, 0, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def a_class(participant: Participant, *, starts_in: dt.timedelta = 3 * DAY, **fields: Any) -> Session:
    return SessionFactory(programme=participant.programme, starts_at=timezone.now() + starts_in, **fields)


def book(participant: Participant, session: Session, **rest: Any) -> Booking:
    by = participant.person
    return book_place(participant=participant, session=session, by=by, source=BookingSource.SELF, **rest)


@pytest.fixture
def place(pat: Participant) -> Booking:
    return book(pat, a_class(pat, capacity=1))


def lose_clearance(participant: Participant, state: str = ClearanceState.NEEDS_REVIEW, **fields: Any) -> None:
    """What an action does: a new decision, and its consequences."""
    with acting(participant.person, "tests.lose_clearance"):
        facts_changed(participant)
        ClearanceFactory(participant=participant, **{"state": state, "valid_until": None, **fields})
        run_consequences(CLEARANCE_CHANGED, participant, participant.person)


def get_it_back(participant: Participant) -> None:
    with acting(participant.person, "tests.get_it_back"):
        facts_changed(participant)
        ClearanceFactory(participant=participant)
        run_consequences(CLEARANCE_CHANGED, participant, participant.person)


def fresh(booking: Booking) -> Booking:
    return Booking.objects.get(pk=booking.pk)


def messages(kind: str) -> list[Message]:
    return list(Message.objects.filter(kind=kind).order_by("id"))


def open_tasks(kind: str) -> list[int | None]:
    return list(Task.objects.filter(kind=kind, state=TaskState.OPEN).values_list("subject_id", flat=True))


# --- judged when something changes -------------------------------------------


def test_a_lost_clearance_is_told_once_and_becomes_one_task(place: Booking, pat: Participant) -> None:
    for _ in range(2):
        lose_clearance(pat)
        judge_all_places()
    assert fresh(place).in_doubt_since == NOON
    assert fresh(place).state == BookingState.BOOKED
    assert open_tasks(PLACE_IN_DOUBT) == [place.pk]
    (message,) = messages("place_in_doubt")
    assert (message.person, message.subject_id) == (pat.person, place.pk)
    assert Task.objects.get(kind=PLACE_IN_DOUBT).due_at == place.session.starts_at - DAY


def test_a_clearance_that_is_back_takes_task_and_message_back_and_a_new_doubt_is_told_anew(
    place: Booking, pat: Participant, clock: time_machine.Traveller
) -> None:
    lose_clearance(pat)
    get_it_back(pat)
    assert fresh(place).in_doubt_since is None
    assert open_tasks(PLACE_IN_DOUBT) == []
    assert [m.state for m in messages("place_in_doubt")] == [MessageState.NOT_WANTED]
    clock.shift(HOUR)
    lose_clearance(pat)
    assert [m.state for m in messages("place_in_doubt")] == [MessageState.NOT_WANTED, MessageState.QUEUED]


def test_the_message_says_what_happens_next_and_by_when_and_never_why(place: Booking, pat: Participant) -> None:
    lose_clearance(pat, review_due_at=NOON + 2 * DAY)
    deliver_due()
    (sent,) = mail.outbox[-1:]
    assert sent.subject == "About your SafeFit class on Saturday 6 February"
    for words in (
        "We are checking that this class is safe for you",
        "will be in touch by Friday 5 February 2027",
        "We keep your place until Friday 5 February 2027 at noon",
        "never held against you",
        "18001",
    ):
        assert words in sent.body
    assert "waiting" not in sent.body.lower(), "waiting is for a place"


@pytest.mark.parametrize(
    ("clearance", "words"),
    [
        ({"state": "paused"}, "We need new answers from you"),
        ({"state": "needs_review"}, "One of our team is reading your answers"),
        ({"state": "needs_review", "flags": ["referred_back"]}, "Please do not come to a class until then"),
        ({"state": "not_suitable"}, "Please phone us"),
        (
            {"state": "cleared_adapted", "adaptations": ["remote_only"], "valid_until": NOON.date() + 90 * DAY},
            "not the right one for you",
        ),
    ],
)
def test_each_reason_leads_to_its_next_step(
    place: Booking, pat: Participant, clearance: dict[str, Any], words: str
) -> None:
    lose_clearance(pat, **clearance)
    told = words_now(messages("place_in_doubt")[0])
    assert told is not None and words in told.body


def test_every_reason_has_a_next_step_and_the_first_one_decides() -> None:
    assert set(STEPS) == set(Reason)
    assert next_step([Reason.CHECK_PAUSED, Reason.REMOTE_ONLY]) is Step.ANSWER


def test_what_was_settled_before_it_was_sent_is_not_told(place: Booking, pat: Participant) -> None:
    lose_clearance(pat)
    ClearanceFactory(participant=pat)  # nobody has judged again yet
    deliver_due()
    assert [m.state for m in messages("place_in_doubt")] == [MessageState.NOT_WANTED]


@pytest.mark.parametrize("after", ["started", "cancelled"])
def test_of_a_class_that_has_begun_or_is_off_nothing_is_told(
    place: Booking, pat: Participant, clock: time_machine.Traveller, after: str
) -> None:
    lose_clearance(pat)
    if after == "started":
        clock.move_to(place.session.starts_at)
    else:
        Session.objects.filter(pk=place.session_id).update(
            status="cancelled", cancelled_at=NOON, cancel_reason="The hall is shut"
        )
    assert words_now(messages("place_in_doubt")[0]) is None


def test_answering_with_something_new_puts_places_in_doubt_through_the_action_itself(
    place: Booking, pat: Participant
) -> None:
    health.update_health(participant=pat, answers=HEALTH | {"surgery": "yes"}, by=pat.person)
    assert open_tasks(PLACE_IN_DOUBT) == [place.pk]


def test_who_is_reached_by_phone_is_called_about_it(place: Booking, pat: Participant) -> None:
    ContactPoint.objects.filter(person=pat.person).update(channel=Channel.PHONE, value="+441632960222")
    lose_clearance(pat)
    deliver_due()
    call = Task.objects.get(kind="call", about=pat.person, context={"message": "place_in_doubt"})
    get_it_back(pat)
    call.refresh_from_db()
    assert call.state == TaskState.CANCELLED


# --- every night -------------------------------------------------------------


def test_the_night_notices_what_nobody_said(place: Booking, pat: Participant) -> None:
    ClearanceFactory(participant=pat, valid_until=timezone.localdate(place.session.starts_at) - DAY)
    tasks.judge_held_places()
    assert fresh(place).in_doubt_since == NOON
    assert len(messages("place_in_doubt")) == 1
    ClearanceFactory(participant=pat)
    assert judge_all_places() == 1
    assert fresh(place).in_doubt_since is None


def test_the_date_of_the_class_counts_and_not_the_night(pat: Participant) -> None:
    near, far = book(pat, a_class(pat, starts_in=3 * DAY)), book(pat, a_class(pat, starts_in=10 * DAY))
    ClearanceFactory(participant=pat, valid_until=timezone.localdate() + 5 * DAY)
    judge_all_places()
    assert (fresh(near).in_doubt_since, fresh(far).in_doubt_since) == (None, NOON)


def test_waits_ended_places_and_classes_that_have_begun_are_left_alone(pat: Participant) -> None:
    full, begun, gone = a_class(pat, capacity=0), a_class(pat, starts_in=-HOUR), a_class(pat, starts_in=2 * DAY)
    wait = book(pat, full, or_wait=True)
    held = BookingFactory(session=begun, participant=pat)
    ended = BookingFactory(session=gone, participant=pat, state=BookingState.CANCELLED, ended_at=NOON)
    ClearanceFactory(participant=pat, state=ClearanceState.PAUSED, valid_until=None)
    assert judge_all_places() == 0
    assert {fresh(b).in_doubt_since for b in (wait, held, ended)} == {None}


def test_the_night_takes_the_same_queries_however_many_people_are_as_they_were(programme: Any) -> None:
    session = SessionFactory(programme=programme, starts_at=NOON + 3 * DAY, capacity=40)

    def queries(more: int) -> int:
        for _ in range(more):
            book(ParticipantFactory(programme=programme), session)
        with CaptureQueriesContext(connection) as captured:
            assert judge_all_places() == 0
        return len(captured)

    assert queries(1) == queries(12)


def test_many_people_are_judged_in_batches(programme: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("classes.places.places_in_doubt.PEOPLE_AT_ONCE", 2)
    session = SessionFactory(programme=programme, starts_at=NOON + 3 * DAY, capacity=40)
    people = [ParticipantFactory(programme=programme) for _ in range(5)]
    for participant in people:
        book(participant, session)
        ClearanceFactory(participant=participant, state=ClearanceState.PAUSED, valid_until=None)
    assert judge_all_places() == 5
    assert Booking.objects.filter(in_doubt_since=NOON).count() == 5


# --- freed a day before the class --------------------------------------------


def test_a_place_is_kept_to_the_second_and_then_goes_to_whoever_waits(
    place: Booking, pat: Participant, quinn: Participant, clock: time_machine.Traveller
) -> None:
    wait = book(quinn, place.session, or_wait=True, book_automatically=True)
    lose_clearance(pat)
    clock.move_to(place.session.starts_at - DAY - dt.timedelta(seconds=1))
    assert free_places() == 0
    clock.move_to(place.session.starts_at - DAY)
    tasks.free_places_that_do_not_stand()
    freed = fresh(place)
    assert (freed.state, freed.end_reason, freed.ended_by) == (BookingState.CANCELLED, NOT_CLEARED, None)
    assert Task.objects.filter(kind="waiting_call", subject_id=wait.pk, state=TaskState.OPEN).exists()
    assert Session.objects.get(pk=place.session_id).places_taken == 0
    assert open_tasks(PLACE_IN_DOUBT) == []


def test_a_turn_that_the_freed_place_stood_in_the_way_of_is_served(
    pat: Participant, quinn: Participant, clock: time_machine.Traveller
) -> None:
    online = a_class(pat, mode=Mode.REMOTE, capacity=1)
    quinns = book(quinn, online)
    wait = book(pat, online, or_wait=True)
    hall = book(pat, a_class(pat, mode=Mode.IN_PERSON))
    cancel_booking(booking=quinns, by=quinn.person)
    assert fresh(wait).skipped_reason == "overlaps"
    from_home = {"adaptations": ["remote_only"], "valid_until": NOON.date() + 90 * DAY}
    lose_clearance(pat, ClearanceState.CLEARED_WITH_ADAPTATIONS, **from_home)
    assert open_tasks(PLACE_IN_DOUBT) == [hall.pk]
    clock.move_to(online.starts_at - DAY)
    assert free_places() == 1
    assert fresh(hall).end_reason == NOT_CLEARED
    assert (fresh(wait).state, fresh(wait).skipped_reason) == ("offered", "")


def test_the_person_is_told_again_and_not_called_when_a_day_is_left(
    place: Booking, pat: Participant, clock: time_machine.Traveller
) -> None:
    lose_clearance(pat)
    deliver_due()
    clock.move_to(place.session.starts_at - DAY)
    free_places()
    deliver_due()
    assert [sent.subject for sent in mail.outbox[-2:]] == [
        "About your SafeFit class on Saturday 6 February",
        "Your place on Saturday 6 February is not kept",
    ]
    assert "not held against you" in mail.outbox[-1].body
    (calendar,) = mail.outbox[-1].attachments
    assert calendar.get_param("method") == "CANCEL"
    assert open_tasks(PLACE_TAKEN_BACK) == []


def test_a_clearance_that_is_back_in_time_keeps_the_place(
    place: Booking, pat: Participant, clock: time_machine.Traveller
) -> None:
    lose_clearance(pat)
    get_it_back(pat)
    clock.move_to(place.session.starts_at - DAY)
    assert free_places() == 0
    assert fresh(place).state == BookingState.BOOKED


def test_a_doubt_of_the_last_day_frees_the_place_at_once_and_the_desk_calls(
    place: Booking, pat: Participant, clock: time_machine.Traveller
) -> None:
    clock.move_to(place.session.starts_at - 20 * HOUR)
    lose_clearance(pat)
    assert messages("place_in_doubt") == []
    assert open_tasks(PLACE_IN_DOUBT) == [place.pk]
    assert free_places() == 1
    (call,) = Task.objects.filter(kind=PLACE_TAKEN_BACK)
    assert (call.subject_id, call.about, call.due_at) == (place.pk, pat.person, timezone.now() + HOUR)
    assert [m.state for m in messages("place_freed")] == [MessageState.QUEUED]


def test_minutes_before_the_class_the_call_is_due_by_its_start(
    place: Booking, pat: Participant, clock: time_machine.Traveller
) -> None:
    clock.move_to(place.session.starts_at - HOUR / 4)
    ClearanceFactory(participant=pat, state=ClearanceState.PAUSED, valid_until=None)  # nobody has judged again yet
    assert free_places() == 1
    assert Task.objects.get(kind=PLACE_TAKEN_BACK).due_at == place.session.starts_at


def test_a_worker_that_was_away_frees_late_and_then_the_desk_calls_too(
    place: Booking, pat: Participant, clock: time_machine.Traveller
) -> None:
    lose_clearance(pat)
    clock.move_to(place.session.starts_at - 5 * HOUR)
    assert free_places() == 1
    assert open_tasks(PLACE_TAKEN_BACK) == [place.pk]


def test_a_place_in_a_class_that_has_begun_is_not_freed(
    place: Booking, pat: Participant, clock: time_machine.Traveller
) -> None:
    lose_clearance(pat)
    clock.move_to(place.session.starts_at)
    assert free_places() == 0
    assert free_place(booking=place, by=pat.person).state == BookingState.BOOKED


def test_a_place_that_stands_or_was_given_back_meanwhile_is_left_as_it_is(
    place: Booking, pat: Participant, monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller
) -> None:
    lose_clearance(pat)
    clock.move_to(place.session.starts_at - DAY)
    monkeypatch.setattr("classes.places.places_in_doubt._doubtful", lambda places: places)
    ClearanceFactory(participant=pat)
    assert free_places() == 0
    assert fresh(place).state == BookingState.BOOKED
    Booking.objects.filter(pk=place.pk).update(state=BookingState.CANCELLED, ended_at=NOON)
    assert free_place(booking=place, by=pat.person).end_reason == ""


def test_where_too_many_are_at_it_the_next_run_frees_it(
    place: Booking, pat: Participant, monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller
) -> None:
    lose_clearance(pat)
    clock.move_to(place.session.starts_at - DAY)

    def busy(**kwargs: Any) -> Booking:
        raise TryAgain

    with monkeypatch.context() as patch:
        patch.setattr("classes.places.places_in_doubt.free_place", busy)
        assert free_places() == 0
    assert free_places() == 1


def test_news_of_a_freed_place_goes_out_at_night_when_the_class_is_in_the_morning(
    pat: Participant, clock: time_machine.Traveller
) -> None:
    place = book(pat, a_class(pat, starts_in=21 * HOUR))  # nine in the morning
    clock.move_to(NOON + 10 * HOUR)  # ten at night
    lose_clearance(pat)
    free_places()
    deliver_due()
    assert [sent.subject for sent in mail.outbox] == ["Your place on Thursday 4 February is not kept"]
    clock.move_to(place.session.ends_at)
    assert words_now(messages("place_freed")[0]) is None


def test_an_offer_to_somebody_who_may_not_come_is_taken_back_at_once_and_the_turn_kept(pat: Participant) -> None:
    session = a_class(pat, places_taken=1)
    offered = BookingFactory(session=session, participant=pat, state=BookingState.OFFERED)
    lose_clearance(pat)
    assert (fresh(offered).state, fresh(offered).skipped_reason) == ("waiting", "being_checked")
    assert fresh(offered).in_doubt_since is None
    assert [offer.state for offer in offered.offers.all()] == ["withdrawn"]


def test_the_night_takes_an_offer_back_that_does_not_stand(pat: Participant) -> None:
    offered = BookingFactory(session=a_class(pat, places_taken=1), participant=pat, state=BookingState.OFFERED)
    ClearanceFactory(participant=pat, state=ClearanceState.PAUSED, valid_until=None)
    assert judge_all_places() == 1
    assert (fresh(offered).state, fresh(offered).skipped_reason) == ("waiting", "check_paused")


def test_an_offer_that_stands_is_left_alone(pat: Participant) -> None:
    offered = BookingFactory(session=a_class(pat, places_taken=1), participant=pat, state=BookingState.OFFERED)
    get_it_back(pat)
    assert fresh(offered).state == "offered"


def test_an_offer_that_is_found_not_to_stand_a_day_before_ends(pat: Participant, clock: time_machine.Traveller) -> None:
    session = a_class(pat, places_taken=1)
    offered = BookingFactory(session=session, participant=pat, state=BookingState.OFFERED)
    ClearanceFactory(participant=pat, state=ClearanceState.PAUSED, valid_until=None)
    clock.move_to(session.starts_at - DAY)
    assert free_places() == 1
    assert fresh(offered).end_reason == NOT_CLEARED
    assert [offer.state for offer in offered.offers.all()] == ["withdrawn"]


# --- shown as it is, whatever is kept ----------------------------------------


def test_a_doubt_is_judged_at_the_moment_of_asking(place: Booking, pat: Participant) -> None:
    assert doubt_about(place) is None
    ClearanceFactory(participant=pat, state=ClearanceState.PAUSED, valid_until=None)
    doubt = doubt_about(place)
    assert doubt is not None
    assert (doubt.reasons, doubt.step) == ((Reason.CHECK_PAUSED,), Step.ANSWER)
    assert doubt.freed_from == place.session.starts_at - DAY
    assert fresh(place).in_doubt_since is None


def test_nothing_is_asked_where_nobody_holds_a_place(place: Booking, django_assert_num_queries: Any) -> None:
    place.state = BookingState.WAITING
    with django_assert_num_queries(0):
        assert doubts_about([place]) == {}


DATES = [-1, 0, 1]  # days from the date of the class
STATUSES = list(ParticipantStatus)
CLEARANCES = [None, *((state, start, end) for state in ClearanceState for start in DATES for end in (*DATES, None))]
ENROLMENTS = [None, *((start, end) for start in DATES for end in (*DATES, None))]
POSSIBLE = [
    (status, clearance, enrolment)
    for status, clearance, enrolment in itertools.product(STATUSES, CLEARANCES, ENROLMENTS)
    if (clearance is None or clearance[2] is None or clearance[1] <= clearance[2])
    and (clearance is None or clearance[2] is not None or clearance[0] not in ("cleared", "cleared_adapted"))
    and (enrolment is None or enrolment[1] is None or enrolment[0] <= enrolment[1])
    # Whoever does not take part is let in by nothing: with enrolments that would fit, and without one.
    and (status == ParticipantStatus.ACTIVE or enrolment in (None, (-1, None), (0, 0)))
]


def is_safe(status: str, clearance: Any, enrolment: Any) -> bool:
    """Said once more, and not by the rule: taking part, cleared on that day, in the programme on that day."""
    return (
        status == "active"
        and clearance is not None
        and clearance[0] in ("cleared", "cleared_adapted")
        and clearance[1] <= 0 <= clearance[2]
        and enrolment is not None
        and enrolment[0] <= 0
        and (enrolment[1] is None or enrolment[1] >= 0)
    )


def everybody(programme: Any, session: Session) -> dict[int, bool]:
    """One person with a place for each possible standing: by booking, whether it is safe. Written in bulk."""
    on = timezone.localdate(session.starts_at)
    people = Person.objects.bulk_create(Person(given_name="P", family_name=str(n)) for n in range(len(POSSIBLE)))
    participants = Participant.objects.bulk_create(
        Participant(person=person, programme=programme, reference=f"SF-P{n}", source="self", status=status)
        for n, (person, (status, _, _)) in enumerate(zip(people, POSSIBLE, strict=True))
    )
    clearances, enrolments, bookings = [], [], []
    for participant, (_, clearance, enrolment) in zip(participants, POSSIBLE, strict=True):
        bookings.append(
            Booking(
                session=session, participant=participant, state=BookingState.BOOKED, source=BookingSource.SELF,
                during=(session.starts_at, session.ends_at), made_by=participant.person,
            )
        )  # fmt: skip
        if enrolment is not None:
            start, end = (None if days is None else on + days * DAY for days in enrolment)
            enrolments.append(Enrolment(participant=participant, starts_on=start, ends_on=end))
        if clearance is not None:
            state, start, end = clearance[0], *(None if days is None else on + days * DAY for days in clearance[1:])
            older = {"state": "cleared", "valid_from": on - 9 * DAY, "valid_until": on + 9 * DAY}
            clearances.append(Clearance(participant=participant, decided_at=NOON - DAY, **older))  # counts no more
            review = NOON + DAY if state == ClearanceState.NEEDS_REVIEW else None
            dates = {"valid_from": start, "valid_until": end, "review_due_at": review}
            clearances.append(Clearance(participant=participant, state=state, decided_at=NOON, **dates))
    Enrolment.objects.bulk_create(enrolments)
    Clearance.objects.bulk_create(clearances)
    rows = Booking.objects.bulk_create(bookings)
    checks = (
        SymptomCheckFactory.build(booking=row, session=session, participant=row.participant, by=row.made_by)
        for row in rows
    )
    SymptomCheck.objects.bulk_create(checks)  # all are ready today: that alone lets nobody in
    return {booking.pk: is_safe(*possible) for booking, possible in zip(rows, POSSIBLE, strict=True)}


@pytest.mark.slow
def test_nobody_whose_clearance_does_not_hold_that_day_is_shown_as_cleared_on_a_register_or_let_in(
    programme: Any, ines: Any
) -> None:
    link = "https://meet.example.org/x"
    session = SessionFactory(
        programme=programme, starts_at=NOON + HOUR, mode=Mode.REMOTE, capacity=5000, leader=ines, join_url=link
    )
    expected = everybody(programme, session)
    assert len(expected) == len(POSSIBLE) and 0 < sum(expected.values()) < len(expected)

    register = open_register(session=session, by=ines.person)
    assert {entry.booking_id: entry.facts.cleared for entry in register.entries if entry.facts} == expected
    bookings = list(Booking.objects.filter(session=session).select_related("session", "participant"))
    assert set(doubts_about(bookings)) == {pk for pk, safe in expected.items() if not safe}
    for booking in bookings[::37]:  # the judgement was compared for all of them; this is that the door asks it
        assert enters(booking) == expected[booking.pk]


def enters(booking: Booking) -> bool:
    try:
        way_in(booking, booking.session.starts_at)
    except NoWayIn as refused:
        assert refused.reason is Closed.NOT_CLEARED
        return False
    return True


@pytest.mark.parametrize(
    ("adaptation", "mode", "kind"),
    [
        ("remote_only", "in_person", "group"),
        ("in_person_only", "remote", "group"),
        ("one_to_one_only", "remote", "group"),
    ],
)
def test_a_register_shows_nobody_as_cleared_for_a_class_that_is_not_theirs(
    pat: Participant, ines: Any, adaptation: str, mode: str, kind: str
) -> None:
    session = a_class(pat, starts_in=HOUR, mode=mode, kind=kind, leader=ines)
    BookingFactory(session=session, participant=pat)
    ClearanceFactory(participant=pat, state=ClearanceState.CLEARED_WITH_ADAPTATIONS, adaptations=[adaptation])
    (entry,) = open_register(session=session, by=ines.person).entries
    assert entry.facts is not None and not entry.facts.cleared


def test_judging_again_outside_of_any_change_says_nothing(place: Booking, pat: Participant) -> None:
    with acting(pat.person, "tests.judge"):
        judge_places_again(pat, pat.person)
    assert messages("place_in_doubt") == [] and open_tasks(PLACE_IN_DOUBT) == []
