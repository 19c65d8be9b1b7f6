"""The made-up people of a demonstration: found by their address, opened by a button.

Here: who they are and how one signs in as one of them. The named cast has a slug
of one word (pat); the hundreds of others who fill the classes have one with a dot
(avis.sampleford), can be signed in as, and stand in no list. Not here: making them
(the demo command), the pages (frontend/views/demo.py, routed only with
settings.DEMO on). Settings refuse the demonstration in production.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest

from accounts.entrance import SignInBackend
from accounts.models import Membership, User
from accounts.permissions import Role
from accounts.signin import DEMO

DOMAIN = "demo.safefit.example"
CAST = rf"^[^.@]+@{re.escape(DOMAIN)}$"
NO_ROLE = "none"
ORDER = [*(role.value for role in Role), NO_ROLE]


@dataclass(frozen=True)
class DemoPerson:
    slug: str
    name: str
    role: str  # the first of their roles, in the order of Role; NO_ROLE without any


def demo_people() -> list[DemoPerson]:
    """The named cast, by role (in the order of Role, no role last) and then by slug."""
    users = User.objects.filter(email__regex=CAST, is_active=True).select_related("person")
    held: dict[int, list[str]] = defaultdict(lambda: [NO_ROLE])
    for user_id, role in Membership.objects.live().filter(user__in=users).values_list("user_id", "role"):
        held[user_id].append(role)
    people = [DemoPerson(_slug(user), user.person.full_name, min(held[user.pk], key=ORDER.index)) for user in users]
    return sorted(people, key=lambda person: (ORDER.index(person.role), person.slug))


def sign_in_as_demo_person(request: HttpRequest, slug: str) -> User | None:
    """Open a session as `slug`, second factor included; None when there is no such demo person."""
    if not settings.DEMO:
        return None
    user = User.objects.filter(email=f"{slug.lower()}@{DOMAIN}", is_active=True).first()
    if user is None:
        return None
    request.session.flush()  # nothing of the person before stays
    login(request, user, backend=f"{SignInBackend.__module__}.{SignInBackend.__qualname__}")
    record_authentication(request, user, DEMO)
    return user


def _slug(user: User) -> str:
    return str(user.email).removesuffix(f"@{DOMAIN}")
