from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from typing import Any

import pytest
from django.template.defaultfilters import filesizeformat
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.history import System
from accounts.models import AccessLog, Agreement, Organisation, Programme, User
from accounts.permissions import Role
from frontend.letters import CannotBeDrawn
from frontend.releases import files
from frontend.releases.pages import overview_of
from outcomes.disclosure import Line, Sheet, packed
from outcomes.models import Release, ReleaseSheet, ReleaseState
from outcomes.releases import release as outcomes_release
from outcomes.releases.export import export_of
from tests.factories.accounts import AgreementFactory, ProgrammeFactory, someone
from tests.factories.journeys import AS_AT, TIMINGS, population
from tests.factories.one_by_one import cohort
from tests.factories.outcomes import METHOD, ReleaseFactory, attacked, release_with_figures

pytestmark = pytest.mark.django_db


@pytest.fixture
def release(programme: Programme, alliance: Organisation) -> Release:
    return release_with_figures(programme=programme, organisation=alliance, number=1)


def _text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# --- partners ----------------------------------------------------------------


def test_a_partner_reads_words_first_then_tables_with_a_chart(release: Release, omar: User, sign_in: Any) -> None:
    response = sign_in(omar).get(reverse("partner:release", args=[release.pk]))
    page = _text(response)
    assert "About 135 people who agreed to be counted had registered" in page
    assert "About 45 people sent the form at 12 weeks and the start form." in page
    assert "4.2 points higher than at the start (95% interval +1.9 to +6.6)" in page
    assert "Fewer than 8" in page and "Withheld" in page
    assert "do not say what made the difference" in page
    assert page.index("In words") < page.index("People at each stage") < page.index("Average scores")
    assert "This is the first summary of SafeFit Wessex for Wessex Alliance" in page
    html = response.content.decode()
    assert '<title id="change-w12-title">' in html and "<desc" in html and "style=" not in html


def test_each_part_has_a_chart_that_says_the_figures_of_its_table(
    programme: Programme, alliance: Organisation, omar: User, sign_in: Any
) -> None:
    figures = {"funnel.registered": 135, "visits.share": 85, "total.w12.before": 51.5, "total.w12.after": 58}
    cells = [(measure, value, None, None) for measure, value in figures.items()]
    release = release_with_figures(programme=programme, organisation=alliance, cells=cells)
    html = sign_in(omar).get(reverse("partner:release", args=[release.pk])).content.decode()
    said = dict(re.findall(r'<desc id="([\w-]+)-desc">([^<]*)</desc>', html))
    assert list(said) == ["people", "classes", "change-w12"]
    assert "Registered: 135; Checked as safe to start: Not counted;" in said["people"]
    assert said["classes"] == "Attended, of those booked: 85.0%."
    assert "Body and mind together: 51.5 at the start, 58.0 later." in said["change-w12"]
    for title in ("people", "classes", "change-w12"):
        before = html[: html.index(f'id="{title}-title"')]
        assert "</table>" in before[before.rindex("<section") :], "the table stands before its chart"


def test_words_and_charts_of_a_published_summary_are_made_once_and_of_another_figure_anew(release: Release) -> None:
    first = overview_of(release, None)
    assert overview_of(Release.objects.get(pk=release.pk), None) is first
    release.cells.create(table="funnel", measure="funnel.cleared", status="shown", value=120)
    assert overview_of(release, None) is not first
    built = release_with_figures("built", programme=release.programme, organisation=release.organisation)
    assert overview_of(built, None) is not overview_of(built, None)


def test_a_row_that_is_hidden_for_one_reason_says_it_once(release: Release, omar: User, sign_in: Any) -> None:
    release.cells.filter(measure__startswith="body.w12").delete()
    for part in ("before", "after", "change"):
        release.cells.create(table="change", measure=f"body.w12.{part}", status="withheld", reason="too few to say")
    page = sign_in(omar).get(reverse("partner:release", args=[release.pk])).content.decode()
    assert '<td colspan="3">Too few to say</td>' in page


def test_no_page_of_a_summary_claims_a_cause(release: Release, omar: User, sign_in: Any) -> None:
    page = _text(sign_in(omar).get(reverse("partner:release", args=[release.pk]))).lower()
    for word in ("caused", "thanks to", "because of safefit", "led to", "improved by", "worse"):
        assert word not in page


