"""Choices: what is offered, revealed, refused and kept."""

from __future__ import annotations

import pytest

from frontend import forms

Choice = forms.Choice


class Contact(forms.Form):
    how = forms.RadiosField(
        label="How shall we reach you?",
        missing="Select how we should reach you",
        options=[
            Choice("email", "Email", hint="Within two days"),
            Choice("text", "Text message", reveals=("sms", "who")),
        ],
    )
    sms = forms.PhoneField(label="Mobile number", called="your mobile number")
    who = forms.YesNoField(label="Is it yours?", missing="Select yes if it is yours", reveals=("name",))
    name = forms.TextField(label="Whose is it?", called="whose it is")


class Needs(forms.Form):
    needs = forms.CheckboxesField(
        label="What would help?",
        missing="Select what would help",
        options=[Choice("loop", "Hearing loop"), forms.Divider(), Choice("none", "None of these", exclusive=True)],
    )


def test_nothing_chosen_says_what_to_do() -> None:
    assert Contact({}).errors == {"how": ["Select how we should reach you"]}
    assert Needs({}).errors == {"needs": ["Select what would help"]}


def test_what_a_choice_reveals_is_asked_only_when_it_is_chosen() -> None:
    form = Contact({"how": "email", "sms": "nonsense", "name": "left over"})
    assert form.is_valid()
    assert form.cleaned_data == {"how": "email", "sms": "", "who": None, "name": ""}
    assert set(Contact({"how": "text"}).errors) == {"sms", "who"}


def test_what_is_revealed_can_reveal_again() -> None:
    sent = {"how": "text", "sms": "07700 900 982", "who": "yes"}
    assert set(Contact(sent).errors) == {"name"}
    form = Contact(sent | {"who": "no"})
    assert form.is_valid()
    assert form.cleaned_data["who"] is False


def test_a_revealed_field_stands_inside_its_choice_and_nowhere_else() -> None:
    drawn = forms.draw_all(Contact())
    assert drawn.count('name="sms"') == 1
    assert drawn.index('id="conditional-id_how-2"') < drawn.index('name="sms"')


def test_an_answer_not_on_offer_is_refused_in_plain_words() -> None:
    assert Contact({"how": "pigeon"}).errors["how"] == ["Select an answer from the list"]
    assert Needs({"needs": ["pigeon"]}).errors["needs"] == ["Select an answer from the list"]


def test_none_of_these_stands_alone() -> None:
    form = Needs({"needs": ["loop", "none"]})
    assert form.errors["needs"] == ["Select the ones that are true for you, or select “None of these”"]
    assert Needs({"needs": ["none"]}).is_valid()


def test_what_was_chosen_stays_chosen() -> None:
    drawn = forms.draw(Needs({"needs": ["loop", "none"]})["needs"])
    assert drawn.count(" checked") == 2
    assert ">or<" in drawn


def test_options_can_be_set_for_one_form_without_touching_the_next() -> None:
    form = Needs()
    field = form.fields["needs"]
    assert isinstance(field, forms.CheckboxesField)
    field.offer([("a", "Only this")])
    assert "Only this" in forms.draw(form["needs"])
    assert "Only this" not in forms.draw(Needs()["needs"])


def test_a_list_opens_with_a_blank_line_and_keeps_what_was_selected() -> None:
    class Where(forms.Form):
        where = forms.SelectField(label="County", options=[("d", "Dorset"), ("h", "Hampshire")], autocomplete="off")
        bare = forms.SelectField(label="Size", options=[("s", "Small")], empty="")

    drawn = forms.draw(Where({"where": "h"})["where"])
    assert "Choose one" in drawn
    assert drawn.count("selected") == 1
    assert Where({"where": ""}).errors["where"] == ["Select county"]
    assert "Choose one" not in forms.draw(Where()["bare"])


@pytest.mark.parametrize(("known", "marked"), [(True, 'value="yes" checked'), (False, 'value="no" checked')])
def test_yes_or_no_already_known_is_marked(known: bool, marked: str) -> None:
    assert marked in forms.draw(Contact(initial={"who": known})["who"])


def test_a_tick_must_be_ticked() -> None:
    class Agree(forms.Form):
        agree = forms.ConfirmField(label="I have read this", missing="Tick to say you have read this")

    assert Agree({}).errors["agree"] == ["Tick to say you have read this"]
    good = Agree({"agree": "yes"})
    assert good.is_valid()
    assert good.cleaned_data["agree"] is True
    assert " checked" in forms.draw(good["agree"])


def test_what_a_tick_means_stands_under_it_and_belongs_to_it() -> None:
    class Agree(forms.Form):
        agree = forms.ConfirmField(label="Tell me", hint="By email", missing="Tick or leave empty", required=False)

    drawn = forms.draw(Agree()["agree"])
    assert drawn.index("Tell me") < drawn.index("By email")
    assert 'aria-describedby="id_agree-item-hint"' in drawn


def test_filters_require_nothing_and_say_nothing_of_it() -> None:
    class Filters(forms.FilterForm):
        where = forms.SelectField(label="Where", options=[("d", "Dorset")])
        shown = forms.HiddenField()

    form = Filters({})
    assert form.is_valid()
    assert "(optional)" not in forms.draw_all(form)
