"""A FHIR R4 Questionnaire, read from the bytes of a file. PURE: no Django.

    reading = read_questionnaire(content)     # raises Unreadable
    reading.report.refused                    # () when it may be brought in

Here: the form as a whole. Items are items.py. Nothing is run, nothing is fetched:
an address is a name here. Called by outcomes/bringing.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from outcomes.fhir.conditions import clean_conditions
from outcomes.fhir.document import read_document
from outcomes.fhir.extensions import as_list, as_object, extensions_of
from outcomes.fhir.given import ASKED
from outcomes.fhir.items import MOST_ITEMS, Walk
from outcomes.fhir.options import value_sets_of
from outcomes.fhir.remarks import LeftOut, Notebook, Refused, Report, Unreadable, Warned
from outcomes.fhir.texts import name, words

FORMAT = "FHIR R4"
LONGEST_TITLE = 200
LONGEST_VERSION = 50
LONGEST_URL = 500
SETS = ("ValueSet", "CodeSystem")


@dataclass(frozen=True)
class Reading:
    """What a file holds: clean items in the shape of FHIR R4, and what there is to say of the rest."""

    url: str
    version: str
    title: str
    introduction: str
    copyright: str
    codes: tuple[tuple[str, str], ...]  # (system, code) of the whole form
    items: tuple[dict[str, Any], ...]
    report: Report


def read_questionnaire(content: bytes) -> Reading:
    """Everything of the file that may be used. Raises Unreadable when it is no questionnaire at all."""
    document, notes = read_document(content), Notebook()
    if document.get("resourceType") != "Questionnaire":
        raise Unreadable(Refused.NOT_A_QUESTIONNAIRE, str(document.get("resourceType", ""))[:50])
    contained = as_list(document.get("contained"))
    for resource in contained:
        if as_object(resource).get("resourceType") not in SETS:
            notes.note(LeftOut.RESOURCE, "", str(as_object(resource).get("resourceType", "unnamed")))
    walk = Walk(value_sets_of(contained, notes), notes)
    extensions_of(document, "", notes)
    if "implicitRules" in document:
        notes.note(Refused.MODIFIER, "", "implicitRules")
    items = clean_conditions(walk.clean(document.get("item")), walk)
    if walk.count > MOST_ITEMS:
        notes.note(Refused.TOO_MANY_ITEMS, "", f"{walk.count}")
    if not any(item["type"] in ASKED for item in walk.kept.values()):
        notes.note(Refused.NO_QUESTION)
    return _whole(document, items, notes)


def _whole(document: Mapping[str, Any], items: list[dict[str, Any]], notes: Notebook) -> Reading:
    title, url = _title(document, notes), _name(document, "url", LONGEST_URL, notes)
    version = _name(document, "version", LONGEST_VERSION, notes)
    if not url:
        notes.note(Warned.NO_URL)
    if not version:
        notes.note(Warned.NO_VERSION)
    _standing(document, notes)
    introduction = words(document, "description", "", notes)
    copyright_ = words(document, "copyright", "", notes)
    return Reading(
        url=url,
        version=version,
        title=title,
        introduction=introduction,
        copyright=copyright_,
        codes=tuple(_codes(document)),
        items=tuple(items),
        report=notes.report(),
    )


def _title(document: Mapping[str, Any], notes: Notebook) -> str:
    title = words(document, "title", "", notes, longest=LONGEST_TITLE) or words(
        document, "name", "", notes, longest=LONGEST_TITLE
    )
    if not title:
        notes.note(Warned.NO_TITLE)
    return " ".join(title.split()) or "Questionnaire"


def _name(document: Mapping[str, Any], key: str, longest: int, notes: Notebook) -> str:
    found = document.get(key, "")
    if isinstance(found, str) and len(found) > longest:
        notes.note(Refused.TOO_LONG, "", f"{key}, {longest}")
        return ""
    return name(document, key, "", notes)


def _standing(document: Mapping[str, Any], notes: Notebook) -> None:
    """Whether it is ready to be asked, by its own account."""
    status, language = document.get("status"), document.get("language", "en")
    if status != "active":
        notes.note({"retired": Warned.RETIRED, "draft": Warned.DRAFT}.get(str(status), Warned.NO_STATUS))
    about = [str(one) for one in as_list(document.get("subjectType"))]
    if about and "Patient" not in about:
        notes.note(Warned.OF_OTHERS, "", ", ".join(about))
    if "derivedFrom" in document:  # what that one asks stands there, and is not fetched
        notes.note(LeftOut.FIELD, "", "derivedFrom")
    if document.get("experimental") is True:
        notes.note(Warned.FOR_TRYING_OUT)
    if str(language).partition("-")[0].lower() != "en":
        notes.note(Warned.OTHER_LANGUAGE, "", str(language))


def _codes(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    codings = [as_object(coding) for coding in as_list(document.get("code"))]
    return [(str(coding.get("system", "")), str(coding["code"])) for coding in codings if "code" in coding]
