"""Nothing is kept for longer than the data map says, and nothing goes before its time."""

from __future__ import annotations

import datetime as dt
import importlib

import pytest
import time_machine
from dateutil.relativedelta import relativedelta
from django.core.management import call_command
from django.utils import timezone

from accounts.history import System
from accounts.models import AccessLog, BrowserSession, Person, User
from accounts.permissions import Role
from accounts.privacy import Retention
from instructors.models import Instructor
from messaging.models import Call, Message, MessageState, MessageStep, ReceivedText
from messaging.suppression import BeingWrittenTo
from participants import support
from participants.content import install
from participants.models import Enrolment, Participant, Supporter, SupporterScope, SupporterStatus
from participants.taking_part import ending, life
from records import retention
from records.erasing.erase import erase_person
from records.erasing.ledger import is_erased
from tests.factories.accounts import MembershipFactory, PersonFactory, UserFactory
from tests.factories.incidents import ConcernFactory
from tests.factories.outcomes import AssessmentFactory
from tests.factories.participants import ParticipantFactory, SupporterFactory

YEAR, EIGHT = relativedelta(years=1), relativedelta(years=8)
A_DAY = dt.timedelta(days=1)


def test_every_retention_is_ended_by_a_rule_or_by_a_job_or_is_said_not_to_be():
    assert {rule.retention for rule in retention.RULES} | {*retention.ELSEWHERE} | {*retention.NOT_YET} == {*Retention}
    for jobs in retention.ELSEWHERE.values():
        for job in jobs.split(", "):
            module, _, name = job.rpartition(".")
            assert hasattr(importlib.import_module(module), name), job


def counts():
    return {rule.what: number for rule, number in retention.run_out() if number}


def ago(period, *, more=dt.timedelta()):
    return timezone.now() - period - more


def message_of(participant, *, due_at, state=MessageState.SENT):
    made = Message.objects.create(
        programme=participant.programme, person=participant.person, kind="registered", state=state, due_at=due_at,
        dedupe_key=f"{due_at}{state}",
    )  # fmt: skip
    MessageStep.objects.create(message=made, what="sent")
    return made


@pytest.mark.django_db
def test_what_was_said_between_us_goes_after_a_year_and_nothing_before(pat):
    old, recent = message_of(pat, due_at=ago(YEAR, more=A_DAY)), message_of(pat, due_at=ago(YEAR, more=-A_DAY))
    waits = message_of(pat, due_at=ago(YEAR, more=A_DAY), state=MessageState.WITH_DESK)
    for key, at in (("old", ago(YEAR, more=A_DAY)), ("new", ago(YEAR, more=-A_DAY))):
        ReceivedText.objects.create(carrier_id=key, programme=pat.programme, number="+447700900001", words="Y", at=at)
    assert counts() == {"messages that were sent": 1, "text messages that came": 1}
    retention.keep_no_longer(by=System.WORKER)
    assert {*Message.objects.all()} == {recent, waits} and not Message.objects.filter(pk=old.pk).exists()
    assert [text.carrier_id for text in ReceivedText.objects.all()] == ["new"]
    assert counts() == {}


@pytest.mark.django_db
def test_who_read_and_who_called_goes_after_eight_years(pat, dee):
    for at in (ago(EIGHT, more=A_DAY), ago(EIGHT, more=-A_DAY)):
        AccessLog.objects.create(by=dee.person, target=pat.person, purpose="desk", what="person page", at=at)
        Call.objects.create(
            programme=pat.programme, about=pat.person, caller="self", identified=True, by=dee.person, at=at
        )
    assert sorted(counts().values()) == [1, 1]
    retention.keep_no_longer(by=System.WORKER)
    assert AccessLog.objects.count() == Call.objects.count() == 1


def finished(years, days=0, *, programme, **more):
    """Somebody whose last day was so long ago, as the nights of that time have written it down."""
    last_day = timezone.localdate() - relativedelta(years=years) + days * A_DAY
    starts = last_day - 26 * 7 * A_DAY + A_DAY
    with time_machine.travel(dt.datetime.combine(last_day - 28 * A_DAY, dt.time(4), tzinfo=dt.UTC), tick=False):
        one = ParticipantFactory(programme=programme, enrolled_from=starts, **more)
        Participant.objects.filter(pk=one.pk).update(registered_at=timezone.now() - 200 * A_DAY)
        assert ending.see_to_ends(on=last_day - 28 * A_DAY) >= 1
    assert Enrolment.objects.get(participant=one).closes_on == last_day
    return one


