"""What the timetable answers a program: dates, what stands against them, how many people are told.

Here: shapes for the papers, and the same written out. No name of anybody who comes:
whose place is in the way is said by keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from rest_framework import serializers

from classes.models import Booking, BookingState, Mode
from classes.timetable import Aspect, ComingBack, DateChange, EditPreview, PlannedDate, Preview, PutBack, TermPreview
from classes.timetable.cautions import Caution, CautionKind
from classes.timetable.plans import Clash, ClassFields, Obstacle, ObstacleKind, Problem
from classes.wall_time import Span
from safefit.api import instant

PROBLEMS = [problem.value for problem in Problem]
ASPECTS = [aspect.value for aspect in Aspect]


class ClashShape(serializers.Serializer[Any]):
    class_name = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class CredentialShape(serializers.Serializer[Any]):
    kind = serializers.CharField()
    why = serializers.CharField(help_text="missing, unverified, not_yet or expired")
    day = serializers.DateField(allow_null=True, help_text="when it ran out, or begins")


class ObstacleShape(serializers.Serializer[Any]):
    on = serializers.DateField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in ObstacleKind])
    clash = ClashShape(allow_null=True, help_text="the class that is there already")
    credentials = CredentialShape(many=True)


class CautionShape(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=[kind.value for kind in CautionKind])
    on = serializers.DateField(allow_null=True)
    next_to = ClashShape(allow_null=True)
    most = serializers.IntegerField(help_text="how many people there should be; 0 where it is about time")


class PlanShape(serializers.Serializer[Any]):
    instructor = serializers.IntegerField(allow_null=True)
    class_type = serializers.IntegerField()
    mode = serializers.ChoiceField(choices=Mode.choices)
    start_time = serializers.CharField(help_text="hh:mm by UK clocks")
    duration_minutes = serializers.IntegerField()
    capacity = serializers.IntegerField()
    venue = serializers.IntegerField(allow_null=True)
    room = serializers.IntegerField(allow_null=True)
    reserved = serializers.IntegerField()
    walk_in = serializers.IntegerField()
    join_url = serializers.CharField(allow_blank=True)
    dial_in = serializers.CharField(allow_blank=True)
    minimum = serializers.IntegerField(allow_null=True)
    release_hours = serializers.IntegerField(allow_null=True)


class SpanShape(serializers.Serializer[Any]):
    on = serializers.DateField(help_text="the day, in the UK")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class BusyShape(serializers.Serializer[Any]):
    booking = serializers.IntegerField()
    participant = serializers.IntegerField()


class DateChangeShape(serializers.Serializer[Any]):
    session = serializers.IntegerField()
    old = SpanShape()
    new = SpanShape(allow_null=True, help_text="null where the clocks allow no such time")
    holiday = serializers.CharField(
        allow_blank=True,
        help_text="the bank holiday, or the days without classes of programme or venue, onto which or into whose venue "
        "the date would move; empty where it moves onto none",
    )
    before = PlanShape()
    after = PlanShape()
    changes = serializers.ListField(child=serializers.ChoiceField(choices=ASPECTS))
    keeps = serializers.ListField(
        child=serializers.ChoiceField(choices=ASPECTS), help_text="what this date keeps of its own"
    )
    booked = serializers.IntegerField()
    waiting = serializers.IntegerField()
    busy = BusyShape(many=True, help_text="who has another class at the new time: their places here")
    obstacles = ObstacleShape(many=True)


class EditPreviewShape(serializers.Serializer[Any]):
    seen = serializers.CharField(help_text="send it with the change: it is saved only as looked at")
    may_be_saved = serializers.BooleanField(help_text="false where something stands against it, or give_back is needed")
    dates = DateChangeShape(many=True)
    unchanged = serializers.ListField(
        child=serializers.IntegerField(), help_text="dates (sessions) that stay as they are"
    )
    later = serializers.ListField(child=serializers.DateField(), help_text="dates that are made later, and follow")
    obstacles = ObstacleShape(many=True, help_text="to dates that are made later")
    problems = serializers.ListField(
        child=serializers.ChoiceField(choices=PROBLEMS), help_text="with the plan itself, whatever its dates"
    )
    cautions = CautionShape(many=True, help_text="to think of; they refuse nothing")
    people_told = serializers.IntegerField(help_text="each gets one message about all of these dates")


class PlannedDateShape(serializers.Serializer[Any]):
    on = serializers.DateField()
    starts_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True)
    later = serializers.BooleanField(help_text="made when it comes nearer")
    obstacles = ObstacleShape(many=True)


class LeftOutShape(serializers.Serializer[Any]):
    on = serializers.DateField()
    name = serializers.CharField(
        allow_blank=True, help_text="of the bank holiday, or of the days without classes of programme or venue"
    )


class PreviewShape(serializers.Serializer[Any]):
    may_be_published = serializers.BooleanField()
    dates = PlannedDateShape(many=True)
    days_off = LeftOutShape(many=True, help_text="those of the dates that are days without classes, held all the same")
    left_out = LeftOutShape(many=True, help_text="dates without a class, as they were asked for")
    problems = serializers.ListField(child=serializers.ChoiceField(choices=PROBLEMS))
    clock_changes = serializers.ListField(child=serializers.DateField())
    cautions = CautionShape(many=True)


class ComingBackShape(serializers.Serializer[Any]):
    series = serializers.IntegerField(help_text="the class that comes back")
    dates = PlannedDateShape(many=True)
    holidays = serializers.ListField(
        child=serializers.DateField(), help_text="bank holidays and the programme's own days that are left out"
    )
    left_out = serializers.ListField(child=serializers.DateField(), help_text="dates that cannot be held, left out")
    already = serializers.IntegerField(
        allow_null=True, help_text="a series of the same instructor that is there at that time already"
    )
    problems = serializers.ListField(child=serializers.ChoiceField(choices=PROBLEMS))


class TermPreviewShape(serializers.Serializer[Any]):
    seen = serializers.CharField(help_text="send it with the term: it is published only as looked at")
    may_be_published = serializers.BooleanField()
    classes = ComingBackShape(many=True)
    dropped = serializers.ListField(
        child=serializers.IntegerField(), help_text="series that are in the term already, and are left out of it"
    )


def named_days(named: Mapping[date, str]) -> list[dict[str, Any]]:
    return [{"on": on.isoformat(), "name": name} for on, name in named.items()]


def edit_preview(preview: EditPreview) -> dict[str, Any]:
    return {
        "seen": preview.fingerprint,
        "may_be_saved": preview.may_be_saved,
        "dates": [_date_change(change) for change in preview.dates],
        "unchanged": [session.pk for session in preview.unchanged],
        "later": [on.isoformat() for on in preview.later],
        "obstacles": _obstacles(preview.later_obstacles),
        "problems": [problem.value for problem in preview.problems],
        "cautions": _cautions(preview.cautions),
        "people_told": preview.people,
    }


class PutBackShape(serializers.Serializer[Any]):
    seen = serializers.CharField(help_text="send it with the date: it is put back only as looked at")
    may_be_put_back = serializers.BooleanField()
    date = PlannedDateShape()
    problems = serializers.ListField(child=serializers.ChoiceField(choices=PROBLEMS))


def put_back_preview(found: PutBack) -> dict[str, Any]:
    return {
        "seen": found.fingerprint,
        "may_be_put_back": found.may_be_put_back,
        "date": _planned(found.preview.dates[0]),
        "problems": [problem.value for problem in found.preview.problems],
    }


def series_preview(preview: Preview, *, off: Mapping[date, str], left_out: Iterable[date] = ()) -> dict[str, Any]:
    """`off`: the days without classes and their names."""
    held = [planned.on for planned in preview.dates]
    return {
        "may_be_published": not preview.refused and not preview.problems,
        "dates": [_planned(planned) for planned in preview.dates],
        "days_off": named_days({on: off[on] for on in held if on in off}),
        "left_out": named_days({on: off.get(on, "") for on in left_out}),
        "problems": [problem.value for problem in preview.problems],
        "clock_changes": [on.isoformat() for on in preview.clock_changes],
        "cautions": _cautions(preview.cautions),
    }


def term_preview(preview: TermPreview) -> dict[str, Any]:
    return {
        "seen": preview.fingerprint,
        "may_be_published": preview.may_be_published,
        "classes": [_coming_back(one) for one in preview.classes],
        "dropped": [one.series.pk for one in preview.dropped],
    }


def _coming_back(one: ComingBack) -> dict[str, Any]:
    return {
        "series": one.series.pk,
        "dates": [_planned(planned) for planned in one.preview.dates],
        "holidays": [on.isoformat() for on in sorted(one.holidays)],
        "left_out": [on.isoformat() for on in one.left_out],
        "already": one.already.pk if one.already else None,
        "problems": [problem.value for problem in one.preview.problems],
    }


def _planned(planned: PlannedDate) -> dict[str, Any]:
    return {
        "on": planned.on.isoformat(),
        "starts_at": instant(planned.span.starts_at) if planned.span else None,
        "ends_at": instant(planned.span.ends_at) if planned.span else None,
        "later": planned.later,
        "obstacles": _obstacles(planned.obstacles),
    }


def _date_change(change: DateChange) -> dict[str, Any]:
    waiting = _waiting(change.bookings)
    return {
        "session": change.session.pk,
        "old": _span(change.old),
        "new": _span(change.new) if change.new else None,
        "holiday": change.holiday,
        "before": _plan(change.before),
        "after": _plan(change.after),
        "changes": sorted(aspect.value for aspect in change.aspects),
        "keeps": sorted(aspect.value for aspect in change.kept),
        "booked": len(change.bookings) - waiting,
        "waiting": waiting,
        "busy": [{"booking": place.pk, "participant": place.participant_id} for place in change.busy],
        "obstacles": _obstacles(change.obstacles),
    }


def _waiting(bookings: Iterable[Booking]) -> int:
    return sum(booking.state == BookingState.WAITING for booking in bookings)


def _span(span: Span) -> dict[str, Any]:
    return {"on": span.on.isoformat(), "starts_at": instant(span.starts_at), "ends_at": instant(span.ends_at)}


def _plan(fields: ClassFields) -> dict[str, Any]:
    keys = {name: getattr(fields.get(name), "pk", None) for name in ("instructor", "class_type", "venue", "room")}
    said = ("duration_minutes", "capacity", "reserved", "walk_in", "join_url", "dial_in", "minimum", "release_hours")
    return {
        **keys,
        "mode": fields["mode"].value,
        "start_time": f"{fields['start_time']:%H:%M}",
        **{name: fields.get(name) for name in said},
    }


def _obstacles(obstacles: Iterable[Obstacle]) -> list[dict[str, Any]]:
    return [
        {
            "on": obstacle.on.isoformat(),
            "kind": obstacle.kind.value,
            "clash": _clash(obstacle.clash),
            "credentials": [
                {"kind": one.kind, "why": one.why.value, "day": one.day.isoformat() if one.day else None}
                for one in obstacle.credentials
            ],
        }
        for obstacle in obstacles
    ]


def _clash(clash: Clash | None) -> dict[str, Any] | None:
    if clash is None:
        return None
    return {
        "class_name": clash.class_name,
        "starts_at": instant(clash.starts_at),
        "ends_at": instant(clash.ends_at),
    }


def _cautions(cautions: Iterable[Caution]) -> list[dict[str, Any]]:
    return [
        {
            "kind": caution.kind.value,
            "on": caution.on.isoformat() if caution.on else None,
            "next_to": _clash(caution.next_to),
            "most": caution.most,
        }
        for caution in cautions
    ]
