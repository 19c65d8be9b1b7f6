"""What stands in the tables and charts of a summary, of everyone and of groups, whatever is hidden or not counted."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest

from classes.incident_rules import Harm
from frontend.releases import answered, came, change, funnel, safety, visits
from frontend.releases.figures import Figures, share, slug_of, table_called, tables_of, way_of
from frontend.releases.lines import lines_of
from frontend.releases.method import OWN_SCALES, method_of
from frontend.releases.pages import by_group, of_people
from frontend.releases.sections import Table, not_drawn
from frontend.releases.since import first_of, headline
from outcomes.counting.safety_figures import harm_measure
from outcomes.disclosure import Reason
from outcomes.instruments.recipe import MinAnswered
from outcomes.instruments.safefit_wellbeing import RECIPE
from outcomes.models import CellStatus
from outcomes.releases.reading import Figure
from tests.factories.outcomes import METHOD
from tests.unit.frontend.releases.made_up import FIRST, figures, hidden, release, shown

DORSET, POOLE = {"area": "Dorset"}, {"area": "Poole"}
SPLIT = ("improved", "same", "worse")


def _rows(table: Table) -> dict[str, list[str]]:
    return {name: list(rest) for name, *rest in table.rows}


# --- tables that a release has -----------------------------------------------


def test_a_release_is_read_by_its_dimensions_and_declared_pairs_and_by_nothing_else() -> None:
    found = release()
    assert [slug_of(by) for by in tables_of(found)] == ["area", "age", "area-age"]
    assert table_called(found, "area-age") == ("area", "age")
    assert table_called(found, "age-area") is None


def test_groups_of_a_pair_are_named_by_both_and_nobody_recorded_is_a_group() -> None:
    pair = Figures(release(), [], ("area", "age"))
    assert [name for name, _ in pair.everywhere] == [
        "Everyone", "Dorset, 18 to 49", "Dorset, Not recorded", "Poole, 18 to 49", "Poole, Not recorded",
    ]  # fmt: skip


# --- how large a change is ----


def test_how_large_a_change_is_stands_beside_how_much_people_differ_as_far_as_it_is_counted() -> None:
    every = figures(
        shown("total.w12.before_spread", 16.3, dp=1),
        shown("total.w12.effect", 0.26, dp=2),
        shown("total.w12.dz", 0.5, dp=1),
        hidden("total.w12.half_spread", reason="too few to say"),
        *(hidden(f"body.w12.{part}", reason="too few to say") for part in ("before_spread", "effect", "dz")),
        hidden("body.w12.half_spread", reason="too few to say"),
    )
    (table,) = (one for one in change.of_everyone(every)[0].tables if one.caption.startswith("How large"))
    assert table.columns[1:] == [
        "Spread at the start", "Change, by that spread", "Change, by its own spread", "Half the spread at the start",
    ]  # fmt: skip
    assert _rows(table)["Body and mind together"] == ["16.3", "+0.26", "+0.5", "Too few to say"]
    assert _rows(table)["Body"] == ["Too few to say"]
    (of_an_area,) = change.sizes(figures(shown("total.w12.dz", -0.4, dp=1)), [("All", "total.w12")])
    assert (of_an_area.columns, of_an_area.rows) == (["Score", "Change, by its own spread"], [["All", "−0.4"]])
    assert change.sizes(figures(), [("All", "total.w12")]) == []


def test_of_a_form_that_nobody_is_due_for_yet_one_sentence_is_said_and_no_table_stands() -> None:
    none = figures(shown("forms.w12.due", 0), hidden("total.w12.n", CellStatus.SMALL, "small number"))
    (section,) = change.of_everyone(none)
    assert list(section.words) == ["Nobody’s form at 12 weeks is due yet, so there is nothing to tell."]
    assert not section.tables
    assert change.of_groups(figures(*none.all, by=("area",))) == []


def test_who_registered_is_told_by_group_beside_what_is_so_by_definition() -> None:
    bands = ["1 or 2 (most deprived)", "3", "4", "5 (least deprived)", "Not recorded"]
    by_fifth = figures(
        shown("funnel.registered.in_group", 12, where={"deprivation": bands[0]}),
        hidden("funnel.registered.in_group", reason="small number", where={"deprivation": "3"}),
        by=("deprivation",),
        of=release(groups={"deprivation": bands}),
    )
    table = funnel.of_groups(by_fifth).tables[1]
    assert table.columns[1:] == ["Of all who registered", "Of all areas, by definition"]
    assert _rows(table)["1 or 2 (most deprived)"] == ["12%", "40%"]
    assert [row[1:] for row in table.rows][1:] == [
        ["Too few to say", "20%"], ["Not counted", "20%"], ["Not counted", "20%"], ["Not counted", ""],
    ]  # fmt: skip
    by_area = figures(shown("funnel.registered.in_group", 60, where=DORSET), by=("area",))
    assert _rows(funnel.of_groups(by_area).tables[1]) == {"Dorset": ["60%"], "Poole": ["Not counted"]}
    assert len(funnel.of_groups(figures(by=("area",))).tables) == 1


def test_no_sentence_speaks_of_about_nought_people() -> None:
    some = [shown("funnel.registered", 90), shown("funnel.started", 60), shown("funnel.regular", 0)]
    assert lines_of(figures(*some))[0].endswith("about 60 came to a first class and nobody came to 4 or more.")
    all_sent = figures(shown("forms.w12.due", 60), shown("forms.w12.not_sent", 0))
    assert not any("did not send it" in words for words in answered.of_everyone(all_sent)[0].words)


def test_active_minutes_stand_in_a_table_of_their_own_where_they_are_counted() -> None:
    told = (shown("active_minutes.w12.n", 40), shown("active_minutes.w12.change", 32.5, 5.0, 60.0, dp=1))
    titles = "Minutes a week of moving enough to breathe a little faster"
    (table,) = (one for one in change.of_everyone(figures(*told))[0].tables if one.caption == titles)
    assert _rows(table) == {"Everyone": ["Not counted", "40", "Not counted", "Not counted", "+32.5 (+5.0 to +60.0)"]}
    by_area = change.of_groups(figures(*told, shown("active_minutes.w12.n", 35, where=DORSET), by=("area",)))
    (table,) = (one for one in by_area[0].tables if one.caption == f"{titles}, by area")
    assert _rows(table)["Dorset"][1] == "35"
    assert not [one for one in change.of_everyone(figures())[0].tables if one.caption == titles]


def test_the_method_says_what_a_spread_is_only_where_one_is_told() -> None:
    named = [
        [term for term, _ in method_of(release(method=METHOD | more)).definitions]
        for more in ({}, {"least": {"line": 100}})
    ]
    assert [("Spread" in terms, "Low scores and high ones" in terms) for terms in named] == [(False,) * 2, (True,) * 2]


# --- one figure --------------------------------------------------------------


def test_the_method_says_why_averages_have_so_few_places_only_where_they_have() -> None:
    by_steps = release(method=METHOD | {"places_by_steps": True})
    assert "Averages" in dict(method_of(by_steps).definitions)
    assert "Averages" not in dict(method_of(release()).definitions)


def test_an_average_in_whole_points_is_drawn_and_told_in_whole_points() -> None:
    name = "total.w12"
    each = [shown(f"{name}.before", 52), shown(f"{name}.after", 55), shown(f"{name}.change", 3, 1, 5)]
    averages, *_ = change.of_everyone(figures(*each))[0].tables
    assert averages.chart is not None and "52 at the start, 55 later" in averages.chart.drawn
    assert way_of(each[2]) == "3 points higher than at the start"


def test_a_hidden_figure_says_why() -> None:
    found = figures(
        hidden("funnel.registered", CellStatus.SMALL, "small number"),
        hidden("total.w12.change", CellStatus.SMALL, "small number"),
        hidden("body.w12.before", reason="too few to say"),
        hidden("body.w12.after", reason="withheld to protect others"),
        hidden("body.w12.bounds", reason="its numbers are of two days"),
    )
    words = [found.words(one.measure) for one in found.all]
    assert words == ["Fewer than 8", "Too few to say", "Too few to say", "Withheld", "Of two days"]
    assert found.words("other") == "Not counted"
    assert set(words[1:]) <= {term for term, _ in method_of(found.release).hidden}


def test_a_day_that_a_whole_table_repeats_stands_once_over_it_and_else_under_each_figure() -> None:
    whole = shown("funnel.registered", 120, repeats=FIRST)
    parts = [
        shown("funnel.registered", 60, where=DORSET, repeats=FIRST),
        hidden("funnel.registered", where=POOLE),
    ]
    (table, *_) = funnel.of_groups(figures(whole, *parts, by=("area",))).tables
    assert table.title == "People at each stage, by area, as at 1 July 2026"
    assert [row[1] for row in table.cells] == ["120", "60", "Withheld"]

    (table, *_) = funnel.of_groups(figures(replace(whole, repeats=None), *parts, by=("area",))).tables
    assert table.title == "People at each stage, by area"
    assert [row[1] for row in table.cells] == [
        "120", '60 <span class="sf-repeats">as at 1 Jul 2026</span>', "Withheld",
    ]  # fmt: skip


def test_sentences_say_of_which_day_a_figure_is_and_join_none_of_two_days() -> None:
    name, then = "total.w12", {"repeats": FIRST}
    found = figures(
        shown("funnel.registered", 135, **then),
        shown("funnel.started", 120),
        shown("funnel.regular", 60, **then),
        shown("visits.share", 85, **then),
        shown("forms.w12.due", 90),
        shown("forms.w12.not_sent", 30, **then),
        shown(f"{name}.n", 45, **then),
        shown(f"{name}.change", 4.3, 1.9, 6.7, dp=1, **then),
    )
    registered, attended, at_12_weeks, *_ = lines_of(found)
    (apart,) = lines_of(figures(shown(f"{name}.n", 50), shown(f"{name}.change", 4.3, 1.9, 6.7, dp=1, **then)))
    assert apart.startswith("About 50 people sent the form at 12 weeks and the start form. ")
    assert "from 0 to 100, people with both forms scored" in apart and apart.endswith(", as on 1 July 2026.")
    assert registered.startswith("About 135 people who agreed to be counted had registered by 1 July 2026. Of these, ")
    assert registered.endswith("Of these, about 60 came to 4 or more.")
    assert attended.endswith("% of the places that they had booked in classes that took place, as on 1 July 2026.")
    of_one_day = figures(shown("visits.share", 85), shown("visits.due", 1000))
    assert "People came to 85% of about 1,000 places that they had booked in classes that took place." in lines_of(
        of_one_day
    )
    assert at_12_weeks.startswith("About 45 people sent the form at 12 weeks and the start form, as on 1 July 2026.")
    assert at_12_weeks.endswith(
        "they scored on average 4.3 points higher than at the start (95% interval +1.9 to +6.7)."
    )
    assert len(answered.of_everyone(found)[0].words) == 1


def test_what_is_drawn_together_is_of_one_day() -> None:
    name = "total.w12"
    ends = [shown(f"{name}.before", 52.1, dp=1, repeats=FIRST), shown(f"{name}.after", 56.4, dp=1)]
    split = [shown(f"{name}.{part}", 20) for part in SPLIT[:2]] + [shown(f"{name}.worse", 20, repeats=FIRST)]
    averages, moved = change.of_everyone(figures(*ends, *split))[0].tables
    assert averages.chart is not None and not averages.chart.drawn
    assert moved.chart is not None and not moved.chart.drawn
    alike = [replace(one, repeats=FIRST) for one in (*ends, *split)]
    later = shown(f"{name}.change", 4.3, 1.9, 6.7, dp=1)
    averages, moved = change.of_everyone(figures(*alike, later))[0].tables
    assert averages.chart is not None and "52.1 at the start, 56.4 later" in averages.chart.drawn
    assert moved.chart is not None and "20 higher, 20 about the same, 20 lower" in moved.chart.drawn


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [
        (shown("a", 45), shown("b", 60), 75),
        (shown("a", 5), shown("b", 40), 13),  # halves up
        (shown("a", 10), shown("b", 15), None),  # of too few
        (shown("a", 45), shown("b", 60, repeats=FIRST), None),  # of two days
        (None, shown("b", 60), None),
        (shown("a", 45), None, None),
    ],
)
def test_a_share_is_of_two_shown_numbers_of_one_day(
    part: Figure | None, whole: Figure | None, percent: int | None
) -> None:
    assert share(part, whole) == percent


# --- who took part -----------------------------------------------------------


def test_each_stage_is_a_share_of_all_and_of_the_stage_before() -> None:
    found = figures(
        shown("funnel.registered", 160),
        shown("funnel.cleared", 150),
        shown("funnel.started", 120),
        hidden("funnel.regular"),
        shown("forms.start.sent", 110),
        shown("forms.w12.due", 90),
        shown("forms.w12.sent", 60),
    )
    (table,) = funnel.of_everyone(found).tables
    assert _rows(table) == {
        "Registered": ["160", "All of them", "The first stage"],
        "Checked as safe to start": ["150", "94%", "94% of 160 registered"],
        "Came to a first class": ["120", "75%", "80% of 150 checked"],
        "Came to 4 or more classes": ["Withheld", "Not shown", "Not shown"],
        "Sent the start form": ["110", "69%", "92% of 120 who came once"],
        "Sent the form at 12 weeks (completed)": ["60", "38%", "67% of 90 due"],
    }
    assert table.chart is not None and "Came to a first class: 120 (75%)" in table.chart.drawn


def test_what_was_found_elsewhere_stands_beside_who_started_only_where_it_was_written_down() -> None:
    said = {"percent": 57, "source": "Example Review 2023"}
    cells = shown("funnel.registered", 160), shown("funnel.started", 120)
    notes = [
        funnel.of_everyone(figures(*cells, of=release(method=METHOD | more))).notes[1:]
        for more in ({"started_elsewhere": said}, {"started_elsewhere": {}}, {})
    ]
    assert notes[1:] == [[], []]
    assert notes[0][0].startswith("In other programmes 57% of those who registered came to a first class (Example R")


def test_shares_that_the_release_tells_are_shown_as_they_stand_there() -> None:
    found = figures(
        shown("funnel.registered", 160),
        shown("funnel.cleared", 150),
        shown("funnel.started", 120),
        shown("funnel.started.share", 74),
        shown("funnel.started.of_before", 79),
        shown("forms.start.sent", 110),
        hidden("forms.start.of_all"),
        hidden("forms.start.share"),
    )
    rows = _rows(funnel.of_everyone(found).tables[0])
    assert rows["Came to a first class"] == ["120", "74%", "79% of 150 checked"]
    assert rows["Sent the start form"] == ["110", "Not shown", "Not shown"]


def test_groups_stand_side_by_side_with_everyones_line_and_the_hidden_ones_are_named() -> None:
    found = figures(
        shown("funnel.registered", 160),
        shown("funnel.registered", 120, where=DORSET),
        hidden("funnel.registered", CellStatus.SMALL, where=POOLE),
        shown("funnel.started.share", 75, 68, 81),
        shown("funnel.started.share", 80, 71, 87, where=DORSET),
        hidden("funnel.started.share", where=POOLE),
        by=("area",),
    )
    people, shares = funnel.of_groups(found).tables
    assert [row[:2] for row in people.rows] == [["Everyone", "160"], ["Dorset", "120"], ["Poole", "Fewer than 8"]]
    assert _rows(shares)["Dorset"] == ["80% (71% to 87%)", "Not counted"]
    assert shares.chart is not None
    assert shares.chart.note.endswith("Dashed line: everyone, 75% (68% to 81%). Not drawn: Poole. The table says why.")
    assert "Everyone: 75% (68% to 81%). Dorset: 80% (71% to 87%)." in shares.chart.drawn


def test_many_groups_that_are_not_drawn_are_counted() -> None:
    assert not_drawn(f"Area {n}" for n in range(7)) == ["Not drawn: 7 groups. The table says which, and why."]


# --- coming to classes -------------------------------------------------------


def test_places_and_what_they_come_to() -> None:
    found = figures(
        shown("visits.due", 1000),
        shown("visits.attended", 850),
        shown("visits.share", 85, 83, 87),
        hidden("visits.late"),
        hidden("visits.late_share"),
        shown("visits.came", 900),
        shown("visits.hours", 700),
    )
    section = visits.of_everyone(found)
    places, shares = section.tables
    assert _rows(places) == {"Booked": ["1,000"], "Attended": ["850"], "Given back late": ["Withheld"]}
    assert _rows(shares) == {
        "Attended, of those booked": ["85%", "83% to 87%"],
        "Given back late, of those booked": ["Withheld"],
    }
    assert section.words[1].startswith("Altogether people came about 900 times, about 700 hours of class.")
    assert section.notes[0].startswith("A place given back less than 24 hours before the class")


def test_an_earlier_release_says_what_it_counted_and_nothing_of_the_rest() -> None:
    section = visits.of_everyone(figures(shown("visits.due", 1000), shown("visits.came", 900)))
    assert list(_rows(section.tables[0])) == ["Booked", "Attended"] and not section.notes
    assert "hours" not in section.words[1]
    assert answered.of_everyone(figures()) == answered.of_groups(figures(by=("area",))) == []
    assert safety.of_everyone(figures()) == []
    assert len(funnel.of_groups(figures(by=("area",))).tables) == 1


# --- change ------------------------------------------------------------------


def _changed(*split: Figure) -> list[Figure]:
    name = "total.w12"
    return [
        shown("forms.w12.due", 60),
        shown(f"{name}.n", 45),
        shown(f"{name}.before", 52.1, dp=1),
        shown(f"{name}.after", 56.4, dp=1),
        shown(f"{name}.change", 4.3, 1.9, 6.7, dp=1),
        *split,
        shown(f"{name}.share_improved", 44, 31, 59),
    ]


def test_averages_and_how_many_moved_stand_with_how_many_of_how_many() -> None:
    split = [shown(f"total.w12.{part}", value) for part, value in zip(SPLIT, (20, 15, 10), strict=True)]
    (section,) = change.of_everyone(figures(*_changed(*split)))
    averages, moved = section.tables
    assert "The later form was due from about 60 people." in section.words[0]
    assert _rows(averages)["Body and mind together"] == ["60", "45", "52.1", "56.4", "+4.3 (+1.9 to +6.7)"]
    assert _rows(moved)["Body and mind together"] == ["45", "20", "15", "10", "44% (31% to 59%)"]
    assert averages.chart is not None and "52.1 at the start, 56.4 later" in averages.chart.drawn
    assert moved.chart is not None and "20 higher, 15 about the same, 10 lower" in moved.chart.drawn


@pytest.mark.parametrize("repeats", [None, FIRST])
def test_parts_that_are_shown_together_are_drawn_as_one_where_both_are_of_one_day(repeats: dt.date | None) -> None:
    split = [shown("total.w12.improved", 20), shown("total.w12.not_improved", 25, repeats=repeats)]
    split += [hidden("total.w12.same"), hidden("total.w12.worse")]
    (section,) = change.of_everyone(figures(*_changed(*split)))
    moved = section.tables[1]
    assert _rows(moved)["Body and mind together"][2:4] == ["25, with those lower", "With the same"]
    assert moved.chart is not None and bool(moved.chart.drawn) is (repeats is None)
    if repeats is None:
        assert "20 higher, 25 about the same or lower, as one number" in moved.chart.drawn
        assert ">About the same or lower, as</text>" in moved.chart.drawn
        assert ">About the same</text>" not in moved.chart.drawn, "the key names no part that no bar has"
        assert "Not drawn: Body; Mind; All in all. The table says why." in moved.chart.note


def test_what_is_hidden_alike_is_said_once() -> None:
    (section,) = change.of_everyone(figures())
    assert _rows(section.tables[0])["Mind"] == ["Not counted", "Not counted", "Not counted"]
    assert _rows(section.tables[1])["Mind"] == ["Not counted", "Not counted"]


def test_bounds_say_what_the_share_would_be_had_everybody_answered() -> None:
    found = figures(*_changed(), shown("total.w12.share_paired", 75, 63, 84), shown("total.w12.bounds", 44, 33, 58))
    bounds = change.of_everyone(found)[0].tables[2]
    assert _rows(bounds)["Body and mind together"] == ["75% (63% to 84%)", "33%", "58%"]
    assert _rows(bounds)["Mind"] == ["Not counted", "Not counted"]


def test_groups_are_drawn_on_one_scale_with_no_change_in_sight() -> None:
    found = figures(
        *_changed(),
        shown("total.w12.change", 6.1, 2.4, 9.8, where=DORSET, dp=1),
        hidden("total.w12.change", reason="too few to say", where=POOLE),
        by=("area",),
    )
    (section,) = change.of_groups(found)
    total, *others, moved = section.tables
    assert [table.caption for table in others] == [
        "Body: average scores by area", "Mind: average scores by area", "All in all: average scores by area",
    ]  # fmt: skip
    assert total.chart is not None and all(table.chart is None for table in others)
    assert re.findall(r'text-anchor="(?:start|middle|end)">([^<]+)</text>', total.chart.drawn)[-3:] == ["0", "5", "10"]
    assert _rows(moved)["Everyone"][0] == "45"


# --- who answered, and what went wrong ---------------------------------------


def test_who_did_not_answer_stands_beside_who_did() -> None:
    found = figures(
        shown("forms.w12.due", 90),
        shown("forms.w12.sent", 60),
        shown("forms.w12.not_sent", 30),
        shown("forms.w12.share", 67, 56, 76),
        shown("total.w12.before", 52.1, dp=1),
        shown("total.w12.others", 25),
        shown("total.w12.before_others", 48.9, dp=1),
        shown("total.w12.before_apart", 0.21, dp=2),
        of=release(method=METHOD | {"uneven": 0.1}),
    )
    (section,) = answered.of_everyone(found)
    assert section.words[0] == (
        "Of about 90 people from whom the form at 12 weeks was due, about 30 did not send it in its time: "
        "the figures of change say nothing of them."
    )
    forms, starts = section.tables
    assert _rows(forms)["12 weeks"] == ["90", "60", "30", "67% (56% to 76%)"]
    assert _rows(starts)["12 weeks"] == ["52.1", "25", "48.9", "+0.21"]
    assert "From 0.1 on" in section.notes[0]


def test_by_whom_forms_were_filled_in_and_how_many_came_at_another_time_stands_for_each_timepoint() -> None:
    parts = {"sent": 60, "by_self": 40, "by_phone": 10, "by_paper": 0, "not_sent": 30, "outside": 10}
    told = [shown(f"forms.w12.{part}", value) for part, value in parts.items()]
    (section,) = came.of_everyone(figures(*told, hidden("forms.w12.by_scribe", CellStatus.SMALL)))
    (table,) = section.tables
    assert _rows(table) == {"12 weeks": ["60", "40", "10", "0", "Fewer than 8", "30", "10"]}
    assert came.of_everyone(figures(*told[:1])) == [], "an earlier summary does not know"
    assert came.of_everyone(figures(*told, shown("forms.w12.due", 0))) == [], "nobody’s is due yet"


def test_what_is_hidden_of_those_who_did_not_answer_makes_no_sentence() -> None:
    (section,) = answered.of_everyone(figures(shown("forms.w12.due", 90), hidden("forms.w12.not_sent")))
    assert len(section.words) == 1


def test_shares_of_those_who_answered_are_of_each_group_and_not_of_everyone() -> None:
    found = figures(
        shown("forms.w12.share_sent", 70, where=DORSET),
        shown("forms.w12.share_not_sent", 62, where=DORSET),
        shown("forms.w12.apart", -0.17, where=DORSET, dp=2),
        by=("area",),
    )
    (section,) = answered.of_groups(found)
    assert _rows(section.tables[0]) == {
        "Dorset": ["70%", "62%", "−0.17"],
        "Poole": ["Not counted", "Not counted", "Not counted"],
    }


def test_of_one_area_everyone_is_everyone_there_and_groups_are_parts_of_it() -> None:
    of = release(area="Dorset", method=METHOD | {"pairs": [["area", "age"]]})
    there = DORSET | {"age": "18 to 49"}
    found = figures(
        shown("funnel.registered", 90, where=DORSET),
        shown("forms.w12.due", 60, where=DORSET),
        shown("forms.w12.not_sent", 20, where=DORSET),
        shown("funnel.registered", 40, where=there),
        by=("age",),
        of=of,
    )
    assert tables_of(of) == [("age",)]
    assert [found.value("funnel.registered", where) for _, where in found.everywhere] == [90, 40, None]
    assert lines_of(found)[0].startswith("About 90 people in Dorset who agreed to be counted had registered")
    (section,) = answered.of_everyone(found)
    assert len(section.tables) == 1 and not section.notes and safety.of_everyone(found) == []
    assert any("Only people for whom Dorset is recorded" in line for line in method_of(of).who)
    assert "first summary of SafeFit Wessex in Dorset" in first_of(found)


def test_what_went_wrong_is_counted_by_harm() -> None:
    found = figures(
        shown("safety.reports", 20),
        shown("safety.check_stops", 35),
        hidden("safety.reports.low", CellStatus.SMALL, "small number"),
        shown("safety.reports.with_harm", 10),
        of=release(method={"measures": {}}),
    )
    (section,) = safety.of_everyone(found)
    happened, harms = section.tables
    assert section.words[1] == "Reports of something that went wrong, or nearly: about 20."
    few = safety.of_everyone(figures(hidden("safety.reports", CellStatus.SMALL, "small number")))[0]
    assert few.words[1].endswith("nearly: fewer than 8.")
    week = shown("safety.reports.reviewed_in_a_week", 15), shown("safety.reports.reviewed_in_a_week.share", 75, 53, 89)
    (with_week,) = safety.of_everyone(figures(*found.all, *week))
    looked_into = _rows(with_week.tables[-1])
    assert with_week.words[2] == "Within 7 days of being reported, 75% (53% to 89%) of them were looked into."
    assert (looked_into["Within 7 days of being reported"], looked_into["Not yet"]) == (["15"], ["Not counted"])
    assert _rows(happened)["Reports of something that went wrong, or nearly"] == ["20"]
    assert _rows(harms)["Low: first aid, or somebody watched over them for a while"] == ["Fewer than 8"]
    assert _rows(harms)["Any harm, taken together"] == ["10"] and _rows(harms)["No harm"] == ["Not counted"]


def test_where_every_degree_of_harm_is_withheld_one_sentence_says_so() -> None:
    few = hidden("safety.reports", CellStatus.SMALL, "small number")
    withheld = [hidden(harm_measure(harm)) for harm in Harm]
    (section,) = safety.of_everyone(figures(few, *withheld))
    assert [table.caption for table in section.tables] == ["What happened"]
    assert section.words[-1] == safety.HARM_HIDDEN
    (section,) = safety.of_everyone(figures(few, *withheld[1:], shown(harm_measure(Harm.NONE), 0)))
    assert [table.caption for table in section.tables][1:] == ["Reports, by how much harm there was"]
    assert safety.HARM_HIDDEN not in section.words


def test_where_nothing_was_reported_there_is_no_harm_to_tell_apart() -> None:
    none = [hidden(harm_measure(harm)) for harm in Harm]
    week = shown("safety.reports.reviewed_in_a_week", 0)
    (section,) = safety.of_everyone(figures(shown("safety.reports", 0), *none, week))
    assert [table.caption for table in section.tables] == ["What happened"]
    assert section.words[1:] == ["Reports of something that went wrong, or nearly: none."]


def test_where_nobody_had_registered_that_is_said_and_nothing_else() -> None:
    nobody = [shown("funnel.registered", 0), shown("funnel.started", 0), hidden("total.w12.change")]
    assert lines_of(figures(*nobody)) == ["Nobody who agreed to be counted had registered by 1 July 2026."]
    assert headline(figures(*nobody), None) == "Nobody had registered."
    for found, sections in ((figures(*nobody), of_people), (figures(*nobody, by=("area",)), by_group)):
        (section,) = sections(found)
        assert not section.tables
        assert section.words == ["Nobody who agreed to be counted had registered, so there is nothing to tell yet."]
    assert funnel.nobody_there(figures(of=release(area="Dorset"))).words[0].startswith("Nobody in Dorset who agreed")


@pytest.mark.parametrize(
    ("change_is", "words"),
    [
        (
            hidden("total.w12.change"),
            "How answers changed by 12 weeks is not shown, so that nobody can be singled out.",
        ),
        (hidden("total.w12.change", reason=Reason.TOO_FEW), "Too few people have sent both the start form and the"),
        (
            shown("total.w12.change", 4.3, 1.9, 6.7, dp=1),
            "How many people sent the form at 12 weeks and the start form is not shown. For body and mind together, "
            "from 0 to 100, people with both forms scored on average 4.3 points higher than at the start",
        ),
    ],
)
def test_a_sentence_on_change_says_too_few_only_where_they_were(change_is: Figure, words: str) -> None:
    (line,) = lines_of(figures(hidden("total.w12.n"), change_is))
    assert line.startswith(words)
    assert lines_of(figures(change_is, shown("forms.w12.due", 0))) == ["Nobody’s form at 12 weeks is due yet."]


def test_before_any_later_form_is_due_nobody_is_said_to_have_left_one_out() -> None:
    none = [shown("forms.w12.due", 0), shown("forms.w12.not_sent", 0)]
    (section,) = answered.of_everyone(figures(*none))
    assert not section.tables and section.words == [answered.NOBODY_DUE]
    shares = hidden("forms.w12.share_sent", where=DORSET)
    assert answered.of_groups(figures(*none, shares, by=("area",))) == []
    assert len(answered.of_groups(figures(shown("forms.w12.due", 90), shares, by=("area",)))) == 1


def test_where_nothing_of_a_change_can_be_shown_one_sentence_stands_in_place_of_tables() -> None:
    due, none = shown("forms.w12.due", 30), shown("total.w12.n", 0)
    for figure in (hidden("total.w12.n"), none):
        (section,) = change.of_everyone(figures(due, figure, hidden("total.w12.change")))
        assert not section.tables and section.words[-1].startswith("Nothing more can be shown: too few people")
        assert "The later form was due from about 30 people." in section.words[0]
    (section,) = change.of_groups(figures(due, hidden("total.w12.n", where=DORSET), by=("area",)))
    assert not section.tables
    assert change.of_everyone(figures(due, shown("total.w12.n", 10)))[0].tables


# --- the method --------------------------------------------------------------


def test_completed_is_whoever_sent_the_last_form_and_is_said_only_where_there_is_one() -> None:
    said = [dict(method_of(release(method=method)).definitions).get("Completed", "") for method in (METHOD, {})]
    assert said == [
        "Sent the form at 12 weeks, the last that is asked for. Whoever goes on after that counts too.", "",
    ]  # fmt: skip


def test_the_method_says_who_when_and_what_is_hidden() -> None:
    method = method_of(release(method=METHOD | {"not_recorded": ["sex"], "late_hours": 24, "least": {"mean": 12}}))
    assert ("Fewer than 8", "A number from 1 to 7; and 0 as well, where that would say something of everybody.") in (
        method.hidden
    )
    assert any("An average needs 12" in words for _, words in method.hidden)
    assert method.who[-1] == "Nothing is told apart by sex: it is recorded of nobody."
    assert method.windows[1] == ("12 weeks", "Sent 63 to 105 days after the first class, not counting days of a break.")
    assert dict(method.definitions)["Given back late"].startswith("Less than 24 hours before the class.")
    assert method.scoring[0] == "Made up for a test. Scored by version 1 of its rules."
    assert method.scoring[1].startswith("Body is the average of energy, sleep,") and len(method.scoring) == 6


def test_the_words_on_our_own_scales_are_those_of_the_rules_in_force() -> None:
    words = " ".join(OWN_SCALES[RECIPE.version])
    for scale, said in (("body", "4 of these 6"), ("mind", "3 of these 4"), ("total", "all ten; 8 must")):
        least = next(one for one in RECIPE.scale(scale).operations if isinstance(one, MinAnswered))
        assert said in words and str(least.count) in said


def test_a_release_of_an_earlier_time_says_no_more_than_it_knows() -> None:
    method = method_of(release(groups={}, method={}))
    assert method.windows == method.scoring == []
    assert len(method.who) == 3 and "Given back late" not in dict(method.definitions)