def test_the_file_holds_the_figures_of_the_page(release: Release, omar: User, sign_in: Any) -> None:
    response = sign_in(omar).get(reverse("partner:release_csv", args=[release.pk]))
    assert response["Content-Type"].startswith("text/csv")
    assert f"safefit-wessex-alliance-{release.number}.csv" in response["Content-Disposition"]
    assert ",4.2,1.9,6.6" in response.content.decode()


def test_each_reading_is_logged_without_a_person(release: Release, omar: User, sign_in: Any) -> None:
    browser = sign_in(omar)
    browser.get(reverse("partner:release", args=[release.pk]))
    browser.get(reverse("partner:release_csv", args=[release.pk]))
    logged = AccessLog.objects.filter(by=omar.person, purpose="release", what=f"release {release.pk}")
    assert [row.target for row in logged] == [None, None]


def test_a_partner_lists_its_own_published_summaries(release: Release, omar: User, sign_in: Any) -> None:
    ReleaseFactory(programme=release.programme, organisation=release.organisation, number=2)
    page = _text(sign_in(omar).get(reverse("partner:releases")))
    assert page.count("Summary 1 of SafeFit Wessex") == 1
    assert "Summary 2" not in page


def test_a_partner_of_one_area_reads_of_nobody_else(
    programme: Programme, alliance: Organisation, omar: User, dee: User, sign_in: Any
) -> None:
    release = release_with_figures(programme=programme, organisation=alliance, number=1, area="Dorset", cells=[])
    for measure, value in (("funnel.registered", 130), ("funnel.started", 90)):
        release.cells.create(table="x", measure=measure, where={"area": "Dorset"}, status="shown", value=value)
    browser = sign_in(omar)
    page = _text(browser.get(reverse("partner:release", args=[release.pk])))
    assert "Summary 1 of SafeFit Wessex in Dorset" in page and "About 130 people in Dorset who agreed" in page
    assert "Isle of Wight" not in page and 'id="groups"' not in page
    assert browser.get(reverse("partner:release_by", args=[release.pk, "area"])).status_code == 404
    assert browser.get(reverse("partner:release_pdf", args=[release.pk])).status_code == 200
    assert "of SafeFit Wessex in Dorset" in _text(browser.get(reverse("partner:releases")))
    failed = ReleaseFactory(
        programme=programme, organisation=alliance, state=ReleaseState.FAILED, attack={"no_such_area": "Dorset"}
    )
    assert "not told apart by Dorset" in _text(sign_in(dee).get(reverse("desk:release", args=[failed.pk])))


@pytest.mark.parametrize("page", ["release", "release_csv", "release_json", "release_pdf"])
def test_a_partner_of_another_organisation_finds_nothing(
    release: Release, petra: User, college: Organisation, sign_in: Any, page: str
) -> None:
    AgreementFactory(organisation=college, programme=release.programme)
    browser = sign_in(petra)
    assert browser.get(reverse(f"partner:{page}", args=[release.pk])).status_code == 404
    assert browser.get(reverse("partner:release_by", args=[release.pk, "area"])).status_code == 404
    assert "No summary has been published" in _text(browser.get(reverse("partner:releases")))


@pytest.mark.parametrize("state", [state for state in ReleaseState if state != ReleaseState.PUBLISHED])
def test_what_is_not_published_is_not_there(
    programme: Programme, alliance: Organisation, omar: User, sign_in: Any, state: str
) -> None:
    release = release_with_figures(state, programme=programme, organisation=alliance)
    assert sign_in(omar).get(reverse("partner:release", args=[release.pk])).status_code == 404
    assert sign_in(omar).get(reverse("partner:release_csv", args=[release.pk])).status_code == 404


def test_an_agreement_that_has_ended_takes_its_summaries_along(release: Release, omar: User, sign_in: Any) -> None:
    Agreement.objects.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    browser = sign_in(omar)
    assert browser.get(reverse("partner:release", args=[release.pk])).status_code == 404
    page = _text(browser.get(reverse("partner:releases")))
    assert "The agreement of Wessex Alliance on SafeFit Wessex ended on" in page and "call us on" in page
    assert "No summary has been published" not in page


