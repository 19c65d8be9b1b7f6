"""Halls that close, and what is never hidden by a constraint's name."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from classes.models import Mode, Venue
from classes.offering import add_kind, change_kind, close_hall, planned_after_closing
from classes.teaching import venues_for
from classes.timetable import preview_session
from classes.unqualified import dates_led_without
from tests.factories.classes import ClassTypeFactory, SessionFactory, VenueFactory
from tests.factories.instructors import InstructorFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(("days", "stands"), [(4, []), (5, ["hall_closed"]), (6, ["hall_closed"])])
def test_nothing_new_is_held_in_a_hall_from_the_day_on_which_it_is_closed(
    ines: Any, dee: Any, days: int, stands: list[str]
) -> None:
    hall = VenueFactory(programme=ines.programme)
    close_hall(hall=hall, closed_from=timezone.localdate() + 5 * DAY, by=dee.person)
    preview = preview_session(
        on=timezone.localdate() + days * DAY,
        instructor=ines,
        class_type=ClassTypeFactory(programme=ines.programme),
        mode=Mode.IN_PERSON,
        venue=Venue.objects.get(),
        start_time=dt.time(18),
        duration_minutes=60,
        capacity=10,
    )
    assert [o.kind.value for planned in preview.dates for o in planned.obstacles] == stands


@pytest.mark.parametrize(("days", "offered"), [(None, True), (1, True), (0, False)])
def test_a_hall_is_offered_until_the_day_on_which_it_is_closed(
    ines: Any, dee: Any, days: int | None, offered: bool
) -> None:
    hall = VenueFactory(programme=ines.programme)
    close_hall(hall=hall, closed_from=None if days is None else timezone.localdate() + days * DAY, by=dee.person)
    assert venues_for(ines) == ([hall] if offered else [])


def test_an_open_hall_has_nothing_planned_after_its_end() -> None:
    assert not planned_after_closing(VenueFactory())


def test_another_fault_than_a_name_is_not_called_one(programme: Any, dee: Any) -> None:
    with pytest.raises(IntegrityError):
        facts = {"name": "X", "effort": "very", "positions": ["seated"], "first_contact": False}
        add_kind(programme=programme, facts=facts, by=dee.person)  # type: ignore[arg-type]


@pytest.mark.parametrize("wanted_first", [True, False])
def test_a_programme_begins_with_the_newest_first_contact_alone(programme: Any, dee: Any, wanted_first: bool) -> None:
    facts: Any = {
        "name": "Talk",
        "effort": "gentle",
        "positions": ["seated"],
        "first_contact": True,
        "one_to_one": True,
    }
    older = add_kind(programme=programme, facts=facts, wanted_first=not wanted_first, by=dee.person)
    newer = add_kind(programme=programme, facts={**facts, "name": "Call"}, wanted_first=wanted_first, by=dee.person)
    for kind in (older, newer, programme):
        kind.refresh_from_db()
    assert (older.first_contact, newer.first_contact, programme.first_contact_first) == (False, True, wanted_first)


@pytest.mark.parametrize(
    ("changes", "role", "found"),
    [
        ({}, "lead", True),
        ({}, "cover", True),
        ({}, "second", False),
        ({"status": "draft"}, "lead", False),
        ({"starts_at": timezone.now() - DAY}, "lead", False),
    ],
)
def test_a_date_counts_while_it_is_to_come_and_for_who_leads_or_covers_it(
    programme: Any, changes: dict[str, Any], role: str, found: bool
) -> None:
    kind = ClassTypeFactory(programme=programme, credentials_needed=["first_aid"])
    lacks = InstructorFactory(programme=programme, credentials=[])
    session = SessionFactory(programme=programme, class_type=kind, leader=lacks, leader__role=role, **changes)
    assert dates_led_without(kind) == ([(session, lacks)] if found else [])


@pytest.mark.parametrize(("begins", "still"), [(True, False), (False, True)])
def test_a_programme_does_not_begin_with_what_is_no_longer_offered(
    programme: Any, dee: Any, begins: bool, still: bool
) -> None:
    type(programme).objects.update(first_contact_first=True)
    kind = ClassTypeFactory(programme=programme, one_to_one=True, first_contact=begins)
    change_kind(kind=kind, facts={"active": False}, changed={"active"}, by=dee.person)  # type: ignore[typeddict-item]
    programme.refresh_from_db()
    assert (kind.active, kind.first_contact, programme.first_contact_first) == (False, False, still)