def with_login(person, *, years):
    """Who signed in for the last time so long ago."""
    user = UserFactory(person=person)
    User.objects.filter(pk=user.pk).update(
        created_at=ago(relativedelta(years=12)), last_login=ago(years * YEAR, more=A_DAY)
    )
    return user


def left():
    return {*User.objects.values_list("pk", flat=True)}


@pytest.fixture
def phased(programme):
    install(programme, System.COMMAND)
    return programme


@pytest.mark.django_db
def test_a_login_goes_a_year_after_nobody_needed_it(phased, ines):
    over = [finished(2, programme=phased) for _ in range(6)]
    gone, came_back, works, teaches, asked, helps = (with_login(one.person, years=1) for one in over)
    recent = with_login(finished(1, 2, programme=phased).person, years=1)
    going_on = with_login(ParticipantFactory(programme=phased, registered_at=ago(3 * YEAR)).person, years=1)
    nobody = with_login(PersonFactory(), years=1)  # began to register perhaps: other rules
    BrowserSession.objects.create(session_key="k", session_data="", expire_date=timezone.now(), user=came_back)
    MembershipFactory(user=works, role=Role.COORDINATOR.value, programme=phased, ends_at=ago(YEAR, more=A_DAY))
    Instructor.objects.filter(pk=ines.pk).update(person=teaches.person)
    AssessmentFactory(participant=over[4], closes_on=timezone.localdate())
    SupporterFactory(participant=Participant.objects.get(person=going_on.person), person=helps.person)
    MembershipFactory(user=gone, role=Role.PARTICIPANT.value, programme=phased)  # nobody takes that away
    retention.keep_no_longer(by=System.WORKER)
    assert {came_back.pk, works.pk, teaches.pk, asked.pk, helps.pk, recent.pk, going_on.pk, nobody.pk} <= left()
    assert (
        gone.pk not in left() and Person.objects.filter(pk=gone.person_id, given_name=gone.person.given_name).exists()
    )


@pytest.mark.django_db
def test_who_left_or_was_helped_no_more_has_a_login_for_a_year_and_no_longer(phased, dee):
    one = ParticipantFactory(programme=phased)
    Participant.objects.filter(pk=one.pk).update(registered_at=ago(5 * YEAR))
    own, helper = with_login(one.person, years=3), with_login(PersonFactory(), years=3)
    SupporterFactory(participant=one, person=helper.person, starts_at=ago(5 * YEAR))
    life.withdraw(participant=one, by=one.person)  # and all help with it
    for away, there in ((364, {own.pk, helper.pk}), (367, set())):
        with time_machine.travel(timezone.now() + away * A_DAY, tick=False):
            retention.keep_no_longer(by=System.WORKER)
        assert left() & {own.pk, helper.pk} == there


def erased(*people):
    return [is_erased(Person.objects.get(pk=getattr(one, "person_id", one.pk))) for one in people]


@pytest.mark.django_db
def test_a_record_is_erased_eight_years_after_its_programme_and_not_while_anything_is_open(dee, phased, capsys):
    over, worried, was_helped, helping = (finished(8, -1, programme=phased) for _ in range(4))
    recent = finished(8, 1, programme=phased)
    ConcernFactory(participant=worried, reported_by=dee.person)
    SupporterFactory(person=helping.person, participant=recent, status=SupporterStatus.ACTIVE)
    SupporterFactory(person=over.person, participant=was_helped)  # neither takes part any more
    call_command("retention", dry_run=True)
    said = capsys.readouterr().out
    assert "3  people whose programme has ended" in said and over.person.family_name not in said
    assert "no   6 years after leaving" in said and erased(over) == [False]
    call_command("retention")
    assert "2  people whose programme has ended" in capsys.readouterr().out
    assert erased(over, was_helped, recent, worried, helping) == [True, True, False, False, False]
    assert counts() == {"people whose programme has ended": 1}


@pytest.mark.django_db
def test_a_break_and_staying_longer_count_and_whoever_has_left_too(phased, dee):
    stays, has_break, gone = (finished(8, -9, programme=phased) for _ in range(3))
    with time_machine.travel(ago(EIGHT, more=9 * A_DAY), tick=False):
        until = timezone.localdate() + 300 * A_DAY
        ending.extend_programme(participant=stays, until=until, reason="Was ill.", by=dee.person)
        life.pause(participant=has_break, reason="treatment", by=dee.person)
        life.withdraw(participant=gone, by=dee.person)
    retention.keep_no_longer(by=System.WORKER)
    assert erased(stays, has_break, gone) == [False, False, True]
    with time_machine.travel(ago(EIGHT, more=-263 * A_DAY), tick=False):
        ending.see_to_ends(on=timezone.localdate())
    assert Enrolment.objects.get(participant=stays).closes_on == until
    retention.keep_no_longer(by=System.WORKER)
    assert erased(stays, has_break) == [False, False]  # eight years after the later day, and not yet
    with time_machine.travel(timezone.now() + 300 * A_DAY, tick=False):
        retention.keep_no_longer(by=System.WORKER)
    assert erased(stays, has_break) == [True, False]  # nobody has ended the break


