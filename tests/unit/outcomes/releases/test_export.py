from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from outcomes.disclosure import NO_COUNT
from outcomes.models import Release, ReleaseState
from outcomes.releases.export import UNITS, csv_of, export_of, fingerprint, told_in
from tests.factories.outcomes import release_with_figures

pytestmark = pytest.mark.django_db


@pytest.fixture
def release() -> Release:
    return release_with_figures()


def test_the_export_says_each_figure_as_exactly_as_it_is_shown(release: Release) -> None:
    cells = export_of(release)["cells"]
    assert cells[0] == {"where": {}, "measure": "funnel.registered", "value": 135, "round": 5}
    assert cells[2] == {"where": {"area": "Isle of Wight"}, "measure": "funnel.registered", "range": [1, 7]}
    assert cells[7] == {
        "where": {}, "measure": "total.w12.change", "value": 4.2, "interval": [1.9, 6.6], "dp": 1,
    }  # fmt: skip
    assert cells[8] == {"where": {"area": "Dorset"}, "measure": "total.w12.change", "withheld": True}
    assert len(cells) == release.cells.count()


def test_the_export_says_what_the_figures_are_of(release: Release) -> None:
    exported = export_of(release)
    assert exported["k"] == 8
    assert exported["dims"] == {"area": ["Dorset", "Isle of Wight"]}
    assert exported["measures"]["total.w12.change"] == {"mean_of": "total.w12.n", "range": [-100, 100]}
    assert exported["release"]["organisation"] == release.organisation.slug


def test_a_ratio_names_its_two_counts(release: Release) -> None:
    release.method = {"measures": {"total.w12.change": {"ratio": ["a", "b"]}}}
    assert export_of(release)["cells"][7] == {
        "where": {},
        "ratio": ["a", "b"],
        "value": 4.2,
        "interval": [1.9, 6.6],
        "dp": 1,
    }


def test_the_fingerprint_changes_with_any_figure(release: Release) -> None:
    before = fingerprint(release)
    assert before == fingerprint(Release.objects.get(pk=release.pk))
    assert fingerprint(release_with_figures(programme=release.programme, organisation=release.organisation)) != before


def test_the_fingerprint_changes_with_how_it_was_counted(release: Release) -> None:
    method = release.method | {"hashed": True, "threshold": 10, "least": {"mean": 10}}
    timepoints = [{**point, "closes_after": 90} for point in method["timepoints"]]
    as_before = {name: fact for name, fact in method.items() if name != "hashed"}
    changed = (method | {"threshold": 5}, method | {"least": {}}, method | {"timepoints": timepoints}, as_before)
    found = set()
    for release.method in (method, *changed):
        found.add(fingerprint(release))
    assert len(found) == 5
    release.method = method
    assert export_of(release)["method"]["threshold"] == 10


def test_the_fingerprint_of_a_release_from_before_stays(release: Release) -> None:
    before = fingerprint(release)
    release.method = release.method | {"threshold": 5}
    assert fingerprint(release) == before
    told = {name: part for name, part in export_of(release).items() if name not in ("purpose", "said")}
    assert set(told) == {"release", "k", "dims", "pairs", "measures", "sums", "cells"}
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert before == hashlib.sha256(text.encode()).hexdigest()


def test_the_csv_holds_every_cell_as_it_is_shown(release: Release) -> None:
    rows = list(csv.DictReader(io.StringIO(csv_of(release))))
    assert len(rows) == release.cells.count()
    assert rows[0] == {
        "table": "funnel", "figure": "funnel.registered", "area": "everyone", "status": "shown",
        "value": "135", "from": "", "to": "", "as_at": release.as_at.isoformat(), "unit": "people",
        "worked_out_from": "",
    }  # fmt: skip
    assert (rows[2]["status"], rows[2]["value"]) == ("hidden: a small number", "")
    assert (rows[7]["value"], rows[7]["from"], rows[7]["to"]) == ("4.2", "1.9", "6.6")


@pytest.mark.parametrize(
    ("measure", "about", "told"),
    [
        ("funnel.started", {"within": "funnel.registered"}, ("people", "")),
        ("visits.due", {"within": "visits.offered", "visits_of": "funnel.registered"}, ("places in classes", "")),
        ("visits.hours", {"hours_of": "visits.came", "visits_of": "x", "minutes": [30, 60]}, ("hours", "")),
        ("safety.reports", {}, ("events", "")),
        ("visits.share", {"ratio": ["a", "b"]}, ("percent", "a; b")),
        ("total.w12.bounds", {"bounds": ["a", "b", "c"]}, ("percent", "a; b; c")),
        ("total.w12.change", {"mean_of": "total.w12.n", "range": [-100, 100]}, ("points", "total.w12.n")),
        ("forms.w12.apart", {"apart": ["a", "b"]}, ("standard deviations", "a; b")),
        ("total.w12.before_apart", {"other_of": "total.w12.others"}, ("standard deviations", "total.w12.others")),
    ],
)
def test_each_line_of_the_csv_says_in_what_it_is_told_and_from_what_it_is_worked_out(
    measure: str, about: dict[str, Any], told: tuple[str, str]
) -> None:
    assert told_in(measure, about) == told


