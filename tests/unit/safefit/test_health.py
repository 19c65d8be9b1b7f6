import datetime as dt

import pytest
import time_machine
from django.db import OperationalError, connection
from django.utils import timezone

from messaging.models import Message
from messaging.tasks import DELIVERY
from safefit import health

pytestmark = pytest.mark.django_db
ADDRESS = "/healthz"


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def beat(seconds_ago=0):
    run(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (clock_timestamp() - make_interval(secs => %s))",
        seconds_ago,
    )


@pytest.fixture
def message(pat):
    def put(minutes_late):
        return Message.objects.create(
            programme=pat.programme,
            person=pat.person,
            kind="booking_confirmed",
            due_at=timezone.now() - dt.timedelta(minutes=minutes_late),
            dedupe_key=f"late:{minutes_late}",
        )

    return put


def test_all_is_well_with_a_database_and_a_worker_that_lives(client):
    beat()
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    assert set(answer.json().values()) == {"well"}
    assert "no-cache" in answer["Cache-Control"]


@pytest.mark.parametrize("seconds_ago", [None, 61])
def test_without_a_sign_of_life_of_a_worker_it_is_unwell_and_says_what_to_do(client, seconds_ago):
    if seconds_ago:
        beat(seconds_ago)
    answer = client.get(ADDRESS)
    assert answer.status_code == 503
    assert answer.json()["worker"].endswith("python manage.py work")
    assert answer.json()["database"] == answer.json()["messages"] == "well"


def test_one_living_worker_among_dead_ones_is_enough(client):
    beat(3600)
    beat()
    assert client.get(ADDRESS).status_code == 200


def test_messages_left_lying_make_it_unwell_and_name_nobody(client, message):
    beat()
    message(4)
    assert client.get(ADDRESS).status_code == 200
    message(6)
    answer = client.get(ADDRESS)
    assert answer.status_code == 503
    assert answer.json()["messages"].startswith("1 should have been sent")
    assert "Pat" not in answer.content.decode()


@pytest.mark.parametrize(("seconds_ago", "status"), [(10, 503), (120, 200)])
def test_a_worker_that_has_just_refused_to_send_makes_it_unwell(client, seconds_ago, status):
    beat()
    run(
        "WITH job AS (INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', %s, 'failed') "
        "RETURNING id) INSERT INTO procrastinate_events (job_id, type, at) "
        "SELECT id, 'failed', clock_timestamp() - make_interval(secs => %s) FROM job",
        DELIVERY,
        seconds_ago,
    )
    assert client.get(ADDRESS).status_code == status


def test_work_by_the_clock_that_failed_is_named(client):
    beat()
    run(
        "WITH job AS (INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', %s, 'failed') "
        "RETURNING id) INSERT INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp, job_id) "
        "SELECT %s, '', extract(epoch FROM clock_timestamp())::bigint, id FROM job",
        "classes.tasks.remind_of_classes",
        "classes.tasks.remind_of_classes",
    )
    answer = client.get(ADDRESS)
    assert answer.status_code == 503
    assert answer.json()["jobs"] == "classes.tasks.remind_of_classes has failed. Read the worker's log."
    assert answer.json()["messages"] == "well"


@pytest.mark.parametrize("minutes", [-5, 5])
def test_a_clock_away_from_the_databases_makes_it_unwell(client, minutes):
    beat()
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=minutes)):
        answer = client.get(ADDRESS)
    assert answer.status_code == 503
    assert "time server" in answer.json()["clock"]


def test_a_database_that_does_not_answer_is_named_with_what_to_do(client, monkeypatch):
    def away():
        raise OperationalError("connection to server at 10.0.0.1, user safefit, failed")

    monkeypatch.setattr(health, "apart_from_database", away)
    monkeypatch.setattr(health.connection, "close", lambda: None)
    answer = client.get(ADDRESS)
    assert answer.status_code == 503
    assert "DATABASE_URL" in answer.json()["database"] and "10.0.0.1" not in answer.content.decode()


def test_it_can_only_be_read(client):
    assert client.post(ADDRESS).status_code == 405
