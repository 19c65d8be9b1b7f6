"""Partners and their agreements at the desk: read what it means, press once more, and it is kept."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agreement, Organisation, Programme, User
from outcomes.models import ReleaseState
from outcomes.releases.agreements import ChangedMeanwhile
from tests.factories.accounts import AgreementFactory, ProgrammeFactory
from tests.factories.outcomes import ReleaseFactory
from tests.pages.as_sent import as_it_stands

pytestmark = pytest.mark.django_db
LIST, ADD = reverse("desk:agreements"), reverse("desk:add_agreement")
SAID = {
    "partner": "Example College", "purpose": "To plan halls.", "dimensions": ["area", "area by age"], "k": "12",
    "starts_on-day": "1", "starts_on-month": "9", "starts_on-year": "2026",
}  # fmt: skip


def _text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode().replace("&amp;", "&")).split())


def _sure(answer: Any) -> str:
    found = re.search(r'name="sure" value="([^"]*)"', answer.content.decode())
    assert found
    return found[1].replace("&#x27;", "'").replace("&#39;", "'")


def _changed_meanwhile(**_: object) -> None:
    raise ChangedMeanwhile


def test_a_partner_is_added_after_reading_what_that_means(dee: User, sign_in: Any, programme: Programme) -> None:
    browser = sign_in(dee)
    assert ADD in browser.get(LIST).content.decode()
    empty = _text(browser.post(ADD, {}))
    assert "Enter the name of the organisation" in empty and "Enter the number of people below" in empty
    assert "number from 8 to 100" in _text(browser.post(ADD, SAID | {"k": "5"}))
    backwards = {"ends_on-day": "1", "ends_on-month": "8", "ends_on-year": "2026"}
    assert "must not be before the first day" in _text(browser.post(ADD, SAID | backwards))
    of_dorset = {"area": "Dorset", "dimensions": ["age"]}
    assert "Untick the others" in _text(browser.post(ADD, SAID | {"area": "Dorset"}))
    assert "Summaries count people in Dorset alone" in _text(browser.post(ADD, SAID | of_dorset))
    shown = browser.post(ADD, SAID)
    assert "Example College is new" in _text(shown) and "area; area and age together" in _text(shown)
    assert "fewer than 12 people are hidden" in _text(shown) and not Organisation.objects.filter(name="Example College")
    other = browser.post(ADD, SAID | {"k": "9", "sure": _sure(shown)})
    assert "fewer than 9 people" in _text(other), "another number is read before it is kept"
    kept = browser.post(ADD, as_it_stands(other.content.decode()), follow=True)
    made = Agreement.objects.get(organisation__name="Example College")
    assert (made.k, made.dimensions, made.programme) == (9, ["area", "area by age"], programme)
    assert (
        "is kept" in _text(kept)
        and "From 1 September 2026, without an end" in _text(kept)
        and "In force" in _text(kept)
    )
    again = browser.post(ADD, SAID | {"sure": _sure(browser.post(ADD, SAID))}, follow=True)
    assert "There is an agreement with Example College already" in _text(again)


def test_an_agreement_is_changed_and_ended_and_says_what_hangs_on_it(
    alliance: Organisation, dee: User, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, browser = Agreement.objects.get(), sign_in(dee)
    ReleaseFactory(programme=found.programme, organisation=found.organisation, state=ReleaseState.BUILT)
    page, change = (reverse(f"desk:{name}", args=[found.pk]) for name in ("agreement", "change_agreement"))
    first = found.starts_on
    days = {"starts_on-day": first.day, "starts_on-month": first.month, "starts_on-year": first.year}
    same = {"dimensions": found.dimensions, "k": found.k, **days}
    assert "it stands like this already" in _text(browser.post(change, same, follow=True))
    assert "must be a number" in _text(browser.post(change, same | {"k": "7"}))
    less = {"area": "Dorset", "dimensions": [], "k": 20, **days}
    shown = browser.post(change, less)
    whose = "count people in Dorset alone. Now: people of the whole programme."
    for words in (whose, "everybody together", "fewer than 20 people", "(1 summary)", "What is published stays"):
        assert words in _text(shown)
    with monkeypatch.context() as patch:
        patch.setattr("outcomes.releases.agreements.change_agreement", _changed_meanwhile)
        assert browser.post(change, less | {"sure": _sure(shown)}).status_code == 409
    assert "is changed" in _text(browser.post(change, less | {"sure": _sure(shown)}, follow=True))
    later = same | {
        "area": "Dorset",
        "dimensions": [],
        "k": 20,
        "ends_on-day": "1",
        "ends_on-month": "1",
        "ends_on-year": first.year + 5,
    }
    longer = _text(browser.post(change, later))
    assert "The agreement holds" in longer and "made anew" not in longer
    as_it_stands = _text(browser.get(page))
    assert "Hidden below: 8 → 20" in as_it_stands and "in one area alone: nothing → Dorset" in as_it_stands
    end, yesterday = reverse("desk:end_agreement", args=[found.pk]), timezone.localdate() - dt.timedelta(days=1)
    assert "on no page and by no system" in _text(browser.get(end))
    day = {"last_day-day": yesterday.day, "last_day-month": yesterday.month, "last_day-year": yesterday.year}
    assert "Ended" in _text(browser.post(end, day, follow=True))
    assert "change it instead" in _text(browser.post(end, day | {"last_day-year": yesterday.year + 2}))


@pytest.mark.parametrize("left", [["Hampshire"], []])
def test_an_area_that_left_the_list_stays_named_and_is_never_widened_unasked(
    alliance: Organisation, dee: User, sign_in: Any, left: list[str]
) -> None:
    Agreement.objects.update(area="Dorset", dimensions=[])
    Programme.objects.update(areas=left)
    found, browser = Agreement.objects.get(), sign_in(dee)
    change = reverse("desk:change_agreement", args=[found.pk])
    chosen = re.search(r"<option[^>]*value=\"Dorset\"[^>]*selected[^>]*>([^<]*)", browser.get(change).content.decode())
    assert chosen and chosen[1].strip() == "People in Dorset alone, no longer on the programme’s list"
    first = found.starts_on
    said = {
        "area": "Dorset", "k": 20,
        "starts_on-day": first.day, "starts_on-month": first.month, "starts_on-year": first.year,
    }  # fmt: skip
    shown = browser.post(change, said)
    assert "fewer than 20 people" in _text(shown) and "Summaries count" not in _text(shown)
    assert "is changed" in _text(browser.post(change, said | {"sure": _sure(shown)}, follow=True))
    found.refresh_from_db()
    assert (found.area, found.k) == ("Dorset", 20)
    assert "Select" in _text(browser.post(change, said | {"area": "Atlantis"}))
    wider = _text(browser.post(change, said | {"area": ""}))
    assert "Summaries count people of the whole programme. Now: people in Dorset alone." in wider
    assert 'value="Dorset"' not in browser.get(ADD).content.decode(), "a new one is of an area that is on the list"


def test_one_that_is_to_come_says_so_and_one_of_another_programme_is_nowhere(
    programme: Programme, dee: User, sign_in: Any
) -> None:
    coming = timezone.localdate() + dt.timedelta(days=30)
    AgreementFactory(programme=programme, starts_on=coming, purpose="", dimensions=["shoe_size"])
    elsewhere, browser = AgreementFactory(programme=ProgrammeFactory()), sign_in(dee)
    page = _text(browser.get(LIST))
    assert "To come" in page and "is not written down yet" in page and elsewhere.organisation.name not in page
    assert "Shoe_size" in _text(browser.get(reverse("desk:agreement", args=[Agreement.objects.get(purpose="").pk])))
    for name in ("agreement", "change_agreement", "end_agreement", "agreement_purpose"):
        assert browser.get(reverse(f"desk:{name}", args=[elsewhere.pk])).status_code == 404
