"""Rules in numbers: complete, within their limits, dated, and refused by name where they are wrong."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.apps import apps
from django.utils import timezone

from accounts.content import kind_of, sign_version, signature_of, start_version, version_of
from accounts.content_words import BadContent, leaves
from participants import health
from participants.details import current_needs_of
from participants.health import clearance_of
from participants.health_content import RULES, rules
from participants.models import ClearanceState
from participants.needs import record_needs
from participants.rules.application import Need
from participants.rules.numbers import CURRENT, NUMBERS, BadRules, read_rules, shipped_rules
from participants.rules.screening import add_months
from participants.working_days import due_in_working_days
from tests.factories.participants import ParticipantFactory
from tests.factories.registering import HEALTH
from tests.factories.rules import use_rules

SAID = {"version": "9-1"} | {name: number.least for name, number in NUMBERS.items()}
NOON = dt.datetime(2027, 2, 1, 12, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_every_number_came_with_the_software_and_is_a_word_of_its_kind():
    assert rules() == shipped_rules() and rules().version == CURRENT
    kind = kind_of(RULES)
    words = leaves(kind.words, version_of(kind, CURRENT).body)
    assert {leaf.route for leaf in words} == {(name,) for name in NUMBERS}
    assert {name: (word.least, word.most) for name, word in kind.words.items()} == {
        name: (number.least, number.most) for name, number in NUMBERS.items()
    }


@pytest.mark.parametrize("name", NUMBERS)
def test_each_number_keeps_to_its_limits(name):
    number = NUMBERS[name]
    for right in (number.least, number.most):
        assert getattr(read_rules(SAID | {name: right}), name) == right
    for wrong in (number.least - 1, number.most + 1, "4", 4.0, True, None):
        with pytest.raises(BadRules, match=f"{name}: a whole number from {number.least} to {number.most}"):
            read_rules(SAID | {name: wrong})


def test_a_number_left_out_or_unknown_is_named():
    name = next(iter(NUMBERS))
    with pytest.raises(BadRules, match=f"have no number: {name}"):
        read_rules({said: value for said, value in SAID.items() if said != name})
    with pytest.raises(BadRules, match="No rule is called so: minutes"):
        read_rules(SAID | {"minutes": 5})


@pytest.mark.django_db
@pytest.mark.parametrize("months", [0, 13])
def test_a_number_out_of_its_limits_is_not_written_down(clare, months):
    with pytest.raises(BadContent, match=r"How long a clearance holds \(months\): a number from 1 to 12"):
        use_rules(clare.person, clearance_months=months)


def test_one_is_said_as_one():
    number = NUMBERS["review_days"]
    assert (number.words(1), number.words(2)) == ("1 working day", "2 working days")


# --- from a day on -----------------------------------------------------------


@pytest.fixture
def somebody(programme):
    return ParticipantFactory(programme=programme, clearance=False)


@pytest.mark.django_db
def test_a_number_counts_from_its_day_on_and_what_was_decided_before_keeps_its_date(somebody, clare):
    with time_machine.travel(NOON, tick=False) as clock:
        march = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)
        use_rules(clare.person, starts_at=march, clearance_months=4)
        before = health.update_health(participant=somebody, answers=HEALTH, by=somebody.person)
        assert before.valid_until == dt.date(2027, 8, 1)
        clock.move_to(march - dt.timedelta(seconds=1))
        assert rules().clearance_months == 6
        clock.move_to(march)
        assert rules().clearance_months == 4
        assert clearance_of(somebody).valid_until == dt.date(2027, 8, 1)
        after = health.update_health(participant=somebody, answers=HEALTH, by=somebody.person)
        assert after.valid_until == dt.date(2027, 7, 1)


@pytest.mark.django_db
def test_reviews_are_due_and_decided_by_the_numbers_in_use(somebody, clare):
    use_rules(clare.person, review_days=2, clearance_months=3)
    waiting = health.update_health(participant=somebody, answers=HEALTH, note="Read this.", by=somebody.person)
    assert waiting.review_due_at == due_in_working_days(timezone.now(), 2)
    decided = health.decide_clearance(
        participant=somebody, reviewed=waiting, state=ClearanceState.CLEARED, by=clare.person
    )
    assert decided.valid_until == add_months(timezone.localdate(), 3)


@pytest.mark.django_db
def test_needs_noted_before_keep_the_day_on_which_they_are_asked_about(pat, clare):
    record_needs(person=pat.person, needs=[Need("lip_reads")], shared=(), by=pat.person)
    use_rules(clare.person, needs_review_months=3)
    (row,) = current_needs_of(pat.person)
    assert row.review_on == add_months(timezone.localdate(), 12)


@pytest.mark.django_db
def test_numbers_are_signed_like_words_and_going_back_is_a_decision_too(clare):
    written, kind = use_rules(clare.person, clearance_months=4), kind_of(RULES)
    assert signature_of(RULES) is None
    digest = version_of(kind, written.version).digest
    sign_version(kind=kind, version=written.version, digest=digest, role="clinical lead", by=clare.person)
    assert signature_of(RULES).by == clare.person
    sign_version(
        kind=kind, version=CURRENT, digest=version_of(kind, CURRENT).digest, role="clinical lead", by=clare.person
    )
    start_version(kind=kind, version=CURRENT, by=clare.person)
    assert rules().clearance_months == 6


def test_a_programme_holds_none_of_the_numbers_any_more():
    fields = {field.name for field in apps.get_model("accounts", "Programme")._meta.get_fields()}
    assert not fields & set(NUMBERS)
