"""Forms of what classes are made of: a kind of class, a hall, a room, closing a hall, days without classes,
the limit of a week.

Not here: the pages (offering.py), what is kept (classes/offering.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, cast

from accounts.models import Programme
from classes.models import Effort, Fact, Position, Venue
from classes.offering import DaysFacts, HallFacts, KindFacts
from frontend import forms
from frontend.about_programme import AboutProgramme
from frontend.class_words import with_note
from frontend.wording import sentence, today
from instructors.models import CredentialKind
from participants.rules.adaptations import Adaptation

KIND_FIELDS = (
    *("name", "summary", "effort", "positions", "bring", "adaptations_met", "credentials_needed"),
    *("people_per_instructor", "one_to_one", "first_contact", "companions_beside", "active"),
)
FACTS = ("step_free", "accessible_toilet", "hearing_loop", "parking", "chairs")
NOTES = tuple(f"{fact}_note" for fact in FACTS)
HALL_FIELDS = (
    *("name", "address", "town", "postcode", "area"),
    *(name for fact in FACTS for name in (fact, f"{fact}_note")),
    *("access_note", "entrance", "getting_there", "defibrillator", "hall_contact", "holds"),
)
WAY_IN = frozenset({"address", "town", "postcode", "step_free", "step_free_note", "entrance", "getting_there"})
DAYS_FIELDS = ("name", "first", "last", "active")
LIMIT_FIELDS = ("most_a_week", "one_to_ones_apart", "talks", "talks_per_weeks")
NO, SUGGESTED, WANTED = "no", "suggested", "wanted"  # whether a programme begins with a kind of class
LONGEST_DAYS_OFF = timedelta(days=366)
ANSWERS = [(fact.value, sentence(fact.label)) for fact in Fact]


class OfProgrammeForm(AboutProgramme):
    """A new thing belongs to one programme; it is asked only of who arranges several."""

    programme = forms.SelectField(label="Programme", missing="Select the programme")
    seen = forms.HiddenField(required=False, max_length=18)  # the version that the page showed

    def __init__(self, *args: Any, programmes: Sequence[Programme], **rest: Any) -> None:
        super().__init__(programmes, *args, **rest)

    def changed(self) -> list[str]:
        """What is another than the page showed; the same thing typed in another way is not."""
        return [name for name in self.changed_data if self.cleaned_data[name] != self.initial.get(name)]


class KindForm(OfProgrammeForm):
    name = forms.TextField(label="Name", called="the name", hint="Without an illness in it", max_length=100)
    summary = forms.TextField(
        label="What happens in it?", called="what happens in it", hint="One or two plain sentences", max_length=300
    )
    effort = forms.RadiosField(
        label="How hard is it?",
        missing="Select how hard it is",
        options=[(effort.value, sentence(effort.label)) for effort in Effort],
    )
    positions = forms.CheckboxesField(
        label="In which positions?",
        missing="Select at least one position",
        options=[(position.value, sentence(position.label)) for position in Position],
    )
    bring = forms.TextField(label="What to bring", required=False, max_length=200)
    adaptations_met = forms.CheckboxesField(
        label="Is it made for people who need one of these?",
        called="what it is made for",
        hint="Select only what the whole class is made for",
        required=False,
        options=[(one.value, sentence(one.label)) for one in Adaptation],
    )
    credentials_needed = forms.CheckboxesField(
        label="What must whoever leads it hold?",
        called="what must be held",
        required=False,
        options=[(one.value, sentence(one.label)) for one in CredentialKind],
    )
    people_per_instructor = forms.NumberField(
        label="How many people can one instructor look after?",
        called="how many people",
        hint="With more places than that, whoever publishes is warned. Leave it empty for no warning",
        min_value=1,
        max_value=500,
        required=False,
    )
    one_to_one = forms.ConfirmField(
        label="It is held with one person at a time",
        hint="Instructors give times for it, and people choose one of them",
        missing="Tick or leave empty",
        required=False,
    )
    first_contact = forms.RadiosField(
        label="Does the programme begin with it?",
        missing="Select whether the programme begins with it",
        options=[
            (NO, "No"),
            forms.Choice(SUGGESTED, "Yes, we suggest it to whoever is new"),
            forms.Choice(WANTED, "Yes, and nobody books a class before it", hint="Whoever has come to one is not new"),
        ],
    )
    companions_beside = forms.ConfirmField(
        label="Whoever comes along takes no place",
        hint="A friend, a relative or a carer. Dates that are published already stay as they are",
        missing="Tick or leave empty",
        required=False,
    )
    active = forms.RadiosField(
        label="Can new classes of this kind be published?",
        missing="Select whether new classes can be published",
        options=[("yes", "Yes"), ("no", "No, it is no longer offered")],
    )

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        if not self.initial:
            self.initial = {"active": "yes", "first_contact": NO}

    @staticmethod
    def of(shown: Mapping[str, Any], programme: Programme) -> dict[str, Any]:
        """`shown`: the version of the kind that the page shows."""
        begins = NO if not shown["first_contact"] else WANTED if programme.first_contact_first else SUGGESTED
        active = "yes" if shown["active"] else "no"
        return {**shown, "active": active, "first_contact": begins, "seen": shown["pgh_id"]}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("first_contact") in (SUGGESTED, WANTED) and not cleaned.get("one_to_one"):
            self.add_error("one_to_one", "A programme can only begin with what is held with one person at a time")
        if cleaned.get("first_contact") in (SUGGESTED, WANTED) and cleaned.get("active") == "no":
            self.add_error("first_contact", "A programme cannot begin with what is no longer offered. Select “No”")
        return cleaned

    @property
    def wanted_first(self) -> bool:
        return bool(self.cleaned_data["first_contact"] == WANTED)

    def facts(self) -> KindFacts:
        given = {name: self.cleaned_data[name] for name in KIND_FIELDS}
        said = {"active": given["active"] == "yes", "one_to_one": bool(given["one_to_one"])}
        said["companions_beside"] = bool(given["companions_beside"])
        return cast(KindFacts, {**given, **said, "first_contact": given["first_contact"] != NO})


def _fact(label: str) -> forms.RadiosField:
    return forms.RadiosField(
        label=label, called="an answer", missing=f"Select yes, no or not known: {label}", inline=True, options=ANSWERS
    )


def _note(about: str, example: str) -> forms.TextField:
    return forms.TextField(label=f"A note on {about}", hint=f"For example, {example}", required=False, max_length=100)


class HallForm(OfProgrammeForm):
    name = forms.TextField(label="Name of the hall", called="the name of the hall", max_length=100)
    address = forms.TextField(label="Street and number", called="the street and number", max_length=300)
    town = forms.TextField(label="Town", called="the town", max_length=100)
    postcode = forms.PostcodeField(called="the postcode", autocomplete="off")
    area = forms.TextField(
        label="Area", called="the area", hint="People look for classes by it, for example Dorset", max_length=50
    )
    step_free = _fact("Step-free from the street to the room?")
    step_free_note = _note("the way in", "by the side door")
    accessible_toilet = _fact("Accessible toilet?")
    accessible_toilet_note = _note("the toilet", "next to the kitchen, with a rail on the left")
    hearing_loop = _fact("Hearing loop?")
    hearing_loop_note = _note("the hearing loop", "ask the instructor to switch it on")
    parking = _fact("Parking?")
    parking_note = _note("parking", "six spaces, two of them for blue badges")
    chairs = _fact("Firm chairs without wheels?")
    chairs_note = _note("chairs", "some have arms")
    access_note = forms.TextField(label="Good to know about access", required=False, max_length=300)
    entrance = forms.TextField(label="Which door", required=False, max_length=200)
    getting_there = forms.TextField(label="Getting there", hint="By bus, ferry and car", required=False, max_length=300)
    defibrillator = forms.TextField(
        label="Where is the nearest defibrillator?", hint="Instructors read it", required=False, max_length=200
    )
    hall_contact = forms.TextField(
        label="Whom to call about the hall", hint="Staff and instructors read it", required=False, max_length=200
    )
    holds = forms.NumberField(
        label="How many people may be in the hall?",
        called="how many people",
        hint="In one class, besides whoever leads it; of the smallest room, where there are several. Where companions "
        "take no place, no more of them are let in. Leave it empty where there is no limit",
        min_value=1,
        max_value=2000,
        required=False,
    )

    @staticmethod
    def of(shown: Mapping[str, Any]) -> dict[str, Any]:
        return {**shown, "seen": shown["pgh_id"]}

    @staticmethod
    def shown(hall: Venue, name: str) -> str:
        value = getattr(hall, name)
        said = "" if value is None else str(value)
        if name not in FACTS:
            return said or "Not noted"
        return with_note(sentence(Fact(said).label), str(getattr(hall, f"{name}_note")))

    def facts(self) -> HallFacts:
        return cast(HallFacts, {name: self.cleaned_data[name] for name in HALL_FIELDS})


class RoomForm(forms.Form):
    name = forms.TextField(label="Name of the room", called="the name of the room", max_length=100)


class CloseForm(forms.Form):
    closed_from = forms.DateField(
        label="From which day is it closed?",
        called="the day",
        hint="The first day without classes there",
        earliest=today,
    )


class DaysForm(OfProgrammeForm):
    name = forms.TextField(
        label="What are these days?", called="what these days are", hint="For example, Autumn half-term", max_length=100
    )
    first = forms.DateField(label="First day without classes", called="the first day")
    last = forms.DateField(label="Last day without classes", called="the last day", hint="The same day if it is one")
    active = forms.RadiosField(
        label="Do they count?",
        missing="Select whether they count",
        options=[("yes", "Yes"), ("no", "No, classes can be held on them")],
    )

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        if not self.initial:
            self.initial = {"active": "yes"}

    @staticmethod
    def of(shown: Mapping[str, Any]) -> dict[str, Any]:
        return {**shown, "active": "yes" if shown["active"] else "no", "seen": shown["pgh_id"]}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", "The last day must be the first day or later")
        elif first and last and last - first > LONGEST_DAYS_OFF:
            self.add_error("last", "The last day must be within a year of the first. Check the year")
        return cleaned

    def facts(self) -> DaysFacts:
        given = {name: self.cleaned_data[name] for name in DAYS_FIELDS}
        return cast(DaysFacts, {**given, "active": given["active"] == "yes"})


class LimitForm(forms.Form):
    most = forms.NumberField(
        label="How many places may one person hold in a week?",
        called="how many places",
        hint="A week is Monday to Sunday. Leave it empty for as many as they like",
        min_value=1,
        max_value=14,
        required=False,
        width=2,
    )
    one_to_ones_apart = forms.ConfirmField(
        label="One-to-one sessions do not count", missing="Tick or leave empty", required=False
    )
    talks = forms.NumberField(
        label="How many one-to-one talks do we suggest besides?",
        called="how many talks",
        hint="People read it on their home page, as help. Leave it empty for none",
        min_value=0,
        max_value=14,
        required=False,
        width=2,
    )
    talks_per_weeks = forms.NumberField(
        label="In how many weeks?",
        called="in how many weeks",
        hint="4 is called a month",
        min_value=1,
        max_value=52,
        required=False,
        width=2,
    )
