"""Pages about one participant that stand twice: the person's own, and the same read out by the desk.

Here: where each stands, and drawing it. Not here: what is on them (about_you.py, goals.py), whose page it is
(views/me/, views/desk/).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from frontend import forms
from participants.models import Participant


@dataclass(frozen=True)
class PagesOfOne:
    """The pages of `audience` ("me" or "desk"); `key` stands in their addresses at the desk."""

    request: HttpRequest
    participant: Participant
    audience: str
    key: tuple[int, ...] = ()

    def at(self, name: str, *more: object) -> tuple[Any, ...]:
        """What `redirect` and `url` are given."""
        return (f"{self.audience}:{name}", *self.key, *more)

    def draw(self, page: str, form: forms.Form, **context: Any) -> HttpResponse:
        given = {"pages": self, "participant": self.participant, "name": self.participant.person.first_name, **context}
        status = 409 if form.is_bound and form.non_field_errors() else None
        return forms.render_form(self.request, f"frontend/{self.audience}/{page}.html", given, form, status=status)
