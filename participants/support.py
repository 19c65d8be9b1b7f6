"""Supporters: who may do what for a participant, from when until when.

Here: inviting, accepting, verifying at the desk, changing scopes, ending. Not
here: what a scope opens (querysets of Participant, access.py) or the banner
(frontend/acting.py). What has ended is gone on the very next request.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.history import Actor, System, acting
from accounts.models import Channel, ContactPoint, Membership, Person, User
from accounts.permissions import Role
from messaging.calls import is_on_the_line
from messaging.one_by_one import one_by_one
from messaging.outbox import cancel
from participants.correcting import NotOnTheLine
from participants.models import Participant, ParticipantStatus, Supporter, SupporterScope, SupporterStatus
from participants.models.supporter import SupporterQuerySet
from participants.notices import SUPPORTER_ACCEPTED, SUPPORTER_INVITED, supporter_accepted, supporter_invited
from participants.refusals import NotPossibleNow
from participants.rules.tokens import token_hash

HELPED = (ParticipantStatus.ACTIVE, ParticipantStatus.PAUSED)


class AddressOfAnother(Exception):
    """Somebody of another name signs in with this address, so it is not this supporter's."""


class AlreadyHelps(Exception):
    """This person helps, or is invited to help, the participant already: `supporter`."""

    def __init__(self, supporter: Supporter) -> None:
        super().__init__(f"supporter {supporter.pk}")
        self.supporter = supporter


class BadLastDay(Exception):
    """The last day on which somebody is to help has passed."""


class NoLongerInvited(Exception):
    """The invitation was taken back, used, or never was."""


def invite_supporter(
    *,
    participant: Participant,
    given_name: str,
    family_name: str,
    email: str,
    relationship: str,
    scopes: Collection[SupporterScope],
    until: date | None = None,
    by: Person,
) -> Supporter:
    """Invite somebody by email, to help until the end of a day or until somebody ends it.

    They may do nothing until they accept, which they can for INVITED_FOR. Raises AlreadyHelps, BadLastDay,
    NotPossibleNow.
    """
    email = email.strip().lower()
    with acting(by, "participants.invite_supporter", on_behalf_of=participant.person):
        _lock(participant, by)
        known = _live(participant).filter(invited_email=email).first()
        if known is not None:
            raise AlreadyHelps(known)
        supporter = Supporter.objects.create(
            participant=participant,
            person=_person(given_name, family_name, email),
            relationship=relationship,
            scopes=_in_order(scopes),
            invited_name=f"{given_name} {family_name}",
            invited_email=email,
            ends_at=_end_of(until),
        )
        supporter_invited(supporter=supporter)
        return supporter


def invitation_behind(token: str) -> Supporter | None:
    """The open invitation that a link leads to."""
    rows = Supporter.objects.not_over().filter(status=SupporterStatus.INVITED, invite_hash=token_hash(token))
    return rows.select_related("participant__person", "participant__programme", "person").first()


def open_login_for(supporter: Supporter) -> User:
    """A login for the invited address, unless there is one; whoever holds the link reads that mailbox."""
    with acting(supporter.person or System.PUBLIC, "participants.open_login_for_supporter"):
        Supporter.objects.select_for_update().get(pk=supporter.pk)  # a second press of the button waits for the first
        there = User.objects.filter(email__iexact=supporter.invited_email).first()
        if there is not None:
            return there
        assert supporter.person is not None  # noqa: S101  made with the invitation
        return User.objects.create_user(person=supporter.person, email=supporter.invited_email)


def accept_invitation(*, supporter: Supporter, by: Person) -> Supporter:
    """`by`, signed in and holding the link, helps from now on. Raises NoLongerInvited, AlreadyHelps, NotPossibleNow."""
    with acting(by, "participants.accept_invitation", on_behalf_of=supporter.participant.person):
        _lock(supporter.participant, by)
        supporter = Supporter.objects.select_for_update().get(pk=supporter.pk)
        if supporter.status != SupporterStatus.INVITED:
            raise NoLongerInvited
        _refuse_second(supporter, by)
        supporter.person = by
        started = _start(supporter)
        supporter_accepted(supporter=started)
        return started


