"""Call off several classes of today from a phone, and see who knows of it and who must be rung.

Here: the pages, for instructors and for the desk: choose, look, send; then who knows. Not here: what calling off
does (classes/timetable/cancelling.py), who has heard (classes/telling/called_off.py), whose classes they are (each
audience's views).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.history import log_reads
from classes.judging.refusals import TryAgain
from classes.models import Session
from classes.models.timetable import SessionQuerySet
from classes.telling.called_off import CALLED, Heard, Hearer, NotToRing, by_way, hearers_of, leaves_at, note_call
from classes.timetable import TooLateToCancel, cancel_sessions, people_to_tell
from frontend import forms
from frontend.cancelling import CancelForm
from frontend.choices import Choice
from frontend.class_notes import WAYS
from frontend.class_words import where_led
from frontend.needs import words_of
from frontend.signed_in import user_of
from frontend.timetable_words import leader_names
from frontend.wording import Label, clock, clock_range, count, from_today, sentence
from messaging.models import MessageState
from messaging.quiet_hours import quiet_until
from messaging.worklist import REACHED
from participants import details

CHOOSE, CHECK, PROGRESS = (f"frontend/calling_off/{name}.html" for name in ("choose", "check", "progress"))
HEARD = {
    Heard.TO_RING: Label("To be rung", "alert"),
    Heard.ON_ITS_WAY: Label("Not reached yet", "wait"),
    Heard.NOT_REACHED: Label("Could not be reached", "full"),
    Heard.NOT_TOLD: Label("Not told: no messages go to them", "quiet"),
    Heard.TOLD: Label("Told", "ok"),
}
SENT = Label("Sent", "ok")
TOO_LATE = "{} is over, or its register has been started. Nothing was called off. Leave it out, and send again."
BUSY = "Many people are booking just now. Nothing was called off. Press the button again."


class CallOffForm(CancelForm):
    classes = forms.CheckboxesField(label="Which classes are off?", missing="Select which classes are off")

    field_order = ("classes", "reason", "words")

    def __init__(self, data: Any, *, offered: Iterable[Session]) -> None:
        super().__init__(data)
        self.fields["classes"].offer([_choice(session) for session in offered])  # type: ignore[attr-defined]

    def chosen_of(self, offered: Iterable[Session]) -> list[Session]:
        keys = forms.keys_in(self.cleaned_data["classes"])
        return [session for session in offered if session.pk in keys]


def call_off_page(
    request: HttpRequest, *, offered: SessionQuerySet, off: SessionQuerySet, audience: str
) -> HttpResponse:
    """Choose, then look, then send: three answers of one address. `offered` may be called off, `off` are already."""
    if request.POST.get("do") == "send" and _all_off(request, off):  # the button was pressed twice
        return redirect(f"{audience}:called_off")
    sessions = list(offered)
    form = CallOffForm(forms.posted(request), offered=sessions)
    if not form.is_valid() or request.POST.get("do") == "change":
        return _choose(request, form, sessions, off, audience)
    chosen = form.chosen_of(sessions)
    if request.POST.get("do") != "send":
        return _check(request, form, chosen, audience)
    try:
        cancel_sessions(sessions=chosen, reason=form.chosen(), by=user_of(request).person)
    except TooLateToCancel as refused:
        form.add_error("classes", TOO_LATE.format(_named(refused.session)))
    except TryAgain:
        form.add_error(None, BUSY)
    else:
        classes = count(len(chosen), "class is", "classes are").capitalize()
        messages.success(request, f"{classes} off. Here you see who knows.")
        return redirect(f"{audience}:called_off")
    return _choose(request, form, sessions, off, audience, status=409)


def called_off_page(
    request: HttpRequest, *, off: SessionQuerySet, audience: str, may_call_off: bool = True
) -> HttpResponse:
    """Who knows and who must be rung; a press of a button notes what a call came to."""
    sessions, now = list(off), timezone.now()
    ahead = [session for session in sessions if session.ends_at > now]
    if request.method == "POST":
        return _note(request, ahead, audience)
    hearers = hearers_of(ahead)
    everybody = [one for session in ahead for one in hearers.get(session.pk, [])]
    by = user_of(request).person
    log_reads(targets=[one.person for one in everybody], purpose="register", what="names of who is told", by=by)
    ringing = _once(one for one in everybody if one.heard is Heard.TO_RING)
    context = {
        "audience": audience,
        "may_call_off": may_call_off,
        "sessions": [(session, _rows(hearers.get(session.pk, []))) for session in ahead],
        "over": [session for session in sessions if session.ends_at <= now],
        "ringing": _with_needs(ringing, audience),
        "people": len({one.person.pk for one in everybody}),
        "known": len({one.person.pk for one in everybody if one.heard is Heard.TOLD}),
    }
    return render(request, PROGRESS, context)


def _choose(
    request: HttpRequest,
    form: CallOffForm,
    sessions: list[Session],
    off: SessionQuerySet,
    audience: str,
    status: int | None = None,
) -> HttpResponse:
    context = {"sessions": sessions, "any_off": off.exists(), "audience": audience}
    return forms.render_form(request, CHOOSE, context, form, status=status)


def _check(request: HttpRequest, form: CallOffForm, chosen: list[Session], audience: str) -> HttpResponse:
    ways = by_way(chosen)
    morning = leaves_at(chosen, timezone.now())
    context = {
        "audience": audience,
        "chosen": [(session, people_to_tell(session)) for session in chosen],
        "reason": form.chosen(),
        "people": ways.total(),
        "ways": [f"{count(number, 'person', 'people')} {WAYS[way]}" for way, number in ways.most_common()],
        "morning": clock(morning) if morning else "",
    }
    return forms.render_form(request, CHECK, context, form)


def _choice(session: Session) -> Choice:
    """When, what and where; by the day where more than one is offered."""
    taken, led = session.places_taken, leader_names(session)
    booked = count(taken, "person has", "people have") if taken else "nobody has"
    hint = ", ".join([where_led(session), *([f"led by {led}"] if led else []), f"{booked} a place"])
    times = f"{sentence(from_today(session.starts_at))}, {clock_range(session.starts_at, session.ends_at)}"
    return Choice(str(session.pk), f"{session.class_type.name}: {times}", hint=hint)


def _all_off(request: HttpRequest, off: SessionQuerySet) -> bool:
    keys = set(forms.keys_in(request.POST.getlist("classes")))
    return bool(keys) and keys <= set(off.values_list("pk", flat=True))


def _note(request: HttpRequest, ahead: list[Session], audience: str) -> HttpResponse:
    """What a call came to; of somebody else’s class, or of nobody, nothing is noted."""
    outcome, asked = request.POST.get("outcome", ""), request.POST.get("message", "")
    everybody = (one for those in hearers_of(ahead, with_numbers=False).values() for one in those)
    found = next((one.message for one in everybody if one.message and str(one.message.pk) == asked), None)
    if found is None or outcome not in CALLED:
        messages.error(request, "Nothing was noted. Look at what is so now.")
        return redirect(f"{audience}:called_off")
    try:
        note_call(message=found, outcome=outcome, by=user_of(request).person)
    except NotToRing:
        messages.success(request, f"{found.person.full_name} need not be rung: somebody has noted it.")
    else:
        said = "knows" if outcome == REACHED else "did not answer. They stay on the list"
        messages.success(request, f"Noted: {found.person.full_name} {said}.")
    return redirect(f"{audience}:called_off")


def _rows(those: Iterable[Hearer]) -> list[tuple[Hearer, Label]]:
    return [(one, _label(one)) for one in those]


def _label(one: Hearer) -> Label:
    """What was sent has not been read for that."""
    if one.message and one.heard is Heard.TOLD and one.message.state == MessageState.SENT:
        return SENT
    if one.message and one.heard is Heard.ON_ITS_WAY and quiet_until(timezone.now()) == one.message.due_at:
        return Label(f"Goes at {clock(one.message.due_at)}", "wait")
    return HEARD[one.heard]


def _once(those: Iterable[Hearer]) -> list[Hearer]:
    """Each person once, although two of their classes are off."""
    return list({one.person.pk: one for one in those}.values())


def _with_needs(ringing: list[Hearer], audience: str) -> list[tuple[Hearer, list[str]]]:
    """How each is spoken with; an instructor reads what they share with instructors."""
    needs = details.needs_of_each([one.person.pk for one in ringing])
    shown = {
        pk: [row for row in rows if audience == "desk" or row.share_with_instructors] for pk, rows in needs.items()
    }
    return [(one, words_of(shown.get(one.person.pk, []))) for one in ringing]


def _named(session: Session) -> str:
    return f"{session.class_type.name} at {clock(session.starts_at)}"
