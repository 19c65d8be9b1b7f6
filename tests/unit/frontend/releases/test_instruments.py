"""What a summary says of other questionnaires than our own: their scales, which way is better, and their lines."""

from __future__ import annotations

from typing import Any

from frontend.releases import instruments
from frontend.releases.lines import lines_of
from frontend.releases.method import method_of
from frontend.releases.since import since
from outcomes.counting.instruments import Instrument, instrument_of
from outcomes.instruments import recipe_called
from tests.factories.outcomes import METHOD
from tests.unit.frontend.releases.made_up import SECOND, figures, hidden, release, shown

DORSET = {"area": "Dorset"}


def _method(*codes: str, **more: Any) -> dict[str, Any]:
    asked: list[Instrument] = [instrument_of(recipe_called(code)) for code in codes]
    return METHOD | {"instruments": [one.as_dict() | more for one in asked]}


def test_each_scale_stands_as_it_is_scored_with_which_way_is_better_and_whose_line_it_is() -> None:
    found = figures(
        shown("hads.w12.due", 90),
        shown("hads-A.w12.n", 60),
        shown("hads-A.w12.before", 9.2, dp=1),
        shown("hads-A.w12.after", 7.8, dp=1),
        shown("hads-A.w12.change", -1.4, -2.1, -0.7, dp=1),
        shown("hads-A.w12.improved", 30),
        shown("hads-A.w12.not_improved", 30),
        shown("hads-A.w12.share_improved", 50, 38, 62),
        shown("hads-A.w12.bounds", 50, 33, 67),
        shown("hads-D.w12.improved", 30),
        shown("hads-D.w12.same", 20),
        shown("hads-D.w12.worse", 10),
        hidden("hads-D.w12.before"),
        of=release(method=_method("hads")),
    )
    (section,) = instruments.of_everyone(found)
    assert section.title == "HADS: how answers changed by 12 weeks"
    assert section.words[0].endswith("The later form was due from about 90 people.")
    assert section.words[1:] == ["Anxiety and Depression go from 0 to 21, and less is better."]
    averages, moved, bounds = section.tables
    assert list(averages.rows[0]) == ["Anxiety", "90", "60", "9.2", "7.8", "−1.4 (−2.1 to −0.7)"]
    assert list(moved.rows[0]) == ["Anxiety", "60", "30", "30, with those worse", "With the same", "50% (38% to 62%)"]
    assert list(bounds.rows[0]) == ["Anxiety", "Not counted", "33%", "67%"]
    assert (
        averages.chart is not None and "Anxiety (less is better): 9.2 at the start, 7.8 later" in averages.chart.drawn
    )
    assert moved.chart is not None and "30 better, 20 about the same, 10 worse" in moved.chart.drawn
    assert lines_of(found)[-1] == (
        "About 60 people have sent both forms of HADS, at the start and at 12 weeks. On Anxiety (from 0 to 21, and "
        "less is better), people with both scored on average 1.4 points lower than at the start "
        "(95% interval −2.1 to −0.7)."
    )
    assert section.notes == [
        "The line for Anxiety and Depression: 1.5 points (Puhan 2008, lung disease; to be confirmed)."
    ]


def test_without_a_line_nobody_is_counted_by_one_and_scales_of_two_reaches_share_no_axis() -> None:
    both = _method("ipaq_sf", "promis_global10")
    both["instruments"][1]["scales"][0]["worse"] = 7
    found = figures(shown("ipaq_sf.w12.due", 40), hidden("promis_global10.w12.due"), of=release(method=both))
    ipaq, promis = instruments.of_everyone(found)
    assert [table.caption for table in ipaq.tables] == ["Average scores"]
    assert lines_of(found)[-1].startswith("Too few people have sent both forms of PROMIS Scale v1.2, Global Health, at")
    assert ipaq.notes == ["For MET-minutes a week no line is known, so nobody is counted by one."]
    assert ipaq.words[1] == "MET-minutes a week goes from 0 to 19278, and more is better."
    assert promis.tables[0].chart is None
    assert any("for better, 7 for worse points" in note for note in promis.notes)


def test_an_instrument_of_which_all_is_withheld_is_one_sentence() -> None:
    found = figures(
        shown("hads.w12.due", 20),
        hidden("hads-A.w12.n"),
        hidden("hads-D.w12.improved"),
        of=release(method=_method("hads")),
    )
    for section in (*instruments.of_everyone(found), *instruments.of_groups(found)):
        assert not section.tables and not section.notes
        assert section.words[-1].startswith("Nothing more can be shown: too few people sent both its forms, or")


