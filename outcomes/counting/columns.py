"""Many rows of a query as columns of numbers, without an object for each row.

Here: how a date, a moment or a word becomes a number within the database, and reading a million rows of such numbers
as they come. Not here: which rows (gathering.py, forms.py, attendance.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
from django.contrib.postgres.fields import ArrayField
from django.db import connections, transaction
from django.db.models import F, FloatField, Func, IntegerField, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, TruncDate
from psycopg import ServerCursor
from psycopg.pq import Format

from outcomes.disclosure.sheet import NONE, Floats, Ints

AT_ONCE: Final = 50_000  # rows
NAME: Final = "columns"  # of the cursor: one at a time


class Day(Func):
    """A date by its number, as date.toordinal counts."""

    template = "(%(expressions)s - DATE '0001-01-01' + 1)"
    output_field = IntegerField()


class Turned(Func):
    """A date as 20261129."""

    template = "to_char(%(expressions)s, 'YYYYMMDD')::integer"
    output_field = IntegerField()


class Since(Func):
    """A moment in seconds since 1970, or how many seconds a stretch of time has."""

    template = "extract(epoch FROM %(expressions)s)::double precision"
    output_field = FloatField()


class Place(Func):
    """The place of a word among others, from 1; null: it is none of them."""

    function = "array_position"
    output_field = IntegerField()

    def __init__(self, word: str | Combinable, words: Sequence[str]) -> None:
        among = Value(list(words), output_field=ArrayField(TextField()))
        super().__init__(among, Cast(F(word) if isinstance(word, str) else word, TextField()))


def local_day(moment: str) -> Day:
    """Of a moment, the day on which it is in the country."""
    return Day(TruncDate(moment))


def columns_of(rows: QuerySet[Any], *columns: str | Combinable) -> list[Floats]:
    """The columns of a query, which must be numbers there; what is null is not a number."""
    sql, parameters = rows.values_list(*columns).query.sql_with_params()
    read, database = [np.empty((0, len(columns)))], connections[rows.db]
    with (
        transaction.atomic(using=rows.db),
        database.cursor() as cursor,
        ServerCursor(database.connection, NAME) as as_it_comes,
    ):
        cursor.execute(f"DECLARE {NAME} NO SCROLL CURSOR FOR {sql}", parameters)
        as_it_comes.format = Format.BINARY
        while some := as_it_comes.fetchmany(AT_ONCE):
            read.append(np.array(some, float))
    return list(np.ascontiguousarray(np.concatenate(read).T))


def whole(numbers: Floats) -> Ints:
    """As whole numbers; what is null is NONE."""
    return np.nan_to_num(numbers, nan=NONE).astype(np.int64)


def rows_of(keys: Iterable[float] | Floats, among: Ints) -> Ints:
    """The place of each key in `among`, which is in order; NONE: it is not there."""
    wanted = whole(np.asarray(keys, float))
    if not len(among):
        return np.full(len(wanted), NONE)
    places = np.minimum(np.searchsorted(among, wanted), len(among) - 1)
    return np.where(among[places] == wanted, places, NONE)
