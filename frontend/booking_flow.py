"""Booking one class on pages: what a person may do here, the form, the attempt, and the words of a refusal.

Here: what the participant's, supporter's and desk's pages share. Not here: any
rule (classes/places/booking.py judges and refuses), who may open which page (the views).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, QueryDict
from django.utils import timezone

from accounts.history import log_read
from accounts.models import User
from accounts.permissions import Permission, allows
from accounts.signin import requires
from classes.judging.eligibility import Reason, answering_settles
from classes.judging.judgement import reasons_against_booking
from classes.judging.refusals import BeyondWeeklyLimit, KeyReused, Refusal
from classes.judging.weekly_limits import beyond_limit
from classes.listing import Availability, availability, live_bookings, may_take, positions
from classes.models import Booking, BookingSource, Session, SessionKind
from classes.places.booking import Wish
from classes.places.booking_once import book_once
from classes.places.idempotency import REFUSED
from classes.sources import source_of
from classes.waiting_list.offer_times import AUTOMATIC_UNTIL
from frontend import forms
from frontend.acting import current_participant, name_acted_for
from frontend.class_words import (
    DESK_REASONS,
    HELPER_REASONS,
    HELPER_TALK_FIRST,
    REASONS,
    TALK_FIRST,
    companion_hint,
    limit_words,
)
from frontend.signed_in import user_of
from participants.models import Participant, SupporterScope
from participants.refer_back import is_referred_back
from participants.standing import standing_of

COPY_WORDS = "Send a copy to me as well"
BOOKERS = (Permission.TAKE_PART, Permission.SUPPORT, Permission.WORK_AT_DESK)
books = requires(*BOOKERS)  # the desk books on the same pages, after choosing for whom
NO_TWO = ("no_two_places", "no_room_for_companion")  # one could come, or both could wait
TITLES = {
    "session_full": "The last place has just gone",
    "no_two_places": "There are not two places left",
    "no_room_for_companion": "There is no room for somebody who comes along",
    "too_late": "This class has started",
    "session_not_open": "This class cannot be booked",
    "overlaps": "There is another class at that time",
    "offered_there": "A place there is kept already",
    "not_eligible": "This class cannot be booked at the moment",
    "try_again": "Many people are booking at this moment",
    "key_reused": "This page was used before",
    "too_many_dates": "These are too many dates at once",
    "another_person": "You are booking for somebody else now",
}
WORDS = {
    "session_full": (
        "Somebody else took the last place while you were on this page. "
        "You can join the waiting list, or choose another class."
    ),
    "no_two_places": (
        "You can wait until two places are free. Or take the tick out: if there is one place left, you can come alone."
    ),
    "no_room_for_companion": (
        "There is a place, but the hall is full for people who come along. Take the tick out to come alone, "
        "or wait until there is room for two."
    ),
    "too_late": "Classes can be booked until they start.",
    "session_not_open": "It was cancelled, or is not open for booking.",
    "overlaps": "There is a place in another class at that time. To come to this one instead, cancel that one first.",
    "offered_there": (
        "A place on that date is offered already, but not for the same number of people. Answer that offer first: "
        "it stands in the list of classes."
    ),
    "not_eligible": "",
    "try_again": "Nothing was booked. Please press the button again.",
    "key_reused": "Nothing was booked. Please press the button again.",
    "too_many_dates": "Nothing was booked. Please choose fewer dates, and book the others after these.",
    "another_person": (
        "On another page you have changed who you book for, so nothing was booked. Press the button again only if you "
        "want this place for the person named here."
    ),
}


@dataclass(frozen=True)
class Choice:
    """What one person may do with one class now: `state` names the part of the page that is shown.

    cancelled · started · nobody (no participant is known) · booked · offered · waiting · refused · full · open ·
    limit (a place is free, and they have as many as they may that week)
    """

    state: str
    booking: Booking | None = None
    position: int | None = None
    reasons: tuple[Reason, ...] = field(default=())
    beyond: BeyondWeeklyLimit | None = None
    is_free: bool = False  # whoever waits could take a place that anybody could book
    may_hold: bool = False  # answering health questions is all that is in the way, and a place is free


def choice_for(session: Session, participant: Participant | None, at: datetime) -> Choice:
    """`session` is a row of `for_lists`."""
    available = availability(session, at)
    if available in (Availability.CANCELLED, Availability.STARTED):
        return Choice(available.value)
    if participant is None:
        return Choice("nobody")
    if booking := live_bookings(participant, [session]).get(session.pk):
        is_free = may_take(booking, session, at)
        return Choice(booking.state, booking, positions([booking]).get(booking.pk), is_free=is_free)
    if participant.programme_id != session.programme_id:
        return Choice("refused", reasons=(Reason.ANOTHER_PROGRAMME,))
    standing = standing_of(participant)
    if reasons := reasons_against_booking(standing, session):
        may_hold = answering_settles(reasons) and available is not Availability.FULL
        return Choice("refused", reasons=reasons, may_hold=may_hold)
    if available is Availability.FULL:
        return Choice("full")
    if beyond := beyond_limit(participant, session, standing):
        return Choice("limit", reasons=beyond.reasons, beyond=beyond)
    return Choice("open")


def participant_of(request: HttpRequest) -> Participant | None:
    """For whom this person books, where they book for anybody at all."""
    if not any(allows(request.user, permission) for permission in BOOKERS):
        return None
    try:
        return current_participant(request, SupporterScope.BOOK)
    except Http404:
        return None


def where_to_choose(request: HttpRequest) -> str:
    """The name of the page on which a helper or the desk says for whom they book; empty for everybody else."""
    if allows(request.user, Permission.WORK_AT_DESK):
        return "desk:people"
    return "me:supporters" if allows(request.user, Permission.SUPPORT) else ""


def may_pass_limit(request: HttpRequest, participant: Participant | None) -> bool:
    """Whether this person books at the desk, which may go past the limit of a week with a reason."""
    return participant is not None and source_of(participant, user_of(request)) == BookingSource.DESK


def reasons_shown(
    request: HttpRequest,
    participant: Participant | None,
    reasons: tuple[Reason, ...],
    beyond: BeyondWeeklyLimit | None = None,
) -> list[str]:
    """Why not, in words: to oneself or a supporter gently, to the desk as it is (and that it was read is kept)."""
    if not reasons or participant is None:
        return []
    if beyond is not None:
        return [limit_words(beyond, name_acted_for(request))]
    user, name = user_of(request), participant.person.first_name
    source = source_of(participant, user)
    if source == BookingSource.DESK:
        log_read(target=participant.person, purpose="booking", what="clearance", by=user.person)
        return [f"{name} {DESK_REASONS[reason]}." for reason in reasons]
    if source == BookingSource.SUPPORTER:
        return [words.format(name=name) for words in _gently(participant, reasons, HELPER_REASONS, HELPER_TALK_FIRST)]
    return _gently(participant, reasons, REASONS, TALK_FIRST)


def _gently(
    participant: Participant, reasons: tuple[Reason, ...], known: Mapping[Reason, str], talk_first: str
) -> list[str]:
    """The words of each; whoever was referred back is asked to talk, and not told that their answers are read."""
    talks = Reason.BEING_CHECKED in reasons and is_referred_back(participant)
    return [talk_first if talks and reason is Reason.BEING_CHECKED else known[reason] for reason in reasons]


class BookForm(forms.Form):
    """One button. The key makes a second press harmless; `wait` is set where the class is full.

    `person` is for whom the page was drawn: whoever acts for several people may have changed to another one since.
    """

    request_key = forms.RequestKeyField()
    person = forms.HiddenField(max_length=20)
    wait = forms.HiddenField(required=False)
    book_automatically = forms.ConfirmField(
        label="Book me in at once if a place comes free",
        hint="Only while that is more than 24 hours before the class. Leave it empty if we should ask you first.",
        missing="Tick or leave empty",
        required=False,
    )
    companion = forms.ConfirmField(
        label="Somebody comes with me",
        hint="A friend, a relative or a carer. They need a place too, so we count two.",
        missing="Tick or leave empty",
        required=False,
    )
    copy = forms.ConfirmField(label=COPY_WORDS, missing="Tick or leave empty", required=False)
    despite_limit = forms.TextField(
        label="Why is one more class in this week right?",
        missing="Enter why one more class in this week is right",
        hint="Staff read it in the history. No health facts, please.",
        max_length=200,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        session: Session,
        participant: Participant,
        wait: bool,
        name: str = "",
        copy: bool = False,
        companion: bool = False,
        past_limit: bool = False,
    ) -> None:
        """`name`: of the person acted for, when it is not oneself. `copy`: whether a supporter may ask for one.

        `past_limit`: the desk gives one place more than the phase allows in that week, and says why.

        `companion`: what was ticked on the page before, which did not lead to a place.
        """
        drawn: dict[str, Any] = {"request_key": new_key(), "person": str(participant.pk), "companion": companion}
        drawn["wait"] = "yes" if wait else ""
        super().__init__(data, initial=drawn)
        if name:
            self.fields["book_automatically"].label = f"Book {name} in at once if a place comes free"
            self.fields["companion"].label = f"Somebody comes with {name}"
        if session.kind == SessionKind.ONE_TO_ONE:
            del self.fields["companion"]
        else:
            self.fields["companion"].hint = companion_hint(session)  # type: ignore[attr-defined]
        if not wait or timezone.now() >= session.starts_at - AUTOMATIC_UNTIL:
            del self.fields["book_automatically"]
        if not copy:
            del self.fields["copy"]
        if not past_limit:
            del self.fields["despite_limit"]


def told(*lines: str) -> forms.Form:
    """A refusal for the error summary of a page, line by line: pass it as `form`."""
    problem = forms.Form({})
    problem.full_clean()
    for line in lines:
        problem.add_error(None, line)
    return problem


def new_key() -> str:
    return secrets.token_urlsafe(24)


def with_new_key(request: HttpRequest) -> QueryDict:
    """What was sent, for the same page again: the key it came with has its outcome."""
    sent = request.POST.copy()
    sent["request_key"] = new_key()
    return sent


@dataclass(frozen=True)
class Refused:
    """An attempt that changed nothing, in words."""

    code: str
    reasons: tuple[Reason, ...] = ()
    booking_id: int | None = None
    beyond: BeyondWeeklyLimit | None = None

    @property
    def title(self) -> str:
        return TITLES[self.code]

    @property
    def words(self) -> str:
        return WORDS[self.code]

    @property
    def may_try_again(self) -> bool:
        return self.code in ("session_full", *NO_TWO, "try_again", "key_reused", "another_person")

    @property
    def status(self) -> int:
        return 422 if self.code == KeyReused.code else REFUSED


def attempt(*, form: BookForm, participant: Participant, session: Session, by: User) -> int | Refused:
    """The id of the booking, or why there is none. `form` is valid."""
    given = form.cleaned_data
    if given["person"] != str(participant.pk):
        return Refused("another_person")
    wish = Wish(
        participant=participant,
        session=session,
        by=by.person,
        source=source_of(participant, by),
        request_key=given["request_key"],
        party=2 if given.get("companion") else 1,
        or_wait=bool(given["wait"]),
        book_automatically=bool(given.get("book_automatically")),
        copy=bool(given.get("copy")),
        despite_limit=given.get("despite_limit", ""),
    )
    try:
        outcome = book_once(wish, lambda booking: {"id": booking.pk}).outcome
    except Refusal as refusal:
        return Refused(refusal.code)
    if outcome.status == REFUSED:
        return refused_of(outcome.body, places=session.places_for(wish.party))
    return int(outcome.body["id"])


def refused_of(kept: dict[str, Any], *, places: int = 1) -> Refused:
    """What a kept outcome with this refusal says."""
    if kept["code"] == "session_full" and places > 1:
        return Refused("no_two_places")
    reasons = tuple(Reason(reason) for reason in kept.get("reasons", ()))
    beyond = (
        BeyondWeeklyLimit(kept["most_a_week"], date.fromisoformat(kept["week_from"])) if "week_from" in kept else None
    )
    return Refused(kept["code"], reasons, kept.get("booking"), beyond)
