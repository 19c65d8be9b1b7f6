"""Nine months of demo history: people, classes they came to, and their wellbeing checks.

Written straight into the tables, because the actions work with the clock of
today. Everything is drawn with a fixed seed, so that two copies tell one story.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.models import Channel, ContactPoint, Person, Programme
from classes.models import (
    Attendance,
    AttendanceState,
    Booking,
    BookingSource,
    BookingState,
    Series,
    Session,
    SessionLeader,
    SessionStatus,
)
from classes.wall_time import local_date
from outcomes.instruments import recipe_called
from outcomes.models import AnswerMode, Assessment, AssessmentState, Questionnaire, Response, Score
from outcomes.scoring import Answer, score
from participants.models import (
    Clearance,
    ClearanceState,
    ConsentEvent,
    ConsentKind,
    ConsentText,
    Enrolment,
    Participant,
    ParticipantStatus,
    Source,
    Timepoint,
)

UK = ZoneInfo("Europe/London")
SEED = 20261124
PEOPLE = 170
GIVEN = (
    "Avis Basil Celia Desmond Edna Felix Greta Horace Iris Jasper Kitty Leopold Mabel Ned Olga Percy Queenie Rufus "
    "Stella Tobias Una Vernon Winnie Xavier Yvette Zeb"
).split()
FAMILY = "Example Sample Madeup Pretend Fictional Imagined Placeholder Invented".split()
AREA_OF = {"Hamworthy Demo Hall": "Dorset", "Newport Demo Centre": "Isle of Wight", "Totton Demo Rooms": "Hampshire"}
MARKS = (
    [AttendanceState.ATTENDED] * 78
    + [AttendanceState.ATTENDED_IN_PART] * 6
    + [AttendanceState.ABSENT_TOLD] * 10
    + [AttendanceState.ABSENT_UNTOLD] * 5
    + [AttendanceState.SENT_HOME]
)


@dataclass
class Story:
    """One person of the past: which weekly class, from which week, for how many weeks."""

    participant: Participant
    series: Series
    first_week: int
    weeks: int
    first_attended: dt.date | None = None


def make_past_sessions(series: list[Series]) -> dict[int, list[Session]]:
    """Every date of each series before today, by series id, in order."""
    made: dict[int, list[Session]] = {}
    for one in series:
        rows = Session.objects.bulk_create(_session(one, on) for on in _past_dates(one))
        SessionLeader.objects.bulk_create(
            SessionLeader(session=row, instructor=one.instructor, during=(row.starts_at, row.ends_at)) for row in rows
        )
        made[one.pk] = rows
    return made


def _past_dates(series: Series) -> Iterator[dt.date]:
    day = series.first_date
    while day < timezone.localdate():
        yield day
        day += dt.timedelta(weeks=series.interval_weeks)


def _session(series: Series, on: dt.date) -> Session:
    starts_at = dt.datetime.combine(on, series.start_time, UK).astimezone(dt.UTC)
    return Session(
        programme=series.programme,
        series=series,
        occurs_on=on,
        class_type=series.class_type,
        mode=series.mode,
        venue=series.venue,
        room=series.room,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(minutes=series.duration_minutes),
        capacity=series.capacity,
        status=SessionStatus.PUBLISHED,
        join_url=series.join_url,
        dial_in=series.dial_in,
    )


def make_past_people(programme: Programme, series: list[Series], *, by: Person) -> list[Story]:
    """People in the seats of each series: one lot of them after another, so that no class is overfull."""
    draw = random.Random(SEED)  # noqa: S311  (a story, not a secret)
    people = Person.objects.bulk_create(_person(draw, n) for n in range(PEOPLE))
    ContactPoint.objects.bulk_create(
        ContactPoint(person=person, channel=Channel.EMAIL, value=f"person{n}@example.org", preferred=True)
        for n, person in enumerate(people)
    )
    stories = [_story(draw, programme, person, series, n) for n, person in enumerate(people)]
    Participant.objects.bulk_create(story.participant for story in stories)
    Enrolment.objects.bulk_create(
        Enrolment(participant=s.participant, starts_on=timezone.localdate(s.participant.registered_at)) for s in stories
    )
    Clearance.objects.bulk_create(_clearance(s, by) for s in stories)
    texts = ConsentText.objects.filter(programme=programme)
    ConsentEvent.objects.bulk_create(_consent(draw, s.participant, text) for s in stories for text in texts)
    return stories


def _consent(draw: random.Random, participant: Participant, text: ConsentText) -> ConsentEvent:
    return ConsentEvent(
        participant=participant,
        text=text,
        given=_says_yes(draw, text),
        at=participant.registered_at,
        by=participant.person,
    )


def _says_yes(draw: random.Random, text: ConsentText) -> bool:
    return text.required or text.kind == ConsentKind.INSTRUCTORS or draw.random() < 0.93


def _person(draw: random.Random, n: int) -> Person:
    born = dt.date(1938 + draw.randrange(45), 1 + draw.randrange(12), 1 + draw.randrange(28))
    family = f"{FAMILY[n % len(FAMILY)]}-{FAMILY[(n // len(GIVEN)) % len(FAMILY)]}"
    return Person(given_name=GIVEN[n % len(GIVEN)], family_name=family, date_of_birth=born)


def _story(draw: random.Random, programme: Programme, person: Person, series: list[Series], n: int) -> Story:
    one = series[n % len(series)]
    area = AREA_OF[one.venue.name] if one.venue else draw.choice(programme.areas)
    lot, weeks = (n // len(series)) // 10, 8 + draw.randrange(6)
    first_week = min(lot, 3) * 8 + draw.randrange(3)
    if n < 2:  # Pat and Quinn are regulars who still come
        first_week, weeks = 22, 16
    starts = dt.datetime.combine(one.first_date + dt.timedelta(weeks=first_week, days=-14), dt.time(10), UK)
    participant = Participant(
        person=person,
        programme=programme,
        reference=f"DEMO-{n:04d}",
        status=ParticipantStatus.ACTIVE,
        source=draw.choice([Source.SELF, Source.SELF, Source.DESK]),
        area=area,
        emergency_name="Emer Madeup",
        emergency_relationship="friend",
        emergency_phone="01632 960111",
        registered_at=starts,
    )
    return Story(participant, one, first_week, weeks)


def _clearance(story: Story, by: Person) -> Clearance:
    start = timezone.localdate(story.participant.registered_at)
    return Clearance(
        participant=story.participant,
        state=ClearanceState.CLEARED,
        valid_from=start,
        valid_until=max(start + dt.timedelta(days=183), timezone.localdate() + dt.timedelta(days=90)),
        decided_at=story.participant.registered_at,
        decided_by=by,
    )


def make_past_attendance(stories: list[Story], sessions: dict[int, list[Session]]) -> None:
    """Bookings and marks; a few people never come, a few seats are given back."""
    draw = random.Random(SEED + 1)  # noqa: S311
    taken: dict[int, int] = {}
    bookings: list[Booking] = []
    for story in stories:
        comes = draw.random() < 0.9
        for session in sessions[story.series.pk][story.first_week : story.first_week + story.weeks]:
            if comes and taken.get(session.pk, 0) < session.capacity and draw.random() < 0.92:
                taken[session.pk] = taken.get(session.pk, 0) + 1
                bookings.append(_booking(story, session))
    Booking.objects.bulk_create(bookings)
    Attendance.objects.bulk_create(_mark(draw, booking) for booking in bookings)
    rows = [session for one in sessions.values() for session in one]
    for row in rows:
        row.places_taken = taken.get(row.pk, 0)
    Session.objects.bulk_update(rows, ["places_taken"], batch_size=200)
    _note_first_classes(stories)


def _booking(story: Story, session: Session) -> Booking:
    return Booking(
        session=session,
        participant=story.participant,
        state=BookingState.BOOKED,
        during=(session.starts_at, session.ends_at),
        source=BookingSource.SELF,
        made_by=story.participant.person,
        joined_at=session.starts_at - dt.timedelta(days=5),
    )


def _mark(draw: random.Random, booking: Booking) -> Attendance:
    at = booking.session.starts_at + dt.timedelta(minutes=10)
    leader = booking.session.series.instructor.person if booking.session.series else booking.made_by
    return Attendance(
        session=booking.session, booking=booking, state=draw.choice(MARKS), marked_at=at, received_at=at, by=leader
    )


def _note_first_classes(stories: list[Story]) -> None:
    came = (AttendanceState.ATTENDED, AttendanceState.ATTENDED_IN_PART)
    by_participant = {story.participant.pk: story for story in stories}
    marks = Attendance.objects.filter(state__in=came, booking__participant__in=by_participant).order_by("marked_at")
    for mark in marks.select_related("booking", "session"):
        assert mark.booking is not None  # noqa: S101  (filtered above; for the type checker)
        story = by_participant[mark.booking.participant_id]
        story.first_attended = story.first_attended or local_date(mark.session.starts_at)


def make_past_answers(stories: list[Story], questionnaire: Questionnaire) -> None:
    """Wellbeing checks inside their windows; fewer as time goes on, most a little better than before."""
    draw = random.Random(SEED + 2)  # noqa: S311
    timepoints = list(Timepoint.objects.filter(programme=questionnaire.programme).order_by("day"))
    answered: list[tuple[Assessment, dict[str, Answer], dt.date]] = []
    planned: list[Assessment] = []
    for story in stories:
        level = draw.gauss(5.2, 1.2)
        for timepoint in timepoints:
            assessment, on = _assessment(story, timepoint, questionnaire)
            told = on is not None and on <= timezone.localdate() and draw.random() < _answer_rate(timepoint)
            if told and on is not None:
                assessment.state = AssessmentState.SUBMITTED
                answered.append((assessment, _answers(draw, level, timepoint), on))
            planned.append(assessment)
    Assessment.objects.bulk_create(planned)
    _keep(answered, questionnaire)


def _answer_rate(timepoint: Timepoint) -> float:
    return 0.93 if timepoint.day == 0 else 0.8 if timepoint.day < 120 else 0.7


def _assessment(story: Story, timepoint: Timepoint, questionnaire: Questionnaire) -> tuple[Assessment, dt.date | None]:
    """The assessment, and the day on which it would be answered (None for who never came)."""
    enrolled = timezone.localdate(story.participant.registered_at)
    assessment = Assessment(participant=story.participant, questionnaire=questionnaire, timepoint=timepoint)
    if timepoint.day == 0:
        assessment.opens_on = assessment.due_on = enrolled
        on = enrolled + dt.timedelta(days=2)
        if story.first_attended:
            assessment.closes_on = story.first_attended + dt.timedelta(days=timepoint.closes_after)
            on = max(on, story.first_attended - dt.timedelta(days=timepoint.opens_before))
        return assessment, on
    if story.first_attended is None:
        return assessment, None
    assessment.due_on = story.first_attended + dt.timedelta(days=timepoint.day)
    assessment.opens_on = assessment.due_on - dt.timedelta(days=timepoint.opens_before)
    assessment.closes_on = assessment.due_on + dt.timedelta(days=timepoint.closes_after)
    if assessment.closes_on < timezone.localdate():
        assessment.state = AssessmentState.MISSED
    return assessment, assessment.due_on


def _answers(draw: random.Random, level: float, timepoint: Timepoint) -> dict[str, Answer]:
    better = 0.0 if timepoint.day == 0 else draw.gauss(0.8, 0.9)
    answers: dict[str, Answer] = {}
    for item in recipe_called("safefit_wellbeing").items:
        name, lo, hi = item.id, item.lo, item.hi
        if name == "act_days":
            answers[name] = min(7, max(0, round(draw.gauss(2.5 + better, 1.5))))
        elif name == "act_min":
            if answers.get("act_days") not in (0, None):
                answers[name] = 10 * draw.randrange(1, 6)
        elif lo < 0:  # how it is compared with the start: asked later only
            if timepoint.day > 0:
                answers[name] = min(hi, max(lo, round(better)))
        elif draw.random() < 0.97:
            mean = level + better
            mean = 10 - mean if str(item.direction).lower().endswith("down") else mean
            answers[name] = min(hi, max(lo, round(draw.gauss(mean, 1.1))))
    return answers


def _keep(answered: list[tuple[Assessment, dict[str, Answer], dt.date]], questionnaire: Questionnaire) -> None:
    recipe = recipe_called(questionnaire.recipe)
    at = [dt.datetime.combine(on, dt.time(11), UK) for _, _, on in answered]
    responses = Response.objects.bulk_create(
        Response(
            assessment=assessment,
            answers=answers,
            mode=AnswerMode.SELF,
            entered_by=assessment.participant.person,
            started_at=when,
            submitted_at=when,
        )
        for (assessment, answers, _), when in zip(answered, at, strict=True)
    )
    Score.objects.bulk_create(
        Score(
            response=response,
            scale=scale,
            value=result.value,
            reason=result.reason or "",
            recipe=recipe.code,
            recipe_version=recipe.version,
            scored_at=response.started_at,
        )
        for response in responses
        for scale, result in score(recipe, response.answers).items()
    )
