"""Fields of one line or one box of text: what they accept, say and draw."""

from __future__ import annotations

import pytest

from frontend import forms

HIDDEN = "holds a hidden character. Delete it all and type it again, without pasting"


class About(forms.Form):
    name = forms.TextField(label="Your name", autocomplete="name", max_length=10, hint="As you like to be called")
    email = forms.EmailField(called="your email address", required=False)
    phone = forms.PhoneField(required=False)
    postcode = forms.PostcodeField(required=False)
    places = forms.NumberField(label="How many places?", called="the number of places", min_value=1, required=False)
    near = forms.NumberField(label="How near?", called="how near it is", max_value=10, required=False)
    notes = forms.LongTextField(label="Anything else?", max_length=5, required=False)


def error(name: str, value: str) -> str:
    form = About({"name": "Pat", name: value})
    return str(form.errors[name][0]) if name in form.errors else ""


def cleaned(name: str, value: str) -> object:
    form = About({"name": "Pat", name: value})
    assert form.is_valid(), form.errors
    return form.cleaned_data[name]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("name", " ", "Enter your name"),
        ("name", "x" * 11, "Your name must be 10 characters or fewer"),
        ("name", "a\x00b", f"Your name {HIDDEN}"),
        ("name", "\u202etaP", f"Your name {HIDDEN}"),
        ("name", "Pat\nQuinn", f"Your name {HIDDEN}"),
        ("email", "pat@ex\u200bample.com", f"Your email address {HIDDEN}"),
        ("phone", "\u202a01632 960 001\u202c", f"Phone number {HIDDEN}"),
        ("notes", "1\u20662", f"Your answer {HIDDEN}"),
        ("email", "nope", "Enter an email address in the correct format, like name@example.com"),
        ("phone", "12", "Enter a phone number, like 01632 960 001 or 07700 900 982"),
        ("phone", "call me", "Enter a phone number, like 01632 960 001 or 07700 900 982"),
        ("phone", "01632 960 001 ext 4", "Enter a phone number, like 01632 960 001 or 07700 900 982"),
        ("postcode", "BH15", "Enter a full UK postcode, like BH15 1AA"),
        ("phone", "9" * 41, "Enter a phone number, like 01632 960 001 or 07700 900 982"),
        ("postcode", "B" * 21, "Enter a full UK postcode, like BH15 1AA"),
        ("near", "ten", "How near it is must be a whole number, from 0 to 10"),
        ("places", "1" * 21, "The number of places must be a whole number, like 12"),
        ("places", "1.5", "The number of places must be a whole number, like 12"),
        ("places", "1_0", "The number of places must be a whole number, like 12"),
        ("places", "٣", "The number of places must be a whole number, like 12"),
        ("places", "0", "The number of places must be a number from 1 to 999,999"),
        ("places", "-4", "The number of places must be a number from 1 to 999,999"),
        ("notes", "123456", "Your answer must be 5 characters or fewer"),
    ],
)
def test_a_wrong_answer_says_what_to_do(name: str, value: str, words: str) -> None:
    assert error(name, value) == words


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("name", " Pat ", "Pat"),
        ("name", "Siân", "Siân"),
        ("name", "علی\u200cرضا", "علی\u200cرضا"),
        ("email", "pat@example.com", "pat@example.com"),
        ("email", "", ""),
        ("phone", "01632 960 001", "+441632960001"),
        ("phone", "+33 1 23 45 67 89", "+33123456789"),
        ("phone", "", ""),
        ("postcode", "bh151aa", "BH15 1AA"),
        ("postcode", "", ""),
        ("places", "12", 12),
        ("places", "", None),
        ("notes", "1\r\n3\r\n5", "1\n3\n5"),
    ],
)
def test_a_good_answer_is_kept_in_one_form(name: str, value: str, kept: object) -> None:
    assert cleaned(name, value) == kept


def test_what_was_typed_is_still_there_after_an_error_and_is_escaped() -> None:
    form = About({"name": '<b>"Pat & Quinn"</b>'})
    drawn = forms.draw(form["name"])
    assert "&lt;b&gt;" in drawn
    assert "<b>" not in drawn


def test_a_field_ties_its_hint_and_its_error_to_the_box() -> None:
    drawn = forms.draw(About({})["name"])
    assert 'aria-describedby="id_name-hint id_name-error"' in drawn
    assert 'autocomplete="name"' in drawn
    assert "Enter your name" in drawn


def test_the_right_keyboard_opens_for_each_kind() -> None:
    form = About()
    assert 'type="email"' in forms.draw(form["email"])
    assert 'inputmode="tel"' in forms.draw(form["phone"])
    assert 'inputmode="numeric"' in forms.draw(form["places"])
    assert 'autocomplete="postal-code"' in forms.draw(form["postcode"])


def test_a_long_answer_counts_what_is_left() -> None:
    assert 'data-maxlength="5"' in forms.draw(About()["notes"])


def test_only_what_may_be_left_out_says_so() -> None:
    form = About()
    assert "Phone number (optional)" in forms.draw(form["phone"])
    assert "(optional)" not in forms.draw(form["name"])


def test_the_one_question_of_a_page_is_its_heading() -> None:
    class Name(forms.Form):
        name = forms.TextField(
            label="What is your name?", called="your name", page_heading=True, caption="About you", required=False
        )

    drawn = forms.draw(Name()["name"])
    assert "<h1" in drawn
    assert "About you" in drawn
    assert "(optional)" not in drawn


def test_a_question_must_say_what_is_missing() -> None:
    with pytest.raises(TypeError, match="Say what is missing"):
        forms.TextField(label="What is your name?")


def test_initials_in_a_label_keep_their_capitals() -> None:
    assert forms.TextField(label="NHS number").error_messages["required"] == "Enter NHS number"
