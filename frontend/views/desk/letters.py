"""Letters to print and post: one, or all that wait, as one PDF made at that moment.

Here: the file, the list of what waits, and that letters were posted. Not here: how a letter looks
(frontend/letters.py), the words (messaging/words.py), what posting does to the message (worklist.py).
What is not wanted any more is not printed, and its task says so. Each letter that is opened is logged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.history import log_reads
from accounts.models import Person
from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.letters import USUAL_SIZE, CannotBeDrawn, Letter, address_lines, draw_letter, draw_letters
from frontend.signed_in import user_of
from frontend.views.desk.messages import kind_words
from frontend.wording import count, moment, sentence
from messaging.access import message_of, tasks_at_desk_of
from messaging.models import Task
from messaging.words import words_now
from messaging.worklist import FORMAT_WANTED, LETTER, POSTED, TaskIsClosed, close_task
from participants.details import postal_address_of, postal_addresses_of
from participants.needs import letter_size

at_desk = requires(Permission.WORK_AT_DESK)
PER_PAGE = 25  # as many as are drawn while somebody waits
PRINTED = (LETTER, FORMAT_WANTED)  # kinds of task whose words can be printed
NOTE_POSTED = "posted"
NOTHING_TO_SEND, NO_ADDRESS, CANNOT_DRAW = "nothing_to_send", "no_address", "cannot_draw"
WHY_NOT = {
    NOTHING_TO_SEND: "there is nothing left to tell",
    NO_ADDRESS: "no postal address is noted",
    CANNOT_DRAW: "it has letters that our type cannot print, so it has to be written by hand",
}


class CannotBePrinted(Exception):
    """`why` is one of WHY_NOT."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class LettersForm(forms.Form):
    letters = forms.CheckboxesField(label="Which letters?", missing="Select a letter")

    def __init__(self, data: Any, waiting: Sequence[Task], without_address: set[int], **rest: Any) -> None:
        super().__init__(data, **rest)
        offered = [forms.Choice(str(task.pk), title_of(task), _about(task, without_address)) for task in waiting]
        self.fields["letters"].offer(offered)  # type: ignore[attr-defined]


@require_safe
@at_desk
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter of one task, as things are now."""
    task = get_object_or_404(tasks_at_desk_of(request.user).to_do(), pk=pk, kind__in=PRINTED)
    try:
        pdf = draw_letter(letter_of(task))
    except CannotBePrinted as cannot:
        return _no_letter(request, task, cannot.why)
    except CannotBeDrawn:
        return _no_letter(request, task, CANNOT_DRAW)
    return _file(request, [task], pdf, f"letter-{timezone.localdate():%Y-%m-%d}.pdf")


def _no_letter(request: HttpRequest, task: Task, why: str) -> HttpResponse:
    context = {"task": task, "why": why, "words": WHY_NOT[why]}
    return render(request, "frontend/desk/no_letter.html", context, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def letters(request: HttpRequest) -> HttpResponse:
    """Those that wait to be posted; the ones that are ticked are printed together, or noted as posted."""
    page = _waiting(request)
    addressed = postal_addresses_of([task.about_id for task in page if task.about_id]).keys()
    without_address = {task.pk for task in page if task.about_id not in addressed}
    tick = {"letters": [str(task.pk) for task in page if task.pk not in without_address]}
    form = LettersForm(forms.posted(request), list(page), without_address, initial=tick)
    if not form.is_valid():
        return _list(request, page, form)
    chosen = [task for task in page if str(task.pk) in form.cleaned_data["letters"]]
    if request.POST.get("do") == NOTE_POSTED:
        return _note_posted(request, chosen)
    return _print(request, page, form, chosen)


def _waiting(request: HttpRequest) -> Page[Task]:
    waiting = tasks_at_desk_of(request.user).to_do().filter(kind=LETTER)
    return Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))


def _list(request: HttpRequest, page: Page[Task], form: LettersForm, *, status: int | None = None) -> HttpResponse:
    return forms.render_form(request, "frontend/desk/letters.html", {"page": page}, form, status=status)


def _print(request: HttpRequest, page: Page[Task], form: LettersForm, chosen: Sequence[Task]) -> HttpResponse:
    """All of them or none: what is left out in silence is never posted."""
    refused: dict[Task, str] = {}
    found: dict[Task, Letter] = {}
    for task in chosen:
        try:
            found[task] = letter_of(task)
        except CannotBePrinted as cannot:
            refused[task] = cannot.why
    pdf = None if refused else _together(found, refused)
    if pdf is not None:
        return _file(request, chosen, pdf, f"letters-{timezone.localdate():%Y-%m-%d}.pdf")
    for task, why in refused.items():
        form.add_error(None, f"{title_of(task)}: {WHY_NOT[why]}. Take out its tick, then open its task.")
    return _list(request, page, form, status=409)


def _together(found: Mapping[Task, Letter], refused: dict[Task, str]) -> bytes | None:
    """One file; or nothing, with those that cannot be drawn among the `refused`."""
    try:
        return draw_letters(list(found.values()))
    except CannotBeDrawn:
        refused |= {task: CANNOT_DRAW for task, one in found.items() if not _is_drawn(one)}
        return None


def _is_drawn(one: Letter) -> bool:
    try:
        return bool(draw_letter(one))
    except CannotBeDrawn:
        return False


def _note_posted(request: HttpRequest, chosen: Sequence[Task]) -> HttpResponse:
    """Each by itself: one that somebody else has closed meanwhile stays as it is."""
    by: Person = user_of(request).person
    posted = 0
    for task in chosen:
        try:
            close_task(task=task, outcome=POSTED, by=by)
            posted += 1
        except TaskIsClosed:
            messages.error(request, f"{title_of(task)}: this task was closed before.")
    messages.success(request, f"{sentence(count(posted, 'letter'))} noted as posted.")
    return redirect("desk:letters")


def letter_of(task: Task) -> Letter:
    """What stands on the letter of `task` at this moment. Raises CannotBePrinted."""
    message = message_of(task)
    words = words_now(message) if message else None
    if message is None or words is None:
        raise CannotBePrinted(NOTHING_TO_SEND)
    address = postal_address_of(message.person)
    if not address:
        raise CannotBePrinted(NO_ADDRESS)
    size = max(letter_size(message.person), USUAL_SIZE)
    return Letter(message.person.full_name, address_lines(address), words, timezone.localdate(), size)


def title_of(task: Task) -> str:
    about = task.about.full_name if task.about else "Somebody"
    return f"{about}: {kind_words(str(task.context.get('message', '')))}"


def _about(task: Task, without_address: set[int]) -> str:
    return f"Due {moment(task.due_at)}{'. No postal address is noted.' if task.pk in without_address else ''}"


def _file(request: HttpRequest, tasks: Iterable[Task], pdf: bytes, name: str) -> HttpResponse:
    """Shown by the browser, which prints it, and kept nowhere. Its name tells nobody whom it is for."""
    by: Person = user_of(request).person
    log_reads(targets=[task.about for task in tasks if task.about], purpose="desk", what="letter", by=by)
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store, private"}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


urlpatterns = [
    path("letters/", letters, name="letters"),
    path("tasks/<int:pk>/letter/", letter, name="letter"),
]
