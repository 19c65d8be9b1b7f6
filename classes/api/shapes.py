"""What the API of places is asked and answers with: shapes, keys of rows, and the key of a request.

Not here: what a request does (bookings.py, blocks.py, moving.py). A booking is
written out by hand, since each place that is taken waits for it; its declared
fields are what the papers of the API say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from accounts.models import User
from classes.access import ForOneself, for_oneself, visible_session
from classes.judging.advising import advice_for
from classes.judging.fit import Advice
from classes.judging.judgement import Doubt, doubts_about
from classes.listing import positions
from classes.models import Booking, BookingSource, Offer, Session
from classes.places.idempotency import LONGEST_KEY
from classes.waiting_list.offers import open_offers
from participants import access
from participants.models import Participant
from participants.support import sees_messages
from safefit.api import (
    StrictBooleanField,
    StrictCharField,
    StrictKeyField,
    StrictModelSerializer,
    StrictSerializer,
    StrictViewSet,
    instant,
)

KEY_HEADER = "Idempotency-Key"
LONGEST_WHY = 200
COPY_HELP = "a supporter who may see the person's messages is told as well"
ADVICE = {"type": "array", "items": {"type": "string", "enum": [word.value for word in Advice]}}
KEY_PARAMETER = OpenApiParameter(
    KEY_HEADER,
    str,
    OpenApiParameter.HEADER,
    description=f"your own, 1 to {LONGEST_KEY} printable ASCII characters; its outcome is kept 7 days",
)


class OfferSerializer(StrictModelSerializer):
    class Meta:
        model = Offer
        fields: ClassVar = ["made_at", "expires_at", "by_phone"]
        read_only_fields: ClassVar = fields


class BookingSerializer(StrictModelSerializer):
    class_name = serializers.CharField(source="session.class_type.name", read_only=True)
    starts_at = serializers.DateTimeField(source="session.starts_at", read_only=True)
    ends_at = serializers.DateTimeField(source="session.ends_at", read_only=True)
    position = serializers.SerializerMethodField(
        help_text="the turn in the waiting list; 1 is next; null when not waiting"
    )
    in_doubt = serializers.SerializerMethodField(
        help_text="the place is held and does not stand as things are now; it is freed 24 hours before the class"
    )

    offer = serializers.SerializerMethodField(
        help_text="a place that is kept for the person until `expires_at`; by_phone: we call, and their time may"
        " begin with that call; null when none is"
    )

    class Meta:
        model = Booking
        fields: ClassVar = [
            "id",
            "participant",
            "session",
            "class_name",
            "starts_at",
            "ends_at",
            "state",
            "party",
            "source",
            "book_automatically",
            "position",
            "in_doubt",
            "offer",
            "said_coming_at",
            "joined_at",
            "ended_at",
        ]
        read_only_fields: ClassVar = fields

    def to_representation(self, booking: Booking) -> dict[str, Any]:
        return booking_shown(booking, self.context)

    def get_position(self, booking: Booking) -> int | None:
        return _position(booking, self.context)

    def get_in_doubt(self, booking: Booking) -> bool:
        return _in_doubt(booking, self.context)

    @extend_schema_field(OfferSerializer(allow_null=True))
    def get_offer(self, booking: Booking) -> dict[str, Any] | None:
        return _offer(booking, self.context)


def booking_shown(booking: Booking, known: Mapping[str, Any]) -> dict[str, Any]:
    """By hand, since each place that is taken waits for it: what the fields above come to, as JSON has it.

    `known`: what is known already of "positions", "doubts" and "offers", each by key; the rest is read.
    """
    session = booking.session
    return {
        "id": booking.pk,
        "participant": booking.participant_id,
        "session": booking.session_id,
        "class_name": session.class_type.name,
        "starts_at": instant(session.starts_at),
        "ends_at": instant(session.ends_at),
        "state": booking.state,
        "party": booking.party,
        "source": booking.source,
        "book_automatically": booking.book_automatically,
        "position": _position(booking, known),
        "in_doubt": _in_doubt(booking, known),
        "offer": _offer(booking, known),
        "said_coming_at": instant(booking.said_coming_at),
        "joined_at": instant(booking.joined_at),
        "ended_at": instant(booking.ended_at),
    }


def _position(booking: Booking, known: Mapping[str, Any]) -> int | None:
    turns: dict[int, int] | None = known.get("positions")
    return (positions([booking]) if turns is None else turns).get(booking.pk)


def _in_doubt(booking: Booking, known: Mapping[str, Any]) -> bool:
    doubts: dict[int, Doubt] | None = known.get("doubts")
    return booking.pk in (doubts_about([booking]) if doubts is None else doubts)


def _offer(booking: Booking, known: Mapping[str, Any]) -> dict[str, Any] | None:
    offers: dict[int, Offer] | None = known.get("offers")
    offer = (open_offers([booking]) if offers is None else offers).get(booking.pk)
    if offer is None:
        return None
    return {
        "made_at": instant(offer.made_at),
        "expires_at": instant(offer.expires_at),
        "by_phone": offer.by_phone,
    }


class BookingWithAdviceSerializer(BookingSerializer):
    """One booking, with what of the class the instructor will change for this person."""

    advice = serializers.SerializerMethodField(
        help_text="what of the class does not suit as it is; a warning, never a refusal; always empty for a supporter"
    )

    class Meta(BookingSerializer.Meta):
        fields: ClassVar = [*BookingSerializer.Meta.fields, "advice"]
        read_only_fields: ClassVar = fields

    def to_representation(self, booking: Booking) -> dict[str, Any]:
        return {**super().to_representation(booking), "advice": self.get_advice(booking)}

    @extend_schema_field(ADVICE)
    def get_advice(self, booking: Booking) -> list[str]:
        user = self.context["request"].user
        return list(advice_for(session=booking.session, participant=booking.participant, to=user))


class VisibleSession(StrictKeyField):
    queryset = Session.objects.public().none()  # here, not with each field: those are copied for every request

    def find(self, pk: int) -> Session | None:
        return visible_session(pk, to=self.context["request"].user)


class SessionForOneself(VisibleSession):
    """With one's own record and standing, where the place is for nobody else: read at once, and left for the shape."""

    def find(self, pk: int) -> Session | None:
        if "participant" in self.root.initial_data:
            return super().find(pk)
        found = for_oneself(pk, user=self.context["request"].user)
        cast(dict[str, Any], self.context)["for_oneself"] = found
        return found.session


