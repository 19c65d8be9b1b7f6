"""Releases, their figures, and who was counted in them.

Here: rows. Freezing is releases/release.py, what may be shown of a number is disclosure/.
"""

from __future__ import annotations

from typing import ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.fields import EncryptedJSONField
from accounts.models import Agreement, Organisation, Person, Programme, covered
from accounts.permissions import Permission, organisations_allowing, programmes_allowing
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import Tables, Transitions, append_only, frozen_once, legal_changes, tracked

MOST_DAYS: Final = 14  # between the day of the figures and their being published


class ReleaseState(models.TextChoices):
    QUEUED = "queued", "waiting to be built"
    BUILDING = "building", "being built"
    BUILT = "built", "built, not published"
    BLOCKED = "blocked", "not safe to publish"
    FAILED = "failed", "could not be built"
    PUBLISHED = "published", "published"


RELEASE_TRANSITIONS: Transitions = {
    ReleaseState.QUEUED: frozenset({ReleaseState.BUILDING, ReleaseState.FAILED}),
    ReleaseState.BUILDING: frozenset({ReleaseState.BUILT, ReleaseState.BLOCKED, ReleaseState.FAILED}),
    ReleaseState.FAILED: frozenset({ReleaseState.QUEUED}),
    ReleaseState.BUILT: frozenset({ReleaseState.PUBLISHED}),
}


class ReleaseQuerySet(models.QuerySet["Release"]):
    def published(self) -> ReleaseQuerySet:
        return self.filter(state=ReleaseState.PUBLISHED).order_by("-published_at", "-id")

    def shared_with(self, user: object) -> ReleaseQuerySet:
        """Published releases of the user's organisations, while the agreement stands."""
        agreed = Agreement.objects.live().filter(
            organisation_id=models.OuterRef("organisation_id"), programme_id=models.OuterRef("programme_id")
        )
        return self.published().filter(
            models.Exists(agreed), organisation_id__in=organisations_allowing(user, Permission.READ_RELEASES)
        )

    def built_by_desk_of(self, user: object) -> ReleaseQuerySet:
        return self.filter(programme_id__in=programmes_allowing(user, Permission.BUILD_RELEASES)).order_by("-id")


@tracked(exclude=("steps_done", "steps_total"))
class Release(models.Model):
    """A frozen, numbered summary for one organisation. Once published it never changes."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="releases")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=ReleaseState.choices, default=ReleaseState.QUEUED)
    as_at = models.DateField()
    k = models.PositiveSmallIntegerField()
    area = models.CharField(
        max_length=50, blank=True, default="", db_default="", help_text="whose people alone it shows; empty: all"
    )
    dimensions = ArrayField(models.CharField(max_length=50), default=list)
    groups = models.JSONField(default=dict, help_text="the values of each dimension, in order")
    method = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, blank=True)
    attack = models.JSONField(default=dict, help_text="what the disclosure attack tried and found")
    supersedes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    # Both are put here when it is published, and stay as they were said then.
    purpose = models.TextField(blank=True, default="", help_text="what its organisation uses it for")
    said = models.TextField(blank=True, default="", help_text="what people said about the use of information")
    steps_done = models.PositiveIntegerField(default=0)
    steps_total = models.PositiveIntegerField(default=0)

    objects = ReleaseQuerySet.as_manager()

    held = ()
    plain = (
        "number state as_at k area dimensions groups method sha256 attack asked_at published_at purpose said "
        "steps_done steps_total"
    )
    transitions: ClassVar = {"state": RELEASE_TRANSITIONS}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "organisation", "number"], name="releases_are_numbered"),
            models.CheckConstraint(condition=Q(k__gte=8), name="release_hides_numbers_below_eight"),
            models.CheckConstraint(
                condition=~Q(state="published") | (Q(published_at__isnull=False) & ~Q(sha256="")),
                name="a_published_release_is_dated_and_hashed",
            ),
        ]
        triggers: ClassVar = [legal_changes("state", RELEASE_TRANSITIONS), frozen_once("state", ReleaseState.PUBLISHED)]

    def __str__(self) -> str:
        return f"release {self.number}"

    @property
    def covers(self) -> str:
        return covered(self.programme, self.area)


class CellStatus(models.TextChoices):
    SHOWN = "shown", "shown"
    SMALL = "small", "hidden: a small number"
    WITHHELD = "withheld", "withheld to protect others"


class ReleaseCell(models.Model):
    """One figure of a release, as it may be shown. The true value is not kept."""

    # Cells are frozen with their release, so a status never changes.
    transitions: ClassVar[Tables] = {"status": {}}

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="cells")
    table = models.CharField(max_length=50)
    measure = models.CharField(max_length=100)
    where = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=CellStatus.choices)
    reason = models.CharField(max_length=50, blank=True, help_text="why a figure is not shown")
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    decimal_places = models.PositiveSmallIntegerField(default=0)
    # Empty unless the figure repeats one of an earlier counting, because too few came or left to count it anew.
    counted_in = models.ForeignKey(Release, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    held = ()
    plain = "table measure where status reason value low high decimal_places"

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "table", "measure", "where"], name="each_figure_stands_once"),
            models.CheckConstraint(
                condition=Q(status="shown", value__isnull=False)
                | (~Q(status="shown") & Q(value=None, low=None, high=None)),
                name="a_hidden_figure_has_no_value",
            ),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.measure} of release {self.release_id}"


class ReleaseSheet(models.Model):
    """Who was counted in what, by number alone, so that the next release shows no figure that a handful changed.

    Read by the building of a release and by nothing else. Whoever is erased
    leaves a number of nobody, and none of their scores (releases/past.py).
    """

    release = models.OneToOneField(Release, on_delete=models.CASCADE, related_name="sheet")
    lines = EncryptedJSONField(default=dict)

    held = (
        Held("lines", "so that two summaries cannot be compared to find somebody", Basis.CONSENT, Retention.RECORD),
    )
    plain = ""

    def __str__(self) -> str:
        return f"sheet of release {self.release_id}"
