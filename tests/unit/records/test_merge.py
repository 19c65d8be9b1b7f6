"""Two records become one, and two again: nothing names the other meanwhile, and every row is as it was afterwards."""

from __future__ import annotations

import pytest
from django.db import connection

from messaging.models import Task
from participants.models import Participant
from records.merging.columns import MOVED, SETTLED, columns
from records.merging.undo import undo_merge
from tests.factories.records import everything, merged, person_twice

pytestmark = pytest.mark.django_db


def naming(one):
    """Each column in which anything names this record."""
    return {
        column.name
        for column in columns(MOVED | SETTLED)
        if column.model._base_manager.filter(**{column.field: one.person_id if column.of_person else one.pk}).exists()
    }


def test_nothing_names_the_other_record_after_a_merge_and_undone_every_row_is_as_it_was(programme, dee):  # pitfalls 59
    keep, gone = person_twice(programme, dee.person)
    assert naming(gone) == naming(keep) == MOVED | SETTLED, "a table without a row proves nothing"
    before = everything()
    merge = merged(keep, gone, dee.person)
    connection.check_constraints()
    assert naming(gone) == set()
    assert naming(keep) == MOVED | SETTLED
    assert not Participant.objects.filter(pk=gone.pk).exists()
    undo_merge(merge=merge, by=dee.person)
    connection.check_constraints()
    Task.objects.get(kind="same_nhs_number").delete()  # two have the same number again, which is asked about
    after = everything()
    assert {table: rows for table, rows in after.items() if rows != before[table]} == {}
