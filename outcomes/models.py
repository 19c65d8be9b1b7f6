"""Questionnaires, answers, scores, and the frozen releases made from them.

Here: rows; those of goals, of measured movement and of worrying answers stand in
modules of their own beside this one. Scoring is scoring.py, windows and saving are
recording.py, what may be shown of a number is disclosure.py, freezing is release.py.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.fields import EncryptedJSONField
from accounts.models import Agreement, Organisation, Person, Programme
from accounts.permissions import Permission, organisations_allowing, programmes_allowing
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import Tables, Transitions, append_only, frozen_once, legal_changes, tracked
from outcomes.file_models import QuestionnaireFile as QuestionnaireFile
from outcomes.goal_models import Goal as Goal
from outcomes.goal_models import GoalRating as GoalRating
from outcomes.measure_models import Measure as Measure
from outcomes.measure_models import MeasureKind as MeasureKind
from outcomes.measure_models import MeasureReason as MeasureReason
from outcomes.measure_models import MeasureResult as MeasureResult
from outcomes.route_models import AlertRoute as AlertRoute
from outcomes.route_models import SafetyRoute as SafetyRoute
from outcomes.route_models import WorryingAnswers as WorryingAnswers
from participants.models import Participant, Timepoint


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def arranged_by(self, user: object) -> QuestionnaireQuerySet:
        """Those of the programmes that the user arranges."""
        return self.filter(programme_id__in=programmes_allowing(user, Permission.PUBLISH_FOR_ANYONE))


@tracked(exclude=("introduction", "items", "licence"))
class Questionnaire(models.Model):
    """One version of a questionnaire: items in the shape of a FHIR R4 Questionnaire, and the recipe that scores it.

    Its words never change: other words are another version.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="questionnaires")
    code = models.SlugField(max_length=50)
    version = models.CharField(max_length=50)
    url = models.CharField(max_length=500, blank=True, help_text="its name among all questionnaires; never opened")
    title = models.CharField(max_length=200)
    introduction = models.TextField(blank=True)
    items = models.JSONField()
    recipe = models.CharField(max_length=50, blank=True, help_text="empty: it is not scored")
    binding = models.JSONField(default=dict, help_text="linkId → item of the recipe; empty: they are alike")
    licence = models.TextField(blank=True)
    active = models.BooleanField(default=True)
    asked_at = ArrayField(
        models.CharField(max_length=20),
        default=list,
        db_default=[],
        blank=True,
        help_text="codes of the only timepoints at which it is asked; empty: at each that measures change",
    )

    objects = QuestionnaireQuerySet.as_manager()

    held = ()
    plain = "code version url title introduction items recipe binding licence active asked_at"

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "code", "version"], name="one_questionnaire_per_version"),
            models.UniqueConstraint(
                fields=["programme", "code"], condition=Q(active=True), name="one_active_version_per_questionnaire"
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="words_never_change",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("code", "version", "url", "title", "introduction", "items"),
            ),
            pgtrigger.Trigger(
                name="scoring_is_fixed_once_answered",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("recipe", "binding"),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM outcomes_response response
                        JOIN outcomes_assessment assessment ON assessment.id = response.assessment_id
                        WHERE assessment.questionnaire_id = OLD.id
                    ) THEN
                        RAISE EXCEPTION 'scoring_is_fixed_once_answered' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class AssessmentState(models.TextChoices):
    PLANNED = "planned", "planned"
    SUBMITTED = "submitted", "answered"
    MISSED = "missed", "not answered in time"
    NOT_WANTED = "not_wanted", "no longer wanted"


ASSESSMENT_TRANSITIONS: Transitions = {
    AssessmentState.PLANNED: frozenset({AssessmentState.SUBMITTED, AssessmentState.MISSED, AssessmentState.NOT_WANTED}),
    # Typed in late at the desk, or open again because a break has moved the window.
    AssessmentState.MISSED: frozenset({AssessmentState.PLANNED, AssessmentState.SUBMITTED, AssessmentState.NOT_WANTED}),
    AssessmentState.NOT_WANTED: frozenset({AssessmentState.PLANNED}),  # somebody who left has joined again
}


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def answerable(self) -> AssessmentQuerySet:
        """Open today and not yet answered."""
        today = timezone.localdate()
        return self.filter(
            Q(closes_on=None) | Q(closes_on__gte=today), state=AssessmentState.PLANNED, opens_on__lte=today
        ).order_by("opens_on", "id")

    def answerable_by(self, user: object) -> AssessmentQuerySet:
        """One's own, and those of people for whom one may type the answers."""
        return self.filter(participant__in=Participant.objects.answered_by(user))


