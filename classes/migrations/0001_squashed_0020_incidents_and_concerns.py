"""The tables of classes, and the statements that take a place.

`classes_take_place` is the one statement that takes a place; only classes/places/ calls it, and
`classes_book_at_once`. Order of locks, here and everywhere: people by id, then the session. Every wait for a lock is
bounded; the caller answers 55P03 and 40P01. The people who act and the history of the rows are the caller's
(accounts.history.acting). Outcomes: `existing` (what is already there), `moved` (judged facts are no longer true:
judge again), `not_open`, `started`, `full`, `overlaps` (with that booking), `waiting`, `booked`. A party for which
too few places are left is passed by from the start, as it is when places come free: its wait shuts no class.

`classes_book_at_once` is the short way to a place: claim of the key, place, message and kept answer in one statement.
Of two requests with one key at the same moment, one waits in `classes_claim_key` for the other's outcome; it
returns null when the key came before and is not stale. It writes nothing unless the outcome is `booked`: what else
there may be goes the long way. Outcomes: `key` (the key came before, with whatever it came to), `booked` (all of it
is written), any other of classes_take_place (nothing is written).

All are in PL/pgSQL, which is read and planned once for each connection; and since the values of a request say
nothing that a plan could use, the plans are made without them.
"""

import accounts.fields
import datetime
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import accounts.migration_steps
import uuid
from django.db import migrations, models

