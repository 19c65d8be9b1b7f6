import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from accounts.content import kind_of, start_version, write_version
from accounts.models import Person
from participants.consequences import ENROLLED, register_consequence
from participants.health_content import HEALTH_QUESTIONS, health_questions
from participants.models import EligibilityDecision, Participant, Registration, RegistrationStatus
from participants.registering import intake
from participants.rules.admission import Reason
from participants.rules.questions import CURRENT
from participants.standing import standing_of
from participants.tasks import forget_unfinished_registrations

pytestmark = pytest.mark.django_db


def actors_of(table, pk):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pgh_context->>'by', pgh_context->>'action' FROM {table} WHERE pgh_obj_id = %s", [pk])
        return cursor.fetchall()


def test_a_reference_can_be_read_out(ready):
    reference = intake.start_registration(programme=ready).reference
    assert re.fullmatch(r"SF-[2-9BCDFGHJKMNPQRSTVWXYZ]{4}-[2-9BCDFGHJKMNPQRSTVWXYZ]{4}", reference)


def test_whoever_registers_themselves_is_the_actor_of_their_own_record(draft):
    participant = intake.submit_registration(registration=draft())
    name = f"person:{participant.person.pk}"
    assert actors_of("participants_participantevent", participant.pk) == [(name, "participants.register")]
    assert actors_of("accounts_personevent", participant.person.pk) == [("system:public", "participants.register")]


def test_at_the_desk_the_one_who_types_is_the_actor(draft, dee):
    participant = intake.submit_registration(registration=draft(by=dee.person, source="desk"), by=dee.person)
    assert actors_of("accounts_personevent", participant.person.pk)[0][0] == f"person:{dee.person.pk}"


def test_handing_in_twice_gives_the_same_participant(draft):
    registration = draft()
    first = intake.submit_registration(registration=registration)
    assert intake.submit_registration(registration=registration) == first
    assert Participant.objects.count() == 1


def test_what_hangs_on_enrolment_runs_in_the_same_transaction(draft):
    register_consequence(ENROLLED, "tests.break", lambda participant, by: 1 / 0)
    try:
        with pytest.raises(ZeroDivisionError):
            intake.submit_registration(registration=draft())
        assert not Participant.objects.exists() and not Person.objects.filter(given_name="Jo").exists()
    finally:
        register_consequence(ENROLLED, "tests.break", lambda participant, by: None)


def test_answers_are_noted_for_the_wording_that_was_read_whatever_starts_meanwhile(draft, clare, monkeypatch):
    kind, asked_first = kind_of(HEALTH_QUESTIONS), intake.required_kinds
    written = write_version(
        kind=kind, based_on=CURRENT, values={("question", 0, "ask"): "Other words?"}, why="Clearer.", by=clare.person
    )

    def while_it_is_handed_in(programme):
        start_version(kind=kind, version=written.version, by=clare.person)
        return asked_first(programme)

    registration = draft()
    monkeypatch.setattr(intake, "required_kinds", while_it_is_handed_in)
    participant = intake.submit_registration(registration=registration)
    assert health_questions().version == written.version
    assert participant.health_profiles.get().wording_version == CURRENT


def test_an_unfinished_draft_is_not_handed_in(draft):
    with pytest.raises(intake.Incomplete) as stopped:
        intake.submit_registration(registration=draft(emergency_name="", email=""))
    assert stopped.value.missing == ("contact", "emergency")


def test_the_standing_of_somebody_new_is_what_booking_reads(draft):
    standing = standing_of(intake.submit_registration(registration=draft()))
    assert standing.is_cleared(timezone.localdate()) and standing.enrolled_from == timezone.localdate()


def test_nothing_changes_in_what_was_handed_in(draft, dee):
    registration = draft()
    intake.submit_registration(registration=registration)
    with pytest.raises(intake.AlreadyHandedIn):
        intake.save_page(registration=registration, page="name", values={"given_name": "X"})
    with pytest.raises(intake.AlreadyHandedIn):
        intake.override_ineligibility(registration=registration, reason="x", by=dee.person)
    assert intake.open_draft(registration.pk) is None


def test_each_answer_that_settles_it_is_kept_as_a_decision_once(ready):
    registration = intake.start_registration(programme=ready)
    for _ in range(2):
        reasons = intake.save_page(registration=registration, page="area", values={"area": "elsewhere"})
        assert reasons == (Reason.OUTSIDE_AREA,)
    intake.save_page(registration=registration, page="cancer", values={"cancer": "no"})
    assert [d.reasons for d in EligibilityDecision.objects.order_by("pk")] == [
        ["outside_area"],
        ["no_cancer", "outside_area"],
    ]
    assert registration.status == RegistrationStatus.NOT_ELIGIBLE
    intake.save_page(registration=registration, page="area", values={"area": "Dorset", "cancer": "confirmed"})
    assert registration.status == RegistrationStatus.DRAFT


