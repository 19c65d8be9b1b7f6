from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from accounts.models import AccessLog, Programme, User
from accounts.permissions import Role
from outcomes.answering.recording import begin
from outcomes.models import AnswerMode, Assessment, Response
from participants.models import Participant
from tests.factories.accounts import someone
from tests.factories.fhir import item
from tests.factories.outcomes import AssessmentFactory, QuestionnaireFactory, answers_of, sent_form

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def form(pat: Participant) -> Assessment:
    return AssessmentFactory(participant=pat)


@pytest.fixture
def browser(pat: Participant, sign_in: Any) -> Client:
    client: Client = sign_in(pat.person.user)
    return client


def _put(browser: Client, form: Assessment, body: dict[str, Any]) -> Any:
    return browser.put(f"{API}/assessments/{form.pk}/answers/", body, content_type="application/json")


def _send(browser: Client, form: Assessment, body: dict[str, Any] | None = None) -> Any:
    return browser.post(f"{API}/assessments/{form.pk}/send/", body or {}, content_type="application/json")


def test_own_assessments_are_listed_with_their_windows(form: Assessment, browser: Client) -> None:
    body = browser.get(f"{API}/assessments/").json()
    assert body["count"] == 1
    assert body["results"][0] | {"opens_on": ""} == {
        "id": form.pk, "participant": form.participant_id, "questionnaire": form.questionnaire_id,
        "timepoint": "start", "state": "planned", "opens_on": "", "due_on": None, "closes_on": None, "is_open": True,
        "round": 1,
    }  # fmt: skip


def test_the_list_is_filtered_by_state_and_timepoint_and_by_nothing_else(form: Assessment, browser: Client) -> None:
    assert browser.get(f"{API}/assessments/?state=planned&timepoint=start").json()["count"] == 1
    assert browser.get(f"{API}/assessments/?state=submitted").json()["count"] == 0
    assert browser.get(f"{API}/assessments/?state=lost").status_code == 400
    assert browser.get(f"{API}/assessments/?participant={form.participant_id}").json()["count"] == 1
    assert browser.get(f"{API}/assessments/?participant={form.participant_id + 1}").json()["count"] == 0
    assert browser.get(f"{API}/assessments/?participant=x").status_code == 400
    assert browser.get(f"{API}/assessments/?colour=1").status_code == 400


def test_a_questionnaire_has_the_shape_of_fhir(
    form: Assessment, browser: Client, quinn: Participant, sign_in: Any
) -> None:
    address = f"{API}/questionnaires/{form.questionnaire_id}/"
    body = browser.get(address).json()
    assert (body["resourceType"], body["status"], body["item"][0]["linkId"]) == ("Questionnaire", "active", "energy")
    assert sign_in(quinn.person.user).get(address).status_code == 404


def test_a_draft_is_put_read_and_replaced_as_a_whole(form: Assessment, browser: Client) -> None:
    assert browser.get(f"{API}/assessments/{form.pk}/answers/").json()["answers"] == {}
    assert _put(browser, form, {"answers": {"energy": 4, "sleep": "declined"}}).status_code == 200
    body = _put(browser, form, {"answers": {"energy": 5}}).json()
    assert (body["answers"], body["mode"], body["submitted_at"]) == ({"energy": 5}, "self", None)
    assert browser.get(f"{API}/assessments/{form.pk}/answers/").json() == body


@pytest.mark.parametrize("answer", [11, -1, "7", 7.5, True, None, [7], {"value": 7}])
def test_an_answer_that_does_not_fit_is_a_400_that_names_the_item(
    form: Assessment, browser: Client, answer: object
) -> None:
    response = _put(browser, form, {"answers": {"energy": answer}})
    assert response.status_code == 400
    assert "energy" in response.content.decode()
    assert not Response.objects.exists()


def test_an_unknown_item_and_an_unknown_name_are_400s(form: Assessment, browser: Client) -> None:
    assert _put(browser, form, {"answers": {"mood": 4}}).status_code == 400
    assert _put(browser, form, {"answers": {}, "score": 100}).status_code == 400
    assert _put(browser, form, {}).status_code == 400


