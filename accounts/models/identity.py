"""People, logins, organisations, programmes and memberships; what was read of whom.

Here: rows and facts of one row. Not here: what a role may do (permissions.py),
signing in (signin.py), a person's part in a programme (participants).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.functional import cached_property
from phonenumber_field.modelfields import PhoneNumberField

from accounts.permissions import Permission, Role, roles_with
from accounts.prepared import Given
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import append_only, tracked


@tracked()
class Person(models.Model):
    """A human being, whether or not they ever sign in."""

    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    known_as = models.CharField(max_length=100, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    contact_stopped_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    held = (
        Held("given_name family_name known_as", "to address the person", Basis.SERVICE, Retention.RECORD),
        Held("date_of_birth", "to check age and tell people of one name apart", Basis.SERVICE, Retention.RECORD),
        Held("contact_stopped_at", "to send nothing more after a death or on request", Basis.SERVICE, Retention.RECORD),
    )
    plain = "created_at"

    class Meta:
        verbose_name_plural = "people"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(given_name=""), name="person_has_a_given_name"),
            models.CheckConstraint(condition=~Q(family_name=""), name="person_has_a_family_name"),
        ]
        indexes: ClassVar = [models.Index("date_of_birth", Lower("family_name"), name="person_by_birth_and_name")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def first_name(self) -> str:
        """What the person is called in conversation."""
        return self.known_as or self.given_name


class Channel(models.TextChoices):
    EMAIL = "email", "email"
    TEXT = "text", "text message (SMS)"
    PHONE = "phone", "phone call"
    POST = "post", "letter"


class ContactPointQuerySet(models.QuerySet["ContactPoint"]):
    def current(self) -> ContactPointQuerySet:
        """In use now, the one a person prefers first."""
        return self.filter(ended_at=None).order_by("-preferred", "pk")

    def working(self) -> ContactPointQuerySet:
        """In use now, and what we send there arrives as far as we know."""
        return self.current().filter(failed_at=None)


@tracked()
class ContactPoint(models.Model):
    """A way to reach a person. Never an identity: two people may share one."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contact_points")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    value = models.CharField(max_length=500)
    may_leave_message = models.BooleanField(default=False)
    preferred = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True, help_text="since when nothing is sent there")
    confirmed_at = models.DateTimeField(null=True, blank=True, help_text="when they said that it is right all the same")

    objects = ContactPointQuerySet.as_manager()

    held = (
        Held(
            "channel value may_leave_message preferred ended_at failed_at confirmed_at",
            "to reach the person in the way they chose",
            Basis.SERVICE,
            Retention.RECORD,
        ),
    )
    plain = ""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="contact_point_channel_is_known"),
            models.CheckConstraint(condition=~Q(value=""), name="contact_point_has_a_value"),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(preferred=True, ended_at=None),
                name="one_preferred_contact_point_per_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} of person {self.person_id}"


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, *, person: Person, email: str | None = None, mobile: str | None = None, password: str | None = None
    ) -> User:
        user = self.model(person=person, email=email.lower() if email else None, mobile=mobile)
        user.set_password(password)  # None makes it unusable: such a person signs in with a code
        user.save(using=self._db)
        return user


@dataclass(frozen=True)
class Holding:
    """A membership in force, as far as deciding what somebody may do needs it."""

    role: str
    programme_id: int | None
    organisation_id: int | None


