"""Somebody is worried about exercise for a person: it stops until a person has decided."""

import datetime as dt
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.history import System, acting
from messaging.kinds import owner_of
from messaging.models import Message, Task
from participants import health
from participants.models import Clearance, ClearanceState, ParticipantStatus, ReferBack, ReferBackEnd
from participants.refer_back import NoWords, OtherWords, end_when_they_leave, is_referred_back, refer_back
from participants.refusals import NotPossibleNow
from participants.standing import standing_of
from participants.taking_part import life
from tests.factories.participants import ParticipantFactory
from tests.factories.registering import HEALTH

pytestmark = pytest.mark.django_db
WHY = "Short of breath after two minutes of walking."


@pytest.fixture
def worried(pat, ines):
    def worried(**differs):
        return refer_back(**{"participant": pat, "why": WHY, "id": uuid4(), "by": ines.person} | differs)

    return worried


def decide(pat, clare, state=ClearanceState.CLEARED):
    return health.decide_clearance(
        participant=pat, reviewed=health.clearance_of(pat), state=state, note="Seen.", by=clare.person
    )


def test_clearance_waits_for_a_person_from_that_moment_on(worried, pat):
    today = timezone.localdate()
    assert standing_of(pat).is_cleared(today)
    worried()
    assert not standing_of(pat).is_cleared(today)
    clearance = health.clearance_of(pat)
    assert clearance.state == ClearanceState.NEEDS_REVIEW and "referred_back" in clearance.flags


@time_machine.travel(dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC), tick=False)  # a Friday
def test_the_task_names_who_is_asked_and_until_when(worried, pat, clare):
    worried()
    task = Task.objects.get(kind="refer_back")
    assert task.about == pat.person and task.meant_for == clare.person
    assert task.due_at == dt.datetime(2026, 12, 1, 17, tzinfo=dt.UTC)


def test_the_person_is_told_in_neutral_words_until_it_is_decided(worried, pat, clare):
    worried()
    message = Message.objects.get(kind="talk_before_exercise")
    assert message.person == pat.person
    assert owner_of(message.kind)(message).context["until"] == health.clearance_of(pat).review_due_at
    decide(pat, clare)
    assert owner_of(message.kind)(message) is None


def test_answers_alone_do_not_end_it(worried, pat):
    worried()
    clearance = health.update_health(participant=pat, answers=HEALTH, by=pat.person)
    assert clearance.state == ClearanceState.NEEDS_REVIEW and "referred_back" in clearance.flags
    assert is_referred_back(pat)


@pytest.mark.parametrize(
    ("state", "outcome"), [(ClearanceState.CLEARED, "cleared"), (ClearanceState.NOT_SUITABLE, "stays_stopped")]
)
def test_a_decision_ends_every_one_that_is_open_with_its_task(worried, pat, clare, state, outcome):
    worried(), worried(why="Another class, the same worry.")
    assert Task.objects.to_do().filter(kind="refer_back").count() == 2
    decided = decide(pat, clare, state)
    assert not is_referred_back(pat) and not Task.objects.to_do().filter(kind="refer_back").exists()
    assert {end.outcome for end in ReferBackEnd.objects.all()} == {outcome}
    assert "referred_back" not in decided.flags


def test_somebody_who_is_not_suitable_stays_so(worried, pat, clare):
    decide(pat, clare, ClearanceState.NOT_SUITABLE)
    before = Clearance.objects.count()
    worried()
    assert Clearance.objects.count() == before and is_referred_back(pat)
    assert owner_of("talk_before_exercise")(Message.objects.get(kind="talk_before_exercise")) is not None


def test_somebody_without_answers_waits_for_a_decision_too(worried, ines):
    nobody_asked = ParticipantFactory(clearance=False)
    worried(participant=nobody_asked)
    assert health.clearance_of(nobody_asked).state == ClearanceState.NEEDS_REVIEW


def test_it_ends_when_they_leave(worried, pat):
    worried()
    life.withdraw(participant=pat, reason="other", by=pat.person)
    assert ReferBackEnd.objects.get().outcome == "left"


def test_the_system_ends_it_without_a_name(worried, pat):
    worried()
    with acting(System.WORKER, "tests.leave"):
        end_when_they_leave(pat, System.WORKER)
    assert ReferBackEnd.objects.get().by is None and Task.objects.get(kind="refer_back").state == "cancelled"


def test_sent_twice_it_is_one_and_with_other_words_refused(worried):
    id = uuid4()
    worried(id=id), worried(id=id)
    assert ReferBack.objects.count() == 1 and Task.objects.filter(kind="refer_back").count() == 1
    with pytest.raises(OtherWords):
        worried(id=id, why="Something else.")


@pytest.mark.parametrize("why", [" ", "a" * 2001])
def test_without_words_or_with_too_many_nothing_is_stopped(worried, pat, why):
    with pytest.raises(NoWords):
        worried(why=why)
    assert not is_referred_back(pat)


def test_who_takes_part_no_more_is_not_referred_back(worried, pat):
    type(pat).objects.filter(pk=pat.pk).update(status=ParticipantStatus.WITHDRAWN)
    with pytest.raises(NotPossibleNow):
        worried()
    assert not ReferBack.objects.exists()


def test_neither_row_is_changed_and_the_words_are_not_readable(worried, pat, clare):
    worried()
    decide(pat, clare)
    with connection.cursor() as cursor:
        cursor.execute("SELECT why FROM participants_referback")
        assert "breath" not in cursor.fetchone()[0]
    for statement in ("UPDATE participants_referback SET why = ''", "DELETE FROM participants_referbackend"):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
