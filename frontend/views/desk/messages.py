"""What was sent to people, and what became of it.

Here: the list of messages, and the words for kinds, states and ways. Not here: the life of one
(message_life.py), the words that were sent.
"""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.wording import Label
from messaging.access import messages_at_desk_of
from messaging.models import Message, MessageState

at_desk = requires(Permission.WORK_AT_DESK)
PER_PAGE = 50

STATES = {
    MessageState.QUEUED: Label("Waiting to be sent", "wait"),
    MessageState.WITH_DESK: Label("To call or write", "few"),
    MessageState.SENT: Label("Sent", "ok"),
    MessageState.DELIVERED: Label("The person knows", "ok"),
    MessageState.FAILED: Label("Not delivered", "alert"),
    MessageState.NOT_WANTED: Label("Not needed any more", "quiet"),
}
ON_THEIR_PHONE = Label("On their phone", "ok")
KINDS = {
    "number_try": "Text to try a number of staff",
    "booking_confirmed": "Place booked",
    "placed_from_waiting": "Place from the waiting list",
    "waiting_joined": "On the waiting list",
    "place_offered": "Place offered",
    "who_comes": "Who comes was changed",
    "place_open": "Place free for whoever is first",
    "offer_ran_out": "Offer ran out",
    "no_place_came_free": "No place came free",
    "booking_cancelled": "Place cancelled",
    "dates_booked": "Several dates booked",
    "dates_cancelled": "Several places cancelled",
    "booking_moved": "Place moved to another date",
    "passed_by": "Still waiting for a place",
    "booking_copy": "Copy for a supporter",
    "offer_copy": "To a supporter: place offered",
    "session_cancelled": "Class cancelled",
    "class_changed": "Classes changed",
    "classes_cancelled": "Several classes cancelled",
    "class_note": "A word to everybody of a class",
    "contact_changed": "To an earlier address: no longer used",
    "sign_in_changed": "Told that how they sign in has changed",
    "alert": "On call: something cannot wait",
    "cover_wanted": "A class wants cover",
    "cover_yours": "They cover a class",
    "cover_found": "Somebody covers their class",
    "running_late": "Class begins late",
    "class_covered": "Somebody else leads the class",
    "leader_changed": "Somebody else leads their classes",
    "credential_sent_back": "Something an instructor sent was sent back",
    "summary_out": "To a partner: a new summary is out",
    "role_ends": "Somebody’s access ends soon",
    "credential_runs_out": "Something an instructor holds runs out",
    "same_day_check": "Safety check to answer",
    "class_reminder": "Reminder, two days before",
    "class_soon": "Reminder, shortly before",
    "talk_wanted": "To an instructor: a word before a class",
    "registered": "Welcome",
    "clearance_decided": "Health answers decided",
    "supporter_invited": "Invitation to help",
    "questionnaire_due": "Questions to answer",
    "questionnaire_reminder": "Reminded of questions to answer",
    "study_invitation": "Told of a study",
    "needs_due": "What helps them, asked again",
    "talk_before_exercise": "We would like to talk before the next class",
    "supporter_accepted": "Who said yes to helping them",
    "letter_sent": "Told of a letter to their clinical team",
    "health_due": "Health questions to answer again",
    "programme_ends_soon": "Programme ends soon",
    "programme_extended": "Stays longer in the programme",
    "programme_ended": "Programme has ended",
    "paused": "Break noted",
    "pause_review": "Asked after a break",
    "resumed": "Back from a break",
    "place_in_doubt": "Place in doubt",
    "place_freed": "Place not kept",
    "place_taken_back": "Place taken back",
    "erasure_code": "Code to confirm that everything is deleted",
    "erasure_begun": "Told that everything is deleted",
}
WAYS = {"email": "By email", "text": "By text message (SMS)", "phone": "By phone", "post": "By letter"}


class StateForm(forms.FilterForm):
    state = forms.SelectField(
        label="Show", empty="Every message", options=[(str(state), label.words) for state, label in STATES.items()]
    )


@require_safe
@at_desk
def messages(request: HttpRequest) -> HttpResponse:
    filters = StateForm(request.GET)
    state = filters.cleaned_data["state"] if filters.is_valid() else ""
    found = messages_at_desk_of(request.user)
    page = Paginator(found.filter(state=state) if state else found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(row, kind_words(row.kind), label_of(row)) for row in page]
    context = {"page": page, "rows": rows, "filters": filters, "state": state}
    return render(request, "frontend/desk/messages.html", context)


def label_of(shown: Message) -> Label:
    """What became of it. A text that reached a telephone has not been read for that."""
    if shown.sent_as and shown.state == MessageState.DELIVERED:
        return ON_THEIR_PHONE
    return STATES[MessageState(shown.state)]


def kind_words(kind: str) -> str:
    return KINDS.get(kind, kind.replace("_", " ").capitalize())


urlpatterns = [
    path("messages/", messages, name="messages"),
]
