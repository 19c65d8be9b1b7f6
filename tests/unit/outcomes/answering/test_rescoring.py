from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from outcomes.answering import rescoring
from outcomes.answering.recording import own_forms
from outcomes.answering.scores import values_in_force
from outcomes.counting.forms import ScoredAnotherWay
from outcomes.counting.gathering import cohort_of
from outcomes.counting.truth import SCALES as COUNTED
from outcomes.instruments import safefit_wellbeing
from outcomes.instruments.recipe import CheckRange, Linear, Mean, MinAnswered, Recipe
from outcomes.instruments.safefit_wellbeing import BODY, RECIPE
from outcomes.models import AnswerMode, Response, Score
from participants.models import Participant
from tests.factories.one_by_one import journeys_in
from tests.factories.outcomes import AssessmentFactory, answers_of, consents, sent_form

SCALES = len(RECIPE.scales)


def _form(participant: Participant) -> Response:
    return sent_form(AssessmentFactory(participant=participant), answers_of(4), on=timezone.localdate())


def _rows() -> dict[int, tuple[object, ...]]:
    return {
        row.pk: (row.scale, row.value, row.reason, row.recipe_version, row.scored_at) for row in Score.objects.all()
    }


def _rescore(*arguments: str) -> str:
    out = StringIO()
    call_command("rescore", *arguments, stdout=out)
    return out.getvalue()


def _another(version: str) -> Recipe:
    """The same scales, but that body is out of 50, and mind needs an answer that no form has."""
    body = replace(RECIPE.scale("body"), operations=(CheckRange(), MinAnswered(4), Mean(), Linear(5)))
    mind = replace(RECIPE.scale("mind"), operations=(MinAnswered(9),))
    others = {"body": body, "mind": mind}
    return replace(RECIPE, version=version, scales=tuple(others.get(scale.id, scale) for scale in RECIPE.scales))


@pytest.fixture
def two_forms(pat: Participant, quinn: Participant, monkeypatch: pytest.MonkeyPatch) -> list[Response]:
    """In steps of one form, and with a draft that nobody has sent."""
    monkeypatch.setattr(rescoring, "BATCH", 1)
    Response.objects.create(
        assessment=AssessmentFactory(participant=pat, timepoint__code="w12", timepoint__day=84),
        answers={"energy": 1},
        mode=AnswerMode.SELF,
        entered_by=pat.person,
    )
    return [_form(pat), _form(quinn)]


@pytest.mark.django_db
def test_with_the_same_recipe_nothing_changes(two_forms: list[Response]) -> None:
    before = _rows()
    assert f"2 forms: {2 * SCALES} scores as they were, 0 added." in _rescore()
    assert _rows() == before


@pytest.mark.django_db
def test_another_version_adds_scores_that_count_from_now_on_and_leaves_the_earlier_ones(
    two_forms: list[Response], pat: Participant, monkeypatch: pytest.MonkeyPatch
) -> None:
    consents(pat)
    before = _rows()
    monkeypatch.setattr(rescoring, "recipe_called", lambda code: _another("2"))
    monkeypatch.setattr(safefit_wellbeing, "RECIPE", _another("2"))
    with pytest.raises(ScoredAnotherWay) as refused:  # until then, no form of before is held against one of today
        cohort_of(pat.programme, as_at=timezone.localdate())
    assert refused.value.forms == 1, "the other one is of somebody who is not counted"
    assert f"2 forms: 0 scores as they were, {2 * SCALES} added." in _rescore("--questionnaire", "safefit-wellbeing")
    after = _rows()
    assert {pk: after[pk] for pk in before} == before
    assert len(after) == 2 * len(before)
    [form] = own_forms(pat)
    assert form.scales["body"] == pytest.approx(sum(answers_of(4)[name] for name in BODY) / 6 * 5)  # type: ignore[misc]
    assert "mind" not in form.scales  # an earlier score does not stand in for one that there is not
    [journey] = journeys_in(cohort_of(pat.programme, as_at=timezone.localdate()))
    assert journey.forms["start"].scores == {
        name: form.scales[name] for name in (*COUNTED, "active_minutes") if name in form.scales
    }
    assert f"2 forms: {2 * SCALES} scores as they were, 0 added." in _rescore()
    monkeypatch.setattr(safefit_wellbeing, "RECIPE", RECIPE)  # an earlier version again: what was last is another
    with pytest.raises(ScoredAnotherWay):
        cohort_of(pat.programme, as_at=timezone.localdate())


@pytest.mark.django_db
def test_a_recipe_that_was_changed_without_a_new_version_is_found_and_overwrites_nothing(
    two_forms: list[Response], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _rows()
    monkeypatch.setattr(rescoring, "recipe_called", lambda code: _another(RECIPE.version))
    out = StringIO()
    with pytest.raises(CommandError, match="without a new version"):
        call_command("rescore", stdout=out)
    assert "2 scores of body would be others" in out.getvalue()
    assert "2 scores of mind would be others" in out.getvalue()
    assert _rows() == before


@pytest.mark.django_db
def test_a_questionnaire_that_nobody_answered_is_said_so(two_forms: list[Response]) -> None:
    with pytest.raises(
        CommandError, match=r"Nobody answered 'who5', or it is not scored\. There are forms of: safefit-wellbeing\."
    ):
        _rescore("--questionnaire", "who5")


def test_a_form_without_scores_has_none_that_count() -> None:
    assert values_in_force([]) == {}