def verify_supporter(
    *,
    participant: Participant,
    person: Person,
    relationship: str,
    scopes: Collection[SupporterScope],
    until: date | None = None,
    by: Person,
) -> Supporter:
    """The desk has spoken to both and says so: `person` helps from now on, no link needed.

    Raises AlreadyHelps, BadLastDay, NotPossibleNow.
    """
    with acting(by, "participants.verify_supporter", on_behalf_of=participant.person):
        _lock(participant, by)
        supporter = _live(participant).filter(person=person).first() or Supporter(
            participant=participant, person=person, relationship=relationship, invited_name=person.full_name
        )
        if supporter.status == SupporterStatus.ACTIVE:
            raise AlreadyHelps(supporter)
        supporter.scopes, supporter.relationship, supporter.verified_by = _in_order(scopes), relationship, by
        supporter.ends_at = _end_of(until)
        return _start(supporter)


def add_verified_supporter(
    *,
    participant: Participant,
    given_name: str,
    family_name: str,
    relationship: str,
    scopes: Collection[SupporterScope],
    phone: str = "",
    email: str = "",
    until: date | None = None,
    by: Person,
) -> Supporter:
    """The desk records a supporter, and has spoken to both.

    Whoever signs in with `email` already, under the same name, is that person. Otherwise there is a new
    one, with a login when an address is given. The person themselves is on the line: it lets somebody in.
    Raises NotOnTheLine, AddressOfAnother, AlreadyHelps, BadLastDay, NotPossibleNow.
    """
    with acting(by, "participants.verify_supporter", on_behalf_of=participant.person):
        _require_on_the_line(participant, by)
        _lock(participant, by)
        known = User.objects.filter(email__iexact=email).select_related("person").first() if email else None
        if known and _name(known.person.given_name, known.person.family_name) != _name(given_name, family_name):
            raise AddressOfAnother
        person = known.person if known else _new_helper(given_name, family_name, phone=phone, email=email)
        return verify_supporter(
            participant=participant, person=person, relationship=relationship, scopes=scopes, until=until, by=by
        )


def sees_messages(*, person: Person, participant: Participant) -> bool:
    """Whether `person` helps the participant at this moment and may see the messages that we send them."""
    live = Supporter.objects.live().filter(participant=participant, person=person)
    return bool(live.filter(scopes__contains=[SupporterScope.SEE_MESSAGES]).exists())


def hear_of_offers(participant: Participant) -> list[Person]:
    """Who is told when a place is offered to the participant: as they chose, and only who may answer for them."""
    scopes = [SupporterScope.BOOK, SupporterScope.HEAR_OFFERS]
    live = Supporter.objects.live().filter(participant=participant, scopes__contains=scopes)
    return [row.person for row in live.select_related("person").order_by("pk") if row.person is not None]


def change_scopes(
    *, supporter: Supporter, scopes: Collection[SupporterScope], until: date | None = None, by: Person
) -> Supporter:
    """What they may do, and until the end of which day, from now on.

    At the desk more, or for longer, is for the person themselves on the line to say; less is not.
    Raises BadLastDay, NoLongerInvited, NotOnTheLine.
    """
    with acting(by, "participants.change_scopes", on_behalf_of=supporter.participant.person):
        current = Supporter.objects.not_over().select_for_update(of=("self",)).filter(pk=supporter.pk).first()
        if current is None:  # ended meanwhile: a change does not bring it back
            raise NoLongerInvited
        supporter, ends_at = current, _end_of(until)
        if set(scopes) - set(current.scopes) or _is_longer(ends_at, current.ends_at):
            _require_on_the_line(current.participant, by)
        supporter.scopes, supporter.ends_at = _in_order(scopes), ends_at
        supporter.save(update_fields=["scopes", "ends_at"])
        return supporter


def end_what_ran_out(*, by: Actor = System.WORKER) -> int:
    """Write down as ended whatever was over by its last day, and invitations that nobody took up; returns how much.

    What it opened was shut before.
    """

    def end(pk: int) -> bool:
        with acting(by, "participants.end_what_ran_out"):
            # Looked at again under its lock: perhaps it goes on after all.
            supporter = Supporter.objects.run_out().select_for_update(of=("self",)).filter(pk=pk).first()
            if supporter is not None:
                end_support(supporter=supporter, by=by)
            return supporter is not None

    return sum(one_by_one(end, list(Supporter.objects.run_out().order_by("pk").values_list("pk", flat=True))))


