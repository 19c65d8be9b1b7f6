"""/sessions/{id}/cover/ and /covers/: asking that somebody else leads a date, and taking one.

For instructors: a date that one leads, and dates of the programmes in which one teaches; everything else is a 404.
The same functions stand behind the pages. Not here: giving a date to somebody (the desk's page).
"""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from accounts.signin import needs
from classes.api.refusals import conflict
from classes.api.shapes import signed_in
from classes.cover import CoverGone, MayNotCover, NothingToCover, ask_for_cover, take_cover
from classes.cover.asking import LONGEST_REASON, may_ask_for
from classes.cover.candidates import Hindrance, open_to
from classes.judging.refusals import TryAgain
from classes.models import CoverRequest, CoverState, Mode
from classes.teaching import classes_led_by, cover_asked_of, cover_put_to
from instructors.access import own_instructors
from safefit.api import Conflict, StrictAPIView, StrictCharField, StrictSerializer, refusal

TEACHES = (needs(Permission.TEACH),)
NOTHING, GONE, MAY_NOT = "nothing_to_cover", "cover_gone", "may_not_cover"


class AskForCoverSerializer(StrictSerializer):
    reason = StrictCharField(max_length=LONGEST_REASON, help_text="in a word; nothing about anybody's health")


class AskedShape(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    session = serializers.IntegerField(source="session_id")
    state = serializers.ChoiceField(choices=CoverState.choices)
    asked_at = serializers.DateTimeField()
    asked = serializers.IntegerField(source="invitations.count", help_text="how many were told; 0: the desk is told")


class CoverShape(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    session = serializers.IntegerField(source="session_id")
    class_name = serializers.CharField(source="session.class_type.name")
    starts_at = serializers.DateTimeField(source="session.starts_at")
    ends_at = serializers.DateTimeField(source="session.ends_at")
    mode = serializers.ChoiceField(choices=Mode.choices, source="session.mode")
    venue = serializers.CharField(source="session.venue.name", default="", help_text="empty for an online class")


class TakenShape(serializers.Serializer[Any]):
    session = serializers.IntegerField(source="session_id")
    role = serializers.CharField(help_text="lead, where they are back at their own class")


class NoWordsSerializer(StrictSerializer):
    """Nothing has to be said."""


class SessionCoverView(StrictAPIView):
    permission_classes = TEACHES

    @extend_schema(
        operation_id="sessions_cover_create",
        request=AskForCoverSerializer,
        responses={201: AskedShape, **refusal(409, "It stays as it is.", NOTHING, TryAgain.code)},
    )
    def post(self, request: Request, pk: str) -> Response:
        """Ask for cover of a date that you lead. Whoever may lead it is told; until one takes it, it stays yours.

        Asked for already, it answers with that request.
        """
        session = get_object_or_404(classes_led_by(request.user), pk=pk)
        if not may_ask_for([session], own_instructors(request.user)):
            raise Http404  # who only assists asks for nothing
        sent = AskForCoverSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            (asked,) = ask_for_cover(
                sessions=[session], reason=sent.validated_data["reason"], by=signed_in(request).person
            )
        except NothingToCover:
            raise Conflict("This class is off, has begun, or nobody leads it.", NOTHING) from None
        except TryAgain as busy:
            raise conflict(busy.code) from None
        return Response(AskedShape(asked).data, status.HTTP_201_CREATED)


class CoversView(StrictAPIView):
    permission_classes = TEACHES

    @extend_schema(operation_id="covers_list", responses={200: CoverShape(many=True)})
    def get(self, request: Request) -> Response:
        """Dates that want somebody to lead them, and that you may lead as things are now; the soonest first."""
        wanted, may = list(cover_put_to(request.user)), set()
        for own in own_instructors(request.user):
            theirs = [one.session for one in wanted if one.session.programme_id == own.programme_id]
            may |= {pk for pk, standing in open_to(own, theirs).items() if standing.may}
        return Response(CoverShape([one for one in wanted if one.session_id in may], many=True).data)


class TakeCoverView(StrictAPIView):
    permission_classes = TEACHES

    @extend_schema(
        operation_id="covers_take",
        request=NoWordsSerializer,
        responses={200: TakenShape, **refusal(409, "It stays as it is.", GONE, MAY_NOT, TryAgain.code)},
    )
    def post(self, request: Request, pk: str) -> Response:
        """Take the date: the first who may and takes it has it. Taking it again changes nothing.

        409 `cover_gone` (with `taken`: whether somebody else has it) or `may_not_cover` (with `why`: any of
        may_not_lead, away, busy).
        """
        wanted: CoverRequest = get_object_or_404(cover_asked_of(request.user), pk=pk)
        NoWordsSerializer(data=request.data).is_valid(raise_exception=True)
        own = own_instructors(request.user).get(programme=wanted.session.programme_id)
        try:
            leader = take_cover(request=wanted, instructor=own, by=signed_in(request).person)
        except CoverGone as gone:
            raise Conflict("It is taken, or not wanted any more.", GONE, taken=gone.taken) from None
        except MayNotCover as refused:
            why = [Hindrance(one).value for one in refused.candidate.hindrances]
            raise Conflict("You may not lead it on that date.", MAY_NOT, why=why) from None
        except TryAgain as busy:
            raise conflict(busy.code) from None
        return Response(TakenShape(leader).data)
