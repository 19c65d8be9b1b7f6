"""What a class is and where it is held."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Programme
from accounts.tracking import tracked


class Effort(models.TextChoices):
    GENTLE = "gentle", "gentle"
    MODERATE = "moderate", "moderate"
    VIGOROUS = "vigorous", "hard work"


class Position(models.TextChoices):
    SEATED = "seated", "seated"
    STANDING = "standing", "standing"
    FLOOR = "floor", "on the floor"


class Fact(models.TextChoices):
    """A fact about a building. Unknown is shown to people, never hidden."""

    YES = "yes", "yes"
    NO = "no", "no"
    UNKNOWN = "unknown", "not known"


@tracked()
class ClassType(models.Model):
    """A kind of class in plain words, and what it needs of its instructor."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="class_types")
    name = models.CharField(max_length=100)
    summary = models.CharField(max_length=300)
    effort = models.CharField(max_length=10, choices=Effort.choices)
    positions = ArrayField(models.CharField(max_length=10, choices=Position.choices))
    bring = models.CharField(max_length=200, blank=True)
    credentials_needed = ArrayField(models.CharField(max_length=30), default=list)
    adaptations_met = ArrayField(models.CharField(max_length=40), default=list)
    people_per_instructor = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="with more places than this for each instructor, whoever publishes is warned"
    )
    one_to_one = models.BooleanField(
        default=False, db_default=False, help_text="held with one person at a time, at times that an instructor gives"
    )
    first_contact = models.BooleanField(
        default=False, db_default=False, help_text="what somebody who is new is offered before anything else"
    )
    companions_beside = models.BooleanField(
        default=False, db_default=False, help_text="whoever comes along takes no place in dates made from now on"
    )
    active = models.BooleanField(default=True)

    held = ()
    plain = (
        "name summary effort positions bring credentials_needed adaptations_met people_per_instructor one_to_one "
        "first_contact companions_beside active"
    )

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "name"], name="one_class_type_per_name"),
            models.CheckConstraint(condition=Q(effort__in=Effort.values), name="class_type_effort_is_known"),
            models.CheckConstraint(
                condition=Q(positions__contained_by=Position.values) & ~Q(positions=[]),
                name="class_type_positions_are_known",
            ),
            models.CheckConstraint(
                condition=Q(first_contact=False) | Q(one_to_one=True), name="a_first_contact_is_one_to_one"
            ),
            models.UniqueConstraint(
                fields=["programme"], condition=Q(first_contact=True), name="a_programme_has_one_first_contact"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class Venue(models.Model):
    """A building where classes are held, and what a person needs to know before going there."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="venues")
    name = models.CharField(max_length=100)
    address = models.CharField(max_length=300)
    town = models.CharField(max_length=100)
    postcode = models.CharField(max_length=8)
    area = models.CharField(max_length=50)
    step_free = models.CharField(max_length=10, choices=Fact.choices, default=Fact.UNKNOWN)
    step_free_note = models.CharField(max_length=100, blank=True, default="", db_default="")
    accessible_toilet = models.CharField(max_length=10, choices=Fact.choices, default=Fact.UNKNOWN)
    accessible_toilet_note = models.CharField(max_length=100, blank=True, default="", db_default="")
    hearing_loop = models.CharField(max_length=10, choices=Fact.choices, default=Fact.UNKNOWN)
    hearing_loop_note = models.CharField(max_length=100, blank=True, default="", db_default="")
    parking = models.CharField(max_length=10, choices=Fact.choices, default=Fact.UNKNOWN)
    parking_note = models.CharField(max_length=100, blank=True, default="", db_default="")
    chairs = models.CharField(max_length=10, choices=Fact.choices, default=Fact.UNKNOWN)
    chairs_note = models.CharField(max_length=100, blank=True, default="", db_default="")
    access_note = models.CharField(max_length=300, blank=True)
    entrance = models.CharField(max_length=200, blank=True)
    getting_there = models.CharField(max_length=300, blank=True)
    defibrillator = models.CharField(max_length=200, blank=True)
    hall_contact = models.CharField(max_length=200, blank=True)
    holds = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="people in one class besides whoever leads it; empty: not known"
    )
    active = models.BooleanField(default=True)
    closed_from = models.DateField(null=True, blank=True, help_text="from this day on no class is held here")

    held = ()
    plain = (
        "name address town postcode area step_free step_free_note accessible_toilet accessible_toilet_note "
        "hearing_loop hearing_loop_note parking parking_note chairs chairs_note access_note entrance getting_there "
        "defibrillator hall_contact holds active closed_from"
    )

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["programme", "name"], name="one_venue_per_name")]

    def __str__(self) -> str:
        return f"{self.name}, {self.town}"


@tracked()
class Room(models.Model):
    """A room of a venue; two classes cannot be in it at once."""

    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=100)

    held = ()
    plain = "name"

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["venue", "name"], name="one_room_per_name")]

    def __str__(self) -> str:
        return self.name
