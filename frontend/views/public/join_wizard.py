"""Going through a registration, page by page: the same for the public and for the desk.

Here: showing a page, saving it, what comes next, checking the answers, handing
them in. Not here: what is asked (join_pages.py), whose draft it is (join.py,
desk/registering.py), the rules (participants).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import Person
from frontend import forms
from frontend.views.public.join_pages import Page, pages_of, referral_pages
from participants.health_content import signposts
from participants.models import Participant, Registration
from participants.registering import intake
from participants.rules.admission import MAY_BE_OVERRIDDEN

SALT = "frontend.join.draft"


@dataclass(frozen=True)
class Addresses:
    """Where each step of the wizard lives, and the folder of its templates."""

    page: Callable[[str], str]
    check: str
    refused: str
    later: str
    first: str
    templates: str  # "public/join" or "desk/register"
    sent: str  # what is said when it was handed in while a page of it stood open
    onward: tuple[str, str]  # the button beside that: its words, and where it leads
    gone: str  # what is said when nothing of it is kept any more


@dataclass(frozen=True)
class Answered:
    """A line of "check your answers"."""

    page: Page
    said: list[str]
    change: str


class Wizard:
    """One request on one draft. `by` is the person at the desk, or None."""

    def __init__(self, request: HttpRequest, draft: Registration, at: Addresses, by: Person | None = None) -> None:
        self.request, self.draft, self.at, self.by = request, draft, at, by
        self.referrer = getattr(draft, "referrer", None)
        self.every_page = (*pages_of(draft.programme), *referral_pages(self.referrer))

    def page(self, name: str) -> HttpResponse:
        """Ask, or save and go on. A page that is not asked of this person is not there."""
        page = next((p for p in self.pages if p.name == name), None)
        if page is None:
            raise Http404
        if self.request.method != "POST":
            return self._ask(page, self._form(page))
        form, later = self._form(page, self.request.POST), "later" in self.request.POST
        if form.is_valid():
            try:
                reasons = intake.save_page(registration=self.draft, page=name, values=form.values(), by=self.by)
            except intake.TOO_LATE as late:
                return self._too_late(page, form, late)
            return redirect(self.at.refused if reasons else self.at.later if later else self._after(page))
        return redirect(self.at.later) if later else self._ask(page, form)

    def too_late(self, name: str) -> HttpResponse:
        """A page of a registration that was handed in while it stood open: what was typed on it stays, to be read."""
        page = next((p for p in self.every_page if p.name == name), None)
        if page is None:
            raise Http404
        form = self._form(page, self.request.POST)
        form.is_valid()
        return self._too_late(page, form, intake.AlreadyHandedIn())

    def why(self, late: Exception) -> str:
        return self.at.sent if isinstance(late, intake.AlreadyHandedIn) else self.at.gone

    def check(self, hand_in: Callable[[Participant], HttpResponse]) -> HttpResponse:
        """Show every answer with its way back; sent in, the person joins and `hand_in` says where that leads."""
        if (unanswered := self._first_unanswered()) is not None:
            return redirect(self.at.page(unanswered.name))
        if self.request.method != "POST":
            return render(self.request, self._template("check"), self._context() | {"parts": self._parts()})
        try:
            return hand_in(intake.submit_registration(registration=self.draft, by=self.by))
        except intake.NoLongerThere:
            messages.info(self.request, self.at.gone)
            return redirect(self.at.first)
        except intake.NotEligible:
            return redirect(self.at.refused)
        except intake.Incomplete as stopped:
            return redirect(self.at.page(self._page_for(stopped.missing[0])))

    def refused(self, form: forms.Form | None = None, *, status: int | None = None) -> HttpResponse:
        """Why not, in plain words, where else to go, and the way back to each answer."""
        decision = self.draft.decisions.first()
        if self.draft.status != "not_eligible" or decision is None:
            return redirect(self.at.check)
        context = self._context() | {
            "signposts": signposts(decision.reasons),
            "change": self._changes(decision.reasons),
        }
        context["may_override"] = not set(decision.reasons) - MAY_BE_OVERRIDDEN
        return forms.render_form(
            self.request, self._template("not_eligible"), context, form or forms.Form(), status=status
        )

    @property
    def pages(self) -> list[Page]:
        return [page for page in self.every_page if page.shown(self.draft.answers)]

    def first_to_ask(self) -> str:
        """Where somebody who comes back carries on."""
        unanswered = self._first_unanswered()
        return self.at.page(unanswered.name) if unanswered else self.at.check

    def _form(self, page: Page, data: Any = None) -> Any:
        return page.form(data, answers=self.draft.answers, programme=self.draft.programme)

    def _ask(self, page: Page, form: Any) -> HttpResponse:
        before = self.pages[: self.pages.index(page)]
        back = self.at.page(before[-1].name) if before else self.at.first
        referred_by = self.referrer.words if self.referrer and not before else ""
        context = self._context() | {
            "referred_by": referred_by,
            "page": page,
            "back": back,
            "done": len(before),
            "total": self._most_pages(),
            "onward": None,
        }
        return forms.render_form(self.request, self._template("page"), context, form)

    def _too_late(self, page: Page, form: Any, late: Exception) -> HttpResponse:
        form.add_error(None, self.why(late))
        is_sent = isinstance(late, intake.AlreadyHandedIn)
        onward = self.at.onward if is_sent else ("Start a new one", self.at.first)
        context = self._context() | {"page": page, "back": self.at.first, "referred_by": "", "onward": onward}
        return forms.render_form(self.request, self._template("page"), context, form, status=409)

    def _most_pages(self) -> int:
        """How many there may be: one that hangs on an answer still to come counts, so the number never grows."""
        open_yet = [
            page
            for before, page in pairwise(self.every_page)
            if not page.shown(self.draft.answers) and not self._is_done(before)
        ]
        return len(self.pages) + len(open_yet)

    def _after(self, page: Page) -> str:
        """The first page after this one that is not answered yet, then any before it, then the check."""
        names = [p.name for p in self.pages]
        rest = self.pages[names.index(page.name) + 1 :]
        unanswered = next((p for p in rest if not self._is_done(p)), None) or self._first_unanswered()
        return self.at.page(unanswered.name) if unanswered else self.at.check

    def _first_unanswered(self) -> Page | None:
        return next((page for page in self.pages if not self._is_done(page)), None)

    def _is_done(self, page: Page) -> bool:
        if page.name not in self.draft.answers.get("done", ()):
            return False
        return not page.name.startswith("health-") or bool(self._form(page).initial)  # asked again in new words

    def _parts(self) -> dict[str, list[Answered]]:
        parts: dict[str, list[Answered]] = {page.part: [] for page in self.pages}
        for page in self.pages:
            parts[page.part].append(Answered(page, self._form(page).said(), self.at.page(page.name)))
        return parts

    def _changes(self, reasons: list[str]) -> list[tuple[str, str]]:
        """The answers behind the reasons, as links: a slip of the finger must be easy to mend."""
        behind = {"too_young": ["born"], "no_cancer": ["cancer"], "outside_area": ["area"]}
        refused = [kind for kind, answer in self.draft.answers.get("consents", {}).items() if not answer["given"]]
        names = [name for reason in reasons for name in behind.get(reason, [f"agree-{kind}" for kind in refused])]
        return [(page.title, self.at.page(page.name)) for page in self.pages if page.name in names]

    def _page_for(self, missing: str) -> str:
        """The page that asks for what the domain says is missing."""
        asks = {"name": "name", "contact": "contact", "emergency": "emergency", "eligibility": "born"}
        return asks.get(missing) or f"health-{missing.removeprefix('health.').replace('_', '-')}"

    def _template(self, step: str) -> str:
        return f"frontend/{self.at.templates}_{step}.html"

    def _context(self) -> dict[str, Any]:
        token = signing.dumps(self.draft.pk, salt=SALT)
        return {"draft": self.draft, "at": self.at, "draft_token": token, "aloud": self.by is not None}


def draft_named_in(token: str, *, max_age: timedelta = timedelta(days=30)) -> Registration | None:
    """The draft that a page shown earlier belongs to: what was typed survives the end of a session."""
    pk = pk_named_in(token, max_age=max_age)
    return intake.open_draft(pk) if pk else None


def pk_named_in(token: str, *, max_age: timedelta = timedelta(days=30)) -> int | None:
    try:
        return int(signing.loads(token, salt=SALT, max_age=max_age))
    except signing.BadSignature:
        return None
