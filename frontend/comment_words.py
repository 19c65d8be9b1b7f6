"""Who says something about the use of information, in words: for the public form and for the desk that reads it."""

from __future__ import annotations

from typing import Final

from outcomes.models import SaidAs

SAID_AS: Final = {
    SaidAs.PARTICIPANT.value: "Somebody who takes part",
    SaidAs.CARER.value: "A carer, relative or friend",
    SaidAs.INSTRUCTOR.value: "An instructor",
    SaidAs.OTHER.value: "Somebody else",
}
NOT_SAID: Final = "Did not say who they are"


def said_as(code: str) -> str:
    return SAID_AS.get(code, NOT_SAID)
