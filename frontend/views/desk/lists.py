"""Lists that exist already: the desk chooses a file, looks at what it would come to, and brings it in.

Here: the pages. Not here: what a row means (participants/registering/from_list.py, classes/
timetable/from_list.py), the words for what is wrong (list_words.py). No file is
kept between two pages: it is chosen a second time, and must be the one looked at.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from accounts.lists.bringing import Report, fingerprint, lists_of
from accounts.lists.sheets import MOST_BYTES, Columns, Unreadable, headings
from accounts.permissions import Permission
from accounts.signin import requires
from classes.timetable import from_list as timetable
from frontend import forms
from frontend import list_words as words
from frontend.signed_in import user_of
from frontend.wording import count, sentence
from participants import access
from participants.registering import from_list as people

arranges = requires(Permission.PUBLISH_FOR_ANYONE)
ASK, CHECK, ONE = "frontend/desk/lists.html", "frontend/desk/check_list.html", "frontend/desk/list.html"
OTHER_FILE = "This is not the file that you looked at. Choose that one, or look at this one first"
LATEST = 20
LEAVE_OUT = "leave_out"


@dataclass(frozen=True)
class Kind:
    """What a list may be of: `bring` looks at one, or brings it in."""

    title: str
    hint: str
    one: str
    many: str
    columns: Columns
    bring: Callable[..., Report]
    asks: tuple[str, ...] = ()


KINDS = {
    people.PEOPLE: Kind(
        "People who take part",
        "At least name, date of birth and one way to reach each of them. They are called and asked everything else.",
        "person",
        "people",
        people.COLUMNS,
        people.bring_people,
    ),
    timetable.TIMETABLE: Kind(
        "Classes that come back",
        "At least kind, instructor, weekday, start, length, first and last date, and places of each.",
        "class",
        "classes",
        timetable.COLUMNS,
        timetable.bring_timetable,
        asks=("days_off",),
    ),
}


class ListForm(forms.Form):
    kind = forms.RadiosField(
        label="What is the list of?",
        missing="Select what the list is of",
        options=[forms.Choice(name, kind.title, kind.hint, reveals=kind.asks) for name, kind in KINDS.items()],
    )
    days_off = forms.RadiosField(
        label="Bank holidays and days without classes",
        missing="Select what becomes of bank holidays and days without classes",
        options=[(LEAVE_OUT, "Leave them out"), ("hold", "Hold classes on them too")],
    )
    programme = forms.RadiosField(label="Programme", missing="Select the programme")
    file = forms.FileField(
        label="The file",
        hint="An Excel workbook (.xlsx) or CSV UTF-8, with the headings of the template.",
        accept=".csv,.xlsx",
        most_bytes=MOST_BYTES,
    )

    def __init__(self, user: object, *sent: Any, **rest: Any) -> None:
        super().__init__(*sent, **{"initial": {"days_off": LEAVE_OUT}, **rest})
        there = access.programmes_arranged_by(user)
        self.programmes = {str(programme.pk): programme for programme in there}
        self.fields["programme"].offer([(key, one.name) for key, one in self.programmes.items()])  # type: ignore[attr-defined]
        if len(self.programmes) == 1:
            del self.fields["programme"]

    def look(self, *, for_real: bool, by: Any) -> Report | None:
        """What the file holds; None when it cannot be read, and the form says why. Only of a form that is valid."""
        said = self.cleaned_data
        programme = self.programmes[said.get("programme") or next(iter(self.programmes))]
        said["file"].seek(0)
        kind, content = KINDS[said["kind"]], said["file"].read()
        asked = {"leave_out_days_off": said["days_off"] == LEAVE_OUT} if "days_off" in kind.asks else {}
        try:
            return kind.bring(programme=programme, content=content, for_real=for_real, by=by, **asked)
        except Unreadable as refused:
            self.add_error("file", words.file_words(refused))
            return None


class AgainForm(ListForm):
    """The same file once more; the answers of before go along unseen."""

    seen = forms.HiddenField()

    def __init__(self, user: object, *sent: Any, **rest: Any) -> None:
        super().__init__(user, *sent, **rest)
        for name in self.fields.keys() & {"kind", "programme", "days_off"}:
            self.fields[name].widget = forms.HiddenField.widget()
        file = self.fields["file"]
        file.label, file.hint = "The same file again", ""  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        file = said.get("file")
        if file is not None and fingerprint(file.read()) != said.get("seen"):
            self.add_error("file", OTHER_FILE)
        return said


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def lists(request: HttpRequest) -> HttpResponse:
    """Choose a file; posting it shows what it would come to."""
    form = ListForm(request.user, *_sent(request))
    report = form.look(for_real=False, by=user_of(request).person) if form.is_valid() else None
    if report is None:
        brought = [(one, KINDS[one.kind].title) for one in lists_of(request.user)[:LATEST]]
        context = {"kinds": KINDS, "brought": brought}
        return forms.render_form(request, ASK, context, form)
    again = AgainForm(request.user, initial={**form.cleaned_data, "seen": report.fingerprint})
    return render(request, CHECK, {"report": report, "form": again, **_context(form, report)})


@require_http_methods(["POST"])
@arranges
def bring_list(request: HttpRequest) -> HttpResponse:
    """Bring in the list that was looked at: the whole of it, or nothing."""
    form = AgainForm(request.user, *_sent(request))
    if not form.is_valid():
        return forms.render_form(request, CHECK, {"report": None}, form, status=409)
    report = form.look(for_real=True, by=user_of(request).person)
    if report is None or report.kept is None:  # something has changed since it was looked at
        context = {"report": report, **(_context(form, report) if report else {})}
        return forms.render_form(request, CHECK, context, form, status=409)
    kind = KINDS[report.kept.kind]
    messages.success(request, f"{sentence(count(report.kept.new, kind.one, kind.many))} brought in. Nobody was told.")
    return redirect("desk:list", pk=report.kept.pk)


@require_safe
@arranges
def one_list(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of a list: for one of people, who is still to be called."""
    brought = get_object_or_404(lists_of(request.user), pk=pk)
    asked = people.people_of(brought) if brought.kind == people.PEOPLE else []
    context = {
        "brought": brought,
        "kind": KINDS[brought.kind],
        "to_call": [one for one in asked if one.participant is None],
        "registered": [one for one in asked if one.participant is not None],
        "of_people": brought.kind == people.PEOPLE,
    }
    return render(request, ONE, context)


@require_safe
@arranges
def list_template(request: HttpRequest, list_kind: str) -> HttpResponse:
    """An empty list with its headings, which Excel opens as UTF-8."""
    if list_kind not in KINDS:
        raise Http404
    text = io.StringIO()
    csv.writer(text).writerow(headings(KINDS[list_kind].columns))
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{list_kind}.csv"'
    return answer


def _sent(request: HttpRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _context(form: ListForm, report: Report) -> dict[str, Any]:
    rows = [
        (f"Row {one.row}", words.column_words(one.column) or "All of it", words.fault_words(one))
        for one in report.faults
    ]
    without = {line.row: words.days_left_out(line) for line in report.new if line.without}
    return {"kind": KINDS[form.cleaned_data["kind"]], "faults": rows, "without": without}


urlpatterns = [
    path("lists/", lists, name="lists"),
    path("lists/bring/", bring_list, name="bring_list"),
    path("lists/<int:pk>/", one_list, name="list"),
    path("lists/<slug:list_kind>.csv", list_template, name="list_template"),
]
