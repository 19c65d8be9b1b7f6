"""Cover of a class in words: who may, who may not and why, and what became of asking."""

from __future__ import annotations

from classes.cover import Candidate
from classes.cover.candidates import Hindrance
from classes.models import CoverRequest, CoverState, SessionLeader
from frontend.credential_words import kind_words, reason_words
from frontend.wording import clock_range, joined, moment, sentence


def why_not(candidate: Candidate) -> str:
    """Why somebody may not lead the date."""
    said = {
        Hindrance.MAY_NOT_LEAD: joined(reason_words(reason) for reason in candidate.lacks),
        Hindrance.AWAY: "away",
        Hindrance.BUSY: "has another class at that time",
    }
    return sentence("; ".join(said[one] for one in candidate.hindrances))


def mind_words(candidate: Candidate) -> str:
    """What to think of before somebody who may is asked."""
    said = []
    if (near := candidate.close_to) is not None:
        where = str(near.venue) if near.venue else "online"
        said.append(
            f"Less than an hour from {near.class_type.name}, {where}, {clock_range(near.starts_at, near.ends_at)}"
        )
    if candidate.by_override:
        said.append(f"The desk lets pass: {joined(kind_words(kind) for kind in candidate.by_override)}")
    return ". ".join(said)


def request_words(request: CoverRequest) -> str:
    """What became of asking, for the desk."""
    asked = f"{request.instructor.person.full_name}, {moment(request.asked_at)}: {request.reason}"
    if request.state == CoverState.TAKEN and request.taken_by is not None:
        return f"{asked}. Taken by {request.taken_by.person.full_name}."
    return f"{asked}. {'No longer wanted.' if request.state == CoverState.WITHDRAWN else 'Nobody has taken it yet.'}"


def leads_words(leader: SessionLeader | None) -> str:
    """Who leads a date; for whom, where it is cover."""
    if leader is None:
        return "Nobody"
    name = leader.instructor.person.full_name
    return f"{name}, for {leader.cover_for.person.full_name}" if leader.cover_for else name