TAKE = """
CREATE FUNCTION classes_take_place(
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
UNTAKE = (
    "DROP FUNCTION classes_take_place(bigint, bigint, integer, timestamptz, text, smallint, text, bigint, text,"
    " boolean, boolean, timestamptz)"
)
CLAIM = """
CREATE FUNCTION classes_claim_key(
    p_by bigint, p_key text, p_body_hash text, p_now timestamptz, p_stale timestamptz
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_key bigint;
BEGIN
    INSERT INTO classes_idempotencykey AS k (by_id, key, body_hash, status, outcome, at)
    VALUES (p_by, p_key, p_body_hash, 0, '{}', p_now)
    ON CONFLICT ON CONSTRAINT one_outcome_per_person_and_key DO UPDATE
       SET body_hash = excluded.body_hash, status = 0, outcome = '{}', at = excluded.at
     WHERE k.at < p_stale
    RETURNING k.id INTO v_key;
    RETURN v_key;
END
$$
"""
UNCLAIM = "DROP FUNCTION classes_claim_key(bigint, text, text, timestamptz, timestamptz)"
BOOK = """
CREATE FUNCTION classes_book_at_once(
    p_participant bigint, p_session bigint, p_facts_version integer, p_starts_at timestamptz, p_mode text,
    p_party smallint, p_source text, p_by bigint, p_now timestamptz,
    p_history text, p_key text, p_body_hash text, p_stale timestamptz, p_answer jsonb,
    p_programme bigint, p_person bigint, p_kind text, p_told jsonb, OUT outcome text, OUT booking_id bigint
) LANGUAGE plpgsql SET lock_timeout = '3s' SET plan_cache_mode = 'force_generic_plan' AS $$
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
UNBOOK = (
    "DROP FUNCTION classes_book_at_once(bigint, bigint, integer, timestamptz, text, smallint, text, bigint,"
    " timestamptz, text, text, text, timestamptz, jsonb, bigint, bigint, text, jsonb)"
)


class Migration(migrations.Migration):

    replaces = [('classes', '0001_initial'), ('classes', '0002_why_a_place_passed_somebody_by'), ('classes', '0003_take_place'), ('classes', '0004_a_party_that_does_not_fit'), ('classes', '0005_places_in_doubt'), ('classes', '0006_same_day_check'), ('classes', '0007_a_hall_without_rooms'), ('classes', '0008_said_coming_and_calendar_feed'), ('classes', '0009_timetable_dates_can_be_changed'), ('classes', '0010_timed_offers'), ('classes', '0011_the_short_way'), ('classes', '0012_nothing_lasts_a_day'), ('classes', '0013_a_hall_and_its_rooms'), ('classes', '0014_halls_and_kinds_of_class_keep_their_history'), ('classes', '0015_one_plan_for_a_place'), ('classes', '0016_messages_to_everybody_of_a_date'), ('classes', '0017_days_without_classes_and_notes_of_a_hall'), ('classes', '0018_cover'), ('classes', '0019_walk_in_places_and_notes_that_hold'), ('classes', '0020_incidents_and_concerns')]

    initial = True

    dependencies = [
        ('messaging', '0001_squashed_0011_known_to_some_only'),
        ('accounts', '0001_squashed_0008_a_list_may_be_brought_in_again'),
        ('instructors', '0001_squashed_0002_evidence_overrides_and_what_is_sent_back'),
        ('participants', '0001_squashed_0013_referred_back'),
    ]

    operations = [
        accounts.migration_steps.InOneStep(
            operations=[
                migrations.CreateModel(
                    name='Room',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=100)),
                        ('venue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rooms', to='classes.venue')),
                    ],
                    options={
                        'ordering': ['name'],
                        'constraints': [models.UniqueConstraint(fields=('venue', 'name'), name='one_room_per_name')],
                    },
                ),
                migrations.CreateModel(
                    name='Booking',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('state', models.CharField(choices=[('booked', 'booked'), ('waiting', 'waiting for a place'), ('offered', 'place offered'), ('cancelled', 'cancelled'), ('declined', 'offer declined'), ('expired', 'offer ran out'), ('closed', 'closed')], max_length=10)),
                        ('during', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                        ('party', models.PositiveSmallIntegerField(default=1, help_text='2 with a companion')),
                        ('source', models.CharField(choices=[('self', 'by the person'), ('desk', 'at the desk'), ('supporter', 'by a supporter'), ('offer', 'from the waiting list')], max_length=10)),
                        ('joined_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('book_automatically', models.BooleanField(default=False)),
                        ('priority', models.SmallIntegerField(default=0)),
                        ('priority_reason', models.CharField(blank=True, max_length=200)),
                        ('skipped_reason', models.CharField(blank=True, help_text='why the last free place passed this person by; they keep their turn', max_length=50)),
                        ('request_key', models.CharField(blank=True, max_length=64)),
                        ('facts_version', models.PositiveIntegerField(default=0, help_text="the participant's facts that were judged")),
                        ('in_doubt_since', models.DateTimeField(blank=True, help_text='since when the place has been known not to stand; whether it does is judged', null=True)),
                        ('said_coming_at', models.DateTimeField(blank=True, help_text='when the person answered a reminder by saying that they are coming', null=True)),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('end_reason', models.CharField(blank=True, max_length=50)),
                        ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('participant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='participants.participant')),
                        ('session', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='classes.session')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['session', 'participant'], name='bookings_by_class_and_person'), models.Index(models.F('session'), models.OrderBy(models.F('priority'), descending=True), models.F('joined_at'), models.F('id'), condition=models.Q(('state', 'waiting')), name='waiting_in_order')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['booked', 'waiting', 'offered', 'cancelled', 'declined', 'expired', 'closed'])), name='booking_state_is_known'), models.CheckConstraint(condition=models.Q(('party__range', (1, 2))), name='booking_is_for_one_or_two'), models.UniqueConstraint(condition=models.Q(('state__in', ['booked', 'offered', 'waiting'])), fields=('session', 'participant'), name='one_live_booking_per_person_and_session'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('state__in', ['booked', 'offered'])), deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], expressions=[('participant', '='), ('during', '&&')], name='a_person_is_in_one_class_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state__in', ['booked', 'offered', 'waiting'])), models.Q(models.Q(('state__in', ['booked', 'offered', 'waiting']), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='an_ended_booking_says_when')],
                    },
                ),
                migrations.CreateModel(
                    name='CalendarFeed',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('token', accounts.fields.EncryptedTextField(help_text='kept so that the person can read the address again')),
                        ('token_hash', models.CharField(max_length=64, unique=True)),
                        ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('participant', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_feed', to='participants.participant')),
                    ],
                ),
                migrations.CreateModel(
                    name='CalendarFeedEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('token_hash', models.CharField(max_length=64)),
                        ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('participant', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='participants.participant')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='classes.calendarfeed')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='ClassNote',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('about', models.CharField(choices=[('getting_there', 'getting to the class'), ('bring', 'what to bring'), ('practical', 'something practical'), ('other', 'something else')], max_length=20)),
                        ('words', models.TextField()),
                        ('waiting_too', models.BooleanField(default=False, help_text='also those who wait for a place')),
                        ('class_sequence', models.PositiveIntegerField(help_text='ics_sequence of the class when it was written: another time or place makes it out of date', null=True)),
                        ('request_key', models.CharField(max_length=64, unique=True)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='classes.session')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('about__in', ['getting_there', 'bring', 'practical', 'other'])), name='a_class_note_is_about_something_known'), models.CheckConstraint(condition=models.Q(django.db.models.lookups.GreaterThan(django.db.models.functions.text.Length('words'), 0), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('words'), 600)), name='a_class_note_is_short')],
                    },
                ),
                migrations.CreateModel(
                    name='ClassType',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=100)),
                        ('summary', models.CharField(max_length=300)),
                        ('effort', models.CharField(choices=[('gentle', 'gentle'), ('moderate', 'moderate'), ('vigorous', 'hard work')], max_length=10)),
                        ('positions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('seated', 'seated'), ('standing', 'standing'), ('floor', 'on the floor')], max_length=10), size=None)),
                        ('bring', models.CharField(blank=True, max_length=200)),
                        ('credentials_needed', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), default=list, size=None)),
                        ('adaptations_met', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                        ('people_per_instructor', models.PositiveSmallIntegerField(blank=True, help_text='with more places than this for each instructor, whoever publishes is warned', null=True)),
                        ('active', models.BooleanField(default=True)),
                        ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='class_types', to='accounts.programme')),
                    ],
                    options={
                        'ordering': ['name'],
                        'constraints': [models.UniqueConstraint(fields=('programme', 'name'), name='one_class_type_per_name'), models.CheckConstraint(condition=models.Q(('effort__in', ['gentle', 'moderate', 'vigorous'])), name='class_type_effort_is_known'), models.CheckConstraint(condition=models.Q(('positions__contained_by', ['seated', 'standing', 'floor']), models.Q(('positions', []), _negated=True)), name='class_type_positions_are_known')],
                    },
                ),
                migrations.CreateModel(
                    name='ClassTypeEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('name', models.CharField(max_length=100)),
                        ('summary', models.CharField(max_length=300)),
                        ('effort', models.CharField(choices=[('gentle', 'gentle'), ('moderate', 'moderate'), ('vigorous', 'hard work')], max_length=10)),
                        ('positions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('seated', 'seated'), ('standing', 'standing'), ('floor', 'on the floor')], max_length=10), size=None)),
                        ('bring', models.CharField(blank=True, max_length=200)),
                        ('credentials_needed', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), default=list, size=None)),
                        ('adaptations_met', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                        ('people_per_instructor', models.PositiveSmallIntegerField(blank=True, help_text='with more places than this for each instructor, whoever publishes is warned', null=True)),
                        ('active', models.BooleanField(default=True)),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='classes.classtype')),
                        ('programme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.programme')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Concern',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('words', accounts.fields.EncryptedTextField()),
                        ('in_danger', models.BooleanField(help_text='whoever sent it thinks that somebody is in danger today')),
                        ('reported_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('participant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='participants.participant')),
                        ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.programme')),
                        ('reported_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('session', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='classes.session')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['programme', '-reported_at'], name='concerns_of_a_programme')],
                    },
                ),
                migrations.CreateModel(
                    name='ConcernNames',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('concern', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='names', to='classes.concern')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('concern', 'person'), name='a_concern_names_somebody_once')],
                    },
                ),
                migrations.CreateModel(
                    name='ConcernNote',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('step', models.CharField(choices=[('noted', 'noted'), ('passed_on', 'passed on to the council or the police'), ('closed', 'closed')], max_length=20)),
                        ('words', accounts.fields.EncryptedTextField()),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('concern', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='classes.concern')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('step__in', ['noted', 'passed_on', 'closed'])), name='concern_step_is_known')],
                    },
                ),
                migrations.CreateModel(
                    name='ConcernReading',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('concern', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='classes.concern')),
                    ],
                ),
                migrations.CreateModel(
                    name='CoverRequest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.CharField(max_length=200)),
                        ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('state', models.CharField(choices=[('open', 'nobody has taken it yet'), ('taken', 'taken'), ('withdrawn', 'no longer wanted')], default='open', max_length=10)),
                        ('settled_at', models.DateTimeField(blank=True, null=True)),
                        ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('instructor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cover_requests', to='instructors.instructor')),
                        ('taken_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='covers', to='instructors.instructor')),
                        ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cover_requests', to='classes.session')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['open', 'taken', 'withdrawn'])), name='cover_state_is_known'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='cover_is_asked_for_with_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('state', 'open'), ('taken_by', None)), models.Q(('settled_at__isnull', False), ('state', 'taken'), ('taken_by__isnull', False)), models.Q(('settled_at__isnull', False), ('state', 'withdrawn'), ('taken_by', None)), _connector='OR'), name='cover_that_was_taken_says_by_whom_and_when'), models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('session',), name='one_open_cover_request_for_a_date')],
                    },
                ),
                migrations.CreateModel(
                    name='CoverInvitation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('instructor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='instructors.instructor')),
                        ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='classes.coverrequest')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('request', 'instructor'), name='each_is_asked_once_to_cover')],
                    },
                ),
                migrations.CreateModel(
                    name='DaysOff',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=100)),
                        ('first', models.DateField()),
                        ('last', models.DateField()),
                        ('active', models.BooleanField(default=True)),
                        ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='days_off', to='accounts.programme')),
                    ],
                    options={
                        'verbose_name': 'days without classes',
                        'verbose_name_plural': 'days without classes',
                        'ordering': ['first', 'pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('last__gte', models.F('first'))), name='days_off_end_after_they_start'), models.UniqueConstraint(fields=('programme', 'name', 'first'), name='days_off_once_per_name_and_start')],
                    },
                ),
                migrations.CreateModel(
                    name='DaysOffEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('name', models.CharField(max_length=100)),
                        ('first', models.DateField()),
                        ('last', models.DateField()),
                        ('active', models.BooleanField(default=True)),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='classes.daysoff')),
                        ('programme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.programme')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Guest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(blank=True, max_length=200)),
                        ('screened_aloud', models.BooleanField(default=False)),
                        ('participant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='walk_ins', to='participants.participant')),
                        ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guests', to='classes.session')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('participant__isnull', False), models.Q(('name', ''), _negated=True), _connector='OR'), name='guest_is_known_or_named'), models.UniqueConstraint(fields=('session', 'participant'), name='one_walk_in_per_person_and_session')],
                    },
                ),
                migrations.CreateModel(
                    name='IdempotencyKey',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=64)),
                        ('body_hash', models.CharField(max_length=64)),
                        ('status', models.PositiveSmallIntegerField()),
                        ('outcome', models.JSONField(default=dict)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.person')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('by', 'key'), name='one_outcome_per_person_and_key')],
                    },
                ),
                migrations.CreateModel(
                    name='Incident',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(choices=[('near_miss', 'near miss'), ('incident', 'incident'), ('adverse_event', 'adverse event')], max_length=20)),
                        ('harm', models.CharField(choices=[('none', 'none'), ('low', 'low'), ('moderate', 'moderate'), ('severe', 'severe'), ('fatal', 'fatal')], max_length=10)),
                        ('happened_at', models.DateTimeField()),
                        ('what_happened', accounts.fields.EncryptedTextField()),
                        ('what_was_done', accounts.fields.EncryptedTextField(blank=True, default='')),
                        ('called_999', models.BooleanField()),
                        ('reported_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('guest', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='classes.guest')),
                        ('participant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='participants.participant')),
                        ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='accounts.programme')),
                        ('reported_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents_reported', to='accounts.person')),
                        ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='classes.session')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['programme', '-reported_at'], name='incidents_of_a_programme')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['near_miss', 'incident', 'adverse_event'])), name='incident_kind_is_known'), models.CheckConstraint(condition=models.Q(('harm__in', ['none', 'low', 'moderate', 'severe', 'fatal'])), name='incident_harm_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'near_miss'), _negated=True), ('harm', 'none'), _connector='OR'), name='a_near_miss_did_no_harm'), models.CheckConstraint(condition=models.Q(('participant', None), ('guest', None), _connector='OR'), name='an_incident_is_about_one_person_at_most')],
                    },
                ),
                migrations.CreateModel(
                    name='IncidentAddendum',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('words', accounts.fields.EncryptedTextField()),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='addenda', to='classes.incident')),
                    ],
                ),
                migrations.CreateModel(
                    name='IncidentReview',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('outcome', models.CharField(choices=[('goes_on', 'still being looked into'), ('nothing_to_change', 'closed, nothing to change'), ('changed', 'closed, something was changed'), ('passed_on', 'closed, another service looks into it')], max_length=20)),
                        ('learned', accounts.fields.EncryptedTextField()),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='classes.incident')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('outcome__in', ['goes_on', 'nothing_to_change', 'changed', 'passed_on'])), name='incident_review_outcome_is_known')],
                    },
                ),
                migrations.CreateModel(
                    name='Offer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('waiting_list', 'from the waiting list'), ('hold', 'held while answers are finished')], max_length=15)),
                        ('state', models.CharField(choices=[('open', 'open'), ('accepted', 'accepted'), ('declined', 'declined'), ('expired', 'ran out'), ('withdrawn', 'withdrawn')], default='open', max_length=10)),
                        ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('expires_at', models.DateTimeField()),
                        ('by_phone', models.BooleanField(default=False)),
                        ('tried_at', models.DateTimeField(blank=True, help_text='of the first call that counts', null=True)),
                        ('heard_at', models.DateTimeField(blank=True, help_text='when the person was told on the telephone', null=True)),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('booking', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='classes.booking')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['expires_at'], name='open_offers_by_end')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('booking',), name='one_open_offer_per_booking'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='offer_runs_out_after_it_is_made'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='an_ended_offer_says_when')],
                    },
                ),
                migrations.CreateModel(
                    name='OfferEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('kind', models.CharField(choices=[('waiting_list', 'from the waiting list'), ('hold', 'held while answers are finished')], max_length=15)),
                        ('state', models.CharField(choices=[('open', 'open'), ('accepted', 'accepted'), ('declined', 'declined'), ('expired', 'ran out'), ('withdrawn', 'withdrawn')], default='open', max_length=10)),
                        ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('expires_at', models.DateTimeField()),
                        ('by_phone', models.BooleanField(default=False)),
                        ('tried_at', models.DateTimeField(blank=True, help_text='of the first call that counts', null=True)),
                        ('heard_at', models.DateTimeField(blank=True, help_text='when the person was told on the telephone', null=True)),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('booking', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='classes.booking')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='classes.offer')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Series',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('mode', models.CharField(choices=[('in_person', 'in person'), ('remote', 'online')], max_length=10)),
                        ('start_time', models.TimeField()),
                        ('duration_minutes', models.PositiveSmallIntegerField()),
                        ('interval_weeks', models.PositiveSmallIntegerField(default=1)),
                        ('first_date', models.DateField()),
                        ('last_date', models.DateField()),
                        ('excluded_dates', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), blank=True, default=list, size=None)),
                        ('capacity', models.PositiveSmallIntegerField()),
                        ('reserved', models.PositiveSmallIntegerField(default=0)),
                        ('walk_in', models.PositiveSmallIntegerField(db_default=0, default=0, help_text='places for whoever comes without booking')),
                        ('release_hours', models.PositiveSmallIntegerField(blank=True, help_text='so long before the start, places kept back are given away; empty: never', null=True)),
                        ('minimum', models.PositiveSmallIntegerField(blank=True, help_text='with fewer booked two days before, the desk is asked; nothing cancels by itself', null=True)),
                        ('join_url', models.URLField(blank=True)),
                        ('dial_in', models.CharField(blank=True, max_length=100)),
                        ('materialised_until', models.DateField(blank=True, null=True)),
                        ('class_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='classes.classtype')),
                        ('instructor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='series', to='instructors.instructor')),
                        ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='series', to='accounts.programme')),
                        ('room', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='classes.room')),
                        ('venue', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='classes.venue')),
                    ],
                    options={
                        'verbose_name_plural': 'series',
                        'constraints': [models.CheckConstraint(condition=models.Q(('interval_weeks__in', [1, 2])), name='series_is_weekly_or_fortnightly'), models.CheckConstraint(condition=models.Q(('last_date__gte', models.F('first_date'))), name='series_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(('duration_minutes__range', (10, 480))), name='series_duration_is_sensible'), models.CheckConstraint(condition=models.Q(('capacity__gte', django.db.models.expressions.CombinedExpression(models.F('reserved'), '+', models.F('walk_in')))), name='series_reserves_within_capacity'), models.CheckConstraint(condition=models.Q(models.Q(('mode', 'remote'), ('room', None), ('venue', None)), models.Q(('mode', 'in_person'), ('venue__isnull', False)), _connector='OR'), name='series_in_person_has_a_venue')],
                    },
                ),
                migrations.CreateModel(
                    name='Session',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('occurs_on', models.DateField(help_text='the local date that the series gave it; stays when the date is moved')),
                        ('kind', models.CharField(choices=[('group', 'class'), ('one_to_one', 'one-to-one')], default='group', max_length=10)),
                        ('mode', models.CharField(choices=[('in_person', 'in person'), ('remote', 'online')], max_length=10)),
                        ('starts_at', models.DateTimeField()),
                        ('ends_at', models.DateTimeField()),
                        ('capacity', models.PositiveSmallIntegerField()),
                        ('reserved', models.PositiveSmallIntegerField(default=0)),
                        ('walk_in', models.PositiveSmallIntegerField(db_default=0, default=0, help_text='places for whoever comes without booking')),
                        ('release_hours', models.PositiveSmallIntegerField(blank=True, help_text='so long before the start, places kept back are given away; empty: never', null=True)),
                        ('minimum', models.PositiveSmallIntegerField(blank=True, help_text='with fewer booked two days before, the desk is asked; nothing cancels by itself', null=True)),
                        ('places_taken', models.PositiveSmallIntegerField(default=0)),
                        ('status', models.CharField(choices=[('draft', 'draft'), ('published', 'published'), ('cancelled', 'cancelled')], default='draft', max_length=10)),
                        ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                        ('cancel_reason', models.CharField(blank=True, max_length=200)),
                        ('overridden', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), blank=True, default=list, size=None)),
                        ('join_url', models.URLField(blank=True)),
                        ('dial_in', models.CharField(blank=True, max_length=100)),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('ics_sequence', models.PositiveIntegerField(default=0)),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                        ('class_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='classes.classtype')),
                        ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='accounts.programme')),
                        ('room', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='classes.room')),
                        ('series', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='classes.series')),
                        ('venue', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='classes.venue')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['starts_at', 'id'], name='sessions_by_start')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('capacity__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('places_taken'), '+', models.F('reserved')), '+', models.F('walk_in')))), name='session_places_within_capacity'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='session_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(('ends_at__lte', django.db.models.expressions.CombinedExpression(models.F('starts_at'), '+', models.Value(datetime.timedelta(days=1))))), name='session_lasts_a_day_at_most'), models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'published', 'cancelled'])), name='session_status_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('mode', 'remote'), ('room', None), ('venue', None)), models.Q(('mode', 'in_person'), ('venue__isnull', False)), _connector='OR'), name='session_in_person_has_a_venue'), models.CheckConstraint(condition=models.Q(('kind', 'group'), ('capacity__lte', 1), _connector='OR'), name='one_to_one_holds_one_person'), models.CheckConstraint(condition=models.Q(models.Q(('cancelled_at__isnull', False), ('status', 'cancelled'), models.Q(('cancel_reason', ''), _negated=True)), models.Q(models.Q(('status', 'cancelled'), _negated=True), ('cancelled_at', None)), _connector='OR'), name='a_cancelled_session_says_when_and_why'), models.UniqueConstraint(fields=('series', 'occurs_on'), name='one_session_per_date_of_a_series'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('status', 'cancelled'), _negated=True), deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], expressions=[('venue', '='), (models.Func('room_id', 'room_id', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_upper=True), function='int8range', output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField()), '&&'), (models.Func('starts_at', 'ends_at', django.contrib.postgres.fields.ranges.RangeBoundary(), function='tstzrange', output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField()), '&&')], name='a_room_holds_one_session_at_a_time')],
                    },
                ),
                migrations.CreateModel(
                    name='GuestEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('name', models.CharField(blank=True, max_length=200)),
                        ('screened_aloud', models.BooleanField(default=False)),
                        ('participant', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='participants.participant')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='classes.guest')),
                        ('session', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='classes.session')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='CoverRequestEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('reason', models.CharField(max_length=200)),
                        ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('state', models.CharField(choices=[('open', 'nobody has taken it yet'), ('taken', 'taken'), ('withdrawn', 'no longer wanted')], default='open', max_length=10)),
                        ('settled_at', models.DateTimeField(blank=True, null=True)),
                        ('asked_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('instructor', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='instructors.instructor')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='classes.coverrequest')),
                        ('taken_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='instructors.instructor')),
                        ('session', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='classes.session')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='ClassNoteEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('about', models.CharField(choices=[('getting_there', 'getting to the class'), ('bring', 'what to bring'), ('practical', 'something practical'), ('other', 'something else')], max_length=20)),
                        ('words', models.TextField()),
                        ('waiting_too', models.BooleanField(default=False, help_text='also those who wait for a place')),
                        ('class_sequence', models.PositiveIntegerField(help_text='ics_sequence of the class when it was written: another time or place makes it out of date', null=True)),
                        ('request_key', models.CharField(max_length=64)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='classes.classnote')),
                        ('session', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='classes.session')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='BookingEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('state', models.CharField(choices=[('booked', 'booked'), ('waiting', 'waiting for a place'), ('offered', 'place offered'), ('cancelled', 'cancelled'), ('declined', 'offer declined'), ('expired', 'offer ran out'), ('closed', 'closed')], max_length=10)),
                        ('during', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                        ('party', models.PositiveSmallIntegerField(default=1, help_text='2 with a companion')),
                        ('source', models.CharField(choices=[('self', 'by the person'), ('desk', 'at the desk'), ('supporter', 'by a supporter'), ('offer', 'from the waiting list')], max_length=10)),
                        ('joined_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('book_automatically', models.BooleanField(default=False)),
                        ('priority', models.SmallIntegerField(default=0)),
                        ('priority_reason', models.CharField(blank=True, max_length=200)),
                        ('skipped_reason', models.CharField(blank=True, help_text='why the last free place passed this person by; they keep their turn', max_length=50)),
                        ('request_key', models.CharField(blank=True, max_length=64)),
                        ('facts_version', models.PositiveIntegerField(default=0, help_text="the participant's facts that were judged")),
                        ('in_doubt_since', models.DateTimeField(blank=True, help_text='since when the place has been known not to stand; whether it does is judged', null=True)),
                        ('said_coming_at', models.DateTimeField(blank=True, help_text='when the person answered a reminder by saying that they are coming', null=True)),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('end_reason', models.CharField(blank=True, max_length=50)),
                        ('ended_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('made_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('participant', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='participants.participant')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='classes.booking')),
                        ('session', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='classes.session')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Attendance',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('state', models.CharField(choices=[('attended', 'attended'), ('attended_in_part', 'attended in part'), ('absent_told', 'did not attend, told us'), ('absent_untold', 'did not attend, did not tell us'), ('sent_home', 'sent home unwell'), ('service_cancelled', 'cancelled by SafeFit')], max_length=20)),
                        ('note', models.CharField(blank=True, max_length=200)),
                        ('marked_at', models.DateTimeField(help_text='by the clock of the device')),
                        ('received_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('booking', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='classes.booking')),
                        ('guest', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='classes.guest')),
                        ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='classes.session')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['session', 'received_at'], name='attendance_by_session')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['attended', 'attended_in_part', 'absent_told', 'absent_untold', 'sent_home', 'service_cancelled'])), name='attendance_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('booking__isnull', False), ('guest', None)), models.Q(('booking', None), ('guest__isnull', False)), _connector='OR'), name='attendance_is_of_a_booking_or_a_guest')],
                    },
                ),
                migrations.CreateModel(
                    name='SessionLeader',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('role', models.CharField(choices=[('lead', 'leads'), ('second', 'assists'), ('cover', 'covers')], default='lead', max_length=10)),
                        ('during', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                        ('active', models.BooleanField(default=True)),
                        ('assigned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('cover_for', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='instructors.instructor')),
                        ('instructor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leading', to='instructors.instructor')),
                        ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='leaders', to='classes.session')),
                    ],
                    options={
                        'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('active', True)), deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], expressions=[('instructor', '='), ('during', '&&')], name='an_instructor_is_in_one_place_at_a_time'), models.UniqueConstraint(condition=models.Q(('active', True)), fields=('session', 'role'), name='one_active_leader_per_role'), models.CheckConstraint(condition=models.Q(('cover_for', None), models.Q(('role', 'cover'), models.Q(('cover_for', models.F('instructor')), _negated=True)), _connector='OR'), name='only_a_cover_leads_for_somebody_else')],
                    },
                ),
                migrations.CreateModel(
                    name='SessionLeaderEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('role', models.CharField(choices=[('lead', 'leads'), ('second', 'assists'), ('cover', 'covers')], default='lead', max_length=10)),
                        ('during', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                        ('active', models.BooleanField(default=True)),
                        ('assigned_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.person')),
                        ('cover_for', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='instructors.instructor')),
                        ('instructor', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='instructors.instructor')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='classes.sessionleader')),
                        ('session', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='classes.session')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='SymptomCheck',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('client_id', models.UUIDField(help_text='made where the answers were given', unique=True)),
                        ('version', models.CharField(max_length=20)),
                        ('answers', accounts.fields.EncryptedJSONField()),
                        ('result', models.CharField(choices=[('ready', 'ready'), ('talk_first', 'talk to the instructor first'), ('cancer_line', 'call the 24-hour line'), ('emergency', 'call 999')], max_length=20)),
                        ('mode', models.CharField(choices=[('self', 'by the person'), ('scribe', 'typed by a supporter'), ('phone', 'on the telephone with the desk'), ('aloud', 'asked aloud by the instructor')], max_length=10)),
                        ('answered_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('booking', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='symptom_checks', to='classes.booking')),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('guest', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='symptom_checks', to='classes.guest')),
                        ('participant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='symptom_checks', to='participants.participant')),
                        ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='symptom_checks', to='classes.session')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['participant', 'session'], name='symptom_checks_of_somebody')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('result__in', ['ready', 'talk_first', 'cancer_line', 'emergency'])), name='symptom_check_result_is_known'), models.CheckConstraint(condition=models.Q(('mode__in', ['self', 'scribe', 'phone', 'aloud'])), name='symptom_check_mode_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('booking__isnull', False), ('guest', None)), models.Q(('booking', None), ('guest__isnull', False)), _connector='OR'), name='symptom_check_is_of_a_booking_or_a_guest')],
                    },
                ),
                migrations.CreateModel(
                    name='SymptomTalk',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('client_id', models.UUIDField(help_text='made where it was written down', unique=True)),
                        ('outcome', models.CharField(choices=[('may_exercise', 'may exercise today'), ('not_today', 'not today')], max_length=20)),
                        ('note', accounts.fields.EncryptedTextField()),
                        ('asks_new_health_answers', models.BooleanField(default=False)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person')),
                        ('check_of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='talks', to='classes.symptomcheck')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('outcome__in', ['may_exercise', 'not_today'])), name='symptom_talk_outcome_is_known')],
                    },
                ),
                migrations.CreateModel(
                    name='Venue',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=100)),
                        ('address', models.CharField(max_length=300)),
                        ('town', models.CharField(max_length=100)),
                        ('postcode', models.CharField(max_length=8)),
                        ('area', models.CharField(max_length=50)),
                        ('step_free', models.CharField(choices=[('yes', 'yes'), ('no', 'no'), ('unknown', 'not known')], default='unknown', max_length=10)),
                        ('step_free_note', models.CharField(blank=True, db_default='', default='', max_length=100)),
                        ('accessible_toilet', models.CharField(choices=[('yes', 'yes'), ('no', 'no'), ('unknown', 'not known')], default='unknown', max_length=10)),
                        ('accessible_toilet_note', models.CharField(blank=True, db_default='', default='', max_length=100)),
                        ('hearing_loop', models.CharField(choices=[('yes', 'yes'), ('no', 'no'), ('unknown', 'not known')], default='unknown', max_length=10)),
                        ('hearing_loop_note', models.CharField(blank=True, db_default='', default='', max_length=100)),
                        ('parking', models.CharField(choices=[('yes', 'yes'), ('no', 'no'), ('unknown', 'not known')], default='unknown', max_length=10)),
                        ('parking_note', models.CharField(blank=True, db_default='', default='', max_length=100)),
                        ('chairs', models.CharField(choices=[('yes', 'yes'), ('no', 'no'), ('unknown', 'not known')], default='unknown', max_length=10)),
                        ('chairs_note', models.CharField(blank=True, db_default='', default='', max_length=100)),
                        ('access_note', models.CharField(blank=True, max_length=300)),
                        ('entrance', models.CharField(blank=True, max_length=200)),
                        ('getting_there', models.CharField(blank=True, max_length=300)),
                        ('defibrillator', models.CharField(blank=True, max_length=200)),
                        ('hall_contact', models.CharField(blank=True, max_length=200)),
                        ('active', models.BooleanField(default=True)),
                        ('closed_from', models.DateField(blank=True, help_text='from this day on no class is held here', null=True)),
                        ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='venues', to='accounts.programme')),
                    ],
                    options={
                        'ordering': ['name'],
                        'constraints': [models.UniqueConstraint(fields=('programme', 'name'), name='one_venue_per_name')],
                    },
                ),
                migrations.CreateModel(
                    name='SessionEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('occurs_on', models.DateField(help_text='the local date that the series gave it; stays when the date is moved')),
                        ('kind', models.CharField(choices=[('group', 'class'), ('one_to_one', 'one-to-one')], default='group', max_length=10)),
                        ('mode', models.CharField(choices=[('in_person', 'in person'), ('remote', 'online')], max_length=10)),
                        ('starts_at', models.DateTimeField()),
                        ('ends_at', models.DateTimeField()),
                        ('capacity', models.PositiveSmallIntegerField()),
                        ('reserved', models.PositiveSmallIntegerField(default=0)),
                        ('walk_in', models.PositiveSmallIntegerField(db_default=0, default=0, help_text='places for whoever comes without booking')),
                        ('release_hours', models.PositiveSmallIntegerField(blank=True, help_text='so long before the start, places kept back are given away; empty: never', null=True)),
                        ('minimum', models.PositiveSmallIntegerField(blank=True, help_text='with fewer booked two days before, the desk is asked; nothing cancels by itself', null=True)),
                        ('status', models.CharField(choices=[('draft', 'draft'), ('published', 'published'), ('cancelled', 'cancelled')], default='draft', max_length=10)),
                        ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                        ('cancel_reason', models.CharField(blank=True, max_length=200)),
                        ('overridden', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), blank=True, default=list, size=None)),
                        ('join_url', models.URLField(blank=True)),
                        ('dial_in', models.CharField(blank=True, max_length=100)),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                        ('class_type', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='classes.classtype')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='classes.session')),
                        ('programme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.programme')),
                        ('room', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='classes.room')),
                        ('series', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='classes.series')),
                        ('venue', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='classes.venue')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='SeriesEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('mode', models.CharField(choices=[('in_person', 'in person'), ('remote', 'online')], max_length=10)),
                        ('start_time', models.TimeField()),
                        ('duration_minutes', models.PositiveSmallIntegerField()),
                        ('interval_weeks', models.PositiveSmallIntegerField(default=1)),
                        ('first_date', models.DateField()),
                        ('last_date', models.DateField()),
                        ('excluded_dates', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), blank=True, default=list, size=None)),
                        ('capacity', models.PositiveSmallIntegerField()),
                        ('reserved', models.PositiveSmallIntegerField(default=0)),
                        ('walk_in', models.PositiveSmallIntegerField(db_default=0, default=0, help_text='places for whoever comes without booking')),
                        ('release_hours', models.PositiveSmallIntegerField(blank=True, help_text='so long before the start, places kept back are given away; empty: never', null=True)),
                        ('minimum', models.PositiveSmallIntegerField(blank=True, help_text='with fewer booked two days before, the desk is asked; nothing cancels by itself', null=True)),
                        ('join_url', models.URLField(blank=True)),
                        ('dial_in', models.CharField(blank=True, max_length=100)),
                        ('class_type', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='classes.classtype')),
                        ('instructor', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='instructors.instructor')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='classes.series')),
                        ('programme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.programme')),
                        ('room', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='classes.room')),
                        ('venue', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='classes.venue')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='RoomEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('name', models.CharField(max_length=100)),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='classes.room')),
                        ('venue', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='classes.venue')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='VenueEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField()),
                        ('id', models.BigIntegerField()),
                        ('name', models.CharField(max_length=100)),
                        ('address', models.CharField(max_length=300)),
                        ('town', models.CharField(max_length=100)),
                        ('postcode', models.CharField(max_length=8)),
                        ('area', models.CharField(max_length=50)),
                        ('step_free', models.CharField(choices=[('yes', 'yes'), ('no', 'no'), ('unknown', 'not known')], default='unknown', max_length=10)),
                        ('step_free_note', models.CharField(blank=True, db_default='', default='', max_length=100)),
                        ('accessible_toilet', models.CharField(choices=[('yes', 'yes'), ('no', 'no'), ('unknown', 'not known')], default='unknown', max_length=10)),
                        ('accessible_toilet_note', models.CharField(blank=True, db_default='', default='', max_length=100)),
                        ('hearing_loop', models.CharField(choices=[('yes', 'yes'), ('no', 'no'), ('unknown', 'not known')], default='unknown', max_length=10)),
                        ('hearing_loop_note', models.CharField(blank=True, db_default='', default='', max_length=100)),
                        ('parking', models.CharField(choices=[('yes', 'yes'), ('no', 'no'), ('unknown', 'not known')], default='unknown', max_length=10)),
                        ('parking_note', models.CharField(blank=True, db_default='', default='', max_length=100)),
                        ('chairs', models.CharField(choices=[('yes', 'yes'), ('no', 'no'), ('unknown', 'not known')], default='unknown', max_length=10)),
                        ('chairs_note', models.CharField(blank=True, db_default='', default='', max_length=100)),
                        ('access_note', models.CharField(blank=True, max_length=300)),
                        ('entrance', models.CharField(blank=True, max_length=200)),
                        ('getting_there', models.CharField(blank=True, max_length=300)),
                        ('defibrillator', models.CharField(blank=True, max_length=200)),
                        ('hall_contact', models.CharField(blank=True, max_length=200)),
                        ('active', models.BooleanField(default=True)),
                        ('closed_from', models.DateField(blank=True, help_text='from this day on no class is held here', null=True)),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='classes.venue')),
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
                    model_name='calendarfeed',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_calendarfeedevent" ("id", "made_at", "participant_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "token_hash") VALUES (NEW."id", NEW."made_at", NEW."participant_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."token_hash"); RETURN NULL;', hash='4d9a74489dfdedaa2a12077b97e8ee8b2629c8c9', operation='INSERT', pgid='pgtrigger_insert_insert_c7950', table='classes_calendarfeed', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='calendarfeed',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."made_at" IS DISTINCT FROM (NEW."made_at") OR OLD."participant_id" IS DISTINCT FROM (NEW."participant_id") OR OLD."token_hash" IS DISTINCT FROM (NEW."token_hash"))', func='INSERT INTO "classes_calendarfeedevent" ("id", "made_at", "participant_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "token_hash") VALUES (NEW."id", NEW."made_at", NEW."participant_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."token_hash"); RETURN NULL;', hash='088e61114eafba686d03172829fe5ad2354904db', operation='UPDATE', pgid='pgtrigger_update_update_4b2af', table='classes_calendarfeed', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='calendarfeed',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_calendarfeedevent" ("id", "made_at", "participant_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "token_hash") VALUES (OLD."id", OLD."made_at", OLD."participant_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."token_hash"); RETURN NULL;', hash='40396ba3b9c1d3089dd5b73992c63a2103c1e265', operation='DELETE', pgid='pgtrigger_delete_delete_3bd18', table='classes_calendarfeed', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='calendarfeedevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='dbb0ee2633476d5fec05a193921ededf00016480', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_00778', table='classes_calendarfeedevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='classtype',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_classtypeevent" ("active", "adaptations_met", "bring", "credentials_needed", "effort", "id", "name", "people_per_instructor", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "positions", "programme_id", "summary") VALUES (NEW."active", NEW."adaptations_met", NEW."bring", NEW."credentials_needed", NEW."effort", NEW."id", NEW."name", NEW."people_per_instructor", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."positions", NEW."programme_id", NEW."summary"); RETURN NULL;', hash='f585c4fc7563bd2c85cb8ffaad7052e1514248b1', operation='INSERT', pgid='pgtrigger_insert_insert_01a70', table='classes_classtype', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='classtype',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "classes_classtypeevent" ("active", "adaptations_met", "bring", "credentials_needed", "effort", "id", "name", "people_per_instructor", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "positions", "programme_id", "summary") VALUES (NEW."active", NEW."adaptations_met", NEW."bring", NEW."credentials_needed", NEW."effort", NEW."id", NEW."name", NEW."people_per_instructor", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."positions", NEW."programme_id", NEW."summary"); RETURN NULL;', hash='24d65d3a0a83ec73c681c718730fc31df0300070', operation='UPDATE', pgid='pgtrigger_update_update_c0c32', table='classes_classtype', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='classtype',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_classtypeevent" ("active", "adaptations_met", "bring", "credentials_needed", "effort", "id", "name", "people_per_instructor", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "positions", "programme_id", "summary") VALUES (OLD."active", OLD."adaptations_met", OLD."bring", OLD."credentials_needed", OLD."effort", OLD."id", OLD."name", OLD."people_per_instructor", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."positions", OLD."programme_id", OLD."summary"); RETURN NULL;', hash='470e83d8ae98c84bf4763510420c7946132a4d3c', operation='DELETE', pgid='pgtrigger_delete_delete_34f32', table='classes_classtype', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='classtypeevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='46534059e9d5f3632518dc1e763530a0f34906dd', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_960e8', table='classes_classtypeevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='concernnames',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9939658db6afa682383b4c24a5dd3226b76c96d3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9c60f', table='classes_concernnames', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='concernnote',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='97da6b9881cf13497f018f83c1cba41419ab11b3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d49ca', table='classes_concernnote', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='concernreading',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='82abe3d58fecfcaa343dc43e7b8a52e9a500a922', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4acc3', table='classes_concernreading', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='coverinvitation',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='46db53b82c5a50805128ff002a67cbfc2bf42fe1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b021d', table='classes_coverinvitation', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='daysoff',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_daysoffevent" ("active", "first", "id", "last", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id") VALUES (NEW."active", NEW."first", NEW."id", NEW."last", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."programme_id"); RETURN NULL;', hash='a1276932b66f1e80f1b49738faf5afa5cc76a1da', operation='INSERT', pgid='pgtrigger_insert_insert_fdea1', table='classes_daysoff', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='daysoff',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "classes_daysoffevent" ("active", "first", "id", "last", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id") VALUES (NEW."active", NEW."first", NEW."id", NEW."last", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."programme_id"); RETURN NULL;', hash='2b39bebb8607a1f1666afec5bce6198c360e65f6', operation='UPDATE', pgid='pgtrigger_update_update_a450d', table='classes_daysoff', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='daysoff',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_daysoffevent" ("active", "first", "id", "last", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id") VALUES (OLD."active", OLD."first", OLD."id", OLD."last", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."programme_id"); RETURN NULL;', hash='e4bc7b98c7e11f23279269f558cf40dc5137d7bc', operation='DELETE', pgid='pgtrigger_delete_delete_cdaec', table='classes_daysoff', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='daysoffevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3f4e386b1da2fa581f164daaf119b7b479c89f9b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_78bac', table='classes_daysoffevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='incidentaddendum',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='42e102d5a56a2d6d099e739f3434f68b9f630179', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7f6c4', table='classes_incidentaddendum', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='incidentreview',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ac2ee26ec8a09914dd1f8753a0aa6a63eecf6acf', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_76253', table='classes_incidentreview', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='offer',
                    trigger=pgtrigger.compiler.Trigger(name='legal_changes_of_state', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{open:accepted,open:declined,open:expired,open:withdrawn}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='12c587d5505dc9adca225b29ad8664e80697109f', operation='UPDATE', pgid='pgtrigger_legal_changes_of_state_045a1', table='classes_offer', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='offer',
                    trigger=pgtrigger.compiler.Trigger(name='open_while_offered_insert', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.state = 'open')", constraint='CONSTRAINT', func="\n            IF EXISTS (\n                SELECT FROM classes_booking b WHERE b.id = NEW.booking_id\n                   AND (b.state = 'offered') <> EXISTS (\n                       SELECT FROM classes_offer o WHERE o.booking_id = b.id AND o.state = 'open')\n            ) THEN\n                RAISE EXCEPTION USING ERRCODE = 'check_violation',\n                    MESSAGE = 'an_offer_is_open_exactly_while_its_booking_is_offered';\n            END IF;\n            RETURN NULL;\n        ", hash='c26272a219bdf62622fab3fe97e7d02249b0f41c', operation='INSERT', pgid='pgtrigger_open_while_offered_insert_99230', table='classes_offer', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='offer',
                    trigger=pgtrigger.compiler.Trigger(name='open_while_offered_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.state <> NEW.state)', constraint='CONSTRAINT', func="\n            IF EXISTS (\n                SELECT FROM classes_booking b WHERE b.id = NEW.booking_id\n                   AND (b.state = 'offered') <> EXISTS (\n                       SELECT FROM classes_offer o WHERE o.booking_id = b.id AND o.state = 'open')\n            ) THEN\n                RAISE EXCEPTION USING ERRCODE = 'check_violation',\n                    MESSAGE = 'an_offer_is_open_exactly_while_its_booking_is_offered';\n            END IF;\n            RETURN NULL;\n        ", hash='99fb67cc451035d135733ba24caeeec993eaf634', operation='UPDATE', pgid='pgtrigger_open_while_offered_update_a3408', table='classes_offer', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='offer',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_offerevent" ("booking_id", "by_phone", "ended_at", "expires_at", "heard_at", "id", "kind", "made_at", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "tried_at") VALUES (NEW."booking_id", NEW."by_phone", NEW."ended_at", NEW."expires_at", NEW."heard_at", NEW."id", NEW."kind", NEW."made_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."state", NEW."tried_at"); RETURN NULL;', hash='12d89e9641ec903e6be6b43208ade590b6a5235d', operation='INSERT', pgid='pgtrigger_insert_insert_2eb17', table='classes_offer', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='offer',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "classes_offerevent" ("booking_id", "by_phone", "ended_at", "expires_at", "heard_at", "id", "kind", "made_at", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "tried_at") VALUES (NEW."booking_id", NEW."by_phone", NEW."ended_at", NEW."expires_at", NEW."heard_at", NEW."id", NEW."kind", NEW."made_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."state", NEW."tried_at"); RETURN NULL;', hash='96100bbda507a76c9d76117a364a6bd7131c5ea9', operation='UPDATE', pgid='pgtrigger_update_update_b99d1', table='classes_offer', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='offer',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_offerevent" ("booking_id", "by_phone", "ended_at", "expires_at", "heard_at", "id", "kind", "made_at", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "tried_at") VALUES (OLD."booking_id", OLD."by_phone", OLD."ended_at", OLD."expires_at", OLD."heard_at", OLD."id", OLD."kind", OLD."made_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."state", OLD."tried_at"); RETURN NULL;', hash='68522e923ac209b72603b8073063b4f9acd67c46', operation='DELETE', pgid='pgtrigger_delete_delete_c5aa7', table='classes_offer', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='offerevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='27df790d9194f7f67bf1b497cd696423a40e9847', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_81702', table='classes_offerevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='incident',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='cc1a19ed305841d7c00f89b5f40b4fae12bdaf5e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_30ce1', table='classes_incident', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='guestevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='daf59dafd90a094f9b363c4aa782ac0155944758', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8e2fe', table='classes_guestevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='guest',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_guestevent" ("id", "name", "participant_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "screened_aloud", "session_id") VALUES (NEW."id", NEW."name", NEW."participant_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."screened_aloud", NEW."session_id"); RETURN NULL;', hash='52fc90e0b7f6259b1209d84b980e36ce96a1d849', operation='INSERT', pgid='pgtrigger_insert_insert_99cec', table='classes_guest', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='guest',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "classes_guestevent" ("id", "name", "participant_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "screened_aloud", "session_id") VALUES (NEW."id", NEW."name", NEW."participant_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."screened_aloud", NEW."session_id"); RETURN NULL;', hash='f90b4cec037b134c89e1bb1012811606cdd3c43c', operation='UPDATE', pgid='pgtrigger_update_update_ac946', table='classes_guest', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='guest',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_guestevent" ("id", "name", "participant_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "screened_aloud", "session_id") VALUES (OLD."id", OLD."name", OLD."participant_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."screened_aloud", OLD."session_id"); RETURN NULL;', hash='e9f41d0b798c801b5c8267f2bac32ad08b7b49d8', operation='DELETE', pgid='pgtrigger_delete_delete_328cb', table='classes_guest', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='coverrequestevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='029961764af3491d85ddd3ff8bec158b81e0b276', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_efbc5', table='classes_coverrequestevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='coverrequest',
                    trigger=pgtrigger.compiler.Trigger(name='legal_changes_of_state', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{open:taken,open:withdrawn}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='97b8e0bc84df97c1ea46b7b9e3d6bc781e25d43c', operation='UPDATE', pgid='pgtrigger_legal_changes_of_state_88ffa', table='classes_coverrequest', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='coverrequest',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_coverrequestevent" ("asked_at", "asked_by_id", "id", "instructor_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "session_id", "settled_at", "state", "taken_by_id") VALUES (NEW."asked_at", NEW."asked_by_id", NEW."id", NEW."instructor_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."reason", NEW."session_id", NEW."settled_at", NEW."state", NEW."taken_by_id"); RETURN NULL;', hash='0d7be7815e38d966ce290d2ac8b54d25b0d82edf', operation='INSERT', pgid='pgtrigger_insert_insert_f0efd', table='classes_coverrequest', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='coverrequest',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "classes_coverrequestevent" ("asked_at", "asked_by_id", "id", "instructor_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "session_id", "settled_at", "state", "taken_by_id") VALUES (NEW."asked_at", NEW."asked_by_id", NEW."id", NEW."instructor_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."reason", NEW."session_id", NEW."settled_at", NEW."state", NEW."taken_by_id"); RETURN NULL;', hash='2767ffcf432e69dbbb5a7c3dd6901e5b9b6c9f73', operation='UPDATE', pgid='pgtrigger_update_update_55b6a', table='classes_coverrequest', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='coverrequest',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_coverrequestevent" ("asked_at", "asked_by_id", "id", "instructor_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "session_id", "settled_at", "state", "taken_by_id") VALUES (OLD."asked_at", OLD."asked_by_id", OLD."id", OLD."instructor_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."reason", OLD."session_id", OLD."settled_at", OLD."state", OLD."taken_by_id"); RETURN NULL;', hash='d4d8f2e564b2b752fbb8ec4dcad7c7e8af87dca7', operation='DELETE', pgid='pgtrigger_delete_delete_23550', table='classes_coverrequest', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='concern',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5b2aea613b6d0ad8bb636c482cf21e59d3ffba83', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1ff52', table='classes_concern', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='classnoteevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9ac9ecfb34312033fd617d7472b488d1593c527a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_660d2', table='classes_classnoteevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='classnote',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6941ac8011ea983e74f3b0001d90c85cb7c83c55', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c5976', table='classes_classnote', when='BEFORE')),
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
                    model_name='bookingevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b442253a7838489de79265eac0b57d8698c3088f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9550d', table='classes_bookingevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='booking',
                    trigger=pgtrigger.compiler.Trigger(name='legal_changes_of_state', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{booked:cancelled,booked:closed,offered:booked,offered:cancelled,offered:closed,offered:declined,offered:expired,offered:waiting,waiting:booked,waiting:cancelled,waiting:closed,waiting:offered}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='10e7b26fe11edc26eca9b6ed119fb934c8fce752', operation='UPDATE', pgid='pgtrigger_legal_changes_of_state_e3059', table='classes_booking', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='booking',
                    trigger=pgtrigger.compiler.Trigger(name='open_while_offered_insert', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.state = 'offered')", constraint='CONSTRAINT', func="\n            IF EXISTS (\n                SELECT FROM classes_booking b WHERE b.id = NEW.id\n                   AND (b.state = 'offered') <> EXISTS (\n                       SELECT FROM classes_offer o WHERE o.booking_id = b.id AND o.state = 'open')\n            ) THEN\n                RAISE EXCEPTION USING ERRCODE = 'check_violation',\n                    MESSAGE = 'an_offer_is_open_exactly_while_its_booking_is_offered';\n            END IF;\n            RETURN NULL;\n        ", hash='b158c35136223ec8e76fb99bbfe713cef97d872a', operation='INSERT', pgid='pgtrigger_open_while_offered_insert_c55e6', table='classes_booking', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='booking',
                    trigger=pgtrigger.compiler.Trigger(name='open_while_offered_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.state <> NEW.state AND 'offered' IN (OLD.state, NEW.state))", constraint='CONSTRAINT', func="\n            IF EXISTS (\n                SELECT FROM classes_booking b WHERE b.id = NEW.id\n                   AND (b.state = 'offered') <> EXISTS (\n                       SELECT FROM classes_offer o WHERE o.booking_id = b.id AND o.state = 'open')\n            ) THEN\n                RAISE EXCEPTION USING ERRCODE = 'check_violation',\n                    MESSAGE = 'an_offer_is_open_exactly_while_its_booking_is_offered';\n            END IF;\n            RETURN NULL;\n        ", hash='a4cf0c7e8b0f4e17845811fe7cf4e57805322366', operation='UPDATE', pgid='pgtrigger_open_while_offered_update_06899', table='classes_booking', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='booking',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_bookingevent" ("book_automatically", "during", "end_reason", "ended_at", "ended_by_id", "facts_version", "id", "in_doubt_since", "joined_at", "made_by_id", "participant_id", "party", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "priority_reason", "request_key", "said_coming_at", "session_id", "skipped_reason", "source", "state") VALUES (NEW."book_automatically", NEW."during", NEW."end_reason", NEW."ended_at", NEW."ended_by_id", NEW."facts_version", NEW."id", NEW."in_doubt_since", NEW."joined_at", NEW."made_by_id", NEW."participant_id", NEW."party", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."priority", NEW."priority_reason", NEW."request_key", NEW."said_coming_at", NEW."session_id", NEW."skipped_reason", NEW."source", NEW."state"); RETURN NULL;', hash='034183afc6ee5f869d9ec44cf7eabf46dd3efac0', operation='INSERT', pgid='pgtrigger_insert_insert_9c2c3', table='classes_booking', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='booking',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "classes_bookingevent" ("book_automatically", "during", "end_reason", "ended_at", "ended_by_id", "facts_version", "id", "in_doubt_since", "joined_at", "made_by_id", "participant_id", "party", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "priority_reason", "request_key", "said_coming_at", "session_id", "skipped_reason", "source", "state") VALUES (NEW."book_automatically", NEW."during", NEW."end_reason", NEW."ended_at", NEW."ended_by_id", NEW."facts_version", NEW."id", NEW."in_doubt_since", NEW."joined_at", NEW."made_by_id", NEW."participant_id", NEW."party", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."priority", NEW."priority_reason", NEW."request_key", NEW."said_coming_at", NEW."session_id", NEW."skipped_reason", NEW."source", NEW."state"); RETURN NULL;', hash='166dccffb94f8757b67286caabeaf8b9a19a8d93', operation='UPDATE', pgid='pgtrigger_update_update_7e182', table='classes_booking', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='booking',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_bookingevent" ("book_automatically", "during", "end_reason", "ended_at", "ended_by_id", "facts_version", "id", "in_doubt_since", "joined_at", "made_by_id", "participant_id", "party", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "priority_reason", "request_key", "said_coming_at", "session_id", "skipped_reason", "source", "state") VALUES (OLD."book_automatically", OLD."during", OLD."end_reason", OLD."ended_at", OLD."ended_by_id", OLD."facts_version", OLD."id", OLD."in_doubt_since", OLD."joined_at", OLD."made_by_id", OLD."participant_id", OLD."party", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."priority", OLD."priority_reason", OLD."request_key", OLD."said_coming_at", OLD."session_id", OLD."skipped_reason", OLD."source", OLD."state"); RETURN NULL;', hash='86478dcca18bf011522e108f3837ec431e64c0b4', operation='DELETE', pgid='pgtrigger_delete_delete_d447c', table='classes_booking', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='attendance',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='aba937c007e7e95a4d8053710bcd1f6bda9862ee', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_72169', table='classes_attendance', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='sessionleader',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_sessionleaderevent" ("active", "assigned_by_id", "cover_for_id", "during", "id", "instructor_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "session_id") VALUES (NEW."active", NEW."assigned_by_id", NEW."cover_for_id", NEW."during", NEW."id", NEW."instructor_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."role", NEW."session_id"); RETURN NULL;', hash='0bcd65975a59ca6c7beefd80e71f0a666fe33a8c', operation='INSERT', pgid='pgtrigger_insert_insert_4508f', table='classes_sessionleader', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='sessionleader',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "classes_sessionleaderevent" ("active", "assigned_by_id", "cover_for_id", "during", "id", "instructor_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "session_id") VALUES (NEW."active", NEW."assigned_by_id", NEW."cover_for_id", NEW."during", NEW."id", NEW."instructor_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."role", NEW."session_id"); RETURN NULL;', hash='a1a9d10b830d094ac16033d380bd8d52ad3e619d', operation='UPDATE', pgid='pgtrigger_update_update_c5a67', table='classes_sessionleader', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='sessionleader',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_sessionleaderevent" ("active", "assigned_by_id", "cover_for_id", "during", "id", "instructor_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "session_id") VALUES (OLD."active", OLD."assigned_by_id", OLD."cover_for_id", OLD."during", OLD."id", OLD."instructor_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."role", OLD."session_id"); RETURN NULL;', hash='b8a563e28d3fcacbd8954a20c08ab09b786d1e6e', operation='DELETE', pgid='pgtrigger_delete_delete_1b777', table='classes_sessionleader', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='sessionleaderevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bb1a4783a081f3d9578bdd4d4c142358e4adc669', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_da9ed', table='classes_sessionleaderevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='symptomcheck',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e5997f1c2e391519bf8402853da6b83791a2dc32', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e2011', table='classes_symptomcheck', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='symptomtalk',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a70d23343f0a03847d6d1e8f415133bed23fa299', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_33867', table='classes_symptomtalk', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='venue',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_venueevent" ("access_note", "accessible_toilet", "accessible_toilet_note", "active", "address", "area", "chairs", "chairs_note", "closed_from", "defibrillator", "entrance", "getting_there", "hall_contact", "hearing_loop", "hearing_loop_note", "id", "name", "parking", "parking_note", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "programme_id", "step_free", "step_free_note", "town") VALUES (NEW."access_note", NEW."accessible_toilet", NEW."accessible_toilet_note", NEW."active", NEW."address", NEW."area", NEW."chairs", NEW."chairs_note", NEW."closed_from", NEW."defibrillator", NEW."entrance", NEW."getting_there", NEW."hall_contact", NEW."hearing_loop", NEW."hearing_loop_note", NEW."id", NEW."name", NEW."parking", NEW."parking_note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."postcode", NEW."programme_id", NEW."step_free", NEW."step_free_note", NEW."town"); RETURN NULL;', hash='c263873fb567709cf353eb7434442916f45cd6b6', operation='INSERT', pgid='pgtrigger_insert_insert_bc618', table='classes_venue', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='venue',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "classes_venueevent" ("access_note", "accessible_toilet", "accessible_toilet_note", "active", "address", "area", "chairs", "chairs_note", "closed_from", "defibrillator", "entrance", "getting_there", "hall_contact", "hearing_loop", "hearing_loop_note", "id", "name", "parking", "parking_note", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "programme_id", "step_free", "step_free_note", "town") VALUES (NEW."access_note", NEW."accessible_toilet", NEW."accessible_toilet_note", NEW."active", NEW."address", NEW."area", NEW."chairs", NEW."chairs_note", NEW."closed_from", NEW."defibrillator", NEW."entrance", NEW."getting_there", NEW."hall_contact", NEW."hearing_loop", NEW."hearing_loop_note", NEW."id", NEW."name", NEW."parking", NEW."parking_note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."postcode", NEW."programme_id", NEW."step_free", NEW."step_free_note", NEW."town"); RETURN NULL;', hash='f2f67e8a6a31fedf7c3a6b5d9f5b050664ca3f62', operation='UPDATE', pgid='pgtrigger_update_update_7f92f', table='classes_venue', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='venue',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_venueevent" ("access_note", "accessible_toilet", "accessible_toilet_note", "active", "address", "area", "chairs", "chairs_note", "closed_from", "defibrillator", "entrance", "getting_there", "hall_contact", "hearing_loop", "hearing_loop_note", "id", "name", "parking", "parking_note", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "programme_id", "step_free", "step_free_note", "town") VALUES (OLD."access_note", OLD."accessible_toilet", OLD."accessible_toilet_note", OLD."active", OLD."address", OLD."area", OLD."chairs", OLD."chairs_note", OLD."closed_from", OLD."defibrillator", OLD."entrance", OLD."getting_there", OLD."hall_contact", OLD."hearing_loop", OLD."hearing_loop_note", OLD."id", OLD."name", OLD."parking", OLD."parking_note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."postcode", OLD."programme_id", OLD."step_free", OLD."step_free_note", OLD."town"); RETURN NULL;', hash='004bec03fdbf329212889bbd789da9757555ee9b', operation='DELETE', pgid='pgtrigger_delete_delete_4c534', table='classes_venue', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='sessionevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5e7df4002d7419c5b8a151a030307b4b341edc38', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_78b8c', table='classes_sessionevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='session',
                    trigger=pgtrigger.compiler.Trigger(name='legal_changes_of_status', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{draft:cancelled,draft:published,published:cancelled}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='466dd3fe730befc2a8e8626501c610eab5bcd4b9', operation='UPDATE', pgid='pgtrigger_legal_changes_of_status_b5ea8', table='classes_session', when='BEFORE')),
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
                pgtrigger.migrations.AddTrigger(
                    model_name='seriesevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='05e9546fbb088c3af2856dc3229f83043fa8a882', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_51c05', table='classes_seriesevent', when='BEFORE')),
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
                    model_name='roomevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='16fa63ff6217545e38a6fea67faaf5f7db4419c2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b060a', table='classes_roomevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='room',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_roomevent" ("id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "venue_id") VALUES (NEW."id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."venue_id"); RETURN NULL;', hash='22523ba4a491b153a481ad1ed9153610558bbf6f', operation='INSERT', pgid='pgtrigger_insert_insert_d9f17', table='classes_room', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='room',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "classes_roomevent" ("id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "venue_id") VALUES (NEW."id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."venue_id"); RETURN NULL;', hash='a368092a6d1cf2336bd1b454a14aba5f4f9cf02c', operation='UPDATE', pgid='pgtrigger_update_update_00748', table='classes_room', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='room',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "classes_roomevent" ("id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "venue_id") VALUES (OLD."id", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."venue_id"); RETURN NULL;', hash='26aed94cf59ef44c60784882b96a36db7dee7956', operation='DELETE', pgid='pgtrigger_delete_delete_65f2c', table='classes_room', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='venueevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4a1540d4f378eec8b78858c1445d05c34bbe32e2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c0a83', table='classes_venueevent', when='BEFORE')),
                ),
            ],
        ),
        migrations.RunSQL(TAKE, UNTAKE),
        migrations.RunSQL(CLAIM, UNCLAIM),
        migrations.RunSQL(BOOK, UNBOOK),
    ]
