"""Requests drawn from the API's own papers, those that fit and those that do not: refused or taken, as the papers say.

Here: every operation, asked by somebody who may, about things that are there; Schemathesis draws addresses, questions
and bodies. A few of each with all other tests, many with `./run campaign requests`. Not here: a corpus of our own, of
what people and programs send by mistake (test_bad_input.py), and each refusal by itself (test_api_papers.py).
"""

from __future__ import annotations

import json
import os
import warnings
from typing import Any

import pytest
import schemathesis
from django.db.models import F
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import one_of
from schemathesis import GenerationMode

from classes.models import Session
from tests.papers import Operation, fault_in, operations
from tests.structure.routes import ROUTES, World
from tests.structure.test_api_papers import Asking
from tests.structure.test_bad_input import nothing_stays

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
EXAMPLES = int(os.environ.get("SAFEFIT_EXAMPLES", "1"))  # of each operation
PARTS = 1 if EXAMPLES < 10 else 40  # many do not fit into one transaction: it would hold more locks than there are
# Nothing is kept, and nothing made shorter; what is drawn is checked by Schemathesis.
AS_IT_COMES = settings(deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
LEFT = {"Cookie", "Content-Type", "Content-Length", "Host"}  # who asks, and how, is not drawn


class Drawn:
    """Draws requests for an operation, and sends them as somebody who may."""

    def __init__(self, world: World, sign_in: Any) -> None:
        self.asking = Asking(world, sign_in)
        Session.objects.update(places_taken=F("capacity"))  # the world's places are counted nowhere, and are given back
        found = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
        self.shapes = {(one.method, one.path): one for one in (each.ok() for each in found.get_all_operations())}

    def faults(self, operation: Operation) -> list[str]:
        """Each kind of fault once: what was sent stands beside it."""
        name, path = self.asking._address(operation)
        browser = self.asking.browser(self.asking.world.users[min(ROUTES[name].may - {"anonymous"})])
        shape, found = self.shapes[operation.method, operation.path], {}
        kinds = [shape.as_strategy(generation_mode=mode) for mode in GenerationMode]

        @settings(AS_IT_COMES, max_examples=EXAMPLES)
        @given(one_of(kinds))
        def ask(case: Any) -> None:
            with nothing_stays():
                answer = send(browser, operation, path, case)
            if fault := fault_in(operation, answer):
                found.setdefault(fault, f"{fault}: {case.query} {case.body!r:.200}")

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what it cannot draw the opposite of
            ask()
        return list(found.values())


def send(browser: Client, operation: Operation, path: str, case: Any) -> Any:
    drawn = case.as_transport_kwargs(base_url="http://testserver")
    body = drawn.get("data", b"")
    if "json" in drawn:
        body = drawn["json"]
    headers = {name: value for name, value in drawn["headers"].items() if name not in LEFT}
    return browser.generic(
        operation.method.upper(),
        path,
        body if isinstance(body, bytes) else json.dumps(body),
        content_type="application/json",
        headers=headers | {"Accept": "application/json"},
        query_params=drawn.get("params") or {},
    )


@pytest.mark.parametrize("part", range(PARTS))
def test_no_request_that_can_be_drawn_is_answered_otherwise_than_the_papers_say(
    part: int, world: World, sign_in: Any
) -> None:
    drawn = Drawn(world, sign_in)
    assert [fault for one in list(operations())[part::PARTS] for fault in drawn.faults(one)] == []
