"""The tables of accounts, and that of Django's database cache (settings.CACHES)."""

import django.contrib.postgres.fields
import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import phonenumber_field.modelfields
import accounts.migration_steps
from django.conf import settings
from django.db import migrations, models

CACHE = [
    "CREATE TABLE accounts_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL)",
    "CREATE INDEX accounts_cache_expires ON accounts_cache (expires)",
]


class Migration(migrations.Migration):

    replaces = [('accounts', '0001_initial'), ('accounts', '0002_cache'), ('accounts', '0003_content'), ('accounts', '0004_rules_are_content'), ('accounts', '0005_lists_are_brought_in'), ('accounts', '0006_an_address_that_does_not_work'), ('accounts', '0007_sessions_of_our_own'), ('accounts', '0008_a_list_may_be_brought_in_again')]

    initial = True

    dependencies = [
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(),  # exclusion constraints over an id and a range of time
        accounts.migration_steps.InOneStep(
            operations=[
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('email', models.EmailField(blank=True, max_length=254, null=True)),
                        ('mobile', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, null=True, region=None)),
                        ('is_active', models.BooleanField(default=True)),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                        ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='user', to='accounts.person')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='one_login_per_email'), models.UniqueConstraint(fields=('mobile',), name='one_login_per_mobile'), models.CheckConstraint(condition=models.Q(('email__isnull', False), ('mobile__isnull', False), _connector='OR'), name='user_has_an_email_or_a_mobile')],
                    },
                ),
                migrations.CreateModel(
                    name='ContactPoint',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('channel', models.CharField(choices=[('email', 'email'), ('text', 'text message (SMS)'), ('phone', 'phone call'), ('post', 'letter')], max_length=10)),
                        ('value', models.CharField(max_length=500)),
                        ('may_leave_message', models.BooleanField(default=False)),
                        ('preferred', models.BooleanField(default=False)),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('failed_at', models.DateTimeField(blank=True, help_text='since when nothing is sent there', null=True)),
                        ('confirmed_at', models.DateTimeField(blank=True, help_text='when they said that it is right all the same', null=True)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contact_points', to='accounts.person')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('channel__in', ['email', 'text', 'phone', 'post'])), name='contact_point_channel_is_known'), models.CheckConstraint(condition=models.Q(('value', ''), _negated=True), name='contact_point_has_a_value'), models.UniqueConstraint(condition=models.Q(('ended_at', None), ('preferred', True)), fields=('person',), name='one_preferred_contact_point_per_person')],
                    },
                ),
                migrations.CreateModel(
                    name='Organisation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=200, unique=True)),
                        ('slug', models.SlugField(unique=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='PersonEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('given_name', models.CharField(max_length=100)),
                        ('family_name', models.CharField(max_length=100)),
                        ('known_as', models.CharField(blank=True, max_length=100)),
                        ('date_of_birth', models.DateField(blank=True, null=True)),
                        ('contact_stopped_at', models.DateTimeField(blank=True, null=True)),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='accounts.person')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Programme',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=200)),
                        ('slug', models.SlugField(unique=True)),
                        ('minimum_age', models.PositiveSmallIntegerField(default=18)),
                        ('areas', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), default=list, size=None)),
                        ('areas_served', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), default=list, size=None)),
                        ('draft_days', models.PositiveSmallIntegerField(default=30)),
                        ('run_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='programmes_run', to='accounts.organisation')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('minimum_age__gte', 18)), name='programme_is_for_adults')],
                    },
                ),
                migrations.CreateModel(
                    name='UserEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('email', models.EmailField(blank=True, max_length=254, null=True)),
                        ('mobile', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, null=True, region=None)),
                        ('is_active', models.BooleanField(default=True)),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                        ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='BrowserSession',
                    fields=[
                        ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                        ('session_data', models.TextField(verbose_name='session data')),
                        ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                        ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'session',
                        'verbose_name_plural': 'sessions',
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Membership',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('role', models.CharField(choices=[('participant', 'participant'), ('supporter', 'supporter'), ('instructor', 'instructor'), ('coordinator', 'coordinator'), ('clinical_lead', 'clinical lead'), ('safeguarding_lead', 'safeguarding lead'), ('partner', 'partner'), ('administrator', 'administrator')], max_length=20)),
                        ('starts_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('ends_at', models.DateTimeField(blank=True, null=True)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                        ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='accounts.organisation')),
                        ('programme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='accounts.programme')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['participant', 'supporter', 'instructor', 'coordinator', 'clinical_lead', 'safeguarding_lead', 'partner', 'administrator'])), name='membership_role_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('organisation__isnull', False), ('programme__isnull', True), ('role', 'partner')), models.Q(models.Q(('role', 'partner'), _negated=True), ('organisation__isnull', True), ('programme__isnull', False)), _connector='OR'), name='partners_belong_to_an_organisation_and_others_to_a_programme'), models.UniqueConstraint(condition=models.Q(('ends_at', None)), fields=('user', 'role', 'programme', 'organisation'), name='one_open_membership_per_role', nulls_distinct=False)],
                    },
                ),
                migrations.CreateModel(
                    name='MembershipEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('role', models.CharField(choices=[('participant', 'participant'), ('supporter', 'supporter'), ('instructor', 'instructor'), ('coordinator', 'coordinator'), ('clinical_lead', 'clinical lead'), ('safeguarding_lead', 'safeguarding lead'), ('partner', 'partner'), ('administrator', 'administrator')], max_length=20)),
                        ('starts_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('ends_at', models.DateTimeField(blank=True, null=True)),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='accounts.membership')),
                        ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('organisation', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.organisation')),
                        ('programme', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.programme')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Agreement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('dimensions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), default=list, size=None)),
                        ('k', models.PositiveSmallIntegerField(default=8)),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField(blank=True, null=True)),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='accounts.organisation')),
                        ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='accounts.programme')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('organisation', 'programme'), name='one_agreement_per_organisation_and_programme'), models.CheckConstraint(condition=models.Q(('k__gte', 8)), name='agreement_hides_numbers_below_eight')],
                    },
                ),
                migrations.CreateModel(
                    name='Person',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('given_name', models.CharField(max_length=100)),
                        ('family_name', models.CharField(max_length=100)),
                        ('known_as', models.CharField(blank=True, max_length=100)),
                        ('date_of_birth', models.DateField(blank=True, null=True)),
                        ('contact_stopped_at', models.DateTimeField(blank=True, null=True)),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                    ],
                    options={
                        'verbose_name_plural': 'people',
                        'indexes': [models.Index(models.F('date_of_birth'), django.db.models.functions.text.Lower('family_name'), name='person_by_birth_and_name')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('given_name', ''), _negated=True), name='person_has_a_given_name'), models.CheckConstraint(condition=models.Q(('family_name', ''), _negated=True), name='person_has_a_family_name')],
                    },
                ),
                migrations.CreateModel(
                    name='ContentVersion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=30)),
                        ('version', models.CharField(max_length=20)),
                        ('based_on', models.CharField(max_length=20)),
                        ('body', models.JSONField()),
                        ('why', models.CharField(max_length=500)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='content_written', to='accounts.person')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('kind', 'version'), name='one_content_version_of_a_name')],
                    },
                ),
                migrations.CreateModel(
                    name='ContentStart',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=30)),
                        ('version', models.CharField(max_length=20)),
                        ('starts_at', models.DateTimeField()),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='content_started', to='accounts.person')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['kind', '-id'], name='content_starts_by_kind')],
                    },
                ),
                migrations.CreateModel(
                    name='ContentSignOff',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=30)),
                        ('version', models.CharField(max_length=20)),
                        ('digest', models.CharField(max_length=64)),
                        ('given', models.BooleanField()),
                        ('role', models.CharField(blank=True, max_length=200)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='content_signed', to='accounts.person')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('given', False), models.Q(('role', ''), _negated=True), _connector='OR'), name='whoever_signs_content_says_as_what')],
                    },
                ),
                migrations.CreateModel(
                    name='ContactPointEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('channel', models.CharField(choices=[('email', 'email'), ('text', 'text message (SMS)'), ('phone', 'phone call'), ('post', 'letter')], max_length=10)),
                        ('value', models.CharField(max_length=500)),
                        ('may_leave_message', models.BooleanField(default=False)),
                        ('preferred', models.BooleanField(default=False)),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('failed_at', models.DateTimeField(blank=True, help_text='since when nothing is sent there', null=True)),
                        ('confirmed_at', models.DateTimeField(blank=True, help_text='when they said that it is right all the same', null=True)),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='accounts.contactpoint')),
                        ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='BroughtList',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=20)),
                        ('fingerprint', models.CharField(help_text='SHA-256 of the file', max_length=64)),
                        ('time', models.PositiveSmallIntegerField(default=1, help_text='2 when the same file was brought in once more')),
                        ('rows', models.PositiveIntegerField()),
                        ('new', models.PositiveIntegerField(default=0)),
                        ('known', models.PositiveIntegerField(default=0)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('by', models.ForeignKey(help_text='empty: by a command', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lists_brought', to='accounts.programme')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('programme', 'kind', 'fingerprint', 'time'), name='a_list_is_brought_in_once_at_a_time')],
                    },
                ),
                migrations.CreateModel(
                    name='AccessLog',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('purpose', models.CharField(max_length=50)),
                        ('what', models.CharField(max_length=100)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reads_made', to='accounts.person')),
                        ('target', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reads_of', to='accounts.person')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['target', '-at'], name='access_log_by_target')],
                    },
                ),
            ],
        ),
        accounts.migration_steps.InOneStep(
            operations=[
                pgtrigger.migrations.AddTrigger(
                    model_name='person',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_personevent" ("contact_stopped_at", "created_at", "date_of_birth", "family_name", "given_name", "id", "known_as", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."contact_stopped_at", NEW."created_at", NEW."date_of_birth", NEW."family_name", NEW."given_name", NEW."id", NEW."known_as", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='81695b04328949cea3d2f0dfac51a71fc55b625e', operation='INSERT', pgid='pgtrigger_insert_insert_6b541', table='accounts_person', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='person',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_personevent" ("contact_stopped_at", "created_at", "date_of_birth", "family_name", "given_name", "id", "known_as", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."contact_stopped_at", NEW."created_at", NEW."date_of_birth", NEW."family_name", NEW."given_name", NEW."id", NEW."known_as", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id"); RETURN NULL;', hash='13bb2ffb4818229c1bb640bf9a85892c9e83667b', operation='UPDATE', pgid='pgtrigger_update_update_70819', table='accounts_person', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='person',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_personevent" ("contact_stopped_at", "created_at", "date_of_birth", "family_name", "given_name", "id", "known_as", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."contact_stopped_at", OLD."created_at", OLD."date_of_birth", OLD."family_name", OLD."given_name", OLD."id", OLD."known_as", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='6aac25a2bae1b427d68640aadc1291445c7df3d4', operation='DELETE', pgid='pgtrigger_delete_delete_18acd', table='accounts_person', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='contentversion',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='970cde95fe1596b79ab1bec426d0f46700c961ff', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3301e', table='accounts_contentversion', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='contentstart',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f98e41a485c744f1e75cd3dbb1e5237066baa2ff', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_da3e2', table='accounts_contentstart', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='contentsignoff',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='81ef66b2406ea9f06ece8ada583194eaf3159fc6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_17ceb', table='accounts_contentsignoff', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='contactpointevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8d2263ce0b46593fd1ac1d929ab6c41c5226ec35', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7c0e0', table='accounts_contactpointevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='contactpoint',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_contactpointevent" ("channel", "confirmed_at", "ended_at", "failed_at", "id", "may_leave_message", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "preferred", "value") VALUES (NEW."channel", NEW."confirmed_at", NEW."ended_at", NEW."failed_at", NEW."id", NEW."may_leave_message", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."preferred", NEW."value"); RETURN NULL;', hash='745307b9de4764cdbc49751de4e54515d0ca2f5a', operation='INSERT', pgid='pgtrigger_insert_insert_2b08e', table='accounts_contactpoint', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='contactpoint',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_contactpointevent" ("channel", "confirmed_at", "ended_at", "failed_at", "id", "may_leave_message", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "preferred", "value") VALUES (NEW."channel", NEW."confirmed_at", NEW."ended_at", NEW."failed_at", NEW."id", NEW."may_leave_message", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."preferred", NEW."value"); RETURN NULL;', hash='3dd92919e6411b0c9996b9104c29eab832fbfae8', operation='UPDATE', pgid='pgtrigger_update_update_54932', table='accounts_contactpoint', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='contactpoint',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_contactpointevent" ("channel", "confirmed_at", "ended_at", "failed_at", "id", "may_leave_message", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "preferred", "value") VALUES (OLD."channel", OLD."confirmed_at", OLD."ended_at", OLD."failed_at", OLD."id", OLD."may_leave_message", OLD."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."preferred", OLD."value"); RETURN NULL;', hash='c79054333da7a991bd415648cf85d9544a9fea3d', operation='DELETE', pgid='pgtrigger_delete_delete_22330', table='accounts_contactpoint', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='accesslog',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='290a5f1b76c7728ab89ca14d001042c77867e8b3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_36f4b', table='accounts_accesslog', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='user',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_userevent" ("created_at", "email", "id", "is_active", "mobile", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."created_at", NEW."email", NEW."id", NEW."is_active", NEW."mobile", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='265b62063b98d68da617cb732d2c1907146ad383', operation='INSERT', pgid='pgtrigger_insert_insert_3867c', table='accounts_user', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='user',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."mobile" IS DISTINCT FROM (NEW."mobile") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id"))', func='INSERT INTO "accounts_userevent" ("created_at", "email", "id", "is_active", "mobile", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."created_at", NEW."email", NEW."id", NEW."is_active", NEW."mobile", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id"); RETURN NULL;', hash='cfee0ac007cd67eb87bdb0b38f7b31fdddaedeaf', operation='UPDATE', pgid='pgtrigger_update_update_0e890', table='accounts_user', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='user',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_userevent" ("created_at", "email", "id", "is_active", "mobile", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."created_at", OLD."email", OLD."id", OLD."is_active", OLD."mobile", OLD."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='6883171282523800430493ac7368bb1147af7c4a', operation='DELETE', pgid='pgtrigger_delete_delete_19f14', table='accounts_user', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='personevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ab12179ca78ae034abb9ebf88853b5337e7aa9ef', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ba890', table='accounts_personevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='membershipevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e1f05704110766345bef638c18be4307af995a77', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9ee6c', table='accounts_membershipevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='membership',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_membershipevent" ("ends_at", "id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "role", "starts_at", "user_id") VALUES (NEW."ends_at", NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."programme_id", NEW."role", NEW."starts_at", NEW."user_id"); RETURN NULL;', hash='fc15f479e34302bb962913905398394b1098453d', operation='INSERT', pgid='pgtrigger_insert_insert_fc05a', table='accounts_membership', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='membership',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_membershipevent" ("ends_at", "id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "role", "starts_at", "user_id") VALUES (NEW."ends_at", NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."programme_id", NEW."role", NEW."starts_at", NEW."user_id"); RETURN NULL;', hash='9f2ac773e7f08429aa2c07713c50802a8f152ffa', operation='UPDATE', pgid='pgtrigger_update_update_20ab5', table='accounts_membership', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='membership',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_membershipevent" ("ends_at", "id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "role", "starts_at", "user_id") VALUES (OLD."ends_at", OLD."id", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."programme_id", OLD."role", OLD."starts_at", OLD."user_id"); RETURN NULL;', hash='12330942bf8c803fe2be27aec4d728bae2d9afee', operation='DELETE', pgid='pgtrigger_delete_delete_19a8f', table='accounts_membership', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='userevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9e9498e73f6fbdf2642fb33fa14189f1ad2382c8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_45b21', table='accounts_userevent', when='BEFORE')),
                ),
            ],
        ),
        migrations.RunSQL(CACHE, "DROP TABLE accounts_cache"),
    ]
