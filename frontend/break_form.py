"""A break from the programme: the form that starts one, and the one that moves its day. For the person and the desk."""

from __future__ import annotations

from datetime import date

from frontend import forms
from frontend.wording import today
from participants.models import PauseReason
from participants.taking_part.life import review_dates

BUSY = "One of the classes is busy at this moment. Nothing was changed. Press the button again."
REASONS = (
    (PauseReason.TREATMENT, "Treatment"),
    (PauseReason.OPERATION, "An operation"),
    (PauseReason.UNWELL, "Not well enough"),
    (PauseReason.CARING, "Caring for somebody"),
    (PauseReason.AWAY, "Away"),
    (PauseReason.OTHER, "Something else, or would rather not say"),
)


def _earliest() -> date:
    return review_dates(today())[0]


def _latest() -> date:
    return review_dates(today())[1]


class BreakForm(forms.Form):
    reason = forms.RadiosField(
        label="Why a break?",
        missing="Select why, or select the last one",
        options=[(reason.value, words) for reason, words in REASONS],
    )
    review_on = forms.DateField(
        label="Until when?",
        called="the day",
        hint="You can change it later. Leave it blank if nobody knows yet: then we ask after 4 weeks.",
        earliest=_earliest,
        latest=_latest,
        required=False,
    )


class UntilForm(forms.Form):
    review_on = forms.DateField(label="Until when now?", called="the day", earliest=_earliest, latest=_latest)


def reason_words(reason: str) -> str:
    """As the form says it; one from before there was a list stands as it was kept."""
    return dict(REASONS).get(reason, reason)  # type: ignore[call-overload,no-any-return]
