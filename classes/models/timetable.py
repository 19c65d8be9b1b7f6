"""The timetable: series in local wall time, sessions as instants, who leads them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    BigIntegerRangeField,
    DateTimeRangeField,
    RangeBoundary,
    RangeOperators,
)
from django.db import models
from django.db.models import Deferrable, Exists, F, Func, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Person, Programme
from accounts.permissions import Permission, allows, programmes_allowing
from accounts.prepared import Given
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import Transitions, legal_changes, tracked
from classes.models.places import ClassType, Room, Venue
from instructors.models import Instructor

LONGEST = timedelta(days=1)  # no class lasts longer
COVER_REACHES = timedelta(days=14)  # after the class: as long as its register may be amended


class Mode(models.TextChoices):
    IN_PERSON = "in_person", "in person"
    REMOTE = "remote", "online"
    PHONE = "phone", "by telephone"


class SessionKind(models.TextChoices):
    GROUP = "group", "class"
    ONE_TO_ONE = "one_to_one", "one-to-one"


class SessionStatus(models.TextChoices):
    DRAFT = "draft", "draft"
    PUBLISHED = "published", "published"
    CANCELLED = "cancelled", "cancelled"


SESSION_TRANSITIONS: Transitions = {
    SessionStatus.DRAFT: frozenset({SessionStatus.PUBLISHED, SessionStatus.CANCELLED}),
    SessionStatus.PUBLISHED: frozenset({SessionStatus.CANCELLED}),
}


@tracked(exclude=("materialised_until",))
class Series(models.Model):
    """A class that comes back: weekly or fortnightly, at a local wall time."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="series")
    class_type = models.ForeignKey(ClassType, on_delete=models.PROTECT)
    mode = models.CharField(max_length=10, choices=Mode.choices)
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, null=True, blank=True)
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True)
    instructor = models.ForeignKey(Instructor, on_delete=models.PROTECT, related_name="series")
    start_time = models.TimeField()
    duration_minutes = models.PositiveSmallIntegerField()
    interval_weeks = models.PositiveSmallIntegerField(default=1)
    first_date = models.DateField()
    last_date = models.DateField()
    excluded_dates = ArrayField(models.DateField(), default=list, blank=True)
    capacity = models.PositiveSmallIntegerField()
    reserved = models.PositiveSmallIntegerField(default=0)
    walk_in = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="places for whoever comes without booking"
    )
    release_hours = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="so long before the start, places kept back are given away; empty: never"
    )
    minimum = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="with fewer booked two days before, the desk is asked; nothing cancels by itself",
    )
    join_url = models.URLField(blank=True)
    dial_in = models.CharField(max_length=100, blank=True)
    materialised_until = models.DateField(null=True, blank=True)

    held = ()
    plain = (
        "mode start_time duration_minutes interval_weeks first_date last_date excluded_dates capacity reserved "
        "walk_in release_hours minimum join_url dial_in materialised_until"
    )

    class Meta:
        verbose_name_plural = "series"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(interval_weeks__in=[1, 2]), name="series_is_weekly_or_fortnightly"),
            models.CheckConstraint(condition=Q(last_date__gte=F("first_date")), name="series_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(duration_minutes__range=(10, 480)), name="series_duration_is_sensible"),
            models.CheckConstraint(
                condition=Q(capacity__gte=F("reserved") + F("walk_in")), name="series_reserves_within_capacity"
            ),
            models.CheckConstraint(
                condition=Q(mode="remote", venue=None, room=None) | Q(mode="in_person", venue__isnull=False),
                name="series_in_person_has_a_venue",
            ),
        ]

    def __str__(self) -> str:
        return f"series {self.pk}"


class LeaderRole(models.TextChoices):
    LEAD = "lead", "leads"
    SECOND = "second", "assists"
    COVER = "cover", "covers"


JUST_BEFORE, REPORTED_FOR = timedelta(hours=12), timedelta(days=14)
OWN_ROLES = (LeaderRole.LEAD, LeaderRole.SECOND)


