"""Every column that names a person, a participant or a login, and what becomes of it when two records are merged.

Here: the lists. A column in none of them is found by `tests/structure/test_merging.py`. MOVED: it names the record
that stays from then on. SETTLED: the same, after what clashes was settled (settling.py, places.py). OF_STAFF: nobody
whose record goes has ever been named there, or the merge is refused: work that was done is never given to another
record. Not here: how rows move (journal.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.db.models import ForeignKey, Model

MOVED = frozenset(
    """
    accounts.AccessLog.by accounts.AccessLog.target
    messaging.Call.about messaging.Call.helper messaging.ReceivedText.person
    messaging.Message.person messaging.Task.about
    participants.AccessNeed.recorded_by participants.ConsentEvent.by
    participants.Participant.entered_by participants.Participant.emergency_confirmed_by
    participants.Registration.entered_by participants.Registration.participant
    participants.HealthProfile.by participants.HealthProfile.participant
    participants.EligibilityDecision.participant participants.ContactStop.participant
    participants.TreatmentDays.participant participants.ReferBack.participant
    classes.Booking.made_by classes.Booking.ended_by
    classes.Incident.participant classes.Concern.participant classes.Concern.reported_by
    classes.Rehearsal.by classes.Rehearsal.participant
    classes.SessionNote.participant classes.SymptomCheck.by classes.SymptomCheck.participant
    classes.Whereabouts.by
    outcomes.Response.entered_by outcomes.Goal.set_by outcomes.Goal.participant outcomes.GoalRating.by
    outcomes.Measure.by outcomes.Measure.participant
    participants.ClinicalContact.noted_by participants.ClinicalContact.ended_by
    participants.ClinicalLetter.participant participants.NhsNumber.noted_by
    records.Merge.kept records.RecordCopy.person records.RecordCopy.asked_by
    """.split()
)
SETTLED = frozenset(
    """
    accounts.ContactPoint.person accounts.User.person
    messaging.OptOut.person messaging.ChosenWay.person
    participants.AccessNeed.person participants.Equality.participant participants.DecisionMaker.participant
    participants.ConsentEvent.participant participants.Clearance.participant
    participants.Enrolment.participant participants.Supporter.participant participants.Supporter.person
    classes.Booking.participant classes.Guest.participant classes.CalendarFeed.participant
    classes.ConcernNames.person classes.IdempotencyKey.by
    outcomes.Assessment.participant outcomes.ExtractMember.participant outcomes.StudyInvitation.participant
    participants.ClinicalContact.participant participants.NhsNumber.participant
    records.TwoPeople.one records.TwoPeople.other
    """.split()
)
OF_STAFF = frozenset(
    """
    accounts.ContentVersion.by accounts.ContentStart.by accounts.ContentSignOff.by accounts.BroughtList.by
    messaging.Call.by messaging.MessageStep.by messaging.Task.owner messaging.Task.meant_for messaging.TaskAttempt.by
    messaging.TaskAlert.person messaging.OnCallShift.person
    participants.DecisionMaker.seen_by participants.DecisionMaker.recorded_by participants.DecisionMaker.ended_by
    participants.Supporter.verified_by participants.ReferBack.by participants.ReferBackEnd.by
    participants.EligibilityDecision.decided_by participants.Clearance.decided_by
    participants.ContactStop.recorded_by participants.ContactStop.undone_by
    instructors.Instructor.person instructors.Credential.verified_by instructors.Credential.sent_back_by
    instructors.Evidence.sent_by instructors.Override.given_by
    classes.SessionLeader.assigned_by classes.Attendance.by classes.CompanionMark.by classes.Incident.reported_by
    classes.IncidentAddendum.by classes.IncidentReview.by classes.ConcernNote.by classes.ConcernReading.by
    classes.CoverRequest.asked_by classes.ClassNote.by classes.Arrival.by classes.RunningLate.by
    classes.SessionNote.by classes.SymptomTalk.by
    outcomes.DataUseComment.put_away_by outcomes.CommentSummary.by outcomes.ExtractSpecification.asked_by
    outcomes.ExtractApproval.by outcomes.Extract.asked_by outcomes.Extract.taken_by outcomes.ExtractCertificate.by
    outcomes.QuestionnaireFile.brought_by outcomes.Release.asked_by outcomes.SafetyRoute.contact
    outcomes.SafetyRoute.by outcomes.StudyCount.by
    messaging.PageFeedback.put_away_by messaging.SiteNotice.by participants.ClinicalLetter.sent_by
    records.TwoPeople.by records.Merge.by records.Merge.undone_by
    """.split()
)
# The participant's own row goes with the record, and a login with what hangs on it (logins.py).
ITSELF = frozenset({"participants.Participant.person"})
OF_A_LOGIN = frozenset(
    {
        "accounts.Membership.user",
        "accounts.BrowserSession.user",
        "account.EmailAddress.user",
        "mfa.Authenticator.user",
        "allauth_idp_oidc.Client.owner",
        "allauth_idp_oidc.Token.user",
    }
)
# A record about which one is open is not put together with another (refusals.py).
NEVER_THEN = frozenset(
    {"records.ErasureRequest.person", "records.ErasureRequest.asked_by", "records.ErasureRequest.confirmed_by"}
)
GROWS_BY_LOOKING = frozenset({"accounts.AccessLog.by", "accounts.AccessLog.target"})  # no page read twice is the same


@dataclass(frozen=True)
class Column:
    """One of those columns; `of_person`: it names a person, and else a participant."""

    name: str
    model: type[Model]
    field: str
    db_column: str
    of_person: bool


def columns(names: Iterable[str]) -> list[Column]:
    return [column(name) for name in sorted(names)]


def column(name: str) -> Column:
    label, _, field = name.rpartition(".")
    model = apps.get_model(label)
    found = model._meta.get_field(field)
    assert isinstance(found, ForeignKey)  # noqa: S101  which a structure test says of each of them
    return Column(name, model, field, found.column, found.related_model._meta.model_name == "person")
