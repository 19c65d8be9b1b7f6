"""The form of every page, and the one way to show it.

    from frontend import forms

    class NameForm(forms.Form):
        name = forms.TextField(label="What is your name?", called="your name", page_heading=True)

    def name(request):
        form = NameForm(forms.posted(request), initial={...})
        if form.is_valid():
            ...
            return redirect("me:next")
        return forms.render_form(request, "frontend/me/name.html", {...}, form)

In the template: `{{ ui.form(form, csrf_input, button="Continue") }}`, or field by
field `{{ form.name|field }}` inside a form of your own. The base page puts the
error summary above the heading and "Error: " into the title by itself. A field
named in a choice's `reveals` is drawn inside that choice, asked only when it is
chosen, and empty otherwise. Library forms (sign-in) are drawn the same way.

Here: the form, its error summary, `render_form`. Not here: the fields
(fields.py, choices.py, moments.py, all reachable from here).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms as django_forms
from django.core.validators import RegexValidator
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe

from frontend import stock
from frontend.choices import (
    CheckboxesField,
    Choice,
    ConfirmField,
    Divider,
    Offering,
    RadiosField,
    SelectField,
    YesNoField,
)
from frontend.fields import (
    DecimalField,
    DesignField,
    EmailField,
    FileField,
    LongTextField,
    NhsNumberField,
    NumberField,
    PhoneField,
    PostcodeField,
    TextField,
)
from frontend.moments import DateField, TimeField
from frontend.nhsuk import component

__all__ = [
    "CheckboxesField",
    "Choice",
    "ConfirmField",
    "DateField",
    "DecimalField",
    "Divider",
    "EmailField",
    "FileField",
    "FilterForm",
    "Form",
    "HiddenField",
    "LongTextField",
    "NhsNumberField",
    "NumberField",
    "PhoneField",
    "PostcodeField",
    "RadiosField",
    "RequestKeyField",
    "SelectField",
    "TextField",
    "TimeField",
    "YesNoField",
    "draw",
    "draw_all",
    "error_summary",
    "has_errors",
    "keys_in",
    "posted",
    "render_form",
]


class HiddenField(django_forms.CharField):
    """A value that the page carries along, such as a version."""

    widget = django_forms.HiddenInput


class RequestKeyField(HiddenField):
    """What makes a form that is sent twice one request. A page draws it; one of another kind does nothing at all."""

    def __init__(self) -> None:
        drawn_by_us = RegexValidator(r"\A[-\w]+\Z", "Open this page again, and then press once more", flags=re.ASCII)
        super().__init__(max_length=64, validators=[drawn_by_us])


class Form(django_forms.Form):
    """A page's form. What a choice reveals is asked only when it is chosen."""

    use_required_attribute = False  # the browser's own bubbles are not in our words

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        for name in self._not_asked():
            self.errors.pop(name, None)
            field = self.fields[name]
            self.cleaned_data[name] = field.blank if isinstance(field, DesignField) else None

    def _not_asked(self) -> list[str]:
        hidden: list[str] = []
        for name, field in self.fields.items():
            if isinstance(field, Offering):
                sent = [] if name in hidden else _sent(self[name])
                hidden += [revealed for revealed, value in field.revealing().items() if value not in sent]
        return hidden

    def show_as(self, name: str, value: str) -> None:
        """What the page says of `name` when it is drawn once more; all the rest stands as it was sent."""
        sent: Any = self.data
        again = sent.copy()  # a browser sends lists of values, which a plain dict would not read
        again[name] = value
        self.data = again

    def revealed_names(self) -> set[str]:
        """Fields that a choice draws, so the form does not draw them again."""
        return {r for field in self.fields.values() if isinstance(field, Offering) for r in field.revealing()}


class FilterForm(Form):
    """Narrows a list, by GET: `form = ClassFilters(request.GET)`. Nothing is required, so nothing says "optional"."""

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        for field in self.fields.values():
            field.required = False
            if isinstance(field, DesignField):
                field.marks_optional = False


def _sent(bound: BoundField) -> list[str]:
    value = bound.value()
    return [str(v) for v in value] if isinstance(value, list | tuple) else [str(value)]


def draw(bound: BoundField) -> SafeString:
    """One field with its label, hint and error; the filter `field` of every template."""
    field = bound.field
    return field.draw(bound) if isinstance(field, DesignField) else stock.draw(bound)


def draw_all(form: django_forms.BaseForm) -> SafeString:
    """Every field of `form`, in order; the hidden ones first."""
    inside = form.revealed_names() if isinstance(form, Form) else set()
    drawn = [str(bound) for bound in form.hidden_fields()]
    drawn += [draw(bound) for bound in form.visible_fields() if bound.name not in inside]
    return mark_safe("\n".join(drawn))  # noqa: S308  each part is safe already


def has_errors(form: object) -> bool:
    return isinstance(form, django_forms.BaseForm) and form.is_bound and bool(form.errors)


def error_summary(form: django_forms.BaseForm) -> SafeString:
    """What went wrong, each line a link to its field; empty when nothing did."""
    if not has_errors(form):
        return mark_safe("")
    lines: list[dict[str, object]] = [{"text": str(error)} for error in form.non_field_errors()]
    lines += [{"text": str(bound.errors[0]), "href": f"#{_target(bound)}"} for bound in form if bound.errors]
    return component("error-summary", {"titleText": "There is a problem", "errorList": lines})


def _target(bound: BoundField) -> str:
    field = bound.field
    return field.error_target(bound) if isinstance(field, DesignField) else bound.auto_id


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, even when it is empty; None for a page that is only looked at."""
    return request.POST if request.method == "POST" else None


LONGEST_KEY = 19  # digits of a bigint


def keys_in(sent: Iterable[str]) -> list[int]:
    """The keys among what a browser sent; whatever else somebody typed there names nothing."""
    return [int(key) for key in sent if key.isdecimal() and len(key) < LONGEST_KEY]


def render_form(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    form: django_forms.BaseForm,
    *,
    status: int | None = None,
) -> HttpResponse:
    """The page with `form` in it: 200, or 422 when what was sent is not valid.

    A refusal that is nobody's typing (a lost race, a wrong state) passes
    `status=409` and adds its words with `form.add_error(None, …)`.
    """
    answer = status or (422 if has_errors(form) else 200)
    return render(request, template, {**context, "form": form}, status=answer)
