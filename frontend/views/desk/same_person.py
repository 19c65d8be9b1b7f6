"""Two records that may be of one person: both side by side, and that they are two people.

Here: the pages. Not here: which records are alike (records/likeness.py, matching.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from accounts.history import log_reads
from accounts.models import Channel, ContactPoint
from accounts.permissions import Permission
from accounts.signin import requires
from frontend.signed_in import user_of
from frontend.wording import Label, plain_date, sentence, telephone
from messaging.models import Task
from participants import access, details
from participants.models import Participant
from records.likeness import Likeness
from records.matching import Pair, likeness_of, pair_of, say_two_people, told_apart

at_desk = requires(Permission.WORK_AT_DESK)
NOT_GIVEN = "Not given"
PAIR = re.compile(r"([1-9]\d{0,17})-([1-9]\d{0,17})")
HOW = {
    Likeness.THE_SAME: Label("The same", "few"),
    Likeness.PROBABLY: Label("Probably the same", "few"),
    Likeness.PERHAPS: Label("Perhaps the same", "quiet"),
}
WHY = {
    Likeness.THE_SAME: "The same name, day of birth and telephone number.",
    Likeness.PROBABLY: "The same day of birth. The name is the same too, or almost the same with one telephone number.",
    Likeness.PERHAPS: "Something is the same, and something else is not. Look closely, and ask.",
}


@require_safe
@at_desk
def same_person(request: HttpRequest, pair: str) -> HttpResponse:
    found = pair_or_404(request, pair)
    both = (found.older, found.newer)
    log_reads(targets=[one.person for one in both], purpose="desk", what="records compared", by=user_of(request).person)
    how = likeness_of(found)
    context = {
        "pair": found,
        "how": HOW.get(how) if how else None,
        "why": WHY.get(how) if how else "",
        "apart": told_apart(found),
        "both": both,
        "rows": compared(found),
    }
    return render(request, "frontend/desk/same_person.html", context)


@require_POST
@at_desk
def two_people(request: HttpRequest, pair: str) -> HttpResponse:
    found = pair_or_404(request, pair)
    say_two_people(pair=found, by=user_of(request).person)
    messages.success(request, "Kept: they are two people. Nobody is asked again about these two.")
    return redirect("desk:worklist")


def pair_or_404(request: HttpRequest, pair: str) -> Pair:
    """Two people of one programme, at whose desk the user works."""
    found = both_of(request.user, pair)
    if found is None:
        raise Http404
    return found


def both_of(user: object, pair: str) -> Pair | None:
    keys = PAIR.fullmatch(pair)
    rows = list(access.at_desk_of(user).filter(pk__in=keys.groups())) if keys else []
    if len(rows) != 2 or rows[0].programme_id != rows[1].programme_id:
        return None
    return pair_of(*rows)


def both_named(user: object, task: Task) -> list[str]:
    """Both by name, day of birth and reference, for whoever has the task; nobody where one of them has gone."""
    found = both_of(user, task.context.get("key", ""))
    return [named(one) for one in (found.older, found.newer)] if found else []


def named(one: Participant) -> str:
    return f"{one.person.full_name}, born {_born(one)}, reference {one.reference}"


def _born(one: Participant) -> str:
    return plain_date(one.person.date_of_birth) if one.person.date_of_birth else "on a day not given"


def compared(found: Pair) -> list[list[str]]:
    """What tells two people apart, a row for each fact, and nothing of what neither says."""
    own, other = (_facts(one) for one in (found.older, found.newer))
    return [[fact, own[fact] or NOT_GIVEN, other[fact] or NOT_GIVEN] for fact in own if own[fact] or other[fact]]


def _facts(one: Participant) -> dict[str, str]:
    points = details.contact_points_of(one.person)
    return {
        "Name": one.person.full_name,
        "Date of birth": sentence(_born(one)),
        "Known as": one.person.known_as,
        **{sentence(channel.label): _values(points, channel) for channel in Channel},
        "Postcode": one.postcode,
        "Emergency contact": one.emergency_name,
        "Reference": one.reference,
        "In the programme": f"{sentence(one.get_status_display())}, registered {plain_date(one.registered_at)}",
    }


def _values(points: Iterable[ContactPoint], channel: Channel) -> str:
    values = [point.value for point in points if point.channel == channel]
    return ", ".join(map(telephone, values) if channel in (Channel.PHONE, Channel.TEXT) else values)


urlpatterns = [
    path("same-person/<slug:pair>/", same_person, name="same_person"),
    path("same-person/<slug:pair>/two-people/", two_people, name="two_people"),
]
