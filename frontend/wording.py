"""Words that every page shares: dates, times, counts, states and lists.

Here: values in, plain English out, always in UK time. Not here: sentences of
one audience (frontend/views/<audience>/wording.py), or any rule. Called by
templates (as filters) and by views.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.text import Truncator

from messaging.neutral import neutral_place
from participants.rules.programme_time import Stretch

UK = ZoneInfo("Europe/London")


def uk(moment: datetime) -> datetime:
    """The same instant on a UK clock. A time without a zone is a mistake: ValueError."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone, so its UK time cannot be told.")
    return moment.astimezone(UK)


def today() -> date:
    return uk(timezone.now()).date()


def clock(moment: datetime | time) -> str:
    """6:30pm, 10am, noon, midnight; and in the night the clocks go back, which of two equal times it is."""
    if isinstance(moment, datetime):
        return f"{clock(uk(moment).time())}{_which_of_two(uk(moment))}"
    at = moment
    if (at.hour, at.minute) == (0, 0):
        return "midnight"
    if (at.hour, at.minute) == (12, 0):
        return "noon"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def _which_of_two(local: datetime) -> str:
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        return ""
    return f" {'after' if local.fold else 'before'} the clocks go back"


def clock_range(start: datetime | time, end: datetime | time) -> str:
    """6:30pm to 7:15pm."""
    return f"{clock(start)} to {clock(end)}"


def _date(value: date | datetime) -> date:
    return uk(value).date() if isinstance(value, datetime) else value


def day(value: date | datetime) -> str:
    """Tuesday 3 February 2027."""
    on = _date(value)
    return f"{on:%A} {on.day} {on:%B %Y}"


def short_day(value: date | datetime) -> str:
    """Tuesday 3 February: where the year is plain from the page."""
    on = _date(value)
    return f"{on:%A} {on.day} {on:%B}"


def plain_date(value: date | datetime) -> str:
    """3 February 2027: births, and anything long ago."""
    on = _date(value)
    return f"{on.day} {on:%B %Y}"


def day_heading(value: date | datetime, on: date | None = None) -> str:
    """Today, Tuesday 3 February. Within a year of `on` (today), the year is left out."""
    now, that = on or today(), _date(value)
    words = short_day(that) if abs(that - now) < timedelta(days=180) else day(that)
    named = {now: "Today", now + timedelta(days=1): "Tomorrow"}.get(that)
    return f"{named}, {words}" if named else words


def from_today(value: date | datetime, on: date | None = None) -> str:
    """today, tomorrow, or on Tuesday 3 February: in the middle of a sentence."""
    now, that = on or today(), _date(value)
    return {now: "today", now + timedelta(days=1): "tomorrow"}.get(that) or f"on {short_day(that)}"


def when(start: datetime, end: datetime, from_anywhere: bool = False) -> str:
    """6:30pm to 7:15pm, Tuesday 3 February 2027; both days when it runs past midnight.

    What may be joined from anywhere says whose time that is.
    """
    whose = " (UK time)" if from_anywhere else ""
    if _date(start) == _date(end):
        return f"{clock_range(start, end)}, {day(start)}{whose}"
    return f"{clock(start)}, {day(start)} to {clock(end)}, {day(end)}{whose}"


def moment(value: datetime) -> str:
    """Tuesday 3 February 2027 at 9:10am."""
    return f"{day(value)} at {clock(value)}"


def short_moment(value: datetime) -> str:
    """Tuesday 3 February at 9:10am: where the year is plain from the page."""
    return f"{short_day(value)} at {clock(value)}"


def count(number: int, one: str, many: str = "") -> str:
    """1 place, 3 places, no places, 1,204 people."""
    noun = one if number == 1 else (many or f"{one}s")
    return f"{number:,} {noun}" if number else f"no {noun}"


SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven")
IN_WEEKS = {1: "a week", 4: "a month"}


def contacts_planned(stretch: Stretch) -> str:
    """one to three sessions a week; empty where a phase plans none."""
    least, most = stretch.contacts_least, stretch.contacts_most
    if not most:
        return ""
    number = (
        _small(most) if least == most else f"{_small(least)} to {_small(most)}" if least else f"up to {_small(most)}"
    )
    how_long = IN_WEEKS.get(stretch.per_weeks, f"in {_small(stretch.per_weeks)} weeks")
    return f"{number} session{'' if most == 1 else 's'} {how_long}{_talks_planned(stretch)}"


