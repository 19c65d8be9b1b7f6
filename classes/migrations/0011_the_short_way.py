"""The short way to a place: claim of the key, place, message and kept answer in one statement.

Of two requests with one key at the same moment, one waits in classes_claim_key for the
other's outcome; it returns null when the key came before and is not stale.

It calls classes_take_place, so that locks and rules stand in one place, and writes
nothing unless the outcome is "booked": what else there may be goes the long way
(classes/booking_once.py says which is which). Outcomes:

    key      the key came before, with whatever it came to
    booked   all of it is written
    any other of classes_take_place: nothing is written
"""

from django.db import migrations

CLAIM = """
CREATE FUNCTION classes_claim_key(p_by bigint, p_key text, p_body_hash text, p_now timestamptz, p_stale timestamptz)
RETURNS bigint LANGUAGE sql AS $$
    INSERT INTO classes_idempotencykey AS k (by_id, key, body_hash, status, outcome, at)
    VALUES (p_by, p_key, p_body_hash, 0, '{}', p_now)
    ON CONFLICT ON CONSTRAINT one_outcome_per_person_and_key DO UPDATE
       SET body_hash = excluded.body_hash, status = 0, outcome = '{}', at = excluded.at
     WHERE k.at < p_stale
    RETURNING k.id
$$
"""
UNCLAIM = "DROP FUNCTION classes_claim_key(bigint, text, text, timestamptz, timestamptz)"
CREATE = """
CREATE FUNCTION classes_book_at_once(
    p_participant bigint, p_session bigint, p_facts_version integer, p_starts_at timestamptz, p_mode text,
    p_party smallint, p_source text, p_by bigint, p_now timestamptz,
    p_history text, p_key text, p_body_hash text, p_stale timestamptz, p_answer jsonb,
    p_programme bigint, p_person bigint, p_kind text, p_told jsonb, OUT outcome text, OUT booking_id bigint
) LANGUAGE plpgsql SET lock_timeout = '3s' AS $$
DECLARE
    v_key bigint;
BEGIN
    PERFORM set_config('pghistory.context_metadata', p_history, true);
    IF p_key <> '' THEN
        v_key := classes_claim_key(p_by, p_key, p_body_hash, p_now, p_stale);
        IF v_key IS NULL THEN
            outcome := 'key';
            RETURN;
        END IF;
    END IF;

    SELECT t.outcome, t.booking_id INTO outcome, booking_id
      FROM classes_take_place(
          p_participant, p_session, p_facts_version, p_starts_at, p_mode, p_party, p_source, p_by, p_key,
          false, false, p_now
      ) AS t;
    IF outcome <> 'booked' THEN
        DELETE FROM classes_idempotencykey WHERE id = v_key;
        RETURN;
    END IF;

    PERFORM messaging_enqueue(
        p_programme, p_person, p_kind, booking_id, p_told, p_now, p_kind || ':' || booking_id
    );
    UPDATE classes_idempotencykey SET status = 201, outcome = p_answer || jsonb_build_object('id', booking_id)
     WHERE id = v_key;
END
$$
"""
DROP = (
    "DROP FUNCTION classes_book_at_once(bigint, bigint, integer, timestamptz, text, smallint, text, bigint,"
    " timestamptz, text, text, text, timestamptz, jsonb, bigint, bigint, text, jsonb)"
)


class Migration(migrations.Migration):
    dependencies = [("classes", "0010_timed_offers"), ("messaging", "0007_a_message_in_one_call")]

    operations = [migrations.RunSQL(CLAIM, UNCLAIM), migrations.RunSQL(CREATE, DROP)]
