"""Whole forms: the error summary, the answer's status, library forms."""

from __future__ import annotations

import pytest
from django import forms as stock_forms
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory

from frontend import forms
from tests.unit.frontend.pages import draw_page

pytestmark = pytest.mark.urls("tests.unit.frontend.urls")


class Name(forms.Form):
    key = forms.HiddenField(required=False)
    name = forms.TextField(label="Your name")


class Library(stock_forms.Form):
    login = stock_forms.EmailField(label="Email", help_text="The one you signed up with")
    password = stock_forms.CharField(widget=stock_forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    code = stock_forms.CharField()
    remember = stock_forms.BooleanField(label="Remember me", required=False)
    which = stock_forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=stock_forms.RadioSelect)
    size = stock_forms.ChoiceField(choices=[("s", "Small")])
    secret = stock_forms.CharField(widget=stock_forms.HiddenInput, initial="k")


def request() -> HttpRequest:
    made = RequestFactory().get("/")
    made.user = AnonymousUser()
    return made


def test_an_invalid_form_answers_422_with_a_summary_above_the_heading_and_error_in_the_title() -> None:
    page = draw_page("{% block main %}<h1>Name</h1>{{ ui.form(form, csrf_input) }}{% endblock %}", form=Name({}))
    assert "<title>Error: " in page
    assert page.index("nhsuk-error-summary") < page.index("<h1>")
    assert 'href="#id_name"' in page
    assert forms.render_form(request(), "404.html", {}, Name({})).status_code == 422


def test_a_form_not_yet_sent_answers_200_without_a_summary() -> None:
    page = draw_page("{% block main %}{{ ui.form(form, csrf_input) }}{% endblock %}", form=Name())
    assert "Error: " not in page
    assert "nhsuk-error-summary" not in page
    assert forms.render_form(request(), "404.html", {}, Name()).status_code == 200
    assert forms.error_summary(Name()) == ""


def test_a_refusal_that_is_nobodys_typing_keeps_what_was_typed_and_its_own_status() -> None:
    form = Name({"name": "Pat"})
    form.add_error(None, "The last place has just gone.")
    assert "The last place has just gone." in forms.error_summary(form)
    assert 'value="Pat"' in forms.draw_all(form)
    assert forms.render_form(request(), "404.html", {}, form, status=409).status_code == 409


def test_what_was_sent_counts_even_when_it_is_empty() -> None:
    assert forms.posted(RequestFactory().post("/", {})) == {}
    assert forms.posted(RequestFactory().get("/?name=Pat")) is None
    assert not Name(forms.posted(RequestFactory().post("/", {}))).is_valid()


def test_hidden_values_travel_along() -> None:
    assert '<input type="hidden" name="key" value="k1"' in forms.draw_all(Name(initial={"key": "k1"}))


def test_a_library_form_is_drawn_in_the_design_system() -> None:
    drawn = forms.draw_all(Library())
    assert drawn.count("nhsuk-input") >= 3
    assert 'type="password"' in drawn
    assert 'autocomplete="current-password"' in drawn
    assert 'inputmode="numeric"' in drawn
    assert "The one you signed up with" in drawn
    assert "nhsuk-radios" in drawn
    assert "nhsuk-select" in drawn
    assert "nhsuk-checkboxes" in drawn
    assert 'name="secret" value="k"' in drawn
    assert 'name="secret"' in forms.draw(Library()["secret"])


def test_a_password_is_never_sent_back() -> None:
    form = Library({"login": "nope", "password": "hunter2 hunter2"})
    drawn = forms.draw_all(form)
    assert "hunter2" not in drawn
    assert 'value="nope"' in drawn
    assert 'href="#id_login"' in forms.error_summary(form)


def test_no_two_parts_of_a_drawn_form_share_an_id() -> None:
    drawn = forms.draw_all(Library({})).split('id="')[1:]
    ids = [part.split('"')[0] for part in drawn]
    assert len(ids) == len(set(ids))
