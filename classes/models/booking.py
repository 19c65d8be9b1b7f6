"""Places: bookings, waiting, offers, and the keys that make a repeated request harmless."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Q
from django.utils import timezone

from accounts.models import Person
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import Transitions, legal_changes, tracked
from classes.models.timetable import Session
from participants.models import Participant, SupporterScope
from participants.standing import Standing


class BookingState(models.TextChoices):
    BOOKED = "booked", "booked"
    WAITING = "waiting", "waiting for a place"
    OFFERED = "offered", "place offered"
    CANCELLED = "cancelled", "cancelled"
    DECLINED = "declined", "offer declined"
    EXPIRED = "expired", "offer ran out"
    CLOSED = "closed", "closed"


HELD_STATES = (BookingState.BOOKED, BookingState.OFFERED)  # these take a place
LIVE_STATES = (BookingState.BOOKED, BookingState.OFFERED, BookingState.WAITING)

TURNS = (F("priority").desc(), "joined_at", "id")  # the order in which places are given

TOO_LATE_TO_OFFER = "too_late_to_offer"  # a skipped_reason: the place is everybody's, theirs too; they are told
DECLINED_BY_PHONE = "declined_by_phone"  # an end_reason: the person said no when we called them about a place
NOT_WELL_TODAY = "not_well_today"  # an end_reason that nobody chooses: the same-day check ended the place

BOOKING_TRANSITIONS: Transitions = {
    BookingState.BOOKED: frozenset({BookingState.CANCELLED, BookingState.CLOSED}),
    BookingState.WAITING: frozenset(
        {BookingState.BOOKED, BookingState.OFFERED, BookingState.CANCELLED, BookingState.CLOSED}
    ),
    BookingState.OFFERED: frozenset(
        {
            BookingState.BOOKED,
            BookingState.DECLINED,
            BookingState.EXPIRED,
            BookingState.WAITING,  # the offer is taken back, or nobody was reached: the turn is kept
            BookingState.CANCELLED,
            BookingState.CLOSED,
        }
    ),
}


OFFERED_OR_NOT = "OLD.state <> NEW.state AND 'offered' IN (OLD.state, NEW.state)"


def _open_while_offered(booking_id: str, operation: pgtrigger.Operation, condition: str) -> pgtrigger.Trigger:
    """Judged at the end of the transaction, which writes both rows one after the other."""
    return pgtrigger.Trigger(
        name=f"open_while_offered_{str(operation).split()[0].lower()}",
        when=pgtrigger.After,
        operation=operation,
        timing=pgtrigger.Deferred,
        condition=pgtrigger.Condition(condition),
        func=f"""
            IF EXISTS (
                SELECT FROM classes_booking b WHERE b.id = NEW.{booking_id}
                   AND (b.state = 'offered') <> EXISTS (
                       SELECT FROM classes_offer o WHERE o.booking_id = b.id AND o.state = 'open')
            ) THEN
                RAISE EXCEPTION USING ERRCODE = 'check_violation',
                    MESSAGE = 'an_offer_is_open_exactly_while_its_booking_is_offered';
            END IF;
            RETURN NULL;
        """,  # noqa: S608  `booking_id` is a name of a column, given below
    )


class BookingSource(models.TextChoices):
    SELF = "self", "by the person"
    DESK = "desk", "at the desk"
    SUPPORTER = "supporter", "by a supporter"
    OFFER = "offer", "from the waiting list"


class BookingQuerySet(models.QuerySet["Booking"]):
    def live(self) -> BookingQuerySet:
        return self.filter(state__in=LIVE_STATES)

    def waiting(self) -> BookingQuerySet:
        """In the order in which places are given."""
        return self.filter(state=BookingState.WAITING).order_by(*TURNS)

    def upcoming(self) -> BookingQuerySet:
        return self.filter(session__ends_at__gt=timezone.now()).order_by("session__starts_at", "id")

    def past(self) -> BookingQuerySet:
        return self.filter(session__ends_at__lte=timezone.now()).order_by("-session__starts_at", "-id")

    def visible_to(self, user: object) -> BookingQuerySet:
        """One's own, those of people whom one may book for, and the desk's."""
        return self.filter(participant__in=Participant.objects.bookable_by(user))

    def of(self, user: object) -> BookingQuerySet:
        """One's own."""
        return self.filter(participant__in=Participant.objects.of(user))

    def typed_for_by(self, user: object) -> BookingQuerySet:
        """Those of people whose answers one may type as their scribe."""
        return self.filter(participant__in=Participant.objects.supported_by(user, SupporterScope.SCRIBE))

    def at_desk_of(self, user: object) -> BookingQuerySet:
        return self.filter(participant__in=Participant.objects.at_desk_of(user))

    def answerable_by(self, user: object) -> BookingQuerySet:
        """Those for whose person one may answer the same-day check: oneself, as a scribe, or at the desk."""
        return self.of(user) | self.typed_for_by(user) | self.at_desk_of(user)


