"""What is said of a version: whether somebody answers for it, and from when it is used."""

from __future__ import annotations

from accounts.content import Version
from accounts.content_words import Value
from frontend.wording import Label, moment, plain_date

NOT_SIGNED = Label("Not signed off", "few")


def signature_label(version: Version) -> Label:
    return Label("Signed off", "ok") if version.signed else NOT_SIGNED


def signature_words(version: Version) -> str:
    signed = version.signed
    return f"{signed.by.full_name}, {signed.role}, on {plain_date(signed.at)}" if signed else "Nobody yet"


def use_label(version: Version) -> Label:
    if version.in_use:
        return Label("In use", "ok")
    planned = version.planned
    if planned is not None:
        return Label(f"Starts {moment(planned.starts_at)}", "wait")
    return Label("Was in use", "full") if version.was_used else Label("Never used", "quiet")


def origin_words(version: Version) -> str:
    row = version.written
    return f"Written by {row.by.full_name}, {moment(row.at)}" if row else "Came with the software"


def value_words(value: Value | None) -> str:
    """A value as one text: lists line by line, nothing as a dash."""
    if value is None or value == "" or value == []:
        return "–"
    return "\n".join(value) if isinstance(value, list) else str(value)
