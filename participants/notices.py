"""Messages of this app: which there are, and whether each is still wanted when its turn comes.

Here: putting them into the outbox, and the mail to people of whom there is no
record yet. Not here: the words (templates messages/<kind>.txt), the sending.
Called inside the transactions of this app's actions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from accounts.history import System, acting
from accounts.models import Channel, ContactPoint
from messaging.kinds import Content, register_kind
from messaging.models import Message, MessageState
from messaging.outbox import enqueue
from messaging.outgoing import Outgoing
from messaging.senders import SENDERS
from messaging.words import draw, draw_text
from participants.models import (
    Clearance,
    ClearanceState,
    ClinicalLetter,
    EnrolmentPause,
    Participant,
    ParticipantStatus,
    ReferBack,
    Supporter,
    SupporterScope,
    SupporterStatus,
)
from participants.needs import NEEDS_DUE
from participants.needs_review import still_due
from participants.rules.tokens import new_token, token_hash

REGISTERED = "registered"
CLEARANCE_DECIDED = "clearance_decided"
SUPPORTER_INVITED, SUPPORTER_ACCEPTED = "supporter_invited", "supporter_accepted"
HEALTH_DUE = "health_due"
REFERRED_BACK = "talk_before_exercise"
LETTER_SENT = "letter_sent"
PAUSED, RESUMED, PAUSE_REVIEW = "paused", "resumed", "pause_review"
WHILE_TAKING_PART = (
    CLEARANCE_DECIDED,
    REFERRED_BACK,
    HEALTH_DUE,
    PAUSED,
    RESUMED,
    PAUSE_REVIEW,
    SUPPORTER_ACCEPTED,
)  # of no use to whoever has left


def registered(*, participant: Participant) -> Message:
    """Tell somebody who has just joined what happens next, and what the desk noted if it typed for them."""
    return enqueue(
        programme=participant.programme,
        person=participant.person,
        kind=REGISTERED,
        subject_id=participant.pk,
        dedupe_key=f"{REGISTERED}:{participant.pk}",
    )


def clearance_decided(*, participant: Participant, clearance: Clearance) -> Message:
    return enqueue(
        programme=participant.programme,
        person=participant.person,
        kind=CLEARANCE_DECIDED,
        subject_id=clearance.pk,
        dedupe_key=f"{CLEARANCE_DECIDED}:{clearance.pk}",
    )


def health_due(*, clearance: Clearance, due_at: datetime, dedupe_key: str) -> Message:
    """The answers that `clearance` rests on are soon too old."""
    return enqueue(
        programme=clearance.participant.programme,
        person=clearance.participant.person,
        kind=HEALTH_DUE,
        subject_id=clearance.pk,
        due_at=due_at,
        dedupe_key=dedupe_key,
    )


def referred_back(row: ReferBack) -> Message:
    """Somebody of the team talks with them before they book again."""
    return enqueue(
        programme=row.participant.programme,
        person=row.participant.person,
        kind=REFERRED_BACK,
        subject_id=row.participant_id,
        dedupe_key=f"{REFERRED_BACK}:{row.pk}",
    )


def letter_sent(letter: ClinicalLetter) -> Message:
    """A letter to somebody they named has gone, and can be read."""
    return enqueue(
        programme=letter.participant.programme,
        person=letter.participant.person,
        kind=LETTER_SENT,
        subject_id=letter.pk,
        dedupe_key=f"{LETTER_SENT}:{letter.pk}",
    )


def paused(*, pause: EnrolmentPause, participant: Participant) -> Message:
    """Until when the break lasts; told again for another day."""
    return _about_break(PAUSED, pause, participant, key=f"{PAUSED}:{pause.pk}:{pause.review_on}")


def pause_review(*, pause: EnrolmentPause, participant: Participant, due_at: datetime) -> Message:
    """The day has come: are they ready?"""
    key = f"{PAUSE_REVIEW}:{pause.pk}:{pause.review_on}"
    return _about_break(PAUSE_REVIEW, pause, participant, key=key, due_at=due_at)


def resumed(*, participant: Participant) -> Message:
    """Welcome back: what comes before booking."""
    return enqueue(
        programme=participant.programme,
        person=participant.person,
        kind=RESUMED,
        subject_id=participant.pk,
        dedupe_key=f"{RESUMED}:{participant.pk}:{participant.facts_version}",
    )


def _about_break(
    kind: str, pause: EnrolmentPause, participant: Participant, *, key: str, due_at: datetime | None = None
) -> Message:
    return enqueue(
        programme=participant.programme,
        person=participant.person,
        kind=kind,
        subject_id=pause.pk,
        due_at=due_at,
        dedupe_key=key,
    )


def supporter_invited(*, supporter: Supporter) -> Message:
    assert supporter.person is not None  # noqa: S101  support.invite_supporter makes the person first
    return enqueue(
        programme=supporter.participant.programme,
        person=supporter.person,
        kind=SUPPORTER_INVITED,
        subject_id=supporter.pk,
        dedupe_key=f"{SUPPORTER_INVITED}:{supporter.pk}",
    )


def supporter_accepted(*, supporter: Supporter) -> Message:
    """Whoever invited them reads who said yes: a link can be handed on."""
    participant = supporter.participant
    return enqueue(
        programme=participant.programme,
        person=participant.person,
        kind=SUPPORTER_ACCEPTED,
        subject_id=supporter.pk,
        dedupe_key=f"{SUPPORTER_ACCEPTED}:{supporter.pk}",
    )


def register_kinds() -> None:
    """Called once, by AppConfig.ready."""
    register_kind(REGISTERED, _registered)
    register_kind(CLEARANCE_DECIDED, _clearance_decided)
    register_kind(SUPPORTER_INVITED, _supporter_invited)
    register_kind(SUPPORTER_ACCEPTED, _supporter_accepted)
    register_kind(HEALTH_DUE, _health_due)
    register_kind(REFERRED_BACK, _still_referred_back)
    register_kind(LETTER_SENT, lambda message: Content({"at": reverse("me:letter", args=[_subject(message)])}))
    register_kind(PAUSED, _break_goes_on)
    register_kind(PAUSE_REVIEW, _break_goes_on)
    register_kind(RESUMED, _is_back)
    register_kind(NEEDS_DUE, _needs_due)


def mail_return_link(*, email: str, link: str, reference: str) -> None:
    """The link that opens a draft again, to whoever typed this address: there is no person to address yet.

    Sent at once and not through the outbox, whose messages belong to a person. Raises
    OSError (smtplib.SMTPException is one) when it cannot be handed over.
    """
    words = draw("return_link", {"link": link, "reference": reference})
    EmailMessage(words.subject, words.body, to=[email]).send()


def text_return_link(*, number: str, link: str, reference: str) -> None:
    """The same link to a telephone. Raises what its carrier meets: OSError, RuntimeError or ValidationError."""
    words = draw_text("return_link", {"link": link, "reference": reference})
    SENDERS[Channel.TEXT](Outgoing(number, f"return_link:{link}", words))


def texts_are_sent() -> bool:
    return Channel.TEXT in SENDERS


def _registered(message: Message) -> Content | None:
    participant = Participant.objects.filter(pk=_subject(message)).select_related("person").first()
    if participant is None:
        return None
    clearance = Clearance.objects.filter(participant=participant).in_force().first()
    waiting = clearance is not None and clearance.state == ClearanceState.NEEDS_REVIEW
    facts: dict[str, object] = {
        "reference": participant.reference,
        "review_by": clearance.review_due_at if clearance and waiting else None,
        "signs_in": participant.person.contact_points.filter(channel__in=_opening()).exists(),
        "noted": _noted(participant, read_out=message.state != MessageState.QUEUED),
    }
    return Content(facts)


def _opening() -> list[Channel]:
    """What somebody may sign in with, by what they gave: whether a stranger has it already is told to nobody."""
    return [Channel.EMAIL, Channel.TEXT] if texts_are_sent() else [Channel.EMAIL]


@dataclass(frozen=True)
class Noted:
    """What the desk wrote down for somebody, for them to put right; nothing of why they come."""

    name: str
    called: str
    ways: list[tuple[str, str]]  # words of the channel, and where
    things_that_help: int


def _noted(participant: Participant, *, read_out: bool) -> Noted | None:
    """None for who registered by themselves: they have read their answers over.

    Whole when the desk reads it out, which asks first to whom it speaks. A mailbox that was misheard is somebody
    else's, so that an email shows only how the other ways end.
    """
    if participant.entered_by_id is None:
        return None
    person = participant.person
    points = person.contact_points.current()
    ways = [(point.get_channel_display(), point.value if read_out else _end_of(point)) for point in points]
    return Noted(person.full_name, person.first_name, ways, person.access_needs.current().count())


def _end_of(point: ContactPoint) -> str:
    if point.channel == Channel.EMAIL:
        return point.value
    shown = " ".join(point.value.split()[-2:]) if point.channel == Channel.POST else point.value[-3:]
    return f"ends in {shown}"


def _clearance_decided(message: Message) -> Content | None:
    """Only the latest decision is worth telling, and only to somebody who takes part."""
    taking_part = Clearance.objects.filter(participant__status=ParticipantStatus.ACTIVE)
    clearance = taking_part.filter(pk=_subject(message)).select_related("participant").first()
    if clearance is None or Clearance.objects.filter(participant=clearance.participant).in_force().get() != clearance:
        return None
    return Content({"may_book": clearance.state != ClearanceState.NOT_SUITABLE})


def _health_due(message: Message) -> Content | None:
    """Wanted while that decision is in force, of somebody who takes part."""
    clearance = Clearance.objects.filter(pk=_subject(message)).select_related("participant").first()
    if clearance is None or clearance.participant.status != ParticipantStatus.ACTIVE:
        return None
    if Clearance.objects.filter(participant=clearance.participant).in_force().get() != clearance:
        return None
    return Content({"until": clearance.valid_until})


def _still_referred_back(message: Message) -> Content | None:
    """Wanted until it is decided."""
    rows = ReferBack.objects.open().filter(participant=_subject(message))
    clearance = Clearance.objects.filter(participant=_subject(message)).in_force().first()
    return Content({"until": clearance.review_due_at if clearance else None}) if rows.exists() else None


def _break_goes_on(message: Message) -> Content | None:
    """Wanted while they are having that break, and with the day that stands now."""
    pause = EnrolmentPause.objects.filter(pk=_subject(message), ends_on=None)
    row = pause.filter(enrolment__participant__status=ParticipantStatus.PAUSED).first()
    return Content({"until": row.review_on}) if row else None


def _is_back(message: Message) -> Content | None:
    """Wanted until they have answered, which is what it asks for."""
    participant = Participant.objects.filter(pk=_subject(message), status=ParticipantStatus.ACTIVE).first()
    if participant is None:
        return None
    clearance = Clearance.objects.filter(participant=participant).in_force().first()
    return Content({}) if clearance is None or clearance.state == ClearanceState.PAUSED else None


def _needs_due(message: Message) -> Content | None:
    """Wanted until they have said that it is right, or changed it."""
    return Content({}) if still_due(message.person) else None


def _supporter_invited(message: Message) -> Content | None:
    """A fresh link at the moment of sending: the token itself is kept nowhere.

    Read at the desk, after the message could not be sent, it has no link: looking must not take away the power of
    one that is under way, nor show one to somebody who was not invited.
    """
    rows = Supporter.objects.not_over().filter(pk=_subject(message), status=SupporterStatus.INVITED)
    supporter = rows.select_related("participant__person").first()
    if supporter is None:
        return None
    link = _new_invitation_link(supporter) if message.state == MessageState.QUEUED else ""
    inviter = supporter.participant.person.first_name
    return Content({"inviter": inviter, "link": link, "answer_by": supporter.answer_by})


def _supporter_accepted(message: Message) -> Content | None:
    """Wanted while they help: what they may do is said as it is now."""
    supporter = Supporter.objects.live().filter(pk=_subject(message)).select_related("person").first()
    if supporter is None:
        return None
    assert supporter.person is not None  # noqa: S101  an active supporter is a known person
    facts = {
        "helper": supporter.person.full_name,
        "invited": supporter.invited_name,
        "scopes": [SupporterScope(scope).label for scope in supporter.scopes],
        "at": reverse("me:supporters"),
    }
    return Content(facts)


def _new_invitation_link(supporter: Supporter) -> str:
    token = new_token()
    with acting(System.WORKER, "participants.new_invitation_link"):
        Supporter.objects.filter(pk=supporter.pk).update(invite_hash=token_hash(token))
    return str(settings.PUBLIC_URL + reverse("public:help_invitation", args=[token]))


def _subject(message: Message) -> int:
    assert message.subject_id is not None  # noqa: S101  every message above has one
    return message.subject_id
