"""What a summary for a partner costs by the number of scores it is counted from, and what it costs to be read.

Everything is done by the product's own actions: asked for, built (read, counted, hidden, attacked, frozen), published,
opened as its page. The rows it is built from are copies of one person's, made by the database with its triggers off:
so that a million of them are there within minutes. Not here: booking and listing (rounds.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from resource import RUSAGE_SELF, getrusage
from time import perf_counter, process_time
from typing import Final

from django.db import connection, models, transaction
from django.utils import timezone

from accounts.history import System, acting
from accounts.models import Agreement, Organisation
from bench.load import cpu_of
from bench.world import World, let_the_database_look, make_classes, make_world
from classes.models import Attendance, AttendanceState, Booking, BookingSource, BookingState
from outcomes.instruments import safefit_wellbeing
from outcomes.models import Assessment, AssessmentState, Questionnaire, Release, Response, Score
from outcomes.releases.release import build_release, publish_release, request_release
from participants.models import ConsentEvent, ConsentKind, ConsentText, Participant, Timepoint

SCALES: Final = ("body", "mind", "total", "overall")
POINTS: Final = (("start", "Start", 0, 28, 7), ("w12", "12 weeks", 84, 21, 21), ("w26", "26 weeks", 182, 28, 28))
OF_EACH: Final = len(SCALES) * len(POINTS)  # scores of one person
AREAS: Final = ("Dorset", "Hampshire", "Isle of Wight")
WANTED: Final = 10_000_000
MUST, AIM = 60.0, 15.0  # seconds for a summary of WANTED scores
FIRST_CLASS = 300  # days ago
STEPS: Final = 60  # a score is one of so many, as it is where six questions are answered from 0 to 10
CLEAR = 1000  # of the keys of the first person's rows


def measured(scores: int) -> dict[str, float]:
    """Seconds and megabytes of one summary from about `scores` scores; the database holds nothing else."""
    agreement, people = filled(max(1, scores // OF_EACH))
    release = request_release(programme=agreement.programme, organisation=agreement.organisation, by=System.COMMAND)
    began, cpu, of_database = perf_counter(), process_time(), _database_cpu()
    build_release(release=release, by=System.COMMAND)
    building, working = perf_counter() - began, process_time() - cpu
    of_database = _database_cpu() - of_database
    publish_release(release=Release.objects.get(pk=release.pk), by=System.COMMAND)
    return {
        "people": float(people),
        "scores": float(Score.objects.count()),
        "building_s": building,
        "building_cpu_s": working,
        "database_cpu_s": of_database,
        "attack_s": float(release.attack["seconds"]),
        "cells": float(release.cells.count()),
        "memory_mb": getrusage(RUSAGE_SELF).ru_maxrss / 1024,
    }


def _database_cpu() -> float:
    """Of the process that serves this connection: queries that are read as they come have no other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cpu_of(cursor.fetchone()[0])


def told(found: Mapping[str, float]) -> str:
    """What it comes to, and what it would for WANTED scores: reading and counting grow, the attack does not."""
    lines = [
        f"{found['scores']:,.0f} scores of {found['people']:,.0f} people, {found['cells']:,.0f} figures.",
        f"Built in {found['building_s']:.1f} s; processors' time {found['building_cpu_s']:.1f} s in Python and "
        f"{found['database_cpu_s']:.1f} s in the database; at most {found['memory_mb']:,.0f} MB in Python.",
        f"Of {WANTED:,} scores, if reading and counting go on as they do: {_of_all(found):,.0f} s; "
        f"{MUST:.0f} s must be reached and {AIM:.0f} s are aimed at.",
    ]
    return "\n".join(lines)


def reached(found: Mapping[str, float]) -> bool:
    return _of_all(found) <= MUST


def _of_all(found: Mapping[str, float]) -> float:
    grows = found["building_s"] - found["attack_s"]
    return grows * WANTED / found["scores"] + found["attack_s"]


# --- the rows ----------------------------------------------------------------


def filled(people: int) -> tuple[Agreement, int]:
    """So many people who agreed to be counted, came to a class and sent three forms; and an agreement on them."""
    world = make_world(people=1, classes=0)
    one = Participant.objects.get(programme=world.programme)
    with acting(System.COMMAND, "bench.first_of_many"):
        first = _first(world, one)
        agreement = _agreement(world)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger looks: each row is a copy
        for statement in _copies(first, people):
            cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    let_the_database_look()
    return agreement, people


def _agreement(world: World) -> Agreement:
    partner = Organisation.objects.create(name="Partner", slug="partner")
    world.programme.areas = list(AREAS)
    world.programme.save(update_fields=["areas"])
    return Agreement.objects.create(
        organisation=partner,
        programme=world.programme,
        dimensions=["area"],
        starts_on=timezone.localdate(),
        purpose="To be measured.",
    )


