"""Nothing is kept for longer than the data map says: what has run out is counted, and every night deleted or erased.

Here: for each retention of accounts/privacy.py what ends it, either a rule of this module or the job that does it
elsewhere, and the ones that nothing ends yet. Not here: when somebody's time is over (lasting.py), erasing a person
(erasing/), the periods' sign-off: they are the product's defaults. Called by `manage.py retention` and by the worker.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

from dateutil.relativedelta import relativedelta
from django.db.models import QuerySet
from django.utils import timezone

from accounts.history import Actor, acting
from accounts.models import AccessLog, BrowserSession, Person, User
from accounts.privacy import Retention
from messaging.models import Call, Message, MessageState, ReceivedText
from messaging.one_by_one import one_by_one
from messaging.suppression import BeingWrittenTo
from records import lasting
from records.erasing.erase import erase_person, unguarded
from records.erasing.ledger import is_erased
from records.erasing.preview import something_is_open, works_here

KEEP_NO_LONGER: Final = "records.keep_no_longer"
ONE_NIGHT: Final = 200  # people erased in one run: each is a transaction over every table
OVER: Final = (MessageState.SENT, MessageState.DELIVERED, MessageState.FAILED, MessageState.NOT_WANTED)


@dataclass(frozen=True)
class Rule:
    """`rows`: what has run out when the period ends at that moment. `end`: does away with it, says how much."""

    retention: Retention
    what: str
    after: relativedelta
    rows: Callable[[datetime], QuerySet[Any]]
    end: Callable[[Rule, Actor], int]

    def ran_out(self) -> QuerySet[Any]:
        return self.rows(timezone.now() - self.after)

    def acting(self, by: Actor) -> AbstractContextManager[None]:
        return acting(by, KEEP_NO_LONGER, reason=self.retention.name.lower())


def _delete(rule: Rule, by: Actor) -> int:
    """All of it in one transaction."""
    with rule.acting(by):
        return _gone(rule.ran_out())


def _close(rule: Rule, by: Actor) -> int:
    """A login with everything that hangs on it."""
    with rule.acting(by):
        keys = list(rule.ran_out().values_list("pk", flat=True))
        BrowserSession.objects.filter(user__in=keys).delete()
        return _gone(User.objects.filter(pk__in=keys))


def _gone(rows: QuerySet[Any]) -> int:
    with unguarded():
        number = rows.count()
        rows.delete()
    return number


def _erase(rule: Rule, by: Actor) -> int:
    """Each in a transaction of their own, so that one at fault keeps none of the others.

    Not while something that happened is still looked into, and not who works here: a person decides on these.
    """
    rows = rule.ran_out().iterator()
    ready = (one for one in rows if not (is_erased(one) or works_here(one) or _looked_into(one)))
    tonight = list(islice(ready, ONE_NIGHT))  # nobody is looked up beyond these

    def erase(person: Person) -> None:
        with rule.acting(by):
            erase_person(person=person, by=by)

    return len(one_by_one(erase, tonight, busy=(BeingWrittenTo,)))


def _looked_into(person: Person) -> bool:
    """Something about them, or about somebody whom they helped: they may have to be asked."""
    helped = Person.objects.filter(participations__supporters__person=person).distinct()
    return any(something_is_open(one) for one in (person, *helped))


def _messages(before: datetime) -> QuerySet[Any]:
    return Message.objects.filter(state__in=OVER, due_at__lt=before)


def _texts(before: datetime) -> QuerySet[Any]:
    return ReceivedText.objects.filter(at__lt=before)


def _calls(before: datetime) -> QuerySet[Any]:
    return Call.objects.filter(at__lt=before)


def _reads(before: datetime) -> QuerySet[Any]:
    return AccessLog.objects.filter(at__lt=before)


def _records(before: datetime) -> QuerySet[Any]:
    return lasting.took_part_before(before).order_by("pk")


def _invited(before: datetime) -> QuerySet[Any]:
    return lasting.only_invited_before(before).order_by("pk")


def _helpers(before: datetime) -> QuerySet[Any]:
    return lasting.only_helped_before(before).order_by("pk")


RULES: Final = (
    Rule(Retention.MESSAGE, "messages that were sent", relativedelta(years=1), _messages, _delete),
    Rule(Retention.MESSAGE, "text messages that came", relativedelta(years=1), _texts, _delete),
    Rule(
        Retention.ACCOUNT,
        "logins of nobody who takes part or helps",
        relativedelta(years=1),
        lasting.logins_not_needed_since,
        _close,
    ),
    Rule(Retention.AUDIT, "calls, and who was identified in them", relativedelta(years=8), _calls, _delete),
    Rule(Retention.AUDIT, "notes of who read what of whom", relativedelta(years=8), _reads, _delete),
    Rule(Retention.RECORD, "people who were invited to help and never did", relativedelta(days=30), _invited, _erase),
    # Helpers before whom they helped: with these the tie goes.
    Rule(Retention.RECORD, "people who only helped somebody", relativedelta(years=8), _helpers, _erase),
    Rule(Retention.RECORD, "people whose programme has ended", relativedelta(years=8), _records, _erase),
)
ELSEWHERE: Final = {
    Retention.DRAFT: "participants.tasks.forget_unfinished_registrations",
    Retention.VISIT: "classes.tasks.forget_where_people_were",
    Retention.COMMENT: "outcomes.tasks.forget_old_comments, messaging.tasks.forget_what_was_said_of_pages",
    Retention.RESEARCH: "outcomes.tasks.look_at_extracts",
    Retention.REQUEST: "records.tasks.forget_requests",
    Retention.COPY: "records.tasks.forget_copies",
    Retention.EVIDENCE: "instructors.tasks.forget_old_evidence",
}
NOT_YET: Final = {Retention.STAFF: "nothing ends it by itself: what somebody did at work is removed by hand"}


def run_out() -> list[tuple[Rule, int]]:
    """How much of each rule has run out now. Changes nothing."""
    return [(rule, rule.ran_out().count()) for rule in RULES]


def keep_no_longer(*, by: Actor) -> list[tuple[Rule, int]]:
    """Do away with what has run out, each rule and each person in a transaction of their own; says how much of each."""
    rules = {rule.what: rule for rule in RULES}

    def end(what: str) -> tuple[Rule, int]:
        return rules[what], rules[what].end(rules[what], by)

    return one_by_one(end, rules)
