from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.history import System, acting
from accounts.models import AccessLog, User
from accounts.permissions import Role
from frontend.letters import CannotBeDrawn
from frontend.views.desk import wellbeing as desk_wellbeing
from frontend.views.desk.wellbeing import said_words
from frontend.wording import plain_date
from messaging.models import Message, MessageState, TaskState
from messaging.outbox import enqueue
from outcomes.asking.said import Said
from outcomes.models import AnswerMode, Assessment, AssessmentState, Response, Score
from outcomes.scoring import DECLINED
from participants.models import ConsentKind, Participant, SupporterScope
from tests.factories.accounts import MembershipFactory, ProgrammeFactory, someone
from tests.factories.outcomes import (
    AssessmentFactory,
    QuestionnaireFactory,
    TimepointFactory,
    answers_of,
    onwards,
    sent_form,
)
from tests.factories.outcomes import consents as agrees
from tests.factories.participants import ParticipantFactory, SupporterFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(pat: Participant) -> Assessment:
    return AssessmentFactory(participant=pat)


@pytest.fixture
def browser(pat: Participant, sign_in: Any) -> Client:
    client: Client = sign_in(pat.person.user)
    return client


@pytest.fixture
def scribe(pat: Participant, sam: User) -> User:
    pat.supporters.all().delete()
    SupporterFactory(participant=pat, person=sam.person, scopes=[SupporterScope.SCRIBE])
    return sam


def _question(form: Assessment, item: str, audience: str = "me") -> str:
    return reverse(f"{audience}:wellbeing_question", args=[form.pk, item])


def _answers(form: Assessment, audience: str = "me") -> str:
    return reverse(f"{audience}:wellbeing_answers", args=[form.pk])


def _text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_the_form_says_that_nobody_watches_the_answers_and_whom_to_call(form: Assessment, browser: Client) -> None:
    page = _text(browser.get(reverse("me:wellbeing", args=[form.pk])))
    assert "Nobody watches the answers as they come in." in page
    assert "call your care team or NHS 111. In an emergency call 999." in page


def test_the_whole_form_one_question_a_page_to_the_thanks(form: Assessment, browser: Client) -> None:
    page = browser.get(reverse("me:wellbeing", args=[form.pk]))
    assert "There are 13 short questions. They take about 5 minutes." in _text(page)
    assert "a check-in, not a clinical measure" in _text(page)
    address = _question(form, "energy")
    for answer in (6, 5, 4, 7, 3, 2, 8, 4, 9, DECLINED, 6, 3, 30):
        assert browser.get(address).status_code == 200
        sent = browser.post(address, {"answer": answer})
        assert sent.status_code == 302, sent.content
        address = onwards(sent)
    assert address == _answers(form)
    unsent = _text(browser.get(reverse("me:wellbeing", args=[form.pk])))
    assert "Every question is answered. Nothing is sent yet." in unsent and "Look over and send" in unsent
    assert "Answered, and not sent yet" in _text(browser.get(reverse("me:progress")))
    page = browser.get(address)
    assert "6 out of 10" in _text(page) and "I would rather not answer" in _text(page) and "3 days" in _text(page)
    done = browser.post(address, follow=True)
    assert "Your answers have been sent" in _text(done)
    response = Response.objects.get()
    assert (response.mode, response.answers["ready"]) == (AnswerMode.SELF, DECLINED)
    assert response.scores.get(scale="mind").value == pytest.approx((8 + 6 + 9) / 3 * 10)


def test_each_page_says_where_one_is(form: Assessment, browser: Client) -> None:
    assert "Question 3 of 13" in _text(browser.get(_question(form, "strength")))
    page = _text(browser.get(_question(form, "energy")))
    assert "<title>In the last seven days, how much energy have you had? – SafeFit</title>" in page
    assert "0 means “No energy”. 10 means “Plenty of energy”." in page


