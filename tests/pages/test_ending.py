"""Whose programme ends: seen at the desk, let stay with a reason, and told where to go next on their own pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.history import System
from accounts.models import User
from classes.judging.eligibility import Reason
from frontend.class_words import REASONS
from participants.content import install
from participants.models import Enrolment, Participant
from participants.taking_part import ending

pytestmark = pytest.mark.django_db


@pytest.fixture
def soon(pat: Participant) -> dt.date:
    """Pat's last day, of which Pat was told."""
    install(pat.programme, System.COMMAND)
    last = timezone.localdate() + dt.timedelta(days=10)
    Enrolment.objects.filter(participant=pat).update(starts_on=last - dt.timedelta(weeks=26, days=-1), closes_on=last)
    return last


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def boxes(day: dt.date) -> dict[str, str]:
    return {"until-day": str(day.day), "until-month": str(day.month), "until-year": str(day.year)}


def test_the_desk_sees_who_ends_soon_and_lets_them_stay_with_a_reason(
    soon: dt.date, pat: Participant, dee: User, sign_in: Any
) -> None:
    desk: Client = sign_in(dee)
    assert 'href="/desk/people/ending/"' in text_of(desk.get("/desk/people/"))
    shown = text_of(desk.get("/desk/people/ending/"))
    assert "Pat Example" in shown and "Ends on" in shown and "not signed off" in shown
    where = f"/desk/people/{pat.pk}/stay-longer/"
    assert f'href="{where}"' in text_of(desk.get(f"/desk/people/{pat.pk}/"))
    assert "Their programme ends on" in text_of(desk.get(where))
    early = desk.post(where, boxes(soon) | {"reason": "More time."})
    assert early.status_code == 422 and "anyway. Enter a later day" in text_of(early) and "More time." in text_of(early)
    assert "Enter why they stay longer" in text_of(desk.post(where, boxes(soon)))
    longer = soon + dt.timedelta(days=60)
    assert desk.post(where, boxes(longer) | {"reason": "More time."})["Location"] == f"/desk/people/{pat.pk}/"
    assert "More time." in text_of(desk.get(where))
    assert "Stays longer in the programme" in text_of(desk.get(f"/desk/people/{pat.pk}/timeline/"))
    assert "Nobody’s programme ends" in text_of(desk.get("/desk/people/ending/"))
    Participant.objects.filter(pk=pat.pk).update(status="withdrawn")
    left = desk.post(where, boxes(longer + dt.timedelta(days=5)) | {"reason": "Why not."})
    assert left.status_code == 409 and "Nothing was changed" in text_of(left)


def test_the_last_day_is_called_past_when_it_is_and_not_because_the_phases_are_over(
    soon: dt.date, pat: Participant, dee: User, sign_in: Any
) -> None:
    own, desk = sign_in(pat.person.user), sign_in(dee)
    started = dt.timedelta(weeks=30)
    for days, words, at_desk in ((20, "goes on until", "ends on"), (-3, "went on until", "ended on")):
        last = timezone.localdate() + dt.timedelta(days=days)
        Enrolment.objects.filter(participant=pat).update(starts_on=last - started, closes_on=last)
        assert f"Your programme {words}" in text_of(own.get("/me/"))
        assert f"Your time with SafeFit {words}" in text_of(own.get("/me/what-next/"))
        assert f"Their programme {at_desk}" in text_of(desk.get(f"/desk/people/{pat.pk}/stay-longer/"))


def test_a_person_reads_their_last_day_and_where_to_go_next(soon: dt.date, pat: Participant, sign_in: Any) -> None:
    own: Client = sign_in(pat.person.user)
    assert 'href="/me/what-next/"' in text_of(own.get("/me/"))
    onward = text_of(own.get("/me/what-next/"))
    assert "goes on until" in onward and "We Are Undefeatable" in onward
    assert ending.extensions_of(pat) == [] and "where you can go next" in REASONS[Reason.PROGRAMME_OVER]
