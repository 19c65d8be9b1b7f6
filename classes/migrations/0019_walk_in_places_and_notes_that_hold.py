"""Places for whoever comes without booking are kept apart from those that are kept back for a while.

The statement that takes a place counts them too; otherwise it is that of 0004, with the plan of 0015. And a note
to everybody of a date keeps of which state of the class it speaks.
"""

from importlib import import_module

import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

OPTIONS = "SET lock_timeout = '3s'"
BEFORE = import_module("classes.migrations.0004_a_party_that_does_not_fit").CREATE.replace(
    OPTIONS, f"{OPTIONS} SET plan_cache_mode = 'force_generic_plan'"
)
LEFT = "v_session.capacity - v_session.reserved - v_session.places_taken"
CREATE = BEFORE.replace(LEFT, "v_session.capacity - v_session.reserved - v_session.walk_in - v_session.places_taken")
assert CREATE != BEFORE != import_module("classes.migrations.0004_a_party_that_does_not_fit").CREATE


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_a_list_may_be_brought_in_again'),
        ('classes', '0018_cover'),
        ('instructors', '0001_initial'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='classnote',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='classnote',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='classnote',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='series',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='series',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='series',
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
        migrations.RemoveConstraint(
            model_name='series',
            name='series_reserves_within_capacity',
        ),
        migrations.RemoveConstraint(
            model_name='session',
            name='session_places_within_capacity',
        ),
        migrations.AddField(
            model_name='classnote',
            name='class_sequence',
            field=models.PositiveIntegerField(help_text='ics_sequence of the class when it was written: another time or place makes it out of date', null=True),
        ),
        migrations.AddField(
            model_name='classnoteevent',
            name='class_sequence',
            field=models.PositiveIntegerField(help_text='ics_sequence of the class when it was written: another time or place makes it out of date', null=True),
        ),
        migrations.AddField(
            model_name='series',
            name='walk_in',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='places for whoever comes without booking'),
        ),
        migrations.AddField(
            model_name='seriesevent',
            name='walk_in',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='places for whoever comes without booking'),
        ),
        migrations.AddField(
            model_name='session',
            name='walk_in',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='places for whoever comes without booking'),
        ),
        migrations.AddField(
            model_name='sessionevent',
            name='walk_in',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='places for whoever comes without booking'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='classnote',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_classnoteevent" ("about", "at", "by_id", "class_sequence", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "request_key", "session_id", "waiting_too", "words") VALUES (NEW."about", NEW."at", NEW."by_id", NEW."class_sequence", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."request_key", NEW."session_id", NEW."waiting_too", NEW."words"); RETURN NULL;', hash='b3970e6222ca3a753f8d13ac3586c5e69a8f7339', operation='INSERT', pgid='pgtrigger_insert_insert_32236', table='classes_classnote', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='classnote',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "classes_classnoteevent" ("about", "at", "by_id", "class_sequence", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "request_key", "session_id", "waiting_too", "words") VALUES (NEW."about", NEW."at", NEW."by_id", NEW."class_sequence", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."request_key", NEW."session_id", NEW."waiting_too", NEW."words"); RETURN NULL;', hash='e3ca8496668c382227b342290a19c2db1aa5dd57', operation='UPDATE', pgid='pgtrigger_update_update_87d92', table='classes_classnote', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='classnote',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_classnoteevent" ("about", "at", "by_id", "class_sequence", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "request_key", "session_id", "waiting_too", "words") VALUES (OLD."about", OLD."at", OLD."by_id", OLD."class_sequence", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."request_key", OLD."session_id", OLD."waiting_too", OLD."words"); RETURN NULL;', hash='7a9cb9572cdf0d632ec92113b98f73cf360353e1', operation='DELETE', pgid='pgtrigger_delete_delete_8ebaf', table='classes_classnote', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='series',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_seriesevent" ("capacity", "class_type_id", "dial_in", "duration_minutes", "excluded_dates", "first_date", "id", "instructor_id", "interval_weeks", "join_url", "last_date", "minimum", "mode", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "release_hours", "reserved", "room_id", "start_time", "venue_id", "walk_in") VALUES (NEW."capacity", NEW."class_type_id", NEW."dial_in", NEW."duration_minutes", NEW."excluded_dates", NEW."first_date", NEW."id", NEW."instructor_id", NEW."interval_weeks", NEW."join_url", NEW."last_date", NEW."minimum", NEW."mode", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."programme_id", NEW."release_hours", NEW."reserved", NEW."room_id", NEW."start_time", NEW."venue_id", NEW."walk_in"); RETURN NULL;', hash='4cd44f4a0c9808bdaa26c67521206b70be63e026', operation='INSERT', pgid='pgtrigger_insert_insert_cfe48', table='classes_series', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='series',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."capacity" IS DISTINCT FROM (NEW."capacity") OR OLD."class_type_id" IS DISTINCT FROM (NEW."class_type_id") OR OLD."dial_in" IS DISTINCT FROM (NEW."dial_in") OR OLD."duration_minutes" IS DISTINCT FROM (NEW."duration_minutes") OR OLD."excluded_dates" IS DISTINCT FROM (NEW."excluded_dates") OR OLD."first_date" IS DISTINCT FROM (NEW."first_date") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."instructor_id" IS DISTINCT FROM (NEW."instructor_id") OR OLD."interval_weeks" IS DISTINCT FROM (NEW."interval_weeks") OR OLD."join_url" IS DISTINCT FROM (NEW."join_url") OR OLD."last_date" IS DISTINCT FROM (NEW."last_date") OR OLD."minimum" IS DISTINCT FROM (NEW."minimum") OR OLD."mode" IS DISTINCT FROM (NEW."mode") OR OLD."programme_id" IS DISTINCT FROM (NEW."programme_id") OR OLD."release_hours" IS DISTINCT FROM (NEW."release_hours") OR OLD."reserved" IS DISTINCT FROM (NEW."reserved") OR OLD."room_id" IS DISTINCT FROM (NEW."room_id") OR OLD."start_time" IS DISTINCT FROM (NEW."start_time") OR OLD."venue_id" IS DISTINCT FROM (NEW."venue_id") OR OLD."walk_in" IS DISTINCT FROM (NEW."walk_in"))', func='INSERT INTO "classes_seriesevent" ("capacity", "class_type_id", "dial_in", "duration_minutes", "excluded_dates", "first_date", "id", "instructor_id", "interval_weeks", "join_url", "last_date", "minimum", "mode", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "release_hours", "reserved", "room_id", "start_time", "venue_id", "walk_in") VALUES (NEW."capacity", NEW."class_type_id", NEW."dial_in", NEW."duration_minutes", NEW."excluded_dates", NEW."first_date", NEW."id", NEW."instructor_id", NEW."interval_weeks", NEW."join_url", NEW."last_date", NEW."minimum", NEW."mode", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."programme_id", NEW."release_hours", NEW."reserved", NEW."room_id", NEW."start_time", NEW."venue_id", NEW."walk_in"); RETURN NULL;', hash='be53fea3f84521643a398382a0a9f9c4221844d7', operation='UPDATE', pgid='pgtrigger_update_update_1cacb', table='classes_series', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='series',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_seriesevent" ("capacity", "class_type_id", "dial_in", "duration_minutes", "excluded_dates", "first_date", "id", "instructor_id", "interval_weeks", "join_url", "last_date", "minimum", "mode", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "release_hours", "reserved", "room_id", "start_time", "venue_id", "walk_in") VALUES (OLD."capacity", OLD."class_type_id", OLD."dial_in", OLD."duration_minutes", OLD."excluded_dates", OLD."first_date", OLD."id", OLD."instructor_id", OLD."interval_weeks", OLD."join_url", OLD."last_date", OLD."minimum", OLD."mode", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."programme_id", OLD."release_hours", OLD."reserved", OLD."room_id", OLD."start_time", OLD."venue_id", OLD."walk_in"); RETURN NULL;', hash='58df906bf763b0222b07e51ddc656d7dd01af391', operation='DELETE', pgid='pgtrigger_delete_delete_0a8c1', table='classes_series', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='session',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_sessionevent" ("cancel_reason", "cancelled_at", "capacity", "class_type_id", "created_at", "dial_in", "ends_at", "id", "join_url", "kind", "minimum", "mode", "occurs_on", "overridden", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "release_hours", "reserved", "room_id", "series_id", "starts_at", "status", "venue_id", "walk_in") VALUES (NEW."cancel_reason", NEW."cancelled_at", NEW."capacity", NEW."class_type_id", NEW."created_at", NEW."dial_in", NEW."ends_at", NEW."id", NEW."join_url", NEW."kind", NEW."minimum", NEW."mode", NEW."occurs_on", NEW."overridden", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."programme_id", NEW."release_hours", NEW."reserved", NEW."room_id", NEW."series_id", NEW."starts_at", NEW."status", NEW."venue_id", NEW."walk_in"); RETURN NULL;', hash='f37d116f8532469ba23caac05ec0b62a671ddb2a', operation='INSERT', pgid='pgtrigger_insert_insert_0a7c9', table='classes_session', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='session',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."cancel_reason" IS DISTINCT FROM (NEW."cancel_reason") OR OLD."cancelled_at" IS DISTINCT FROM (NEW."cancelled_at") OR OLD."capacity" IS DISTINCT FROM (NEW."capacity") OR OLD."class_type_id" IS DISTINCT FROM (NEW."class_type_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."dial_in" IS DISTINCT FROM (NEW."dial_in") OR OLD."ends_at" IS DISTINCT FROM (NEW."ends_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."join_url" IS DISTINCT FROM (NEW."join_url") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."minimum" IS DISTINCT FROM (NEW."minimum") OR OLD."mode" IS DISTINCT FROM (NEW."mode") OR OLD."occurs_on" IS DISTINCT FROM (NEW."occurs_on") OR OLD."overridden" IS DISTINCT FROM (NEW."overridden") OR OLD."programme_id" IS DISTINCT FROM (NEW."programme_id") OR OLD."release_hours" IS DISTINCT FROM (NEW."release_hours") OR OLD."reserved" IS DISTINCT FROM (NEW."reserved") OR OLD."room_id" IS DISTINCT FROM (NEW."room_id") OR OLD."series_id" IS DISTINCT FROM (NEW."series_id") OR OLD."starts_at" IS DISTINCT FROM (NEW."starts_at") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."venue_id" IS DISTINCT FROM (NEW."venue_id") OR OLD."walk_in" IS DISTINCT FROM (NEW."walk_in"))', func='INSERT INTO "classes_sessionevent" ("cancel_reason", "cancelled_at", "capacity", "class_type_id", "created_at", "dial_in", "ends_at", "id", "join_url", "kind", "minimum", "mode", "occurs_on", "overridden", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "release_hours", "reserved", "room_id", "series_id", "starts_at", "status", "venue_id", "walk_in") VALUES (NEW."cancel_reason", NEW."cancelled_at", NEW."capacity", NEW."class_type_id", NEW."created_at", NEW."dial_in", NEW."ends_at", NEW."id", NEW."join_url", NEW."kind", NEW."minimum", NEW."mode", NEW."occurs_on", NEW."overridden", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."programme_id", NEW."release_hours", NEW."reserved", NEW."room_id", NEW."series_id", NEW."starts_at", NEW."status", NEW."venue_id", NEW."walk_in"); RETURN NULL;', hash='16c6e7f8e08b5dd19988a72ca245e8ee8266c657', operation='UPDATE', pgid='pgtrigger_update_update_c2a41', table='classes_session', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='session',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_sessionevent" ("cancel_reason", "cancelled_at", "capacity", "class_type_id", "created_at", "dial_in", "ends_at", "id", "join_url", "kind", "minimum", "mode", "occurs_on", "overridden", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "release_hours", "reserved", "room_id", "series_id", "starts_at", "status", "venue_id", "walk_in") VALUES (OLD."cancel_reason", OLD."cancelled_at", OLD."capacity", OLD."class_type_id", OLD."created_at", OLD."dial_in", OLD."ends_at", OLD."id", OLD."join_url", OLD."kind", OLD."minimum", OLD."mode", OLD."occurs_on", OLD."overridden", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."programme_id", OLD."release_hours", OLD."reserved", OLD."room_id", OLD."series_id", OLD."starts_at", OLD."status", OLD."venue_id", OLD."walk_in"); RETURN NULL;', hash='6aadc37aa59552363ce14d61749520c4d1df7324', operation='DELETE', pgid='pgtrigger_delete_delete_5125e', table='classes_session', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='series',
            constraint=models.CheckConstraint(condition=models.Q(('capacity__gte', django.db.models.expressions.CombinedExpression(models.F('reserved'), '+', models.F('walk_in')))), name='series_reserves_within_capacity'),
        ),
        migrations.AddConstraint(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(('capacity__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('places_taken'), '+', models.F('reserved')), '+', models.F('walk_in')))), name='session_places_within_capacity'),
        ),
        migrations.RunSQL(CREATE, BEFORE),
    ]
