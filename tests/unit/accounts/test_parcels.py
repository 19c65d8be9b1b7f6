"""What a browser sealed for us opens here, with today's key or an older one, and in no other way."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.test import override_settings

from accounts.parcels import Unreadable, open_half, open_parcel
from tests.factories.parcels import sealed

OLD, NEW = (base64.urlsafe_b64encode(letter * 32).decode() for letter in (b"k", b"n"))
FROM_A_BROWSER = {  # sealed by vault.js under "mark:a", for OLD
    "from": "BCmPCgjB5gvgrIiQrLZme33pXFnJZHpXDNYbAYbLqPcHwadbBJVrLCPKzgNyDRiEchOVuL8gHCMl9bKCj5/R06M=",
    "iv": "qwsnT72mqCbI71ko",
    "sealed": "UgB460lY05YHlpk2+Y6IsrVvaoJ6hqE/KECogHOBx5rfONDZ4++P5kK2gQg=",
}


@override_settings(ENCRYPTION_KEYS=[OLD])
def test_what_a_browser_sealed_opens_under_its_own_label() -> None:
    assert open_parcel(FROM_A_BROWSER, "mark:a") == {"note": "Came with a stick"}
    assert open_parcel(sealed([1], "x"), "x") == [1]
    with pytest.raises(Unreadable):
        open_parcel(FROM_A_BROWSER, "mark:b")


def test_a_new_key_in_front_strands_nothing_and_neither_does_a_new_secret_key() -> None:
    with override_settings(ENCRYPTION_KEYS=[OLD]):
        half = open_half()
    with override_settings(ENCRYPTION_KEYS=[NEW, OLD], SECRET_KEY="another secret key"):
        assert open_half() != half, "what is sealed from now on is for the new one"
        assert open_parcel(FROM_A_BROWSER, "mark:a") and open_parcel(sealed([1], "x"), "x")
    with override_settings(ENCRYPTION_KEYS=[NEW]), pytest.raises(Unreadable):
        open_parcel(FROM_A_BROWSER, "mark:a")


@pytest.mark.parametrize(
    "spoilt",
    [None, 7, "x", {}, {**FROM_A_BROWSER, "from": "AAAA"}, {**FROM_A_BROWSER, "iv": None},
     {**FROM_A_BROWSER, "iv": ""}, {**FROM_A_BROWSER, "sealed": "?"}, {**FROM_A_BROWSER, "sealed": "AAAA"}],
)  # fmt: skip
@override_settings(ENCRYPTION_KEYS=[OLD])
def test_what_is_no_parcel_is_unreadable(spoilt: Any) -> None:
    with pytest.raises(Unreadable):
        open_parcel(spoilt, "mark:a")
