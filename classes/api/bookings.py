"""/bookings/ and /waiting/: take a place, see one's places and turns, give one back.

For oneself; for somebody whom one supports with scope "book"; for the people of
one's programme at the desk. The same actions stand behind the pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person, User
from accounts.permissions import Permission
from accounts.signin import needs
from classes.access import visible_session
from classes.advising import advice_for
from classes.api.refusals import (
    CANNOT_BE_ACCEPTED,
    CANNOT_BE_DECLINED,
    CANNOT_BE_GIVEN_BACK,
    CANNOT_BE_TAKEN,
    KEY_CAME_BEFORE,
    answer,
    conflict,
)
from classes.booking import CANCEL_REASONS, cancel_booking
from classes.booking_once import REFUSED, Asked, book_once
from classes.fit import Advice
from classes.idempotency import LONGEST_KEY, Outcome, once
from classes.judgement import Doubt, doubts_about
from classes.listing import positions, with_classes
from classes.models import Booking, BookingState, Offer, Session
from classes.refusals import Refusal, TryAgain
from classes.sources import source_of
from classes.waiting_list.answering import accept_offer, decline_offer
from classes.waiting_list.offers import open_offers
from participants import access
from participants.models import Participant
from participants.support import sees_messages
from safefit.api import (
    KeyFilter,
    StrictBooleanField,
    StrictDateFilter,
    StrictIntegerField,
    StrictKeyField,
    StrictModelSerializer,
    StrictSerializer,
    StrictViewSet,
    instant,
)

KEY_HEADER = "Idempotency-Key"
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
            "joined_at",
            "ended_at",
        ]
        read_only_fields: ClassVar = fields

    def to_representation(self, booking: Booking) -> dict[str, Any]:
        """By hand, since each place that is taken waits for it: what the fields above come to, as JSON has it."""
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
            "position": self.get_position(booking),
            "in_doubt": self.get_in_doubt(booking),
            "offer": self.get_offer(booking),
            "joined_at": instant(booking.joined_at),
            "ended_at": instant(booking.ended_at),
        }

    def get_position(self, booking: Booking) -> int | None:
        turns: dict[int, int] | None = self.context.get("positions")
        return (positions([booking]) if turns is None else turns).get(booking.pk)

    def get_in_doubt(self, booking: Booking) -> bool:
        doubts: dict[int, Doubt] | None = self.context.get("doubts")
        return booking.pk in (doubts_about([booking]) if doubts is None else doubts)

    @extend_schema_field(OfferSerializer(allow_null=True))  # type: ignore[untyped-decorator]
    def get_offer(self, booking: Booking) -> dict[str, Any] | None:
        offers: dict[int, Offer] | None = self.context.get("offers")
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

    @extend_schema_field(ADVICE)  # type: ignore[untyped-decorator]
    def get_advice(self, booking: Booking) -> list[str]:
        user = self.context["request"].user
        return list(advice_for(session=booking.session, participant=booking.participant, to=user))


class VisibleSession(StrictKeyField):
    queryset = Session.objects.public().none()  # here, not with each field: those are copied for every request

    def find(self, pk: int) -> Session | None:
        return visible_session(pk, to=self.context["request"].user)


class BookableParticipant(StrictKeyField):
    queryset = Participant.objects.bookable_by(None).none()

    def get_queryset(self) -> QuerySet[Participant]:
        return Participant.objects.bookable_by(self.context["request"].user).select_related("person", "programme")


class NewBookingSerializer(StrictSerializer):
    session = VisibleSession()
    participant = BookableParticipant(required=False, help_text="left out: oneself")
    party = StrictIntegerField(min_value=1, max_value=2, default=1, help_text="2 with a companion")
    or_wait = StrictBooleanField(default=False, help_text="join the waiting list when no place is left")
    book_automatically = StrictBooleanField(default=False, help_text="take a place that comes free a day or more ahead")

    copy_to_me = StrictBooleanField(default=False, help_text=COPY_HELP)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "participant" not in attrs:
            own = access.own_record(self.context["request"].user)
            if own is None:
                raise serializers.ValidationError({"participant": ["Say for whom the place is."]})
            attrs["participant"] = own
        attrs["copy"] = copy_asked(attrs, self.context["request"].user, attrs["participant"])
        return attrs


class CancelSerializer(StrictSerializer):
    reason = serializers.ChoiceField(choices=CANCEL_REASONS, required=False, default="")
    copy_to_me = StrictBooleanField(default=False, help_text=COPY_HELP)


def copy_asked(given: dict[str, Any], user: User, participant: Participant) -> bool:
    """Takes `copy_to_me` out of what was given. Raises ValidationError when it is asked for and may not be had."""
    wanted = bool(given.pop("copy_to_me"))
    if wanted and not sees_messages(person=user.person, participant=participant):
        raise serializers.ValidationError({"copy_to_me": ["You may not see the messages of this person."]})
    return wanted


class WaitingFilter(django_filters.FilterSet):
    participant = KeyFilter(field_name="participant")
    session = KeyFilter(field_name="session")

    class Meta:
        model = Booking
        fields: ClassVar[list[str]] = []


class BookingFilter(WaitingFilter):
    state = django_filters.ChoiceFilter(choices=BookingState.choices)
    upcoming = django_filters.ChoiceFilter(
        choices=[("true", "classes that have not ended"), ("false", "classes that have")], method="by_end"
    )
    date_from = StrictDateFilter(field_name="session__starts_at", lookup_expr="date__gte", label="first day, in the UK")
    date_until = StrictDateFilter(field_name="session__starts_at", lookup_expr="date__lte", label="last day, in the UK")

    def by_end(self, bookings: QuerySet[Booking], name: str, value: str) -> QuerySet[Booking]:
        ended = Q(session__ends_at__lte=timezone.now())
        return bookings.filter(~ended if value == "true" else ended)


class WithTurns(StrictViewSet):
    """Reads the turns and doubts of a whole list at once."""

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("many"):
            rows = list(args[0])
            at_once = {"positions": positions(rows), "doubts": doubts_about(rows), "offers": open_offers(rows)}
            kwargs["context"] = {**self.get_serializer_context(), **at_once}
        return super().get_serializer(*args, **kwargs)


@extend_schema_view(
    list=extend_schema(responses=BookingSerializer(many=True)),
    retrieve=extend_schema(responses=BookingWithAdviceSerializer),
)
class BookingViewSet(ListModelMixin, RetrieveModelMixin, WithTurns):
    """Places and turns, the earliest class first."""

    queryset = Booking.objects.visible_to(None).none()
    serializer_class = BookingSerializer
    permission_classes = [needs(Permission.TAKE_PART, Permission.SUPPORT, Permission.WORK_AT_DESK)]
    filterset_class = BookingFilter

    def get_serializer_class(self) -> type[BookingSerializer]:
        return BookingWithAdviceSerializer if self.action == "retrieve" else BookingSerializer

    def get_queryset(self) -> QuerySet[Booking]:
        bookings = Booking.objects.visible_to(self.request.user).order_by("session__starts_at", "id")
        return with_classes(bookings)

    @extend_schema(  # type: ignore[untyped-decorator]
        request=NewBookingSerializer,
        parameters=[KEY_PARAMETER],
        responses={
            200: BookingWithAdviceSerializer,
            201: BookingWithAdviceSerializer,
            **CANNOT_BE_TAKEN,
            **KEY_CAME_BEFORE,
        },
    )
    def create(self, request: Request) -> Response:
        """Take a place. 201 when it was made now, 200 when it was there before (the same key, or booked already)."""
        key, user = key_of(request), signed_in(request)
        wish = NewBookingSerializer(data=request.data, context=self.get_serializer_context())
        wish.is_valid(raise_exception=True)
        wanted = wish.validated_data
        source = source_of(wanted["participant"], user)
        try:
            answered = book_once(Asked(**wanted, by=user.person, source=source, key=key), self._as_answer)
        except Refusal as refusal:
            answer(refusal)
        outcome = answered.outcome
        if outcome.status == REFUSED:
            raise conflict(**outcome.body)
        # Read now and not kept with the outcome: it is about health.
        advice = advice_for(
            session=wanted["session"], participant=wanted["participant"], to=user, standing=answered.judged
        )
        made = status.HTTP_200_OK if outcome.replayed else outcome.status
        return Response(outcome.body | {"advice": list(advice)}, made)

    def _as_answer(self, booking: Booking) -> dict[str, Any]:
        # While the class is held nothing is asked that is known: a place that was judged just now is in no doubt.
        known: dict[str, Any] = dict(self.get_serializer_context())
        known |= {"doubts": {}} if booking.made_now else {}
        known |= {} if booking.state == BookingState.WAITING else {"positions": {}}
        known |= {} if booking.state == BookingState.OFFERED else {"offers": {}}
        return BookingSerializer(booking, context=known).to_representation(booking)

    @extend_schema(  # type: ignore[untyped-decorator]
        request=CancelSerializer, responses={200: BookingSerializer, **CANNOT_BE_GIVEN_BACK}
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Give a place back, or leave the waiting list, up to the start. Again: the same answer."""
        booking = self.get_object()
        given = CancelSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user = signed_in(request)
        copy = copy_asked(given.validated_data, user, booking.participant)
        try:
            booking = cancel_booking(booking=booking, by=user.person, copy=copy, **given.validated_data)
        except Refusal as refusal:
            answer(refusal)
        return Response(self.get_serializer(booking).data)

    @extend_schema(  # type: ignore[untyped-decorator]
        request=StrictSerializer,
        parameters=[KEY_PARAMETER],
        responses={200: BookingSerializer, **CANNOT_BE_ACCEPTED, **KEY_CAME_BEFORE},
    )
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Take the place that is kept for the person. Again, while it is theirs: the same answer."""
        return self._answer_offer(request, "accept", accept_offer)

    @extend_schema(  # type: ignore[untyped-decorator]
        request=StrictSerializer,
        parameters=[KEY_PARAMETER],
        responses={200: BookingSerializer, **CANNOT_BE_DECLINED, **KEY_CAME_BEFORE},
    )
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        """Say no to the place that is kept for the person: it goes to the next. Again: the same answer."""
        return self._answer_offer(request, "decline", decline_offer)

    def _answer_offer(self, request: Request, word: str, say: Callable[..., Booking]) -> Response:
        booking, key, by = self.get_object(), key_of(request), signed_in(request).person
        StrictSerializer(data=request.data).is_valid(raise_exception=True)

        def said() -> Outcome:
            return self._said(booking, say, by)

        try:
            outcome = once(key=key, body={"booking": booking.pk, "answer": word}, action=said, by=by)
        except Refusal as refusal:
            answer(refusal)
        if outcome.status == status.HTTP_409_CONFLICT:
            raise conflict(**outcome.body)
        return Response(outcome.body)

    def _said(self, booking: Booking, say: Callable[..., Booking], by: Person) -> Outcome:
        try:
            answered = say(booking=booking, by=by)
        except TryAgain:
            raise  # not an outcome: the same key may be sent again
        except Refusal as refusal:
            return Outcome(status.HTTP_409_CONFLICT, {"code": refusal.code, **refusal.details})
        return Outcome(
            status.HTTP_200_OK,
            BookingSerializer(answered, context=self.get_serializer_context()).to_representation(answered),
        )


class WaitingViewSet(ListModelMixin, WithTurns):
    """Turns in waiting lists, with the position in each."""

    queryset = Booking.objects.visible_to(None).none()
    serializer_class = BookingSerializer
    permission_classes = BookingViewSet.permission_classes
    filterset_class = WaitingFilter

    def get_queryset(self) -> QuerySet[Booking]:
        bookings = Booking.objects.visible_to(self.request.user).filter(state=BookingState.WAITING)
        return with_classes(bookings).order_by("session__starts_at", "id")


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
