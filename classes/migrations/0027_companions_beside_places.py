"""Whoever comes along may take no place, and is let in beside all places of the class. Dates that exist stay as they
are: on every one of them a companion takes a place.
"""

import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

NOW = """
CREATE OR REPLACE FUNCTION classes_take_place(
    p_participant bigint, p_session bigint, p_facts_version integer, p_starts_at timestamptz, p_mode text,
    p_party smallint, p_source text, p_by bigint, p_request_key text, p_or_wait boolean, p_automatically boolean,
    p_now timestamptz, OUT outcome text, OUT booking_id bigint
) LANGUAGE plpgsql SET lock_timeout = '3s' SET plan_cache_mode = 'force_generic_plan' AS $$
DECLARE
    v_facts_version integer;
    v_session classes_session%ROWTYPE;
    v_state text := 'booked';
    v_during tstzrange;
    v_left integer;
    v_places integer;
    v_beside integer;
    v_no_room boolean;
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

    v_left := v_session.capacity - v_session.reserved - v_session.walk_in - v_session.places_taken;
    v_places := CASE WHEN v_session.companions_beside THEN 1 ELSE p_party END;
    v_beside := p_party - v_places;
    v_no_room := v_beside > 0 AND COALESCE(v_session.capacity + v_session.companions + v_beside > v_session.holds, false);
    IF v_left < v_places
       OR EXISTS (SELECT FROM classes_booking
                   WHERE session_id = p_session AND state = 'waiting' AND skipped_reason = '') THEN
        IF NOT p_or_wait THEN
            outcome := 'full';
            RETURN;
        END IF;
        v_state := 'waiting';
        IF v_left BETWEEN 1 AND v_places - 1 THEN
            v_passed_by := 'party_too_large';
        END IF;
    END IF;
    IF v_no_room AND v_left >= v_places THEN
        IF NOT p_or_wait THEN
            outcome := 'no_companion';
            RETURN;
        END IF;
        v_state := 'waiting';
        v_passed_by := 'party_too_large';
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
        UPDATE classes_session
           SET places_taken = places_taken + v_places, companions = companions + v_beside, version = version + 1
         WHERE id = p_session;
    END IF;
    outcome := v_state;
END
$$
"""
BEFORE = """
CREATE OR REPLACE FUNCTION classes_take_place(
    p_participant bigint, p_session bigint, p_facts_version integer, p_starts_at timestamptz, p_mode text,
    p_party smallint, p_source text, p_by bigint, p_request_key text, p_or_wait boolean, p_automatically boolean,
    p_now timestamptz, OUT outcome text, OUT booking_id bigint
) LANGUAGE plpgsql SET lock_timeout = '3s' SET plan_cache_mode = 'force_generic_plan' AS $$
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

    v_left := v_session.capacity - v_session.reserved - v_session.walk_in - v_session.places_taken;
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


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0013_what_area_a_partner_reads'),
        ('classes', '0026_what_is_said_of_a_start'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='classtype',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='classtype',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='classtype',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='session',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='session',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='session',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='venue',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='venue',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='venue',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='classtype',
            name='companions_beside',
            field=models.BooleanField(db_default=False, default=False, help_text='whoever comes along takes no place in dates made from now on'),
        ),
        migrations.AddField(
            model_name='classtypeevent',
            name='companions_beside',
            field=models.BooleanField(db_default=False, default=False, help_text='whoever comes along takes no place in dates made from now on'),
        ),
        migrations.AddField(
            model_name='session',
            name='companions',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='those who take no place'),
        ),
        migrations.AddField(
            model_name='session',
            name='companions_beside',
            field=models.BooleanField(db_default=False, default=False, help_text='companions take no place: as its kind was when the date was made'),
        ),
        migrations.AddField(
            model_name='session',
            name='holds',
            field=models.PositiveSmallIntegerField(blank=True, help_text='people whom its hall holds; companions are let in beside all its places', null=True),
        ),
        migrations.AddField(
            model_name='sessionevent',
            name='companions_beside',
            field=models.BooleanField(db_default=False, default=False, help_text='companions take no place: as its kind was when the date was made'),
        ),
        migrations.AddField(
            model_name='sessionevent',
            name='holds',
            field=models.PositiveSmallIntegerField(blank=True, help_text='people whom its hall holds; companions are let in beside all its places', null=True),
        ),
        migrations.AddField(
            model_name='venue',
            name='holds',
            field=models.PositiveSmallIntegerField(blank=True, help_text='people in one class besides whoever leads it; empty: not known', null=True),
        ),
        migrations.AddField(
            model_name='venueevent',
            name='holds',
            field=models.PositiveSmallIntegerField(blank=True, help_text='people in one class besides whoever leads it; empty: not known', null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='classtype',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_classtypeevent" ("active", "adaptations_met", "bring", "companions_beside", "credentials_needed", "effort", "first_contact", "id", "name", "one_to_one", "people_per_instructor", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "positions", "programme_id", "summary") VALUES (NEW."active", NEW."adaptations_met", NEW."bring", NEW."companions_beside", NEW."credentials_needed", NEW."effort", NEW."first_contact", NEW."id", NEW."name", NEW."one_to_one", NEW."people_per_instructor", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."positions", NEW."programme_id", NEW."summary"); RETURN NULL;', hash='6f759462e4545d137a188bd3607bf96607d260d9', operation='INSERT', pgid='pgtrigger_insert_insert_01a70', table='classes_classtype', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='classtype',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "classes_classtypeevent" ("active", "adaptations_met", "bring", "companions_beside", "credentials_needed", "effort", "first_contact", "id", "name", "one_to_one", "people_per_instructor", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "positions", "programme_id", "summary") VALUES (NEW."active", NEW."adaptations_met", NEW."bring", NEW."companions_beside", NEW."credentials_needed", NEW."effort", NEW."first_contact", NEW."id", NEW."name", NEW."one_to_one", NEW."people_per_instructor", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."positions", NEW."programme_id", NEW."summary"); RETURN NULL;', hash='41e499923a638c60742e9a3056e90a5f20d1c556', operation='UPDATE', pgid='pgtrigger_update_update_c0c32', table='classes_classtype', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='classtype',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_classtypeevent" ("active", "adaptations_met", "bring", "companions_beside", "credentials_needed", "effort", "first_contact", "id", "name", "one_to_one", "people_per_instructor", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "positions", "programme_id", "summary") VALUES (OLD."active", OLD."adaptations_met", OLD."bring", OLD."companions_beside", OLD."credentials_needed", OLD."effort", OLD."first_contact", OLD."id", OLD."name", OLD."one_to_one", OLD."people_per_instructor", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."positions", OLD."programme_id", OLD."summary"); RETURN NULL;', hash='aa151ceb178ff2c82e10fcada56755bfc240f97e', operation='DELETE', pgid='pgtrigger_delete_delete_34f32', table='classes_classtype', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='session',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_sessionevent" ("buffer_minutes", "cancel_reason", "cancelled_at", "capacity", "class_type_id", "companions_beside", "created_at", "dial_in", "ends_at", "holds", "id", "join_url", "kind", "minimum", "mode", "occurs_on", "overridden", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "release_hours", "reserved", "room_id", "series_id", "starts_at", "status", "venue_id", "walk_in") VALUES (NEW."buffer_minutes", NEW."cancel_reason", NEW."cancelled_at", NEW."capacity", NEW."class_type_id", NEW."companions_beside", NEW."created_at", NEW."dial_in", NEW."ends_at", NEW."holds", NEW."id", NEW."join_url", NEW."kind", NEW."minimum", NEW."mode", NEW."occurs_on", NEW."overridden", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."programme_id", NEW."release_hours", NEW."reserved", NEW."room_id", NEW."series_id", NEW."starts_at", NEW."status", NEW."venue_id", NEW."walk_in"); RETURN NULL;', hash='8b5d75b4887564d0b4561751e6f8891b4896b31d', operation='INSERT', pgid='pgtrigger_insert_insert_0a7c9', table='classes_session', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='session',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."buffer_minutes" IS DISTINCT FROM (NEW."buffer_minutes") OR OLD."cancel_reason" IS DISTINCT FROM (NEW."cancel_reason") OR OLD."cancelled_at" IS DISTINCT FROM (NEW."cancelled_at") OR OLD."capacity" IS DISTINCT FROM (NEW."capacity") OR OLD."class_type_id" IS DISTINCT FROM (NEW."class_type_id") OR OLD."companions_beside" IS DISTINCT FROM (NEW."companions_beside") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."dial_in" IS DISTINCT FROM (NEW."dial_in") OR OLD."ends_at" IS DISTINCT FROM (NEW."ends_at") OR OLD."holds" IS DISTINCT FROM (NEW."holds") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."join_url" IS DISTINCT FROM (NEW."join_url") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."minimum" IS DISTINCT FROM (NEW."minimum") OR OLD."mode" IS DISTINCT FROM (NEW."mode") OR OLD."occurs_on" IS DISTINCT FROM (NEW."occurs_on") OR OLD."overridden" IS DISTINCT FROM (NEW."overridden") OR OLD."programme_id" IS DISTINCT FROM (NEW."programme_id") OR OLD."release_hours" IS DISTINCT FROM (NEW."release_hours") OR OLD."reserved" IS DISTINCT FROM (NEW."reserved") OR OLD."room_id" IS DISTINCT FROM (NEW."room_id") OR OLD."series_id" IS DISTINCT FROM (NEW."series_id") OR OLD."starts_at" IS DISTINCT FROM (NEW."starts_at") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."venue_id" IS DISTINCT FROM (NEW."venue_id") OR OLD."walk_in" IS DISTINCT FROM (NEW."walk_in"))', func='INSERT INTO "classes_sessionevent" ("buffer_minutes", "cancel_reason", "cancelled_at", "capacity", "class_type_id", "companions_beside", "created_at", "dial_in", "ends_at", "holds", "id", "join_url", "kind", "minimum", "mode", "occurs_on", "overridden", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "release_hours", "reserved", "room_id", "series_id", "starts_at", "status", "venue_id", "walk_in") VALUES (NEW."buffer_minutes", NEW."cancel_reason", NEW."cancelled_at", NEW."capacity", NEW."class_type_id", NEW."companions_beside", NEW."created_at", NEW."dial_in", NEW."ends_at", NEW."holds", NEW."id", NEW."join_url", NEW."kind", NEW."minimum", NEW."mode", NEW."occurs_on", NEW."overridden", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."programme_id", NEW."release_hours", NEW."reserved", NEW."room_id", NEW."series_id", NEW."starts_at", NEW."status", NEW."venue_id", NEW."walk_in"); RETURN NULL;', hash='31429c57463b640ad1f902cbda124f9fa86dbf53', operation='UPDATE', pgid='pgtrigger_update_update_c2a41', table='classes_session', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='session',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_sessionevent" ("buffer_minutes", "cancel_reason", "cancelled_at", "capacity", "class_type_id", "companions_beside", "created_at", "dial_in", "ends_at", "holds", "id", "join_url", "kind", "minimum", "mode", "occurs_on", "overridden", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "release_hours", "reserved", "room_id", "series_id", "starts_at", "status", "venue_id", "walk_in") VALUES (OLD."buffer_minutes", OLD."cancel_reason", OLD."cancelled_at", OLD."capacity", OLD."class_type_id", OLD."companions_beside", OLD."created_at", OLD."dial_in", OLD."ends_at", OLD."holds", OLD."id", OLD."join_url", OLD."kind", OLD."minimum", OLD."mode", OLD."occurs_on", OLD."overridden", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."programme_id", OLD."release_hours", OLD."reserved", OLD."room_id", OLD."series_id", OLD."starts_at", OLD."status", OLD."venue_id", OLD."walk_in"); RETURN NULL;', hash='c64f1d145bf8f095a976f6e59665e02ea191c8ef', operation='DELETE', pgid='pgtrigger_delete_delete_5125e', table='classes_session', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='venue',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_venueevent" ("access_note", "accessible_toilet", "accessible_toilet_note", "active", "address", "area", "chairs", "chairs_note", "closed_from", "defibrillator", "entrance", "getting_there", "hall_contact", "hearing_loop", "hearing_loop_note", "holds", "id", "name", "parking", "parking_note", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "programme_id", "step_free", "step_free_note", "town") VALUES (NEW."access_note", NEW."accessible_toilet", NEW."accessible_toilet_note", NEW."active", NEW."address", NEW."area", NEW."chairs", NEW."chairs_note", NEW."closed_from", NEW."defibrillator", NEW."entrance", NEW."getting_there", NEW."hall_contact", NEW."hearing_loop", NEW."hearing_loop_note", NEW."holds", NEW."id", NEW."name", NEW."parking", NEW."parking_note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."postcode", NEW."programme_id", NEW."step_free", NEW."step_free_note", NEW."town"); RETURN NULL;', hash='0e8095c43e671f46a1b8efe4315071b77fa27972', operation='INSERT', pgid='pgtrigger_insert_insert_bc618', table='classes_venue', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='venue',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "classes_venueevent" ("access_note", "accessible_toilet", "accessible_toilet_note", "active", "address", "area", "chairs", "chairs_note", "closed_from", "defibrillator", "entrance", "getting_there", "hall_contact", "hearing_loop", "hearing_loop_note", "holds", "id", "name", "parking", "parking_note", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "programme_id", "step_free", "step_free_note", "town") VALUES (NEW."access_note", NEW."accessible_toilet", NEW."accessible_toilet_note", NEW."active", NEW."address", NEW."area", NEW."chairs", NEW."chairs_note", NEW."closed_from", NEW."defibrillator", NEW."entrance", NEW."getting_there", NEW."hall_contact", NEW."hearing_loop", NEW."hearing_loop_note", NEW."holds", NEW."id", NEW."name", NEW."parking", NEW."parking_note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."postcode", NEW."programme_id", NEW."step_free", NEW."step_free_note", NEW."town"); RETURN NULL;', hash='987dc9178940ce5832040369baba43ab746e947a', operation='UPDATE', pgid='pgtrigger_update_update_7f92f', table='classes_venue', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='venue',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_venueevent" ("access_note", "accessible_toilet", "accessible_toilet_note", "active", "address", "area", "chairs", "chairs_note", "closed_from", "defibrillator", "entrance", "getting_there", "hall_contact", "hearing_loop", "hearing_loop_note", "holds", "id", "name", "parking", "parking_note", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "programme_id", "step_free", "step_free_note", "town") VALUES (OLD."access_note", OLD."accessible_toilet", OLD."accessible_toilet_note", OLD."active", OLD."address", OLD."area", OLD."chairs", OLD."chairs_note", OLD."closed_from", OLD."defibrillator", OLD."entrance", OLD."getting_there", OLD."hall_contact", OLD."hearing_loop", OLD."hearing_loop_note", OLD."holds", OLD."id", OLD."name", OLD."parking", OLD."parking_note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."postcode", OLD."programme_id", OLD."step_free", OLD."step_free_note", OLD."town"); RETURN NULL;', hash='acee377a2f84e9d3b250f6dd8ef60ec77887fcb6', operation='DELETE', pgid='pgtrigger_delete_delete_4c534', table='classes_venue', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(('companions', 0), models.Q(('companions_beside', True), models.Q(('holds', None), ('holds__gte', django.db.models.expressions.CombinedExpression(models.F('capacity'), '+', models.F('companions'))), _connector='OR')), _connector='OR'), name='companions_beside_places_fit_into_the_hall'),
        ),
        migrations.RunSQL(NOW, BEFORE),
    ]
