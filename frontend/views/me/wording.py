"""Sentences of the pages about oneself."""

from __future__ import annotations

from frontend.wording import CHECKING_LABEL, Label
from participants.models import ClearanceState, SupporterScope

SCOPE_WORDS = {
    SupporterScope.BOOK: "book and cancel classes",
    SupporterScope.SEE_MESSAGES: "see messages that we send",
    SupporterScope.BE_CONTACTED: "be called or written to by us",
    SupporterScope.SCRIBE: "type in answers to questions, as they are said",
}

CLEARANCE_LABELS = {
    ClearanceState.CLEARED: Label("Safe for you to take part", "ok"),
    ClearanceState.CLEARED_WITH_ADAPTATIONS: Label("Safe for you, with changes to suit you", "ok"),
    ClearanceState.NEEDS_REVIEW: CHECKING_LABEL,
    ClearanceState.PAUSED: Label("Paused", "quiet"),
    ClearanceState.NOT_SUITABLE: Label("Not suitable at the moment", "full"),
}


def clearance_label(state: str | None) -> Label:
    """The state in words; nobody has decided yet counts as waiting for us."""
    return CLEARANCE_LABELS[ClearanceState(state)] if state else CHECKING_LABEL
