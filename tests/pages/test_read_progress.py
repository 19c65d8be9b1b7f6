from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AccessLog, User
from messaging.calls import end_call
from outcomes.models import Measure
from participants.models import Participant
from tests.factories.outcomes import AssessmentFactory, QuestionnaireFactory, TimepointFactory, answers_of, sent_form

pytestmark = pytest.mark.django_db
START = dt.date(2026, 3, 2)


@pytest.fixture
def desk(dee: User, sign_in: Any) -> Client:
    found: Client = sign_in(dee)
    return found


def read(desk: Client, pat: Participant) -> str:
    answer = desk.get(reverse("desk:person_progress", args=[pat.pk]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def pick_up(desk: Client, pat: Participant, **said: Any) -> None:
    sent = {"who": "self", "right": ["email", "reference"], **said}
    assert desk.post(reverse("desk:caller", args=[pat.pk]), sent).status_code == 302


def sent(pat: Participant, code: str, day: int, **answers: Any) -> None:
    timepoint = TimepointFactory(programme=pat.programme, code=code, label=code, day=day)
    assessment = AssessmentFactory(participant=pat, timepoint=timepoint)
    sent_form(assessment, {**answers_of(5), **answers}, on=START + dt.timedelta(days=day))
    who5 = QuestionnaireFactory(programme=pat.programme, code="who5", recipe="who5", title="Five questions")
    other = AssessmentFactory(participant=pat, timepoint=timepoint, questionnaire=who5)
    sent_form(other, {f"q{n}": 2 + day // 84 for n in range(1, 6)}, on=START + dt.timedelta(days=day))


def test_how_somebody_is_doing_is_read_to_them_alone_in_the_words_of_their_own_page(
    pat: Participant, dee: User, desk: Client, sign_in: Any
) -> None:
    sent(pat, "start", 0, spirits=8)
    sent(pat, "w12", 84, energy=9, act_days=4, change=1)
    unsaid = read(desk, pat)
    assert "Your energy" not in unsaid and "in a call in which you found out who is there" in unsaid
    pick_up(desk, pat, right=[])
    assert "Your energy" not in read(desk, pat), "somebody who was not identified"
    assert not AccessLog.objects.filter(what="progress").exists(), "nothing was read"
    pick_up(desk, pat)
    for day, value in ((START, 10), (START + dt.timedelta(days=84), 13)):
        Measure.objects.create(
            participant=pat, kind="sts_30", result="done", value=value, measured_on=day, safety_version="2026-1",
            by=dee.person,
        )  # fmt: skip
    said = read(desk, pat)
    own = " ".join(sign_in(pat.person.user).get(reverse("me:progress")).content.decode().split())
    for words in (
        "Your energy is higher than when you started.",
        "Your spirits are lower than when you started.",
        "About the same: sleep",
        "for about 120 minutes in all. When you started it was about 60 minutes.",
        "3 times more",
        "Compared with when you started, you said on 25 May 2026: “A little better”.",
        "You answered on 2 March 2026 (start) and 25 May 2026 (w12).",
    ):
        assert words in said and words in own, words
    assert "<p>WHO-5 well-being index. From 0 to 100; more is better. start: 40. w12: 60.</p>" in said
    assert "worse" not in said and "<table" not in said
    assert AccessLog.objects.get(what="progress").by == dee.person
    readers = sign_in(pat.person.user).get(reverse("me:readers")).content.decode()
    assert "How you are doing, to read it to you" in readers
    end_call(by=dee.person)
    assert "Your energy" not in read(desk, pat)


def test_before_there_is_anything_to_compare_it_says_so(pat: Participant, desk: Client) -> None:
    pick_up(desk, pat)
    assert "They have not answered a wellbeing check yet." in read(desk, pat)
    sent(pat, "start", 0)
    once = read(desk, pat)
    assert "They have answered once." in once and "What is going well" not in once
