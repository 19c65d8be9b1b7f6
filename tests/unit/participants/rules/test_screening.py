import datetime as dt
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participants.health import FLAGGED_DAY
from participants.health_content import health_questions
from participants.refer_back import REFERRED_BACK
from participants.registering.referrers import NOTED_BY_REFERRER
from participants.rules.adaptations import LABELS, Adaptation, contradict, labels_of
from participants.rules.questions import BadContent, Question, QuestionSet, read_questions, shipped_questions
from participants.rules.screening import (
    TOLD_US_MORE,
    BadAnswer,
    Needed,
    Standing,
    Unanswered,
    add_months,
    after,
    asked,
    screen,
)
from tests.factories.registering import HEALTH

QUESTIONS = shipped_questions()
ROUTES_TO_A_PERSON = {
    "bones": {"cancer_in_bones": "cancer_in_bones", "thin_bones": "thin_bones", "not_sure": "bones_not_known"},
    "heart_lungs": {"yes": "heart_or_lung", "not_sure": "heart_or_lung"},
    "surgery": {"yes": "recent_surgery"},
    "blood": {"yes": "low_blood_counts", "not_sure": "low_blood_counts"},
    "symptoms": {"yes": "new_symptoms", "not_sure": "new_symptoms"},
    "falls": {"fallen": "falls", "dizzy": "dizziness"},
    "devices": {"line": "line_or_port", "wound": "open_wound", "stoma": "stoma"},
    "swelling": {"left_arm": "swelling", "right_arm": "swelling", "left_leg": "swelling", "right_leg": "swelling"},
    "treatment": {"yes": "recent_treatment"},
}


def answered(question: Question, value: str) -> dict[str, object]:
    answers = HEALTH | {question.id: [value] if question.kind == "any" else value}
    return answers | {"line_side": "left"}


def every_option():
    return [(q, o) for q in QUESTIONS.asked_of_all for o in q.options]


def test_nothing_to_tell_clears():
    screening = screen(QUESTIONS, HEALTH)
    assert (screening.needed, screening.flags, screening.adaptations) == (Needed.CLEARED, (), ())


@pytest.mark.parametrize(("question", "option"), every_option(), ids=lambda x: getattr(x, "id", getattr(x, "value", x)))
def test_each_answer_routes_as_the_table_says(question, option):
    expected = ROUTES_TO_A_PERSON.get(question.id, {}).get(option.value)
    screening = screen(QUESTIONS, answered(question, option.value))
    assert screening.flags == ((expected,) if expected else ())
    assert (screening.needed is Needed.NEEDS_REVIEW) == bool(expected)


@pytest.mark.parametrize("value", ["cancer_in_bones", "thin_bones"])
def test_bone_disease_does_not_exclude_but_is_reviewed_and_spares_the_spine(value):
    screening = screen(QUESTIONS, HEALTH | {"bones": [value]})
    assert screening.needed is Needed.NEEDS_REVIEW
    assert screening.adaptations == (Adaptation.NO_LOADED_SPINE,)


@pytest.mark.parametrize(
    ("answers", "adaptations"),
    [
        ({"falls": ["dizzy", "fallen"]}, (Adaptation.FALL_RISK,)),
        ({"devices": ["stoma"]}, (Adaptation.STOMA,)),
        ({"devices": ["line"], "line_side": "left"}, (Adaptation.LINE_LEFT,)),
        ({"devices": ["line"], "line_side": "right"}, (Adaptation.LINE_RIGHT,)),
        ({"devices": ["line"], "line_side": "other"}, (Adaptation.LINE,)),
        (
            {"swelling": ["right_leg", "left_arm", "right_arm", "left_leg"]},
            (
                Adaptation.SWELLING_RIGHT_LEG,
                Adaptation.SWELLING_LEFT_ARM,
                Adaptation.SWELLING_RIGHT_ARM,
                Adaptation.SWELLING_LEFT_LEG,
            ),
        ),
    ],
)
def test_adaptations_are_coded_with_their_side(answers, adaptations):
    assert screen(QUESTIONS, HEALTH | answers).adaptations == adaptations


@pytest.mark.parametrize(
    "chosen",
    list(chain.from_iterable(combinations(["standing", "floor", "impact"], n) for n in (1, 2, 3))),
)
def test_what_is_hard_clears_with_adaptations_and_without_a_review(chosen):
    screening = screen(QUESTIONS, HEALTH | {"moving": list(chosen)})
    codes = {"standing": Adaptation.SEATED_ONLY, "floor": Adaptation.NO_FLOOR_WORK, "impact": Adaptation.NO_IMPACT}
    assert screening.needed is Needed.CLEARED_WITH_ADAPTATIONS
    assert screening.adaptations == tuple(codes[value] for value in chosen)


@pytest.mark.parametrize(("note", "flags"), [("", ()), ("  \n ", ()), ("I faint on stairs", (TOLD_US_MORE,))])
def test_free_text_is_always_read_by_somebody(note, flags):
    assert screen(QUESTIONS, HEALTH, note).flags == flags


@pytest.mark.parametrize("question", QUESTIONS.asked_of_all, ids=lambda q: q.id)
def test_a_question_left_out_is_named(question):
    with pytest.raises(Unanswered) as stopped:
        screen(QUESTIONS, {k: v for k, v in HEALTH.items() if k != question.id})
    assert stopped.value.ids == (question.id,)


