"""Reads and statements that nearly every request makes: Django writes their SQL once, the database plans it once.

Here: a queryset with values left open (`Given`), kept compiled (`Prepared`) or written as part of a larger
statement (`written`), and how a statement is asked so that the database keeps its plan (`ask`). Not here: which
reads those are; each stands beside its model, and is written as the queryset it is. For what has been measured to
matter only: a queryset that is made when it is needed is the rule.

The rows of a `Prepared` are model instances, like those of its queryset.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, models
from django.db.models.query import get_related_populators
from psycopg.types.datetime import TimestamptzLoader

M = TypeVar("M", bound=models.Model)
N = TypeVar("N", bound=models.Model)


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
        return [self.compiled.instance(row) for row in self.rows(**given)]

    def rows(self, **given: object) -> list[Sequence[Any]]:
        """The same as bare values, in the order of the queryset's `values_list`."""
        query = self.compiled
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
    def compiled(self) -> _Compiled[M]:
        return _Compiled(self._make())


class Together(Generic[M, N]):
    """Two reads of at most one row each, asked in one statement, and facts about the first.

    `facts` is SQL by hand, up to the key of the first row, which stands at its end.
    """

    def __init__(self, first: Prepared[M], facts: str, second: Prepared[N]) -> None:
        self._first, self._facts, self._second = first, facts, second

    def read(self, **given: object) -> tuple[M | None, Sequence[Any], N | None]:
        """The first row, its facts (each None where there is no such row), the second; values as Prepared has them."""
        first, second = self._first.compiled, self._second.compiled
        names = [*first.names_of_values, *second.names_of_values]
        (row,) = ask(self._sql, [given[name] for name in names])
        of_first, of_second = row[: first.width], row[len(row) - second.width :]
        return first.found_in(of_first), row[first.width : len(row) - second.width], second.found_in(of_second)

    @cached_property
    def _sql(self) -> str:
        first, second = self._first.compiled, self._second.compiled
        return " LEFT JOIN ".join(
            (
                "SELECT a.*, f.*, b.* FROM (VALUES (1)) AS one",
                f"({first.sql}) AS a({first.aliases('a')}) ON true",
                f"LATERAL ({self._facts} a.a{first.key}) AS f ON true",
                f"({second.sql}) AS b({second.aliases('b')}) ON true",
            )
        )


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
        self.width, self.key = len(self.compiler.select), self.start + self.names.index(self.model._meta.pk.attname)
        self.annotations: dict[str, int] = self.compiler.annotation_col_map
        self.related = get_related_populators(  # type: ignore[call-arg]  # the stubs are of a newer Django
            known, self.compiler.select, DEFAULT_DB_ALIAS
        )

    def asked(self, params: Sequence[Any]) -> list[Sequence[Any]]:
        rows = ask(self.sql, params)
        return list(self.compiler.apply_converters(rows, self.converters)) if self.converters else rows

    def aliases(self, letter: str) -> str:
        return ", ".join(f"{letter}{number}" for number in range(self.width))

    def found_in(self, row: Sequence[Any]) -> M | None:
        """The instance of a part of a row that may be there or not."""
        if row[self.key] is None:
            return None
        (converted,) = self.compiler.apply_converters([row], self.converters) if self.converters else [row]
        return self.instance(converted)

    def instance(self, row: Any) -> M:
        made: M = self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[self.start : self.end])
        for related in self.related:
            related.populate(row, made)
        for name, index in self.annotations.items():
            setattr(made, name, row[index])
        return made


def written(queryset: models.QuerySet[Any, Any]) -> str:
    """The SQL of a queryset, for a larger statement: each Given stands there as `ask` takes values by their names."""
    compiler: Any = queryset.query.get_compiler(connection=_database())
    sql, params = compiler.as_sql()
    return str(sql % tuple(f"%({param.name})s" if isinstance(param, Given) else _literal(param) for param in params))


def _database() -> Any:
    """The connection of this thread itself: Django's `connection` would look it up anew for each of its attributes."""
    return connections[DEFAULT_DB_ALIAS]


def _literal(value: object) -> str:
    database = _database()
    database.ensure_connection()
    written = psycopg.sql.Literal(value).as_string(database.connection)
    return written.replace("%", "%%")  # the statement is formatted once more, when values are put beside it


class _PreparedCursor(psycopg.Cursor[Any]):
    """Kept for one statement on one connection, with what it has learnt of the types of its values and columns."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        super().__init__(connection)
        self.adapters.register_loader("timestamptz", TimestamptzLoader)  # psycopg's own in C, in UTC like Django's

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, prepare=True, **options)

    def _send_query_prepared(self, name: bytes, pgq: Any, **options: Any) -> None:
        self._query = pgq  # as psycopg does for every other statement: Django says from it what was asked
        super()._send_query_prepared(name, pgq, **options)


def ask(statement: str, values: Sequence[Any] | Mapping[str, Any]) -> list[Any]:
    """The rows of a statement that the database plans once for each connection, on Django's own.

    `statement` is a constant: a cursor is kept for each. Values go beside it: give a type with each that has none of
    its own, such as %s::text.
    """
    database = _database()
    database.close_if_health_check_failed()
    database.ensure_connection()
    kept = _kept_on(database.connection, statement)
    cursor = database._prepare_cursor(kept)
    cursor.execute(statement, values)
    return cursor.fetchall() if kept.pgresult and kept.pgresult.nfields else []


def _kept_on(connection: Any, statement: str) -> _PreparedCursor:
    kept: dict[str, _PreparedCursor] = vars(connection).setdefault("_kept_cursors", {})
    if (cursor := kept.get(statement)) is None:
        cursor = kept[statement] = _PreparedCursor(connection)
    return cursor
