"""Putting a message into the outbox as one call, so that a statement which takes a place can do it as well.

The columns that are not named have what models.Message gives them. A `dedupe_key` that
is there already changes nothing, and no row comes back.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION messaging_enqueue(
    p_programme bigint, p_person bigint, p_kind text, p_subject bigint, p_context jsonb, p_due_at timestamptz,
    p_dedupe_key text
) RETURNS TABLE (id bigint, created_at timestamptz) LANGUAGE sql AS $$
    INSERT INTO messaging_message AS m (
        programme_id, person_id, kind, subject_id, context, channel, due_at, state, attempts, last_error, dedupe_key
    ) VALUES (
        p_programme, p_person, p_kind, p_subject, p_context, '', p_due_at, 'queued', 0, '', p_dedupe_key
    ) ON CONFLICT DO NOTHING RETURNING m.id, m.created_at
$$
"""
DROP = "DROP FUNCTION messaging_enqueue(bigint, bigint, text, bigint, jsonb, timestamptz, text)"


class Migration(migrations.Migration):
    dependencies = [("messaging", "0006_what_a_person_does_without")]

    operations = [migrations.RunSQL(CREATE, DROP)]
