"""The desk makes a summary from nine months of history; its partner reads it, nobody else does."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest

from outcomes.models import Release, ReleaseState
from outcomes.tasks import build_release
from safefit import demo
from tests.journeys.visitor import DESKTOP, Visitor

Window = Callable[..., Visitor]
STAGES = {  # rows of the first table
    "Registered": "funnel.registered",
    "Came to a first class": "funnel.started",
    "Sent the form at 26 weeks (completed)": "forms.w26.sent",
}


@pytest.fixture
def history(live_server: object) -> None:
    assert demo.seed()


def test_the_desk_publishes_a_summary_and_only_its_partner_reads_it(open_window: Window, history: None) -> None:
    dee = open_window(width=DESKTOP)
    dee.sign_in("dee")
    dee.follow("Summaries")
    dee.look("desk-releases")
    dee.follow("Make a new summary")
    dee.press("Make the summary")
    dee.sees("Select who the summary is for")
    dee.look("desk-ask-for-release-error", error=True)
    dee.choose("Demo Cancer Alliance on SafeFit Wessex")
    dee.press("Make the summary")
    release = Release.objects.order_by("pk").last()
    assert release and release.state == ReleaseState.QUEUED
    dee.sees("Building the summary")
    dee.look("desk-release-waits")

    build_release(release.pk)  # the worker's job, done here
    dee.follow("See how far it is now")
    dee.sees("Nobody but the desk can see this yet")
    dee.look("desk-release-built")
    omar = open_window(width=DESKTOP)
    omar.sign_in("omar")
    address = f"/partner/summaries/{release.pk}/"
    assert omar.status_of(address) == 404
    dee.follow("Publish this summary")
    dee.look("desk-publish-release")
    dee.press("Publish for good")
    dee.sees("Published")
    release.refresh_from_db()
    assert release.state == ReleaseState.PUBLISHED and release.sha256

    omar.goto("/partner/summaries/")
    omar.look("partner-releases")
    omar.follow(f"Summary {release.number} of SafeFit Wessex")
    omar.look("partner-release")
    omar.picture_for_the_papers("read-a-summary", top="How answers changed by 12 weeks")
    _the_file_says_what_the_page_says(omar, address)
    omar.follow("Area")
    omar.sees("Elsewhere or not recorded")
    omar.look("partner-release-by-area")
    phone = open_window(width=320)
    phone.sign_in("omar")
    phone.goto(address)
    phone.look("partner-release")

    petra = open_window(width=DESKTOP)
    petra.sign_in("petra")
    petra.look("partner-nothing-shared")
    assert [petra.status_of(path) for path in (address, f"{address}figures.csv")] == [404, 404]

    somebody = open_window(width=DESKTOP)
    somebody.sign_in("pat")
    somebody.look("me-home-of-a-regular")
    somebody.follow("Find a class")
    somebody.picture_for_the_papers("find-a-class", top="Find a class")


def _the_file_says_what_the_page_says(omar: Visitor, address: str) -> None:
    """Charts stand beside tables, and each figure that the file shows of everyone is on the page."""
    assert omar.page.locator("svg[role=img]").count() >= 1
    omar.sees("What is hidden, and why")
    with omar.page.expect_download() as coming:
        omar.page.get_by_role("link", name="Download the figures (CSV").click()
    assert coming.value.suggested_filename.endswith(".csv")
    text = omar.context.request.get(f"{omar.base_url}{address}figures.csv").text()
    in_file = {row["figure"]: row["value"] for row in csv.DictReader(io.StringIO(text)) if row["area"] == "everyone"}
    for stage, measure in STAGES.items():
        row = omar.page.get_by_role("row", name=re.compile(f"^{re.escape(stage)}")).first.inner_text()
        assert re.findall(r"\d+", row.removeprefix(stage).replace(",", ""))[0] == in_file[measure]
    scores = omar.page.get_by_role("row", name=re.compile("^Body and mind together")).first.inner_text()
    assert in_file["total.w12.before"] in scores and in_file["total.w12.after"] in scores
