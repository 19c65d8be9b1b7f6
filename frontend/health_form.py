"""The health questions asked again, on one page: by the person, or by the desk over the telephone.

Here: the form, and what became of it. Not here: what answers mean
(participants/rules/screening.py), registering, where each question has a page
(views/public/join_forms.py). Nothing is filled in beforehand, because health
changes: what was answered last stands beside the question, where the wording is
still the same, and every question is answered anew.
"""

from __future__ import annotations

from django.http import QueryDict

from accounts.models import Person
from frontend import forms
from frontend.views.public.join_forms import question_field
from frontend.wording import plain_date
from participants import health
from participants.health_content import health_questions
from participants.models import HealthProfile, Participant
from participants.refusals import QuestionsChanged

NO_VERSION = "none"  # a page that does not say what was read
CHANGED = "The questions have changed since this page was opened. Please read them again, and send your answers."


class HealthForm(forms.Form):
    """Every health question. `last`: answers to this same wording, told beside each question."""

    refused_with: int | None = None  # the status of a page whose answers are right and cannot be kept
    version = forms.HiddenField(required=False)
    note = forms.LongTextField(
        label="Is there anything else we should know to keep you safe?",
        hint="One of our team reads what you write.",
        called="what else we should know",
        required=False,
        max_length=2000,
    )

    def __init__(self, data: QueryDict | None, *, last: HealthProfile | None) -> None:
        questions = health_questions()
        self.read_version = data.get("version", "") if data is not None else ""
        if data is not None:  # drawn again it asks today's questions; the answers that still fit stay where they are
            data = data.copy()
            data["version"] = questions.version
        super().__init__(data, initial={"version": questions.version})
        said = questions.said(last.answers) if last else {}
        for question in questions:
            field = question_field(question, named=True)
            if last and question.id in said:
                field.hint = f"{field.hint} Last time, on {plain_date(last.answered_at)}: {said[question.id]}.".strip()
            self.fields[question.id] = field
        self.order_fields(["version", *(question.id for question in questions), "note"])

    def keep(self, *, participant: Participant, mode: str, by: Person) -> bool:
        """Whether the answers were kept; otherwise why not is an error of the form. Raises NotPossibleNow."""
        answers = {name: value for name, value in self.cleaned_data.items() if name not in ("note", "version")}
        note = self.cleaned_data["note"]
        try:
            health.update_health(
                participant=participant,
                answers=answers,
                note=note,
                mode=mode,
                version=self.read_version or NO_VERSION,
                by=by,
            )
        except QuestionsChanged:
            self.add_error(None, CHANGED)
            self.refused_with = 409
            return False
        return True
