"""/bookings/ and /waiting/: take a place, see one's places and turns, give one back.

For oneself; for somebody whom one supports with scope "book"; for the people of
one's programme at the desk. The same actions stand behind the pages.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person
from accounts.permissions import Permission
from accounts.signin import needs
from classes.api.refusals import (
    CANNOT_BE_ACCEPTED,
    CANNOT_BE_CHANGED,
    CANNOT_BE_DECLINED,
    CANNOT_BE_GIVEN_BACK,
    CANNOT_BE_TAKEN,
    KEY_CAME_BEFORE,
    answer,
    conflict,
)
from classes.api.shapes import (
    COPY_HELP,
    KEY_PARAMETER,
    BookingSerializer,
    BookingWithAdviceSerializer,
    ForSomebodySerializer,
    SessionForOneself,
    WithTurns,
    booking_shown,
    copy_asked,
    key_of,
    signed_in,
    staff_alone_pass_the_limit,
    why_despite_limit,
)
from classes.judging.advising import advice_for
from classes.judging.refusals import Refusal
from classes.listing import with_classes
from classes.models import Booking, BookingState
from classes.places.booking import CANCEL_REASONS, Wish, cancel_booking
from classes.places.booking_once import book_once
from classes.places.idempotency import REFUSED, Outcome, kept_if_refused, once
from classes.places.who_comes import change_who_comes
from classes.sources import source_of
from classes.waiting_list.answering import accept_offer, decline_offer
from safefit.api import (
    KeyFilter,
    StrictBooleanField,
    StrictDateFilter,
    StrictIntegerField,
    StrictSerializer,
)


class NewBookingSerializer(ForSomebodySerializer):
    session = SessionForOneself()
    party = StrictIntegerField(min_value=1, max_value=2, default=1, help_text="2 with a companion")
    or_wait = StrictBooleanField(default=False, help_text="join the waiting list when no place is left")
    book_automatically = StrictBooleanField(default=False, help_text="take a place that comes free a day or more ahead")
    despite_limit = why_despite_limit()


class CancelSerializer(StrictSerializer):
    reason = serializers.ChoiceField(choices=CANCEL_REASONS, required=False, default="")
    copy_to_me = StrictBooleanField(default=False, help_text=COPY_HELP)


class WhoComesSerializer(StrictSerializer):
    party = StrictIntegerField(min_value=1, max_value=2, required=False, help_text="2 with a companion")
    book_automatically = StrictBooleanField(required=False, help_text="of a turn: take a place that comes free")


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

    @extend_schema(
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
        given = NewBookingSerializer(data=request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        wanted, read = given.validated_data, given.context.get("for_oneself")
        source = staff_alone_pass_the_limit(wanted["despite_limit"], source_of(wanted["participant"], user))
        wish = Wish(**wanted, by=user.person, source=source, request_key=key, judged_by=read.standing if read else None)
        try:
            answered = book_once(wish, _as_answer)
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

    @extend_schema(request=CancelSerializer, responses={200: BookingSerializer, **CANNOT_BE_GIVEN_BACK})
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

    @extend_schema(request=WhoComesSerializer, responses={200: BookingSerializer, **CANNOT_BE_CHANGED})
    @action(detail=True, methods=["post"], url_path="who-comes")
    def who_comes(self, request: Request, pk: str) -> Response:
        """With a companion or alone, and how a turn waits; the place or the turn is kept. Again: the same answer."""
        booking = self.get_object()
        given = WhoComesSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            booking = change_who_comes(booking=booking, by=signed_in(request).person, **given.validated_data)
        except Refusal as refusal:
            answer(refusal)
        return Response(self.get_serializer(booking).data)

    @extend_schema(
        request=StrictSerializer,
        parameters=[KEY_PARAMETER],
        responses={200: BookingSerializer, **CANNOT_BE_ACCEPTED, **KEY_CAME_BEFORE},
    )
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Take the place that is kept for the person; while they wait, one that anybody could book.

        Again, while it is theirs: the same answer.
        """
        return self._answer_offer(request, "accept", accept_offer)

    @extend_schema(
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
            return kept_if_refused(lambda: self._said(booking, say, by))

        try:
            outcome = once(key=key, body={"booking": booking.pk, "answer": word}, action=said, by=by)
        except Refusal as refusal:
            answer(refusal)
        if outcome.status == status.HTTP_409_CONFLICT:
            raise conflict(**outcome.body)
        return Response(outcome.body)

    def _said(self, booking: Booking, say: Callable[..., Booking], by: Person) -> Outcome:
        answered = say(booking=booking, by=by)
        return Outcome(
            status.HTTP_200_OK,
            booking_shown(answered, {}),
        )


def _as_answer(booking: Booking) -> dict[str, Any]:
    """While the class is held nothing is asked that is known: a place that was judged just now is in no doubt."""
    known: dict[str, Any] = {"doubts": {}} if booking.made_now else {}
    known |= {} if booking.state == BookingState.WAITING else {"positions": {}}
    known |= {} if booking.state == BookingState.OFFERED else {"offers": {}}
    return booking_shown(booking, known)


class WaitingViewSet(ListModelMixin, WithTurns):
    """Turns in waiting lists, with the position in each."""

    queryset = Booking.objects.visible_to(None).none()
    serializer_class = BookingSerializer
    permission_classes = BookingViewSet.permission_classes
    filterset_class = WaitingFilter

    def get_queryset(self) -> QuerySet[Booking]:
        bookings = Booking.objects.visible_to(self.request.user).filter(state=BookingState.WAITING)
        return with_classes(bookings).order_by("session__starts_at", "id")