def test_a_follow_up_is_needed_only_when_it_is_opened():
    assert "line_side" not in {q.id for q in asked(QUESTIONS, HEALTH)}
    with pytest.raises(Unanswered) as stopped:
        screen(QUESTIONS, HEALTH | {"devices": ["line"]})
    assert stopped.value.ids == ("line_side",)
    assert screen(QUESTIONS, HEALTH | {"line_side": "left"}).adaptations == ()


@pytest.mark.parametrize(
    "bad",
    [
        {"surgery": "perhaps"},
        {"surgery": ["no"]},
        {"bones": "none"},
        {"bones": ["thin_bones", "nonsense"]},
        {"bones": ["none", "thin_bones"]},
    ],
)
def test_an_answer_that_was_never_offered_is_refused(bad):
    with pytest.raises(BadAnswer) as stopped:
        screen(QUESTIONS, HEALTH | bad)
    assert stopped.value.id in bad


@given(st.data())
def test_any_flag_at_all_means_that_a_person_looks(data):
    answers = dict(HEALTH)
    for question in QUESTIONS:
        free = [o.value for o in question.options if not o.alone]
        alone = [o.value for o in question.options if o.alone]
        if question.kind == "one":
            answers[question.id] = data.draw(st.sampled_from([o.value for o in question.options]))
        else:
            several = st.lists(st.sampled_from(free), min_size=1, unique=True)
            answers[question.id] = data.draw(several | st.sampled_from([[a] for a in alone]))
    screening = screen(QUESTIONS, answers)
    assert (screening.needed is Needed.NEEDS_REVIEW) == bool(screening.flags)
    if not screening.flags:
        assert (screening.needed is Needed.CLEARED) == (not screening.adaptations)
    assert len(set(screening.flags)) == len(screening.flags)
    assert len(set(screening.adaptations)) == len(screening.adaptations)


CLEAR = screen(QUESTIONS, HEALTH)
FLAGGED = screen(QUESTIONS, HEALTH | {"surgery": "yes"})
ADAPTED = screen(QUESTIONS, HEALTH | {"moving": ["floor"]})


@pytest.mark.parametrize("screening", [CLEAR, FLAGGED, ADAPTED], ids=["clear", "flagged", "adapted"])
@pytest.mark.parametrize(
    ("standing", "counts"),
    [
        (None, True),
        (Standing("cleared", by_person=False), True),
        (Standing("cleared_adapted", by_person=False), True),
        (Standing("cleared", by_person=True), False),
        (Standing("cleared_adapted", by_person=True), False),
        (Standing("needs_review", by_person=False), False),
        (Standing("not_suitable", by_person=True), False),
    ],
)
def test_answers_alone_never_undo_what_a_person_decided_nor_end_a_review(standing, counts, screening):
    assert after(standing, screening) is (screening.needed if counts else Needed.NEEDS_REVIEW)


@pytest.mark.parametrize(
    ("on", "months", "expected"),
    [
        (dt.date(2026, 8, 31), 6, dt.date(2027, 2, 28)),
        (dt.date(2027, 8, 31), 6, dt.date(2028, 2, 29)),
        (dt.date(2026, 12, 15), 1, dt.date(2027, 1, 15)),
        (dt.date(2026, 1, 1), 12, dt.date(2027, 1, 1)),
    ],
)
def test_months_end_on_a_day_that_exists(on, months, expected):
    assert add_months(on, months) == expected


def test_every_adaptation_has_words_and_keeps_its_place():
    assert set(LABELS) == set(Adaptation)
    assert labels_of({"stoma", "seated_only", "from_long_ago"}) == ("seated only", "stoma", "from_long_ago")


@pytest.mark.parametrize(
    ("codes", "expected"), [({"remote_only", "in_person_only"}, True), ({"remote_only"}, False), (set(), False)]
)
def test_only_remote_and_only_in_person_contradict(codes, expected):
    assert contradict(codes) is expected


def test_an_option_that_is_not_offered_is_not_found():
    assert QUESTIONS["bones"].option("nonsense") is None


def content(**changes):
    option = {"value": "yes", "label": "Yes"}
    question = {"id": "a", "kind": "one", "ask": "A?", "option": [option]}
    return {"version": "x", "question": [question | changes]}


def test_content_without_fault_is_read():
    assert isinstance(read_questions(content()), QuestionSet)


@pytest.mark.parametrize(
    "broken",
    [
        content(kind="many"),
        content(option=[{"value": "a", "label": "A"}, {"value": "a", "label": "B"}]),
        content(option=[{"value": "a", "label": "A", "adaptations": ["fly"]}]),
        content(option=[{"value": "a", "label": "A", "asks": "nothing"}]),
        content(follow_up=True),
        {"version": "x", "question": content()["question"] * 2},
    ],
)
def test_content_with_a_fault_is_refused(broken):
    with pytest.raises(BadContent):
        read_questions(broken)


@pytest.mark.django_db
def test_a_version_that_never_was_is_not_found():
    with pytest.raises(KeyError):
        health_questions("1066-1")


def test_flags_are_named_for_the_desk():
    from frontend.views.desk.wording import FLAG_WORDS, flag_words

    used = {o.flag for q in QUESTIONS for o in q.options if o.flag} | {
        TOLD_US_MORE,
        FLAGGED_DAY,
        REFERRED_BACK,
        NOTED_BY_REFERRER,
    }
    assert used == set(FLAG_WORDS)
    assert flag_words("from_long_ago") == "from long ago"
