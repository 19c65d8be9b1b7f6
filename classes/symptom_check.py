"""The same-day check: answering it, what a stop does at once, and the talk by which an instructor lets somebody start.

Here: the two actions, called by pages and API on every route. Not here: what
answers come to (symptoms.py), where a check stands (readiness.py), asking for it
(asking.py), who may reach which row (the querysets).

Everything happens under the lock of the person, taken before that of any class:
of two answers the later one counts, and no place is given, kept or entered
across a stop. A stop is written whole or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from accounts.permissions import Permission
from classes.judging.refusals import (
    CheckClosed,
    CheckNotOpen,
    IdUsed,
    LaterAnswers,
    NoHealthConsent,
    NoPlace,
    NothingToTalkAbout,
    NotLeading,
    QuestionsChanged,
    StoppedToday,
    WrongMode,
)
from classes.locks import settled
from classes.models import (
    Booking,
    BookingState,
    CheckMode,
    Guest,
    SessionLeader,
    SymptomCheck,
    SymptomTalk,
    TalkOutcome,
)
from classes.models.booking import NOT_WELL_TODAY
from classes.places.booking import NOT_WELL, LockedPlaces, give_back_places, lock_places
from classes.readiness import Readiness, TodaysCheck, check_window, day_of, todays_check
from classes.register.welfare import heard_from
from classes.same_day.symptom_content import symptom_questions
from classes.same_day.symptom_questions import SymptomQuestions
from classes.same_day.symptoms import Result, judge
from classes.telling.asking import no_longer_ask
from classes.telling.talk_wanted import talk_was_had, tell_leaders
from classes.wall_time import local_date
from messaging import worklist
from messaging.alerts import tell_on_call
from messaging.models import Task
from participants.consents import consents_in_force
from participants.consequences import CLEARANCE_CHANGED, run_consequences
from participants.health import FLAGGED_DAY, ask_again_after, stop_clearance
from participants.models import ConsentKind, Participant
from participants.standing import standing_of

NOT_WELL_CALL = "not_well_call"  # kind of the desk's task; its subject is the check
CALL_WITHIN = {Result.EMERGENCY: timedelta(0), Result.CANCER_LINE: timedelta(hours=2)}
TALKED = "talk_first"  # why new health answers are asked for after a talk
TRIES = 5  # a stop is not given up because the class is busy

Place = Booking | Guest


def answer_check(
    *, place: Place, answers: Mapping[str, object], version: str, mode: str, client_id: UUID, by: Person
) -> SymptomCheck:
    """Keep the answers of today for `place` (a booking, or a guest who is a participant), and do what they ask for.

    A stop ends the place and every other one of that day, stops clearance and asks the desk to call;
    "talk first" tells whoever leads the class: all in this transaction. The same `client_id` with the
    same answers gives the row that is there. `answers`: question id → True or False.

    Raises NotAnAnswer, Unanswered, QuestionsChanged, WrongMode, CheckNotOpen, CheckClosed, NoPlace,
    StoppedToday, NoHealthConsent, IdUsed, TryAgain; then nothing has changed.
    """
    given = _given(place, answers, version, mode, client_id, by)
    if there := _sent_before(given):
        return there
    asked = symptom_questions()
    if version != asked.version:
        raise QuestionsChanged(asked.version)
    return _judged_and_kept(given, asked, place, None)


def answer_kept_check(
    *, place: Place, answers: Mapping[str, object], version: str, asked_at: datetime, client_id: UUID, by: Person
) -> SymptomCheck:
    """The same for answers that were given aloud in a hall without signal, and come now; judged again, by the version
    that was asked. They count for the moment at which they were given. A stop is kept for whoever has lost the place
    meanwhile too: it is about the person.

    Raises what answer_check raises, and LaterAnswers: there are newer ones, and these are no graver.
    """
    given = _given(place, answers, version, CheckMode.ALOUD, client_id, by)
    if there := _sent_before(given):
        return there
    try:
        asked = symptom_questions(version)
    except KeyError:
        raise QuestionsChanged(symptom_questions().version) from None
    return _judged_and_kept(given, asked, place, asked_at)


def record_talk(
    *,
    check: SymptomCheck,
    outcome: str,
    note: str,
    asks_new_health_answers: bool = False,
    client_id: UUID,
    by: Person,
) -> SymptomTalk:
    """What came of the talk that `check` asked for, written down by somebody who leads the class. `note` is not empty.

    "Not today" ends the place; "may exercise" opens the class. With `asks_new_health_answers` the
    clearance that stands holds until the day of the class, or with "not today" no longer. Raises
    NotLeading, NothingToTalkAbout (it is no longer the check in force), NoPlace, CheckClosed, IdUsed, TryAgain.
    """
    given = SymptomTalk(
        check_of=check,
        client_id=client_id,
        outcome=outcome,
        note=note.strip(),
        asks_new_health_answers=asks_new_health_answers,
        by=by,
    )
    leads = SessionLeader.objects.filter(session_id=check.session_id, active=True, instructor__person=by)
    if not leads.exists():
        raise NotLeading

    def attempt() -> SymptomTalk:
        with acting(by, "classes.record_talk", on_behalf_of=check.participant.person):
            return _talk(given)

    return settled(attempt)


# --- answering ---------------------------------------------------------------


def _given(
    place: Place, answers: Mapping[str, object], version: str, mode: str, client_id: UUID, by: Person
) -> SymptomCheck:
    return SymptomCheck(
        session_id=place.session_id,
        participant=_participant_of(place),
        booking=place if isinstance(place, Booking) else None,
        guest=place if isinstance(place, Guest) else None,
        client_id=client_id,
        version=version,
        answers=dict(answers),
        mode=mode,
        by=by,
    )


def _judged_and_kept(
    given: SymptomCheck, asked: SymptomQuestions, place: Place, asked_at: datetime | None
) -> SymptomCheck:
    given.result = judge(asked, given.answers)
    if (given.mode == CheckMode.SELF) != (given.by_id == given.participant.person_id):
        raise WrongMode

    def attempt() -> SymptomCheck:
        with acting(given.by, "classes.answer_check", on_behalf_of=given.participant.person):
            return _answer(given, place, asked_at)

    return settled(attempt, tries=TRIES)


def _answer(given: SymptomCheck, place: Place, asked_at: datetime | None) -> SymptomCheck:
    stop = Result(given.result).is_stop
    places = lock_places(given.participant, _ended_by_a_stop(place) if stop else Q(pk__in=[]))
    if there := _sent_before(given):
        return there
    place.session.refresh_from_db(fields=["starts_at", "ends_at", "mode"])  # moved meanwhile, perhaps
    now = timezone.now()
    at = now if asked_at is None else min(asked_at, now)
    before = todays_check(place.session, given.participant)
    _refuse(place, given.mode, Result(given.result), before, at, came_late=asked_at is not None)
    check = _kept(given, at)
    no_longer_ask(check)
    if given.mode == CheckMode.SELF:
        heard_from(given.participant)
    if stop:
        _stop(check, places, now)
    elif given.result == Result.TALK_FIRST and before.readiness is not Readiness.TALK_FIRST and asked_at is None:
        tell_leaders(check)  # whoever has asked without signal knows already
    return check


def _ended_by_a_stop(place: Place) -> Q:
    """This place, and every other one from now until the end of the day of its class."""
    _, next_midnight = day_of(place.session)
    others = Q(session__starts_at__gt=timezone.now(), session__starts_at__lt=next_midnight)
    return others | Q(pk=place.pk) if isinstance(place, Booking) else others


def refuse_if_shut(*, place: Place, mode: str, at: datetime, result: Result = Result.READY) -> None:
    """Raise what answers that come to `result` would be refused for at `at`; nothing when they would be kept.

    Raises CheckNotOpen, CheckClosed, NoHealthConsent, StoppedToday, NoPlace. Pages ask before they show the questions.
    """
    participant = _participant_of(place)
    _refuse(place, mode, result, todays_check(place.session, participant), at)


def _refuse(
    place: Place, mode: str, result: Result, before: TodaysCheck, at: datetime, *, came_late: bool = False
) -> None:
    window, aloud = check_window(place.session), mode == CheckMode.ALOUD
    if at < window.opens_at:
        raise CheckNotOpen(window.opens_at)
    if not window.is_open(at, aloud=aloud):
        raise CheckClosed(window.closes_at(aloud=aloud))
    consent = consents_in_force(_participant_of(place)).get(ConsentKind.HEALTH)
    if consent is not None and not consent.given:
        raise NoHealthConsent
    if _stopped(place, before):
        if not result.is_stop:
            raise StoppedToday(before.check_id)
    elif came_late and before.at is not None and before.at > at and not _is_graver(result, before):
        raise LaterAnswers(before.check_id)
    elif came_late and result.is_stop:
        return
    elif isinstance(place, Booking) and not Booking.objects.filter(pk=place.pk, state=BookingState.BOOKED).exists():
        raise NoPlace


def _is_graver(result: Result, before: TodaysCheck) -> bool:
    return before.result is None or result.rank > before.result.rank


def _stopped(place: Place, before: TodaysCheck) -> bool:
    """Whether a stop stands: a clearance that came back on the same day, by somebody's decision, sets it aside."""
    if before.result is None or not before.result.is_stop:
        return False
    return not standing_of(_participant_of(place)).is_cleared(local_date(place.session.starts_at))


