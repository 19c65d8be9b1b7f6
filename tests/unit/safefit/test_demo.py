"""The demonstration, loaded into a real database: as large and as lively as it says, and true in every row."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter

import pytest
import time_machine
from django.db.models import Count, Q
from django.utils import timezone

from accounts.demo import demo_people
from accounts.models import Agreement, ContactPoint, Organisation, Person
from accounts.permissions import Role
from classes.models import Attendance, Booking, BookingState, CoverRequest, Fact, Mode, Series, Session, Venue
from instructors.credentials import Why, reasons_against_leading
from instructors.models import CredentialKind, Evidence, Instructor
from instructors.standing import held_by
from messaging.models import Task, TaskState
from outcomes.counting import bands
from outcomes.disclosure.exported import read
from outcomes.disclosure.from_files import attack_files
from outcomes.models import Release, ReleaseState, Response, StudyInvitation, StudyState
from outcomes.releases.export import export_of
from outcomes.studies.shown import K
from participants.models import (
    AccessNeed,
    Clearance,
    ClinicalLetter,
    Enrolment,
    Participant,
    Phase,
    Referrer,
    Registration,
)
from participants.rules.letter_rules import CLINICAL_LETTER, LetterKind
from participants.taking_part import ending
from safefit import demo
from tests.unit.safefit.demo_claims import CLAIMS, Claim

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
AREAS = ["Dorset", "Hampshire", "Isle of Wight"]
COUNTS: list[Claim] = []


def size(one: Claim) -> Claim:
    COUNTS.append(one)
    return one


@size
def there_is_a_programme_of_26_weeks_in_three_phases_and_three_bodies() -> None:
    assert [phase.weeks for phase in Phase.objects.order_by("order")] == [4, 9, 13]
    assert Organisation.objects.count() == 3
    assert [agreement.organisation.slug for agreement in Agreement.objects.all()] == ["alliance"]


@size
def there_are_eight_venues_in_three_areas_and_not_everything_is_known_of_them() -> None:
    assert Counter(Venue.objects.values_list("area", flat=True)) == {"Dorset": 3, "Hampshire": 3, "Isle of Wight": 2}
    for fact in ("step_free", "accessible_toilet", "hearing_loop", "parking"):
        assert set(Venue.objects.values_list(fact, flat=True)) == set(Fact.values), fact
    assert not Venue.objects.filter(Q(rooms=None) | Q(getting_there="") | Q(defibrillator="")).exists()


@size
def there_are_twelve_instructors_of_whom_some_may_not_lead_everything() -> None:
    today = timezone.localdate()
    held = [held_by(instructor) for instructor in Instructor.objects.order_by("pk")]
    reasons = [reasons_against_leading(one, CredentialKind.values, today) for one in held]
    assert len(held) == 12 and reasons[:2] == [(), ()]
    assert {reason.why for some in reasons for reason in some} == {Why.EXPIRED, Why.UNVERIFIED, Why.MISSING}
    assert any(reasons_against_leading(one, CredentialKind.values, today + dt.timedelta(days=30)) for one in held[:8])
    assert Task.objects.filter(kind="date_not_published", state=TaskState.OPEN).exists()


@size
def somebody_sent_a_renewal_something_runs_out_and_a_class_wants_cover() -> None:
    asked = set(Task.objects.filter(state=TaskState.OPEN).values_list("kind", flat=True))
    assert {"credential_to_check", "credential_runs_out"} <= asked
    assert Evidence.objects.get().credential.verified_at is None
    assert CoverRequest.objects.wanted().get().invitations.exists()


@size
def there_are_forty_classes_that_come_back() -> None:
    assert Series.objects.count() == 40
    assert set(Series.objects.values_list("interval_weeks", flat=True)) == {1, 2}
    assert Series.objects.filter(mode=Mode.REMOTE).count() > 12
    assert set(Series.objects.filter(mode=Mode.IN_PERSON).values_list("venue__area", flat=True)) == set(AREAS)
    assert set(Session.objects.values_list("starts_at__iso_week_day", flat=True)) == set(range(1, 8))


@size
def there_are_600_people_at_every_stage() -> None:
    assert Participant.objects.count() == 600
    statuses = Counter(Participant.objects.values_list("status", flat=True))
    assert not Counter({"active": 250, "completed": 60, "withdrawn": 60, "paused": 5}) - statuses, statuses
    states = Counter(Clearance.objects.in_force().values_list("state", flat=True))
    least = Counter({"cleared": 200, "cleared_adapted": 100, "needs_review": 4, "not_suitable": 3})
    assert not least - states, states
    assert Registration.objects.unfinished().count() >= 10
    assert Registration.objects.filter(status="not_eligible").count() >= 2
    recently = timezone.now() - dt.timedelta(days=14)
    assert Participant.objects.filter(registered_at__gt=recently).count() > 10
    never = Participant.objects.filter(registered_at__lt=recently).exclude(bookings__attendances__state="attended")
    assert never.count() > 20


@size
def they_look_like_a_list_of_people() -> None:
    people = Person.objects.filter(participations__isnull=False)
    names = Counter(people.values_list("given_name", "family_name"))
    assert len(names) > 590 and max(names.values()) == 2
    assert people.filter(family_name__contains="-").count() > 10
    assert people.filter(family_name__contains="'").exists()
    ages = [timezone.localdate().year - person.date_of_birth.year for person in people if person.date_of_birth]
    assert min(ages) < 35 and max(ages) > 85
    assert len({name.split()[0] for name, _ in names}) > 200
    assert max(len(person.full_name) for person in people) > 50


@size
def some_have_only_a_telephone_and_some_need_something_of_us() -> None:
    without = Participant.objects.exclude(person__contact_points__channel="email")
    assert 40 < without.count() < 150
    assert not Participant.objects.filter(person__contact_points=None).exists()
    assert not ContactPoint.objects.values("person").annotate(n=Count("pk", filter=Q(preferred=True))).exclude(n=1)
    assert 60 < AccessNeed.objects.values("person").distinct().count() < 200
    assert AccessNeed.objects.values("kind").distinct().count() > 8
    assert Participant.objects.exclude(emergency_phone="").count() > 540


@size
def classes_are_full_nearly_full_and_waited_for() -> None:
    soon = timezone.now() + dt.timedelta(days=28)
    ahead = list(Session.objects.published().filter(starts_at__gt=timezone.now(), starts_at__lt=soon))
    assert sum(s.places_left == 0 for s in ahead) >= 8
    assert sum(s.places_left in (1, 2) for s in ahead) >= 8
    waiting = Booking.objects.filter(state=BookingState.WAITING, session__in=ahead)
    assert waiting.values("session").distinct().count() >= 4 and waiting.count() >= 8


@size
def quinn_is_first_in_the_queue_of_a_full_class() -> None:
    quinn = Participant.objects.get(person__user__email="quinn@demo.safefit.example")
    waiting = quinn.bookings.get(state=BookingState.WAITING)
    assert waiting.session.places_left == 0
    assert waiting.session.bookings.waiting().first() == waiting and waiting.book_automatically


@size
def nine_months_of_registers_and_answers_lie_behind() -> None:
    first = timezone.now() - dt.timedelta(days=230)
    assert Attendance.objects.filter(session__starts_at__lt=first).exists()
    assert Attendance.objects.count() > 4000
    assert len(set(Attendance.objects.values_list("state", flat=True))) >= 5
    sent = Counter(Response.objects.filter(submitted_at__isnull=False).values_list("assessment__timepoint__code"))
    start, later, last = sent[("start",)], sent[("w12",)], sent[("w26",)]
    assert start > 450 and 120 < later < start and 40 < last < later


@size
def the_desk_has_a_handful_of_things_to_do_one_of_them_late() -> None:
    tasks = Task.objects.to_do()
    assert 10 <= tasks.count() <= 40
    assert tasks.values("kind").distinct().count() >= 6
    assert tasks.filter(due_at__lt=timezone.now() - dt.timedelta(days=1)).exists()
    assert tasks.exclude(owner=None).exists()


@size
def whose_programme_ends_soon_was_told_when_it_came_near_and_not_in_the_first_night() -> None:
    assert Enrolment.objects.exclude(closes_on=None).count() > 20
    assert ending.see_to_ends(on=timezone.localdate()) <= 4


@size
def a_summary_is_published_in_which_every_area_has_figures() -> None:
    release = Release.objects.get(state=ReleaseState.PUBLISHED)
    assert release.groups["area"] == [*AREAS, bands.BY_NAME["area"].rest]
    for where in ({}, *({"area": area} for area in AREAS)):
        shown = set(release.cells.filter(where=where, status="shown").values_list("measure", flat=True))
        assert {"funnel.registered", "funnel.regular", "visits.share", "total.w12.change"} <= shown, where


@size
def nobody_can_be_found_by_whoever_has_the_file_of_the_summary_alone() -> None:
    release = Release.objects.get(state=ReleaseState.PUBLISHED)
    assert attack_files([read(json.dumps(export_of(release)))]).survived


@size
def a_referral_waits_letters_to_clinical_teams_were_sent_and_wait_and_a_study_is_told_of() -> None:
    assert Referrer.objects.count() == 1
    assert [letter.kind for letter in ClinicalLetter.objects.all()] == [LetterKind.START]
    waiting = Task.objects.to_do().filter(kind=CLINICAL_LETTER)
    assert {task.context["letter"] for task in waiting} == {LetterKind.START, LetterKind.END}
    told = StudyInvitation.objects.filter(study__state=StudyState.OPEN)
    pat = Person.objects.get(user__email__startswith="pat@")
    assert K <= told.count() < 60 and told.filter(participant__person=pat).exists()


@size
def the_list_of_demo_people_holds_the_named_cast_alone() -> None:
    people = demo_people()
    assert {person.slug for person in people} == {
        "pat", "quinn", "rory", "rosa", "sam", "sue", "ines", "ivor", "dee", "dot", "clare", "colin", "sadie", "saul",
        "ada", "alan", "omar", "olive", "petra", "piers", "nell",
    }  # fmt: skip
    roles = Counter(person.role for person in people)
    assert all(roles[role.value] >= 2 for role in Role)


def test_the_demonstration_is_as_large_as_it_says_and_true_in_every_row(subtests: pytest.Subtests) -> None:
    assert demo.seed()
    for one in (*COUNTS, *CLAIMS):
        with subtests.test(one.__name__.replace("_", " ")):
            one()
    assert not demo.seed()
    assert Participant.objects.count() == 600


@pytest.mark.parametrize(
    "moment", ["2027-03-29T03:00:00+01:00", "2027-02-01T23:50:00+00:00", "2027-07-03T00:05:00+01:00"]
)
def test_it_is_alive_and_true_at_any_hour_of_any_season(moment: str, subtests: pytest.Subtests) -> None:
    with time_machine.travel(dt.datetime.fromisoformat(moment), tick=False):
        assert demo.seed(how_many=60)
        for one in CLAIMS:
            with subtests.test(one.__name__.replace("_", " ")):
                one()
