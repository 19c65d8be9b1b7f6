"""The tables of what instructors hold."""

import accounts.fields
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import accounts.migration_steps
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('instructors', '0001_initial'), ('instructors', '0002_evidence_overrides_and_what_is_sent_back')]

    initial = True

    dependencies = [
        ('accounts', '0001_squashed_0008_a_list_may_be_brought_in_again'),
    ]

    operations = [
        accounts.migration_steps.InOneStep(
            operations=[
                migrations.CreateModel(
                    name='Credential',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('cancer_exercise', 'Level 4 cancer and exercise rehabilitation'), ('exercise_referral', 'Level 3 exercise referral'), ('membership', 'professional membership'), ('public_liability', 'public liability insurance'), ('indemnity', 'professional indemnity insurance'), ('remote_insurance', 'insurance that covers remote classes'), ('dbs', 'Disclosure and Barring Service check'), ('first_aid', 'first aid and CPR'), ('safeguarding', 'safeguarding adults'), ('information_governance', 'information governance')], max_length=30)),
                        ('issued_on', models.DateField()),
                        ('expires_on', models.DateField(blank=True, null=True)),
                        ('evidence', models.CharField(blank=True, help_text='certificate number or where it was seen', max_length=200)),
                        ('level', models.CharField(blank=True, choices=[('basic', 'basic'), ('standard', 'standard'), ('enhanced', 'enhanced'), ('enhanced_barred', 'enhanced with barred lists')], help_text='of a DBS check', max_length=20)),
                        ('update_service', models.BooleanField(default=False, help_text='the DBS check is kept up to date online')),
                        ('verified_at', models.DateTimeField(blank=True, null=True)),
                        ('sent_back_at', models.DateTimeField(blank=True, null=True)),
                        ('sent_back_because', models.CharField(blank=True, max_length=300)),
                        ('sent_back_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('verified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('instructor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='credentials', to='instructors.instructor')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['cancer_exercise', 'exercise_referral', 'membership', 'public_liability', 'indemnity', 'remote_insurance', 'dbs', 'first_aid', 'safeguarding', 'information_governance'])), name='credential_kind_is_known'), models.CheckConstraint(condition=models.Q(('expires_on', None), ('expires_on__gte', models.F('issued_on')), _connector='OR'), name='credential_expires_after_issue'), models.CheckConstraint(condition=models.Q(models.Q(('verified_at', None), ('verified_by', None)), models.Q(('verified_at__isnull', False), ('verified_by__isnull', False)), _connector='OR'), name='a_verified_credential_says_by_whom_and_when'), models.CheckConstraint(condition=models.Q(models.Q(('sent_back_at', None), ('sent_back_because', ''), ('sent_back_by', None)), models.Q(('sent_back_at__isnull', False), ('sent_back_by__isnull', False), ('verified_at', None), models.Q(('sent_back_because', ''), _negated=True)), _connector='OR'), name='a_credential_sent_back_says_by_whom_when_and_why'), models.CheckConstraint(condition=models.Q(('kind', 'dbs'), models.Q(('level', ''), ('update_service', False)), _connector='OR'), name='only_a_dbs_check_has_a_level')],
                    },
                ),
                migrations.CreateModel(
                    name='Instructor',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('status', models.CharField(choices=[('active', 'teaching'), ('stood_down', 'stood down')], default='active', max_length=10)),
                        ('started_on', models.DateField(default=django.utils.timezone.localdate)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='instructing', to='accounts.person')),
                        ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='instructors', to='accounts.programme')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('person', 'programme'), name='one_instructor_per_person_and_programme')],
                    },
                ),
                migrations.CreateModel(
                    name='CredentialEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('kind', models.CharField(choices=[('cancer_exercise', 'Level 4 cancer and exercise rehabilitation'), ('exercise_referral', 'Level 3 exercise referral'), ('membership', 'professional membership'), ('public_liability', 'public liability insurance'), ('indemnity', 'professional indemnity insurance'), ('remote_insurance', 'insurance that covers remote classes'), ('dbs', 'Disclosure and Barring Service check'), ('first_aid', 'first aid and CPR'), ('safeguarding', 'safeguarding adults'), ('information_governance', 'information governance')], max_length=30)),
                        ('issued_on', models.DateField()),
                        ('expires_on', models.DateField(blank=True, null=True)),
                        ('evidence', models.CharField(blank=True, help_text='certificate number or where it was seen', max_length=200)),
                        ('level', models.CharField(blank=True, choices=[('basic', 'basic'), ('standard', 'standard'), ('enhanced', 'enhanced'), ('enhanced_barred', 'enhanced with barred lists')], help_text='of a DBS check', max_length=20)),
                        ('update_service', models.BooleanField(default=False, help_text='the DBS check is kept up to date online')),
                        ('verified_at', models.DateTimeField(blank=True, null=True)),
                        ('sent_back_at', models.DateTimeField(blank=True, null=True)),
                        ('sent_back_because', models.CharField(blank=True, max_length=300)),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='instructors.credential')),
                        ('sent_back_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('verified_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('instructor', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='instructors.instructor')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='InstructorEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('status', models.CharField(choices=[('active', 'teaching'), ('stood_down', 'stood down')], default='active', max_length=10)),
                        ('started_on', models.DateField(default=django.utils.timezone.localdate)),
                        ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='instructors.instructor')),
                        ('programme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.programme')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Override',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('cancer_exercise', 'Level 4 cancer and exercise rehabilitation'), ('exercise_referral', 'Level 3 exercise referral'), ('membership', 'professional membership'), ('public_liability', 'public liability insurance'), ('indemnity', 'professional indemnity insurance'), ('remote_insurance', 'insurance that covers remote classes'), ('dbs', 'Disclosure and Barring Service check'), ('first_aid', 'first aid and CPR'), ('safeguarding', 'safeguarding adults'), ('information_governance', 'information governance')], max_length=30)),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField()),
                        ('reason', models.CharField(max_length=300)),
                        ('given_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('instructor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='overrides', to='instructors.instructor')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['cancer_exercise', 'exercise_referral', 'membership', 'public_liability', 'indemnity', 'remote_insurance', 'dbs', 'first_aid', 'safeguarding', 'information_governance'])), name='override_kind_is_known'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='override_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='override_says_why'), models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('instructor', 'kind'), name='one_override_for_each_kind')],
                    },
                ),
                migrations.CreateModel(
                    name='OverrideEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('kind', models.CharField(choices=[('cancer_exercise', 'Level 4 cancer and exercise rehabilitation'), ('exercise_referral', 'Level 3 exercise referral'), ('membership', 'professional membership'), ('public_liability', 'public liability insurance'), ('indemnity', 'professional indemnity insurance'), ('remote_insurance', 'insurance that covers remote classes'), ('dbs', 'Disclosure and Barring Service check'), ('first_aid', 'first aid and CPR'), ('safeguarding', 'safeguarding adults'), ('information_governance', 'information governance')], max_length=30)),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField()),
                        ('reason', models.CharField(max_length=300)),
                        ('given_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('given_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('instructor', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='instructors.instructor')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='instructors.override')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Unavailability',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('during', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                        ('reason', models.CharField(blank=True, max_length=100)),
                        ('instructor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='unavailabilities', to='instructors.instructor')),
                    ],
                    options={
                        'verbose_name_plural': 'unavailabilities',
                        'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('instructor', '='), ('during', '&&')], name='unavailabilities_do_not_overlap')],
                    },
                ),
                migrations.CreateModel(
                    name='UnavailabilityEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('during', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                        ('reason', models.CharField(blank=True, max_length=100)),
                        ('instructor', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='instructors.instructor')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='instructors.unavailability')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Evidence',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('content', accounts.fields.EncryptedBytesField()),
                        ('media_type', models.CharField(choices=[('application/pdf', 'PDF'), ('image/jpeg', 'JPEG'), ('image/png', 'PNG')], max_length=20)),
                        ('size', models.PositiveIntegerField()),
                        ('sent_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('credential', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='file', to='instructors.credential')),
                        ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                    ],
                    options={
                        'verbose_name_plural': 'evidence',
                        'constraints': [models.CheckConstraint(condition=models.Q(('media_type__in', ['application/pdf', 'image/jpeg', 'image/png'])), name='evidence_is_of_a_known_type'), models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='evidence_is_not_empty')],
                    },
                ),
            ],
        ),
        accounts.migration_steps.InOneStep(
            operations=[
                pgtrigger.migrations.AddTrigger(
                    model_name='evidence',
                    trigger=pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='8e0f849dfadab3212b62e91288ef19ef748f294a', operation='UPDATE', pgid='pgtrigger_never_changed_1ec7e', table='instructors_evidence', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='instructor',
                    trigger=pgtrigger.compiler.Trigger(name='legal_changes_of_status', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{active:stood_down,stood_down:active}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='c1550d99e8ac2c31511a25c963304811a38b676b', operation='UPDATE', pgid='pgtrigger_legal_changes_of_status_7839a', table='instructors_instructor', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='instructor',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "instructors_instructorevent" ("id", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "started_on", "status") VALUES (NEW."id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."programme_id", NEW."started_on", NEW."status"); RETURN NULL;', hash='fc0a78fa62e2532d33d57af8c5a08133379f4385', operation='INSERT', pgid='pgtrigger_insert_insert_d9101', table='instructors_instructor', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='instructor',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "instructors_instructorevent" ("id", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "started_on", "status") VALUES (NEW."id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."programme_id", NEW."started_on", NEW."status"); RETURN NULL;', hash='272a0b50914af21768a0a167d2e46fb93d0df475', operation='UPDATE', pgid='pgtrigger_update_update_cb2f7', table='instructors_instructor', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='instructor',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "instructors_instructorevent" ("id", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "started_on", "status") VALUES (OLD."id", OLD."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."programme_id", OLD."started_on", OLD."status"); RETURN NULL;', hash='b53e6bba6c2cd0673287f7fb36a8840d133f97db', operation='DELETE', pgid='pgtrigger_delete_delete_56022', table='instructors_instructor', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='credentialevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='71602138f9bd4b040b9611b0e1fb747fa6646c70', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0110e', table='instructors_credentialevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='credential',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "instructors_credentialevent" ("evidence", "expires_on", "id", "instructor_id", "issued_on", "kind", "level", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "sent_back_at", "sent_back_because", "sent_back_by_id", "update_service", "verified_at", "verified_by_id") VALUES (NEW."evidence", NEW."expires_on", NEW."id", NEW."instructor_id", NEW."issued_on", NEW."kind", NEW."level", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."sent_back_at", NEW."sent_back_because", NEW."sent_back_by_id", NEW."update_service", NEW."verified_at", NEW."verified_by_id"); RETURN NULL;', hash='ceea06bd4a7420b8bb558583706d6e2ecd74c0ff', operation='INSERT', pgid='pgtrigger_insert_insert_9bab6', table='instructors_credential', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='credential',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "instructors_credentialevent" ("evidence", "expires_on", "id", "instructor_id", "issued_on", "kind", "level", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "sent_back_at", "sent_back_because", "sent_back_by_id", "update_service", "verified_at", "verified_by_id") VALUES (NEW."evidence", NEW."expires_on", NEW."id", NEW."instructor_id", NEW."issued_on", NEW."kind", NEW."level", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."sent_back_at", NEW."sent_back_because", NEW."sent_back_by_id", NEW."update_service", NEW."verified_at", NEW."verified_by_id"); RETURN NULL;', hash='1ad3694d13f8f6aa829d8e350bb15f82e063ddfd', operation='UPDATE', pgid='pgtrigger_update_update_fae42', table='instructors_credential', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='credential',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "instructors_credentialevent" ("evidence", "expires_on", "id", "instructor_id", "issued_on", "kind", "level", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "sent_back_at", "sent_back_because", "sent_back_by_id", "update_service", "verified_at", "verified_by_id") VALUES (OLD."evidence", OLD."expires_on", OLD."id", OLD."instructor_id", OLD."issued_on", OLD."kind", OLD."level", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."sent_back_at", OLD."sent_back_because", OLD."sent_back_by_id", OLD."update_service", OLD."verified_at", OLD."verified_by_id"); RETURN NULL;', hash='1cfca3a836e27a7be8ec2b10bab2f5834e95ea41', operation='DELETE', pgid='pgtrigger_delete_delete_7b5b8', table='instructors_credential', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='instructorevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1266f8119f1f8396756b7e60052cdd37ad365cc3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_92bd4', table='instructors_instructorevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='override',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "instructors_overrideevent" ("ended_at", "ends_on", "given_at", "given_by_id", "id", "instructor_id", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "starts_on") VALUES (NEW."ended_at", NEW."ends_on", NEW."given_at", NEW."given_by_id", NEW."id", NEW."instructor_id", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."reason", NEW."starts_on"); RETURN NULL;', hash='8ed991d97fdf7d0d7993b50de9c036be12958c2b', operation='INSERT', pgid='pgtrigger_insert_insert_2053c', table='instructors_override', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='override',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "instructors_overrideevent" ("ended_at", "ends_on", "given_at", "given_by_id", "id", "instructor_id", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "starts_on") VALUES (NEW."ended_at", NEW."ends_on", NEW."given_at", NEW."given_by_id", NEW."id", NEW."instructor_id", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."reason", NEW."starts_on"); RETURN NULL;', hash='61eb98d540098b97d97cf3dc3fe204602d27e7cf', operation='UPDATE', pgid='pgtrigger_update_update_373aa', table='instructors_override', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='override',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "instructors_overrideevent" ("ended_at", "ends_on", "given_at", "given_by_id", "id", "instructor_id", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "starts_on") VALUES (OLD."ended_at", OLD."ends_on", OLD."given_at", OLD."given_by_id", OLD."id", OLD."instructor_id", OLD."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."reason", OLD."starts_on"); RETURN NULL;', hash='67a245857cf06a73f77458b9882349744410defb', operation='DELETE', pgid='pgtrigger_delete_delete_fa480', table='instructors_override', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='overrideevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='53366d5c034a4931af25c2317af3708520a6291a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_92cdc', table='instructors_overrideevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='unavailability',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "instructors_unavailabilityevent" ("during", "id", "instructor_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."during", NEW."id", NEW."instructor_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."reason"); RETURN NULL;', hash='e57cd12e195d6985e3ba8e07d1f665086b4c8ca6', operation='INSERT', pgid='pgtrigger_insert_insert_50c22', table='instructors_unavailability', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='unavailability',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "instructors_unavailabilityevent" ("during", "id", "instructor_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."during", NEW."id", NEW."instructor_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."reason"); RETURN NULL;', hash='92227e35da0a422180e6b8e74b5f793b588e2d2c', operation='UPDATE', pgid='pgtrigger_update_update_b7982', table='instructors_unavailability', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='unavailability',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "instructors_unavailabilityevent" ("during", "id", "instructor_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (OLD."during", OLD."id", OLD."instructor_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."reason"); RETURN NULL;', hash='262d8dffc2b32158295a188f8a75b145c464571f', operation='DELETE', pgid='pgtrigger_delete_delete_c462b', table='instructors_unavailability', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='unavailabilityevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a25d87401f912209a25dbf73e51d5497d95a3c8f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_518be', table='instructors_unavailabilityevent', when='BEFORE')),
                ),
            ],
        ),
    ]
