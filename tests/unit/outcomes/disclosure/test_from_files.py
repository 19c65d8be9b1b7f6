"""The attack by somebody who has exported files and nothing else: one, of several partners, of several times."""

from __future__ import annotations

import json

import pytest

from outcomes.disclosure import CannotJudge, How, protect, structure_of
from outcomes.disclosure.exported import NotARelease, read
from outcomes.disclosure.from_files import attack_files
from outcomes.disclosure.rules import primary
from tests.factories.exported import exported
from tests.unit.outcomes.disclosure.test_disclosure_attack import random_tables, table


def made(**facts):
    """A file of one count: for each area a number, "small" or "withheld"; `counted`: where it repeats which release."""
    counted = facts.pop("counted", {})
    cells = []
    for area, fact in facts.items():
        cell = {"where": {} if area == "everyone" else {"area": area}, "measure": "n"}
        cell |= {"counted_in": counted[area]} if area in counted else {}
        cell |= {"range": [1, 7]} if fact == "small" else {"withheld": True} if fact == "withheld" else {"value": fact}
        cells.append(cell)
    dims = {"area": [area for area in facts if area != "everyone"]}
    return {"release": {"id": 1}, "k": 8, "dims": dims, "measures": {"n": {}}, "sums": [], "cells": cells}


def of(*files):
    return [read(json.dumps(file)) for file in files]


def words(report):
    return [breach.words for breach in report.breaches]


# --- one file ----------------------------------------------------------------


def test_a_file_whose_small_numbers_alone_are_hidden_is_broken():
    control = table(8, 8, 1)
    report = attack_files([read(exported(primary(control, 8).values(), structure_of(control)))])
    assert "referred in Purbeck: known to be 1" in words(report)


@pytest.mark.parametrize("seed", range(3))
def test_a_protected_file_is_not_broken(seed):
    for figures in random_tables(seed, 4):
        protected = protect(figures)
        assert attack_files([read(exported(protected.cells, protected.structure))]).survived


def test_a_ratio_is_told_by_its_counts_and_must_be_of_them():
    file = made(everyone=100, A=60, B=40)
    file["measures"] |= {"m": {"within": "n"}, "share": {"ratio": ["m", "n"]}}
    file["cells"] += [{"where": {}, "measure": "m", "value": 50}, {"where": {}, "ratio": ["m", "n"], "value": 50}]
    (good,) = of(file)
    assert good.structure.derived == {"share": (How.RATIO, ("m", "n"))}
    assert attack_files([good]).survived
    file["cells"][-1]["value"] = 48
    assert words(attack_files(of(file))) == ["share in everyone: is not what the shown counts come to"]


def test_a_mean_of_few_is_given_away_by_a_file_alone():
    file = made(everyone=100, A=10, B=90)
    file["measures"]["change"] = {"mean_of": "n", "range": [-100, 100]}
    file["cells"].append(
        {"where": {"area": "A"}, "measure": "change", "value": 4.2, "dp": 1, "interval": [-16.0, 24.4]}
    )
    assert words(attack_files(of(file))) == ["change in A: may be of 8 people"]


# --- several -----------------------------------------------------------------


def test_what_each_of_two_partners_may_know_can_be_too_much_together():
    theirs = made(everyone=20, A=10, B="withheld", C="withheld")
    ours = made(everyone="withheld", A="withheld", B=10, C="withheld", counted=dict.fromkeys(("everyone", "A", "B"), 1))
    ours["release"]["id"] = 2
    assert attack_files(of(theirs)).survived and attack_files(of(ours)).survived
    theirs["cells"][3] = {"where": {"area": "C"}, "measure": "n", "range": [1, 7]}
    theirs["cells"][0]["value"] = 15  # 13 to 17 people; 8 at least in A, 8 at least in B: one is left
    assert attack_files(of(theirs)).survived
    assert "n in C: known to be 1" in words(attack_files(of(theirs, ours)))


