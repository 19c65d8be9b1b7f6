"""The tables of outcomes."""

import accounts.fields
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import accounts.migration_steps
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('outcomes', '0001_initial'), ('outcomes', '0002_rejoining_and_score_flags'), ('outcomes', '0003_why_a_figure_is_hidden'), ('outcomes', '0004_a_published_release_is_frozen')]

    initial = True

    dependencies = [
        ('accounts', '0001_squashed_0008_a_list_may_be_brought_in_again'),
        ('participants', '0001_squashed_0013_referred_back'),
    ]

    operations = [
        accounts.migration_steps.InOneStep(
            operations=[
                migrations.CreateModel(
                    name='Assessment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('state', models.CharField(choices=[('planned', 'planned'), ('submitted', 'answered'), ('missed', 'not answered in time'), ('not_wanted', 'no longer wanted')], default='planned', max_length=12)),
                        ('opens_on', models.DateField(blank=True, null=True)),
                        ('due_on', models.DateField(blank=True, null=True)),
                        ('closes_on', models.DateField(blank=True, null=True)),
                        ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assessments', to='participants.participant')),
                        ('timepoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='participants.timepoint')),
                        ('questionnaire', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='outcomes.questionnaire')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('participant', 'timepoint', 'questionnaire'), name='one_assessment_per_timepoint'), models.CheckConstraint(condition=models.Q(('closes_on', None), ('opens_on', None), ('closes_on__gte', models.F('opens_on')), _connector='OR'), name='assessment_closes_after_it_opens')],
                    },
                ),
                migrations.CreateModel(
                    name='Questionnaire',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField()),
                        ('version', models.CharField(max_length=20)),
                        ('title', models.CharField(max_length=200)),
                        ('introduction', models.TextField(blank=True)),
                        ('items', models.JSONField()),
                        ('recipe', models.CharField(max_length=50)),
                        ('licence', models.CharField(blank=True, max_length=200)),
                        ('active', models.BooleanField(default=True)),
                        ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questionnaires', to='accounts.programme')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('programme', 'code', 'version'), name='one_questionnaire_per_version'), models.UniqueConstraint(condition=models.Q(('active', True)), fields=('programme', 'code'), name='one_active_version_per_questionnaire')],
                    },
                ),
                migrations.CreateModel(
                    name='AssessmentEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('state', models.CharField(choices=[('planned', 'planned'), ('submitted', 'answered'), ('missed', 'not answered in time'), ('not_wanted', 'no longer wanted')], default='planned', max_length=12)),
                        ('opens_on', models.DateField(blank=True, null=True)),
                        ('due_on', models.DateField(blank=True, null=True)),
                        ('closes_on', models.DateField(blank=True, null=True)),
                        ('participant', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='participants.participant')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='outcomes.assessment')),
                        ('timepoint', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='participants.timepoint')),
                        ('questionnaire', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='outcomes.questionnaire')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Release',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveIntegerField()),
                        ('state', models.CharField(choices=[('queued', 'waiting to be built'), ('building', 'being built'), ('built', 'built, not published'), ('blocked', 'not safe to publish'), ('failed', 'could not be built'), ('published', 'published')], default='queued', max_length=10)),
                        ('as_at', models.DateField()),
                        ('k', models.PositiveSmallIntegerField()),
                        ('dimensions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), default=list, size=None)),
                        ('groups', models.JSONField(default=dict, help_text='the values of each dimension, in order')),
                        ('method', models.JSONField(default=dict)),
                        ('sha256', models.CharField(blank=True, max_length=64)),
                        ('attack', models.JSONField(default=dict, help_text='what the disclosure attack tried and found')),
                        ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('published_at', models.DateTimeField(blank=True, null=True)),
                        ('steps_done', models.PositiveIntegerField(default=0)),
                        ('steps_total', models.PositiveIntegerField(default=0)),
                        ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='accounts.organisation')),
                        ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='accounts.programme')),
                        ('supersedes', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='superseded_by', to='outcomes.release')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('programme', 'organisation', 'number'), name='releases_are_numbered'), models.CheckConstraint(condition=models.Q(('k__gte', 8)), name='release_hides_numbers_below_eight'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), models.Q(('published_at__isnull', False), models.Q(('sha256', ''), _negated=True)), _connector='OR'), name='a_published_release_is_dated_and_hashed')],
                    },
                ),
                migrations.CreateModel(
                    name='ReleaseCell',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('table', models.CharField(max_length=50)),
                        ('measure', models.CharField(max_length=100)),
                        ('where', models.JSONField(default=dict)),
                        ('status', models.CharField(choices=[('shown', 'shown'), ('small', 'hidden: a small number'), ('withheld', 'withheld to protect others')], max_length=10)),
                        ('reason', models.CharField(blank=True, help_text='why a figure is not shown', max_length=50)),
                        ('value', models.FloatField(null=True)),
                        ('low', models.FloatField(null=True)),
                        ('high', models.FloatField(null=True)),
                        ('decimal_places', models.PositiveSmallIntegerField(default=0)),
                        ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cells', to='outcomes.release')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('release', 'table', 'measure', 'where'), name='each_figure_stands_once'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'shown'), ('value__isnull', False)), models.Q(models.Q(('status', 'shown'), _negated=True), ('high', None), ('low', None), ('value', None)), _connector='OR'), name='a_hidden_figure_has_no_value')],
                    },
                ),
                migrations.CreateModel(
                    name='ReleaseEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('number', models.PositiveIntegerField()),
                        ('state', models.CharField(choices=[('queued', 'waiting to be built'), ('building', 'being built'), ('built', 'built, not published'), ('blocked', 'not safe to publish'), ('failed', 'could not be built'), ('published', 'published')], default='queued', max_length=10)),
                        ('as_at', models.DateField()),
                        ('k', models.PositiveSmallIntegerField()),
                        ('dimensions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), default=list, size=None)),
                        ('groups', models.JSONField(default=dict, help_text='the values of each dimension, in order')),
                        ('method', models.JSONField(default=dict)),
                        ('sha256', models.CharField(blank=True, max_length=64)),
                        ('attack', models.JSONField(default=dict, help_text='what the disclosure attack tried and found')),
                        ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('published_at', models.DateTimeField(blank=True, null=True)),
                        ('asked_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.organisation')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='outcomes.release')),
                        ('programme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.programme')),
                        ('supersedes', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='outcomes.release')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Response',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('answers', accounts.fields.EncryptedJSONField(default=dict)),
                        ('mode', models.CharField(choices=[('self', 'by the person'), ('phone', 'read out by staff on the telephone'), ('paper', 'on paper, typed in later'), ('scribe', "typed by a supporter, in the person's words")], default='self', max_length=10)),
                        ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('submitted_at', models.DateTimeField(blank=True, null=True)),
                        ('assessment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='response', to='outcomes.assessment')),
                        ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('mode__in', ['self', 'phone', 'paper', 'scribe'])), name='answer_mode_is_known')],
                    },
                ),
                migrations.CreateModel(
                    name='ResponseEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('mode', models.CharField(choices=[('self', 'by the person'), ('phone', 'read out by staff on the telephone'), ('paper', 'on paper, typed in later'), ('scribe', "typed by a supporter, in the person's words")], default='self', max_length=10)),
                        ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('submitted_at', models.DateTimeField(blank=True, null=True)),
                        ('assessment', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='outcomes.assessment')),
                        ('entered_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='outcomes.response')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Score',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('scale', models.CharField(max_length=30)),
                        ('value', models.FloatField(null=True)),
                        ('reason', models.CharField(blank=True, max_length=100)),
                        ('recipe', models.CharField(max_length=50)),
                        ('recipe_version', models.CharField(max_length=20)),
                        ('value_set', models.CharField(blank=True, max_length=30)),
                        ('flags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), default=list, help_text='what to know of a value that stands', size=None)),
                        ('scored_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('response', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='outcomes.response')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('response', 'scale', 'recipe_version', 'value_set'), name='one_score_per_scale_and_recipe_version'), models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('value__isnull', False)), models.Q(('value', None), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='a_missing_score_says_why')],
                    },
                ),
            ],
        ),
        accounts.migration_steps.InOneStep(
            operations=[
                pgtrigger.migrations.AddTrigger(
                    model_name='assessmentevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='da5e6759f398ddd2102895b4e646e9cf9c62d4f8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_59e4d', table='outcomes_assessmentevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='assessment',
                    trigger=pgtrigger.compiler.Trigger(name='legal_changes_of_state', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{missed:not_wanted,missed:planned,not_wanted:planned,planned:missed,planned:not_wanted,planned:submitted}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='4606d3d1fbf10a8278fe5ffa1e1cad4976752e0e', operation='UPDATE', pgid='pgtrigger_legal_changes_of_state_cd7c0', table='outcomes_assessment', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='assessment',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "outcomes_assessmentevent" ("closes_on", "due_on", "id", "opens_on", "participant_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "questionnaire_id", "state", "timepoint_id") VALUES (NEW."closes_on", NEW."due_on", NEW."id", NEW."opens_on", NEW."participant_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."questionnaire_id", NEW."state", NEW."timepoint_id"); RETURN NULL;', hash='71682d5823d545c8c98cb30f5d28f03e88680a1c', operation='INSERT', pgid='pgtrigger_insert_insert_00dda', table='outcomes_assessment', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='assessment',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "outcomes_assessmentevent" ("closes_on", "due_on", "id", "opens_on", "participant_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "questionnaire_id", "state", "timepoint_id") VALUES (NEW."closes_on", NEW."due_on", NEW."id", NEW."opens_on", NEW."participant_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."questionnaire_id", NEW."state", NEW."timepoint_id"); RETURN NULL;', hash='6b0f27ced5949b1ba74c81e39dc04a2c910bb612', operation='UPDATE', pgid='pgtrigger_update_update_723fc', table='outcomes_assessment', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='assessment',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "outcomes_assessmentevent" ("closes_on", "due_on", "id", "opens_on", "participant_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "questionnaire_id", "state", "timepoint_id") VALUES (OLD."closes_on", OLD."due_on", OLD."id", OLD."opens_on", OLD."participant_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."questionnaire_id", OLD."state", OLD."timepoint_id"); RETURN NULL;', hash='f49a1f21870b32a13dc8ec46e85b8a2c43af8873', operation='DELETE', pgid='pgtrigger_delete_delete_b5fef', table='outcomes_assessment', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='release',
                    trigger=pgtrigger.compiler.Trigger(name='legal_changes_of_state', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{building:blocked,building:built,building:failed,built:published,failed:queued,queued:building,queued:failed}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='12fb5c098c2ca8150e6cea5ee1eaff2546de7ec8', operation='UPDATE', pgid='pgtrigger_legal_changes_of_state_ec9d7', table='outcomes_release', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='release',
                    trigger=pgtrigger.compiler.Trigger(name='frozen_once_published', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" = \'published\')', func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='27cb913231c8fbe425256b9f92f4f157359ae0bf', operation='UPDATE OR DELETE', pgid='pgtrigger_frozen_once_published_e4ff5', table='outcomes_release', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='release',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "outcomes_releaseevent" ("as_at", "asked_at", "asked_by_id", "attack", "dimensions", "groups", "id", "k", "method", "number", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "published_at", "sha256", "state", "supersedes_id") VALUES (NEW."as_at", NEW."asked_at", NEW."asked_by_id", NEW."attack", NEW."dimensions", NEW."groups", NEW."id", NEW."k", NEW."method", NEW."number", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."programme_id", NEW."published_at", NEW."sha256", NEW."state", NEW."supersedes_id"); RETURN NULL;', hash='a8af94ce5f3bdaa937adff5c00de823c74d40610', operation='INSERT', pgid='pgtrigger_insert_insert_c8ffe', table='outcomes_release', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='release',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."as_at" IS DISTINCT FROM (NEW."as_at") OR OLD."asked_at" IS DISTINCT FROM (NEW."asked_at") OR OLD."asked_by_id" IS DISTINCT FROM (NEW."asked_by_id") OR OLD."attack" IS DISTINCT FROM (NEW."attack") OR OLD."dimensions" IS DISTINCT FROM (NEW."dimensions") OR OLD."groups" IS DISTINCT FROM (NEW."groups") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."k" IS DISTINCT FROM (NEW."k") OR OLD."method" IS DISTINCT FROM (NEW."method") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."programme_id" IS DISTINCT FROM (NEW."programme_id") OR OLD."published_at" IS DISTINCT FROM (NEW."published_at") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."supersedes_id" IS DISTINCT FROM (NEW."supersedes_id"))', func='INSERT INTO "outcomes_releaseevent" ("as_at", "asked_at", "asked_by_id", "attack", "dimensions", "groups", "id", "k", "method", "number", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "published_at", "sha256", "state", "supersedes_id") VALUES (NEW."as_at", NEW."asked_at", NEW."asked_by_id", NEW."attack", NEW."dimensions", NEW."groups", NEW."id", NEW."k", NEW."method", NEW."number", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."programme_id", NEW."published_at", NEW."sha256", NEW."state", NEW."supersedes_id"); RETURN NULL;', hash='05f0f9bd77b9310e4e7c5de064429eefbd21d25d', operation='UPDATE', pgid='pgtrigger_update_update_a8bc4', table='outcomes_release', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='release',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "outcomes_releaseevent" ("as_at", "asked_at", "asked_by_id", "attack", "dimensions", "groups", "id", "k", "method", "number", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "published_at", "sha256", "state", "supersedes_id") VALUES (OLD."as_at", OLD."asked_at", OLD."asked_by_id", OLD."attack", OLD."dimensions", OLD."groups", OLD."id", OLD."k", OLD."method", OLD."number", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."programme_id", OLD."published_at", OLD."sha256", OLD."state", OLD."supersedes_id"); RETURN NULL;', hash='79fb2e1009998494475f64d2a21ba97056906ee2', operation='DELETE', pgid='pgtrigger_delete_delete_3b2d6', table='outcomes_release', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='releasecell',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='16c70da8ce5928d560bdec60b09a570d50f152fc', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_894a4', table='outcomes_releasecell', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='releaseevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='45ef0669a567a1d9415915ab5223a2f97e628ce8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_aa2f8', table='outcomes_releaseevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='response',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "outcomes_responseevent" ("assessment_id", "entered_by_id", "id", "mode", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "started_at", "submitted_at") VALUES (NEW."assessment_id", NEW."entered_by_id", NEW."id", NEW."mode", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."started_at", NEW."submitted_at"); RETURN NULL;', hash='3701a40a9bc55d7d9ba2f9af2bedc9b6b411e081', operation='INSERT', pgid='pgtrigger_insert_insert_57938', table='outcomes_response', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='response',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."assessment_id" IS DISTINCT FROM (NEW."assessment_id") OR OLD."entered_by_id" IS DISTINCT FROM (NEW."entered_by_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."mode" IS DISTINCT FROM (NEW."mode") OR OLD."started_at" IS DISTINCT FROM (NEW."started_at") OR OLD."submitted_at" IS DISTINCT FROM (NEW."submitted_at"))', func='INSERT INTO "outcomes_responseevent" ("assessment_id", "entered_by_id", "id", "mode", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "started_at", "submitted_at") VALUES (NEW."assessment_id", NEW."entered_by_id", NEW."id", NEW."mode", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."started_at", NEW."submitted_at"); RETURN NULL;', hash='6a963c52cb9eb5365586364a3e321787947f3462', operation='UPDATE', pgid='pgtrigger_update_update_bbf2a', table='outcomes_response', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='response',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "outcomes_responseevent" ("assessment_id", "entered_by_id", "id", "mode", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "started_at", "submitted_at") VALUES (OLD."assessment_id", OLD."entered_by_id", OLD."id", OLD."mode", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."started_at", OLD."submitted_at"); RETURN NULL;', hash='353fbfb33bb179be8731498cdb95b74a9f30167d', operation='DELETE', pgid='pgtrigger_delete_delete_9e4b8', table='outcomes_response', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='responseevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='96fe1915b68dfb75bb712370181ed7638a0fa07c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a5b49', table='outcomes_responseevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='score',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='49d37accf6b369fb1fe20160fd51fe909d905fd8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_85d71', table='outcomes_score', when='BEFORE')),
                ),
            ],
        ),
    ]
