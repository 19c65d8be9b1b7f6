"""Rows about questionnaires, answers and releases. One room per subject; import from here."""

from outcomes.models.answers import AnswerMode, Assessment, AssessmentQuerySet, AssessmentState, Response, Score
from outcomes.models.comments import CommentSummary, DataUseComment, DataUseCommentQuerySet, SaidAs
from outcomes.models.extracts import (
    EXTRACT_TRANSITIONS,
    Extract,
    ExtractApproval,
    ExtractBundle,
    ExtractCertificate,
    ExtractMember,
    ExtractSpecification,
    ExtractState,
    ResearchProject,
)
from outcomes.models.files import QuestionnaireFile
from outcomes.models.goals import Goal, GoalRating
from outcomes.models.machines import MachineClient, MachineClientQuerySet, MachineRead
from outcomes.models.measures import Measure, MeasureKind, MeasureReason, MeasureResult
from outcomes.models.questionnaires import Questionnaire, QuestionnaireQuerySet
from outcomes.models.releases import (
    RELEASE_TRANSITIONS,
    CellStatus,
    Release,
    ReleaseCell,
    ReleaseQuerySet,
    ReleaseSheet,
    ReleaseState,
)
from outcomes.models.routes import AlertRoute, SafetyRoute, WorryingAnswers
from outcomes.models.studies import STUDY_TRANSITIONS, Study, StudyAnswer, StudyCount, StudyInvitation, StudyState

__all__ = [
    "AlertRoute",
    "AnswerMode",
    "Assessment",
    "AssessmentQuerySet",
    "AssessmentState",
    "CellStatus",
    "CommentSummary",
    "DataUseComment",
    "DataUseCommentQuerySet",
    "EXTRACT_TRANSITIONS",
    "Extract",
    "ExtractApproval",
    "ExtractBundle",
    "ExtractCertificate",
    "ExtractMember",
    "ExtractSpecification",
    "ExtractState",
    "Goal",
    "GoalRating",
    "MachineClient",
    "MachineClientQuerySet",
    "MachineRead",
    "Measure",
    "MeasureKind",
    "MeasureReason",
    "MeasureResult",
    "Questionnaire",
    "QuestionnaireFile",
    "QuestionnaireQuerySet",
    "RELEASE_TRANSITIONS",
    "Release",
    "ReleaseCell",
    "ReleaseQuerySet",
    "ReleaseSheet",
    "ReleaseState",
    "ResearchProject",
    "Response",
    "SafetyRoute",
    "SaidAs",
    "STUDY_TRANSITIONS",
    "Score",
    "Study",
    "StudyAnswer",
    "StudyCount",
    "StudyInvitation",
    "StudyState",
    "WorryingAnswers",
]
