"""A recipe read from its file, checked word by word. PURE: no Django.

Here: what may stand in a file of this folder, and the recipe that comes of it.
Not here: the shapes (recipe.py), which files there are (__init__.py). What
docs/instruments.md explains to people, this refuses to misread: an unknown key,
an item that is not there, a name that looks like a sentence.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from outcomes.instruments.recipe import (
    Band,
    Change,
    CheckRange,
    Code,
    Direction,
    FromScales,
    Function,
    Item,
    Label,
    Linear,
    Lookup,
    Mean,
    MinAnswered,
    Operation,
    Product,
    ProratedSum,
    Recipe,
    Recode,
    Rescale,
    Reverse,
    SafetyItem,
    Scale,
    Sum,
    System,
    UnableIsZero,
    Weigh,
)

Table = Mapping[str, Any]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,29}")  # of items and scales: no room for the words of a question
_RUN = re.compile(r"([a-z_]+)(\d+)-\1(\d+)")  # q1-q9
LONGEST_NAME = 40  # of a scale, as people call it
_BAND = re.compile(r"[a-z][a-z-]{0,29}")


class BadRecipe(ValueError):
    """A file that is no recipe; says where and why."""


def read_recipe(text: str, code: str) -> Recipe:
    """The recipe in `text`, called `code`. Raises BadRecipe."""
    try:
        content = tomllib.loads(text)
        return _recipe(content, code)
    except (tomllib.TOMLDecodeError, BadRecipe) as trouble:
        raise BadRecipe(f"{code}.toml: {trouble}") from None
    except KeyError as missing:
        raise BadRecipe(f"{code}.toml: {missing} is missing.") from None
    except (TypeError, AttributeError, ValueError) as trouble:
        raise BadRecipe(f"{code}.toml: something has the wrong form: {trouble}.") from None


def _recipe(content: Table, code: str) -> Recipe:
    _only(
        content,
        "version title measures main told citation licence loinc snomed status variant_of to_check "
        "items scales labels safety_items",
    )
    items = tuple(item for block in content["items"] for item in _items(block))
    known = {item.id: item for item in items}
    _once(known, [item.id for item in items], "item")
    scales = tuple(_scale(table, known) for table in content["scales"])
    names = {scale.id for scale in scales}
    _once(names, [scale.id for scale in scales], "scale")
    _earlier(scales)
    _told_by_answers(scales)
    _of_the_same_answers(scales)
    return Recipe(
        code=code,
        version=content["version"],
        title=content["title"],
        items=items,
        scales=scales,
        citation=content["citation"],
        licence=content["licence"],
        measures=content["measures"],
        main=_one_of(content["main"], names, "scale"),
        told=tuple(_one_of(name, names, "scale") for name in content.get("told", ())),
        labels=tuple(_label(table, scales) for table in content.get("labels", ())),
        safety_items=tuple(_safety_item(table, known) for table in content.get("safety_items", ())),
        status=content.get("status", ""),
        variant_of=content.get("variant_of", ""),
        to_check=tuple(content.get("to_check", ())),
        codes=tuple(_codes(content)),
    )


# --- items -------------------------------------------------------------------


def _items(block: Table) -> Iterator[Item]:
    _only(block, "ids range direction optional whole unable loinc")
    ids = _spread(block["ids"])
    lo, hi = block["range"]
    if not lo < hi:
        raise BadRecipe(f"the range of {block['ids']} must run from a lower to a higher number.")
    loinc = block.get("loinc", [])
    if loinc and len(loinc) != len(ids):
        raise BadRecipe(f"{block['ids']} are {len(ids)} items and have {len(loinc)} LOINC codes.")
    for place, name in enumerate(ids):
        yield Item(
            id=name,
            lo=lo,
            hi=hi,
            direction=Direction(block.get("direction", "up")),
            optional=block.get("optional", False),
            whole=block.get("whole", True),
            unable=block.get("unable", False),
            codes=(Code(System.LOINC, loinc[place]),) if loinc else (),
        )


def _spread(names: str) -> tuple[str, ...]:
    """ "q1-q3 q7" is q1 q2 q3 q7."""
    found: list[str] = []
    for word in names.split():
        if run := _RUN.fullmatch(word):
            stem, first, last = run.groups()
            found += [f"{stem}{number}" for number in range(int(first), int(last) + 1)]
        else:
            found.append(_name(word))
    return tuple(found)


# --- scales ------------------------------------------------------------------


def _scale(table: Table, items: Mapping[str, Item]) -> Scale:
    _only(table, "id name items steps range direction value_set by_answers bands changes loinc snomed")
    name = _name(table["id"])
    ids = _of(items, table["items"], f"{name} reads")
    lo, hi = table["range"]
    return Scale(
        id=name,
        items=ids,
        operations=tuple(_step(step, ids, items, name) for step in table["steps"]),
        lo=lo,
        hi=hi,
        direction=Direction(table.get("direction", "up")),
        value_set=table.get("value_set", ""),
        bands=tuple(_bands(table.get("bands", {}), name)),
        changes=tuple(_change(change) for change in table.get("changes", ())),
        name=_short(table.get("name", "")),
        by_answers=table.get("by_answers", False),
        codes=tuple(_codes(table)),
    )


_PLAIN: Mapping[str, Callable[[], Operation]] = {
    "in_range": CheckRange,
    "all_answered": MinAnswered,
    "unable_is_zero": UnableIsZero,
    "mean": Mean,
    "sum": Sum,
    "prorated_sum": ProratedSum,
}
_WITH: Mapping[str, Callable[[Any], Operation]] = {
    "at_least": lambda count: MinAnswered(count),
    "at_least_share": lambda share: MinAnswered(share=share),
    "over_share": lambda share: MinAnswered(share=share, over=True),
    "linear": lambda line: Linear(*line),
    "rescale": lambda ends: Rescale(*ends),
    "function": lambda name: Function(name),
}


def _step(step: str | Table, ids: Sequence[str], items: Mapping[str, Item], scale: str) -> Operation:
    if isinstance(step, str):
        return _PLAIN[_one_of(step, _PLAIN, "step")]()
    match dict(step):
        case {"reverse": names, **rest} if not rest:
            return Reverse(frozenset(_of(ids, names, f"{scale} turns round")))
        case {"recode": numbers, **rest} if not rest:
            return Recode({name: _numbers_for(items[name], row) for name, row in _by_item(numbers, ids, scale)})
        case {"weigh": weights, **rest} if not rest:
            return Weigh(dict(_by_item(weights, ids, scale)))
        case {"product": names, **rest} if set(rest) <= {"at_most"}:
            first, second = _of(ids, names, f"{scale} multiplies")
            return Product(first, second, **rest)
        case {"lookup": numbers, "from": start, **rest} if not rest:
            return Lookup(start, tuple(numbers))
        case {"scales": names, **rest} if set(rest) <= {"turned"}:
            return FromScales(tuple(names.split()), frozenset(rest.get("turned", "").split()))
    [(name, value)] = step.items() if len(step) == 1 else [(" and ".join(step), None)]
    return _WITH[_one_of(name, _WITH, "step")](value)


def _by_item(table: Table, ids: Iterable[str], scale: str) -> Iterator[tuple[str, Any]]:
    """What stands for each item; "q1-q5" stands for each of the five."""
    for names, value in table.items():
        for name in _of(ids, names, f"{scale} speaks of"):
            yield name, value


def _numbers_for(item: Item, row: Sequence[float]) -> tuple[float, ...]:
    if len(row) != item.hi - item.lo + 1:
        raise BadRecipe(f"{item.id} has answers from {item.lo} to {item.hi}, and {len(row)} numbers to put for them.")
    return tuple(row)


def _bands(table: Table, scale: str) -> Iterator[Band]:
    _only(table, "from names")
    cuts, names = table.get("from", ()), table.get("names", ())
    if len(cuts) != len(names) or any(low >= high for low, high in pairwise(cuts)):
        raise BadRecipe(f"the bands of {scale} must rise, and each must have a name.")
    for cut, name in zip(cuts, names, strict=True):
        if not _BAND.fullmatch(name):
            raise BadRecipe(f"{name!r} is no name of a band: small letters and hyphens, at most 30.")
        yield Band(cut, name)


def _change(table: Table) -> Change:
    _only(table, "points better worse source checked")
    better = table.get("better", table.get("points"))
    worse = table.get("worse", table.get("points"))
    if not (better and worse and better > 0 and worse > 0 and table["source"]):
        raise BadRecipe("a change that matters has points above 0 (or better and worse), and a source.")
    return Change(better, worse, table["source"], table["checked"])


# --- what goes with them -----------------------------------------------------


def _label(table: Table, scales: Sequence[Scale]) -> Label:
    _only(table, "id of")
    return Label(
        _name(table["id"]), _one_of(table["of"], [scale.id for scale in scales if scale.bands], "banded scale")
    )


def _safety_item(table: Table, items: Mapping[str, Item]) -> SafetyItem:
    _only(table, "item least id")
    return SafetyItem(_one_of(table["item"], items, "item"), table["least"], _name(table["id"]))


def _codes(table: Table) -> Iterator[Code]:
    for system in System:
        if code := table.get(system.name.lower()):
            yield Code(system, code)


def _earlier(scales: Sequence[Scale]) -> None:
    """A scale made of others stands after them."""
    before: set[str] = set()
    for scale in scales:
        for step in scale.operations:
            if isinstance(step, FromScales) and (late := {*step.scales, *step.turned} - before):
                raise BadRecipe(f"{scale.id} is made of scales that do not stand before it: {_list(late)}.")
        before.add(scale.id)


def _told_by_answers(scales: Iterable[Scale]) -> None:
    """People are counted by a line or by their answers, and by answers only where none is missing."""
    for scale in (scale for scale in scales if scale.by_answers):
        if scale.changes:
            raise BadRecipe(f"{scale.id} has changes that matter and by_answers: leave one of them out.")
        if MinAnswered() not in scale.operations:
            raise BadRecipe(f"{scale.id} has by_answers, so it needs the step all_answered.")


def _of_the_same_answers(scales: Iterable[Scale]) -> None:
    """Whichever set of values is chosen, the same people have an index, and are counted in the same way."""
    for one, other in pairwise(scale for scale in scales if scale.value_set):
        if (one.items, one.by_answers) != (other.items, other.by_answers):
            raise BadRecipe(f"{one.id} and {other.id} are indices of the same answers, and differ in these.")


# --- refusing ----------------------------------------------------------------


def _only(table: Table, allowed: str) -> None:
    if unknown := set(table) - set(allowed.split()):
        raise BadRecipe(f"nothing is called so: {_list(unknown)}. There are: {allowed}.")


def _of(known: Iterable[str], names: str, what: str) -> tuple[str, ...]:
    found = _spread(names)
    if unknown := set(found) - set(known):
        raise BadRecipe(f"{what} items that are not there: {_list(unknown)}.")
    return found


def _one_of(name: str, known: Iterable[str], kind: str) -> str:
    if name not in known:
        raise BadRecipe(f"there is no {kind} called {name!r}. There are: {_list(known)}.")
    return name


def _short(name: str) -> str:
    if len(name) > LONGEST_NAME:
        raise BadRecipe(f"{name!r} is too long for the name of a scale: at most {LONGEST_NAME} letters.")
    return name


def _name(word: str) -> str:
    if not _NAME.fullmatch(word):
        raise BadRecipe(f"{word!r} is no name: letters, digits, _ and ., at most 30.")
    return word


def _once(known: Iterable[str], names: Sequence[str], kind: str) -> None:
    if twice := {name for name in known if names.count(name) > 1}:
        raise BadRecipe(f"each {kind} stands once: {_list(twice)}.")


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
