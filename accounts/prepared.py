"""Reads and statements that nearly every request makes: Django writes their SQL once, the database plans it once.

Here: a queryset with values left open (`Given`), kept compiled (`Prepared`), and the
cursor that lets the database keep its plan. Not here: which reads those are; each
stands beside its model, and is written as the queryset it is. For what has been
measured to matter only: a queryset that is made when it is needed is the rule.

The rows of a `Prepared` are model instances, like those of its queryset.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Generic, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, models
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=models.Model)


class Given(models.Expression):
    """A value of a Prepared that is named now, and given with each read. `field` says of which type it is."""

    def __init__(self, name: str, field: models.Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return f"%s::{self.output_field.cast_db_type(connection)}", [self]  # itself: the value is put in its place


class Prepared(Generic[M]):
    """`make()`, a queryset whose open values are `Given`, compiled when it is first read."""

    def __init__(self, make: Callable[[], models.QuerySet[M, Any]]) -> None:
        self._make = make

    def all(self, **given: object) -> list[M]:
        """Every row, for the values by the names of their Given. Raises KeyError when one is missing."""
        return [self._compiled.instance(row) for row in self.rows(**given)]

    def rows(self, **given: object) -> list[Sequence[Any]]:
        """The same as bare values, in the order of the queryset's `values_list`."""
        query = self._compiled
        params = [given[name] for name in query.names_of_values]
        database: Any = _database()
        unproven = database.health_check_enabled and not database.health_check_done
        if database.in_atomic_block or not unproven:
            return query.asked(params)
        database.health_check_done = True  # this read is the check: Django would ask "SELECT 1" first
        try:
            return query.asked(params)
        except OperationalError:
            if database.connection is None or database.is_usable():
                raise  # there is no database to be reached, or the fault is not the connection's
            database.close()
            return query.asked(params)

    def first(self, **given: object) -> M | None:
        """The first of them, or None. The queryset says how many there can be: nothing is cut off here."""
        return next(iter(self.all(**given)), None)

    @cached_property
    def _compiled(self) -> _Compiled[M]:
        return _Compiled(self._make())


class _Compiled(Generic[M]):
    """The SQL of a queryset, and how one of its rows becomes an instance: what Django's own ModelIterable does."""

    def __init__(self, queryset: models.QuerySet[M, Any]) -> None:
        self.compiler: Any = queryset.query.get_compiler(connection=_database())
        sql, params = self.compiler.as_sql()
        # What is fixed stands in the statement, so that the plan may use it: a partial index, how rare a state is.
        self.sql = sql % tuple("%s" if isinstance(param, Given) else _literal(param) for param in params)
        self.names_of_values = [param.name for param in params if isinstance(param, Given)]
        self.converters = self.compiler.get_converters([column[0] for column in self.compiler.select])
        known = self.compiler.klass_info
        names = known["select_fields"]
        self.model: Any = known["model"]
        self.start, self.end = names[0], names[-1] + 1
        self.names = [self.compiler.select[index][0].target.attname for index in names]
        self.annotations: dict[str, int] = self.compiler.annotation_col_map
        self.related = get_related_populators(  # type: ignore[call-arg]  # the stubs are of a newer Django
            known, self.compiler.select, DEFAULT_DB_ALIAS
        )

    def asked(self, params: Sequence[Any]) -> list[Sequence[Any]]:
        with prepared_cursor() as cursor:
            cursor.execute(self.sql, params)
            rows = cursor.fetchall()
        return list(self.compiler.apply_converters(rows, self.converters)) if self.converters else rows

    def instance(self, row: Any) -> M:
        made: M = self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[self.start : self.end])
        for related in self.related:
            related.populate(row, made)
        for name, index in self.annotations.items():
            setattr(made, name, row[index])
        return made


def _database() -> Any:
    """The connection of this thread itself: Django's `connection` would look it up anew for each of its attributes."""
    return connections[DEFAULT_DB_ALIAS]


def _literal(value: object) -> str:
    database = _database()
    database.ensure_connection()
    written = psycopg.sql.Literal(value).as_string(database.connection)
    return written.replace("%", "%%")  # the statement is formatted once more, when values are put beside it


class _PreparedCursor(psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, prepare=True, **options)

    def _send_query_prepared(self, name: bytes, pgq: Any, **options: Any) -> None:
        self._query = pgq  # as psycopg does for every other statement: Django says from it what was asked
        super()._send_query_prepared(name, pgq, **options)


@contextmanager
def prepared_cursor() -> Iterator[Any]:
    """A cursor of Django's connection whose statements the database plans once for each connection.

    Values go beside the statement: give a type with each that has none of its own, such as %s::text.
    """
    database = _database()
    database.close_if_health_check_failed()
    database.ensure_connection()
    with database._prepare_cursor(_PreparedCursor(database.connection)) as cursor:
        yield cursor
