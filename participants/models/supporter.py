"""People who help a participant, and what each may do while it is allowed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import Transitions, legal_changes, tracked

INVITED_FOR: Final = timedelta(days=30)


class SupporterScope(models.TextChoices):
    BOOK = "book", "book and cancel classes"
    SEE_MESSAGES = "see_messages", "see messages"
    BE_CONTACTED = "be_contacted", "be contacted"
    SCRIBE = "scribe", "type in answers to questionnaires"
    HEAR_OFFERS = "hear_offers", "be told when a place is offered from a waiting list"


class SupporterStatus(models.TextChoices):
    INVITED = "invited", "invited"
    ACTIVE = "active", "helping"
    ENDED = "ended", "ended"


SUPPORTER_TRANSITIONS: Transitions = {
    SupporterStatus.INVITED: frozenset({SupporterStatus.ACTIVE, SupporterStatus.ENDED}),
    SupporterStatus.ACTIVE: frozenset({SupporterStatus.ENDED}),
}


class SupporterQuerySet(models.QuerySet["Supporter"]):
    def live(self) -> SupporterQuerySet:
        return self.not_over().filter(status=SupporterStatus.ACTIVE, starts_at__lte=timezone.now())

    def not_over(self) -> SupporterQuerySet:
        """Helping, or invited to. A last day counts from its midnight on, written down as ended or not."""
        now = timezone.now()
        return (
            self.filter(Q(ends_at=None) | Q(ends_at__gt=now))
            .exclude(status=SupporterStatus.ENDED)
            .exclude(_unanswered(now))
        )

    def run_out(self) -> SupporterQuerySet:
        """Over by their last day, or invited and silent for too long, and not yet written down as ended."""
        now = timezone.now()
        return self.filter(Q(ends_at__lte=now) | _unanswered(now)).exclude(status=SupporterStatus.ENDED)


def _unanswered(now: datetime) -> Q:
    """An invitation that nobody took up in time: its link opens nothing any more."""
    return Q(status=SupporterStatus.INVITED, invited_at__lte=now - INVITED_FOR)


@tracked(exclude=("invite_hash",))
class Supporter(models.Model):
    """One person helping one participant; invited until they accept or the desk has verified them."""

    participant = models.ForeignKey("participants.Participant", on_delete=models.CASCADE, related_name="supporters")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="supports")
    relationship = models.CharField(max_length=100)
    scopes = ArrayField(models.CharField(max_length=20, choices=SupporterScope.choices), default=list)
    status = models.CharField(max_length=10, choices=SupporterStatus.choices, default=SupporterStatus.INVITED)
    invited_name = models.CharField(max_length=200, blank=True)
    invited_email = models.EmailField(blank=True)
    invite_hash = models.CharField(max_length=64, blank=True)
    invited_at = models.DateTimeField(default=timezone.now)
    verified_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = SupporterQuerySet.as_manager()

    held = (
        Held(
            "relationship scopes status invited_name invited_email invited_at starts_at ends_at",
            "to let somebody help the participant, as far as the participant allows",
            Basis.CONSENT,
            Retention.RECORD,
        ),
    )
    plain = "invite_hash"
    transitions: ClassVar = {"status": SUPPORTER_TRANSITIONS}

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(scopes__contained_by=SupporterScope.values), name="supporter_scopes_are_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="active") | Q(person__isnull=False, starts_at__isnull=False),
                name="an_active_supporter_is_a_known_person",
            ),
            models.UniqueConstraint(
                fields=["participant", "person"], condition=~Q(status="ended"), name="one_live_support_per_pair"
            ),
        ]
        triggers: ClassVar = [legal_changes("status", SUPPORTER_TRANSITIONS)]

    def __str__(self) -> str:
        return f"supporter {self.pk} of participant {self.participant_id}"

    @property
    def last_day(self) -> date | None:
        """The last day on which they may help; None while nobody has named one."""
        return timezone.localdate(self.ends_at - timedelta(microseconds=1)) if self.ends_at else None

    @property
    def answer_by(self) -> date:
        """The last whole day on which an invitation can be taken up."""
        return timezone.localdate(self.invited_at + INVITED_FOR - timedelta(days=1))
