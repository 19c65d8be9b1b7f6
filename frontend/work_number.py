"""At which mobile number somebody who works here is rung and sent texts: one form, for oneself and for the desk.

Here: the page. Not here: keeping the number and the text that tries it (messaging/work_numbers.py), whose page it is
(views of each audience).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.addresses import number_from
from accounts.models import Person, Programme
from frontend import forms
from frontend.signed_in import user_of
from frontend.wording import telephone
from messaging.delivery import sends_texts
from messaging.work_numbers import emails_of, keep_work_number, work_number_of
from participants.access import takes_part

PAGE = "frontend/work_number/page.html"
TRIED = " A text comes at once, to try it."


@dataclass(frozen=True)
class WorkNumber:
    """Whose number it is; `on_call`: whether alerts go there; `back` and its words, an address within ours."""

    person: Person
    programme: Programme
    on_call: bool
    back: str
    back_words: str


class WorkNumberForm(forms.Form):
    number = forms.TextField(
        label="Mobile number",
        called="the mobile number",
        required=False,
        autocomplete="off",
        inputmode="tel",
        width=20,
    )

    def clean_number(self) -> str:
        typed: str = self.cleaned_data["number"]
        return number_from(typed) if typed else ""


def work_number_page(request: HttpRequest, whose: WorkNumber) -> HttpResponse:
    point, has_record = work_number_of(whose.person), takes_part(whose.person)
    form = WorkNumberForm(forms.posted(request), initial={"number": telephone(point.value) if point else ""})
    field: Any = form.fields["number"]
    field.marks_optional = False
    field.hint = f"Leave it empty for none.{TRIED if sends_texts() else ''}"
    if not has_record and form.is_valid():
        return _keep(request, whose, form.cleaned_data["number"])
    context = {
        "whose": whose,
        "own": whose.person == user_of(request).person,
        "carried": sends_texts(),
        "takes_part": has_record,
        "emails": emails_of(whose.person),
        "failing": point is not None and point.failed_at is not None,
        "number": telephone(point.value) if point else "",
    }
    return forms.render_form(request, PAGE, context, form)


def _keep(request: HttpRequest, whose: WorkNumber, number: str) -> HttpResponse:
    keep_work_number(person=whose.person, programme=whose.programme, number=number, by=user_of(request).person)
    tried = f" A text is on its way to {telephone(number)}. If none comes, look at the number again."
    messages.success(request, f"Saved.{tried if number and sends_texts() else ''}")
    return redirect(whose.back)