@tracked()
class Booking(models.Model):
    """One person's place, or wish for a place, in one session. Every booking is a new row."""

    session = models.ForeignKey(  # its index: bookings_by_class_and_person
        Session, on_delete=models.PROTECT, related_name="bookings", db_index=False
    )
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="bookings")
    state = models.CharField(max_length=10, choices=BookingState.choices)
    during = DateTimeRangeField()
    party = models.PositiveSmallIntegerField(default=1, help_text="2 with a companion")
    source = models.CharField(max_length=10, choices=BookingSource.choices)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    joined_at = models.DateTimeField(default=timezone.now)
    book_automatically = models.BooleanField(default=False)
    priority = models.SmallIntegerField(default=0)
    priority_reason = models.CharField(max_length=200, blank=True)
    skipped_reason = models.CharField(
        max_length=50, blank=True, help_text="why the last free place passed this person by; they keep their turn"
    )
    request_key = models.CharField(max_length=64, blank=True)
    facts_version = models.PositiveIntegerField(default=0, help_text="the participant's facts that were judged")
    in_doubt_since = models.DateTimeField(
        null=True, blank=True, help_text="since when the place has been known not to stand; whether it does is judged"
    )
    said_coming_at = models.DateTimeField(
        null=True, blank=True, help_text="when the person answered a reminder by saying that they are coming"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.CharField(max_length=50, blank=True)

    objects = BookingQuerySet.as_manager()

    held = (
        Held(
            "state during party source joined_at book_automatically said_coming_at ended_at end_reason",
            "to keep the person's place",
            Basis.SERVICE,
            Retention.RECORD,
        ),
        Held(
            "priority priority_reason skipped_reason in_doubt_since",
            "to give a place first to somebody who needs it first, and to nobody for whom it is not safe",
            Basis.HEALTH,
            Retention.RECORD,
        ),
    )
    plain = "request_key facts_version"
    transitions: ClassVar = {"state": BOOKING_TRANSITIONS}
    made_now = False  # book_place sets it on the booking that it has just written,
    judged: Standing | None = None  # and this: the facts that let its person in

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=BookingState.values), name="booking_state_is_known"),
            models.CheckConstraint(condition=Q(party__range=(1, 2)), name="booking_is_for_one_or_two"),
            models.UniqueConstraint(
                fields=["session", "participant"],
                condition=Q(state__in=[s.value for s in LIVE_STATES]),
                name="one_live_booking_per_person_and_session",
            ),
            ExclusionConstraint(
                name="a_person_is_in_one_class_at_a_time",
                expressions=[("participant", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(state__in=[s.value for s in HELD_STATES]),
                deferrable=Deferrable.IMMEDIATE,
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in LIVE_STATES], ended_at=None)
                | (~Q(state__in=[s.value for s in LIVE_STATES]) & Q(ended_at__isnull=False)),
                name="an_ended_booking_says_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["session", "participant"], name="bookings_by_class_and_person"),
            models.Index(
                F("session"),
                F("priority").desc(),
                F("joined_at"),
                F("id"),
                condition=Q(state="waiting"),
                name="waiting_in_order",
            ),
        ]
        triggers: ClassVar = [
            legal_changes("state", BOOKING_TRANSITIONS),
            _open_while_offered("id", pgtrigger.Insert, "NEW.state = 'offered'"),
            _open_while_offered(
                "id", pgtrigger.Update, "OLD.state <> NEW.state AND 'offered' IN (OLD.state, NEW.state)"
            ),
        ]

    def __str__(self) -> str:
        return f"booking {self.pk}: {self.state}"


class OfferKind(models.TextChoices):
    WAITING_LIST = "waiting_list", "from the waiting list"
    HOLD = "hold", "held while answers are finished"


class OfferState(models.TextChoices):
    OPEN = "open", "open"
    ACCEPTED = "accepted", "accepted"
    DECLINED = "declined", "declined"
    EXPIRED = "expired", "ran out"
    WITHDRAWN = "withdrawn", "withdrawn"


OFFER_TRANSITIONS: Transitions = {
    OfferState.OPEN: frozenset({OfferState.ACCEPTED, OfferState.DECLINED, OfferState.EXPIRED, OfferState.WITHDRAWN})
}


@tracked()
class Offer(models.Model):
    """A place kept for one person until a moment. Single use.

    One by telephone stands at first as long as a call leaves the whole time to answer; its
    clock starts when the person hears of it, or with the first call that counts.
    """

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="offers")
    kind = models.CharField(max_length=15, choices=OfferKind.choices)
    state = models.CharField(max_length=10, choices=OfferState.choices, default=OfferState.OPEN)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    by_phone = models.BooleanField(default=False)
    tried_at = models.DateTimeField(null=True, blank=True, help_text="of the first call that counts")
    heard_at = models.DateTimeField(null=True, blank=True, help_text="when the person was told on the telephone")
    ended_at = models.DateTimeField(null=True, blank=True)

    held = (
        Held(
            "kind state made_at expires_at by_phone tried_at heard_at ended_at",
            "to keep a place while the person answers",
            Basis.SERVICE,
            Retention.RECORD,
        ),
    )
    plain = ""
    transitions: ClassVar = {"state": OFFER_TRANSITIONS}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["booking"], condition=Q(state="open"), name="one_open_offer_per_booking"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="offer_runs_out_after_it_is_made"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None) | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="an_ended_offer_says_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["expires_at"], condition=Q(state="open"), name="open_offers_by_end"),
        ]
        triggers: ClassVar = [
            legal_changes("state", OFFER_TRANSITIONS),
            _open_while_offered("booking_id", pgtrigger.Insert, "NEW.state = 'open'"),
            _open_while_offered("booking_id", pgtrigger.Update, "OLD.state <> NEW.state"),
        ]

    def __str__(self) -> str:
        return f"offer of booking {self.booking_id}"


class IdempotencyKey(models.Model):
    """The first outcome of a request, replayed when the same person sends it again. Kept 7 days."""

    by = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)  # its constraint has one
    key = models.CharField(max_length=64)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    outcome = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    held = (Held("outcome at", "to answer a repeated request alike", Basis.SERVICE, Retention.MESSAGE),)
    plain = "key body_hash status"

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["by", "key"], name="one_outcome_per_person_and_key")]

    def __str__(self) -> str:
        return f"outcome of a request of person {self.by_id}"
