from __future__ import annotations

import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command

from outcomes.models import Release, ReleaseState
from outcomes.releases.export import csv_of, export_of, fingerprint, harmless
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


def test_the_csv_holds_every_cell_as_it_is_shown(release: Release) -> None:
    rows = list(csv.DictReader(io.StringIO(csv_of(release))))
    assert len(rows) == release.cells.count()
    assert rows[0] == {
        "table": "funnel", "figure": "funnel.registered", "area": "everyone", "status": "shown",
        "value": "135", "from": "", "to": "", "as_at": release.as_at.isoformat(),
    }  # fmt: skip
    assert (rows[2]["status"], rows[2]["value"]) == ("hidden: a small number", "")
    assert (rows[7]["value"], rows[7]["from"], rows[7]["to"]) == ("4.2", "1.9", "6.6")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@cmd", "\t=1", "\r=1"])
def test_a_spreadsheet_is_never_given_a_formula(text: str) -> None:
    assert harmless(text).startswith("'")
    assert harmless("Dorset") == "Dorset"


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


def test_the_command_writes_nothing_unpublished_and_says_what_there_is(release: Release) -> None:
    built = release_with_figures(ReleaseState.BUILT)
    with pytest.raises(CommandError, match=f"no published release {built.pk}. There are: {release.pk}"):
        call_command("export_release", str(built.pk))
