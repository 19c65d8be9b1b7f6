"""A person's part in one programme: participant, enrolment, pauses, phases, timepoints."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from phonenumber_field.modelfields import PhoneNumberField

from accounts.fields import EncryptedTextField
from accounts.models import Person, Programme
from accounts.permissions import Permission, programmes_allowing
from accounts.prepared import Given
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import Transitions, legal_changes, tracked
from participants.models.supporter import Supporter, SupporterScope


class ParticipantStatus(models.TextChoices):
    ACTIVE = "active", "taking part"
    PAUSED = "paused", "paused"
    COMPLETED = "completed", "finished the programme"
    WITHDRAWN = "withdrawn", "left the programme"
    DIED = "died", "has died"


PARTICIPANT_TRANSITIONS: Transitions = {
    ParticipantStatus.ACTIVE: frozenset(
        {ParticipantStatus.PAUSED, ParticipantStatus.COMPLETED, ParticipantStatus.WITHDRAWN, ParticipantStatus.DIED}
    ),
    ParticipantStatus.PAUSED: frozenset(
        {ParticipantStatus.ACTIVE, ParticipantStatus.COMPLETED, ParticipantStatus.WITHDRAWN, ParticipantStatus.DIED}
    ),
    ParticipantStatus.COMPLETED: frozenset({ParticipantStatus.ACTIVE, ParticipantStatus.DIED}),
    ParticipantStatus.WITHDRAWN: frozenset(
        {ParticipantStatus.ACTIVE, ParticipantStatus.PAUSED, ParticipantStatus.DIED}
    ),
    # Only where it was recorded by mistake (stops.undo_stop).
    ParticipantStatus.DIED: frozenset(
        {
            ParticipantStatus.ACTIVE,
            ParticipantStatus.PAUSED,
            ParticipantStatus.COMPLETED,
            ParticipantStatus.WITHDRAWN,
        }
    ),
}


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def of(self, user: object) -> ParticipantQuerySet:
        """The user's own records."""
        pk: int | None = getattr(user, "pk", None)
        return self.of_login(pk) if pk else self.none()

    def of_login(self, pk: int | Given) -> ParticipantQuerySet:
        return self.filter(person__user=pk)

    def supported_by(self, user: object, scope: SupporterScope | None = None) -> ParticipantQuerySet:
        """Those whom the user supports now, with `scope` where it is named."""
        pk: int | None = getattr(user, "pk", None)
        if not pk:
            return self.none()
        live = Supporter.objects.live().filter(person__user=pk, participant=models.OuterRef("pk"))
        if scope is not None:
            live = live.filter(scopes__contains=[scope])
        return self.filter(models.Exists(live))

    def at_desk_of(self, user: object) -> ParticipantQuerySet:
        return self.filter(programme_id__in=programmes_allowing(user, Permission.WORK_AT_DESK))

    def bookable_by(self, user: object) -> ParticipantQuerySet:
        """Those for whom the user may book and cancel: oneself, whom one supports so, or the desk's."""
        return self.of(user) | self._with(self.supported_by(user, SupporterScope.BOOK)) | self.at_desk_of(user)

    def acted_for_by(self, user: object) -> ParticipantQuerySet:
        """Those for whom the user may do something: book, or type answers."""
        return self.bookable_by(user) | self.answered_by(user)

    def answered_by(self, user: object) -> ParticipantQuerySet:
        """Those whose questionnaires the user may fill in: one's own, whom one supports so, or the desk's."""
        return self.answered_in_private_by(user) | self.at_desk_of(user)

    def answered_in_private_by(self, user: object) -> ParticipantQuerySet:
        """The same without the desk's: whoever works there may take part too, or help a friend."""
        return self.of(user) | self._with(self.supported_by(user, SupporterScope.SCRIBE))

    def visible_to(self, user: object) -> ParticipantQuerySet:
        """Those of whose part in the programme the user may see anything."""
        return self.of(user) | self._with(self.supported_by(user)) | self.at_desk_of(user)

    def _with(self, other: ParticipantQuerySet) -> ParticipantQuerySet:
        return self.filter(pk__in=other.values("pk"))


