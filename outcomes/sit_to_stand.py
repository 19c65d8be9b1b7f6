"""Standing up from a chair, counted for 30 or 60 seconds: what is asked first, how it is done, what may be kept. PURE.

Our own words, in a hall and over a screen alike. Nobody with a clinical
registration has signed them off. How many there can be, and what is about the
same, is read from the recipes (instruments/sit_to_stand_*.toml). Not here: rows (models/measures.py), who may
record (measuring.py).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from outcomes.instruments import recipe_called

VERSION: Final = "2026-1"
STS_30, STS_60 = "sts_30", "sts_60"
SECONDS: Final = {STS_30: 30, STS_60: 60}
RECIPES: Final = {STS_30: "sit_to_stand_30s", STS_60: "sit_to_stand_60s"}
MOST_STANDS: Final = 150  # what the table holds to, of whichever kind; the most of each kind stands in its recipe

DONE, UNABLE, NOT_DONE = "done", "unable", "not_done"
NOT_SAFE: Final = "not_safe"
UNABLE_REASONS: Final = ("needed_arms", "stopped_early")
NOT_DONE_REASONS: Final = (NOT_SAFE, "not_well", "rather_not", "no_time", "no_chair")


@dataclass(frozen=True)
class SafetyQuestion:
    """Each must be answered with yes before anybody starts."""

    id: str
    text: str
    about: str  # what is still to be said, for whoever left it out
    hint: str = ""


SAFETY: Final = (
    SafetyQuestion(
        "chair", "Is the chair sturdy and without wheels, with its back against a wall?", "the chair is sturdy"
    ),
    SafetyQuestion(
        "near",
        "Is somebody beside them, or in the same room?",
        "somebody is near",
        "Over a screen: somebody at home with them, or a phone within reach and you can see the whole chair.",
    ),
    SafetyQuestion("floor", "Is the floor clear, and do they wear firm shoes or none?", "the floor is clear"),
    SafetyQuestion(
        "well",
        "Do they feel well today?",
        "they feel well",
        "No dizziness, no chest pain, no new pain, no more out of breath than usual.",
    ),
)

HOW: Final = (
    "They sit in the middle of the chair, feet flat on the floor, arms crossed over the chest.",
    "On “go” they stand up fully and sit down again, as often as feels right to them until the time is up.",
    "Count each full stand. One that is more than half way up when the time ends counts.",
    "Stop at once with pain, dizziness, or if they cannot get their breath. What was counted until then stands.",
)


@dataclass(frozen=True)
class Tried:
    """What is to be kept. `yes_to` are the safety questions that were answered with yes."""

    kind: str
    result: str
    count: int | None
    reason: str
    yes_to: frozenset[str]

    @property
    def value(self) -> int | None:
        """Full stands; 0 for somebody who is not able to, nothing for what was not done."""
        return {DONE: self.count, UNABLE: 0}.get(self.result)


def most(kind: str) -> int:
    """More full stands than these are a slip."""
    return recipe_called(RECIPES[kind]).item("count").hi


def step(kind: str) -> float:
    """Fewer than so many stands more or fewer are about the same: for plain speech, and checked by nobody yet."""
    return recipe_called(RECIPES[kind]).scale("score").changes[0].better


def is_safe(yes_to: Collection[str]) -> bool:
    return all(question.id in yes_to for question in SAFETY)


def problem_with(tried: Tried) -> str:
    """Why it cannot be kept: "kind", "not_safe", "count" or "reason"; empty where it can."""
    if tried.kind not in SECONDS:
        return "kind"
    if not is_safe(tried.yes_to) and (tried.result, tried.reason) != (NOT_DONE, NOT_SAFE):
        return "not_safe"
    if tried.result == DONE:
        fits = tried.count is not None and 1 <= tried.count <= most(tried.kind)
        return "" if fits else "count"
    reasons = {UNABLE: UNABLE_REASONS, NOT_DONE: NOT_DONE_REASONS}.get(tried.result, ())
    return "" if tried.reason in reasons else "reason"
