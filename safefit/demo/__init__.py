"""The demonstration: a made-up programme of six hundred people, nine months old.

`seed` fills an empty copy, once, in one transaction, and publishes a summary. What happened is drawn by
safefit/demo/story; the modules beside it write the rows. Called by `manage.py seed_demo` alone, which refuses a
copy that is for real people.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from accounts.history import System, acting
from accounts.models import Organisation, Person, Programme, User
from classes.models import ClassType, Session, Venue
from instructors.models import Instructor
from outcomes.asking.planning import refresh_windows, wellbeing_check_of
from outcomes.asking.windows import Due
from outcomes.models import ReleaseState
from outcomes.releases import release
from participants.content import PHASES, TIMEPOINTS, install
from participants.models import Participant
from safefit.demo import (
    answers,
    bookings,
    cast,
    checks,
    desk,
    drafts,
    letters,
    members,
    one_to_ones,
    outside,
    people,
    places,
    safety,
    timetable,
    today,
)
from safefit.demo.instructors import make_instructors
from safefit.demo.story import PEOPLE, Story, tell
from safefit.demo.story.attending import Phase
from safefit.demo.story.lives import PAT, QUINN
from safefit.demo.teaching import leave_work_about_instructors

AREAS = ["Dorset", "Hampshire", "Isle of Wight"]


@dataclass(frozen=True)
class _House:
    """What there was before anybody joined."""

    programme: Programme
    organisations: dict[str, Organisation]
    staff: dict[str, User]
    class_types: dict[str, ClassType]
    venues: dict[str, Venue]
    instructors: dict[str, Instructor]

    @property
    def desk(self) -> Person:
        return self.staff["dee"].person


def seed(how_many: int = PEOPLE) -> bool:
    """Fill an empty copy; False, and nothing changed, where anybody is there already.

    `how_many`: take part, beside the three newcomers. With fewer it is sooner done, and less to look at.
    """
    with acting(System.COMMAND, "demo.seed"):
        if Person.objects.exists():
            return False
        house = _make_house()
        story = story_of_today(how_many)
        joined, sessions = _write(story, house)
        _let_the_database_look()
        _make_today(story, house, joined, sessions)
        refresh_windows(on=story.today, by=System.COMMAND)  # who was told weeks ago is reminded, or rung, as of today
    _publish_a_summary(house.programme, house.organisations["alliance"], by=house.desk)
    return True


def story_of_today(how_many: int = PEOPLE) -> Story:
    """What has happened by today, in a programme of the shape that every programme begins with."""
    return tell(
        timezone.localdate(),
        phases=[Phase(weeks, most, per_weeks) for _, weeks, _, most, per_weeks in PHASES],
        timepoints={code: Due(day, before, after) for code, _, day, before, after in TIMEPOINTS},
        people=how_many,
    )


def _make_house() -> _House:
    body = Organisation.objects.create(slug="safefit", name="SafeFit Demo Partnership")
    programme = Programme.objects.create(
        name="SafeFit Wessex", slug="wessex", run_by=body, areas=AREAS, areas_served=AREAS
    )
    install(programme, System.COMMAND)
    organisations = cast.make_organisations(programme)
    staff = cast.make_staff(programme, organisations)
    return _House(
        programme=programme,
        organisations=organisations,
        staff=staff,
        class_types=places.make_class_types(programme),
        venues=places.make_venues(programme),
        instructors=make_instructors(staff, programme, verified_by=staff["dee"].person),
    )


def _write(story: Story, house: _House) -> tuple[list[Participant], list[Session]]:
    """The rows of nine months."""
    series = timetable.make_series(house.programme, house.class_types, house.venues, house.instructors)
    joined = members.make_members(story, house.programme, house.staff)
    checks.make_checks(story, joined, house.staff)
    sessions = timetable.make_dates(story, series)
    booked = bookings.make_bookings(story, joined, sessions, series, desk=house.desk)
    questionnaire = wellbeing_check_of(house.programme, by=System.COMMAND)
    asked = answers.make_answers(story, joined, questionnaire, desk=house.desk)
    letters.make_messages(story, joined, booked, asked, house.staff)
    drafts.leave_drafts(story, house.programme)
    return joined, sessions


def _let_the_database_look() -> None:
    """Count what has just been written: a table that was empty a moment ago is still planned for as if it were."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _make_today(story: Story, house: _House, joined: list[Participant], sessions: list[Session]) -> None:
    """What the cast finds: a register to take, newcomers, and work at the desk."""
    hall, kind = house.venues["Hamworthy Demo Hall"], house.class_types["Balance and breathing"]
    group = [joined[number] for number in story.group]
    today.make_class_of_today(house.programme, kind, hall, house.instructors["ines"], group)
    begins = house.class_types["First conversation"]
    one_to_ones.begin_with(begins)
    single = today.publish_single_dates(house.class_types, house.instructors["ivor"])
    one_to_ones.give_times(begins, hall, house.instructors["ines"], house.instructors["ivor"])
    known = {"pat": joined[PAT], "quinn": joined[QUINN]}
    known |= people.register_newcomers(house.programme, desk=house.desk)
    people.make_supporters(known, desk=house.desk)
    today.book_for_newcomers(known, single[-1], desk=house.desk)
    today.call_one_off(sessions, desk=house.desk, keep=list(known.values()))
    leave_work_about_instructors(house.instructors)
    desk.keep_a_rota(house.programme, house.staff, by=house.desk)
    desk.make_work(story, joined, [*known.values(), *group], by=house.staff["dot"].person)
    safety.report_what_went_wrong(house.staff)
    outside.refer_somebody(house.programme)
    outside.write_to_clinical_teams(known, joined, by=house.desk)
    outside.tell_of_a_study(known["pat"], by=house.desk)


def _publish_a_summary(programme: Programme, partner: Organisation, *, by: Person) -> None:
    """One summary for the partner, built as any other; left unpublished where it would not be safe."""
    asked = release.request_release(programme=programme, organisation=partner, by=by)
    if release.build_release(release=asked, by=by).state == ReleaseState.BUILT:
        release.publish_release(release=asked, by=by)