def test_sending_scores_and_sending_again_answers_the_same(form: Assessment, browser: Client) -> None:
    _put(browser, form, {"answers": answers_of(6)})
    first, again = _send(browser, form), _send(browser, form)
    assert first.status_code == again.status_code == 200
    assert first.json()["submitted_at"] == again.json()["submitted_at"] is not None
    assert Response.objects.get().scores.get(scale="total").value == pytest.approx(60)


def test_after_sending_a_draft_is_a_conflict(form: Assessment, browser: Client) -> None:
    _put(browser, form, {"answers": answers_of(6)})
    _send(browser, form)
    refused = _put(browser, form, {"answers": {"energy": 1}})
    assert (refused.status_code, refused.json()["code"]) == (409, "already_sent")


def test_nothing_answered_is_a_conflict(form: Assessment, browser: Client) -> None:
    assert _send(browser, form).json()["code"] == "nothing_answered"


def test_a_form_that_is_not_open_is_a_conflict(form: Assessment, browser: Client) -> None:
    Assessment.objects.update(opens_on=None)
    refused = _put(browser, form, {"answers": {"energy": 1}})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_open")
    assert _send(browser, form).status_code == 409


def test_somebody_elses_assessment_is_not_there(form: Assessment, quinn: Participant, sam: User, sign_in: Any) -> None:
    for other in (quinn.person.user, sam):
        browser = sign_in(other)
        assert browser.get(f"{API}/assessments/").json()["count"] == 0
        assert browser.get(f"{API}/assessments/{form.pk}/").status_code == 404
        assert _put(browser, form, {"answers": {"energy": 1}}).status_code == 404
        assert _send(browser, form).status_code == 404
    assert not Response.objects.exists()


def test_people_without_such_a_role_and_nobody_are_kept_out(form: Assessment, omar: User, sign_in: Any) -> None:
    assert sign_in(omar).get(f"{API}/assessments/").status_code == 403
    assert sign_in(omar).get(f"{API}/assessments/{form.pk}/").status_code == 404
    assert Client().get(f"{API}/assessments/").status_code == 401


def test_the_desk_types_by_telephone_or_from_paper_and_its_reads_are_logged(
    form: Assessment, dee: User, sign_in: Any
) -> None:
    browser = sign_in(dee)
    assert _put(browser, form, {"answers": {"energy": 4}}).json()["mode"] == "phone"
    assert _put(browser, form, {"answers": {"energy": 4}, "mode": "paper"}).json()["mode"] == "paper"
    browser.get(f"{API}/assessments/{form.pk}/answers/")
    assert AccessLog.objects.filter(by=dee.person, target=form.participant.person).count() == 1


def test_paper_says_its_day(form: Assessment, dee: User, sign_in: Any) -> None:
    desk, today = sign_in(dee), form.opens_on
    _put(desk, form, {"answers": {"energy": 4}, "mode": "paper"})
    address = f"{API}/assessments/{form.pk}/send/"
    too_early = today - dt.timedelta(days=29)
    for given in ({"mode": "phone", "answered_on": today}, {"mode": "paper", "answered_on": too_early}):
        assert "answered_on" in desk.post(address, given, content_type="application/json").content.decode()
    sent = desk.post(address, {"mode": "paper", "answered_on": today}, content_type="application/json")
    assert sent.json()["answered_on"] == str(today)


@pytest.fixture
def scribe(sam: User, form: Assessment) -> User:
    form.participant.supporters.update(scopes=["scribe"])
    return sam


@pytest.mark.parametrize("who", ["dee", "scribe"])
def test_what_was_sent_is_read_by_the_person_alone(
    form: Assessment, browser: Client, who: str, sign_in: Any, request: Any
) -> None:
    reader = sign_in(request.getfixturevalue(who))
    address = f"{API}/assessments/{form.pk}/answers/"
    _put(browser, form, {"answers": {"energy": 4}})
    assert reader.get(address).json()["answers"] == {"energy": 4}  # while it may be typed on
    reads = AccessLog.objects.count()
    sent = _send(browser, form).json()

    assert browser.get(address).json() == sent
    assert sent["answers"] == {"energy": 4}
    for answer in (reader.get(address), _send(reader, form)):
        assert answer.json() == sent | {"answers": None}
    assert AccessLog.objects.count() == reads == 1