def test_a_refused_registration_is_not_handed_in(draft):
    with pytest.raises(intake.NotEligible) as stopped:
        intake.submit_registration(registration=draft(area="elsewhere"))
    assert stopped.value.reasons == (Reason.OUTSIDE_AREA,)


def test_staff_set_a_reason_aside_and_only_that_one(draft, dee):
    registration = draft(area="elsewhere")
    intake.override_ineligibility(registration=registration, reason="One road outside", by=dee.person)
    assert registration.status == RegistrationStatus.DRAFT
    assert intake.save_page(registration=registration, page="cancer", values={"cancer": "no"}) == (Reason.NO_CANCER,)
    intake.save_page(registration=registration, page="cancer", values={"cancer": "suspected"})
    participant = intake.submit_registration(registration=registration)
    decision = EligibilityDecision.objects.get(participant=participant)
    assert (decision.eligible, decision.override_reason) == (True, "One road outside")


def test_an_override_that_is_no_longer_needed_is_not_said(draft, dee):
    registration = draft(area="elsewhere")
    intake.override_ineligibility(registration=registration, reason="One road outside", by=dee.person)
    intake.save_page(registration=registration, page="area", values={"area": "Dorset"})
    participant = intake.submit_registration(registration=registration)
    assert EligibilityDecision.objects.get(participant=participant).override_reason == ""


def test_nobody_sets_age_aside(draft, dee):
    with pytest.raises(intake.CannotOverride) as stopped:
        intake.override_ineligibility(registration=draft(born="2020-01-01"), reason="x", by=dee.person)
    assert stopped.value.reasons == (Reason.TOO_YOUNG,)


@time_machine.travel("2026-11-24 00:30:00+00:00", tick=False)
def test_the_birthday_is_judged_on_a_uk_clock(draft):
    assert intake.submit_registration(registration=draft(born="2008-11-24"))


@time_machine.travel("2026-07-23 23:30:00+00:00", tick=False)
def test_half_past_midnight_in_summer_is_the_birthday(draft):
    assert intake.submit_registration(registration=draft(born="2008-07-24"))


def test_a_draft_is_unreadable_in_the_database(draft):
    registration = draft()
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM participants_registration WHERE id = %s", [registration.pk])
        assert "Invented" not in cursor.fetchone()[0]


def age(registration, days):
    Registration.objects.filter(pk=registration.pk).update(changed_at=timezone.now() - dt.timedelta(days=days))


def test_drafts_are_purged_after_their_days_and_no_sooner(draft, ready):
    old, fresh = draft(area="elsewhere"), draft()
    done = draft()
    intake.submit_registration(registration=done)
    age(old, ready.draft_days + 1)
    age(fresh, ready.draft_days - 1)
    age(done, 400)
    assert intake.purge_drafts() == 1
    assert set(Registration.objects.all()) == {fresh, done}
    assert intake.purge_drafts() == 0


@pytest.mark.parametrize("meanwhile", ["finished", "carried on"])
def test_a_draft_that_somebody_comes_back_to_while_the_purge_runs_is_kept(draft, ready, monkeypatch, meanwhile):
    registration, purge = draft(), intake._purge
    age(registration, ready.draft_days + 1)

    def somebody_comes_back(found):
        if meanwhile == "finished":
            intake.submit_registration(registration=registration)
        else:
            intake.save_page(registration=registration, page="name", values={"given_name": "Joan"})
        return purge(found)

    monkeypatch.setattr(intake, "_purge", somebody_comes_back)
    assert intake.purge_drafts() == 0
    assert Registration.objects.filter(pk=registration.pk).exists()


def test_a_link_opens_its_draft_until_a_newer_one(draft):
    registration = draft()
    first = intake.new_return_token(registration=registration)
    assert intake.draft_behind(first) == registration
    second = intake.new_return_token(registration=registration)
    assert intake.draft_behind(first) is None and intake.draft_behind(second) == registration
    assert intake.open_with(registration=registration, born="1958-03-14")
    assert not intake.open_with(registration=registration, born="1958-03-15")
    for _ in range(5):
        intake.open_with(registration=registration, born="1900-01-01")
    assert intake.draft_behind(second) is None


def test_only_so_many_links(draft):
    registration = draft()
    tokens = [intake.new_return_token(registration=registration) for _ in range(intake.MAY_TRY + 1)]
    assert tokens[-1] is None and None not in tokens[:-1]


def test_the_phases_are_those_of_the_first_programme(ready):
    assert [phase.weeks for phase in intake.phases_shown()] == [4, 9, 13]


def test_the_worker_forgets_unfinished_registrations(draft, ready):
    age(draft(), ready.draft_days + 1)
    forget_unfinished_registrations()
    assert not Registration.objects.exists()