def test_nobody_else_reads_a_partners_summary(release: Release, pat: Any, dee: User, sign_in: Any) -> None:
    for other in (pat.person.user, dee):
        assert sign_in(other).get(reverse("partner:release", args=[release.pk])).status_code == 404
        assert sign_in(other).get(reverse("partner:releases")).status_code == 403


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (-2.04, "2.0 points lower than at the start (95% interval −1.0 to +1.0)"),
        (0.04, "the same as at the start (95% interval"),
    ],
)
def test_a_change_is_said_in_words_whichever_way_it_went(
    programme: Programme, alliance: Organisation, omar: User, sign_in: Any, change: float, words: str
) -> None:
    release = release_with_figures(
        programme=programme,
        organisation=alliance,
        cells=[("total.w12.n", 45, None, None), ("total.w12.change", change, -1, 1)],
    )
    assert words in _text(sign_in(omar).get(reverse("partner:release", args=[release.pk])))


def test_a_summary_of_too_few_people_says_so(
    programme: Programme, alliance: Organisation, omar: User, sign_in: Any
) -> None:
    release = release_with_figures(
        programme=programme, organisation=alliance, cells=[("funnel.registered", 20, None, None)]
    )
    page = _text(sign_in(omar).get(reverse("partner:release", args=[release.pk])))
    assert "Too few people have sent both the start form and the form at 12 weeks" in page
    assert "About 20 people who agreed to be counted had registered" in page and "Of these" not in page


def test_a_hidden_figure_says_why(programme: Programme, alliance: Organisation, omar: User, sign_in: Any) -> None:
    release = release_with_figures(programme=programme, organisation=alliance, cells=[])
    release.cells.create(table="change", measure="body.w12.before", status="withheld", reason="too few to say")
    release.cells.create(table="change", measure="body.w12.after", status="small", reason="small number")
    release.cells.create(
        table="change", measure="mind.w12.before", status="withheld", reason="withheld to protect others"
    )
    page = _text(sign_in(omar).get(reverse("partner:release", args=[release.pk])))
    assert "Fewer than 8" in page and "Too few to say" in page and "Withheld" in page


def test_a_partner_reads_every_dimension_and_declared_pair_and_no_other(
    programme: Programme, alliance: Organisation, omar: User, sign_in: Any
) -> None:
    release = release_with_figures(
        programme=programme, organisation=alliance, method=METHOD | {"pairs": [["area", "age"]]},
        groups={"age": ["18 to 49", "Not recorded"], "area": ["Dorset", "Isle of Wight"]},
    )  # fmt: skip
    browser = sign_in(omar)
    page = browser.get(reverse("partner:release", args=[release.pk])).content.decode()
    ways = re.findall(r'href="(/partner/summaries/\d+/by/[^"]+)">([^<]+)<', page)
    assert [words for _, words in ways] == ["Area", "Age", "Area and age"]
    first, *_, pair = [_text(browser.get(path)) for path, _ in ways]
    assert "Isle of Wight Registered Fewer than 8" in first and "Groups differ in many ways" in first
    assert "Isle of Wight, Not recorded" in pair
    for other in ("age-area", "sex", "everyone"):
        assert browser.get(reverse("partner:release_by", args=[release.pk, other])).status_code == 404


def test_a_later_summary_says_what_is_new_and_the_earlier_one_points_to_it(
    release: Release, omar: User, sign_in: Any
) -> None:
    cells = [("funnel.registered", 160, None, None), ("total.w12.n", 45, None, None)]
    later = release_with_figures(
        programme=release.programme, organisation=release.organisation, number=2, supersedes=release, cells=cells
    )
    later.cells.create(table="funnel", measure="funnel.started", status="shown", value=110, counted_in=release)
    browser = sign_in(omar)
    page = _text(browser.get(reverse("partner:release", args=[later.pk])))
    assert "Since summary 1" in page and "About 160 people had registered, about 25 more than on" in page
    assert "Some figures are of an earlier day" in page and "A newer summary" not in page
    earlier = browser.get(reverse("partner:release", args=[release.pk])).content.decode()
    assert f'href="/partner/summaries/{later.pk}/">Read summary 2, the latest</a>' in earlier
    listed = _text(browser.get(reverse("partner:releases")))
    assert listed.count("Latest") == 1 and listed.index("Latest") < listed.index("Summary 1 of")
    assert "Some of its figures repeat those of an earlier day." in listed and "The first summary." in listed


