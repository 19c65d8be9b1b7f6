"""Publishing classes, their coming dates, and cancelling one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from accounts.history import System
from accounts.models import Programme, User
from classes.models import Attendance, Mode, Series, Session, SessionKind, SessionLeader, SessionStatus
from classes.tasks import make_coming_dates
from classes.timetable import (
    HORIZON,
    DatesRefused,
    NotPossible,
    cancel_session,
    materialise,
    preview_series,
    preview_session,
    publish_series,
    publish_session,
    publishing,
)
from classes.timetable.plans import ObstacleKind, Problem
from classes.wall_time import UK, Which
from instructors.credentials import Reason, Why
from instructors.models import CredentialKind, Instructor, InstructorStatus, Unavailability
from messaging.models import Task, TaskState
from tests.factories.classes import ClassTypeFactory, RoomFactory, SeriesFactory, SessionFactory, VenueFactory
from tests.factories.instructors import CredentialFactory, InstructorFactory

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 10, 1)  # a Thursday
FIRST = dt.date(2026, 10, 6)


@pytest.fixture(autouse=True)
def october() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 10, 1, 9, tzinfo=UK), tick=False):
        yield


@pytest.fixture
def plan(ines: Instructor, programme: Programme) -> dict[str, Any]:
    """A class in a hall at 6pm for an hour."""
    venue = VenueFactory(programme=programme)
    return {
        "instructor": ines,
        "class_type": ClassTypeFactory(programme=programme, name="Gentle strength", credentials_needed=["dbs"]),
        "mode": Mode.IN_PERSON,
        "start_time": dt.time(18),
        "duration_minutes": 60,
        "capacity": 12,
        "venue": venue,
        "room": RoomFactory(venue=venue),
    }


def weekly(plan: dict[str, Any], by: object, **more: Any) -> Series:
    return publish_series(
        **{"first_date": FIRST, "last_date": FIRST + dt.timedelta(weeks=30), "by": by, **plan, **more}
    )


def kinds(refusal: pytest.ExceptionInfo[DatesRefused]) -> set[tuple[dt.date, ObstacleKind]]:
    return {(o.on, o.kind) for o in refusal.value.obstacles}


# --- a series ----------------------------------------------------------------


def test_a_series_is_published_with_its_dates_within_twelve_weeks(plan: dict[str, Any], ines: Instructor) -> None:
    series = weekly(plan, ines.person, reserved=2, walk_in=1, join_url="", dial_in="")
    dates = list(series.sessions.order_by("occurs_on"))
    assert [s.occurs_on for s in dates] == [FIRST + dt.timedelta(weeks=n) for n in range(12)]
    assert dates[-1].occurs_on <= TODAY + HORIZON
    assert {(s.status, s.capacity, s.reserved, s.walk_in, s.places_left) for s in dates} == {("published", 12, 2, 1, 9)}
    assert all(s.leaders.get(active=True).instructor == ines for s in dates)


def test_six_o_clock_stays_six_o_clock_when_the_clocks_change(plan: dict[str, Any], ines: Instructor) -> None:
    series = weekly(plan, ines.person)
    materialise(until=dt.date(2027, 4, 30), by=System.WORKER)
    starts = list(series.sessions.order_by("starts_at").values_list("starts_at", flat=True))
    assert {s.astimezone(UK).time() for s in starts} == {dt.time(18)}
    assert {s.astimezone(dt.UTC).hour for s in starts} == {17, 18}


def test_excluded_dates_and_a_fortnight_are_kept(plan: dict[str, Any], ines: Instructor) -> None:
    left_out = FIRST + dt.timedelta(weeks=2)
    series = weekly(plan, ines.person, interval_weeks=2, excluded_dates=[left_out])
    found = set(series.sessions.values_list("occurs_on", flat=True))
    assert left_out not in found
    assert FIRST + dt.timedelta(weeks=4) in found
    assert FIRST + dt.timedelta(weeks=1) not in found


@pytest.mark.parametrize(
    ("first", "kind"),
    [(dt.date(2027, 3, 28), ObstacleKind.NO_SUCH_TIME), (dt.date(2026, 10, 25), ObstacleKind.HAPPENS_TWICE)],
)
def test_a_series_over_a_clock_time_that_is_not_plain_is_refused_however_far_away(
    plan: dict[str, Any], ines: Instructor, first: dt.date, kind: ObstacleKind
) -> None:
    with pytest.raises(DatesRefused) as refusal:
        weekly(plan | {"start_time": dt.time(1, 30)}, ines.person, first_date=first, last_date=first)
    assert kinds(refusal) == {(first, kind)}
    assert not Series.objects.exists()


def test_one_bad_date_refuses_the_whole_series_and_names_what_is_in_the_way(
    plan: dict[str, Any], ines: Instructor
) -> None:
    there = publish_session(on=FIRST + dt.timedelta(weeks=1), by=ines.person, **plan)
    with pytest.raises(DatesRefused) as refusal:
        weekly(plan, ines.person)
    assert kinds(refusal) == {
        (there.occurs_on, ObstacleKind.INSTRUCTOR_BUSY),
        (there.occurs_on, ObstacleKind.ROOM_BUSY),
    }
    clash = refusal.value.obstacles[0].clash
    assert clash is not None
    assert (clash.session_id, clash.class_name) == (there.pk, "Gentle strength")
    assert Session.objects.count() == 1


def test_a_series_without_dates_or_with_too_many_is_refused(plan: dict[str, Any], ines: Instructor) -> None:
    with pytest.raises(NotPossible) as none:
        weekly(plan, ines.person, last_date=FIRST - dt.timedelta(days=1))
    assert none.value.problems == (Problem.NO_DATES,)
    with pytest.raises(NotPossible) as many:
        weekly(plan, ines.person, last_date=FIRST + dt.timedelta(weeks=110))
    assert many.value.problems == (Problem.TOO_MANY_DATES,)


# --- what stands against a date ----------------------------------------------


def test_who_may_lead_is_judged_on_the_date_of_each_class(plan: dict[str, Any], programme: Programme) -> None:
    nia = InstructorFactory(programme=programme, credentials=[])
    CredentialFactory(instructor=nia, kind="dbs", expires_on=FIRST)
    with pytest.raises(DatesRefused) as refusal:
        weekly(plan | {"instructor": nia}, nia.person, last_date=FIRST + dt.timedelta(weeks=1))
    (only,) = refusal.value.obstacles
    assert (only.on, only.kind) == (FIRST + dt.timedelta(weeks=1), ObstacleKind.MAY_NOT_LEAD)
    assert only.credentials == (Reason("dbs", Why.EXPIRED, FIRST),)


def test_an_online_class_needs_insurance_for_online_classes(plan: dict[str, Any], programme: Programme) -> None:
    nia = InstructorFactory(programme=programme, credentials=[CredentialKind.DBS])
    remote = plan | {"instructor": nia, "mode": Mode.REMOTE, "venue": None, "room": None}
    with pytest.raises(DatesRefused) as refusal:
        publish_session(on=FIRST, by=nia.person, **remote)
    assert refusal.value.obstacles[0].credentials == (Reason("remote_insurance", Why.MISSING),)


def test_a_date_in_the_past_is_refused(plan: dict[str, Any], ines: Instructor) -> None:
    with pytest.raises(DatesRefused) as refusal:
        publish_session(on=TODAY, by=ines.person, **plan | {"start_time": dt.time(9)})
    assert kinds(refusal) == {(TODAY, ObstacleKind.PAST)}
    assert publish_session(on=TODAY, by=ines.person, **plan | {"start_time": dt.time(9, 1)}).pk


@pytest.mark.parametrize("open_end", [False, True])
def test_nobody_leads_while_away(plan: dict[str, Any], ines: Instructor, open_end: bool) -> None:
    start = dt.datetime(2026, 10, 6, 18, 30, tzinfo=UK)
    Unavailability.objects.create(instructor=ines, during=(start, None if open_end else start + dt.timedelta(hours=1)))
    with pytest.raises(DatesRefused) as refusal:
        publish_session(on=FIRST, by=ines.person, **plan)
    assert kinds(refusal) == {(FIRST, ObstacleKind.AWAY)}
    assert publish_session(on=FIRST, by=ines.person, **plan | {"start_time": dt.time(17, 30)}).pk


def test_one_class_may_begin_as_another_ends(plan: dict[str, Any], ines: Instructor) -> None:
    publish_session(on=FIRST, by=ines.person, **plan)
    assert publish_session(on=FIRST, by=ines.person, **plan | {"start_time": dt.time(19)}).pk


def test_a_cancelled_class_is_in_nobodys_way(plan: dict[str, Any], ines: Instructor) -> None:
    there = publish_session(on=FIRST, by=ines.person, **plan)
    SessionLeader.objects.filter(session=there).update(active=False)
    Session.objects.filter(pk=there.pk).update(
        status=SessionStatus.CANCELLED, cancelled_at=timezone.now(), cancel_reason="ill"
    )
    assert publish_session(on=FIRST, by=ines.person, **plan).pk


def test_a_hall_in_which_no_room_is_named_holds_one_class_at_a_time(
    plan: dict[str, Any], ines: Instructor, ivor: Instructor, programme: Programme
) -> None:
    whole = plan | {"room": None}
    there = publish_session(on=FIRST, by=ines.person, **whole)
    with pytest.raises(DatesRefused) as refusal:
        publish_session(on=FIRST, by=ivor.person, **whole | {"instructor": ivor})
    assert kinds(refusal) == {(there.occurs_on, ObstacleKind.ROOM_BUSY)}
    elsewhere = {"instructor": ivor, "venue": VenueFactory(programme=programme)}
    assert publish_session(on=FIRST, by=ivor.person, **whole | elsewhere).pk


@pytest.mark.parametrize("whole_hall_first", [True, False])
def test_the_whole_hall_and_a_room_of_it_are_in_each_others_way(
    plan: dict[str, Any], ines: Instructor, ivor: Instructor, whole_hall_first: bool
) -> None:
    hall, room = plan | {"room": None}, plan
    first, second = (hall, room) if whole_hall_first else (room, hall)
    there = publish_session(on=FIRST, by=ines.person, **first)
    with pytest.raises(DatesRefused) as refusal:
        publish_session(on=FIRST, by=ivor.person, **second | {"instructor": ivor})
    assert kinds(refusal) == {(there.occurs_on, ObstacleKind.ROOM_BUSY)}
    later = {"instructor": ivor, "start_time": dt.time(19)}  # the first ends then
    assert publish_session(on=FIRST, by=ivor.person, **second | later).pk


def test_two_rooms_of_one_hall_are_in_nobodys_way(plan: dict[str, Any], ines: Instructor, ivor: Instructor) -> None:
    publish_session(on=FIRST, by=ines.person, **plan)
    beside = {"instructor": ivor, "room": RoomFactory(venue=plan["venue"], name="Small room")}
    assert publish_session(on=FIRST, by=ivor.person, **plan | beside).pk


@pytest.mark.parametrize("shared", ["instructor", "room", "hall", "room_of_the_hall"])
def test_a_clash_that_only_the_database_saw_is_named_too(
    plan: dict[str, Any],
    ines: Instructor,
    ivor: Instructor,
    programme: Programme,
    monkeypatch: pytest.MonkeyPatch,
    shared: str,
) -> None:
    first = plan | ({"room": None} if shared.endswith("hall") else {})
    there = publish_session(on=FIRST, by=ines.person, **first)
    other = {
        "instructor": first | {"venue": VenueFactory(programme=programme), "room": None},
        "room": first | {"instructor": ivor},
        "hall": first | {"instructor": ivor},
        "room_of_the_hall": plan | {"instructor": ivor},
    }[shared]
    real, asked = publishing.obstacles_to, []

    def blind_at_first(*args: Any, **kwargs: Any) -> Any:
        asked.append(args)
        return real(*args, **kwargs) if len(asked) > 1 else ()

    monkeypatch.setattr(publishing, "obstacles_to", blind_at_first)
    with pytest.raises(DatesRefused) as refusal:
        publish_session(on=FIRST, by=ines.person, **other)
    assert [o.kind for o in refusal.value.obstacles] == ["instructor_busy" if shared == "instructor" else "room_busy"]
    assert refusal.value.obstacles[0].clash is not None
    assert refusal.value.obstacles[0].clash.session_id == there.pk


def test_another_refusal_of_the_database_is_not_dressed_up(
    plan: dict[str, Any], ines: Instructor, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_session(on=FIRST, by=ines.person, **plan)
    monkeypatch.setattr(publishing, "obstacles_to", lambda *args, **kwargs: ())
    with pytest.raises(IntegrityError):
        publish_session(on=FIRST, by=ines.person, **plan)


# --- the plan itself ---------------------------------------------------------


def for_one(plan: dict[str, Any]) -> dict[str, Any]:
    return {"class_type": ClassTypeFactory(programme=plan["instructor"].programme, one_to_one=True)}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda p: {"mode": Mode.IN_PERSON, "venue": None, "room": None}, Problem.VENUE_MISSING),
        (lambda p: {"mode": Mode.REMOTE, "room": None}, Problem.VENUE_NOT_WANTED),
        (lambda p: {"room": RoomFactory()}, Problem.ROOM_ELSEWHERE),
        (lambda p: {"class_type": ClassTypeFactory()}, Problem.OTHER_PROGRAMME),
        (lambda p: {"venue": VenueFactory(), "room": None}, Problem.OTHER_PROGRAMME),
        (
            lambda p: {"class_type": ClassTypeFactory(programme=p["instructor"].programme, active=False)},
            Problem.NOT_OFFERED,
        ),
        (lambda p: {"join_url": "javascript:alert(1)"}, Problem.LINK_NOT_SAFE),
        (lambda p: {"duration_minutes": 9}, Problem.DURATION),
        (lambda p: {"duration_minutes": 481}, Problem.DURATION),
        (lambda p: {"capacity": 501}, Problem.CAPACITY),
        (lambda p: {"reserved": 13}, Problem.RESERVED),
        (lambda p: {"reserved": 2, "walk_in": 11}, Problem.WALK_IN),
        (lambda p: for_one(p) | {"kind": SessionKind.ONE_TO_ONE}, Problem.ONE_TO_ONE_HOLDS_ONE),
        (for_one, Problem.KIND_IS_FOR_ONE),
    ],
)
def test_a_plan_that_cannot_be_held_is_refused_by_name(
    plan: dict[str, Any], ines: Instructor, change: Any, problem: Problem
) -> None:
    with pytest.raises(NotPossible) as refusal:
        publish_session(on=FIRST, by=ines.person, **plan | change(plan))
    assert refusal.value.problems == (problem,)
    assert not Session.objects.filter(leaders__instructor=ines).exists()


def test_somebody_stood_down_publishes_nothing(plan: dict[str, Any], ines: Instructor) -> None:
    ines.status = InstructorStatus.STOOD_DOWN
    with pytest.raises(NotPossible) as refusal:
        weekly(plan, ines.person)
    assert refusal.value.problems == (Problem.STOOD_DOWN,)


def test_a_one_to_one_has_one_place(plan: dict[str, Any], ines: Instructor) -> None:
    fields = plan | for_one(plan) | {"capacity": 1}
    session = publish_session(on=FIRST, kind=SessionKind.ONE_TO_ONE, by=ines.person, **fields)
    assert (session.kind, session.capacity, session.series) == ("one_to_one", 1, None)


@pytest.mark.parametrize(("which", "hour"), [(Which.FIRST, 0), (Which.SECOND, 1)])
def test_a_time_that_happens_twice_needs_saying_which(
    plan: dict[str, Any], ines: Instructor, which: Which, hour: int
) -> None:
    night = plan | {"start_time": dt.time(1, 30)}
    with pytest.raises(DatesRefused) as refusal:
        publish_session(on=dt.date(2026, 10, 25), by=ines.person, **night)
    assert kinds(refusal) == {(dt.date(2026, 10, 25), ObstacleKind.HAPPENS_TWICE)}
    session = publish_session(on=dt.date(2026, 10, 25), which=which, by=ines.person, **night)
    session.refresh_from_db()
    assert session.starts_at == dt.datetime(2026, 10, 25, hour, 30, tzinfo=dt.UTC)


# --- previews ----------------------------------------------------------------


def test_a_preview_tells_dates_clock_changes_and_obstacles_and_writes_nothing(
    plan: dict[str, Any], ines: Instructor
) -> None:
    there = publish_session(on=FIRST, by=ines.person, **plan)
    preview = preview_series(first_date=FIRST, last_date=FIRST + dt.timedelta(weeks=25), **plan)
    assert [p.on for p in preview.refused] == [there.occurs_on]
    assert len(preview.dates) == 26
    assert [p.later for p in preview.dates].count(True) == 14
    assert preview.clock_changes == (dt.date(2026, 10, 25), dt.date(2027, 3, 28))
    assert preview.problems == ()
    assert Series.objects.count() == 0


def test_a_preview_judges_the_clock_on_far_dates_but_not_who_is_where(plan: dict[str, Any], ines: Instructor) -> None:
    far = dt.date(2027, 3, 28)
    SessionFactory(programme=ines.programme, leader=ines, starts_at=dt.datetime(2027, 3, 21, 1, 30, tzinfo=UK))
    preview = preview_series(
        first_date=far - dt.timedelta(weeks=1), last_date=far, **plan | {"start_time": dt.time(1, 30)}
    )
    assert [(p.on, p.span is None) for p in preview.refused] == [(far, True)]


def test_a_preview_of_nothing_says_so(plan: dict[str, Any]) -> None:
    preview = preview_series(first_date=FIRST, last_date=FIRST, excluded_dates=[FIRST], **plan)
    assert (preview.problems, preview.dates, preview.clock_changes) == ((Problem.NO_DATES,), (), ())


def test_a_single_date_is_previewed_too(plan: dict[str, Any]) -> None:
    (planned,) = preview_session(on=dt.date(2026, 10, 25), **plan | {"start_time": dt.time(1, 30)}).dates
    assert [o.kind for o in planned.obstacles] == [ObstacleKind.HAPPENS_TWICE]


# --- coming dates ------------------------------------------------------------


def test_materialising_twice_adds_nothing(programme: Programme) -> None:
    series = SeriesFactory(instructor=InstructorFactory(programme=programme))
    until = TODAY + HORIZON
    assert materialise(until=until, by=System.WORKER).made == 12
    assert materialise(until=until, by=System.WORKER).made == 0
    series.refresh_from_db()
    assert series.materialised_until == until
    assert series.sessions.count() == 12


def test_a_shorter_run_does_not_take_the_horizon_back(programme: Programme) -> None:
    series = SeriesFactory(instructor=InstructorFactory(programme=programme))
    for until in (TODAY + HORIZON, TODAY):
        materialise(until=until, by=System.WORKER)
    series.refresh_from_db()
    assert series.materialised_until == TODAY + HORIZON


def test_a_cancelled_date_never_comes_back(programme: Programme, dee: User) -> None:
    series = SeriesFactory(instructor=InstructorFactory(programme=programme))
    materialise(until=TODAY + HORIZON, by=System.WORKER)
    gone = series.sessions.order_by("starts_at")[3]
    cancel_session(session=gone, reason="hall is shut", by=dee.person)
    assert materialise(until=TODAY + HORIZON, by=System.WORKER).made == 0
    assert series.sessions.get(occurs_on=gone.occurs_on).is_cancelled


def test_dates_missed_in_the_past_stay_missed(programme: Programme) -> None:
    series = SeriesFactory(instructor=InstructorFactory(programme=programme), first_date=TODAY - dt.timedelta(weeks=2))
    materialise(until=TODAY + dt.timedelta(weeks=1), by=System.WORKER)
    assert list(series.sessions.values_list("occurs_on", flat=True)) == [TODAY + dt.timedelta(weeks=1)]


def test_a_finished_series_is_left_alone(programme: Programme) -> None:
    SeriesFactory(
        instructor=InstructorFactory(programme=programme),
        first_date=TODAY - dt.timedelta(weeks=9),
        last_date=TODAY - dt.timedelta(weeks=1),
    )
    assert materialise(until=TODAY + HORIZON, by=System.WORKER).made == 0


def test_a_date_that_cannot_be_held_becomes_one_task_and_the_others_are_made(programme: Programme) -> None:
    nia = InstructorFactory(programme=programme, credentials=[])
    CredentialFactory(instructor=nia, kind="remote_insurance", expires_on=TODAY + HORIZON - dt.timedelta(weeks=1))
    series = SeriesFactory(instructor=nia)
    for _ in range(2):
        done = materialise(until=TODAY + HORIZON, by=System.WORKER)
    assert [o.kind for o in done.refused] == [ObstacleKind.MAY_NOT_LEAD]
    assert series.sessions.count() == 11
    task = Task.objects.get(kind="date_not_published")
    assert (task.subject_id, task.context["why"]) == (series.pk, ["may_not_lead"])


def test_the_task_is_taken_back_once_the_date_is_made(programme: Programme) -> None:
    nia = InstructorFactory(programme=programme, credentials=[])
    SeriesFactory(instructor=nia, last_date=TODAY + dt.timedelta(days=1))
    materialise(until=TODAY + HORIZON, by=System.WORKER)
    CredentialFactory(instructor=nia, kind="remote_insurance")
    assert materialise(until=TODAY + HORIZON, by=System.WORKER).made == 1
    assert Task.objects.get(kind="date_not_published").state == TaskState.CANCELLED


def test_a_series_whose_instructor_left_makes_no_dates_but_tasks(programme: Programme) -> None:
    nia = InstructorFactory(programme=programme, status=InstructorStatus.STOOD_DOWN)
    SeriesFactory(instructor=nia, last_date=TODAY + dt.timedelta(days=1))
    done = materialise(until=TODAY + HORIZON, by=System.WORKER)
    assert (done.made, [o.problems for o in done.refused]) == (0, [(Problem.STOOD_DOWN,)])
    assert Task.objects.get(kind="date_not_published").context["why"] == ["not_possible"]


def test_the_nightly_job_makes_the_dates_of_the_next_twelve_weeks(programme: Programme) -> None:
    SeriesFactory(instructor=InstructorFactory(programme=programme))
    make_coming_dates()
    assert Session.objects.count() == 12
    assert not Attendance.objects.exists()
    events = Session.pgh_event_model.objects.all()
    assert {e.pgh_context["by"] for e in events} == {"system:worker"}
