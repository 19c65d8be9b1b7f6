"""Classes that lie close to a treatment, on lists and pages: who is told, and in which words.

Here: what the lists, the page of a class and the booking step share. Not here:
which days are close (participants/rules/treatment_days.py). The person is told, and
the desk when it books for them; whoever helps them is not, whatever they may do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.http import HttpRequest

from accounts.history import log_read
from frontend.acting import is_acting_for_another
from frontend.on_the_phone import line_about
from frontend.signed_in import user_of
from frontend.wording import Label, uk
from participants.models import Participant, TreatmentDays
from participants.rules.treatment_days import NearTreatment
from participants.treatments import near_treatment

TIRED = "Many people feel most tired on the day of a treatment and the days after it."


@dataclass(frozen=True)
class Near:
    """What one page says of classes close to a treatment. `name`: of the person acted for; empty to themselves."""

    days: NearTreatment = field(default_factory=NearTreatment)
    name: str = ""

    def label(self, starts_at: datetime) -> Label | None:
        """The tag of a class; None for most."""
        on: date = uk(starts_at).date()
        return Label(f"Close to {self._whose} treatment") if on in self.days else None

    @property
    def listed(self) -> str:
        """Above a list in which some are."""
        return f"Some of these classes are close to {self._whose} treatment. {self.advice}"

    @property
    def _whose(self) -> str:
        return f"{self.name}’s" if self.name else "your"

    @property
    def advice(self) -> str:
        """One sentence on what it means, and that it forbids nothing."""
        if self.name:
            return f"{TIRED} {self.name} can book as usual, and giving the place back is never held against them."
        return f"{TIRED} You can book as usual, and giving the place back is never held against you."


def near_for(request: HttpRequest, participant: Participant | None) -> Near:
    """For the lists and pages of this request. One query, and another where days are noted."""
    if participant is None or _overheard(request, participant):
        return Near()
    rows = list(TreatmentDays.objects.visible_to(request.user).filter(participant=participant))
    if not rows:
        return Near()
    if not is_acting_for_another(request):
        return Near(near_treatment(rows))
    log_read(target=participant.person, purpose="booking", what="treatment days", by=user_of(request).person)
    return Near(near_treatment(rows), participant.person.first_name)


def _overheard(request: HttpRequest, participant: Participant) -> bool:
    """Whether somebody else is on the line with the desk: what stands on the page is read out."""
    line = line_about(request, participant)
    return line.call is not None and not line.person