def _first(world: World, one: Participant) -> dict[str, list[models.Model]]:
    """The rows of one person, by table: those that all others are copies of."""
    on = timezone.now() - dt.timedelta(days=FIRST_CLASS)
    (session,) = make_classes(world.programme, world.class_type, 1, capacity=30_000, first_hour=-24 * FIRST_CLASS)
    text = ConsentText.objects.create(
        programme=world.programme, kind=ConsentKind.SUMMARIES, version=1, title="Summaries", body="Made up."
    )
    booking = Booking.objects.create(
        session_id=session,
        participant=one,
        during=(on, on + dt.timedelta(minutes=30)),
        state=BookingState.BOOKED,
        source=BookingSource.SELF,
        made_by=one.person,
    )
    mark = Attendance.objects.create(
        session_id=session, booking=booking, state=AttendanceState.ATTENDED, marked_at=on, by=one.person
    )
    consent = ConsentEvent.objects.create(participant=one, text=text, given=True, by=one.person)
    forms = [_form(world, one, *point) for point in POINTS]
    return {
        "person": [one.person],
        "participant": [one],
        "consent": [consent],
        "booking": [booking],
        "mark": [mark],
        "assessment": [form for form, _ in forms],
        "response": [response for _, response in forms],
        "score": [score for _, response in forms for score in response.scores.all()],
    }


def _form(
    world: World, one: Participant, code: str, label: str, day: int, before: int, after: int
) -> tuple[Assessment, Response]:
    questionnaire, _ = Questionnaire.objects.get_or_create(
        programme=world.programme,
        code=safefit_wellbeing.CODE,
        defaults={"version": "1", "title": "Check", "items": [], "recipe": safefit_wellbeing.CODE},
    )
    point = Timepoint.objects.create(
        programme=world.programme, code=code, label=label, day=day, opens_before=before, closes_after=after
    )
    sent = timezone.now() - dt.timedelta(days=FIRST_CLASS - day)
    form = Assessment.objects.create(
        participant=one, questionnaire=questionnaire, timepoint=point, state=AssessmentState.PLANNED
    )
    Assessment.objects.filter(pk=form.pk).update(state=AssessmentState.SUBMITTED)
    response = Response.objects.create(assessment=form, answers={}, entered_by=one.person, submitted_at=sent)
    Score.objects.bulk_create(
        Score(response=response, scale=scale, value=50.0, recipe=safefit_wellbeing.CODE, recipe_version="1")
        for scale in SCALES
    )
    return form, response


def _copies(first: Mapping[str, list[models.Model]], people: int) -> list[str]:
    """A statement for each row of the first person, which copies it for all the others.

    The key of copy `n` of the row that stands at `place` is that of the row, moved by `far` for each place before it.
    """
    far = people + CLEAR

    def moved(column: str, place: int = 0) -> str:
        return f"{column} + {CLEAR + place * far} + n"

    area = f"(ARRAY{list(AREAS)!r})[1 + n % {len(AREAS)}]"
    about: dict[str, Callable[[int], dict[str, str]]] = {
        "person": lambda _: {},
        "participant": lambda _: {"person_id": moved("person_id"), "reference": "'B-' || n", "area": area},
        "consent": lambda _: {"participant_id": moved("participant_id"), "by_id": moved("by_id")},
        "booking": lambda _: {"participant_id": moved("participant_id"), "made_by_id": moved("made_by_id")},
        "mark": lambda _: {"id": "gen_random_uuid()", "booking_id": moved("booking_id")},
        "assessment": lambda _: {"participant_id": moved("participant_id")},
        "response": lambda place: {"assessment_id": moved("assessment_id", place)},
        "score": lambda place: {
            "value": f"round(({STEPS} / 2) * (1 + 0.6 * sin(n * 7.0 + id))) * 100 / {STEPS}",
            "response_id": moved("response_id", place // len(SCALES)),
        },
    }
    return [
        _copy(row, {"id": moved("id", place), **about[name](place)}, people)
        for name, rows in first.items()
        for place, row in enumerate(rows)
    ]


def _copy(row: models.Model, changes: Mapping[str, str], people: int) -> str:
    table = row._meta.db_table
    columns = [str(field.column) for field in row._meta.concrete_fields]
    values = [changes.get(column, f'"{column}"') for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    key = f"'{row.pk}'"
    return (
        f'INSERT INTO "{table}" ({names}) SELECT {", ".join(values)}'
        f' FROM "{table}", generate_series(1, {people - 1}) AS n WHERE id = {key}'
    )
