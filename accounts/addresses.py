"""The address with which somebody signs in: an email address, or a mobile number that takes text messages.

Here: reading what was typed, and telling the two apart. Not here: whose it is (entrance.py), whether a text
message goes there (the adapter of settings.ACCOUNT_ADAPTER). Called by entrance_forms.py and logins.py.
"""

from __future__ import annotations

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

MOBILE_SHAPE = "Enter a mobile number, like 07700 900 982"
EITHER_SHAPE = "Enter an email address, like name@example.com, or a mobile number, like 07700 900 982"


def is_number(address: str) -> bool:
    """Whether this is a telephone number as we keep it (E.164). No email address that we take begins so."""
    return address.startswith("+") and "@" not in address


def number_from(typed: str) -> str:
    """A telephone number as people write it, with its country (E.164). Raises ValidationError.

    Possible, not "valid": lists of numbers in use are out of date, and the code that comes is the real test.
    """
    try:
        number = phonenumbers.parse(typed, "GB")
    except phonenumbers.NumberParseException:
        raise ValidationError(MOBILE_SHAPE) from None
    if number.extension or not phonenumbers.is_possible_number_for_type(number, phonenumbers.PhoneNumberType.MOBILE):
        raise ValidationError(MOBILE_SHAPE)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def address_from(typed: str) -> str:
    """What was typed as one of the two. Raises ValidationError."""
    try:
        if "@" not in typed:
            return number_from(typed)
        validate_email(typed)
    except ValidationError:
        raise ValidationError(EITHER_SHAPE) from None
    return typed
