from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Person
from classes.models import Attendance, AttendanceState, Booking, BookingState, Guest
from classes.safety_summary import CHECK_STOP, SummaryLine
from outcomes.counting import gathering
from outcomes.counting.bands import BY_NAME
from outcomes.counting.gathering import cohort_of, counted_people, events_of, lengths_of, timings_of
from outcomes.counting.safety_figures import CHECK_STOPS, REPORTS, Event
from outcomes.counting.taking_part import TakingPart
from participants.models import ConsentKind, EnrolmentPause, Equality, Participant, Source
from participants.rules.programme_time import Pause
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.one_by_one import Journey, journeys_in
from tests.factories.outcomes import AssessmentFactory, answers_of, attended, consents, sent_form, timepoints_of
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db


def _ago(days: int) -> dt.date:
    return timezone.localdate() - dt.timedelta(days=days)


def _journeys(pat: Participant, *, as_at: dt.date | None = None) -> list[Journey]:
    return journeys_in(cohort_of(pat.programme, as_at=as_at or timezone.localdate()))


def test_only_people_who_agree_at_this_moment_are_counted(pat: Participant, quinn: Participant) -> None:
    ParticipantFactory(programme=pat.programme)  # never asked
    consents(pat)
    consents(quinn)
    assert set(counted_people(pat.programme)) == {pat, quinn}
    consents(quinn, given=False)
    assert list(counted_people(pat.programme)) == [pat]
    consents(quinn, given=True)
    assert set(counted_people(pat.programme)) == {pat, quinn}


def test_another_consent_does_not_stand_in_for_it(pat: Participant) -> None:
    consents(pat, ConsentKind.RESEARCH)
    assert not counted_people(pat.programme).exists()


def test_people_of_another_programme_are_not_counted(pat: Participant) -> None:
    consents(ParticipantFactory())
    assert _journeys(pat) == []


def test_a_journey_holds_classes_forms_and_pauses(pat: Participant) -> None:
    consents(pat)
    start, *_ = timepoints_of(pat.programme)
    attended(pat, _ago(40))
    attended(pat, _ago(33), AttendanceState.ABSENT_TOLD)
    attended(pat, _ago(26), AttendanceState.SERVICE_CANCELLED)
    attended(pat, _ago(19), AttendanceState.ATTENDED_IN_PART)
    EnrolmentPause.objects.create(
        enrolment=pat.enrolments.get(), starts_on=_ago(11), ends_on=_ago(3), reason="treatment"
    )
    sent_form(AssessmentFactory(participant=pat, timepoint=start), answers_of(6), on=_ago(41))
    (journey,) = _journeys(pat)
    assert (journey.about["area"], journey.cleared) == ("Dorset", True)
    assert (journey.took.attended, journey.took.due) == (2, 3)
    assert (journey.took.came, journey.came_on) == (2, (_ago(40),))
    assert journey.pauses == (Pause(_ago(11), _ago(3)),)
    assert journey.forms["start"].on == _ago(41)
    assert journey.forms["start"].scores["body"] == pytest.approx(60)
    assert "change" not in journey.forms["start"].scores


def test_a_week_with_a_pause_in_it_counts_no_class_as_due_or_attended_and_a_class_is_still_a_class(
    pat: Participant,
) -> None:
    consents(pat)
    monday = _ago(28) - dt.timedelta(days=_ago(28).weekday())
    days = {name: monday + dt.timedelta(days=n) for n, name in enumerate(["mon", "tue", "wed", "thu", "fri"])}
    EnrolmentPause.objects.create(
        enrolment=pat.enrolments.get(), starts_on=days["wed"], ends_on=days["thu"], reason="treatment"
    )
    attended(pat, days["mon"])
    attended(pat, days["tue"], AttendanceState.ABSENT_UNTOLD)
    attended(pat, days["fri"], AttendanceState.ABSENT_UNTOLD)
    attended(pat, days["fri"] + dt.timedelta(weeks=1))
    attended(pat, days["mon"] - dt.timedelta(days=1), AttendanceState.ABSENT_TOLD)
    (journey,) = _journeys(pat)
    assert (journey.took.attended, journey.took.due, journey.took.came) == (1, 2, 2)
    assert journey.came_on == (days["mon"],)


def test_a_break_of_somebody_who_is_not_counted_is_nobody_elses(pat: Participant, quinn: Participant) -> None:
    consents(pat)
    EnrolmentPause.objects.create(
        enrolment=quinn.enrolments.get(), starts_on=_ago(11), ends_on=_ago(3), reason="treatment"
    )
    (journey,) = _journeys(pat)
    assert (journey.person, journey.pauses) == (pat.pk, ())


def test_a_walk_in_is_a_class_attended_and_was_not_due(pat: Participant) -> None:
    consents(pat)
    session = SessionFactory(programme=pat.programme, starts_at=timezone.now() - dt.timedelta(days=2))
    guest = Guest.objects.create(session=session, participant=pat)
    Attendance.objects.create(session=session, guest=guest, state="attended", marked_at=timezone.now(), by=pat.person)
    (journey,) = _journeys(pat)
    assert (journey.took.due, journey.took.came, journey.came_on) == (0, 1, (_ago(2),))


def _gives_back(person: Participant, hours: float, *, days: int = 5, reason: str = "travel", **more: object) -> Booking:
    starts_at = timezone.now() - dt.timedelta(days=days)
    session = SessionFactory(programme=person.programme, starts_at=starts_at)
    booking: Booking = BookingFactory(participant=person, session=session, **more)
    booking.state, booking.end_reason = BookingState.CANCELLED, reason
    booking.ended_at = starts_at - dt.timedelta(hours=hours)
    booking.save()
    return booking


