"""Machine clients: a partner's own system, such as a dashboard, that reads releases by itself. And what each has read.

Here: rows. The number, the hashed secret and the tokens are rows of allauth's provider. Not here: making, revoking and
knowing one by its token (releases/machine_clients.py), the token endpoint (api/tokens.py).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Agreement, Organisation
from accounts.permissions import Permission, programmes_allowing
from accounts.tracking import append_only, tracked
from outcomes.models.releases import Release


class MachineClientQuerySet(models.QuerySet["MachineClient"]):
    def at_desk_of(self, user: object) -> MachineClientQuerySet:
        """Those of organisations with an agreement, over or not, on a programme for which the user builds releases."""
        programmes = programmes_allowing(user, Permission.BUILD_RELEASES)
        agreed = Agreement.objects.filter(organisation_id=models.OuterRef("organisation_id"))
        return self.filter(models.Exists(agreed.filter(programme_id__in=programmes)))

    def in_force(self) -> MachineClientQuerySet:
        """Neither revoked nor ended, and the organisation has an agreement that stands today."""
        agreed = Agreement.objects.live().filter(organisation_id=models.OuterRef("organisation_id"))
        return self.filter(models.Exists(agreed), revoked_at=None, ends_on__gte=timezone.localdate())

    def with_last_read(self) -> MachineClientQuerySet:
        return self.annotate(last_read_at=models.Max("reads__at"))


@tracked()
class MachineClient(models.Model):
    """A system of one organisation. `ends_on`: the last day on which it reads."""

    provided = models.OneToOneField("allauth_idp_oidc.Client", on_delete=models.PROTECT, related_name="machine")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="machine_clients")
    name = models.CharField(max_length=100, help_text="what the organisation calls the system")
    made_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = MachineClientQuerySet.as_manager()

    held = ()
    plain = "name made_on ends_on revoked_at"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="a_machine_client_has_a_name"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("made_on")), name="a_machine_client_ends_after_it_was_made"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MachineRead(models.Model):
    """That a system has read a release. It is about nobody, and no person did it."""

    client = models.ForeignKey(MachineClient, on_delete=models.PROTECT, related_name="reads")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="machine_reads")
    at = models.DateTimeField(default=timezone.now)

    held = ()
    plain = "at"

    class Meta:
        indexes: ClassVar = [models.Index(fields=["client", "-at"], name="machine_reads_by_client")]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"release {self.release_id} read by machine client {self.client_id}"
