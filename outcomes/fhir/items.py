"""The items of a file, one by one: made clean, or refused with the name of the item. PURE: no Django.

Here: structure, types, limits, words, first answers. Options are options.py,
conditions are conditions.py. A clean item keeps what is used and nothing else, in
the shape of FHIR R4. Called by reading.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from outcomes.fhir.extensions import (
    CONTROL,
    HIDDEN,
    LEAST,
    MOST,
    STEP,
    UNIT,
    UNIT_OPTION,
    Extensions,
    as_list,
    as_object,
    control_of,
    extensions_of,
    has_expression,
    is_in_unit,
    value_of,
)
from outcomes.fhir.given import (
    ASKED,
    CHOSEN,
    NAMES,
    NUMBERS,
    TIMED,
    WRITTEN,
    Kind,
    in_order,
    is_moment,
    is_number,
    kept,
)
from outcomes.fhir.options import ValueSets, options_of
from outcomes.fhir.remarks import LeftOut, Notebook, Refused, Warned
from outcomes.fhir.shapes import first_of, shape_of
from outcomes.fhir.texts import name, words

Json = dict[str, Any]
MOST_ITEMS = 500
MOST_LEVELS = 6
GROUP, DISPLAY = "group", "display"
NOT_ASKED = ("attachment", "reference", "question")
KNOWN = frozenset(
    "linkId type text prefix required readOnly repeats maxLength code answerOption answerValueSet initial enableWhen"
    " enableBehavior extension modifierExtension item id definition answerConstraint".split()
)


@dataclass
class Walk:
    """Where reading the items stands. `skipped`: items that are there and never asked; of a question with what it
    holds for everybody, of one whose answer is worked out elsewhere with None."""

    sets: ValueSets
    notes: Notebook
    kept: dict[str, Json] = field(default_factory=dict)
    skipped: dict[str, Json | None] = field(default_factory=dict)
    count: int = 0

    def clean(self, items: object, level: int = 1, around: str = "") -> list[Json]:
        if items is not None and not isinstance(items, list):
            self.notes.note(Refused.WRONG_SHAPE, around, "item")
        found = [self._item(item, level) for item in as_list(items)]
        return [item for item in found if item is not None]

    def _item(self, raw: object, level: int) -> Json | None:
        self.count += 1
        item = as_object(raw)
        link = name(item, "linkId", "", self.notes) if "linkId" in item else ""
        if not link.strip():
            self.notes.note(Refused.NO_LINK_ID, "", str(item.get("text", ""))[:60] or f"item {self.count}")
            return None
        if link in self.kept or link in self.skipped:
            self.notes.note(Refused.LINK_ID_TWICE, link)
        if level > MOST_LEVELS:
            self.notes.note(Refused.ITEMS_TOO_DEEP, link, str(MOST_LEVELS))
            return None
        for other in sorted(key for key in item.keys() - KNOWN if not key.startswith("_")):
            self.notes.note(LeftOut.FIELD, link, other)
        return self._of_type(item, link, level)

    def _of_type(self, item: Mapping[str, Any], link: str, level: int) -> Json | None:
        kind, extensions = str(item.get("type", "")), extensions_of(item, link, self.notes)
        if (why := _why_not_asked(item, kind, extensions)) is not None:
            self.notes.note(why, link)
            self._skip(item)
            return None
        if kind not in (GROUP, DISPLAY, *ASKED):
            self._refuse_type(kind, link)
            return None
        clean = self._plain(item, link, kind)
        self.kept[link] = clean
        if kind in (GROUP, DISPLAY):
            self._of_no_question(item, link, kind)
            control = control_of(extensions)
            clean |= {"extension": [_control(control)]} if kind == DISPLAY and control else {}
        else:
            clean |= self._question(item, link, Kind(kind), extensions)
        before = len(self.kept)
        below = self.clean(item.get("item"), level + 1, link)
        inside = list(self.kept.values())[before:]
        if kind == GROUP and clean["text"] and not any(one["type"] in ASKED for one in inside):
            self.notes.note(LeftOut.HEADING, link)
        if below:
            clean["item"] = below  # in place: `kept` holds the same item, and its conditions are made clean there
        return clean

    def _plain(self, item: Mapping[str, Any], link: str, kind: str) -> Json:
        text = words(item, "text", link, self.notes) or self._words_of_code(item, link)
        if not text and kind != GROUP:
            self.notes.note(Refused.NO_TEXT, link)
        prefix = words(item, "prefix", link, self.notes, longest=20)
        codes = [coding for raw in as_list(item.get("code")) if (coding := self._code(as_object(raw), link))]
        logic = {key: item[key] for key in ("enableWhen", "enableBehavior") if key in item}
        return {
            "linkId": link,
            "type": kind,
            "text": text,
            **({"prefix": prefix} if prefix else {}),
            **({"code": codes} if codes else {}),
            **logic,  # conditions.py makes it clean, when every item is known
        }

    def _words_of_code(self, item: Mapping[str, Any], link: str) -> str:
        """What an item is called where it has no words of its own."""
        return next((words(as_object(raw), "display", link, self.notes) for raw in as_list(item.get("code"))), "")

    def _code(self, raw: Mapping[str, Any], link: str) -> Json:
        found = {key: name(raw, key, link, self.notes) for key in ("system", "code") if key in raw}
        return {key: said for key, said in found.items() if said}

    def _of_no_question(self, item: Mapping[str, Any], link: str, kind: str) -> None:
        if item.get("repeats") is True:
            self.notes.note(Refused.GROUP_REPEATS, link)
        if item.get("required") is True:
            self.notes.note(LeftOut.FIELD, link, "required")
        if kind == DISPLAY and as_list(item.get("item")):
            self.notes.note(Refused.DISPLAY_WITH_ITEMS, link)
        if "answerOption" in item or "answerValueSet" in item:
            self.notes.note(Refused.OPTIONS_ON_TYPE, link, kind)

    def _refuse_type(self, kind: str, link: str) -> None:
        if kind == "coding":
            self.notes.note(Refused.TYPE_OF_R5, link, kind)
        else:
            self.notes.note(Refused.TYPE_NOT_ASKED if kind in NOT_ASKED else Refused.TYPE_UNKNOWN, link, kind)

    def _skip(self, item: Mapping[str, Any]) -> None:
        """An item that is not asked, and everything inside it."""
        self.skipped[str(item.get("linkId", ""))] = self._of_everybody(item)
        for below in as_list(item.get("item")):
            self.count += 1
            self._skip(as_object(below))

    def _of_everybody(self, item: Mapping[str, Any]) -> Json | None:
        """A question that is not asked, with the answer that it comes with: nobody ever gives another."""
        kind, aside = str(item.get("type", "")), Walk(self.sets, Notebook())
        if kind not in ASKED or has_expression(item):
            return None
        clean = aside._question(item, "", Kind(kind), extensions_of(item, "", aside.notes))
        is_filled_in_elsewhere = item.get("readOnly") is True and not first_of(clean)
        return None if is_filled_in_elsewhere else clean

    def _question(self, item: Mapping[str, Any], link: str, kind: Kind, extensions: Extensions) -> Json:
        clean: Json = {"type": kind.value}
        if kind in CHOSEN:
            clean["answerOption"] = options_of(item, link, kind, self.sets, self.notes)
        elif "answerOption" in item or "answerValueSet" in item:
            self.notes.note(Refused.OPTIONS_ON_TYPE, link, kind)
        clean |= self._flags(item, link, kind)
        marks = self._limits(link, kind, extensions) + self._unit(item, link, kind, extensions)
        self._of_other_types(link, kind, extensions)
        control = control_of(extensions)
        marks += [_control(control)] if control else []
        clean |= {"extension": marks} if marks else {}
        return clean | self._first(item, link, clean)

    def _flags(self, item: Mapping[str, Any], link: str, kind: Kind) -> Json:
        clean: Json = {"required": True} if item.get("required") is True else {}
        if item.get("repeats") is True:
            if kind in CHOSEN:
                clean["repeats"] = True
            else:
                self.notes.note(Warned.ASKED_ONCE, link)
        longest = item.get("maxLength")
        if kind in (*WRITTEN, Kind.URL, Kind.OPEN_CHOICE) and longest is not None:
            if is_number(longest) and isinstance(longest, int) and longest > 0:
                clean["maxLength"] = longest
            else:
                self.notes.note(Refused.WRONG_SHAPE, link, "maxLength")
        return clean

    def _limits(self, link: str, kind: Kind, extensions: Extensions) -> list[Json]:
        """A limit that cannot be read would let answers in that the form does not take: it is refused."""
        limits = {}
        for address in (LEAST, MOST, STEP) if kind in NUMBERS else (LEAST, MOST) if kind in TIMED else ():
            limit = value_of(extensions, address)
            limit = _amount(limit, extensions) if kind is Kind.QUANTITY and isinstance(limit, Mapping) else limit
            if limit is None and address in extensions:
                self.notes.note(LeftOut.EXPRESSION, link, address)
            elif limit is not None and not (_is_limit(kind, limit) and (address != STEP or limit > 0)):
                self.notes.note(Refused.LIMIT_NOT_READ, link, str(limit)[:40])
            elif limit is not None:
                limits[address] = int(limit) if kind is Kind.INTEGER else limit
        if LEAST in limits and MOST in limits and in_order(kind, limits[LEAST]) > in_order(kind, limits[MOST]):
            self.notes.note(Refused.LIMITS_CROSSED, link)
        named = {Kind.INTEGER: "valueInteger", Kind.QUANTITY: "valueDecimal"}.get(kind) or NAMES.get(kind, "")
        return [{"url": address, named: limit} for address, limit in limits.items()]

    def _unit(self, item: Mapping[str, Any], link: str, kind: Kind, extensions: Extensions) -> list[Json]:
        """The unit of the question, by its code or in words alone; of several to choose from, the first."""
        if kind not in NUMBERS:
            return []
        offered = [one for one in as_list(item.get("extension")) if as_object(one).get("url") == UNIT_OPTION]
        of = extensions if UNIT in extensions else dict(zip([UNIT], offered, strict=False))
        coding = as_object(value_of(of, UNIT))
        kept_ = {key: said for key in ("system", "code") if (said := name(coding, key, link, self.notes))}
        shown = words(coding, "display", link, self.notes, longest=50)
        if not (shown or "code" in kept_):
            self._without_unit(link, kind, is_named=bool(of))
            return []
        if UNIT not in extensions and len(offered) > 1:
            self.notes.note(Warned.ONE_UNIT, link, shown or kept_["code"])
        return [{"url": UNIT, "valueCoding": kept_ | ({"display": shown} if shown else {})}]

    def _without_unit(self, link: str, kind: Kind, *, is_named: bool) -> None:
        if is_named:
            self.notes.note(Warned.UNIT_NOT_READ, link)
        elif kind is Kind.QUANTITY:
            self.notes.note(Warned.NO_UNIT, link)

    def _of_other_types(self, link: str, kind: Kind, extensions: Extensions) -> None:
        """What is used of a number, and stands on another question."""
        used = (LEAST, MOST, STEP, UNIT, UNIT_OPTION) if kind in NUMBERS else (LEAST, MOST) if kind in TIMED else ()
        for address in (LEAST, MOST, STEP, UNIT, UNIT_OPTION):
            if address in extensions and address not in used:
                self.notes.note(LeftOut.EXTENSION, link, address)

    def _first(self, item: Mapping[str, Any], link: str, clean: Json) -> Json:
        """What is filled in before anybody has answered, where the question takes it."""
        first = [_plain_value(as_object(value)) for value in as_list(item.get("initial"))]
        if not first:
            return {}
        taken = kept(shape_of(clean), first)
        if taken is None:
            self.notes.note(LeftOut.FIRST_ANSWER, link)
        return {"initial": taken} if taken is not None else {}


def _amount(limit: Mapping[str, Any], extensions: Extensions) -> Any:
    """Its number; with its unit, which is no number, where that is another than the question's."""
    number = limit.get("value")
    return number if is_in_unit(limit, extensions) else f"{number} {limit.get('unit') or limit.get('code')}"


def _is_limit(kind: Kind, limit: object) -> bool:
    if kind in TIMED:
        return is_moment(kind, limit)
    return is_number(limit) and (kind is not Kind.INTEGER or limit == int(limit))  # type: ignore[call-overload]


def _why_not_asked(item: Mapping[str, Any], kind: str, extensions: Extensions) -> LeftOut | None:
    if value_of(extensions, HIDDEN) is True:
        return LeftOut.HIDDEN_ITEM
    return LeftOut.WORKED_OUT_ITEM if item.get("readOnly") is True and kind in ASKED else None


def _control(code: str) -> Json:
    return {"url": CONTROL, "valueCodeableConcept": {"coding": [{"code": code}]}}


def _plain_value(value: Mapping[str, Any]) -> Json:
    """A first answer without its words: a coding is its system and code."""
    found = {key: inner for key, inner in value.items() if key.startswith("value")}
    coding = found.get("valueCoding")
    if isinstance(coding, Mapping):
        found["valueCoding"] = {key: coding[key] for key in ("system", "code") if key in coding}
    return found
