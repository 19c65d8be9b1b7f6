"""A letter to the clinical team of a person: read before it goes, printed, and kept with how it went.

Here: the pages of the desk. Not here: the words and the paper (frontend/clinical_letters.py), who is named
(clinical_team.py), what keeping does (participants/clinical_letters.py). Each look is logged. A letter that
asks whether exercise is safe is written by who decides about that. The form carries a fingerprint of the letter
above it: a letter that says something else by then is neither saved nor kept as sent, but shown.
"""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_http_methods, require_safe

from accounts.content import signature_of
from accounts.history import log_read
from accounts.permissions import Permission
from accounts.signin import must_hold, requires
from frontend import forms
from frontend.clinical_letters import LETTER_WORDS, WAY_WORDS, letter_file, letter_words, sent_line
from frontend.clinical_team_form import reached_at
from frontend.letters import CannotBeDrawn
from frontend.signed_in import user_of
from frontend.views.desk.people import at_desk_or_404
from messaging.models import Task
from messaging.words import Words
from messaging.worklist import TaskIsClosed
from participants.clinical_letters import NotAgreed, NotOfTheTeam, Sent, letters_to_write, record_letter
from participants.clinical_team import may_write_about
from participants.health_content import CLINICAL_LETTERS
from participants.models import ClinicalContact, ClinicalLetter, LetterWay, Participant
from participants.rules.letter_rules import LetterKind

at_desk = requires(Permission.WORK_AT_DESK)
PDF, SENT = "pdf", "sent"
NO_YES = "They do not agree any more that we write to their clinical team. Send nothing: nothing was kept."
GONE = "This letter was sent or called off a moment ago. Send nothing more: nothing else was kept."
CHANGED = (
    "The letter says something else now than when it stood on this page, so nothing was saved or kept. Read it below, "
    "then press again. If it was printed or read out before, that must be done again."
)
CANNOT_DRAW = "It has letters that our type cannot print. Write the letter by hand, then keep here how it went."


