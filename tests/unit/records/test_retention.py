"""Nothing is kept for longer than the data map says, and nothing goes before its time."""

from __future__ import annotations

import datetime as dt
import importlib

import pytest
from dateutil.relativedelta import relativedelta
from django.core.management import call_command
from django.utils import timezone

from accounts.history import System
from accounts.models import AccessLog, BrowserSession, Person, User
from accounts.permissions import Role
from accounts.privacy import Retention
from messaging.models import Call, Message, MessageState, MessageStep, ReceivedText
from participants.models import Enrolment, SupporterStatus
from records import retention
from records.erasing.ledger import is_erased
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.incidents import ConcernFactory
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


@pytest.mark.django_db
def test_a_login_goes_a_year_after_nobody_needs_it(programme):
    gone, helps, works, stays = (UserFactory() for _ in range(4))
    over = {"programme": programme, "ends_at": ago(YEAR, more=A_DAY)}
    for user in (gone, helps, works):
        MembershipFactory(user=user, role=Role.PARTICIPANT.value, **over)
    MembershipFactory(user=helps, role=Role.SUPPORTER.value, programme=programme)
    MembershipFactory(user=works, role=Role.COORDINATOR.value, **over)
    MembershipFactory(user=stays, role=Role.PARTICIPANT.value, programme=programme, ends_at=ago(YEAR, more=-A_DAY))
    BrowserSession.objects.create(session_key="k", session_data="", expire_date=timezone.now(), user=gone)
    retention.keep_no_longer(by=System.WORKER)
    assert {*User.objects.filter(pk__in=[gone.pk, helps.pk, works.pk, stays.pk])} == {helps, works, stays}
    assert not BrowserSession.objects.exists() and Person.objects.filter(pk=gone.person_id).exists()


def ended(on, **more):
    one = ParticipantFactory(registered_at=ago(relativedelta(years=9)), status="withdrawn", **more)
    Enrolment.objects.filter(participant=one).update(ends_on=on, starts_on=on - dt.timedelta(days=100))
    return one


@pytest.mark.django_db
def test_a_record_is_erased_eight_years_after_its_programme_and_not_while_anything_is_open(dee, programme, capsys):
    long_ago = timezone.localdate() - EIGHT - A_DAY
    over, recent, worried, helping = (ended(long_ago, programme=programme) for _ in range(4))
    Enrolment.objects.filter(participant=recent).update(ends_on=long_ago + 2 * A_DAY)
    ConcernFactory(participant=worried, reported_by=dee.person)
    tie = SupporterFactory(person=helping.person, status=SupporterStatus.ACTIVE)
    call_command("retention", dry_run=True)
    said = capsys.readouterr().out
    assert "2  people whose programme has ended" in said and over.person.family_name not in said
    assert "no   6 years after leaving" in said and not is_erased(Person.objects.get(pk=over.person_id))
    call_command("retention")
    assert "1  people whose programme has ended" in capsys.readouterr().out
    erased = [one for one in (over, recent, worried, helping) if is_erased(Person.objects.get(pk=one.person_id))]
    assert erased == [over]
    assert counts() == {"people whose programme has ended": 1} and tie.pk


@pytest.mark.django_db
def test_no_more_are_erased_in_a_night_than_a_night_has_time_for(monkeypatch):
    for _ in range(2):
        ended(timezone.localdate() - EIGHT - A_DAY)
    monkeypatch.setattr(retention, "ONE_NIGHT", 1)
    retention.keep_no_longer(by=System.WORKER)
    assert counts() == {"people whose programme has ended": 1}
