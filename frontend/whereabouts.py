"""Where somebody is during an online class: the questions, to the person on the way in, or aloud by the instructor.

Here: the form, and the words of the register. Not here: keeping it (classes/whereabouts.py), the pages.
"""

from __future__ import annotations

from typing import Any

from accounts.models import Channel
from classes.models import Whereabouts
from classes.register import Today
from classes.whereabouts import LONGEST_ADDRESS, LONGEST_WITH, Where
from frontend import forms
from frontend.wording import telephone
from participants.details import contact_points_of
from participants.models import Participant

HOME, ELSEWHERE = "home", "elsewhere"
OUT_OF_VIEW = (
    ("Look and call their name", "Ask everybody else to pause. Wait for an answer no longer than half a minute."),
    ("Ring them", "The number is below. If they do not answer, ring whoever is with them or their emergency contact."),
    ("Call 999", "If nobody can say that they are well: give the address below, and say that you saw it by video."),
)


class WhereForm(forms.Form):
    """`name`: of the person, where somebody else asks them aloud; empty on their own page."""

    where = forms.RadiosField(label="Where are you today?", missing="Select where you are", options=())
    address = forms.TextField(
        label="Address where you are today",
        hint="House, street, town and postcode, so that help would find you",
        missing="Enter the address where you are",
        max_length=LONGEST_ADDRESS,
        autocomplete="off",
    )
    phone = forms.PhoneField(
        label="Phone number that you will answer during the class", called="a phone number", autocomplete="off"
    )
    alone = forms.RadiosField(
        label="Is anybody with you?",
        missing="Select whether anybody is with you",
        options=(
            ("yes", "No, I am alone"),
            forms.Choice("no", "Yes, somebody is in the same building", reveals=("with_whom",)),
        ),
    )
    with_whom = forms.TextField(label="Who, and their phone number", required=False, max_length=LONGEST_WITH)

    def __init__(self, data: Any, *, participant: Participant, last: Whereabouts | None, name: str = "") -> None:
        points = contact_points_of(participant.person)
        self.home = next((point.value for point in points if point.channel == Channel.POST), "")
        phone = next((point.value for point in points if point.channel in (Channel.PHONE, Channel.TEXT)), "")
        super().__init__(data, initial=_put_forward(last, self.home, phone))
        if self.home:
            at_home = forms.Choice(HOME, "At home", self.home)
            self.fields["where"].offer((at_home, forms.Choice(ELSEWHERE, "Somewhere else", reveals=("address",))))  # type: ignore[attr-defined]
        else:
            del self.fields["where"]
        if name:
            self._ask_about(name)

    def _ask_about(self, name: str) -> None:
        asked = {
            "address": f"Address where {name} is today",
            "where": f"Where is {name} today?",
            "phone": f"Phone number that {name} will answer during the class",
            "alone": f"Is anybody with {name}?",
        }
        for field, label in asked.items():
            if field in self.fields:
                self.fields[field].label = label
        missing = {"where": f"Select where {name} is", "address": f"Enter the address where {name} is"}
        missing["alone"] = f"Select whether anybody is with {name}"
        for field, words in missing.items():
            if field in self.fields:
                self.fields[field].error_messages["required"] = words
        self.fields["address"].hint = "House, street, town and postcode, so that help would find them"  # type: ignore[attr-defined]
        options = (
            ("yes", "No, they are alone"),
            forms.Choice("no", "Yes, somebody is in the same building", reveals=("with_whom",)),
        )
        self.fields["alone"].offer(options)  # type: ignore[attr-defined]

    def said(self) -> Where:
        given = self.cleaned_data
        at_home = given.get("where") == HOME
        return Where(
            at_home=at_home,
            address=self.home if at_home else given["address"],
            phone=given["phone"],
            alone=given["alone"] == "yes",
            with_whom=given["with_whom"],
        )


def _put_forward(last: Whereabouts | None, home: str, phone: str) -> dict[str, str]:
    """What was said last, to be looked at and sent again; an address that is home no more is not put forward."""
    if last is None:
        return {"phone": telephone(phone)}
    at_home = last.at_home and bool(home)
    return {
        "where": HOME if at_home else ELSEWHERE,
        "address": "" if last.at_home else last.address,
        "phone": telephone(last.phone),
        "alone": "yes" if last.alone else "no",
        "with_whom": last.with_whom,
    }


def where_words(today: Today) -> str:
    return f"{'At home' if today.at_home else 'Not at home'}: {today.address}"


def with_words(today: Today) -> str:
    if today.alone:
        return "Alone"
    return f"Not alone: {today.with_whom}" if today.with_whom else "Somebody is in the same building"
