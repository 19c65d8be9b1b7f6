"""Safety content: read, previewed, changed, started and signed, by those who answer for it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from accounts.content import Kind, kind_of, kinds, version_in_use, version_of, versions_of
from accounts.content_words import Leaf, leaves
from accounts.models import ContentSignOff, ContentVersion
from classes.same_day.symptom_content import SYMPTOM_CHECK, symptom_questions
from frontend.wording import moment, plain_date
from instructors.rules_in_use import CREDENTIAL_RULES
from participants import health
from participants.health_content import HEALTH_QUESTIONS, RULES, SIGNPOSTS, health_questions, rules
from participants.refusals import QuestionsChanged
from participants.rules.questions import CURRENT
from tests.factories.registering import HEALTH as ANSWERS

pytestmark = pytest.mark.django_db
HOME = "/content/"
HEALTH = f"/content/{HEALTH_QUESTIONS}/"


def page_of(version: str, what: str = "") -> str:
    return f"{HEALTH}{version}/{what}"


@pytest.fixture
def clinical_lead(clare: Any, sign_in: Any) -> Client:
    browser: Client = sign_in(clare)
    return browser


@pytest.fixture
def administrator(ada: Any, sign_in: Any) -> Client:
    browser: Client = sign_in(ada)
    return browser


def midnight(on: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(on, dt.time()))


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def words_of(kind: Kind, version: str = CURRENT) -> list[Leaf]:
    return leaves(kind.words, version_of(kind, version).body)


def words(kind: str = HEALTH_QUESTIONS, version: str = CURRENT, **changed: str) -> dict[str, str]:
    """The form as the page fills it, with some fields typed over."""
    known = words_of(kind_of(kind), version)
    filled = {
        f"word{place}": "\n".join(leaf.value) if isinstance(leaf.value, list) else str(leaf.value)
        for place, leaf in enumerate(known)
    }
    return filled | {"why": "Clearer."} | changed


def write(browser: Client, **changed: str) -> ContentVersion:
    answer = browser.post(page_of(CURRENT, "change/"), words(**changed))
    written = ContentVersion.objects.latest("pk")
    assert answer["Location"] == page_of(written.version)
    return written


def sign(browser: Client, version: str) -> Any:
    digest = version_of(kind_of(HEALTH_QUESTIONS), version).digest
    return browser.post(page_of(version, "sign/"), {"digest": digest, "role": "clinical lead", "read": "yes"})


def test_content_is_not_signed_off_until_somebody_signs_it(clinical_lead: Client, clare: Any) -> None:
    page = text(clinical_lead.get(HOME))
    assert (
        "Not signed off: health questions, where else to turn, where to go next, rules in numbers, letters to clinical "
        "teams, credentials and cover"
        in page
        and "Signed off by" not in page
    )
    assert sign(clinical_lead, CURRENT)["Location"] == page_of(CURRENT)
    page = text(clinical_lead.get(HOME))
    assert "Not signed off: where else to turn, where to go next, rules in numbers, letters to clinical teams" in page
    assert f"Clare Clinic, clinical lead, on {plain_date(timezone.localdate())}" in page


def test_whoever_decides_on_clearance_reads_whether_the_questions_are_signed(clinical_lead: Client, pat: Any) -> None:
    address, unsigned = reverse("desk:review_clearance", args=[pat.pk]), "These questions are not signed off"
    assert unsigned in text(clinical_lead.get(address))
    sign(clinical_lead, CURRENT)
    assert unsigned not in text(clinical_lead.get(address))


def test_an_administrator_begins_at_the_content_and_signs_nothing(administrator: Client) -> None:
    assert administrator.get("/start/")["Location"] == HOME
    assert "Sign it off" not in text(administrator.get(page_of(CURRENT)))
    assert sign(administrator, CURRENT).status_code == 404
    assert administrator.get(page_of(CURRENT, "withdraw/")).status_code == 404
    assert not ContentSignOff.objects.exists()


@pytest.mark.parametrize("address", [HOME, HEALTH, page_of(CURRENT), page_of(CURRENT, "change/")])
def test_nobody_else_opens_it(address: str, dee: Any, sign_in: Any) -> None:
    assert sign_in(dee).get(address).status_code in (403, 404)


@pytest.mark.parametrize("address", ["/content/nothing/", page_of("1066-1"), page_of("1066-1", "change/")])
def test_what_never_was_is_not_found(address: str, clinical_lead: Client) -> None:
    assert clinical_lead.get(address).status_code == 404


def test_a_preview_shows_the_words_as_people_read_them(clinical_lead: Client) -> None:
    page = text(clinical_lead.get(page_of(CURRENT, "preview/")))
    assert "Do you have a problem with your heart or your lungs?" in page and "I am not sure" in page
    assert "Nothing that you choose here is kept" in page and "What people do not see" in page
    assert "Young Lives vs Cancer" in text(clinical_lead.get(f"/content/{SIGNPOSTS}/{CURRENT}/preview/"))


@pytest.mark.parametrize("kind", [kind.name for kind in kinds()])
def test_every_kind_has_a_preview_and_a_form_of_its_words(kind: str, clinical_lead: Client) -> None:
    """The form as it is filled says what the version says, so saving it changes nothing."""
    version = next(version for version in versions_of(kind_of(kind)) if version.in_use)
    address = f"/content/{kind}/{version.name}/"
    assert "This is a preview." in text(clinical_lead.get(f"{address}preview/"))
    for leaf in words_of(version.kind, version.name)[:3]:
        assert escape(str(leaf.value)) in clinical_lead.get(f"{address}change/").content.decode()
    answer = clinical_lead.post(f"{address}change/", words(kind, version.name))
    assert answer.status_code == 422 and "Nothing is different" in text(answer)


def test_a_cut_off_of_the_same_day_check_is_changed_like_words(clinical_lead: Client) -> None:
    kind = kind_of(SYMPTOM_CHECK)
    known = words_of(kind, "2026-1")
    field = next(f"word{place}" for place, leaf in enumerate(known) if leaf.route == ("opens_before",))
    address = f"/content/{SYMPTOM_CHECK}/2026-1/change/"
    refused = clinical_lead.post(address, words(SYMPTOM_CHECK, "2026-1", **{field: "9999"}))
    assert refused.status_code == 422 and "must be a number from 60 to 1,440" in text(refused)
    clinical_lead.post(address, words(SYMPTOM_CHECK, "2026-1", **{field: "600"}))
    written = ContentVersion.objects.get()
    clinical_lead.post(f"/content/{SYMPTOM_CHECK}/{written.version}/start/", {})
    assert symptom_questions().opens_before == dt.timedelta(hours=10)
    assert symptom_questions().questions == symptom_questions("2026-1").questions


def test_new_words_are_kept_as_a_version_and_used_when_they_are_started(clinical_lead: Client) -> None:
    written = write(clinical_lead, word0="Has anybody told you this about your bones?")
    page = text(clinical_lead.get(page_of(written.version)))
    assert "Never used" in page and "Not signed off" in page and "Clearer." in page
    assert "<del>Your bones</del>" in page and "<ins>Has anybody told you this about your bones?</ins>" in page
    assert health_questions().version == CURRENT
    answer = clinical_lead.post(page_of(written.version, "start/"), {})
    assert answer["Location"] == page_of(written.version)
    assert health_questions().version == written.version
    page = text(clinical_lead.get(HEALTH))
    assert page.index(f"Version {written.version}") < page.index(f"Version {CURRENT}") and "Was in use" in page


def test_a_start_may_lie_ahead_and_says_so(clinical_lead: Client) -> None:
    written = write(clinical_lead, word0="Words of next month?")
    on = timezone.localdate() + dt.timedelta(days=30)
    day = {"on-day": on.day, "on-month": on.month, "on-year": on.year}
    told = text(clinical_lead.post(page_of(written.version, "start/"), day, follow=True))
    assert f"Version {written.version} is used from {plain_date(on)}." in told
    assert f"Starts {moment(midnight(on))}" in text(clinical_lead.get(HEALTH))
    assert health_questions().version == CURRENT


def test_a_start_in_the_past_is_refused_in_words(clinical_lead: Client) -> None:
    answer = clinical_lead.post(page_of(CURRENT, "start/"), {"on-day": "1", "on-month": "1", "on-year": "2020"})
    assert answer.status_code == 422 and "must be today or later" in text(answer)


def test_what_is_missing_is_named_and_nothing_typed_is_lost(clinical_lead: Client) -> None:
    answer = clinical_lead.post(page_of(CURRENT, "change/"), words(word0="", word1="Kept as I typed it", why=""))
    page = text(answer)
    assert answer.status_code == 422 and "bones" in page and "Kept as I typed it" in page
    assert not ContentVersion.objects.exists()


def test_saving_without_a_change_says_so(clinical_lead: Client) -> None:
    answer = clinical_lead.post(page_of(CURRENT, "change/"), words())
    assert answer.status_code == 422 and "Nothing is different" in text(answer)


def test_what_the_content_itself_refuses_is_said(clinical_lead: Client) -> None:
    places = words_of(kind_of(SIGNPOSTS))
    link = next(f"word{place}" for place, leaf in enumerate(places) if leaf.route[-1] == "link")
    answer = clinical_lead.post(f"/content/{SIGNPOSTS}/{CURRENT}/change/", words(SIGNPOSTS, **{link: "http://x"}))
    assert answer.status_code == 422 and "must begin with https://" in text(answer)


def test_words_that_moved_are_not_signed(clinical_lead: Client) -> None:
    answer = clinical_lead.post(page_of(CURRENT, "sign/"), {"digest": "old", "role": "clinical lead", "read": "yes"})
    assert answer.status_code == 409 and "have changed since you opened the page" in text(answer)


def test_nobody_signs_without_saying_that_they_read_it(clinical_lead: Client) -> None:
    digest = version_of(kind_of(HEALTH_QUESTIONS), CURRENT).digest
    answer = clinical_lead.post(page_of(CURRENT, "sign/"), {"digest": digest, "role": "clinical lead"})
    assert answer.status_code == 422 and not ContentSignOff.objects.exists()


def test_a_signature_is_taken_back_on_a_page_of_its_own(clinical_lead: Client) -> None:
    assert clinical_lead.get(page_of(CURRENT, "withdraw/")).status_code == 302  # there is none
    sign(clinical_lead, CURRENT)
    digest = version_of(kind_of(HEALTH_QUESTIONS), CURRENT).digest
    assert clinical_lead.post(page_of(CURRENT, "withdraw/"), {"digest": "old"}).status_code == 409
    clinical_lead.post(page_of(CURRENT, "withdraw/"), {"digest": digest})
    page = text(clinical_lead.get(page_of(CURRENT)))
    assert "Nobody yet" in page and "Signature taken back by Clare Clinic" in page


def test_a_version_that_waits_for_its_day_keeps_its_signature_and_the_page_says_why(clinical_lead: Client) -> None:
    written = write(clinical_lead, word0="Words of next month?")
    sign(clinical_lead, written.version)
    on = timezone.localdate() + dt.timedelta(days=30)
    clinical_lead.post(page_of(written.version, "start/"), {"on-day": on.day, "on-month": on.month, "on-year": on.year})
    digest = version_of(kind_of(HEALTH_QUESTIONS), written.version).digest
    answer = clinical_lead.post(page_of(written.version, "withdraw/"), {"digest": digest})
    assert answer.status_code == 409 and "Start another version first" in text(answer)


def test_once_something_was_signed_unsigned_words_are_not_started(clinical_lead: Client) -> None:
    written = write(clinical_lead, word0="Words that nobody signed?")
    sign(clinical_lead, CURRENT)
    answer = clinical_lead.post(page_of(written.version, "start/"), {})
    assert answer.status_code == 409 and "Have this one signed off too" in text(answer)
    assert health_questions().version == CURRENT


def test_who_is_in_the_middle_of_answering_is_asked_the_new_words(clinical_lead: Client, pat: Any) -> None:
    written = write(clinical_lead, word0="Words from today?")
    clinical_lead.post(page_of(written.version, "start/"), {})
    with pytest.raises(QuestionsChanged):
        health.update_health(participant=pat, answers=ANSWERS, version=CURRENT, by=pat.person)
    health.update_health(participant=pat, answers=ANSWERS, version=written.version, by=pat.person)
    assert pat.health_profiles.first().wording_version == written.version


def number_of(name: str, value: int) -> dict[str, str]:
    known = words_of(kind_of(RULES))
    field = next(f"word{place}" for place, leaf in enumerate(known) if leaf.route == (name,))
    return words(RULES, CURRENT, **{field: str(value)})


def test_a_rule_in_numbers_is_changed_previewed_and_started_from_a_day_on(clinical_lead: Client) -> None:
    home = f"/content/{RULES}/"
    refused = clinical_lead.post(f"{home}{CURRENT}/change/", number_of("clearance_months", 13))
    assert refused.status_code == 422 and "must be a number from 1 to 12" in text(refused)
    clinical_lead.post(f"{home}{CURRENT}/change/", number_of("clearance_months", 4))
    written = ContentVersion.objects.get()
    address = f"{home}{written.version}/"
    change = "<del>6 months</del> → <ins>4 months</ins>"
    start = text(clinical_lead.get(f"{address}start/"))
    assert change in start and "Clearances given before keep their date." in start
    assert "From which day?" in start and "people read these words" not in start
    on = timezone.localdate() + dt.timedelta(days=40)
    sent = {"on-day": str(on.day), "on-month": str(on.month), "on-year": str(on.year)}
    assert clinical_lead.post(f"{address}start/", sent)["Location"] == address
    assert f"Version {written.version} is used from {plain_date(on)}." in text(clinical_lead.get(address))
    preview = text(clinical_lead.get(f"{address}preview/"))
    assert f"From {plain_date(on)}: {change}" in preview and "12 months" in preview
    assert preview.count("<del>") == 1
    assert rules().clearance_months == 6
    assert version_in_use(kind_of(RULES), midnight(on)) == written.version
    assert "They are the numbers that are in use now." in text(clinical_lead.get(f"{home}{CURRENT}/start/"))


def test_what_is_asked_of_instructors_is_shown_in_words_with_what_would_change(clinical_lead: Client) -> None:
    home = f"/content/{CREDENTIAL_RULES}/"
    shown = text(clinical_lead.get(f"{home}{CURRENT}/preview/"))
    assert "Holds for 36 months, or less if that is written on it; needed where the kind of class says so" in shown
    assert "eeded for every class online" in shown
    assert "nobody leads without it where it is needed" in shown
    field = next(
        name
        for name, leaf in enumerate(words_of(kind_of(CREDENTIAL_RULES)))
        if (leaf.section, leaf.route[-1]) == ("first aid", "override_days")
    )
    clinical_lead.post(f"{home}{CURRENT}/change/", words(CREDENTIAL_RULES, CURRENT, **{f"word{field}": "14"}))
    written = ContentVersion.objects.get(kind=CREDENTIAL_RULES)
    assert "<del>Holds for 36 months" in text(clinical_lead.get(f"{home}{written.version}/start/"))
