"""Draw a piece of template inside the base page, as a view would."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.base import BaseStorage
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory


def a_request(path: str = "/", user: object = None) -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = user or AnonymousUser()  # type: ignore[assignment]
    return request


def with_messages(request: HttpRequest) -> HttpRequest:
    request._messages = InMemory(request)  # type: ignore[attr-defined]
    return request


class InMemory(BaseStorage):
    def _get(self, *args: Any, **kwargs: Any) -> tuple[list[Any], bool]:
        return [], True

    def _store(self, messages: Any, response: Any, *args: Any, **kwargs: Any) -> list[Any]:
        return []


def draw(piece: str, **context: Any) -> str:
    """Only the piece."""
    return str(engines["jinja2"].from_string(piece).render(context))


def draw_page(blocks: str, request: HttpRequest | None = None, **context: Any) -> str:
    """The whole page."""
    template = engines["jinja2"].from_string('{% extends "frontend/base.html" %}' + blocks)
    return str(template.render(context, request or a_request()))
