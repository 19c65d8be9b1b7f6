from django.db import migrations, models
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import MigrationWriter

from accounts.migration_steps import InOneStep


def book() -> migrations.CreateModel:
    return migrations.CreateModel("Book", fields=[("id", models.AutoField(primary_key=True))])


def title() -> migrations.AddField:
    return migrations.AddField("book", "title", models.CharField(max_length=5))


def state_after(*operations: migrations.operations.base.Operation) -> ProjectState:
    state = ProjectState()
    assert state.apps, "as when a migration is applied"
    for operation in operations:
        operation.state_forwards("library", state)
    return state


def test_what_is_done_in_one_step_means_what_it_means_one_by_one():
    apart, at_once = state_after(book(), title()), state_after(InOneStep([book(), title()]))
    assert at_once == apart and at_once.models
    assert "apps" in apart.__dict__ and "apps" not in at_once.__dict__, "drawn when asked for, not by each"
    assert [field.name for field in at_once.apps.get_model("library", "Book")._meta.fields] == ["id", "title"]


def test_a_step_can_be_taken_back_when_each_of_its_operations_can():
    assert InOneStep([book(), title()]).reversible
    assert not InOneStep([book(), migrations.RunSQL("SELECT 1")]).reversible


def test_a_step_can_be_written_into_a_migration():
    migration = migrations.Migration("0001_all", "library")
    migration.operations = [InOneStep([book(), title()])]
    words = MigrationWriter(migration, include_header=False).as_string()
    assert words.index("InOneStep(") < words.index("migrations.CreateModel(") < words.index("migrations.AddField(")
    assert InOneStep([book(), title()]).describe() == "2 operations in one step"
