"""The environment every page is drawn in.

Here: loaders, globals and filters of the templates. Not here: what words mean
(frontend/wording.py) or how a form draws itself (frontend/forms.py). Called
by Django's Jinja2 backend (settings.TEMPLATES).
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, StrictUndefined, Template, pass_context
from jinja2.runtime import Context

from frontend import context as site
from frontend import forms, nhsuk, wording
from frontend.components import Components


class Pages(Environment):
    """Our templates are strict: a name nobody gave is an error. The design system's keep their own environment."""

    def get_template(self, name: str | Template, parent: str | None = None, globals: Any = None) -> Template:
        if isinstance(name, str) and name.startswith(nhsuk.PREFIX):
            return nhsuk.environment().get_template(name)
        return super().get_template(name, parent, globals)


def environment(**options: Any) -> Environment:
    """Django hands over its loader and options; we add the strictness, the globals and the filters."""
    env = Pages(**{**options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True})
    env.globals.update(
        static=static,
        url=url,
        messages_for=messages_for,
        csp_nonce=csp_nonce,
        address_of=site.address_of,
        phone=settings.PHONE,
        phone_link=wording.telephone_link(settings.PHONE),
        phone_hours=settings.PHONE_HOURS,
        ui=Components(env),
        draw_all=forms.draw_all,
        error_summary=forms.error_summary,
        has_errors=forms.has_errors,
        today=wording.today,
    )
    env.filters.update(wording.FILTERS)
    env.filters["field"] = forms.draw
    return env


def url(name: str, *args: object, **kwargs: object) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)


@pass_context
def csp_nonce(context: Context) -> str:
    """The nonce of this answer. Asking for it puts it into the header; it is falsy until asked for."""
    return str(context["request"].csp_nonce)


@pass_context
def messages_for(context: Context) -> list[Message]:
    """One-off messages left for this person; none on a page drawn without a request."""
    request = context.get("request")
    return list(messages.get_messages(request)) if isinstance(request, HttpRequest) else []