@tracked(exclude=("last_login", "password"))
class User(AbstractBaseUser):
    """A login of one person: a unique email address or mobile number."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="user")
    email = models.EmailField(null=True, blank=True)  # noqa: DJ001  (NULL, so that many may have none)
    mobile = PhoneNumberField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    devices_forgotten_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="what a device keeps since before this is wiped"
    )
    email_proved_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="when somebody who reads it gave the date of birth"
    )
    mobile_proved_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="when somebody who reads it gave the date of birth"
    )
    wrong_births = models.PositiveSmallIntegerField(
        default=0, db_default=0, editable=False, help_text="given since an address was set, or proved"
    )

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"

    held = (
        Held("email mobile password", "to sign in", Basis.SERVICE, Retention.ACCOUNT),
        Held("last_login", "to close unused accounts", Basis.SERVICE, Retention.ACCOUNT),
    )
    plain = "is_active created_at devices_forgotten_at email_proved_at mobile_proved_at wrong_births"

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="one_login_per_email"),
            models.UniqueConstraint(fields=["mobile"], name="one_login_per_mobile"),
            models.CheckConstraint(
                condition=Q(email__isnull=False) | Q(mobile__isnull=False), name="user_has_an_email_or_a_mobile"
            ),
        ]

    def __str__(self) -> str:
        return f"login {self.pk}"

    @cached_property
    def live_memberships(self) -> Sequence[Holding]:
        """Roles in force now, read once per request, with the session if there is one (accounts/sessions.py)."""
        if not self.is_active:
            return []
        rows = self.memberships.live().values_list("role", "programme_id", "organisation_id")
        return [Holding(*row) for row in rows]

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(Role(m.role) for m in self.live_memberships)


class Organisation(models.Model):
    """A partner, or the body that runs a programme."""

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(unique=True)

    held = ()
    plain = "name slug"

    def __str__(self) -> str:
        return self.name


class Programme(models.Model):
    """A programme of exercise: the tenant key. What it asks for is configuration."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)
    run_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="programmes_run")
    minimum_age = models.PositiveSmallIntegerField(default=18)
    areas = ArrayField(models.CharField(max_length=50), default=list)
    areas_served = ArrayField(models.CharField(max_length=50), default=list)
    draft_days = models.PositiveSmallIntegerField(default=30)
    first_contact_first = models.BooleanField(
        default=False, db_default=False, help_text="nobody books a class before their first contact, one to one"
    )

    held = ()
    plain = "name slug minimum_age areas areas_served draft_days first_contact_first"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(minimum_age__gte=18), name="programme_is_for_adults"),
        ]

    def __str__(self) -> str:
        return self.name


def covered(programme: object, area: str) -> str:
    """The programme, or one area of it: of whom an agreement and a summary are."""
    return f"{programme} in {area}" if area else str(programme)


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def live(self) -> AgreementQuerySet:
        today = timezone.localdate()
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=today), starts_on__lte=today)


@tracked()
class Agreement(models.Model):
    """What an organisation may read of a programme, what for, and how small a number it may see."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="agreements")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="agreements")
    area = models.CharField(
        max_length=50, blank=True, default="", db_default="", help_text="whose people alone are counted; empty: all"
    )
    dimensions = ArrayField(models.CharField(max_length=50), default=list)
    k = models.PositiveSmallIntegerField(default=8)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    purpose = models.TextField(blank=True, default="", help_text="what it is used for, in words for everybody")

    objects = AgreementQuerySet.as_manager()

    held = ()
    plain = "area dimensions k starts_on ends_on purpose"

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "programme"], name="one_agreement_per_organisation_and_programme"
            ),
            models.CheckConstraint(condition=Q(k__gte=8), name="agreement_hides_numbers_below_eight"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} on {self.covers}"

    @property
    def covers(self) -> str:
        return covered(self.programme, self.area)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def live(self, at: datetime | Given | None = None) -> MembershipQuerySet:
        at = at or timezone.now()
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at)

    def allowing(self, permission: Permission) -> MembershipQuerySet:
        """Those that carry `permission`, of logins that are open."""
        return self.filter(role__in=roles_with(permission), user__is_active=True)


@tracked()
class Membership(models.Model):
    """A role of a user, within a programme (participants, staff) or for an organisation (partners)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role.value, role.value.replace("_", " ")) for role in Role])
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    held = (Held("role starts_at ends_at", "to decide what the person may do", Basis.SERVICE, Retention.STAFF),)
    plain = ""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=[r.value for r in Role]), name="membership_role_is_known"),
            models.CheckConstraint(
                condition=Q(role=Role.PARTNER.value, organisation__isnull=False, programme__isnull=True)
                | (~Q(role=Role.PARTNER.value) & Q(programme__isnull=False, organisation__isnull=True)),
                name="partners_belong_to_an_organisation_and_others_to_a_programme",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "programme", "organisation"],
                condition=Q(ends_at=None),
                nulls_distinct=False,
                name="one_open_membership_per_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} of user {self.user_id}"


class AccessLog(models.Model):
    """That somebody read a kind of fact about somebody; never the fact."""

    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reads_made")
    target = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="reads_of")
    purpose = models.CharField(max_length=50)
    what = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)

    held = (Held("purpose what at", "to show who read what about whom", Basis.LEGAL, Retention.AUDIT),)
    plain = ""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["target", "-at"], name="access_log_by_target")]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.what} of person {self.target_id} read by person {self.by_id}"