def end_support(*, supporter: Supporter, by: Actor) -> Supporter:
    """From this moment they may do nothing, and nothing waits to be sent to them. Twice is harmless."""
    with acting(by, "participants.end_support", on_behalf_of=supporter.participant.person):
        supporter = Supporter.objects.select_for_update().select_related("participant").get(pk=supporter.pk)
        if supporter.status == SupporterStatus.ENDED:
            return supporter
        now = timezone.now()
        supporter.status, supporter.invite_hash = SupporterStatus.ENDED, ""
        supporter.ends_at = min(supporter.ends_at or now, now)
        supporter.save(update_fields=["status", "ends_at", "invite_hash"])
        cancel(kinds=[SUPPORTER_INVITED, SUPPORTER_ACCEPTED], subject_id=supporter.pk)
        return supporter


def end_all_support(*, participant: Participant, by: Person) -> int:
    """Nobody helps this participant any more, or is invited to; returns how many did. For leaving and death."""
    rows = list(_live(participant).order_by("pk"))
    for supporter in rows:
        end_support(supporter=supporter, by=by)
    return len(rows)


def _start(supporter: Supporter) -> Supporter:
    supporter.status, supporter.starts_at, supporter.invite_hash = SupporterStatus.ACTIVE, timezone.now(), ""
    supporter.save()
    cancel(kinds=[SUPPORTER_INVITED], subject_id=supporter.pk)
    user = User.objects.filter(person=supporter.person).first()
    if user is not None:
        Membership.objects.get_or_create(
            user=user, role=Role.SUPPORTER.value, programme=supporter.participant.programme, ends_at=None
        )
    return supporter


def _refuse_second(supporter: Supporter, by: Person) -> None:
    others = _live(supporter.participant).filter(person=by).exclude(pk=supporter.pk)
    if (there := others.first()) is not None:
        raise AlreadyHelps(there)


def _name(given: str, family: str) -> str:
    return " ".join(f"{given} {family}".casefold().split())


def _live(participant: Participant) -> SupporterQuerySet:
    return Supporter.objects.filter(participant=participant).not_over()


def _lock(participant: Participant, by: Person) -> None:
    """One change to a participant's supporters at a time; what has run out stands in nobody's way.

    Nobody is asked to help somebody who has left, has died or is not to be contacted: raises NotPossibleNow.
    """
    current = Participant.objects.select_for_update(of=("self",)).select_related("person").get(pk=participant.pk)
    if current.status not in HELPED or current.person.contact_stopped_at is not None:
        raise NotPossibleNow(current.status)
    for supporter in Supporter.objects.filter(participant=participant).run_out():
        end_support(supporter=supporter, by=by)


def _is_longer(ends_at: datetime | None, before: datetime | None) -> bool:
    return before is not None and (ends_at is None or ends_at > before)


def _require_on_the_line(participant: Participant, by: Person) -> None:
    """At the desk; on their own page it is themselves."""
    if by != participant.person and not is_on_the_line(about=participant.person, by=by):
        raise NotOnTheLine


def _end_of(day: date | None) -> datetime | None:
    """The midnight after `day` in the United Kingdom. Raises BadLastDay."""
    if day is None:
        return None
    if day < timezone.localdate():
        raise BadLastDay
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _new_helper(given_name: str, family_name: str, *, phone: str, email: str) -> Person:
    person = Person.objects.create(given_name=given_name, family_name=family_name)
    for channel, value in ((Channel.EMAIL, email), (Channel.PHONE, phone)):
        if value:
            preferred = channel == Channel.EMAIL or not email
            ContactPoint.objects.create(person=person, channel=channel, value=value, preferred=preferred)
    if email:
        User.objects.create_user(person=person, email=email)
    return person


def _person(given_name: str, family_name: str, email: str) -> Person:
    person = Person.objects.create(given_name=given_name, family_name=family_name)
    ContactPoint.objects.create(person=person, channel=Channel.EMAIL, value=email, preferred=True)
    return person


def _in_order(scopes: Collection[SupporterScope]) -> list[str]:
    return [scope.value for scope in SupporterScope if scope in scopes]