@pytest.mark.parametrize("opens_on", [None, dt.date(2999, 1, 1)])
def test_a_draft_that_is_no_longer_open_is_read_by_the_person_alone(
    form: Assessment, browser: Client, dee: User, sign_in: Any, opens_on: dt.date | None
) -> None:
    _put(browser, form, {"answers": {"energy": 4}})
    Assessment.objects.update(opens_on=opens_on)
    address = f"{API}/assessments/{form.pk}/answers/"
    assert browser.get(address).json()["answers"] == {"energy": 4}
    assert sign_in(dee).get(address).json()["answers"] is None


def test_the_desk_is_told_that_it_has_sent_and_not_once_more_what(form: Assessment, dee: User, sign_in: Any) -> None:
    at_desk = sign_in(dee)
    _put(at_desk, form, {"answers": {"energy": 4}})
    sent = _send(at_desk, form).json()
    assert (sent["answers"], sent["mode"]) == (None, "phone")
    assert sent["submitted_at"]


def test_what_is_not_said_again_stays_as_it_was(form: Assessment, dee: User, sign_in: Any) -> None:
    begin(assessment=form, mode=AnswerMode.PAPER, answered_on=form.opens_on, by=dee.person)
    desk = sign_in(dee)
    put = _put(desk, form, {"answers": {"energy": 4}}).json()
    assert (put["mode"], put["answered_on"]) == ("paper", str(form.opens_on))
    sent = desk.post(f"{API}/assessments/{form.pk}/send/", {}, content_type="application/json").json()
    assert (sent["mode"], sent["answered_on"]) == ("paper", str(form.opens_on))


def test_oneself_is_not_on_the_telephone(form: Assessment, browser: Client) -> None:
    assert _put(browser, form, {"answers": {"energy": 4}, "mode": "phone"}).status_code == 400
    assert _put(browser, form, {"answers": {"energy": 4}, "mode": "scribe"}).status_code == 400


def test_own_progress_is_ones_own_alone(form: Assessment, browser: Client, sam: User, dee: User, sign_in: Any) -> None:
    sent_form(form, answers_of(6), on=form.opens_on)
    (body,) = browser.get(f"{API}/own-progress/").json()
    assert (body["timepoint"], body["scales"]["body"], body["items"]["energy"]) == ("Start", 60.0, 6.0)
    assert body["is_superseded"] is False
    for other in (sam, dee):
        assert sign_in(other).get(f"{API}/own-progress/").status_code == 403


def test_a_participant_by_role_alone_has_no_progress(programme: Programme, sign_in: Any) -> None:
    somebody = someone("Rita Role", Role.PARTICIPANT, programme=programme)
    for address in ("own-progress", "own-progress/other-questionnaires"):
        assert sign_in(somebody).get(f"{API}/{address}/").status_code == 404


def test_values_of_every_kind_are_put_and_what_does_not_fit_says_what_the_question_takes(
    pat: Participant, browser: Client
) -> None:
    items = [item("day", "date"), item("must", required=True)]
    form = AssessmentFactory(
        participant=pat,
        questionnaire=QuestionnaireFactory(programme=pat.programme, code="days", recipe="", items=items),
    )
    refused = _put(browser, form, {"answers": {"day": [{"valueDate": "soon"}]}})
    assert refused.status_code == 400 and "this date question takes" in refused.content.decode()
    answers = {"day": [{"valueDate": "2026-02-01"}]}
    assert _put(browser, form, {"answers": answers}).json()["answers"] == answers
    conflict = _send(browser, form)
    assert (conflict.status_code, conflict.json()["code"], conflict.json()["item"]) == (409, "still_required", "must")
