"""The copy that a person gets: everything of theirs, in every table, and nothing of anybody else."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.history import System
from accounts.models import AccessLog, Person, User
from instructors.models import Evidence, Instructor, Unavailability
from participants.models import Equality, Participant
from records.exporting import copies
from records.exporting.packing import CONDITIONS, DATA, PAPER
from records.exporting.reading import ABOUT_OTHERS, ASK_US
from records.models import RecordCopy
from records.tables import TABLES, Copied
from tests.factories.instructors import CredentialFactory
from tests.factories.participants import SupporterFactory
from tests.unit.records.conftest import HELPER, OTHER, SHORT, WORD, Whole

pytestmark = pytest.mark.django_db
BY_LABEL = {table.label: table for table in TABLES}


def opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def made_for(person: Person) -> zipfile.ZipFile:
    copy = copies.ask_for_copy(person=person, by=person)
    copies.make_copy(copy.pk, by=System.WORKER)
    return opened(copies.take_copy(person=person, by=person, signed_in_at=timezone.now()))


def is_given(label: str, name: str) -> bool:
    """Whether the word of this field is to be in the copy."""
    table = BY_LABEL[label]
    return table.copied is Copied.WHOLE and name not in table.secret.split()


def test_the_copy_holds_every_word_of_the_person_and_none_of_anybody_else(whole: Whole) -> None:  # H3
    RecordCopy.objects.all().delete()
    parcel = made_for(whole.pat.person)
    data, paper = parcel.read(DATA).decode(), parcel.read(PAPER).decode()
    tables = {one["table"]: one for one in json.loads(data)["tables"]}
    found = {
        (label, name)
        for label, name in whole.marked
        if any(holds_word(row.get(name)) for part in ("rows", "history") for row in tables.get(label, {}).get(part, ()))
    }
    assert found == {one for one in whole.marked if is_given(*one)} and len(found) > 60
    assert paper.count(WORD) > 100 and "<script" not in paper and "http" not in paper
    for other in (OTHER, HELPER):
        assert other.lower() not in (data + paper).lower()
    assert ABOUT_OTHERS in data and ASK_US in data and "classes.Concern" not in data


def holds_word(value: Any) -> bool:
    text = json.dumps(value)
    return WORD in text or WORD.lower() in text or SHORT in text or "7700900001" in text


def test_whoever_helps_reads_whom_they_help_by_no_name_and_who_did_what_by_what_they_are(
    pat: Participant, sam: User
) -> None:
    sam.person.supports.update(relationship=f"Friend of {pat.person.full_name}")
    parcel = made_for(sam.person)
    read = parcel.read(DATA).decode()
    assert CONDITIONS not in parcel.namelist()
    (tie,) = next(one for one in json.loads(read)["tables"] if one["table"] == "participants.Supporter")["rows"]
    assert tie["relationship"] == "Friend of somebody you help" and pat.person.family_name not in read
    assert tie["person"] == "you" and tie["participant"] == f"participant {pat.pk}"


def test_the_kind_of_cancer_that_somebody_said_goes_out_as_a_condition_with_nobody_elses_name(
    pat: Participant, quinn: Participant, sam: User
) -> None:
    for participant, words in ((pat, f"As {sam.person.full_name} wrote it down"), (quinn, "Not of Pat")):
        Equality.objects.create(participant=participant, cancer_type="other", cancer_site="other", cancer_words=words)
    parcel = made_for(pat.person)
    (entry,) = json.loads(parcel.read(CONDITIONS))["entry"]
    assert entry["resource"]["code"] == {"text": "As a supporter wrote it down"}


def test_an_instructor_gets_their_files_and_what_they_lead(ines: Instructor) -> None:
    paper = CredentialFactory(instructor=ines)
    Evidence.objects.create(
        credential=paper, content=b"%PDF mine", media_type="application/pdf", size=9, sent_by=ines.person
    )
    noon = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)
    Unavailability.objects.create(instructor=ines, during=(noon, noon + dt.timedelta(days=2)))
    parcel = made_for(ines.person)
    (name,) = [one for one in parcel.namelist() if one.startswith("files/")]
    assert name.endswith(".pdf") and parcel.read(name) == b"%PDF mine"
    assert "2027-03-01" in parcel.read(DATA).decode()


def test_one_copy_is_made_at_a_time_and_taken_for_seven_days(pat: Participant) -> None:
    person = pat.person
    SupporterFactory(participant=pat, person=None, status="invited", invited_name="Ivy", starts_at=None)
    asked = copies.ask_for_copy(person=person, by=person)
    assert copies.ask_for_copy(person=person, by=person) == asked
    with pytest.raises(copies.NotThere):
        copies.take_copy(person=person, by=person, signed_in_at=timezone.now())
    for _ in range(2):  # the second time there is nothing to do
        copies.make_copy(asked.pk, by=System.WORKER)
    copies.take_copy(person=person, by=person, signed_in_at=timezone.now())
    log = AccessLog.objects.get(target=person, what="everything")
    assert (log.by, log.purpose) == (person, "own copy")
    copy = copies.newest_copy(person)
    assert copy is not None and copy.steps_done == copy.steps_total
    assert copy.ready_at is not None and copies.deleted_at(copy) == copy.ready_at + copies.KEPT_FOR
    assert copies.forget_copies(by=System.WORKER) == 0
    with time_machine.travel(timezone.now() + dt.timedelta(days=7, minutes=1)):
        with pytest.raises(copies.NotThere):
            copies.take_copy(person=person, by=person, signed_in_at=timezone.now())
        assert copies.forget_copies(by=System.WORKER) == 1
    assert copies.newest_copy(person) is None


def test_a_copy_that_could_not_be_made_says_so_and_can_be_asked_for_again(
    pat: Participant, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = copies.ask_for_copy(person=pat.person, by=pat.person)
    monkeypatch.setattr(copies, "pack", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        copies.make_copy(asked.pk, by=System.WORKER)
    asked.refresh_from_db()
    assert asked.failed_at is not None and asked.content is None
    assert copies.ask_for_copy(person=pat.person, by=pat.person) != asked
