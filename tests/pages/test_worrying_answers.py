from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AccessLog, User
from frontend.views.desk.worrying import TOLD
from messaging.models import Task
from outcomes.answering.recording import save_draft, submit
from outcomes.models import AnswerMode, Assessment, Questionnaire, Response, SafetyRoute, WorryingAnswers
from participants.models import Participant, SupporterScope, Timepoint
from tests.factories.accounts import MembershipFactory, ProgrammeFactory
from tests.factories.fhir import choice, item, limits
from tests.factories.outcomes import AssessmentFactory, QuestionnaireFactory, timepoints_of
from tests.factories.worrying import dark_days, route_for

pytestmark = pytest.mark.django_db
NUMBERS = ('href="tel:999"', 'href="tel:111"', 'href="tel:116123"')


@pytest.fixture
def form(pat: Participant, clare: User, monkeypatch: pytest.MonkeyPatch) -> Assessment:
    asked = dark_days(monkeypatch, pat.programme)
    route_for(asked, clare.person)
    return AssessmentFactory(participant=pat, questionnaire=asked)


def _send(browser: Client, form: Assessment, audience: str, dark: int) -> str:
    browser.post(reverse(f"{audience}:wellbeing_question", args=[form.pk, "dark"]), {"answer": dark})
    sent = browser.post(reverse(f"{audience}:wellbeing_answers", args=[form.pk]), follow=True)
    return " ".join(sent.content.decode().split())


def test_help_is_shown_at_once_and_nobody_promises_to_watch(form: Assessment, pat: Participant, sign_in: Any) -> None:
    page = _send(sign_in(pat.person.user), form, "me", 1)
    assert all(number in page for number in NUMBERS)
    assert "You are not alone with this." in page and "Clare Clinic of our team" in page
    assert "At other times nobody reads answers, so please do not wait for us." in page
    assert "Was this page helpful?" not in page


def test_other_answers_show_no_such_thing(form: Assessment, pat: Participant, sign_in: Any) -> None:
    page = _send(sign_in(pat.person.user), form, "me", 0)
    assert "Your answers have been sent" in page and "tel:116123" not in page and "Was this page helpful?" in page


def test_on_the_telephone_whoever_asks_is_told_what_to_read_out(form: Assessment, dee: User, sign_in: Any) -> None:
    page = _send(sign_in(dee), form, "desk", 2)
    assert "do not ring off" in page and all(number in page for number in NUMBERS)


def test_help_is_shown_with_the_answer_before_anything_is_sent(
    form: Assessment, pat: Participant, clare: User, sign_in: Any
) -> None:
    route_for(form.questionnaire, clare.person, rules=[["calm", 3]])
    browser, api = sign_in(pat.person.user), f"/api/v1/assessments/{form.pk}/answers/"
    asks = {item: reverse("me:wellbeing_question", args=[form.pk, item]) for item in ("calm", "dark")}
    over_the_next = browser.post(asks["calm"], {"answer": 3}, follow=True).content.decode()
    assert "How dark were your days?" in over_the_next and all(number in over_the_next for number in NUMBERS)
    assert over_the_next.index("If things are hard just now") < over_the_next.index("<h1")
    assert "You are not alone with this." in over_the_next and "Clare" not in over_the_next
    for page in (asks["dark"], asks["calm"], reverse("me:wellbeing", args=[form.pk])):  # not over what comes later
        assert "If things are hard just now, call" in browser.get(page).content.decode()
    looked_over = browser.post(asks["dark"], {"answer": 0}, follow=True).content.decode()
    assert "Nothing is sent yet, so nobody here has been told" in looked_over
    assert "Was this page helpful?" not in looked_over and browser.get(api).json()["worries"] is True
    assert not WorryingAnswers.objects.exists() and not Task.objects.exists()  # nobody is told of a draft
    addresses = {browser.post(asks["calm"], {"answer": answer}).headers["Location"] for answer in (3, 0)}
    assert len(addresses) == 1  # they stand in logs
    (address,) = addresses
    assert "tel:116123" not in browser.get(address).content.decode() and browser.get(api).json()["worries"] is False


