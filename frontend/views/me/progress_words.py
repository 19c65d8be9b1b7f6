"""How somebody's own progress reads: plain sentences first, then the same figures as a table and a chart.

Here: words. Not here: what has moved and how far (outcomes/answering/progress.py). What
has become harder is said plainly and kindly, and never called worse.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.safestring import SafeString

from frontend import charts, wording
from outcomes.answering.progress import Form, Line, Move, compared, item_lines, scale_lines
from outcomes.instruments.safefit_wellbeing import ACTIVE_MINUTES_CAP, BODY, COMPARED, MIND, RECIPE

ITEMS = (*BODY, *MIND, "overall")
COMPARES = "change"  # the question that compares with the start
SCALES = ("body", "mind", "total", "overall")
DAYS, MINUTES = "act_days", "active_minutes"  # of movement, in a week

# What goes up, what goes down, and what the thing is called; "{}" takes "a little".
SENTENCES: dict[str, tuple[str, str, str]] = {
    "energy": ("Your energy is {}higher", "Your energy is {}lower", "energy"),
    "sleep": ("Your sleep is {}more restful", "Your sleep is {}less restful", "sleep"),
    "strength": ("Your body feels {}stronger", "Your body feels {}less strong", "strength"),
    "tasks": ("Everyday jobs are {}easier to manage", "Everyday jobs are {}harder to manage", "everyday jobs"),
    "aches": (
        "Aches and soreness hold you back {}less",
        "Aches and soreness hold you back {}more",
        "aches and soreness",
    ),
    "breath": ("Shortness of breath holds you back {}less", "Shortness of breath holds you back {}more", "breath"),
    "spirits": ("Your spirits are {}higher", "Your spirits are {}lower", "spirits"),
    "worry": ("Worry holds you back {}less", "Worry holds you back {}more", "worry"),
    "company": ("You feel {}more supported by other people", "You feel {}less supported by other people", "support"),
    "ready": ("You feel {}more ready to be active", "You feel {}less ready to be active", "being ready to be active"),
    "overall": ("All in all, you feel {}better", "All in all, you feel {}less well", "how you feel all in all"),
}
SCALE_NAMES = {"body": "Body", "mind": "Mind", "total": "Body and mind together", "overall": "All in all"}


@dataclass(frozen=True)
class Progress:
    """What the page shows. `up`, `down` are sentences; `same` one sentence or empty; `moved` one or two, or none;
    `said` how they compared themselves, with no word of ours on it."""

    up: list[str]
    same: str
    down: list[str]
    said: list[str]
    moved: list[str]
    once_more: str  # which of two answers to the same counts; empty: none was asked for twice
    columns: list[str]
    dates: str
    groups: list[list[str]]
    rows: list[list[str]]
    chart: SafeString
    is_first: bool  # one form: nothing to compare yet


def progress_in_words(forms: Sequence[Form]) -> Progress:
    """All of it, from the forms in order of time; at least one. What was answered once more is compared alone, and what
    was answered before stays in the tables."""
    every, forms = forms, compared(forms)
    items, scales = item_lines(RECIPE, forms, ITEMS), scale_lines(RECIPE, forms, SCALES)
    minutes = scale_lines(RECIPE, forms, (MINUTES,))
    up = [line for line in items if line.move in (Move.UP, Move.UP_A_LITTLE)]
    down = [line for line in items if line.move in (Move.DOWN, Move.DOWN_A_LITTLE)]
    return Progress(
        up=[_sentence(line, forms) for line in _largest_first(up)],
        same=_same([line for line in items if line.move is Move.SAME]),
        down=[_sentence(line, forms) for line in _largest_first(down)],
        said=_compared(forms),
        moved=[sentence for line in minutes for sentence in _moved(line, forms)],
        once_more=_once_more(every),
        columns=["What we asked", *(form.label for form in every)],
        dates=days_of(every),
        groups=[_row(SCALE_NAMES[line.name], line, 100) for line in scale_lines(RECIPE, every, SCALES[:3])],
        rows=_rows(every),
        chart=_chart(scales),
        is_first=len(forms) == 1,
    )


def _rows(forms: Sequence[Form]) -> list[list[str]]:
    """Every answer, a row for each question."""
    items, days = item_lines(RECIPE, forms, ITEMS), item_lines(RECIPE, forms, (DAYS,))
    minutes = scale_lines(RECIPE, forms, (MINUTES,))
    return [
        *(_row(wording.sentence(SENTENCES[line.name][2]), line, 10) for line in items),
        *(_row("Days on which you moved", line, 7) for line in days),
        *(["Minutes of that in the week", *map(_minutes, line.values)] for line in minutes),
    ]


def _once_more(forms: Sequence[Form]) -> str:
    """Each that was answered before is followed by what was answered instead."""
    instead = [later for early, later in pairwise(forms) if early.is_superseded and not later.is_superseded]
    if not instead:
        return ""
    said = wording.joined(f"{wording.plain_date(form.on)} ({_label(form)})" for form in instead)
    return f"You answered the same more than once. What you said on {said} counts; what you said before is kept here."


def days_of(forms: Sequence[Form]) -> str:
    """2 March 2026 (start) and 25 May 2026 (12 weeks)."""
    return wording.joined(f"{wording.plain_date(form.on)} ({_label(form)})" for form in forms)


def _label(form: Form) -> str:
    return f"{form.label.lower()}, after its time" if form.is_late else form.label.lower()


def _largest_first(lines: Sequence[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: line.move in (Move.UP_A_LITTLE, Move.DOWN_A_LITTLE))


def _sentence(line: Line, forms: Sequence[Form]) -> str:
    better, harder, _ = SENTENCES[line.name]
    words = better if line.move in (Move.UP, Move.UP_A_LITTLE) else harder
    little = "a little " if line.move in (Move.UP_A_LITTLE, Move.DOWN_A_LITTLE) else ""
    return f"{words.format(little)} than {_at_first(line, forms)}."


def _at_first(line: Line, forms: Sequence[Form]) -> str:
    since = forms[line.first]
    return "when you started" if since.is_start else f"on {wording.plain_date(since.on)}"


def _moved(line: Line, forms: Sequence[Form]) -> Iterator[str]:
    """How much they move: numbers alone. What is much or little for somebody who is ill is not ours to say."""
    known = [(form, value) for form, value in zip(forms, line.values, strict=True) if value is not None]
    latest, value = known[-1]
    did = f"for {_about(value)} in all" if value else "on no day"
    yield f"In the week before {wording.plain_date(latest.on)} you moved enough to breathe a little faster {did}."
    if len(known) > 1:
        first = known[0][1]
        yield f"{wording.sentence(_at_first(line, forms))} it was {_about(first) if first else 'none'}."


def _about(minutes: float) -> str:
    """More than so many are not counted."""
    most = minutes >= ACTIVE_MINUTES_CAP
    return f"{minutes:,.0f} minutes or more" if most else f"about {minutes:,.0f} minutes"


def _minutes(value: float | None) -> str:
    return "Not answered" if value is None else f"{value:,.0f}"


def _compared(forms: Sequence[Form]) -> list[str]:
    """What they said the last time they were asked."""
    said = [(wording.plain_date(form.on), form.items[COMPARES]) for form in forms if COMPARES in form.items]
    return [f"Compared with when you started, you said on {on}: “{dict(COMPARED)[int(n)]}”." for on, n in said[-1:]]


def _same(lines: Sequence[Line]) -> str:
    return f"About the same: {wording.joined(SENTENCES[line.name][2] for line in lines)}." if lines else ""


def _row(name: str, line: Line, most: int) -> list[str]:
    return [name, *(_of(value, most) for value in line.values)]


def _of(value: float | None, most: int) -> str:
    return "Not answered" if value is None else f"{value:.0f} of {most}"


def _chart(scales: Sequence[Line]) -> SafeString:
    pairs = [
        charts.Pair(SCALE_NAMES[line.name], known[0], known[-1], f"{known[0]:.0f} at first, {known[-1]:.0f} now")
        for line in scales
        if line.move is not None and (known := [value for value in line.values if value is not None])
    ]
    return charts.dumbbell(
        pairs,
        title="How your answers have moved",
        key="From 0 to 100, where more is better. Open dot: your first answers. Full dot: your latest answers",
        name="own-progress",
    )
