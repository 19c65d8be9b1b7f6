"""How the forms behind a release came: by whom they were filled in, and how many came outside of their windows. PURE.

Here: who is counted in what, and these counts, of everyone alone. Of our own check: other forms are mostly answered
with it. Not here: which form counts (cohort.py), the other figures (truth.py). Called by truth.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from outcomes.counting.cohort import Cohort, SentForms, Timing
from outcomes.disclosure import Count, Group
from outcomes.disclosure.sheet import Bools

MODES: Final = ("self", "phone", "paper", "scribe")  # as outcomes.models.AnswerMode has them
Sums = tuple[str, tuple[str, ...]]


def modes_of(code: str) -> list[str]:
    """The names of the figures."""
    return [f"forms.{code}.by_{mode}" for mode in MODES]


def not_sent_of(code: str) -> str:
    return f"forms.{code}.not_sent"


def outside_of(code: str) -> str:
    return f"forms.{code}.outside"


def who_came_how(cohort: Cohort, timing: Timing, form: SentForms, missing: Bools) -> Iterator[tuple[str, Bools]]:
    """By figure, who is in it. `form`: those that counted; `missing`: of whom there should be one."""
    yield not_sent_of(timing.code), missing
    yield from ((name, form.came(place)) for place, name in enumerate(modes_of(timing.code)))
    yield outside_of(timing.code), missing & cohort.sent_at_all(timing)


def quality_of(
    timing: Timing, sums: Callable[[str], Mapping[Group, int]], started: str
) -> tuple[list[Count], list[Sums]]:
    """The counts of one timepoint, and which of them add up; of `started` the form at the start is due.

    That somebody was rung up, or was late, says nothing of their health: none and all of them may be shown.
    """
    sent, not_sent, modes = f"forms.{timing.code}.sent", not_sent_of(timing.code), modes_of(timing.code)
    within, adding_up = dict.fromkeys(modes, sent) | {outside_of(timing.code): not_sent}, [(sent, tuple(modes))]
    if timing.due.is_start:
        within, adding_up = within | {not_sent: started}, [*adding_up, (started, (sent, not_sent))]
    counts = [
        Count("forms", name, sums(name), within=of, sensitive=False, everyone_only=True) for name, of in within.items()
    ]
    return counts, adding_up
