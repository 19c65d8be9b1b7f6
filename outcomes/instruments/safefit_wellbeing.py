"""The SafeFit wellbeing check: our own questions and the recipe that scores them. PURE.

A check-in, not a clinical measure: it has not been validated, and no size of
change is claimed to matter. Written for SafeFit, so the words may be shipped.
`ITEMS` has the shape of `Questionnaire.item` of FHIR R4.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from outcomes.instruments.recipe import (
    CheckRange,
    Direction,
    Item,
    Linear,
    Mean,
    MinAnswered,
    Product,
    Recipe,
    Reverse,
    Scale,
)

CODE = "safefit_wellbeing"
VERSION = "1"
TITLE = "SafeFit wellbeing check"
INTRODUCTION = (
    "A few short questions about how you have been in the last seven days. "
    "There are no right or wrong answers, and you can leave out any question."
)

DOWN = Direction.DOWN
BODY = ("energy", "sleep", "strength", "tasks", "aches", "breath")
MIND = ("spirits", "worry", "company", "ready")
HELD_BACK = frozenset({"aches", "breath", "worry"})
ACTIVE_MINUTES_CAP = 1680  # four hours a day for a week


def _scale(name: str, items: tuple[str, ...], least: int) -> Scale:
    steps = (CheckRange(), MinAnswered(least), Reverse(HELD_BACK), Mean(), Linear(10))
    return Scale(name, items, steps, lo=0, hi=100)


RECIPE = Recipe(
    code=CODE,
    version=VERSION,
    title=TITLE,
    items=(
        *(Item(name, 0, 10, DOWN if name in HELD_BACK else Direction.UP) for name in (*BODY, *MIND)),
        Item("overall", 0, 10),
        Item("act_days", 0, 7),
        Item("act_min", 0, 600),
        Item("change", -3, 3, optional=True),
    ),
    scales=(
        _scale("body", BODY, least=4),
        _scale("mind", MIND, least=3),
        _scale("total", (*BODY, *MIND), least=8),
        Scale("overall", ("overall",), (CheckRange(), MinAnswered(1), Mean(), Linear(10)), lo=0, hi=100),
        Scale(
            "active_minutes",
            ("act_days", "act_min"),
            (CheckRange(), Product("act_days", "act_min", at_most=ACTIVE_MINUTES_CAP)),
            lo=0,
            hi=1680,
        ),
        Scale("change", ("change",), (CheckRange(), MinAnswered(1), Mean()), lo=-3, hi=3),
    ),
    citation="SafeFit wellbeing check, version 1: our own questions, not validated.",
    licence="MIT, as the rest of SafeFit",
    measures="how the last seven days have been",
    main="total",
)

FHIR = "http://hl7.org/fhir/StructureDefinition/"
FOLLOW_UP_ONLY = "https://safefit.example/fhir/StructureDefinition/follow-up-only"
WEEK = "In the last seven days, "


def _ends(link: str, low: str, high: str) -> list[dict[str, Any]]:
    """The words at the two ends of a row of numbers."""
    return [
        {
            "linkId": f"{link}.{end}",
            "type": "display",
            "text": words,
            "extension": [
                {"url": f"{FHIR}questionnaire-itemControl", "valueCodeableConcept": {"coding": [{"code": end}]}}
            ],
        }
        for end, words in (("lower", low), ("upper", high))
    ]


def _number(link: str, text: str, lo: int, hi: int, *parts: dict[str, Any], **rest: Any) -> dict[str, Any]:
    limits = [
        {"url": f"{FHIR}minValue", "valueInteger": lo},
        {"url": f"{FHIR}maxValue", "valueInteger": hi},
    ]
    item = {"linkId": link, "type": "integer", "text": text, "required": False, "extension": limits, **rest}
    return item | ({"item": list(parts)} if parts else {})


def rating(link: str, text: str, low: str, high: str) -> dict[str, Any]:
    """A row of numbers from 0 to 10, with words at its ends."""
    return _number(link, text, 0, 10, *_ends(link, low, high))


def chosen(link: str, text: str, options: Iterable[tuple[int, str]]) -> dict[str, Any]:
    """One of a few answers in words, each with its number."""
    return {
        "linkId": link,
        "type": "choice",
        "text": text,
        "required": False,
        "answerOption": [
            {
                "valueCoding": {
                    "code": str(value),
                    "display": words,
                    "extension": [{"url": f"{FHIR}ordinalValue", "valueDecimal": value}],
                }
            }
            for value, words in options
        ],
    }


def _hint(link: str, text: str) -> dict[str, Any]:
    return {
        "linkId": f"{link}.help",
        "type": "display",
        "text": text,
        "extension": [
            {"url": f"{FHIR}questionnaire-itemControl", "valueCodeableConcept": {"coding": [{"code": "help"}]}}
        ],
    }


COMPARED = (
    (-3, "Much less well"),
    (-2, "Less well"),
    (-1, "A little less well"),
    (0, "About the same"),
    (1, "A little better"),
    (2, "Better"),
    (3, "Much better"),
)

ITEMS: list[dict[str, Any]] = [
    rating("energy", WEEK + "how much energy have you had?", "No energy", "Plenty of energy"),
    rating("sleep", WEEK + "how restful has your sleep been?", "Not restful", "Very restful"),
    rating("strength", WEEK + "how strong has your body felt?", "Not strong", "Very strong"),
    rating("tasks", WEEK + "how manageable have everyday jobs been?", "Not manageable", "Easy to manage"),
    rating("aches", WEEK + "how much have aches or soreness held you back?", "Not at all", "A great deal"),
    rating("breath", WEEK + "how much has shortness of breath held you back?", "Not at all", "A great deal"),
    rating("spirits", WEEK + "how have your spirits been?", "Low", "High"),
    rating("worry", WEEK + "how much has worry held you back?", "Not at all", "A great deal"),
    rating("company", WEEK + "how supported by other people have you felt?", "Not supported", "Well supported"),
    rating("ready", "How ready do you feel to be active in the week ahead?", "Not ready", "Very ready"),
    rating("overall", "Putting it all together, how well do you feel?", "Not well", "Very well"),
    _number(
        "act_days",
        WEEK + "on how many days did you move enough to breathe a little faster?",
        0,
        7,
        _hint("act_days", "For example a quick walk, gardening, or an exercise class."),
        *_ends("act_days", "No days", "Every day"),
    ),
    _number(
        "act_min",
        "On one of those days, about how many minutes did you move like that?",
        0,
        600,
        _hint("act_min", "A rough guess is fine. For example, 30 for half an hour."),
        enableWhen=[{"question": "act_days", "operator": ">", "answerInteger": 0}],
    ),
    {
        **chosen("change", "Compared with when you started SafeFit, how are you now?", COMPARED),
        "extension": [{"url": FOLLOW_UP_ONLY, "valueBoolean": True}],
    },
]
