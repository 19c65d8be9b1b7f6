"""What stands on both records and can stand on one only once: which counts, and where the other one is kept."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.happenings import in_history
from accounts.models import ContactPoint, Membership, User
from accounts.permissions import Role
from classes.models import Attendance, AttendanceState, Booking, BookingState, Guest, OfferState
from messaging.models import Task
from outcomes.counting.gathering import counted_people
from outcomes.models import Assessment, ReleaseState, StudyInvitation
from participants.consents import consents_in_force
from participants.health import clearance_of
from participants.models import (
    Clearance,
    Enrolment,
    Participant,
    ParticipantStatus,
    Supporter,
    SupporterStatus,
    TreatmentDays,
)
from records.merging.undo import look_at_undo, undo_merge
from records.models import What
from tests.factories.accounts import ContactPointFactory, MembershipFactory, PersonFactory, UserFactory
from tests.factories.classes import AttendanceFactory, BookingFactory, GuestFactory, SessionFactory
from tests.factories.outcomes import METHOD, AssessmentFactory, ReleaseFactory, StudyFactory, consents, sent_form
from tests.factories.participants import (
    ClearanceFactory,
    ParticipantFactory,
    SupporterFactory,
    TreatmentDaysFactory,
)
from tests.factories.records import everything, merged

pytestmark = pytest.mark.django_db
NOW = timezone.now


@pytest.fixture(autouse=True)
def _nothing_is_quiet(monkeypatch):
    """Whoever is next is offered the place at any hour."""
    monkeypatch.setattr("classes.waiting_list.serving.quiet_until", lambda now: None)


@pytest.fixture
def keep(programme):
    return ParticipantFactory(programme=programme)


@pytest.fixture
def gone(programme):
    return ParticipantFactory(programme=programme)


def session_of(keep, **fields):
    return SessionFactory(programme=keep.programme, **{"starts_at": NOW() + dt.timedelta(days=5), **fields})


def told(merge):
    return dict(merge.said)


# --- places ------------------------------------------------------------------


def test_two_places_in_one_class_are_one_and_the_other_goes_to_whoever_is_next(keep, gone, dee):
    session = session_of(keep, capacity=2, places_taken=2)
    first, second = (BookingFactory(session=session, participant=one) for one in (keep, gone))
    waits = BookingFactory(session=session, state=BookingState.WAITING)
    merge = merged(keep, gone, dee.person)
    for row in (first, second, waits, session):
        row.refresh_from_db()
    assert (first.state, second.state, second.end_reason) == (
        BookingState.BOOKED,
        BookingState.CANCELLED,
        "same_person",
    )
    assert second.participant == keep
    assert waits.state == BookingState.OFFERED
    assert session.places_taken == 2
    assert told(merge)["place"]["state"] == "booked"
    look = look_at_undo(merge)
    assert (look.back, look.lost) == ([], [second])
    undo_merge(merge=merge, by=dee.person)
    second.refresh_from_db()
    assert (second.state, second.participant_id) == (BookingState.CANCELLED, gone.pk)


def test_a_place_counts_before_a_turn_whichever_record_stays(keep, gone, dee):
    session = session_of(keep, capacity=1, places_taken=1)
    turn = BookingFactory(session=session, participant=keep, state=BookingState.WAITING)
    place = BookingFactory(session=session, participant=gone)
    merge = merged(keep, gone, dee.person)
    for row in (turn, place, session):
        row.refresh_from_db()
    assert (turn.state, place.state, place.participant) == (BookingState.CANCELLED, BookingState.BOOKED, keep)
    assert session.places_taken == 1
    undo_merge(merge=merge, by=dee.person)
    turn.refresh_from_db()
    assert turn.state == BookingState.WAITING


def test_two_classes_at_one_time_are_one_and_an_offer_comes_back_as_a_turn(keep, gone, dee):
    one = session_of(keep, places_taken=1)
    other = session_of(keep, starts_at=one.starts_at + dt.timedelta(minutes=30), places_taken=1)
    later = session_of(keep, starts_at=one.starts_at + dt.timedelta(days=1))
    place = BookingFactory(session=one, participant=keep)
    BookingFactory(session=later, participant=gone)
    with transaction.atomic():
        offered = BookingFactory(session=other, participant=gone, state=BookingState.OFFERED)
    merge = merged(keep, gone, dee.person)
    for row in (place, offered, other):
        row.refresh_from_db()
    assert (place.state, offered.state, other.places_taken) == (BookingState.BOOKED, BookingState.CANCELLED, 0)
    assert offered.offers.get().state == OfferState.WITHDRAWN
    assert [row.pk for row in look_at_undo(merge).back] == [offered.pk]
    undo_merge(merge=merge, by=dee.person)
    for row in (offered, other):
        row.refresh_from_db()
    assert (offered.state, other.places_taken, offered.offers.get().state) == ("waiting", 0, OfferState.WITHDRAWN)


def test_a_place_that_comes_back_to_a_full_week_of_their_own_stays_ended(keep, gone, dee):
    session = session_of(keep, places_taken=2)
    place = BookingFactory(session=session, participant=gone)
    own = BookingFactory(session=session, participant=keep)
    merge = merged(keep, gone, dee.person)
    ended = min((place, own), key=lambda row: Booking.objects.get(pk=row.pk).state == BookingState.BOOKED)
    Booking.objects.filter(pk=ended.pk).update(end_reason="somebody looked at it")
    undo_merge(merge=merge, by=dee.person)
    ended.refresh_from_db()
    assert ended.state == BookingState.CANCELLED


def test_a_turn_that_was_ended_does_not_come_back_beside_a_new_one(keep, gone, dee):
    session = session_of(keep, capacity=1, places_taken=1)
    turn = BookingFactory(session=session, participant=keep, state=BookingState.WAITING)
    place = BookingFactory(session=session, participant=gone)
    merge = merged(keep, gone, dee.person)
    Booking.objects.filter(pk=place.pk).update(state=BookingState.CANCELLED, ended_at=NOW())
    BookingFactory(session=session, participant=keep, state=BookingState.WAITING)
    undo_merge(merge=merge, by=dee.person)
    turn.refresh_from_db()
    assert turn.state == BookingState.CANCELLED


def test_a_class_that_both_came_to_is_one_class_and_attended_counts_before_absent(keep, gone, dee):
    session = session_of(keep, starts_at=NOW() - dt.timedelta(days=2), places_taken=2)
    absent, came = (BookingFactory(session=session, participant=one) for one in (keep, gone))
    AttendanceFactory(booking=absent, state=AttendanceState.ABSENT_UNTOLD, by=dee.person)
    AttendanceFactory(booking=came, by=dee.person)
    merge = merged(keep, gone, dee.person)
    came.refresh_from_db()
    assert (came.state, came.participant) == (BookingState.BOOKED, keep)
    assert list(Attendance.objects.values_list("booking", "state")) == [(came.pk, "attended")]
    undo_merge(merge=merge, by=dee.person)
    session.refresh_from_db()
    assert (Attendance.objects.count(), session.places_taken) == (2, 2)


def test_who_came_unlisted_twice_stays_on_the_register_by_name_and_counts_once(keep, gone, dee):
    session = session_of(keep, starts_at=NOW() - dt.timedelta(days=2))
    own, other = (GuestFactory(session=session, participant=one, name="") for one in (keep, gone))
    booked = session_of(keep, starts_at=NOW() - dt.timedelta(days=3), places_taken=1)
    place = BookingFactory(session=booked, participant=keep)
    walked = GuestFactory(session=booked, participant=gone)
    for guest in (own, other, walked):
        AttendanceFactory(booking=None, guest=guest, by=dee.person)
    AttendanceFactory(booking=place, state=AttendanceState.ABSENT_TOLD, by=dee.person)
    merge = merged(keep, gone, dee.person)
    other.refresh_from_db()
    assert (other.participant, other.name) == (None, gone.person.full_name)
    assert set(Attendance.objects.values_list("guest", flat=True)) == {own.pk, walked.pk}
    undo_merge(merge=merge, by=dee.person)
    assert Guest.objects.get(pk=other.pk).participant_id == gone.pk
    assert Attendance.objects.count() == 4


# --- their part in the programme ---------------------------------------------


def test_of_two_clearances_the_more_careful_one_counts_until_somebody_decides(keep, gone, clare):
    ClearanceFactory(participant=keep, state="cleared_adapted", adaptations=["seated_only"], note="Left hip.")
    review = ClearanceFactory(participant=gone, state="needs_review", note="Left hip.")
    ClearanceFactory(participant=keep)
    merge = merged(keep, gone, clare.person)
    counts = clearance_of(keep)
    assert (counts.state, counts.reason, counts.decided_by) == ("needs_review", "same_person", clare.person)
    assert counts.review_due_at == review.review_due_at
    assert Task.objects.get(kind="review_clearance").subject_id == keep.pk
    assert told(merge)["clearance"]["state"] == "needs_review"
    undo_merge(merge=merge, by=clare.person)
    assert (clearance_of(keep).state, clearance_of(gone).state) == ("cleared", "needs_review")


def test_a_place_is_in_doubt_while_the_more_careful_clearance_counts_and_no_longer(keep, gone, clare):
    place = BookingFactory(session=session_of(keep, places_taken=1), participant=keep)
    ClearanceFactory(participant=gone, state="needs_review")
    merge = merged(keep, gone, clare.person)
    place.refresh_from_db()
    assert place.in_doubt_since is not None
    undo_merge(merge=merge, by=clare.person)
    place.refresh_from_db()
    assert (place.in_doubt_since, place.state) == (None, BookingState.BOOKED)


def test_a_review_that_waits_goes_on_for_the_record_that_stays_once(keep, gone, clare):
    for one in (keep, gone):
        Task.objects.create(
            programme=keep.programme, kind="review_clearance", about=one.person, subject_id=one.pk, due_at=NOW(),
            dedupe_key=f"review_clearance:{one.pk}",
        )  # fmt: skip
    Task.objects.create(
        programme=keep.programme, kind="welfare_call", about=gone.person, subject_id=gone.pk, due_at=NOW(),
        dedupe_key=f"welfare_call:{gone.pk}",
    )  # fmt: skip
    merge = merged(keep, gone, clare.person)
    left = Task.objects.filter(state="open").values_list("kind", "subject_id", "dedupe_key")
    assert sorted(left) == [
        ("review_clearance", keep.pk, f"review_clearance:{keep.pk}"),
        ("welfare_call", keep.pk, f"welfare_call:{keep.pk}"),
    ]
    undo_merge(merge=merge, by=clare.person)
    assert Task.objects.filter(state="open", subject_id=gone.pk).count() == 2


def test_one_clearance_alone_counts_as_it_is(programme, gone, dee):
    keep = ParticipantFactory(programme=programme, clearance=False)
    merged(keep, gone, dee.person)
    assert Clearance.objects.get(participant=keep).state == "cleared"


def test_a_consent_that_either_refused_is_refused_whichever_was_said_last(keep, gone, dee):
    consents(keep, "research", given=False)
    consents(gone, "research")
    consents(gone, "recording", given=False)
    consents(keep, "recording")
    consents(keep, "health")
    consents(gone, "health", given=False)
    TreatmentDaysFactory(participant=keep)
    merge = merged(keep, gone, dee.person)
    assert not any(event.given for event in consents_in_force(keep).values())
    assert told(merge)["consent"] == {"kinds": ["health", "recording", "research"]}
    assert not TreatmentDays.objects.exists()
    undo_merge(merge=merge, by=dee.person)
    assert TreatmentDays.objects.get().participant_id == keep.pk
    assert (consents_in_force(keep)["recording"].given, consents_in_force(gone)["research"].given) == (True, True)


def test_nobody_has_more_of_the_programme_for_having_registered_twice(programme, keep, dee):
    early = timezone.localdate() - dt.timedelta(days=100)
    gone = ParticipantFactory(programme=programme, enrolled_from=early)
    merge = merged(keep, gone, dee.person)
    assert Enrolment.objects.get(participant=keep).starts_on == early
    undo_merge(merge=merge, by=dee.person)
    assert Enrolment.objects.count() == 2


def test_who_had_left_and_joined_again_takes_part_by_the_record_that_stays(keep, gone, dee):
    Enrolment.objects.filter(participant=keep).update(ends_on=timezone.localdate())
    Participant.objects.filter(pk=keep.pk).update(status=ParticipantStatus.WITHDRAWN)
    Enrolment.objects.filter(participant=gone).update(starts_on=timezone.localdate())
    merge = merged(Participant.objects.get(pk=keep.pk), gone, dee.person)
    keep.refresh_from_db()
    assert (keep.status, keep.enrolments.count()) == (ParticipantStatus.ACTIVE, 2)
    undo_merge(merge=merge, by=dee.person)
    keep.refresh_from_db()
    assert (keep.status, keep.enrolments.count()) == (ParticipantStatus.WITHDRAWN, 1)


def test_whoever_helps_both_may_do_what_both_allowed(keep, gone, dee):
    sam, alone = PersonFactory(), SupporterFactory(participant=gone, scopes=["scribe"])
    stays = SupporterFactory(participant=keep, person=sam, scopes=["book", "see_messages"])
    ends = SupporterFactory(participant=gone, person=sam, scopes=["book", "scribe"])
    merge = merged(keep, gone, dee.person)
    rows = {row.pk: row for row in Supporter.objects.filter(participant=keep)}
    assert (rows[stays.pk].scopes, rows[ends.pk].status) == (["book"], SupporterStatus.ENDED)
    assert rows[alone.pk].scopes == ["scribe"]
    assert told(merge)["helper"] == {"name": sam.full_name, "scopes": ["book"]}


def test_what_the_record_that_stays_does_not_say_the_other_one_does(programme, gone, dee):
    bare = {"area": "", "emergency_name": "", "emergency_phone": ""}
    keep = ParticipantFactory(programme=programme, person=PersonFactory(date_of_birth=None), **bare)
    merge = merged(keep, gone, dee.person)
    keep = Participant.objects.select_related("person").get(pk=keep.pk)
    assert (keep.area, keep.emergency_name) == ("Dorset", "Emer Madeup")
    assert keep.person.date_of_birth == gone.person.date_of_birth
    filled = [facts["fields"] for what, facts in merge.said if what == "filled"]
    assert filled == [["date_of_birth"], ["area", "emergency_phone"]]
    assert _in_history(keep, "area", "Dorset") and _in_history(keep, "emergency_phone", gone.emergency_phone)
    undo_merge(merge=merge, by=dee.person)
    keep = Participant.objects.select_related("person").get(pk=keep.pk)
    assert (keep.area, keep.emergency_name, keep.person.date_of_birth) == ("", "", None)
    assert not any(
        _in_history(keep, name, getattr(gone, name)) for name in ("area", "emergency_name", "emergency_phone")
    )
    assert not _in_history(keep.person, "date_of_birth", gone.person.date_of_birth), "the other one's facts are gone"
    assert _in_history(gone, "area", "Dorset"), "and stand in their own"


def test_what_somebody_says_themselves_after_a_merge_stays_in_their_history(programme, gone, dee):
    keep = ParticipantFactory(programme=programme, area="", postcode="BH15 1AA")
    merge = merged(keep, gone, dee.person)
    Participant.objects.filter(pk=keep.pk).update(area="Hampshire")
    undo_merge(merge=merge, by=dee.person)
    keep.refresh_from_db()
    assert keep.area == "Hampshire" and _in_history(keep, "area", "Hampshire")


def _in_history(row, name, value):
    return in_history(type(row)).filter(pgh_obj=row.pk, **{name: value}).exists()


# --- answers -----------------------------------------------------------------


def test_of_two_questionnaires_of_one_timepoint_the_one_that_was_sent_first_counts(keep, gone, dee):
    today = timezone.localdate()
    own, other = (AssessmentFactory(participant=one) for one in (keep, gone))
    sent_form(own, {}, on=today)
    first = sent_form(other, {}, on=today - dt.timedelta(days=3))
    once_more = AssessmentFactory(
        participant=gone, questionnaire=other.questionnaire, timepoint=other.timepoint, round=2
    )
    merge = merged(keep, gone, dee.person)
    assert Assessment.objects.get(participant=keep, round=1).response == first
    assert Assessment.objects.get(participant=keep, round=2) == once_more  # another question than the first
    assert {change.table for change in merge.changes.filter(what=What.REMOVED)} >= {
        "outcomes.Assessment", "outcomes.Response", "outcomes.Score",
    }  # fmt: skip


def test_of_two_invitations_the_answered_one_stays_and_no_counts_before_yes(keep, gone, dee):
    answered = {"answer": "interested", "answered_at": NOW()}
    refused = {"answer": "no", "answered_at": NOW()}
    for own, other in ((answered, {}), ({}, answered), (answered, refused), ({}, {})):
        study = StudyFactory(programme=keep.programme)
        StudyInvitation.objects.create(study=study, participant=keep, **own)
        StudyInvitation.objects.create(study=study, participant=gone, **other)
    merged(keep, gone, dee.person)
    rows = StudyInvitation.objects.filter(participant=keep).order_by("study")
    assert [row.answer for row in rows] == ["interested", "interested", "no", ""]


# --- the people themselves ---------------------------------------------------


def test_of_two_logins_one_stays_and_what_the_other_might_do_for_others_goes_on(keep, gone, dee, client):
    stays, closes = UserFactory(person=keep.person), UserFactory(person=gone.person, email=None, mobile="+447700900111")
    for user, role in ((stays, Role.PARTICIPANT), (closes, Role.PARTICIPANT), (closes, Role.SUPPORTER)):
        MembershipFactory(user=user, role=role.value, programme=keep.programme)
    client.force_login(closes)
    merge = merged(keep, gone, dee.person)
    assert told(merge)["login_closed"] == {"stays": stays.email, "closes": "+447700900111"}
    assert list(User.objects.filter(person=keep.person)) == [stays]
    assert set(Membership.objects.filter(user=stays).values_list("role", flat=True)) == {"participant", "supporter"}
    assert "_auth_user_id" not in client.session
    undo_merge(merge=merge, by=dee.person)
    assert User.objects.get(person=gone.person_id).pk == closes.pk


def test_a_way_to_reach_them_is_there_once_and_what_is_liked_best_goes_on(keep, gone, dee):
    ContactPointFactory(person=keep.person, value="Jo@example.org", preferred=False)
    best = ContactPointFactory(person=keep.person, value="best@example.org")
    again = ContactPointFactory(person=gone.person, value="jo@example.org", preferred=False)
    other = ContactPointFactory(person=gone.person, value="other@example.org")
    merged(keep, gone, dee.person)
    current = ContactPoint.objects.current().filter(person=keep.person)
    assert {(point.value, point.preferred) for point in current} == {
        ("Jo@example.org", False), (best.value, True), (other.value, False),
    }  # fmt: skip
    again.refresh_from_db()
    assert again.ended_at is not None


def test_a_way_that_is_liked_best_goes_on_being_so_where_the_other_record_names_none(keep, gone, dee):
    best = ContactPointFactory(person=gone.person)
    merged(keep, gone, dee.person)
    best.refresh_from_db()
    assert (best.person_id, best.preferred) == (keep.person_id, True)


# --- summaries ---------------------------------------------------------------


def test_the_next_summary_counts_one_person_and_a_published_one_stays_as_it_was(keep, gone, dee):
    for one in (keep, gone):
        consents(one, "summaries")
    published = ReleaseFactory(
        programme=keep.programme, state=ReleaseState.PUBLISHED, published_at=NOW(), sha256="0" * 64, method=METHOD
    )
    before = everything()["outcomes_release"]
    assert len(counted_people(keep.programme)) == 2
    merged(keep, gone, dee.person)
    assert list(counted_people(keep.programme)) == [keep]
    assert everything()["outcomes_release"] == before
    assert str(published.pk) in before
