"""Statistics of a release, against hand-kept figures and against what must hold for any figures."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from outcomes.counting.truth import sheet_of
from outcomes.disclosure import Minimums
from outcomes.statistics import (
    LEAST_FOR_A_MEAN,
    LEAST_FOR_A_SUBGROUP,
    LEAST_FOR_AN_EFFECT_SIZE,
    Interval,
    Way,
    Why,
    bounds_over_started,
    difference_of_means,
    difference_of_shares,
    paired_change,
    reliable_change,
    ways_of,
    ways_of_answers,
    wilson,
)
from tests.factories.journeys import AS_AT, FIRST, TIMINGS, journey
from tests.factories.one_by_one import SentForm, cohort

VECTOR = json.loads((Path(__file__).parents[2] / "vectors" / "stats.json").read_text())
INPUTS, EXPECTED = VECTOR["inputs"], VECTOR["expected"]
PAIRS = list(zip(INPUTS["baseline"], INPUTS["followup"], strict=True))
CHANGES = [after - before for before, after in PAIRS]

scores = st.floats(0, 100).map(lambda score: round(score, 2))
pairs = st.lists(st.tuples(scores, scores), min_size=2, max_size=60)


def near(value):
    return pytest.approx(value, abs=1e-4)


def parts(changes, threshold):
    """How many improved, stayed and are worse."""
    ways = ways_of(np.array(changes, float), threshold).tolist()
    return tuple(ways.count(way) for way in (Way.IMPROVED, Way.SAME, Way.WORSE))


def test_paired_change_agrees_with_the_kept_figures():
    change = paired_change(PAIRS)
    assert change.n == EXPECTED["n_paired"]
    assert change.mean_before == near(EXPECTED["mean_baseline"])
    assert change.mean_after == near(EXPECTED["mean_followup"])
    assert change.mean_change == near(EXPECTED["mean_change"])
    assert change.sd_change == near(EXPECTED["sd_change"])
    assert change.se == near(EXPECTED["se"])
    assert [change.low, change.high] == near(EXPECTED["ci95"])
    assert change.t == near(EXPECTED["t"])
    assert change.dz == near(EXPECTED["dz_srm"])
    assert change.dz_hedges == near(EXPECTED["dz_hedges"])
    assert change.effect_size == near(EXPECTED["es_baseline_sd"])
    assert change.missing == {}


def test_who_improved_agrees_with_the_kept_figures():
    found = parts(CHANGES, INPUTS["mcid"])
    assert found == (EXPECTED["improved"], EXPECTED["same"], EXPECTED["worse"])
    interval = wilson(found[0], len(CHANGES))
    assert [100 * interval.low, 100 * interval.high] == near(EXPECTED["wilson95_pct"])
    assert 100 * found[0] / len(CHANGES) == near(EXPECTED["pct_improved"])


def test_reliable_change_agrees_with_the_kept_figures():
    line = reliable_change(paired_change(PAIRS).sd_before, INPUTS["reliability"])
    assert line.sem == near(EXPECTED["sem"])
    assert line.sd_difference == near(EXPECTED["s_diff"])
    assert line.threshold == near(EXPECTED["rci_threshold"])
    assert line.index(CHANGES[0]) == near(EXPECTED["rci_first"])
    improved, _, worse = parts(CHANGES, line.threshold)
    assert (improved, worse) == (EXPECTED["reliably_improved"], EXPECTED["reliably_worse"])


def test_bounds_over_all_who_started_agree_with_the_kept_figures():
    bounds = bounds_over_started(EXPECTED["improved"], EXPECTED["n_paired"], INPUTS["started"])
    assert [100 * bounds.low, 100 * bounds.high] == near(EXPECTED["bounds_pct_improved_all_started"])


def test_the_reliable_line_of_a_published_scale():
    assert reliable_change(1.03 / sqrt(1 - 0.75), 0.75).threshold == pytest.approx(2.87, abs=0.02)


def test_with_nobody_every_figure_is_missing_for_a_reason():
    change = paired_change([])
    assert change.n == 0
    figures = {name: value for name, value in vars(change).items() if name not in ("n", "missing")}
    assert set(figures.values()) == {None}
    assert change.missing == dict.fromkeys(figures, Why.NOBODY)


def test_one_person_has_a_change_and_no_spread():
    change = paired_change([(50, 60)])
    assert (change.mean_before, change.mean_after, change.mean_change) == (50, 60, 10)
    assert (change.sd_before, change.sd_change, change.se, change.low, change.high) == (None,) * 5
    assert (change.t, change.dz, change.dz_hedges, change.effect_size) == (None,) * 4
    assert set(change.missing.values()) == {Why.ONE_PERSON}


def test_a_change_alike_for_everybody_has_no_standardised_size():
    change = paired_change([(50.1, 60.1), (40.3, 50.3), (33.3, 43.3)])
    assert (change.sd_change, change.dz, change.t) == (0, None, None)
    assert change.low == change.high == near(10)
    assert change.effect_size is not None
    assert change.missing == dict.fromkeys(("t", "dz", "dz_hedges"), Why.ALL_CHANGED_ALIKE)


def test_a_start_alike_for_everybody_has_no_effect_size():
    change = paired_change([(50, 60), (50, 40), (50, 70)])
    assert change.effect_size is None
    assert change.missing == {"effect_size": Why.ALL_STARTED_ALIKE}


@pytest.mark.parametrize("score", [float("nan"), float("inf")])
def test_a_score_that_is_no_number_is_refused(score):
    with pytest.raises(ValueError, match="not a finite number"):
        paired_change([(1, 2), (3, score)])


@given(pairs)
def test_paired_change_is_the_paired_t_test(given_pairs):
    change = paired_change(given_pairs)
    assert change.mean_change == pytest.approx(change.mean_after - change.mean_before, abs=1e-9)
    assert change.low <= change.mean_change <= change.high
    if change.sd_change:
        test = stats.ttest_rel([after for _, after in given_pairs], [before for before, _ in given_pairs])
        assert change.t == pytest.approx(test.statistic, rel=1e-6, abs=1e-9)
        interval = test.confidence_interval()
        assert (change.low, change.high) == pytest.approx((interval.low, interval.high), abs=1e-6)


@given(pairs)
def test_turning_a_scale_round_turns_the_change_round(given_pairs):
    change = paired_change(given_pairs)
    turned = paired_change([(100 - before, 100 - after) for before, after in given_pairs])
    assert turned.mean_change == pytest.approx(-change.mean_change, abs=1e-9)
    assert turned.se == pytest.approx(change.se, abs=1e-9)


@given(pairs)
def test_every_figure_is_there_or_has_a_reason(given_pairs):
    change = paired_change(given_pairs)
    absent = {name for name, value in vars(change).items() if value is None}
    assert absent == set(change.missing)


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_wilson_interval_holds_the_share_and_stays_between_0_and_1(successes, others):
    n = successes + others
    interval = wilson(successes, n)
    if n == 0:
        assert interval is None
    else:
        assert 0 <= interval.low <= successes / n + 1e-12
        assert successes / n - 1e-12 <= interval.high <= 1
        exact = stats.binomtest(successes, n).proportion_ci(method="wilson")
        assert (interval.low, interval.high) == pytest.approx((exact.low, exact.high), abs=1e-9)


def test_a_change_of_exactly_the_threshold_counts_in_spite_of_rounding():
    step = 100 / 3 / 10  # three steps fall short of 10 by a rounding error
    assert parts([step * 3, -step * 3, step], 10) == (1, 1, 1)
    assert parts([0.1 + 0.2 - 0.6, 0.1 * 3], 0.3) == (1, 0, 1)


@pytest.mark.parametrize("threshold", [0, -1, float("nan")])
def test_a_threshold_must_be_above_nothing(threshold):
    with pytest.raises(ValueError, match="threshold"):
        ways_of(np.array([1.0]), threshold)


@pytest.mark.parametrize(("spread", "reliability"), [(0, 0.8), (-1, 0.8), (5, 1), (5, -0.1), (float("nan"), 0.8)])
def test_reliable_change_refuses_what_cannot_be(spread, reliability):
    with pytest.raises(ValueError, match="spread|reliability"):
        reliable_change(spread, reliability)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_bounds_hold_whatever_the_missing_would_have_said(improved, others, missing):
    paired, started = improved + others, improved + others + missing
    bounds = bounds_over_started(improved, paired, started)
    if started == 0:
        assert bounds is None
    else:
        for more in (0, missing // 2, missing):
            assert bounds.low <= (improved + more) / started <= bounds.high
        assert bounds.high - bounds.low == pytest.approx(missing / started)


@pytest.mark.parametrize("numbers", [(5, 4, 10), (4, 11, 10), (-1, 4, 10)])
def test_a_part_larger_than_its_whole_is_refused(numbers):
    with pytest.raises(ValueError, match="not a part of"):
        bounds_over_started(*numbers)


# --- two sets of people ------------------------------------------------------

TEN = [40.0, 50.0, 60.0, 45.0, 55.0, 50.0, 52.0, 48.0, 58.0, 42.0]


def test_means_lie_apart_by_their_common_spread():
    spread = stats.tstd(TEN)
    assert difference_of_means(TEN, [number + 5 for number in TEN]) == pytest.approx(-5 / spread)
    assert difference_of_means(TEN, TEN) == 0
    assert difference_of_means([50.0] * 10, [51.0] * 10) is None  # there is no spread to measure by
    assert difference_of_means(TEN[:1], TEN) is None


def test_shares_lie_apart_by_their_common_spread():
    assert difference_of_shares(0.75, 0.5) == pytest.approx(0.25 / ((0.1875 + 0.25) / 2) ** 0.5)
    assert difference_of_shares(1, 0) is None


@given(st.floats(0, 1), st.floats(0, 1))
def test_turning_the_two_round_turns_the_sign(here, there):
    one, other = difference_of_shares(here, there), difference_of_shares(there, here)
    assert (one is None) == (other is None)
    assert one is None or one == pytest.approx(-other)


def test_the_wilson_interval_of_everybody_stays_below_certainty():
    assert wilson(10, 10) == Interval(pytest.approx(0.7224672), 1.0)


# --- too few to say ----------------------------------------------------------


def test_the_least_numbers_of_people_are_those_of_disclosure():
    said = Minimums(mean=LEAST_FOR_A_MEAN, effect_size=LEAST_FOR_AN_EFFECT_SIZE, comparison=LEAST_FOR_A_SUBGROUP)
    assert said == Minimums()


# --- answers one by one ------------------------------------------------------


def test_answers_are_better_when_none_is_worse_and_one_is_better():
    before = np.array([[1, 1, 1, 1, 1], [2, 1, 1, 1, 3], [1, 1, 1, 1, 1], [2, 1, 1, 1, 1], [5, 5, 5, 5, 5]], float)
    after = np.array([[1, 1, 1, 1, 1], [1, 1, 1, 1, 2], [1, 1, 2, 1, 1], [1, 2, 1, 1, 1], [4, 5, 5, 5, 5]], float)
    ways = ways_of_answers((before - after).T)
    assert [Way(way) for way in ways] == [Way.SAME, Way.IMPROVED, Way.WORSE, Way.MIXED, Way.IMPROVED]


def test_an_answer_that_is_not_known_counts_as_no_way():
    with pytest.raises(ValueError, match="not a finite number"):
        ways_of_answers(np.array([[0.0, np.nan]]))


# --- nobody unpaired ---------------------------------------------------------

maybe = st.none() | st.integers(0, 100)


@given(st.lists(st.tuples(maybe, maybe, st.booleans(), st.booleans()), max_size=30))
def test_nobody_without_both_forms_in_their_windows_is_in_any_figure_of_change(people):
    """Each has a start, a later score, or not; a later form too late, or no class ever."""
    journeys, both = [], []
    for number, (before, after, too_late, came) in enumerate(people):
        scores = {code: score for code, score in (("start", before), ("w12", after)) if score is not None}
        found = journey(number, "Dorset", classes=8 if came else 0, scores=scores)
        if too_late and "w12" in scores:
            late = SentForm(FIRST + timedelta(days=84 + 22), found.forms["w12"].scores)
            found = replace(found, forms={**found.forms, "w12": late})
        elif came and len(scores) == 2:
            both.append((before, after))
        journeys.append(found)
    sheet = sheet_of(cohort(journeys), timings=TIMINGS[:2], bands={}, as_at=AS_AT)
    who = sheet.is_in("body.w12.n")
    pairs = [(sheet.amount("body.w12.before")[row], sheet.amount("body.w12.after")[row]) for row in np.flatnonzero(who)]
    assert paired_change(pairs) == paired_change(both)
