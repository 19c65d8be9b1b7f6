from __future__ import annotations

import pytest

from outcomes.models import Assessment, Questionnaire, Release, ReleaseCell, Response, Score


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (Questionnaire(code="check", version="1"), "check 1"),
        (Assessment(pk=3), "assessment 3"),
        (Response(assessment_id=3), "answers to assessment 3"),
        (Score(scale="body", response_id=4), "body of response 4"),
        (Release(number=5), "release 5"),
        (ReleaseCell(measure="funnel.started", release_id=6), "funnel.started of release 6"),
    ],
)
def test_a_row_names_itself_without_any_answer(row: object, words: str) -> None:
    assert str(row) == words
