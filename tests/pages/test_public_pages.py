import pytest

from accounts.history import System
from participants.content import install

pytestmark = pytest.mark.django_db
PAGES = ("/", "/how-it-works/", "/who-can-join/", "/accessibility/", "/privacy/", "/join/")


@pytest.mark.parametrize("address", PAGES)
def test_anybody_reads_it_with_the_phone_number_on_it(client, programme, address):
    install(programme, System.COMMAND)
    answer = client.get(address)
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert shown.count("<h1") == 1 and "18001" in shown and "tel:" in shown


@pytest.mark.parametrize("address", PAGES[:-1])
def test_nothing_is_changed_by_sending_something_there(client, programme, address):
    assert client.post(address).status_code == 405


def test_who_can_join_says_where_and_how_old(client, programme):
    shown = client.get("/who-can-join/").content.decode()
    assert "Dorset, Hampshire or Isle of Wight" in shown and "18 or over" in shown


def test_whoever_is_signed_in_is_led_on_and_not_asked_to_register(pat, sign_in):
    browser = sign_in(pat.person.user)
    home = browser.get("/").content.decode()
    assert ">Go to my page</a>" in home and ">Register</a>" not in home
    for address in ("/", "/nothing-here/"):
        assert '<a class="sf-mark" href="/start/">' in browser.get(address).content.decode()


def test_without_a_programme_the_pages_still_stand(client, db):
    for address in PAGES:
        assert client.get(address).status_code == 200
