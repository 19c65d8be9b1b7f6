"""Cancel one date of a class: a page with a reason and one button, for instructors and the desk.

Here: the page and its form. Not here: what cancelling does (classes/timetable),
whose class it is (each audience's views).
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.history import log_reads
from classes.judging.refusals import TryAgain
from classes.models import Session
from classes.timetable import LONGEST_REASON, TooLateToCancel, cancel_session, people_to_tell, people_with_a_place
from frontend import forms
from frontend.signed_in import user_of
from frontend.wording import count

OTHER = "other"
REASONS = ("The instructor is unwell", "The place cannot be used", "The weather", "Too few people")


class CancelForm(forms.Form):
    reason = forms.RadiosField(
        label="Why is it cancelled?",
        hint="People who booked will read this",
        missing="Select why it is cancelled",
        options=[*((r, r) for r in REASONS), forms.Choice(OTHER, "Something else", reveals=("words",))],
    )
    words = forms.TextField(
        label="What is the reason?",
        hint="Do not name anybody’s health",
        missing="Enter the reason",
        max_length=LONGEST_REASON,
    )

    def chosen(self) -> str:
        reason = self.cleaned_data["reason"]
        return str(self.cleaned_data["words"] if reason == OTHER else reason)


def cancel_page(request: HttpRequest, session: Session, *, audience: str) -> HttpResponse:
    """Ask why, say how many people will be told, and cancel with one button."""
    if request.method == "POST" and session.is_cancelled:
        return redirect(f"{audience}:sessions")
    form = CancelForm(request.POST if request.method == "POST" else None)
    status = None
    if request.method == "POST" and form.is_valid():
        try:
            return _cancel(request, session, form.chosen(), audience)
        except TooLateToCancel:
            form.add_error(
                None, "This class is over, or its register has been started, so it can no longer be cancelled."
            )
        except TryAgain:
            form.add_error(None, "Many people are booking this class just now. Nothing was changed. Please try again.")
        status = 409
    booked = people_with_a_place(session)
    log_reads(targets=booked, purpose="register", what="names of who is told", by=user_of(request).person)
    context = {"session": session, "to_tell": people_to_tell(session), "booked": booked, "audience": audience}
    return forms.render_form(request, "frontend/publishing/cancel.html", context, form, status=status)


def _cancel(request: HttpRequest, session: Session, reason: str, audience: str) -> HttpResponse:
    told = people_to_tell(session)
    cancel_session(session=session, reason=reason, by=user_of(request).person)
    people = f"{count(told, 'person is', 'people are').capitalize()} being told." if told else "Nobody had booked."
    messages.success(request, f"The class is cancelled. {people}")
    return redirect(f"{audience}:sessions")
