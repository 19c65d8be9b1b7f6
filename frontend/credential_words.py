"""What an instructor holds, line by line, in words; for their own page and for the desk's.

Not here: whether it stands (instructors/credentials.py), the forms (credential_forms.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from classes.unqualified import asked_for
from frontend.wording import Label, count, day, joined, plain_date, sentence, today
from instructors.access import overrides_in_force, papers_of
from instructors.credentials import Held, Reason, Standing, Why, ran_out, standing_of
from instructors.models import CheckLevel, Credential, CredentialKind, Instructor, Override
from instructors.rules import IN_PERSON, REMOTE, CredentialRules
from instructors.rules_in_use import credential_rules
from instructors.standing import held_by_all

Asked = Mapping[str, Sequence[str]]
WAITS = Label("Waits to be checked", "wait")
SOON = "few"


@dataclass(frozen=True)
class Line:
    """One kind: `label`, then what it means. `needed`: for which classes; `held`: whether anything was recorded."""

    kind: str
    title: str
    label: Label
    about: str
    needed: str
    held: bool
    pending: bool
    papers: tuple[Credential, ...]
    override: Override | None

    @property
    def concerns(self) -> bool:
        """Whether it belongs to this person: they hold it, it is asked of them, or the desk lets it pass."""
        return self.held or bool(self.needed) or self.override is not None

    @property
    def sent_back(self) -> str:
        """Why the last paper was sent back, if it was."""
        return self.papers[0].sent_back_because if self.papers else ""

    @property
    def lacks(self) -> bool:
        return bool(self.needed) and self.label.tone == "alert"

    @property
    def ends_soon(self) -> bool:
        return self.held and self.label.tone in (SOON, "alert")


def kind_words(kind: str) -> str:
    return sentence(CredentialKind(kind).label)


def lines_of_all(instructors: Collection[Instructor]) -> dict[Instructor, list[Line]]:
    """Every kind for each of them; six queries, however many there are."""
    keys = [one.pk for one in instructors]
    held, rules = held_by_all(keys), credential_rules()
    asked = asked_for({one.programme_id for one in instructors})
    papers: dict[int, list[Credential]] = {pk: [] for pk in keys}
    for paper in papers_of(instructors):
        papers[paper.instructor_id].append(paper)
    passed = {(one.instructor_id, one.kind): one for one in overrides_in_force(instructors)}
    return {
        one: [
            _line(
                kind,
                held[one.pk],
                [paper for paper in papers[one.pk] if paper.kind == kind],
                passed.get((one.pk, kind)),
                _needed(kind, asked[one.programme_id], rules),
                rules,
            )
            for kind in CredentialKind.values
        ]
        for one in instructors
    }


def lines_of(instructor: Instructor) -> list[Line]:
    return lines_of_all([instructor])[instructor]


def _needed(kind: str, asked: Asked, rules: CredentialRules) -> str:
    always = [
        words
        for mode, words in ((IN_PERSON, "every class in person"), (REMOTE, "every class online"))
        if kind in rules.needed_always(mode)
    ]
    return joined([*always, *asked.get(kind, ())])


def _line(
    kind: str,
    held: Sequence[Held],
    papers: Sequence[Credential],
    override: Override | None,
    needed: str,
    rules: CredentialRules,
) -> Line:
    standing = standing_of(kind, held, today())
    label, about = _state(standing, ran_out(kind, held, today()), override, rules.first_notice_days, bool(needed))
    return Line(
        kind=kind,
        title=kind_words(kind),
        label=label,
        about=about,
        needed=needed,
        held=bool(papers),
        pending=standing.pending,
        papers=tuple(sorted(papers, key=lambda paper: paper.pk, reverse=True)),
        override=override,
    )


def _state(
    standing: Standing, over: date | None, override: Override | None, soon_days: int, needed: bool
) -> tuple[Label, str]:
    """What it comes to. An override is told as one, whatever stands beside it."""
    if standing.by_override and override is not None:
        return Label("Let pass by the desk", SOON), f"Until {day(override.ends_on)}: {override.reason}"
    if standing.endless:
        return Label("Counts", "ok"), "Does not run out."
    if standing.until is not None:
        return _until(standing.until, soon_days)
    if standing.pending:
        return WAITS, f"The last one ran out on {plain_date(over)}." if over else "It does not count yet."
    if over is not None:
        return Label("Ran out", "alert" if needed else "quiet"), f"It ran out on {day(over)}."
    if standing.reason is not None and standing.reason.why is Why.NOT_YET:
        return Label("Not yet", "quiet"), _from(standing.reason)
    return (Label("Missing", "alert") if needed else Label("Not noted", "quiet")), ""


def _until(until: date, soon_days: int) -> tuple[Label, str]:
    left = (until - today()).days
    if left > soon_days:
        return Label("Counts", "ok"), f"Until {day(until)}."
    return Label("Runs out today" if not left else f"Runs out in {count(left, 'day')}", SOON), f"Until {day(until)}."


def _from(reason: Reason) -> str:
    return f"It begins on {day(reason.day)}." if reason.day else ""


def reason_words(reason: Reason) -> str:
    """Why one kind does not stand on the day of a class."""
    name = kind_words(reason.kind)
    said = {
        Why.MISSING: "is missing",
        Why.UNVERIFIED: "waits to be checked",
        Why.NOT_YET: f"begins on {plain_date(reason.day)}" if reason.day else "has not begun",
        Why.EXPIRED: f"runs out on {plain_date(reason.day)}" if reason.day and reason.day >= today() else "has run out",
    }
    return f"{name} {said[reason.why]}"


def paper_facts(paper: Credential) -> list[tuple[str, str] | None]:
    """What is written on one credential, and who has seen it."""
    seen = paper.verified_by
    return [
        ("From", plain_date(paper.issued_on)),
        ("Counts until", plain_date(paper.expires_on) if paper.expires_on else "It does not run out"),
        ("Level", sentence(CheckLevel(paper.level).label)) if paper.level else None,
        ("Update service", "Yes" if paper.update_service else "No") if paper.kind == CredentialKind.DBS else None,
        ("Number, or where it was seen", paper.evidence) if paper.evidence else None,
        ("Seen by", f"{seen.full_name}, {plain_date(paper.verified_at)}") if seen and paper.verified_at else None,
        (("Sent back", f"{plain_date(paper.sent_back_at)}: {paper.sent_back_because}") if paper.sent_back_at else None),
    ]


def paper_label(paper: Credential) -> Label:
    if paper.sent_back_at is not None:
        return Label("Sent back", "alert")
    if paper.verified_at is None:
        return WAITS
    if paper.expires_on is not None and paper.expires_on < today():
        return Label("Ran out", "quiet")
    return Label("Seen", "ok")
