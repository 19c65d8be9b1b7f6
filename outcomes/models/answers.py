"""What each person is asked and when, what they answered, and the scores it came to.

Here: rows. Not here: what is due (asking/), keeping and sending answers
(answering/recording.py), scoring (scoring/).
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.fields import EncryptedJSONField
from accounts.models import Person
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import Transitions, append_only, legal_changes, tracked
from outcomes.models.questionnaires import Questionnaire
from outcomes.questions import Question, read_questions
from outcomes.questions.binding import weighed_by_hand, weights_in
from participants.models import Participant, Timepoint


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

    def answerable_in_private_by(self, user: object) -> AssessmentQuerySet:
        """The same but for those that are the user's work at the desk alone."""
        return self.filter(participant__in=Participant.objects.answered_in_private_by(user))


@tracked()
class Assessment(models.Model):
    """One questionnaire due from one participant at one timepoint, with its window."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="assessments")
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="assessments")
    timepoint = models.ForeignKey(Timepoint, on_delete=models.PROTECT, related_name="assessments")
    round = models.PositiveSmallIntegerField(
        default=1, db_default=1, help_text="2 and more: asked once more, as what was answered before came too early"
    )
    state = models.CharField(max_length=12, choices=AssessmentState.choices, default=AssessmentState.PLANNED)
    opens_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)

    objects = AssessmentQuerySet.as_manager()

    held = (
        Held(
            "round state opens_on due_on closes_on",
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
                fields=["participant", "timepoint", "questionnaire", "round"],
                name="one_assessment_per_timepoint_and_round",
            ),
            models.CheckConstraint(condition=Q(round__gte=1), name="rounds_are_counted_from_one"),
            models.CheckConstraint(
                condition=Q(closes_on=None) | Q(opens_on=None) | Q(closes_on__gte=F("opens_on")),
                name="assessment_closes_after_it_opens",
            ),
        ]
        triggers: ClassVar = [legal_changes("state", ASSESSMENT_TRANSITIONS)]

    def __str__(self) -> str:
        return f"assessment {self.pk}"

    @property
    def is_once_more(self) -> bool:
        """Whether the same was answered before, too early to count."""
        return self.round > 1

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question that it may ask, read anew each time."""
        found = read_questions(self.questionnaire.items, follow_up=self.timepoint.day > 0)
        return weighed_by_hand(found, weights_in(self.questionnaire.binding))


class AnswerMode(models.TextChoices):
    SELF = "self", "by the person"
    PHONE = "phone", "read out by staff on the phone"
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
