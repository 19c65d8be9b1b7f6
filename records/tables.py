"""Every table that says something about somebody: how its rows reach that person, and what a copy and an erasure do.

Here: the declarations, one for each model with `held` and for what libraries keep. Not here: reading by
them (reach.py), copies (exporting/), erasing (erasing/). PURE: no Django. A structure test fails for a model
that stands nowhere here.

What erasing keeps, and why, is the product's reading of UK GDPR article 17(3) and is not signed off.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final


class Fate(enum.StrEnum):
    """What erasing a person does to the rows that are about them."""

    DELETED = "deleted"
    EMPTIED = "emptied"  # the row stays, for counts or for history; what it says of the person goes
    KEPT = "kept"  # nothing in it says who the person is, or the law asks for it


class Copied(enum.StrEnum):
    """Whether rows go into the copy that a person is given."""

    WHOLE = "whole"
    WITHOUT_WORDS = "without_words"  # the words are read by a person first: they may speak of others
    NOT_AT_ALL = "not_at_all"  # not even that there are any


FOR_COUNTS: Final = "so that what was counted stays right: it names nobody"
WHO_DID_WHAT: Final = "to show what was done and by whom: it names nobody"
THE_LAW: Final = "what went wrong, or worried somebody, is kept as the law requires"
WORK: Final = "what somebody did at work is kept for as long as work records are"
NOBODY: Final = "nothing in a row leads to a person"


@dataclass(frozen=True)
class Table:
    """`ways`: lookups from a row to the person it is about, separated by spaces; any of them is enough.

    `fields`: which of them erasing empties. `why`: why rows are kept, or why none leads to a person. `others`: fields
    that speak of somebody else. `secret`: what opens a door, and is in no copy.
    """

    label: str
    ways: str
    fate: Fate
    fields: str = ""
    why: str = ""
    copied: Copied = Copied.WHOLE
    others: str = ""
    secret: str = ""
    apart: str = ""  # the lookup to who alone may know of a row: what safeguarding leads know of is left as it is


_PARTICIPANT = "participant__person"
_BOOKING = "booking__participant__person"


def _deleted(label: str, ways: str = _PARTICIPANT, *, others: str = "", secret: str = "", apart: str = "") -> Table:
    return Table(label, ways, Fate.DELETED, others=others, secret=secret, apart=apart)


def _emptied(label: str, ways: str, fields: str, why: str = FOR_COUNTS, *, apart: str = "") -> Table:
    return Table(label, ways, Fate.EMPTIED, fields=fields, why=why, apart=apart)


def _kept(label: str, ways: str, why: str, copied: Copied = Copied.WHOLE, *, others: str = "") -> Table:
    return Table(label, ways, Fate.KEPT, why=why, copied=copied, others=others)


def _work(label: str, ways: str) -> Table:
    return _kept(label, ways, WORK)


def _nobody(label: str) -> Table:
    return _kept(label, "", NOBODY, Copied.NOT_AT_ALL)


# What hangs on a row stands before it: erasing goes from the top to the bottom.
TABLES: Final = (
    # --- the record of somebody who takes part
    _deleted("records.ErasureRequest", "person"),
    _deleted("records.RecordCopy", "person", secret="content"),  # noqa: S106  a field that a copy cannot hold
    _deleted("outcomes.GoalRating", "goal__participant__person"),
    _deleted("outcomes.Goal"),
    _deleted("outcomes.WorryingAnswers", "response__assessment__participant__person"),
    _deleted("outcomes.Score", "response__assessment__participant__person"),
    _deleted("outcomes.Response", "assessment__participant__person"),
    _deleted("outcomes.Assessment"),
    _deleted("outcomes.Measure"),
    _deleted("outcomes.StudyInvitation"),
    _kept("outcomes.ExtractMember", _PARTICIPANT, WHO_DID_WHAT),
    _deleted("classes.SymptomTalk", "check_of__participant__person"),
    _deleted("classes.SymptomCheck"),
    _deleted("classes.SessionNote"),
    _deleted("classes.Whereabouts", _BOOKING),
    _deleted("classes.CalendarFeed", secret="token"),  # noqa: S106  whoever has it reads the calendar
    _kept("classes.CompanionMark", _BOOKING, FOR_COUNTS),
    _emptied("classes.Attendance", f"{_BOOKING} guest__participant__person", "note"),
    _emptied("classes.Guest", _PARTICIPANT, "name phone"),
    _kept("classes.Offer", _BOOKING, FOR_COUNTS),
    _emptied("classes.Booking", _PARTICIPANT, "priority_reason skipped_reason request_key"),
    _kept("classes.Rehearsal", _PARTICIPANT, FOR_COUNTS),
    _deleted("classes.IdempotencyKey", "by"),
    _kept("classes.IncidentReview", "incident__participant__person", THE_LAW, Copied.WITHOUT_WORDS),
    _kept("classes.IncidentAddendum", "incident__participant__person", THE_LAW, Copied.WITHOUT_WORDS),
    _kept("classes.Incident", _PARTICIPANT, THE_LAW, Copied.WITHOUT_WORDS),
    _kept("classes.ConcernReading", "concern__participant__person", THE_LAW, Copied.NOT_AT_ALL),
    _kept("classes.ConcernNote", "concern__participant__person", THE_LAW, Copied.NOT_AT_ALL),
    _kept("classes.Concern", _PARTICIPANT, THE_LAW, Copied.NOT_AT_ALL),
    _deleted("participants.ClinicalLetter"),
    _deleted("participants.ClinicalContact"),
    _deleted("participants.NhsNumber"),
    _deleted("participants.Referrer", "registration__participant__person"),
    _deleted("participants.ReferBackEnd", "refer_back__participant__person"),
    _deleted("participants.ReferBack"),
    _deleted("participants.Clearance"),
    _deleted("participants.HealthProfile"),
    _deleted("participants.EligibilityDecision", f"{_PARTICIPANT} registration__participant__person"),
    _deleted("participants.Registration"),
    _deleted("participants.TreatmentDays"),
    _deleted("participants.AccessNeed", "person"),
    _deleted("participants.Equality"),
    _deleted("participants.DecisionMaker", others="name phone"),
    _deleted("participants.Supporter", f"{_PARTICIPANT} person", others="invited_name invited_email"),
    _kept("participants.ConsentEvent", _PARTICIPANT, WHO_DID_WHAT),
    _emptied("participants.EnrolmentPause", "enrolment__participant__person", "reason"),
    _emptied("participants.Enrolment", _PARTICIPANT, "extension_reason"),
    _deleted("participants.ContactStop"),
    _emptied(
        "participants.Participant",
        "person",
        "reference postcode emergency_name emergency_relationship emergency_phone emergency_confirmed_at "
        "emergency_confirmed_by",
    ),
    # --- what was said between us
    _deleted("messaging.Bounce", "message__person"),
    _deleted("messaging.MessageStep", "message__person", apart="message__only_for"),
    _deleted("messaging.Message", "person", apart="only_for"),
    _deleted("messaging.ReceivedText", "person"),
    _emptied("messaging.TaskAttempt", "task__about", "note", WHO_DID_WHAT, apart="task__only_for"),
    _emptied("messaging.Task", "about", "context", WHO_DID_WHAT, apart="only_for"),
    _kept("messaging.CallEnd", "call__about", WHO_DID_WHAT),
    _kept("messaging.Call", "about", WHO_DID_WHAT),
    _deleted("messaging.OptOut", "person"),
    _deleted("messaging.ChosenWay", "person"),
    _deleted("accounts.ContactPoint", "person"),
    # --- another record that was the same person's
    _deleted("records.MergeChange", "merge__kept__person", secret="rows"),  # noqa: S106  rows of other tables, as they were
    # An undone one may have been about somebody else: what stood on the other record is in no copy.
    _deleted("records.Merge", "kept__person", others="name born reference said"),
    _deleted("records.TwoPeople", "one other"),
    # --- signing in
    _deleted("accounts.BrowserSession", "user__person", secret="session_data session_key"),  # noqa: S106  names of fields
    _deleted("account.EmailAddress", "user__person"),
    _deleted("mfa.Authenticator", "user__person", secret="data"),  # noqa: S106  opens the account
    _deleted("accounts.Membership", "user__person"),
    _deleted("accounts.User", "person", secret="password"),  # noqa: S106  opens the account
    _kept("accounts.AccessLog", "target", WHO_DID_WHAT),
    _emptied("accounts.Person", "pk", "given_name family_name known_as date_of_birth", WHO_DID_WHAT),
    # --- what people did at work
    _work("accounts.BroughtList", "by"),
    _work("accounts.ContentVersion", "by"),
    _work("accounts.ContentStart", "by"),
    _work("accounts.ContentSignOff", "by"),
    _work("messaging.TaskAlert", "person"),
    _work("messaging.OnCallShift", "person"),
    _work("instructors.Evidence", "credential__instructor__person"),
    _work("instructors.Credential", "instructor__person"),
    _work("instructors.Override", "instructor__person"),
    _work("instructors.Unavailability", "instructor__person"),
    _work("instructors.Instructor", "person"),
    _work("classes.SessionLeader", "instructor__person"),
    _work("classes.CoverInvitation", "instructor__person"),
    _work("classes.CoverRequest", "instructor__person taken_by__person"),
    _work("classes.ClassNote", "by"),
    _work("classes.RunningLate", "by"),
    _work("classes.Arrival", "by"),
    _work("outcomes.ExtractApproval", "by"),
    _work("outcomes.ExtractCertificate", "by"),
    _work("outcomes.ExtractSpecification", "asked_by"),
    _work("outcomes.Extract", "asked_by taken_by"),
    _work("outcomes.SafetyRoute", "by contact"),
    # --- of nobody who can be known
    _nobody("messaging.PageFeedback"),
    _nobody("outcomes.DataUseComment"),
    _nobody("outcomes.ExtractBundle"),
    _nobody("outcomes.ReleaseSheet"),  # an erasure empties its lines by itself (outcomes/releases/past.py)
    _nobody("outcomes.StudyCount"),
    _nobody("records.Erasure"),
)
