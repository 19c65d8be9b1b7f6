"""Questionnaires: what each version asks, by which recipe it is scored, and which is asked now.

Here: rows. The file that one came from is files.py, what people answered is
answers.py; which is made active is bringing.py.
"""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Programme
from accounts.permissions import Permission, programmes_allowing
from accounts.tracking import tracked
from outcomes.instruments import OWN
from outcomes.questions import Question, every_question
from outcomes.questions.binding import pairs_in, weighed_by_hand, weights_in


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def arranged_by(self, user: object) -> QuestionnaireQuerySet:
        """Those of the programmes that the user arranges."""
        return self.filter(programme_id__in=programmes_allowing(user, Permission.PUBLISH_FOR_ANYONE))


@tracked(exclude=("introduction", "items", "licence"))
class Questionnaire(models.Model):
    """One version of a questionnaire: items in the shape of a FHIR R4 Questionnaire, and the recipe that scores it.

    Its words never change: other words are another version. `binding` holds too what options weigh, where somebody had
    to say it (questions/binding.py): `pairs` and `every_question` read it.
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

    @property
    def pairs(self) -> dict[str, str]:
        """linkId → item of the recipe; empty: they are alike."""
        return pairs_in(self.binding)

    @property
    def every_question(self) -> tuple[Question, ...]:
        """Those that it may ask at any timepoint, read anew each time; what answers weigh was said by file or hand."""
        return weighed_by_hand(every_question(self.items), weights_in(self.binding))

    @property
    def copyright(self) -> str:
        """What the owner of its words wants to be read beside them. Ours want nothing."""
        return "" if self.recipe in OWN else self.licence
