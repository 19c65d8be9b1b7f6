import datetime as dt
from pathlib import Path

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from accounts import content
from accounts.content import (
    Kind,
    NothingChanged,
    NotSigned,
    StartsSoon,
    WordsMoved,
    kind_of,
    sign_version,
    signature_of,
    start_version,
    version_in_use,
    version_of,
    versions_of,
    withdraw_signature,
    write_version,
)
from accounts.content_words import BadContent, Word, changes, leaves
from accounts.models import ContentSignOff, ContentStart, ContentVersion
from participants.health_content import HEALTH_QUESTIONS, SIGNPOSTS, health_questions, signposts
from participants.rules.questions import CURRENT

pytestmark = pytest.mark.django_db
FIRST_QUESTION = ("question", 0, "ask")
FIRST_ANSWER = ("question", 0, "option", 0, "label")


@pytest.fixture
def health():
    return kind_of(HEALTH_QUESTIONS)


def new_words(kind, by, based_on=CURRENT, **values):
    return write_version(
        kind=kind, based_on=based_on, values=values.get("values", {FIRST_QUESTION: "New words?"}), why="Clearer.", by=by
    )


def signed(kind, version, by):
    shown = version_of(kind, version)
    return sign_version(kind=kind, version=version, digest=shown.digest, role="clinical lead", by=by)


# --- writing -----------------------------------------------------------------


def test_what_came_with_the_software_is_used_until_something_else_is_started(health):
    assert version_in_use(health) == CURRENT == health_questions().version
    [only] = versions_of(health)
    assert only.in_use and only.was_used and only.signed is None and only.written is None


def test_new_words_are_a_version_that_nobody_sees_yet(health, clare):
    written = new_words(health, clare.person)
    assert (written.version, written.based_on, written.by) == (f"{timezone.localdate().year}-2", CURRENT, clare.person)
    assert health_questions().version == CURRENT
    newer = health_questions(written.version)
    assert newer.questions[0].ask == "New words?" and newer.version == written.version
    assert newer.questions[1:] == health_questions().questions[1:]
    assert not version_of(health, written.version).was_used


def test_what_an_answer_leads_to_is_not_among_the_words(health, clare):
    words = leaves(health.words, version_of(health, CURRENT).body)
    assert {leaf.route[-1] for leaf in words} == {"ask", "why", "short", "label"}
    written = new_words(health, clare.person, values={("question", 0, "option", 0, "flag"): "", FIRST_ANSWER: "Yes"})
    before, after = health_questions(), health_questions(written.version)
    assert after.questions[0].options[0].flag == before.questions[0].options[0].flag != ""


def test_two_versions_of_one_year_have_two_names(health, clare):
    year = timezone.localdate().year
    names = [new_words(health, clare.person, values={FIRST_QUESTION: words}).version for words in ("A?", "B?")]
    assert names == [f"{year}-2", f"{year}-3"]


def test_saving_without_a_change_makes_no_version(health, clare):
    body = version_of(health, CURRENT).body
    with pytest.raises(NothingChanged):
        new_words(health, clare.person, values={FIRST_QUESTION: body["question"][0]["ask"]})
    assert not ContentVersion.objects.exists()


@pytest.mark.parametrize("wrong", ["", "   ", "x" * 301, 7, ["a list"]])
def test_words_that_cannot_be_asked_are_refused_by_name(health, clare, wrong):
    with pytest.raises(BadContent, match="bones: Question"):
        new_words(health, clare.person, values={FIRST_QUESTION: wrong})


def test_a_help_text_may_be_taken_away(health, clare):
    written = new_words(health, clare.person, values={("question", 0, "why"): ""})
    assert health_questions(written.version).questions[0].why == ""


def test_what_the_app_itself_refuses_is_refused(clare):
    places = kind_of(SIGNPOSTS)
    link = next(
        leaf.route for leaf in leaves(places.words, version_of(places, CURRENT).body) if leaf.route[-1] == "link"
    )
    with pytest.raises(BadContent, match="https://"):
        new_words(places, clare.person, values={link: "http://example.org"})