class SessionQuerySet(models.QuerySet["Session"]):
    def public(self) -> SessionQuerySet:
        """What anybody may see. A cancelled date stays visible as cancelled."""
        return self.exclude(status=SessionStatus.DRAFT)

    def published(self) -> SessionQuerySet:
        return self.filter(status=SessionStatus.PUBLISHED)

    def not_over(self, at: datetime | Given) -> SessionQuerySet:
        """Those that have not ended. Nothing lasts a day, so what began earlier is passed over by the index."""
        return self.filter(ends_at__gt=at, starts_at__gt=at - LONGEST)

    def with_places(self) -> SessionQuerySet:
        return self.filter(places_taken__lt=F("capacity") - F("reserved") - F("walk_in"))

    def led_by(self, user: object) -> SessionQuerySet:
        """The user's own classes, only while that stands: leading, second, or cover until the register closes."""
        covering = Q(leaders__role=LeaderRole.COVER, ends_at__gt=timezone.now() - COVER_REACHES)
        leading = Q(leaders__active=True, leaders__instructor__in=Instructor.objects.of(user))
        return self.filter(leading & (Q(leaders__role__in=OWN_ROLES) | covering)).distinct()

    def reported_on_by(self, user: object) -> SessionQuerySet:
        """The same, and for two weeks what was cancelled under way or just before: often because something happened."""
        under_way = Q(cancelled_at__gte=F("starts_at") - JUST_BEFORE, ends_at__gt=timezone.now() - REPORTED_FOR)
        to_the_end = SessionLeader.objects.filter(instructor__in=Instructor.objects.of(user)).not_replaced()
        cancelled = self.filter(under_way, Exists(to_the_end.filter(session=OuterRef("pk"))))
        return self.filter(Q(pk__in=self.led_by(user).values("pk")) | Q(pk__in=cancelled.values("pk")))

    def at_desk_of(self, user: object) -> SessionQuerySet:
        return self.filter(programme_id__in=programmes_allowing(user, Permission.WORK_AT_DESK))

    def visible_to(self, user: object) -> SessionQuerySet:
        """The public timetable, and one's own or one's programme's drafts.

        Most people have neither, and the database is not asked about what they have not.
        """
        visible = self.public()
        if allows(user, Permission.TEACH):
            visible |= self.filter(pk__in=self.led_by(user).values("pk"))
        if programmes_allowing(user, Permission.WORK_AT_DESK):
            visible |= self.at_desk_of(user)
        return visible


