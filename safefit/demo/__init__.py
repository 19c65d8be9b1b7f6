"""The demonstration: made-up people and nine months of a made-up programme.

`seed` fills an empty copy, once, in one transaction, and publishes a summary. Called by `manage.py
seed_demo` alone, which refuses a copy that is for real people.
"""

from __future__ import annotations

from accounts.history import System, acting
from accounts.models import Organisation, Person, Programme
from classes.models import Series
from outcomes import release
from outcomes.models import ReleaseState
from outcomes.planning import wellbeing_check_of
from participants.content import install
from participants.models import Participant
from safefit.demo import cast, coming, past, people, places


def seed() -> bool:
    """Fill an empty copy; False, and nothing changed, where anybody is there already."""
    with acting(System.COMMAND, "demo.seed"):
        if Person.objects.exists():
            return False
        programme = _programme()
        organisations = cast.make_organisations(programme)
        staff = cast.make_staff(programme, organisations)
        desk, clinic = staff["dee"].person, staff["clare"].person
        instructors = {
            slug: cast.make_instructor(staff[slug], programme, verified_by=desk) for slug in ("ines", "ivor")
        }
        class_types, venues = places.make_class_types(programme), places.make_venues(programme)
        series = places.make_series(programme, class_types, venues, instructors)
        regulars = _history(programme, series, clinic)
        known = people.name_the_regulars(regulars[:2], programme)
        coming.make_coming_dates(desk=desk)
        coming.publish_one_offs(class_types, instructors)
        coming.make_class_of_today(
            programme,
            class_types["Balance and breathing"],
            venues["Hamworthy Demo Hall"],
            instructors["ines"],
            regulars[:7],
        )
        known |= people.register_newcomers(programme, desk=desk)
        people.make_supporters(known, desk=desk)
        coming.book_places(known, regulars[7:])
    _publish_a_summary(programme, organisations["alliance"], by=desk)
    return True


def _publish_a_summary(programme: Programme, partner: Organisation, *, by: Person) -> None:
    """One summary for the partner, built as any other; left unpublished where it would not be safe."""
    asked = release.request_release(programme=programme, organisation=partner, by=by)
    if release.build_release(release=asked, by=by).state == ReleaseState.BUILT:
        release.publish_release(release=asked, by=by)


def _programme() -> Programme:
    areas = ["Dorset", "Hampshire", "Isle of Wight"]
    body = Organisation.objects.create(slug="safefit", name="SafeFit Demo Partnership")
    programme = Programme.objects.create(
        name="SafeFit Wessex", slug="wessex", run_by=body, areas=areas, areas_served=areas
    )
    install(programme, System.COMMAND)
    return programme


def _history(programme: Programme, series: list[Series], clinic: Person) -> list[Participant]:
    """The past of everybody; returns the participants, Pat and Quinn first."""
    sessions = past.make_past_sessions(series)
    stories = past.make_past_people(programme, series, by=clinic)
    past.make_past_attendance(stories, sessions)
    past.make_past_answers(stories, wellbeing_check_of(programme, by=System.COMMAND))
    return [story.participant for story in stories]
