"""Whatever the code asks of the desk, the desk is told in words, with a page to go on."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.permissions import Permission
from frontend.views.desk.messages import KINDS as MESSAGE_KINDS
from frontend.views.desk.task_kind import PageOf
from frontend.views.desk.task_words import KINDS, kind_of, outcome_words
from messaging.kinds import kinds
from tests.structure.kinds import Unreadable, kinds_in, raised_kinds

ROOT = Path(__file__).resolve().parents[2]
KNOWN = {
    "review_clearance",
    "call",
    "letter",
    "not_reached",
    "format_wanted",
    "needs_review",
    "emergency_review",
    "address_in_doubt",
    "book_interpreter",
    "call_off_interpreter",
    "waiting_call",
    "place_in_doubt",
    "place_taken_back",
    "health_due_call",
    "pause_review",
    "welfare_call",
    "fewer_contacts",
    "write_to_family",
    "date_not_published",
    "few_booked",
    "leader_lacks_credential",
    "leads_soon_without",
    "credential_to_check",
    "cover_not_found",
    "cover_own_sex",
    "leader_missing",
    "help_online",
    "credential_runs_out",
    "mark_without_place",
    "walk_in",
    "kept_not_taken",
    "not_well_call",
    "incident_review",
    "safeguarding_concern",
    "refer_back",
    "clinical_letter",
    "questions_call",
    "worrying_answer",
    "extract_expires",
    "licence_ends",
    "comments_to_read",
    "agreement_ends",
    "system_ends",
    "study_over",
    "summary_waits",
    "referred",
    "tell_referrer",
    "same_nhs_number",
    "same_person",
}
DECIDED_ON_THEIR_PAGE = {"incident_review", "safeguarding_concern", "same_person"}


def test_every_kind_that_is_raised_has_words_and_all_words_have_a_kind():
    raised = raised_kinds(ROOT)
    assert set(raised) >= KNOWN  # the walk finds what is known to be there
    assert unlike(raised, KINDS) == []


def unlike(raised: Collection[str], words: Collection[str]) -> list[str]:
    """What is wrong between the kinds that are raised and the table of words."""
    without = [f"{kind} has no words" for kind in sorted(set(raised) - set(words))]
    return without + [f"nobody raises {kind}" for kind in sorted(set(words) - set(raised))]


def test_the_check_finds_a_kind_without_words_and_words_without_a_kind():
    assert unlike({"call", "visit"}, {"call", "fax"}) == ["visit has no words", "nobody raises fax"]


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_kind_asks_leads_somewhere_and_can_be_kept(name):
    kind = KINDS[name]
    assert kind.words and kind.asks.endswith(".") and kind.outcomes and kind.page_words
    keys = {PageOf.NOTHING: [], PageOf.KEY: [uuid4()]}
    assert reverse(kind.page, args=keys.get(kind.page_of, [1]))
    assert len({outcome.value for outcome in kind.outcomes}) == len(kind.outcomes)
    there = kind.permission is Permission.DECIDE_CLEARANCE or name in DECIDED_ON_THEIR_PAGE
    assert kind.decided_there == there


def test_a_kind_or_outcome_from_elsewhere_is_still_shown():
    assert kind_of("kept_from_before").words == "Kept from before"
    assert outcome_words("some_outcome") == "Some outcome"


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ("def f():\n raise_task(kind='one')", {"one"}),
        ("def f():\n worklist.raise_task(kind=TWO)", {"two"}),
        ("def f():\n raise_task(kind=other.THREE)", {"three"}),
        ("def f(kind):\n raise_task(kind=kind)\ndef g():\n f('four')\n f(kind=TWO)", {"four", "two"}),
        ("def f():\n raise_task(kind=TABLE[1])", {"five", "six"}),
    ],
)
def test_the_walk_reads_a_word_a_constant_a_table_and_what_is_handed_on(source, kinds):
    module = SimpleNamespace(THREE="three")
    assert kinds_in(source, {"TWO": "two", "other": module, "TABLE": {1: "five", 2: "six"}}) == kinds


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n raise_task()",
        "def f():\n raise_task(kind=MADE())",
        "def f():\n raise_task(kind=UNKNOWN)",
        "def f():\n raise_task(kind=UNKNOWN[1])",
        "def f(kind):\n raise_task(kind=kind)",
        "def f(kind):\n raise_task(kind=kind)\ndef g():\n f()",
    ],
)
def test_a_kind_that_cannot_be_read_is_not_passed_over(source):
    with pytest.raises(Unreadable):
        kinds_in(source, {})


def test_every_kind_of_message_has_words_for_the_desk_and_all_words_have_a_kind():
    assert unlike(set(kinds()), MESSAGE_KINDS) == []
