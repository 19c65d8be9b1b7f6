"""What somebody says about themselves: closed lists, never required, and what is about health only with consent."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from outcomes.counting.bands import BY_NAME
from outcomes.extracts import fields
from participants import about, consents
from participants.about import NotAnAnswer, said_about, tell_about
from participants.content import install
from participants.health import NoConsent
from participants.models import ConsentKind, Equality, ParticipantStatus
from participants.refusals import NotPossibleNow
from participants.rules.cancer_sites import BadSites, read_sites, shipped_sites

GROUPS = ("breast", "prostate", "bowel", "lung", "blood", "other")
NOTHING = dict.fromkeys(about.QUESTIONS, "")


@pytest.fixture
def agreed(pat):
    install(pat.programme, pat.person)
    text = next(one for one in consents.current_texts(pat.programme) if one.kind == ConsentKind.HEALTH)
    consents.give_consent(participant=pat, text=text, by=pat.person)
    return pat


def tell(participant, question, answer, words=""):
    tell_about(participant=participant, question=question, answer=answer, words=words, by=participant.person)


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


def test_every_kind_on_the_list_counts_in_a_group_that_is_there_and_its_codes_are_whole():
    sites = shipped_sites(GROUPS)
    assert {site.group for site in sites.values()} == {*GROUPS}
    assert sites["leukaemia"].icd10 == "C91-C95" and sites["leukaemia"].snomed == "93143009"
    assert not {code for code in sites if code not in about.choices_of("cancer_type")}


@pytest.mark.parametrize(
    "wrong",
    [
        {"group": "skin"}, {"code": "x" * 21}, {"icd10": "50"}, {"snomed": "254873009"}, {"snomed": "breast"},
        {"snomed": "254837015"}, {"code": "lung"}, {"code": "mamma"},
    ],
)  # fmt: skip
def test_a_list_with_a_slip_in_it_is_refused(wrong):
    site = {"code": "breast", "label": "Breast", "group": "breast", "icd10": "C50", "snomed": "254837009"}
    lung = {**site, "code": "lung", "group": "lung"}
    assert [*read_sites({"site": [site, lung]}, groups=("breast", "lung"))] == ["breast", "lung"]
    with pytest.raises(BadSites):
        read_sites({"site": [site | wrong, lung]}, groups=("breast", "lung"))


@pytest.mark.parametrize("wrong", [{"group": "skin"}, {"code": "x" * 21}])
def test_a_kind_in_no_group_or_with_too_long_a_code_is_refused_beside_groups_that_are_whole(wrong):
    site = {"code": "breast", "label": "Breast", "group": "breast", "icd10": "C50", "snomed": ""}
    with pytest.raises(BadSites, match="group or length of the code"):
        read_sites({"site": [site, {**site, "code": "duct"} | wrong]}, groups=("breast",))


@pytest.mark.django_db
def test_a_kind_is_kept_as_it_was_said_and_counted_in_its_group(agreed):
    tell(agreed, "cancer_type", "ovary", words="of the left")
    row = Equality.objects.get()
    assert (row.cancer_type, row.cancer_site, row.cancer_words) == ("other", "ovary", "")
    assert about.words_of("cancer_type", said_about(agreed)["cancer_type"]) == "Ovary"
    tell(agreed, "cancer_type", "other", words="Thymoma")
    assert about.own_words(agreed) == "Thymoma" and said_about(agreed)["cancer_type"] == "other"
    assert about.conditions_said(participant=agreed)[0]["code"] == {"text": "Thymoma"}
    with pytest.raises(NotAnAnswer):
        tell(agreed, "cancer_type", "other", words="x" * 101)
    tell(agreed, "cancer_type", "prefer_not", words="Thymoma")
    row.refresh_from_db()
    assert (row.cancer_type, row.cancer_site, row.cancer_words) == ("prefer_not", "", "")
    assert about.conditions_said(participant=agreed) == []
    Equality.objects.update(cancer_type="lung")
    assert said_about(agreed)["cancer_type"] == "lung"
    (found,) = about.conditions_said(participant__person=agreed.person)
    assert found["code"]["text"] == "Lung" and found["code"]["coding"][1]["code"] == "C34"
    with pytest.raises(IntegrityError, match="a_cancer_site_counts_in_a_group"), transaction.atomic():
        Equality.objects.update(cancer_type="", cancer_site="lung")


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
    tell(agreed, "cancer_type", "other", words="Thymoma")
    consents.withdraw_consent(participant=agreed, kind=ConsentKind.HEALTH, by=agreed.person)
    assert Equality.objects.get().cancer_site == "" == about.own_words(agreed)
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