def test_on_the_telephone_it_is_read_out_before_going_on_and_from_paper_there_is_nobody_to_read_it_to(
    form: Assessment, pat: Participant, dee: User, sam: User, clare: User, sign_in: Any
) -> None:
    route_for(form.questionnaire, clare.person, rules=[["all", 0, "or_less", "score"]])
    browser, page = sign_in(dee), reverse("desk:wellbeing_answers", args=[form.pk])
    dark = reverse("desk:wellbeing_question", args=[form.pk, "dark"])
    for answer in (0, 2):  # a score that worries, and an answer
        over_the_next = browser.post(dark, {"answer": answer}, follow=True).content.decode()
        assert "How calm were you?" in over_the_next and "Ask how they are now, before you go on" in over_the_next
    said = browser.get(page).content.decode()
    assert "Ask how they are now, before you go on" in said and all(number in said for number in NUMBERS)
    api = f"/api/v1/assessments/{form.pk}/answers/"
    assert browser.get(api).json()["worries"] is True
    Response.objects.update(mode=AnswerMode.PAPER)
    assert "tel:116123" not in browser.get(page).content.decode() and browser.get(api).json()["worries"] is False
    stranger = sign_in(sam).get(api)
    assert stranger.status_code == 404 or stranger.json()["worries"] is False


def test_neither_the_desk_nor_a_helper_finds_out_from_the_page_of_thanks_or_the_api(
    form: Assessment, pat: Participant, sam: User, dee: User, sign_in: Any
) -> None:
    sam.person.supports.update(scopes=[SupporterScope.SCRIBE])
    _send(sign_in(pat.person.user), form, "me", 2)
    for user, audience in ((dee, "desk"), (sam, "me")):
        browser = sign_in(user)
        thanks = browser.get(reverse(f"{audience}:wellbeing_thanks", args=[form.pk]))
        assert "tel:116123" not in thanks.content.decode()
        sent = browser.get(f"/api/v1/assessments/{form.pk}/answers/")
        assert sent.status_code == 404 or sent.json()["worries"] is False
    own = sign_in(pat.person.user)
    assert "tel:116123" in own.get(reverse("me:wellbeing_thanks", args=[form.pk])).content.decode()
    assert own.get(f"/api/v1/assessments/{form.pk}/answers/").json()["worries"] is True


@pytest.mark.parametrize(
    ("mode", "words"), [("self", "They were shown"), ("phone", "was asked to read out"), ("paper", "not been told")]
)
def test_whoever_calls_reads_whether_the_person_was_told_the_numbers(
    form: Assessment, pat: Participant, dee: User, clare: User, sign_in: Any, mode: str, words: str
) -> None:
    by = pat.person if mode == "self" else dee.person
    save_draft(assessment=form, answers={"dark": 1}, mode=AnswerMode(mode), by=by)
    submit(assessment=form, mode=AnswerMode(mode), by=by)
    page = sign_in(clare).get(reverse("desk:worrying_answer", args=[WorryingAnswers.objects.get().pk]))
    assert words in page.content.decode()
    assert set(TOLD) == set(AnswerMode)


def test_the_answer_is_read_by_whom_it_was_decided_for_and_by_nobody_else(
    form: Assessment, pat: Participant, clare: User, dee: User, sign_in: Any
) -> None:
    route_for(form.questionnaire, clare.person, rules=[["all", 2, "score"]])
    _send(sign_in(pat.person.user), form, "me", 2)
    worry, task = WorryingAnswers.objects.get(), Task.objects.get(kind="worrying_answer")
    address = reverse("desk:worrying_answer", args=[worry.pk])
    page = sign_in(clare).get(address).content.decode()
    assert "How dark were your days?" in page and "2 out of 3" in page and reverse("desk:task", args=[task.pk]) in page
    assert "Score: Dark days" in page and "2, of 0 to 3" in page
    assert AccessLog.objects.filter(by=clare.person, target=pat.person, what="answer that worries").count() == 1
    at_desk = sign_in(dee)
    assert at_desk.get(address).status_code == 403
    assert at_desk.get(reverse("desk:task", args=[task.pk])).status_code == 404
    assert "worries" not in at_desk.get(reverse("desk:worklist")).content.decode()
    sheet = sign_in(clare).get(reverse("desk:task", args=[task.pk])).content.decode()
    assert f'href="{address}"' in sheet and "dark" not in sheet


