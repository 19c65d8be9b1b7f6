"""A delay, and that somebody is there, are said of a start; after a move they can be said anew.

Of what was said before, it counts for the start of today where it was said near it, and else for none: then the moment
itself stands for the start. Both tables take rows only, so their triggers stand aside while this is filled in.
"""

from django.db import migrations, models


def filled(table: str, hours: int) -> list[str]:
    return [
        f"ALTER TABLE {table} DISABLE TRIGGER USER",
        f"""
        UPDATE {table} AS said
        SET starts_at = CASE WHEN said.at >= session.starts_at - interval '{hours} hours'
                             THEN session.starts_at ELSE said.at END
        FROM classes_session AS session
        WHERE session.id = said.session_id
        """,
        f"ALTER TABLE {table} ENABLE TRIGGER USER",
    ]


def start(null: bool) -> models.DateTimeField:
    return models.DateTimeField(null=null, help_text="when the class was to start as it was said")


class Migration(migrations.Migration):
    dependencies = [("classes", "0025_one_to_one_times")]

    operations = [
        migrations.AddField("runninglate", "starts_at", start(null=True)),
        migrations.AddField("arrival", "starts_at", start(null=True)),
        migrations.RunSQL(
            [*filled("classes_runninglate", 3), *filled("classes_arrival", 1)], migrations.RunSQL.noop
        ),
        migrations.AlterField("runninglate", "starts_at", start(null=False)),
        migrations.AlterField("arrival", "starts_at", start(null=False)),
        migrations.RemoveConstraint("runninglate", "people_of_a_class_are_told_of_a_delay_once"),
        migrations.AddConstraint(
            "runninglate",
            models.UniqueConstraint(
                fields=("session", "starts_at"), name="people_of_a_class_are_told_of_a_delay_once"
            ),
        ),
        migrations.RemoveConstraint("arrival", "somebody_arrives_at_a_class_once"),
        migrations.AddConstraint(
            "arrival",
            models.UniqueConstraint(
                fields=("session", "by", "starts_at"), name="somebody_arrives_at_a_class_once"
            ),
        ),
    ]
