"""Whatever somebody types about themselves stays out of logs, addresses, caches, subjects and reports of faults.

Here: typing it wherever it can be typed, from registering to being looked for at the desk. Not here: pages that are
opened (test_routes.py), what reaches another person (test_nothing_of_another.py).
"""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client

from accounts.history import System
from accounts.models import Programme, User
from messaging.delivery import deliver_due
from messaging.models import Message
from messaging.words import words_now
from participants.content import install
from participants.models import NhsNumber, Participant
from tests.factories.referrals import SENT
from tests.factories.registering import PAGES, walk
from tests.structure.marked import Marked
from tests.structure.passing import Passing, listening

pytestmark = pytest.mark.django_db
WORD, TELEPHONE, NHS_NUMBER = "Zanzibella", "+447700900001", "9434765919"
EMAIL = f"{WORD}@example.org".lower()
SAID: dict[str, dict[str, Any]] = PAGES | {
    "name": {"given_name": f"{WORD} Jo", "family_name": f"{WORD} Invented", "known_as": f"{WORD} J"},
    "contact": {
        "ways": ["email", "text", "post"], "email": EMAIL, "mobile": "07700 900001", "address": f"1 {WORD} Street",
    },
    "emergency": PAGES["emergency"] | {"emergency_name": f"Emer {WORD}", "emergency_phone": "07700 900001"},
    "needs": {"needs": ["other"], "need_other": f"{WORD} quiet"},
    "nhs-number": {"nhs_number": NHS_NUMBER},
    "more": {"health_note": f"{WORD} note"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _open(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    install(programme, System.COMMAND)
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    monkeypatch.setattr("messaging.delivery.quiet_until", lambda at: None)


class Typist:
    """A browser of which every answer is noted."""

    def __init__(self, browser: Client, passing: Passing) -> None:
        self.browser, self.passing = browser, passing

    def get(self, path: str, **more: Any) -> Any:
        return self._noted(path, self.browser.get(path, **more))

    def post(self, path: str, data: Any = None, **more: Any) -> Any:
        return self._noted(path, self.browser.post(path, data, **more))

    def _noted(self, path: str, answer: Any) -> Any:
        self.passing.note(path, answer)
        return answer


def test_what_is_typed_stands_in_no_log_address_cache_or_subject(dee: User, sign_in: Any) -> None:
    mark = Marked(WORD, TELEPHONE, also={NHS_NUMBER, "943 476 5919"})
    with listening() as passing:
        them, desk = Typist(Client(), passing), Typist(sign_in(dee), passing)
        at, _ = walk(them, them.post("/join/").headers["Location"], SAID)  # type: ignore[arg-type]
        assert at == "/join/check/"
        them.post("/join/later/", {"email": EMAIL})
        them.post("/join/check/")
        person = Participant.objects.get(person__given_name=f"{WORD} Jo").person
        for typed in (EMAIL, "07700 900001", f"{WORD} at example.org"):
            them.post("/account/sign-in/", {"email": typed})
            them.post("/account/sign-in/code/", {"code": WORD})
        them.post("/account/password/forgotten/", {"email": EMAIL})
        them.post("/account/sign-in/password/", {"login": EMAIL, "password": WORD})
        them.post("/join/return/", {"reference": WORD, "born-day": "1", "born-month": "1", "born-year": "1950"})
        them.post("/refer/", SENT | {"given_name": WORD, "safety_note": WORD, "ways": ["email"], "email": EMAIL})
        desk.post("/desk/people/", {"said": f"{WORD} 07700 900001"})
        for page in ("name", "contact", "nhs-number", "sign-in", "other-record"):
            desk.post(f"/desk/people/{person.participations.get().pk}/{page}/", {"known_as": WORD, "email": EMAIL})
        deliver_due()
    assert NhsNumber.objects.get().number == NHS_NUMBER, "it was typed, and kept"
    assert passing.told_of(mark) == []
    subjects = [sent.subject for sent in mail.outbox]
    subjects += [words.subject for message in Message.objects.all() if (words := words_now(message))]
    assert len(subjects) > 3 and mark.found_in("\n".join(subjects)) == []


def test_a_report_of_a_fault_names_nobody(monkeypatch: pytest.MonkeyPatch, programme: Programme) -> None:
    mark = Marked(WORD, TELEPHONE)

    def fault(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        known_as = f"{WORD} {request.POST.get('said')}"
        raise LookupError(len(known_as))

    monkeypatch.setattr("frontend.forms.render", fault)
    with listening() as passing:
        answer = Client(raise_request_exception=False).post("/refer/", {"given_name": WORD, "said": WORD})
        passing.note("/refer/", answer)
    assert answer.status_code == 500 and "LookupError" in passing.log.getvalue(), "it was reported"
    assert passing.told_of(mark) == [] and not mark.found_in(answer.content.decode())


@pytest.mark.parametrize("place", ["log", "address", "page", "cache"])
def test_the_check_finds_a_word_wherever_it_passes(place: str) -> None:
    mark = Marked(WORD, TELEPHONE)
    with listening() as passing:
        if place == "log":
            Client().get("/privacy/", {"of": WORD})
        elif place == "cache":
            cache.set("kept", {"of": WORD})
        else:
            page = HttpResponse(f'<a href="/desk/?of={WORD.lower()}">them</a>' if place == "page" else "")
            passing.note("/" if place == "page" else "/?of=%5A" + WORD[1:], page)
    assert len(passing.told_of(mark)) == 1, passing.told_of(mark)
