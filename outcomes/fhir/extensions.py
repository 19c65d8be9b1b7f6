"""Extensions of FHIR: which are used, which are left out, and that a modifier is refused. PURE: no Django.

Here: their addresses, which are names and are never opened. An expression is
never run: it stays in the file that is kept, and the report says so. Called by
items.py, options.py and reading.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outcomes.fhir.remarks import LeftOut, Notebook, Refused

FHIR = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"

CONTROL = f"{FHIR}questionnaire-itemControl"
LEAST, MOST, STEP = f"{FHIR}minValue", f"{FHIR}maxValue", f"{FHIR}questionnaire-sliderStepValue"
UNIT, UNIT_OPTION = f"{FHIR}questionnaire-unit", f"{FHIR}questionnaire-unitOption"
EXCLUSIVE, PREFIX = f"{FHIR}questionnaire-optionExclusive", f"{FHIR}questionnaire-optionPrefix"
HIDDEN, CATEGORY = f"{FHIR}questionnaire-hidden", f"{FHIR}questionnaire-displayCategory"
WEIGHT = f"{FHIR}ordinalValue"
WEIGHTS = (WEIGHT, f"{FHIR}itemWeight", f"{FHIR}questionnaire-ordinalValue")
MARKUP, TRANSLATION = f"{FHIR}rendering-xhtml", f"{FHIR}translation"
EXPRESSIONS = tuple(
    f"{SDC}{name}"
    for name in (
        "calculatedExpression",
        "initialExpression",
        "enableWhenExpression",
        "answerExpression",
        "candidateExpression",
        "contextExpression",
        "itemPopulationContext",
        "itemExtractionContext",
        "answerOptionsToggleExpression",
        "launchContext",
        "sourceQueries",
    )
) + (f"{FHIR}variable", f"{FHIR}questionnaire-constraint", f"{FHIR}targetConstraint", f"{FHIR}cqf-expression")
ENABLE_WHEN_EXPRESSION = f"{SDC}enableWhenExpression"
USED = frozenset({CONTROL, LEAST, MOST, STEP, UNIT, UNIT_OPTION, EXCLUSIVE, PREFIX, HIDDEN, CATEGORY, *WEIGHTS})

Extensions = Mapping[str, Mapping[str, Any]]


def extensions_of(element: Mapping[str, Any], item: str, notes: Notebook) -> Extensions:
    """The extensions of `element` that are used, by address; every other one is noted."""
    if "modifierExtension" in element:
        notes.note(Refused.MODIFIER, item, ", ".join(_addresses(element["modifierExtension"])))
    found: dict[str, Mapping[str, Any]] = {}
    for extension in as_list(element.get("extension")):
        address = str(extension.get("url", "")) if isinstance(extension, Mapping) else ""
        if address in USED:
            found[address] = extension
        else:
            notes.note(_left_out(address, extension), item, address or "an extension without an address")
    for name in element:  # what is said about a plain word, such as its markup
        if name.startswith("_") and isinstance(element[name], Mapping):
            extensions_of(element[name], item, notes)
    return found


def _left_out(address: str, extension: object) -> LeftOut:
    if address == ENABLE_WHEN_EXPRESSION:
        return LeftOut.CONDITION_BY_EXPRESSION
    if address in EXPRESSIONS or (isinstance(extension, Mapping) and "valueExpression" in extension):
        return LeftOut.EXPRESSION
    return {MARKUP: LeftOut.MARKUP, TRANSLATION: LeftOut.TRANSLATION}.get(address, LeftOut.EXTENSION)


def has_expression(element: Mapping[str, Any]) -> bool:
    """Whether the form works something out about it, such as its answer."""
    said = [as_object(one) for one in as_list(element.get("extension"))]
    return any(one.get("url") in EXPRESSIONS or "valueExpression" in one for one in said)


def _addresses(extensions: object) -> list[str]:
    return [str(one.get("url", "")) for one in as_list(extensions) if isinstance(one, Mapping)] or ["unnamed"]


def value_of(extensions: Extensions, address: str) -> Any:
    """The value of an extension, whatever its type; None when it is not there."""
    extension = extensions.get(address, {})
    return next((inner for name, inner in extension.items() if name.startswith("value")), None)


def number_of(extensions: Extensions, address: str) -> float | None:
    found = value_of(extensions, address)
    return found if isinstance(found, int | float) and not isinstance(found, bool) else None


def control_of(extensions: Extensions) -> str:
    """The code of the item's control: "slider", "drop-down", "help"; "" when it names none."""
    codings = as_list(as_object(value_of(extensions, CONTROL)).get("coding"))
    return next((str(coding.get("code", "")) for coding in codings if isinstance(coding, Mapping)), "")


def is_in_unit(amount: Mapping[str, Any], extensions: Extensions) -> bool:
    """Whether an amount is in the unit of its question, by code or by words; one without a unit is."""
    coding = as_object(value_of(extensions, UNIT))
    said = {str(amount[key]) for key in ("code", "unit") if key in amount}
    return not coding or not said or not said.isdisjoint({coding.get("code"), coding.get("display")})


def weight_of(extensions: Extensions) -> float | None:
    return next((weight for address in WEIGHTS if (weight := number_of(extensions, address)) is not None), None)


def as_list(found: object) -> list[Any]:
    return found if isinstance(found, list) else []


def as_object(found: object) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}
