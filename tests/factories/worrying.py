"""A questionnaire of our own that asks what may worry, with its recipe: made for tests, and in no product."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Person, Programme
from outcomes import instruments
from outcomes.instruments.recipe import CheckRange, Direction, Item, MinAnswered, Recipe, SafetyItem, Scale, Sum
from outcomes.instruments.safefit_wellbeing import FHIR
from outcomes.models import AlertRoute, Questionnaire, SafetyRoute
from tests.factories.outcomes import QuestionnaireFactory

RECIPE = Recipe(
    code="dark_days",
    version="1",
    title="Dark days",
    items=(Item("calm", 0, 3), Item("dark", 0, 3, direction=Direction.DOWN)),
    scales=(Scale("all", ("dark",), (CheckRange(), MinAnswered(1), Sum()), lo=0, hi=3, direction=Direction.DOWN),),
    main="all",
    citation="Made up for a test.",
    licence="MIT",
    safety_items=(SafetyItem("dark", 1, "dark"),),
)


def _item(link: str, text: str) -> dict[str, Any]:
    limits = [{"url": f"{FHIR}{name}Value", "valueInteger": value} for name, value in (("min", 0), ("max", 3))]
    return {"linkId": link, "type": "integer", "text": text, "required": False, "extension": limits}


def dark_days(monkeypatch: pytest.MonkeyPatch, programme: Programme, **fields: Any) -> Questionnaire:
    """The questionnaire, and its recipe for as long as the test lasts."""
    known = (*instruments.codes(), RECIPE.code)
    monkeypatch.setattr(instruments, "codes", lambda: known)
    monkeypatch.setitem(instruments.OWN, RECIPE.code, RECIPE)
    items = [_item("calm", "How calm were you?"), _item("dark", "How dark were your days?")]
    return QuestionnaireFactory(
        programme=programme, code="dark-days", version="1", title="Dark days", recipe=RECIPE.code, items=items, **fields
    )


def route_for(
    questionnaire: Questionnaire, contact: Person, alert_to: str = AlertRoute.CLINICAL, **fields: Any
) -> SafetyRoute:
    given = {"message": "You are not alone with this.", "by": contact, **fields}
    return SafetyRoute.objects.create(
        programme=questionnaire.programme, code=questionnaire.code, contact=contact, alert_to=alert_to, **given
    )