def test_what_was_answered_is_still_there_after_coming_back(form: Assessment, browser: Client) -> None:
    browser.post(_question(form, "energy"), {"answer": "7"})
    page = browser.get(_question(form, "energy")).content.decode()
    assert page.count("checked") == 1
    assert 'value="7" checked' in page
    page = _text(browser.get(reverse("me:wellbeing", args=[form.pk])))
    assert "Carry on" in page and "1 of 13 questions is answered. The rest takes about 4 minutes." in page
    assert _question(form, "sleep") in page and "There are 13" not in page
    assert "1 of 13 questions answered" in _text(browser.get(reverse("me:home")))


def test_a_question_left_blank_says_what_to_do_and_saves_nothing(form: Assessment, browser: Client) -> None:
    page = browser.post(_question(form, "energy"), {})
    assert page.status_code == 422
    assert "Choose an answer, or “I would rather not answer”" in _text(page)
    assert "<title>Error: " in _text(page)
    assert not Response.objects.exists()


@pytest.mark.parametrize("answer", ["11", "-1", "many", "7.5"])
def test_an_answer_that_is_not_offered_is_refused(form: Assessment, browser: Client, answer: str) -> None:
    assert browser.post(_question(form, "energy"), {"answer": answer}).status_code == 422


def test_minutes_are_typed_and_may_be_declined(form: Assessment, browser: Client) -> None:
    browser.post(_question(form, "act_days"), {"answer": "2"})
    page = browser.post(_question(form, "act_min"), {"answer": "601"})
    assert page.status_code == 422
    assert "The number of minutes must be a number from 0 to 600" in _text(page)
    browser.post(_question(form, "act_min"), {"answer": "", "decline": "yes"})
    assert Response.objects.get().answers == {"act_days": 2, "act_min": DECLINED}
    assert "You chose “I would rather not answer”" in _text(browser.get(_question(form, "act_min")))


def test_no_active_days_leads_past_the_minutes(form: Assessment, browser: Client) -> None:
    for item in ("energy", "sleep", "strength", "tasks", "aches", "breath", "spirits", "worry", "company", "ready"):
        browser.post(_question(form, item), {"answer": "5"})
    browser.post(_question(form, "overall"), {"answer": "5"})
    sent = browser.post(_question(form, "act_days"), {"answer": "0"})
    assert onwards(sent) == _answers(form)
    assert browser.get(_question(form, "act_min"))["Location"] == _answers(form)
    assert "how many minutes" not in _text(browser.get(_answers(form)))


def test_looking_changes_nothing(form: Assessment, browser: Client) -> None:
    for _ in range(2):
        browser.get(_question(form, "energy"))
        browser.get(_answers(form))
    assert not Response.objects.exists()


def test_sending_nothing_says_what_to_do(form: Assessment, browser: Client) -> None:
    page = browser.post(_answers(form))
    assert page.status_code == 422
    assert "Answer at least one question" in _text(page) and "so there is nothing to send" in _text(page)


def test_sending_twice_is_harmless(form: Assessment, browser: Client) -> None:
    browser.post(_question(form, "energy"), {"answer": "7"})
    first = browser.post(_answers(form))
    again = browser.post(_answers(form))
    assert first["Location"] == again["Location"]
    assert Response.objects.count() == 1


def test_a_form_that_was_sent_cannot_be_changed_and_says_so(form: Assessment, browser: Client) -> None:
    browser.post(_question(form, "energy"), {"answer": "7"})
    browser.post(_answers(form))
    page = browser.post(_question(form, "energy"), {"answer": "1"})
    assert page.status_code == 409
    assert "These answers have been sent" in _text(page)
    assert browser.get(_question(form, "energy"), follow=True).redirect_chain[-1][0].endswith("/thanks/")
    assert Response.objects.get().answers == {"energy": 7}


def test_a_form_that_has_closed_takes_nothing_and_says_so(form: Assessment, browser: Client) -> None:
    Assessment.objects.update(closes_on=timezone.localdate() - dt.timedelta(days=1), opens_on=None)
    page = browser.post(_question(form, "energy"), {"answer": "1"})
    assert page.status_code == 409
    assert "not open today" in _text(page)
    assert browser.post(_answers(form)).status_code == 409
    assert "not open today" in _text(browser.get(_answers(form), follow=True))


