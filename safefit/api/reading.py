"""What a request holds, read strictly: JSON, the fields of a shape, keys of other objects.

Stock behaviour that is mended here: "1_000" and Arabic digits pass as integers and dates; a
key of 1.5 is read as 1; unknown body fields are dropped in silence; deep JSON ends in a 500.
Not here: query filters (lists.py), views and answers (__init__.py, from which all of it is imported).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, NoReturn

from django.db import models
from django.utils.timezone import get_default_timezone
from rest_framework import exceptions, serializers
from rest_framework.parsers import JSONParser

from accounts.letters import hidden_letter

MAX_NESTING = 20
MOST_DIGITS = 100  # more than any number of ours; Python itself stops at some thousands, in words of its own

# A string that never ends is taken to the end of the text, and nothing is given back: no letter is looked at twice,
# however many quotes there are.
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{]|[\]}]', re.DOTALL)


def nesting_of(text: str) -> int:
    """The deepest nesting of brackets outside strings; 0 for a bare value."""
    deepest = depth = 0
    for token in _TOKEN.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token.group(), 0)
        deepest = max(deepest, depth)
    return deepest


def _refuse_constant(name: str) -> NoReturn:
    raise exceptions.ParseError(f"{name} is not a JSON number.")


def _whole_number(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise exceptions.ParseError(f"A number in the body has more than {MOST_DIGITS} digits.")
    return int(digits)


def _one_of_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise exceptions.ParseError("A name stands twice in one JSON object.")
    return found


def _refuse_half_letters(found: Any) -> None:
    """Half of a pair of escapes is no letter: nothing could store it, or say it back in an answer."""
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise exceptions.ParseError("An escape in the body stands for half a letter.") from None


class StrictJSONParser(JSONParser):
    """JSON of at most MAX_NESTING levels, in UTF-8, each name once, real numbers and whole letters only."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            text = stream.read().decode("utf-8")
        except UnicodeDecodeError:
            raise exceptions.ParseError("The body is not UTF-8.") from None
        if nesting_of(text) > MAX_NESTING:
            raise exceptions.ParseError(f"The body is nested more than {MAX_NESTING} levels deep.")
        try:
            found = json.loads(
                text, parse_int=_whole_number, parse_constant=_refuse_constant, object_pairs_hook=_one_of_each
            )
        except ValueError as error:
            raise exceptions.ParseError(f"The body is not JSON: {error}.") from None
        if "\\u" in text:
            _refuse_half_letters(found)
        return found


class _Plain:
    """Of a field that holds no other: a shape is given a copy of it, not one that is made anew.

    Every request makes a shape, and REST framework every field of it from how it was declared. Nothing of a field
    changes but where it stands and what it is called there, and a copy has these for itself. One that stands
    somewhere already (in a list, which is copied with it) is made anew.
    """

    parent: Any

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        if self.parent is not None:
            return super().__deepcopy__(memo)  # type: ignore[misc]
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__)
        return made


class StrictIntegerField(_Plain, serializers.IntegerField):
    """A JSON integer, not a string, a float or a boolean."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictFloatField(_Plain, serializers.FloatField):
    """A finite JSON number."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float) or not math.isfinite(data):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictBooleanField(_Plain, serializers.BooleanField):
    """true or false, not words that look like them."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class StrictCharField(_Plain, serializers.CharField):
    """A JSON string of letters that can be seen, in lines; numbers are not turned into text."""

    default_error_messages: ClassVar = {"hidden": "Take out the hidden character {letter}."}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if letter := hidden_letter(data, lines=True):
            self.fail("hidden", letter=letter)
        return super().to_internal_value(data)


class StrictDateField(_Plain, serializers.DateField):
    """YYYY-MM-DD in ASCII digits."""

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


class StrictDateTimeField(_Plain, serializers.DateTimeField):
    """An ISO 8601 instant with its offset: without one nobody knows which hour is meant."""

    default_error_messages: ClassVar = {"offset": "Give the time with its offset, such as 2026-12-01T18:30:00Z."}

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str) or not value.isascii():
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ssZ")
        if not re.search(r"(Z|[+-][0-9]{2}:[0-9]{2})$", value):
            self.fail("offset")
        return super().to_internal_value(value)


def instant(at: datetime | None) -> str | None:
    """An instant as every answer gives it: ISO 8601 with the offset of the UK at that time."""
    return None if at is None else at.astimezone(get_default_timezone()).isoformat().replace("+00:00", "Z")


class StrictUUIDField(_Plain, serializers.UUIDField):
    """A UUID as text, with its hyphens: a number is not taken for one."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or not re.fullmatch(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", data):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class StrictKeyField(_Plain, serializers.PrimaryKeyRelatedField[Any]):
    """A key of another object, as a JSON integer. Scope it: queryset=….visible_to(user)."""

    default_error_messages: ClassVar = {
        "incorrect_type": "Give a key, as a whole number.",
        "does_not_exist": "There is no such thing, or it is not yours.",
    }

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("incorrect_type")
        found = self.find(data) if 0 < data < 2**63 else None
        if found is None:
            self.fail("does_not_exist")
        return found

    def find(self, pk: int) -> Any:
        """The row, or None when there is none in the scoped queryset."""
        scoped: Any = self.get_queryset()
        return scoped.filter(pk=pk).first()


# The two below carry no docstring: it would stand as the description of every shape in the OpenAPI file.
class StrictSerializer(serializers.Serializer[Any]):  # refuses names that it does not know or that are read only
    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            if unknown := sorted(str(name) for name in data if name not in writable):
                raise serializers.ValidationError({name: ["This cannot be set here."] for name in unknown})
        return super().to_internal_value(data)


class StrictModelSerializer(StrictSerializer, serializers.ModelSerializer[Any]):  # the same, with strict fields
    serializer_field_mapping: ClassVar = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.BigAutoField: StrictIntegerField,
        models.IntegerField: StrictIntegerField,
        models.PositiveIntegerField: StrictIntegerField,
        models.PositiveSmallIntegerField: StrictIntegerField,
        models.SmallIntegerField: StrictIntegerField,
        models.BigIntegerField: StrictIntegerField,
        models.FloatField: StrictFloatField,
        models.BooleanField: StrictBooleanField,
        models.CharField: StrictCharField,
        models.TextField: StrictCharField,
        models.DateField: StrictDateField,
        models.DateTimeField: StrictDateTimeField,
    }
    serializer_related_field = StrictKeyField
