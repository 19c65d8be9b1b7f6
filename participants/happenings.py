"""What happened to somebody's part in the programme, in the shape of accounts/happenings.py.

Called by the desk's timeline (frontend). That health was answered and what was
decided, never an answer, a flag or a note.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Concat

from accounts.happenings import Rows, by_action, in_history, only_changes_of, person, told
from accounts.models import ContactPoint, Person
from participants.correcting import CORRECT
from participants.models import (
    AccessNeed,
    Clearance,
    ClinicalContact,
    ConsentEvent,
    ContactStop,
    DecisionMaker,
    Enrolment,
    EnrolmentPause,
    HealthProfile,
    Participant,
    Supporter,
)

REGISTERED, STATUS, DETAILS, HELPER, DECIDER = "registered", "status", "details", "helper", "decider"
CLINICAL_TEAM = "clinical_team"
HEALTH_ANSWERED, CLEARANCE = "health_answered", "clearance"
AGREED, TOOK_BACK = "agreed", "took_back"
STOPPED, STOP_UNDONE = "stopped", "stop_undone"
NEEDS = ("participants.record_needs", "participants.share_needs", "participants.confirm_needs")
OF_THE_RECORD = (
    "participants.change_emergency_contact",
    "participants.confirm_emergency_contact",
    "participants.change_home",
)
WHO_HELPS = Concat(F("person__given_name"), Value(" "), F("person__family_name"), output_field=CharField())
AT_ONCE = timedelta(minutes=1)  # what was agreed to while registering stands in the line of registering


def happenings_of(participant: Participant) -> list[Rows]:
    own, about = Participant.objects.filter(pk=participant.pk), participant.person
    return [
        told(own, at="registered_at", what=REGISTERED, detail=F("source"), by=person("entered_by_id")),
        *_of_their_life(participant),
        *_of_health(participant),
        _of_consent(participant),
        by_action(in_history(Supporter).filter(participant_id=participant.pk), HELPER, more=WHO_HELPS),
        by_action(in_history(DecisionMaker).filter(participant_id=participant.pk), DECIDER),
        by_action(in_history(ClinicalContact).filter(participant_id=participant.pk), CLINICAL_TEAM),
        *_of_details(participant, about),
    ]


def _of_their_life(participant: Participant) -> list[Rows]:
    changes = only_changes_of("status", in_history(Participant).filter(pgh_obj_id=participant.pk))
    stops = ContactStop.objects.filter(participant=participant)
    return [
        told(
            changes.exclude(was=""),
            at="pgh_created_at",
            what=STATUS,
            detail=F("status"),
            row="pgh_id",  # of two changes at one moment the later one comes first
            by=F("actor"),
            behalf=F("for_whom"),
        ),
        told(stops, at="recorded_at", what=STOPPED, detail=F("kind"), by=person("recorded_by_id")),
        told(stops.exclude(undone_at=None), at="undone_at", what=STOP_UNDONE, by=person("undone_by_id")),
    ]


def _of_health(participant: Participant) -> list[Rows]:
    answers = HealthProfile.objects.filter(participant=participant)
    decisions = Clearance.objects.filter(participant=participant)
    return [
        told(answers, at="answered_at", what=HEALTH_ANSWERED, detail=F("mode"), by=person("by_id")),
        told(decisions, at="decided_at", what=CLEARANCE, detail=F("state"), by=person("decided_by_id")),
    ]


def _of_consent(participant: Participant) -> Rows:
    events = ConsentEvent.objects.filter(participant=participant)
    later = events.exclude(given=True, at__lt=participant.registered_at + AT_ONCE)
    what = Case(When(Q(given=True), Value(AGREED)), default=Value(TOOK_BACK), output_field=CharField())
    return told(later, at="at", what=what, detail=F("text__kind"), by=person("by_id"))


def _of_details(participant: Participant, about: Person) -> list[Rows]:
    """What is kept up to date: one line for each action, whatever it changed."""
    changed = (
        in_history(Participant).filter(pgh_obj_id=participant.pk, acted__in=OF_THE_RECORD),
        in_history(Person).filter(pgh_obj_id=about.pk, acted__in=("participants.change_name", CORRECT)),
        in_history(ContactPoint).filter(person_id=about.pk, acted="participants.change_contact"),
        in_history(AccessNeed).filter(person_id=about.pk, acted__in=NEEDS),
        in_history(EnrolmentPause).filter(enrolment__participant_id=participant.pk, acted="participants.move_review"),
        in_history(Enrolment).filter(participant_id=participant.pk, acted="participants.extend_programme"),
    )
    return [by_action(events, DETAILS) for events in changed]