@pytest.mark.django_db
def test_who_only_helped_is_erased_with_what_they_helped_in_and_not_while_that_is_looked_into(phased, dee):
    old, worrying, going_on = finished(8, -1, programme=phased), finished(8, -1, programme=phased), ParticipantFactory()
    Participant.objects.filter(pk=going_on.pk).update(registered_at=ago(EIGHT, more=A_DAY))
    ConcernFactory(participant=worrying, reported_by=dee.person)
    first, asked, stopped, helps = (PersonFactory() for _ in range(4))
    for participant, person in ((old, first), (worrying, asked), (going_on, stopped), (going_on, helps)):
        SupporterFactory(participant=participant, person=person, starts_at=ago(EIGHT, more=9 * A_DAY))
    with time_machine.travel(ago(EIGHT, more=A_DAY), tick=False):
        support.end_support(supporter=Supporter.objects.get(person=stopped), by=dee.person)
    retention.keep_no_longer(by=System.WORKER)
    assert erased(old, first, stopped, worrying, asked, helps) == [True, True, True, False, False, False]
    assert counts() == {"people whose programme has ended": 1, "people who only helped somebody": 1}


@pytest.mark.django_db
def test_who_was_invited_and_never_helped_is_erased_a_month_after_the_invitation(pat, dee, nell):
    def invited(name):
        return support.invite_supporter(
            participant=pat, given_name=name, family_name="Invited", email=f"{name}@example.org", relationship="son",
            scopes=[SupporterScope.BOOK], by=pat.person,
        )  # fmt: skip

    silent, other_login, said_yes, started, works, waits = map(invited, ("a", "b", "c", "d", "e", "f"))
    support.accept_invitation(supporter=other_login, by=nell.person)
    for one in (said_yes, started, works):
        support.open_login_for(one)
    support.accept_invitation(supporter=said_yes, by=said_yes.person)
    support.end_support(supporter=said_yes, by=pat.person)
    MembershipFactory(user=User.objects.get(person=works.person), role=Role.COORDINATOR.value, programme=pat.programme)
    only_asked = (silent, other_login, started)  # who said yes with another login is asked no more as this one
    for away, gone in ((29 * A_DAY, False), (31 * A_DAY, True)):
        with time_machine.travel(timezone.now() + away, tick=False):
            Supporter.objects.filter(pk=waits.pk).update(invited_at=timezone.now())
            support.end_what_ran_out()
            retention.keep_no_longer(by=System.WORKER)
        assert erased(*(one.person for one in only_asked)) == [gone] * 3
    assert not any(erased(said_yes.person, works.person, waits.person, nell.person))
    assert not User.objects.filter(email="d@example.org").exists()


@pytest.mark.django_db
def test_who_helped_somebody_who_had_themselves_deleted_is_erased_eight_years_after_that(pat, sam):
    erase_person(person=pat.person, by=System.WORKER)
    for away, gone in ((-A_DAY, False), (A_DAY, True)):
        with time_machine.travel(timezone.now() + EIGHT + away, tick=False):
            retention.keep_no_longer(by=System.WORKER)
        assert erased(sam.person) == [gone]


@pytest.mark.django_db
def test_no_more_are_erased_in_a_night_than_a_night_has_time_for(phased, monkeypatch):
    for _ in range(2):
        finished(8, -1, programme=phased)
    monkeypatch.setattr(retention, "ONE_NIGHT", 1)
    retention.keep_no_longer(by=System.WORKER)
    assert counts() == {"people whose programme has ended": 1}


@pytest.mark.django_db
def test_somebody_who_cannot_be_erased_keeps_nobody_else_from_it(phased, monkeypatch):
    busy, faulty, ready = (finished(8, -1, programme=phased) for _ in range(3))
    faults = {busy.person_id: BeingWrittenTo, faulty.person_id: ValueError}
    works = retention.erase_person

    def erase(*, person, by):
        if fault := faults.get(person.pk):
            raise fault
        works(person=person, by=by)

    monkeypatch.setattr(retention, "erase_person", erase)
    with pytest.raises(ExceptionGroup):
        retention.keep_no_longer(by=System.WORKER)
    assert erased(busy, faulty, ready) == [False, False, True]
