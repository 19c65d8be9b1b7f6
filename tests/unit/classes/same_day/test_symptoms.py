"""The whole answer space of the same-day check against the design's table, and the window to the second."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import Any

import pytest

from classes.same_day.symptom_content import symptom_questions
from classes.same_day.symptom_questions import CURRENT, SHIPPED, BadContent, read_questions, shipped_questions
from classes.same_day.symptoms import STOPS, NotAnAnswer, Result, Unanswered, judge, window_of, worst_so_far
from tests.factories.symptoms import ALL_ANSWERS, LETTERS, VERSION, answers, by_the_table

SECOND = dt.timedelta(seconds=1)
HALF_A_DAY, FIVE_MINUTES = dt.timedelta(hours=12), dt.timedelta(minutes=5)


# --- what answers come to ----------------------------------------------------


def test_every_one_of_the_256_answer_sets_comes_to_what_the_table_says() -> None:
    asked = shipped_questions()
    assert len(ALL_ANSWERS) == len(set(ALL_ANSWERS)) == 256
    assert {yes: judge(asked, answers(*yes)) for yes in ALL_ANSWERS} == {yes: by_the_table(*yes) for yes in ALL_ANSWERS}


def test_only_no_to_everything_is_ready() -> None:
    ready = [yes for yes in ALL_ANSWERS if judge(shipped_questions(), answers(*yes)) is Result.READY]
    assert ready == [()]


def test_one_more_yes_never_makes_it_better() -> None:
    asked = shipped_questions()
    for yes in ALL_ANSWERS:
        before = judge(asked, answers(*yes)).rank
        assert all(judge(asked, answers(*yes, more)).rank >= before for more in LETTERS)


def test_a_question_left_out_is_named_whatever_the_others_say() -> None:
    for left_out in LETTERS.values():
        for yes in ((), ("b",), tuple(LETTERS)):
            given = {id: answer for id, answer in answers(*yes).items() if id != left_out}
            for sent in (given, {**given, left_out: None}):
                with pytest.raises(Unanswered) as refused:
                    judge(shipped_questions(), sent)
                assert refused.value.ids == (left_out,)


def test_all_questions_left_out_are_named_in_their_order() -> None:
    with pytest.raises(Unanswered) as refused:
        judge(shipped_questions(), {})
    assert refused.value.ids == tuple(question.id for question in shipped_questions())


@pytest.mark.parametrize("odd", ["no", "yes", 0, 1, "", [], {}])
def test_what_is_neither_yes_nor_no_is_refused_by_name(odd: object) -> None:
    with pytest.raises(NotAnAnswer) as refused:
        judge(shipped_questions(), {**answers(), "fall": odd, "mood": True})
    assert refused.value.ids == ("fall", "mood")


@pytest.mark.parametrize("yes", [(), ("h",), ("a",), ("b",), ("a", "b", "f")])
def test_a_warning_needs_no_more_than_the_answer_it_is_about(yes: tuple[str, ...]) -> None:
    said = {LETTERS[letter]: True for letter in yes}
    assert worst_so_far(shipped_questions(), said) == by_the_table(*yes)


def test_two_results_are_stops() -> None:
    assert STOPS == {Result.CANCER_LINE, Result.EMERGENCY}
    assert [result.is_stop for result in Result] == [False, False, True, True]


# --- the window --------------------------------------------------------------

STARTS = [
    dt.datetime(2027, 7, 6, 17, tzinfo=dt.UTC),
    dt.datetime(2026, 10, 25, 9, tzinfo=dt.UTC),  # the night before is an hour longer on the clock
    dt.datetime(2027, 3, 28, 8, tzinfo=dt.UTC),  # and this one an hour shorter
]


@pytest.mark.parametrize("starts_at", STARTS, ids=str)
@pytest.mark.parametrize("remote", [False, True], ids=["in person", "online"])
def test_it_is_open_from_twelve_hours_before_to_the_second(starts_at: dt.datetime, remote: bool) -> None:
    ends_at = starts_at + dt.timedelta(hours=1)
    window = window_of(starts_at, ends_at, remote=remote, opens_before=HALF_A_DAY, alone_until=FIVE_MINUTES)
    opens, alone = starts_at - HALF_A_DAY, ends_at if remote else starts_at - FIVE_MINUTES
    for aloud in (False, True):
        assert not window.is_open(opens - SECOND, aloud=aloud)
        assert window.is_open(opens, aloud=aloud)
    assert window.is_open(alone - SECOND)
    assert not window.is_open(alone)
    assert window.is_open(ends_at - SECOND, aloud=True)
    assert not window.is_open(ends_at, aloud=True)
    assert (window.closes_at(aloud=False), window.closes_at(aloud=True)) == (alone, ends_at)


def test_the_cut_offs_are_those_of_the_content() -> None:
    asked = shipped_questions()
    assert (asked.opens_before, asked.alone_until) == (HALF_A_DAY, FIVE_MINUTES)


# --- the content -------------------------------------------------------------


def content() -> dict[str, Any]:
    return tomllib.loads(SHIPPED[VERSION].read_text())


def test_each_version_reads_as_the_version_it_is_named_by() -> None:
    assert {name: symptom_questions(name).version for name in SHIPPED} == {name: name for name in SHIPPED}
    assert shipped_questions().version == VERSION == CURRENT


def test_the_temperature_is_said_as_the_design_says_it() -> None:
    said = " ".join(question.ask + question.help for question in shipped_questions())
    assert "38 °C or above, or the temperature on your alert card" in said.replace("\u00a0", " ")


def test_every_stop_says_first_whom_to_call() -> None:
    advice = shipped_questions().advice
    emergency, line = advice[Result.EMERGENCY], advice[Result.CANCER_LINE]
    assert emergency.heading == "Call 999 now" and emergency.call and emergency.call.number == "999"
    assert "24-hour line on your alert card" in line.heading and line.call and line.call.number == "111"
    assert (emergency.call.relay, line.call.relay) == ("18000", "18001 111")
    assert advice[Result.READY].call is None and advice[Result.TALK_FIRST].call is None


def test_sentences_for_the_person_are_short() -> None:
    asked = shipped_questions()
    said = [words for question in asked for words in (question.ask, question.help)]
    said += [words for advice in asked.advice.values() for words in (advice.heading, advice.lead, *advice.steps)]
    sentences = [part.split() for words in said for part in words.replace("?", ".").split(". ") if part]
    assert max(len(words) for words in sentences) <= 20
    assert sum(len(words) for words in sentences) / len(sentences) <= 12


def test_answers_are_kept_only_where_the_question_reads_the_same() -> None:
    raw = content()
    raw["question"][0]["ask"] = "Another question?"
    raw["question"].pop()
    newer = read_questions({**raw, "version": "2026-2"})
    assert newer.same_as_in(shipped_questions()) == set(LETTERS.values()) - {"chest", "fall"}


@pytest.mark.parametrize(
    ("break_it", "says"),
    [
        (lambda raw: raw["question"][0].update(result="ready"), "cannot come to 'ready'"),
        (lambda raw: raw["question"][0].update(result="rest"), "question chest: 'rest' is not"),
        (lambda raw: raw["question"][0].update(id="fall"), "share one id"),
        (lambda raw: raw["question"][0].update(group="What has happened lately"), "share one group in two places"),
        (lambda raw: raw["result"].pop("emergency"), "These results have no advice: emergency"),
        (lambda raw: raw.update(opens_before=5, alone_until=5), "must open before people can no longer answer"),
        (lambda raw: raw["result"]["emergency"]["call"].update(number="nine"), "'nine' is no number to call"),
        (lambda raw: raw["result"]["cancer_line"]["call"].update(relay=""), "'' is no number to call"),
        (lambda raw: raw["result"].update(rest=raw["result"]["ready"]), "result.rest: 'rest' is not"),
    ],
)
def test_broken_content_is_refused_with_what_is_wrong(break_it: Any, says: str) -> None:
    raw = content()
    break_it(raw)
    with pytest.raises(BadContent, match=says):
        read_questions(raw)


@pytest.mark.django_db
def test_a_version_that_never_was_is_not_made_up() -> None:
    with pytest.raises(KeyError):
        symptom_questions("1999-1")
