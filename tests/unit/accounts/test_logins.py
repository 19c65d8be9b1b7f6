"""With what somebody signs in: what is an address, and whose it is."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from accounts.addresses import address_from, is_number
from accounts.logins import NoAddress, change_login, keep_mobile
from accounts.models import User
from participants.models import Participant


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("07700 900123", "+447700900123"),
        ("0044 7700 900123", "+447700900123"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("Pat@example.org", "Pat@example.org"),
        ("+44@example.org", "+44@example.org"),
    ],
)
def test_an_address_is_an_email_address_or_a_mobile_number(typed: str, address: str) -> None:
    assert address_from(typed) == address
    assert is_number(address) is ("@" not in address)


@pytest.mark.parametrize(
    "typed", ["07700", "07700 900123 ext. 5", "no address", "a@b", "x" * 300, "0" * 40, "+", "٣" * 3]
)
def test_anything_else_is_neither(typed: str) -> None:
    with pytest.raises(ValidationError, match="07700 900 982"):
        address_from(typed)


@pytest.mark.django_db
def test_a_login_is_not_left_without_an_address(pat: Participant) -> None:
    with pytest.raises(NoAddress):
        change_login(person=pat.person, programme=pat.programme, email=None, mobile="", by=pat.person)
    User.objects.filter(person=pat.person).update(email=None, mobile="+447700900123")
    with pytest.raises(NoAddress):
        keep_mobile(user=pat.person.user, mobile=None, keep=None, by=pat.person)
