"""Which questions the answers so far leave standing (`enableWhen`). PURE: no Django.

Here: conditions and how they are judged, in a closed list of comparisons. Not
here: reading them from a file (conditions.py). Called by outcomes/questions/.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from outcomes.fhir.given import Value, identity

ORDERED = (">", "<", ">=", "<=")
OPERATORS = ("exists", "=", "!=", *ORDERED)


@dataclass(frozen=True)
class Condition:
    """What the answer to `question` must be. For "exists", `expected` is whether there is one."""

    question: str
    operator: str
    expected: Value

    def holds(self, values: Sequence[Value]) -> bool:
        """Of an answer, or of none: without one only "there is no answer" holds."""
        if self.operator == "exists":
            return bool(values) is self.expected["valueBoolean"]
        if self.operator == "!=":
            return bool(values) and not any(_same(value, self.expected) for value in values)
        if self.operator == "=":
            return any(_same(value, self.expected) for value in values)
        return any(_in_order(value, self.operator, self.expected) for value in values)


@dataclass(frozen=True)
class Gate:
    """Conditions of one item or of a group around it: all of them, or any one."""

    conditions: tuple[Condition, ...]
    any_one: bool = False


Gates = Mapping[str, tuple[Gate, ...]]  # of each question, in the order in which they are asked
Said = Mapping[str, Sequence[Value]]  # of each question that was answered; nothing in it when it was declined


def standing(gates: Gates, said: Said, *, hopeful: bool) -> list[str]:
    """The questions that are asked of somebody who has said `said`.

    `hopeful`: while an earlier question is unanswered, what hangs on it still
    counts, so that the count of questions only ever gets smaller.
    """
    walk = _Walk(gates, said, hopeful)
    return [name for name in gates if walk.stands(name)]


def note_stands(gates: tuple[Gate, ...], questions: Gates, said: Said) -> bool:
    """Whether words that hang on answers are shown."""
    return _Walk(questions, said, hopeful=False).open(gates)


class _Walk:
    def __init__(self, gates: Gates, said: Said, hopeful: bool) -> None:
        self.gates, self.said, self.hopeful = gates, said, hopeful
        self.place = {name: number for number, name in enumerate(gates)}
        self.known: dict[str, bool] = {}

    def stands(self, name: str) -> bool:
        """What it hangs on first, and what that hangs on, however long the chain; no ring is ever brought in."""
        waiting = [name]
        while waiting:
            last = waiting[-1]
            if last in self.known:
                waiting.pop()
            elif before := self._to_know_before(last):
                waiting += before
            else:
                self.known[last] = self.open(self.gates[last], self.place[last])
        return self.known[name]

    def _to_know_before(self, name: str) -> list[str]:
        conditions = [condition.question for gate in self.gates[name] for condition in gate.conditions]
        return [question for question in conditions if question in self.gates and question not in self.known]

    def open(self, gates: tuple[Gate, ...], place: int = 0) -> bool:
        return all(self._open(gate, place) for gate in gates)

    def _open(self, gate: Gate, place: int) -> bool:
        verdicts = [self._holds(condition, place) for condition in gate.conditions]
        return any(verdicts) if gate.any_one else all(verdicts)

    def _holds(self, condition: Condition, place: int) -> bool:
        name = condition.question
        if name not in self.gates or not self.stands(name):
            return condition.holds(())
        if name not in self.said and self.hopeful and self.place[name] < place:
            return True
        return condition.holds(self.said.get(name, ()))


def _same(value: Value, expected: Value) -> bool:
    mine, theirs = _number(value), _number(expected)
    if mine is not None and theirs is not None:
        return bool(mine == theirs)
    return identity(value) == identity(expected)


def _in_order(value: Value, operator: str, expected: Value) -> bool:
    mine, theirs = _comparable(value), _comparable(expected)
    if operator.startswith(">"):
        return bool(mine > theirs or (operator == ">=" and mine == theirs))
    return bool(mine < theirs or (operator == "<=" and mine == theirs))


def _number(value: Value) -> float | None:
    inner = next(iter(value.values()))
    inner = inner.get("value") if isinstance(inner, Mapping) else inner
    return inner if isinstance(inner, int | float) and not isinstance(inner, bool) else None


def _comparable(value: Value) -> Any:
    """A number, or text that sorts as the moments do. Both sides are of one kind: conditions.py lets no other in."""
    name, inner = next(iter(value.items()))
    if name == "valueDateTime":
        return datetime.fromisoformat(inner).timestamp()
    return _number(value) if _number(value) is not None else inner if isinstance(inner, str) else None
