"""Sessions with their login as a column, so that one read finds both.

Sessions are carried over without the column: whoever is signed in stays so, and nobody loses a registration that is
half filled in. Django finds the login in what the session remembers, and the column is written with the next save.
Django's own table goes, and so does what says that it was made: a version of the product from before makes it anew
when it migrates.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CARRIED_OVER = """
DO $$
BEGIN
    IF to_regclass('django_session') IS NOT NULL THEN
        INSERT INTO accounts_browsersession (session_key, session_data, expire_date)
        SELECT session_key, session_data, expire_date FROM django_session WHERE expire_date > now();
    END IF;
END
$$
"""
WITHOUT_DJANGOS = "DROP TABLE IF EXISTS django_session; DELETE FROM django_migrations WHERE app = 'sessions'"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_an_address_that_does_not_work")]

    operations = [
        migrations.CreateModel(
            name="BrowserSession",
            fields=[
                (
                    "session_key",
                    models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key"),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "session", "verbose_name_plural": "sessions"},
        ),
        migrations.RunSQL(CARRIED_OVER, migrations.RunSQL.noop),
        migrations.RunSQL(WITHOUT_DJANGOS, migrations.RunSQL.noop),
    ]
