"""Other instruments than our own check, as releases count them: which scales, whom, and which way is better."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import product
from math import ceil
from random import Random
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from outcomes.counting.cohort import NEVER, SentForms, Tries
from outcomes.counting.forms import instruments_of
from outcomes.counting.gathering import cohort_of, timings_of
from outcomes.counting.instruments import OWN_STEPS, _step_of, _walk, instrument_of, own
from outcomes.counting.measured import movements_of, tries_of
from outcomes.counting.truth import SCALES, figures_of, sheet_of
from outcomes.disclosure import EVERYONE, Tables
from outcomes.fhir.extensions import LEAST, MOST
from outcomes.instruments import codes, recipe_called, safefit_wellbeing
from outcomes.models import Assessment, AssessmentState, Measure
from outcomes.releases.figures import Counted, build
from participants.models import Participant, Timepoint
from tests.factories.journeys import AS_AT, FIRST, FORM_DAYS, TIMINGS, journey, population
from tests.factories.one_by_one import Journey, SentForm, cohort, lines_in
from tests.factories.outcomes import (
    AssessmentFactory,
    QuestionnaireFactory,
    attended,
    consents,
    sent_form,
    timepoints_of,
)
from tests.factories.participants import ParticipantFactory

HADS, EQ5D, IPAQ, ONS = (instrument_of(recipe_called(code)) for code in ("hads", "eq5d5l", "ipaq_sf", "ons4"))
STANDS = instrument_of(recipe_called("sit_to_stand_30s"))
Scores = Mapping[int, float]  # by person


def _form(people: list[Journey], code: str, scale: str, scores: Scores, asked: set[int]) -> SentForms:
    on = FIRST.toordinal() + FORM_DAYS[code]
    return SentForms(
        np.array([on if one.person in scores else NEVER for one in people]),
        {scale: np.array([scores.get(one.person, np.nan) for one in people])},
        np.array([one.person in asked for one in people]),
    )


def test_every_recipe_has_a_scale_to_tell_with_a_name_and_a_range() -> None:
    for code in codes():
        for told in instrument_of(recipe_called(code)).scales:
            assert told.label and told.lo < told.hi and "." not in told.measure
            assert not told.has_line or told.source
    assert [told.label for told in HADS.scales] == ["Anxiety", "Depression"]
    assert (EQ5D.scales[0].places, HADS.scales[0].places, instrument_of(recipe_called("ons4")).scales[0].places) == (
        3,
        1,
        2,
    )
    assert not IPAQ.scales[0].has_line and IPAQ.scales[0].measure == "ipaq_sf-met_total"


@pytest.mark.parametrize(
    ("code", "places"), [("ons4", [1] * 4), ("qlq_c30", [0] * 4), ("who5", [0]), ("semcd6", [2]), ("eq5d5l", [3, 1])]
)
def test_an_average_has_so_few_places_that_thirty_people_fit_it_as_well_as_thirty_one(
    code: str, places: list[int]
) -> None:
    assert [told.places_of_an_average for told in instrument_of(recipe_called(code)).scales] == places
    for told in instrument_of(recipe_called(code)).scales:
        assert told.step / 30 <= 10.0**-told.places_of_an_average + 1e-9 or told.places_of_an_average == 0


def test_our_own_scores_go_by_the_steps_that_the_recipe_makes() -> None:
    walked = list(_walk(safefit_wellbeing.RECIPE))
    assert {scale: pytest.approx(_step_of(scale, walked)) for scale in SCALES} == OWN_STEPS
    assert _step_of("none of them", walked) == 0
    assert [own(scale).places_of_an_average for scale in SCALES] == [1, 1, 1, 0]


def test_the_averages_of_a_group_fit_every_number_of_people_that_its_rounded_count_allows() -> None:
    """By “all in all”, which goes by tens, forty people were told from 38 and 42, and with them one of another area."""
    draw, people = Random(2), list[Journey]()
    for area, size in (("Dorset", 40), ("Hampshire", 33), ("Isle of Wight", 1)):
        people += [answered(draw, len(people) + n, area) for n in range(size)]
    counted = Counted(cohort(people), TIMINGS[:2], ["area"], ["Dorset", "Hampshire", "Isle of Wight"], AS_AT)
    cells = {
        cell["measure"]: cell
        for cell in build(counted, k=8, step=lambda done: None).cells
        if cell["where"] == {"area": "Dorset"}
    }
    for scale, kind in product(SCALES, ("before", "after", "change")):
        cell = cells[f"{scale}.w12.{kind}"]
        slack = 0.5 * 10.0 ** -cell["decimal_places"] + 1e-6
        for n in range(38, 43):
            least, most = (n * (cell["value"] + way * slack) / OWN_STEPS[scale] for way in (-1, 1))
            assert ceil(least) <= most, f"{scale} {kind} cannot be of {n} people"


def answered(draw: Random, person: int, area: str) -> Journey:
    forms = {}
    for code in ("start", "w12"):
        each = [min(10, max(0, round(draw.gauss(5.5, 2)))) for _ in range(11)]
        body, mind = 10 * sum(each[:6]) / 6, 10 * sum(each[6:10]) / 4
        scores = {"body": body, "mind": mind, "total": float(sum(each[:10])), "overall": 10.0 * each[10]}
        forms[code] = SentForm(FIRST + timedelta(days=FORM_DAYS[code]), scores)
    return replace(journey(person, area), forms=forms)


def test_less_is_better_where_the_instrument_says_so_and_only_those_asked_are_due() -> None:
    people = [journey(n, "Dorset") for n in range(5)]
    start = _form(people, "start", "A", {0: 10, 1: 10, 2: 10}, {0, 1, 2})
    later = _form(people, "w12", "A", {0: 8.5, 1: 11.5, 2: 9, 3: np.nan}, {0, 1, 2, 3})
    missing = replace(
        later, asked=np.array([True] * 4 + [False]), on=np.where([True, True, True, False, False], later.on, NEVER)
    )
    whole = replace(cohort(people), others={"hads": {"start": start, "w12": missing}})
    lines = lines_in(sheet_of(whole, timings=TIMINGS[:2], bands={}, as_at=AS_AT, instruments=[HADS]))
    for person, way in enumerate(("improved", "worse", "same")):
        assert {name for name in lines[str(person)].amounts if name.startswith("hads-A.w12.")} == {
            f"hads-A.w12.{part}" for part in ("n", way, "before", "after", "change")
        }
    assert lines["0"].amounts["hads-A.w12.change"] == -1.5, "as the instrument has it"
    assert {"hads.w12.due"} == {name for name in lines["3"].amounts if name.startswith("hads")}
    assert not [name for name in lines["4"].amounts if name.startswith("hads")], "nobody asked them"


def test_without_a_line_there_are_averages_and_no_parts() -> None:
    people = [journey(n, "Dorset") for n in range(3)]
    forms = {code: _form(people, code, "met.total", {0: 100.0, 1: 300.0}, {0, 1}) for code in ("start", "w12")}
    whole = replace(cohort(people), others={"ipaq_sf": forms})
    sheet = sheet_of(whole, timings=TIMINGS[:2], bands={}, as_at=AS_AT, instruments=[IPAQ])
    figures = figures_of(sheet, timings=TIMINGS[:2], tables=Tables(), instruments=[IPAQ])
    figures.check()
    name = "ipaq_sf-met_total.w12"
    assert next(count.values[EVERYONE] for count in figures.counts if count.name == f"{name}.n") == 2
    before = next(mean for mean in figures.means if mean.name == f"{name}.before")
    assert (before.values[EVERYONE].value, before.range) == (200, (0, 19278))
    derived = {one.name for one in figures.derived}
    assert f"{name}.share_paired" in derived and not derived & {f"{name}.share_improved", f"{name}.bounds"}
    assert f"{name}.n" not in {split.whole for split in figures.splits}


LEVELS = {  # by the part of the split: at the start, and later
    "improved": ([2, 1, 1, 1, 2], [2, 1, 1, 1, 1]),
    "mixed": ([2, 1, 1, 1, 2], [1, 2, 1, 1, 2]),
    "same": ([1, 1, 1, 1, 1], [1, 1, 1, 1, 1]),
    "worse": ([1, 1, 1, 1, 1], [1, 1, 1, 1, 2]),
}


def _healths(people: list[Journey], scale: str) -> tuple[dict[str, SentForms], dict[int, str]]:
    """Forms of EQ-5D-5L of whoever sent both, and which way each went."""
    both = [one.person for one in people if {"start", "w12"} <= one.forms.keys()]
    ways = {person: list(LEVELS)[(0, 0, 0, 1, 2, 2, 3)[person % 7]] for person in both}
    forms = {}
    for place, code in enumerate(("start", "w12")):
        answers = np.array([LEVELS[ways[one.person]][place] if one.person in ways else [np.nan] * 5 for one in people])
        index = {person: 0.7 + 0.1 * place + person % 7 / 100 for person in both}
        sent = _form(people, code, scale, index, set(both))
        by_item = {f"q{n}": -column for n, column in enumerate(answers.T, 1)}
        forms[code] = replace(sent, answers=by_item)
    return forms, ways


@pytest.mark.parametrize("value_set", ["UK_2026", "ENG_2018"])
def test_where_no_line_is_known_people_are_counted_by_their_answers_one_by_one(value_set: str) -> None:
    people = population(8, {"Dorset": 280})
    forms, ways = _healths(people, value_set)
    whole, index = replace(cohort(people), others={"eq5d5l": forms}), "eq5d5l-index.w12"
    eq5d = instrument_of(recipe_called("eq5d5l").in_values_of(value_set))
    sheet = sheet_of(whole, timings=TIMINGS[:2], bands={}, as_at=AS_AT, instruments=[eq5d])
    figures = figures_of(sheet, timings=TIMINGS[:2], tables=Tables(), instruments=[eq5d])
    figures.check()
    paired = [ways[int(token)] for token in sheet.tokens[sheet.is_in(f"{index}.n")].tolist()]
    for part in LEVELS:
        assert figures.true_counts[f"{index}.{part}"][EVERYONE] == paired.count(part) > 10
    assert figures.true_counts[f"{index}.not_improved"][EVERYONE] == len(paired) - paired.count("improved")
    assert {mean.name for mean in figures.means if mean.of == f"{index}.n"} == {
        f"eq5d5l-{value_set}.w12.{part}" for part in ("before", "after", "change", "before_spread")
    }, "one set alone"
    built = build(Counted(whole, TIMINGS[:2], (), (), AS_AT, instruments=[eq5d]), k=8, step=lambda done: None)
    cells = {cell["measure"]: cell for cell in built.cells}
    assert built.is_safe and cells[f"{index}.mixed"]["status"] == "shown"
    assert {f"{index}.share_improved", f"{index}.bounds"} <= cells.keys()


def test_a_release_tells_them_beside_our_own_check_and_is_attacked_with_them() -> None:
    people = population(8, {"Dorset": 90})
    first = {one.person: float(one.person % 9 + 6) for one in people if {"start", "w12"} <= one.forms.keys()}
    last = {person: score - 2 + person % 5 - 2 for person, score in first.items()}
    asked = {one.person for one in people}
    forms = {"start": _form(people, "start", "A", first, asked), "w12": _form(people, "w12", "A", last, asked)}
    whole = replace(cohort(people), others={"hads": forms})
    built = build(Counted(whole, TIMINGS[:2], (), (), AS_AT, instruments=[HADS]), k=8, step=lambda done: None)
    assert built.is_safe
    cells = {cell["measure"]: cell for cell in built.cells}
    change, before, after = (cells[f"hads-A.w12.{part}"]["value"] for part in ("change", "before", "after"))
    assert change < 0 and change == pytest.approx(after - before, abs=0.11)
    assert cells["hads-A.w12.improved"]["value"] > cells["hads-A.w12.n"]["value"] / 2, "less is better"
    assert built.method["instruments"][0]["scales"][1]["label"] == "Depression"


def test_of_several_tries_the_last_around_the_start_counts_and_later_the_one_nearest_to_its_day() -> None:
    days = [(0, -20, 9), (0, 5, 11), (0, 8, 30), (0, 70, 12), (0, 88, 14), (0, 104, 20), (1, 84, 7), (2, 84, np.nan)]
    rows, on, amounts = (np.array(column) for column in zip(*days, strict=True))
    tries = Tries(rows.astype(int), on.astype(int) + FIRST.toordinal(), amounts.astype(float))
    people = [journey(n, "Dorset") for n in range(4)]
    whole = replace(cohort(people), measured={STANDS.code: tries})
    lines = lines_in(sheet_of(whole, timings=TIMINGS[:2], bands={}, as_at=AS_AT, instruments=[STANDS]))
    name = "sit_to_stand_30s-score.w12"
    assert {part: lines["0"].amounts[f"{name}.{part}"] for part in ("before", "after", "change")} == {
        "before": 11, "after": 14, "change": 3,
    }  # fmt: skip
    assert f"{name}.improved" in lines["0"].amounts
    measured = [{key for key in lines[str(n)].amounts if key.startswith("sit")} for n in (1, 2, 3)]
    due, sent = "sit_to_stand_30s.w12.due", "sit_to_stand_30s.w12.sent"
    assert measured == [{due, sent}, {due}, set()], "once alone, not done, and never: in no change"


@pytest.mark.django_db
def test_movements_that_were_measured_are_read_as_they_stand_today(pat: Participant, quinn: Participant) -> None:
    today = timezone.localdate()
    assert movements_of(pat.programme) == []
    assert tries_of(np.array([pat.pk]), programme=pat.programme, of=[HADS], until=today) == {}
    consents(pat)
    attended(pat, today - dt.timedelta(days=90))
    about = {"kind": "sts_30", "result": "done", "safety_version": "1", "by": pat.person}
    slip = Measure.objects.create(participant=pat, value=31, measured_on=today - dt.timedelta(days=90), **about)
    put_right = {"value": 13, "measured_on": slip.measured_on, "replaces": slip}
    Measure.objects.create(participant=pat, **put_right, **about)
    unable = about | {"result": "unable", "reason": "needed_arms"}
    Measure.objects.create(participant=pat, value=0, measured_on=today - dt.timedelta(days=6), **unable)
    Measure.objects.create(participant=quinn, value=9, measured_on=today, **about)  # is not counted
    (stands,) = movements_of(pat.programme)
    assert (stands.code, stands.measured) == ("sit_to_stand_30s", True)
    timepoints_of(pat.programme)
    whole = cohort_of(pat.programme, as_at=today, instruments=[HADS, stands])
    tries = whole.measured["sit_to_stand_30s"]
    assert sorted(zip(tries.on.tolist(), tries.amounts.tolist(), strict=True)) == [
        ((today - dt.timedelta(days=90)).toordinal(), 13.0), ((today - dt.timedelta(days=6)).toordinal(), 0.0),
    ]  # fmt: skip
    earlier = tries_of(whole.people, programme=pat.programme, of=[stands], until=today - dt.timedelta(days=7))
    assert earlier[stands.code].amounts.tolist() == [13.0]
    form = whole.form(timings_of(pat.programme)[1], stands.code)
    assert (form.scores["score"].tolist(), form.asked.tolist()) == ([0.0], [True])  # type: ignore[union-attr]


@pytest.mark.django_db
def test_forms_of_an_instrument_are_read_with_who_was_asked_for_them(pat: Participant, quinn: Participant) -> None:
    start, later, _ = timepoints_of(pat.programme)
    today = timezone.localdate()
    hads = QuestionnaireFactory(programme=pat.programme, code="hads", recipe="hads")
    QuestionnaireFactory(programme=pat.programme, code="who5", recipe="who5")  # nobody was asked
    for somebody in (pat, quinn):
        consents(somebody)
        attended(somebody, today - dt.timedelta(days=90))
    wanted = {"participant": pat, "questionnaire": hads}
    answers = {f"q{n}": 2 if n % 2 else 1 for n in range(1, 15)}
    sent_form(AssessmentFactory(**wanted, timepoint=start), answers, on=today - dt.timedelta(days=91))
    AssessmentFactory(**wanted, timepoint=later)
    stranger = ParticipantFactory(programme=pat.programme)
    AssessmentFactory(participant=stranger, questionnaire=hads, timepoint=later)
    taken_back = AssessmentFactory(participant=quinn, questionnaire=hads, timepoint=later)
    Assessment.objects.filter(pk=taken_back.pk).update(state=AssessmentState.NOT_WANTED)
    _healths_of(quinn, [(start, 91, [2, 1, 1, 3, 2], 60), (later, 6, [1, 1, 1, 3, 3], 70)])
    _healths_of(pat, [(start, 91, [1, 1, 1, 1, 1], 80), (later, 6, ["declined", 1, 1, 1, 1], 80)])
    found = instruments_of(pat.programme)
    assert [one.code for one in found] == ["eq5d5l", "hads"]
    whole = cohort_of(pat.programme, as_at=today, instruments=found)
    rows = [whole.people.tolist().index(one.pk) for one in (quinn, pat)]
    first, last = (whole.others["eq5d5l"][code] for code in ("start", "w12"))
    assert [first.score(scale)[rows[0]] for scale in ("UK_2026", "VAS")] == [0.861, 60]
    assert [last.answers[f"q{n}"][rows[0]] - first.answers[f"q{n}"][rows[0]] for n in range(1, 6)] == [1, 0, 0, 0, -1]
    assert np.isnan([first.answers[f"q{n}"][rows[1]] for n in range(1, 6)]).all(), "no pair of scores, so not read"
    assert np.isnan(whole.others["eq5d5l"]["w26"].answers["q1"]).all()
    row = whole.people.tolist().index(pat.pk)
    forms = whole.others["hads"]
    assert (forms["start"].scores["A"][row], forms["start"].scores["D"][row]) == (14, 7)
    assert [forms[code].asked.tolist()[row] for code in ("start", "w12", "w26")] == [True, True, False]  # type: ignore[union-attr]
    assert sum(forms["w12"].asked) == 1, "neither of whom it is not wanted any more, nor of whom is not counted"  # type: ignore[arg-type]


def _healths_of(somebody: Participant, forms: list[tuple[Timepoint, int, list[Any], int]]) -> None:
    """EQ-5D-5L, its questions called otherwise than the items of the recipe: at a timepoint, so many days ago."""
    names = {f"mobility-{n}": f"q{n}" for n in range(1, 6)} | {"scale": "vas"}
    items = [
        {
            "linkId": link,
            "type": "integer",
            "text": link,
            "extension": [{"url": url, "valueInteger": end} for url, end in ends],
        }
        for link in names
        for ends in [((LEAST, 0), (MOST, 100)) if link == "scale" else ((LEAST, 1), (MOST, 5))]
    ]
    of = {"programme": somebody.programme, "recipe": "eq5d5l", "code": f"eq5d-{somebody.pk}"}
    asked = QuestionnaireFactory(**of, items=items, binding=names)
    for point, days, levels, vas in forms:
        form = AssessmentFactory(participant=somebody, timepoint=point, questionnaire=asked)
        answers = dict(zip(names, [*levels, vas], strict=True))
        sent_form(form, answers, on=timezone.localdate() - dt.timedelta(days=days))
