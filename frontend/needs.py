"""What helps somebody to read, hear and take part: the words, and the questions that every page asks alike.

Here: a need in words, the fields of the form, and how they are read. Not here: the
pages (views/me/needs.py, views/desk/needs.py, views/public/join_forms.py), the
actions (participants/needs.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from frontend import forms
from frontend.wording import plain_date, sentence
from participants.models import AccessNeed, AccessNeedKind
from participants.rules.application import NOTHING
from participants.rules.formats import GROUPS, METHODS, PRINT_SIZES

ASKED_MORE = {
    AccessNeedKind.LARGE_PRINT: ("need_large_print",),
    AccessNeedKind.LANGUAGE: ("need_language", "need_interpreter"),
    AccessNeedKind.OTHER: ("need_other",),
}
BEFORE = {"Ways to reach you that work": "Only if some ways of reaching you do not work: choose those that do"}


def need_words(kind: str, detail: str = "") -> str:
    """The need, and what the person added; "something else" says nothing beside their own words."""
    named = AccessNeedKind(kind).label
    if detail and kind == AccessNeedKind.OTHER:
        return sentence(detail)
    return sentence(f"{named}: {detail}" if detail else named)


def words_of(rows: Iterable[AccessNeed]) -> list[str]:
    return [need_words(row.kind, row.detail) for row in rows]


def noted_words(row: AccessNeed, *, reader: object = None) -> str:
    """Who wrote it down and when, and when we ask again; `reader` is whoever reads it, who is "you"."""
    by = "you" if row.recorded_by == reader else row.recorded_by.full_name
    return f"Noted {plain_date(row.recorded_at)} by {by}. We ask again on {plain_date(row.review_on)}."


def told_words(row: AccessNeed) -> str:
    """Whether instructors know; empty for a way of reaching somebody, which is none of their business."""
    if row.kind in METHODS:
        return ""
    return "Instructors can see it." if row.share_with_instructors else "Instructors are not told."


def options(nothing: str) -> list[forms.Choice | forms.Divider]:
    """Every kind, group by group; `nothing` is the choice that stands alone."""
    offered: list[forms.Choice | forms.Divider] = []
    for heading, kinds in GROUPS:
        offered.append(forms.Divider(BEFORE.get(heading, heading)))
        for kind in kinds:
            offered.append(forms.Choice(kind, need_words(kind), reveals=ASKED_MORE.get(AccessNeedKind(kind), ())))
    return [*offered, forms.Divider(), forms.Choice(NOTHING, nothing, exclusive=True)]


class NeedsQuestions(forms.Form):
    """The fields; `application.needs_said` reads the answers, `kept_needs` are those that name what is noted."""

    needs = forms.CheckboxesField(
        label="Is there anything we can do so that it is easier to read, hear or take part?",
        missing="Select what would help, or select that you do not need any of these",
        page_heading=True,
        options=options("I do not need any of these"),
    )
    need_large_print = forms.SelectField(
        label="How large?",
        called="how large",
        empty="Choose a size",
        options=[(f"{size} point", f"{size} point") for size in PRINT_SIZES],
    )
    need_language = forms.TextField(label="Which language?", called="the language", max_length=200)
    need_interpreter = forms.YesNoField(
        label="Do you need an interpreter for it?", missing="Select yes if an interpreter is needed"
    )
    need_other = forms.TextField(label="What would help?", called="what would help", max_length=200)


def kept_needs(rows: Iterable[AccessNeed]) -> dict[str, Any]:
    """The answers that would name these rows."""
    noted = {row.kind: row.detail for row in rows}
    said: dict[str, Any] = {f"need_{kind}": detail for kind, detail in noted.items() if detail}
    said["needs"] = [kind for kind in noted if kind != AccessNeedKind.INTERPRETER]
    if AccessNeedKind.LANGUAGE in noted:
        said["need_interpreter"] = AccessNeedKind.INTERPRETER in noted
    return said