class BookableParticipant(StrictKeyField):
    queryset = Participant.objects.bookable_by(None).none()

    def get_queryset(self) -> QuerySet[Participant]:
        return Participant.objects.bookable_by(self.context["request"].user).select_related("person", "programme")


def with_turns(rows: list[Booking]) -> dict[str, Any]:
    """What a list of bookings is written with, read at once for all of them."""
    return {"positions": positions(rows), "doubts": doubts_about(rows), "offers": open_offers(rows)}


class WithTurns(StrictViewSet):
    """Reads the turns and doubts of a whole list at once."""

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("many"):
            kwargs["context"] = {**self.get_serializer_context(), **with_turns(list(args[0]))}
        return super().get_serializer(*args, **kwargs)


class ForSomebodySerializer(StrictSerializer):  # no docstring: see StrictSerializer
    participant = BookableParticipant(required=False, help_text="left out: oneself")
    copy_to_me = StrictBooleanField(default=False, help_text=COPY_HELP)
    nobody_said = "Say for whom the place is."

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        user = self.context["request"].user
        if "participant" not in attrs:
            read: ForOneself | None = self.context.get("for_oneself")
            own = read.participant if read else access.own_record(user)
            if own is None:
                raise serializers.ValidationError({"participant": [self.nobody_said]})
            attrs["participant"] = own
        attrs["copy"] = copy_asked(attrs, user, attrs["participant"])
        return attrs


def copy_asked(given: dict[str, Any], user: User, participant: Participant) -> bool:
    """Takes `copy_to_me` out of what was given. Raises ValidationError when it is asked for and may not be had."""
    wanted = bool(given.pop("copy_to_me"))
    if wanted and not sees_messages(person=user.person, participant=participant):
        raise serializers.ValidationError({"copy_to_me": ["You may not see the messages of this person."]})
    return wanted


def why_despite_limit() -> StrictCharField:
    return StrictCharField(
        required=False, default="", allow_blank=True, max_length=LONGEST_WHY,
        help_text="desk: why it is one more than their phase allows in that week (not_eligible with weekly_limit)",
    )  # fmt: skip


def staff_alone_pass_the_limit(why: str, source: BookingSource) -> BookingSource:
    """`source` as it is. Raises ValidationError where somebody gives a reason who books for themselves or a friend."""
    if why and source != BookingSource.DESK:
        raise serializers.ValidationError({"despite_limit": ["Only the desk may go past the limit of a week."]})
    return source


def signed_in(request: Request) -> User:
    assert isinstance(request.user, User)  # noqa: S101  permission_classes let nobody else in
    return request.user


def key_of(request: Request) -> str:
    """The request's key, or "" when it sends none. An empty one is refused: it promises what it cannot keep.

    So is one outside ASCII, which the web server hands over as an empty one.
    """
    key = request.headers.get(KEY_HEADER)
    if key is None:
        return ""
    if not re.fullmatch(rf"[\x21-\x7e]{{1,{LONGEST_KEY}}}", key):
        words = f"Send 1 to {LONGEST_KEY} printable ASCII characters without spaces, or leave the header out."
        raise serializers.ValidationError({KEY_HEADER: [words]})
    return str(key)
