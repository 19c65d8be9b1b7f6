"""The documentation of the API as a page of the site, drawn from the OpenAPI description.

Drawn on the server, so that it keeps to the site's own security policy (the
usual viewers want inline styles) and reads well with a screen reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from drf_spectacular.generators import SchemaGenerator

from accounts.signin import public_page

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Field:
    name: str
    kind: str
    required: bool
    about: str

    @property
    def row(self) -> tuple[str, str, str, str]:
        return self.name, self.kind, "yes" if self.required else "no", self.about


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    summary: str
    about: str
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answers: tuple[tuple[str, str], ...]  # status and what it says

    @property
    def anchor(self) -> str:
        return f"{self.method}{self.path}".lower().replace("/", "-").replace("{", "").replace("}", "").strip("-")


@public_page
def api_docs(request: HttpRequest) -> HttpResponse:
    return render(request, "frontend/public/api_docs.html", {"groups": groups()})


@cache
def groups() -> dict[str, list[Operation]]:
    """Operations by the first word of their address, such as "bookings". Nothing of it changes while running."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    found: dict[str, list[Operation]] = {}
    for address, item in schema["paths"].items():
        for method in METHODS:
            if method in item:
                operation = _operation(method, address, item[method], schema)
                found.setdefault(address.removeprefix("/api/v1/").split("/")[0], []).append(operation)
    return found


def _operation(method: str, address: str, item: dict[str, Any], schema: dict[str, Any]) -> Operation:
    summary, _, about = str(item.get("description", "")).partition("\n")
    return Operation(
        method=method.upper(),
        path=address,
        summary=item.get("summary") or summary or item["operationId"].replace("_", " "),
        about=about.strip() if not item.get("summary") else str(item.get("description", "")),
        parameters=tuple(
            Field(p["name"], _kind(p.get("schema", {}), schema), bool(p.get("required")), p.get("description", ""))
            for p in item.get("parameters", ())
        ),
        body=_fields(_body_of(item.get("requestBody", {})), schema),
        answers=tuple(_answer(status, response) for status, response in item.get("responses", {}).items()),
    )


def _answer(status: str, response: dict[str, Any]) -> tuple[str, str]:
    standard = HTTPStatus(int(status)).phrase if status.isdigit() else ""
    return f"{status} {standard}".strip(), response.get("description", "")


def _body_of(content: dict[str, Any]) -> dict[str, Any]:
    return next((media.get("schema", {}) for media in content.get("content", {}).values()), {})


def _resolved(part: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "allOf" in part:
        return _resolved(part["allOf"][0], schema)
    if "$ref" in part:
        resolved: dict[str, Any] = schema["components"]["schemas"][part["$ref"].rsplit("/", 1)[-1]]
        return resolved
    return part


def _fields(part: dict[str, Any], schema: dict[str, Any]) -> tuple[Field, ...]:
    whole = _resolved(part, schema)
    required = set(whole.get("required", ()))
    return tuple(
        Field(name, _kind(one, schema), name in required, one.get("description", ""))
        for name, one in whole.get("properties", {}).items()
        if not one.get("readOnly")
    )


def _kind(part: dict[str, Any], schema: dict[str, Any]) -> str:
    """What a value looks like, in words: "integer", "list of string", "one of: booked, waiting"."""
    whole = _resolved(part, schema)
    if "enum" in whole:
        return "one of: " + ", ".join(str(value) for value in whole["enum"] if value not in ("", None))
    if whole.get("type") == "array":
        return f"list of {_kind(whole.get('items', {}), schema)}"
    return str(whole.get("format") or whole.get("type") or "object")


urlpatterns = [path("api/docs/", api_docs, name="api_docs")]