def test_a_corrected_scoring_is_said_where_summaries_are_listed(release: Release, omar: User, sign_in: Any) -> None:
    release_with_figures(
        programme=release.programme, organisation=release.organisation, number=2, supersedes=release,
        method=METHOD | {"instrument": METHOD["instrument"] | {"version": "2"}},
    )  # fmt: skip
    assert "Scores are worked out anew in it." in _text(sign_in(omar).get(reverse("partner:releases")))


def test_files_say_what_is_in_them_and_how_large_they_are(
    release: Release, omar: User, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = sign_in(omar)
    page = _text(browser.get(reverse("partner:release", args=[release.pk])))
    for name, kind in (("release_csv", "CSV"), ("release_json", "JSON")):
        size = filesizeformat(len(browser.get(reverse(f"partner:{name}", args=[release.pk])).content))
        assert f"Download the figures ({kind}, {' '.join(size.split())})" in page
    assert "one line for each of 9 figures" in page
    pdf = browser.get(reverse("partner:release_pdf", args=[release.pk]))
    assert pdf.content.startswith(b"%PDF") and "safefit-wessex-alliance-1.pdf" in pdf["Content-Disposition"]

    def refused(*args: object) -> bytes:
        raise CannotBeDrawn

    monkeypatch.setattr(files, "draw_summary", refused)
    page = browser.get(reverse("partner:release_pdf", args=[release.pk]))
    assert page.status_code == 409
    assert "Print this page instead" in _text(page)


# --- desk --------------------------------------------------------------------


def test_the_desk_asks_for_a_summary_and_watches_it(alliance: Organisation, dee: User, sign_in: Any) -> None:
    browser = sign_in(dee)
    assert "No summary has been made yet" in _text(browser.get(reverse("desk:releases")))
    asked = browser.post(reverse("desk:ask_for_release"), {"agreement": Agreement.objects.get().pk})
    release = Release.objects.get()
    assert asked["Location"] == reverse("desk:release", args=[release.pk])
    page = browser.get(asked["Location"])
    assert "Building the summary" in _text(page)
    assert "See how far it is now" in _text(page)
    assert "http-equiv" not in page.content.decode()  # a page that reloads itself takes a screen reader back to its top
    assert "Waiting to be built" in _text(browser.get(reverse("desk:releases")))


def test_asking_twice_watches_the_same_one(alliance: Organisation, dee: User, sign_in: Any) -> None:
    for _ in range(2):
        sign_in(dee).post(reverse("desk:ask_for_release"), {"agreement": Agreement.objects.get().pk})
    assert Release.objects.count() == 1


def test_choosing_nobody_says_what_to_do(alliance: Organisation, dee: User, sign_in: Any) -> None:
    page = sign_in(dee).post(reverse("desk:ask_for_release"), {})
    assert page.status_code == 422
    assert "Select who the summary is for" in _text(page)


def test_without_an_agreement_there_is_nobody_to_make_one_for(dee: User, sign_in: Any) -> None:
    assert "No partner has an agreement in force" in _text(sign_in(dee).get(reverse("desk:ask_for_release")))


def test_an_agreement_that_ends_while_the_page_is_open_is_a_conflict(
    alliance: Organisation, dee: User, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(**asked: Any) -> Release:
        raise outcomes_release.NoAgreement(asked["organisation"], asked["programme"])

    monkeypatch.setattr(outcomes_release, "request_release", ended)
    page = sign_in(dee).post(reverse("desk:ask_for_release"), {"agreement": Agreement.objects.get().pk})
    assert page.status_code == 409
    assert "no agreement in force today" in _text(page)


def test_progress_is_shown_as_counts(programme: Programme, alliance: Organisation, dee: User, sign_in: Any) -> None:
    release = ReleaseFactory(
        programme=programme, organisation=alliance, state=ReleaseState.BUILDING, steps_done=1, steps_total=3
    )
    assert "1 of 3 done" in _text(sign_in(dee).get(reverse("desk:release", args=[release.pk])))


def test_the_desk_looks_before_it_publishes(
    programme: Programme, alliance: Organisation, dee: User, omar: User, sign_in: Any
) -> None:
    release = release_with_figures(ReleaseState.BUILT, programme=programme, organisation=alliance)
    browser = sign_in(dee)
    assert "About 135 people" in _text(browser.get(reverse("desk:release", args=[release.pk])))
    assert "Isle of Wight Registered Fewer than 8" in _text(
        browser.get(reverse("desk:release_by", args=[release.pk, "area"]))
    )
    assert browser.get(reverse("desk:release_by", args=[release.pk, "sex"])).status_code == 404
    button = browser.get(reverse("desk:publish_release", args=[release.pk]))
    assert "cannot be changed or taken back" in _text(button)
    release.refresh_from_db()
    assert release.state == ReleaseState.BUILT
    browser.post(reverse("desk:publish_release", args=[release.pk]))
    assert "About 135 people" in _text(sign_in(omar).get(reverse("partner:release", args=[release.pk])))
    assert "Published" in _text(browser.get(reverse("desk:release", args=[release.pk])))


def test_what_another_summary_overtook_says_that_it_is_made_anew(
    programme: Programme, alliance: Organisation, college: Organisation, dee: User, sign_in: Any
) -> None:
    built = release_with_figures(ReleaseState.BUILT, programme=programme, organisation=alliance)
    browser = sign_in(dee)
    assert "Ready to look at" in _text(browser.get(reverse("desk:releases")))
    release_with_figures(programme=programme, organisation=college)
    page = _text(browser.get(reverse("desk:releases")))
    assert "Made anew, as another was published" in page and "Ready to look at" not in page
    page = _text(browser.get(reverse("desk:release", args=[built.pk])))
    assert "A new one for Wessex Alliance is made by itself" in page and "Publish this summary" not in page


def test_what_cannot_be_published_says_so(
    programme: Programme, alliance: Organisation, dee: User, sign_in: Any
) -> None:
    release = ReleaseFactory(programme=programme, organisation=alliance, state=ReleaseState.BLOCKED)
    page = sign_in(dee).post(reverse("desk:publish_release", args=[release.pk]))
    assert page.status_code == 409
    assert "not ready to be published" in _text(page)
    built = ReleaseFactory(programme=programme, organisation=alliance, state=ReleaseState.BUILT)
    attacked(built)
    somebody = Sheet.of({"0": Line((), {"funnel.registered": 1})})
    ReleaseSheet.objects.update(lines=packed(somebody))
    page = sign_in(dee).post(reverse("desk:publish_release", args=[built.pk]))
    assert page.status_code == 409
    assert "said that they do not want to be, or was deleted. Make a new one, without them." in _text(page)
    Agreement.objects.update(k=20)
    page = sign_in(dee).post(reverse("desk:publish_release", args=[built.pk]))
    assert page.status_code == 409
    assert "agreement with this partner has changed" in _text(page)
    Agreement.objects.all().delete()
    page = sign_in(dee).post(reverse("desk:publish_release", args=[built.pk]))
    assert page.status_code == 409
    assert "no agreement in force" in _text(page)


def test_a_blocked_summary_shows_no_figure(
    programme: Programme, alliance: Organisation, dee: User, sign_in: Any
) -> None:
    release = ReleaseFactory(
        programme=programme,
        organisation=alliance,
        state=ReleaseState.BLOCKED,
        attack={"breaches": [{"words": f"figure {number}: known to be 2"} for number in range(22)]},
        groups={"area": ["Dorset"]},
    )
    page = _text(sign_in(dee).get(reverse("desk:release", args=[release.pk])))
    assert "worked out 22 hidden numbers" in page and "In words" not in page
    Release.objects.filter(pk=release.pk).update(attack={"breaches": [], "gave_up": "not in time"})
    late = _text(sign_in(dee).get(reverse("desk:release", args=[release.pk])))
    assert "did not come to an end" in late and "not in time" in late and "hidden number" not in late
    assert "figure 19: known" in page and "figure 20: known" not in page and "And 2 more." in page
    assert sign_in(dee).get(reverse("desk:release_by", args=[release.pk, "area"])).status_code == 404


def test_a_failed_summary_can_be_tried_again(
    programme: Programme, alliance: Organisation, dee: User, sign_in: Any
) -> None:
    release = ReleaseFactory(programme=programme, organisation=alliance, state=ReleaseState.FAILED)
    browser = sign_in(dee)
    assert "Something went wrong" in _text(browser.get(reverse("desk:release", args=[release.pk])))
    Release.objects.update(attack={"scored_another_way": 1})
    page = _text(browser.get(reverse("desk:release", args=[release.pk])))
    assert "1 form had not been scored yet as forms are today" in page and "Try again" in page
    for _ in range(2):
        browser.post(reverse("desk:try_release_again", args=[release.pk]))
    release.refresh_from_db()
    assert release.state == ReleaseState.QUEUED


def test_the_desk_of_another_programme_finds_nothing(release: Release, sign_in: Any) -> None:
    other = sign_in(someone("Otto Other", Role.COORDINATOR, programme=ProgrammeFactory()))
    for page in ("release", "publish_release"):
        assert other.get(reverse(f"desk:{page}", args=[release.pk])).status_code == 404
    assert other.post(reverse("desk:try_release_again", args=[release.pk])).status_code == 404


def test_looking_publishes_nothing(programme: Programme, alliance: Organisation, dee: User, sign_in: Any) -> None:
    release = release_with_figures(ReleaseState.BUILT, programme=programme, organisation=alliance)
    browser: Client = sign_in(dee)
    for page in ("release", "publish_release"):
        browser.get(reverse(f"desk:{page}", args=[release.pk]))
    assert browser.get(reverse("desk:try_release_again", args=[release.pk])).status_code == 405
    release.refresh_from_db()
    assert release.state == ReleaseState.BUILT


# --- one set of figures ------------------------------------------------------


def test_page_file_api_and_export_show_the_same_stored_figures(
    programme: Programme, alliance: Organisation, omar: User, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = {"Dorset": 210, "Hampshire": 90, "Isle of Wight": 4}
    people = cohort(population(11, sizes))
    monkeypatch.setattr(outcomes_release, "cohort_of", lambda *args, **kwargs: people)
    monkeypatch.setattr(outcomes_release, "counted_now", lambda programme: frozenset(people.people.tolist()))
    monkeypatch.setattr(outcomes_release, "timings_of", lambda programme: TIMINGS)
    asked = outcomes_release.request_release(programme=programme, organisation=alliance, by=System.COMMAND)
    Release.objects.update(as_at=AS_AT)
    asked.refresh_from_db()
    built = outcomes_release.build_release(release=asked, by=System.COMMAND)
    release = outcomes_release.publish_release(release=built, by=System.COMMAND)
    browser = sign_in(omar)
    exported = json.loads(json.dumps(export_of(release)))

    assert browser.get(f"/api/v1/releases/{release.pk}/").json() == exported | {"sha256": release.sha256}
    rows = list(
        csv.DictReader(io.StringIO(browser.get(reverse("partner:release_csv", args=[release.pk])).content.decode()))
    )
    assert len(rows) == len(exported["cells"])
    for row, cell in zip(rows, exported["cells"], strict=True):
        assert row["value"] == ("" if "value" not in cell else f"{cell['value']:.{cell.get('dp', 0)}f}")

    page = browser.get(reverse("partner:release", args=[release.pk])).content.decode()
    on_page = {
        words.replace("−", "-").replace("+", "").replace(",", "") for words in NUMBER.findall(_without_method(page))
    }
    in_export = {f"{abs(value):.{cell.get('dp', 0)}f}" for cell in exported["cells"] for value in _numbers(cell)}
    assert on_page
    assert {number.lstrip("-") for number in on_page} <= in_export
    by_area = browser.get(reverse("partner:release_by", args=[release.pk, "area"])).content.decode()
    groups = {words.replace("−", "-").replace("+", "").replace(",", "") for words in NUMBER.findall(by_area)}
    assert groups - on_page
    assert {number.lstrip("-") for number in groups} <= in_export
    assert "Fewer than 8" in by_area
    taken = browser.get(reverse("partner:release_json", args=[release.pk]))
    assert taken.json() == exported | {"sha256": release.sha256}


NUMBER = re.compile(r'<td class="sf-number">.*?</span>\s*([+−]?[\d.,]+)(?:%)?(?=\s*(?:\(|</td>))', re.DOTALL)


def _without_method(page: str) -> str:
    return page[: page.index('<section id="hidden">')]


def _numbers(cell: dict[str, Any]) -> list[float]:
    return [cell["value"], *cell.get("interval", [])] if "value" in cell else []
