"""Every column that names a person, a participant or a login stands in one list of what a merge does with it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from accounts.models import Person, User
from messaging.kinds import kinds
from participants.models import Participant
from records.merging.columns import ITSELF, MOVED, NEVER_THEN, OF_A_LOGIN, OF_STAFF, SETTLED
from records.merging.subjects import MESSAGES_OF, TASKS_OF
from tests.structure.kinds import raised_kinds

LISTS = (MOVED, SETTLED, OF_STAFF, ITSELF, OF_A_LOGIN, NEVER_THEN)
ROOT = Path(__file__).resolve().parents[2]
NAMED = {"accounts.Person", "participants.Participant", "accounts.User"}


def naming_somebody(found: Iterable[type[models.Model]]) -> set[str]:
    """Columns of tables, history left out: what it wrote stays as it was written."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in found
        if model._meta.managed and not model._meta.proxy and not hasattr(model, "pgh_tracked_model")
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model._meta.label in NAMED  # type: ignore[union-attr]
    }


def test_every_column_that_names_somebody_stands_in_one_list():
    assert {Person._meta.label, Participant._meta.label, User._meta.label} == NAMED
    listed = [name for names in LISTS for name in names]
    assert sorted(listed) == sorted(naming_somebody(apps.get_models()))


@isolate_apps("records")
def test_the_check_finds_a_column_that_nobody_listed():
    class Diary(models.Model):
        of = models.ForeignKey(Participant, on_delete=models.CASCADE)
        by = models.ForeignKey(Person, on_delete=models.CASCADE)

        class Meta:
            app_label = "records"

    assert naming_somebody([Diary]) == {"records.Diary.of", "records.Diary.by"}


# Whatever has another subject, or none: a booking, a class, a message, a row whose key stands in the context.
OF_SOMETHING_ELSE = {
    "agreement_ends", "book_interpreter", "call", "call_off_interpreter", "comments_to_read", "cover_not_found",
    "cover_own_sex", "credential_runs_out",
    "credential_to_check", "date_not_published", "extract_expires", "few_booked", "forgotten_soon", "format_wanted",
    "incident_review", "kept_not_taken", "leader_lacks_credential", "leader_missing", "leads_soon_without", "letter",
    "licence_ends",
    "mark_not_taken", "mark_without_place", "marks_came_late", "marks_differ", "not_reached", "not_well_call",
    "place_in_doubt", "place_taken_back", "questions_call", "refer_back", "referred",
    "safeguarding_concern", "same_person", "study_over", "summary_waits", "system_ends",
    "tell_referrer", "text_received", "waiting_call", "walk_in", "way_failed", "worrying_answer",
}  # fmt: skip


def test_of_every_kind_of_task_it_is_said_whether_its_subject_is_a_person():
    ours = {kind for kinds_of, _ in TASKS_OF for kind in kinds_of}
    assert set(raised_kinds(ROOT)) == ours | OF_SOMETHING_ELSE
    assert not ours & OF_SOMETHING_ELSE


@pytest.mark.parametrize("kind", [kind for kinds_of, _ in MESSAGES_OF for kind in kinds_of])
def test_every_kind_of_message_that_is_moved_is_a_kind(kind):
    assert kind in kinds()
