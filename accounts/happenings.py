"""What happened to a person, from rows that are kept anyway: one shape that every app fills from its own.

Here: the shape, how a queryset is put into it, all of them as one list with the
newest first, and the names of who did it. Not here: what each app tells
(happenings.py of that app), the words (frontend). Nothing is written; what a
person answered is never part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import BigIntegerField, CharField, DateTimeField, F, Model, OuterRef, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Concat, NullIf

from accounts.models import Person

COLUMNS = ("h_at", "h_what", "h_detail", "h_more", "h_row", "h_by", "h_behalf")
PERSON = "person:"
Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Happening:
    """`what` happened to the row `row`. `by` and `behalf` are as in history: "person:7", "system:worker", or empty."""

    at: datetime
    what: str
    detail: str
    more: str
    row: int | None
    by: str
    behalf: str


def told(
    rows: QuerySet[Any],
    *,
    at: str | Combinable,
    what: str | Combinable,
    detail: Combinable | None = None,
    more: Combinable | None = None,
    row: str | None = None,
    by: Combinable | None = None,
    behalf: Combinable | None = None,
) -> Rows:
    """`rows` in the shape of a Happening. A plain string for `at` and `row` is a field, for `what` the word itself."""
    whole = (
        Cast(F(at) if isinstance(at, str) else at, DateTimeField()),
        *(_text(part) for part in (Value(what) if isinstance(what, str) else what, detail, more)),
        Cast(F(row) if row else Value(None), BigIntegerField()),
        *(_text(part) for part in (by, behalf)),
    )
    shaped: Rows = rows.order_by().annotate(**dict(zip(COLUMNS, whole, strict=True))).values_list(*COLUMNS)
    return shaped


def _text(part: Combinable | None) -> Combinable:
    return Coalesce(Cast(part if part is not None else Value(""), CharField()), Value(""), output_field=CharField())


def person(field: str) -> Combinable:
    """A key of a person as history writes it; empty where there is none."""
    return NullIf(Concat(Value(PERSON), Cast(F(field), CharField()), output_field=CharField()), Value(PERSON))


def in_history(model: type[Model]) -> QuerySet[Any]:
    """The history rows of a tracked model, with the action, who did it, and for whom."""
    events = apps.get_model(model._meta.app_label, f"{model.__name__}Event")
    return events._default_manager.annotate(  # type: ignore[no-any-return]
        acted=KeyTextTransform("action", "pgh_context"),
        actor=KeyTextTransform("by", "pgh_context"),
        for_whom=KeyTextTransform("on_behalf_of", "pgh_context"),
    )


def only_changes_of(field: str, events: QuerySet[Any]) -> QuerySet[Any]:
    """Those of `events` that made `field` another one than it was; the first row of each thing counts."""
    before = events.model._default_manager.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id"))
    was = Subquery(before.order_by("-pgh_id").values(field)[:1])
    changed: QuerySet[Any] = events.annotate(was=Coalesce(was, Value(""), output_field=CharField()))
    return changed.exclude(**{field: F("was")})


def by_action(events: QuerySet[Any], what: str, *, more: Combinable | None = None) -> Rows:
    """Each action that wrote among `events`, once, however many rows it wrote."""
    return told(
        events, at="pgh_created_at", what=what, detail=F("acted"), more=more, by=F("actor"), behalf=F("for_whom")
    )


def newest_first(parts: Iterable[Rows]) -> Rows:
    """Everything as one list in one query, counted and cut into pages by the database."""
    first, *others = parts
    return first.union(*others).order_by("-h_at", "-h_row", "h_what", "h_detail", "h_more")


def happenings(rows: Iterable[tuple[Any, ...]]) -> list[Happening]:
    return [Happening(*row) for row in rows]


def names_of(actors: Iterable[str]) -> Mapping[str, str]:
    """The full names of those among `actors` who are people, in one query."""
    keys = {int(actor.removeprefix(PERSON)) for actor in actors if actor.startswith(PERSON)}
    return {f"{PERSON}{one.pk}": one.full_name for one in Person.objects.filter(pk__in=keys)}
