"""How each kind of credential is treated: numbers within limits, dated, and refused by name where they are wrong."""

from __future__ import annotations

import copy
import tomllib
from datetime import date

import pytest

from accounts.content import kind_of, version_of
from accounts.content_words import leaves
from instructors.checking import record_credential
from instructors.models import CredentialKind
from instructors.rules import CURRENT, OF_A_KIND, OF_ALL, SHIPPED, BadCredentialRules, KindRule, read_rules
from instructors.rules_in_use import CREDENTIAL_RULES, credential_rules

KNOWN = CredentialKind.values
BODY = tomllib.loads(SHIPPED[CURRENT].read_text())
ISSUED = date(2026, 1, 31)


def read(body):
    return read_rules(body, known=KNOWN)


def changed(*, kind: str = "", **numbers: int):
    body = copy.deepcopy(BODY)
    part = next(row for row in body["credentials"] if row["id"] == kind) if kind else body
    part.update(numbers)
    return body


@pytest.mark.django_db
def test_every_number_came_with_the_software_and_is_a_word_of_its_kind():
    assert credential_rules() == read(BODY) and set(credential_rules().kinds) == set(KNOWN)
    kind = kind_of(CREDENTIAL_RULES)
    words = leaves(kind.words, version_of(kind, CURRENT).body)
    assert len(words) == len(OF_ALL) + len(KNOWN) * len(OF_A_KIND)


@pytest.mark.parametrize("name", OF_ALL)
def test_each_number_keeps_to_its_limits(name):
    number = OF_ALL[name]
    for wrong in (number.least - 1, number.most + 1, "9", 9.0, True, None):
        with pytest.raises(BadCredentialRules, match=f"{name}: a whole number from {number.least} to {number.most}"):
            read(changed(**{name: wrong}))


@pytest.mark.parametrize("name", OF_A_KIND)
def test_so_does_each_number_of_a_kind(name):
    most = OF_A_KIND[name].most
    read(changed(kind="dbs", **{name: most}))
    with pytest.raises(BadCredentialRules, match=f"dbs, {name}: a whole number from 0 to {most}"):
        read(changed(kind="dbs", **{name: most + 1}))


def test_a_kind_or_number_left_out_or_unknown_is_named():
    without = {**BODY, "credentials": [row for row in BODY["credentials"] if row["id"] != "dbs"]}
    with pytest.raises(BadCredentialRules, match="Unknown or missing kinds: dbs"):
        read(without)
    with pytest.raises(BadCredentialRules, match="Unknown or missing numbers: hours"):
        read(changed(hours=3))
    with pytest.raises(BadCredentialRules, match="Unknown or missing numbers of dbs: years"):
        read(changed(kind="dbs", years=3))


def test_notices_come_nearer_and_nearer():
    assert read(BODY).notice_days == (60, 30, 7)
    for wrong in ({"first_notice_days": 30}, {"second_notice_days": 8, "last_notice_days": 9}):
        with pytest.raises(BadCredentialRules, match="nearer to the end"):
            read(changed(**wrong))


@pytest.mark.parametrize(
    ("months", "written", "last"),
    [
        (0, None, None),
        (0, date(2027, 5, 1), date(2027, 5, 1)),
        (12, None, date(2027, 1, 30)),
        (12, date(2026, 9, 1), date(2026, 9, 1)),
        (12, date(2030, 9, 1), date(2027, 1, 30)),
        (1, None, date(2026, 2, 27)),  # a month after the last of January is the last of February
    ],
)
def test_a_credential_counts_as_written_and_no_longer_than_its_kind_holds(months, written, last):
    rule = KindRule(months, says_its_end=False, in_person=False, online=False, override_days=0)
    assert rule.last_day(ISSUED, written) == last


@pytest.mark.parametrize(("months", "says", "needs"), [(0, 1, True), (0, 0, False), (12, 1, False)])
def test_the_day_it_runs_out_is_asked_for_where_nothing_else_ends_it(months, says, needs):
    assert read(changed(kind="indemnity", months=months, says_its_end=says)).kinds["indemnity"].needs_end is needs


def test_what_every_class_of_a_mode_needs_and_by_when_cover_is_found():
    rules = read(changed(kind="dbs", in_person=1))
    assert (rules.needed_always("in_person"), rules.needed_always("remote")) == (("dbs",), ("remote_insurance",))
    assert (rules.cover_hours("in_person"), rules.cover_hours("remote")) == (24, 4)


def test_as_it_came_nobody_leads_without_a_dbs_check_or_insurance():
    kinds = read(BODY).kinds
    never = ("dbs", "public_liability", "indemnity", "remote_insurance", "cancer_exercise", "exercise_referral")
    assert [kinds[kind].override_days for kind in never] == [0] * len(never)


@pytest.mark.django_db
def test_what_is_recorded_runs_out_by_the_numbers_of_that_day(ines, dee):
    held = record_credential(instructor=ines, kind="dbs", issued_on=ISSUED, expires_on=date(2040, 1, 1), by=dee.person)
    assert held.expires_on == date(2029, 1, 30)
