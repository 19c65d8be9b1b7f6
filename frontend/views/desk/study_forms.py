"""What is written about a research study. Not here: the pages (studies.py), what is kept (outcomes/studies/)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from frontend import forms
from outcomes.models import Study
from outcomes.studies.running import Words

EVERYBODY = "Tick nothing to ask everybody."
CRITERIA = {"ages": "age", "areas": "area", "cancers": "cancer", "phases": "phase"}  # field → criterion


class StudyForm(forms.Form):
    title = forms.TextField(label="Title", called="the title", hint="People read it on their own page.", max_length=150)
    team = forms.TextField(
        label="Who does the study?", missing="Enter who does the study", called="who does the study", max_length=200
    )
    ethics_reference = forms.TextField(
        label="Ethics reference",
        hint="For example 27/SC/0123.",
        called="the ethics reference",
        width=20,
        max_length=100,
    )
    description = forms.LongTextField(
        label="What is it about, and what would somebody do?",
        hint="In plain words: how long it takes, where, and what it asks for.",
        missing="Enter what the study is about",
        called="what the study is about",
        max_length=3000,
        rows=8,
    )
    contact = forms.LongTextField(
        label="How does somebody reach the study team?",
        hint="Shown to people who say that they are interested. We give the team no names.",
        missing="Enter how to reach the study team",
        called="how to reach the study team",
        max_length=500,
        rows=3,
    )
    ages = forms.CheckboxesField(label="Age", hint=EVERYBODY, required=False)
    areas = forms.CheckboxesField(label="Area", hint=EVERYBODY, required=False)
    cancers = forms.CheckboxesField(label="Kind of cancer", hint=EVERYBODY, required=False)
    phases = forms.CheckboxesField(label="Phase of the programme", hint=EVERYBODY, required=False)
    opens_on = forms.DateField(label="Opens on", called="the day it opens")
    closes_on = forms.DateField(label="Closes on", called="the day it closes")

    def __init__(self, choices: Mapping[str, Sequence[str]], *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        for name, criterion in CRITERIA.items():
            self.fields[name].offer([(one, one) for one in choices[criterion]])  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("opens_on") and said.get("closes_on") and said["closes_on"] < said["opens_on"]:
            self.add_error("closes_on", "The day it closes must not be before the day it opens")
        elif said.get("closes_on") and said["closes_on"] < timezone.localdate():
            self.add_error("closes_on", "The day it closes must be today or later")
        return said

    def words(self) -> Words:
        """Of a valid form."""
        return Words(**{name: self.cleaned_data[name] for name in Words.__dataclass_fields__})

    @staticmethod
    def kept(study: Study) -> dict[str, Any]:
        return {name: getattr(study, name) for name in Words.__dataclass_fields__}
