"""A party for which too few places are left is passed by from the start, as it is when places come free.

Before, its wait shut the class: the place that was left could be taken by nobody.
Otherwise the statement is that of 0003, which says what its outcomes mean.
"""

from importlib import import_module

from django.db import migrations

CREATE = """
CREATE OR REPLACE FUNCTION classes_take_place(
    p_participant bigint, p_session bigint, p_facts_version integer, p_starts_at timestamptz, p_mode text,
    p_party smallint, p_source text, p_by bigint, p_request_key text, p_or_wait boolean, p_automatically boolean,
    p_now timestamptz, OUT outcome text, OUT booking_id bigint
) LANGUAGE plpgsql SET lock_timeout = '3s' AS $$
DECLARE
    v_facts_version integer;
    v_session classes_session%ROWTYPE;
    v_state text := 'booked';
    v_during tstzrange;
    v_left integer;
    v_passed_by text := '';
BEGIN
    SELECT facts_version INTO v_facts_version
      FROM participants_participant WHERE id = p_participant FOR NO KEY UPDATE;

    SELECT id INTO booking_id FROM classes_booking
     WHERE participant_id = p_participant AND session_id = p_session
       AND (state IN ('booked', 'offered', 'waiting')
            OR (p_request_key <> '' AND request_key = p_request_key AND made_by_id = p_by))
     ORDER BY (p_request_key <> '' AND request_key = p_request_key AND made_by_id = p_by) DESC, id DESC LIMIT 1;
    IF booking_id IS NOT NULL THEN
        outcome := 'existing';
        RETURN;
    END IF;

    IF v_facts_version IS DISTINCT FROM p_facts_version THEN
        outcome := 'moved';
        RETURN;
    END IF;

    SELECT * INTO v_session FROM classes_session WHERE id = p_session FOR NO KEY UPDATE;

    IF v_session.status IS DISTINCT FROM 'published' THEN
        outcome := 'not_open';
        RETURN;
    END IF;
    IF v_session.starts_at <> p_starts_at OR v_session.mode <> p_mode THEN
        outcome := 'moved';
        RETURN;
    END IF;
    IF v_session.starts_at <= p_now THEN
        outcome := 'started';
        RETURN;
    END IF;

    v_left := v_session.capacity - v_session.reserved - v_session.places_taken;
    IF v_left < p_party
       OR EXISTS (SELECT FROM classes_booking
                   WHERE session_id = p_session AND state = 'waiting' AND skipped_reason = '') THEN
        IF NOT p_or_wait THEN
            outcome := 'full';
            RETURN;
        END IF;
        v_state := 'waiting';
        IF v_left BETWEEN 1 AND p_party - 1 THEN
            v_passed_by := 'party_too_large';
        END IF;
    END IF;

    v_during := tstzrange(v_session.starts_at, v_session.ends_at);
    BEGIN
        INSERT INTO classes_booking (
            session_id, participant_id, state, during, party, source, made_by_id, joined_at, book_automatically,
            priority, priority_reason, skipped_reason, request_key, facts_version, end_reason
        ) VALUES (
            p_session, p_participant, v_state, v_during, p_party, p_source, p_by, p_now,
            p_automatically AND v_state = 'waiting', 0, '', v_passed_by, p_request_key, p_facts_version, ''
        ) RETURNING id INTO booking_id;
    EXCEPTION WHEN exclusion_violation THEN
        SELECT id INTO booking_id FROM classes_booking
         WHERE participant_id = p_participant AND state IN ('booked', 'offered') AND during && v_during LIMIT 1;
        outcome := 'overlaps';
        RETURN;
    END;

    IF v_state = 'booked' THEN
        UPDATE classes_session SET places_taken = places_taken + p_party, version = version + 1 WHERE id = p_session;
    END IF;
    outcome := v_state;
END
$$
"""
BEFORE = import_module("classes.migrations.0003_take_place").CREATE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies = [("classes", "0003_take_place")]

    operations = [migrations.RunSQL(CREATE, BEFORE)]
