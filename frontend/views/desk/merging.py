"""Putting two records together: everything it does, one button; and what was put together, with the way back.

Here: the pages. Not here: what clashes and how it is settled (records/merging/), the words (merge_words.py). The
button carries a fingerprint of what was read: where something has changed since, the page is shown anew.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.history import log_reads
from accounts.permissions import Permission
from accounts.signin import requires
from classes.judging.refusals import TryAgain
from frontend import forms
from frontend.signed_in import user_of
from frontend.views.desk.merge_words import (
    NOT_UNDONE,
    clash_words,
    comes_words,
    place_words,
    refusal_words,
    since_words,
)
from frontend.views.desk.people import at_desk_or_404
from frontend.views.desk.same_person import named, pair_or_404
from participants import access
from participants.models import Participant
from participants.rules.said import as_written
from records.matching import pair_of
from records.merging.look import look
from records.merging.merge import ChangedSince, NotSafe, merge_records
from records.merging.undo import NotUndone, look_at_undo, undo_merge
from records.models import Merge

at_desk = requires(Permission.WORK_AT_DESK)
CHANGED = "Something on one of the records has changed since you read this page. Nothing was done. Read it again."
BUSY = "A class of theirs is busy at this moment. Nothing was changed. Press the button again."


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def merge(request: HttpRequest, pair: str, keep: int) -> HttpResponse:
    found, by = pair_or_404(request, pair), user_of(request).person
    stays, goes = (found.older, found.newer) if found.older.pk == keep else (found.newer, found.older)
    if stays.pk != keep:
        raise Http404
    if request.method == "POST":
        try:
            done = merge_records(keep=stays, gone=goes, looked_at=request.POST.get("looked_at", ""), by=by)
        except (NotSafe, ChangedSince):
            return _preview(request, stays, goes, refused=CHANGED)
        except TryAgain:
            return _preview(request, stays, goes, refused=BUSY)
        messages.success(request, "Put together. It can be undone for 30 days.")
        return redirect("desk:merged", pk=done.pk)
    return _preview(request, stays, goes)


def _preview(request: HttpRequest, stays: Participant, goes: Participant, *, refused: str = "") -> HttpResponse:
    by = user_of(request).person
    log_reads(targets=[stays.person, goes.person], purpose="desk", what="records put together", by=by)
    found = look(keep=stays, gone=goes, by=by)
    context = {
        "pair": pair_of(stays, goes),
        "stays": stays,
        "goes": goes,
        "stays_named": named(stays),
        "goes_named": named(goes),
        "against": refusal_words(found.against),
        "comes": comes_words(found.comes),
        "clashes": clash_words((clash.what, clash.facts) for clash in found.clashes if clash.told),
        "looked_at": found.fingerprint,
        "refused": refused,
    }
    return render(request, "frontend/desk/merge.html", context, status=409 if refused else 200)


@require_safe
@at_desk
def merged(request: HttpRequest, pk: int) -> HttpResponse:
    """What was put together, what clashed, and what undoing it would do."""
    row = get_object_or_404(Merge.objects.at_desk_of(request.user), pk=pk)
    by = user_of(request).person
    log_reads(targets=[row.kept.person], purpose="desk", what="records put together", by=by)
    found = look_at_undo(row)
    comes, *clashes = row.said or [["comes", {}]]
    context = {
        "row": row,
        "comes": comes_words(comes[1]),
        "clashes": clash_words(clashes),
        "against": NOT_UNDONE[found.against] if found.against else "",
        "back": [place_words(booking) for booking in found.back],
        "lost": [place_words(booking) for booking in found.lost],
        "since": since_words(found),
        "days_left": (row.undo_until - timezone.now()).days,
    }
    return render(request, "frontend/desk/merged.html", context)


@require_POST
@at_desk
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Merge.objects.at_desk_of(request.user), pk=pk)
    try:
        undo_merge(merge=row, by=user_of(request).person)
    except NotUndone as refused:
        messages.error(request, NOT_UNDONE[refused.reason])
    except TryAgain:
        messages.error(request, BUSY)
    else:
        messages.success(request, "Undone. They are two records again.")
    return redirect("desk:merged", pk=pk)


class OtherRecordForm(forms.Form):
    reference = forms.TextField(
        label="Reference of the other record",
        hint="It is on the other person’s page, such as SF-K4RQ-3F6T.",
        missing="Enter the reference of the other record",
        autocomplete="off",
        spellcheck=False,
        max_length=20,
    )

    def __init__(self, data: Any, user: object, own: Participant) -> None:
        super().__init__(data)
        self.user, self.own = user, own

    def clean_reference(self) -> Participant:
        said = as_written(self.cleaned_data["reference"])
        same_desk = access.at_desk_of(self.user).filter(programme=self.own.programme_id).exclude(pk=self.own.pk)
        other = same_desk.filter(reference=said).first()
        if other is None:
            raise ValidationError("No other record of this programme has this reference. Check it, or find the person")
        return other


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def other_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody noticed that a person has another record."""
    participant = at_desk_or_404(request, pk)
    form = OtherRecordForm(forms.posted(request), request.user, participant)
    if form.is_valid():
        key = pair_of(participant, form.cleaned_data["reference"]).key
        return redirect(reverse("desk:same_person", args=[key]))
    return forms.render_form(request, "frontend/desk/other_record.html", {"participant": participant}, form)


urlpatterns = [
    path("same-person/<slug:pair>/keep/<int:keep>/", merge, name="merge"),
    path("merged/<int:pk>/", merged, name="merged"),
    path("merged/<int:pk>/undo/", undo, name="undo_merge"),
    path("people/<int:pk>/other-record/", other_record, name="other_record"),
]