def test_thanks_come_only_after_sending(form: Assessment, browser: Client) -> None:
    page = browser.get(reverse("me:wellbeing_thanks", args=[form.pk]))
    assert page["Location"] == reverse("me:wellbeing", args=[form.pk])


PAGES = ("wellbeing", "wellbeing_answers", "wellbeing_thanks")


@pytest.mark.parametrize("page", PAGES)
def test_somebody_elses_form_is_not_there(
    form: Assessment, quinn: Participant, sam: User, sign_in: Any, page: str
) -> None:
    for other in (quinn.person.user, sam):  # Sam books for Pat, and may not answer for Pat
        assert sign_in(other).get(reverse(f"me:{page}", args=[form.pk])).status_code == 404
        assert sign_in(other).post(_question(form, "energy"), {"answer": "5"}).status_code == 404
        assert sign_in(other).post(_answers(form)).status_code == 404


def test_a_scribe_types_for_the_person_and_it_is_kept_so(form: Assessment, scribe: User, sign_in: Any) -> None:
    browser = sign_in(scribe)
    assert "SafeFit wellbeing check for Pat" in _text(browser.get(reverse("me:progress")))
    page = _text(browser.get(reverse("me:wellbeing", args=[form.pk])))
    assert "You are typing for Pat" in page
    assert f"{form.questionnaire.title} for Pat" in _text(browser.get(reverse("me:home")))
    assert "You are typing for <strong>Pat</strong>" in page and "You are booking for" not in page
    browser.post(_question(form, "energy"), {"answer": "7"})
    browser.get(_answers(form))
    browser.post(_answers(form))
    response = Response.objects.get()
    assert (response.mode, response.entered_by) == (AnswerMode.SCRIBE, scribe.person)
    assert AccessLog.objects.filter(by=scribe.person, target=form.participant.person, what="answers").exists()
    assert "Pat’s answers have been sent" in _text(browser.get(reverse("me:wellbeing_thanks", args=[form.pk])))


def test_the_desk_reads_the_exact_words_and_the_mode_is_telephone(form: Assessment, dee: User, sign_in: Any) -> None:
    browser = sign_in(dee)
    checks = _text(browser.get(reverse("desk:wellbeing_checks", args=[form.participant_id])))
    assert "Can be answered now" in checks
    assert "exactly these words" in _text(browser.get(reverse("desk:wellbeing", args=[form.pk])))
    address = _question(form, "energy", "desk")
    assert "In the last seven days, how much energy have you had?" in _text(browser.get(address))
    assert onwards(browser.post(address, {"answer": "7"})) == _question(form, "sleep", "desk")
    browser.get(_answers(form, "desk"))
    browser.post(_answers(form, "desk"))
    assert Response.objects.get().mode == AnswerMode.PHONE
    assert AccessLog.objects.filter(by=dee.person, what="answers").count() == 1
    checks = _text(browser.get(reverse("desk:wellbeing_checks", args=[form.participant_id])))
    assert "read out by staff on the phone" in checks
    assert "Thank Pat" in _text(browser.get(reverse("desk:wellbeing_thanks", args=[form.pk])))


def test_the_desk_of_another_programme_finds_nothing(form: Assessment, sign_in: Any) -> None:
    other = sign_in(someone("Otto Other", Role.COORDINATOR, programme=ProgrammeFactory()))
    assert other.get(reverse("desk:wellbeing_checks", args=[form.participant_id])).status_code == 404
    assert other.get(_question(form, "energy", "desk")).status_code == 404


def test_a_participant_does_not_reach_the_desks_pages(form: Assessment, browser: Client) -> None:
    assert browser.get(_question(form, "energy", "desk")).status_code == 404


