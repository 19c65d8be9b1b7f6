"""Whether somebody has shown that an address of a login is theirs; wrong dates of birth are counted."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from accounts.migration_steps import InOneStep


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0013_what_area_a_partner_reads'),
    ]

    operations = [
        InOneStep([
            pgtrigger.migrations.RemoveTrigger(
                model_name='user',
                name='insert_insert',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='user',
                name='update_update',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='user',
                name='delete_delete',
            ),
            migrations.AddField(
                model_name='user',
                name='email_proved_at',
                field=models.DateTimeField(blank=True, editable=False, help_text='when somebody who reads it gave the date of birth', null=True),
            ),
            migrations.AddField(
                model_name='user',
                name='mobile_proved_at',
                field=models.DateTimeField(blank=True, editable=False, help_text='when somebody who reads it gave the date of birth', null=True),
            ),
            migrations.AddField(
                model_name='user',
                name='wrong_births',
                field=models.PositiveSmallIntegerField(db_default=0, default=0, editable=False, help_text='given since an address was set, or proved'),
            ),
            migrations.AddField(
                model_name='userevent',
                name='email_proved_at',
                field=models.DateTimeField(blank=True, editable=False, help_text='when somebody who reads it gave the date of birth', null=True),
            ),
            migrations.AddField(
                model_name='userevent',
                name='mobile_proved_at',
                field=models.DateTimeField(blank=True, editable=False, help_text='when somebody who reads it gave the date of birth', null=True),
            ),
            migrations.AddField(
                model_name='userevent',
                name='wrong_births',
                field=models.PositiveSmallIntegerField(db_default=0, default=0, editable=False, help_text='given since an address was set, or proved'),
            ),
        ]),
        InOneStep([
            pgtrigger.migrations.AddTrigger(
                model_name='user',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_userevent" ("created_at", "devices_forgotten_at", "email", "email_proved_at", "id", "is_active", "mobile", "mobile_proved_at", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "wrong_births") VALUES (NEW."created_at", NEW."devices_forgotten_at", NEW."email", NEW."email_proved_at", NEW."id", NEW."is_active", NEW."mobile", NEW."mobile_proved_at", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."wrong_births"); RETURN NULL;', hash='aefe6e0e9adbed2c32b71420ea64b59efdd29926', operation='INSERT', pgid='pgtrigger_insert_insert_3867c', table='accounts_user', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='user',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."devices_forgotten_at" IS DISTINCT FROM (NEW."devices_forgotten_at") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."email_proved_at" IS DISTINCT FROM (NEW."email_proved_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."mobile" IS DISTINCT FROM (NEW."mobile") OR OLD."mobile_proved_at" IS DISTINCT FROM (NEW."mobile_proved_at") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."wrong_births" IS DISTINCT FROM (NEW."wrong_births"))', func='INSERT INTO "accounts_userevent" ("created_at", "devices_forgotten_at", "email", "email_proved_at", "id", "is_active", "mobile", "mobile_proved_at", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "wrong_births") VALUES (NEW."created_at", NEW."devices_forgotten_at", NEW."email", NEW."email_proved_at", NEW."id", NEW."is_active", NEW."mobile", NEW."mobile_proved_at", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."wrong_births"); RETURN NULL;', hash='2fe6b465cec5f9a1151331dac68cc8a776577e7d', operation='UPDATE', pgid='pgtrigger_update_update_0e890', table='accounts_user', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='user',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_userevent" ("created_at", "devices_forgotten_at", "email", "email_proved_at", "id", "is_active", "mobile", "mobile_proved_at", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "wrong_births") VALUES (OLD."created_at", OLD."devices_forgotten_at", OLD."email", OLD."email_proved_at", OLD."id", OLD."is_active", OLD."mobile", OLD."mobile_proved_at", OLD."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."wrong_births"); RETURN NULL;', hash='82e3721e67a14be3e3e384a67f2c96931c79563f', operation='DELETE', pgid='pgtrigger_delete_delete_19f14', table='accounts_user', when='AFTER')),
            ),
        ]),
    ]