def test_a_place_given_back_late_was_due_and_one_given_back_in_time_was_not(pat: Participant) -> None:
    consents(pat)
    _gives_back(pat, 23)
    _gives_back(pat, 25, days=9)
    _gives_back(pat, 1, days=12, reason="not_cleared")  # not theirs to keep: the service ended it
    _gives_back(pat, 1, days=15, state=BookingState.WAITING)  # a wish, and never a place
    (journey,) = _journeys(pat)
    assert (journey.took.due, journey.took.given_back_late, journey.took.missed) == (1, 1, 0)


def test_a_place_given_back_late_and_marked_all_the_same_counts_once_by_its_mark(pat: Participant) -> None:
    consents(pat)
    booking = _gives_back(pat, 2)
    Attendance.objects.create(
        session=booking.session, booking=booking, state="attended", marked_at=timezone.now(), by=pat.person
    )
    (journey,) = _journeys(pat)
    assert (journey.took.due, journey.took.given_back_late, journey.took.attended) == (1, 0, 1)


def test_the_plan_says_what_was_offered_and_the_classes_how_long_it_lasted(pat: Participant) -> None:
    consents(pat)
    attended(pat, _ago(40))
    attended(pat, _ago(33))
    (journey,) = _journeys(pat)
    assert journey.took.offered >= journey.took.due == 2
    shortest, longest = lengths_of(pat.programme, as_at=timezone.localdate()) or (0, 0)
    assert 2 * shortest <= journey.took.minutes <= 2 * longest
    assert lengths_of(pat.programme, as_at=_ago(400)) is None


def test_only_the_mark_in_force_counts(pat: Participant) -> None:
    consents(pat)
    mark = attended(pat, _ago(5))
    later = timezone.now() + dt.timedelta(minutes=1)
    Attendance.objects.create(
        session=mark.session, booking=mark.booking, state="absent_untold", marked_at=later, received_at=later,
        by=pat.person,
    )  # fmt: skip
    (journey,) = _journeys(pat)
    assert (journey.took.attended, journey.took.due, journey.came_on) == (0, 1, ())


def test_nothing_after_the_date_is_counted(pat: Participant, quinn: Participant) -> None:
    consents(pat)
    consents(quinn)
    Participant.objects.filter(pk=pat.pk).update(registered_at=timezone.now() - dt.timedelta(days=60))
    start, *_ = timepoints_of(pat.programme)
    attended(pat, _ago(5))
    sent_form(AssessmentFactory(participant=pat, timepoint=start), answers_of(6), on=_ago(5))
    (journey,) = _journeys(pat, as_at=_ago(6))
    assert (journey.came_on, dict(journey.forms)) == ((), {})


def test_what_is_recorded_of_somebody_is_read_as_it_is(pat: Participant, quinn: Participant) -> None:
    for person in (pat, quinn):
        consents(person)
    Equality.objects.create(participant=pat, sex="female", ethnicity="white", cancer_type="breast")
    Equality.objects.create(participant=quinn, deprivation_quintile=2)
    Participant.objects.filter(pk=pat.pk).update(source=Source.REFERRAL)
    Participant.objects.filter(pk=quinn.pk).update(area="")
    Person.objects.filter(pk=pat.person_id).update(date_of_birth=timezone.localdate() - dt.timedelta(days=70 * 366))
    Person.objects.filter(pk=quinn.person_id).update(date_of_birth=None)
    about = [journey.about for journey in _journeys(pat)]
    assert about == [
        {
            "area": "Dorset", "age": "65 to 74", "sex": "female", "ethnicity": "white", "cancer": "breast",
            "deprivation": "", "source": "referral",
        },
        {"area": "", "age": "", "sex": "", "ethnicity": "", "cancer": "", "deprivation": "2", "source": "self"},
    ]  # fmt: skip
    assert set(BY_NAME["source"].bands) == set(Source.values), "every way to us has a name in summaries"


def test_what_went_wrong_is_read_as_numbers(pat: Participant, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        SummaryLine("2026-Q4", "incident", "low", 3, 3, 5, 2, 1, 6),
        SummaryLine("2026-Q4", CHECK_STOP, "", 9, *[None] * 5),
    ]
    monkeypatch.setattr(gathering, "safety_summary", lambda programmes, *, end: lines)
    assert events_of(pat.programme, as_at=timezone.localdate()) == [
        Event("2026-Q4", "incident", "low", REPORTS, 3, 1, 2),
        Event("2026-Q4", CHECK_STOP, "", CHECK_STOPS, 9),
    ]


def test_somebody_never_enrolled_or_cleared_is_counted_as_registered(pat: Participant) -> None:
    somebody = ParticipantFactory(programme=pat.programme, clearance=False)
    somebody.enrolments.all().delete()
    consents(somebody)
    (journey,) = _journeys(pat)
    assert (journey.cleared, journey.took, journey.pauses) == (False, TakingPart(), ())


def test_reading_takes_the_same_queries_however_many_people(pat: Participant) -> None:
    start, *_ = timepoints_of(pat.programme)

    def queries(more: int) -> int:
        for _ in range(more):
            person = ParticipantFactory(programme=pat.programme)
            consents(person)
            attended(person, _ago(3))
            sent_form(AssessmentFactory(participant=person, timepoint=start), answers_of(4), on=_ago(3))
        with CaptureQueriesContext(connection) as captured:
            _journeys(pat)
        return len(captured)

    assert queries(1) == queries(3)


def test_the_first_timepoint_is_the_start(pat: Participant) -> None:
    timepoints_of(pat.programme)
    assert [(timing.code, timing.due.day) for timing in timings_of(pat.programme)] == [
        ("start", 0),
        ("w12", 84),
        ("w26", 182),
    ]
