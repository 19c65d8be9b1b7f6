"""Sessions with their login as a column, so that one read finds both.

No session is carried over: its login would have to be read out of what it remembers.
Everybody signs in once more. Django's own table goes, and so does what says that it was
made: a version of the product from before makes it anew when it migrates.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

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
        migrations.RunSQL(WITHOUT_DJANGOS, migrations.RunSQL.noop),
    ]
