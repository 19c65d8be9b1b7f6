"""When two records are not put together, when that is not undone, and that nothing is changed then."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Person, User
from accounts.permissions import Permission, Role
from messaging.models import Message, Task, TaskState
from messaging.worklist import raise_task
from participants.models import DecisionMaker, Enrolment, Participant, ParticipantStatus, ReferBack
from participants.nhs_numbers import SAME_NUMBER, held_of, keep_number
from records.former import former_records, merges_of
from records.matching import ask_about_alike
from records.merging.look import look
from records.merging.merge import ChangedSince, NotSafe, merge_records
from records.merging.refusals import Why
from records.merging.undo import NotUndone, WhyNot, look_at_undo, undo_merge
from records.models import ErasureRequest, Merge, RecordCopy
from tests.factories.accounts import MembershipFactory, PersonFactory, ProgrammeFactory, UserFactory
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.incidents import ConcernFactory, IncidentFactory
from tests.factories.instructors import InstructorFactory
from tests.factories.participants import ParticipantFactory, SupporterFactory
from tests.factories.records import merged

pytestmark = pytest.mark.django_db


@pytest.fixture
def keep(programme):
    return ParticipantFactory(programme=programme)


@pytest.fixture
def gone(programme):
    return ParticipantFactory(programme=programme)


def decides(participant, staff):
    DecisionMaker.objects.create(
        participant=participant, name="Mo", relationship="son", phone="01632 960111", ground="advocate",
        seen_by=staff, seen_on=timezone.localdate(), recorded_by=staff,
    )  # fmt: skip


def stop_contact(one):
    Person.objects.filter(pk=one.person_id).update(contact_stopped_at=timezone.now())


def also_at_desk(staff):
    """Another programme, at whose desk they work too."""
    return MembershipFactory(user=staff.user, role=Role.COORDINATOR.value, programme=ProgrammeFactory()).programme


def worry_kept_apart(one):
    raise_task(
        programme=one.programme, kind="worrying_answer", about=one.person, due_at=timezone.now(), dedupe_key="worry",
        only_for=Permission.DECIDE_CLEARANCE, by=one.person,
    )  # fmt: skip


AGAINST = {
    "help_each_other": (Why.HELP_EACH_OTHER, lambda k, g, d: SupporterFactory(participant=k, person=g.person)),
    "stopped": (Why.STOPPED, lambda k, g, d: stop_contact(g)),
    "on_a_break": (Why.ON_A_BREAK, lambda k, g, d: Participant.objects.filter(pk=g.pk).update(status="paused")),
    "elsewhere": (
        Why.OTHER_PROGRAMME,
        lambda k, g, d: ParticipantFactory(person=g.person, programme=also_at_desk(d)),
    ),
    "not_theirs": (Why.NOT_YOURS, lambda k, g, d: ParticipantFactory(person=k.person, programme=ProgrammeFactory())),
    "helps_in_another": (Why.NOT_YOURS, lambda k, g, d: SupporterFactory(person=g.person)),
    "teaches": (Why.WORKS_HERE, lambda k, g, d: InstructorFactory(person=g.person, programme=g.programme)),
    "had_a_role": (
        Why.WORKS_HERE,
        lambda k, g, d: MembershipFactory(
            user=UserFactory(person=g.person), role=Role.COORDINATOR.value, programme=g.programme
        ),
    ),
    "two_decide": (Why.TWO_DECIDE, lambda k, g, d: [decides(one, d) for one in (k, g)]),
    "copied": (Why.RIGHTS, lambda k, g, d: RecordCopy.objects.create(person=g.person, asked_by=d)),
    "erased": (
        Why.RIGHTS,
        lambda k, g, d: ErasureRequest.objects.create(person=k.person, asked_by=k.person, fingerprint="0"),
    ),
    "incident": (
        Why.LOOKED_INTO,
        lambda k, g, d: IncidentFactory(session__programme=k.programme, participant=g, reported_by=d),
    ),
    "concern": (Why.LOOKED_INTO, lambda k, g, d: ConcernFactory(participant=g, reported_by=d)),
    "worry": (Why.LOOKED_INTO, lambda k, g, d: ReferBack.objects.create(participant=k, why="Dizzy.", by=d)),
    "answers": (Why.LOOKED_INTO, lambda k, g, d: worry_kept_apart(g)),
}


@pytest.mark.parametrize("name", AGAINST)
def test_what_must_be_seen_to_first_is_named_and_nothing_is_changed(name, keep, gone, dee):
    why, happens = AGAINST[name]
    happens(keep, gone, dee.person)
    with pytest.raises(NotSafe, match=why.value) as refused:
        merge_records(keep=keep, gone=gone, looked_at="", by=dee.person)
    assert refused.value.reasons == [why]
    assert Participant.objects.filter(pk=gone.pk).exists()
    assert not Merge.objects.exists()


def test_nobody_puts_their_own_record_together_with_another(programme, gone, dee):
    own = ParticipantFactory(person=dee.person, programme=programme)
    assert look(keep=own, gone=gone, by=dee.person).against == [Why.OWN_RECORD]


def test_what_has_changed_since_it_was_read_is_read_again(keep, gone, dee):
    read = look(keep=keep, gone=gone, by=dee.person).fingerprint
    BookingFactory(session=SessionFactory(programme=keep.programme), participant=gone)
    with pytest.raises(ChangedSince):
        merge_records(keep=keep, gone=gone, looked_at=read, by=dee.person)
    assert look(keep=gone, gone=keep, by=dee.person).fingerprint != read


def test_of_two_who_do_it_at_once_one_does_and_the_other_reads_again(keep, gone, dee):
    read = look(keep=keep, gone=gone, by=dee.person).fingerprint
    merge_records(keep=keep, gone=gone, looked_at=read, by=dee.person)
    for stays, goes in ((keep, gone), (gone, keep)):
        with pytest.raises(ChangedSince):
            merge_records(keep=stays, gone=goes, looked_at=read, by=dee.person)
    assert Merge.objects.count() == 1


def test_the_question_is_answered_and_asked_anew_of_a_third(programme, dee):
    born = {"person__family_name": "Madeup", "person__given_name": "Jo"}
    first, second, third = (ParticipantFactory(programme=programme, **born) for _ in range(3))
    tasks = {task.context["key"]: task for task in ask_about_alike(by=dee.person)}
    merged(first, second, dee.person)
    state = {key: Task.objects.get(pk=task.pk).state for key, task in tasks.items()}
    assert state == {
        f"{first.pk}-{second.pk}": TaskState.DONE,
        f"{first.pk}-{third.pk}": TaskState.OPEN,
        f"{second.pk}-{third.pk}": TaskState.CANCELLED,
    }


def test_what_is_about_to_be_sent_speaks_of_the_record_that_stays(keep, gone, dee):
    message = Message.objects.create(
        programme=keep.programme, person=gone.person, kind="registered", subject_id=gone.pk, dedupe_key="registered"
    )
    merged(keep, gone, dee.person)
    message.refresh_from_db()
    assert (message.person_id, message.subject_id) == (keep.person_id, keep.pk)


def test_the_history_of_both_is_read_and_the_former_record_is_known(keep, gone, dee):
    merge = merged(keep, gone, dee.person)
    assert merges_of(keep) == [merge]
    (former,) = former_records(keep)
    assert (former.pk, former.person.pk) == (gone.pk, gone.person_id)


def test_one_number_on_two_records_is_asked_about_no_more_when_they_are_one_and_again_when_they_are_two(
    keep, gone, dee
):
    for participant in (keep, gone):
        keep_number(participant=participant, number="9434765919", by=dee.person)
    asked = Task.objects.filter(kind=SAME_NUMBER, state=TaskState.OPEN)
    assert [task.subject_id for task in asked.all()] == [gone.pk]
    merge = merged(keep, gone, dee.person)
    assert not asked.exists() and held_of(keep).number == "9434765919"
    undo_merge(merge=merge, by=dee.person)
    assert [task.subject_id for task in asked.all()] == [gone.pk]


# --- undoing -----------------------------------------------------------------


def test_what_has_happened_since_stays_with_the_record_that_stays(keep, gone, dee):
    merge = merged(keep, gone, dee.person)
    since = BookingFactory(session=SessionFactory(programme=keep.programme), participant=keep)
    assert look_at_undo(merge).booked_since == 1
    undone = undo_merge(merge=merge, by=dee.person)
    since.refresh_from_db()
    assert (since.participant, undone.undone_by) == (keep, dee.person)
    assert Participant.objects.get(pk=gone.pk).person.full_name == gone.person.full_name


def test_it_is_undone_once_and_for_30_days(keep, gone, dee):
    merge = merged(keep, gone, dee.person)
    with time_machine.travel(merge.at + dt.timedelta(days=30, minutes=1)):
        assert look_at_undo(merge).against == WhyNot.TOO_LATE
        with pytest.raises(NotUndone, match="too_late"):
            undo_merge(merge=merge, by=dee.person)
    undo_merge(merge=merge, by=dee.person)
    with pytest.raises(NotUndone, match="undone"):
        undo_merge(merge=merge, by=dee.person)


def test_of_several_merges_the_latest_is_undone_first(programme, keep, gone, dee):
    first = merged(keep, gone, dee.person)
    other = ParticipantFactory(programme=programme)
    second = merged(other, keep, dee.person)
    first.refresh_from_db()
    with pytest.raises(NotUndone, match="later_one"):
        undo_merge(merge=first, by=dee.person)
    undo_merge(merge=second, by=dee.person)
    first.refresh_from_db()
    undo_merge(merge=first, by=dee.person)
    assert Participant.objects.count() == 3


@pytest.mark.parametrize("login", [{}, {"email": None, "mobile": "+447700900111"}])
def test_a_login_that_somebody_else_has_now_is_not_taken_from_them(login, keep, gone, dee):
    UserFactory(person=keep.person)
    closed = UserFactory(person=gone.person, **login)
    merge = merged(keep, gone, dee.person)
    User.objects.create_user(person=PersonFactory(), email=closed.email, mobile=closed.mobile)
    with pytest.raises(NotUndone, match="login_taken"):
        undo_merge(merge=merge, by=dee.person)


def test_what_was_written_since_and_stands_in_the_way_keeps_everything_as_it_is(keep, gone, dee):
    Enrolment.objects.filter(participant=keep).update(starts_on=timezone.localdate())
    merge = merged(keep, gone, dee.person)
    Enrolment.objects.filter(participant=keep).update(ends_on=timezone.localdate())
    Enrolment.objects.create(participant=keep, starts_on=timezone.localdate())
    with pytest.raises(NotUndone, match="stands_in_the_way"):
        undo_merge(merge=merge, by=dee.person)
    assert Participant.objects.get(pk=keep.pk).status == ParticipantStatus.ACTIVE
    assert not Participant.objects.filter(pk=gone.pk).exists()