@tracked(exclude=("facts_version",))
class Participant(models.Model):
    """A person in a programme. `facts_version` rises when anything that eligibility judges changes."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="participations")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="participants")
    reference = models.CharField(max_length=12, unique=True)
    status = models.CharField(max_length=10, choices=ParticipantStatus.choices, default=ParticipantStatus.ACTIVE)
    source = models.CharField(max_length=10)
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    area = models.CharField(max_length=50, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    emergency_name = models.CharField(max_length=200, blank=True)
    emergency_relationship = models.CharField(max_length=100, blank=True)
    emergency_phone = PhoneNumberField(blank=True)
    # Empty while nobody has changed or confirmed it since registering.
    emergency_confirmed_at = models.DateTimeField(null=True, blank=True)
    emergency_confirmed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    facts_version = models.PositiveIntegerField(default=1)
    registered_at = models.DateTimeField(default=timezone.now)

    objects = ParticipantQuerySet.as_manager()

    held = (
        Held("reference status source registered_at", "to run the programme", Basis.SERVICE, Retention.RECORD),
        Held(
            "area postcode",
            "to offer classes nearby, to be sure who is on the phone, and to see whom the programme reaches",
            Basis.SERVICE,
            Retention.RECORD,
        ),
        Held(
            "emergency_name emergency_relationship emergency_phone emergency_confirmed_at",
            "to call somebody in an emergency",
            Basis.VITAL,
            Retention.RECORD,
        ),
    )
    plain = "facts_version"
    transitions: ClassVar = {"status": PARTICIPANT_TRANSITIONS}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "programme"], name="one_participant_per_person_and_programme"),
            models.CheckConstraint(
                condition=Q(status__in=ParticipantStatus.values), name="participant_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(emergency_confirmed_at=None, emergency_confirmed_by=None)
                | Q(emergency_confirmed_at__isnull=False, emergency_confirmed_by__isnull=False),
                name="who_confirmed_a_contact_is_known",
            ),
        ]
        triggers: ClassVar = [legal_changes("status", PARTICIPANT_TRANSITIONS)]

    def __str__(self) -> str:
        return self.reference

    @property
    def has_left(self) -> bool:
        return self.status == ParticipantStatus.WITHDRAWN


@tracked()
class Phase(models.Model):
    """A stretch of the programme with the contacts a week expected in it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="phases")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)
    weeks = models.PositiveSmallIntegerField()
    contacts_least = models.PositiveSmallIntegerField()
    contacts_most = models.PositiveSmallIntegerField()
    per_weeks = models.PositiveSmallIntegerField(default=1)
    most_a_week = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="places that one person may hold in a week, Monday to Sunday; empty: no limit"
    )
    one_to_ones_apart = models.BooleanField(
        default=False, help_text="one-to-one sessions do not count towards that limit, and are not held back by it"
    )

    talks = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="one-to-one sessions that the plan suggests besides classes"
    )
    talks_per_weeks = models.PositiveSmallIntegerField(
        default=4, db_default=4, help_text="in so many weeks; 4 is called a month"
    )

    held = ()
    plain = (
        "order name weeks contacts_least contacts_most per_weeks most_a_week one_to_ones_apart talks talks_per_weeks"
    )

    class Meta:
        ordering: ClassVar = ["order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "order"], name="phases_of_a_programme_are_in_order"),
            models.CheckConstraint(condition=Q(contacts_most__gte=F("contacts_least")), name="phase_contacts_in_order"),
            models.CheckConstraint(
                condition=Q(most_a_week=None) | Q(most_a_week__gte=1), name="a_limit_leaves_one_place_a_week"
            ),
            models.CheckConstraint(condition=Q(talks_per_weeks__gte=1), name="talks_are_planned_in_weeks"),
        ]

    def __str__(self) -> str:
        return self.name


class Timepoint(models.Model):
    """When a questionnaire is due: days from the first attended class, with the window around them."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="timepoints")
    code = models.SlugField(max_length=20)
    label = models.CharField(max_length=50)
    day = models.SmallIntegerField()
    opens_before = models.PositiveSmallIntegerField()
    closes_after = models.PositiveSmallIntegerField()
    measures_change = models.BooleanField(
        default=True,
        db_default=True,
        help_text="compared with the start, in summaries too; else only questionnaires that name it are asked then",
    )

    held = ()
    plain = "code label day opens_before closes_after measures_change"

    class Meta:
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "code"], name="one_timepoint_per_code"),
        ]

    def __str__(self) -> str:
        return self.label


@tracked()
class Enrolment(models.Model):
    """From when to when a participant is in the programme."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="enrolments")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=100, blank=True)
    closes_on = models.DateField(
        null=True, blank=True, help_text="the last day on which they can come, of which they were told"
    )
    extended_until = models.DateField(null=True, blank=True)
    extension_reason = EncryptedTextField(blank=True)

    held = (
        Held(
            "starts_on ends_on end_reason closes_on extended_until",
            "to know who is in the programme",
            Basis.SERVICE,
            Retention.RECORD,
        ),
        Held("extension_reason", "to show why somebody stays longer", Basis.HEALTH, Retention.RECORD),
    )
    plain = ""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="enrolment_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["participant"], condition=Q(ends_on=None), name="one_open_enrolment_per_participant"
            ),
            models.CheckConstraint(
                condition=Q(extended_until=None) | Q(extended_until__gte=F("starts_on")),
                name="somebody_stays_longer_than_until_they_start",
            ),
        ]

    def __str__(self) -> str:
        return f"enrolment of participant {self.participant_id} from {self.starts_on}"

    def covers(self, on: date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)


class PauseReason(models.TextChoices):
    """What somebody may say of a break; the row keeps the value."""

    TREATMENT = "treatment", "treatment"
    OPERATION = "operation", "an operation"
    UNWELL = "unwell", "not well enough"
    CARING = "caring", "caring for somebody"
    AWAY = "away", "away"
    OTHER = "other", "something else, or not said"


@tracked()
class EnrolmentPause(models.Model):
    """Time out of the programme: it moves phases and questionnaire windows on by as much."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="pauses")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="first day back")
    reason = models.CharField(max_length=100)
    review_on = models.DateField(null=True, blank=True)

    held = (
        Held(
            "starts_on ends_on reason review_on",
            "to hold the person's place while they cannot take part",
            Basis.HEALTH,
            Retention.RECORD,
        ),
    )
    plain = ""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="pause_ends_after_it_starts"
            ),
            ExclusionConstraint(
                name="pauses_do_not_overlap",
                expressions=[
                    ("enrolment", RangeOperators.EQUAL),
                    (
                        Func(
                            "starts_on", "ends_on", RangeBoundary(), function="daterange", output_field=DateRangeField()
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"pause from {self.starts_on}"

    @property
    def reason_words(self) -> str:
        """The reason in words; one from before there was a list stands as it was kept."""
        return PauseReason(self.reason).label if self.reason in PauseReason.values else self.reason
