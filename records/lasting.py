"""Until when somebody took part, helped, or needed their login: what the periods of retention.py are counted from.

Here: reading only. A time in a programme is over on the day on which it was ended, or else after the last day on which
the person could come, of which they were told (participants/taking_part/ending.py writes it down by night, and a break
or staying longer moves it). Whoever has finished keeps their role: they read their own record, answer what is still
asked, and may be let stay longer. Called by retention.py.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.happenings import in_history
from accounts.models import BrowserSession, Membership, Person, User
from instructors.models import Instructor
from outcomes.models import Assessment
from participants.models import Enrolment, Participant, Supporter
from records.erasing.ledger import ERASED
from records.erasing.preview import STAFF

_LAST_DAY: Final = Coalesce("ends_on", "closes_on")


def parts_since(moment: datetime) -> QuerySet[Participant]:
    """Who has taken part in a programme at some time since then, or came to it since."""
    times = Enrolment.objects.annotate(last_day=_LAST_DAY).filter(participant=OuterRef("pk"))
    lasting = times.filter(Q(last_day=None) | Q(last_day__gte=timezone.localdate(moment)))
    return Participant.objects.exclude(person__given_name=ERASED).filter(Q(registered_at__gte=moment) | Exists(lasting))


def help_since(moment: datetime) -> QuerySet[Supporter]:
    """Help that somebody gave since then to who took part since then; an invitation that waits counts."""
    taken = parts_since(moment).filter(pk=OuterRef("participant"))
    return Supporter.objects.exclude(ends_at__lt=moment).filter(Exists(taken))


def took_part_before(moment: datetime) -> QuerySet[Person]:
    """People whose time in every programme was over by then, and who have helped nobody since."""
    mine = Participant.objects.filter(person=OuterRef("pk"))
    return _gone(moment, Person.objects.filter(Exists(mine)))


def only_helped_before(moment: datetime) -> QuerySet[Person]:
    """People who took part in nothing, and whose help was over by then, or the programme of whom they helped.

    Where whoever they helped was erased, only the history of the tie is left: its last change counts.
    """
    mine, ties = (model.objects.filter(person=OuterRef("pk")) for model in (Participant, Supporter))
    told = in_history(Supporter).filter(person_id=OuterRef("pk"))
    helped = Exists(ties) | (Exists(told) & ~Exists(told.filter(pgh_created_at__gte=moment)))
    return _gone(moment, Person.objects.filter(helped, ~Exists(mine)))


def only_invited_before(moment: datetime) -> QuerySet[Person]:
    """People whom somebody invited to help, who never did and have no role here, and whose invitation was over by then.

    By the history of the tie, since whoever said yes with another login has taken their place in it. What is left of
    a helper of somebody who was erased names no address, and is not among these.
    """
    told = in_history(Supporter).filter(person_id=OuterRef("pk"))
    ties = Supporter.objects.filter(person=OuterRef("pk"))
    invited = Exists(told.exclude(invited_email="")) & ~Exists(told.exclude(starts_at=None))
    over = ~Exists(told.filter(pgh_created_at__gte=moment)) & ~Exists(ties.not_over())
    theirs = {"person": OuterRef("pk")}
    here = (Participant.objects.filter(**theirs), Instructor.objects.filter(**theirs))
    roles = Membership.objects.filter(user__person=OuterRef("pk"))
    people = Person.objects.exclude(given_name=ERASED).filter(invited, over)
    return people.filter(*(~Exists(one) for one in (*here, roles)))


def logins_not_needed_since(moment: datetime) -> QuerySet[User]:
    """Of whoever took part or helped, has signed in no more since then, and is asked nothing. Staff's go by hand."""
    of_theirs = {"person": OuterRef("person")}
    ours = Membership.objects.filter(user=OuterRef("pk"), role__in=STAFF)
    asked = Assessment.objects.filter(participant__person=OuterRef("person"), closes_on__gte=timezone.localdate(moment))
    used = BrowserSession.objects.filter(user=OuterRef("pk"), seen_at__gte=moment)
    was_there = Exists(Participant.objects.filter(**of_theirs)) | Exists(Supporter.objects.filter(**of_theirs))
    needed = (parts_since(moment).filter(**of_theirs), help_since(moment).filter(**of_theirs), asked, used, ours)
    rows = User.objects.filter(was_there, *(~Exists(one) for one in (*needed, Instructor.objects.filter(**of_theirs))))
    return rows.annotate(last=Coalesce(F("last_login"), F("created_at"))).filter(last__lt=moment, created_at__lt=moment)


def _gone(moment: datetime, people: QuerySet[Person]) -> QuerySet[Person]:
    whose, people = {"person": OuterRef("pk")}, people.exclude(given_name=ERASED)
    return people.filter(~Exists(parts_since(moment).filter(**whose)), ~Exists(help_since(moment).filter(**whose)))
