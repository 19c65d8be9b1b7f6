"""What helps somebody, written down at the desk: of whoever takes part, and of whoever helps them.

Here: saying it for them, and that it is still right. Not here: the questions
(frontend/needs.py), the rows (participants/needs.py), what it means for a message
(messaging). Every look is logged.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_POST

from accounts.history import log_read
from accounts.models import Person
from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.needs import NeedsQuestions, kept_needs, need_words, noted_words, options, told_words
from frontend.signed_in import user_of
from frontend.wording import plain_date
from participants import access, details, needs
from participants.models import AccessNeed
from participants.rules.application import needs_said
from participants.rules.formats import METHODS

at_desk = requires(Permission.WORK_AT_DESK)


class TheirNeedsForm(NeedsQuestions):
    """Each need may be known to instructors or not; `shared` offers every kind, chosen above or not."""

    share = forms.RadiosField(
        label="May their instructors know?",
        missing="Select what their instructors may know",
        options=(("all", "Yes, all of it"), ("some", "Only some of it"), ("none", "No")),
    )
    shared = forms.CheckboxesField(
        label="What may their instructors know?", missing="Select what their instructors may know"
    )
    review_on = forms.DateField(
        label="When do we ask again?",
        called="the day to ask again",
        earliest=lambda: needs.review_days()[0],
        latest=lambda: needs.review_days()[1],
    )

    def __init__(self, data: Any, rows: list[AccessNeed], *, takes_part: bool) -> None:
        shared = [row.kind for row in rows if row.share_with_instructors]
        told = [row for row in rows if row.kind not in METHODS]
        kept = kept_needs(rows) | {"review_on": needs.next_review(), "shared": shared}
        if rows:
            kept["share"] = "all" if len(shared) == len(told) else ("some" if shared else "none")
        super().__init__(data, initial=kept)
        self.fields["needs"].label = "What helps them to read, hear or take part?"
        self.fields["needs"].page_heading = False  # type: ignore[attr-defined]
        nothing = "They need nothing of this"
        self.fields["needs"].error_messages["required"] = f"Select what would help, or “{nothing}”"
        self.fields["needs"].offer(options(nothing))  # type: ignore[attr-defined]
        kinds = [c for c in options(nothing)[:-1] if isinstance(c, forms.Choice) and c.value not in METHODS]
        self.fields["shared"].offer([(c.value, c.label) for c in kinds])  # type: ignore[attr-defined]
        some = forms.Choice("some", "Only some of it", reveals=("shared",))
        self.fields["share"].offer([("all", "Yes, all of it"), some, ("none", "No")])  # type: ignore[attr-defined]
        if not takes_part:
            del self.fields["share"], self.fields["shared"]

    def may_be_told(self) -> set[str]:
        values = self.cleaned_data
        said = {need.kind for need in needs_said(values)}
        return {"all": said, "some": said & set(values.get("shared") or ())}.get(values.get("share", ""), set())


@at_desk
def person_needs(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    by = user_of(request).person
    log_read(target=person, purpose="desk", what="access needs", by=by)
    participant = access.at_desk_of(request.user).filter(person=person).first()
    rows = details.current_needs_of(person)
    form = TheirNeedsForm(forms.posted(request), rows, takes_part=participant is not None)
    if form.is_valid():
        needs.record_needs(
            person=person,
            needs=needs_said(form.cleaned_data),
            shared=form.may_be_told(),
            review_on=form.cleaned_data["review_on"],
            by=by,
        )
        return _kept(request, person, form.cleaned_data["review_on"])
    context = {
        "person": person,
        "helps": [row.participant for row in access.supports_at_desk_of(request.user, person)],
        "participant": participant,
        "needs": [(need_words(row.kind, row.detail), noted_words(row, reader=by), told_words(row)) for row in rows],
    }
    return forms.render_form(request, "frontend/desk/needs.html", context, form)


@at_desk
@require_POST
def confirm_needs(request: HttpRequest, pk: int) -> HttpResponse:
    """They were asked, and it is still right."""
    person = _person(request, pk)
    needs.confirm_needs(person=person, by=user_of(request).person)
    return _kept(request, person, needs.next_review())


def _kept(request: HttpRequest, person: Person, review_on: object) -> HttpResponse:
    messages.success(request, f"Kept. They are asked again on {plain_date(review_on)}.")  # type: ignore[arg-type]
    return redirect("desk:needs", person.pk)


def _person(request: HttpRequest, pk: int) -> Person:
    found: Person = get_object_or_404(access.people_at_desk_of(request.user), pk=pk)
    return found


urlpatterns = [
    path("needs/<int:pk>/", person_needs, name="needs"),
    path("needs/<int:pk>/right/", confirm_needs, name="confirm_needs"),
]
