"""The tables of participants."""

import accounts.fields
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import phonenumber_field.modelfields
import accounts.migration_steps
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('participants', '0001_initial'), ('participants', '0002_the_last_decision_is_the_last_row'), ('participants', '0003_contact_stops'), ('participants', '0004_access_needs_are_replaced'), ('participants', '0005_who_decides'), ('participants', '0006_days_of_treatment'), ('participants', '0007_who_confirmed_whom_to_call'), ('participants', '0008_places_held_in_a_week'), ('participants', '0009_which_list_brought_a_registration'), ('participants', '0010_phases_keep_their_history'), ('participants', '0011_an_instructor_of_ones_own_sex'), ('participants', '0012_who_hears_of_offers'), ('participants', '0013_referred_back')]

    initial = True

    dependencies = [
        ('accounts', '0001_squashed_0008_a_list_may_be_brought_in_again'),
    ]

    operations = [
        accounts.migration_steps.InOneStep(
            operations=[
                migrations.CreateModel(
                    name='Enrolment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField(blank=True, null=True)),
                        ('end_reason', models.CharField(blank=True, max_length=100)),
                        ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='enrolments', to='participants.participant')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='enrolment_ends_after_it_starts'), models.UniqueConstraint(condition=models.Q(('ends_on', None)), fields=('participant',), name='one_open_enrolment_per_participant')],
                    },
                ),
                migrations.CreateModel(
                    name='Equality',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('sex', models.CharField(blank=True, max_length=20)),
                        ('gender', models.CharField(blank=True, max_length=20)),
                        ('ethnicity', models.CharField(blank=True, max_length=20)),
                        ('cancer_type', models.CharField(blank=True, max_length=20)),
                        ('treatment_stage', models.CharField(blank=True, max_length=20)),
                        ('deprivation_quintile', models.PositiveSmallIntegerField(blank=True, null=True)),
                        ('instructor_sex_preference', models.CharField(blank=True, max_length=20)),
                        ('participant', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='equality', to='participants.participant')),
                    ],
                    options={
                        'verbose_name_plural': 'equality',
                        'constraints': [models.CheckConstraint(condition=models.Q(('deprivation_quintile', None), ('deprivation_quintile__range', (1, 5)), _connector='OR'), name='deprivation_quintile_is_one_to_five')],
                    },
                ),
                migrations.CreateModel(
                    name='AccessNeed',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('by_email', 'contact by email'), ('by_text', 'contact by text message'), ('by_phone', 'contact by phone call'), ('by_relay', 'contact by phone through Relay UK'), ('by_post', 'contact by letter'), ('large_print', 'large print'), ('easy_read', 'easy read'), ('braille', 'braille'), ('audio', 'audio'), ('screen_reader', 'email that works with a screen reader'), ('bsl_video', 'British Sign Language video'), ('bsl_interpreter', 'British Sign Language interpreter'), ('lip_speaker', 'lip-speaker'), ('deafblind', 'deafblind communicator'), ('hearing_loop', 'hearing loop'), ('slow_speech', 'slow, clear speech'), ('lip_reads', 'lip-reads'), ('writing_down', 'things written down'), ('more_time', 'more time'), ('own_sex_instructor', 'an instructor of my own sex'), ('language', 'another language'), ('interpreter', 'interpreter for another language'), ('other', 'something else')], max_length=20)),
                        ('detail', models.CharField(blank=True, max_length=200)),
                        ('share_with_instructors', models.BooleanField(default=False)),
                        ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('review_on', models.DateField()),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='access_needs', to='accounts.person')),
                        ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('person', 'kind', 'detail'), name='each_access_need_is_recorded_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['by_email', 'by_text', 'by_phone', 'by_relay', 'by_post', 'large_print', 'easy_read', 'braille', 'audio', 'screen_reader', 'bsl_video', 'bsl_interpreter', 'lip_speaker', 'deafblind', 'hearing_loop', 'slow_speech', 'lip_reads', 'writing_down', 'more_time', 'own_sex_instructor', 'language', 'interpreter', 'other'])), name='access_need_kind_is_known')],
                    },
                ),
                migrations.CreateModel(
                    name='AccessNeedEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('kind', models.CharField(choices=[('by_email', 'contact by email'), ('by_text', 'contact by text message'), ('by_phone', 'contact by phone call'), ('by_relay', 'contact by phone through Relay UK'), ('by_post', 'contact by letter'), ('large_print', 'large print'), ('easy_read', 'easy read'), ('braille', 'braille'), ('audio', 'audio'), ('screen_reader', 'email that works with a screen reader'), ('bsl_video', 'British Sign Language video'), ('bsl_interpreter', 'British Sign Language interpreter'), ('lip_speaker', 'lip-speaker'), ('deafblind', 'deafblind communicator'), ('hearing_loop', 'hearing loop'), ('slow_speech', 'slow, clear speech'), ('lip_reads', 'lip-reads'), ('writing_down', 'things written down'), ('more_time', 'more time'), ('own_sex_instructor', 'an instructor of my own sex'), ('language', 'another language'), ('interpreter', 'interpreter for another language'), ('other', 'something else')], max_length=20)),
                        ('detail', models.CharField(blank=True, max_length=200)),
                        ('share_with_instructors', models.BooleanField(default=False)),
                        ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('review_on', models.DateField()),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='participants.accessneed')),
                        ('recorded_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='ConsentText',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('service', 'to use SafeFit'), ('health', 'to hold health facts'), ('instructors', 'to share health facts with instructors'), ('summaries', 'to count answers in anonymous summaries'), ('research', 'to use answers in research'), ('recording', 'to be recorded or photographed')], max_length=20)),
                        ('version', models.PositiveSmallIntegerField()),
                        ('title', models.CharField(max_length=200)),
                        ('body', models.TextField()),
                        ('required', models.BooleanField(default=False)),
                        ('published_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consent_texts', to='accounts.programme')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('programme', 'kind', 'version'), name='one_text_per_consent_version'), models.CheckConstraint(condition=models.Q(('kind__in', ['service', 'health', 'instructors', 'summaries', 'research', 'recording'])), name='consent_kind_is_known')],
                    },
                ),
                migrations.CreateModel(
                    name='ContactStop',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('died', 'has died'), ('hospice', 'is in the care of a hospice'), ('no_contact', 'wants no more contact')], max_length=10)),
                        ('happened_on', models.DateField(blank=True, null=True)),
                        ('status_before', models.CharField(max_length=10)),
                        ('login_closed', models.BooleanField(default=False)),
                        ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('undone_at', models.DateTimeField(blank=True, null=True)),
                        ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contact_stops', to='participants.participant')),
                    ],
                    options={
                        'ordering': ['-recorded_at', '-id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['died', 'hospice', 'no_contact'])), name='contact_stop_kind_is_known'), models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('participant', 'kind'), name='one_standing_stop_of_a_kind'), models.CheckConstraint(condition=models.Q(models.Q(('undone_at', None), ('undone_by', None)), models.Q(('undone_at__isnull', False), ('undone_by__isnull', False)), _connector='OR'), name='a_stop_taken_back_says_by_whom')],
                    },
                ),
                migrations.CreateModel(
                    name='DecisionMaker',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=200)),
                        ('relationship', models.CharField(max_length=100)),
                        ('phone', phonenumber_field.modelfields.PhoneNumberField(max_length=128, region=None)),
                        ('ground', models.CharField(choices=[('lasting_power', 'lasting power of attorney for health and welfare'), ('deputy', 'deputy appointed by the Court of Protection'), ('best_interests', 'best-interests decision'), ('advocate', 'independent advocate, who speaks for them and does not decide')], max_length=20)),
                        ('note', accounts.fields.EncryptedTextField(blank=True)),
                        ('seen_on', models.DateField()),
                        ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('seen_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deciders', to='participants.participant')),
                    ],
                    options={
                        'ordering': ['-recorded_at', '-id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ground__in', ['lasting_power', 'deputy', 'best_interests', 'advocate'])), name='ground_to_decide_is_known'), models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('participant',), name='one_decision_maker_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='an_ended_decision_maker_says_by_whom')],
                    },
                ),
                migrations.CreateModel(
                    name='EnrolmentPause',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField(blank=True, help_text='first day back', null=True)),
                        ('reason', models.CharField(max_length=100)),
                        ('review_on', models.DateField(blank=True, null=True)),
                        ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pauses', to='participants.enrolment')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='pause_ends_after_it_starts'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('enrolment', '='), (models.Func('starts_on', 'ends_on', django.contrib.postgres.fields.ranges.RangeBoundary(), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='pauses_do_not_overlap')],
                    },
                ),
                migrations.CreateModel(
                    name='EnrolmentPauseEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField(blank=True, help_text='first day back', null=True)),
                        ('reason', models.CharField(max_length=100)),
                        ('review_on', models.DateField(blank=True, null=True)),
                        ('enrolment', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='participants.enrolment')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='participants.enrolmentpause')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Participant',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reference', models.CharField(max_length=12, unique=True)),
                        ('status', models.CharField(choices=[('active', 'taking part'), ('paused', 'paused'), ('completed', 'finished the programme'), ('withdrawn', 'left the programme'), ('died', 'has died')], default='active', max_length=10)),
                        ('source', models.CharField(max_length=10)),
                        ('area', models.CharField(blank=True, max_length=50)),
                        ('postcode', models.CharField(blank=True, max_length=8)),
                        ('emergency_name', models.CharField(blank=True, max_length=200)),
                        ('emergency_relationship', models.CharField(blank=True, max_length=100)),
                        ('emergency_phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None)),
                        ('emergency_confirmed_at', models.DateTimeField(blank=True, null=True)),
                        ('facts_version', models.PositiveIntegerField(default=1)),
                        ('registered_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('emergency_confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participations', to='accounts.person')),
                        ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participants', to='accounts.programme')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('person', 'programme'), name='one_participant_per_person_and_programme'), models.CheckConstraint(condition=models.Q(('status__in', ['active', 'paused', 'completed', 'withdrawn', 'died'])), name='participant_status_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('emergency_confirmed_at', None), ('emergency_confirmed_by', None)), models.Q(('emergency_confirmed_at__isnull', False), ('emergency_confirmed_by__isnull', False)), _connector='OR'), name='who_confirmed_a_contact_is_known')],
                    },
                ),
                migrations.CreateModel(
                    name='HealthProfile',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('wording_version', models.CharField(max_length=20)),
                        ('answers', accounts.fields.EncryptedJSONField()),
                        ('note', accounts.fields.EncryptedTextField(blank=True, default='')),
                        ('answered_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('mode', models.CharField(default='self', max_length=10)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='health_profiles', to='participants.participant')),
                    ],
                    options={
                        'ordering': ['-answered_at', '-id'],
                    },
                ),
                migrations.CreateModel(
                    name='EqualityEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('sex', models.CharField(blank=True, max_length=20)),
                        ('gender', models.CharField(blank=True, max_length=20)),
                        ('ethnicity', models.CharField(blank=True, max_length=20)),
                        ('cancer_type', models.CharField(blank=True, max_length=20)),
                        ('treatment_stage', models.CharField(blank=True, max_length=20)),
                        ('deprivation_quintile', models.PositiveSmallIntegerField(blank=True, null=True)),
                        ('instructor_sex_preference', models.CharField(blank=True, max_length=20)),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='participants.equality')),
                        ('participant', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='participants.participant')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='EnrolmentEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField(blank=True, null=True)),
                        ('end_reason', models.CharField(blank=True, max_length=100)),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='participants.enrolment')),
                        ('participant', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='participants.participant')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='DecisionMakerEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('name', models.CharField(max_length=200)),
                        ('relationship', models.CharField(max_length=100)),
                        ('phone', phonenumber_field.modelfields.PhoneNumberField(max_length=128, region=None)),
                        ('ground', models.CharField(choices=[('lasting_power', 'lasting power of attorney for health and welfare'), ('deputy', 'deputy appointed by the Court of Protection'), ('best_interests', 'best-interests decision'), ('advocate', 'independent advocate, who speaks for them and does not decide')], max_length=20)),
                        ('note', accounts.fields.EncryptedTextField(blank=True)),
                        ('seen_on', models.DateField()),
                        ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('ended_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='participants.decisionmaker')),
                        ('recorded_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('seen_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('participant', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='participants.participant')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='ContactStopEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('kind', models.CharField(choices=[('died', 'has died'), ('hospice', 'is in the care of a hospice'), ('no_contact', 'wants no more contact')], max_length=10)),
                        ('happened_on', models.DateField(blank=True, null=True)),
                        ('status_before', models.CharField(max_length=10)),
                        ('login_closed', models.BooleanField(default=False)),
                        ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('undone_at', models.DateTimeField(blank=True, null=True)),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='participants.contactstop')),
                        ('recorded_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('undone_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('participant', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='participants.participant')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='ConsentEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('given', models.BooleanField()),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('mode', models.CharField(default='self', max_length=10)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('text', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='participants.consenttext')),
                        ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consent_events', to='participants.participant')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['participant', '-at'], name='consent_by_participant')],
                    },
                ),
                migrations.CreateModel(
                    name='Clearance',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('state', models.CharField(choices=[('cleared', 'cleared'), ('cleared_adapted', 'cleared with adaptations'), ('needs_review', 'needs review'), ('paused', 'paused'), ('not_suitable', 'not suitable, signposted')], max_length=20)),
                        ('adaptations', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                        ('note', accounts.fields.EncryptedTextField(blank=True, default='')),
                        ('flags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                        ('reason', models.CharField(blank=True, max_length=200)),
                        ('valid_from', models.DateField()),
                        ('valid_until', models.DateField(blank=True, null=True)),
                        ('review_due_at', models.DateTimeField(blank=True, null=True)),
                        ('decided_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('profile', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='clearances', to='participants.healthprofile')),
                        ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clearances', to='participants.participant')),
                    ],
                    options={
                        'ordering': ['-id'],
                        'indexes': [models.Index(fields=['participant', '-id'], name='clearance_in_force')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['cleared', 'cleared_adapted', 'needs_review', 'paused', 'not_suitable'])), name='clearance_state_is_known'), models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='clearance_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['cleared', 'cleared_adapted']), _negated=True), ('valid_until__isnull', False), _connector='OR'), name='a_clearance_has_an_end'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'needs_review'), _negated=True), ('review_due_at__isnull', False), _connector='OR'), name='a_review_has_a_due_time')],
                    },
                ),
                migrations.CreateModel(
                    name='ParticipantEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('reference', models.CharField(max_length=12)),
                        ('status', models.CharField(choices=[('active', 'taking part'), ('paused', 'paused'), ('completed', 'finished the programme'), ('withdrawn', 'left the programme'), ('died', 'has died')], default='active', max_length=10)),
                        ('source', models.CharField(max_length=10)),
                        ('area', models.CharField(blank=True, max_length=50)),
                        ('postcode', models.CharField(blank=True, max_length=8)),
                        ('emergency_name', models.CharField(blank=True, max_length=200)),
                        ('emergency_relationship', models.CharField(blank=True, max_length=100)),
                        ('emergency_phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None)),
                        ('emergency_confirmed_at', models.DateTimeField(blank=True, null=True)),
                        ('registered_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('emergency_confirmed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('entered_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='participants.participant')),
                        ('programme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.programme')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Phase',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('order', models.PositiveSmallIntegerField()),
                        ('name', models.CharField(max_length=100)),
                        ('weeks', models.PositiveSmallIntegerField()),
                        ('contacts_least', models.PositiveSmallIntegerField()),
                        ('contacts_most', models.PositiveSmallIntegerField()),
                        ('per_weeks', models.PositiveSmallIntegerField(default=1)),
                        ('most_a_week', models.PositiveSmallIntegerField(blank=True, help_text='places that one person may hold in a week, Monday to Sunday; empty: no limit', null=True)),
                        ('one_to_ones_apart', models.BooleanField(default=False, help_text='one-to-one sessions do not count towards that limit, and are not held back by it')),
                        ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='phases', to='accounts.programme')),
                    ],
                    options={
                        'ordering': ['order'],
                        'constraints': [models.UniqueConstraint(fields=('programme', 'order'), name='phases_of_a_programme_are_in_order'), models.CheckConstraint(condition=models.Q(('contacts_most__gte', models.F('contacts_least'))), name='phase_contacts_in_order'), models.CheckConstraint(condition=models.Q(('most_a_week', None), ('most_a_week__gte', 1), _connector='OR'), name='a_limit_leaves_one_place_a_week')],
                    },
                ),
                migrations.CreateModel(
                    name='PhaseEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('order', models.PositiveSmallIntegerField()),
                        ('name', models.CharField(max_length=100)),
                        ('weeks', models.PositiveSmallIntegerField()),
                        ('contacts_least', models.PositiveSmallIntegerField()),
                        ('contacts_most', models.PositiveSmallIntegerField()),
                        ('per_weeks', models.PositiveSmallIntegerField(default=1)),
                        ('most_a_week', models.PositiveSmallIntegerField(blank=True, help_text='places that one person may hold in a week, Monday to Sunday; empty: no limit', null=True)),
                        ('one_to_ones_apart', models.BooleanField(default=False, help_text='one-to-one sessions do not count towards that limit, and are not held back by it')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='participants.phase')),
                        ('programme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.programme')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='ReferBack',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('why', accounts.fields.EncryptedTextField()),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('participant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refer_backs', to='participants.participant')),
                    ],
                    options={
                        'ordering': ['-at'],
                        'indexes': [models.Index(fields=['participant'], name='refer_backs_of_somebody')],
                    },
                ),
                migrations.CreateModel(
                    name='ReferBackEnd',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('outcome', models.CharField(choices=[('cleared', 'cleared again'), ('stays_stopped', 'not suitable at the moment'), ('left', 'left the programme')], max_length=20)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('refer_back', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='end', to='participants.referback')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('outcome__in', ['cleared', 'stays_stopped', 'left'])), name='refer_back_outcome_is_known')],
                    },
                ),
                migrations.CreateModel(
                    name='Registration',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reference', models.CharField(max_length=12, unique=True)),
                        ('resume_hash', models.CharField(max_length=64, unique=True)),
                        ('status', models.CharField(choices=[('draft', 'not finished'), ('not_eligible', 'cannot join'), ('submitted', 'finished')], default='draft', max_length=15)),
                        ('source', models.CharField(choices=[('self', 'by the person'), ('desk', 'by telephone at the desk'), ('referral', 'by a health professional')], max_length=10)),
                        ('answers', accounts.fields.EncryptedJSONField(default=dict)),
                        ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('changed_at', models.DateTimeField(auto_now=True)),
                        ('submitted_at', models.DateTimeField(blank=True, null=True)),
                        ('brought_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='registrations', to='accounts.broughtlist')),
                        ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('participant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='registrations', to='participants.participant')),
                        ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='registrations', to='accounts.programme')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'not_eligible', 'submitted'])), name='registration_status_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'submitted'), _negated=True), ('submitted_at__isnull', False), _connector='OR'), name='a_submitted_registration_says_when')],
                    },
                ),
                migrations.CreateModel(
                    name='EligibilityDecision',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('eligible', models.BooleanField()),
                        ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), default=list, size=None)),
                        ('rules_version', models.CharField(max_length=20)),
                        ('answers', accounts.fields.EncryptedJSONField(default=dict)),
                        ('decided_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('override_reason', models.CharField(blank=True, max_length=500)),
                        ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('participant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='eligibility_decisions', to='participants.participant')),
                        ('registration', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='decisions', to='participants.registration')),
                    ],
                    options={
                        'ordering': ['-decided_at', '-id'],
                    },
                ),
                migrations.CreateModel(
                    name='Supporter',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('relationship', models.CharField(max_length=100)),
                        ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('book', 'book and cancel classes'), ('see_messages', 'see messages'), ('be_contacted', 'be contacted'), ('scribe', 'type in answers to questionnaires'), ('hear_offers', 'be told when a place is offered from a waiting list')], max_length=20), default=list, size=None)),
                        ('status', models.CharField(choices=[('invited', 'invited'), ('active', 'helping'), ('ended', 'ended')], default='invited', max_length=10)),
                        ('invited_name', models.CharField(blank=True, max_length=200)),
                        ('invited_email', models.EmailField(blank=True, max_length=254)),
                        ('invite_hash', models.CharField(blank=True, max_length=64)),
                        ('invited_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('starts_at', models.DateTimeField(blank=True, null=True)),
                        ('ends_at', models.DateTimeField(blank=True, null=True)),
                        ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='supporters', to='participants.participant')),
                        ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='supports', to='accounts.person')),
                        ('verified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('scopes__contained_by', ['book', 'see_messages', 'be_contacted', 'scribe', 'hear_offers'])), name='supporter_scopes_are_known'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'active'), _negated=True), models.Q(('person__isnull', False), ('starts_at__isnull', False)), _connector='OR'), name='an_active_supporter_is_a_known_person'), models.UniqueConstraint(condition=models.Q(('status', 'ended'), _negated=True), fields=('participant', 'person'), name='one_live_support_per_pair')],
                    },
                ),
                migrations.CreateModel(
                    name='SupporterEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('relationship', models.CharField(max_length=100)),
                        ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('book', 'book and cancel classes'), ('see_messages', 'see messages'), ('be_contacted', 'be contacted'), ('scribe', 'type in answers to questionnaires'), ('hear_offers', 'be told when a place is offered from a waiting list')], max_length=20), default=list, size=None)),
                        ('status', models.CharField(choices=[('invited', 'invited'), ('active', 'helping'), ('ended', 'ended')], default='invited', max_length=10)),
                        ('invited_name', models.CharField(blank=True, max_length=200)),
                        ('invited_email', models.EmailField(blank=True, max_length=254)),
                        ('invited_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('starts_at', models.DateTimeField(blank=True, null=True)),
                        ('ends_at', models.DateTimeField(blank=True, null=True)),
                        ('participant', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='participants.participant')),
                        ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='participants.supporter')),
                        ('verified_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Timepoint',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(max_length=20)),
                        ('label', models.CharField(max_length=50)),
                        ('day', models.SmallIntegerField()),
                        ('opens_before', models.PositiveSmallIntegerField()),
                        ('closes_after', models.PositiveSmallIntegerField()),
                        ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='timepoints', to='accounts.programme')),
                    ],
                    options={
                        'ordering': ['day'],
                        'constraints': [models.UniqueConstraint(fields=('programme', 'code'), name='one_timepoint_per_code')],
                    },
                ),
                migrations.CreateModel(
                    name='TreatmentDays',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('said', accounts.fields.EncryptedJSONField()),
                        ('noted_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='treatment_days', to='participants.participant')),
                    ],
                    options={
                        'verbose_name_plural': 'treatment days',
                        'ordering': ['pk'],
                    },
                ),
                migrations.CreateModel(
                    name='TreatmentDaysEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('said', accounts.fields.EncryptedJSONField()),
                        ('noted_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('participant', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='participants.participant')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='participants.treatmentdays')),
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
                    model_name='accessneed',
                    trigger=pgtrigger.compiler.Trigger(name='an_access_need_is_never_rewritten', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."detail" IS DISTINCT FROM (NEW."detail") OR OLD."share_with_instructors" IS DISTINCT FROM (NEW."share_with_instructors") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at") OR OLD."recorded_by_id" IS DISTINCT FROM (NEW."recorded_by_id") OR OLD."review_on" IS DISTINCT FROM (NEW."review_on"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='705fee8be1cd181a1cf14a032f21a181c498b448', operation='UPDATE', pgid='pgtrigger_an_access_need_is_never_rewritten_30809', table='participants_accessneed', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='accessneed',
                    trigger=pgtrigger.compiler.Trigger(name='an_ended_access_need_stays_so', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."ended_at" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='47acc321af8f62e296cb6276aac85172f491d5e7', operation='UPDATE', pgid='pgtrigger_an_ended_access_need_stays_so_55562', table='participants_accessneed', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='accessneed',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "participants_accessneedevent" ("detail", "ended_at", "id", "kind", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "review_on", "share_with_instructors") VALUES (NEW."detail", NEW."ended_at", NEW."id", NEW."kind", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."review_on", NEW."share_with_instructors"); RETURN NULL;', hash='c3fe8533b875e6ebc20ca424c68fe919d73cd0a8', operation='INSERT', pgid='pgtrigger_insert_insert_e76f4', table='participants_accessneed', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='accessneed',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "participants_accessneedevent" ("detail", "ended_at", "id", "kind", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "review_on", "share_with_instructors") VALUES (NEW."detail", NEW."ended_at", NEW."id", NEW."kind", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."review_on", NEW."share_with_instructors"); RETURN NULL;', hash='1a473c05ae57f8e60ae71197995eff0b0a65e8ad', operation='UPDATE', pgid='pgtrigger_update_update_fb653', table='participants_accessneed', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='accessneed',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "participants_accessneedevent" ("detail", "ended_at", "id", "kind", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "review_on", "share_with_instructors") VALUES (OLD."detail", OLD."ended_at", OLD."id", OLD."kind", OLD."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."recorded_by_id", OLD."review_on", OLD."share_with_instructors"); RETURN NULL;', hash='be95434a366553ffef6d808e6afba7b630c25b90', operation='DELETE', pgid='pgtrigger_delete_delete_d07ff', table='participants_accessneed', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='accessneedevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='791ac9f8d988acfa4e8913aaa279e76a1e567706', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_bba01', table='participants_accessneedevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='consenttext',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3772db8c3ae434146e66c06f9fbf13a51a26b2e6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_52d7f', table='participants_consenttext', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='enrolmentpause',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "participants_enrolmentpauseevent" ("ends_on", "enrolment_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "review_on", "starts_on") VALUES (NEW."ends_on", NEW."enrolment_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."reason", NEW."review_on", NEW."starts_on"); RETURN NULL;', hash='4352e7bc195995c1cb8083899811b2c14dde49c1', operation='INSERT', pgid='pgtrigger_insert_insert_21611', table='participants_enrolmentpause', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='enrolmentpause',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "participants_enrolmentpauseevent" ("ends_on", "enrolment_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "review_on", "starts_on") VALUES (NEW."ends_on", NEW."enrolment_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."reason", NEW."review_on", NEW."starts_on"); RETURN NULL;', hash='4114abdd66e01c3497aff83629e94338588183d2', operation='UPDATE', pgid='pgtrigger_update_update_13fee', table='participants_enrolmentpause', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='enrolmentpause',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "participants_enrolmentpauseevent" ("ends_on", "enrolment_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "review_on", "starts_on") VALUES (OLD."ends_on", OLD."enrolment_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."reason", OLD."review_on", OLD."starts_on"); RETURN NULL;', hash='d1de98d650285886e95fc89afb88f3f69d0d7852', operation='DELETE', pgid='pgtrigger_delete_delete_1129f', table='participants_enrolmentpause', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='enrolmentpauseevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d4c0ae3d8b296146cf6c0d1b0a9dce5e727fe4f1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_55879', table='participants_enrolmentpauseevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='participant',
                    trigger=pgtrigger.compiler.Trigger(name='legal_changes_of_status', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{active:completed,active:died,active:paused,active:withdrawn,completed:active,completed:died,died:active,died:completed,died:paused,died:withdrawn,paused:active,paused:completed,paused:died,paused:withdrawn,withdrawn:active,withdrawn:died,withdrawn:paused}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='8f23c9154298574e9423781796dd8ee7883ab26e', operation='UPDATE', pgid='pgtrigger_legal_changes_of_status_d8bf1', table='participants_participant', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='participant',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "participants_participantevent" ("area", "emergency_confirmed_at", "emergency_confirmed_by_id", "emergency_name", "emergency_phone", "emergency_relationship", "entered_by_id", "id", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "programme_id", "reference", "registered_at", "source", "status") VALUES (NEW."area", NEW."emergency_confirmed_at", NEW."emergency_confirmed_by_id", NEW."emergency_name", NEW."emergency_phone", NEW."emergency_relationship", NEW."entered_by_id", NEW."id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."postcode", NEW."programme_id", NEW."reference", NEW."registered_at", NEW."source", NEW."status"); RETURN NULL;', hash='45541376015e8df0b0fca9947eb2b61cd8f818f8', operation='INSERT', pgid='pgtrigger_insert_insert_068a6', table='participants_participant', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='participant',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."area" IS DISTINCT FROM (NEW."area") OR OLD."emergency_confirmed_at" IS DISTINCT FROM (NEW."emergency_confirmed_at") OR OLD."emergency_confirmed_by_id" IS DISTINCT FROM (NEW."emergency_confirmed_by_id") OR OLD."emergency_name" IS DISTINCT FROM (NEW."emergency_name") OR OLD."emergency_phone" IS DISTINCT FROM (NEW."emergency_phone") OR OLD."emergency_relationship" IS DISTINCT FROM (NEW."emergency_relationship") OR OLD."entered_by_id" IS DISTINCT FROM (NEW."entered_by_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."postcode" IS DISTINCT FROM (NEW."postcode") OR OLD."programme_id" IS DISTINCT FROM (NEW."programme_id") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."registered_at" IS DISTINCT FROM (NEW."registered_at") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."status" IS DISTINCT FROM (NEW."status"))', func='INSERT INTO "participants_participantevent" ("area", "emergency_confirmed_at", "emergency_confirmed_by_id", "emergency_name", "emergency_phone", "emergency_relationship", "entered_by_id", "id", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "programme_id", "reference", "registered_at", "source", "status") VALUES (NEW."area", NEW."emergency_confirmed_at", NEW."emergency_confirmed_by_id", NEW."emergency_name", NEW."emergency_phone", NEW."emergency_relationship", NEW."entered_by_id", NEW."id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."postcode", NEW."programme_id", NEW."reference", NEW."registered_at", NEW."source", NEW."status"); RETURN NULL;', hash='037da07f8c81a1d5053dcd650a1813cd2882458b', operation='UPDATE', pgid='pgtrigger_update_update_c9656', table='participants_participant', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='participant',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "participants_participantevent" ("area", "emergency_confirmed_at", "emergency_confirmed_by_id", "emergency_name", "emergency_phone", "emergency_relationship", "entered_by_id", "id", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "programme_id", "reference", "registered_at", "source", "status") VALUES (OLD."area", OLD."emergency_confirmed_at", OLD."emergency_confirmed_by_id", OLD."emergency_name", OLD."emergency_phone", OLD."emergency_relationship", OLD."entered_by_id", OLD."id", OLD."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."postcode", OLD."programme_id", OLD."reference", OLD."registered_at", OLD."source", OLD."status"); RETURN NULL;', hash='f4746374380fba559b66068f2d9aab991c7fd06c', operation='DELETE', pgid='pgtrigger_delete_delete_9322e', table='participants_participant', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='healthprofile',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='913554d18e5474fe124fb4a99ca036454e973211', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_559a7', table='participants_healthprofile', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='equalityevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='986e60782c44b27dbc6becb8e2ca3fb7e8a64a9b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d2895', table='participants_equalityevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='equality',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "participants_equalityevent" ("cancer_type", "deprivation_quintile", "ethnicity", "gender", "id", "instructor_sex_preference", "participant_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "sex", "treatment_stage") VALUES (NEW."cancer_type", NEW."deprivation_quintile", NEW."ethnicity", NEW."gender", NEW."id", NEW."instructor_sex_preference", NEW."participant_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."sex", NEW."treatment_stage"); RETURN NULL;', hash='76d7f2d58bebcc2b20e11fc7706f0e83988f490d', operation='INSERT', pgid='pgtrigger_insert_insert_f24c6', table='participants_equality', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='equality',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "participants_equalityevent" ("cancer_type", "deprivation_quintile", "ethnicity", "gender", "id", "instructor_sex_preference", "participant_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "sex", "treatment_stage") VALUES (NEW."cancer_type", NEW."deprivation_quintile", NEW."ethnicity", NEW."gender", NEW."id", NEW."instructor_sex_preference", NEW."participant_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."sex", NEW."treatment_stage"); RETURN NULL;', hash='ef2f0d7dd510a72e32775d55e3ae7397679e2d89', operation='UPDATE', pgid='pgtrigger_update_update_9892c', table='participants_equality', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='equality',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "participants_equalityevent" ("cancer_type", "deprivation_quintile", "ethnicity", "gender", "id", "instructor_sex_preference", "participant_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "sex", "treatment_stage") VALUES (OLD."cancer_type", OLD."deprivation_quintile", OLD."ethnicity", OLD."gender", OLD."id", OLD."instructor_sex_preference", OLD."participant_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."sex", OLD."treatment_stage"); RETURN NULL;', hash='5d5d491a8a41303b90a01375c13cee56d5bb2854', operation='DELETE', pgid='pgtrigger_delete_delete_70a70', table='participants_equality', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='enrolmentevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1625724cb46feb9c0134132a62515485fcebade4', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_5087b', table='participants_enrolmentevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='enrolment',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "participants_enrolmentevent" ("end_reason", "ends_on", "id", "participant_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on") VALUES (NEW."end_reason", NEW."ends_on", NEW."id", NEW."participant_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."starts_on"); RETURN NULL;', hash='7bc79c011802b0f41be5ac50fed917193d28d90c', operation='INSERT', pgid='pgtrigger_insert_insert_71dbb', table='participants_enrolment', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='enrolment',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "participants_enrolmentevent" ("end_reason", "ends_on", "id", "participant_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on") VALUES (NEW."end_reason", NEW."ends_on", NEW."id", NEW."participant_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."starts_on"); RETURN NULL;', hash='eaf757156c74fdca370beeb41e3b174a1583636a', operation='UPDATE', pgid='pgtrigger_update_update_18077', table='participants_enrolment', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='enrolment',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "participants_enrolmentevent" ("end_reason", "ends_on", "id", "participant_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on") VALUES (OLD."end_reason", OLD."ends_on", OLD."id", OLD."participant_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."starts_on"); RETURN NULL;', hash='b10e8a20db12837832562f7a5edecb8de01e630d', operation='DELETE', pgid='pgtrigger_delete_delete_efd3e', table='participants_enrolment', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='decisionmakerevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='60d8a2508165aa98a6fc6ddcc62167a5d9e18b14', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8b60a', table='participants_decisionmakerevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='decisionmaker',
                    trigger=pgtrigger.compiler.Trigger(name='a_decision_maker_is_never_rewritten', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."participant_id" IS DISTINCT FROM (NEW."participant_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."relationship" IS DISTINCT FROM (NEW."relationship") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."ground" IS DISTINCT FROM (NEW."ground") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."seen_by_id" IS DISTINCT FROM (NEW."seen_by_id") OR OLD."seen_on" IS DISTINCT FROM (NEW."seen_on") OR OLD."recorded_by_id" IS DISTINCT FROM (NEW."recorded_by_id") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='8ee32f47b89dbc97a3889104686ad2e159107c30', operation='UPDATE', pgid='pgtrigger_a_decision_maker_is_never_rewritten_c5d31', table='participants_decisionmaker', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='decisionmaker',
                    trigger=pgtrigger.compiler.Trigger(name='an_ended_decision_maker_stays_so', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."ended_at" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='4b769ae7af24805725b771083083e3160dee26a5', operation='UPDATE', pgid='pgtrigger_an_ended_decision_maker_stays_so_4b1cc', table='participants_decisionmaker', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='decisionmaker',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "participants_decisionmakerevent" ("ended_at", "ended_by_id", "ground", "id", "name", "note", "participant_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "recorded_at", "recorded_by_id", "relationship", "seen_by_id", "seen_on") VALUES (NEW."ended_at", NEW."ended_by_id", NEW."ground", NEW."id", NEW."name", NEW."note", NEW."participant_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."phone", NEW."recorded_at", NEW."recorded_by_id", NEW."relationship", NEW."seen_by_id", NEW."seen_on"); RETURN NULL;', hash='a4c94de56af6e940b0c7e895fff16e77e007f11e', operation='INSERT', pgid='pgtrigger_insert_insert_33803', table='participants_decisionmaker', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='decisionmaker',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "participants_decisionmakerevent" ("ended_at", "ended_by_id", "ground", "id", "name", "note", "participant_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "recorded_at", "recorded_by_id", "relationship", "seen_by_id", "seen_on") VALUES (NEW."ended_at", NEW."ended_by_id", NEW."ground", NEW."id", NEW."name", NEW."note", NEW."participant_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."phone", NEW."recorded_at", NEW."recorded_by_id", NEW."relationship", NEW."seen_by_id", NEW."seen_on"); RETURN NULL;', hash='6c130dd555308d2e3316c49af22d410f23079a9d', operation='UPDATE', pgid='pgtrigger_update_update_fce4f', table='participants_decisionmaker', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='decisionmaker',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "participants_decisionmakerevent" ("ended_at", "ended_by_id", "ground", "id", "name", "note", "participant_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "recorded_at", "recorded_by_id", "relationship", "seen_by_id", "seen_on") VALUES (OLD."ended_at", OLD."ended_by_id", OLD."ground", OLD."id", OLD."name", OLD."note", OLD."participant_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."phone", OLD."recorded_at", OLD."recorded_by_id", OLD."relationship", OLD."seen_by_id", OLD."seen_on"); RETURN NULL;', hash='ab42e375441f41af7c2c189696ea7ea7aec2b782', operation='DELETE', pgid='pgtrigger_delete_delete_a2fe6', table='participants_decisionmaker', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='contactstopevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3c21c84954611aab49d6cd5d71866397b8e1fdc4', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e0ebb', table='participants_contactstopevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='contactstop',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "participants_contactstopevent" ("happened_on", "id", "kind", "login_closed", "participant_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "status_before", "undone_at", "undone_by_id") VALUES (NEW."happened_on", NEW."id", NEW."kind", NEW."login_closed", NEW."participant_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."status_before", NEW."undone_at", NEW."undone_by_id"); RETURN NULL;', hash='a61c1f2f9e1582def68cc07810744505474cbef6', operation='INSERT', pgid='pgtrigger_insert_insert_e413a', table='participants_contactstop', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='contactstop',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "participants_contactstopevent" ("happened_on", "id", "kind", "login_closed", "participant_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "status_before", "undone_at", "undone_by_id") VALUES (NEW."happened_on", NEW."id", NEW."kind", NEW."login_closed", NEW."participant_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."status_before", NEW."undone_at", NEW."undone_by_id"); RETURN NULL;', hash='5e7566b854385bfdc9773c3802ebc03bc564fbf4', operation='UPDATE', pgid='pgtrigger_update_update_d6d5d', table='participants_contactstop', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='contactstop',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "participants_contactstopevent" ("happened_on", "id", "kind", "login_closed", "participant_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "status_before", "undone_at", "undone_by_id") VALUES (OLD."happened_on", OLD."id", OLD."kind", OLD."login_closed", OLD."participant_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."recorded_by_id", OLD."status_before", OLD."undone_at", OLD."undone_by_id"); RETURN NULL;', hash='50b158fc16529e7220bd2bc5bb4c1e27c16841f2', operation='DELETE', pgid='pgtrigger_delete_delete_b14d7', table='participants_contactstop', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='consentevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='46fa4ecb86268f1b197a63fd3792db7d43527d2c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_be5fa', table='participants_consentevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='clearance',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='01fe38b65dd12d1b29ffe169352082fc948f96da', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8c697', table='participants_clearance', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='participantevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='73cf540e323835e66b77a1868b276a807091bf14', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_18f6f', table='participants_participantevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='phase',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "participants_phaseevent" ("contacts_least", "contacts_most", "id", "most_a_week", "name", "one_to_ones_apart", "order", "per_weeks", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "weeks") VALUES (NEW."contacts_least", NEW."contacts_most", NEW."id", NEW."most_a_week", NEW."name", NEW."one_to_ones_apart", NEW."order", NEW."per_weeks", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."programme_id", NEW."weeks"); RETURN NULL;', hash='fa3660098cfac022ae5edce24bea90b86ade849c', operation='INSERT', pgid='pgtrigger_insert_insert_97f83', table='participants_phase', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='phase',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "participants_phaseevent" ("contacts_least", "contacts_most", "id", "most_a_week", "name", "one_to_ones_apart", "order", "per_weeks", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "weeks") VALUES (NEW."contacts_least", NEW."contacts_most", NEW."id", NEW."most_a_week", NEW."name", NEW."one_to_ones_apart", NEW."order", NEW."per_weeks", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."programme_id", NEW."weeks"); RETURN NULL;', hash='0391cd0be81e28a24634f9cc7698fc10eb995203', operation='UPDATE', pgid='pgtrigger_update_update_bb34f', table='participants_phase', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='phase',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "participants_phaseevent" ("contacts_least", "contacts_most", "id", "most_a_week", "name", "one_to_ones_apart", "order", "per_weeks", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "weeks") VALUES (OLD."contacts_least", OLD."contacts_most", OLD."id", OLD."most_a_week", OLD."name", OLD."one_to_ones_apart", OLD."order", OLD."per_weeks", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."programme_id", OLD."weeks"); RETURN NULL;', hash='4629388a165da1caca35c0d85c3ab4a1ee46984e', operation='DELETE', pgid='pgtrigger_delete_delete_bffe2', table='participants_phase', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='phaseevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e92b6b7025a1a7226b808ab53503feb90a9e7538', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c4a9c', table='participants_phaseevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='referback',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='23dfe5f6659ed0a35711b547ba2f64355f7d5d67', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b9763', table='participants_referback', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='referbackend',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6d58890627bfe16d3c90051a7320323206f1ba81', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_61c88', table='participants_referbackend', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='registration',
                    trigger=pgtrigger.compiler.Trigger(name='legal_changes_of_status', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{draft:not_eligible,draft:submitted,not_eligible:draft,not_eligible:submitted}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='fd6ffc4769e74703ebe16298df88a13d02584bcb', operation='UPDATE', pgid='pgtrigger_legal_changes_of_status_6af05', table='participants_registration', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='supporter',
                    trigger=pgtrigger.compiler.Trigger(name='legal_changes_of_status', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{active:ended,invited:active,invited:ended}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='aefb24357fad7dc7ead176dcaa24f19a98599cdb', operation='UPDATE', pgid='pgtrigger_legal_changes_of_status_556e8', table='participants_supporter', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='supporter',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "participants_supporterevent" ("ends_at", "id", "invited_at", "invited_email", "invited_name", "participant_id", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "relationship", "scopes", "starts_at", "status", "verified_by_id") VALUES (NEW."ends_at", NEW."id", NEW."invited_at", NEW."invited_email", NEW."invited_name", NEW."participant_id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."relationship", NEW."scopes", NEW."starts_at", NEW."status", NEW."verified_by_id"); RETURN NULL;', hash='cac8e8575021e31099edc13aa0e3efd58e4765db', operation='INSERT', pgid='pgtrigger_insert_insert_6121c', table='participants_supporter', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='supporter',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."ends_at" IS DISTINCT FROM (NEW."ends_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."invited_at" IS DISTINCT FROM (NEW."invited_at") OR OLD."invited_email" IS DISTINCT FROM (NEW."invited_email") OR OLD."invited_name" IS DISTINCT FROM (NEW."invited_name") OR OLD."participant_id" IS DISTINCT FROM (NEW."participant_id") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."relationship" IS DISTINCT FROM (NEW."relationship") OR OLD."scopes" IS DISTINCT FROM (NEW."scopes") OR OLD."starts_at" IS DISTINCT FROM (NEW."starts_at") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."verified_by_id" IS DISTINCT FROM (NEW."verified_by_id"))', func='INSERT INTO "participants_supporterevent" ("ends_at", "id", "invited_at", "invited_email", "invited_name", "participant_id", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "relationship", "scopes", "starts_at", "status", "verified_by_id") VALUES (NEW."ends_at", NEW."id", NEW."invited_at", NEW."invited_email", NEW."invited_name", NEW."participant_id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."relationship", NEW."scopes", NEW."starts_at", NEW."status", NEW."verified_by_id"); RETURN NULL;', hash='5ed8fb9e6b2493d9df673a81750d6cb88ec879fe', operation='UPDATE', pgid='pgtrigger_update_update_3b6a2', table='participants_supporter', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='supporter',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "participants_supporterevent" ("ends_at", "id", "invited_at", "invited_email", "invited_name", "participant_id", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "relationship", "scopes", "starts_at", "status", "verified_by_id") VALUES (OLD."ends_at", OLD."id", OLD."invited_at", OLD."invited_email", OLD."invited_name", OLD."participant_id", OLD."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."relationship", OLD."scopes", OLD."starts_at", OLD."status", OLD."verified_by_id"); RETURN NULL;', hash='42764b8c0e7f6bee5a0007052d3bb1a291d35527', operation='DELETE', pgid='pgtrigger_delete_delete_4f40c', table='participants_supporter', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='supporterevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bd390b31952ddb55598ea2f84ed51d2417021e94', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_5feb1', table='participants_supporterevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='treatmentdays',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "participants_treatmentdaysevent" ("id", "noted_at", "participant_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "said") VALUES (NEW."id", NEW."noted_at", NEW."participant_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."said"); RETURN NULL;', hash='1cd7c8bc34e1f8eb2cf2176397258d028a13d938', operation='INSERT', pgid='pgtrigger_insert_insert_e96b6', table='participants_treatmentdays', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='treatmentdays',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "participants_treatmentdaysevent" ("id", "noted_at", "participant_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "said") VALUES (NEW."id", NEW."noted_at", NEW."participant_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."said"); RETURN NULL;', hash='90fa10e16da3a3104bf614819db360a768813e79', operation='UPDATE', pgid='pgtrigger_update_update_a106c', table='participants_treatmentdays', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='treatmentdays',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "participants_treatmentdaysevent" ("id", "noted_at", "participant_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "said") VALUES (OLD."id", OLD."noted_at", OLD."participant_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."said"); RETURN NULL;', hash='a2a8405e8f32e6b69becb6a07c6609c34b22d31d', operation='DELETE', pgid='pgtrigger_delete_delete_a29a1', table='participants_treatmentdays', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='treatmentdaysevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='db6e1557cd2de24644123b879e22b3aaa200e094', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a0586', table='participants_treatmentdaysevent', when='BEFORE')),
                ),
            ],
        ),
    ]
