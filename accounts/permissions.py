"""Who may do what: one table of roles and permissions, deny by default.

"May this person?" lives here; "does the state allow it?" lives with each rule;
"is this row theirs?" lives in the `visible_to` querysets. PURE: no Django.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Protocol


class Role(enum.StrEnum):
    PARTICIPANT = "participant"
    SUPPORTER = "supporter"
    INSTRUCTOR = "instructor"
    COORDINATOR = "coordinator"
    CLINICAL_LEAD = "clinical_lead"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    PARTNER = "partner"
    ADMINISTRATOR = "administrator"


class Permission(enum.StrEnum):
    TAKE_PART = "take_part"  # the pages about oneself
    SUPPORT = "support"  # the same pages for somebody who allows it
    TEACH = "teach"  # own classes, their registers
    WORK_AT_DESK = "work_at_desk"  # people, worklist, timetable of one's programmes
    DECIDE_CLEARANCE = "decide_clearance"
    PUBLISH_FOR_ANYONE = "publish_for_anyone"
    BUILD_RELEASES = "build_releases"
    READ_RELEASES = "read_releases"
    HANDLE_EXTRACTS = "handle_extracts"  # ask for extracts for research, agree to them, take them
    READ_SAFEGUARDING = "read_safeguarding"
    CONFIGURE = "configure"


ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.PARTICIPANT: frozenset({Permission.TAKE_PART}),
    Role.SUPPORTER: frozenset({Permission.SUPPORT}),
    Role.INSTRUCTOR: frozenset({Permission.TEACH}),
    Role.COORDINATOR: frozenset(
        {
            Permission.WORK_AT_DESK,
            Permission.PUBLISH_FOR_ANYONE,
            Permission.BUILD_RELEASES,
            Permission.HANDLE_EXTRACTS,
        }
    ),
    Role.CLINICAL_LEAD: frozenset({Permission.WORK_AT_DESK, Permission.DECIDE_CLEARANCE, Permission.HANDLE_EXTRACTS}),
    Role.SAFEGUARDING_LEAD: frozenset({Permission.WORK_AT_DESK, Permission.READ_SAFEGUARDING}),
    Role.PARTNER: frozenset({Permission.READ_RELEASES}),
    Role.ADMINISTRATOR: frozenset({Permission.CONFIGURE, Permission.HANDLE_EXTRACTS}),
}

# Who holds or sees other people's records signs in with a second factor.
SECOND_FACTOR_ROLES = frozenset(
    {
        Role.INSTRUCTOR,
        Role.COORDINATOR,
        Role.CLINICAL_LEAD,
        Role.SAFEGUARDING_LEAD,
        Role.PARTNER,
        Role.ADMINISTRATOR,
    }
)


def roles_with(permission: Permission) -> frozenset[Role]:
    """The roles that carry `permission`."""
    return frozenset(role for role, held in ROLE_PERMISSIONS.items() if permission in held)


class HoldsRole(Protocol):
    """A membership in force: a role within a programme, an organisation, or both."""

    role: str
    programme_id: int | None
    organisation_id: int | None


class Actor(Protocol):
    """Anyone who makes a request; nobody signed in holds no membership."""

    @property
    def live_memberships(self) -> Iterable[HoldsRole]: ...


def memberships_allowing(user: object, permission: Permission) -> list[HoldsRole]:
    """The memberships of `user` in force now that carry `permission`; empty for the anonymous."""
    held: Iterable[HoldsRole] = getattr(user, "live_memberships", ())
    return [m for m in held if permission in ROLE_PERMISSIONS[Role(m.role)]]


def allows(
    user: object, permission: Permission, *, programme_id: int | None = None, organisation_id: int | None = None
) -> bool:
    """Whether `user` holds `permission`; where a programme or organisation is named, in that one."""
    return any(
        (programme_id is None or m.programme_id == programme_id)
        and (organisation_id is None or m.organisation_id == organisation_id)
        for m in memberships_allowing(user, permission)
    )


def programmes_allowing(user: object, permission: Permission) -> set[int]:
    """Ids of the programmes in which `user` holds `permission`: what a queryset is scoped by."""
    return {m.programme_id for m in memberships_allowing(user, permission) if m.programme_id is not None}


def organisations_allowing(user: object, permission: Permission) -> set[int]:
    """Ids of the organisations for which `user` holds `permission`."""
    return {m.organisation_id for m in memberships_allowing(user, permission) if m.organisation_id is not None}


def needs_second_factor(user: object) -> bool:
    held: Iterable[HoldsRole] = getattr(user, "live_memberships", ())
    return any(Role(m.role) in SECOND_FACTOR_ROLES for m in held)
