"""The true figures of a release, counted from journeys. PURE, and never stored or shown.

Here: which counts, means and shares a release has, for everyone and for each
group. Not here: what may be shown of them (disclosure), the release around
them (figures.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from outcomes.cohort import Journey, Timing
from outcomes.disclosure import EVERYONE, Contributions, Count, Estimate, Figures, Group, Mean, Ratio
from outcomes.statistics import PairedChange, paired_change

SCALES = ("body", "mind", "total", "overall")
STAGES: tuple[tuple[str, Callable[[Journey], bool]], ...] = (
    ("registered", lambda journey: True),
    ("cleared", lambda journey: journey.cleared or journey.started),
    ("started", lambda journey: journey.started),
    ("regular", lambda journey: journey.came_regularly),
)
STARTED = "funnel.started"
People = Mapping[Group, Sequence[Journey]]
Pairs = Mapping[Group, Mapping[int, tuple[float, float]]]  # by group, by person


def figures_of(
    journeys: Sequence[Journey], *, timings: Sequence[Timing], dimension: str, groups: Sequence[str], as_at: date
) -> Figures:
    """Every true figure. The first of `timings` is the start; with `groups`, each person stands in one of them."""
    people: People = {EVERYONE: journeys} | {
        group: [journey for journey in journeys if journey.group == group] for group in groups
    }
    counts, means = [*_stages(people), *_visits(people)], list[Mean]()
    for later in timings[1:]:
        due = {group: [j for j in some if j.was_due(later, as_at)] for group, some in people.items()}
        sent = {group: [j for j in some if j.form_in_window(later) is not None] for group, some in due.items()}
        counts.append(Count("forms", f"forms.{later.code}.due", _sizes(due), within=STARTED, sensitive=False))
        counts.append(
            Count("forms", f"forms.{later.code}.sent", _sizes(sent), within=f"forms.{later.code}.due", sensitive=False)
        )
        for scale in SCALES:
            pairs = _pairs(sent, timings[0], later, scale)
            counts.append(_paired(scale, later, pairs))
            means += _changes(scale, later, pairs)
    share = Ratio("visits", "visits.share", "visits.attended", "visits.due")
    return Figures(dimension, tuple(groups), tuple(counts), means=tuple(means), ratios=(share,))


def groups_of(journeys: Sequence[Journey], order: Sequence[str]) -> list[str]:
    """The groups there are: every one of `order`, even an empty one, then others by name."""
    found = {journey.group for journey in journeys}
    return [*order, *sorted(found.difference(order))]


def _sizes(people: People) -> dict[Group, int]:
    return {group: len(some) for group, some in people.items()}


def _stages(people: People) -> list[Count]:
    """The funnel. Having joined or come says nothing of a person's health, so none and all of them may be shown."""
    counts, before = [], None
    for stage, reached in STAGES:
        name = f"funnel.{stage}"
        values = {group: sum(map(reached, some)) for group, some in people.items()}
        counts.append(Count("funnel", name, values, within=before, sensitive=False))
        before = name
    return counts


def _visits(people: People) -> list[Count]:
    """Places booked that took place, and those attended."""
    due = {group: [journey.classes_due for journey in some] for group, some in people.items()}
    attended = {group: [journey.classes_attended for journey in some] for group, some in people.items()}
    return [_visit("visits.due", due, None), _visit("visits.attended", attended, "visits.due")]


def _visit(name: str, visits: Mapping[Group, list[int]], within: str | None) -> Count:
    values = {group: sum(each) for group, each in visits.items()}
    made_by = {group: _contributions(each) for group, each in visits.items()}
    return Count("visits", name, values, within=within, sensitive=False, contributions=made_by)


def _contributions(visits: Sequence[int]) -> Contributions:
    first, second, *_ = [*sorted(visits, reverse=True), 0, 0]
    return Contributions(sum(count > 0 for count in visits), first, second)


def _pairs(sent: People, start: Timing, later: Timing, scale: str) -> Pairs:
    """Both scores of each person who has both: nobody with one form alone is in it."""
    return {
        group: {j.person: pair for j in some if (pair := j.pair(start, later, scale)) is not None}
        for group, some in sent.items()
    }


def _paired(scale: str, later: Timing, pairs: Pairs) -> Count:
    values = {group: len(some) for group, some in pairs.items()}
    return Count("change", f"{scale}.{later.code}.n", values, within=f"forms.{later.code}.sent", sensitive=False)


def _changes(scale: str, later: Timing, pairs: Pairs) -> list[Mean]:
    """Mean at the start, later, and of the change. The start is one variable, whichever form follows it."""
    changes = {group: paired_change(list(some.values())) for group, some in pairs.items()}
    people = {group: frozenset(some) for group, some in pairs.items()}
    name, of = f"{scale}.{later.code}", f"{scale}.{later.code}.n"
    before = Mean(
        "change", f"{name}.before", of, _estimates(changes, _before), range=(0, 100), variable=f"{scale}.start",
        people=people,
    )  # fmt: skip
    after = Mean("change", f"{name}.after", of, _estimates(changes, _after), range=(0, 100))
    change = Mean("change", f"{name}.change", of, _estimates(changes, _change), range=(-100, 100))
    return [before, after, change]


def _estimates(
    changes: Mapping[Group, PairedChange], read: Callable[[PairedChange], Estimate | None]
) -> dict[Group, Estimate]:
    return {group: found for group, change in changes.items() if (found := read(change)) is not None}


def _before(change: PairedChange) -> Estimate | None:
    return None if change.mean_before is None else Estimate(change.mean_before)


def _after(change: PairedChange) -> Estimate | None:
    return None if change.mean_after is None else Estimate(change.mean_after)


def _change(change: PairedChange) -> Estimate | None:
    return None if change.mean_change is None else Estimate(change.mean_change, change.low, change.high)
