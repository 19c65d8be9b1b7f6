import datetime as dt
import re
import smtplib

import pytest
import time_machine
from django.core import mail

from messaging import senders
from messaging.models import Task, TaskState
from messaging.worklist import close_task
from participants.consents import current_texts
from participants.models import ClearanceState, Participant, Referrer, Registration, Source
from participants.registering import intake, referrals
from participants.registering.referrals import refer, write_for_referrals
from participants.registering.referrers import REFERRED, TELL_REFERRER, HasJoined, drop, noted_by, referral_of
from participants.rules.admission import Reason
from tests.factories.participants import ParticipantFactory
from tests.factories.referrals import referral
from tests.factories.registering import HEALTH

pytestmark = pytest.mark.django_db
NOON, NIGHT = dt.datetime(2027, 2, 3, 12, tzinfo=dt.UTC), dt.datetime(2027, 2, 3, 21, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON):
        yield


def link_in(message):
    return re.search(r"/join/return/([^/]+)/", message.body)[1]


def joins(row, **said):
    """The person answers what is left, and hands it in."""
    texts = {text.kind: {"given": True, "text": text.pk} for text in current_texts(row.registration.programme)}
    values = {
        "area": "Dorset", "cancer": "suspected", "emergency_name": "Emer", "emergency_phone": "+441632960111",
        "health": HEALTH, "health_version": "2026-1", "consents": texts, **said,
    }  # fmt: skip
    intake.save_page(registration=row.registration, page="all", values=values)
    participant = intake.submit_registration(registration=row.registration)
    row.refresh_from_db()
    return participant


def test_a_referral_begins_a_registration_and_asks_the_desk_and_enrols_nobody(ready):
    row = refer(programme=ready, said=referral(safety_note=" Had a fall. "))
    draft = row.registration
    assert (draft.source, draft.status, draft.entered_by) == (Source.REFERRAL, "draft", None)
    assert intake.application_of(draft).born == dt.date(1958, 3, 14)
    assert "done" not in draft.answers and "cancer" not in draft.answers, "each page is looked at by the person"
    assert row.safety_note == "Had a fall." and row.reference.startswith("RF-")
    task = Task.objects.get()
    assert (task.kind, task.context["key"], task.about) == (REFERRED, str(row.pk), None)
    assert task.due_at == dt.datetime(2027, 2, 5, 17, tzinfo=dt.UTC)
    assert "Rea" not in str(task.context) and not Participant.objects.exists()


def test_sent_twice_the_first_one_stands(ready):
    said = referral()
    first, second = refer(programme=ready, said=said), refer(programme=ready, said=said)
    assert first == second and Registration.objects.count() == Task.objects.count() == 1


def test_nobody_under_age_is_referred(ready):
    with pytest.raises(intake.NotEligible) as stopped:
        refer(programme=ready, said=referral(born=dt.date(2015, 1, 1)))
    assert stopped.value.reasons == (Reason.TOO_YOUNG,) and not Registration.objects.exists()


def test_a_link_goes_by_email_once_and_opens_the_draft(ready):
    row = refer(programme=ready, said=referral(safety_note="Cancer in the spine"))
    write_for_referrals()
    write_for_referrals()
    (sent,) = mail.outbox
    assert sent.to == ["rea@example.org"]
    assert not re.search("Rea|Ravi|Hospital|spine", sent.subject + sent.body)
    assert intake.draft_behind(link_in(sent)) == row.registration
    row.refresh_from_db()
    assert row.link_sent_at and not row.link_due


def test_a_link_goes_by_text_where_that_is_liked_best_and_by_day(ready, monkeypatch):
    texts = []
    monkeypatch.setitem(senders.SENDERS, "text", lambda outgoing: texts.append(outgoing) or "sent")
    contacts = {"email": "rea@example.org", "text": "+447700900982"}
    refer(programme=ready, said=referral(contacts=contacts, preferred="text"))
    with time_machine.travel(NIGHT):
        write_for_referrals()
        assert texts == []
    write_for_referrals()
    (sent,) = texts
    assert sent.to == "+447700900982" and "/join/return/" in sent.words.body and not mail.outbox


@pytest.mark.parametrize(
    ("contacts", "write"), [({"phone": "+441632960333"}, True), ({"email": "rea@example.org"}, False)]
)
def test_whoever_has_only_a_telephone_or_was_written_to_enough_is_called(ready, contacts, write):
    row = refer(programme=ready, said=referral(contacts=contacts), write_to_them=write)
    write_for_referrals()
    assert not mail.outbox and not row.link_due and Task.objects.get().state == TaskState.OPEN


def test_a_text_without_a_sender_is_not_tried(ready, monkeypatch):
    monkeypatch.delitem(senders.SENDERS, "text", raising=False)
    row = refer(programme=ready, said=referral(contacts={"text": "+447700900982"}, preferred="text"))
    write_for_referrals()
    row.refresh_from_db()
    assert not row.link_due and row.link_sent_at is None


def test_a_link_that_cannot_be_sent_is_tried_a_few_times(ready, monkeypatch):
    def broken(outgoing):
        raise OSError

    monkeypatch.setitem(senders.SENDERS, "email", broken)
    row = refer(programme=ready, said=referral())
    for _ in range(intake.MAY_TRY):
        write_for_referrals()
        row.refresh_from_db()
        assert row.link_due
    write_for_referrals()
    row.refresh_from_db()
    assert not row.link_due and row.link_sent_at is None


