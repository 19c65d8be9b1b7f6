"""After an erasure no word of the person is left anywhere, and nobody else has lost one."""

from __future__ import annotations

import io
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import InvalidToken
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.fields import decrypt
from accounts.happenings import in_history
from accounts.history import System
from accounts.models import Person, Programme, User
from classes.models import Attendance, Incident
from messaging.models import Task
from participants.models import Participant
from participants.taking_part.life import pause, resume
from records.erasing import ledger
from records.erasing.erase import erase_person, unguarded
from records.exporting.reading import Record, read_into
from records.merging.undo import undo_merge
from records.models import Erasure
from records.reach import model_of, rows_of
from records.tables import TABLES, THE_LAW
from tests.factories.accounts import ContactPointFactory, PersonFactory
from tests.factories.participants import ParticipantFactory
from tests.factories.records import merged
from tests.structure.marked import Marked
from tests.unit.records.conftest import OTHER, WORD, Whole

pytestmark = pytest.mark.django_db
TOKEN = re.compile(rb"gAAAA[\w-]{40,}=*")


def tables_with(word: str) -> set[str]:
    """Every table of the database, of us and of libraries, in which `word` stands, encrypted or not."""
    return {table for table in connection.introspection.table_names() if holds(table, word.lower().encode())}


def holds(table: str, word: bytes) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        return any(word in plain.lower() for row in cursor.fetchall() for value in row for plain in readings(value))


def readings(value: object) -> Iterator[bytes]:
    """A value as it lies there, and what is behind each token in it."""
    raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
    yield raw
    for token in TOKEN.findall(raw):
        try:
            yield decrypt(token.decode()).encode()
        except InvalidToken:
            pytest.fail(f"an encrypted value cannot be opened: {token[:20]!r}")


def test_no_word_is_left_in_any_table_history_and_libraries_included(whole: Whole) -> None:  # H2
    pat, before = whole.pat, tables_with(OTHER)
    marks, incidents = Attendance.objects.count(), Incident.objects.count()
    assert len(tables_with(WORD)) > 50, "the word is found before, so it would be found after"
    erase_person(person=pat.person, by=System.WORKER)
    the_law = {model_of(table)._meta.db_table for table in TABLES if table.why == THE_LAW}
    assert tables_with(WORD) - the_law == set()
    assert tables_with(OTHER) == before, "nobody else has lost anything"
    assert (Attendance.objects.count(), Incident.objects.count()) == (marks, incidents), "counts stand"
    assert Person.objects.get(pk=pat.person_id).full_name == f"Erased person {pat.person_id}"
    assert Participant.objects.get(pk=pat.pk).reference == f"X-{pat.pk}"
    erase_person(person=pat.person, by=System.WORKER)
    assert Erasure.objects.count() == 1
    assert not any(rows_of(table, pat.person) for table in TABLES if not table.ways)


def test_why_something_was_done_goes_from_the_history_and_who_did_it_stays(pat: Participant) -> None:
    pause(participant=pat, reason="Radiotherapy in Poole", by=pat.person)
    erase_person(person=pat.person, by=System.WORKER)
    context = in_history(Participant).filter(pgh_obj=pat, acted="participants.pause").get().pgh_context
    assert context == {"by": f"person:{pat.person_id}", "action": "participants.pause"}


def test_what_safeguarding_leads_are_asked_stays_as_it_is(pat: Participant) -> None:
    asked = {"programme": pat.programme, "about": pat.person, "due_at": timezone.now(), "context": {"key": "1"}}
    kept = Task.objects.create(kind="safeguarding_concern", dedupe_key="a", only_for="read_safeguarding", **asked)
    gone = Task.objects.create(kind="call", dedupe_key="b", **asked)
    erase_person(person=pat.person, by=System.WORKER)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.state, kept.context, gone.state, gone.context) == ("open", {"key": "1"}, "cancelled", {})


def test_a_restored_record_is_erased_again_by_the_ledger_in_a_file(
    pat: Participant, quinn: Participant, tmp_path: Path
) -> None:
    erase_person(person=pat.person, by=System.WORKER)
    file = tmp_path / "ledger"
    call_command("erasures", out=file)
    assert pat.reference not in file.read_text() and stat.S_IMODE(file.stat().st_mode) == 0o600
    Person.objects.filter(pk=pat.person_id).update(given_name="Pat", family_name="Example")  # as a restore would
    with unguarded():
        Erasure.objects.all().delete()
    said = io.StringIO()
    call_command("erase_again", file, dry_run=True, stdout=said)
    assert "1 person" in said.getvalue() and Person.objects.get(pk=pat.person_id).given_name == "Pat"
    call_command("erase_again", file, stdout=said)
    call_command("erase_again", file, stdout=said)
    assert Person.objects.get(pk=pat.person_id).given_name == "Erased" and Erasure.objects.count() == 1
    assert "Nobody came back" in said.getvalue()
    assert Person.objects.get(pk=quinn.person_id).full_name == quinn.person.full_name
    file.write_text('{"person": 7}\n')
    with pytest.raises(CommandError, match="line 1"):
        call_command("erase_again", file)
    file.write_text("nonsense")
    with pytest.raises(CommandError, match="line 1"):
        call_command("erase_again", file)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("erase_again", tmp_path / "nothing")


@pytest.fixture
def two(programme: Programme) -> tuple[Participant, Participant]:
    """Two records, each with a word of its own wherever there can be one."""
    stays, goes = (ParticipantFactory(programme=programme, person=PersonFactory()) for _ in range(2))
    for one, word in ((stays, OTHER), (goes, WORD)):
        Marked(word, "+447700900001").mark(one.person)
        Marked(word, "+447700900001").mark(one, postcode="BH1 1AA")
        ContactPointFactory(person=one.person, value=f"{word}@example.org".lower())
    return stays, goes


def test_the_record_that_was_put_together_with_theirs_goes_too_and_stands_in_the_ledger(
    two: tuple[Participant, Participant], dee: User
) -> None:
    stays, goes = two
    pause(participant=goes, reason=WORD, by=dee.person)
    resume(participant=goes, by=dee.person)
    merged(stays, goes, dee.person)
    assert tables_with(WORD)
    erase_person(person=stays.person, by=System.WORKER)
    assert tables_with(WORD) == set()
    assert not ledger.known_hashes().isdisjoint(ledger.hashes_of(goes.person)), "as a backup would bring it back"


def test_a_merge_that_was_undone_says_nothing_of_whoever_is_erased_and_is_in_nobodys_copy(
    two: tuple[Participant, Participant], dee: User
) -> None:
    stays, goes = two
    undo_merge(merge=merged(stays, goes, dee.person), by=dee.person)
    record = Record(stays.person)
    list(read_into(record))
    of_another = [one.table for one in record.sections if WORD.lower() in str(one).lower()]
    assert of_another == [], "they were two people after all"
    erase_person(person=goes.person, by=System.WORKER)
    assert tables_with(WORD) == set()
    stays.person.refresh_from_db()
    assert stays.person.given_name.startswith(OTHER) and Erasure.objects.count() == 1


def test_an_older_secret_still_knows_whom_it_erased(pat: Participant, settings: Any) -> None:
    erase_person(person=pat.person, by=System.WORKER)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another one"
    assert ledger.known_hashes() & set(ledger.hashes_of(pat.person))
