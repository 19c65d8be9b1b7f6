"""What is asked about an agreement with a partner. Not here: the pages (agreements.py), what is kept (outcomes)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from accounts.models import Programme
from frontend import forms
from frontend.about_programme import AboutProgramme
from frontend.views.desk.agreement_words import choices, dimension_words
from frontend.wording import joined, today
from outcomes.counting.bands import WITHIN_AN_AREA
from outcomes.releases.agreements import LEAST_K, LONGEST_PURPOSE, MOST_K, Terms

OFF_THE_LIST: Final = ", no longer on the programme’s list"
OF_ONE_AREA: Final = joined(dimension_words(name) for name in WITHIN_AN_AREA)


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


class TermsForm(AboutProgramme):
    """What it says is shown once more before it is kept: `sure` carries what the page has shown.

    `has`: the area that an agreement has. It is kept, and named, though the programme lists it no more: without it the
    form would say the whole programme.
    """

    area = forms.SelectField(
        label="Whose people are counted?",
        hint="A partner of one area reads nothing of the others, and nothing of the programme as a whole.",
        empty="People of the whole programme",
        required=False,
    )
    dimensions = forms.CheckboxesField(
        label="By what may people be told apart in their summaries?",
        hint="Tick nothing to count everybody together. What is read together brings both of its parts along. "
        f"People of one area can be told apart by {OF_ONE_AREA}.",
        missing="Select by what people may be told apart",
        options=choices(),
        required=False,
    )
    k = forms.NumberField(
        label="Below how many people is a number hidden?",
        hint=f"At least {LEAST_K}. What the agreement on paper says, if that is more.",
        called="the number of people below which a number is hidden",
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

    def __init__(self, programmes: Iterable[Programme], *args: Any, has: str = "", **rest: Any) -> None:
        super().__init__(programmes, *args, **rest)
        self.has = has
        areas = {area: "" for programme in self.programmes.values() for area in programme.areas}
        if has:
            areas.setdefault(has, OFF_THE_LIST)
        choices = [(area, f"People in {area} alone{note}") for area, note in areas.items()]
        self.fields["area"].offer(choices)  # type: ignore[attr-defined]
        self.fields["area"].marks_optional = False  # type: ignore[attr-defined]  # empty is an answer: everybody
        if not areas:
            del self.fields["area"]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("area") and said["area"] not in (*self.about.areas, self.has):
            self.add_error("area", f"{self.about.name} has no area of this name. Select another")
        if said.get("area") and not set(said.get("dimensions", ())) <= set(WITHIN_AN_AREA):
            self.add_error("dimensions", f"People of one area are told apart by {OF_ONE_AREA}. Untick the others")
        if said.get("starts_on") and said.get("ends_on") and said["ends_on"] < said["starts_on"]:
            self.add_error("ends_on", "The last day must not be before the first day")
        return said

    def terms(self) -> Terms:
        """Of a valid form."""
        said = self.cleaned_data
        area = said.get("area", "")
        return Terms(list(said["dimensions"]), said["k"], said["starts_on"], said["ends_on"], area)

    def is_not_sure(self, *shown: object) -> bool:
        """Whether the page has not shown just this yet; from here on it has."""
        before, now = self.cleaned_data["sure"], "|".join(str(one) for one in shown)
        self.show_as("sure", now)
        return bool(before != now)


class NewForm(TermsForm):
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