def test_the_referrer_hears_only_where_the_person_agreed_and_no_name(ready):
    told = refer(programme=ready, said=referral())
    assert joins(told, referrer_told=True, referrer_kept=True).source == Source.REFERRAL
    assert not Task.objects.filter(kind=REFERRED, state=TaskState.OPEN).exists()
    write_for_referrals()
    write_for_referrals()
    (sent,) = mail.outbox
    assert sent.to == ["ravi@hospital.example"] and told.reference in sent.subject
    assert not re.search(r"Rea|Ferred|\bSF-", sent.subject + sent.body)
    told.refresh_from_db()
    assert told.passed_on_at and told.words == "Ravi Referrer, physiotherapist, Invented Hospital"


@pytest.mark.parametrize("said", [{}, {"referrer_told": False, "referrer_kept": False}])
def test_whoever_may_neither_hear_nor_be_kept_is_forgotten_at_once(ready, said):
    row = refer(programme=ready, said=referral(safety_note="Had a fall."))
    participant = joins(row, **said)
    write_for_referrals()
    assert row.forgotten_at and row.words == row.email == "" and not mail.outbox
    assert referral_of(participant) == row and row.safety_note, "what was said on safety stays"


def test_whoever_may_be_kept_and_not_told_hears_nothing(ready):
    row = refer(programme=ready, said=referral())
    joins(row, referrer_told=False, referrer_kept=True)
    write_for_referrals()
    row.refresh_from_db()
    assert row.words and row.passed_on_at is None and not mail.outbox


def test_whoever_may_hear_and_not_be_kept_is_forgotten_once_told(ready):
    row = refer(programme=ready, said=referral())
    joins(row, referrer_told=True, referrer_kept=False)
    write_for_referrals()
    row.refresh_from_db()
    assert len(mail.outbox) == 1 and row.forgotten_at and row.email == ""


def test_a_referrer_with_a_telephone_alone_is_told_by_the_desk_and_then_forgotten(ready, dee):
    row = refer(programme=ready, said=referral(email="", phone="+441632960444"))
    joins(row, referrer_told=True, referrer_kept=False)
    write_for_referrals()
    row.refresh_from_db()
    task = Task.objects.get(kind=TELL_REFERRER)
    assert task.context["reference"] == row.reference and row.forgotten_at is None
    close_task(task=task, outcome="told_referrer", by=dee.person)
    write_for_referrals()
    row.refresh_from_db()
    assert row.forgotten_at and row.phone == ""


@pytest.mark.parametrize(
    ("error", "asks"), [(smtplib.SMTPRecipientsRefused({}), True), (ConnectionRefusedError(), False)]
)
def test_word_to_a_referrer_that_is_refused_goes_to_the_desk_and_a_silent_server_is_tried_again(
    ready, monkeypatch, error, asks
):
    def broken(outgoing):
        raise error

    row = refer(programme=ready, said=referral())
    joins(row, referrer_told=True, referrer_kept=True)
    monkeypatch.setattr(referrals, "send_email", broken)
    write_for_referrals()
    row.refresh_from_db()
    assert Task.objects.filter(kind=TELL_REFERRER).exists() is asks and bool(row.passed_on_at) is asks


def test_a_note_on_safety_sends_the_answers_to_a_person(ready):
    row = refer(programme=ready, said=referral(safety_note="Had a fall."))
    clearance = joins(row).clearances.get()
    assert clearance.state == ClearanceState.NEEDS_REVIEW and clearance.flags == noted_by(row) == ["referrer_noted"]
    quiet = refer(programme=ready, said=referral())
    assert joins(quiet).clearances.get().state == ClearanceState.CLEARED and noted_by(None) == []


def test_whoever_reads_a_referred_person_the_questions_is_noted(ready, dee):
    row = refer(programme=ready, said=referral())
    texts = {text.kind: {"given": True, "text": text.pk} for text in current_texts(ready)}
    rest = {"area": "Dorset", "cancer": "suspected", "emergency_name": "E", "emergency_phone": "+441632960111"}
    values = rest | {"health": HEALTH, "health_version": "2026-1", "consents": texts}
    intake.save_page(registration=row.registration, page="all", values=values, by=dee.person)
    participant = intake.submit_registration(registration=row.registration, by=dee.person)
    assert participant.entered_by == dee.person and participant.health_profiles.get().mode == "desk"


def test_a_referral_that_nobody_followed_goes_with_its_draft(ready):
    row = refer(programme=ready, said=referral())
    with time_machine.travel(NOON + dt.timedelta(days=ready.draft_days + 1)):
        assert intake.purge_drafts() == 1
    assert not Referrer.objects.exists() and not Registration.objects.exists()
    assert Task.objects.get().state == TaskState.CANCELLED and row.pk


def test_who_does_not_want_to_join_leaves_nothing(ready, dee):
    row = refer(programme=ready, said=referral())
    intake.save_page(registration=row.registration, page="area", values={"area": "elsewhere"})
    drop(referrer=row, by=dee.person)
    assert not Referrer.objects.exists() and not Registration.objects.exists()
    assert Task.objects.get().state == TaskState.CANCELLED


def test_a_referral_of_somebody_who_has_joined_is_not_dropped(ready, dee):
    row = refer(programme=ready, said=referral())
    participant = joins(row)
    with pytest.raises(HasJoined) as stopped:
        drop(referrer=row, by=dee.person)
    assert stopped.value.participant == participant and Referrer.objects.exists()


def test_most_people_were_referred_by_nobody(pat):
    assert referral_of(pat) is None and referral_of(ParticipantFactory(source="referral")) is None