def test_clare_decides_who_hears_and_puts_it_into_use(
    form: Assessment, pat: Participant, clare: User, dee: User, ada: User, sign_in: Any
) -> None:
    Questionnaire.objects.update(active=False)
    asked = dark_days_of(form)
    clare.memberships.filter(programme=pat.programme).update(role="coordinator")  # whoever was named has left
    browser = sign_in(ada)
    listed = reverse("content:worrying_answers")
    assert "Nobody hears of worrying answers" in browser.get(listed).content.decode()
    page, use = (reverse(f"content:{name}", args=[asked.pk]) for name in ("worrying_answer_route", "use_questionnaire"))
    assert "Choose somebody else, under Safety content" in browser.post(use, follow=True).content.decode()
    given = {
        "contact": dee.person.pk,
        "alert_to": "decide_clearance",
        "message": "Not alone.",
        "from_calm": "1",
        "score_all": "2.5",
    }
    refused = browser.post(page, given).content.decode()
    assert "This colleague does not get such alerts" in refused and "Put this version into use" not in refused
    kept = browser.post(page, given | {"alert_to": "work_at_desk"}, follow=True).content.decode()
    assert (
        "Put this version into use" in kept
        and "Kept. It counts" in kept
        and "Dee Desk is named. The task is for everybody at the desk." in kept
    )
    route = SafetyRoute.objects.latest("pk")
    kept_as = [["all", 2.5, "score"], ["calm", 1, "or_less"]]
    assert (route.contact, route.rules, route.by) == (dee.person, kept_as, ada.person)
    assert "How calm were you? 1 or less" in kept and "Dark days: 2.5 or more" in kept and 'value="2.5"' in kept
    assert "In use. Whoever joins from now on is asked it." in browser.post(use, follow=True).content.decode()
    assert "In use" in browser.get(listed).content.decode()
    elsewhere = MembershipFactory(role="administrator", programme=ProgrammeFactory()).user
    assert sign_in(elsewhere).get(page).status_code == 404


def test_a_rule_for_a_question_that_this_version_does_not_ask_is_said(
    form: Assessment, clare: User, sign_in: Any
) -> None:
    route_for(form.questionnaire, clare.person, rules=[["old-mood", 2]])
    page = sign_in(clare).get(reverse("content:worrying_answer_route", args=[form.questionnaire_id])).content.decode()
    assert "This version does not ask or score old-mood" in page and "<li>old-mood" not in page


def dark_days_of(form: Assessment) -> Questionnaire:
    return Questionnaire.objects.get(pk=form.questionnaire_id)


def test_one_more_time_after_a_year_and_back(pat: Participant, clare: User, sign_in: Any) -> None:
    timepoints_of(pat.programme)
    browser, page = sign_in(clare), reverse("content:asked")
    assert "Also ask after 52 weeks" in browser.get(page).content.decode()
    yes, no = (
        reverse(f"content:{name}", args=[pat.programme_id]) for name in ("ask_after_a_year", "do_not_ask_after_a_year")
    )
    for _ in range(2):
        browser.post(yes)
    assert pat.assessments.filter(timepoint__code="w52").count() == 1
    assert "From 28 days before to 28 days after day 364" in browser.get(page).content.decode()
    assert "Nobody is asked after 52 weeks." in browser.post(no, follow=True).content.decode()
    assert not Timepoint.objects.filter(code="w52").exists()
    browser.post(yes)
    form = pat.assessments.get(timepoint__code="w52")
    form.opens_on = form.participant.registered_at.date()
    form.save()
    sign_in(pat.person.user).post(reverse("me:wellbeing_question", args=[form.pk, "energy"]), {"answer": 4})
    assert "What they said stays" in sign_in(clare).post(no, follow=True).content.decode()
    assert pat.assessments.filter(timepoint__code="w52").exists()


def test_whoever_decides_reads_what_each_number_stands_for(programme: Any, clare: User, sign_in: Any) -> None:
    items = [choice("often", "never", "sometimes"), item("walks", "integer", extension=limits(1, 30))]
    asked = QuestionnaireFactory(programme=programme, code="often", items=items)
    route_for(asked, clare.person, rules=[["often", 1]])
    page = sign_in(clare).get(reverse("content:worrying_answer_route", args=[asked.pk])).content.decode()
    assert "0 is “Never”; 1 is “Sometimes”. This number or more worries." in page and "1 to 30. This number" in page
    assert "1 (“Sometimes”) or more" in " ".join(page.split())
