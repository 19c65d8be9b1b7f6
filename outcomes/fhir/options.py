"""The answers that a question offers, with what each weighs. PURE: no Django.

Here: options of the item itself, and those of a value set inside the same file,
by its id or its address. A value set that is somewhere else is refused: nothing
is ever fetched. Called by items.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from outcomes.fhir.extensions import (
    EXCLUSIVE,
    PREFIX,
    WEIGHT,
    WEIGHTS,
    Extensions,
    as_list,
    as_object,
    extensions_of,
    value_of,
)
from outcomes.fhir.given import Kind, identity, is_moment, is_number
from outcomes.fhir.remarks import LeftOut, Notebook, Refused, Warned
from outcomes.fhir.texts import name, words

Json = dict[str, Any]
LONGEST_OPTION = 500


@dataclass(frozen=True)
class ValueSets:
    """What the file holds besides its items: value sets by id and address, weights by system and code."""

    sets: dict[str, list[Json]] = field(default_factory=dict)
    weights: dict[tuple[str, str], float] = field(default_factory=dict)
    by_rule: frozenset[str] = frozenset()
    torn: frozenset[tuple[str, str]] = frozenset()  # what the file gives two weights


def value_sets_of(contained: list[Any], notes: Notebook) -> ValueSets:
    found: dict[str, list[Json]] = {}
    weights: dict[tuple[str, str], float] = {}
    by_rule: set[str] = set()
    torn: set[tuple[str, str]] = set()
    for resource in contained:
        kind = as_object(resource).get("resourceType")
        if kind not in ("ValueSet", "CodeSystem"):
            continue
        extensions_of(resource, "", notes)
        codings = list(_codings(resource, notes))
        said = {_key(coding): coding["extension"][0]["valueDecimal"] for coding in codings if "extension" in coding}
        torn |= {key for key, weight in said.items() if weights.get(key, weight) != weight}
        weights |= said
        if kind == "ValueSet":
            names = {f"#{resource.get('id', '')}", str(resource.get("url", ""))} - {"#", ""}
            for twice in sorted(names & found.keys()):
                notes.note(Refused.VALUE_SET_TWICE, "", twice)
            found |= dict.fromkeys(names, codings)
            by_rule |= set() if codings and _is_listed(resource) else names
    return ValueSets(found, weights, frozenset(by_rule), frozenset(torn))


def _is_listed(value_set: Mapping[str, Any]) -> bool:
    """Whether each code of it stands in the file: no rule adds one or takes one away."""
    if "expansion" in value_set:
        expansion = as_object(value_set["expansion"])
        total = expansion.get("total", 0)
        return isinstance(total, int) and total <= _count(expansion)
    compose = as_object(value_set.get("compose"))
    parts = [as_object(part) for part in as_list(compose.get("include"))]
    by_rule = any("filter" in part or "valueSet" in part or not as_list(part.get("concept")) for part in parts)
    return not by_rule and not compose.get("exclude")


def _count(expansion: Mapping[str, Any]) -> int:
    return sum(1 + _count(as_object(below)) for below in as_list(expansion.get("contains")))


def _codings(resource: Mapping[str, Any], notes: Notebook) -> Iterator[Json]:
    for concept in as_list(as_object(resource.get("expansion")).get("contains")):
        yield from _nested(concept, str(as_object(concept).get("system", "")), "contains", notes)
    if "expansion" not in resource:
        for part in as_list(as_object(resource.get("compose")).get("include")):
            for concept in as_list(as_object(part).get("concept")):
                yield _coding({**as_object(concept), "system": as_object(part).get("system", "")}, "", notes)
    for concept in as_list(resource.get("concept")):
        yield from _nested(concept, str(resource.get("url", "")), "concept", notes)


def _nested(concept: object, system: str, inner: str, notes: Notebook) -> Iterator[Json]:
    one = as_object(concept)
    if "code" in one and not one.get("abstract"):
        yield _coding({"system": system, **one}, "", notes)
    for below in as_list(one.get(inner)):
        yield from _nested(below, str(as_object(below).get("system", system)), inner, notes)


def _coding(coding: Mapping[str, Any], item: str, notes: Notebook, outside: float | None = None) -> Json:
    """A coding with its weight, which may stand on the coding or on the option around it (`outside`)."""
    own = _weight(extensions_of(coding, item, notes), item, notes)
    weight = outside if own is None else own
    if outside not in (None, weight):
        notes.note(Refused.WEIGHTS_DIFFER, item, f"{outside:g} and {weight:g}")
    kept = {"system": name(coding, "system", item, notes), "code": name(coding, "code", item, notes)}
    shown = words(coding, "display", item, notes, longest=LONGEST_OPTION) or kept["code"]
    return {
        **{key: said for key, said in kept.items() if said},
        "display": shown,
        **({"extension": marks} if (marks := _weighing(weight)) else {}),
    }


def _weight(extensions: Extensions, item: str, notes: Notebook) -> float | None:
    """One that cannot be read would be no score at all, or that of another answer: it is refused."""
    said = [value_of(extensions, address) for address in WEIGHTS if address in extensions]
    for one in (one for one in said if not is_number(one)):
        notes.note(Refused.WEIGHT_NOT_READ, item, str(one)[:40])
    found = [one for one in said if is_number(one)]
    if len(set(found)) > 1:
        notes.note(Refused.WEIGHTS_DIFFER, item, " and ".join(f"{one:g}" for one in found))
    return found[0] if found else None


def _key(coding: Mapping[str, Any]) -> tuple[str, str]:
    return str(coding.get("system", "")), str(coding.get("code", ""))


def options_of(item: Mapping[str, Any], link: str, kind: Kind, sets: ValueSets, notes: Notebook) -> list[Json]:
    """The options of one choice, clean. What is wrong is noted."""
    if "answerConstraint" in item:
        notes.note(Refused.CONSTRAINT_OF_R5, link)
    options = _of_set(item, link, sets, notes) if "answerValueSet" in item else _of_item(item, link, sets, notes)
    keys = [_identity(option) for option in options]
    for key in {str(key[1]) for key in keys if keys.count(key) > 1}:
        notes.note(Refused.OPTION_TWICE, link, key)
    for twice in _alike(options):
        notes.note(Warned.OPTIONS_ALIKE, link, twice)
    if not options and "answerValueSet" not in item and kind is Kind.CHOICE:
        notes.note(Refused.NO_OPTIONS, link)
    if options and all(_is_exclusive(option) for option in options) and item.get("repeats") and len(options) > 1:
        notes.note(Refused.EXCLUSIVE_ALONE, link)
    return _with_one_chosen(options, item, link, notes)


def _alike(options: list[Json]) -> list[str]:
    """Words of several options that differ for machines alone: whoever reads them cannot tell them apart."""
    read = list({_identity(option): _as_read(option) for option in options}.values())
    return sorted({words for words in read if read.count(words) > 1})


def _as_read(option: Mapping[str, Any]) -> str:
    value = next(inner for key, inner in option.items() if key.startswith("value"))
    words = value["display"] if isinstance(value, Mapping) else str(value)
    prefix = value_of({mark["url"]: mark for mark in option.get("extension", ())}, PREFIX)
    return f"{prefix} {words}" if prefix else words


def _with_one_chosen(options: list[Json], item: Mapping[str, Any], link: str, notes: Notebook) -> list[Json]:
    """Of several that are chosen beforehand where one can be, none is."""
    if item.get("repeats") is True or sum("initialSelected" in option for option in options) < 2:
        return options
    notes.note(LeftOut.FIRST_ANSWER, link)
    return [{name: inner for name, inner in option.items() if name != "initialSelected"} for option in options]


def _identity(option: Mapping[str, Any]) -> tuple[str, Any, str]:
    return identity({key: inner for key, inner in option.items() if key.startswith("value")})


def _is_exclusive(option: Mapping[str, Any]) -> bool:
    return any(extension["url"] == EXCLUSIVE for extension in option.get("extension", ()))


def _of_set(item: Mapping[str, Any], link: str, sets: ValueSets, notes: Notebook) -> list[Json]:
    address = item["answerValueSet"] if isinstance(item["answerValueSet"], str) else ""
    plain = address.partition("|")[0]
    if plain in sets.by_rule:
        notes.note(Refused.VALUE_SET_BY_RULE, link, address)
        return []
    if plain not in sets.sets:
        notes.note(Refused.VALUE_SET_MISSING if address.startswith("#") else Refused.VALUE_SET_OUTSIDE, link, address)
        return []
    return [{"valueCoding": coding} for coding in sets.sets[plain] if _has_code(coding, link, notes)]


def _has_code(coding: Mapping[str, Any], link: str, notes: Notebook) -> bool:
    if "code" not in coding:
        notes.note(Refused.OPTION_NOT_READ, link, str(coding.get("display", "")))
    return "code" in coding


def _of_item(item: Mapping[str, Any], link: str, sets: ValueSets, notes: Notebook) -> list[Json]:
    read = [_option(as_object(option), link, sets, notes) for option in as_list(item.get("answerOption"))]
    return [option for option in read if option is not None]


def _option(option: Mapping[str, Any], link: str, sets: ValueSets, notes: Notebook) -> Json | None:
    extensions = extensions_of(option, link, notes)
    weight = _weight(extensions, link, notes)
    value = _value(option, link, sets, weight, notes)
    if value is None:
        notes.note(Refused.OPTION_NOT_READ, link, ", ".join(key for key in option if key.startswith("value")))
        return None
    chosen = {"initialSelected": True} if option.get("initialSelected") is True else {}
    marks = _marks(extensions) + (_weighing(weight) if "valueCoding" not in value else [])
    return {**value, **chosen, **({"extension": marks} if marks else {})}


def _weighing(weight: float | None) -> list[Json]:
    return [] if weight is None else [{"url": WEIGHT, "valueDecimal": weight}]


def _marks(extensions: Extensions) -> list[Json]:
    exclusive = [{"url": EXCLUSIVE, "valueBoolean": True}] if value_of(extensions, EXCLUSIVE) is True else []
    prefix = value_of(extensions, PREFIX)
    return exclusive + ([{"url": PREFIX, "valueString": prefix[:20]}] if isinstance(prefix, str) and prefix else [])


def _value(option: Mapping[str, Any], link: str, sets: ValueSets, weight: float | None, notes: Notebook) -> Json | None:
    if isinstance(option.get("valueCoding"), Mapping):
        coding = option["valueCoding"]
        clean = _coding(coding, link, notes, weight)
        if "extension" not in clean and (known := sets.weights.get(_key(coding))) is not None:
            clean["extension"] = _weighing(known)
            if _key(coding) in sets.torn:
                notes.note(Refused.WEIGHTS_DIFFER, link, str(coding.get("code", "")))
        return {"valueCoding": clean} if "code" in clean else None
    if is_number(option.get("valueInteger")) and isinstance(option["valueInteger"], int):
        return {"valueInteger": option["valueInteger"]}
    if is_moment(Kind.DATE, option.get("valueDate")):
        return {"valueDate": option["valueDate"]}
    text = words(option, "valueString", link, notes, longest=255)
    return {"valueString": text} if text else None
