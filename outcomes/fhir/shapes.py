"""What a clean item takes, read from its FHIR shape. PURE: no Django.

Called for items that were proven already: those that came through items.py, and
our own (outcomes/instruments/). So nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outcomes.fhir.extensions import (
    EXCLUSIVE,
    LEAST,
    MOST,
    PREFIX,
    UNIT,
    Extensions,
    as_object,
    control_of,
    value_of,
    weight_of,
)
from outcomes.fhir.given import CHOSEN, LONGEST, Kind, Option, Shape, identity

Json = Mapping[str, Any]


def extensions_in(element: Json) -> Extensions:
    return {extension["url"]: extension for extension in element.get("extension", ())}


def shape_of(item: Json) -> Shape:
    kind, extensions = Kind(item["type"]), extensions_in(item)
    unit = as_object(value_of(extensions, UNIT))
    longest = LONGEST.get(kind, 0)
    return Shape(
        kind=kind,
        options=tuple(_option(option) for option in item.get("answerOption", ())),
        several=kind in CHOSEN and bool(item.get("repeats")),
        longest=min(item.get("maxLength", longest), longest),
        least=value_of(extensions, LEAST),
        most=value_of(extensions, MOST),
        unit=_unit(unit) if unit else None,
        drop_down=control_of(extensions) in ("drop-down", "autocomplete"),
        initial=tuple(pair for value in first_of(item) for pair in value.items()),
    )


def _unit(coding: Json) -> tuple[str, str, str]:
    code = coding.get("code", "")
    return coding.get("display") or code, coding.get("system", ""), code


def _option(option: Json) -> Option:
    extensions = extensions_in(option)
    value = _value(option)
    name, inner = next(iter(value.items()))
    return Option(
        value=identity(value),
        words=inner.get("display") or inner["code"] if name == "valueCoding" else str(inner),
        weight=_weight(name, inner, extensions),
        exclusive=value_of(extensions, EXCLUSIVE) is True,
        prefix=value_of(extensions, PREFIX) or "",
    )


def _value(option: Json) -> dict[str, Any]:
    return {name: inner for name, inner in option.items() if name.startswith("value")}


def _weight(name: str, inner: Any, around: Extensions) -> float | None:
    """That of the coding or of the option around a plain value; a whole number weighs itself where nothing is said."""
    if name == "valueCoding":
        return weight_of(extensions_in(inner))
    said = weight_of(around)
    return float(inner) if said is None and name == "valueInteger" else said


def first_of(item: Json) -> list[dict[str, Any]]:
    """What a clean question is answered with before anybody has answered."""
    selected = [_value(option) for option in item.get("answerOption", ()) if option.get("initialSelected")]
    plain = [
        {"valueCoding": {key: value["valueCoding"][key] for key in ("system", "code") if key in value["valueCoding"]}}
        if "valueCoding" in value
        else value
        for value in selected
    ]
    return plain or list(item.get("initial", ()))


def numbered(shape: Shape) -> bool:
    """Whether an answer is one whole number: an integer, or an option whose code is the number that it weighs."""
    if shape.kind is Kind.INTEGER and not shape.options:
        return True
    return shape.kind is Kind.CHOICE and not shape.several and all(_is_numbered(option) for option in shape.options)


def _is_numbered(option: Option) -> bool:
    name, code, system = option.value
    return name == "valueCoding" and not system and option.weight is not None and code == f"{option.weight:g}"