def test_numbers_and_lists_keep_to_their_bounds(clare, tmp_path, monkeypatch):
    file = tmp_path / "made_up.toml"
    file.write_text('version = "1"\nminutes = 5\n[advice]\nsteps = ["Sit down."]\n')
    words = {"minutes": Word("Minutes", least=1, most=60), "steps": Word("Steps", most=20)}
    made_up = Kind("made_up", "Made up", "", {"1": Path(file)}, dict, words)
    monkeypatch.setitem(content._kinds, "made_up", made_up)
    assert [(leaf.section, leaf.label) for leaf in leaves(made_up.words, version_of(made_up, "1").body)] == [
        ("", "Minutes"),
        ("advice", "Steps"),
    ]
    for wrong in ({("minutes",): 0}, {("minutes",): 61}, {("minutes",): "5"}, {("minutes",): True}):
        with pytest.raises(BadContent):
            new_words(made_up, clare.person, based_on="1", values=wrong)
    for wrong in ([], ["Sit down.", " "], ["x" * 21]):
        with pytest.raises(BadContent):
            new_words(made_up, clare.person, based_on="1", values={("advice", "steps"): wrong})
    right = {("minutes",): 60, ("advice", "steps"): ["Sit down.", "Breathe."]}
    written = new_words(made_up, clare.person, based_on="1", values=right)
    assert content.content("made_up", written.version)["advice"]["steps"] == ["Sit down.", "Breathe."]


def test_two_versions_are_compared_value_by_value(health, clare):
    written = new_words(health, clare.person)
    base, newer = version_of(health, CURRENT).body, written.body
    [change] = changes(health.words, base, newer)
    assert (change.called, change.after) == ("bones: Question", "New words?")
    shorter = {**newer, "question": newer["question"][:1]}
    gone = changes(health.words, newer, shorter)
    assert gone and all(change.after is None for change in gone)
    assert all(change.before is None for change in changes(health.words, shorter, newer))


# --- starting ----------------------------------------------------------------


def test_a_version_is_used_from_the_moment_it_is_started(health, clare):
    written = new_words(health, clare.person)
    start_version(kind=health, version=written.version, by=clare.person)
    assert health_questions().version == written.version
    assert version_of(health, written.version).in_use and not version_of(health, CURRENT).in_use
    start_version(kind=health, version=CURRENT, by=clare.person)
    assert health_questions().version == CURRENT
    assert version_of(health, written.version).was_used


def test_a_start_that_lies_ahead_waits_for_its_moment(health, clare, time_machine):
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    written = new_words(health, clare.person)
    later = now + dt.timedelta(days=3)
    start = start_version(kind=health, version=written.version, starts_at=later, by=clare.person)
    shown = version_of(health, written.version)
    assert not shown.in_use and not shown.was_used and shown.planned == start
    assert version_in_use(health, later - dt.timedelta(seconds=1)) == CURRENT
    time_machine.move_to(later, tick=False)
    assert health_questions().version == written.version
    assert version_of(health, written.version).planned is None


def test_a_later_decision_takes_the_place_of_a_plan(health, clare, time_machine):
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    written = new_words(health, clare.person)
    start_version(kind=health, version=written.version, starts_at=now + dt.timedelta(days=3), by=clare.person)
    start_version(kind=health, version=CURRENT, by=clare.person)
    assert version_of(health, written.version).planned is None
    time_machine.move_to(now + dt.timedelta(days=4), tick=False)
    assert health_questions().version == CURRENT
    assert not version_of(health, written.version).was_used


def test_a_start_in_the_past_is_a_start_now(health, clare):
    before = timezone.now()
    start = start_version(kind=health, version=CURRENT, starts_at=before - dt.timedelta(days=9), by=clare.person)
    assert start.starts_at >= before


def test_signposts_follow_the_version_in_use(clare):
    places = kind_of(SIGNPOSTS)
    written = new_words(places, clare.person, values={("too_young", "words"): "You can join at 18."})
    assert signposts(["too_young"])[0].words != "You can join at 18."
    start_version(kind=places, version=written.version, by=clare.person)
    assert signposts(["too_young"])[0].words == "You can join at 18."


