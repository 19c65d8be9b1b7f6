"""Measured movements, read for many people at once, as releases count them beside forms.

Here: which movements anybody was measured in, and each time somebody was. Not here: which of them counts at a
timepoint (cohort.py), what is asked first and what may be kept (outcomes/sit_to_stand.py). Called by gathering.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from accounts.models import Programme
from outcomes.counting.cohort import Tries
from outcomes.counting.columns import Day, Place, columns_of, rows_of, whole
from outcomes.counting.instruments import Instrument, instrument_of
from outcomes.disclosure.sheet import NONE, Ints
from outcomes.instruments import recipe_called
from outcomes.models import Measure
from outcomes.sit_to_stand import RECIPES

KINDS: Final = tuple(RECIPES)


def movements_of(programme: Programme) -> list[Instrument]:
    """Those in which anybody of the programme was measured."""
    measured = Measure.objects.filter(participant__programme=programme).order_by()
    kinds = set(measured.values_list("kind", flat=True).distinct())
    return [instrument_of(recipe_called(recipe)) for kind, recipe in RECIPES.items() if kind in kinds]


def tries_of(people: Ints, *, programme: Programme, of: Sequence[Instrument], until: date) -> dict[str, Tries]:
    """By code of the instrument, what was measured of the people by the end of `until`, and is in force. One query."""
    wanted = {one.code for one in of if one.measured}
    if not wanted:
        return {}
    rows = Measure.objects.filter(participant__programme=programme).in_force().order_by("at", "pk")
    whose, on, kind, amounts = columns_of(rows, "participant_id", Day("measured_on"), Place("kind", KINDS), "value")
    row, day = rows_of(whose, people), whole(on)
    counts = (row != NONE) & (day <= until.toordinal())
    found = {}
    for number, name in enumerate(KINDS, 1):
        here = counts & (kind == number)
        if RECIPES[name] in wanted:
            found[RECIPES[name]] = Tries(row[here], day[here], amounts[here])
    return found
