"""Words about extracts for research: how each stands, what is wrong with a specification, why one was not built.

Called by the desk's pages and their forms, and by the pages on which somebody reads where their answers went. Not
here: the rules (outcomes/extracts/).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from frontend.wording import Label, joined, plain_date
from outcomes.data_uses import data_in_rows
from outcomes.extracts import building, making
from outcomes.extracts.asking import Standing
from outcomes.extracts.fields import BY_KEY
from outcomes.extracts.specification import LONGEST, Fault, Specification
from outcomes.extracts.taking import Held
from outcomes.models import ExtractState

STANDINGS = {
    Standing.WAITS: Label("Waiting for two people to agree", "wait"),
    Standing.AGREED: Label("Agreed", "ok"),
    Standing.REFUSED: Label("Not agreed", "alert"),
    Standing.OVERTAKEN: Label("Replaced", "quiet"),
    Standing.EXPIRED: Label("Ran out", "alert"),
    Standing.ENDED: Label("Ended", "quiet"),
}
STATES = {
    ExtractState.QUEUED: Label("Waiting to be built", "few"),
    ExtractState.BUILDING: Label("Being built", "few"),
    ExtractState.BUILT: Label("Ready to take", "wait"),
    ExtractState.BLOCKED: Label("Not safe to give out", "alert"),
    ExtractState.FAILED: Label("Could not be built", "alert"),
    ExtractState.TAKEN: Label("Taken", "ok"),
    ExtractState.DISCARDED: Label("Deleted, not taken", "quiet"),
}
WHY_NOT = {
    making.NOT_AGREED: "What it was to be built from is not agreed to any more, or was changed. Look at the project.",
    making.TOO_FEW: "Too few people agree to research for anybody not to stand out. "
    "Try again when more do, or ask for fewer facts about each person.",
    making.UNSAFE: "The last check found something in it that must not be there. "
    "Please tell the people who look after the software.",
    making.KEY_GONE: "The key of this project is not where it was, so people would get other names than before. "
    "Please tell the people who look after the software: the key may be in a backup of its folder.",
    making.KEY_OPEN: "Others on the server can read the key of this project. "
    "Please tell the people who look after the software, then try again.",
    building.ERROR: "Something went wrong while it was built.",
}
TABLES = {
    "person": "About each person",
    "form": "About each form they sent",
    "item": "Their answers",
    "score": "Their scores",
    "session": "Their classes",
    "event": "Their time in the programme",
    "measure": "What they managed: standing up from a chair",
    "goal": "How near they said their goals are, without the goals",
    "safety": "Reports about their safety",
}
DAYS_TELL = (
    "Days are counted from each person’s first class. Whoever sees how long somebody has been coming can work out "
    "about when they began, however inexact the quarter of their first class is made."
)
NOT_A_KEY = "This is not a public key of the program “age”. It begins with age1, and the recipient makes it"
_FAULTS = {
    ("users", "not_trained_yet"): "The day of training lies ahead: {}",
    ("fields", "not_on_the_list"): "This cannot be in an extract: {}",
    ("k", "too_small"): "A group must have at least {} people. For a secure data environment it is 10",
    ("l", "too_small"): "A group must have at least {} kinds of cancer",
    ("drop_at_most", "out_of_range"): "At most {} in 100 people may be left out",
    ("order", "no_such_step"): "No fact of this name can be made less exact, or not so often: {}",
    ("public_key", "not_a_key"): NOT_A_KEY,
    ("expires_on", "out_of_range"): "The last day must lie ahead, by {years} years at most",
}
_MISSING = {"users": "Enter at least one person with the day of their training", "fields": "Select at least one fact"}


def held_facts(one: Held) -> list[tuple[str, str]]:
    """Where the answers of somebody who is in an extract are, for them: it may never have gone to anybody."""
    made = f"made on {plain_date(one.made_at)}"
    if one.is_deleted:
        return [("Was for", one.recipient), ("Where it is", f"Deleted. It was {made}, and nobody got it.")]
    if one.went_at is None:
        return [("Is for", one.recipient), ("Where it is", f"Here, {made}. Nobody has got it yet.")]
    went = [("Went to", one.recipient), ("When", plain_date(one.went_at)), ("What they have", data_in_rows(one.fields))]
    if one.ended_on:
        return [*went, ("Destroyed", plain_date(one.ended_on))]
    return [*went, ("Kept until", f"{plain_date(one.until)} at the latest, then destroyed")]


def beside_words(numbers: Iterable[int]) -> str:
    """Which extracts of its project one was looked at together with; empty for none."""
    said = [str(number) for number in numbers]
    return f"{'Extract' if len(said) == 1 else 'Extracts'} {joined(said)}" if said else ""


def wider_words(taken: Iterable[str]) -> str:
    """What was made less exact, and how often."""
    labels = Counter(map(fact_words, taken))
    said = (label if number == 1 else f"{label} ({number} times)" for label, number in labels.items())
    return "; ".join(said) or "Nothing"  # a label may hold a comma


def fact_words(name: str) -> str:
    """A fact about each person as forms and pages call it; what is none, as it was typed."""
    found = BY_KEY.get(f"person.{name}")
    return name if found is None else found.label


def order_words(order: Iterable[str]) -> str:
    return "; ".join(map(fact_words, order))  # a label may hold a comma


def left_out_words(manifest: Mapping[str, Any], drop_at_most: int) -> str:
    """How many people are not in it, and whether those are more than was agreed. Told from rounded numbers alone."""
    number, k = manifest["left_out"]["people"], manifest["protection"]["k"]
    if not number:
        return "None" if number == 0 else f"Fewer than {k}"
    share = round(100 * number / (number + manifest["people"]))
    words = f"About {number}, {share} in 100"
    if share <= drop_at_most:
        return words
    return (
        f"{words}. That is more than the {drop_at_most} in 100 that were agreed to: they stand out however inexact "
        "facts are made in the order that was agreed. Tell the recipient; the manifest says who they mostly are."
    )


def fault_words(fault: Fault) -> str:
    if fault.reason == "missing":
        return _MISSING.get(fault.part, "Enter an answer")
    words = _FAULTS[fault.part, fault.reason]
    return words.format(joined(map(fact_words, fault.named)), years=LONGEST.days // 365)


def protection_words(wanted: Specification) -> list[str]:
    """What keeps people from standing out, in sentences."""
    found = [
        f"At least {wanted.k} people share every mix of facts that others may know, "
        "with what this project was given before."
    ]
    if wanted.rules.diverse:
        found.append(f"Among them are at least {wanted.l} kinds of cancer.")
    found.append(f"Facts are made less exact until at most {wanted.drop_at_most} in 100 people stand out.")
    found.append("Whoever still stands out is left out.")
    if any(key.endswith((".rel_day", ".week")) for key in wanted.fields):
        found.append(DAYS_TELL)
    return found