class LetterForm(forms.Form):
    more = forms.LongTextField(
        label="Is there anything to add?",
        hint="As little as they need. No answers, and nothing that the person would not want them to read.",
        called="what to add",
        required=False,
        rows=5,
        max_length=1000,
    )
    way = forms.RadiosField(
        label="How did it go to them?",
        missing="Select how it went to them",
        options=[(way.value, words) for way, words in WAY_WORDS.items()],
    )
    tell = forms.YesNoField(
        label="Does the person want to be told that it has gone?", missing="Select yes if they want to be told"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def clinical_letter(request: HttpRequest, pk: int, task_pk: int) -> HttpResponse:
    """The letter as it is now, with what is added by hand; its PDF; and keeping that it went."""
    participant = at_desk_or_404(request, pk)
    if participant.pk not in may_write_about([participant]):
        messages.error(request, NO_YES)
        return redirect("desk:clinical_team", pk=pk)
    task, kind, contact = _waiting_or_404(participant, task_pk)
    if kind is LetterKind.REFERRED_BACK:
        must_hold(request.user, Permission.DECIDE_CLEARANCE, programme_id=participant.programme_id)
    log_read(target=participant.person, purpose="clinical letter", what="clinical letter", by=user_of(request).person)
    form = LetterForm(forms.posted(request))
    by_hand = form["more"].value() or ""
    words = letter_words(participant, kind, by_hand)
    pressed = request.POST.get("do")
    if pressed in (PDF, SENT) and request.POST.get("drawn") != _fingerprint(words):
        return _page(request, participant, kind, contact, _as_typed(form), words, CHANGED)
    if pressed == PDF:
        return _file(request, contact, words) or _page(request, participant, kind, contact, form, words, CANNOT_DRAW)
    if pressed != SENT:
        form = LetterForm(None, initial={"more": by_hand})
    elif form.is_valid() and (answer := _keep(request, participant, task, form, words)):
        return answer
    return _page(request, participant, kind, contact, form, words)


def _fingerprint(words: Words) -> str:
    """Of what is drawn, on the page and on paper. To whom it goes is no part of it: a contact is never rewritten."""
    drawn = json.dumps([words.subject, words.body])
    return salted_hmac("frontend.desk.clinical_letter", drawn, algorithm="sha256").hexdigest()


def _as_typed(form: LetterForm) -> LetterForm:
    """Everything stays as it was typed, and nothing is called wrong."""
    return LetterForm(None, initial={name: form[name].value() for name in form.fields})


def _keep(
    request: HttpRequest, participant: Participant, task: Task, form: LetterForm, words: Words
) -> HttpResponse | None:
    given = form.cleaned_data
    sent = Sent(LetterWay(given["way"]), words.subject, words.body, given["tell"])
    try:
        record_letter(task=task, participant=participant, sent=sent, by=user_of(request).person)
    except NotAgreed:
        form.add_error(None, NO_YES)
    except (NotOfTheTeam, TaskIsClosed):
        form.add_error(None, GONE)
    else:
        messages.success(request, "Kept. They can read the letter on their own page.")
        return redirect("desk:clinical_team", pk=participant.pk)
    return None


def _page(
    request: HttpRequest,
    participant: Participant,
    kind: LetterKind,
    contact: ClinicalContact,
    form: LetterForm,
    words: Words,
    refused: str = "",
) -> HttpResponse:
    context: dict[str, Any] = {
        "participant": participant,
        "contact": contact,
        "where": reached_at(contact),
        "about": LETTER_WORDS[kind],
        "subject": words.subject,
        "paragraphs": words.body.split("\n\n"),
        "signed": signature_of(CLINICAL_LETTERS) is not None,
        "refused": refused,
        "drawn": _fingerprint(words),
    }
    status = 409 if refused or (form.is_bound and form.non_field_errors()) else None
    return forms.render_form(request, "frontend/desk/clinical_letter.html", context, form, status=status)


@require_safe
@at_desk
def sent_letter(request: HttpRequest, pk: int, letter_pk: int) -> HttpResponse:
    """The very words of a letter that went."""
    participant, letter = _sent_or_404(request, pk, letter_pk)
    about, line = sent_line(letter)
    context = {"participant": participant, "letter": letter, "about": about, "line": line}
    return render(request, "frontend/desk/sent_letter.html", context | {"paragraphs": letter.words.split("\n\n")})


@require_safe
@at_desk
def sent_letter_file(request: HttpRequest, pk: int, letter_pk: int) -> HttpResponse:
    """The same on paper, for somebody who wants a copy by post."""
    _, letter = _sent_or_404(request, pk, letter_pk)
    found = _file(request, letter.contact, Words(letter.subject, letter.words))
    if found is None:
        messages.error(request, CANNOT_DRAW)
        return redirect("desk:sent_letter", pk, letter_pk)
    return found


def _file(request: HttpRequest, contact: ClinicalContact, words: Words) -> HttpResponse | None:
    """Saved, so that the page with what was typed stays; its name tells nobody whom it is about. None: not drawn."""
    try:
        pdf = letter_file(contact, words)
    except CannotBeDrawn:
        return None
    name = f"letter-{timezone.localdate():%Y-%m-%d}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store, private"}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _waiting_or_404(participant: Participant, task_pk: int) -> tuple[Task, LetterKind, ClinicalContact]:
    found = next((row for row in letters_to_write(participant) if row[0].pk == task_pk), None)
    if found is None:
        raise Http404
    return found


def _sent_or_404(request: HttpRequest, pk: int, letter_pk: int) -> tuple[Participant, ClinicalLetter]:
    participant = at_desk_or_404(request, pk)
    rows = ClinicalLetter.objects.visible_to(request.user).filter(participant=participant)
    letter = get_object_or_404(rows.select_related("contact", "sent_by"), pk=letter_pk)
    log_read(target=participant.person, purpose="clinical letter", what="clinical letter", by=user_of(request).person)
    return participant, letter


urlpatterns = [
    path("people/<int:pk>/clinical-team/letters/<int:task_pk>/", clinical_letter, name="clinical_letter"),
    path("people/<int:pk>/clinical-team/sent/<int:letter_pk>/", sent_letter, name="sent_letter"),
    path("people/<int:pk>/clinical-team/sent/<int:letter_pk>/file/", sent_letter_file, name="sent_letter_file"),
]
