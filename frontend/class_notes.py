"""A word to everybody of one date: write it, look at what each way gets, send it, read what became of it.

Here: the pages, for the desk and for instructors. Not here: what it may not say and whom it goes to
(classes/telling/class_note.py), whose class it is (each audience's views).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.history import log_reads
from classes.judging.refusals import KeyReused
from classes.models import LONGEST_NOTE, About, BookingState, ClassNote, Session
from classes.telling.by_way import BY_DESK, NO_WAY
from classes.telling.class_note import (
    ClassIsOver,
    NobodyToTell,
    NotToBeSaid,
    Told,
    bookings_told,
    by_way,
    drawn_for_all,
    leaves_at,
    look_at,
    send_note,
    told_of,
)
from classes.telling.note_words import Findings
from frontend import forms
from frontend.booking_flow import new_key
from frontend.signed_in import user_of
from frontend.wording import Label, clock, count, joined, sentence
from messaging.models import Message, MessageState, WhyNot
from messaging.words import Words

WRITE, CHECK, SENT = (f"frontend/class_note/{name}.html" for name in ("write", "check", "sent"))
WAYS = {
    "email": "by email",
    "text": "by text message (SMS)",
    "phone": "by a call of the desk",
    "post": "by letter",
    BY_DESK: "in the format they need, by the desk",
    NO_WAY: "no way to reach them is noted: the desk hears of it",
}
TOLD = {
    MessageState.QUEUED: Label("Waits to be sent", "wait"),
    MessageState.WITH_DESK: Label("The desk tells them", "few"),
    MessageState.SENT: Label("Sent", "ok"),
    MessageState.DELIVERED: Label("Told", "ok"),
    MessageState.FAILED: Label("Not reached: the desk has a task", "alert"),
}
# Of what was not wanted, by its reason; of any other reason nobody reads more than that it was not sent.
NOT_TOLD = {
    WhyNot.OVER: Label("Not told: it was no longer for them", "quiet"),
    WhyNot.TAKEN_BACK: Label("Not told: they left the class, or it is off", "quiet"),
}
NOT_SENT = Label("Not sent", "quiet")


class NoteForm(forms.Form):
    about = forms.RadiosField(
        label="What is it about?",
        hint="This makes the subject. It never says why people come.",
        missing="Select what it is about",
        options=[
            (About.GETTING_THERE.value, "Getting to the class"),
            (About.BRING.value, "What to bring"),
            (About.PRACTICAL.value, "Something practical"),
            (About.OTHER.value, "Something else"),
        ],
    )
    words = forms.LongTextField(
        label="Your message",
        missing="Enter your message",
        hint="Plain words for everybody in this class. Nobody’s name, nothing about health, no links.",
        max_length=LONGEST_NOTE,
        rows=6,
    )
    waiting_too = forms.ConfirmField(label="Also tell those who wait for a place", required=False)
    looked = forms.ConfirmField(label="I have looked at this again, and it is right", required=False)
    request_key = forms.RequestKeyField()

    def __init__(self, data: Any, *, waiting: bool) -> None:
        super().__init__(data, initial={"request_key": new_key()})
        if not waiting:
            del self.fields["waiting_too"]

    @property
    def tells_waiting(self) -> bool:
        return bool(self.cleaned_data.get("waiting_too"))


@dataclass(frozen=True)
class Preview:
    drawn: list[tuple[str, Words, str]]  # for whom, by email, by text
    ways: list[str]
    people: int


def write_page(request: HttpRequest, session: Session, *, audience: str) -> HttpResponse:
    """Write, then look, then send: three answers of one address. Sent once, however often the button is pressed."""
    waiting = bookings_told(session, waiting_too=True).count() - bookings_told(session, waiting_too=False).count()
    form = NoteForm(forms.posted(request), waiting=waiting > 0)
    if not form.is_valid() or request.POST.get("do") == "change":
        return _write(request, session, form, audience, waiting)
    found = look_at(session, form.cleaned_data["words"])
    if found.refused:
        form.add_error("words", refusal_of(found))
        return _write(request, session, form, audience, waiting)
    if request.POST.get("do") != "send" or (found.doubtful and not form.cleaned_data["looked"]):
        return _check(request, session, form, found, audience)
    return _send(request, session, form, audience, waiting)


def _write(
    request: HttpRequest, session: Session, form: NoteForm, audience: str, waiting: int, status: int | None = None
) -> HttpResponse:
    context = {
        "session": session,
        "audience": audience,
        "people": bookings_told(session, waiting_too=False).count(),
        "waiting": waiting,
        "over": session.is_cancelled or timezone.now() >= session.ends_at,
        "sent": [(note, first_line(note)) for note in session.notes.select_related("by").order_by("-at")],
    }
    return forms.render_form(request, WRITE, context, form, status=status)


def _check(request: HttpRequest, session: Session, form: NoteForm, found: Findings, audience: str) -> HttpResponse:
    context = {
        "session": session,
        "audience": audience,
        "preview": preview_of(session, form),
        "doubts": doubts_of(found),
        "asked": found.doubtful and request.POST.get("do") == "send",
    }
    if context["asked"]:
        form.add_error("looked", "Tick that you have looked at it again, or change the message")
    return forms.render_form(request, CHECK, context, form)


def _send(request: HttpRequest, session: Session, form: NoteForm, audience: str, waiting: int) -> HttpResponse:
    said = form.cleaned_data
    try:
        note = send_note(
            session=session,
            about=About(said["about"]),
            words=said["words"],
            waiting_too=form.tells_waiting,
            request_key=said["request_key"],
            by=user_of(request).person,
        )
    except KeyReused:
        form = _with_a_new_key(request, waiting)
        form.add_error(None, "Another message was sent from this page before. This one was not sent: look at it first.")
    except NotToBeSaid as refused:
        form.add_error("words", refusal_of(refused.findings))
    except ClassIsOver:
        form.add_error(None, "This class is over or cancelled, so nobody is told of it any more.")
    except NobodyToTell:
        form.add_error(None, "Nobody has a place in this class, so there is nobody to tell.")
    else:
        morning = leaves_at(session, timezone.now())
        leaves = f"goes at {clock(morning)}" if morning else "leaves now"
        messages.success(request, f"Your message {leaves}. Here you see what becomes of it.")
        return redirect(f"{audience}:class_note", pk=note.pk)
    return _write(request, session, form, audience, waiting, status=409)


def _with_a_new_key(request: HttpRequest, waiting: int) -> NoteForm:
    """The same form, with what was typed, as another message."""
    data = request.POST.copy()
    data["request_key"] = new_key()
    form = NoteForm(data, waiting=waiting > 0)
    form.full_clean()
    return form


def sent_page(request: HttpRequest, note: ClassNote, *, audience: str) -> HttpResponse:
    """What was said, and for each person whether they know. The desk goes on to each message from here; whoever
    leads the class reads the names of those who have a place, and how many others there are."""
    everybody = told_of(note)
    told = [one for one in everybody if one.has_place or audience == "desk"]
    log_reads(
        targets=[one.message.person for one in told],
        purpose="register",
        what="names of who is told",
        by=user_of(request).person,
    )
    context = {
        "note": note,
        "session": note.session,
        "audience": audience,
        "told": [(one.message, label_of(one), _page_of(one.message, audience)) for one in told],
        "others": len(everybody) - len(told),
    }
    return render(request, SENT, context)


def label_of(told: Told) -> Label:
    if told.message.state != MessageState.NOT_WANTED:
        return TOLD[MessageState(told.message.state)]
    return NOT_TOLD.get(WhyNot(told.why_not), NOT_SENT) if told.why_not else NOT_SENT


def _page_of(message: Message, audience: str) -> str:
    return reverse("desk:message", args=[message.pk]) if audience == "desk" else ""


def preview_of(session: Session, form: NoteForm) -> Preview:
    """Exactly what each way gets, but for the name and the private address."""
    note = ClassNote(session=session, about=form.cleaned_data["about"], words=form.cleaned_data["words"])
    drawn = [("", *drawn_for_all(note, session, state=BookingState.BOOKED))]
    if form.tells_waiting:
        drawn.append((", to those who wait", *drawn_for_all(note, session, state=BookingState.WAITING)))
    numbers = by_way(session, waiting_too=form.tells_waiting)
    ways = [f"{count(number, 'person', 'people')} {WAYS[way]}" for way, number in numbers.most_common()]
    return Preview(drawn, ways, numbers.total())


def refusal_of(found: Findings) -> str:
    if found.telling:
        return f"Take out {_quoted(found.telling)}: it tells others why people come to this class"
    return f"Take out {_quoted(found.links)}: people find the way into a class on our own pages"


def doubts_of(found: Findings) -> list[str]:
    """What somebody looks at again, in sentences."""
    doubts = []
    if found.names:
        doubts.append(f"{_quoted(found.names)}: also the name of somebody in this class. Nobody is named to others.")
    if found.numbers:
        doubts.append(f"{_quoted(found.numbers)}: not our telephone number.")
    if found.mailboxes:
        doubts.append(f"{_quoted(found.mailboxes)}: an email address that everybody will see.")
    return [sentence(doubt) for doubt in doubts]


def _quoted(words: tuple[str, ...]) -> str:
    return joined(f"“{word}”" for word in words)


def first_line(note: ClassNote) -> str:
    line = note.words.splitlines()[0]
    return line if len(line) <= 60 else f"{line[:57].rstrip()}…"
