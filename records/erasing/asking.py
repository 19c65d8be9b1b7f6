"""Asking for an erasure, and confirming it: in two steps, with a code, and with four refusals.

At the desk it takes a clinical lead, who has the person on the line, identified; the reference alone, which the desk
reads itself, opens nothing (ADR 0069).

Here: the actions of pages. Not here: what it does (preview.py, erase.py). What is confirmed ends their part in the
programme at once, by the ordinary action: places are free, and nobody is told why. They are told by their own way
that it is being done; the worker erases once that has reached them, since afterwards nobody can.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.devices import forget_devices
from accounts.history import Actor, acting
from accounts.models import Person, User
from messaging.calls import is_on_the_line
from messaging.delivery import written_by_itself
from messaging.kinds import Content
from messaging.models import Message, MessageState
from messaging.one_by_one import one_by_one
from messaging.outbox import enqueue
from participants.earlier_address import programme_of
from participants.models import Participant
from records.elsewhere import TakesPartElsewhere, reaches_beyond
from records.erasing.ending import end_part
from records.erasing.erase import erase_person
from records.erasing.preview import fingerprint, something_is_open, works_here
from records.exporting.copies import READS_ALL
from records.just_now import NotSignedInJustNow, is_just_now
from records.models import ErasureRequest

CODE, BEGUN = "erasure_code", "erasure_begun"  # kinds of message; their subject is the request
OPEN_FOR: Final = dt.timedelta(hours=1)
MOST_TRIES: Final = 5  # of one person in a day, whichever code they try
MOST_CODES: Final = 3  # of one person in a day
A_DAY: Final = dt.timedelta(days=1)
LONGEST_WAIT: Final = dt.timedelta(days=14)  # for a letter or a call to reach them
REACHED: Final = (MessageState.SENT, MessageState.DELIVERED, MessageState.FAILED, MessageState.NOT_WANTED)


class WrongCode(Exception):
    """`left`: how many tries there are today. When its hour is over, there are none, and it is asked for anew."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


class AskedTooOften(Exception):
    """So many codes were sent, or tried in vain, within a day: whoever it is calls us, or waits for a day."""


class ChangedMeanwhile(Exception):
    """The record is another one than that which was shown: look again."""


class NotOnTheLine(Exception):
    """The person themselves is not on the line with whoever asks, or was not identified: find out who is there."""


class NotTheirsToDecide(Exception):
    """At the desk a clinical lead does it, as for a copy."""


class SomethingIsOpen(Exception):
    """Something that happened is still looked into. A person speaks with them."""


class WorksHere(Exception):
    """They work here, or did: that is kept by other rules, and a person speaks with them."""


def why_not(person: Person, by: Person) -> Exception | None:
    """What stands against it, before it is asked for."""
    if reaches_beyond(person, by):
        return TakesPartElsewhere()
    if reaches_beyond(person, by, READS_ALL):
        return NotTheirsToDecide()
    if works_here(person) or programme_of(person) is None:
        return WorksHere()
    return SomethingIsOpen() if something_is_open(person) else None


def ask_to_erase(*, person: Person, seen: str, signed_in_at: dt.datetime | None, by: Person) -> ErasureRequest:
    """`seen`: the fingerprint of what was shown. A code goes to the person; at the desk they say their reference.

    Raises TakesPartElsewhere, NotTheirsToDecide, WorksHere, SomethingIsOpen, NotSignedInJustNow, NotOnTheLine,
    ChangedMeanwhile, AskedTooOften.
    """
    _refuse(person, signed_in_at, by)
    _refuse_another(person, seen)
    with acting(by, "records.ask_to_erase", on_behalf_of=person):
        Person.objects.select_for_update().get(pk=person.pk)
        waits = open_request(person, by=by)
        if waits is not None and by != person and waits.fingerprint == seen:
            return waits  # at the desk each try of a reference comes here: they are counted together
        tries = _tries_today(person, by)
        if by == person:
            _refuse_too_many(person, tries)
        ErasureRequest.objects.filter(person=person, confirmed_at=None).delete()
        request = ErasureRequest.objects.create(person=person, asked_by=by, fingerprint=seen, tries=tries)
        if by == person:
            _tell(request, CODE)
        return request


def confirm_erasure(*, request: ErasureRequest, code: str, signed_in_at: dt.datetime | None, by: Person) -> None:
    """From here on it cannot be undone; twice is harmless. Raises as ask_to_erase, and WrongCode."""
    person = request.person
    if is_being_erased(person):
        return  # pressed twice
    _refuse(person, signed_in_at, by)
    _check(request, code)
    _refuse_another(person, request.fingerprint)
    with acting(by, "records.confirm_erasure", on_behalf_of=person):
        request = ErasureRequest.objects.select_for_update().get(pk=request.pk)
        _end_everything(person, by)
        request.confirmed_at, request.confirmed_by = timezone.now(), by
        request.save(update_fields=["confirmed_at", "confirmed_by"])
        _tell(request, BEGUN)


def open_request(person: Person, *, by: Person) -> ErasureRequest | None:
    """The one that waits for its code, for whoever asked for it: the desk's is confirmed by no code of a page."""
    since = timezone.now() - OPEN_FOR
    return ErasureRequest.objects.filter(person=person, asked_by=by, confirmed_at=None, asked_at__gt=since).first()