def _talks_planned(stretch: Stretch) -> str:
    """and one talk, one to one, a month; empty where a phase plans none."""
    if not stretch.talks:
        return ""
    weeks = stretch.talks_per_weeks
    how_long = {1: "a week", 4: "a month"}.get(weeks, f"in {_small(weeks)} weeks")
    return f", and {_small(stretch.talks)} talk{'' if stretch.talks == 1 else 's'}, one to one, {how_long}"


def _small(number: int) -> str:
    return SMALL[number] if number < len(SMALL) else str(number)


def ordinal(number: int) -> str:
    """2nd: a place in a waiting list."""
    teens = number % 100 in (11, 12, 13)
    return f"{number:,}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def joined(things: Iterable[str], last: str = "and") -> str:
    """Poole, Newport and Southampton."""
    *firsts, final = list(things) or [""]
    return f"{', '.join(firsts)} {last} {final}" if firsts else final


def possessive(name: str) -> str:
    """Pat’s."""
    return f"{name}’s"


def yes_no(answer: bool | None) -> str:
    return "Not answered" if answer is None else ("Yes" if answer else "No")


def given(value: object) -> str:
    """What was given, or words for nothing; a blank cell says nothing to a screen reader."""
    return "Not given" if value is None or value == "" else str(value)


def sentence(words: str) -> str:
    """A capital first letter, and the rest as it is."""
    return words[:1].upper() + words[1:]


def ending_words(number: str) -> str:
    """All that is shown of an NHS number."""
    return f"Ends in {number[-4:]}"


def telephone(number: str) -> str:
    """+441632960001 as people write it: 01632 960001."""
    local = f"0{number[3:]}" if number.startswith("+44") else number
    bare = local.replace(" ", "")
    return f"{bare[:5]} {bare[5:]}" if bare.isdigit() and len(bare) in (10, 11) else local


def telephone_link(number: str) -> str:
    """The address behind a telephone number: tel:+441632960000."""
    bare = "".join(character for character in number if character in "+0123456789")
    return f"tel:+44{bare[1:]}" if bare.startswith("0") else f"tel:{bare}"


@dataclass(frozen=True)
class Label:
    """A state in words, and the tone of its tag: ok, few, full, wait, quiet or alert."""

    words: str
    tone: str = "quiet"


# Waiting for a place and waiting for us are different states, so they never share words.
BOOKING_LABELS = {
    "booked": Label("Booked", "ok"),
    "waiting": Label("Waiting for a place", "wait"),
    "offered": Label("A place is offered to you", "few"),
    "cancelled": Label("Cancelled", "full"),
    "declined": Label("Offer not taken", "full"),
    "expired": Label("Offer ran out", "full"),
    "closed": Label("Closed", "full"),
}
CHECKING_LABEL = Label("Waiting for us to check it is safe for you", "few")
CANCELLED_CLASS_LABEL = Label("Class cancelled", "alert")


def places_label(left: int, few: int = 3) -> Label:
    """What the timetable says about places: available, few left, or full."""
    if left <= 0:
        return Label("Full: join the waiting list", "full")
    if left <= few:
        return Label("1 place left" if left == 1 else "Few places left", "few")
    return Label("Places available", "ok")


def booking_label(state: str) -> Label:
    return BOOKING_LABELS[state]


def at_place(place: str, most: int, lead: str = ", ") -> str:
    """What of a place may be read over a shoulder, cut to `most`, after `lead`; "" where nothing of it may."""
    whereabouts = Truncator(neutral_place(place)).chars(most, truncate="...")
    return f"{lead}{whereabouts}" if whereabouts else ""


FILTERS: dict[str, Callable[..., Any]] = {
    rule.__name__: rule
    for rule in (
        clock,
        day,
        short_day,
        plain_date,
        day_heading,
        from_today,
        moment,
        ordinal,
        contacts_planned,
        joined,
        possessive,
        yes_no,
        given,
        sentence,
        telephone,
        telephone_link,
        places_label,
        booking_label,
        at_place,
    )
} | {"clock_to": clock_range, "when": when, "counted": count}
