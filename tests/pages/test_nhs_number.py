import pytest
from django.test import Client

from accounts.history import System
from participants.content import install
from participants.models import Registration
from participants.nhs_numbers import held_of, keep_number

pytestmark = pytest.mark.django_db
GOOD, WHOLE, OTHER = "9434765919", "943 476 5919", "4010232137"


def text_of(answer):
    return answer.content.decode()


def test_while_registering_it_is_optional_checked_and_shown_by_its_end_alone(programme):
    install(programme, System.COMMAND)
    browser, page = Client(), "/join/nhs-number/"
    browser.post("/join/")
    wrong = browser.post(page, {"nhs_number": "943 476 5918"})
    assert wrong.status_code == 422 and "the figures do not fit together" in text_of(wrong)
    browser.post(page, {"nhs_number": WHOLE})
    again = text_of(browser.get(page))
    assert "one that ends in 5919" in again and "4765919" not in again.replace(" ", "")
    browser.post(page, {"nhs_number": ""})
    assert Registration.objects.get().answers["nhs_number"] == GOOD
    browser.post(page, {"nhs_number": "", "take_out": "yes"})
    assert Registration.objects.get().answers["nhs_number"] == ""


def test_one_reads_the_end_of_ones_own_and_changes_it(sign_in, pat):
    browser = sign_in(pat.person.user)
    assert browser.post("/me/details/nhs-number/", {"nhs_number": WHOLE})["Location"] == "/me/details/"
    shown = text_of(browser.get("/me/details/")) + text_of(browser.get("/me/details/nhs-number/"))
    assert "Ends in 5919" in shown and "that ends in 5919" in shown and WHOLE not in shown and GOOD not in shown
    browser.post("/me/details/nhs-number/", {"nhs_number": "", "take_out": "yes"})
    assert held_of(pat) is None


def test_the_desk_reads_it_whole_where_it_is_changed_and_who_gave_the_same(sign_in, dee, pat, quinn):
    for one in (pat, quinn):
        keep_number(participant=one, number=GOOD, by=one.person)
    browser, page = sign_in(dee), f"/desk/people/{pat.pk}/nhs-number/"
    shown = text_of(browser.get(page))
    assert WHOLE in shown and quinn.reference in shown and f"/desk/same-person/{pat.pk}-{quinn.pk}/" in shown
    person = text_of(browser.get(f"/desk/people/{pat.pk}/"))
    assert "Ends in 5919" in person and WHOLE not in person
    assert browser.post(page, {"nhs_number": OTHER})["Location"] == f"/desk/people/{pat.pk}/"
    assert held_of(pat).number == OTHER and held_of(pat).noted_by == dee.person
