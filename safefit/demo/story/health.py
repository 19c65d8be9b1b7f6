"""What the made-up people answer about their health, and what a person decides where one must. PURE: no Django.

The rules are the product's own (participants/rules/screening.py): nothing here says what an answer means.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from classes.wall_time import UK
from participants.rules.adaptations import Adaptation
from participants.rules.questions import shipped_questions
from participants.rules.screening import Answer, Needed, add_months, screen

VALID_MONTHS = 6
ANSWERED_AT, READ_AT = time(11), time(15)  # of a day; those who register answer when they do
PLAIN: dict[str, Answer] = {
    "bones": ["none"],
    "heart_lungs": "no",
    "surgery": "no",
    "blood": "no",
    "symptoms": "no",
    "falls": ["none"],
    "devices": ["none"],
    "swelling": ["none"],
    "treatment": "no",
    "moving": ["none"],
}
# How many of a hundred answer so.
SEVERAL = {
    "bones": (("cancer_in_bones", 2), ("thin_bones", 3), ("not_sure", 1)),
    "falls": (("fallen", 3), ("dizzy", 3)),
    "devices": (("line", 3), ("wound", 1), ("stoma", 2)),
    "swelling": (("left_arm", 3), ("right_arm", 3), ("left_leg", 1), ("right_leg", 1)),
    "moving": (("standing", 8), ("floor", 15), ("impact", 12)),
}
YES = {"heart_lungs": 5, "surgery": 4, "blood": 2, "symptoms": 2, "treatment": 5}
NOTES = (
    "Keep a chair within reach at all times.",
    "Spoke with them. Start gently and build up over three weeks.",
    "Ask before each class how the arm has been.",
    "Has spoken with their own team, who are happy for them to start.",
    "Rest after each round. No holding of breath.",
)
NOT_SUITABLE_NOTE = "Needs one-to-one physiotherapy first. Signposted, with a call in three months."


@dataclass(frozen=True)
class Decision:
    """What somebody at the clinical desk decided, in the codes of participants.models."""

    on: date
    by: str
    state: str
    adaptations: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Check:
    """Answers given on a day, what the rules made of them, and the decision where one was needed and has come."""

    on: date
    answers: tuple[tuple[str, str | tuple[str, ...]], ...]
    state: str
    flags: tuple[str, ...]
    adaptations: tuple[str, ...]
    decision: Decision | None = None

    @property
    def waits(self) -> bool:
        return self.state == Needed.NEEDS_REVIEW and self.decision is None

    @property
    def clears_from(self) -> date | None:
        """The first day on which one may come; None while it waits, and where it was not suitable."""
        if self.waits or (self.decision and self.decision.state == "not_suitable"):
            return None
        return self.decision.on if self.decision else self.on

    @property
    def clears_at(self) -> datetime:
        """When they learned of it: a person decides in the afternoon, the rules do at once."""
        if self.decision:
            return datetime.combine(self.decision.on, READ_AT, UK)
        return datetime.combine(self.on, ANSWERED_AT, UK)

    @property
    def clears_until(self) -> date | None:
        start = self.clears_from
        return add_months(start, VALID_MONTHS) if start else None

    @property
    def in_force(self) -> tuple[str, ...]:
        return self.decision.adaptations if self.decision else self.adaptations

    @property
    def as_answers(self) -> dict[str, Answer]:
        return {name: list(said) if isinstance(said, tuple) else said for name, said in self.answers}


def draw_check(
    draw: random.Random, on: date, today: date, *, plain: bool = False, undecided: bool = False, again: bool = False
) -> Check:
    """`plain`: nothing to say. `undecided`: something to read, which nobody has read yet. `again`: after a pause,
    when an earlier decision of a person stands above the answers, so that a person decides once more."""
    answers = dict(PLAIN) if plain else _answers(draw)
    if undecided:
        answers |= {"heart_lungs": "yes", "falls": ["dizzy"]}
    screening = screen(shipped_questions(), answers)
    waits = again or screening.needed is Needed.NEEDS_REVIEW
    read_on = _working_day(on + timedelta(days=draw.choice((1, 1, 2, 2, 3, 4))))
    adaptations = tuple(adaptation.value for adaptation in screening.adaptations)
    decided = waits and not undecided and read_on < today
    return Check(
        on=on,
        answers=tuple((name, tuple(said) if isinstance(said, list) else said) for name, said in answers.items()),
        state=(Needed.NEEDS_REVIEW if waits else screening.needed).value,
        flags=screening.flags,
        adaptations=adaptations,
        decision=_decide(draw, read_on, adaptations) if decided else None,
    )


def _working_day(on: date) -> date:
    return on + timedelta(days=(7 - on.weekday()) if on.weekday() > 4 else 0)


def _answers(draw: random.Random) -> dict[str, Answer]:
    answers = dict(PLAIN)
    for question, options in SEVERAL.items():
        said = [value for value, share in options if draw.random() * 100 < share]
        if said:
            answers[question] = ["not_sure"] if "not_sure" in said else said
    for question, share in YES.items():
        if draw.random() * 100 < share:
            answers[question] = "yes"
    if "line" in answers["devices"]:
        answers["line_side"] = draw.choice(("left", "right", "other"))
    return answers


def _decide(draw: random.Random, on: date, asked_for: tuple[str, ...]) -> Decision:
    by = draw.choice(("clare", "clare", "colin"))
    if draw.random() < 0.03:
        return Decision(on, by, "not_suitable", (), NOT_SUITABLE_NOTE)
    extra = {Adaptation.REMOTE_ONLY} if draw.random() < 0.06 else set[Adaptation]()
    if draw.random() < 0.05 and not extra:
        extra = {Adaptation.IN_PERSON_ONLY}
    adaptations = tuple(a.value for a in Adaptation if a in extra or a.value in asked_for)
    note = draw.choice(NOTES) if draw.random() < 0.5 else ""
    return Decision(on, by, "cleared_adapted" if adaptations else "cleared", adaptations, note)
