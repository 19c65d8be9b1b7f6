"""Migrations are present, in one line, and can be taken back."""

from __future__ import annotations

import io

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, migrations, models
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.test.utils import isolate_apps

OURS = ("accounts", "messaging", "participants", "instructors", "classes", "outcomes")


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


def our_tables() -> list[str]:
    return [table for table in connection.introspection.table_names() if table.split("_")[0] in OURS]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_every_migration_can_be_taken_back_and_made_again():
    executor = MigrationExecutor(connection)
    last = [node for node in executor.loader.graph.leaf_nodes() if node[0] in OURS]
    try:
        executor.migrate([(app, None) for app in OURS])
        assert our_tables() == [], "taking migrations back leaves tables behind"
    finally:
        MigrationExecutor(connection).migrate(MigrationLoader(connection).graph.leaf_nodes())
    assert set(last) <= set(MigrationLoader(connection).applied_migrations)


@pytest.mark.django_db
def test_the_check_finds_tables_that_are_left_and_a_migration_that_cannot_be_taken_back():
    assert len(our_tables()) > 50
    one_way = migrations.Migration("9999_one_way", "instructors")
    one_way.operations = [migrations.RunSQL("SELECT 1")]
    state = MigrationLoader(connection).project_state()
    with pytest.raises(IrreversibleError), connection.schema_editor() as editor:
        one_way.unapply(state, editor)
