"""The copy as one page that anybody can read and print: words of its own, its own style, nothing fetched.

Here: HTML of a record that was read (reading.py). Not here: the parcel (packing.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from records.exporting.reading import Purpose, Record, Row, Section

STYLE: Final = """
body { font: 1.125rem/1.5 Arial, sans-serif; color: #212b32; max-width: 50rem; margin: 0 auto; padding: 1rem; }
h1, h2, h3 { line-height: 1.2; } h2 { border-top: 4px solid #4c6272; padding-top: 1rem; margin-top: 2.5rem; }
dl { margin: 0 0 1rem; padding: .75rem 0; border-top: 1px solid #aeb7bd; }
dl div { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: .15rem 0; }
dt { flex: 0 0 14rem; font-weight: bold; } dd { flex: 1 1 14rem; margin: 0; overflow-wrap: anywhere; }
.why { color: #4c6272; } summary { cursor: pointer; padding: .75rem 0; }
@media print { body { font-size: 11pt; max-width: none; } dl { break-inside: avoid; } }
"""
ABOUT: Final = (
    "This is what SafeFit holds about you. Each part says what it is for and how long it is kept.",
    "People who help you and people who work with us are not named here: we say what they are. If you want to know "
    "who somebody was, ask us.",
    "In notes that somebody typed we took out the names of those who help you. If a note speaks of somebody else, "
    "please keep it to yourself.",
    "What was written about something that went wrong in a class is not in this copy, because it may speak of others. "
    "Ask us: a person reads it first. Notes about keeping somebody safe from harm are in nobody’s copy; you can ask us "
    "about them too.",
    "If something is wrong, tell us and we put it right. If you are not happy with what we do, you can complain to the "
    "Information Commissioner’s Office.",
)


def draw_paper(record: Record, *, made_at: dt.datetime) -> str:
    """The whole page."""
    page = format_html(
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>What SafeFit holds about {}</title><style>{}</style></head><body>"
        '<h1>What SafeFit holds about {}</h1><p class="why">Made on {}</p>{}<h2>What is in it</h2><ul>{}</ul>{}'
        "</body></html>",
        record.person.full_name,
        mark_safe(STYLE),  # noqa: S308  our own words
        record.person.full_name,
        words_of(made_at),
        format_html_join("", "<p>{}</p>", ((line,) for line in ABOUT)),
        format_html_join("", '<li><a href="#{}">{}</a></li>', ((one.table, one.title) for one in record.sections)),
        _join(_section(one) for one in record.sections),
    )
    return str(page)


def words_of(value: Any) -> str:
    """A value as somebody reads it."""
    if value in (None, "", [], {}):
        return "Nothing"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).strftime("%-d %B %Y, %H:%M")
    if isinstance(value, dt.date):
        return f"{value:%-d %B %Y}"
    if isinstance(value, dict):
        return "; ".join(f"{_name(key)}: {words_of(one)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(words_of(one) for one in value)
    return str(value)


def _section(section: Section) -> SafeString:
    return format_html(
        '<h2 id="{}">{}</h2>{}{}{}',
        section.table,
        section.title,
        format_html_join("", '<p class="why">{}</p>', ((_why(one),) for one in section.purposes)),
        _join(_facts(row) for row in section.rows) or mark_safe("<p>Nothing now.</p>"),
        _history(section.history),
    )


def _why(one: Purpose) -> str:
    return f"{', '.join(map(_name, one.what))}: {one.purpose}. Kept {one.kept}. Basis: {one.basis}."


def _history(rows: list[Row]) -> SafeString:
    if not rows:
        return mark_safe("")
    told = _join(_facts(row) for row in rows)
    return format_html("<details><summary>What was changed, and when ({})</summary>{}</details>", len(rows), told)


def _facts(row: Row) -> SafeString:
    shown = ((_name(name), words_of(value)) for name, value in row.items() if value not in (None, "", [], {}))
    return format_html("<dl>{}</dl>", format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", shown))


def _name(name: str) -> str:
    words = str(name).replace("_", " ")
    return words[:1].upper() + words[1:]


def _join(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))
