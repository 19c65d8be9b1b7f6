"""The function that puts a message into the outbox is planned once for each connection.

One in SQL, as before, is read and planned anew by each statement that calls it. What it does is as in 0007.
"""

from importlib import import_module

from django.db import migrations

before = import_module("messaging.migrations.0007_a_message_in_one_call")

CREATE = """
CREATE OR REPLACE FUNCTION messaging_enqueue(
    p_programme bigint, p_person bigint, p_kind text, p_subject bigint, p_context jsonb, p_due_at timestamptz,
    p_dedupe_key text
) RETURNS TABLE (id bigint, created_at timestamptz) LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY INSERT INTO messaging_message AS m (
        programme_id, person_id, kind, subject_id, context, channel, due_at, state, attempts, last_error, dedupe_key
    ) VALUES (
        p_programme, p_person, p_kind, p_subject, p_context, '', p_due_at, 'queued', 0, '', p_dedupe_key
    ) ON CONFLICT DO NOTHING RETURNING m.id, m.created_at;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("messaging", "0008_texts_and_ways")]

    operations = [
        migrations.RunSQL(CREATE, before.CREATE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
    ]
