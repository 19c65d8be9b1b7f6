"""The answers of one registration, read into one frozen whole. PURE: no Django.

Here: the shape in which a draft keeps its answers, and what is still missing
from it. Not here: saving (intake.py), the pages that ask (frontend).

A draft is a flat dictionary of the names below (dates as ISO text), with two
inner ones: "consents" (kind → {"given", "text"}) and "health" (question id →
answer), plus "done", the names of the pages that were answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from participants.rules.admission import Applicant
from participants.rules.formats import LANGUAGE
from participants.rules.questions import QuestionSet
from participants.rules.screening import Answer, asked

Draft = Mapping[str, Any]
NOTHING = "none"  # what stands for needing nothing, in an answer about access needs
CONTACT_FIELDS = {"email": "email", "text": "mobile", "phone": "phone", "post": "address"}  # channel → answer


@dataclass(frozen=True)
class ConsentAnswer:
    """An answer to one version of a consent's words; `text` is the id of those words."""

    given: bool
    text: int


@dataclass(frozen=True)
class Need:
    kind: str
    detail: str = ""


@dataclass(frozen=True)
class Application:
    """Everything one person said. Text that was not given is ""; `health` is empty for another wording version."""

    given_name: str = ""
    family_name: str = ""
    known_as: str = ""
    born: date | None = None
    area: str | None = None
    cancer: str | None = None
    postcode: str = ""
    nhs_number: str = ""
    contacts: Mapping[str, str] = field(default_factory=dict)  # channel → value, in the order of the channels
    preferred: str = ""
    may_leave_message: bool = False
    needs: tuple[Need, ...] = ()
    share_needs: bool = False
    emergency_name: str = ""
    emergency_relationship: str = ""
    emergency_phone: str = ""
    health: Mapping[str, Answer] = field(default_factory=dict)
    health_note: str = ""
    consents: Mapping[str, ConsentAnswer] = field(default_factory=dict)
    referrer_told: bool = False  # may hear that the person has joined
    referrer_kept: bool = False  # as a contact

    def applicant(self, required_consents: frozenset[str]) -> Applicant:
        """What admission judges. `agrees` is None until every required consent was answered or one refused."""
        answers = [self.consents.get(kind) for kind in required_consents]
        refused = any(answer is not None and not answer.given for answer in answers)
        agrees = False if refused else (None if None in answers else True)
        return Applicant(self.born, self.cancer, self.area, agrees)

    @property
    def preferred_channel(self) -> str:
        """The way the person chose, or the only one there is."""
        return self.preferred if self.preferred in self.contacts else next(iter(self.contacts), "")

    def missing(self, questions: QuestionSet, required_consents: frozenset[str]) -> tuple[str, ...]:
        """Names of what must still be answered before the draft can be handed in."""
        given = {
            "name": bool(self.given_name and self.family_name),
            "contact": bool(self.contacts),
            "emergency": bool(self.emergency_name and self.emergency_phone),
            "eligibility": self.applicant(required_consents).complete,
        }
        missing = [name for name, there in given.items() if not there]
        missing += [f"health.{q.id}" for q in asked(questions, self.health) if not self.health.get(q.id)]
        return tuple(missing)


def read_application(draft: Draft, questions: QuestionSet) -> Application:
    """What `draft` says. Answers to another version of the health questions are left out: they are asked again."""
    text = {name: str(draft.get(name) or "").strip() for name in _TEXTS}
    same_wording = draft.get("health_version") == questions.version
    return Application(
        **text,
        born=date.fromisoformat(draft["born"]) if draft.get("born") else None,
        area=draft.get("area") or None,
        cancer=draft.get("cancer") or None,
        contacts={channel: str(draft[name]) for channel, name in CONTACT_FIELDS.items() if draft.get(name)},
        may_leave_message=bool(draft.get("may_leave_message")),
        needs=needs_said(draft),
        share_needs=bool(draft.get("share_needs")),
        health=dict(draft.get("health") or {}) if same_wording else {},
        referrer_told=bool(draft.get("referrer_told")),
        referrer_kept=bool(draft.get("referrer_kept")),
        consents={kind: ConsentAnswer(**answer) for kind, answer in (draft.get("consents") or {}).items()},
    )


def needs_said(answers: Mapping[str, Any]) -> tuple[Need, ...]:
    """The access needs that answers name: kinds, what was added to each, and an interpreter for another language."""
    kinds = [kind for kind in answers.get("needs") or () if kind != NOTHING]
    needs = [Need(kind, str(answers.get(f"need_{kind}") or "")) for kind in kinds]
    if LANGUAGE in kinds and answers.get("need_interpreter"):
        needs.append(Need("interpreter", str(answers.get("need_language") or "")))
    return tuple(needs)


_TEXTS = (
    "given_name",
    "family_name",
    "known_as",
    "postcode",
    "nhs_number",
    "preferred",
    "emergency_name",
    "emergency_relationship",
    "emergency_phone",
    "health_note",
)


def merged(draft: Draft, page: str, values: Draft) -> dict[str, Any]:
    """The draft with the answers of one page put in: inner dictionaries are merged, the page counts as done."""
    now = {**draft, "done": [*(name for name in draft.get("done", ()) if name != page), page]}
    version = values.get("health_version")
    if version and version != draft.get("health_version"):
        now["health"] = {}
    for name, value in values.items():
        now[name] = {**now.get(name, {}), **value} if isinstance(value, dict) else value
    return now
