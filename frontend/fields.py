"""Form fields for one line or one box of text that draw the design system themselves.

Here: what every field shares (label, hint, the words of its errors) and the
text-like fields. Not here: choices (choices.py), dates and times (moments.py),
the form (forms.py, through which pages use all of this).
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString
from localflavor.gb.forms import GBPostcodeField

from accounts.letters import hidden_letter
from frontend.nhsuk import component
from frontend.wording import sentence
from participants.rules.nhs_number_rules import NotANumber, Problem, read_number


class DesignField(forms.Field):
    """A field of the design system.

    `called` is how an error names the thing: "your date of birth". It is taken
    from a label such as "Date of birth"; a label that asks a question cannot
    name it, so there `called` or `missing` (the whole sentence for a blank
    answer) must be given.
    """

    component: ClassVar[str] = "input"
    verb: ClassVar[str] = "Enter"
    blank: ClassVar[object] = ""  # the value when the question was not asked
    marks_optional = True

    def __init__(
        self,
        *,
        label: str,
        hint: str = "",
        called: str = "",
        missing: str = "",
        page_heading: bool = False,
        caption: str = "",
        **rest: Any,
    ) -> None:
        if label.endswith("?") and rest.get("required", True) and not (called or missing):
            raise TypeError(f"Say what is missing when {label!r} is left blank: pass called= or missing=.")
        named = called or ("your answer" if label.endswith("?") else _lower_first(label))
        super().__init__(label=label, **rest)
        self.hint, self.called, self.page_heading, self.caption = hint, named, page_heading, caption
        self.error_messages["required"] = missing or f"{self.verb} {named}"

    def draw(self, bound: BoundField) -> SafeString:
        return component(self.component, self.params(bound))

    def params(self, bound: BoundField) -> dict[str, object]:
        return self.common(bound) | {"label": self.title()}

    def common(self, bound: BoundField) -> dict[str, object]:
        return {
            "id": bound.auto_id,
            "name": bound.html_name,
            "hint": {"text": str(self.hint)} if self.hint else None,
            "errorMessage": {"text": bound.errors[0]} if bound.errors else None,
        }

    def title(self) -> dict[str, object]:
        """The label or legend; the heading of the page where the page asks one thing."""
        marked = self.marks_optional and not (self.required or self.page_heading)
        text = f"{self.label}{' (optional)' if marked else ''}"
        caption = {"caption": {"text": self.caption}} if self.caption else {}
        size = "l" if self.page_heading else "s"
        return {"text": text, "size": size, "isPageHeading": self.page_heading, **caption}

    def error_target(self, bound: BoundField) -> str:
        """The id that a line of the error summary leads to."""
        return bound.auto_id

    def wrong(self, must: str, code: str = "invalid") -> ValidationError:
        """An error that names the thing and says what to do: "Your name must be …"."""
        return ValidationError(f"{sentence(self.called)} {must}", code=code)


def _lower_first(words: str) -> str:
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


class TextField(DesignField, forms.CharField):
    """One line of text. `width` is the width of the box in characters: 2, 3, 4, 5, 10, 20 or 30."""

    kind: ClassVar[str] = "text"
    lines: ClassVar[bool] = False

    def __init__(
        self,
        *,
        max_length: int = 200,
        width: int | None = None,
        autocomplete: str | None = None,
        inputmode: str | None = None,
        spellcheck: bool | None = None,
        **rest: Any,
    ) -> None:
        super().__init__(max_length=max_length, **rest)
        self.width, self.autocomplete, self.inputmode, self.spellcheck = width, autocomplete, inputmode, spellcheck
        self.say_of_too_long(f"{sentence(self.called)} must be {max_length:,} characters or fewer")

    def say_of_too_long(self, words: str) -> None:
        """What is far too long for a number or a postcode is none, and counting its letters helps nobody."""
        for validator in self.validators:
            if getattr(validator, "code", "") == "max_length":
                validator.message = words  # type: ignore[attr-defined]

    def to_python(self, value: Any) -> str:
        typed = str(super().to_python(value))
        if hidden_letter(typed, lines=self.lines):  # most often it was copied along, and cannot be seen to be taken out
            raise self.wrong(
                "holds a hidden character. Delete it all and type it again, without pasting", code="hidden"
            )
        return typed

    def params(self, bound: BoundField) -> dict[str, object]:
        return super().params(bound) | {
            "value": _text(bound.value()),
            "type": self.kind,
            "width": self.width,
            "autocomplete": self.autocomplete,
            "inputmode": self.inputmode,
            "spellcheck": self.spellcheck,
        }


def _text(value: object) -> str:
    return "" if value is None else str(value)


class LongTextField(TextField):
    """Several lines, with a count of the characters that are left."""

    component = "character-count"
    lines = True

    def __init__(self, *, max_length: int = 1000, rows: int = 5, **rest: Any) -> None:
        super().__init__(max_length=max_length, **rest)
        self.rows, self.longest = rows, max_length

    def to_python(self, value: Any) -> str:
        # A browser sends each line break as two characters but counts it as one.
        return str(super().to_python(value)).replace("\r\n", "\n")

    def params(self, bound: BoundField) -> dict[str, object]:
        given = super().params(bound)
        return given | {"rows": self.rows, "maxlength": self.longest, "threshold": 75, "type": None, "width": None}


class EmailField(TextField):
    kind = "email"

    def __init__(self, *, label: str = "Email address", autocomplete: str | None = "email", **rest: Any) -> None:
        super().__init__(label=label, autocomplete=autocomplete, inputmode="email", spellcheck=False, **rest)

    def clean(self, value: Any) -> str:
        address = str(super().clean(value))
        try:
            if address:
                validate_email(address)
        except ValidationError:
            raise ValidationError(
                "Enter an email address in the correct format, like name@example.com", code="invalid"
            ) from None
        return address


class PhoneField(TextField):
    """A UK telephone number, or one abroad with its country code; the value is E.164 text or ""."""

    kind = "tel"
    WRONG: ClassVar = "Enter a phone number, like 01632 960 001 or 07700 900 982"

    def __init__(self, *, label: str = "Phone number", autocomplete: str | None = "tel", **rest: Any) -> None:
        super().__init__(label=label, autocomplete=autocomplete, inputmode="tel", width=20, max_length=40, **rest)
        self.say_of_too_long(self.WRONG)

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value))
        if not typed:
            return ""
        try:
            number = phonenumbers.parse(typed, "GB")
        except phonenumbers.NumberParseException:
            number = None
        # Possible, not "valid": lists of numbers in use are out of date, and ringing it is the real test.
        if number is None or number.extension or not phonenumbers.is_possible_number(number):
            raise ValidationError(self.WRONG, code="invalid")
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


class PostcodeField(TextField):
    """A full UK postcode, returned in capitals with its space: "BH15 1AA"."""

    WRONG: ClassVar = "Enter a full UK postcode, like BH15 1AA"

    def __init__(self, *, label: str = "Postcode", autocomplete: str | None = "postal-code", **rest: Any) -> None:
        super().__init__(label=label, autocomplete=autocomplete, width=10, max_length=20, spellcheck=False, **rest)
        self.say_of_too_long(self.WRONG)

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value))
        try:
            return str(GBPostcodeField(required=False).clean(typed))
        except ValidationError:
            raise ValidationError(self.WRONG, code="invalid") from None


class NhsNumberField(TextField):
    """Ten figures that fit together, or "". What is kept already never stands in it: only how it ends is shown."""

    WRONG: ClassVar = {
        Problem.NOT_FIGURES: "Enter an NHS number as 10 figures, like 999 123 4560. Spaces are fine",
        Problem.NOT_TEN: "An NHS number has 10 figures. Count them, and enter it again",
        Problem.MISTYPED: "This is not an NHS number: the figures do not fit together. Check them one by one",
    }

    def __init__(self, **rest: Any) -> None:
        super().__init__(width=20, max_length=40, inputmode="numeric", autocomplete="off", spellcheck=False, **rest)
        self.say_of_too_long(self.WRONG[Problem.NOT_FIGURES])

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value))
        try:
            return read_number(typed) if typed else ""
        except NotANumber as wrong:
            raise ValidationError(self.WRONG[wrong.problem], code="invalid") from None


class FileField(DesignField, forms.FileField):
    """A file of a few kinds, no larger than `most_bytes`; what is in it is the business of whoever reads it."""

    component = "file-upload"
    verb = "Choose"
    widget = forms.FileInput

    def __init__(self, *, accept: str, most_bytes: int, **rest: Any) -> None:
        super().__init__(**rest)
        self.accept, self.most_bytes = accept, most_bytes
        self.error_messages["empty"] = f"{sentence(self.called)} is empty. Choose another"
        self.error_messages["invalid"] = self.error_messages["required"]

    def params(self, bound: BoundField) -> dict[str, object]:
        return super().params(bound) | {"attributes": {"accept": self.accept}}

    def clean(self, value: Any, initial: Any = None) -> Any:
        file = super().clean(value, initial)
        if file is not None and file.size > self.most_bytes:
            raise self.wrong(f"must be smaller than {self.most_bytes // 1024**2} MB")
        return file


AN_EXAMPLE = 12  # of a whole number, in the words of an error


class NumberField(TextField):
    """A whole number between two bounds; plain digits only. The value is an int or None."""

    blank = None

    def __init__(
        self, *, min_value: int = 0, max_value: int = 999_999, width: int | None = 5, suffix: str = "", **rest: Any
    ) -> None:
        super().__init__(width=width, inputmode="numeric", max_length=20, **rest)
        self.least, self.most, self.suffix = min_value, max_value, suffix
        self.say_of_too_long(str(self._not_whole().message))

    def params(self, bound: BoundField) -> dict[str, object]:
        return super().params(bound) | ({"suffix": self.suffix} if self.suffix else {})

    def clean(self, value: Any) -> int | None:
        typed = str(super().clean(value))
        if not typed:
            return None
        digits = typed.removeprefix("-")
        if not (digits.isascii() and digits.isdigit()):
            raise self._not_whole()
        if not self.least <= int(typed) <= self.most:
            raise self.wrong(f"must be a number from {self.least:,} to {self.most:,}")
        return int(typed)

    def _not_whole(self) -> ValidationError:
        """With an example, where the example itself would be taken."""
        fits = self.least <= AN_EXAMPLE <= self.most
        return self.wrong(
            "must be a whole number, " + (f"like {AN_EXAMPLE}" if fits else f"from {self.least:,} to {self.most:,}")
        )


class DecimalField(TextField):
    """A number, with a decimal point where it is wanted, between two bounds that may be absent. A float or None."""

    blank = None

    def __init__(self, *, least: float | None = None, most: float | None = None, suffix: str = "", **rest: Any) -> None:
        super().__init__(width=10, inputmode="decimal", max_length=20, **rest)
        self.say_of_too_long(str(self.wrong("must be a number, like 12 or 12.5").message))
        self.least, self.most, self.suffix = least, most, suffix

    def params(self, bound: BoundField) -> dict[str, object]:
        value = bound.value()
        shown = {"value": f"{value:.12g}"} if isinstance(value, int | float) else {}
        return super().params(bound) | ({"suffix": self.suffix} if self.suffix else {}) | shown

    def clean(self, value: Any) -> float | None:
        typed = str(super().clean(value))  # no comma: 70,5 is a decimal to one reader and 705 to another
        if not typed:
            return None
        if not _DECIMAL.fullmatch(typed):
            raise self.wrong("must be a number, like 12 or 12.5")
        number = float(typed)
        if (self.least is not None and number < self.least) or (self.most is not None and number > self.most):
            raise self.wrong(self._bounds())
        return number

    def _bounds(self) -> str:
        if self.least is None or self.most is None:
            return f"must be {self.most:,g} or less" if self.least is None else f"must be {self.least:,g} or more"
        return f"must be a number from {self.least:,g} to {self.most:,g}"


_DECIMAL = re.compile(r"-?\d{1,9}(\.\d{1,6})?", re.ASCII)
