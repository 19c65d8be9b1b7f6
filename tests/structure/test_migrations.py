"""Migrations are present, in one line, and can be taken back."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, migrations, models
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.test.utils import isolate_apps

OURS = ("accounts", "messaging", "participants", "instructors", "classes", "outcomes", "records")


def leaves(loader: MigrationLoader, app: str) -> list[str]:
    return [name for label, name in loader.graph.leaf_nodes(app) if label == app]


@pytest.mark.django_db
def test_no_model_has_changed_without_a_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_the_check_finds_a_change_without_a_migration(monkeypatch):
    registry = apps.get_app_config("instructors")
    with isolate_apps("instructors"):

        class Unmigrated(models.Model):
            class Meta:
                app_label = "instructors"

    monkeypatch.setitem(apps.all_models["instructors"], "unmigrated", Unmigrated)
    assert registry.get_model("unmigrated")
    apps.clear_cache()
    try:
        with pytest.raises(SystemExit):
            call_command("makemigrations", check=True, dry_run=True, verbosity=0, stdout=io.StringIO())
    finally:
        monkeypatch.undo()
        apps.clear_cache()


@pytest.mark.django_db
def test_each_app_has_one_last_migration():
    loader = MigrationLoader(connection)
    assert {app: len(leaves(loader, app)) for app in OURS} == dict.fromkeys(OURS, 1)
    assert loader.detect_conflicts() == {}


@pytest.mark.django_db
def test_the_check_finds_two_last_migrations():
    loader = MigrationLoader(connection)
    last = loader.graph.leaf_nodes("instructors")[0]
    for name in ("9999_mine", "9999_theirs"):
        loader.graph.add_node(("instructors", name), migrations.Migration(name, "instructors"))
        loader.graph.add_dependency(None, ("instructors", name), last)
    assert leaves(loader, "instructors") == ["9999_mine", "9999_theirs"]
    assert set(loader.detect_conflicts()) == {"instructors"}


DESCRIBED = (
    "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns"
    " WHERE table_schema = 'public'",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT proname, prosrc, proconfig::text FROM pg_proc"
    " WHERE pronamespace = 'public'::regnamespace AND prolang <> 13",
)


def described() -> list[tuple[object, ...]]:
    """Columns, constraints, indexes, triggers and functions, as the database tells them."""
    rows: list[tuple[object, ...]] = []
    with connection.cursor() as cursor:
        for query in DESCRIBED:
            cursor.execute(query)
            rows += cursor.fetchall()
    return sorted(rows, key=repr)


@contextmanager
def in_a_copy() -> Iterator[None]:
    """What is done to the database is done to a copy of it, which is thrown away."""
    own, copy = connection.settings_dict["NAME"], f"{connection.settings_dict['NAME']}_taken_back"
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{own}"')
    connection.settings_dict["NAME"] = copy
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{copy}" WITH (FORCE)')


def before_the_last(loader: MigrationLoader, app: str) -> tuple[str, str] | None:
    """What an app looks like without its last migration. None for its only one: nothing above would have a table."""
    (last,) = leaves(loader, app)
    own = [parent.key for parent in loader.graph.node_map[app, last].parents if parent.key[0] == app]
    return own[0] if own else None


@pytest.mark.slow
def test_the_last_migration_of_each_app_can_be_taken_back_and_made_again(django_db_setup, django_db_blocker):
    """Each was the last one once, and does not change afterwards: to try all of them every time takes minutes."""
    with django_db_blocker.unblock(), in_a_copy():
        before, loader = described(), MigrationLoader(connection)
        wanted = [earlier for app in OURS if (earlier := before_the_last(loader, app))]
        taken_back = {(app, leaves(loader, app)[0]) for app, _ in wanted}
        for node in reversed(wanted):  # the apps above first: each goes only back
            MigrationExecutor(connection).migrate([node])
        assert len(taken_back) > 3 and taken_back & set(MigrationLoader(connection).applied_migrations) == set()
        between = described()
        MigrationExecutor(connection).migrate(MigrationLoader(connection).graph.leaf_nodes())
        assert len(before) > 2000 and between != before
        assert described() == before, "taken back and made again, the database is another one"


@pytest.mark.django_db
def test_the_description_tells_a_changed_constraint_and_the_check_a_migration_that_cannot_be_taken_back():
    before = described()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE classes_booking ALTER party SET DEFAULT 2")
    assert len(set(described()) ^ set(before)) == 2
    one_way = migrations.Migration("9999_one_way", "instructors")
    one_way.operations = [migrations.RunSQL("SELECT 1")]
    state = MigrationLoader(connection).project_state()
    with pytest.raises(IrreversibleError), connection.schema_editor() as editor:
        one_way.unapply(state, editor)
