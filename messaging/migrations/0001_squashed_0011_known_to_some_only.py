"""The tables of messaging, and the statement that puts a message into the outbox.

One call, so that a statement which takes a place can do it as well. The columns that are not named have what
models.Message gives them. A `dedupe_key` that is there already changes nothing, and no row comes back. In PL/pgSQL,
which is read and planned once for each connection.
"""

import accounts.fields
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import accounts.migration_steps
from django.db import migrations, models

ENQUEUE = """
CREATE FUNCTION messaging_enqueue(
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
DROP = "DROP FUNCTION messaging_enqueue(bigint, bigint, text, bigint, jsonb, timestamptz, text)"


class Migration(migrations.Migration):

    replaces = [('messaging', '0001_initial'), ('messaging', '0002_message_with_the_desk'), ('messaging', '0003_who_was_on_the_line'), ('messaging', '0004_who_is_on_call'), ('messaging', '0005_who_sees_to_it'), ('messaging', '0006_what_a_person_does_without'), ('messaging', '0007_a_message_in_one_call'), ('messaging', '0008_texts_and_ways'), ('messaging', '0009_a_message_is_planned_once'), ('messaging', '0010_each_step_of_a_message'), ('messaging', '0011_known_to_some_only')]

    initial = True

    dependencies = [
        ('accounts', '0001_squashed_0008_a_list_may_be_brought_in_again'),
    ]

    operations = [
        accounts.migration_steps.InOneStep(
            operations=[
                migrations.CreateModel(
                    name='Call',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('caller', models.CharField(choices=[('self', 'the person themselves'), ('helper', 'somebody who helps them'), ('other', 'somebody else')], max_length=10)),
                        ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, help_text='what the helper might do then', size=None)),
                        ('checked', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, help_text='which facts were right, never what', size=None)),
                        ('identified', models.BooleanField()),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('about', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls_about', to='accounts.person')),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('helper', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.programme')),
                        ('task', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='messaging.task')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['about', '-at'], name='calls_about_a_person')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('caller__in', ['self', 'helper', 'other'])), name='call_caller_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('caller', 'helper'), ('helper__isnull', False)), models.Q(models.Q(('caller', 'helper'), _negated=True), ('helper', None)), _connector='OR'), name='a_helper_who_calls_is_named'), models.CheckConstraint(condition=models.Q(('caller', 'other'), ('identified', True), _negated=True), name='nobody_else_is_ever_identified')],
                    },
                ),
                migrations.CreateModel(
                    name='CallEnd',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('call', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='end', to='messaging.call')),
                    ],
                ),
                migrations.CreateModel(
                    name='ChosenWay',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('matter', models.CharField(choices=[('reminders', 'reminders, and the questions before a class'), ('offers', 'a place that came free'), ('changes', 'a class that is changed or called off'), ('questions', 'wellbeing questions')], max_length=20)),
                        ('channel', models.CharField(choices=[('email', 'email'), ('text', 'text message (SMS)'), ('phone', 'phone call'), ('post', 'letter')], max_length=10)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chosen_ways', to='accounts.person')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('matter__in', ['reminders', 'offers', 'changes', 'questions'])), name='chosen_way_matter_is_known'), models.CheckConstraint(condition=models.Q(('channel__in', ['email', 'text', 'phone', 'post'])), name='chosen_way_channel_is_known'), models.UniqueConstraint(fields=('person', 'matter'), name='one_chosen_way_per_person_and_matter')],
                    },
                ),
                migrations.CreateModel(
                    name='ChosenWayEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('matter', models.CharField(choices=[('reminders', 'reminders, and the questions before a class'), ('offers', 'a place that came free'), ('changes', 'a class that is changed or called off'), ('questions', 'wellbeing questions')], max_length=20)),
                        ('channel', models.CharField(choices=[('email', 'email'), ('text', 'text message (SMS)'), ('phone', 'phone call'), ('post', 'letter')], max_length=10)),
                        ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='messaging.chosenway')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Message',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('only_for', models.CharField(blank=True, choices=[('read_safeguarding', 'read_safeguarding')], db_default='', default='', max_length=30)),
                        ('kept_from', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, help_text='keys of people', null=True, size=None)),
                        ('kind', models.CharField(max_length=50)),
                        ('subject_id', models.BigIntegerField(help_text='the row that the kind speaks of, such as a booking', null=True)),
                        ('context', models.JSONField(default=dict)),
                        ('channel', models.CharField(blank=True, choices=[('email', 'email'), ('text', 'text message (SMS)'), ('phone', 'phone call'), ('post', 'letter')], max_length=10)),
                        ('sent_as', models.CharField(blank=True, db_default='', help_text='its name with whoever carries it', max_length=64)),
                        ('ask_at', models.DateTimeField(help_text='when whoever carries it is asked what became of it', null=True)),
                        ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('state', models.CharField(choices=[('queued', 'waiting to be sent'), ('with_desk', 'with the desk, to call or write'), ('sent', 'sent'), ('delivered', 'delivered'), ('failed', 'not delivered'), ('not_wanted', 'no longer wanted')], default='queued', max_length=12)),
                        ('attempts', models.PositiveSmallIntegerField(default=0)),
                        ('last_error', models.CharField(blank=True, max_length=200)),
                        ('dedupe_key', models.CharField(max_length=200, unique=True)),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                        ('finished_at', models.DateTimeField(blank=True, null=True)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='accounts.person')),
                        ('point', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.contactpoint')),
                        ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.programme')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state', 'queued')), fields=['due_at', 'id'], name='messages_waiting_to_be_sent'), models.Index(condition=models.Q(('ask_at__isnull', False)), fields=['ask_at', 'id'], name='messages_to_ask_about'), models.Index(condition=models.Q(('sent_as', ''), _negated=True), fields=['sent_as'], name='messages_by_carriers_name')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'with_desk', 'sent', 'delivered', 'failed', 'not_wanted'])), name='message_state_is_known')],
                    },
                ),
                migrations.CreateModel(
                    name='Bounce',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('point', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bounces', to='accounts.contactpoint')),
                        ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bounces', to='messaging.message')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('point', 'message'), name='one_bounce_per_message_and_point')],
                    },
                ),
                migrations.CreateModel(
                    name='MessageStep',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('what', models.CharField(choices=[('sent', 'handed over'), ('failed', 'could not be handed over'), ('to_desk', 'given to the desk'), ('arrived', 'arrived'), ('came_back', 'came back'), ('no_word', 'no word of it'), ('not_wanted', 'not wanted any more'), ('again', 'to be sent again, by hand')], max_length=12)),
                        ('channel', models.CharField(blank=True, choices=[('email', 'email'), ('text', 'text message (SMS)'), ('phone', 'phone call'), ('post', 'letter')], max_length=10)),
                        ('reason', models.CharField(blank=True, max_length=200)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='messaging.message')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('what__in', ['sent', 'failed', 'to_desk', 'arrived', 'came_back', 'no_word', 'not_wanted', 'again'])), name='message_step_is_known'), models.UniqueConstraint(condition=models.Q(('what', 'again')), fields=('message',), name='a_message_is_sent_again_by_hand_once')],
                    },
                ),
                migrations.CreateModel(
                    name='OnCallShift',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('line', models.PositiveSmallIntegerField(help_text='1 is told first, 2 when the first does not answer, and so on')),
                        ('starts_at', models.DateTimeField()),
                        ('ends_at', models.DateTimeField()),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='on_call_shifts', to='accounts.person')),
                        ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='on_call_shifts', to='accounts.programme')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='a_shift_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(('line__gte', 1), ('line__lte', 3)), name='a_shift_is_first_second_or_third'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('programme', '='), ('line', '='), (models.Func('starts_at', 'ends_at', django.contrib.postgres.fields.ranges.RangeBoundary(), function='tstzrange', output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField()), '&&')], name='one_person_on_each_line_at_a_time'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('programme', '='), ('person', '='), (models.Func('starts_at', 'ends_at', django.contrib.postgres.fields.ranges.RangeBoundary(), function='tstzrange', output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField()), '&&')], name='nobody_stands_on_two_lines_at_a_time')],
                    },
                ),
                migrations.CreateModel(
                    name='OnCallShiftEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('line', models.PositiveSmallIntegerField(help_text='1 is told first, 2 when the first does not answer, and so on')),
                        ('starts_at', models.DateTimeField()),
                        ('ends_at', models.DateTimeField()),
                        ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='messaging.oncallshift')),
                        ('programme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.programme')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='OptOut',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('topic', models.CharField(choices=[('days_before', 'two days before a class'), ('shortly_before', 'on the day, shortly before a class'), ('questions', 'when there are wellbeing questions to answer')], max_length=20)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opt_outs', to='accounts.person')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('topic__in', ['days_before', 'shortly_before', 'questions'])), name='opt_out_topic_is_known'), models.UniqueConstraint(fields=('person', 'topic'), name='one_opt_out_per_person_and_topic')],
                    },
                ),
                migrations.CreateModel(
                    name='OptOutEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('topic', models.CharField(choices=[('days_before', 'two days before a class'), ('shortly_before', 'on the day, shortly before a class'), ('questions', 'when there are wellbeing questions to answer')], max_length=20)),
                        ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='messaging.optout')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='ReceivedText',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('carrier_id', models.CharField(help_text='its name with whoever carried it', max_length=64, unique=True)),
                        ('number', models.CharField(max_length=20)),
                        ('words', accounts.fields.EncryptedTextField()),
                        ('became', models.CharField(blank=True, help_text='what it did by itself, or that the desk reads it', max_length=10)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='received_texts', to='accounts.person')),
                        ('programme', models.ForeignKey(help_text='at whose desk it is read', on_delete=django.db.models.deletion.PROTECT, to='accounts.programme')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('became__in', ['', 'coming', 'cannot', 'desk'])), name='what_became_of_a_text_is_known')],
                    },
                ),
                migrations.CreateModel(
                    name='Task',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('only_for', models.CharField(blank=True, choices=[('read_safeguarding', 'read_safeguarding')], db_default='', default='', max_length=30)),
                        ('kept_from', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, help_text='keys of people', null=True, size=None)),
                        ('kind', models.CharField(max_length=50)),
                        ('subject_id', models.BigIntegerField(blank=True, help_text='the row that the kind speaks of', null=True)),
                        ('context', models.JSONField(default=dict)),
                        ('taken_at', models.DateTimeField(blank=True, help_text='when the owner took it', null=True)),
                        ('due_at', models.DateTimeField()),
                        ('urgent_for', models.CharField(blank=True, choices=[('take_part', 'take_part'), ('support', 'support'), ('teach', 'teach'), ('work_at_desk', 'work_at_desk'), ('decide_clearance', 'decide_clearance'), ('publish_for_anyone', 'publish_for_anyone'), ('build_releases', 'build_releases'), ('read_releases', 'read_releases'), ('read_safeguarding', 'read_safeguarding'), ('configure', 'configure')], help_text='who is told at once, one after the other, until somebody takes it: holders of this permission', max_length=30)),
                        ('state', models.CharField(choices=[('open', 'to do'), ('done', 'done'), ('cancelled', 'no longer needed')], default='open', max_length=10)),
                        ('outcome', models.CharField(blank=True, max_length=50)),
                        ('dedupe_key', models.CharField(max_length=200)),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                        ('closed_at', models.DateTimeField(blank=True, null=True)),
                        ('about', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks_about', to='accounts.person')),
                        ('meant_for', models.ForeignKey(blank=True, help_text='who is asked to do it, until somebody takes it', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks_owned', to='accounts.person')),
                        ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.programme')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['programme', 'due_at'], name='tasks_to_do'), models.Index(condition=models.Q(('state', 'open'), models.Q(('urgent_for', ''), _negated=True)), fields=['programme'], name='tasks_that_cannot_wait')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('dedupe_key',), name='one_open_task_per_need'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'done', 'cancelled'])), name='task_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='a_closed_task_says_when')],
                    },
                ),
                migrations.CreateModel(
                    name='TaskAlert',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('on_call', models.BooleanField(help_text='or told because nobody on call had answered')),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='accounts.person')),
                        ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alerts', to='messaging.task')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['task', 'at'], name='alerts_of_a_task')],
                    },
                ),
                migrations.CreateModel(
                    name='TaskAttempt',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('outcome', models.CharField(max_length=50)),
                        ('note', models.CharField(blank=True, max_length=500)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.person')),
                        ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='messaging.task')),
                    ],
                ),
                migrations.CreateModel(
                    name='TaskEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('only_for', models.CharField(blank=True, choices=[('read_safeguarding', 'read_safeguarding')], db_default='', default='', max_length=30)),
                        ('kept_from', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, help_text='keys of people', null=True, size=None)),
                        ('kind', models.CharField(max_length=50)),
                        ('subject_id', models.BigIntegerField(blank=True, help_text='the row that the kind speaks of', null=True)),
                        ('context', models.JSONField(default=dict)),
                        ('taken_at', models.DateTimeField(blank=True, help_text='when the owner took it', null=True)),
                        ('due_at', models.DateTimeField()),
                        ('urgent_for', models.CharField(blank=True, choices=[('take_part', 'take_part'), ('support', 'support'), ('teach', 'teach'), ('work_at_desk', 'work_at_desk'), ('decide_clearance', 'decide_clearance'), ('publish_for_anyone', 'publish_for_anyone'), ('build_releases', 'build_releases'), ('read_releases', 'read_releases'), ('read_safeguarding', 'read_safeguarding'), ('configure', 'configure')], help_text='who is told at once, one after the other, until somebody takes it: holders of this permission', max_length=30)),
                        ('state', models.CharField(choices=[('open', 'to do'), ('done', 'done'), ('cancelled', 'no longer needed')], default='open', max_length=10)),
                        ('outcome', models.CharField(blank=True, max_length=50)),
                        ('dedupe_key', models.CharField(max_length=200)),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                        ('closed_at', models.DateTimeField(blank=True, null=True)),
                        ('about', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('meant_for', models.ForeignKey(blank=True, db_constraint=False, help_text='who is asked to do it, until somebody takes it', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('owner', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='messaging.task')),
                        ('programme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.programme')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ],
        ),
        accounts.migration_steps.InOneStep(
            operations=[
                pgtrigger.migrations.AddTrigger(
                    model_name='callend',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2b521f16c110a74a85b16e8da812a7c1afc9e842', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b3df0', table='messaging_callend', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='chosenway',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "messaging_chosenwayevent" ("channel", "id", "matter", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."channel", NEW."id", NEW."matter", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='bce2d79ecb69f4a5b13de23dd0ea5cd9a447f369', operation='INSERT', pgid='pgtrigger_insert_insert_3b3c1', table='messaging_chosenway', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='chosenway',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "messaging_chosenwayevent" ("channel", "id", "matter", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."channel", NEW."id", NEW."matter", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id"); RETURN NULL;', hash='18b4a955db4598a9530be14464bf3e86e1bd9c34', operation='UPDATE', pgid='pgtrigger_update_update_5ae85', table='messaging_chosenway', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='chosenway',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "messaging_chosenwayevent" ("channel", "id", "matter", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."channel", OLD."id", OLD."matter", OLD."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='93088c4861fa5aff21dd19ab6dc44902e2ef57bd', operation='DELETE', pgid='pgtrigger_delete_delete_96376', table='messaging_chosenway', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='chosenwayevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8a54de84fdae29eaa2d405c74f5528fbc8b064ea', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7f6c3', table='messaging_chosenwayevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='message',
                    trigger=pgtrigger.compiler.Trigger(name='legal_changes_of_state', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{failed:queued,queued:failed,queued:not_wanted,queued:sent,queued:with_desk,sent:delivered,sent:failed,sent:queued,with_desk:delivered,with_desk:failed,with_desk:not_wanted}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='74c908cc32d57187014e8cf1e4db3b82add295fd', operation='UPDATE', pgid='pgtrigger_legal_changes_of_state_cdc50', table='messaging_message', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='bounce',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='aca6162c32ea2efda8b0cc3158bf0f91cbe237cf', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a1faa', table='messaging_bounce', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='messagestep',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c8240e228d8d98829aca36772da490cb34674e77', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_afddd', table='messaging_messagestep', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='oncallshift',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "messaging_oncallshiftevent" ("ends_at", "id", "line", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "starts_at") VALUES (NEW."ends_at", NEW."id", NEW."line", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."programme_id", NEW."starts_at"); RETURN NULL;', hash='2065d71e072bc747883c88a41e07d1a2f17d903f', operation='INSERT', pgid='pgtrigger_insert_insert_20ddd', table='messaging_oncallshift', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='oncallshift',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "messaging_oncallshiftevent" ("ends_at", "id", "line", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "starts_at") VALUES (NEW."ends_at", NEW."id", NEW."line", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."programme_id", NEW."starts_at"); RETURN NULL;', hash='655376527d9a75bbdc4ed7cb32c3ca6b48549a84', operation='UPDATE', pgid='pgtrigger_update_update_037fa', table='messaging_oncallshift', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='oncallshift',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "messaging_oncallshiftevent" ("ends_at", "id", "line", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "starts_at") VALUES (OLD."ends_at", OLD."id", OLD."line", OLD."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."programme_id", OLD."starts_at"); RETURN NULL;', hash='32ff7a2f7d15c4ee39b834c9421e62a9da2ac71c', operation='DELETE', pgid='pgtrigger_delete_delete_76357', table='messaging_oncallshift', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='oncallshiftevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2f218a8d8c8791eac2bc97b062402a96b2a7c9f6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_abd32', table='messaging_oncallshiftevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='optout',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "messaging_optoutevent" ("id", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "topic") VALUES (NEW."id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."topic"); RETURN NULL;', hash='e9170b538773db31aaa90e532f77feb095ae1b0e', operation='INSERT', pgid='pgtrigger_insert_insert_52f7e', table='messaging_optout', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='optout',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "messaging_optoutevent" ("id", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "topic") VALUES (NEW."id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."topic"); RETURN NULL;', hash='833b05ca212647e4ea13ac101ae381cd1dd73060', operation='UPDATE', pgid='pgtrigger_update_update_862e9', table='messaging_optout', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='optout',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "messaging_optoutevent" ("id", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "topic") VALUES (OLD."id", OLD."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."topic"); RETURN NULL;', hash='7557ec4bea9839cda886f2a616ddba1b5e19849c', operation='DELETE', pgid='pgtrigger_delete_delete_fefe9', table='messaging_optout', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='optoutevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5648d93762b0153357072fb5a12d5e54d3e5caca', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e50d9', table='messaging_optoutevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='task',
                    trigger=pgtrigger.compiler.Trigger(name='legal_changes_of_state', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{open:cancelled,open:done}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='f598bfd034b66fa8fe34126c0b7d107f44fe52f1', operation='UPDATE', pgid='pgtrigger_legal_changes_of_state_dede1', table='messaging_task', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='task',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "messaging_taskevent" ("about_id", "closed_at", "context", "created_at", "dedupe_key", "due_at", "id", "kept_from", "kind", "meant_for_id", "only_for", "outcome", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "state", "subject_id", "taken_at", "urgent_for") VALUES (NEW."about_id", NEW."closed_at", NEW."context", NEW."created_at", NEW."dedupe_key", NEW."due_at", NEW."id", NEW."kept_from", NEW."kind", NEW."meant_for_id", NEW."only_for", NEW."outcome", NEW."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."programme_id", NEW."state", NEW."subject_id", NEW."taken_at", NEW."urgent_for"); RETURN NULL;', hash='2830bfd8db2098ec7b16f828d24e5645816a6498', operation='INSERT', pgid='pgtrigger_insert_insert_f1356', table='messaging_task', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='task',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "messaging_taskevent" ("about_id", "closed_at", "context", "created_at", "dedupe_key", "due_at", "id", "kept_from", "kind", "meant_for_id", "only_for", "outcome", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "state", "subject_id", "taken_at", "urgent_for") VALUES (NEW."about_id", NEW."closed_at", NEW."context", NEW."created_at", NEW."dedupe_key", NEW."due_at", NEW."id", NEW."kept_from", NEW."kind", NEW."meant_for_id", NEW."only_for", NEW."outcome", NEW."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."programme_id", NEW."state", NEW."subject_id", NEW."taken_at", NEW."urgent_for"); RETURN NULL;', hash='c28a58ef5feeccf4f293c8fbc514fca010d3ea7f', operation='UPDATE', pgid='pgtrigger_update_update_c8d23', table='messaging_task', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='task',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "messaging_taskevent" ("about_id", "closed_at", "context", "created_at", "dedupe_key", "due_at", "id", "kept_from", "kind", "meant_for_id", "only_for", "outcome", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "state", "subject_id", "taken_at", "urgent_for") VALUES (OLD."about_id", OLD."closed_at", OLD."context", OLD."created_at", OLD."dedupe_key", OLD."due_at", OLD."id", OLD."kept_from", OLD."kind", OLD."meant_for_id", OLD."only_for", OLD."outcome", OLD."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."programme_id", OLD."state", OLD."subject_id", OLD."taken_at", OLD."urgent_for"); RETURN NULL;', hash='285a5486206b3d6cb612e7366642b5161008c773', operation='DELETE', pgid='pgtrigger_delete_delete_62a1c', table='messaging_task', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='call',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a7f3b54430ceffc547df3b103ce42747f3b786e9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_21caf', table='messaging_call', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='taskalert',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5cfde65cfbfc96d8eedface5377abb4288fe2ba9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b69f8', table='messaging_taskalert', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='taskattempt',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c94522d84925cdcff0646df100eda08711e1a82a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f2d51', table='messaging_taskattempt', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='taskevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6e8a67b950a67b834c743b7a469a8c7e7ae3955e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a098b', table='messaging_taskevent', when='BEFORE')),
                ),
            ],
        ),
        migrations.RunSQL(ENQUEUE, DROP),
    ]
