"""The rules in numbers, as those who answer for them read them: what each is, and what would change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.content import Version
from frontend.wording import count, sentence
from instructors.models import CredentialKind
from instructors.rules import OF_ALL, CredentialRules, KindRule
from instructors.rules_in_use import CREDENTIAL_RULES, credential_rules
from participants.health_content import RULES, rules
from participants.rules.numbers import NUMBERS, Rules


@dataclass(frozen=True)
class RuleRow:
    """One rule in two versions. `since`: for whom a new number counts, and what stays as it was decided."""

    title: str
    before: str
    after: str
    since: str

    @property
    def changes(self) -> bool:
        return self.before != self.after


def rule_rows(shown: Rules) -> list[RuleRow]:
    """Every rule: the number in use now, and what `shown` makes of it."""
    now = rules()
    return [
        RuleRow(number.title, number.words(getattr(now, name)), number.words(getattr(shown, name)), number.since)
        for name, number in NUMBERS.items()
    ]


CREDENTIALS_SINCE = "What was recorded before keeps its last day."


def credential_rows(shown: CredentialRules) -> list[RuleRow]:
    """The same about credentials and cover: the numbers for all, then each kind in one line."""
    now = credential_rules()
    rows = [
        RuleRow(number.title, str(getattr(now, name)), str(getattr(shown, name)), "Holds from then on.")
        for name, number in OF_ALL.items()
    ]
    return rows + [
        RuleRow(sentence(kind.label), _words(now.kinds[kind]), _words(shown.kinds[kind]), CREDENTIALS_SINCE)
        for kind in CredentialKind
    ]


def _words(rule: KindRule) -> str:
    holds = f"holds for {count(rule.months, 'month')}, or less if that is written on it" if rule.months else ""
    always = [where for needed, where in ((rule.in_person, "in person"), (rule.online, "online")) if needed]
    said = [
        holds or f"holds as is written on it{'' if rule.says_its_end else ', or does not run out'}",
        f"needed for every class {' and '.join(always)}" if always else "needed where the kind of class says so",
        f"somebody may lead without it for {count(rule.override_days, 'day')} at most"
        if rule.override_days
        else "nobody leads without it where it is needed",
    ]
    return f"{sentence('; '.join(said))}."


def rule_changes(version: Version) -> list[RuleRow]:
    """What starting `version` would change; nothing for a kind that holds words."""
    made: dict[str, Callable[[Any], list[RuleRow]]] = {RULES: rule_rows, CREDENTIAL_RULES: credential_rows}
    rows_of = made.get(version.kind.name)
    rows = rows_of(version.kind.read(version.body)) if rows_of else []
    return [row for row in rows if row.changes]
