"""Every status has its table of legal changes, and the database keeps to it."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, models, transaction
from django.test.utils import isolate_apps

from classes.models import Booking, BookingState
from tests.factories.classes import BookingFactory
from tests.structure.test_personal_fields import our_models

STATUS_NAMES = ("state", "status")


def faults_of_statuses(model: type[models.Model]) -> list[str]:
    label = model._meta.label
    faults = []
    for field in model._meta.concrete_fields:
        if field.name not in STATUS_NAMES or not field.choices:
            continue
        table = getattr(model, "transitions", {}).get(field.name)
        if table is None:
            faults.append(f"{label}.{field.name} has no table of changes")
            continue
        known = {value for value, _ in field.choices}
        named = {str(s) for s in table} | {str(s) for after in table.values() for s in after}
        faults += [f"{label}.{field.name} changes to {s}, which is no choice" for s in sorted(named - known)]
        triggers = {trigger.name for trigger in getattr(model._meta, "triggers", ())}
        guard = f"legal_changes_of_{field.name}" if table else "append_only"
        if guard not in triggers:
            faults.append(f"{label}.{field.name} is not guarded by the database")
    return faults


def test_every_status_has_its_table_and_its_guard():
    with_status = [m for m in our_models() if any(f.name in STATUS_NAMES for f in m._meta.concrete_fields)]
    assert len(with_status) > 8
    assert [fault for model in with_status for fault in faults_of_statuses(model)] == []


@isolate_apps("participants")
def test_the_check_finds_a_status_without_a_table():
    class Plan(models.Model):
        state = models.CharField(max_length=10, choices=[("a", "A"), ("b", "B")])

        class Meta:
            app_label = "participants"

    assert faults_of_statuses(Plan) == ["participants.Plan.state has no table of changes"]


@isolate_apps("participants")
def test_the_check_finds_an_unknown_state_and_a_missing_guard():
    class Plan(models.Model):
        state = models.CharField(max_length=10, choices=[("a", "A"), ("b", "B")])
        transitions = {"state": {"a": frozenset({"c"})}}

        class Meta:
            app_label = "participants"

    assert faults_of_statuses(Plan) == [
        "participants.Plan.state changes to c, which is no choice",
        "participants.Plan.state is not guarded by the database",
    ]


@isolate_apps("participants")
def test_the_check_finds_a_status_that_never_changes_and_is_not_guarded():
    class Plan(models.Model):
        state = models.CharField(max_length=10, choices=[("a", "A"), ("b", "B")])
        transitions = {"state": {}}

        class Meta:
            app_label = "participants"

    assert faults_of_statuses(Plan) == ["participants.Plan.state is not guarded by the database"]


@pytest.mark.django_db
def test_the_database_refuses_a_change_that_the_table_does_not_name():
    booking = BookingFactory()
    with pytest.raises(ProgrammingError, match="Invalid transition"), transaction.atomic():
        Booking.objects.filter(pk=booking.pk).update(state=BookingState.WAITING)
