import pytest
from django.db import connection

from messaging.job_runs import FAILED, LATE, jobs_in_trouble, longest_pause
from messaging.tasks import DELIVERY

pytestmark = pytest.mark.django_db
EVERY_MINUTE, EVERY_NIGHT = "classes.tasks.move_waiting_lists_on", "classes.tasks.judge_held_places"
MINUTE, HOUR = 60, 3600


@pytest.mark.parametrize(
    ("cron", "pause"),
    [
        ("* * * * * */5", 5),
        ("* * * * *", MINUTE),
        ("*/5 * * * *", 5 * MINUTE),
        ("7,27,47 * * * *", 20 * MINUTE),
        ("5 3 * * *", 24 * HOUR),
        ("20 4 2 1,4,7,10 *", 92 * 24 * HOUR),
    ],
)
def test_the_longest_pause_between_two_runs_is_read_from_its_times(cron, pause):
    assert longest_pause(cron) == pause


def run_of(name, *, ago, status=None):
    """The run that was due so many seconds ago; one that has succeeded leaves no job behind. With when it failed."""
    job = _job(name, status, ago) if status else None
    _sql(
        "INSERT INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp, job_id) "
        "VALUES (%s, %s, extract(epoch FROM clock_timestamp())::bigint - %s, %s)",
        name,
        name,
        ago,
        job,
    )


def _job(name, status, ago):
    ((job,),) = _sql(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', %s, %s) RETURNING id",
        name,
        status,
    )
    if status == "failed":
        _sql(
            "INSERT INTO procrastinate_events (job_id, type, at) "
            "VALUES (%s, 'failed', clock_timestamp() - make_interval(secs => %s)) RETURNING id",
            job,
            ago,
        )
    return job


def _sql(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if "RETURNING" in sql else []


def troubled():
    return jobs_in_trouble(apart_from=DELIVERY)


def test_what_succeeded_or_is_under_way_within_its_time_is_in_no_trouble():
    run_of(EVERY_MINUTE, ago=30)
    run_of(EVERY_NIGHT, ago=20 * HOUR)
    run_of("classes.tasks.remind_of_classes", ago=9 * MINUTE, status="doing")
    assert troubled() == {}


@pytest.mark.parametrize(("name", "ago"), [(EVERY_MINUTE, 40), (EVERY_NIGHT, 20 * HOUR)])
def test_a_job_whose_latest_run_failed_is_named_until_one_succeeds(name, ago):
    run_of(name, ago=ago, status="failed")
    assert troubled() == {name: FAILED}
    _sql("UPDATE procrastinate_periodic_defers SET job_id = NULL")
    assert troubled() == {}


@pytest.mark.parametrize(("failed", "named"), [(70, {EVERY_MINUTE: FAILED}), (200, {})])
def test_while_the_next_run_is_under_way_the_one_before_it_counts(failed, named):
    _job(EVERY_MINUTE, "failed", failed)
    run_of(EVERY_MINUTE, ago=20, status="doing")
    assert troubled() == named


@pytest.mark.parametrize("status", [None, "todo", "doing"])
@pytest.mark.parametrize(
    ("name", "ago", "late"),
    [
        (EVERY_MINUTE, 4 * MINUTE, False),
        (EVERY_MINUTE, 6 * MINUTE, True),
        (EVERY_NIGHT, 47 * HOUR, False),
        (EVERY_NIGHT, 49 * HOUR, True),
    ],
)
def test_a_job_that_was_not_done_for_two_of_its_pauses_is_late(name, ago, late, status):
    run_of(name, ago=ago, status=status)
    assert troubled() == ({name: LATE} if late else {})


def test_sending_which_its_messages_speak_for_and_work_that_is_no_more_are_left_out():
    for name in (DELIVERY, "classes.tasks.that_had_another_name"):
        run_of(name, ago=49 * HOUR, status="failed")
    assert troubled() == {}


def test_it_takes_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        troubled()
