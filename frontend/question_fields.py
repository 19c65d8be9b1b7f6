"""The form of one question of a questionnaire, whatever kind it is of.

Here: which fields ask it, what their answer is, what stands in them before, and
an answer in words. Not here: the way through the questions (questionnaires.py),
what a question takes (outcomes/questions/). "I would rather not answer" stands
among what may be chosen; beside what is typed it is a button of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from frontend import forms, wording
from outcomes.fhir.given import NAMES, NUMBERS, Given, Kind, Limit, Option, Shape, Value, is_address, quantity
from outcomes.questions import Question, Replies, Reply
from outcomes.scoring import DECLINED

RATHER_NOT = "I would rather not answer"
NOT_ANSWERED = "Not answered yet"
OWN = "own"  # the choice that reveals a box for one's own words
YES_NO = ((True, "Yes"), (False, "No"))
TYPED = (Kind.DECIMAL, Kind.QUANTITY, Kind.DATE, Kind.DATE_TIME, Kind.TIME, Kind.STRING, Kind.TEXT, Kind.URL)
MISSING_CHOICE = f"Choose an answer, or “{RATHER_NOT}”"
MISSING_TYPED = f"Enter an answer, or choose “{RATHER_NOT}”"
CALLED = {"act_min": "the number of minutes"}


class WebAddressField(forms.TextField):
    """An address of a page. It is kept as words, and never opened."""

    kind = "url"

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value))
        if typed and not is_address(typed):
            raise self.wrong("must be a web address, like https://www.example.org")
        return typed


class QuestionForm(forms.Form):
    """One question: something to choose, or something to type."""

    def __init__(self, question: Question, caption: str, sent: Any = None, *, replies: Replies) -> None:
        super().__init__(sent, initial=_initial(question, replies.get(question.id)))
        self.question = question
        look: dict[str, Any] = {
            "label": f"{question.prefix} {question.text}".strip(),
            "hint": hint_of(question),
            "page_heading": True,
            "caption": caption,
        }
        self.fields |= _typed(question, look) if is_typed(question) else _chosen(question, look)

    @property
    def given(self) -> Reply:  # not "answer", which a template finds before the field
        """The answer as it is kept. Only of a form that is valid."""
        said, shape = self.cleaned_data, self.question.shape
        given = said["answer"]
        if is_typed(self.question) and not self.question.is_numbered:
            return [_typed_value(shape, given, said.get("time"))]  # "declined" in a box is that word
        chosen = given if isinstance(given, list) else [given]
        if DECLINED in chosen:
            return DECLINED
        if self.question.is_numbered:
            return int(given)
        return [_value_of(shape, one, said.get(OWN, "")) for one in chosen]


def is_typed(question: Question) -> bool:
    """Whether its answer is typed, so that declining it is a button of its own."""
    return question.is_typed if question.is_numbered else question.shape.kind in TYPED


def is_scale(question: Question) -> bool:
    """Whether it is a row of numbers."""
    return question.is_numbered and not question.options and not question.is_typed


# --- words beside it ---------------------------------------------------------


def hint_of(question: Question) -> str:
    return " ".join(part for part in (question.help, _ends(question)) if part)


def _ends(question: Question) -> str:
    """What the lowest and the highest answer mean, where the form says so."""
    ends = zip(_named_ends(question.shape), (question.low_words, question.high_words), strict=True)
    return " ".join(f"{end} means “{words}”." if end else f"“{words}”." for end, words in ends if words)


def _named_ends(shape: Shape) -> tuple[str, str]:
    if shape.options:
        return option_words(shape.options[0]), option_words(shape.options[-1])
    return _named_end(shape, shape.least), _named_end(shape, shape.most)


def _named_end(shape: Shape, limit: Limit) -> str:
    if limit is None:
        return ""
    return f"{limit:,}" if isinstance(limit, int) else _limit_words(shape, limit)


def _range(shape: Shape) -> str:
    """From where to where a number may be typed."""
    if shape.kind not in NUMBERS or shape.least is None or shape.most is None:
        return ""
    return f"From {_named_end(shape, shape.least)} to {_named_end(shape, shape.most)}"


# --- something to type -------------------------------------------------------


def _typed(question: Question, look: dict[str, Any]) -> dict[str, Any]:
    shape = question.shape
    hint = look["hint"] or _range(shape)
    look = look | {"missing": MISSING_TYPED, "called": CALLED.get(question.id, "your answer"), "hint": hint}
    suffix = shape.unit[0] if shape.unit else ""
    match shape.kind:
        case Kind.INTEGER:
            called = CALLED.get(question.id, "the number")
            given = look | {"called": called, "missing": f"Enter {called}, or choose “{RATHER_NOT}”"}
            least, most = {"min_value": question.lo}, {"max_value": question.hi}
            return {"answer": forms.NumberField(width=_width(question.hi), suffix=suffix, **least, **most, **given)}
        case Kind.DECIMAL | Kind.QUANTITY:
            return {"answer": forms.DecimalField(least=_number(shape.least), most=_number(shape.most), suffix=suffix,
                                                 **look)}  # fmt: skip
        case Kind.DATE:
            return {"answer": forms.DateField(earliest=_day(shape.least), latest=_day(shape.most), **look)}
        case Kind.DATE_TIME:
            day = forms.DateField(earliest=_day(shape.least), latest=_day(shape.most), **look)
            return {"answer": day, "time": forms.TimeField(label="Time of day", called="the time of day")}
        case Kind.TIME:
            return {"answer": forms.TimeField(**look | {"hint": look["hint"] or "For example, 6:30pm"})}
        case Kind.URL:
            return {"answer": WebAddressField(max_length=shape.longest, **look)}
        case Kind.TEXT:
            return {"answer": forms.LongTextField(max_length=shape.longest, **look)}
        case _:
            return {"answer": forms.TextField(max_length=shape.longest, **look)}


def _width(most: int) -> int:
    return 4 if most < 10_000 else 10


def _number(limit: object) -> float | None:
    return float(limit) if isinstance(limit, int | float) else None


def _day(limit: object) -> date | None:
    return date.fromisoformat(limit[:10]) if isinstance(limit, str) else None


def _typed_value(shape: Shape, given: Any, at: time | None) -> Value:
    match shape.kind:
        case Kind.DECIMAL:
            return {"valueDecimal": given}
        case Kind.QUANTITY:
            return {"valueQuantity": quantity(shape, given)}
        case Kind.DATE:
            return {"valueDate": given.isoformat()}
        case Kind.DATE_TIME:
            moment = timezone.make_aware(datetime.combine(given, at or time()))
            return {"valueDateTime": moment.isoformat(timespec="seconds")}
        case Kind.TIME:
            return {"valueTime": given.isoformat(timespec="seconds")}
        case Kind.URL:
            return {"valueUri": given}
        case _:
            return {"valueString": given}


# --- something to choose -----------------------------------------------------


def _chosen(question: Question, look: dict[str, Any]) -> dict[str, Any]:
    shape = question.shape
    look = look | {"missing": MISSING_CHOICE}
    choices = [forms.Choice(value, words, exclusive=alone) for value, words, alone in _options(question)]
    if shape.kind is Kind.OPEN_CHOICE:
        choices.append(forms.Choice(OWN, "Something else", reveals=(OWN,)))
    declined = forms.Choice(DECLINED, RATHER_NOT, exclusive=True)
    own = {OWN: forms.TextField(label="In your own words", called="your answer", max_length=shape.longest)}
    more = own if shape.kind is Kind.OPEN_CHOICE else {}
    if shape.drop_down and not shape.several and not more:
        return {"answer": forms.SelectField(options=[*choices, declined], **look)}
    field = forms.CheckboxesField if shape.several else forms.RadiosField
    return {"answer": field(options=[*choices, forms.Divider("or"), declined], **look), **more}


def _options(question: Question) -> Iterable[tuple[str, str, bool]]:
    """Of each: what the browser sends, its words, whether it stands alone."""
    if question.is_numbered:
        rows = question.options or tuple((number, str(number)) for number in question.numbers)
        return [(str(value), words, False) for value, words in rows]
    if question.shape.kind is Kind.BOOLEAN:
        return [(str(value), words, False) for value, words in YES_NO]
    return [(str(place), option_words(one), one.exclusive) for place, one in enumerate(question.shape.options)]


def option_words(option: Option) -> str:
    return f"{option.prefix} {_plain(option)}".strip()


def _plain(option: Option) -> str:
    return wording.plain_date(date.fromisoformat(option.words)) if option.value[0] == "valueDate" else option.words


def _value_of(shape: Shape, chosen: str, own: str) -> Value:
    if shape.kind is Kind.BOOLEAN:
        return {"valueBoolean": chosen == str(True)}
    return {"valueString": own} if chosen == OWN else shape.options[int(chosen)].kept


# --- what stands there before ------------------------------------------------


def _initial(question: Question, reply: Reply | None) -> dict[str, Any]:
    typed = is_typed(question)
    if reply == DECLINED:
        return {} if typed else {"answer": [DECLINED] if question.shape.several else DECLINED}
    if isinstance(reply, int):
        return {"answer": reply}
    values = reply if isinstance(reply, list) else [{name: inner} for name, inner in question.shape.initial]
    if not values or question.is_numbered:
        return {"answer": _first_number(values)} if values else {}
    if typed:
        return _typed_initial(question.shape.kind, next(iter(values[0].values())))
    chosen = [_sent(question.shape, value) for value in values]
    own = [value["valueString"] for value, sent in zip(values, chosen, strict=True) if sent == OWN]
    return {"answer": chosen if question.shape.several else chosen[0], OWN: own[0] if own else ""}


def _first_number(values: Given) -> object:
    inner = next(iter(values[0].values()))
    return inner["code"] if isinstance(inner, dict) else inner


def _typed_initial(kind: Kind, inner: Any) -> dict[str, Any]:
    match kind:
        case Kind.QUANTITY:
            return {"answer": inner["value"]}
        case Kind.DATE:
            return {"answer": date.fromisoformat(inner)}
        case Kind.DATE_TIME:
            moment = timezone.localtime(datetime.fromisoformat(inner))
            return {"answer": moment.date(), "time": moment.time()}
        case Kind.TIME:
            return {"answer": time.fromisoformat(inner)}
        case _:
            return {"answer": inner}


def _sent(shape: Shape, value: Value) -> str:
    if shape.kind is Kind.BOOLEAN:
        return str(value["valueBoolean"])
    option = shape.option_of(value)
    return OWN if option is None else str(shape.options.index(option))


# --- in words ----------------------------------------------------------------


def not_taken_words(question: Question) -> str:
    """What to type instead of an answer that fits its box and not the question: its limits, and its steps."""
    shape = question.shape
    ends = [(word, limit) for word, limit in (("from", shape.least), ("to", shape.most)) if limit is not None]
    limits = "".join(f" {word} {_limit_words(shape, limit)}" for word, limit in ends)
    if question.is_numbered and question.step > 1:
        first = f"{question.lo:,}, {question.lo + question.step:,}, {question.lo + 2 * question.step:,}"
        return f"Enter a number{limits} in steps of {question.step}, like {first}"
    return f"Enter an answer{limits}" if limits else "Enter another answer: this one is too large"


def _limit_words(shape: Shape, limit: Any) -> str:
    return value_words(shape, {NAMES[shape.kind]: {"value": limit} if shape.kind is Kind.QUANTITY else limit})


def reply_words(question: Question, reply: Reply | None) -> str:
    """An answer as it reads on the page of answers: "7 out of 10", "3 days", words of its own."""
    if reply is None:
        return NOT_ANSWERED
    if isinstance(reply, str):
        return RATHER_NOT
    if isinstance(reply, int):
        return _number_words(question, reply)
    return wording.joined(value_words(question.shape, value) for value in reply)


def _number_words(question: Question, number: int) -> str:
    if question.options:
        return dict(question.options)[number]
    if question.id == "act_days":
        return wording.sentence(wording.count(number, "day"))
    if question.id == "act_min":
        return wording.sentence(wording.count(number, "minute"))
    if question.shape.unit:
        return f"{number:,} {question.shape.unit[0]}"
    return f"{number} out of {question.hi}" if is_scale(question) else f"{number:,}"


def value_words(shape: Shape, value: Value) -> str:
    inner, option = next(iter(value.values())), shape.option_of(value)
    if option is not None:
        return _plain(option)
    match shape.kind:
        case Kind.BOOLEAN:
            return dict(YES_NO)[inner]
        case Kind.DATE:
            return wording.plain_date(date.fromisoformat(inner))
        case Kind.DATE_TIME:
            return wording.moment(datetime.fromisoformat(inner))
        case Kind.TIME:
            return wording.clock(time.fromisoformat(inner))
        case Kind.DECIMAL:
            return f"{inner:,g} {shape.unit[0] if shape.unit else ''}".strip()
        case Kind.QUANTITY:
            return f"{inner['value']:,g} {inner.get('unit', '')}".strip()
        case _:
            return str(inner)
