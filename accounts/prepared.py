"""Reads and statements that nearly every request makes: Django writes their SQL once, the database plans it once.

Here: a queryset with values left open (`Given`), kept compiled (`Prepared`), and the
cursor that lets the database keep its plan. Not here: which reads those are; each
stands beside its model, and is written as the queryset it is. For what has been
measured to matter only: a queryset that is made when it is needed is the rule.

The rows of a `Prepared` are model instances, like those of its queryset.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Generic, TypeVar

import psycopg
from django.db import connection, models
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

    def __init__(self, make: Callable[[], models.QuerySet[M]]) -> None:
        self._make = make

    def all(self, **given: object) -> list[M]:
        """Every row, for the values by the names of their Given. Raises KeyError when one is missing."""
        return [self._compiled.instance(row) for row in self.rows(**given)]

    def rows(self, **given: object) -> list[Sequence[Any]]:
        """The same as bare values, in the order of the queryset's `values_list`."""
        query = self._compiled
        params = [given[param.name] if isinstance(param, Given) else param for param in query.params]
        with prepared_cursor() as cursor:
            cursor.execute(query.sql, params)
            return list(query.converted(cursor.fetchall()))

    def first(self, **given: object) -> M | None:
        """The first of them, or None. The queryset says how many there can be: nothing is cut off here."""
        return next(iter(self.all(**given)), None)

    @cached_property
    def _compiled(self) -> _Compiled[M]:
        return _Compiled(self._make())


class _Compiled(Generic[M]):
    """The SQL of a queryset, and how one of its rows becomes an instance: what Django's own ModelIterable does."""

    def __init__(self, queryset: models.QuerySet[M]) -> None:
        self.compiler: Any = queryset.query.get_compiler(connection=connection)
        self.sql, self.params = self.compiler.as_sql()
        self.converters = self.compiler.get_converters([column[0] for column in self.compiler.select])
        if known := self.compiler.klass_info:  # absent where only values are asked for
            names = known["select_fields"]
            self.model: type[M] = known["model"]
            self.start, self.end = names[0], names[-1] + 1
            self.names = [self.compiler.select[index][0].target.attname for index in names]
            self.related = get_related_populators(  # type: ignore[call-arg]  # the stubs are of a newer Django
                known, self.compiler.select, connection.alias
            )

    def converted(self, rows: list[Any]) -> Iterable[Any]:
        return self.compiler.apply_converters(rows, self.converters) if self.converters else rows

    def instance(self, row: Any) -> M:
        made = self.model.from_db(connection.alias, self.names, row[self.start : self.end])
        for related in self.related:
            related.populate(row, made)
        return made


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
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with connection._prepare_cursor(_PreparedCursor(connection.connection)) as cursor:  # type: ignore[attr-defined]
        yield cursor
