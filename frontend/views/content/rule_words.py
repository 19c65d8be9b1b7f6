"""The rules in numbers, as those who answer for them read them: what each is, and what would change."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.content import Version
from participants.health_content import RULES, rules
from participants.rules import NUMBERS, Rules


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


def rule_changes(version: Version) -> list[RuleRow]:
    """What starting `version` would change; nothing for a kind that holds words."""
    if version.kind.name != RULES:
        return []
    return [row for row in rule_rows(version.kind.read(version.body)) if row.changes]