def test_where_no_line_is_known_people_are_told_by_their_answers_one_by_one() -> None:
    people = "eq5d5l-index.w12"
    told = [shown("eq5d5l.w12.due", 90), shown(f"{people}.n", 60), shown(f"{people}.improved", 20)]
    told += [shown("eq5d5l-UK_2026.w12.before", 0.712, dp=3)]
    parts = [shown(f"{people}.mixed", 10), shown(f"{people}.same", 15), shown(f"{people}.worse", 15)]
    share = [shown(f"{people}.share_improved", 33, 23, 46), shown(f"{people}.bounds", 33, 22, 56)]
    (section,) = instruments.of_everyone(figures(*told, *parts, *share, of=release(method=_method("eq5d5l"))))
    averages, moved, one_by_one, bounds = section.tables
    assert list(averages.rows[0])[:4] == ["Index, UK 2026 values", "90", "60", "0.712"]
    assert section.words[1] == "Index, UK 2026 values goes from −0.567 to 1, and more is better."
    assert list(moved.rows[0])[0] == "Health, as marked on a scale", "it has a line of its own"
    assert list(one_by_one.columns[2:6]) == ["Better", "Mixed", "The same", "Worse"]
    assert list(one_by_one.rows[0])[1:] == ["60", "20", "10", "15", "15", "33% (23% to 46%)"]
    assert list(bounds.rows[0])[2:] == ["22%", "56%"]
    assert "No line is known for Index, UK 2026 values, so people are counted by their answers" in section.notes[1]
    assert not any("so nobody is counted by one" in note for note in section.notes)
    as_one = figures(*told, shown(f"{people}.not_improved", 40), *share, of=release(method=_method("eq5d5l")))
    (section,) = instruments.of_everyone(as_one)
    assert list(section.tables[2].rows[0])[2:6] == [
        "20", "40, all that are not better", "With the mixed", "With the mixed",
    ]  # fmt: skip
    hidden_alike = [hidden(f"{people}.{part}") for part in ("improved", "mixed", "same", "worse", "share_improved")]
    (section,) = instruments.of_everyone(figures(*told[:2], *hidden_alike, of=release(method=_method("eq5d5l"))))
    assert list(section.tables[2].rows[0]) == ["Index, UK 2026 values", "60", "Withheld"]
    by_area = shown("eq5d5l.w12.due", 60, where=DORSET), shown(f"{people}.improved", 20, where=DORSET)
    (section,) = instruments.of_groups(figures(*told, *by_area, by=["area"], of=release(method=_method("eq5d5l"))))
    caption = "Index, UK 2026 values: how many answered better or worse, answer by answer, by area"
    assert list(next(table for table in section.tables if table.caption == caption).rows[1])[2] == "20"


def test_an_index_in_other_values_than_before_is_said_to_be_so() -> None:
    other = instrument_of(recipe_called("eq5d5l").in_values_of("ENG_2018")).as_dict()
    before, now = (
        release(method=METHOD | {"instruments": [one]}) for one in (*_method("eq5d5l")["instruments"], other)
    )
    assert since(figures(of=now), figures(of=before))[0] == (
        f"Index, England 2018 values stands in place of Index, UK 2026 values, which summary {before.number} had. Read "
        "no difference between the two as a change in people."
    )
    assert not any("in place of" in line for line in since(figures(of=now), figures(of=now)))


def test_a_measured_movement_is_spoken_of_as_measured_and_not_as_a_form() -> None:
    name = "sit_to_stand_30s-score.w12"
    found = figures(
        shown("sit_to_stand_30s.w12.due", 60),
        shown(f"{name}.n", 45),
        shown(f"{name}.change", 1.8, 0.9, 2.7, dp=1),
        of=release(method=_method("sit_to_stand_30s")),
    )
    (section,) = instruments.of_everyone(found)
    assert section.title == "Sit to stand, 30 seconds: how it changed by 12 weeks"
    assert section.words[0] == (
        "Only people who were measured both at the start and at 12 weeks are counted here, of those who were measured "
        "at all. To be measured then, having been so before, were about 60 people."
    )
    assert list(section.tables[0].columns[1:3]) == ["To be measured", "People measured twice"]
    assert section.tables[1].columns[1] == "People measured twice"
    assert lines_of(found)[-1] == (
        "About 45 people have been measured in Sit to stand, 30 seconds, at the start and at 12 weeks. On Sit to "
        "stand, 30 seconds (from 0 to 60, and more is better), people measured twice reached on average 1.8 more "
        "than at the start (95% interval +0.9 to +2.7)."
    )
    said = " ".join([section.title, *section.words, *section.notes, *(table.caption for table in section.tables)])
    assert "form" not in said and "answer" not in said


def test_other_lines_that_are_known_are_named_and_nobody_is_counted_by_them() -> None:
    found = figures(shown("swemwbs.w12.due", 40), of=release(method=_method("swemwbs")))
    (section,) = instruments.of_everyone(found)
    assert section.notes[1:] == [
        "Also known for SWEMWBS, seven items: 1.03 points (Shah 2018: one standard error of measurement)."
    ]


def test_an_instrument_of_which_nobody_was_due_says_nothing() -> None:
    assert instruments.of_everyone(figures(shown("hads.w12.due", 0), of=release(method=_method("hads")))) == []
    assert instruments.of_everyone(figures(of=release(method=_method("hads")))) == []


def test_groups_stand_side_by_side_for_each_scale() -> None:
    found = figures(
        shown("who5.w12.due", 40, where=DORSET),
        shown("who5.w12.due", 90),
        shown("who5-pct.w12.n", 35, where=DORSET),
        hidden("ipaq_sf.w12.due"),
        by=("area",),
        of=release(method=_method("who5", "ipaq_sf")),
    )
    who5, ipaq = instruments.of_groups(found)
    averages, moved = who5.tables
    assert [list(row)[:3] for row in averages.rows] == [
        ["Everyone", "90", "Not counted"],
        ["Dorset", "40", "35"],
        ["Poole", "Not counted", "Not counted"],
    ]
    assert moved.caption == "WHO-5 well-being index: how many moved, by area" and len(ipaq.tables) == 1


def test_the_method_and_what_is_new_say_how_each_is_scored() -> None:
    now = figures(of=release(2, SECOND, method=_method("hads", "who5", version="2")))
    before = figures(of=release(method=_method("hads", version="1")))
    said = [line for line in since(now, before) if "scored anew" in line]
    assert said == [
        "HADS is scored anew, by version 2: summary 1 had version 1. Read no difference between its scores as a "
        "change in people."
    ]
    assert method_of(now.release).scoring[-2].startswith("HADS, version 2 of its scoring: Zigmond and Snaith 1983")
