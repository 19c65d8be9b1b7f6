"""Every page of the site, opened by somebody who may.

Here: which addresses are pages, who opens each, and the walk over all of them.
Not here: who may open what (routes.py), the way to a page that its address
alone does not open (ways_in.py). Read by test_pages_are_ours.py and by
tests/journeys/test_every_page.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.structure.addresses import Address, addresses
from tests.structure.routes import ROUTES, Route, SignIn, World
from tests.structure.ways_in import WAYS_IN

NOT_PAGES = {  # files, answers for programs, and pages that lead on to another one
    "healthz", "schema", "start", "demo_people_json", "demo_releases_json", "me:booking_calendar", "public:calendar",
    "teach:service_worker", "teach:manifest", "teach:registers_to_keep", "teach:may_keep",
    "partner:release_csv", "partner:release_json", "partner:release_pdf",
    "desk:list_template", "desk:letter", "desk:wellbeing_paper", "mfa_download_recovery_codes", "teach:evidence",
    "desk:evidence", "desk:safety_summary", "teach:hours_file", "desk:hours_file",
    "client_token", "public:leaflet", "public:poster", "desk:sent_letter_file",
    # There only where texts are carried: tests/pages/test_sign_in_by_text.py opens them.
    "account_mobile", "account_mobile_code",
}  # fmt: skip
CHOICE = ("anonymous", "pat", "ines", "dee", "clare", "omar")  # who opens it: the first of these who may
ANONYMOUS = "anonymous"
DRAWN = {200, 405}
WHOLE = re.compile(r"<h1.*</h1>.*</footer>.*</html>", re.DOTALL)


@dataclass(frozen=True)
class Opened:
    address: Address
    who: str
    answer: HttpResponse

    @property
    def html(self) -> str:
        return self.answer.content.decode()

    @property
    def is_drawn(self) -> bool:
        """Whether a whole page was seen; the address of a button is a page too, opened by itself."""
        return self.answer.status_code in DRAWN and WHOLE.search(self.html) is not None


def is_page(address: Address) -> bool:
    return not address.route.startswith(("api/v1/", "static/")) and address.name not in NOT_PAGES


def who_opens(address: Address, routes: Mapping[str, Route] = ROUTES) -> str:
    """The first of CHOICE who may, else anybody who may; empty when nobody does by the address alone."""
    may = routes[address.name].may
    return next((one for one in (*CHOICE, *sorted(may)) if one in may), "")


def pages() -> list[Address]:
    return [address for address in addresses() if is_page(address)]


def every_page(
    world: World, sign_in: SignIn, found: Iterable[Address] | None = None, routes: Mapping[str, Route] = ROUTES
) -> Iterator[Opened]:
    """Each page once, opened by GET; by its way in where it has one. The address of a button is a page too."""
    browsers: dict[str, Client] = {}
    for address in pages() if found is None else found:
        if address.name in WAYS_IN:
            browser, path = WAYS_IN[address.name](world, sign_in)
            yield Opened(address, "its way in", browser.get(path))
            continue
        who = who_opens(address, routes)
        if who not in browsers:
            browsers[who] = Client() if who == ANONYMOUS else sign_in(world.users[who])
        path = reverse(address.name, kwargs=routes[address.name].arguments(world, address.arguments))
        yield Opened(address, who, browsers[who].get(path))
