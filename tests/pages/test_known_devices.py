"""Nobody keeps somebody else out: tries are counted for the device where its owner has signed in before.

And what somebody signed in was shown stays in no browser.
"""

from __future__ import annotations

import datetime as dt
from http.cookies import Morsel

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.devices import forget_devices
from accounts.fields import encrypt
from accounts.known_devices import KEPT
from accounts.models import User
from participants.models import Participant
from tests.pages.test_signin import CODE, PASSWORD, SIGN_IN, ask_for_code, emailed_code, give_password, signed_in, wrong

pytestmark = pytest.mark.django_db
PAT = "pat@example.org"


def sign_in_by_code(client: Client, email: str = PAT) -> None:
    ask_for_code(client, email)
    client.post(CODE, {"code": emailed_code()})


def known(client: Client) -> Morsel[str]:
    (cookie,) = [one for name, one in client.cookies.items() if name.startswith("known_")]
    return cookie


def device_of(user: User) -> Client:
    """A browser in which `user` signed in before and whose session is over."""
    client = Client()
    sign_in_by_code(client, user.email)
    assert signed_in(client)
    client.post("/account/sign-out/")
    assert not signed_in(client)
    return client


def use_up_the_tries(email: str = PAT) -> None:
    """What a stranger does who knows the address: asks for codes, and guesses."""
    for n in range(3):
        stranger = Client(REMOTE_ADDR=f"10.1.0.{n}")
        ask_for_code(stranger, email)
        for _ in range(5):
            stranger.post(CODE, {"code": wrong(emailed_code())})
    for n in range(6):
        ask_for_code(Client(REMOTE_ADDR=f"10.1.1.{n}"), email)


def is_kept_out(client: Client, email: str = PAT) -> bool:
    client.cookies.pop("sessionid", None)  # whoever has asked already is only led on to the code
    return "Too many tries" in ask_for_code(client, email).content.decode()


def test_a_stranger_cannot_keep_pat_out_of_her_own_telephone(pat: Participant) -> None:
    own = device_of(pat.person.user)
    use_up_the_tries()
    assert is_kept_out(Client(REMOTE_ADDR="10.1.2.1"))  # the control: where nobody knows her, the limit stands
    sign_in_by_code(own)
    assert signed_in(own)


def test_a_stranger_at_one_place_uses_up_a_third_of_the_day_and_pat_signs_in_on_a_new_telephone(
    pat: Participant,
) -> None:
    with time_machine.travel(dt.datetime(2027, 7, 6, 0, 1, tzinfo=dt.UTC), tick=False) as clock:
        asked = []
        for _ in range(8):  # every quarter of an hour, as often as the quarter allows
            asked += [is_kept_out(Client(REMOTE_ADDR="10.1.0.1"), PAT) for _ in range(5)]
            clock.shift(15 * 60)
        assert asked == [False] * 10 + [True] * 30
        refused = ask_for_code(Client(REMOTE_ADDR="10.1.0.1"), PAT).content.decode()
        assert "everything can be done by phone" in refused and "01632 960 000" in refused
        assert not is_kept_out(Client(REMOTE_ADDR="10.1.0.1"), "quinn@example.org"), "others at that place are let in"
        new = Client(REMOTE_ADDR="10.1.2.1")
        sign_in_by_code(new)
        assert signed_in(new)


def test_a_known_device_has_tries_as_few_as_any_other(pat: Participant) -> None:
    own = device_of(pat.person.user)
    assert [is_kept_out(own) for _ in range(6)][-1]
    assert not is_kept_out(Client(REMOTE_ADDR="10.1.3.1"))


def test_only_a_device_of_the_very_login_counts_by_itself(pat: Participant, quinn: Participant) -> None:
    of_quinn, forged, borrowed = device_of(quinn.person.user), Client(), Client()
    name = known(device_of(pat.person.user)).key
    forged.cookies[name] = "not a ticket"
    borrowed.cookies[name] = encrypt(f"{quinn.person.user.pk}:a-device")
    use_up_the_tries()
    assert [is_kept_out(client) for client in (of_quinn, forged, borrowed)] == [True, True, True]


def test_a_device_is_a_stranger_again_when_it_is_lost_or_half_a_year_is_over(pat: Participant) -> None:
    lost, old = device_of(pat.person.user), device_of(pat.person.user)
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=5)):
        forget_devices(person=pat.person, by=pat.person)
        use_up_the_tries()
        assert is_kept_out(lost)
    pat.person.user.devices_forgotten_at = None
    pat.person.user.save()
    with time_machine.travel(timezone.now() + KEPT + dt.timedelta(days=1)):
        use_up_the_tries()
        assert is_kept_out(old)


def test_the_cookie_is_for_the_server_alone_and_does_not_say_whose_it_is(pat: Participant) -> None:
    cookie = known(device_of(pat.person.user))
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", KEPT.total_seconds())
    assert PAT not in cookie.OutputString() and cookie.key != f"known_{pat.person.user.pk}"


def test_nobody_keeps_staff_from_their_password_or_from_a_new_one(dee: User) -> None:
    dee.set_password(PASSWORD)
    dee.save()
    own, page = Client(), "/account/password/forgotten/"
    give_password(own)
    del own.cookies["sessionid"]
    for n in range(6):
        stranger = Client(REMOTE_ADDR=f"10.1.4.{n}")
        give_password(stranger, password="not this one")
        stranger.post(page, {"email": dee.email})
    elsewhere = Client(REMOTE_ADDR="10.1.5.1")
    assert give_password(elsewhere).status_code == elsewhere.post(page, {"email": dee.email}).status_code == 422
    assert give_password(own).status_code == own.post(page, {"email": dee.email}).status_code == 302


@pytest.mark.parametrize("address", ["/me/", "/me/details/", "/api/v1/bookings/"])
def test_what_pat_was_shown_stays_in_no_browser(address: str, pat: Participant, sign_in) -> None:
    assert "no-store" in sign_in(pat.person.user).get(address)["Cache-Control"]


def test_pages_for_everybody_may_be_kept(client: Client) -> None:
    assert "Cache-Control" not in client.get("/")
    assert client.get(SIGN_IN)["Cache-Control"]