def test_every_way_of_telling_a_figure_has_a_unit() -> None:
    assert set(UNITS) >= NO_COUNT


def test_an_area_that_looks_like_a_formula_is_made_harmless_in_the_file() -> None:
    release = release_with_figures()
    release.groups = {"area": ["=HYPERLINK(1)"]}
    cell = release.cells.create(table="funnel", measure="funnel.x", where={"area": "=HYPERLINK(1)"}, status="small")
    assert cell.pk
    assert ",'=HYPERLINK(1)," in csv_of(release)


@pytest.mark.parametrize("format", ["json", "csv"])
def test_the_command_writes_a_published_release(
    release: Release, format: str, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("export_release", str(release.pk), "--format", format)
    written = capsys.readouterr().out
    if format == "json":
        assert json.loads(written) == export_of(release)
    else:
        assert written.replace("\r\n", "\n") == csv_of(release).replace("\r\n", "\n")


def test_an_exported_file_is_all_that_is_needed_to_attack_it(
    release: Release,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    django_assert_num_queries: Any,
) -> None:
    file = tmp_path / "release.json"
    file.write_text(json.dumps(export_of(release)))
    with django_assert_num_queries(0):
        call_command("attack_release", str(file))
    told = capsys.readouterr().out
    assert f"release {release.pk} as at {release.as_at.isoformat()}, 9 figures." in told
    assert "Nothing can be worked out." in told


def test_what_a_file_gives_away_is_named_and_the_command_ends_with_1(release: Release, tmp_path: Path) -> None:
    exported = export_of(release)
    exported["cells"][0]["value"] = 130  # 128 to 132 people, of whom 128 at least in Dorset: 1 to 4 are left
    file = tmp_path / "release.json"
    file.write_text(json.dumps(exported))
    call_command("attack_release", str(file))
    with pytest.raises(CommandError) as given:
        call_command("attack_release", str(file), "--width", "4")
    assert given.value.returncode == 1
    assert "funnel.registered in Isle of Wight: known to be 1 to 4" in str(given.value)


def test_only_so_much_of_what_is_given_away_is_listed(release: Release, tmp_path: Path) -> None:
    file = tmp_path / "release.json"
    areas = [f"area {n}" for n in range(55)]
    small = [{"where": {"area": area}, "measure": "n", "range": [1, 7]} for area in areas]
    whole = {"where": {}, "measure": "n", "value": 55}  # 57 people at most, and one in each of 55 areas
    told = export_of(release) | {"dims": {"area": areas}, "measures": {"n": {}}, "cells": [whole, *small]}
    file.write_text(json.dumps(told))
    with pytest.raises(CommandError, match="area 49: known to be 1 to 3\n  and 5 more"):
        call_command("attack_release", str(file))


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (None, "cannot be read \\(No such file"),
        (b"\xff", "is not text in UTF-8. Give a file"),
        (b"{}", "this is no exported release: it has no release"),
        (b'{"release": {}', "line 1, column 15: this is not JSON"),
    ],
)
def test_what_is_no_exported_release_is_refused_by_name(tmp_path: Path, written: bytes | None, problem: str) -> None:
    file = tmp_path / "release.json"
    if written is not None:
        file.write_bytes(written)
    with pytest.raises(CommandError, match=f"release.json: {problem}"):
        call_command("attack_release", str(file))


def test_a_search_that_does_not_end_in_time_is_no_all_clear(release: Release, tmp_path: Path) -> None:
    file = tmp_path / "release.json"
    file.write_text(json.dumps(export_of(release)))
    with pytest.raises(CommandError, match="Not judged: the search was not finished"):
        call_command("attack_release", str(file), "--seconds", "-1")


def test_the_command_writes_nothing_unpublished_and_says_what_there_is(release: Release) -> None:
    built = release_with_figures(ReleaseState.BUILT)
    with pytest.raises(CommandError, match=f"no published release {built.pk}. There are: {release.pk}"):
        call_command("export_release", str(built.pk))
