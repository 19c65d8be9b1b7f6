"""/sessions/{id}/notes/: a word to everybody of one date, looked at first; and what became of those that were sent.

For whoever leads the class, and for the desk. The same functions stand behind the pages (frontend/class_notes.py),
which also show by name who knows: here people are counted alone. What may not be said: classes/telling/note_words.py.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person
from accounts.permissions import Permission
from accounts.signin import needs
from classes import teaching
from classes.api.refusals import KEY_CAME_BEFORE, answer
from classes.api.shapes import KEY_PARAMETER, key_of, signed_in
from classes.judging.refusals import KeyReused
from classes.models import LONGEST_NOTE, About, BookingState, ClassNote, Session
from classes.places.idempotency import Outcome, once
from classes.telling.class_note import (
    ClassIsOver,
    NobodyToTell,
    NotToBeSaid,
    by_way,
    drawn_for_all,
    heard_of,
    leaves_at,
    look_at,
    send_note,
)
from messaging.models import MessageState
from safefit.api import Conflict, StrictAPIView, StrictBooleanField, StrictCharField, StrictSerializer, instant, refusal

MAY = (needs(Permission.TEACH, Permission.WORK_AT_DESK),)
NOT_TO_BE_SAID, LOOK_AGAIN, OVER, NOBODY = "not_to_be_said", "look_again", "class_over", "nobody_to_tell"
SAID = {
    NOT_TO_BE_SAID: "These words tell why people come, or lead into the class. Nothing was sent. See found.",
    LOOK_AGAIN: "A name, a number or an address is in it. Nothing was sent. See found; if it is right, send looked.",
    OVER: "The class is over or cancelled, so nobody is told of it any more.",
    NOBODY: "Nobody has a place in this class.",
}


class NoteSerializer(StrictSerializer):
    about = serializers.ChoiceField(choices=About.choices, help_text="makes the subject, which says nothing else")
    words = StrictCharField(max_length=LONGEST_NOTE, help_text="read by everybody of the class; no links, no health")
    waiting_too = StrictBooleanField(default=False, help_text="those who wait for a place are told as well")


class SendNoteSerializer(NoteSerializer):
    looked = StrictBooleanField(default=False, help_text="what the preview found doubtful was looked at, and is right")


class FindingsShape(serializers.Serializer[Any]):
    telling = serializers.ListField(child=serializers.CharField(), help_text="refused: tells why people come")
    links = serializers.ListField(child=serializers.CharField(), help_text="refused: leads into the class")
    names = serializers.ListField(child=serializers.CharField(), help_text="also the name of somebody in the class")
    numbers = serializers.ListField(child=serializers.CharField(), help_text="telephone numbers that are not ours")
    mailboxes = serializers.ListField(child=serializers.CharField(), help_text="email addresses")


class NotePreviewShape(serializers.Serializer[Any]):
    found = FindingsShape()
    people_told = serializers.IntegerField()
    by_way = serializers.DictField(child=serializers.IntegerField(), help_text="how many would hear by which way")
    leaves_at = serializers.DateTimeField(allow_null=True, help_text="when messages begin to leave; null: at once")
    subject = serializers.CharField(help_text="of an email, as whoever has a place reads it")
    email = serializers.CharField()
    text = serializers.CharField(help_text="what a text message says")


class HeardNoteShape(serializers.Serializer[Any]):
    queued = serializers.IntegerField()
    with_desk = serializers.IntegerField(help_text="somebody at the desk calls or writes")
    sent = serializers.IntegerField()
    delivered = serializers.IntegerField(help_text="the person knows, or their telephone has it")
    failed = serializers.IntegerField(help_text="not reached: the desk has a task")
    not_wanted = serializers.IntegerField(help_text="they left the class, it is off, or contact has ended")


class NoteShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    about = serializers.ChoiceField(choices=About.choices)
    words = serializers.CharField()
    waiting_too = serializers.BooleanField()
    at = serializers.DateTimeField()
    heard = HeardNoteShape(help_text="people, by what became of it")


class NotesShape(serializers.Serializer[Any]):
    notes = NoteShape(many=True)


class ClassNotesView(StrictAPIView):
    permission_classes = MAY

    @extend_schema(operation_id="session_notes_read", responses={200: NotesShape})
    def get(self, request: Request, pk: str) -> Response:
        """What was written to everybody of this date, the newest first, and how many know. Names stand on the page."""
        session = _held(request, pk)
        heard = heard_of(session)
        notes = [_shape(note, heard.get(note.pk, {})) for note in session.notes.order_by("-at", "-pk")]
        return Response({"notes": notes})

    @extend_schema(
        request=SendNoteSerializer,
        parameters=[KEY_PARAMETER],
        responses={201: NoteShape, 200: NoteShape, **refusal(409, "Nothing was sent.", *SAID), **KEY_CAME_BEFORE},
    )
    def post(self, request: Request, pk: str) -> Response:
        """Send it to everybody of this date, once, each by their own way."""
        session, user, key = _held(request, pk), signed_in(request), key_of(request)
        sent = SendNoteSerializer(data=request.data)
        sent.is_valid(raise_exception=True)

        def action() -> Outcome:
            return Outcome(status.HTTP_201_CREATED, _send(session, sent.validated_data, by=user.person))

        try:
            outcome = once(key=key, body={"note": pk, "as": request.data}, action=action, by=user.person)
        except KeyReused as refused:
            answer(refused)
        return Response(outcome.body, status.HTTP_200_OK if outcome.replayed else outcome.status)


class ClassNotePreviewView(StrictAPIView):
    permission_classes = MAY

    @extend_schema(request=NoteSerializer, responses={200: NotePreviewShape})
    def post(self, request: Request, pk: str) -> Response:
        """What stands against the words, what each way would get, and how many people. Changes nothing."""
        session = _held(request, pk)
        sent = NoteSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        given = sent.validated_data
        note = ClassNote(session=session, about=given["about"], words=given["words"])
        email, text = drawn_for_all(note, session, state=BookingState.BOOKED)
        ways, leaves = by_way(session, waiting_too=given["waiting_too"]), leaves_at(session, timezone.now())
        return Response(
            {
                "found": asdict(look_at(session, given["words"])),
                "people_told": ways.total(),
                "by_way": dict(ways),
                "leaves_at": instant(leaves) if leaves else None,
                "subject": email.subject,
                "email": email.body,
                "text": text,
            }
        )


def _held(request: Request, pk: str) -> Session:
    """Raises Http404 for a class that the sender neither leads nor works at the desk of."""
    own = (teaching.classes_led_by(request.user), teaching.classes_at_desk_of(request.user))
    found = next((one for one in (classes.filter(pk=int(pk)).first() for classes in own) if one is not None), None)
    if found is None:
        raise Http404
    return found


def _send(session: Session, given: dict[str, Any], *, by: Person) -> dict[str, Any]:
    found = look_at(session, given["words"])
    if found.doubtful and not found.refused and not given["looked"]:
        raise Conflict(SAID[LOOK_AGAIN], LOOK_AGAIN, found=asdict(found))
    try:
        note = send_note(
            session=session,
            about=About(given["about"]),
            words=given["words"],
            waiting_too=given["waiting_too"],
            request_key=uuid.uuid4().hex,  # sent twice, it is answered by the key of the request
            by=by,
        )
    except NotToBeSaid as refused:
        raise Conflict(SAID[NOT_TO_BE_SAID], NOT_TO_BE_SAID, found=asdict(refused.findings)) from None
    except ClassIsOver:
        raise Conflict(SAID[OVER], OVER) from None
    except NobodyToTell:
        raise Conflict(SAID[NOBODY], NOBODY) from None
    return _shape(note, heard_of(session)[note.pk])


def _shape(note: ClassNote, heard: Mapping[str, int]) -> dict[str, Any]:
    return {
        "id": note.pk,
        "about": note.about,
        "words": note.words,
        "waiting_too": note.waiting_too,
        "at": instant(note.at),
        "heard": {state.value: heard.get(state, 0) for state in MessageState},
    }
