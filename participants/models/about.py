"""What a person needs to be understood (DAPB1605), and what they chose to say about themselves."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.fields import EncryptedTextField
from accounts.models import Person
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import tracked
from participants.rules.formats import PROFESSIONALS

PREFER_NOT = "prefer_not", "Prefer not to say"


class AccessNeedKind(models.TextChoices):
    """What each asks of us stands in participants/rules/formats.py."""

    BY_EMAIL = "by_email", "contact by email"
    BY_TEXT = "by_text", "contact by text message"
    BY_PHONE = "by_phone", "contact by phone call"
    BY_RELAY = "by_relay", "contact by phone through Relay UK"
    BY_POST = "by_post", "contact by letter"
    LARGE_PRINT = "large_print", "large print"
    EASY_READ = "easy_read", "easy read"
    BRAILLE = "braille", "braille"
    AUDIO = "audio", "audio"
    SCREEN_READER = "screen_reader", "email that works with a screen reader"
    BSL_VIDEO = "bsl_video", "British Sign Language video"
    BSL_INTERPRETER = "bsl_interpreter", "British Sign Language interpreter"
    LIP_SPEAKER = "lip_speaker", "lip-speaker"
    DEAFBLIND = "deafblind", "deafblind communicator"
    HEARING_LOOP = "hearing_loop", "hearing loop"
    SLOW_SPEECH = "slow_speech", "slow, clear speech"
    LIP_READS = "lip_reads", "lip-reads"
    WRITING_DOWN = "writing_down", "things written down"
    MORE_TIME = "more_time", "more time"
    OWN_SEX_INSTRUCTOR = "own_sex_instructor", "an instructor of my own sex"
    LANGUAGE = "language", "another language"
    INTERPRETER = "interpreter", "interpreter for another language"
    OTHER = "other", "something else"


class AccessNeedQuerySet(models.QuerySet["AccessNeed"]):
    def current(self) -> AccessNeedQuerySet:
        return self.filter(ended_at=None)

    def for_professionals(self) -> AccessNeedQuerySet:
        """Those that somebody must be booked for: an interpreter, a lip-speaker, a communicator."""
        return self.current().filter(kind__in=PROFESSIONALS)

    def shared_with_instructors(self) -> AccessNeedQuerySet:
        return self.current().filter(share_with_instructors=True)


@tracked()
class AccessNeed(models.Model):
    """One need of one person, participant or supporter: recorded, flagged, shared, met, reviewed.

    A row says what was said, by whom it was written down, and when to ask again. It ends, and another takes its
    place; the database lets nothing else in it be changed.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="access_needs")
    kind = models.CharField(max_length=20, choices=AccessNeedKind.choices)
    detail = models.CharField(max_length=200, blank=True)
    share_with_instructors = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    review_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AccessNeedQuerySet.as_manager()

    held = (
        Held(
            "kind detail share_with_instructors recorded_at review_on ended_at",
            "to reach and support the person in a way that works for them",
            Basis.HEALTH,
            Retention.RECORD,
        ),
    )
    plain = ""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "kind", "detail"],
                condition=Q(ended_at=None),
                name="each_access_need_is_recorded_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=AccessNeedKind.values), name="access_need_kind_is_known"),
        ]
        triggers: ClassVar = [
            pgtrigger.ReadOnly(name="an_access_need_is_never_rewritten", exclude=["ended_at"]),
            pgtrigger.Protect(
                name="an_ended_access_need_stays_so",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} for person {self.person_id}"


class Sex(models.TextChoices):
    FEMALE = "female", "Female"
    MALE = "male", "Male"
    PREFER_NOT = PREFER_NOT


class Gender(models.TextChoices):
    WOMAN = "woman", "Woman"
    MAN = "man", "Man"
    NON_BINARY = "non_binary", "Non-binary"
    OTHER = "other", "In another way"
    PREFER_NOT = PREFER_NOT


class EthnicGroup(models.TextChoices):
    """The five groups of the census of England and Wales in 2021."""

    ASIAN = "asian", "Asian, Asian British or Asian Welsh"
    BLACK = "black", "Black, Black British, Black Welsh, Caribbean or African"
    MIXED = "mixed", "Mixed or multiple ethnic groups"
    WHITE = "white", "White"
    OTHER = "other", "Other ethnic group"
    PREFER_NOT = PREFER_NOT


class CancerType(models.TextChoices):
    """In which group somebody counts. What they choose from is finer: participants/rules/cancer_sites.py."""

    BREAST = "breast", "Breast"
    PROSTATE = "prostate", "Prostate"
    BOWEL = "bowel", "Bowel"
    LUNG = "lung", "Lung"
    BLOOD = "blood", "Blood, such as leukaemia, lymphoma or myeloma"
    OTHER = "other", "Another kind, or more than one"
    PREFER_NOT = PREFER_NOT


class TreatmentStage(models.TextChoices):
    BEFORE = "before", "Treatment has not begun"
    DURING = "during", "Having treatment now"
    AFTER = "after", "Treatment has ended"
    LIVING_WITH = "living_with", "Living with cancer for the long term"
    PREFER_NOT = PREFER_NOT


def _said(kind: type[models.TextChoices]) -> models.CharField[str, str]:
    return models.CharField(max_length=20, choices=kind.choices, blank=True)


def _known(field: str, kind: type[models.TextChoices]) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": ["", *kind.values]}), name=f"{field}_is_known")


@tracked()
class Equality(models.Model):
    """Optional facts for fairness figures. An empty value was not asked; "prefer_not" was asked and declined."""

    participant = models.OneToOneField("participants.Participant", on_delete=models.CASCADE, related_name="equality")
    sex = _said(Sex)
    gender = _said(Gender)
    ethnicity = _said(EthnicGroup)
    cancer_type = _said(CancerType)
    cancer_site = models.CharField(max_length=20, blank=True)  # a code of the list; empty in older answers
    cancer_words = EncryptedTextField(blank=True, default="")
    treatment_stage = _said(TreatmentStage)
    deprivation_quintile = models.PositiveSmallIntegerField(null=True, blank=True)

    held = (
        Held("sex gender ethnicity", "to see whether the programme is fair", Basis.CONSENT, Retention.RECORD),
        Held(
            "deprivation_quintile",
            "to see from the postcode whom the programme reaches",
            Basis.SERVICE,
            Retention.RECORD,
        ),
        Held(
            "cancer_type treatment_stage",
            "to see whether the programme is fair, and to tell who agreed of studies that suit",
            Basis.HEALTH,
            Retention.RECORD,
        ),
        Held(
            "cancer_site cancer_words",
            "to understand what they have as they say it; only the person and the desk read it",
            Basis.HEALTH,
            Retention.RECORD,
        ),
    )
    plain = ""

    class Meta:
        verbose_name_plural = "equality"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(deprivation_quintile=None) | Q(deprivation_quintile__range=(1, 5)),
                name="deprivation_quintile_is_one_to_five",
            ),
            models.CheckConstraint(
                condition=Q(cancer_site="") | ~Q(cancer_type__in=["", CancerType.PREFER_NOT]),
                name="a_cancer_site_counts_in_a_group",
            ),
            _known("sex", Sex),
            _known("gender", Gender),
            _known("ethnicity", EthnicGroup),
            _known("cancer_type", CancerType),
            _known("treatment_stage", TreatmentStage),
        ]

    def __str__(self) -> str:
        return f"about participant {self.participant_id}"


class AreaFifth(models.Model):
    """How deprived the area around a postcode is, in fifths; 1 is the most deprived. From a list that is loaded."""

    postcode = models.CharField(max_length=8, primary_key=True)
    fifth = models.PositiveSmallIntegerField()

    held = ()
    plain = "fifth"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(fifth__range=(1, 5)), name="a_fifth_is_one_to_five"),
        ]

    def __str__(self) -> str:
        return f"{self.postcode}: {self.fifth}"