# --- signing -----------------------------------------------------------------


def test_who_signs_puts_their_name_to_the_words(health, clare):
    assert signature_of(HEALTH_QUESTIONS) is None
    row = signed(health, CURRENT, clare.person)
    assert signature_of(HEALTH_QUESTIONS) == row and row.role == "clinical lead"


def test_a_signature_can_be_taken_back_and_given_again(health, clare):
    first = signed(health, CURRENT, clare.person)
    withdraw_signature(kind=health, version=CURRENT, digest=first.digest, by=clare.person)
    assert signature_of(HEALTH_QUESTIONS) is None
    again = signed(health, CURRENT, clare.person)
    assert signature_of(HEALTH_QUESTIONS) == again
    assert [row.given for row in version_of(health, CURRENT).signatures] == [True, False, True]


def test_a_version_that_waits_for_its_day_keeps_its_signature(health, clare):
    written = new_words(health, clare.person)
    row = signed(health, written.version, clare.person)
    later = timezone.now() + dt.timedelta(days=3)
    start_version(kind=health, version=written.version, starts_at=later, by=clare.person)
    with pytest.raises(StartsSoon) as refused:
        withdraw_signature(kind=health, version=written.version, digest=row.digest, by=clare.person)
    assert refused.value.start.starts_at == later
    assert signature_of(HEALTH_QUESTIONS, written.version) == row


def test_other_words_than_were_read_are_not_signed(health, clare):
    with pytest.raises(WordsMoved):
        sign_version(kind=health, version=CURRENT, digest="0" * 64, role="clinical lead", by=clare.person)
    assert not ContentSignOff.objects.exists()


def test_a_signature_does_not_cover_other_words_under_the_same_name(health, clare):
    ContentSignOff.objects.create(
        kind=HEALTH_QUESTIONS, version=CURRENT, digest="0" * 64, role="clinical lead", given=True, by=clare.person
    )
    assert version_of(health, CURRENT).signed is None


def test_once_something_was_signed_only_signed_words_are_started(health, clare):
    written = new_words(health, clare.person)
    signed(health, CURRENT, clare.person)
    with pytest.raises(NotSigned):
        start_version(kind=health, version=written.version, by=clare.person)
    assert not ContentStart.objects.exists()
    row = signed(health, written.version, clare.person)
    assert signature_of(HEALTH_QUESTIONS, written.version) == row
    start_version(kind=health, version=written.version, by=clare.person)
    assert health_questions().version == written.version


# --- the rows ----------------------------------------------------------------


def test_nothing_written_started_or_signed_is_ever_changed(health, clare):
    rows = [
        new_words(health, clare.person),
        start_version(kind=health, version=CURRENT, by=clare.person),
        signed(health, CURRENT, clare.person),
    ]
    for row in rows:
        for spoil in (row.delete, lambda row=row: type(row).objects.filter(pk=row.pk).update(version="9")):
            with pytest.raises(ProgrammingError), transaction.atomic():
                spoil()


def test_the_database_takes_one_version_of_a_name_and_no_signature_without_a_role(health, clare):
    written = new_words(health, clare.person)
    fields = {"kind": HEALTH_QUESTIONS, "version": written.version, "by": clare.person}
    with pytest.raises(IntegrityError), transaction.atomic():
        ContentVersion.objects.create(**fields, body={}, based_on="x", why="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        ContentSignOff.objects.create(**fields, digest="x", given=True)


@pytest.mark.parametrize(
    "call",
    [
        lambda kind: version_of(kind, "1066-1"),
        lambda kind: kind_of("nothing"),
        lambda kind: signature_of(kind.name, "1066-1"),
    ],
)
def test_what_never_was_is_not_found(health, call):
    with pytest.raises(KeyError):
        call(health)


def test_an_answer_says_to_which_question_it_belongs(health):
    words = leaves(health.words, version_of(health, CURRENT).body)
    answer = next(leaf for leaf in words if leaf.route == FIRST_ANSWER)
    assert (answer.section, answer.part) == ("bones", "cancer in bones")
    assert answer.called == "bones: Answer: cancer in bones"