def _kept(given: SymptomCheck, now: datetime) -> SymptomCheck:
    given.pk, given.answered_at = None, now  # a second attempt writes a row of its own
    given.save(force_insert=True)
    given.made_now = True
    return given


def _sent_before(given: SymptomCheck) -> SymptomCheck | None:
    """The row with this client-made id. Raises IdUsed when it says something else."""
    there = SymptomCheck.objects.filter(client_id=given.client_id).first()
    if there is not None and _said(there) != _said(given):
        raise IdUsed
    return there


def _said(check: SymptomCheck) -> tuple[object, ...]:
    return (check.booking_id, check.guest_id, check.by_id, check.mode, check.version, check.answers)


def _stop(check: SymptomCheck, places: LockedPlaces, now: datetime) -> None:
    """Clearance first, so that nobody is offered a place who must not have one; then places, the desk, the rest."""
    participant, by = check.participant, check.by
    day = max(local_date(now), local_date(check.session.starts_at))
    stop_clearance(participant=participant, reason=FLAGGED_DAY, by=by, on=day)
    give_back_places(places, reason=NOT_WELL_TODAY, by=by, now=now)
    _ask_for_a_call(check, now)
    run_consequences(CLEARANCE_CHANGED, participant, by)


def _ask_for_a_call(check: SymptomCheck, now: datetime) -> None:
    """One call to do for one person and day.

    One that somebody has taken does not stand for a stop that came after it, nor one that was less grave: then
    another takes its place, and whoever is on call is told.
    """
    result = Result(check.result)
    key = f"{NOT_WELL_CALL}:{check.participant_id}:{local_date(now)}"
    there = Task.objects.to_do().filter(dedupe_key=key).first()
    if there is not None and (there.owner_id is not None or result.rank > _rank_of(there)):
        worklist.cancel_open(Task.objects.filter(pk=there.pk))
    call = worklist.raise_task(
        programme=check.participant.programme,
        kind=NOT_WELL_CALL,
        due_at=now + CALL_WITHIN[result],
        about=check.participant.person,
        subject_id=check.pk,
        dedupe_key=key,
        urgent_for=Permission.WORK_AT_DESK,
        by=check.by,
    )
    tell_on_call(task=call, by=check.by)


