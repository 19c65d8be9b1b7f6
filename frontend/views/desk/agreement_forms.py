"""What is asked about an agreement with a partner. Not here: the pages (agreements.py), what is kept (outcomes)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from frontend import forms
from frontend.about_programme import AboutProgramme
from frontend.views.desk.agreement_words import choices
from frontend.wording import today
from outcomes.releases.agreements import LEAST_K, LONGEST_PURPOSE, MOST_K, Terms


def _purpose(*, page_heading: bool = False) -> forms.LongTextField:
    return forms.LongTextField(
        label="What do they use summaries for?",
        hint="One or two plain sentences. Everybody can read them on the page about how information is used.",
        missing="Enter what they use summaries for",
        called="what they use summaries for",
        max_length=LONGEST_PURPOSE,
        rows=4,
        page_heading=page_heading,
    )


class PurposeForm(forms.Form):
    purpose = _purpose(page_heading=True)


class TermsForm(forms.Form):
    """What it says is shown once more before it is kept: `sure` carries what the page has shown."""

    dimensions = forms.CheckboxesField(
        label="By what may people be told apart in their summaries?",
        hint="Tick nothing to count everybody together. What is read together brings both of its parts along.",
        missing="Select by what people may be told apart",
        options=choices(),
        required=False,
    )
    k = forms.NumberField(
        label="Below how many people is a number hidden?",
        hint=f"At least {LEAST_K}. What the agreement on paper says, if that is more.",
        called="below how many people a number is hidden",
        min_value=LEAST_K,
        max_value=MOST_K,
        width=3,
    )
    starts_on = forms.DateField(label="From when?", called="the first day")
    ends_on = forms.DateField(
        label="Until when?",
        hint="The last day. Leave it empty where no end is agreed.",
        called="the last day",
        required=False,
    )
    sure = forms.HiddenField(required=False)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("starts_on") and said.get("ends_on") and said["ends_on"] < said["starts_on"]:
            self.add_error("ends_on", "The last day must not be before the first day")
        return said

    def terms(self) -> Terms:
        """Of a valid form."""
        said = self.cleaned_data
        return Terms(list(said["dimensions"]), said["k"], said["starts_on"], said["ends_on"])

    def is_not_sure(self, *shown: object) -> bool:
        """Whether the page has not shown just this yet; from here on it has."""
        before, now = self.cleaned_data["sure"], "|".join(str(one) for one in shown)
        self.data = {**self.data, "dimensions": self.cleaned_data["dimensions"], "sure": now}
        return bool(before != now)


class NewForm(TermsForm, AboutProgramme):
    partner = forms.TextField(
        label="Which organisation is it?",
        hint="Its name as the agreement says it. Everybody can read it on the page about how information is used.",
        missing="Enter the name of the organisation",
        called="the name of the organisation",
        autocomplete="off",
        max_length=200,
    )
    purpose = _purpose()

    field_order = ("programme", "partner", "purpose")


class EndForm(forms.Form):
    last_day = forms.DateField(
        label="What is their last day?",
        hint="They can read on that day still. Yesterday ends it at once.",
        called="the last day",
        earliest=lambda: today() - timedelta(days=1),
    )
