"""An agreement with a partner in words: as it stands, what another one would change, how it came to be.

Here: words of values. Not here: the pages (agreements.py), what is kept (outcomes/releases/agreements.py).
"""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import Agreement, Organisation
from frontend.wording import Label, count, plain_date, sentence, today
from outcomes.counting.bands import BY, BY_NAME, NAMES
from outcomes.releases.agreements import Reach, Terms

NOBODY_TOLD = (
    "Nobody is told of this. They read nothing before a summary is published, and only people who have the "
    "role of a partner: an administrator gives it."
)
STAYS = "What is published stays as it is, and they read it while the agreement lasts."


def state_of(agreement: Agreement) -> Label:
    if agreement.ends_on is not None and agreement.ends_on < today():
        return Label("Ended", "quiet")
    return Label("In force", "ok") if agreement.starts_on <= today() else Label("To come", "few")


def dimension_words(name: str) -> str:
    """ "area by age" is area and age together."""
    if BY in name:
        return f"{' and '.join(BY_NAME[part].label for part in name.split(BY))} together"
    return BY_NAME[name].label if name in BY_NAME else name


def choices() -> list[tuple[str, str]]:
    return [(name, sentence(dimension_words(name))) for name in NAMES]


def whose(terms: Terms) -> str:
    return f"people in {terms.area} alone" if terms.area else "people of the whole programme"


def told_apart(dimensions: Iterable[str]) -> str:
    return "; ".join(dimension_words(name) for name in dimensions) or "nothing: everybody together"


def hidden_below(k: int) -> str:
    return f"fewer than {k} people"


def days_words(terms: Terms) -> str:
    since = f"from {plain_date(terms.starts_on)}"
    return f"{since} to {plain_date(terms.ends_on)}" if terms.ends_on else f"{since}, without an end"


def of_new(organisation: Organisation | None, name: str, terms: Terms) -> list[str]:
    """What making it would mean, for who presses the button."""
    known = f"{organisation.name} is a partner here already." if organisation else f"{name} is new: it is added."
    return [
        f"{known} If that is not right, mend the name.",
        f"The agreement holds {days_words(terms)}.",
        f"Summaries count {whose(terms)}.",
        f"In summaries people are told apart by {told_apart(terms.dimensions)}.",
        f"Numbers of {hidden_below(terms.k)} are hidden.",
        NOBODY_TOLD,
    ]


def of_change(before: Terms, after: Terms, reach: Reach) -> list[str]:
    """What another agreement would change, one line for each; empty where it is the same."""
    lines = []
    if before.area != after.area:
        lines.append(f"Summaries count {whose(after)}. Now: {whose(before)}.")
    if set(before.dimensions) != set(after.dimensions):
        lines.append(f"People are told apart by {told_apart(after.dimensions)}. Now: {told_apart(before.dimensions)}.")
    if before.k != after.k:
        lines.append(f"Numbers of {hidden_below(after.k)} are hidden. Now: {hidden_below(before.k)}.")
    if days_words(before) != days_words(after):
        lines.append(f"The agreement holds {days_words(after)}. Now: {days_words(before)}.")
    return [*lines, *_made_anew(before, after, reach), STAYS] if lines else []


def _made_anew(before: Terms, after: Terms, reach: Reach) -> list[str]:
    less = after.k > before.k or not set(before.dimensions) <= set(after.dimensions)
    less = less or after.area not in ("", before.area)
    if not (less and reach.waiting):
        return []
    number = count(reach.waiting, "summary", "summaries")
    return [f"Of what is not published yet ({number}), all that holds too much for it must be made anew."]


def of_end(agreement: Agreement, reach: Reach) -> list[str]:
    """What ending it means."""
    return [
        f"After the last day they read no summary of {agreement.covers}, on no page and by no system. "
        f"Published for them: {reach.published}.",
        f"People who can sign in for them: {reach.people}. Systems that can read for them: {reach.systems}. "
        "Their roles, and what they read of other programmes, stay.",
        "No summary is made for them any more. What was published stays in the register for everybody.",
        "It can begin again later: change its last day.",
    ]
