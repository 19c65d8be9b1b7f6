"""What somebody read about a person, and what for, in words for that person.

Here: the words for the codes of the log of reads. A code without words is shown as it is, which is plain too. Not here:
the log (accounts/history.py), who reads it (views/me/rights.py).
"""

from __future__ import annotations

from accounts.models import AccessLog
from frontend.wording import sentence

WHAT = {
    "person page": "your page at the desk",
    "call sheet": "what is noted for a call to you",
    "clearance": "whether classes are safe for you",
    "contact": "whom to call in an emergency",
    "consents": "what you agreed to",
    "details": "your details",
    "registration": "what you had answered when registering",
    "everything": "a copy of everything",
    "result": "what your check of the day came to",
    "register with health facts": "the list of a class, with what to change for you",
    "register with names only": "the list of a class, names only",
    "answer that worries": "an answer that worried us",
    "who decides for them": "who decides for you",
    "names of who is told": "your name, among those who are told",
    "studies": "studies that you were told of",
    "progress": "how you are doing, to read it to you",
    "research": "who has had your answers for research",
    "message": "a message to you",
    "goals": "your goals",
    "timeline": "what happened, by date",
    "referred back": "why we wanted to talk before exercise",
}
WHY = {
    "desk": "work at the desk",
    "clearance": "to decide whether classes are safe for you",
    "booking": "to book for you",
    "register": "to lead a class",
    "same-day check": "the check on the day of a class",
    "questionnaire": "your answers to our questions",
    "own copy": "a copy for you",
    "asking health": "to ask about your health by phone",
}


def what_words(row: AccessLog) -> str:
    return sentence(WHAT.get(row.what, f"your {row.what}" if row.purpose != "register" else row.what))


def why_words(row: AccessLog) -> str:
    return sentence(WHY.get(row.purpose, row.purpose))
