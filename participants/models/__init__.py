"""Rows about people's part in a programme. One room per subject; import from here."""

from participants.models.about import (
    AccessNeed,
    AccessNeedKind,
    AreaFifth,
    CancerType,
    Equality,
    EthnicGroup,
    Gender,
    Sex,
    TreatmentStage,
)
from participants.models.capacity import DecidesBy, DecisionMaker
from participants.models.clinical_team import ClinicalContact, ClinicalLetter, ClinicalRole, LetterWay
from participants.models.consent import ConsentEvent, ConsentKind, ConsentText
from participants.models.nhs_number import NhsNumber
from participants.models.participant import (
    Enrolment,
    EnrolmentPause,
    Participant,
    ParticipantStatus,
    PauseReason,
    Phase,
    Timepoint,
)
from participants.models.referral import ReferBack, ReferBackEnd, ReferBackOutcome
from participants.models.referrer import Referrer
from participants.models.registration import EligibilityDecision, Registration, RegistrationStatus, Source
from participants.models.safety import Clearance, ClearanceState, HealthProfile
from participants.models.stop import ContactStop, StopKind
from participants.models.supporter import Supporter, SupporterScope, SupporterStatus
from participants.models.treatment import TreatmentDays

__all__ = [
    "AccessNeed",
    "AccessNeedKind",
    "AreaFifth",
    "CancerType",
    "Clearance",
    "ClearanceState",
    "ClinicalContact",
    "ClinicalLetter",
    "ClinicalRole",
    "ConsentEvent",
    "ConsentKind",
    "ConsentText",
    "ContactStop",
    "DecidesBy",
    "DecisionMaker",
    "EligibilityDecision",
    "Enrolment",
    "EnrolmentPause",
    "Equality",
    "EthnicGroup",
    "Gender",
    "HealthProfile",
    "NhsNumber",
    "LetterWay",
    "Participant",
    "ParticipantStatus",
    "PauseReason",
    "Phase",
    "ReferBack",
    "ReferBackEnd",
    "ReferBackOutcome",
    "Referrer",
    "Registration",
    "RegistrationStatus",
    "Sex",
    "Source",
    "StopKind",
    "Supporter",
    "SupporterScope",
    "SupporterStatus",
    "Timepoint",
    "TreatmentDays",
    "TreatmentStage",
]
