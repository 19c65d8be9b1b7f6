"""Change one date, or this one and later ones of its series: what was previewed, all of it or nothing.

Under the locks of everybody who has a place or waits, and of the dates, the edit
is judged once more by the function that previewed it; anything that has become
different meanwhile refuses it with a new preview. Places move with their date and
are judged again at the new time; people are told once, whatever number of dates
changed for them. Not here: the judgement (edits.py), the messages
(classes/telling/change_notices.py), the series (splitting.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.history import Actor, acting
from accounts.models import Person
from classes import interpreters
from classes.locks import bound_waits, lock_newcomers, lock_queue, lock_queues, settled
from classes.models import Booking, BookingState, LeaderRole, Room, Series, Session, SessionLeader
from classes.models.booking import LIVE_STATES
from classes.places import booking, places_in_doubt
from classes.telling import change_notices
from classes.telling.change_notices import Told
from classes.telling.cover import ask_about_own_sex, no_cover_wanted
from classes.telling.leaders import leaders_changed
from classes.timetable import few_booked
from classes.timetable.aspects import TOLD, Aspect, leaders_of, overridden_after
from classes.timetable.edits import preview_edit
from classes.timetable.looked_at import DateChange, Edit, EditPreview
from classes.timetable.refusals import DatesRefused, NothingChanges, NotPossible, PeopleBusy, PreviewOutdated
from classes.timetable.scopes import Scope, open_dates
from classes.timetable.splitting import first_of, go_on_with
from classes.unqualified import look_at
from classes.waiting_list.serving import (
    count_places,
    end,
    offer_in_order,
    serve_where_time_is_free,
    take_back_offers,
)
from instructors.models import Instructor

MOVED = "class_moved"  # end_reason of a place that gave way to another one of the same person
DEFERRED = ("a_room_holds_one_session_at_a_time", "an_instructor_is_in_one_place_at_a_time")
PLACES = "a_person_is_in_one_class_at_a_time"


def change_dates(*, edit: Edit, seen: str, by: Person) -> EditPreview:
    """Do what `edit` asks, if that is still what the preview with the fingerprint `seen` said.

    Raises PreviewOutdated (with a new preview), NothingChanges, NotPossible, DatesRefused,
    PeopleBusy, CapacityBelowHeld and TryAgain; after each of them nothing has changed.
    """

    def attempt() -> EditPreview:
        with acting(by, "classes.change_dates"):
            preview = _judged_again(edit, seen)
            _refuse(preview)
            try:
                with transaction.atomic():
                    _write(preview, by)
            except IntegrityError as clash:  # something else was put there at the same moment
                raise PreviewOutdated(preview_edit(edit)) from clash
            return preview

    done = settled(attempt)
    for change in done.dates:
        if change.moves:
            people = [b.participant_id for b in change.bookings]
            serve_where_time_is_free(people=people, during=(change.old.starts_at, change.old.ends_at), by=by)
    return done


def _judged_again(edit: Edit, seen: str) -> EditPreview:
    """The preview of this moment, with everything that it speaks of locked."""
    bound_waits()
    if edit.scope is not Scope.ONE and edit.session.series_id is not None:
        Series.objects.select_for_update(of=("self",)).get(pk=edit.session.series_id)
    edit = replace(edit, session=Session.objects.select_related("series__instructor").get(pk=edit.session.pk))
    _hold(edit)
    dates = list(open_dates(edit.session, edit.scope, timezone.now()).values_list("pk", flat=True))
    people = set(_live(dates).values_list("participant_id", flat=True))
    lock_queues(dates, people=people)
    if newcomers := set(_live(dates).values_list("participant_id", flat=True)) - people:
        lock_newcomers(newcomers)
    preview = preview_edit(edit)
    if preview.fingerprint != seen:
        raise PreviewOutdated(preview)
    return preview


def _live(dates: Collection[int]) -> Any:
    return Booking.objects.filter(session__in=dates, state__in=LIVE_STATES)


def _hold(edit: Edit) -> None:
    """Hold who is to lead and the room that is wanted, in the order in which publishing does."""
    instructor, room = edit.wanted["instructor"], edit.wanted.get("room")
    list(Instructor.objects.filter(pk=instructor.pk).select_for_update(of=("self",)))
    if room is not None:
        list(Room.objects.filter(pk=room.pk).select_for_update(of=("self",)))


def _refuse(preview: EditPreview) -> None:
    if preview.problems:
        raise NotPossible(preview.problems)
    if not preview.changes_anything:
        raise NothingChanges
    if preview.refused:
        raise DatesRefused(preview.refused)
    if preview.busy and not preview.edit.give_back:
        raise PeopleBusy(preview.busy)


def _write(preview: EditPreview, by: Person) -> None:
    _defer(DEFERRED)
    series = _go_on(preview, by)
    for change in preview.dates:
        _give_way(change, by)
    written = [_write_date(change, preview.edit, series, by) for change in preview.dates]
    _check(DEFERRED)
    for change in preview.dates:
        _after(change, by)
    look_at(_leaders(preview), by)
    _tell(preview)
    if led := [leader for leader in written if leader is not None]:
        leaders_changed(led)
        ask_about_own_sex(led, by)


def _leaders(preview: EditPreview) -> list[Instructor]:
    """Whoever led one of these dates, or does now."""
    both = [plan["instructor"] for change in preview.dates for plan in (change.before, change.after)]
    return list(dict.fromkeys(one for one in both if one is not None))


def _go_on(preview: EditPreview, by: Actor) -> Series | None:
    edit = preview.edit
    series = preview.edit.session.series
    if edit.scope is Scope.ONE or series is None:
        return None
    first = first_of([change.session for change in preview.dates] + list(preview.unchanged), edit.session)
    return go_on_with(Series.objects.get(pk=series.pk), first, edit.wanted, by, shift=edit.shift)


def _give_way(change: DateChange, by: Actor) -> None:
    """Nobody is in two classes at once: the place that would have moved onto another one ends, unheld against them."""
    now = timezone.now()
    for place in change.busy:
        change_notices.no_longer_told(place)
        end(place, by=by, now=now, reason=MOVED, state=BookingState.CLOSED)
        count_places(change.session, go=place.party)


def _write_date(change: DateChange, edit: Edit, series: Series | None, by: Person) -> SessionLeader | None:
    """Returns who leads it from now on, where that is somebody else."""
    after, new = change.after, change.new
    assert new is not None  # noqa: S101  no such time is refused
    told = bool(change.aspects & TOLD)
    Session.objects.filter(pk=change.session.pk).update(
        class_type=after["class_type"],
        mode=after["mode"],
        venue=after.get("venue"),
        room=after.get("room"),
        holds=change.holds,
        join_url=after.get("join_url", ""),
        dial_in=after.get("dial_in", ""),
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        minimum=after.get("minimum"),
        release_hours=after.get("release_hours"),
        overridden=_overridden(change, edit, series),
        version=F("version") + 1,
        ics_sequence=F("ics_sequence") + (1 if told else 0),
    )
    if change.moves:
        _live([change.session.pk]).update(during=(new.starts_at, new.ends_at))
        change.session.leaders.filter(active=True).update(during=_led_during(change))
    if change.aspects & {Aspect.TIME, Aspect.PLACE}:  # what somebody said, they said of another time or place
        _live([change.session.pk]).filter(said_coming_at__isnull=False).update(said_coming_at=None)
        _live([change.session.pk]).filter(book_automatically=True).update(book_automatically=False)
    return _hand_over(change, by) if Aspect.INSTRUCTOR in change.aspects else None


def _led_during(change: DateChange) -> tuple[datetime, datetime]:
    """The time kept free after it goes with the date."""
    assert change.new is not None  # noqa: S101  no such time is refused
    return change.new.starts_at, change.new.ends_at + timedelta(minutes=change.session.buffer_minutes)


def _overridden(change: DateChange, edit: Edit, series: Series | None) -> list[str]:
    if series is None:
        on = change.new.on if change.new else change.old.on
        return overridden_after(change.session, change.after, on, change.aspects)
    own = {Aspect(name) for name in change.session.overridden}
    return sorted(aspect.value for aspect in (own - change.aspects) | change.kept)


def _hand_over(change: DateChange, by: Person) -> SessionLeader:
    """Somebody else leads it; who did until now is kept as history."""
    leading = [leader for leader in leaders_of(change.session) if leader.role != LeaderRole.SECOND]
    for leader in leading:
        SessionLeader.objects.filter(pk=leader.pk).update(active=False)
    no_cover_wanted([change.session.pk], by)
    return SessionLeader.objects.create(
        session=change.session,
        instructor=change.after["instructor"],
        role=LeaderRole.LEAD,
        during=_led_during(change),
        assigned_by=by,
    )


def _after(change: DateChange, by: Person) -> None:
    """Places are judged again as the class is now; what it has more of goes to whoever waits."""
    if change.moves:
        few_booked.no_longer_few(change.session, by)  # asked anew before its new start
    if any(change.after.get(name) != change.before.get(name) for name in ("capacity", "reserved", "walk_in")):
        booking.change_capacity(
            session=change.session,
            capacity=change.after["capacity"],
            reserved=change.after.get("reserved", 0),
            walk_in=change.after.get("walk_in", 0),
            by=by,
        )
    if change.aspects & TOLD:
        queue = lock_queue(change.session.pk, people=[b.participant_id for b in change.bookings])
        places_in_doubt.judge_places_in(queue, by)
        now = timezone.now()
        if change.aspects & {Aspect.TIME, Aspect.PLACE}:
            _see_to_interpreters(queue.session, by)
            take_back_offers(queue, by=by, now=now)
        offer_in_order(queue, by=by, now=now, newly_free=bool(change.busy))  # their places are free now


def _see_to_interpreters(session: Session, by: Actor) -> None:
    booked = _live([session.pk]).filter(state=BookingState.BOOKED).select_related("participant__person")
    for place in booked:
        place.session = session
        interpreters.place_has_moved(place, by)


def _tell(preview: EditPreview) -> None:
    told = [
        Told(booking, change.session, given_up=booking in change.busy)
        for change in preview.dates
        for booking in change.told
    ]
    change_notices.classes_changed(told)


def _defer(names: Iterable[str]) -> None:
    """Dates that move together may pass over one another: what is checked is where they end."""
    _constraints(names, "DEFERRED")


def _check(names: Iterable[str]) -> None:
    _constraints(names, "IMMEDIATE")


def _constraints(names: Iterable[str], how: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {', '.join((*names, PLACES))} {how}")
