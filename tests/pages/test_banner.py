"""The banner of somebody who acts for another, and the button that ends it."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db
STOP = "/me/act-for/myself/"


@pytest.mark.parametrize(("who", "after"), [("sam", "/me/supporters/"), ("dee", "/desk/people/{}/")])
def test_the_banner_has_a_button_that_ends_it(who, after, request, sign_in, pat):
    browser = sign_in(request.getfixturevalue(who))
    session = browser.session
    session["acting_for"] = pat.pk
    session.save()
    page = browser.get("/me/bookings/").content.decode()
    assert "Stop booking for Pat" in page and f'action="{STOP}"' in page
    after = after.format(pat.pk)
    answer = browser.post(STOP)
    assert (answer.status_code, answer["Location"]) == (302, after)
    assert "acting_for" not in browser.session
    assert "Stop booking for" not in browser.get(after).content.decode()


def test_who_acts_for_nobody_sees_no_banner(sign_in, pat):
    assert STOP not in sign_in(pat.person.user).get("/me/bookings/").content.decode()


def test_the_desk_that_acted_for_nobody_goes_back_to_the_search(sign_in, dee):
    assert sign_in(dee).post(STOP)["Location"] == "/desk/people/"


def test_opening_the_address_ends_nothing(sign_in, dee, pat):
    browser = sign_in(dee)
    session = browser.session
    session["acting_for"] = pat.pk
    session.save()
    assert browser.get(STOP).status_code == 405
    assert browser.session["acting_for"] == pat.pk
