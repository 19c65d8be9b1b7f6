"""The clinical team of a person: the form in which one of it is noted, and the words for each. For the person and the
desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from accounts.models import Channel
from frontend import forms
from frontend.wording import telephone
from participants.clinical_team import MOST_CONTACTS, Contact, ContactEnded, TooManyContacts
from participants.models import ClinicalContact, ClinicalRole
from participants.refusals import NotPossibleNow

FULL = f"There are {MOST_CONTACTS} already. Remove one, then add this one."
NOT_NOW = "Nothing was changed. Somebody is added while a person takes part, or has a break."
ENDED = "This was changed or removed a moment ago. Nothing else was changed: look at the list."
NOBODY = "Enter a name, or the name of the practice or hospital"
ROLES = {
    ClinicalRole.GP: "GP practice",
    ClinicalRole.NURSE: "Cancer nurse (clinical nurse specialist)",
    ClinicalRole.ONCOLOGY: "Hospital cancer team (oncology)",
    ClinicalRole.REFERRER: "Whoever suggested SafeFit",
    ClinicalRole.OTHER: "Somebody else in the team",
}


class TeamForm(forms.Form):
    role = forms.RadiosField(
        label="Who are they?",
        missing="Select who they are",
        options=[(role.value, words) for role, words in ROLES.items()],
    )
    name = forms.TextField(
        label="Name", called="the name", hint="Leave it blank if it is nobody in particular.", required=False
    )
    organisation = forms.TextField(
        label="Practice, hospital or organisation", called="the organisation", required=False
    )
    way = forms.RadiosField(
        label="How can we reach them?",
        hint="One way. If you know an address that is made for letters about patients, give that one.",
        missing="Select how we can reach them",
        options=(
            forms.Choice(Channel.EMAIL.value, "Email", reveals=("email",)),
            forms.Choice(Channel.PHONE.value, "Phone", reveals=("phone",)),
            forms.Choice(Channel.POST.value, "Letter", reveals=("address",)),
        ),
    )
    email = forms.EmailField(label="Their email address", called="their email address", autocomplete="off")
    phone = forms.PhoneField(label="Their phone number", called="their phone number", autocomplete="off")
    address = forms.LongTextField(
        label="Their postal address", called="their postal address", hint="With the postcode", rows=4, max_length=300
    )
    by_way: ClassVar = {Channel.EMAIL.value: "email", Channel.PHONE.value: "phone", Channel.POST.value: "address"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "name" in cleaned and "organisation" in cleaned and not (cleaned["name"] or cleaned["organisation"]):
            self.add_error("name", NOBODY)
        return cleaned

    def keep(self, action: Callable[[Contact], object]) -> bool:
        """Whether `action` has kept the contact; otherwise why not is an error of the form."""
        try:
            action(self._contact())
        except TooManyContacts:
            self.add_error(None, FULL)
        except ContactEnded:
            self.add_error(None, ENDED)
        except NotPossibleNow:
            self.add_error(None, NOT_NOW)
        return not self.errors

    def _contact(self) -> Contact:
        given = self.cleaned_data
        return Contact(
            given["role"], given["name"], given["organisation"], given["way"], given[self.by_way[given["way"]]]
        )

    @property
    def refused_with(self) -> int | None:
        return 409 if self.non_field_errors() else None


def filled(row: ClinicalContact) -> dict[str, Any]:
    """The form as this contact would have filled it."""
    kept = {"role": row.role, "name": row.name, "organisation": row.organisation, "way": row.channel}
    return kept | {TeamForm.by_way[row.channel]: reached_at(row)}


def reached_at(row: ClinicalContact) -> str:
    return telephone(row.value) if row.channel == Channel.PHONE else row.value


def role_words(row: ClinicalContact) -> str:
    return ROLES[ClinicalRole(row.role)]