def test_desk_checks_show_every_state_in_words(pat: Participant, dee: User, sign_in: Any) -> None:
    AssessmentFactory(participant=pat, state=AssessmentState.MISSED, closes_on=timezone.localdate())
    AssessmentFactory(
        timepoint=TimepointFactory(programme=pat.programme, code="w12", day=84), participant=pat, opens_on=None
    )
    page = _text(sign_in(dee).get(reverse("desk:wellbeing_checks", args=[pat.pk])))
    assert "Not answered in time" in page and "Opens after the first classes" in page and "Not open" in page


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Said(), ""),
        (Said((dt.date(2027, 6, 1),)), "We asked on 1 June 2027."),
        (
            Said((dt.date(2027, 6, 1), dt.date(2027, 6, 8), dt.date(2027, 6, 15)), TaskState.OPEN),
            "We asked on 1 June 2027, and again on 8 June 2027 and 15 June 2027. "
            "A call to offer help with the questions is to be made.",
        ),
        (Said((), TaskState.DONE), "The call to offer help with the questions was made; nobody asks again."),
    ],
)
def test_how_often_somebody_was_asked_is_said_in_words(said: Said, words: str) -> None:
    assert said_words(said) == words


def test_desk_checks_say_how_often_somebody_was_asked_about_what_is_not_answered(
    pat: Participant, dee: User, sign_in: Any
) -> None:
    form = AssessmentFactory(participant=pat, opens_on=timezone.localdate())
    with acting(System.WORKER, "outcomes.ask"):
        enqueue(
            programme=pat.programme,
            person=pat.person,
            kind="questionnaire_due",
            subject_id=form.pk,
            due_at=timezone.now(),
            dedupe_key="once",
        )
    Message.objects.update(state=MessageState.SENT)
    page = reverse("desk:wellbeing_checks", args=[pat.pk])
    assert f"We asked on {plain_date(timezone.now())}." in _text(sign_in(dee).get(page))


def test_desk_checks_of_somebody_with_none_say_why(pat: Participant, dee: User, sign_in: Any) -> None:
    assert "No check is planned" in _text(sign_in(dee).get(reverse("desk:wellbeing_checks", args=[pat.pk])))


def test_a_paper_form_is_typed_with_its_day_and_what_was_left_blank_stays_blank(
    form: Assessment, dee: User, sign_in: Any
) -> None:
    desk, begin, today = sign_in(dee), reverse("desk:wellbeing", args=[form.pk]), timezone.localdate()
    refused = desk.post(begin, {"answered_on-day": "1", "answered_on-month": "2", "answered_on-year": "2020"})
    assert refused.status_code == 422 and "That is too early for these questions." in _text(refused)
    day = {f"answered_on-{part}": str(getattr(today, part)) for part in ("day", "month", "year")}
    typed = desk.post(begin, day)
    assert typed["Location"] == _question(form, "energy", "desk")
    page = _text(desk.get(typed["Location"]))
    assert "From the paper form of Pat" in page and "Read aloud" not in page
    assert f'href="{_question(form, "sleep", "desk")}">Left blank on paper: go on' in page
    assert f'href="{_answers(form, "desk")}">Left blank' in _text(desk.get(_question(form, "act_min", "desk")))
    desk.post(_question(form, "energy", "desk"), {"answer": "7"})
    assert "Carry on typing" in _text(desk.get(begin))
    assert "typed from paper" in _text(desk.get(_answers(form, "desk")))
    assert "Shred the paper form" in _text(desk.post(_answers(form, "desk"), follow=True))
    sent = Response.objects.get()
    assert (sent.mode, sent.answered_on, sent.answers) == (AnswerMode.PAPER, today, {"energy": 7})
    assert "on paper, typed in later" in _text(desk.get(reverse("desk:wellbeing_checks", args=[form.participant_id])))


