"""A plain booking in one statement: the same rows, the same answer and the same refusals as the long way."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.utils import timezone

from classes.access import for_oneself, visible_session
from classes.judging.refusals import KeyReused, TryAgain
from classes.models import Booking, BookingSource, IdempotencyKey, Mode, Session
from classes.places import booking_once
from classes.places.booking import Wish, book_place
from classes.places.booking_once import Answered, book_once
from classes.places.idempotency import KEPT_FOR
from messaging.models import Message, Task
from participants import access
from participants.models import ClearanceState, Participant
from participants.standing import facts_changed, standing_of
from tests.factories.accounts import UserFactory
from tests.factories.classes import SessionFactory
from tests.factories.participants import ClearanceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(pat: Participant) -> Session:
    return SessionFactory(programme=pat.programme, mode=Mode.REMOTE, venue=None, capacity=2)


def asked(pat: Participant, session: Session, **rest: Any) -> Wish:
    given: dict[str, Any] = {"by": pat.person, "source": BookingSource.SELF, "request_key": "k", **rest}
    return Wish(participant=pat, session=session, **given)


def answer(booking: Booking) -> dict[str, Any]:
    return {"id": booking.pk, "state": booking.state, "party": booking.party, "source": booking.source}


def ask(pat: Participant, session: Session, **rest: Any) -> Answered:
    return book_once(asked(pat, session, **rest), answer)


@pytest.fixture
def long_way_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(booking_once, "_the_short_way", lambda *asked: None)


@pytest.fixture
def no_long_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*asked: object) -> None:
        raise AssertionError("the long way")

    monkeypatch.setattr(booking_once, "_the_long_way", refuse)


def written() -> dict[str, Any]:
    """Every row of a booking, but for keys and for the moments at which rows were written."""
    rows: dict[str, Any] = {}
    for model in (Booking, Booking.pgh_event_model, Message, IdempotencyKey, Task, Session):  # type: ignore[attr-defined]
        passing = {"id", "pgh_id", "pgh_created_at", "pgh_obj_id", "created_at", "dedupe_key", "subject_id"}
        names = [f.attname for f in model._meta.concrete_fields if f.attname not in passing]
        rows[model.__name__] = list(model.objects.order_by("pk").values(*names))
    for kept in rows["IdempotencyKey"]:
        kept["outcome"].pop("id")
    return rows


@pytest.mark.parametrize("mode", [Mode.REMOTE, Mode.IN_PERSON])
@pytest.mark.parametrize("by_supporter", [False, True])
def test_the_short_way_writes_what_the_long_way_writes(
    pat: Participant, quinn: Participant, monkeypatch: pytest.MonkeyPatch, mode: Mode, by_supporter: bool
) -> None:
    from django.db import transaction

    session = SessionFactory(programme=pat.programme, mode=mode, **({"venue": None} if mode == Mode.REMOTE else {}))
    by = {"by": quinn.person, "source": BookingSource.SUPPORTER, "party": 2} if by_supporter else {}
    ways = []
    with time_machine.travel(timezone.now(), tick=False):
        for short in (True, False):
            with monkeypatch.context() as patched, transaction.atomic():
                if not short:
                    patched.setattr(booking_once, "_the_short_way", lambda *asked: None)
                answered = ask(pat, session, **by)
                assert Message.objects.get().dedupe_key == f"booking_confirmed:{Booking.objects.get().pk}"
                assert answered.outcome.body["id"] == Message.objects.get().subject_id == Booking.objects.get().pk
                assert IdempotencyKey.objects.get().outcome == answered.outcome.body
                ways.append((written(), answered.outcome.status, answered.outcome.body | {"id": 0}, answered.judged))
                transaction.set_rollback(True)
    assert ways[0] == ways[1]
    assert ways[0][0]["BookingEvent"][0]["pgh_context"]["action"] == "classes.book_place"


def test_sent_again_it_is_the_same_answer_and_nothing_is_written(pat: Participant, session: Session) -> None:
    first, before = ask(pat, session), written()
    again = ask(pat, session)
    assert (first.outcome.status, again.outcome.status) == (201, 201)
    assert (first.outcome.replayed, again.outcome.replayed) == (False, True)
    assert again.outcome.body == first.outcome.body
    assert written() == before


def test_another_body_under_the_same_key_is_refused(pat: Participant, session: Session) -> None:
    ask(pat, session)
    with pytest.raises(KeyReused):
        ask(pat, session, party=2)
    assert Booking.objects.count() == 1


def test_a_key_that_is_stale_is_a_new_one(pat: Participant, session: Session, no_long_way: None) -> None:
    ask(pat, session)
    other = SessionFactory(
        programme=pat.programme, mode=Mode.REMOTE, venue=None, starts_at=session.starts_at + KEPT_FOR * 2
    )
    with time_machine.travel(timezone.now() + KEPT_FOR, tick=False):
        ask(pat, other)
    assert Booking.objects.count() == 2


def test_without_a_key_nothing_is_kept(pat: Participant, session: Session, no_long_way: None) -> None:
    assert ask(pat, session, request_key="").outcome.status == 201
    assert not IdempotencyKey.objects.exists()


def test_a_full_class_leaves_nothing_of_the_short_way_and_the_refusal_is_kept(
    pat: Participant, session: Session
) -> None:
    Session.objects.filter(pk=session.pk).update(capacity=0)
    assert booking_once._the_short_way(asked(pat, session), answer) is None
    assert not IdempotencyKey.objects.exists()
    refused = ask(pat, session)
    assert (refused.outcome.status, refused.outcome.body) == (409, {"code": "session_full"})
    assert IdempotencyKey.objects.get().outcome == {"code": "session_full"}
    assert not Message.objects.exists()


def test_who_waits_goes_the_long_way(pat: Participant, session: Session) -> None:
    Session.objects.filter(pk=session.pk).update(capacity=0)
    assert ask(pat, session, or_wait=True).outcome.body["state"] == "waiting"
    assert Message.objects.get().kind == "waiting_joined"


def test_who_is_there_already_is_told_so(pat: Participant, session: Session) -> None:
    there = book_place(participant=pat, session=session, by=pat.person, source=BookingSource.SELF)
    again = ask(pat, session)
    assert (again.outcome.status, again.outcome.body["id"]) == (200, there.pk)


def test_who_may_not_come_is_judged_and_nothing_is_asked_of_the_class(pat: Participant, session: Session) -> None:
    ClearanceFactory(participant=pat, state=ClearanceState.NEEDS_REVIEW, valid_until=None)
    assert booking_once._the_short_way(asked(pat, session), answer) is None
    assert ask(pat, session).outcome.body["code"] == "not_eligible"


def test_a_copy_for_a_supporter_goes_the_long_way(pat: Participant, quinn: Participant, session: Session) -> None:
    wish = asked(pat, session, by=quinn.person, source=BookingSource.SUPPORTER, copy=True)
    assert booking_once._the_short_way(wish, answer) is None
    assert not Booking.objects.exists()


class Lost(Exception):
    sqlstate = "55P03"


@pytest.mark.parametrize(("cause", "raised"), [(Lost(), TryAgain), (ValidationError("x"), OperationalError)])
def test_a_wait_that_was_lost_goes_the_long_way_and_a_fault_does_not(
    pat: Participant,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    cause: Exception,
    raised: type[Exception],
) -> None:
    def fail(*asked: object) -> int:
        raise OperationalError from cause

    def long_way(*asked: object) -> Answered:
        raise TryAgain

    monkeypatch.setattr(booking_once, "_in_one_statement", fail)
    monkeypatch.setattr(booking_once, "_the_long_way", long_way)
    with pytest.raises(raised):
        ask(pat, session)


def test_a_place_for_oneself_is_about_what_the_single_reads_say(pat: Participant, session: Session) -> None:
    ClearanceFactory(participant=pat, state=ClearanceState.CLEARED_WITH_ADAPTATIONS, adaptations=["seated"])
    user = pat.person.user
    read = for_oneself(session.pk, user=user)
    assert (read.participant, read.session) == (access.own_record(user), visible_session(session.pk, to=user))
    assert read.standing == standing_of(pat)
    assert for_oneself(0, user=user).session is None
    nobody = for_oneself(session.pk, user=UserFactory())
    assert (nobody.session, nobody.participant, nobody.standing) == (session, None, None)


def test_who_leads_or_keeps_the_desk_sees_drafts_too_and_their_record_is_asked_for_alone(ines, session) -> None:
    draft = SessionFactory(programme=ines.programme, leader=ines, status="draft")
    for one in (draft, session):
        read = for_oneself(one.pk, user=ines.person.user)
        assert (read.session, read.participant, read.standing) == (one, None, None)


def test_facts_that_have_changed_since_they_were_read_let_nobody_in(pat: Participant, session: Session) -> None:
    read = for_oneself(session.pk, user=pat.person.user).standing
    ClearanceFactory(participant=pat, state=ClearanceState.PAUSED)
    facts_changed(pat)
    refused = ask(pat, session, judged_by=read)
    assert (refused.outcome.status, refused.outcome.body["code"]) == (409, "not_eligible")
    assert not Booking.objects.exists()