@tracked()
class Assessment(models.Model):
    """One questionnaire due from one participant at one timepoint, with its window."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="assessments")
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="assessments")
    timepoint = models.ForeignKey(Timepoint, on_delete=models.PROTECT, related_name="assessments")
    state = models.CharField(max_length=12, choices=AssessmentState.choices, default=AssessmentState.PLANNED)
    opens_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)

    objects = AssessmentQuerySet.as_manager()

    held = (
        Held(
            "state opens_on due_on closes_on",
            "to ask how the person is at the right time",
            Basis.HEALTH,
            Retention.RECORD,
        ),
    )
    plain = ""
    transitions: ClassVar = {"state": ASSESSMENT_TRANSITIONS}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["participant", "timepoint", "questionnaire"], name="one_assessment_per_timepoint"
            ),
            models.CheckConstraint(
                condition=Q(closes_on=None) | Q(opens_on=None) | Q(closes_on__gte=F("opens_on")),
                name="assessment_closes_after_it_opens",
            ),
        ]
        triggers: ClassVar = [legal_changes("state", ASSESSMENT_TRANSITIONS)]

    def __str__(self) -> str:
        return f"assessment {self.pk}"


class AnswerMode(models.TextChoices):
    SELF = "self", "by the person"
    PHONE = "phone", "read out by staff on the telephone"
    PAPER = "paper", "on paper, typed in later"
    SCRIBE = "scribe", "typed by a supporter, in the person's words"


@tracked(exclude=("answers",))
class Response(models.Model):
    """The answers to one assessment: a draft until it is sent, then fixed."""

    assessment = models.OneToOneField(Assessment, on_delete=models.CASCADE, related_name="response")
    answers = EncryptedJSONField(default=dict)
    mode = models.CharField(max_length=10, choices=AnswerMode.choices, default=AnswerMode.SELF)
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True, help_text="the day on a paper form, which is typed later")

    held = (
        Held(
            "answers mode started_at submitted_at answered_on",
            "to see how the person is doing",
            Basis.HEALTH,
            Retention.RECORD,
        ),
    )
    plain = ""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(mode__in=AnswerMode.values), name="answer_mode_is_known"),
            models.CheckConstraint(
                condition=Q(answered_on=None) | Q(mode=AnswerMode.PAPER), name="only_paper_has_a_day_of_its_own"
            ),
        ]

    def __str__(self) -> str:
        return f"answers to assessment {self.assessment_id}"

    @property
    def given_on(self) -> date:
        """The day on which the answers were given; of what was sent."""
        return self.answered_on or timezone.localdate(self.submitted_at)

    @property
    def is_late(self) -> bool:
        """Whether that was after the window of its assessment; it counts in no figure of that window."""
        closes_on = self.assessment.closes_on
        return closes_on is not None and self.given_on > closes_on


class Score(models.Model):
    """One scale of one response. A score that cannot be computed is null with its reason, never 0."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="scores")
    scale = models.CharField(max_length=30)
    value = models.FloatField(null=True)
    reason = models.CharField(max_length=100, blank=True)
    recipe = models.CharField(max_length=50)
    recipe_version = models.CharField(max_length=20)
    value_set = models.CharField(max_length=30, blank=True)
    flags = ArrayField(models.CharField(max_length=30), default=list, help_text="what to know of a value that stands")
    scored_at = models.DateTimeField(default=timezone.now)

    held = (
        Held("scale value reason flags scored_at", "to see how the person is doing", Basis.HEALTH, Retention.RECORD),
    )
    plain = "recipe recipe_version value_set"

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["response", "scale", "recipe_version", "value_set"],
                name="one_score_per_scale_and_recipe_version",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, reason="") | (Q(value=None) & ~Q(reason="")),
                name="a_missing_score_says_why",
            ),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.scale} of response {self.response_id}"


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
    steps_done = models.PositiveIntegerField(default=0)
    steps_total = models.PositiveIntegerField(default=0)

    objects = ReleaseQuerySet.as_manager()

    held = ()
    plain = "number state as_at k dimensions groups method sha256 attack asked_at published_at steps_done steps_total"
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
    leaves a number of nobody.
    """

    release = models.OneToOneField(Release, on_delete=models.CASCADE, related_name="sheet")
    lines = EncryptedJSONField(default=dict)

    held = (
        Held("lines", "so that two summaries cannot be compared to find somebody", Basis.CONSENT, Retention.RECORD),
    )
    plain = ""

    def __str__(self) -> str:
        return f"sheet of release {self.release_id}"