def _rank_of(call: Task) -> int:
    return Result(SymptomCheck.objects.get(pk=call.subject_id or 0).result).rank


def _participant_of(place: Place) -> Participant:
    """Whose place it is. A guest who is only a name has no check: NoPlace."""
    if place.participant is None:
        raise NoPlace
    return place.participant


# --- the talk ----------------------------------------------------------------


def _talk(given: SymptomTalk) -> SymptomTalk:
    check, not_today = given.check_of, given.outcome == TalkOutcome.NOT_TODAY
    places = lock_places(check.participant, Q(pk=check.booking_id) if not_today else Q(pk__in=[]))
    if there := SymptomTalk.objects.filter(client_id=given.client_id).first():
        if _told(there) != _told(given):
            raise IdUsed
        return there
    now = timezone.now()
    _refuse_talk(check, now)
    given.pk, given.at = None, now
    given.save(force_insert=True)
    given.made_now = True
    if not_today:
        give_back_places(places, reason=NOT_WELL, by=given.by, now=now)
    if given.asks_new_health_answers:
        _ask_health_again(given)
    talk_was_had(check.session)
    return given


def _told(talk: SymptomTalk) -> tuple[object, ...]:
    return (talk.check_of_id, talk.by_id, talk.outcome, talk.note, talk.asks_new_health_answers)


def _refuse_talk(check: SymptomCheck, now: datetime) -> None:
    """A talk answers to the check in force. "May exercise" can still become "not today", never the other way."""
    if now >= check.session.ends_at:
        raise CheckClosed(check.session.ends_at)
    standing = todays_check(check.session, check.participant)
    asks = standing.readiness in (Readiness.TALK_FIRST, Readiness.LIFTED)
    if not asks or standing.check_id != check.pk:
        raise NothingToTalkAbout
    if check.booking_id and not Booking.objects.filter(pk=check.booking_id, state=BookingState.BOOKED).exists():
        raise NoPlace


def _ask_health_again(talk: SymptomTalk) -> None:
    participant, by = talk.check_of.participant, talk.by
    if talk.outcome == TalkOutcome.NOT_TODAY:
        stop_clearance(participant=participant, reason=TALKED, by=by)
        run_consequences(CLEARANCE_CHANGED, participant, by)
    else:
        on = local_date(talk.check_of.session.starts_at)
        ask_again_after(participant=participant, on=on, reason=TALKED, by=by)
