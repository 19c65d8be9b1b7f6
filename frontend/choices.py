"""Form fields that offer a choice: select, radios, checkboxes, yes or no, a single tick.

Here: what may be chosen, with hints, dividers and fields that a choice reveals.
Not here: text (fields.py), dates and times (moments.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from frontend.fields import DesignField


@dataclass(frozen=True)
class Choice:
    """One thing to choose. `reveals` names fields of the same form that are asked only when it is chosen."""

    value: str
    label: str
    hint: str = ""
    reveals: tuple[str, ...] = ()
    exclusive: bool = False  # checkboxes: "None of these" clears all others


@dataclass(frozen=True)
class Divider:
    """A word between two choices."""

    words: str = "or"


Option = Choice | Divider | tuple[str, str]


class Offering(DesignField, forms.ChoiceField):
    """What select, radios and checkboxes share. `offer` sets the options again for one form."""

    verb = "Select"
    options: list[Choice | Divider]

    def __init__(self, *, options: Iterable[Option] = (), missing: str = "", called: str = "", **rest: Any) -> None:
        super().__init__(missing=missing, called=called, **rest)
        self.error_messages["invalid_choice"] = "Select an answer from the list"
        self.error_messages["invalid_list"] = "Select an answer from the list"
        self.offer(options)

    def __deepcopy__(self, memo: dict[int, Any]) -> Offering:
        copied = super().__deepcopy__(memo)
        copied.options = list(self.options)
        return copied

    def offer(self, options: Iterable[Option]) -> None:
        self.options = [Choice(str(o[0]), str(o[1])) if isinstance(o, tuple) else o for o in options]
        self.choices = [(o.value, o.label) for o in self.options if isinstance(o, Choice)]

    def revealing(self) -> dict[str, str]:
        """Revealed field → the value that reveals it."""
        return {name: o.value for o in self.options if isinstance(o, Choice) for name in o.reveals}

    def items(self, bound: BoundField, chosen: Sequence[str]) -> list[dict[str, object]]:
        return [
            {"divider": o.words} if isinstance(o, Divider) else self._item(bound, o, o.value in chosen)
            for o in self.options
        ]

    def _item(self, bound: BoundField, choice: Choice, checked: bool) -> dict[str, object]:
        shown = "".join(draw_revealed(bound, name) for name in choice.reveals)
        return {
            "value": choice.value,
            "text": choice.label,
            "checked": checked,
            "hint": {"text": choice.hint} if choice.hint else {},
            "conditional": {"html": shown} if shown else {},
            "behaviour": "exclusive" if choice.exclusive else "",
        }


def draw_revealed(bound: BoundField, name: str) -> str:
    inner = bound.form[name]
    return inner.field.draw(inner) if isinstance(inner.field, DesignField) else str(inner)


def _chosen(value: object) -> list[str]:
    values = value if isinstance(value, list | tuple | set | frozenset) else [value]
    return [str(v) for v in values if v is not None and v != ""]


class SelectField(Offering):
    """A list that opens. Prefer radios for up to seven things; `empty` is the words of the blank line."""

    component = "select"

    def __init__(self, *, empty: str = "Choose one", autocomplete: str | None = None, **rest: Any) -> None:
        super().__init__(**rest)
        self.empty, self.autocomplete = empty, autocomplete

    def params(self, bound: BoundField) -> dict[str, object]:
        chosen = _chosen(bound.value())
        items: list[dict[str, object]] = [{"value": "", "text": self.empty}] if self.empty else []
        items += [
            {"value": o.value, "text": o.label, "selected": o.value in chosen}
            for o in self.options
            if isinstance(o, Choice)
        ]
        autocomplete = {"attributes": {"autocomplete": self.autocomplete}} if self.autocomplete else {}
        return super().params(bound) | {"items": items} | autocomplete


class RadiosField(Offering):
    """One of a few. `inline` puts two short answers side by side."""

    component = "radios"
    widget = forms.RadioSelect

    def __init__(self, *, inline: bool = False, **rest: Any) -> None:
        super().__init__(**rest)
        self.inline = inline

    def params(self, bound: BoundField) -> dict[str, object]:
        return self.common(bound) | {
            "id": None,
            "idPrefix": bound.auto_id,
            "fieldset": {"legend": self.title()},
            "inline": self.inline,
            "items": self.items(bound, _chosen(bound.value())),
        }


class YesNoField(RadiosField):
    """Yes or no. The value is True, False, or None when it may be left out. `yes` and `no` are the words."""

    blank = None

    def __init__(
        self,
        *,
        yes: str = "Yes",
        no: str = "No",
        reveals: tuple[str, ...] = (),
        inline: bool = True,
        **rest: Any,
    ) -> None:
        options = (Choice("yes", yes, reveals=reveals), Choice("no", no))
        super().__init__(options=options, inline=inline and not reveals, **rest)

    def prepare_value(self, value: object) -> object:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value

    def clean(self, value: Any) -> bool | None:
        return {"yes": True, "no": False}.get(super().clean(value))


class CheckboxesField(Offering, forms.MultipleChoiceField):
    """Any of several; the value is a list. A choice marked `exclusive` stands alone."""

    component = "checkboxes"
    widget = forms.CheckboxSelectMultiple
    blank = ()

    def params(self, bound: BoundField) -> dict[str, object]:
        return self.common(bound) | {
            "id": None,
            "idPrefix": bound.auto_id,
            "fieldset": {"legend": self.title()},
            "items": self.items(bound, _chosen(bound.value())),
        }

    def clean(self, value: Any) -> list[str]:
        chosen = [str(v) for v in super().clean(value)]
        alone = [o for o in self.options if isinstance(o, Choice) and o.exclusive and o.value in chosen]
        if alone and len(chosen) > 1:
            raise ValidationError(
                f"Select the ones that are true for you, or select “{alone[0].label}”", code="exclusive"
            )
        return chosen


class ConfirmField(DesignField, forms.BooleanField):
    """A single tick. Required by default, so `missing` says what to do: "Tick to say that …"."""

    component = "checkboxes"
    verb = "Tick"
    blank = False

    def params(self, bound: BoundField) -> dict[str, object]:
        hint = {"text": str(self.hint)} if self.hint else {}
        item = {"value": "yes", "text": self.label, "hint": hint, "checked": bound.value() in (True, "yes", "on")}
        return self.common(bound) | {"id": None, "hint": None, "idPrefix": bound.auto_id, "items": [item]}
