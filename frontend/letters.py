"""Letters on paper: what stands on one, and the accessible PDF of one or several.

Here: the drawing, by the template print/letter.typ. Not here: which letter is due, to whom, and whether
it is still wanted (views/desk/letters.py), the words (messaging/words.py). Everything that somebody has
written goes to the template as data: it can be printed, and can do nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import typst
from django.conf import settings

from frontend.wording import plain_date
from messaging.words import Words

SENDER = "SafeFit"
USUAL_SIZE = 16  # points: large print for everybody who has asked for no other
TEMPLATE = Path(__file__).parent / "print" / "letter.typ"
TYPE = Path(__file__).parent / "static" / "frontend" / "fonts"  # where build.js puts our typeface


class CannotBeDrawn(ValueError):
    """Something in it is written in letters that our type does not have: it would be printed as empty boxes."""


@dataclass(frozen=True)
class Letter:
    """One message to one person. `size` is in points."""

    name: str
    address: tuple[str, ...]
    words: Words
    on: date
    size: int = USUAL_SIZE


def address_lines(address: str) -> tuple[str, ...]:
    """As it stands on an envelope: as it was typed, or cut at its commas. A number stays with its street."""
    typed = address.strip().splitlines()
    pieces = typed if len(typed) > 1 else address.split(",")
    lines = [line for line in (" ".join(piece.split()).strip(", ") for piece in pieces) if line]
    if len(lines) > 1 and re.fullmatch(r"\d+\w?", lines[0]):
        lines[:2] = [f"{lines[0]} {lines[1]}"]
    return tuple(lines)


def draw_letters(letters: Sequence[Letter], *, title: str = "Letters") -> bytes:
    """One PDF; each person's letter begins on a sheet of its own, and counts its own pages. Raises CannotBeDrawn."""
    try:
        pdf: bytes = typst.compile(
            TEMPLATE,
            sys_inputs={"letters": json.dumps([_data(one) for one in letters]), "title": title, "sender": SENDER},
            font_paths=[TYPE],
            ignore_system_fonts=True,  # the same letter on every computer
            pdf_standards="ua-1",  # a letter that a screen reader could not read is not drawn at all
        )
    except typst.TypstError as error:
        raise CannotBeDrawn from error
    return pdf


def draw_letter(one: Letter) -> bytes:
    return draw_letters([one], title=one.words.subject)


def _data(one: Letter) -> dict[str, object]:
    return {
        "name": one.name,
        "address": one.address,
        "from": [*address_lines(settings.POSTAL_ADDRESS), _whole(settings.PHONE), "With Relay UK, dial 18001 first"],
        "date": plain_date(one.on),
        "subject": one.words.subject,
        "paragraphs": [part.split("\n") for part in _whole(one.words.body.strip()).split("\n\n")],
        "size": one.size,
    }


def _whole(text: str) -> str:
    """Our telephone number is not torn apart at the end of a line."""
    return text.replace(settings.PHONE, settings.PHONE.replace(" ", "\u00a0"))
