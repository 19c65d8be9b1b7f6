"""Draw a field of a library's own form (sign-in, second factor) in the design system.

Here: stock Django fields told apart by their widget. Not here: our own fields,
which draw themselves. Called by forms.py.
"""

from __future__ import annotations

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from frontend.nhsuk import component

NUMERIC_NAMES = {"code"}


def draw(bound: BoundField) -> SafeString:
    widget = bound.field.widget
    if isinstance(widget, forms.HiddenInput):
        return bound.as_widget()
    common: dict[str, object] = {
        "name": bound.html_name,
        "hint": {"text": str(bound.help_text)} if bound.help_text else None,
        "errorMessage": {"text": bound.errors[0]} if bound.errors else None,
    }
    if isinstance(widget, forms.CheckboxInput):
        item = {"value": "on", "text": str(bound.label), "checked": bool(bound.value())}
        return component("checkboxes", common | {"idPrefix": bound.auto_id, "items": [item]})
    if isinstance(widget, forms.RadioSelect):
        return component("radios", common | _choices(bound))
    common |= {"id": bound.auto_id, "label": {"text": str(bound.label), "size": "s"}}
    if isinstance(widget, forms.Select):
        return component("select", common | _choices(bound))
    return component("input", common | _line(bound, widget))


def _choices(bound: BoundField) -> dict[str, object]:
    chosen = str(bound.value())
    items = [
        {"value": value, "text": str(words), "checked": str(value) == chosen, "selected": str(value) == chosen}
        for value, words in getattr(bound.field, "choices", ())
    ]
    return {"items": items, "idPrefix": bound.auto_id, "fieldset": {"legend": {"text": str(bound.label), "size": "s"}}}


def _line(bound: BoundField, widget: forms.Widget) -> dict[str, object]:
    secret = isinstance(widget, forms.PasswordInput)
    value = bound.value()
    return {
        "type": getattr(widget, "input_type", "text"),
        "value": "" if secret or value is None else str(value),
        "autocomplete": widget.attrs.get("autocomplete"),
        "inputmode": "numeric" if bound.name in NUMERIC_NAMES else widget.attrs.get("inputmode"),
        "spellcheck": False,
        "width": 10 if bound.name in NUMERIC_NAMES else 30,
    }
