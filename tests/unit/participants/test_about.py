"""What somebody says about themselves: closed lists, never required, and what is about health only with consent."""

from __future__ import annotations

import pytest

from outcomes.counting.bands import BY_NAME
from outcomes.extracts import fields
from participants import about, consents
from participants.about import NotAnAnswer, said_about, tell_about
from participants.content import install
from participants.health import NoConsent
from participants.models import ConsentKind, Equality, ParticipantStatus
from participants.refusals import NotPossibleNow

NOTHING = dict.fromkeys(about.QUESTIONS, "")


@pytest.fixture
def agreed(pat):
    install(pat.programme, pat.person)
    text = next(one for one in consents.current_texts(pat.programme) if one.kind == ConsentKind.HEALTH)
    consents.give_consent(participant=pat, text=text, by=pat.person)
    return pat


def tell(participant, question, answer):
    tell_about(participant=participant, question=question, answer=answer, by=participant.person)


@pytest.mark.parametrize(
    ("question", "known"),
    [
        ("sex", BY_NAME["sex"].bands), ("ethnicity", BY_NAME["ethnicity"].bands),
        ("cancer_type", BY_NAME["cancer"].bands), ("sex", fields.SEXES), ("ethnicity", fields.ETHNIC),
        ("cancer_type", fields.CANCERS), ("treatment_stage", fields.PHASES),
    ],
)  # fmt: skip
def test_whatever_somebody_can_say_is_known_where_it_is_counted(question, known):
    assert {*about.QUESTIONS[question].values} - {"prefer_not"} <= {*known}


@pytest.mark.django_db
def test_each_answer_is_kept_by_itself_and_in_place_of_the_one_before(agreed):
    assert said_about(agreed) == NOTHING
    tell(agreed, "sex", "female")
    tell(agreed, "cancer_type", "lung")
    tell(agreed, "sex", "prefer_not")
    assert said_about(agreed) == {**NOTHING, "sex": "prefer_not", "cancer_type": "lung"}
    assert about.words_of("sex", "prefer_not") == "Prefer not to say"


@pytest.mark.django_db
@pytest.mark.parametrize(("question", "answer"), [("sex", "lung"), ("sex", ""), ("height", "tall")])
def test_what_is_no_answer_is_refused(agreed, question, answer):
    with pytest.raises(NotAnAnswer):
        tell(agreed, question, answer)
    assert not Equality.objects.exists()


@pytest.mark.django_db
def test_what_is_about_health_needs_the_consent_and_goes_with_it(agreed):
    for question, answer in {"gender": "woman", "cancer_type": "lung", "treatment_stage": "after"}.items():
        tell(agreed, question, answer)
    consents.withdraw_consent(participant=agreed, kind=ConsentKind.HEALTH, by=agreed.person)
    assert said_about(agreed) == {**NOTHING, "gender": "woman"}
    with pytest.raises(NoConsent):
        tell(agreed, "cancer_type", "lung")
    tell(agreed, "gender", "other")
    assert about.questions(health=False) == ["sex", "gender", "ethnicity"]
    assert about.questions(health=True) == [*about.QUESTIONS]


@pytest.mark.django_db
def test_who_takes_part_no_more_is_not_asked(agreed):
    agreed.status = ParticipantStatus.WITHDRAWN
    agreed.save()
    with pytest.raises(NotPossibleNow):
        tell(agreed, "sex", "female")
