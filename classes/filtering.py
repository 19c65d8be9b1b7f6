"""How a list of classes is narrowed: one set of filters behind the public page, a person's own list and the API."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet

from classes.listing import areas
from classes.models import Effort, Fact, Mode, Position, Session, SessionKind

WEEKDAYS = [
    (str(number), name)
    for number, name in enumerate(
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), start=1
    )
]


def area_choices() -> list[tuple[str, str]]:
    return [(area, area) for area in areas()]


def _is_there(fact: str) -> django_filters.ChoiceFilter:
    """Only "yes" can be asked for, and only "yes" answers it: who needs a ramp cannot use one that nobody knows of."""
    return django_filters.ChoiceFilter(field_name=f"venue__{fact}", choices=[(Fact.YES.value, "yes")])


class SessionFilter(django_filters.FilterSet):
    """Every value is one of a list; another one is an error, never ignored. Days and dates are UK ones."""

    area = django_filters.ChoiceFilter(field_name="venue__area", choices=area_choices)
    mode = django_filters.ChoiceFilter(choices=Mode.choices)
    kind = django_filters.ChoiceFilter(choices=SessionKind.choices)
    effort = django_filters.ChoiceFilter(field_name="class_type__effort", choices=Effort.choices)
    position = django_filters.ChoiceFilter(choices=Position.choices, method="in_position")
    weekday = django_filters.ChoiceFilter(field_name="starts_at", lookup_expr="iso_week_day", choices=WEEKDAYS)
    step_free = _is_there("step_free")
    accessible_toilet = _is_there("accessible_toilet")
    hearing_loop = _is_there("hearing_loop")
    parking = _is_there("parking")
    chairs = _is_there("chairs")

    class Meta:
        model = Session
        fields: list[str] = []

    def in_position(self, queryset: QuerySet[Session], name: str, value: str) -> QuerySet[Session]:
        return queryset.filter(class_type__positions__contains=[value])


def narrowed(sessions: QuerySet[Session], wanted: dict[str, Any]) -> QuerySet[Session]:
    """`sessions` as far as they fit `wanted` (names and values of SessionFilter; blank ones are left out)."""
    rows: QuerySet[Session] = SessionFilter({name: value for name, value in wanted.items() if value}, sessions).qs
    return rows
