"""The words of a message, from the template of its kind at this moment.

Here: drawing messages/<kind>.txt as plain text (first line "Subject: …", a
blank line, the body), and messages/texts/<kind>.txt for a telephone: shorter,
in plain characters, without a subject. Not here: what the names in it mean (the kind's owner).
Called by delivery.py, and by the desk's call sheet, which reads the same words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.template import engines
from jinja2 import Environment

from messaging.gsm7 import MOST_PARTS, parts, plain
from messaging.kinds import owner_of
from messaging.models import Message

SUBJECT = "Subject:"


class TooLong(ValueError):
    """What a text message would say does not fit into one."""


@dataclass(frozen=True)
class Words:
    subject: str
    body: str


@cache
def _plain_text() -> Environment:
    """The pages' environment without HTML escapes: a person called O'Neill reads their name."""
    pages: Environment = engines["jinja2"].env  # type: ignore[attr-defined]
    return pages.overlay(autoescape=False)


def draw(kind: str, context: Mapping[str, object]) -> Words:
    """Subject and body of a `kind`. Whatever a value holds, the subject stays one line."""
    text = _plain_text().get_template(f"messages/{kind}.txt").render(context)
    first, _, rest = text.partition("\n\n")
    if not first.startswith(SUBJECT):
        raise ValueError(f"messages/{kind}.txt must begin with a line {SUBJECT!r} and a blank line.")
    body = re.sub(r"\n{3,}", "\n\n", rest.strip())
    return Words(subject=" ".join(first.removeprefix(SUBJECT).split()), body=f"{body}\n")


def draw_text(kind: str, context: Mapping[str, object]) -> Words:
    """What a text message of a `kind` says. Raises TooLong rather than to leave out an end that may be a link."""
    drawn = _plain_text().get_template(f"messages/texts/{kind}.txt").render(context)
    lines = (" ".join(line.split()) for line in plain(drawn).splitlines())
    body = "\n".join(line for line in lines if line)
    if parts(body) > MOST_PARTS:
        raise TooLong(kind)
    return Words(subject="", body=body)


def words_now(message: Message) -> Words | None:
    """What the message says at this moment; None when it is no longer wanted."""
    content = owner_of(message.kind)(message)
    return None if content is None else draw(message.kind, names_for(message, content.context))


def names_for(message: Message, context: Mapping[str, object]) -> dict[str, object]:
    """The owner's names, and those that every template has: the person's first name, where the site is, and
    whether an answer by text is read."""
    texts_are_read = bool(settings.NOTIFY_CALLBACK_TOKEN)
    return {"name": message.person.first_name, "site": settings.PUBLIC_URL, "texts_are_read": texts_are_read, **context}