def test_a_figure_that_is_repeated_says_that_fewer_than_k_people_changed_it():
    before = made(everyone=60, A=30, B=30)
    now = made(everyone=60, A=30, B=30, counted={"B": 1})
    now["release"]["id"] = 2
    assert attack_files(of(before, now)).survived
    now["cells"][0]["value"] = 90  # then B has 53 people or more, and had 32 at most
    with pytest.raises(CannotJudge):
        attack_files(of(before, now))


def test_a_release_of_repeats_alone_is_its_earlier_counting_once_more():
    before = made(everyone=60, A=30, B=30)
    again = made(everyone=60, A=30, B=30, counted=dict.fromkeys(("everyone", "A", "B"), 1))
    again["release"]["id"] = 2
    report = attack_files(of(before, again))
    assert report.survived and report.against == ("1",)


# --- files that are none -----------------------------------------------------


def spoilt(change):
    file = made(everyone=60, A=30, B=30)
    change(file)
    return json.dumps(file)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"release": ', "line 1, column 13: this is not JSON"),
        ("[]", "no exported release: it must be one object"),
        ('{"release": {}, "k": 8}', "it has no dims, measures, sums, cells"),
        (spoilt(lambda file: file.update(release=7)), "release: must be an object"),
        (spoilt(lambda file: file.update(k="8")), "k: must be a whole number"),
        (spoilt(lambda file: file.update(cells={})), "cells: must be a list"),
        (spoilt(lambda file: file.update(measures=["n"])), "dims, pairs, measures, sums: not as"),
        (spoilt(lambda file: file.update(sums=[["n"]])), "dims, pairs, measures, sums: not as"),
        (spoilt(lambda file: file.update(pairs=[["area", "shoe"]])), "pairs: area by shoe"),
        (spoilt(lambda file: file.update(sums=[["n", ["m"]]])), "sums: m is named, and is no count"),
        (spoilt(lambda file: file["measures"].update(m={"within": "x"})), "measures.m: x is named"),
        (spoilt(lambda file: file["measures"].update(m={"mean_of": "x"})), "measures.m: x is named"),
        (spoilt(lambda file: file["measures"].update(m={"share": ["x"]})), "measures.m: x is named"),
        (spoilt(lambda file: file["measures"].update(m={"hours_of": "x", "minutes": [1, 2]})), "measures.m: x is"),
        (spoilt(lambda file: file["measures"].update(m={"visits_of": "x"})), "measures.m: x is named"),
        (spoilt(lambda file: file["cells"].append(7)), r"cells\[3\]: must be an object with a `where`"),
        (spoilt(lambda file: file["cells"][1].update(where={"area": "C"})), r"cells\[1\]: no table of this file"),
        (spoilt(lambda file: file["cells"][1].update(where={"area": []})), r"cells\[1\]: no table of this file"),
        (spoilt(lambda file: file["cells"][1].update(measure="m")), r"cells\[1\]: m is not among the measures"),
        (spoilt(lambda file: file["cells"][1].update(ratio=["n", "n"])), r"cells\[1\]: \['n', 'n'\] is not among"),
        (spoilt(lambda file: file["cells"][1].update(value=-5)), r"cells\[1\]: needs a `value`"),
        (spoilt(lambda file: file["cells"][1].update(value=2.5)), r"cells\[1\]: needs a `value`"),
        (spoilt(lambda file: file["cells"][1].update(value=None)), r"cells\[1\]: needs a `value`"),
        (spoilt(lambda file: file["cells"][1].update(interval=[1])), r"cells\[1\]: `interval` has two ends"),
        (spoilt(lambda file: file["cells"][1].update(dp="1")), r"cells\[1\]: `dp` is a number of decimal places"),
        (spoilt(lambda file: file["cells"][1].update(dp=400)), r"cells\[1\]: `dp` is a number of decimal places"),
        (spoilt(lambda file: file["cells"][1].update(where={})), r"cells\[1\]: n stands twice"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_refused_with_the_place(text, problem):
    with pytest.raises(NotARelease, match=problem):
        read(text)
