"""One register as it stood when it was opened: its lines, and what is known of each person.

Not here: reading it, within which hours it says what, and that it was read (opening.py). Pages and the API import
from the package.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from classes.models import Session
from classes.readiness import Readiness, TodaysCheck
from classes.register.online import Today
from classes.register.window import Window
from classes.same_day.symptom_questions import SymptomQuestions
from participants.details import Rung


@dataclass(frozen=True)
class Need:
    """One access need: its code, and what the person added."""

    kind: str
    detail: str


@dataclass(frozen=True)
class EmergencyContact:
    name: str
    relationship: str
    phone: str


@dataclass(frozen=True)
class Mark:
    """The mark in force."""

    state: str
    note: str
    at: datetime


@dataclass(frozen=True)
class Facts:
    """What to know before somebody exercises.

    `cleared`: nothing speaks against this class for them as things stand now, by the rule that booking asks.
    `confirm_contact`: their first class, and nobody has said since the register showed it that the contact is right.
    `ask_first`: no consent to share health facts. `talk_about`: what a check that asks for a talk was about,
    in short words. `noted`: how this class went is noted, `noted_before`: how an earlier one did, where that is shared.
    `today`: of an online class alone, once it was said.
    """

    adaptations: tuple[str, ...]
    note: str
    needs: tuple[Need, ...]
    emergency: EmergencyContact | None
    confirm_contact: bool
    cleared: bool
    ask_first: bool
    check: TodaysCheck
    talk_about: tuple[str, ...]
    noted: bool
    noted_before: bool
    today: Today | None


@dataclass(frozen=True)
class Entry:
    """One line of the register: of a booking, or of a guest. `facts` is None outside the window, or for a bare name.

    `first_class`: they have not come to any class before; `first_of_kind`: to none of this kind, but to others.
    `rehearsed`: of whoever has never come to a class online, for one: how their last try went, "" where there was none.
    `is_unknown`: somebody at the door of whom nobody knows yet whether they may exercise. `companion_came`: None where
    nobody has marked it, or nobody comes along. `rings_on`: in a talk by telephone, within the window, the number to
    ring; None when none is known.
    """

    booking_id: int | None
    guest_id: int | None
    participant_id: int | None
    person_id: int | None
    is_unknown: bool
    name: str
    first_name: str
    reference: str
    with_companion: bool
    companion_came: bool | None
    first_class: bool
    first_of_kind: bool
    rehearsed: str | None
    may_be_recorded: bool
    said_coming: bool
    rings_on: Rung | None
    facts: Facts | None
    mark: Mark | None

    @property
    def key(self) -> str:
        """Names the line within its register: "b12" or "g3"."""
        return f"b{self.booking_id}" if self.booking_id is not None else f"g{self.guest_id}"

    @property
    def is_stopped(self) -> bool:
        """Whether the same-day check says that they do not exercise: there is nothing to mark."""
        return self.facts is not None and self.facts.check.readiness is Readiness.STOPPED


@dataclass(frozen=True)
class Register:
    """A register as it stood when it was opened, in alphabetical order of first names.

    `asked`: the same-day check in use then.
    """

    session: Session
    window: Window
    opened_at: datetime
    asked: SymptomQuestions
    entries: tuple[Entry, ...]

    @property
    def shows_facts(self) -> bool:
        return self.window.shows_facts(self.opened_at)

    @property
    def people_expected(self) -> int:
        """Everybody in the hall besides whoever leads: those on the list, and those who come along with one of them."""
        return len(self.entries) + sum(entry.with_companion for entry in self.entries)

    @property
    def may_be_recorded(self) -> tuple[Entry, ...]:
        """Of whom photos and recordings may be made: nobody else, whoever else is there."""
        return tuple(entry for entry in self.entries if entry.may_be_recorded)

    @property
    def unmarked(self) -> tuple[Entry, ...]:
        """Whom to mark still, one by one or together. Who is unknown or stopped does not exercise: never in passing."""
        return tuple(e for e in self.entries if e.mark is None and not e.is_stopped and not e.is_unknown)

    def entry(self, key: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.key == key), None)