def is_being_erased(person: Person) -> bool:
    return ErasureRequest.objects.filter(person=person, confirmed_at__isnull=False).exists()


def code_of(request: ErasureRequest) -> str:
    """Six digits, kept nowhere: made of the request and our secret."""
    drawn = salted_hmac("records.erasure_code", f"{request.pk} {request.asked_at.isoformat()}", algorithm="sha256")
    return f"{int(drawn.hexdigest(), 16) % 10**6:06}"


# --- for the worker ----------------------------------------------------------


def erase_confirmed(*, by: Actor) -> int:
    """Erase those who were told, and those whom nothing reached for long enough; returns how many.

    While something that came to light meanwhile is looked into, it waits: somebody may have to reach them.
    """
    told = [request.person for request in _confirmed() if _was_told(request)]
    ready = [person for person in told if not something_is_open(person)]
    return len(one_by_one(lambda person: erase_person(person=person, by=by), ready))


def forget_requests(*, by: Actor) -> int:
    """Delete what was asked for and never confirmed; returns how many. Run every night."""
    with acting(by, "records.forget_requests"):
        old = timezone.now() - A_DAY  # until then its tries count
        return ErasureRequest.objects.filter(confirmed_at=None, asked_at__lte=old).delete()[0]


def code_wanted(message: Message) -> Content | None:
    """What the message with the code needs; nothing once the request is over."""
    request = ErasureRequest.objects.filter(pk=message.subject_id or 0, confirmed_at=None).first()
    if request is None or request.asked_at + OPEN_FOR <= timezone.now():
        return None
    return Content({"code": code_of(request)}, urgent=True, needed_by=request.asked_at + OPEN_FOR)


def told_of_it(message: Message) -> Content | None:
    """At once for who has just typed the code themselves, at night too: they are deleted when it has reached them."""
    request = ErasureRequest.objects.filter(pk=message.subject_id or 0, confirmed_at__isnull=False).first()
    if request is None:
        return None
    own = request.confirmed_by_id == request.person_id
    return Content({}, urgent=own and written_by_itself(message.person, message.kind))


# --- steps -------------------------------------------------------------------


def _refuse(person: Person, signed_in_at: dt.datetime | None, by: Person) -> None:
    if (refused := why_not(person, by)) is not None:
        raise refused
    if not is_just_now(signed_in_at):
        raise NotSignedInJustNow
    if by != person and not is_on_the_line(about=person, by=by):
        raise NotOnTheLine


def _refuse_another(person: Person, seen: str) -> None:
    """After the code, which costs little: this reads every table."""
    if fingerprint(person) != seen:
        raise ChangedMeanwhile


def _tries_today(person: Person, by: Person) -> int:
    """Those that the next request begins with; the desk, which says who is on the line, tries again in an hour."""
    since = timezone.now() - (A_DAY if by == person else OPEN_FOR)
    before = ErasureRequest.objects.filter(person=person, asked_by=by, confirmed_at=None, asked_at__gt=since)
    return before.values_list("tries", flat=True).first() or 0


def _refuse_too_many(person: Person, tries: int) -> None:
    codes = Message.objects.filter(person=person, kind=CODE, created_at__gt=timezone.now() - A_DAY)
    if tries >= MOST_TRIES or codes.count() >= MOST_CODES:
        raise AskedTooOften


def _check(request: ErasureRequest, code: str) -> None:
    """Each try counts, also of two at once. Raises WrongCode."""
    mine = ErasureRequest.objects.filter(pk=request.pk, confirmed_at=None, tries__lt=MOST_TRIES)
    if request.asked_at + OPEN_FOR <= timezone.now() or not mine.update(tries=F("tries") + 1):
        raise WrongCode(0)
    request.refresh_from_db(fields=["tries"])
    said = "".join(letter for letter in code.upper() if letter.isalnum())
    if not any(constant_time_compare(said, right) for right in _right_codes(request)):
        raise WrongCode(MOST_TRIES - request.tries)


def _right_codes(request: ErasureRequest) -> list[str]:
    """Of the person themselves the code that they were sent; at the desk the reference that they say."""
    if request.asked_by_id == request.person_id:
        return [code_of(request)]
    references = Participant.objects.filter(person=request.person_id).values_list("reference", flat=True)
    return [reference.replace("-", "") for reference in references]


def _end_everything(person: Person, by: Person) -> None:
    end_part(person=person, by=by)
    forget_devices(person=person, by=by)
    User.objects.filter(person=person).update(is_active=False)


def _tell(request: ErasureRequest, kind: str) -> None:
    programme = programme_of(request.person)
    assert programme is not None  # noqa: S101  why_not has refused the others
    enqueue(
        programme=programme,
        person=request.person,
        kind=kind,
        subject_id=request.pk,
        dedupe_key=f"{kind}:{request.pk}",
    )


def _confirmed() -> list[ErasureRequest]:
    return list(ErasureRequest.objects.filter(confirmed_at__isnull=False).select_related("person").order_by("pk"))


def _was_told(request: ErasureRequest) -> bool:
    if request.confirmed_at is not None and request.confirmed_at + LONGEST_WAIT <= timezone.now():
        return True
    message = Message.objects.filter(kind=BEGUN, subject_id=request.pk)
    return message.filter(state__in=REACHED).exists()