def test_the_desk_prints_the_questions_while_they_are_open(
    form: Assessment, dee: User, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, way_in = sign_in(dee), reverse("desk:wellbeing", args=[form.pk])
    paper = reverse("desk:wellbeing_paper", args=[form.pk])
    assert paper in _text(desk.get(way_in))
    printed = desk.get(paper)
    assert printed["Content-Type"] == "application/pdf" and printed.content.startswith(b"%PDF")
    assert "no-store" in printed["Cache-Control"] and form.participant.reference not in printed["Content-Disposition"]

    def cannot(*_: object, **__: object) -> bytes:
        raise CannotBeDrawn

    monkeypatch.setattr(desk_wellbeing, "draw_questions", cannot)
    refused = desk.get(paper)
    assert refused.status_code == 409 and "our type cannot print" in _text(refused)
    Assessment.objects.update(state=AssessmentState.NOT_WANTED)
    assert desk.get(paper)["Location"] == way_in


def test_the_desk_may_read_the_questions_out_after_all(form: Assessment, dee: User, sign_in: Any) -> None:
    desk, begin = sign_in(dee), reverse("desk:wellbeing", args=[form.pk])
    today = timezone.localdate()
    desk.post(begin, {f"answered_on-{part}": str(getattr(today, part)) for part in ("day", "month", "year")})
    assert desk.post(begin, {"aloud": "yes"})["Location"] == _question(form, "energy", "desk")
    assert Response.objects.get().mode == AnswerMode.PHONE
    Assessment.objects.update(state=AssessmentState.NOT_WANTED)
    assert desk.post(begin, {"aloud": "yes"})["Location"] == begin


def test_late_answers_say_so_at_the_desk_and_to_the_person(
    pat: Participant, dee: User, browser: Client, sign_in: Any
) -> None:
    today = timezone.localdate()
    over = {"opens_on": today - dt.timedelta(days=9), "closes_on": today - dt.timedelta(days=2)}
    late = AssessmentFactory(participant=pat, state=AssessmentState.MISSED, **over)
    desk = sign_in(dee)
    listed = reverse("desk:wellbeing_checks", args=[pat.pk])
    assert "Can still be typed in, as late" in _text(desk.get(listed))
    assert "The time for these questions is over." in _text(desk.get(reverse("desk:wellbeing", args=[late.pk])))
    desk.post(_question(late, "energy", "desk"), {"answer": "7"})
    desk.post(_answers(late, "desk"))
    assert "after its time" in _text(desk.get(listed))
    assert "(start, after its time)" in _text(sign_in(pat.person.user).get(reverse("me:progress")))


def test_what_is_asked_once_more_says_so_wherever_it_stands(
    pat: Participant, dee: User, sam: User, browser: Client, sign_in: Any
) -> None:
    early = AssessmentFactory(participant=pat)
    sent_form(early, {**answers_of(2), "act_days": 0}, on=dt.date(2026, 1, 5))
    again = AssessmentFactory(participant=pat, timepoint=early.timepoint, round=2)
    for page in ("me:home", "me:progress"):
        assert "Once more. About 5 minutes" in _text(browser.get(reverse(page)))
    page = _text(browser.get(reverse("me:wellbeing", args=[again.pk])))
    assert "You answered these questions on Monday 5 January 2026. Time has gone by since, so we ask them once" in page
    desk = sign_in(dee)
    listed = _text(desk.get(reverse("desk:wellbeing_checks", args=[pat.pk])))
    assert listed.count("Too early to count, so it is asked once more") == 1 and listed.count(", once more") == 1
    aloud = _text(desk.get(reverse("desk:wellbeing", args=[again.pk])))
    assert '<blockquote class="sf-aloud"> <p>You answered these questions on Monday 5 January 2026.' in aloud
    Assessment.objects.filter(pk=again.pk).update(opens_on=None)
    shut = _text(desk.get(reverse("desk:wellbeing_checks", args=[pat.pk])))
    assert "or what they said before counts" in shut and "Too early to count" not in shut
    sent_form(again, answers_of(5), on=dt.date(2026, 3, 2))
    _sent(pat, "w12", 84, answers_of(6))
    page = _text(sign_in(pat.person.user).get(reverse("me:progress")))
    assert "Your energy is a little higher than when you started." in page  # by 1 and not by 4
    assert "What you said on 2 March 2026 (start) counts; what you said before is kept here." in page
    assert "You answered on 5 January 2026 (start, earlier), 2 March 2026 (start) and 25 May 2026 (12 weeks)." in page


def test_a_follow_up_asks_in_words_how_it_compares(pat: Participant, browser: Client) -> None:
    later = AssessmentFactory(
        participant=pat, timepoint=TimepointFactory(programme=pat.programme, code="w12", label="12 weeks", day=84)
    )
    page = _text(browser.get(_question(later, "change")))
    assert "Question 14 of 14" in page and "A little less well" in page
    browser.post(_question(later, "change"), {"answer": "-1"})
    assert "A little less well" in _text(browser.get(_answers(later)))


# --- own progress ------------------------------------------------------------


def _sent(pat: Participant, code: str, day: int, answers: dict[str, Any]) -> None:
    timepoint = TimepointFactory(
        programme=pat.programme, code=code, label=f"{day // 7} weeks" if day else "Start", day=day
    )
    assessment = AssessmentFactory(participant=pat, timepoint=timepoint)
    sent_form(assessment, answers, on=dt.date(2026, 3, 2) + dt.timedelta(days=day))


def test_progress_is_said_in_words_first(pat: Participant, browser: Client) -> None:
    _sent(pat, "start", 0, {**answers_of(5), "aches": 8})
    _sent(pat, "w12", 84, {**answers_of(5), "energy": 6, "aches": 3, "spirits": 1, "act_days": 4, "change": -1})
    page = _text(browser.get(reverse("me:progress")))
    assert "Your energy is a little higher than when you started." in page
    assert "Aches and soreness hold you back less than when you started." in page
    assert "Your spirits are lower than when you started." in page
    assert "About the same: sleep" in page
    assert (
        "In the week before 25 May 2026 you moved enough to breathe a little faster for about 120 minutes in all. "
        "When you started it was about 60 minutes."
    ) in page
    assert "<td" in page and "4 of 7" in page
    assert "Compared with when you started, you said on 25 May 2026: “A little less well”." in page
    assert page.index("What is going well") < page.index("What is harder just now") < page.index("<table")
    assert "worse" not in page.lower()
    assert "<svg" in page and "<desc" in page and "style=" not in page


def test_progress_is_compared_with_the_first_form_there_is(pat: Participant, browser: Client) -> None:
    _sent(pat, "w12", 84, {**answers_of(5), "act_days": 0, "act_min": DECLINED})
    _sent(pat, "w26", 182, {**answers_of(6), "act_min": 600, "act_days": 7})
    page = _text(browser.get(reverse("me:progress")))
    assert "Your energy is a little higher than on 25 May 2026." in page
    assert "faster for 1,680 minutes or more in all. On 25 May 2026 it was none." in page


def test_one_form_is_thanked_and_nothing_is_compared(pat: Participant, browser: Client) -> None:
    _sent(pat, "start", 0, {**answers_of(5), "act_days": 0})
    later = TimepointFactory(programme=pat.programme, code="w12", day=84)
    AssessmentFactory(participant=pat, timepoint=later, opens_on=None)
    page = _text(browser.get(reverse("me:progress")))
    assert "After your next check" in page and "breathe a little faster on no day." in page
    assert "than when you started" not in page
    assert '<svg class="sf-chart"' not in page


def test_progress_can_be_hidden_and_shown_again(pat: Participant, browser: Client) -> None:
    _sent(pat, "start", 0, answers_of(5))
    _sent(pat, "w12", 84, answers_of(7))
    browser.post(reverse("me:show_progress"), {"show": "no"})
    page = _text(browser.get(reverse("me:progress")))
    assert "You chose to hide" in page and "Your energy" not in page
    browser.post(reverse("me:show_progress"), {"show": "yes"})
    assert "Your energy" in _text(browser.get(reverse("me:progress")))


def test_whoever_works_at_the_desk_too_finds_nobody_elses_questions_on_their_own_pages(
    form: Assessment, pat: Participant, dee: User, sign_in: Any
) -> None:
    MembershipFactory(user=dee, role=Role.PARTICIPANT.value, programme=pat.programme)
    own = ParticipantFactory(person=dee.person, programme=pat.programme)
    AssessmentFactory(participant=own, timepoint=form.timepoint, questionnaire=form.questionnaire)
    browser = sign_in(dee)
    for page in (_text(browser.get(reverse(name))) for name in ("me:home", "me:progress")):
        assert "Ready for you to answer" in page and "for Pat" not in page
    assert browser.get(reverse("me:wellbeing", args=[form.pk])).status_code == 404
    assert browser.get(reverse("desk:wellbeing", args=[form.pk])).status_code == 200


def test_nobody_sees_the_progress_of_the_person_they_help(pat: Participant, scribe: User, sign_in: Any) -> None:
    _sent(pat, "start", 0, answers_of(5))
    _sent(pat, "w12", 84, answers_of(9))
    for code, day in (("start", 0), ("w12", 84)):
        _other(pat, "hads", code, day, HADS)
    page = _text(sign_in(scribe).get(reverse("me:progress")))
    assert "Your energy" not in page and "Anxiety" not in page and "<table" not in page
    assert "nothing to type in today" in page


# --- what other questionnaires came to ---------------------------------------


def _other(pat: Participant, recipe: str, code: str, day: int, answers: dict[str, Any], version: str = "1") -> Response:
    of = {"code": recipe, "recipe": recipe, "title": f"Questions of {recipe}", "version": version}
    timepoint = TimepointFactory(programme=pat.programme, code=code, label=code.upper(), day=day)
    asked = QuestionnaireFactory(programme=pat.programme, active=version == "1", **of)
    form = AssessmentFactory(participant=pat, timepoint=timepoint, questionnaire=asked)
    return sent_form(form, answers, on=dt.date(2026, 3, 2) + dt.timedelta(days=day))


HADS = {f"q{number}": 1 for number in range(1, 15)}
WORSE = HADS | {f"q{number}": 3 for number in range(1, 14, 2)}
JUDGES = ("worse", "possible", "probable", "unlikely", "1.5", "matter", "meaning", "change", "a little", "line")


def test_other_questionnaires_are_told_in_numbers_with_no_word_on_what_they_mean(
    pat: Participant, browser: Client, settings: Any
) -> None:
    _other(pat, "hads", "start", 0, HADS)
    page = _text(browser.get(reverse("me:progress")))
    assert "Questions of hads" not in page, "one time is nothing to lay beside another"
    _other(pat, "hads", "w12", 84, WORSE)
    for code, day in (("start", 0), ("w12", 84)):
        _other(pat, "eq5d5l", code, day, {f"q{number}": 5 for number in range(1, 6)} | {"vas": 60})
        _other(pat, "who5", code, day, {"q1": 5})  # too little for a score
    page = browser.get(reverse("me:progress")).content.decode()
    told = _words(page[page.index("<h2>Questions of eq5d5l") : page.index("Hide my answers")])
    for words in (
        "Questions of hads",
        "You answered on 2 March 2026 (start) and 25 May 2026 (w12).",
        "Anxiety From 0 to 21; less is better 7 21",
        "Depression From 0 to 21; less is better 7 7",
        "Index, UK 2026 values From −0.567 to 1; more is better −0.567 −0.567",
        "Health, as marked on a scale From 0 to 100; more is better 60 60",
        "If you would like to talk about any of this, call us on",
    ):
        assert words in told
    settings.EQ5D_VALUE_SET = "ENG_2018"
    assert "Index, England 2018 values From −0.285 to 1; more is better −0.285 −0.285" in _words(
        browser.get(reverse("me:progress")).content.decode()
    )
    by_api = {one["title"]: one["scales"] for one in browser.get("/api/v1/own-progress/other-questionnaires/").json()}
    assert list(by_api) == ["Questions of eq5d5l", "Questions of hads"]
    assert by_api["Questions of hads"][0] == {
        "name": "Anxiety",
        "lo": 0,
        "hi": 21,
        "more_is_better": False,
        "scores": [
            {"timepoint": "START", "on": "2026-03-02", "value": 7},
            {"timepoint": "W12", "on": "2026-05-25", "value": 21},
        ],
    }
    assert "ENG_2018" not in told and "Questions of who5" not in told
    assert [word for word in JUDGES if word in told.lower()] == []
    browser.post(reverse("me:show_progress"), {"show": "no"})
    assert "You chose to hide" in _text(hidden := browser.get(reverse("me:progress")))
    assert "Questions of hads" not in _text(hidden)


def _words(html: str) -> str:
    kept = re.sub(r'<span class="sf-table__label"[^>]*>[^<]*</span>', "", html)
    return " ".join(re.sub(r"<[^>]+>", " ", kept).split())


def test_scores_of_another_way_of_scoring_stand_beside_no_other_and_a_gap_is_said(
    pat: Participant, browser: Client
) -> None:
    start, _ = _other(pat, "hads", "start", 0, HADS), _other(pat, "hads", "w12", 84, {"q1": 1, "q2": 1})
    _other(pat, "hads", "w26", 182, HADS)
    _other(pat, "hads", "w26", 182, WORSE, version="2")  # sent twice by mistake: the last counts
    assert "Anxiety From 0 to 21; less is better 7 No score 21" in _words(
        browser.get(reverse("me:progress")).content.decode()
    )
    for row in start.scores.all():
        values = {"value": row.value, "recipe": "hads", "recipe_version": "0"}
        Score.objects.create(response=start, scale=row.scale, **values)
    assert "Questions of hads" not in _text(browser.get(reverse("me:progress")))


def test_what_is_due_stands_on_top(pat: Participant, browser: Client) -> None:
    AssessmentFactory(participant=pat, closes_on=timezone.localdate() + dt.timedelta(days=3))
    page = _text(browser.get(reverse("me:progress")))
    assert "Ready for you to answer" in page and "About 5 minutes. Please send it by" in page
    assert "When you have answered" in page
    Assessment.objects.update(closes_on=None)
    for address in ("me:progress", "me:home"):
        assert "About 5 minutes" in _text(browser.get(reverse(address)))


def test_who_left_off_half_way_reads_after_the_window_that_we_can_finish_it_together(
    form: Assessment, browser: Client
) -> None:
    browser.post(_question(form, "energy"), {"answer": "7"})
    way_in = reverse("me:wellbeing", args=[form.pk])
    past = {"opens_on": None, "closes_on": timezone.localdate() - dt.timedelta(days=1)}
    Assessment.objects.update(**past, state=AssessmentState.MISSED)
    assert "What you have answered so far is kept: call us" in _text(browser.get(way_in))
    Assessment.objects.update(state=AssessmentState.NOT_WANTED)
    assert "You do not need to answer these questions." in _text(browser.get(way_in))
    Response.objects.all().delete()
    Assessment.objects.update(state=AssessmentState.PLANNED)
    Assessment.objects.update(state=AssessmentState.MISSED)
    assert "The time for these questions is over. There is nothing to do." in _text(browser.get(way_in))


def test_with_nothing_due_the_page_says_whether_anything_is_to_come(
    form: Assessment, pat: Participant, quinn: Participant, dee: User, browser: Client, sign_in: Any
) -> None:
    def page() -> str:
        return _text(browser.get(reverse("me:progress")))

    Assessment.objects.update(opens_on=None)
    assert "There is nothing to answer today. We will tell you when the next check is ready." in page()
    Assessment.objects.update(round=2)  # asked once more only where a class is near
    assert "There is nothing to answer. We have no more questions for you." in page()
    _sent(pat, "w12", 84, answers_of(5))
    assert "Thank you for answering. We have no more questions for you." in page()
    agrees(pat, ConsentKind.HEALTH, given=False)
    said = page()
    assert "You do not agree that we ask about your health, so we ask you nothing here." in said
    assert reverse("me:consent", args=["health"]) in said and "We will tell you" not in said
    _sent(pat, "w26", 182, answers_of(7))
    assert "so we ask you nothing here" in page() and "What is going well" in page()
    desk = sign_in(dee)
    listed = reverse("desk:wellbeing_checks", args=[pat.pk])
    assert "so nothing is asked of them." in _text(desk.get(listed))
    agrees(quinn, ConsentKind.HEALTH, given=False)
    of_quinn = _text(desk.get(reverse("desk:wellbeing_checks", args=[quinn.pk])))
    assert "so nothing is asked of them." in of_quinn and "No check is planned" not in of_quinn


def test_the_question_page_takes_few_queries(
    form: Assessment, browser: Client, django_assert_max_num_queries: Any
) -> None:
    browser.post(_question(form, "energy"), {"answer": "7"})
    with django_assert_max_num_queries(8):
        browser.get(_question(form, "sleep"))
