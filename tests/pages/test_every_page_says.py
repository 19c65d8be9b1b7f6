"""What stands on every page, and the question under it."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from classes.models import SessionStatus
from frontend.page_feedback import pages_that_ask
from frontend.site_notices import MOST_SHOWN, forget_notices
from messaging.models import PageFeedback, SiteNotice
from tests.factories.classes import SessionFactory

pytestmark = pytest.mark.django_db
MORNING = dt.datetime(2027, 2, 3, 9, tzinfo=dt.UTC)
WORDS = "Our telephones are down. Please write to us."


def text_of(answer):
    return answer.content.decode()


def test_the_desk_puts_a_notice_on_every_page_and_takes_it_down(sign_in, dee, pat):
    desk = sign_in(dee)
    refused = desk.post("/desk/notices/", {"words": ""})
    assert refused.status_code == 422 and "Enter what everybody should know" in text_of(refused)
    assert desk.post("/desk/notices/", {"words": WORDS, "until": "today"})["Location"] == "/desk/notices/"
    shown = (
        Client().get("/how-it-works/"),
        sign_in(pat.person.user).get("/me/"),
        desk.get("/desk/"),
        Client().get("/sign-in/"),
    )
    assert all(WORDS in text_of(answer) for answer in shown)
    notice = SiteNotice.objects.get()
    assert timezone.localtime(notice.ends_at).time() == dt.time(23, 59)
    assert desk.post(f"/desk/notices/{notice.pk}/take-down/")["Location"] == "/desk/notices/"
    assert WORDS not in text_of(Client().get("/how-it-works/"))


@time_machine.travel(MORNING, tick=False)
def test_classes_of_today_that_are_off_stand_on_everybodys_own_pages(sign_in, dee):
    off = {"status": SessionStatus.CANCELLED, "cancelled_at": MORNING, "cancel_reason": "venue"}
    for hours in (2, 4, 6, 8, 24, -3):
        SessionFactory(starts_at=MORNING + dt.timedelta(hours=hours), **off)
    SessionFactory(starts_at=MORNING + dt.timedelta(hours=2))
    forget_notices()
    page = text_of(Client().get("/how-it-works/"))
    assert "Called off today:" in page and "And 1 more class" in page
    assert page.count(", 11am, ") == 1 and page.count(", 9am, ") == 0 and MOST_SHOWN == 3
    assert "Called off today:" not in text_of(sign_in(dee).get("/desk/"))


def test_every_page_of_everybody_asks_and_no_page_of_staff_does(sign_in, pat, sam, dee):
    asks = "Was this page helpful?"
    mine = text_of(sign_in(pat.person.user).get(f"/me/supporters/{pat.supporters.get().pk}/"))
    assert asks in mine and "page=%2Fme%2Fsupporters%2F%E2%80%A6%2F&amp;helpful=yes" in mine
    assert asks in text_of(Client().get("/how-it-works/"))
    assert asks not in text_of(sign_in(dee).get("/desk/")) + text_of(Client().get("/nowhere/"))
    assert {"/how-it-works/", "/classes/…/", "/me/"} <= pages_that_ask()
    assert not any(page.startswith("/desk") for page in pages_that_ask())


def test_what_was_said_is_kept_and_read_at_the_desk(sign_in, pat, dee):
    where = reverse("public:page_feedback") + "?page=/how-it-works/&helpful=no"
    shown = text_of(Client().get(where))
    assert 'value="no" checked' in shown and "Was this page helpful?" not in shown and 'href="/how-it-works/"' in shown
    assert not PageFeedback.objects.exists()
    assert Client().post(where).status_code == 422
    assert Client().post(where, {"helpful": "no", "words": "Too long."})["Location"] == "/"
    assert sign_in(pat.person.user).post(where, {"helpful": "yes"})["Location"] == "/start/"
    kept = PageFeedback.objects.order_by("pk").values_list("page", "helpful", "programme")
    assert [*kept] == [("/how-it-works/", False, None), ("/how-it-works/", True, pat.programme_id)]
    desk = sign_in(dee)
    page = text_of(desk.get("/desk/pages/"))
    assert "Not helpful: /how-it-works/" in page and "Too long." in page
    row = PageFeedback.objects.get(helpful=False)
    assert desk.post(f"/desk/pages/{row.pk}/put-away/")["Location"] == "/desk/pages/"
    assert "There is nothing to read" in text_of(desk.get("/desk/pages/"))
    assert "Too long." in text_of(desk.get("/desk/pages/?put-away=yes"))


@pytest.mark.parametrize("page", ["", "/desk/", "//evil", "/me/7/"])
def test_only_a_page_that_asks_can_be_answered(page):
    assert Client().get(reverse("public:page_feedback"), {"page": page}).status_code == 404


def test_nobody_fills_the_inbox(settings, monkeypatch):
    monkeypatch.setattr("frontend.views.public.page_feedback.may_send", lambda request, action: False)
    answer = Client().post(
        reverse("public:page_feedback") + "?page=/how-it-works/", {"helpful": "no", "words": "Kept."}
    )
    assert answer.status_code == 429 and "Kept." in text_of(answer) and not PageFeedback.objects.exists()
