"""A professional asks us to get in touch with somebody who agreed to it.

Here: keeping the referral as a registration that was begun, the link to the person, word to the referrer. Not here:
what the person then answers (intake.py), what they let us tell and keep (referrers.py). Nobody is enrolled by a
referral, and whoever makes one never learns whether the person is known here. Called by the public page and the worker.
"""

from __future__ import annotations

import logging
import smtplib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from accounts.history import System, acting
from accounts.models import Channel, Programme
from messaging.one_by_one import in_turn, one_by_one
from messaging.outgoing import Outgoing
from messaging.quiet_hours import quiet_until
from messaging.senders import SENDERS, send_email
from messaging.words import draw, draw_text
from participants.models import Referrer, RegistrationStatus, Source
from participants.registering.intake import NotEligible, new_reference, new_return_token, rules_of, start_registration
from participants.registering.referrers import TELL_REFERRER, ask_desk_for_contact, ask_desk_to_tell, forget, open_tasks
from participants.rules.admission import Applicant, reasons_against
from participants.rules.application import CONTACT_FIELDS

REFERRED_LINK, REFERRAL_JOINED = "referred", "referral_joined"  # templates of what is sent
WITH_A_SENDER = (Channel.EMAIL, Channel.TEXT)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Referral:
    """What a professional says: of themselves, of the person, and of what the person agreed to."""

    id: uuid.UUID
    name: str
    role: str
    organisation: str
    email: str
    phone: str
    given_name: str
    family_name: str
    born: date
    contacts: Mapping[str, str]  # channel → value
    preferred: str
    cancer: str
    agreed_on: date
    safety_note: str = ""


def refer(*, programme: Programme, said: Referral, write_to_them: bool = True) -> Referrer:
    """Keep a referral and ask the desk to get in touch; sent again, the first one stands.

    `write_to_them`: whether a link may go to the person as well, where they have email or text. Raises NotEligible.
    """
    applicant = Applicant(date_of_birth=said.born, cancer=said.cancer)
    if against := reasons_against(applicant, rules_of(programme), timezone.localdate()):
        raise NotEligible(against)
    try:
        with acting(System.PUBLIC, "participants.refer"):
            return _keep(programme, said, write_to_them)
    except IntegrityError:  # of two at once too, the first one stands
        return Referrer.objects.get(pk=said.id)


def _keep(programme: Programme, said: Referral, write_to_them: bool) -> Referrer:
    draft = start_registration(programme=programme, source=Source.REFERRAL)
    draft.answers = _begun(said)
    draft.save(update_fields=["answers", "changed_at"])
    referrer = Referrer.objects.create(
        pk=said.id,
        registration=draft,
        reference=new_reference("RF"),
        name=said.name,
        role=said.role,
        organisation=said.organisation,
        email=said.email,
        phone=said.phone,
        agreed_on=said.agreed_on,
        cancer=said.cancer,
        safety_note=said.safety_note.strip(),
        link_due=write_to_them and any(channel in said.contacts for channel in WITH_A_SENDER),
    )
    ask_desk_for_contact(referrer, by=System.PUBLIC)
    return referrer


def _begun(said: Referral) -> dict[str, object]:
    """What the first pages of registering would have kept: none of them counts as answered, so each is looked at."""
    contacts = {CONTACT_FIELDS[channel]: value for channel, value in said.contacts.items()}
    names = {"given_name": said.given_name, "family_name": said.family_name}
    return {**names, "born": said.born.isoformat(), **contacts, "preferred": said.preferred}


def write_for_referrals() -> None:
    """Every few minutes: links to those who were referred, word to whoever may be told, forgetting who is not kept."""
    links = [_send_links] if quiet_until(timezone.now()) is None else []
    in_turn(*links, _tell_referrers, _forget_who_is_not_kept)


def _send_links() -> None:
    """Each in a transaction of its own, that waits for nobody: what is being answered at this moment is left alone."""
    due = Referrer.objects.filter(link_due=True).exclude(registration__status=RegistrationStatus.SUBMITTED)
    free = due.select_related("registration").select_for_update(skip_locked=True, of=("self", "registration"))

    def send(pk: uuid.UUID) -> None:
        with acting(System.WORKER, "participants.send_referred_link"):
            for row in free.filter(pk=pk):
                _send_link(row)

    one_by_one(send, list(due.values_list("pk", flat=True)))


def _tell_referrers() -> None:
    due = Referrer.objects.filter(may_be_told=True, passed_on_at=None)

    def tell(pk: uuid.UUID) -> None:
        with acting(System.WORKER, "participants.tell_referrer"):
            for row in due.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk):
                _tell(row)

    one_by_one(tell, list(due.values_list("pk", flat=True)))


def _forget_who_is_not_kept() -> None:
    with acting(System.WORKER, "participants.forget_referrers"):
        for row in Referrer.objects.filter(may_be_kept=False, forgotten_at=None).exclude(passed_on_at=None):
            if not open_tasks(row, TELL_REFERRER).exists():
                forget(row)


def _send_link(row: Referrer) -> None:
    """A fresh link at each try; after a few in vain none is tried any more, and the call by the desk must do."""
    contacts = row.registration.answers
    given = {
        channel: contacts[CONTACT_FIELDS[channel]] for channel in WITH_A_SENDER if contacts.get(CONTACT_FIELDS[channel])
    }
    ways = sorted(given.keys() & SENDERS.keys(), key=lambda channel: (channel != contacts.get("preferred"), channel))
    token = new_return_token(registration=row.registration) if ways else None
    if token is None:
        row.link_due = False
        return row.save(update_fields=["link_due"])
    link = settings.PUBLIC_URL + reverse("public:join_return", args=[token])
    facts = {"link": link, "site": settings.PUBLIC_URL}
    words = (draw_text if ways[0] == Channel.TEXT else draw)(REFERRED_LINK, facts)
    try:
        SENDERS[ways[0]](Outgoing(given[ways[0]], f"{REFERRED_LINK}:{row.pk}:{link}", words))
    except Exception as error:  # noqa: BLE001  whatever it was: it is tried again, and the others are not held up
        log.warning("a link to somebody who was referred could not be sent: %s", type(error).__name__)
    else:
        row.link_due, row.link_sent_at = False, timezone.now()
        row.save(update_fields=["link_due", "link_sent_at"])


def _tell(row: Referrer) -> None:
    words = draw(REFERRAL_JOINED, {"reference": row.reference})
    try:
        send_email(Outgoing(row.email, f"{REFERRAL_JOINED}:{row.pk}", words))
    except (ValidationError, smtplib.SMTPRecipientsRefused):
        ask_desk_to_tell(row, by=System.WORKER)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("word to a referrer could not be sent yet: %s", type(error).__name__)
    else:
        row.passed_on_at = timezone.now()
        row.save(update_fields=["passed_on_at"])
