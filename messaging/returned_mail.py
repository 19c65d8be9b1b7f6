"""What a mail server writes back about a message that it had taken: delivery status notifications (RFC 3464). PURE.

Here: which of our messages one speaks of and what became of it, and which words say that nobody is at an
address. Not here: what follows (receipts.py, bounces.py), reading it from a pipe (management/commands/read_bounce.py).
Anybody may write to the address where notifications arrive, so nothing of one is believed but a name that only
somebody who has our message can know, and nothing is kept of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message as Mail

MOST_BYTES = 1_000_000  # ours are small; one that is returned whole is not much longer
MOST_PARTS = 50  # of a notification, nested ones counted

# What a server says after a code is what counts: 550 alone may be about us, about today, or about everybody.
# 5.1 is about an address, but 5.1.7 and 5.1.8 are about the sender's, and 5.1.0 and 5.1.4 may be about either.
_NOBODY_THERE = re.compile(rb"5\.1\.(?:1|2|3|6|10)\b")
_ANY_CODE = re.compile(rb"5\.\d{1,3}\.\d{1,3}\b")
_NOBODY_IN_WORDS = re.compile(
    rb"\b(?:unknown|no such|invalid) (?:local )?(?:user|mailbox|recipient|address)\b"
    rb"|\b(?:user|mailbox|recipient|address|account)\b[^.]{0,60}(?:unknown|not found|does(?: not|n't) exist)",
    re.IGNORECASE,
)
_STATUS = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})\b")
_SAYS_NOTHING = {"5.0.0", "5.1.0", "5.1.4"}  # what is said in words may be plainer
_BEFORE_THE_WORDS = re.compile(rb"^\s*(?:[\w-]+\s*;)?\s*(?:\d{3}[ -])?\s*")
_NAME = re.compile(r"<?([0-9a-f]{32})@([^\s<>@]+)>?")


class Unreadable(Exception):
    """It is no notification, or one that cannot be read to its end."""


@dataclass(frozen=True)
class Notification:
    """`names`: of messages, as `message_id` makes them. `failed`: it will not be delivered; `nobody_there`: for good,
    since the address leads to nobody. A message that is only late has not failed."""

    names: frozenset[str]
    failed: bool
    nobody_there: bool


def nobody_there(said: bytes) -> bool:
    """Whether a server's answer, its code of three digits left out, says that the address leads to nobody."""
    coded = _NOBODY_THERE if _ANY_CODE.match(said) else _NOBODY_IN_WORDS
    return coded.search(said) is not None


def read_notification(content: bytes, *, domain: str) -> Notification:
    """What it says of messages whose names end in `domain`. Raises Unreadable."""
    if not content.strip() or len(content) > MOST_BYTES:
        raise Unreadable
    try:
        parts = list(_parts(message_from_bytes(content, policy=policy.compat32)))
        return _read(parts, domain)
    except Unreadable:
        raise
    except Exception as trouble:
        raise Unreadable from trouble


def _parts(mail: Mail) -> Iterator[Mail]:
    """The mail and everything in it, down to what it returns."""
    for number, part in enumerate(mail.walk(), start=1):
        if number > MOST_PARTS:
            raise Unreadable
        yield part


def _read(parts: list[Mail], domain: str) -> Notification:
    reports = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    if not reports:
        raise Unreadable
    blocks = [block for part in reports for block in _blocks(part)]
    failures = [block for block in blocks if _word(block, "Action") == "failed"]
    return Notification(
        names=frozenset(_names(parts, blocks, domain)),
        failed=bool(failures),
        nobody_there=any(_leads_to_nobody(block) for block in failures),
    )


def _blocks(report: Mail) -> list[Mail]:
    """Of the message, then of each recipient; each is a little mail of headers alone."""
    payload = report.get_payload()
    return [block for block in payload if isinstance(block, Mail)] if isinstance(payload, list) else []


def _word(block: Mail, name: str) -> str:
    return str(block.get(name, "")).split("(")[0].strip().lower()


def _leads_to_nobody(failure: Mail) -> bool:
    """By its status; where that says nothing, or there is none, by the words of the server that refused."""
    found = _STATUS.match(_word(failure, "Status"))
    status = found[0] if found else ""
    if status and status not in _SAYS_NOTHING:
        return nobody_there(status.encode())
    said = str(failure.get("Diagnostic-Code", "")).encode("utf-8", "replace")
    return nobody_there(_BEFORE_THE_WORDS.sub(b"", b" ".join(said.split()), count=1))


def _names(parts: list[Mail], blocks: list[Mail], domain: str) -> Iterator[str]:
    """Of the message that came back, whole or its headers alone; and as it was named to the server."""
    returned = [part for part in parts[1:] if part.get("Message-ID")]
    written = [part.get_payload() for part in parts if part.get_content_type() == "text/rfc822-headers"]
    ids = [str(part.get("Message-ID")) for part in returned]
    ids += [
        str(message_from_bytes(str(text).encode(), policy=policy.compat32).get("Message-ID", "")) for text in written
    ]
    ids += [str(block.get("Original-Envelope-Id", "")) for block in blocks]
    for one in ids:
        found = _NAME.fullmatch(one.strip())
        if found and found[2].lower() == domain.lower():
            yield found[1]
