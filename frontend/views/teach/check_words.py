"""What a register says of somebody's same-day check, and what can be done about it now."""

from __future__ import annotations

from dataclasses import dataclass

from classes.readiness import Readiness
from classes.register import Entry, Register
from classes.same_day.symptoms import CheckWindow
from frontend.wording import Label, clock

LABELS = {
    Readiness.NOT_ASKED: Label("Safety check: not answered", "few"),
    Readiness.READY: Label("Safety check: ready", "ok"),
    Readiness.TALK_FIRST: Label("Safety check: talk first", "alert"),
    Readiness.LIFTED: Label("Safety check: you talked, may take part", "ok"),
    Readiness.STOPPED: Label("Safety check: stopped", "alert"),
}
ALERTS = {
    Readiness.TALK_FIRST: "Talk with {name} before {name} starts.",
    Readiness.STOPPED: "{name} does not exercise today. Nobody can change that here.",
}


@dataclass(frozen=True)
class CheckWords:
    """One line's check: `alert` first, then the state. `ask` and `talk`: whether the instructor can do that now."""

    label: Label
    at: str
    alert: str
    about: tuple[str, ...]
    ask: bool
    talk: bool


def check_words(entry: Entry, opened: Register, window: CheckWindow) -> CheckWords | None:
    """`window`: that of the check for this class. None outside it, and for a guest who is only a name."""
    if entry.facts is None:
        return None
    check = entry.facts.check
    is_open = window.is_open(opened.opened_at, aloud=True)
    if check.readiness is Readiness.NOT_ASKED and not is_open:
        return None
    return CheckWords(
        label=LABELS[check.readiness],
        at=clock(check.at) if check.at else "",
        alert=ALERTS.get(check.readiness, "").format(name=entry.first_name),
        about=entry.facts.talk_about,
        ask=is_open and check.readiness is not Readiness.STOPPED,
        talk=is_open and check.readiness in (Readiness.TALK_FIRST, Readiness.LIFTED),
    )
