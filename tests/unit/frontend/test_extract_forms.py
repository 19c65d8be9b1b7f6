from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone

from frontend.extract_forms import ExtractForm, filled_in, new_form
from frontend.extract_words import WHY_NOT, beside_words, fault_words, left_out_words, protection_words, wider_words
from outcomes.extracts import building, making
from outcomes.extracts.specification import faults
from outcomes.extracts.widening import USUAL_ORDER
from tests.factories.extracts import filled, wanted


def sent(**said: Any) -> ExtractForm:
    """The form as it was posted, with what its rules find."""
    data = QueryDict(mutable=True)
    for name, value in filled(**said).items():
        data.setlist(name, value if isinstance(value, list) else [str(value)])
    form = ExtractForm([], data)
    if form.is_valid():
        form.show_faults(faults(form.wanted, today=timezone.localdate()))
    return form


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"users": "Robin Reader, soon"},
            "Enter a name, a comma and a day, like Robin Reader, 3/5/2026: Robin Reader, soon",
        ),
        ({"users": "Robin Reader, 31/2/2026"}, "like Robin Reader, 3/5/2026: Robin Reader, 31/2/2026"),
        ({"users": "Robin Reader, 1/1/2999"}, "The day of training lies ahead: Robin Reader"),
        ({"k": "4"}, "A group must have at least 5 people"),
        ({"secure": "yes"}, "A group must have at least 10 people"),
        ({"order": "Area\nPostcode"}, "or not so often: Postcode"),
        ({"order": "Area\n\n  sex  \nSex"}, "or not so often: Sex"),
        ({"public_key": "ssh-rsa AAAA"}, "This is not a public key of the program “age”"),
        ({"of_person": [], "of_score": []}, "Select at least one fact"),
        ({"of_person": ["person.postcode"]}, "Select an answer from the list"),
        ({"cancer_is_known": "no", "l": "1", "of_person": ["person.cancer"]}, "at least 2 kinds of cancer"),
        ({"drop_at_most": "51"}, "At most 50 in 100 people may be left out"),
        ({"expires_on-year": "2020"}, "The last day must lie ahead, by 5 years at most"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(changes: dict[str, Any], said: str) -> None:
    form = sent(**changes)
    assert len(form.errors) == 1
    assert said in str(next(iter(form.errors.values()))[0])


def test_what_was_asked_for_is_filled_in_again_as_it_was() -> None:
    spec = wanted(order=("area",), cancer_is_known=False)
    again = ExtractForm([], initial=filled_in(spec))
    day = spec.expires_on
    said = {name: again.get_initial_for_field(field, name) for name, field in again.fields.items()}
    said |= {"expires_on-day": day.day, "expires_on-month": day.month, "expires_on-year": day.year}
    form = sent(**(said | {"secure": "no", "l": "2"}))
    assert form.errors == {}
    assert form.wanted == spec


def test_an_empty_form_has_the_usual_protection_in_it() -> None:
    lines = new_form()["order"].splitlines()
    assert lines[:3] == ["Ethnic group", "Area", "Kind of cancer, in groups"] and len(lines) == len(USUAL_ORDER)
    assert sent(order="\n".join(lines)).wanted.order == USUAL_ORDER
    assert protection_words(wanted(cancer_is_known=False))[1] == "Among them are at least 2 kinds of cancer."
    assert protection_words(wanted())[3].startswith("Days are counted from each person’s first class.")
    assert len(protection_words(wanted(fields=("person.sex",)))) == 3


def test_what_was_made_less_exact_is_said_by_its_label() -> None:
    assert wider_words(["area", "age_band", "age_band"]) == "Area; Year of birth, in bands (2 times)"
    assert wider_words([]) == "Nothing"


def test_every_reason_why_one_was_not_built_has_words() -> None:
    reasons = (making.NOT_AGREED, making.TOO_FEW, making.UNSAFE, making.KEY_GONE, making.KEY_OPEN, building.ERROR)
    assert set(WHY_NOT) == set(reasons)


def test_every_fault_has_words() -> None:
    spec = wanted(title="", users=(), fields=("person.postcode",), order=("x",), k=1, public_key="", drop_at_most=99)
    assert all(fault_words(fault) for fault in faults(spec, today=timezone.localdate()))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "None"),
        (None, "Fewer than 5"),
        (20, "About 20, 5 in 100"),
        (65, "About 65, 15 in 100. That is more than the 5 in 100 that were agreed to: "),
    ],
)
def test_how_many_are_left_out_is_held_against_what_was_agreed_to(number: int | None, words: str) -> None:
    manifest = {"left_out": {"people": number}, "people": 380, "protection": {"k": 5}}
    said = left_out_words(manifest, 5)
    assert said == words or words.endswith(": ") and said.startswith(words)


def test_what_it_was_looked_at_together_with_is_named() -> None:
    assert [beside_words(some) for some in ([], [1], [1, 2])] == ["", "Extract 1", "Extracts 1 and 2"]
