"""How it went for one person of a class: what was noted last time, and writing it down, one person after the other.

Here: the page of one line of the register. Not here: the form (frontend/session_notes.py), who may
(classes/register/notes.py). Reading what was noted is logged, like the register.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.history import log_read
from accounts.permissions import Permission
from accounts.signin import requires
from classes import teaching
from classes.judging.refusals import Refusal
from classes.models import Session
from classes.register import (
    NoteChanged,
    Noted,
    Window,
    last_note_before,
    note_of,
    notes_open,
    to_note,
    write_note,
)
from frontend import forms
from frontend.session_notes import SessionNoteForm, all_rows, refused_words
from frontend.signed_in import user_of
from participants.consents import agreed_to
from participants.models import ConsentKind, Participant

PAGE = "frontend/teach/session_note.html"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TEACH)
def session_note(request: HttpRequest, pk: int, line: str) -> HttpResponse:
    session = get_object_or_404(teaching.classes_led_by(request.user), pk=pk)
    participant, came = person_on_line(request, session, line), to_note(session)
    now = timezone.now()
    shows = Window(session.starts_at, session.ends_at).shows_facts(now)
    if not shows and request.method != "POST":
        messages.info(request, "How it went is shown from 24 hours before a class until 48 hours after it.")
        return redirect("teach:register", pk)
    form = SessionNoteForm(
        forms.posted(request), name=participant.person.first_name, latest=note_of(session, participant)
    )
    following = _after(came, line)
    changed = None
    if form.is_valid():
        try:
            write_note(session=session, participant=participant, note=form.note(), by=user_of(request).person)
        except Refusal as refusal:
            form.add_error(None, refused_words(refusal))
            if isinstance(refusal, NoteChanged):
                changed = refusal.latest
                form.show_after(changed)
        else:
            return _on(request, session, participant, following)
    last = None
    if shows:  # what came too late shows what was typed, and why it was not kept
        log_read(target=participant.person, purpose="register", what="session notes", by=user_of(request).person)
        last = last_note_before(session, participant)
    mine = next((one for one in came if one.line == line), None)
    context = {
        "session": session,
        "participant": participant,
        "line": line,
        "came": mine is not None,
        "may_write": (mine is not None and notes_open(session, now)) or form.is_bound,
        "has_started": session.has_started(now),
        "place_in": came.index(mine) + 1 if mine else 0,
        "of": len(came),
        "following": following,
        "last": last,
        "last_rows": all_rows(last) if last else [],
        "changed_rows": all_rows(changed) if changed else [],
        "ask_first": shows and not agreed_to(ConsentKind.INSTRUCTORS, [participant]),
    }
    status = 409 if form.is_bound and form.non_field_errors() else None
    return forms.render_form(request, PAGE, context, form, status=status)


def person_on_line(request: HttpRequest, session: Session, line: str) -> Participant:
    """404 for a line that is not there, is only a name, or is oneself."""
    place = teaching.places_in(session).get(line)
    if place is None or place.participant is None or place.participant.person_id == user_of(request).person_id:
        raise Http404  # a bare name has no record, and nobody writes about themselves
    return place.participant


def _after(came: list[Noted], line: str) -> Noted | None:
    """Whoever comes next on the register and has no note yet; from the top again at its end."""
    lines = [one.line for one in came]
    start = lines.index(line) + 1 if line in lines else 0
    turn = [*came[start:], *came[:start]]
    return next((one for one in turn if not one.has_note and one.line != line), None)


def _on(request: HttpRequest, session: Session, participant: Participant, following: Noted | None) -> HttpResponse:
    name = participant.person.first_name
    if following is None:
        messages.success(request, f"Saved for {name}. There is a note about everybody who came.")
        return redirect("teach:register", session.pk)
    messages.success(request, f"Saved for {name}. Next: {following.participant.person.first_name}.")
    return redirect("teach:session_note", session.pk, following.line)


urlpatterns = [path("classes/<int:pk>/how-it-went/<slug:line>/", session_note, name="session_note")]
