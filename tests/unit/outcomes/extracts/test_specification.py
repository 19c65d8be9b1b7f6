from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest

from outcomes.extracts.fields import ALWAYS, BY_KEY, QUASI, TABLES, as_code, columns, fits, quasi_in, unknown
from outcomes.extracts.sealing import Unsealable, recipient_of, seal
from outcomes.extracts.specification import NamedUser, Specification, canonical, faults, fingerprint, read
from outcomes.extracts.widening import STEPS
from tests.factories.extracts import opened, wanted

TODAY = dt.date(2026, 11, 29)
FORBIDDEN = {
    "name",
    "email",
    "phone",
    "postcode",
    "born",
    "date_of_birth",
    "nhs_number",
    "note",
    "address",
    "reference",
}


def found(spec: Specification) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(fault.part, fault.reason, fault.named) for fault in faults(spec, today=TODAY)]


def sound(**changes: Any) -> Specification:
    users = (NamedUser("Robin Reader", TODAY),)
    return wanted(**{"users": users, "expires_on": TODAY + dt.timedelta(days=1), **changes})


def test_a_sound_specification_has_no_fault() -> None:
    assert found(sound()) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"title": " "}, ("title", "missing", ())),
        ({"purpose": ""}, ("purpose", "missing", ())),
        ({"agreement": ""}, ("agreement", "missing", ())),
        ({"assessment": ""}, ("assessment", "missing", ())),
        ({"recipient": ""}, ("recipient", "missing", ())),
        ({"users": ()}, ("users", "missing", ())),
        ({"users": (NamedUser("Kim", dt.date(2026, 11, 30)),)}, ("users", "not_trained_yet", ("Kim",))),
        ({"fields": ()}, ("fields", "missing", ())),
        (
            {"fields": ("person.sex", "person.postcode", "form.note")},
            ("fields", "not_on_the_list", ("person.postcode", "form.note")),
        ),
        ({"fields": ("person.pid",)}, ("fields", "not_on_the_list", ("person.pid",))),
        ({"k": 4}, ("k", "too_small", ("5",))),
        ({"k": 9, "secure": True}, ("k", "too_small", ("10",))),
        ({"l": 1, "cancer_is_known": False}, ("l", "too_small", ("2",))),
        ({"drop_at_most": 51}, ("drop_at_most", "out_of_range", ("50",))),
        ({"order": ("area", "area")}, ("order", "no_such_step", ("area",))),
        ({"public_key": "ssh-rsa AAAA"}, ("public_key", "not_a_key", ())),
        ({"expires_on": TODAY}, ("expires_on", "out_of_range", ())),
        ({"expires_on": dt.date(2036, 1, 1)}, ("expires_on", "out_of_range", ())),
    ],
)
def test_each_fault_is_found_and_named(changes: dict[str, Any], fault: tuple[Any, ...]) -> None:
    assert found(sound(**changes)) == [fault]


def test_what_is_not_used_is_no_fault() -> None:
    assert found(sound(l=1, fields=("person.sex",), cancer_is_known=False)) == []


def test_it_is_read_again_as_it_was_written_and_every_other_word_is_another_fingerprint() -> None:
    spec = sound(cancer_is_known=False)
    assert read(canonical(spec)) == spec
    changed = {"title": "Other", "purpose": "Other.", "fields": ("person.sex",), "k": 6, "drop_at_most": 4}
    prints = {fingerprint(canonical(dataclasses.replace(spec, **{name: value}))) for name, value in changed.items()}
    assert len(prints | {fingerprint(canonical(spec))}) == len(changed) + 1


def test_what_others_may_know_follows_from_the_fields() -> None:
    assert sound().rules.quasi == QUASI
    assert sound(fields=("person.sex", "score.value")).rules.quasi == ("sex",)
    apart = sound(cancer_is_known=False).rules
    assert ("cancer" not in apart.quasi, apart.diverse, apart.l) == (True, "cancer", 2)


def test_no_field_can_hold_who_somebody_is_and_each_that_others_may_know_can_be_made_wider() -> None:
    names = {one.name for table in TABLES.values() for one in table}
    assert not names & FORBIDDEN
    assert set(QUASI) == set(STEPS)
    assert all(f"person.{name}" in BY_KEY for name in QUASI)


def test_each_field_has_words_a_source_and_says_what_may_stand_in_it() -> None:
    for table in TABLES.values():
        for one in table:
            assert one.label and one.source, one.key
            assert one.type != "string" or one.allowed or one.pattern, one.key


def test_fields_come_with_what_holds_their_table_together_in_the_order_of_the_list() -> None:
    assert unknown(["person.sex", "person.name"]) == ["person.name"]
    found = columns(["score.value", "person.sex", "score.scale"])
    assert {name: [one.name for one in some] for name, some in found.items()} == {
        "person": ["pid", "sex"], "score": ["pid", "form", "scale", "value"],
    }  # fmt: skip
    assert quasi_in(["score.value"]) == ()
    assert [one.name for one in columns(["score.value"])["person"]] == ["pid"]
    assert [one.name for one in columns(["goal.value"])["goal"]] == ["pid", "goal", "value"]
    assert ALWAYS == ("pid", "form", "goal")


@pytest.mark.parametrize(
    ("key", "value", "may"),
    [
        ("person.sex", "female", True), ("person.sex", "Pat Example", False), ("person.sex", 1, False),
        ("person.area", "Dorset", True), ("person.area", "SO17 1BJ", False), ("person.age_band", "1955-1959", True),
        ("person.age_band", "1958-03-01", False), ("person.start_quarter", "2026-Q1", True),
        ("form.instrument", "safefit-wellbeing", True), ("form.instrument", "not a code", False),
        ("score.value", 4.5, True), ("score.value", 4, True), ("score.value", True, False), ("score.value", "4", False),
        ("form.rel_day", -3, True), ("form.rel_day", 1.5, False), ("form.rel_day", None, True),
        ("session.attended", True, True), ("session.attended", 1, False), ("item.answer", "-2.5", True),
    ],
)  # fmt: skip
def test_what_may_stand_in_a_column(key: str, value: Any, may: bool) -> None:
    assert fits(BY_KEY[key], value, ["Dorset"]) is may


def test_who_it_is_about_is_never_empty() -> None:
    assert not fits(TABLES["form"][0], None)


def test_a_version_in_words_becomes_a_code() -> None:
    assert as_code("3.0 (UK, digital)") == "3.0-UK-digital"


def test_what_is_sealed_opens_for_its_recipient_alone() -> None:
    sealed = seal(b"PK\x05\x06" + bytes(18), wanted().public_key)  # an archive of nothing
    assert opened(sealed) == {}
    with pytest.raises(Unsealable):
        recipient_of("age1notakey")
