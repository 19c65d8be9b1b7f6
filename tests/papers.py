"""What the API's papers (the OpenAPI description) say, held against a real answer.

Read by tests/api/conftest.py, for every answer that a test of the API gets, and
by tests/structure/test_api_papers.py, which goes and asks for each refusal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

API = "/api/v1/"
METHODS = ("get", "post", "put", "patch", "delete")
NAMED = {409, 422}  # refusals whose codes the papers list
WITHOUT_OPERATION = {401, 403, 404, 405, 406}  # of an address that has no such method: who asks is judged first


@dataclass(frozen=True)
class Operation:
    method: str
    path: str  # with the names of its parts: /api/v1/bookings/{id}/
    said: dict[str, Any]

    @property
    def statuses(self) -> set[int]:
        return {int(status) for status in self.said["responses"]}

    def fits(self, method: str, path: str) -> bool:
        return self.method == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", self.path), path) is not None


@cache
def papers() -> dict[str, Any]:
    """The description, read strictly: no name in an answer but those that it tells."""
    read: dict[str, Any] = _strict(SchemaGenerator().get_schema(request=None, public=True))
    return read


def _strict(part: Any) -> Any:
    """OpenAPI 3.0 as JSON Schema: `nullable` is a type of its own, and an object has the names that are listed."""
    if isinstance(part, list):
        return [_strict(one) for one in part]
    if not isinstance(part, dict):
        return part
    inner = {name: _strict(value) for name, value in part.items()}
    if "properties" in inner and isinstance(inner["properties"], dict) and inner.get("type") == "object":
        inner.setdefault("additionalProperties", False)
    if inner.get("nullable") is True:
        return {"anyOf": [{name: value for name, value in inner.items() if name != "nullable"}, {"type": "null"}]}
    return inner


def operations(said: dict[str, Any] | None = None) -> Iterator[Operation]:
    for path, item in (said or papers())["paths"].items():
        yield from (Operation(method, path, item[method]) for method in METHODS if method in item)


def operation_at(method: str, path: str) -> Operation | None:
    return next((one for one in operations() if one.fits(method.lower(), path)), None)


def fault_of(method: str, path: str, answer: Any) -> str:
    """What in `answer` the papers do not tell: its status, its kind, its names or values. Empty when all is told."""
    operation = operation_at(method, path)
    if operation is None:
        return (
            "" if answer.status_code in WITHOUT_OPERATION else f"{method} {path}: not told of, and {answer.status_code}"
        )
    return fault_in(operation, answer)


def fault_in(operation: Operation, answer: Any) -> str:
    where = f"{operation.method.upper()} {operation.path} {answer.status_code}"
    told = operation.said["responses"].get(str(answer.status_code))
    if told is None:
        return f"{where}: not told of"
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if kind not in told.get("content", {}):
        return f"{where}: {kind}"
    if answer.status_code in NAMED and answer.json()["code"] not in told["description"]:
        return f"{where}: code {answer.json()['code']}"
    schema = json.dumps(told["content"][kind]["schema"])
    error = next(iter(_validator(schema).iter_errors(json.loads(answer.content))), None)
    return f"{where}: {error.json_path}: {error.message}" if error else ""


@cache
def _validator(schema: str) -> Draft202012Validator:
    """Kept, since looking up what it refers to is most of its work."""
    shape = {**json.loads(schema), "components": papers()["components"]}
    return Draft202012Validator(shape)
