"""What must hold of the rows of the demonstration, whenever it is loaded: one function for each claim.

Used by test_demo.py, which loads it. A claim is named as the sentence it proves.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from django.apps import apps
from django.db import models
from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from accounts.history import System
from accounts.models import User
from classes import teaching
from classes.judging.eligibility import reasons_against
from classes.judging.judgement import requirements_of
from classes.models import Attendance, Booking, BookingState, Mode, Session, SessionStatus
from classes.models.booking import HELD_STATES, LIVE_STATES
from classes.register import Window, open_register
from classes.timetable import HORIZON, materialise
from classes.waiting_list.serving import CALL, offer_freed_places
from messaging.models import Message, Task, TaskState
from outcomes.asking.planning import refresh_windows
from outcomes.models import Assessment, Response
from participants.models import Enrolment, Participant, Phase
from participants.standing import standings_of
from tests.structure.test_personal_fields import our_models

Claim = Callable[[], None]
CLAIMS: list[Claim] = []
OUR_EMAIL = re.compile(r"^[a-z0-9.]+@demo\.safefit\.example$")
OUR_PHONE = re.compile(r"^(\+44|0)(1632960|7700900)\d{3}$")
ANY_EMAIL = re.compile(r"[\w.+-]+@[\w-]+[\w.-]*")
ANY_PHONE = re.compile(r"(?<![\w.])(?:\+44|0)\s?\d[\d ]{7,11}\d(?!\w)")


def claim(one: Claim) -> Claim:
    CLAIMS.append(one)
    return one


@claim
def as_many_places_are_taken_as_are_held_and_never_more_than_there_are() -> None:
    held = Count("bookings", filter=Q(bookings__state__in=HELD_STATES))
    parties = Sum("bookings__party", filter=Q(bookings__state__in=HELD_STATES))
    rows = Session.objects.annotate(held=held, parties=parties)
    assert [s.pk for s in rows if s.places_taken != (s.parties or 0) or s.held > s.capacity - s.kept] == []


@claim
def a_cancelled_class_holds_nobody_and_is_led_by_nobody() -> None:
    off = Session.objects.filter(status=SessionStatus.CANCELLED)
    assert off.filter(Q(bookings__state__in=LIVE_STATES) | Q(leaders__active=True)).count() == 0
    assert off.filter(starts_at__lt=timezone.now()).exists() and off.filter(starts_at__gt=timezone.now()).exists()


@claim
def nobody_is_in_two_classes_at_once() -> None:
    mine: dict[int, list[tuple[dt.datetime, dt.datetime]]] = defaultdict(list)
    rows = Booking.objects.filter(state__in=LIVE_STATES).order_by("session__starts_at")
    for participant, start, end in rows.values_list("participant", "session__starts_at", "session__ends_at"):
        mine[participant].append((start, end))
    assert all(a[1] <= b[0] for spans in mine.values() for a, b in zip(spans, spans[1:], strict=False))


@claim
def nobody_does_more_than_the_phase_of_the_programme_has() -> None:
    joined = dict(Enrolment.objects.values_list("participant", "starts_on"))
    stretches = [
        (start + n * phase.per_weeks, phase.contacts_most)
        for phase, start in _phases()
        for n in range(-(-phase.weeks // phase.per_weeks))
    ]
    done: Counter[tuple[int, int]] = Counter()
    for participant, starts_at in Booking.objects.filter(state__in=HELD_STATES).values_list(
        "participant", "session__starts_at"
    ):
        week = (timezone.localdate(starts_at) - joined[participant]).days // 7
        done[participant, max(n for n, (start, _) in enumerate(stretches) if start <= week)] += 1
    assert {who for (who, stretch), count in done.items() if count > stretches[stretch][1]} == set()


def _phases() -> Iterator[tuple[Phase, int]]:
    start = 0
    for phase in Phase.objects.order_by("order"):
        yield phase, start
        start += phase.weeks


@claim
def only_whoever_had_a_place_has_a_mark_and_only_once_the_class_has_begun() -> None:
    told = Task.objects.filter(kind="mark_without_place").values("subject_id")
    stray = Attendance.objects.filter(booking__isnull=False).exclude(booking__state=BookingState.BOOKED)
    assert not stray.exclude(booking__in=told).exists()
    wrong = Q(session__starts_at__gt=timezone.now()) | Q(received_at__gt=timezone.now())
    assert not Attendance.objects.filter(wrong | ~Q(session__status=SessionStatus.PUBLISHED)).exists()
    assert not Attendance.objects.filter(booking__isnull=False).exclude(session=F("booking__session")).exists()


@claim
def nobody_booked_before_they_had_joined_or_after_the_class_had_begun() -> None:
    early = Q(joined_at__lt=F("participant__registered_at"))
    late = Q(joined_at__gte=F("session__starts_at")) | Q(joined_at__gt=timezone.now())
    assert not Booking.objects.filter(early | late).exists()


@claim
def every_place_ahead_is_one_that_could_be_booked_now() -> None:
    """But for the one place that is in doubt, which is why somebody at the desk is asked."""
    doubted = Task.objects.filter(kind="place_in_doubt", state=TaskState.OPEN).values_list("subject_id", flat=True)
    ahead = Booking.objects.filter(session__starts_at__gt=timezone.now()).live().exclude(pk__in=doubted)
    rows = list(ahead.select_related("session", "participant"))
    standings = standings_of({row.participant for row in rows})
    against = {
        row.pk: reasons
        for row in rows
        if (
            reasons := reasons_against(
                standings[row.participant_id],
                requirements_of(row.session),
                timezone.localdate(row.session.starts_at),
            )
        )
    }
    assert rows and against == {}


@claim
def a_free_place_waits_for_nobody_but_whom_the_desk_is_calling() -> None:
    called = set(Task.objects.filter(kind=CALL, state=TaskState.OPEN).values_list("subject_id", flat=True))
    ahead = Session.objects.published().filter(starts_at__gt=timezone.now(), bookings__state=BookingState.WAITING)
    for session in ahead.distinct():
        first = session.bookings.waiting().first()
        assert first is not None
        assert session.places_left == 0 or first.pk in called, session
        assert offer_freed_places(session=session, by=System.WORKER) == []
    assert set(Task.objects.filter(kind=CALL, state=TaskState.OPEN).values_list("subject_id", flat=True)) == called


@claim
def the_nightly_work_finds_nothing_left_to_do() -> None:
    """The windows, the messages and the coming dates stand as the worker would have put them."""
    messages, tasks = Message.objects.count(), Task.objects.count()
    assert refresh_windows(on=timezone.localdate()) == 0
    assert materialise(until=timezone.localdate() + HORIZON, by=System.COMMAND).made == 0
    assert (Message.objects.count(), Task.objects.count()) == (messages, tasks)


@claim
def every_answer_is_one_that_its_question_takes() -> None:
    for response in Response.objects.select_related("assessment__questionnaire", "assessment__timepoint"):
        questions = {question.id: question for question in response.assessment.questions}
        assert response.answers, response
        assert all(questions[item].takes(answer) for item, answer in response.answers.items()), response.answers
    sent = Assessment.objects.filter(state="submitted")
    assert not sent.filter(Q(response=None) | Q(response__submitted_at=None) | Q(response__scores=None)).exists()
    assert not Response.objects.filter(submitted_at__isnull=False).exclude(assessment__state="submitted").exists()


@claim
def every_change_names_who_made_it() -> None:
    tracked = [model for model in apps.get_models() if any(f.name == "pgh_context" for f in model._meta.fields)]
    assert len(tracked) > 15
    nameless = [m for m in tracked if m._default_manager.exclude(pgh_context__has_key="by").exists()]
    assert nameless == []


@claim
def no_address_and_no_number_could_be_anybodys() -> None:
    texts = list(_texts())
    emails = {found for text in texts for found in ANY_EMAIL.findall(text)}
    phones = {re.sub(r"\s", "", found) for text in texts for found in ANY_PHONE.findall(text)}
    assert len(emails) > 30 and len(phones) > 30
    assert sorted(email for email in emails if not OUR_EMAIL.match(email)) == []
    assert sorted(phone for phone in phones if not OUR_PHONE.match(phone)) == []


def _texts() -> Iterator[str]:
    """Every text of every row that this project keeps."""
    kept = (models.CharField, models.TextField, models.JSONField)
    for model in our_models():
        names = [field.name for field in model._meta.concrete_fields if isinstance(field, kept)]
        for row in model._default_manager.values_list(*names) if names else ():
            yield " | ".join(str(value) for value in row if value)


@claim
def ines_has_a_register_to_take_and_knows_who_comes() -> None:
    ines = User.objects.get(email="ines@demo.safefit.example")
    now = timezone.now()
    waiting = [s for s in teaching.registers_to_finish(ines) if Window(s.starts_at, s.ends_at).shows_facts(now)]
    recent = [session for session in waiting if session.starts_at > now - dt.timedelta(hours=13)]
    registers = [open_register(session=session, by=ines.person) for session in recent]
    # At some hours a date of one of her own classes, with fewer people, is the newest of them.
    fullest = max(registers, key=lambda register: len(register.entries))
    assert len(fullest.unmarked) == len(fullest.entries) >= 3
    assert teaching.between(teaching.classes_led_by(ines), now, now + dt.timedelta(days=7)).count() >= 4


@claim
def pat_has_a_class_to_come_to_and_a_wellbeing_check_to_answer() -> None:
    pat = Participant.objects.get(person__user__email="pat@demo.safefit.example")
    assert pat.bookings.live().upcoming().exists()
    assert Assessment.objects.answerable().filter(participant=pat).count() == 1


@claim
def clock_times_stay_when_the_clocks_change() -> None:
    times: dict[int, set[tuple[int, dt.timedelta | None]]] = defaultdict(set)
    for session in Session.objects.filter(series__isnull=False):
        local = timezone.localtime(session.starts_at)
        times[session.series_id or 0].add((local.hour * 60 + local.minute, local.utcoffset()))
    assert all(len({minute for minute, _ in seen}) == 1 for seen in times.values())
    assert sum(len(seen) == 2 for seen in times.values()) > 15  # classes in summer and in winter
    assert set(Mode) == set(Session.objects.values_list("mode", flat=True))