@tracked(exclude=("places_taken", "companions", "version", "ics_sequence"))
class Session(models.Model):
    """One date of a class. `places_taken` = booked + live offers, `companions` = who comes along with them and takes
    no place; only classes/places/booking.py changes them."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="sessions")
    series = models.ForeignKey(Series, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions")
    occurs_on = models.DateField(help_text="the local date that the series gave it; stays when the date is moved")
    class_type = models.ForeignKey(ClassType, on_delete=models.PROTECT, related_name="sessions")
    kind = models.CharField(max_length=10, choices=SessionKind.choices, default=SessionKind.GROUP)
    mode = models.CharField(max_length=10, choices=Mode.choices)
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField()
    reserved = models.PositiveSmallIntegerField(default=0)
    walk_in = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="places for whoever comes without booking"
    )
    release_hours = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="so long before the start, places kept back are given away; empty: never"
    )
    minimum = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="with fewer booked two days before, the desk is asked; nothing cancels by itself",
    )
    buffer_minutes = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="minutes after it in which whoever leads it has nothing else"
    )
    places_taken = models.PositiveSmallIntegerField(default=0)
    companions_beside = models.BooleanField(
        default=False, db_default=False, help_text="companions take no place: as its kind was when the date was made"
    )
    companions = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="those who take no place")
    holds = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="people whom its hall holds; companions are let in beside all its places"
    )
    status = models.CharField(max_length=10, choices=SessionStatus.choices, default=SessionStatus.DRAFT)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=200, blank=True)
    overridden = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    join_url = models.URLField(blank=True)
    dial_in = models.CharField(max_length=100, blank=True)
    version = models.PositiveIntegerField(default=1)
    ics_sequence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = SessionQuerySet.as_manager()

    held = ()
    plain = (
        "occurs_on kind mode starts_at ends_at capacity reserved walk_in release_hours minimum buffer_minutes "
        "places_taken companions_beside companions holds status "
        "cancelled_at cancel_reason overridden join_url dial_in version ics_sequence created_at"
    )
    transitions: ClassVar = {"status": SESSION_TRANSITIONS}

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(capacity__gte=F("places_taken") + F("reserved") + F("walk_in")),
                name="session_places_within_capacity",
            ),
            models.CheckConstraint(
                condition=Q(companions=0)
                | Q(companions_beside=True) & (Q(holds=None) | Q(holds__gte=F("capacity") + F("companions"))),
                name="companions_beside_places_fit_into_the_hall",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(ends_at__lte=F("starts_at") + LONGEST), name="session_lasts_a_day_at_most"
            ),
            models.CheckConstraint(condition=Q(status__in=SessionStatus.values), name="session_status_is_known"),
            models.CheckConstraint(
                condition=Q(mode__in=["remote", "phone"], venue=None, room=None)
                | Q(mode="in_person", venue__isnull=False),
                name="session_in_person_has_a_venue",
            ),
            models.CheckConstraint(condition=Q(kind="group") | Q(capacity__lte=1), name="one_to_one_holds_one_person"),
            models.CheckConstraint(
                condition=~Q(mode="phone") | Q(kind="one_to_one"), name="only_a_one_to_one_is_by_telephone"
            ),
            models.CheckConstraint(
                condition=Q(buffer_minutes=0) | Q(kind="one_to_one"), name="only_a_one_to_one_keeps_time_free_after_it"
            ),
            models.CheckConstraint(
                condition=Q(status="cancelled", cancelled_at__isnull=False) & ~Q(cancel_reason="")
                | ~Q(status="cancelled") & Q(cancelled_at=None),
                name="a_cancelled_session_says_when_and_why",
            ),
            models.UniqueConstraint(fields=["series", "occurs_on"], name="one_session_per_date_of_a_series"),
            ExclusionConstraint(
                name="a_room_holds_one_session_at_a_time",
                expressions=[
                    ("venue", RangeOperators.EQUAL),
                    # Without a room it is the whole hall: a range without ends, which meets that of every room in it.
                    (
                        Func(
                            "room_id",
                            "room_id",
                            RangeBoundary(inclusive_upper=True),
                            function="int8range",
                            output_field=BigIntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            "starts_at",
                            "ends_at",
                            RangeBoundary(),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=~Q(status="cancelled"),
                deferrable=Deferrable.IMMEDIATE,  # dates that are moved together may pass over one another
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["starts_at", "id"], name="sessions_by_start")]
        triggers: ClassVar = [legal_changes("status", SESSION_TRANSITIONS)]

    def __str__(self) -> str:
        return f"session {self.pk} on {self.occurs_on}"

    @property
    def places_left(self) -> int:
        return self.capacity - self.kept - self.places_taken

    @property
    def kept(self) -> int:
        """Places that nobody books: kept back until their time comes, or for whoever comes without booking."""
        return self.reserved + self.walk_in

    def places_for(self, party: int) -> int:
        """How many places so many people take here. SQL has the same rule in classes_take_place."""
        return min(party, 1) if self.companions_beside else party

    def beside(self, party: int) -> int:
        """How many of them come along without taking a place."""
        return party - self.places_for(party)

    def has_room_beside(self, party: int, *, instead_of: int = 0) -> bool:
        """Whether the hall holds whoever comes along, with every place of the class filled."""
        more = self.beside(party) - self.beside(instead_of)
        return more <= 0 or self.holds is None or self.capacity + self.companions + more <= self.holds

    def fits(self, party: int) -> bool:
        """Whether so many people could come: a place for each who takes one, and room for who comes along."""
        return self.places_for(party) <= self.places_left and self.has_room_beside(party)

    @property
    def people_expected(self) -> int:
        """In the hall: with a place, offered one, or coming along."""
        return self.places_taken + self.companions

    @property
    def is_one_to_one(self) -> bool:
        return self.kind == SessionKind.ONE_TO_ONE

    @property
    def is_from_home(self) -> bool:
        """Online or by telephone: nobody has a way to go."""
        return self.mode != Mode.IN_PERSON

    @property
    def led_until(self) -> datetime:
        """Until when whoever leads it is not free for anything else."""
        return self.ends_at + timedelta(minutes=self.buffer_minutes)

    @property
    def is_cancelled(self) -> bool:
        return self.status == SessionStatus.CANCELLED

    def has_started(self, at: datetime) -> bool:
        return at >= self.starts_at


class SessionLeaderQuerySet(models.QuerySet["SessionLeader"]):
    def leading(self) -> SessionLeaderQuerySet:
        """Who leads it as things are, by own right or in somebody's stead; not who assists."""
        return self.filter(active=True).exclude(role=LeaderRole.SECOND)

    def not_replaced(self) -> SessionLeaderQuerySet:
        """Who led or assisted to the end, also where cancelling the class has ended it: nobody came in their stead."""
        assists = Q(role=LeaderRole.SECOND)
        later = SessionLeader.objects.filter(session=OuterRef("session"), pk__gt=OuterRef("pk"))
        return self.filter(
            assists & ~Exists(later.filter(assists)) | ~assists & ~Exists(later.exclude(role=LeaderRole.SECOND))
        )


@tracked()
class SessionLeader(models.Model):
    """Who leads a session. An inactive row is history: it gives no access."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="leaders")
    instructor = models.ForeignKey(Instructor, on_delete=models.PROTECT, related_name="leading")
    role = models.CharField(max_length=10, choices=LeaderRole.choices, default=LeaderRole.LEAD)
    cover_for = models.ForeignKey(Instructor, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    during = DateTimeRangeField()
    active = models.BooleanField(default=True)
    assigned_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    objects = SessionLeaderQuerySet.as_manager()

    held = (Held("role during active", "to know who leads which class", Basis.SERVICE, Retention.STAFF),)
    plain = ""

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="an_instructor_is_in_one_place_at_a_time",
                expressions=[("instructor", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(active=True),
                deferrable=Deferrable.IMMEDIATE,
            ),
            models.UniqueConstraint(
                fields=["session", "role"], condition=Q(active=True), name="one_active_leader_per_role"
            ),
            models.CheckConstraint(
                condition=Q(cover_for=None) | Q(role="cover") & ~Q(cover_for=F("instructor")),
                name="only_a_cover_leads_for_somebody_else",
            ),
        ]

    def __str__(self) -> str:
        return f"instructor {self.instructor_id} {self.role} session {self.session_id}"
